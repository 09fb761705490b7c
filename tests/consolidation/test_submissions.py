from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from jixiao.consolidation.copies import NO_COPIES, letter
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition
from jixiao.consolidation.feedback import feedback_sheets
from jixiao.consolidation.submissions import (
    INCOMPLETE,
    NOTHING_FILED,
    count_filings,
    department_status,
    submission_sheet,
)
from jixiao.consolidation.tidy import tidy_tables
from jixiao.domain.findings import Severity
from jixiao.domain.references import FilingRecord
from jixiao.domain.report import Part, SheetSpec, Tone, Toned
from jixiao.domain.rounds import Evaluation, ReportedFinding
from tests.builders.evaluations import OVERALL, PROVINCIAL, evaluation
from tests.builders.lists import FILED, MISSING
from tests.builders.results import summary_of

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)
LACKING = FilingRecord(PROVINCIAL, "101", OVERALL, "虚构项目", 1)


def unsent(department: str) -> ReportedFinding:
    return ReportedFinding(
        *("FD00009", "P110", Severity.ERROR, department, None, "", "", "", "", "", "", "0", "1"),
        *("应报未报。", "请补报。"),
        statement="应报未报。",
    )


def with_roster(*records: FilingRecord, findings: tuple[ReportedFinding, ...] = ()) -> Evaluation:
    return replace(evaluation(findings=findings), filings=records)


def edition(given: Evaluation) -> Edition:
    return Edition(given.round, CREATED, "0.1.0")


def opinions(given: Evaluation) -> dict[str, tuple[SheetSpec, ...]]:
    return {each.department: feedback_sheets(each, edition(given)) for each in gather_dossiers(given)}


def test_roster_table() -> None:
    tables = {table.name: table for table in tidy_tables(with_roster(FILED, MISSING))}
    assert tables["roster"].rows == (
        (PROVINCIAL, "101", FILED.form, "", 1, 1, 1, 0, "late"),
        ("云梦泽省虚构水文局", "102", OVERALL, "", 1, 0, 0, 1, "missing"),
    )
    assert "roster" not in {table.name for table in tidy_tables(evaluation())}


def test_what_came_beside_what_is_owed() -> None:
    found = submission_sheet(with_roster(FILED, MISSING), edition(evaluation()))
    assert found.note.startswith("来源：各部门报送的自评表")
    assert "应报 2 张，已报 1 张，未报 1 张，迟报 1 张。一行一张工作表" in found.note
    assert found.columns[-1].title == "应报情况"
    marks = {(row[1], row[3]): row[-1] for row in found.rows}
    assert marks["附件3-1", "项目支出绩效自评表"] == Toned("迟报", Tone.DOUBT)
    assert marks["附件2", "部门整体支出绩效自评表"] is None
    missing = Toned("未报", Tone.BAD)
    assert [row for row in found.rows if row[0] is None] == [
        (
            *(None, None, "云梦泽省虚构水文局", "部门整体支出绩效自评表", missing),
            *("应报 1 张，实收 0 张", missing),
        )
    ]


def test_without_a_roster_nothing_is_said_of_it() -> None:
    found = submission_sheet(evaluation(), edition(evaluation()))
    assert [column.title for column in found.columns] == ["文件", "工作表", "部门", "表种", "状态", "原因"]
    assert count_filings(()) == ""


def test_departments_that_sent_nothing_stand_last_in_the_summary() -> None:
    given = with_roster(FILED, MISSING, findings=(unsent(MISSING.department),))
    sheets = {sheet.name: sheet for sheet in summary_of(given, edition(given))}
    assert [(row[1], row[16]) for row in sheets["部门汇总"].rows] == [
        (PROVINCIAL, Toned("通过", Tone.GOOD)),
        (MISSING.department, NOTHING_FILED),
    ]
    sent = next(row[1] for row in sheets["说明"].rows if row[0] == "报送")
    assert sent == "1 个部门、7 张报送表；应报 2 张，已报 1 张，未报 1 张，迟报 1 张。"


def test_a_department_that_sent_nothing_gets_one_page() -> None:
    (opinion,) = opinions(with_roster(FILED, MISSING, findings=(unsent(MISSING.department),)))[
        MISSING.department
    ]
    assert opinion.note == "报送情况：未报送。尚未收到贵单位的报送表，请按下表所列尽快补报。"
    assert opinion.tone is Tone.BAD
    assert [row[6:8] for row in opinion.rows] == [("应报未报。", "请补报。")]


def test_its_letter_speaks_of_no_table_and_of_nothing_to_correct() -> None:
    given = with_roster(FILED, MISSING, findings=(unsent(MISSING.department),))
    dossier = next(each for each in gather_dossiers(given) if each.department == MISSING.department)
    written = letter(dossier, edition(given), NO_COPIES, "清单.xlsx")
    said = [text for part, text in written.paragraphs if part in {Part.BODY, Part.HEADING}]
    assert said[0].endswith("报送情况：未报送。尚未收到贵单位的报送表，请按以下要求尽快补报。")
    assert said[1].startswith("一、请补报（1 处）")
    assert said[-1] == (
        "请填好所缺的表报送；按规定不必报送的，请在《清单.xlsx》“审核意见”最右一列“部门说明”中写明理由，"
        "报回该工作簿。"
    )
    assert "下表" not in "".join(said)


def test_a_missing_form_is_no_mistake_in_those_that_came() -> None:
    given = with_roster(FILED, LACKING, findings=(unsent(PROVINCIAL),))
    (dossier,) = gather_dossiers(given)
    assert (dossier.mend, dossier.missing, dossier.returned) == (0, 1, False)
    assert department_status(dossier) == INCOMPLETE
    assert opinions(given)[PROVINCIAL][0].note == "审核结论：未报齐，缺 1 张报送表，请按下表补报。"


def test_mistakes_come_before_what_is_missing() -> None:
    wrong = evaluation().findings[0]
    given = with_roster(FILED, LACKING, findings=(wrong, unsent(PROVINCIAL)))
    assert department_status(gather_dossiers(given)[0]) == Toned("退回修改", Tone.BAD)
    assert opinions(given)[PROVINCIAL][0].note == (
        "审核结论：请修改后重报。须修改 1 处；请按下表在原表上改正后重新报送。另缺 1 张报送表，请一并补报。"
    )
