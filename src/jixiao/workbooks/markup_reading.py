"""Reads what business systems export under the name of .xls: tables of a web page, and XML spreadsheets 2003.

A web page is one sheet: its tables one below the other, as Excel shows it. It gives no formats, so a figure's
printed digits are its format, and "=A1+B1" is a formula that nobody has calculated.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from lxml import etree, html

from jixiao.domain.cells import Area, CellError, UnstoredFormula
from jixiao.language import say
from jixiao.workbooks.drafts import MAX_COLUMNS, MAX_ROWS, Draft, Room
from jixiao.workbooks.number_formats import meaningful, parse_iso
from jixiao.workbooks.refusals import damaged, not_a_workbook, too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.cells import Grid, Value

_Read = tuple[tuple["Grid", ...], dict[str, str]]
_FIGURE = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?")
_FORMULA = re.compile(r"\A=.*[A-Za-z][\d(]")
"""=SUM(B3:B5); =100% is a target."""
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD = 4096
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_AS_TEXT = re.compile(r"""mso-number-format\s*:\s*["']?\\?@""", re.IGNORECASE)
_PAGE = "Sheet1"


def read_page(data: bytes, file: str) -> _Read:
    """The tables of a web page as one sheet; it has no properties.

    Raises:
        RefusalError: there is no table in it, or more than a sheet holds.
    """
    root = _parsed(data)
    draft, bottom = Draft(Room()), 0
    tables = [each for each in root.iter("table") if not any(True for _ in each.iterancestors("table"))]
    for table in tables:
        bottom = _lay_table(draft, table, bottom) + 1
    if not draft.values:
        raise not_a_workbook(say("网页（HTML），其中没有表格"))
    name = next((each.text for each in root.iter("{*}name", "x:name") if each.text), _PAGE)
    return (draft.grid(file, name.strip() or _PAGE, hidden=False),), {}


