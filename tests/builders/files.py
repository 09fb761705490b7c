"""Workbook files as bytes: one small table in every format, and packages part by part for faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from struct import pack
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import xlwt
from odf.number import Number, PercentageStyle, Text
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from xlwt.CompoundDoc import XlsDoc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Area, Position

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PERCENT = "0.00%"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written: texts and numbers by position, merges, and which cells show as percent."""

    values: Mapping[Position, str | Decimal] = field(default_factory=dict)
    merged: tuple[Area, ...] = ()
    percents: frozenset[Position] = frozenset()
    name: str = "表一"


def xlsx_file(sheet: Sheet) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet.name
    for (row, column), value in sheet.values.items():
        cell: Any = page.cell(row + 1, column + 1)
        cell.value = float(value) if isinstance(value, Decimal) else value
        cell.data_type = "n" if isinstance(value, Decimal) else "s"
        if (row, column) in sheet.percents:
            cell.number_format = PERCENT
    for area in sheet.merged:
        page.merge_cells(None, area.top + 1, area.left + 1, area.bottom + 1, area.right + 1)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls_book(sheet: Sheet) -> xlwt.Workbook:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet.name)
    percent = xlwt.easyxf(num_format_str=PERCENT)
    for position, value in sheet.values.items():
        style = percent if position in sheet.percents else xlwt.Style.default_style
        page.write(*position, float(value) if isinstance(value, Decimal) else value, style)
    for area in sheet.merged:
        page.merged_ranges.append((area.top, area.bottom, area.left, area.right))
    return book


