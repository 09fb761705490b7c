"""The tables behind the scored forms, read from the published figures and from worse layouts of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.cells import Area, Grid, Workbook
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.sheets import Sheets, read_sheets
from tests.drawing.facts import FOLDER, PrintedFacts, load_workbooks
from tests.drawing.layout import draw

if TYPE_CHECKING:
    from jixiao.domain.cells import Value
    from jixiao.domain.submissions import Submission

SCHEME = load_scheme("hunan-provincial", seeds_folder())
VOCABULARY = Vocabulary(SCHEME.forms)
(BOOK,) = load_workbooks(FOLDER / "hunan-2024" / "departments" / "1-finance-office.toml")
GRIDS = {facts.sheet: draw(facts).grid(BOOK.file) for facts in BOOK.sheets if isinstance(facts, PrintedFacts)}
FORMS = {
    "附件1": "basic-data",
    "基本支出明细": "basic-expenditure",
    "三公经费明细": "three-public-expenses",
    "项目支出明细": "project-expenditure",
    "综合评分": "composite-score",
}


def read(*grids: Grid) -> Sheets:
    return read_sheets(Workbook("表.xlsx", "0" * 64, grids), VOCABULARY, SCHEME.lexicon)


def only(grid: Grid) -> Submission:
    (form,) = read(grid).submissions
    return form


def figures(form: Submission) -> dict[str, Decimal | None]:
    return {
        f"{line.table}.{line.item}.{name}": entry.value
        for line in form.lines
        for name, entry in line.entries.items()
        if name not in {"item", "note"}
    }


def edited(grid: Grid, **cells: Value | None) -> Grid:
    """The grid with other cells, by A1 address of one letter."""
    values = dict(grid.values)
    for address, value in cells.items():
        at = int(address[1:]) - 1, ord(address[0]) - ord("A")
        values.pop(at, None)
        if value is not None:
            values[at] = value
    return replace(grid, values=values)


def moved(grid: Grid, rows: int, columns: int) -> Grid:
    return replace(
        grid,
        values={(row + rows, column + columns): value for (row, column), value in grid.values.items()},
        formats={(row + rows, column + columns): each for (row, column), each in grid.formats.items()},
        merged=tuple(
            Area(each.top + rows, each.left + columns, each.bottom + rows, each.right + columns)
            for each in grid.merged
        ),
    )


@pytest.mark.parametrize("sheet", FORMS)
def test_each_is_known_and_read_without_a_finding(sheet: str) -> None:
    sheets = read(GRIDS[sheet])
    (form,) = sheets.submissions
    assert (form.form, form.year, sheets.findings) == (FORMS[sheet], form.year, [])


def test_basic_data() -> None:
    form = only(GRIDS["附件1"])
    found = figures(form)
    assert form.year == 2024
    assert {name: found[f"staff.staff.{name}"] for name in ("authorised", "on_payroll", "control_rate")} == {
        "authorised": Decimal(77),
        "on_payroll": Decimal(70),
        "control_rate": Decimal("90.91"),
    }
    spending = {
        line.item: tuple(line.value(column) for column in ("prior_executed", "annual_budget", "executed"))
        for line in form.lines
        if line.table == "spending"
    }
    assert spending == {
        "three_public": (Decimal("17.83"), Decimal("66.00"), Decimal("33.75")),
        "abroad": (Decimal("1.14"), Decimal("18.00"), Decimal("10.98")),
        "vehicles": (Decimal("15.04"), Decimal("34.00"), Decimal("21.69")),
        "vehicle_purchase": (None, None, None),
        "vehicle_running": (Decimal("15.04"), Decimal("34.00"), Decimal("21.69")),
        "reception": (Decimal("1.65"), Decimal("14.00"), Decimal("1.08")),
        "projects": (Decimal("1223.70"), Decimal("982.03"), Decimal("1210.14")),
        "operations": (Decimal("1026.70"), Decimal("779.03"), Decimal("1014.18")),
        "maintenance": (Decimal("197.00"), Decimal("203.00"), Decimal("195.96")),
        "public_funds": (Decimal("401.51"), Decimal("364.00"), Decimal("361.94")),
        "office": (Decimal("363.17"), Decimal("206.00"), Decimal("150.51")),
        "utilities": (Decimal("93.18"), Decimal("27.00"), Decimal("73.37")),
        "meetings": (Decimal("188.50"), Decimal("10.00"), Decimal("138.06")),
        "procurement": (Decimal("188.00"), Decimal("1568.00"), Decimal("1560.00")),
        "basic_adjustment": (Decimal("77.50"), Decimal("118.80"), Decimal("118.80")),
    }


def test_a_table_whose_header_names_two_years_is_of_the_later_one() -> None:
    form = only(GRIDS["三公经费明细"])
    line = form.line("expenses", "reception")
    assert line is not None
    assert form.year == 2024
    assert {name: entry.value for name, entry in line.entries.items()} == {
        "prior_executed": Decimal("1.65"),
        "annual_budget": Decimal("14.00"),
        "executed": Decimal("1.08"),
        "saving": Decimal("0.57"),
        "saving_rate": Decimal("34.55"),
    }


def test_projects_keep_their_names_and_the_note_below_is_none() -> None:
    form = only(GRIDS["项目支出明细"])
    assert [line.label for line in form.lines][:3] == [
        "部门项目支出合计",
        "湖南金融宣传工作经费",
        "金融发展专项工作经费",
    ]
    assert len(form.lines) == 14
    assert form.line("projects", "total") == form.lines[0]


def test_a_share_merged_over_the_rows_of_carryover_is_one_cell() -> None:
    form = only(GRIDS["综合评分"])
    carried = [line.entries["share"] for line in form.lines if line.entries["score"].is_empty][:7]
    assert {entry.ref.a1 for entry in carried} == {"D10"}
    assert form.lines[-1].value("weighted") == Decimal("98.03")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 5), st.integers(0, 3))
def test_moving_a_table_changes_no_figure(sheet: str, rows: int, columns: int) -> None:
    assert figures(only(moved(GRIDS[sheet], rows, columns))) == figures(only(GRIDS[sheet]))


def test_a_title_repeated_at_a_page_break_goes_on_with_the_table() -> None:
    grid = GRIDS["项目支出明细"]
    cut = 7
    below = {(row + 3, column): value for (row, column), value in grid.values.items() if row >= cut}
    above = {at: value for at, value in grid.values.items() if at[0] < cut}
    heading = {(row + cut, column): value for (row, column), value in grid.values.items() if row < 3}
    merged = tuple(each for each in grid.merged if each.bottom < cut)
    broken = replace(grid, values=above | heading | below, merged=merged, formats={})
    sheets = read(broken)
    (form,) = sheets.submissions
    expected = [line.label for line in only(grid).lines]
    assert [line.label for line in form.lines][: len(expected)] == expected


def test_two_tables_on_one_sheet_are_two_forms() -> None:
    first, second = GRIDS["基本支出明细"], moved(GRIDS["三公经费明细"], 12, 0)
    both = replace(
        first,
        values={**first.values, **second.values},
        merged=(*first.merged, *second.merged),
        formats={**first.formats, **second.formats},
    )
    assert [form.form for form in read(both).submissions] == ["basic-expenditure", "three-public-expenses"]
    assert [figures(form) for form in read(both).submissions] == [
        figures(only(GRIDS["基本支出明细"])),
        figures(only(GRIDS["三公经费明细"])),
    ]


@pytest.mark.parametrize(
    ("cells", "item", "column", "value"),
    [
        pytest.param({"B4": "2,675.03"}, "total", "initial_budget", "2675.03", id="a text with separators"),
        pytest.param({"B4": "２６７５．０３"}, "total", "initial_budget", "2675.03", id="full-width digits"),
        pytest.param({"B3": "年初预算"}, "total", "initial_budget", "2675.03", id="a synonym in the header"),
        pytest.param({"F3": "2024年决算数"}, "total", "executed", "2652.34", id="the year in the header"),
        pytest.param({"A4": "合 计："}, "total", "executed", "2652.34", id="a total with spaces and colon"),
        pytest.param(
            {"A1": "项目支出明细表（2024年度）"}, "total", "executed", "2652.34", id="another title"
        ),
    ],
)
def test_what_departments_write_differently(
    cells: dict[str, Value | None], item: str, column: str, value: str
) -> None:
    line = only(edited(GRIDS["项目支出明细"], **cells)).line("projects", item)
    assert line is not None
    assert line.value(column) == Decimal(value)


def test_a_form_in_yuan_is_converted() -> None:
    grid = edited(GRIDS["项目支出明细"], A2="单位：元", F4=Decimal(26523400))
    line = only(grid).line("projects", "total")
    assert line is not None
    assert line.value("executed") == Decimal("2652.34")


def test_a_missing_column_is_named_and_the_rest_is_read() -> None:
    grid = edited(GRIDS["项目支出明细"], F3=None, F7="", F8="")
    sheets = read(grid)
    assert [(finding.code, finding.label) for finding in sheets.findings] == [("L104", "本年决算数")]
    line = sheets.submissions[0].line("projects", "total")
    assert line is not None
    assert line.value("annual_budget") == Decimal("2856.63")


@pytest.mark.parametrize("sheet", FORMS)
def test_a_table_without_a_figure_is_unfilled(sheet: str) -> None:
    grid = GRIDS[sheet]
    texts = {
        at: value for at, value in grid.values.items() if isinstance(value, str) and not value.startswith("—")
    }
    sheets = read(replace(grid, values=texts))
    assert (sheets.submissions, [finding.code for finding in sheets.findings]) == ([], ["L109"])


def test_staff_alone_make_basic_data_a_filled_form() -> None:
    kept = {at: value for at, value in GRIDS["附件1"].values.items() if isinstance(value, str) or at[0] == 3}
    form = only(replace(GRIDS["附件1"], values=kept))
    assert figures(form)["staff.staff.on_payroll"] == Decimal(70)
