from __future__ import annotations

import tomllib
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlrd

from jixiao.domain.amounts import show
from tests.drawing.build import INPUTS, build
from tests.drawing.facts import FOLDER, FormFacts, load_workbooks
from tests.drawing.layout import draw

if TYPE_CHECKING:
    from pathlib import Path

    from tests.drawing.drawing import Drawing

EXAMPLE = "hunan-2024"
COMMITTED = INPUTS / EXAMPLE
WORKBOOKS = {
    workbook.file: workbook
    for path in sorted((FOLDER / EXAMPLE / "departments").glob("*.toml"))
    for workbook in load_workbooks(path)
}
PLANTED = tomllib.loads((FOLDER / EXAMPLE / "planted.toml").read_text(encoding="utf-8"))["files"]
FINDINGS = [(table["file"], row) for table in PLANTED for row in table["findings"]]

Contents = dict[str, tuple[dict[str, object], set[str]]]


def contents(path: Path) -> Contents:
    """Values and merged ranges by sheet, as another library than the builder's reads them."""
    return xls_contents(path) if path.suffix == ".xls" else xlsx_contents(path)


def xlsx_contents(path: Path) -> Contents:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: (
            {
                cell.coordinate: cell.value
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            },
            {str(area) for area in sheet.merged_cells.ranges},
        )
        for sheet in book.worksheets
    }


def xls_contents(path: Path) -> Contents:
    book = xlrd.open_workbook(path, formatting_info=True)
    return {
        sheet.name: (
            {
                f"{row},{column}": sheet.cell_value(row, column)
                for row in range(sheet.nrows)
                for column in range(sheet.ncols)
            },
            {str(area) for area in sheet.merged_cells},
        )
        for sheet in book.sheets()
    }


def forms() -> list[tuple[str, FormFacts]]:
    return [
        (workbook.file, sheet)
        for workbook in WORKBOOKS.values()
        for sheet in workbook.sheets
        if isinstance(sheet, FormFacts)
    ]


def drawing(file: str, sheet: str) -> Drawing:
    return next(draw(facts) for facts in WORKBOOKS[file].sheets if facts.sheet == sheet)


def planted(code: str) -> list[tuple[str, str]]:
    return [(file, row["sheet"]) for file, row in FINDINGS if row["code"] == code]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    build(EXAMPLE, folder)
    return folder


def test_inputs_are_what_the_facts_build_and_the_officers_own_files() -> None:
    found = {path.relative_to(COMMITTED).as_posix() for path in COMMITTED.rglob("*") if path.is_file()}
    assert found == {*WORKBOOKS, "round.toml", "报送说明.txt"}


@pytest.mark.parametrize("file", [file for file, workbook in WORKBOOKS.items() if workbook.sheets])
def test_committed_workbook_holds_what_its_facts_build(file: str, rebuilt: Path) -> None:
    assert contents(COMMITTED / file) == contents(rebuilt / file)


@pytest.mark.parametrize("file", [file for file, workbook in WORKBOOKS.items() if workbook.text])
def test_committed_text_file_holds_what_its_facts_say(file: str) -> None:
    assert (COMMITTED / file).read_text(encoding="utf-8") == WORKBOOKS[file].text


def test_building_twice_gives_the_same_bytes(rebuilt: Path, tmp_path: Path) -> None:
    again = build(EXAMPLE, tmp_path)
    assert len(again) == len(WORKBOOKS)
    assert [path.read_bytes() for path in again] == [(rebuilt / file).read_bytes() for file in WORKBOOKS]


def test_execution_rate_is_a_formula_with_its_value_stored() -> None:
    path = COMMITTED / "省委金融办2024年度绩效自评表.xlsx"
    formula = openpyxl.load_workbook(path)["附件2"]["H5"]
    stored = openpyxl.load_workbook(path, data_only=True)["附件2"]["H5"]
    assert (formula.value, formula.number_format) == ("=F5/E5", "0.00%")
    assert stored.value == 4943.35 / 5173.99


