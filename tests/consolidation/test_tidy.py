from dataclasses import replace
from decimal import Decimal

from jixiao.consolidation.budget_lines import budget_rows
from jixiao.consolidation.findings import finding_rows
from jixiao.consolidation.indicators import indicator_rows
from jixiao.consolidation.scores import composite_rows, score_rows
from jixiao.consolidation.submissions import submission_rows
from jixiao.consolidation.tidy import tidy_tables
from jixiao.domain.quantities import Comparison, Verdict
from jixiao.domain.submissions import Status
from tests.builders.evaluations import FINDINGS, OVERALL_SHEET, PROJECT_SHEETS, evaluation

CONTRACT = {
    "submissions": (
        "submission_id, department, form, scope, project, year, file, sheet, sha256, status, blocking,"
        " errors, warnings, implementer"
    ),
    "budget_lines": (
        "department, scope, project, form, item, prior_executed, initial_budget, carryover, adjustment,"
        " annual_budget, executed, balance, execution_rate, weight, self_score, computed_score, file, sheet,"
        " cell"
    ),
    "indicators": (
        "department, scope, project, form, level1, level2, level3, target, actual, reason, weight,"
        " self_score, computed_score, score_low, score_high, verdict, attainment, rule, derivation, file,"
        " sheet, cell"
    ),
    "scores": (
        "department, scope, project, form, component, weight, self_score, computed_score, accepted_score,"
        " verified_share, self_grade, computed_grade"
    ),
    "composite": "department, item, kind, funds, share_percent, score, weighted_score, note",
    "findings": (
        "finding_id, code, severity, department, scope, project, form, file, sheet, cell, label, reported,"
        " expected, message, suggestion, assumed, cells, consequences, corrections,"
        " fate, opinion, officer, decided, pinned, reply"
    ),
    "figures": (
        "department, form, block, item, column, value, unit, cell, scope, project, year, file, sheet, title,"
        " text, status"
    ),
    "rectification": (
        "finding_id, department, officer, project, form, severity, file, sheet, cell, label, statement,"
        " reported, expected, action, due, stage, since, times, note"
    ),
}
FILE = OVERALL_SHEET.file


def test_tables_and_columns_are_the_contracts() -> None:
    tables = tidy_tables(evaluation())
    assert {table.name: ", ".join(table.columns) for table in tables} == CONTRACT
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


def test_submission_counts_its_own_findings() -> None:
    rows = submission_rows(evaluation())
    assert len(rows) == 8
    assert rows[3] == (
        *(f"{FILE}#附件3-3", "省委金融办", "project-self-evaluation", "project", "地方金融监管工作经费"),
        *(2024, FILE, "附件3-3", "0" * 64, "returned", 0, 1, 0, "省委金融办"),
    )
    assert rows[0][-5:] == ("accepted", 0, 0, 1, "")


def test_two_forms_on_one_sheet_do_not_share_findings() -> None:
    other = replace(PROJECT_SHEETS[2], project="另一项目")
    rows = submission_rows(evaluation((PROJECT_SHEETS[2], other)))
    assert [row[10:13] for row in rows[:2]] == [(0, 1, 0), (0, 0, 0)]


def test_file_without_a_form_is_listed() -> None:
    assert submission_rows(evaluation())[-1] == (
        *(None, None, None, None, None, None, "报送说明.txt", "", "1" * 64, "ignored", 0, 0, 0, None),
    )


def test_budget_line_with_the_execution_score() -> None:
    assert budget_rows(evaluation())[1] == (
        *("省委金融办", "project", "地方金融风险防范专项工作经费", "project-self-evaluation", "total"),
        *(None, Decimal("440.11"), None, None, Decimal("410.83"), Decimal("358.02"), None),
        *(Decimal("87.15"), Decimal(10), Decimal("8.72"), Decimal("8.72"), FILE, "附件3-1", "C6"),
    )


