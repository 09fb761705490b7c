from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from jixiao.domain.amounts import round_half_up
from jixiao.domain.cells import Area, CellError, UnstoredFormula, Value
from jixiao.workbooks.reading import read_workbook
from tests.builders.forms import (
    LAYOUTS,
    OVERALL,
    PROJECT,
    Form,
    in_yuan,
    overall_form,
    project_form,
    write_forms,
)
from tests.builders.rounds import PROJECTS, department_forms, write_round
from tests.drawing.drawing import typed
from tests.drawing.facts import FormFacts, Layout

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("raw", "cell"),
    [
        ("9.86%", (Decimal("0.0986"), "0.00%")),
        ("-89.29%", (Decimal("-0.8929"), "0.00%")),
        ("100%", (Decimal(1), "0%")),
        ("'97%", ("97%", "")),
        ("≥5%", ("≥5%", "")),
        ("=0", ("=0", "")),
        ("#DIV/0!", (CellError("#DIV/0!"), "")),
        ("", (None, "")),
        (0, (Decimal(0), "")),
        (Decimal("4873.59"), (Decimal("4873.59"), "")),
    ],
)
def test_typed_as_excel_takes_it(raw: str | int | Decimal, cell: tuple[Value | None, str]) -> None:
    assert typed(raw) == cell


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("facts", [OVERALL, PROJECT], ids=["overall", "project"])
@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_file_reads_back_as_the_grid(facts: FormFacts, layout: Layout, ending: str, tmp_path: Path) -> None:
    form = (overall_form if facts is OVERALL else project_form)(layout, facts=facts)
    write_forms(tmp_path / f"表.{ending}", form)
    workbook = read_workbook(tmp_path / f"表.{ending}", "表").workbook
    assert workbook is not None
    (grid,) = workbook.grids
    expected = form.grid("表")
    assert grid.values == expected.values
    assert set(grid.merged) == set(expected.merged)
    assert grid.formats == expected.formats


def level_labels(form: Form) -> list[Value | None]:
    first, column = form.roles["indicator.1.level1"]
    return [form.drawing.cells[row, column].value for row in range(first, first + 4)]


def test_labels_over_several_rows_in_three_ways() -> None:
    label = "产出指标（50分）"
    assert level_labels(overall_form(Layout(labels="merged"))) == [label, None, None, None]
    assert level_labels(overall_form(Layout(labels="first_row"))) == [label, None, None, None]
    assert level_labels(overall_form(Layout(labels="repeated"))) == [label] * 4


def test_only_merged_labels_are_merged_downwards() -> None:
    tall = {
        labels: any(area.bottom > area.top for area in overall_form(Layout(labels=labels)).grid().merged)
        for labels in ("merged", "first_row", "repeated")
    }
    assert tall == {"merged": True, "first_row": False, "repeated": False}


def test_set_changes_exactly_one_cell() -> None:
    form = project_form()
    changed = form.set("funds.total.executed", Decimal("395.00"))
    at = form.roles["funds.total.executed"]
    before, after = form.grid().values, changed.grid().values
    assert {at for at in before if before[at] != after[at]} == {at}
    assert (form.cell("funds.total.executed"), before[at], after[at]) == (
        "F6",
        Decimal("390.00"),
        Decimal(395),
    )


def test_set_takes_what_a_department_types() -> None:
    form = (
        project_form().set("indicator.1.target", "").set("total.self_score", UnstoredFormula("=SUM(H1:H9)"))
    )
    values = form.set("funds.total.execution_rate", "九成").grid().values
    assert form.roles["indicator.1.target"] not in values
    assert values[form.roles["total.self_score"]] == UnstoredFormula("=SUM(H1:H9)")
    assert values[form.roles["funds.total.execution_rate"]] == "九成"


def test_formula_without_value_survives_the_file(tmp_path: Path) -> None:
    form = project_form().set("total.self_score", UnstoredFormula("=1+1"))
    write_forms(tmp_path / "表.xlsx", form)
    sheet = openpyxl.load_workbook(tmp_path / "表.xlsx")["附件3-1"]
    stored = openpyxl.load_workbook(tmp_path / "表.xlsx", data_only=True)["附件3-1"]
    assert sheet[form.cell("total.self_score")].value == "=1+1"
    assert stored[form.cell("total.self_score")].value is None


def test_header_is_repeated_and_no_label_reaches_over_it() -> None:
    form = project_form(Layout(header_before=(4,)))
    row, column = form.roles["header2.level3"]
    assert form.grid().value(row, column) == "三级指标"
    assert form.roles["indicator.4.level3"][0] == row + 1
    assert not [area for area in form.grid().merged if area.top < row <= area.bottom]
    assert form.grid().value(*form.roles["indicator.4.level1"]) == "产出指标（50分）"


def test_target_in_three_cells_under_one_header() -> None:
    form = project_form(Layout(target_cells="three"))
    row, column = form.roles["indicator.1.target.operator"]
    grid = form.grid()
    assert [grid.value(row, column + step) for step in range(3)] == ["≥", Decimal(36), "公里"]
    assert form.cell("indicator.1.target") == form.cell("indicator.1.target.figure")
    header = form.roles["header.target"]
    assert grid.area(*header) == Area(header[0], column, header[0], column + 2)


@pytest.mark.parametrize(
    ("layout", "columns"),
    [
        (Layout(), 9),
        (Layout(vertical_label=False), 8),
        (Layout(target_cells="three"), 11),
        (Layout(target_cells="headed", vertical_label=False), 10),
    ],
)
def test_number_of_columns(layout: Layout, columns: int) -> None:
    assert len(project_form(layout).drawing.widths) == columns


def test_yuan_is_ten_thousand_times_the_amount_and_says_so() -> None:
    form = overall_form(facts=in_yuan(OVERALL))
    values = form.grid().values
    assert values[form.roles["label.funds"]] == "年度预算申请（元）"
    assert values[form.roles["funds.total.executed"]] == Decimal(9735000)
    assert values[form.roles["special_account"]] == "-"


def test_generated_department_agrees_with_itself() -> None:
    overall, *projects = department_forms("云梦泽省虚构某局", 7)
    funds = overall.funds[0]
    assert len(projects) == PROJECTS
    spent = sum(Decimal(project.funds[0].executed) for project in projects)
    assert sum(Decimal(raw) for _, raw in overall.spending) == funds.executed
    assert overall.spending[1][1] == spent
    for form in (overall, *projects):
        row = form.funds[0]
        rate = round_half_up(Decimal(row.executed) / Decimal(row.annual_budget) * 100, 2)
        assert row.self_score == round_half_up(rate / 10, 2)
        parts = [row.self_score, *(indicator.self_score for indicator in form.indicators)]
        assert sum(Decimal(part) for part in parts) == form.total[1]


def test_generated_round_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first = write_round(tmp_path / "a", 2, seed=1)
    again = write_round(tmp_path / "b", 2, seed=1)
    other = write_round(tmp_path / "c", 2, seed=2)
    names = ["round.toml", "云梦泽省虚构第1局.xlsx", "云梦泽省虚构第2局.xlsx"]
    assert sorted(path.name for path in first.iterdir()) == names
    assert [(first / name).read_bytes() for name in names] == [(again / name).read_bytes() for name in names]
    assert (first / names[1]).read_bytes() != (other / names[1]).read_bytes()
