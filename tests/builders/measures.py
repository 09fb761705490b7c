"""Measures in code."""

from __future__ import annotations

from decimal import Decimal

from jixiao.domain.cells import CellRef
from jixiao.domain.figure_address import FormAddress
from jixiao.domain.relations import Measure, MeasuredValue, MeasureKind


def rule(
    kind: MeasureKind,
    *,
    of: tuple[str, ...],
    base: tuple[str, ...] = (),
    less: tuple[str, ...] = (),
    whole: tuple[str, ...] = (),
    threshold: str | None = None,
    per_form: bool = False,
    places: int = 2,
    indicators: tuple[str, ...] = (),
) -> Measure:
    """A measure by its addresses."""

    def parsed(texts: tuple[str, ...]) -> tuple[FormAddress, ...]:
        return tuple(FormAddress.parse(text) for text in texts)

    return Measure(
        id="measure",
        title="示例指标",
        kind=kind,
        of=parsed(of),
        less=parsed(less),
        base=parsed(base),
        whole=parsed(whole),
        basis="测试依据",
        places=places,
        unit="%" if kind.is_percentage else "万元",
        threshold=None if threshold is None else Decimal(threshold),
        per_form=per_form,
        indicators=indicators,
    )


MEASURED = MeasuredValue(
    measure=rule(
        MeasureKind.RATIO, of=("overall:basic_expenditure",), base=("overall:funds.total.executed",)
    ),
    department="虚构市示例局",
    project="",
    value=Decimal("46.35"),
    derivation="基本支出 2,291.01 ÷ 全年执行数 4,943.35 = 46.35%",
    refs=(CellRef("虚构局.xlsx", "自评表", 9, 8), CellRef("虚构局.xlsx", "自评表", 5, 6)),
    numerator=Decimal("2291.01"),
    denominator=Decimal("4943.35"),
)
"""A share of which everything is known."""
