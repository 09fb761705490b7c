from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from jixiao.domain.cells import Area, CellError, UnstoredFormula
from jixiao.workbooks.edited import read_edited
from jixiao.workbooks.refusals import RefusalError

if TYPE_CHECKING:
    from pathlib import Path


def test_cells_come_as_they_stand(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "方案"
    day = datetime(2025, 4, 30)  # noqa: DTZ001 - a cell's date has no zone
    sheet.append(["甲", 0.8, True, "=B1*2", "#REF!", day])
    sheet["B1"].number_format = "0%"
    sheet.merge_cells("A2:B3")
    sheet["A2"] = 90
    book.create_sheet("其他").sheet_state = "hidden"
    book.save(tmp_path / "b.xlsx")
    first, second = read_edited(tmp_path / "b.xlsx", "b.xlsx")
    assert first.values == {
        (0, 0): "甲",
        (0, 1): Decimal("0.8"),
        (0, 2): True,
        (0, 3): UnstoredFormula("=B1*2"),
        (0, 4): CellError("#REF!"),
        (0, 5): day,
        (1, 0): Decimal(90),
    }
    assert first.formats[0, 1] == "0%"
    assert first.merged == (Area(1, 0, 2, 1),)
    assert (first.file, first.sheet, first.hidden) == ("b.xlsx", "方案", False)
    assert (second.sheet, second.hidden, second.values) == ("其他", True, {})


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_text("不是工作簿", encoding="utf-8")
    with pytest.raises(RefusalError) as refusal:
        read_edited(tmp_path / "b.xlsx", "b.xlsx")
    assert refusal.value.code == "F101"
