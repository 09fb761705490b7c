"""Workbooks of a few plain sheets and letters, spelled whole: what goes back to every department.

XlsxWriter takes longer over the heads and frames of three small sheets than their rows take. So all of it is
spelled here as XlsxWriter would, but for the looks of cells, which it writes itself, once for all workbooks
that have the same. `tests/workbooks/test_small_writing.py` holds every part against what XlsxWriter makes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import escape

from xlsxwriter.utility import _has_invalid_name_chars, quote_sheetname

from jixiao.domain.archives import deflated, zipped
from jixiao.domain.cells import column_letters
from jixiao.domain.report import Part
from jixiao.workbooks.row_writing import Rows, SpelledPart, inline_text, spell
from jixiao.workbooks.sheet_layout import (
    FIRST_ROW,
    ROW_POINTS,
    Addresses,
    count_lines,
    header_height,
    longest_texts,
    padded,
    paper_of,
    widths_of,
)
from jixiao.workbooks.styles import FONT, HEADER, NOTE, REMARK, TITLE, VERDICTS, Look, properties_of
from jixiao.workbooks.writing import (
    TITLE_POINTS,
    footer_of,
    header_of,
    look_key,
    look_parts,
    name_of_addressee,
    name_of_table,
    note_height,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.report import ColumnSpec, Letter, SheetSpec
    from jixiao.workbooks.styles import Properties

_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS: Final = "http://schemas.openxmlformats.org"
_TYPE: Final = f"{_SCHEMAS}/officeDocument/2006/relationships"
_RELATED: Final = f'{_DECLARED}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">'
_MAIN: Final = f'xmlns="{_SCHEMAS}/spreadsheetml/2006/main"'
_OVERRIDE: Final = '<Override PartName="/{}" ContentType="application/vnd.openxmlformats-{}+xml"/>'
_SHEET_TYPE: Final = "officedocument.spreadsheetml.worksheet"
_ROOT_RELATIONS: Final = (
    f'{_RELATED}<Relationship Id="rId1" Type="{_TYPE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_SCHEMAS}/package/2006/relationships/metadata/core-properties"'
    f' Target="docProps/core.xml"/><Relationship Id="rId3" Type="{_TYPE}/extended-properties"'
    ' Target="docProps/app.xml"/></Relationships>'
)
_CORE: Final = (
    f'{_DECLARED}<cp:coreProperties xmlns:cp="{_SCHEMAS}/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{}</dc:title><dc:creator>jixiao</dc:creator><cp:lastModifiedBy>jixiao</cp:lastModifiedBy>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>'
)
_QUOTES: Final = {'"': "&quot;", "\n": "&#xA;"}
_APOSTROPHE: Final = "'"


def workbook_file(sheets: Sequence[SheetSpec], *, title: str) -> bytes:
    """A workbook of so few rows that it is made in memory; nothing in it says when: see `write_workbook`."""
    return _file(workbook_parts(sheets, title=title))


def workbook_parts(sheets: Sequence[SheetSpec], *, title: str) -> Mapping[str, bytes]:
    """The same as the parts of its package by name.

    Raises:
        ValueError: a sheet asks for what only `write_workbook` writes, our own mistake.
    """
    if not all(map(_is_plain, sheets)):
        raise ValueError(title)
    book, addresses = _SmallBook(title), Addresses(sheets)
    for sheet in sheets:
        _write_sheet(book, sheet, addresses)
    return book.parts()


def _is_plain(sheet: SheetSpec) -> bool:
    """Whether nothing on a sheet asks for colours by figures, checks of entries, or to be out of sight."""
    return (
        sheet.fixed > 0 and not (sheet.inputs or sheet.hidden) and all(map(_is_plain_column, sheet.columns))
    )


def _is_plain_column(column: ColumnSpec) -> bool:
    return column.low is None and not (column.bar or column.nought or column.folded)


def _file(parts: Mapping[str, bytes]) -> bytes:
    return zipped(deflated(name, content) for name, content in parts.items())


class _Name(NamedTuple):
    """A defined name: of a sheet by its number, or of the workbook (-1)."""

    name: str
    sheet: int
    formula: str
    hidden: bool = False

    @property
    def order(self) -> str:
        """What names are sorted by."""
        return f"{self.name.replace('_xlnm.', '').lower()}::{self.formula.lstrip(_APOSTROPHE).lower()}"

    @property
    def place(self) -> str:
        """The attributes that say where it holds."""
        own = "" if self.sheet < 0 else f' localSheetId="{self.sheet}"'
        return f'{own} hidden="1"' if self.hidden else own


class _Looks:
    """The numbers of the looks in one workbook, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._met: list[Properties] = []

    def index(self, look: Look) -> int:
        """The number of a data cell's look, as cells name it."""
        return self.of(properties_of(look))

    def of(self, properties: Properties) -> int:
        """The number of a look with these properties; the first one is 1."""
        number = self._numbers.setdefault(look_key(properties), len(self._numbers) + 1)
        if number > len(self._met):
            self._met.append(properties)
        return number

    def parts(self) -> Mapping[str, bytes]:
        """The parts with the looks and the theme."""
        return look_parts(tuple(self._met))