def _parsed(data: bytes) -> html.HtmlElement:
    """The page's root, in the encoding that it names, else as the bytes allow."""
    named = _CHARSET.search(data[:_HEAD])
    wanted = [named[1].decode("ascii").lower()] if named else []
    marked = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else []
    for encoding in (*marked, *wanted, "utf-8-sig", "gb18030"):
        try:  # gb2312 on a page means what Windows writes: all of GBK
            text = data.decode("gb18030" if encoding in {"gb2312", "gbk"} else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
        return html.document_fromstring(text.encode(), parser=parser)
    raise damaged(say("文字编码不能识别"))


def _lay_table(draft: Draft, table: html.HtmlElement, top: int) -> int:
    """Put a table's cells from row `top` on, and say which row is the next; spans push others on."""
    taken: dict[int, int] = {}  # by column the last row that a cell from above reaches
    row = top
    for line in _own(table, "tr"):
        if _UNSEEN.search(line.get("style", "")):
            draft.hidden_rows.append(range(row, row + 1))
        column = 0
        for cell in _own(line, "td", "th"):
            while taken.get(column, -1) >= row:
                column += 1
            area = _span(cell, row, column)
            if area.right >= MAX_COLUMNS or row >= MAX_ROWS:
                raise too_large(
                    say("行列过多"), say("{rows} 行、{columns} 列", rows=MAX_ROWS, columns=MAX_COLUMNS)
                )
            taken.update(dict.fromkeys(range(column, area.right + 1), area.bottom))
            draft.put(row, column, *_value(cell))
            if area.bottom > row or area.right > column:
                draft.merge(area)
            column = area.right + 1
        row += 1
    return row


def _own(element: html.HtmlElement, *tags: str) -> Iterator[html.HtmlElement]:
    """What stands in a table or row itself, not in a table inside a cell."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _own(child, *tags)


def _span(cell: html.HtmlElement, row: int, column: int) -> Area:
    down, right = (_count(cell.get(name)) for name in ("rowspan", "colspan"))
    return Area(row, column, row + down - 1, column + right - 1)


def _count(text: str | None, most: int = 1000) -> int:
    """How many a span says; one where it says nothing, at most so many as any form has."""
    digits = (text or "").strip()
    return min(max(int(digits), 1), most) if digits.isdecimal() and digits.isascii() else 1


def _value(cell: html.HtmlElement) -> tuple[Value | None, str]:
    """What a cell holds, with the format that its digits are printed in."""
    for broken in cell.iter("br"):
        broken.tail = "\n" + (broken.tail or "")
    lines = (" ".join(line.split()) for line in cell.text_content().replace("\xa0", " ").split("\n"))
    text = "\n".join(filter(None, lines))
    if _FORMULA.match(text):
        return UnstoredFormula(text), ""
    if _FIGURE.fullmatch(text) and not (_AS_TEXT.search(cell.get("style", "")) or _leads_with_zero(text)):
        places = len(text.partition(".")[2])
        return Decimal(text.replace(",", "")), "0." + "0" * places if places else "0"
    return text, ""


def _leads_with_zero(text: str) -> bool:
    """A code such as 0901 is no number."""
    return len(text) > 1 and text[0] == "0" and text[1] != "."


_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_NAMED = {
    "general": "",
    "general number": "",
    "fixed": "0.00",
    "standard": "#,##0.00",
    "percent": "0.00%",
    "currency": "#,##0.00",
    "euro currency": "#,##0.00",
    "scientific": "0.00E+00",
    "@": "@",
}
"""Formats that the 2003 format has by name."""


def read_xml_2003(data: bytes, file: str) -> _Read:
    """The worksheets of an XML spreadsheet 2003 in order; it has no properties that we use.

    Raises:
        RefusalError: it is damaged, too large, or declares a DTD.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise damaged(say("内容不完整或不合规范")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged(say("含有不允许的 DTD 声明"))
    codes = {
        style.get(f"{_SS}ID", ""): _code(each.get(f"{_SS}Format", ""))
        for style in root.iter(f"{_SS}Style")
        for each in style.iter(f"{_SS}NumberFormat")
    }
    room, grids = Room(), []
    for sheet in root.iter(f"{_SS}Worksheet"):
        room.take_sheet()
        draft = Draft(room)
        _lay_sheet(draft, sheet, codes)
        seen = [(each.text or "").strip().lower() for each in sheet.iter("{*}Visible")]
        name = sheet.get(f"{_SS}Name", _PAGE)
        grids.append(draft.grid(file, name, hidden=any("hidden" in each for each in seen)))
    return tuple(grids), {}


def _code(text: str) -> str:
    return _NAMED.get(text.lower(), meaningful(text))


def _lay_sheet(draft: Draft, sheet: etree._Element, codes: dict[str, str]) -> None:
    row = -1
    for line in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        row = _count(line.get(f"{_SS}Index"), MAX_ROWS) - 1 if line.get(f"{_SS}Index") else row + 1
        if line.get(f"{_SS}Hidden") == "1":
            draft.hidden_rows.append(range(row, row + 1))
        column = -1
        for cell in line.iterfind(f"{_SS}Cell"):
            named = cell.get(f"{_SS}Index")
            column = _count(named, MAX_COLUMNS) - 1 if named else column + 1
            code = codes.get(cell.get(f"{_SS}StyleID", ""), "")
            draft.put(row, column, _stored(cell), code)
            right, down = (_extra(cell, name) for name in ("MergeAcross", "MergeDown"))
            if right or down:
                draft.merge(Area(row, column, row + down, column + right))
            column += right
        row += _extra(line, "Span")


def _extra(element: etree._Element, name: str) -> int:
    """How many more cells or rows an attribute says; none where it says nothing."""
    text = element.get(f"{_SS}{name}", "")
    return min(int(text), MAX_COLUMNS) if text.isdecimal() and text.isascii() else 0


def _stored(cell: etree._Element) -> Value | None:
    data = cell.find(f"{_SS}Data")
    text = "" if data is None else "".join(map(str, data.itertext()))
    if data is None or not text:
        formula = cell.get(f"{_SS}Formula")
        return UnstoredFormula(formula) if formula else None
    match data.get(f"{_SS}Type"):
        case "Number":
            return _number(text)
        case "DateTime":
            return parse_iso(text.removesuffix(".000").removesuffix("T00:00:00"))
        case "Boolean":
            return text == "1"
        case "Error":
            return CellError(text)
    return text


def _number(text: str) -> Value:
    try:
        number = Decimal(text.strip())
    except ArithmeticError:
        return text
    if not number.is_finite():
        return CellError("#NUM!")
    return Decimal(int(number)) if number == number.to_integral_value() else number
