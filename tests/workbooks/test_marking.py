"""A stranger's workbook marked: what is put into it is there, and everything else is what it was."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Color, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.domain.own_sheets import is_own_sheet
from jixiao.domain.report import ColumnSpec, Mark, SheetSpec, Tone
from jixiao.workbooks.marking import ending_of, mark_workbook, why_unmarkable
from jixiao.workbooks.package_editing import Parts
from jixiao.workbooks.reading import read_workbook
from jixiao.workbooks.styles import TINTS
from jixiao.workbooks.writing import workbook_parts
from tests.builders.files import package, xlsx_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook

    from jixiao.domain.cells import Grid

OPINION = SheetSpec(
    name="审核意见",
    title="虚构水务局　2024年度预算绩效自评审核意见",
    note="审核结论：请修改后重报。",
    columns=(ColumnSpec("编号"), ColumnSpec("部门说明")),
    rows=(("A101-7K3M9QX2BD", None), ("A102-7K3M9QX2BD", None)),
    addressee="虚构水务局",
)
ERROR = Mark("表一", 1, 1, Tone.BAD, "应为 3。", 0)
BLANK = Mark("表一", 11, 6, Tone.DOUBT, "应填写。", 1)
MERGED = Mark("表一", 3, 0, Tone.NOTE, "仅供了解。", 1)
YELLOW = "FFFFFF00"
STRICT = b"http://purl.oclc.org/ooxml"


@pytest.fixture(scope="module")
def front() -> Mapping[str, bytes]:
    return workbook_parts((OPINION,))


def sent() -> Workbook:
    """A workbook with a bit of everything that a department puts into one."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "表一"
    page.append(["年度", 2024, 1])
    page.append(["合计", "=C1+1", 0.5])
    page["C2"].number_format = "0.00%"
    page["B2"].fill = PatternFill("solid", fgColor=YELLOW)
    page["B2"].comment = Comment("我方已核对。", "虚构水务局")
    page["A4"] = "说明"
    page.merge_cells("A4:C5")
    page.column_dimensions["A"].width = 31.5
    page.row_dimensions[2].height = 40
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.freeze_panes = "B2"
    page.protection.sheet = True
    other = book.create_sheet("表'二")
    other["A1"] = "其他"
    other.print_area = "A1:B2"
    hidden = book.create_sheet("旧表")
    hidden["A1"] = "上年"
    hidden.sheet_state = "hidden"
    book.active = 1
    return book


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def grids(data: bytes, folder: Path) -> tuple[Grid, ...]:
    path = folder / "表.xlsx"
    path.write_bytes(data)
    book = read_workbook(path, "表.xlsx").workbook
    assert book is not None
    return book.grids


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def fill(book: Workbook, sheet: str, cell: str) -> str | None:
    look = book[sheet][cell].fill
    return look.fgColor.rgb if look.fill_type else None


def tint(tone: Tone) -> str:
    return "FF" + TINTS[tone].removeprefix("#")


def test_marks_are_at_their_cells(front: Mapping[str, bytes]) -> None:
    book = opened(mark_workbook(Parts(saved(sent())), (ERROR, BLANK, MERGED), front))
    assert book.sheetnames == ["审核意见", "表一", "表'二", "旧表"]
    assert book.active == book["审核意见"]
    places = {"B2": Tone.BAD, "G12": Tone.DOUBT, "A4": Tone.NOTE}
    assert {cell: fill(book, "表一", cell) for cell in places} == {
        cell: tint(tone) for cell, tone in places.items()
    }
    notes = {cell.coordinate: cell.comment.text for row in book["表一"] for cell in row if cell.comment}
    assert notes == {
        "B2": "我方已核对。\n\n【审核意见】\n应为 3。",
        "G12": "【审核意见】\n应填写。",
        "A4": "【审核意见】\n仅供了解。",
    }
    links = {cell: book["表一"][cell].hyperlink.location for cell in places}
    assert links == {"B2": "'审核意见'!A4", "G12": "'审核意见'!A5", "A4": "'审核意见'!A5"}