class _SmallBook:
    """The workbook in the making: what its sheets share."""

    def __init__(self, title: str) -> None:
        self.looks = _Looks()
        self._title = title
        self._texts: dict[str, int] = {}
        self._count = 0
        self._sheets: list[tuple[str, str, Sequence[str]]] = []
        self._names: list[_Name] = []
        self._ranges: list[_Name] = []

    @property
    def selected(self) -> str:
        """The attribute of the first sheet, which is the one that is shown."""
        return "" if self._sheets else ' tabSelected="1"'

    def text(self, cell: str, style: int, text: str) -> str:
        """A cell with a text, which all sheets share."""
        self._count += 1
        number = self._texts.setdefault(text, len(self._texts))
        return f'<c r="{cell}" s="{style}" t="s"><v>{number}</v></c>'

    def define(self, name: str, formula: str, *, own: bool = False) -> None:
        """A name, of the sheet that is added next where it is its `own`; none that would be no name."""
        if not _has_invalid_name_chars(name):
            self._names.append(_Name(name, len(self._sheets) if own else -1, formula))

    def reserve(self, kind: str, formula: str) -> None:
        """A range of the sheet that is added next which programs know by its kind."""
        self._ranges.append(_Name(f"_xlnm.{kind}", len(self._sheets), formula, kind == "_FilterDatabase"))

    def add(self, name: str, content: str, targets: Sequence[str] = ()) -> None:
        """A sheet, and where its links lead out of the workbook."""
        self._sheets.append((name, content, targets))

    def parts(self) -> dict[str, bytes]:
        """All parts by name."""
        count, names = len(self._sheets), sorted(self._names + self._ranges, key=lambda each: each.order)
        types, relations = _frame_parts(count)
        spelled = {
            "[Content_Types].xml": types,
            "_rels/.rels": _ROOT_RELATIONS,
            "xl/_rels/workbook.xml.rels": relations,
            **{f"xl/worksheets/sheet{at}.xml": each[1] for at, each in enumerate(self._sheets, start=1)},
            "xl/workbook.xml": self._workbook(names),
            "xl/sharedStrings.xml": self._shared_texts(),
        }
        links = {
            f"xl/worksheets/_rels/sheet{at}.xml.rels": _links(targets)
            for at, (_, _, targets) in enumerate(self._sheets, start=1)
            if targets
        }
        about = {"docProps/core.xml": _CORE.format(_data(self._title)), "docProps/app.xml": self._app(names)}
        return {**_encoded(spelled), **self.looks.parts(), **_encoded(links), **_encoded(about)}

    def _workbook(self, names: Iterable[_Name]) -> str:
        sheets = "".join(
            f'<sheet name="{escape(name, _QUOTES)}" sheetId="{at}" r:id="rId{at}"/>'
            for at, (name, _, _) in enumerate(self._sheets, start=1)
        )
        defined = "".join(
            f'<definedName name="{each.name}"{each.place}>{_data(each.formula)}</definedName>'
            for each in names
        )
        return (
            f'{_DECLARED}<workbook {_MAIN} xmlns:r="{_TYPE}"><fileVersion appName="xl" lastEdited="4"'
            ' lowestEdited="4" rupBuild="4505"/><workbookPr defaultThemeVersion="124226"/><bookViews>'
            '<workbookView xWindow="240" yWindow="15" windowWidth="16095" windowHeight="9660"/></bookViews>'
            f"<sheets>{sheets}</sheets><definedNames>{defined}</definedNames>"
            '<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'
        )

    def _shared_texts(self) -> str:
        texts = "".join(map(_shared_text, self._texts))
        return f'{_DECLARED}<sst {_MAIN} count="{self._count}" uniqueCount="{len(self._texts)}">{texts}</sst>'

    def _app(self, names: Iterable[_Name]) -> str:
        """The part that lists sheets and named ranges."""
        ranges = [_range_title(each) for each in names if not each.hidden and "!" in each.formula]
        titles = [*(name for name, _, _ in self._sheets), *ranges]
        pairs = [("Worksheets", len(self._sheets)), ("Named Ranges", len(ranges))]
        told = "".join(
            f"<vt:variant><vt:lpstr>{title}</vt:lpstr></vt:variant><vt:variant><vt:i4>{count}</vt:i4></vt:variant>"
            for title, count in pairs
        )
        listed = "".join(f"<vt:lpstr>{_data(each)}</vt:lpstr>" for each in titles)
        return (
            f'{_DECLARED}<Properties xmlns="{_SCHEMAS}/officeDocument/2006/extended-properties"'
            f' xmlns:vt="{_SCHEMAS}/officeDocument/2006/docPropsVTypes">'
            "<Application>Microsoft Excel</Application><DocSecurity>0</DocSecurity>"
            "<ScaleCrop>false</ScaleCrop><HeadingPairs>"
            f'<vt:vector size="4" baseType="variant">{told}</vt:vector></HeadingPairs><TitlesOfParts>'
            f'<vt:vector size="{len(titles)}" baseType="lpstr">{listed}</vt:vector></TitlesOfParts><Company>'
            "</Company><LinksUpToDate>false</LinksUpToDate><SharedDoc>false</SharedDoc>"
            "<HyperlinksChanged>false</HyperlinksChanged><AppVersion>12.0000</AppVersion></Properties>"
        )


