from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.supplements import appraisal_sheet, appraisal_table
from jixiao.domain.report import Formula, SheetSpec
from jixiao.scoring.supplements import appraise
from tests.builders.evaluations import evaluation
from tests.builders.supplements import appraisal_rule
from tests.builders.supplements import appraisal_sheet as submitted

FORM = replace(
    submitted(("一处", "70%", "90%", "88%", 2), ("二处", "80%", ""), ("三处", "81.25%", "98%", None, 1)),
    department="省委金融办",
)
GIVEN = replace(evaluation(), appraisals=(appraise(FORM, appraisal_rule()),))


def sheet() -> SheetSpec:
    edition = Edition(GIVEN.round, datetime(2025, 4, 20, tzinfo=UTC), "0.1.0")
    (spec,) = appraisal_sheet(GIVEN, edition)
    return spec


def test_divisions_stand_in_the_order_of_their_rank_with_live_formulas() -> None:
    assert [column.title for column in sheet().columns] == [
        *("部门", "处室", "名次", "三季度执行率", "四季度执行率", "年度执行率", "填报的年度执行率"),
        *("填报的名次", "核算过程", "来源"),
    ]
    rank = "SUMPRODUCT(([部门:]=[部门])*([年度执行率:]>[年度执行率]))+1"
    annual = "ROUND([三季度执行率]*0.1+[四季度执行率]*0.9,4)"
    first, second, last = sheet().rows
    assert first[:8] == (
        *("省委金融办", "三处", Formula(rank, 1), Decimal("0.8125"), Decimal("0.98")),
        *(Formula(annual, Decimal("0.9633")), None, 1),
    )
    assert second[5:8] == (Formula(annual, Decimal("0.88")), Decimal("0.88"), 2)
    assert last[1:9] == (
        *("二处", None, Decimal("0.8"), None, None, None, None),
        "没有可用的四季度执行率，年度执行率不掌握，不参加排名",
    )


def test_table_has_percent_points_and_leaves_blank_what_is_not_known() -> None:
    table = appraisal_table(GIVEN)
    assert table.column("division") == ["三处", "一处", "二处"]
    assert table.column("annual_rate") == [Decimal("96.33"), Decimal("88.00"), None]
    assert table.column("rank") == [1, 2, None]
    assert table.column("first_quarter") == [None] * 3
    assert table.column("reported_rank") == [1, 2, None]
    assert table.column("cell") == ["A5", "A3", "A4"]


def test_a_round_without_appraisals_has_no_such_sheet() -> None:
    edition = Edition(GIVEN.round, datetime(2025, 4, 20, tzinfo=UTC), "0.1.0")
    assert list(appraisal_sheet(evaluation(), edition)) == []
    assert appraisal_table(evaluation()).rows == ()