def test_everything_else_is_as_it_was_sent(front: Mapping[str, bytes], tmp_path: Path) -> None:
    given = saved(sent())
    marked = mark_workbook(Parts(given), (ERROR, BLANK, MERGED), front)
    first, *others = grids(marked, tmp_path)
    assert is_own_sheet(first) is False  # a shorter header than the real one: known by its name alone
    assert first.names["jixiao_opinion"] == "虚构水务局"
    assert tuple(others) == grids(given, tmp_path)
    before, after = opened(given)["表一"], opened(marked)["表一"]
    assert after["B2"].value == "=C1+1"
    assert after.column_dimensions["A"].width == 31.5
    assert after.row_dimensions[2].height == 40
    assert after.print_title_rows == before.print_title_rows == "$1:$1"
    assert after.page_setup.orientation == "landscape"
    assert (after.freeze_panes, after.protection.sheet) == ("B2", True)
    assert opened(marked)["表'二"].print_area == opened(given)["表'二"].print_area
    selected = [sheet.sheet_view.tabSelected for sheet in opened(marked).worksheets]
    assert [bool(each) for each in selected] == [True, False, False, False]


def test_parts_that_nobody_knows_stay_byte_for_byte(front: Mapping[str, bytes]) -> None:
    strange = {"xl/media/image1.png": b"\x89PNG", "xl/slicers/slicer1.xml": b"<slicer/>"}
    strange |= {"xl/vbaProject.bin": b"macros", "xl/ctrlProps/ctrlProp1.xml": b"<x/>"}
    given = package({**parts(saved(sent())), **strange})
    marked = parts(mark_workbook(Parts(given), (Mark("表'二", 0, 0, Tone.BAD, "改。", 0),), front))
    changed = {name for name, content in parts(given).items() if marked[name] != content}
    assert {name: marked[name] for name in strange} == strange
    assert {name for name in changed if "sheet" in name} == {"xl/worksheets/sheet2.xml"}
    assert changed - {"xl/worksheets/sheet2.xml"} <= {
        *("[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"),
    }


def test_a_workbook_that_comes_back_is_cleaned_before_it_is_marked_again(
    front: Mapping[str, bytes], tmp_path: Path
) -> None:
    given = saved(sent())
    first = mark_workbook(Parts(given), (ERROR, BLANK), front)
    again = mark_workbook(Parts(first), (MERGED,), front, ("审核意见",))
    book = opened(again)
    assert book.sheetnames == ["审核意见", "表一", "表'二", "旧表"]
    assert fill(book, "表一", "B2") == YELLOW
    assert fill(book, "表一", "G12") is None
    assert fill(book, "表一", "A4") == tint(Tone.NOTE)
    notes = {cell.coordinate: cell.comment.text for row in book["表一"] for cell in row if cell.comment}
    assert notes == {"B2": "我方已核对。", "A4": "【审核意见】\n仅供了解。"}
    assert [cell.coordinate for row in book["表一"] for cell in row if cell.hyperlink] == ["A4"]
    assert [name for name in book.defined_names if name.startswith("jixiao")] == ["jixiao_mark_1_none"]
    assert grids(again, tmp_path)[1:] == grids(given, tmp_path)
    assert opened(again)["表一"].print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    "colour",
    [Color(theme=4, tint=-0.25), Color(indexed=22), Color(rgb="FF123456")],
    ids=lambda each: each.type,
)
def test_any_colour_comes_back(front: Mapping[str, bytes], colour: Color) -> None:
    book = sent()
    book["表一"]["B2"].fill = PatternFill("solid", fgColor=colour)
    first = mark_workbook(Parts(saved(book)), (ERROR,), front)
    restored = opened(mark_workbook(Parts(first), (), front, ("审核意见",)))["表一"]["B2"].fill.fgColor
    assert (restored.type, restored.value, restored.tint) == (colour.type, colour.value, colour.tint)


