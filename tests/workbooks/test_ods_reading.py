"""What one pass over an .ods finds, tag by tag."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.cells import Area, CellError, UnstoredFormula, Value
from jixiao.workbooks.ods_reading import read_ods
from jixiao.workbooks.refusals import RefusalError
from tests.builders import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Grid


def sheets(tables: str, styles: str = "") -> tuple[Grid, ...]:
    return read_ods(files.package(files.ods_parts(tables, styles)), "a.ods")[0]


def sheet(inner: str) -> Grid:
    (grid,) = sheets(f'<table:table table:name="表一">{inner}</table:table>')
    return grid


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def cell(attributes: str, inner: str = "") -> str:
    return f"<table:table-cell {attributes}>{inner}</table:table-cell>"


FLOAT = 'office:value-type="float" office:value="{}"'


@pytest.mark.parametrize(
    ("attributes", "inner", "value"),
    [
        (FLOAT.format("95.540000000000006"), "<text:p>95.54</text:p>", Decimal("95.54")),
        ('office:value-type="currency" office:value="10"', "<text:p>￥10.00</text:p>", Decimal(10)),
        ('office:value-type="string"', "<text:p>一</text:p><text:p>二</text:p>", "一\n二"),
        (
            'office:value-type="string"',
            "<text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d</text:p>",
            "a  b\tc\nd",
        ),
        (
            'office:value-type="string"',
            "<text:p>a<text:s/><text:span>b<text:a>c</text:a></text:span>d</text:p>",
            "a bcd",
        ),
        (
            'office:value-type="string"',
            "<office:annotation><text:p>批注</text:p></office:annotation><text:p>值</text:p>",
            "值",
        ),
        ('office:value-type="string" office:string-value="甲" table:formula="of:=[.B1]"', "", "甲"),
        ("", "<text:p>甲</text:p>", "甲"),
        ('office:value-type="boolean" office:boolean-value="true"', "<text:p>TRUE</text:p>", True),
        ('office:value-type="boolean" office:boolean-value="false"', "<text:p>FALSE</text:p>", False),
        ('office:value-type="date" office:date-value="2024-12-31"', "<text:p>x</text:p>", date(2024, 12, 31)),
        (
            'office:value-type="date" office:date-value="2024-12-31T08:30:00"',
            "<text:p>x</text:p>",
            datetime(2024, 12, 31, 8, 30),  # noqa: DTZ001  cells have no time zone
        ),
        ('office:value-type="date" office:date-value="24年"', "<text:p>x</text:p>", "24年"),
        ('office:value-type="time" office:time-value="PT08H30M00S"', "<text:p>x</text:p>", time(8, 30)),
        (
            'office:value-type="time" office:time-value="PT36H00M00.5S"',
            "<text:p>x</text:p>",
            timedelta(hours=36, seconds=0.5),
        ),
        ('office:value-type="time" office:time-value="8点"', "<text:p>x</text:p>", "8点"),
        (
            'office:value-type="string" calcext:value-type="error"',
            "<text:p>Err:502</text:p>",
            CellError("Err:502"),
        ),
        (f'table:formula="of:=1/0" {FLOAT.format("0")}', "<text:p>#DIV/0!</text:p>", CellError("#DIV/0!")),
        ('table:formula="of:=[.B1]+1"', "", UnstoredFormula("=[.B1]+1")),
    ],
)
def test_a_value_is_what_its_cell_says(attributes: str, inner: str, value: Value) -> None:
    assert sheet(row(cell(attributes, inner))).values == {(0, 0): value}


@pytest.mark.parametrize(("shown", "code"), [("95.54%", "0.00%"), ("96%", "0%"), ("95.5 %", "0.0%")])
def test_a_percentage_has_the_decimals_it_shows(shown: str, code: str) -> None:
    attributes = 'office:value-type="percentage" office:value="0.9554"'
    grid = sheet(row(cell(attributes, f"<text:p>{shown}</text:p>")))
    assert (grid.values, grid.formats) == ({(0, 0): Decimal("0.9554")}, {(0, 0): code})


def test_repetitions_are_expanded_where_there_are_values_only() -> None:
    number = cell(FLOAT.format("3") + ' table:number-columns-repeated="2"', "<text:p>3</text:p>")
    grid = sheet(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/>' + number + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert grid.values == {(0, 1): 3, (0, 2): 3, (1, 1): 3, (1, 2): 3}


def test_values_repeated_without_end_are_too_many() -> None:
    inner = (
        '<table:table-row table:number-rows-repeated="1048576">'
        + cell(FLOAT.format("3") + ' table:number-columns-repeated="16384"', "<text:p>3</text:p>")
        + "</table:table-row>"
    )
    with pytest.raises(RefusalError) as caught:
        sheet(inner)
    assert (caught.value.code, caught.value.figures["limit"]) == ("F103", "500000 个非空单元格")


def test_merges_and_hidden_parts() -> None:
    merged = cell('table:number-columns-spanned="2" table:number-rows-spanned="2"', "<text:p>标题</text:p>")
    covered = "<table:covered-table-cell><text:p>盖住</text:p></table:covered-table-cell>"
    last = cell("", "<text:p>末</text:p>")
    grid = sheet(
        "<table:table-column/>"
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="16383"/>'
        "<table:table-header-rows>"
        + row(merged, covered)
        + "</table:table-header-rows><table:table-row-group>"
        + f'<table:table-row table:visibility="filter">{covered * 2}{last}</table:table-row>'
        + "</table:table-row-group>"
    )
    assert grid.values == {(0, 0): "标题", (1, 2): "末"}
    assert grid.merged == (Area(0, 0, 1, 1),)
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({1}), frozenset({1, 2}))


def test_hidden_linked_and_nested_tables() -> None:
    one = row(cell("", "<text:p>甲</text:p>"))
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    nested = row(
        cell("", f"<text:p>乙</text:p><table:table>{one}{one}</table:table>"), cell("", "<text:p>丙</text:p>")
    )
    grids = sheets(
        f'<table:table table:name="显">{nested}{one}</table:table>'
        f'<table:table table:name="隐" table:style-name="ta2">{one}</table:table>'
        f'<table:table table:name="外"><table:table-source/>{one}</table:table>'
        f"<table:table>{one}</table:table>",
        style,
    )
    assert [(grid.sheet, grid.hidden, grid.values) for grid in grids] == [
        ("显", False, {(0, 0): "乙", (0, 1): "丙", (1, 0): "甲"}),
        ("隐", True, {(0, 0): "甲"}),
    ]


def test_document_properties_are_read() -> None:
    parts = files.ods_parts("") | {
        "meta.xml": (
            '<m xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="urn:dc">'
            "<dc:date>2025-03-01T08:00:00</dc:date>"
            '<meta:user-defined meta:name="模板">甲 1</meta:user-defined></m>'
        )
    }
    assert read_ods(files.package(parts), "a.ods") == (
        (),
        {"modified": "2025-03-01T08:00:00", "模板": "甲 1"},
    )


def refusal(parts: Mapping[str, str | bytes]) -> tuple[str, Mapping[str, str]]:
    with pytest.raises(RefusalError) as caught:
        read_ods(files.package(parts), "a.ods")
    return caught.value.code, caught.value.figures


def test_a_password_is_recognised() -> None:
    parts = files.ods_parts("") | {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    assert refusal(parts) == ("F102", {"detail": "文档设有打开密码"})


def test_a_missing_content_is_damage() -> None:
    assert refusal({"mimetype": "x"}) == ("F101", {"detail": "缺少部件 content.xml"})


def test_where_formulas_stand() -> None:
    number, formula = FLOAT.format("2"), 'table:formula="of:=SUM([.A1:.A2])"'
    repeated = f'{formula} {number} table:number-columns-repeated="2"'
    empty = f'{formula} office:value-type="string"'
    grid = sheet(row(cell(number, "<text:p>2</text:p>"), cell(repeated, "<text:p>2</text:p>"), cell(empty)))
    assert grid.formulas == frozenset({(0, 1), (0, 2)})
