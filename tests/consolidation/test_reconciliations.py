from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.reconciliations import reconciliation_sheet, reconciliation_table
from jixiao.domain.report import Formula, Tone, Toned
from tests.builders.evaluations import PROVINCIAL, evaluation
from tests.builders.lists import DIFFERING, WITHOUT_FORM, accounts
from tests.builders.results import summary_of

GIVEN = replace(evaluation(), reconciliations=(DIFFERING, WITHOUT_FORM))
GIVEN = replace(GIVEN, round=replace(GIVEN.round, accounts=accounts()))
EDITION = Edition(GIVEN.round, datetime(2025, 4, 20, 18, 0, tzinfo=UTC), "0.1.0")


def test_table() -> None:
    assert reconciliation_table(GIVEN).rows == (
        (
            *(PROVINCIAL, DIFFERING.project, DIFFERING.form, "全年执行数"),
            *(Decimal("358.02"), Decimal("357.02"), Decimal("1.00"), "differs", "虚构账面名称"),
            *("省委金融办2024年度绩效自评表.xlsx", "附件3-1", "F6", "账面", "F5"),
        ),
        (
            *(PROVINCIAL, "", "", "", None, None, None, "no_form", "虚构结转项目"),
            *("", "", "", "账面", "B6"),
        ),
    )


def test_sheet() -> None:
    (found,) = reconciliation_sheet(GIVEN, EDITION)
    assert [column.title for column in found.columns] == [
        *("部门", "项目", "栏目", "自评表数", "账面数", "差额", "结论", "账面上的另名", "来源", "账面来源"),
    ]
    assert found.rows == (
        (
            *(PROVINCIAL, DIFFERING.project, "全年执行数", Decimal("358.02"), Decimal("357.02")),
            *(Formula("[自评表数]-[账面数]", Decimal("1.00")), Toned("不符", Tone.BAD), "虚构账面名称"),
            *("省委金融办2024年度绩效自评表.xlsx › 附件3-1!F6", "账面数.xlsx › 账面!F5"),
        ),
        (
            *(PROVINCIAL, None, None, None, None, None, Toned("没有自评表", Tone.DOUBT), "虚构结转项目"),
            *(None, "账面数.xlsx › 账面!B6"),
        ),
    )


def test_the_sheet_stands_before_the_indicators_and_only_where_there_are_books() -> None:
    names = [sheet.name for sheet in summary_of(GIVEN, EDITION)]
    assert names[names.index("账表核对") + 1] == "指标明细"
    assert "账表核对" not in {sheet.name for sheet in summary_of(evaluation(), EDITION)}
