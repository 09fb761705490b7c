"""What xlrd's view of a BIFF file becomes."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from struct import pack

import pytest
import xlwt

from jixiao.domain.cells import Area, CellError
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.xls_reading import properties_of, read_xls
from tests.builders import files


def test_values_formats_and_visibility() -> None:
    book = files.xls_book(
        files.Sheet({(0, 0): "标题", (0, 1): Decimal("0.9554")}, percents=frozenset({(0, 1)}))
    )
    page = book.get_sheet(0)
    moment = datetime(2024, 12, 31, 8, 30)  # noqa: DTZ001  cells have no time zone
    page.write(1, 0, moment, xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm"))
    page.write(1, 1, date(2024, 12, 31), xlwt.easyxf(num_format_str='yyyy"年"m"月"'))
    page.write(1, 2, time(8, 30), xlwt.easyxf(num_format_str="h:mm"))
    page.write(2, 0, value := True)
    page.row(2).set_cell_error(1, "#DIV/0!")
    page.write(2, 2, "", xlwt.easyxf("borders: left thin"))
    page.write_merge(3, 4, 0, 1, "合并")
    page.write(5, 5, 1)
    page.row(5).hidden = True
    page.col(5).hidden = True
    old = book.add_sheet("旧")
    old.write(0, 0, 7)
    old.visibility = 1
    (grid, hidden), properties = read_xls(files.saved(book), "a.xls")
    assert grid.values == {
        (0, 0): "标题",
        (0, 1): Decimal("0.9554"),
        (1, 0): moment,
        (1, 1): date(2024, 12, 31),
        (1, 2): time(8, 30),
        (2, 0): value,
        (2, 1): CellError("#DIV/0!"),
        (3, 0): "合并",
        (5, 5): Decimal(1),
    }
    assert grid.formats == {
        (0, 1): "0.00%",
        (1, 0): "yyyy-mm-dd hh:mm",
        (1, 1): 'yyyy"年"m"月"',
        (1, 2): "h:mm",
    }
    assert grid.merged == (Area(3, 0, 4, 1),)
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({5}), frozenset({5}))
    assert (hidden.sheet, hidden.hidden, hidden.values) == ("旧", True, {(0, 0): Decimal(7)})
    assert properties == {}


def test_dates_may_be_counted_from_1904() -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    book.add_sheet("a").write(0, 0, 0, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    (grid,), _ = read_xls(files.saved(book), "a.xls")
    assert grid.values == {(0, 0): date(1904, 1, 1)}


def stream(*records: bytes) -> bytes:
    """A compound document with these BIFF records after the beginning of a BIFF8 workbook."""
    begin = pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 1997, 0, 6)
    return files.compound("Workbook", (begin + b"".join(records)).ljust(4096, b"\x00"))


def refusal(data: bytes) -> tuple[str, dict[str, str]]:
    with pytest.raises(RefusalError) as caught:
        read_xls(data, "a.xls")
    return caught.value.code, dict(caught.value.figures)


def test_a_password_is_recognised() -> None:
    encrypted = stream(pack("<HHHHHH", 0x002F, 6, 1, 1, 1, 0))
    assert refusal(encrypted) == ("F102", {"detail": "工作簿设有打开密码"})


def test_a_stream_without_workbook_is_damage() -> None:
    assert refusal(files.compound("Workbook")) == ("F101", {"detail": "工作簿内部结构不完整"})


def test_document_properties_are_read() -> None:
    """A summary with the one property 13, the time of the last save, in 100 ns since 1601."""
    days = (datetime(2025, 3, 1) - datetime(1601, 1, 1)).days  # noqa: DTZ001  the format has no time zone
    section = pack("<IIIIIQ", 28, 1, 13, 16, 64, days * 86_400 * 10_000_000)
    summary = bytes(24) + pack("<I16sI", 1, bytes(16), 48) + section
    data = files.compound("\x05SummaryInformation", summary.ljust(4096, b"\x00"))
    assert properties_of(data) == {"modified": "2025-03-01T00:00:00Z"}


@pytest.mark.parametrize("data", [b"", files.compound("\x05SummaryInformation", b"\xff" * 4096)])
def test_a_broken_summary_does_not_matter(data: bytes) -> None:
    assert properties_of(data) == {}


def test_where_formulas_stand_is_read_from_the_records() -> None:
    book = files.xls_book(files.Sheet({(0, 0): Decimal(1), (1, 0): Decimal(2)}))
    book.get_sheet(0).write(2, 0, xlwt.Formula("SUM(A1:A2)"))
    book.get_sheet(0).write(2, 3, xlwt.Formula('"甲"&"乙"'))
    book.add_sheet("无").write(0, 0, 7)
    book.add_sheet("有").write(5, 1, xlwt.Formula("1+1"))
    grids, _ = read_xls(files.saved(book), "a.xls")
    assert [grid.formulas for grid in grids] == [{(2, 0), (2, 3)}, frozenset(), {(5, 1)}]
