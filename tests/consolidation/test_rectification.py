"""整改清单: only what a department has to mend or explain, in the order of work, with how far it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from jixiao.consolidation.rectification import rectification_sheet, rectification_table
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate, Followup, Opinion, Progress, Traced
from jixiao.domain.report import Link, Toned
from tests.builders.evaluations import FINDINGS, PROVINCIAL, evaluation
from tests.builders.pages import edition

if TYPE_CHECKING:
    from jixiao.domain.rounds import Evaluation, ReportedFinding

ERROR = next(each for each in FINDINGS if each.severity is Severity.ERROR)
WARNING = next(each for each in FINDINGS if each.severity is Severity.WARNING)


def traced(finding: ReportedFinding, fate: Fate, **further: object) -> ReportedFinding:
    names = ("finding_id", "root", "code", "form", "project", "file", "sheet", "cell", "label")
    texts = ("reported", "expected", "figures", "statement")
    own = {name: getattr(finding, name) for name in (*names, *texts)}
    trace = Traced(
        **own, severity=finding.severity.value, address="", fate=fate, since="2025-04-01T09:00:00+08:00"
    )
    return replace(finding, trace=replace(trace, **further))  # type: ignore[arg-type]  # its own fields


def made(*findings: ReportedFinding, closed: tuple[Traced, ...] = (), kept: bool = True) -> Evaluation:
    progress = {PROVINCIAL: Progress(PROVINCIAL, "returned", times=2)} if kept else {}
    gone = {PROVINCIAL: closed} if closed else {}
    return replace(evaluation(findings=findings), followup=Followup(closed=gone, progress=progress))


def stages(given: Evaluation) -> list[tuple[str, str]]:
    table = rectification_table(given)
    return list(zip(map(str, table.column("action")), map(str, table.column("stage")), strict=True))


def rows(given: Evaluation) -> list[dict[str, object]]:
    (sheet,) = rectification_sheet(given, edition(given))
    titles = [column.title for column in sheet.columns]
    return [dict(zip(titles, row, strict=True)) for row in sheet.rows]


def test_what_is_only_said_and_what_went_wrong_with_us_is_nobodys_task() -> None:
    ours = replace(ERROR, code="F109", severity=Severity.BLOCKING)
    info = replace(WARNING, severity=Severity.INFO)
    assert list(rectification_sheet(made(ours, info), edition(made()))) == []
    assert rectification_table(made(ours, info)).rows == ()


def test_every_fate_is_a_stage_and_settled_ones_come_last() -> None:
    found = [
        traced(
            replace(ERROR, finding_id="甲"), Fate.EXPLAINED, opinion=Opinion("接受", "经办甲", "2025-04-20")
        ),
        traced(replace(WARNING, finding_id="乙"), Fate.NEW),
        traced(replace(ERROR, finding_id="丙"), Fate.STANDS),
        traced(replace(ERROR, finding_id="丁"), Fate.RECURRED),
        traced(replace(ERROR, finding_id="戊"), Fate.EXPIRED, note="已过期"),
        traced(replace(WARNING, finding_id="己"), Fate.WAIVED),
    ]
    gone = traced(ERROR, Fate.MENDED_AS_ASKED, now="9.55").trace
    assert gone is not None
    given = made(*found, closed=(gone, replace(gone, fate=Fate.DROPPED, note="这张表已不在报送件中")))
    assert stages(given) == [
        *(("mend", "open"), ("mend", "recurred"), ("mend", "open"), ("explain", "new")),
        *(("", "accepted"), ("", "waived"), ("", "mended"), ("", "dropped")),
    ]
    said = rows(given)
    assert [row["状态"].text for row in said if isinstance(row["状态"], Toned)] == [
        *("未整改", "复发", "未整改", "新增", "说明已认可", "豁免", "已整改", "不再提出"),
    ]
    assert [row["要求"] for row in said] == [*["修改重报"] * 3, "说明或修改", *[None] * 4]
    assert (said[4]["经办"], said[4]["说明"]) == ("经办甲", "接受")
    assert (said[0]["首次提出"], said[0]["报送次数"]) == ("2025-04-01", 2)
    assert said[6]["说明"] == "现为 9.55"


def test_without_a_ledger_nobody_says_that_something_is_new() -> None:
    assert stages(made(traced(ERROR, Fate.NEW), kept=False)) == [("mend", "open")]
    assert rows(made(traced(ERROR, Fate.NEW), kept=False))[0]["首次提出"] is None
    assert stages(made(ERROR, kept=False)) == [("mend", "open")]


def test_what_is_missing_is_to_be_sent_and_the_day_is_the_rounds() -> None:
    given = made(ERROR, replace(ERROR, finding_id="缺", file="", sheet="", cell=""))
    assert stages(given) == [("mend", "open"), ("submit", "open")]
    assert [row["要求"] for row in rows(given)] == ["修改重报", "补报"]
    assert [row["完成期限"] for row in rows(given)] == [None, None]
    for by, said in (
        (date(2025, 5, 15), "2025-05-15"),
        (datetime(2025, 5, 15, 18, tzinfo=UTC), "2025-05-15 18:00:00+00:00"),
    ):
        due = replace(given, round=replace(given.round, resubmit_by=by))
        assert {row["完成期限"] for row in rows(due)} == {said}
        assert set(rectification_table(due).column("due")) == {said}


def test_a_task_leads_to_its_cell_as_the_department_knows_it() -> None:
    (row,) = rows(made(ERROR))
    place = row["单元格"]
    assert isinstance(place, Link)
    assert place.text == f"{ERROR.sheet}!{ERROR.cell}"
    assert place.file.endswith(ERROR.file)
    assert (row["问题"], row["应为"]) == (ERROR.statement, ERROR.expected)