def saved(book: xlwt.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls_file(sheet: Sheet) -> bytes:
    return saved(xls_book(sheet))


def ods_file(sheet: Sheet) -> bytes:
    document = OpenDocumentSpreadsheet()
    shown = PercentageStyle(name="N11")
    shown.addElement(Number(decimalplaces="2", minintegerdigits="1"))
    shown.addElement(Text(text="%"))
    percent = Style(name="percent", family="table-cell", datastylename=shown)
    document.automaticstyles.addElement(shown)
    document.automaticstyles.addElement(percent)
    table = Table(name=sheet.name)
    document.spreadsheet.addElement(table)
    height = max((row for row, _ in sheet.values), default=-1) + 1
    width = max((column for _, column in sheet.values), default=-1) + 1
    height = max([height, *(area.bottom + 1 for area in sheet.merged)])
    width = max([width, *(area.right + 1 for area in sheet.merged)])
    for row in range(height):
        line = TableRow()
        table.addElement(line)
        for column in range(width):
            line.addElement(_ods_cell(sheet, (row, column), percent))
    stream = BytesIO()
    document.write(stream)
    return stream.getvalue()


def _ods_cell(sheet: Sheet, position: Position, percent: Style) -> Any:  # noqa: ANN401  odfpy has no types
    areas = [area for area in sheet.merged if position in set(area.positions())]
    anchors = [area for area in areas if (area.top, area.left) == position]
    if areas and not anchors:
        return CoveredTableCell()
    options: dict[str, Any] = {}
    if anchors:
        options["numberrowsspanned"] = anchors[0].bottom - anchors[0].top + 1
        options["numbercolumnsspanned"] = anchors[0].right - anchors[0].left + 1
    value = sheet.values.get(position)
    if isinstance(value, Decimal):
        options |= {"valuetype": "float", "value": repr(float(value))}
        if position in sheet.percents:
            options |= {"valuetype": "percentage", "stylename": percent}
    elif value is not None:
        options["valuetype"] = "string"
    cell = TableCell(**options)
    if value is not None:
        shown = (
            f"{value * 100:.2f}%" if isinstance(value, Decimal) and position in sheet.percents else str(value)
        )
        for line in shown.split("\n"):
            cell.addElement(P(text=line))
    return cell


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def relations(*relations: tuple[str, str]) -> str:
    """A relations part: (kind, target), with ids r1, r2, … in order."""
    lines = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def xlsx_parts(
    *sheets: str, styles: str = "", texts: str = "", properties: str = ""
) -> dict[str, str | bytes]:
    """The parts of an .xlsx whose sheets are the inner XML of worksheets: <sheetData>…, <mergeCells>….

    `styles` and `texts` are inner XML of styles.xml and sharedStrings.xml, `properties` attributes of the
    calendar (date1904="1").
    """
    names = [f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    tabs = "".join(
        f'<sheet name="表{number}" sheetId="{number}" r:id="r{number}"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr {properties}/>'
            f"<sheets>{tabs}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relations(
            *[("worksheet", name) for name in names],
            ("styles", "styles.xml"),
            ("sharedStrings", "/xl/sharedStrings.xml"),
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    sheet_parts = {
        f"xl/{name}": f'<worksheet xmlns="{MAIN}">{inner}</worksheet>'
        for name, inner in zip(names, sheets, strict=True)
    }
    return parts | sheet_parts


def rows(*cells: str) -> str:
    """One <row> of a <sheetData> a string of cells."""
    lines = "".join(f'<row r="{number}">{inner}</row>' for number, inner in enumerate(cells, start=1))
    return f"<sheetData>{lines}</sheetData>"


def ods_parts(table: str, styles: str = "") -> dict[str, str | bytes]:
    """The parts of an .ods with these inner XMLs of the spreadsheet and the automatic styles."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style", "meta")
    )
    calcext = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": (
            f"<office:document-content {spaces} {calcext}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
            "</office:document-content>"
        ),
    }


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an .xlsb part."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, groups = len(content), b""
    while size >= 0x80:
        groups += bytes([size & 0x7F | 0x80])
        size >>= 7
    return number + groups + bytes([size]) + content


def wide(text: str) -> bytes:
    """A counted text of an .xlsb record."""
    encoded = text.encode("utf-16-le")
    return pack("<I", len(encoded) // 2) + encoded


def xlsb_row(row: int, *, hidden: bool = False) -> bytes:
    return record(0, pack("<IIHBBB", row, 0, 300, 0, 0x10 if hidden else 0, 0))


def xlsb_parts(sheet: bytes, *, name: str = "表一", texts: tuple[str, ...] = ()) -> dict[str, str | bytes]:
    """The parts of an .xlsb with one sheet of these records; style 1 is a percentage, 2 a date."""
    styles = record(44, pack("<H", 164) + wide(PERCENT)) + record(617)
    for number_format in (0, 164, 14):
        styles += record(47, pack("<HH", 0, number_format) + bytes(12))
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(153, bytes(8)) + record(156, pack("<II", 0, 1) + wide("r1") + wide(name)),
        "xl/_rels/workbook.bin.rels": relations(
            ("worksheet", "worksheets/sheet1.bin"),
            ("styles", "styles.bin"),
            ("sharedStrings", "sharedStrings.bin"),
        ),
        "xl/styles.bin": styles + record(618),
        "xl/sharedStrings.bin": b"".join(record(19, b"\x00" + wide(text)) for text in texts),
        "xl/worksheets/sheet1.bin": sheet,
    }


def xlsb_file(sheet: Sheet) -> bytes:
    cells = sorted(sheet.values.items())
    texts = tuple(value for _, value in cells if isinstance(value, str))
    records, next_text = b"", iter(range(len(texts)))
    for row, group in groupby(cells, key=lambda cell: cell[0][0]):
        records += xlsb_row(row)
        for position, value in group:
            head = pack("<II", position[1], 1 if position in sheet.percents else 0)
            if isinstance(value, str):
                records += record(7, head + pack("<I", next(next_text)))
            else:
                records += record(5, head + pack("<d", float(value)))
    for area in sheet.merged:
        records += record(176, pack("<4I", area.top, area.bottom, area.left, area.right))
    return package(xlsb_parts(records, name=sheet.name, texts=texts))


def compound(stream: str, content: bytes = bytes(4096)) -> bytes:
    """A compound document (OLE) with one stream of this name, at most 31 characters."""
    target = BytesIO()
    XlsDoc().save(target, content)
    usual = "Workbook".encode("utf-16-le")
    before, entry, after = target.getvalue().partition(usual.ljust(64, b"\x00"))
    assert entry
    name = stream.encode("utf-16-le")
    return before + name.ljust(64, b"\x00") + pack("<H", len(name) + 2) + after[2:]