@lru_cache(maxsize=64)
def _frame_parts(count: int) -> tuple[str, str]:
    """What a package of so many sheets says of its parts, and its workbook of its own."""
    sheets = [f"worksheets/sheet{number}.xml" for number in range(1, count + 1)]
    kinds = (
        ("docProps/app.xml", "officedocument.extended-properties"),
        ("docProps/core.xml", "package.core-properties"),
        ("xl/styles.xml", "officedocument.spreadsheetml.styles"),
        ("xl/theme/theme1.xml", "officedocument.theme"),
        ("xl/workbook.xml", "officedocument.spreadsheetml.sheet.main"),
        *((f"xl/{sheet}", _SHEET_TYPE) for sheet in sheets),
        ("xl/sharedStrings.xml", "officedocument.spreadsheetml.sharedStrings"),
    )
    related = [("worksheet", sheet) for sheet in sheets]
    related += [
        ("theme", "theme/theme1.xml"),
        ("styles", "styles.xml"),
        ("sharedStrings", "sharedStrings.xml"),
    ]
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_TYPE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, start=1)
    )
    types = (
        f'{_DECLARED}<Types xmlns="{_SCHEMAS}/package/2006/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/>{"".join(_OVERRIDE.format(*kind) for kind in kinds)}</Types>'
    )
    return types, f"{_RELATED}{relations}</Relationships>"


def _links(targets: Iterable[str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_TYPE}/hyperlink" Target="{escape(target, _QUOTES)}"'
        ' TargetMode="External"/>'
        for number, target in enumerate(targets, start=1)
    )
    return f"{_RELATED}{links}</Relationships>"


def _range_title(name: _Name) -> str:
    """What a named range is called in the list of parts."""
    sheet = name.formula.partition("!")[0]
    if name.name.startswith("_xlnm."):
        return f"{sheet}!{name.name.removeprefix('_xlnm.')}"
    return name.name if name.sheet < 0 else f"{sheet}!{name.name}"


def _encoded(spelled: Mapping[str, str]) -> dict[str, bytes]:
    return {name: content.encode() for name, content in spelled.items()}


@lru_cache(maxsize=1024)
def _data(text: str) -> str:
    """A text as what an element holds."""
    return inline_text(escape(text))


@lru_cache(maxsize=1024)
def _shared_text(text: str) -> str:
    held = inline_text(text)
    space = ' xml:space="preserve"' if held[:1].isspace() or held[-1:].isspace() else ""
    return f"<si><t{space}>{escape(held)}</t></si>"


