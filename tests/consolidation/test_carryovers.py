"""Carry-over projects stand one by one where the department's own list says which they are."""

from datetime import UTC, datetime
from decimal import Decimal

from jixiao.consolidation.carryovers import spread_carryover
from jixiao.consolidation.edition import Edition
from jixiao.consolidation.shares import composite_sheet
from jixiao.domain.cells import CellRef
from jixiao.domain.report import Formula
from jixiao.domain.rounds import Round
from jixiao.domain.scheme import CompositeRule
from jixiao.domain.submissions import Line
from tests.builders.evaluations import COMPOSITE, number, scheme

AMOUNTS = ("12.77", "0.01", "8.43", "15.69", "2.50", "14.05", "1.45")
"""The worked example's seven: 54.90 in all, 1.11 %."""


def rule() -> CompositeRule:
    found = scheme().composite
    assert found is not None
    return found


def rows(*amounts: str | None) -> list[Line]:
    return [
        Line(
            "projects",
            f"结转项目{place}",
            f"结转项目{place}",
            CellRef("表.xlsx", "明细", place, 0),
            {"executed": number(amount, CellRef("表.xlsx", "明细", place, 4))},
        )
        for place, amount in enumerate(amounts, start=1)
    ]


def test_each_has_its_funds_and_share() -> None:
    items = [item for item in spread_carryover(COMPOSITE, rows(*AMOUNTS), rule()).items if item.score is None]
    assert [(item.item, item.funds, item.share_percent) for item in items[:-1]] == [
        (f"结转项目{place}", Decimal(amount), Decimal(share))
        for place, (amount, share) in enumerate(
            zip(AMOUNTS, ("0.26", "0", "0.17", "0.32", "0.05", "0.28", "0.03"), strict=True), start=1
        )
    ]
    assert {item.kind for item in items[:-1]} == {"carryover"}
    assert items[0].note == "占比计入部门整体"


def test_shares_add_up_to_the_carryovers() -> None:
    items = spread_carryover(COMPOSITE, rows("18.30", "18.30", "18.30"), rule()).items
    shares = [item.share_percent for item in items if item.kind == "carryover"]
    assert (shares, sum(shares)) == ([Decimal("0.37")] * 3, Decimal("1.11"))
    items = spread_carryover(COMPOSITE, rows("27.45", "27.45"), rule()).items
    shares = [item.share_percent for item in items if item.kind == "carryover"]
    assert shares == [Decimal("0.55"), Decimal("0.56")]


def test_rows_without_money_are_no_carryover() -> None:
    items = spread_carryover(COMPOSITE, rows(None, "54.90", "0"), rule()).items
    assert [item.item for item in items if item.kind == "carryover"] == ["结转项目2"]


def test_rows_that_do_not_make_it_up_are_said() -> None:
    items = spread_carryover(COMPOSITE, rows("54.90", "10.00"), rule()).items
    (lumped,) = (item for item in items if item.kind == "carryover")
    assert (lumped.funds, lumped.share_percent) == (Decimal("54.90"), Decimal("1.11"))
    assert lumped.note == (
        "占比计入部门整体；项目明细表上没有自评表的 2 个项目合计 64.90，与此数不符，未逐项列出"
    )


def test_formulas_stay_live() -> None:
    edition = Edition(Round("r", 2024, scheme()), datetime(2025, 4, 20, tzinfo=UTC), "0.1.0")
    sheet = composite_sheet([COMPOSITE], edition, {COMPOSITE.department: rows("27.45", "27.45")})
    assert sheet.rows[0][3] == Formula("ROUND(1-SUM([占比@1:8]),4)", Decimal("0.4636"))
    assert sheet.rows[0][5] == Formula("ROUND([得分]*([占比]+[占比@7]+[占比@8]),2)", Decimal("45.83"))
    assert sheet.rows[7][3] == Decimal("0.0055")
    assert sheet.rows[8][3] == Formula("ROUND([资金]/SUM([资金@0:8]),4)", Decimal("0.0056"))
    assert sheet.rows[9][3] == Formula("SUM([占比@0:8])", Decimal(1))
