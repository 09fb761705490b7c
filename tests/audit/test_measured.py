from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.audit.measured import check_measured_indicators
from jixiao.domain.measures import MeasuredValue, MeasureKind
from jixiao.domain.quantities import Actual, Comparator
from tests.builders.measures import rule
from tests.builders.schemes import OVERALL
from tests.builders.submissions import submission
from tests.builders.targets import at_least, figure, said

MEASURE = rule(MeasureKind.SAVING, of=("a:b",), base=("a:c",), indicators=("三公经费节约率",))


def value(result: str | None, project: str = "") -> MeasuredValue:
    exact = None if result is None else Decimal(result)
    return MeasuredValue(
        measure=MEASURE, department="局", project=project, value=exact, derivation="算式", refs=()
    )


def codes(
    actual: Actual, measured: MeasuredValue, name: str = "“三公”经费节约率"
) -> list[tuple[str, str, str]]:
    form = submission(
        OVERALL, "整体", {}, (("产出指标", name, at_least("5", "%"), actual, "3", "0"),), total=None
    )
    findings = check_measured_indicators((form,), (measured,))
    return [(each.code, each.place.cell, each.expected) for each in findings]


def test_an_indicator_that_the_departments_figures_refute() -> None:
    assert codes(figure("-98.29", "%"), value("-89.29")) == [("X110", "C21", "−89.29%")]


@pytest.mark.parametrize(
    ("actual", "measured"),
    [
        pytest.param(figure("-89.29", "%"), value("-89.29"), id="equal"),
        pytest.param(figure("-89.3", "%"), value("-89.29"), id="printed with fewer digits"),
        pytest.param(figure("-98.29"), value("-89.29"), id="no percentage"),
        pytest.param(figure("5", "%", sign=Comparator.MORE), value("-89.29"), id="a bound"),
        pytest.param(said("下降"), value("-89.29"), id="words"),
        pytest.param(figure("-98.29", "%"), value(None), id="a measure that is not known"),
        pytest.param(figure("-98.29", "%"), value("-89.29", "项目"), id="a project's measure"),
    ],
)
def test_what_is_left_alone(actual: Actual, measured: MeasuredValue) -> None:
    assert codes(actual, measured) == []


def test_another_indicator_is_left_alone() -> None:
    assert codes(figure("-98.29", "%"), value("-89.29"), "公用经费节约率") == []
