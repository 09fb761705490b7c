"""Carry-over projects stand one by one where the department's own list says which they are."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.scores import composite_sheet, spread_carryover
from jixiao.domain.cells import CellRef
from jixiao.domain.report import Content, Formula
from jixiao.domain.rounds import Round
from jixiao.domain.scheme import CarryoverTreatment, CompositeRule
from jixiao.domain.scores import Composite, CompositeItem
from jixiao.domain.submissions import Line
from tests.builders.evaluations import COMPOSITE, number, scheme

EDITION = Edition(Round("xugou-2024", 2024, scheme()), datetime(2025, 4, 20, 18, 0, tzinfo=UTC), "0.1.0")


def column(composite: Composite, place: int, edition: Edition = EDITION) -> list[Content]:
    return [row[place] for row in composite_sheet([composite], edition).rows]


def test_shares_are_quotients_and_the_largest_takes_the_residual() -> None:
    shares = column(COMPOSITE, 3)
    assert shares[0] == Formula("ROUND(1-SUM([占比@1:7]),4)", Decimal("0.4636"))
    assert shares[-2] == Formula("ROUND([资金]/SUM([资金@0:7]),4)", Decimal("0.0111"))
    assert shares[-1] == Formula("SUM([占比@0:7])", Decimal(1))


def test_overall_form_is_weighted_with_the_carryovers_share() -> None:
    weighted = column(COMPOSITE, 5)
    assert weighted[0] == Formula("ROUND([得分]*([占比]+[占比@7]),2)", Decimal("45.83"))
    assert weighted[1] == Formula("ROUND([得分]*([占比]),2)", Decimal("7.15"))
    assert weighted[-2:] == [None, Formula("SUM([加权得分@0:7])", Decimal("98.03"))]


def test_total_says_what_the_other_treatments_give() -> None:
    assert column(COMPOSITE, 6)[-1] == "等级：优；占比不计分 96.95；重新折算占比 98.04"


def test_second_department_starts_below_the_first() -> None:
    sheet = composite_sheet([COMPOSITE, replace(COMPOSITE, department="另一局")], EDITION)
    assert sheet.strong == {8, 17}
    assert sheet.rows[17][2] == Formula("SUM([资金@9:16])", Decimal("4943.35"))


def item(
    name: str, kind: str, funds: str, share: str, *, score: str | None = None, weighted: str | None = None
) -> CompositeItem:
    return CompositeItem(
        *(name, kind, Decimal(funds), Decimal(share)),
        None if score is None else Decimal(score),
        None if weighted is None else Decimal(weighted),
    )


def test_residual_in_the_middle_is_one_less_all_others() -> None:
    composite = Composite(
        "虚构局",
        (
            item("甲", "overall", "1", "14.29", score="90", weighted="12.86"),
            item("乙", "project", "5", "71.42", score="90", weighted="64.28"),
            item("丙", "project", "1", "14.29", score="90", weighted="12.86"),
            item("合计", "total", "7", "100", weighted="90.00"),
        ),
        "优",
    )
    assert column(composite, 3)[1] == Formula("ROUND(1-SUM([占比@0:0])-SUM([占比@2:2]),4)", Decimal("0.7142"))


def test_figures_that_no_formula_gives_back_stand_as_they_are() -> None:
    composite = Composite(
        "虚构局",
        (
            item("甲", "overall", "2", "66.67", score="90", weighted="60.00"),
            item("乙", "project", "1", "33.33"),
            item("结转", "carryover", "1", "0"),
            item("合计", "total", "4", "100"),
        ),
        "",
    )
    rule = scheme().composite
    assert rule is not None
    rules = replace(scheme(), composite=replace(rule, carryover=CarryoverTreatment.RENORMALISED))
    edition = replace(EDITION, round=replace(EDITION.round, scheme=rules))
    assert column(composite, 3, edition)[:3] == [Decimal("0.6667"), Decimal("0.3333"), Decimal(0)]
    assert column(composite, 5, edition) == [
        Formula("ROUND([得分]*([占比]),2)", Decimal("60.00")),
        None,
        None,
        None,
    ]


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