def test_rows_and_cells_without_addresses_are_counted(front: Mapping[str, bytes], tmp_path: Path) -> None:
    sheet = (
        '<sheetData><row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row/>'
        '<row r="4"><c r="C4"><v>2</v></c><c><v>3</v></c></row></sheetData>'
    )
    given = package(xlsx_parts(sheet))
    name = grids(given, tmp_path)[0].sheet
    marks = [Mark(name, 0, 1, Tone.BAD, "一", 0), Mark(name, 3, 3, Tone.BAD, "二", 0)]
    marks += [Mark(name, 3, 0, Tone.BAD, "三", 0), Mark(name, 2, 5, Tone.BAD, "四", 0)]
    marked = mark_workbook(Parts(given), marks, front)
    assert grids(marked, tmp_path)[1] == grids(given, tmp_path)[0]
    notes = parts(marked)["xl/comments1.xml"].decode()
    assert re.findall(r'ref="(\w+)"', notes) == ["B1", "D4", "A4", "F3"]
    cells = re.findall(r'<c (?:t="\w+" )?r="(\w+)"', parts(marked)["xl/worksheets/sheet1.xml"].decode())
    assert cells == ["A1", "B1", "F3", "A4", "C4", "D4"]


@pytest.mark.parametrize(
    "spelling",
    [
        (b"", b""),
        (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", STRICT + b"/spreadsheetml/main"),
    ],
    ids=["usual", "strict"],
)
def test_both_spellings_of_the_format_are_marked(
    front: Mapping[str, bytes], tmp_path: Path, spelling: tuple[bytes, bytes]
) -> None:
    old, new = spelling
    usual = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    given = parts(saved(sent()))
    if old:
        related = STRICT + b"/officeDocument/relationships"
        given = {name: each.replace(old, new).replace(usual, related) for name, each in given.items()}
    marked = mark_workbook(Parts(package(given)), (ERROR, BLANK), front)
    assert grids(marked, tmp_path)[1:] == grids(package(given), tmp_path)
    assert grids(marked, tmp_path)[0].values[0, 0] == OPINION.title
    spaces = {name for name, each in parts(marked).items() if old and old in each}
    assert spaces == set()


def test_the_same_gives_the_same_bytes(front: Mapping[str, bytes]) -> None:
    given = saved(sent())
    assert mark_workbook(Parts(given), (ERROR,), front) == mark_workbook(Parts(given), (ERROR,), front)


def test_a_note_is_as_large_as_its_text(front: Mapping[str, bytes]) -> None:
    rows = []
    for text in ("改。", "请核对各部分和合计数。" * 30):
        marked = mark_workbook(Parts(saved(sent())), (Mark("表'二", 0, 0, Tone.BAD, text, 0),), front)
        boxes = (each for name, each in parts(marked).items() if "vmlDrawing" in name)
        box = next(each for each in boxes if b"<x:Row>0<" in each)
        rows.append(int(box.partition(b"<x:Anchor>")[2].partition(b"<")[0].split(b",")[6]))
    assert rows[1] > rows[0] + 10


def test_what_marking_would_spoil_is_told() -> None:
    given = parts(saved(sent()))
    assert why_unmarkable(Parts(package(given))) == ""
    signed = package({**given, "_xmlsignatures/sig1.xml": b"<x/>"})
    assert why_unmarkable(Parts(signed)) == "工作簿带有数字签名，加入标注会使签名失效"
    shared = package({**given, "xl/revisions/revisionHeaders.xml": b"<x/>"})
    assert why_unmarkable(Parts(shared)) == "工作簿处于“共享”状态，带有修订记录，加入标注会使修订记录失效"


def test_the_ending_is_that_of_the_content() -> None:
    given = parts(saved(sent()))
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = given["[Content_Types].xml"]
    assert plain in types
    assert ending_of(Parts(package(given))) == ".xlsx"
    assert (
        ending_of(Parts(package({**given, "[Content_Types].xml": types.replace(plain, macros)}))) == ".xlsm"
    )