@pytest.mark.parametrize(
    ("sheet", "executed", "total"),
    [
        ("附件2", "4943.35", "96.55"),
        ("附件3-1", "358.02", "98.72"),
        ("附件3-2", "195.96", "99.65"),
        ("附件3-3", "419.55", "97.93"),
        ("附件3-4", "112.88", "97.63"),
        ("附件3-5", "1442.20", "100"),
        ("附件3-6", "68.83", "100"),
    ],
)
def test_published_figures_stand_in_the_facts(sheet: str, executed: str, total: str) -> None:
    facts = next(facts for _, facts in forms() if facts.sheet == sheet and "湖南" in facts.department)
    assert (facts.funds[0].executed, facts.total[1]) == (Decimal(executed), Decimal(total))


def test_carryover_of_the_published_forms_is_what_the_composite_needs() -> None:
    funds = {
        facts.sheet: Decimal(facts.funds[0].executed) for _, facts in forms() if "湖南" in facts.department
    }
    basic = Decimal("2291.01")
    assert funds.pop("附件2") - basic - sum(funds.values()) == Decimal("54.90")


def scores_add_up(facts: FormFacts) -> bool:
    parts = [facts.funds[0].self_score, *(row.self_score for row in facts.indicators)]
    return sum((Decimal(part) for part in parts), Decimal(0)) == Decimal(facts.total[1])


def test_totals_differ_from_their_sum_only_where_it_was_planted() -> None:
    filled = [(file, facts) for file, facts in forms() if facts.department]
    wrong = [(file, facts.sheet) for file, facts in filled if not scores_add_up(facts)]
    assert wrong == planted("S106")


def test_weights_differ_from_100_only_where_it_was_planted() -> None:
    filled = [(file, facts) for file, facts in forms() if facts.department]
    weights = [
        (
            file,
            facts.sheet,
            sum(Decimal(row.weight) for row in facts.indicators) + Decimal(facts.funds[0].weight),
        )
        for file, facts in filled
    ]
    assert [(file, sheet) for file, sheet, weight in weights if weight != 100] == planted("S101")


@pytest.mark.parametrize(("file", "row"), [(file, row) for file, row in FINDINGS if "reported" in row])
def test_planted_cell_shows_the_figure_reported(file: str, row: dict[str, str]) -> None:
    shown = drawing(file, row["sheet"])
    at = next(at for role, at in shown.roles.items() if shown.address(role) == row["cell"])
    assert row["reported"] in renderings(shown, at)


def renderings(shown: Drawing, at: tuple[int, int]) -> set[str]:
    """A cell's value as text, as an amount and as a percentage; of a title, the year in front."""
    value = shown.cells[at].value
    if isinstance(value, Decimal):
        return {show(value), f"{value * 100:.2f}%"}
    return {value, value[:4]} if isinstance(value, str) else {getattr(value, "text", "")}


def test_every_planted_place_exists() -> None:
    sheets = {(file, sheet.sheet) for file, workbook in WORKBOOKS.items() for sheet in workbook.sheets}
    places = {(file, row["sheet"]) for file, row in FINDINGS if "sheet" in row}
    files = {file for file, row in FINDINGS if "sheet" not in row}
    assert places <= sheets
    assert files <= {*WORKBOOKS, ""}


def test_unmerged_labels_are_drawn_once_and_not_over_the_group() -> None:
    shown = drawing("云梦泽省虚构文博局/整体支出自评.xlsx", "Sheet1")
    rows = [shown.roles[f"indicator.{number}.level3"][0] for number in range(1, 5)]
    column = shown.roles["indicator.1.level1"][1]
    assert all(below == above + 1 for above, below in pairwise(rows))
    assert [shown.cells[row, column].value for row in rows] == ["产出指标（50分）", None, None, None]
