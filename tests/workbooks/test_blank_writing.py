from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from jixiao.blanks.forms import arrange
from jixiao.domain.cells import UnstoredFormula
from jixiao.domain.own_sheets import FORM_NAME
from jixiao.workbooks.blank_writing import write_blank
from jixiao.workbooks.reading import read_workbook
from tests.builders.blanks import order_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FORM = arrange(order_of("hunan-provincial", "project-self-evaluation"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "t.xlsx"
    write_blank(path, FORM)
    return path


@pytest.fixture(scope="module")
def sheet(path: Path) -> "Worksheet":
    return load_workbook(path).worksheets[0]


def address(name: str) -> str:
    area = next(cell.area for cell in FORM.cells if cell.name == name)
    return f"{chr(ord('A') + area.left)}{area.top + 1}"


def test_only_inputs_can_be_changed(sheet: "Worksheet") -> None:
    assert sheet.protection.sheet
    assert not sheet.protection.password
    opened = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    corners = {address(name) for name in FORM.inputs}
    assert corners <= opened
    assert address("funds.total.weight") not in opened
    assert address("funds.total.execution_rate") not in opened


def test_entries_are_checked_and_explained(sheet: "Worksheet") -> None:
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    score = rules[address("indicators.1.self_score")]
    assert (score.type, score.formula1, score.formula2) == ("decimal", "0.0", address("indicators.1.weight"))
    assert score.prompt == "填本指标的自评得分，不超过分值。"
    grade = rules[address("grade")]
    assert (grade.type, grade.formula1) == ("list", '"优,良,中,差"')
    target = rules[address("indicators.1.target")]
    assert (target.type, target.promptTitle) == (None, "年度指标值")


def test_every_formula_stores_its_value(path: Path) -> None:
    workbook = read_workbook(path, "t").workbook
    assert workbook is not None
    values = workbook.grids[0].values.values()
    assert not [value for value in values if isinstance(value, UnstoredFormula)]


def test_texts_stay_as_typed(sheet: "Worksheet") -> None:
    assert sheet[address("indicators.1.target")].number_format == "@"
    assert sheet[address("funds.fiscal.executed")].number_format == "#,##0.00"
    assert sheet[address("funds.total.execution_rate")].number_format == "0.00%"


def test_paper(sheet: "Worksheet") -> None:
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert FORM.header is not None
    assert sheet.print_title_rows == f"${FORM.header + 1}:${FORM.header + 1}"


def test_fingerprint_stands_in_properties_and_on_the_sheet(path: Path) -> None:
    workbook = read_workbook(path, "t").workbook
    assert workbook is not None
    assert FORM.fingerprint.properties.items() <= workbook.properties.items()
    assert workbook.grids[0].names == {FORM_NAME: "project-self-evaluation|hunan-provincial|2024"}


def test_same_form_gives_same_bytes(path: Path, tmp_path: Path) -> None:
    write_blank(tmp_path / "t.xlsx", FORM)
    assert (tmp_path / "t.xlsx").read_bytes() == path.read_bytes()
