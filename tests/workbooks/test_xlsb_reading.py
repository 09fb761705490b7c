"""What the binary records of an .xlsb become."""

from __future__ import annotations

import struct
from datetime import date
from decimal import Decimal
from struct import pack

import pytest

from jixiao.domain.cells import Area, CellError, Value
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.xlsb_reading import read_xlsb
from tests.builders.files import package, record, wide, xlsb_parts, xlsb_row

HEAD = pack("<II", 0, 0)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (record(2, HEAD + pack("<i", 95 << 2 | 2)), Decimal(95)),
        (record(2, HEAD + pack("<i", -9554 << 2 | 3)), Decimal("-95.54")),
        (record(2, HEAD + pack("<d", 0.75)[4:]), Decimal("0.75")),
        (record(2, HEAD + pack("<I", int.from_bytes(pack("<d", 150.0)[4:], "little") | 1)), Decimal("1.5")),
        (record(5, HEAD + pack("<d", 0.9554)), Decimal("0.9554")),
        (record(9, HEAD + pack("<d", 12.5) + bytes(6)), Decimal("12.5")),
        (record(3, HEAD + b"\x07"), CellError("#DIV/0!")),
        (record(11, HEAD + b"\x2a" + bytes(6)), CellError("#N/A")),
        (record(4, HEAD + b"\x01"), True),
        (record(10, HEAD + b"\x00" + bytes(6)), False),
        (record(6, HEAD + wide("甲")), "甲"),
        (record(8, HEAD + wide("甲" * 200) + bytes(6)), "甲" * 200),
        (record(62, HEAD + b"\x01" + wide("甲乙") + bytes(4)), "甲乙"),
        (record(7, HEAD + pack("<I", 1)), "第二"),
        (record(5, pack("<II", 0, 2) + pack("<d", 45657.0)), date(2024, 12, 31)),
    ],
)
def test_a_value_is_what_its_record_says(cell: bytes, value: Value) -> None:
    (grid,), _ = read_xlsb(package(xlsb_parts(xlsb_row(4) + cell, texts=("第一", "第二"))), "a.xlsb")
    assert grid.values == {(4, 0): value}


def test_blank_cells_formats_merges_and_visibility() -> None:
    number = pack("<d", 0.5)
    records = (
        record(60, pack("<IIIIH", 1, 16_383, 2304, 0, 1))
        + xlsb_row(0)
        + record(1, HEAD)
        + record(5, pack("<II", 1, 1) + number)
        + xlsb_row(1, hidden=True)
        + record(5, pack("<II", 2, 0xFF000000) + number)
        + record(176, pack("<4I", 0, 1, 0, 0))
    )
    (grid,), properties = read_xlsb(package(xlsb_parts(records, name="附件3-2 (2)")), "a.xlsb")
    assert (grid.sheet, grid.hidden, properties) == ("附件3-2 (2)", False, {})
    assert grid.values == {(0, 1): Decimal("0.5"), (1, 2): Decimal("0.5")}
    assert grid.formats == {(0, 1): "0.00%"}
    assert grid.merged == (Area(0, 0, 1, 0),)
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({1}), frozenset({1, 2}))


def test_sheets_are_related_by_id_and_texts_may_be_absent() -> None:
    parts = xlsb_parts(xlsb_row(0) + record(5, HEAD + pack("<d", 1.0)))
    lost = record(156, pack("<III", 0, 2, 0xFFFFFFFF) + wide("丢失"))
    parts["xl/workbook.bin"] = record(156, pack("<II", 0, 1) + wide("r1") + wide("一")) + lost
    with pytest.raises(RefusalError) as caught:
        read_xlsb(package(parts), "a.xlsb")
    assert (caught.value.code, caught.value.figures) == ("F101", {"detail": "工作表“丢失”没有内容"})


def test_hidden_sheets_and_the_calendar_of_1904() -> None:
    parts = xlsb_parts(xlsb_row(0) + record(5, pack("<II", 0, 2) + pack("<d", 0.0)))
    parts["xl/workbook.bin"] = record(153, b"\x01" + bytes(7)) + record(
        156, pack("<II", 2, 1) + wide("r1") + wide("隐")
    )
    (grid,), _ = read_xlsb(package(parts), "a.xlsb")
    assert (grid.sheet, grid.hidden, grid.values) == ("隐", True, {(0, 0): date(1904, 1, 1)})


@pytest.mark.parametrize(
    "records",
    [
        xlsb_row(0) + record(7, HEAD + pack("<I", 9)),
        xlsb_row(0) + record(6, HEAD + pack("<I", 99)),
        xlsb_row(0) + record(5, HEAD + b"\x00"),
        b"\x00\xff",
    ],
)
def test_a_broken_record_is_never_guessed(records: bytes) -> None:
    with pytest.raises((IndexError, struct.error)):
        read_xlsb(package(xlsb_parts(records)), "a.xlsb")


def test_where_formulas_stand() -> None:
    def at(column: int, kind: int, rest: bytes) -> bytes:
        return record(kind, pack("<II", column, 0) + rest)

    records = (
        xlsb_row(2)
        + at(0, 5, pack("<d", 1.0))
        + at(1, 9, pack("<d", 2.0) + bytes(6))
        + at(2, 6, wide("甲"))
        + at(3, 8, wide("乙") + bytes(6))
        + at(4, 11, b"\x07" + bytes(6))
    )
    (grid,), _ = read_xlsb(package(xlsb_parts(records)), "a.xlsb")
    assert grid.formulas == frozenset({(2, 1), (2, 3), (2, 4)})
