"""Law: every figure that was read is in figures.csv, once, at its cell and in the unit it is kept in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao import pipeline
from jixiao.consolidation.figures import FIELDS, VALUE, Figures, figure_rows
from jixiao.consolidation.tidy import validate_tables
from jixiao.domain.forms import ValueKind
from jixiao.domain.report import Cell
from jixiao.domain.submissions import State, Status
from jixiao.engines import InProcessEngine
from tests.builders.evaluations import OVERALL_SHEET, PROJECT_SHEETS, evaluation
from tests.builders.forms import LAYOUTS, OVERALL, PROJECT, in_yuan, overall_form, project_form
from tests.builders.grids import SCHEME, read
from tests.builders.supplements import answer_sheet, evaluated
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jixiao.domain.forms import FormLayout
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import Entry, Submission
    from tests.builders.forms import Form
    from tests.drawing.facts import Layout

Place = tuple[Cell, ...]
"""File, sheet, cell, block, item, column, figure and unit."""
UNITS = {ValueKind.AMOUNT: "万元", ValueKind.PERCENT: "%", ValueKind.SCORE: "分"}


def of_submissions(*submissions: Submission) -> Evaluation:
    """The provincial round with these forms and nothing made of them."""
    return replace(
        evaluation(),
        round=replace(evaluation().round, scheme=SCHEME),
        submissions=submissions,
        statuses={each.submission_id: Status.ACCEPTED for each in submissions},
    )


def entries(form: Submission, layout: FormLayout) -> Iterator[tuple[str, str, str, ValueKind, Entry]]:
    """Every cell of fields, lines and totals with the kind that the layout gives it."""
    for field in layout.fields:
        if field.name in form.fields:
            yield FIELDS, field.name, VALUE, field.kind, form.fields[field.name]
    for line in form.lines:
        for name, entry in line.entries.items():
            yield line.table, line.item, name, layout.table(line.table).column(name).kind, entry
    for name, entry in form.total.items():
        yield "indicators", "total", name, ValueKind.SCORE, entry


def read_figures(given: Evaluation) -> Counter[Place]:
    """Straight from the submissions, without the code under test."""
    return Counter(
        (form.file, form.sheet, entry.ref.a1, block, item, column, entry.value, UNITS.get(kind))
        for form in given.submissions
        for block, item, column, kind, entry in entries(form, given.round.scheme.form(form.form))
        if entry.state is State.NUMBER
    )


def kept_figures(given: Evaluation) -> Counter[Place]:
    """From the table, without declared weights and surveys; plain numbers without their unit."""
    rows = [dict(zip(Figures.columns(), row, strict=True)) for row in Figures.of(figure_rows(given)).rows]
    declared = {
        (form.file, form.sheet, group.ref.a1, group.level1)
        for form in given.submissions
        for group in form.groups
    }
    return Counter(
        (
            *(row["file"], row["sheet"], row["cell"], row["block"], row["item"], row["column"], row["value"]),
            row["unit"] if row["unit"] in UNITS.values() and not _plain(row, given) else None,
        )
        for row in rows
        if row["block"] != "answers"
        and row["value"] is not None
        and (row["file"], row["sheet"], row["cell"], row["item"]) not in declared
    )


def _plain(row: dict[str, Cell], given: Evaluation) -> bool:
    layout = given.round.scheme.form(str(row["form"]))
    columns = {(table.name, column.name): column.kind for table in layout.tables for column in table.columns}
    return columns.get((str(row["block"]), str(row["column"]))) is ValueKind.NUMBER


@pytest.mark.parametrize("name", ["hunan-2024", "yueyang-2020"])
def test_every_figure_of_the_worked_rounds_is_kept(name: str, tmp_path: Path) -> None:
    (folder,) = pipeline.find_rounds(INPUTS, [name])
    given = pipeline.evaluate_round(folder, pipeline.Means(InProcessEngine(), pipeline.Memory(tmp_path)))
    figures = read_figures(given)
    assert len(figures) > 80
    assert kept_figures(given) == figures
    validate_tables((Figures.of(figure_rows(given)),))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("draw", [overall_form, project_form])
def test_every_figure_of_a_form_is_kept_in_every_layout(layout: str, draw: Callable[[Layout], Form]) -> None:
    given = of_submissions(*read(draw(LAYOUTS[layout]).grid()).submissions)
    assert len(read_figures(given)) > 10
    assert kept_figures(given) == read_figures(given)


def test_amounts_are_in_ten_thousand_yuan_whatever_the_form_prints() -> None:
    for draw, facts in ((overall_form, OVERALL), (project_form, PROJECT)):
        wan, yuan = (
            of_submissions(*read(draw(facts=each).grid()).submissions) for each in (facts, in_yuan(facts))
        )
        assert kept_figures(wan) == kept_figures(yuan)


def rows(given: Evaluation) -> list[dict[str, Cell]]:
    return [dict(zip(Figures.columns(), row, strict=True)) for row in Figures.of(figure_rows(given)).rows]


def test_a_row_says_whose_it_is_and_where_it_stands() -> None:
    given = evaluation((PROJECT_SHEETS[0],))
    assert rows(given)[1] == {
        "department": "省委金融办",
        "form": "project-self-evaluation",
        "block": "funds",
        "item": "total",
        "column": "annual_budget",
        "value": Decimal("410.83"),
        "unit": "万元",
        "cell": "E6",
        "scope": "project",
        "project": "地方金融风险防范专项工作经费",
        "year": 2024,
        "file": OVERALL_SHEET.file,
        "sheet": "附件3-1",
        "title": "项目资金·年度资金总额·全年预算数",
        "text": "410.83",
        "status": "accepted",
    }


def test_printed_totals_are_in_points() -> None:
    found = [row for row in rows(evaluation((OVERALL_SHEET,))) if row["item"] == "total"]
    assert [(row["block"], row["column"], row["value"], row["unit"], row["cell"]) for row in found[-2:]] == [
        ("indicators", "weight", Decimal(100), "分", "G41"),
        ("indicators", "self_score", Decimal("96.55"), "分", "H41"),
    ]


def test_a_printed_grade_is_kept_as_a_word() -> None:
    (submission,) = read(overall_form().grid()).submissions
    entry = replace(submission.fields["department"], text="良好")
    graded = replace(submission, fields={**submission.fields, "grade": entry})
    (row,) = (row for row in rows(of_submissions(graded)) if row["item"] == "grade")
    assert (row["block"], row["value"], row["text"], row["unit"]) == ("fields", None, "良好", "")


def test_weights_that_names_declare_are_kept() -> None:
    given = of_submissions(*read(project_form().grid()).submissions)
    declared = [(row["item"], row["value"]) for row in rows(given) if row["item"] in {"产出指标", "效益指标"}]
    assert declared == [("产出指标", Decimal(50)), ("效益指标", Decimal(30))]


def test_blank_and_dash_are_no_figures() -> None:
    given = of_submissions(*read(overall_form().grid()).submissions)
    assert "special_account" in given.submissions[0].fields
    assert "special_account" not in {row["item"] for row in rows(given)}


def test_what_a_survey_counts_up_to_is_kept() -> None:
    sheet = answer_sheet((9,), (8,), (10,))
    given = replace(of_submissions(sheet), surveys=(evaluated(sheet),))
    assert [(row["column"], row["value"], row["unit"], row["cell"]) for row in rows(given)] == [
        ("answers", Decimal(3), "个", "B1"),
        ("rate", Decimal("90.00"), "%", "B1"),
        ("questionnaires", Decimal(3), "份", ""),
        ("answers", Decimal(3), "个", ""),
        ("rate", Decimal("90.00"), "%", ""),
    ]


def test_a_superseded_form_keeps_its_figures_and_says_so() -> None:
    form = PROJECT_SHEETS[0]
    given = evaluation((form,), statuses={f"{form.file}#{form.sheet}": Status.SUPERSEDED})
    assert {row["status"] for row in rows(given)} == {"superseded"}
