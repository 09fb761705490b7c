"""What was read is held against what was written: nothing that lost a row or an amount replaces results."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.wording.wordings import load_columns
from jixiao.consolidation import budget_lines, tidy
from jixiao.consolidation.controls import Control, imbalance_of, tell_imbalances
from jixiao.consolidation.shares import Part
from jixiao.pipeline import PublicationError, publication, runs
from jixiao.pipeline.departments import spell_rows
from jixiao.pipeline.manifest import digest_of, files_below
from jixiao.pipeline.reading import read_files
from jixiao.pipeline.sent_files import list_files
from tests.builders.folders import round_folder, run, table
from tests.builders.forms import OVERALL, PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.report import Content, Row
    from jixiao.domain.rounds import Evaluation
    from jixiao.pipeline.departments import TableText

OTHER = "云梦泽省虚构林业局"
STOPPED = (
    "控制数核对不平，新结果没有换上：{what}。这是程序的错误，不是部门的问题，"
    "请把这段话和运行记录交给程序维护人员；上一次的结果仍然保留。"
)


def controls(folder: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The controls of a manifest by what, place and column."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return {(each["what"], each["place"], each["column"]): each for each in manifest["controls"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A round of two departments: forms sent twice, files that hold none."""
    made = round_folder(tmp_path / "inputs")
    write_forms(made / "甲.xlsx", overall_form(), project_form())
    (made / "旧").mkdir()
    write_forms(made / "旧" / "甲.xlsx", project_form())
    write_forms(made / "乙.xlsx", overall_form(facts=replace(OVERALL, department=OTHER)))
    (made / "说明.txt").write_text("随表报送", encoding="utf-8")
    (made / "坏.xlsx").write_bytes((made / "甲.xlsx").read_bytes()[:300])
    return made


def test_every_file_sheet_row_and_amount_is_accounted_for(folder: Path) -> None:
    published = run(folder)
    found = controls(published.folder)
    assert {each["difference"] for each in found.values()} == {"0"}
    files = found["文件", "data/submissions.csv", "file"]
    assert (files["read"], files["found"]) == ("5", "5")
    lines = found["资金行", "data/budget_lines.csv", ""]
    budget = found["全年预算数", "data/budget_lines.csv", "annual_budget"]
    project, whole = (
        sum(row.annual_budget for row in facts.funds if isinstance(row.annual_budget, Decimal))
        for facts in (PROJECT, OVERALL)
    )
    assert (lines["read"], lines["superseded"], lines["found"]) == (
        str(2 * len(OVERALL.funds) + 2 * len(PROJECT.funds)),
        str(len(PROJECT.funds)),
        str(2 * len(OVERALL.funds) + len(PROJECT.funds)),
    )
    read, superseded, there = (Decimal(budget[each]) for each in ("read", "superseded", "found"))
    assert (read, superseded, there) == (2 * whole + 2 * project, project, 2 * whole + project)
    departments = found["全年预算数", "部门汇总", "全年预算数"]
    assert (departments["left_out"], Decimal(departments["found"])) == (
        {"已含在部门整体中的项目": str(PROJECT.funds[0].annual_budget).rstrip("0").rstrip(".")},
        2 * whole,
    )


def test_the_manifest_says_of_every_sheet_where_it_is(folder: Path) -> None:
    manifest = json.loads((run(folder).folder / "manifest.json").read_text("utf-8"))
    told = {each["file"]: each["sheets"] for each in manifest["accounts"]}
    assert sorted(told) == ["乙.xlsx", "坏.xlsx", "旧/甲.xlsx", "甲.xlsx", "说明.txt"]
    assert told["说明.txt"] == [{"sheet": "", "status": "ignored", "reason": "不是电子表格文件"}]
    assert [each["status"] for each in told["坏.xlsx"]] == ["unreadable"]
    assert {each["form"] for each in told["甲.xlsx"]} == {
        "overall-self-evaluation",
        "project-self-evaluation",
    }


def test_the_sheet_has_live_formulas_and_marks_what_is_out_of_balance(folder: Path) -> None:
    summary = run(folder).summary
    sheet, values = load_workbook(summary)["核对"], load_workbook(summary, data_only=True)["核对"]
    assert load_workbook(summary).sheetnames[-2:] == ["核对", "说明"]
    rows = {(row[0].value, row[2].value): row for row in sheet.iter_rows(min_row=4)}
    row = rows["全年预算数", "工作表“预算执行”"]
    number = row[0].row
    assert row[7].value == f"=D{number}-E{number}-F{number}+G{number}"
    assert str(row[8].value).startswith("=SUM('预算执行'!$G$4:$G$")
    assert row[9].value == f"=ROUND(I{number}-H{number},6)"
    assert {values.cell(each, 10).value for each in range(4, sheet.max_row + 1)} == {0}
    (rule,) = (each for found in sheet.conditional_formatting for each in found.rules)
    assert (rule.operator, rule.formula) == ("notEqual", ["0"])


def _stopped(folder: Path, what: str) -> None:
    """A run ends with that sentence, and what stood there stands as it was."""
    outputs = folder.parent.parent / "outputs"
    before = {file: digest_of(outputs / file) for file in files_below(outputs)}
    write_forms(folder / "丙.xlsx", overall_form(facts=replace(OVERALL, department="云梦泽省虚构农事局")))
    (folder / "甲.xlsx").unlink()
    write_forms(folder / "甲.xlsx", project_form(), overall_form())  # or nothing would be made again
    with pytest.raises(PublicationError) as told:
        run(folder)
    assert str(told.value) == STOPPED.format(what=what)
    assert {file: digest_of(outputs / file) for file in files_below(outputs)} == before


