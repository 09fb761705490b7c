"""Small workbooks are spelled whole: every part of them is what XlsxWriter makes of the same sheets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
import xlsxwriter

from jixiao.domain.own_sheets import OPINION_NAME
from jixiao.domain.report import ColumnSpec, Kind, Letter, Link, Part, SheetSpec, Tone, Toned
from jixiao.workbooks.small_writing import letter_file, workbook_file, workbook_parts
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COLUMNS = (
    *(ColumnSpec("序号", Kind.COUNT), ColumnSpec("级别", Kind.MARK), ColumnSpec("位置", wrap=60)),
    *(ColumnSpec("金额", Kind.AMOUNT), ColumnSpec("得分", Kind.SCORE), ColumnSpec("比率", Kind.RATE)),
    *(ColumnSpec("编号", muted=True), ColumnSpec("部门说明", wrap=30, least=24)),
)
ROW = (
    *(1, Toned("须修改", Tone.BAD), Link("表一!B2", file="来件/表 #1.xlsx", place="'表一'!B2")),
    *(Decimal("1234.50"), Decimal("9.5"), Decimal("0.9554"), "A101-7K3M9QX2BD", None),
)
INSIDE = (2, Toned("请核实", Tone.DOUBT), Link("表一!B2", sheet="表'一", place="B2"), *(None,) * 5)
PLAIN = SheetSpec(
    "审核意见", "虚构局 <甲&乙>", "审核结论：通过。", COLUMNS, (ROW, INSIDE, ROW), tone=Tone.GOOD
)
SHEETS: Mapping[str, SheetSpec] = {
    "plain": PLAIN,
    "blank": SheetSpec("得分核算", "虚构局", "", COLUMNS, (), fixed=3, empty=" 没有。", filtered=False),
    "banded": SheetSpec(
        "评分规则",
        "规则",
        "单位：分\n第二行",
        COLUMNS,
        (ROW,) * 3,
        (ROW,),
        strong=frozenset({1}),
        banded=True,
    ),
    "wide": SheetSpec(
        *("表 (2)", "甲&乙", "说明&说明", (*COLUMNS[:3], *(ColumnSpec(f"第{at}列") for at in range(9)))),
        rows=((1, "无", "位置" * 40, *("很长的一句话" * 20,) * 9),),
        fixed=2,
        tone=Tone.BAD,
        addressee='虚构"水务"局',
    ),
    "one page": SheetSpec("一页", "一页", "一页", COLUMNS[:2], ((1, "甲"),), single_page=True, addressee=""),
    "picture": SheetSpec("图", "A&G 公司", "\x01_x0001_", COLUMNS[:2], ((1, "\t甲 "),)),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # XlsxWriter's, of names and heads that it leaves out
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_what_xlsxwriter_makes_of_it(name: str, tmp_path: Path) -> None:
    sheets, title = (SHEETS[name],), "标题 & <甲>"
    write_workbook(tmp_path / "t.xlsx", sheets, title=title, created=None)
    assert list(workbook_parts(sheets, title=title).items()) == _parts((tmp_path / "t.xlsx").read_bytes())


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_sheets_share_texts_looks_and_names_as_xlsxwriter_has_it(tmp_path: Path) -> None:
    sheets = tuple(SHEETS.values())
    write_workbook(tmp_path / "t.xlsx", sheets, title="", created=None)
    assert list(workbook_parts(sheets, title="").items()) == _parts((tmp_path / "t.xlsx").read_bytes())


@pytest.mark.parametrize(
    "column",
    [ColumnSpec("率", Kind.RATE, bar=True), ColumnSpec("差", nought=True), ColumnSpec("出处", folded=True)],
)
def test_what_is_not_plain_is_not_left_out_unseen(column: ColumnSpec) -> None:
    sheet = SheetSpec("表", "表", "注", (ColumnSpec("项"), column), (("甲", Decimal(1)),))
    with pytest.raises(ValueError, match="甲"):
        workbook_parts((sheet,), title="甲")


def test_a_workbook_of_the_same_sheets_has_the_same_bytes() -> None:
    assert workbook_file((PLAIN,), title="甲") == workbook_file((PLAIN,), title="甲")


def test_a_letter_is_what_xlsxwriter_makes_of_it() -> None:
    paragraphs = (
        *((Part.ADDRESS, "虚构局："), (Part.BODY, "一段 & 两段" * 30), (Part.HEADING, "一、请改正")),
        *((Part.ITEM, "1．填报 <1>"), (Part.CLOSING, "　　年　　月　　日　　　")),
    )
    letter = Letter("审核通知", "2024年度通知", '虚构"局"', paragraphs)
    parts = _parts(letter_file(letter))
    sheet = dict(parts)["xl/worksheets/sheet1.xml"].decode()
    heights = [float(each) for each in re.findall(r' ht="([^"]*)"', sheet)]
    assert heights[:4] == [42, 24.75, 92.25, 24]
    assert parts == _parts(_as_xlsxwriter_has_it(letter, heights))


LOOKS: Mapping[Part, Mapping[str, Any]] = {
    Part.ADDRESS: {"bold": True, "font_size": 12},
    Part.BODY: {"font_size": 11, "indent": 2},
    Part.HEADING: {"bold": True, "font_size": 11},
    Part.ITEM: {"font_size": 10, "indent": 2},
    Part.CLOSING: {"font_size": 11, "align": "right"},
}
FONT = {"font_name": "等线", "font_size": 10, "font_charset": 134, "valign": "vcenter"}


def _as_xlsxwriter_has_it(letter: Letter, heights: list[float]) -> bytes:
    """The letter laid out by XlsxWriter, its rows as high as told."""
    stream = BytesIO()
    usual = {"default_format_properties": {"font_name": "等线", "font_size": 10}, "in_memory": True}
    book = xlsxwriter.Workbook(stream, usual)
    book.set_properties(
        {"title": letter.title, "author": "jixiao", "created": datetime(1980, 1, 1, tzinfo=UTC)}
    )
    sheet = book.add_worksheet(letter.name)
    doubled = letter.addressee.replace('"', '""')
    book.define_name(f"'{letter.name}'!{OPINION_NAME}", f'="{doubled}"')
    sheet.hide_gridlines(2)
    sheet.set_column(0, 5, (84 + 3) / 6)
    title = {**FONT, "bold": True, "font_size": 16, "align": "center"}
    looks = [title, *({**FONT, "text_wrap": True, **LOOKS[part]} for part, _ in letter.paragraphs)]
    texts = [letter.title, *(text for _, text in letter.paragraphs)]
    for row, (look, text, height) in enumerate(zip(looks, texts, heights, strict=True)):
        known = book.add_format(look)
        sheet.set_row(row, height)
        sheet.merge_range(row, 0, row, 5, "", known)
        sheet.write_string(row, 0, text, known)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.75, right=0.75, top=0.8, bottom=0.8)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, len(letter.paragraphs), 5)
    book.close()
    return stream.getvalue()


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    with ZipFile(BytesIO(data)) as package:
        return [(name, package.read(name)) for name in package.namelist()]