def test_budget_line_without_figures_stays_unknown() -> None:
    assert budget_rows(evaluation())[3][4:16] == ("other", *(None,) * 11)


def test_rate_is_undefined_without_a_budget() -> None:
    sheet = replace(PROJECT_SHEETS[0], funds=(("total", "年度资金总额", "0", "0", "1"),))
    assert budget_rows(evaluation((sheet,)))[0][12] is None


def test_superseded_form_is_listed_but_not_totalled() -> None:
    form = PROJECT_SHEETS[0]
    given = evaluation((form,), statuses={f"{form.file}#{form.sheet}": Status.SUPERSEDED})
    assert [row[9] for row in submission_rows(given)] == ["superseded", "ignored"]
    assert budget_rows(given) == []
    assert indicator_rows(given) == []
    assert [row[1] for row in score_rows(given)] == ["composite"]


def test_missed_indicator() -> None:
    assert indicator_rows(evaluation())[1] == (
        *("省委金融办", "overall", "", "overall-self-evaluation", "产出指标", "成本指标", "三公经费节约率"),
        *("≥5%", "-89.29%", OVERALL_SHEET.rows[1].reason, Decimal(3), Decimal(0), Decimal(0), None, None),
        *("missed", None, "quantitative", "实际 -89.29%，目标 ≥5%，未达成，得 0", FILE, "附件2", "D22"),
    )


def test_qualitative_indicator_has_a_band() -> None:
    row = indicator_rows(evaluation())[3]
    assert row[10:17] == (Decimal(30), Decimal(30), None, Decimal(24), Decimal(30), "qualitative", None)


def test_attainment_has_four_decimals() -> None:
    given = evaluation((PROJECT_SHEETS[0],))
    card = given.cards[0]
    third = replace(card.indicators[0], comparison=Comparison(Verdict.MET, Decimal(2) / Decimal(3)))
    given = replace(given, cards=(replace(card, indicators=(third,)),))
    assert indicator_rows(given)[0][16] == Decimal("0.6667")


def test_scores_of_a_form_and_of_the_composite() -> None:
    rows = score_rows(evaluation())
    own = ("省委金融办", "overall", "", "overall-self-evaluation")
    assert rows[0] == (*own, "execution", Decimal(10), *(Decimal("9.55"),) * 3, Decimal(100), None, None)
    assert rows[4] == (*own, "total", Decimal(100), *(Decimal("96.55"),) * 3, Decimal("70.00"), "优", "优")
    assert rows[-1] == (
        *("省委金融办", "composite", None, None, "total", None, None),
        *(Decimal("98.03"), Decimal("98.03"), None, None, "优"),
    )


def test_total_that_the_form_does_not_print_is_not_self_reported() -> None:
    given = evaluation((OVERALL_SHEET,))
    (card,) = given.cards
    unprinted = replace(card, submission=replace(card.submission, total={}))
    total = score_rows(replace(given, cards=(unprinted,)))[4]
    assert total[4:] == (
        *("total", Decimal(100), None, Decimal("96.55"), Decimal("96.55"), Decimal("70.00")),
        *(None, "优"),
    )


def test_composite_items() -> None:
    rows = composite_rows(evaluation())
    assert [row[4] for row in rows[:-1]] == [
        Decimal(share) for share in ("46.36", "7.24", "3.96", "8.49", "2.28", "29.17", "1.39", "1.11")
    ]
    assert rows[-1] == (
        *("省委金融办", "合计", "total", Decimal("4943.35"), Decimal(100), None, Decimal("98.03"), ""),
    )


def test_finding_in_the_contracts_order() -> None:
    assert finding_rows(evaluation())[0] == (
        *("A101-0001", "A101", "error", "省委金融办", "project", "地方金融监管工作经费"),
        *("project-self-evaluation", FILE, "附件3-3", "D7", "年度资金总额·年初预算数", "449.07", "449.08"),
        *(FINDINGS[0].message, "请核对各部分和合计数。", *[""] * 10),
    )