def test_a_row_that_a_table_loses_stops_the_swap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder)
    rows_of = budget_lines.budget_rows

    def losing(evaluation: Evaluation) -> list[Row]:
        rows = rows_of(evaluation)
        return rows[1:] if any(row[0] == OVERALL.department for row in rows) else rows

    monkeypatch.setattr(tidy, "budget_rows", losing)
    csv, name = "data/budget_lines.csv", OVERALL.department
    _stopped(
        folder,
        f"{csv}的“资金行”应为 7 行，写出 6 行（少 1），涉及{name}（少 1）；"
        f"{csv}的“年初预算数”应为 3,500.00 万元，写出 2,600.00 万元（少 900.00），涉及{name}（少 900.00）；"
        f"{csv}的“全年预算数”应为 3,840.00 万元，写出 2,840.00 万元（少 1,000.00），"
        f"涉及{name}（少 1,000.00）；"
        "另有 1 项不平",
    )


def test_a_row_that_a_sheet_loses_stops_the_swap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder)
    rows_of = budget_lines._sheet_rows  # noqa: SLF001 what makes the rows

    def losing(dossier: Dossier, *rest: Any) -> Iterator[tuple[Content, ...]]:  # noqa: ANN401
        rows = list(rows_of(dossier, *rest))
        yield from rows[1:] if dossier.department == OVERALL.department else rows

    monkeypatch.setattr(budget_lines, "_sheet_rows", losing)
    sheet, name = "工作表“预算执行”", OVERALL.department
    _stopped(
        folder,
        f"{sheet}的“资金行”应为 7 行，写出 6 行（少 1），涉及{name}（少 1）；"
        f"{sheet}的“年初预算数”应为 3,500.00 万元，写出 2,600.00 万元（少 900.00），涉及{name}（少 900.00）；"
        f"{sheet}的“全年预算数”应为 3,840.00 万元，写出 2,840.00 万元（少 1,000.00），"
        f"涉及{name}（少 1,000.00）；"
        "另有 1 项不平",
    )


def test_departments_that_get_lost_when_all_are_put_together_stop_the_swap(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(folder)
    add = publication.TableFiles.add

    def losing(self: publication.TableFiles, tables: Mapping[Part, TableText]) -> None:
        kept = {part: rows for part, rows in tables.items() if part.name != "indicators"}
        add(self, tables if any(OTHER.encode() in rows.text for rows in tables.values()) else kept)

    monkeypatch.setattr(publication.TableFiles, "add", losing)
    with pytest.raises(
        PublicationError, match="的“绩效指标”应为 29 行，写出 7 行（少 22），涉及云梦泽省虚构农事局（少 7）、"
    ):
        _write_anew(folder)


def test_a_table_that_is_not_what_was_written_into_it_stops_the_swap(tmp_path: Path) -> None:
    rows = spell_rows({Part("composite", 0): (("甲局",),)}, {})
    with ExitStack() as stack:
        tables = publication.TableFiles(tmp_path, stack)
        tables.add(rows.tables)
        (tmp_path / "composite.csv").write_bytes(b"")  # the row is still on its way
        with pytest.raises(PublicationError, match="中间结果丢失或损坏"):
            tables.finish()


def test_a_file_of_which_nothing_is_told_stops_the_swap(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(folder)
    listed = list_files
    monkeypatch.setattr(runs, "list_files", lambda given: (*listed(given), "没有读取.xlsx"))
    monkeypatch.setattr(runs, "read_files", lambda given, files, *rest: _read(given, files[:-1], *rest))
    with pytest.raises(PublicationError, match="“文件”应为 6 个，写出 5 个（少 1）"):
        run(folder)


_read = read_files


def _write_anew(folder: Path) -> None:
    write_forms(folder / "丙.xlsx", overall_form(facts=replace(OVERALL, department="云梦泽省虚构农事局")))
    run(folder)


def test_gain_and_loss_do_not_make_up_for_each_other() -> None:
    control = Control("资金行", "行", "budget_lines", by="department")
    odd = imbalance_of(
        control, {"甲局": Decimal(2), "乙局": Decimal(2)}, {"甲局": Decimal(3), "乙局": Decimal(1)}
    )
    assert odd
    assert tell_imbalances([odd]) == STOPPED.format(
        what="data/budget_lines.csv的“资金行”应为 4 行，写出 4 行（总数相同），涉及乙局（少 1）、甲局（多 1）"
    )


def test_every_column_of_every_table_is_explained(folder: Path) -> None:
    rows = table(run(folder), "字段说明")
    columns = [(f"{name}.csv", column) for name, model in tidy.MODELS.items() for column in model.columns()]
    assert [(row["数据表"], row["字段"]) for row in rows] == columns
    assert all(row["中文名"] and row["含义"] and row["类型"] in {"文本", "整数", "小数"} for row in rows)
    (executed,) = (row for row in rows if (row["数据表"], row["字段"]) == ("budget_lines.csv", "executed"))
    assert list(executed.values()) == [
        *("budget_lines.csv", "executed", "全年执行数", "小数", "万元", "可以，表示不掌握"),
        *("全年执行数或决算数", ""),
    ]


def test_no_words_are_kept_for_columns_that_no_table_has() -> None:
    words = load_columns(seeds_folder())
    own = {(name, column) for name, model in tidy.MODELS.items() for column in model.columns()}
    every = {("every", column) for _, column in own}
    assert words.keys() <= own | every