class _Links:
    """The links of a sheet, as `Rows` hands them over."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.targets: list[str] = []

    def relate(self, target: str) -> int:
        """The number of a new relationship that leads out of the workbook."""
        self.targets.append(target)
        return len(self.targets)

    def set_h_pagebreaks(self, breaks: Sequence[int]) -> None:
        """So few rows are broken where pages end."""


def _write_sheet(book: _SmallBook, sheet: SheetSpec, addresses: Addresses) -> None:
    """Head, data, totals, then everything that concerns screen and paper."""
    spelled = spell(sheet, sheet.rows, sheet.strong, addresses)
    part = SpelledPart(len(sheet.rows), spelled.widths, lambda _: spelled)
    widths = widths_of(sheet, [spelled.widths, longest_texts(sheet, sheet.totals)])
    links = _Links()
    head = _head(book, sheet, widths)
    data = "".join(Rows(sheet, (part,), (links, book.looks, addresses)).lines())
    last_row, last = FIRST_ROW + max(part.size, 1), column_letters(len(sheet.columns) - 1)
    table = f"A{FIRST_ROW}:{last}{last_row}"
    quoted = quote_sheetname(sheet.shown)
    if sheet.filtered:
        book.reserve("_FilterDatabase", f"{quoted}!{_fixed(table)}")
    paper, wide = paper_of(sheet, widths)
    rows_above = f"{quoted}!${FIRST_ROW}:${FIRST_ROW}"
    end = last_row + len(sheet.totals)
    if wide > 1:
        book.reserve("Print_Area", f"{quoted}!{_fixed(f'A{FIRST_ROW}:{last}{end}')}")
        rows_above = f"{quoted}!$A:${column_letters(sheet.fixed - 1)},{rows_above}"
    book.reserve("Print_Titles", rows_above)
    book.define(name_of_table(sheet), f"'{sheet.shown}'!{_fixed(table)}")
    if sheet.addressee is not None:
        book.define(*name_of_addressee(sheet.addressee), own=True)
    filtering = f'<autoFilter ref="{table}"/>' if sheet.filtered else ""
    linked = f"<hyperlinks>{''.join(links.links)}</hyperlinks>" if links.links else ""
    wider = f' fitToWidth="{wide}"' if wide > 1 else ""
    higher = "" if sheet.single_page else ' fitToHeight="0"'
    content = (
        f"{_begin(f'{last}{end}', book.selected, _panes(sheet.fixed))}"
        f'<sheetFormatPr defaultRowHeight="18" customHeight="1"/>{_columns(widths)}'
        f"<sheetData>{head}{data}</sheetData>"
        f'{filtering}<mergeCells count="1"><mergeCell ref="A2:{last}2"/></mergeCells>{linked}'
        '<pageMargins left="0.4" right="0.4" top="0.75" bottom="0.6" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="{paper}"{wider}{higher} orientation="landscape"/>'
        f"<headerFooter>{_page_head(header_of(sheet, wide))}"
        f"<oddFooter>{_data(footer_of())}</oddFooter></headerFooter></worksheet>"
    )
    book.add(sheet.shown, content, links.targets)


def _head(book: _SmallBook, sheet: SheetSpec, widths: Sequence[int]) -> str:
    """The rows above the data: title, note, header; without data what is said instead."""
    count, looks = len(sheet.columns), book.looks
    letters = [column_letters(column) for column in range(count)]
    rows = [_row(1, count, TITLE_POINTS, book.text("A1", looks.of(TITLE), sheet.title))]
    style = looks.of(VERDICTS[sheet.tone] if sheet.tone else NOTE)
    note = book.text("A2", style, sheet.note) if sheet.note else f'<c r="A2" s="{style}"/>'
    blank = "".join(f'<c r="{letter}2" s="{style}"/>' for letter in letters[1:])
    rows.append(_row(2, count, note_height(sheet, widths), note + blank))
    style = looks.of(HEADER)
    titles = zip(letters, sheet.columns, strict=True)
    headers = "".join(book.text(f"{letter}3", style, column.header) for letter, column in titles)
    rows.append(_row(3, count, header_height(sheet, widths), headers))
    if not sheet.rows:
        rows.append(_row(4, count, ROW_POINTS, book.text("A4", looks.of(REMARK), sheet.empty)))
    return "".join(rows)


def _row(number: int, columns: int, points: float, cells: str) -> str:
    pixels = int(points * 4 / 3 + 0.5)
    return f'<row r="{number}" spans="1:{columns}" ht="{pixels * 0.75:.16g}" customHeight="1">{cells}</row>'


def _begin(last: str, selected: str, panes: str = "") -> str:
    view = f'<sheetView showGridLines="0"{selected} workbookViewId="0"'
    view += f">{panes}</sheetView>" if panes else "/>"
    return (
        f'{_DECLARED}<worksheet {_MAIN} xmlns:r="{_TYPE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}"/><sheetViews>{view}</sheetViews>'
    )


@lru_cache(maxsize=64)
def _panes(fixed: int) -> str:
    """The header and so many columns stay in sight."""
    column, row = column_letters(fixed), FIRST_ROW + 1
    return (
        f'<pane xSplit="{fixed}" ySplit="{FIRST_ROW}" topLeftCell="{column}{row}" activePane="bottomRight"'
        f' state="frozen"/><selection pane="topRight" activeCell="{column}1" sqref="{column}1"/>'
        f'<selection pane="bottomLeft" activeCell="A{row}" sqref="A{row}"/><selection pane="bottomRight"/>'
    )


def _columns(widths: Sequence[int]) -> str:
    """The columns' widths, neighbours of one width together."""
    spelled, first = [], 0
    for column, width in enumerate(widths, start=1):
        if widths[column : column + 1] != [width]:
            spelled.append(_column(first + 1, column, padded(width)))
            first = column
    return f"<cols>{''.join(spelled)}</cols>"


