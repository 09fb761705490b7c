from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.cells import CellRef
from jixiao.domain.relations import MeasureKind
from jixiao.domain.scheme import (
    CheckItem,
    Criterion,
    CriterionMethod,
    Evidence,
    Operands,
    Step,
)
from jixiao.domain.submissions import Entry, State, figure_of

REF = CellRef("虚构局.xlsx", "表", 0, 0)


def cell(text: str | None) -> Entry:
    if text is None:
        return Entry(REF, State.BLANK)
    return Entry(REF, State.DASH, text) if text == "—" else Entry(REF, State.NUMBER, text, Decimal(text))


def criterion(method: CriterionMethod, **parameters: str) -> Criterion:
    return Criterion(
        id="c",
        title="示例标准",
        labels=("示例",),
        weight=Decimal(3),
        method=method,
        basis="测试依据",
        operands=Operands("示例率", MeasureKind.RATIO, None, None),
        parameters={name: Decimal(value) for name, value in parameters.items()},
        steps=(Step(Decimal(90), Decimal(3)), Step(Decimal(80), Decimal("1.5"))),
        items=(CheckItem("一", Decimal(3)),),
    )


@pytest.mark.parametrize(
    ("method", "parameters", "choices"),
    [
        (CriterionMethod.BANDS, {"otherwise": "0"}, ["3", "1.5", "0"]),
        (CriterionMethod.COMPARISON, {"none": "3", "within": "2", "above": "0"}, ["3", "2", "0"]),
        (CriterionMethod.PER_OCCURRENCE, {"points": "1"}, ["3", "2", "1", "0"]),
        (CriterionMethod.PER_OCCURRENCE, {"points": "2"}, ["3", "1", "0"]),
        (CriterionMethod.POINTS_OFF, {"standard": "100", "points": "0.5"}, []),
        (CriterionMethod.CHECKLIST, {}, []),
        (CriterionMethod.JUDGED, {}, []),
        (CriterionMethod.MERGED, {}, []),
    ],
)
def test_the_scores_that_a_standard_knows(
    method: CriterionMethod, parameters: dict[str, str], choices: list[str]
) -> None:
    assert criterion(method, **parameters).choices == tuple(Decimal(each) for each in choices)


@pytest.mark.parametrize(
    ("kind", "of", "base", "rate"),
    [
        (MeasureKind.RATIO, "16", "16", "100.00"),
        (MeasureKind.RATIO, "2", "3", "66.67"),
        (MeasureKind.RATIO, "—", "3", "0.00"),
        (MeasureKind.CHANGE, "14.5", "13.95", "3.94"),
        (MeasureKind.CHANGE, "9", "10", "-10.00"),
        (MeasureKind.ADJUSTMENT, "-5", "100", "5.00"),
        (MeasureKind.RATIO, "5", "0", None),
        (MeasureKind.RATIO, "5", "-1", None),
        (MeasureKind.RATIO, "5", "—", None),
        (MeasureKind.RATIO, None, "5", None),
        (MeasureKind.RATIO, "5", None, None),
    ],
)
def test_a_percentage_of_two_figures(
    kind: MeasureKind, of: str | None, base: str | None, rate: str | None
) -> None:
    standard = criterion(CriterionMethod.BANDS, otherwise="0")
    operands = Operands("示例率", kind, None, None)
    evidence = Evidence(_with(standard, operands), cell(of), cell(base))
    assert evidence.rate == (None if rate is None else Decimal(rate))


def _with(standard: Criterion, operands: Operands | None) -> Criterion:
    return Criterion(
        id=standard.id,
        title=standard.title,
        labels=standard.labels,
        weight=standard.weight,
        method=standard.method,
        basis=standard.basis,
        operands=operands,
    )


@pytest.mark.parametrize(
    ("base", "baseless"),
    [(None, True), ("—", True), ("0", True), ("0.00", True), ("5", False), ("-5", False)],
)
def test_a_share_of_nothing_has_no_basis(base: str | None, *, baseless: bool) -> None:
    assert Evidence(criterion(CriterionMethod.JUDGED), None, cell(base)).is_baseless is baseless


def test_a_form_that_was_not_sent_is_not_nothing() -> None:
    evidence = Evidence(criterion(CriterionMethod.JUDGED))
    assert (evidence.is_baseless, evidence.rate) == (False, None)


def test_a_dash_is_nil_and_a_blank_is_not_known() -> None:
    assert [figure_of(each) for each in (cell("—"), cell(None), cell("7"), None)] == [0, None, 7, None]
