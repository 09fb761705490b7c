"""What one pass over an .xlsx finds, tag by tag."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.domain.cells import Area, CellError, UnstoredFormula, Value
from jixiao.workbooks import xlsx_reading
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.xlsx_reading import read_xlsx
from tests.builders import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jixiao.domain.cells import Grid, Position

STYLES = """
<numFmts><numFmt numFmtId="164" formatCode="0.0%"/>
<numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>
<numFmt numFmtId="166" formatCode="G/通用格式"/></numFmts>
<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/>
<xf numFmtId="46"/><xf numFmtId="20"/><xf/></cellXfs>
<dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs>
"""
TEXTS = """
<si><t>农业</t></si>
<si><r><t>二</t></r><r><rPr/><t xml:space="preserve"> 行\n</t></r><rPh sb="0" eb="1"><t>ni</t></rPh></si>
<si><t/></si><si><t>a_x000D_b_x005F_</t></si><si><t>_xD800_</t></si>
"""


def sheet(inner: str, properties: str = "") -> Grid:
    parts = files.xlsx_parts(inner, styles=STYLES, texts=TEXTS, properties=properties)
    (grid,), _ = read_xlsx(files.package(parts), "a.xlsx")
    return grid


def values(*cells: str) -> Mapping[Position, Value]:
    return sheet(files.rows(*cells)).values


def refusal(parts: Mapping[str, str | bytes]) -> tuple[str, Mapping[str, str]]:
    with pytest.raises(RefusalError) as caught:
        read_xlsx(files.package(parts), "a.xlsx")
    return caught.value.code, caught.value.figures


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><v>10</v></c>", Decimal(10)),
        ("<c><v>95.540000000000006</v></c>", Decimal("95.54")),
        ('<c t="n"><v>-1E-3</v></c>', Decimal("-0.001")),
        ("<c><v>NaN</v></c>", CellError("#NUM!")),
        ('<c t="s"><v>0</v></c>', "农业"),
        ('<c t="s"><v>1</v></c>', "二 行\n"),
        ('<c t="s"><v>3</v></c>', "a\rb_"),
        ('<c t="s"><v>4</v></c>', "�"),
        ('<c t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>', "甲乙"),
        ('<c t="inlineStr"><v>甲</v></c>', "甲"),
        ('<c t="str"><f>A2</f><v> 甲 </v></c>', " 甲 "),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="b"><v>0</v></c>', False),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('<c t="d"><v>2024-12-31</v></c>', date(2024, 12, 31)),
        ("<c><f>B1+1</f></c>", UnstoredFormula("=B1+1")),
        ("<c><f>B1+1</f><v></v></c>", UnstoredFormula("=B1+1")),
        ('<c><f t="shared" si="0"/><v/></c>', UnstoredFormula("=")),
        ('<c s="1"><v>0.9554</v></c>', Decimal("0.9554")),
        ('<c s="3"><v>45657</v></c>', date(2024, 12, 31)),
        ('<c s="5"><v>1.5</v></c>', timedelta(hours=36)),
        ('<c s="6"><v>0.75</v></c>', time(18)),
        ('<c s=""><v>1</v></c>', Decimal(1)),
        ('<c s="99"><v>1</v></c>', Decimal(1)),
    ],
)
def test_a_value_is_what_its_cell_says(cell: str, value: Value) -> None:
    assert values(cell) == {(0, 0): value}


@pytest.mark.parametrize(
    "cell",
    [
        "<c/>",
        '<c s="1"/>',
        "<c><v/></c>",
        '<c t="s"><v>2</v></c>',
        '<c t="str"><f>A2</f><v></v></c>',
        "<c><is/></c>",
    ],
)
def test_a_cell_without_content_is_absent(cell: str) -> None:
    assert values(cell, '<c r="B2"><v>1</v></c>') == {(1, 1): Decimal(1)}


def test_formats_other_than_general_are_kept() -> None:
    cells = "".join(f'<c s="{style}"><v>1</v></c>' for style in (0, 1, 2, 3, 4, 7))
    grid = sheet(files.rows(cells + '<c s="1"/>'))
    assert grid.formats == {(0, 1): "0.00%", (0, 2): "0.0%", (0, 3): 'yyyy"年"m"月"'}


def test_positions_come_from_references_and_else_from_order() -> None:
    inner = (
        '<dimension ref="A1"/><sheetData><row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c>'
        '<c r="AA3"><v>3</v></c></row>'
        "<row><c><v>4</v></c></row></sheetData>"
    )
    assert sheet(inner).values == {(2, 1): 1, (2, 2): 2, (2, 26): 3, (3, 0): 4}


def test_dates_may_be_counted_from_1904() -> None:
    grid = sheet(files.rows('<c s="3"><v>0</v></c>'), properties='date1904="1"')
    assert grid.values == {(0, 0): date(1904, 1, 1)}


def test_merges_and_hidden_parts_are_clipped_to_what_is_used() -> None:
    inner = (
        '<cols><col min="2" max="16384" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>9</v></c></row>'
        '<row r="2" hidden="1"><c r="C2"><v>2</v></c></row><row r="4" hidden="true"/></sheetData>'
        '<mergeCells><mergeCell ref="A2:A1048576"/><mergeCell ref="A1:B1"/>'
        '<mergeCell ref="C1:C2"/><mergeCell ref="F9:G9"/></mergeCells>'
    )
    grid = sheet(inner)
    assert grid.values == {(0, 0): 1, (0, 2): 9}
    assert grid.merged == (Area(0, 0, 0, 1),)
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset(), frozenset({1, 2}))


def test_hidden_rows_with_values_are_known() -> None:
    inner = '<sheetData><row r="2" hidden="1"><c r="A2"><v>1</v></c></row></sheetData>'
    assert sheet(inner).hidden_rows == frozenset({1})


def test_tags_may_have_a_prefix() -> None:
    parts = files.xlsx_parts("")
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{files.MAIN}"><x:sheetData>'
        '<x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    )
    (grid,), _ = read_xlsx(files.package(parts), "a.xlsx")
    assert grid.values == {(0, 0): Decimal(7)}


def test_part_names_may_differ_in_case_and_slashes() -> None:
    parts = {
        name.upper().replace("/", "\\"): content
        for name, content in files.xlsx_parts(files.rows("<c><v>7</v></c>")).items()
    }
    (grid,), _ = read_xlsx(files.package(parts), "a.xlsx")
    assert grid.values == {(0, 0): Decimal(7)}


def test_only_worksheets_are_read_in_the_order_of_their_tabs(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "表" * 31
    first["A1"] = 1
    book.create_chartsheet("图")
    book.create_sheet("旧")["A1"] = 2
    book.create_sheet("深")["A1"] = 3
    book["旧"].sheet_state = "hidden"
    book["深"].sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    grids, _ = read_xlsx((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert [(grid.sheet, grid.hidden) for grid in grids] == [("表" * 31, False), ("旧", True), ("深", True)]


def test_document_properties_are_read() -> None:
    parts = files.xlsx_parts(files.rows("<c><v>7</v></c>")) | {
        "docProps/core.xml": '<p xmlns:d="urn:d"><d:modified>2025-03-01T08:00:00Z</d:modified></p>',
        "docProps/custom.xml": '<P><property name="模板"><lpwstr>甲 1</lpwstr></property></P>',
    }
    _, properties = read_xlsx(files.package(parts), "a.xlsx")
    assert properties == {"modified": "2025-03-01T08:00:00Z", "模板": "甲 1"}


def test_damaged_properties_do_not_matter() -> None:
    parts = files.xlsx_parts(files.rows("<c><v>7</v></c>")) | {"docProps/core.xml": "<p>"}
    (grid,), properties = read_xlsx(files.package(parts), "a.xlsx")
    assert (grid.values, properties) == ({(0, 0): Decimal(7)}, {})


def test_a_missing_sheet_part_is_damage() -> None:
    parts = files.xlsx_parts("", "")
    del parts["xl/worksheets/sheet2.xml"]
    assert refusal(parts) == ("F101", {"detail": "缺少部件 xl/worksheets/sheet2.xml"})


def test_a_sheet_without_relation_is_damage() -> None:
    parts = files.xlsx_parts("") | {"xl/_rels/workbook.xml.rels": files.relations()}
    assert refusal(parts) == ("F101", {"detail": "工作表“表1”没有内容"})


def test_a_cut_part_is_damage() -> None:
    parts = files.xlsx_parts("") | {"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}
    assert refusal(parts) == ("F101", {"detail": "部件 xl/worksheets/sheet1.xml 的内容不完整或不合规范"})


def test_entities_are_refused_unexpanded() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    body = f'<w xmlns="{files.MAIN}"><sheetData><row r="1"><c r="A1"><v>&b;</v></c></row></sheetData></w>'
    parts = files.xlsx_parts("") | {"xl/worksheets/sheet1.xml": bomb + body}
    assert refusal(parts) == ("F101", {"detail": "部件 xl/worksheets/sheet1.xml 含有不允许的 DTD 声明"})


@pytest.mark.parametrize("reference", ["A0", "A1048577", "XFE1", "ZZZZZZZZZ1"])
def test_a_cell_outside_any_sheet_is_damage(reference: str) -> None:
    row = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    parts = files.xlsx_parts(f'<sheetData><row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>')
    assert refusal(parts) == ("F101", {"detail": "单元格位置超出工作表范围"})


@pytest.mark.parametrize(
    "cell", ['<c t="s"><v>99</v></c>', '<c t="s"><v>-1</v></c>', '<c t="s"><v>x</v></c>', "<c><v>x</v></c>"]
)
def test_a_cell_that_makes_no_sense_is_never_guessed(cell: str) -> None:
    with pytest.raises((IndexError, ValueError)):
        read_xlsx(files.package(files.xlsx_parts(files.rows(cell), texts=TEXTS)), "a.xlsx")


def test_endless_texts_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_reading, "_MAX_TEXTS", 2)
    parts = files.xlsx_parts("", texts="<si><t>a</t></si>" * 3)
    assert refusal(parts) == ("F103", {"size": "2 条以上文本", "limit": "2 条文本"})


def test_a_workbook_may_do_without_styles_and_texts() -> None:
    parts = files.xlsx_parts(files.rows('<c s="1"><v>7</v><extLst/></c>'))
    parts["xl/_rels/workbook.xml.rels"] = files.relations(("worksheet", "worksheets/sheet1.xml"))
    del parts["xl/styles.xml"], parts["xl/sharedStrings.xml"]
    (grid,), _ = read_xlsx(files.package(parts), "a.xlsx")
    assert (grid.values, grid.formats) == ({(0, 0): Decimal(7)}, {})


def test_a_visible_column_is_not_hidden() -> None:
    grid = sheet('<cols><col min="1" max="1" hidden="0"/></cols>' + files.rows("<c><v>7</v></c>"))
    assert grid.hidden_columns == frozenset()


def test_a_date_and_time_keeps_its_time() -> None:
    assert values('<c s="3"><v>45657.5</v></c>') == {(0, 0): datetime(2024, 12, 31, 12)}  # noqa: DTZ001  cells have none


GOOD = files.rows('<c r="A1" t="s"><v>0</v></c><c r="B1" s="3"><v>45657</v></c>', '<c r="A2"><f>B1</f></c>')


@settings(max_examples=200, deadline=None)
@given(
    at=st.integers(0, len(GOOD) - 1), patch=st.text(st.sampled_from('<>/"= rcvft019AZ&;-_.xE'), max_size=6)
)
def test_a_broken_sheet_raises_nothing_else(at: int, patch: str) -> None:
    parts = files.xlsx_parts(GOOD[:at] + patch + GOOD[at + len(patch) :], styles=STYLES, texts=TEXTS)
    try:
        (grid,), _ = read_xlsx(files.package(parts), "a.xlsx")
    except (RefusalError, ValueError, IndexError):
        return
    assert all(0 <= row < 1_048_576 and 0 <= column < 16_384 for row, column in grid.values)