@lru_cache(maxsize=1024)
def _column(first: int, last: int, width: float) -> str:
    pixels = int(width * 7 + 0.5) + 5
    return f'<col min="{first}" max="{last}" width="{(pixels * 256 // 7) / 256:.16g}" customWidth="1"/>'


def _fixed(area: str) -> str:
    """A3:J9 as $A$3:$J$9."""
    return _CORNER.sub(r"$\1$\2", area)


_CORNER: Final = re.compile(r"([A-Z]+)(\d+)")


def _page_head(text: str) -> str:
    """The head of a printed page; none where XlsxWriter takes an ampersand and a G for a picture."""
    return "" if "&G" in text or "&[Picture]" in text else f"<oddHeader>{_data(text)}</oddHeader>"


_LETTER_WIDTH, _LETTER_COLUMNS = 84, 6
"""Characters of a line of a letter, a Chinese one counting two; the columns that it is merged over.

One column alone would be cut off, not made smaller, where a program's fonts make it wider than the page.
"""


def _look(properties: dict[str, Any]) -> Properties:
    return tuple({**FONT, "text_wrap": True, "valign": "vcenter", **properties}.items())


_TITLE: Final = tuple({**FONT, "bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}.items())
_LETTER_LOOKS: dict[Part, Properties] = {
    Part.ADDRESS: _look({"bold": True, "font_size": 12}),
    Part.BODY: _look({"font_size": 11, "indent": 2}),
    Part.HEADING: _look({"bold": True, "font_size": 11}),
    Part.ITEM: _look({"font_size": 10, "indent": 2}),
    Part.CLOSING: _look({"font_size": 11, "align": "right"}),
}
_LETTER_LINES = {Part.ADDRESS: 1.4, Part.BODY: 1.25, Part.HEADING: 1.45, Part.ITEM: 1.1, Part.CLOSING: 1.5}
"""How high a line of each is, in lines of ten points."""


def letter_file(letter: Letter) -> bytes:
    """A letter as a workbook with one sheet that prints on one upright page."""
    book, count, last = _SmallBook(letter.title), _LETTER_COLUMNS, column_letters(_LETTER_COLUMNS - 1)
    paragraphs = ((_TITLE, 42, letter.title), *(_paragraph(*each) for each in letter.paragraphs))
    rows = []
    for number, (look, points, text) in enumerate(paragraphs, start=1):
        style = book.looks.of(look)
        blank = "".join(
            f'<c r="{column_letters(column)}{number}" s="{style}"/>' for column in range(1, count)
        )
        rows.append(_row(number, count, points, book.text(f"A{number}", style, text) + blank))
    merged = "".join(f'<mergeCell ref="A{number}:{last}{number}"/>' for number in range(1, len(rows) + 1))
    quoted, end = quote_sheetname(letter.name), f"{last}{len(rows)}"
    book.define(*name_of_addressee(letter.addressee), own=True)
    book.reserve("Print_Area", f"{quoted}!{_fixed(f'A1:{end}')}")
    content = (
        f'{_begin(end, book.selected)}<sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{_column(1, count, padded(_LETTER_WIDTH) / count)}</cols>"
        f"<sheetData>{''.join(rows)}</sheetData>"
        f'<mergeCells count="{len(rows)}">{merged}</mergeCells><printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.75" right="0.75" top="0.8" bottom="0.8" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="portrait"/></worksheet>'
    )
    book.add(letter.name, content)
    return _file(book.parts())


def _paragraph(part: Part, text: str) -> tuple[Properties, float, str]:
    """A paragraph's look, its height in points, and what it says."""
    size = dict(_LETTER_LOOKS[part])["font_size"]
    lines = count_lines(text, int((_LETTER_WIDTH - 4) * 10 / size))
    return _LETTER_LOOKS[part], min(lines * size * 1.3 * _LETTER_LINES[part] + 3, 409), text
