"""The data rows of a sheet as text, written straight into the sheet's part of the workbook.

XlsxWriter keeps every cell and spells it through several function calls, which was half the cost of a run.
Here rows are spelled where their contents are made, in any process; what only the whole workbook tells (the
row's number, formats, where links lead, last rows) is left open and filled in while XlsxWriter assembles the
sheet, so that none is held. Texts stand in their cells, as XlsxWriter itself has it in its constant-memory
mode. It still writes all else; `tests/workbooks/test_row_writing.py` holds these rows against its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape

from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from jixiao.domain.cells import column_letters
from jixiao.domain.report import Formula, Kind, Link, Tone, Toned
from jixiao.workbooks.sheet_layout import (
    FIRST_ROW,
    OWN_ROW,
    PART_ROW,
    Addresses,
    line_height,
    longest_texts,
    row_lines,
)
from jixiao.workbooks.styles import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jixiao.domain.report import Content, SheetSpec
    from jixiao.workbooks.sheet_layout import Pages
    from jixiao.workbooks.styles import Styles

_MOST_LINKS = 60_000  # the format allows 65,530 a sheet; beyond, the text stands alone
_LONGEST_TEXT = 32_767
"""Of a cell, in units of UTF-16, of which a character takes up to two."""
_SURELY_HELD = _LONGEST_TEXT // 2
_LONGEST_LINK = 2_000
_ASCII = 127
# All that a link's target may hold as it is; % and # would be read as escapes and anchors.
_LINK_SAFE = "/\\:!$&'()*+,;=@~-._"
_PIXELS_A_POINT, _POINTS_A_PIXEL = 4 / 3, 0.75
_QUOTES = {'"': "&quot;", "\n": "&#xA;"}


class RowSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet whose rows below the head are text, which `lines` gives when the sheet is assembled."""

    dim_rowmax: int
    """The sheet's last row, which XlsxWriter keeps."""

    def __init__(self) -> None:
        """Without rows of that kind until `hold` is called."""
        super().__init__()
        self._first = 0
        self._lines: Callable[[], Iterator[bytes]] = lambda: iter(())
        self.links: list[bytes] = []
        """Elements of the sheet's list of links, as the rows add them."""

    def hold(self, first: int, last: int, last_column: int, lines: Callable[[], Iterator[bytes]]) -> None:
        """`lines` gives the rows from `first` to `last` (from 0); XlsxWriter has those above."""
        self._first, self._lines = first, lines
        self._check_dimensions(max(first - 1, last), last_column)

    def relate(self, target: str) -> int:
        """The number of a new relationship that leads out of the workbook."""
        self.rel_count += 1
        self.external_hyper_links.append(["/hyperlink", target, "External"])
        return int(self.rel_count)

    def _write_rows(self) -> None:
        last, self.dim_rowmax = self.dim_rowmax, self._first - 1
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.writelines(self._lines())

    def _write_hyperlinks(self) -> None:
        if self.links:
            self.fh.write(f"<hyperlinks>{b''.join(self.links).decode()}</hyperlinks>")


@dataclass(frozen=True, slots=True)
class Spelled:
    """Rows of a sheet as text with openings (`%(n)s`), their links, and how wide their longest texts are.

    `strong` are those that are subtotals. Nothing depends on where on the sheet they will stand. Text is held
    as its file has it: so it is read back from a store, filled and packed without being decoded.
    """

    rows: tuple[bytes, ...]
    links: Mapping[int, tuple[bytes, ...]]
    """By row, as elements of the sheet's list of links, with openings too."""
    files: tuple[str, ...]
    """Where those lead that leave the workbook, by the number in their opening."""
    strong: frozenset[int]
    widths: tuple[int, ...]


class SpelledPart(NamedTuple):
    """So many rows of a sheet, spelled when asked for: `load` is told where the workbook's columns are."""

    size: int
    widths: tuple[int, ...]
    load: Callable[[Addresses], Spelled]
    first: int = 0
    """Of what is loaded the rows from this one on."""

    def cut(self, first: int, last: int) -> SpelledPart:
        """The rows from `first` up to `last`, both counted from 0 in this part."""
        return self._replace(size=last - first, first=self.first + first)


def spell(
    sheet: SheetSpec,
    rows: Sequence[Sequence[Content]],
    strong: frozenset[int] = frozenset(),
    addresses: Addresses | None = None,
    widths: tuple[int, ...] | None = None,
) -> Spelled:
    """Rows for a sheet, of which only name and columns count here.

    `addresses` are those of the workbook where formulas lead to other sheets; `widths` the `longest_texts`
    where they are known.

    Raises:
        KeyError: a formula names a sheet or column that is not there, our own mistake.
    """
    speller = _Speller(sheet, addresses or Addresses((sheet,)))
    spelled = tuple(map(str.encode, speller.rows(rows)))
    links = {index: tuple(map(str.encode, found)) for index, found in speller.links.items()}
    return Spelled(spelled, links, tuple(speller.files), strong, widths or longest_texts(sheet, rows))


class _Speller:
    """Spells rows of one sheet."""

    def __init__(self, sheet: SheetSpec, addresses: Addresses) -> None:
        self.links: dict[int, list[str]] = defaultdict(list)
        self.files: dict[str, str] = {}
        self._formulas: dict[str, str] = {}
        self._sheet = sheet
        self._addresses = addresses
        # A text is as wide as its column or wraps where the column does, however wide others are.
        self._wrapping = [
            (place, column.wrap) for place, column in enumerate(sheet.columns) if column.kind is Kind.TEXT
        ]
        self._starts = [
            f'<c r="{column_letters(place)}%(n)s" s="%({place}' for place in range(len(sheet.columns))
        ]

    def rows(self, rows: Sequence[Sequence[Content]]) -> tuple[str, ...]:
        """All rows, column by column: cells of the usual kinds cost one call each."""
        contents = list(zip(*rows, strict=True))
        columns = [self._column(place, own) for place, own in enumerate(contents)]
        openings = map(_opening, row_lines(contents, self._wrapping, len(rows)))
        return tuple(map("".join, zip(openings, *columns, repeat("</row>"), strict=False)))

    def _column(self, place: int, contents: Sequence[Content]) -> list[str]:
        start = self._starts[place]
        kinds = self._sheet.row_kinds if self._sheet.columns[place].kind is Kind.AMOUNT else {}
        if kinds:  # its amounts are of another kind in some rows
            begins = {row: f"{start}:{_OTHER_KIND}{kind}" for row, kind in kinds.items()}
            return [self._cell(row, each, begins.get(row, start)) for row, each in enumerate(contents)]
        plain = f'{start})s"'
        return [
            plain + _inline(content)
            if content.__class__ is str
            else plain + _number(content)
            if content.__class__ is Decimal
            else self._cell(row, content, start)
            for row, content in enumerate(contents)
        ]

    def _cell(self, index: int, content: Content, start: str) -> str:
        """A cell of a rarer kind."""
        if content is None:
            return f'{start})s"/>'
        if isinstance(content, Formula):
            return self._formula(content, f'{start})s"')
        if isinstance(content, Link):
            return self._link(index, content, start)
        if isinstance(content, Toned):
            return f'{start}:{content.tone.value})s"{_inline(content.text)}'
        return f'{start})s"{_inline(content) if isinstance(content, str) else _number(content)}'

    def _formula(self, formula: Formula, start: str) -> str:
        spelled = self._formulas.get(formula.text)
        if spelled is None:
            template = self._addresses.template(formula.text, self._sheet.name)
            spelled = self._formulas[formula.text] = escape(template)
        if isinstance(formula.value, str):
            kind = ' t="str"' if formula.value else ""
            return f"{start}{kind}><f>{spelled}</f><v>{_open(escape(formula.value))}</v></c>"
        return f"{start}><f>{spelled}</f><v>{float(formula.value)}</v></c>"

    def _link(self, index: int, link: Link, start: str) -> str:
        """The text; where it leads is told beside the row."""
        if len(file_target(link.file)) + len(link.place) > _LONGEST_LINK:
            return f'{start})s"{_inline(link.text)}'
        letters = start.removeprefix('<c r="').partition("%")[0]
        self.links[index].append(f'<hyperlink ref="{letters}%({OWN_ROW})s"{self._leading(link)}/>')
        return f'{start}:{_LINKED})s"{_inline(link.text)}'

    def _leading(self, link: Link) -> str:
        """What leads to a place in a file, or on a sheet of the same workbook."""
        if link.sheet:
            place = "'{}'!{}".format(link.sheet.replace("'", "''"), link.place or "A1")
            location, shown = (_open(escape(each, _QUOTES)) for each in (place, link.text))
            return f' location="{location}" display="{shown}"'
        number = self.files.setdefault(link.file, f"%({_FILE}{len(self.files)})s")
        anchor = f' location="{_open(escape(link.place, _QUOTES))}"' if link.place else ""
        return f' r:id="rId{number}"{anchor}'


_HEIGHT = re.compile(rb'<row r="[^"]*" ht="([^"]*)"')
_LINKED, _OTHER_KIND, _FILE = "link", "=", "f"
_OWN_ROW = OWN_ROW.encode()


@lru_cache(maxsize=64)
def _opening(lines: int) -> str:
    """How a row with so many lines begins."""
    pixels = int(line_height(lines) * _PIXELS_A_POINT + 0.5)
    return f'<row r="%(n)s" ht="{pixels * _POINTS_A_PIXEL:.16g}" customHeight="1">'


def inline_text(text: str) -> str:
    """A text as a cell holds it: no longer than it may be, controls escaped."""
    held = text if len(text) <= _SURELY_HELD else _fitting(text)
    if held.isprintable() and "_x" not in held:
        return held
    return str(XMLwriter._escape_control_characters(held))  # noqa: SLF001 as XlsxWriter itself escapes them


@lru_cache(maxsize=16384)
def _inline(text: str) -> str:
    """A text as the rest of a cell."""
    if not text:
        return "/>"
    held = inline_text(text)
    space = ' xml:space="preserve"' if held[:1].isspace() or held[-1:].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{_open(escape(held))}</t></is></c>'


def _open(text: str) -> str:
    """A text in which nothing is an opening."""
    return text.replace("%", "%%")


def _number(number: Decimal | int) -> str:
    """A number as the rest of a cell; one that no cell can hold stands as text, so that it is seen."""
    value = float(number)
    return f"><v>{value:.16G}</v></c>" if isfinite(value) else _inline(f"{number:g}")


class Rows:
    """The data rows of one sheet, out of parts and totals."""

    def __init__(
        self,
        sheet: SheetSpec,
        parts: Sequence[SpelledPart],
        shared: tuple[RowSheet, Styles, Addresses],
    ) -> None:
        """Nothing is written before `lines` is asked."""
        self._sheet, self._parts = sheet, parts
        self._worksheet, self._styles, self._addresses = shared
        self.pages: Pages | None = None
        """Where it is printed with page breaks by department."""

    def lines(self) -> Iterator[bytes]:
        """Every data row and total, from the first one below the header."""
        fixed, striped = self._addresses.fillings(self._sheet.name), self._sheet.banded
        numbers = _Relations(self._worksheet)
        looks = {
            (strong, banded): _Fillings(
                fixed, self._sheet, self._styles, numbers, strong=strong, banded=banded
            )
            for strong in (False, True)
            for banded in (False, True)
        }
        number = FIRST_ROW + 1
        for part in self._parts:
            spelled = part.load(self._addresses)
            rows = spelled.rows[part.first : part.first + part.size]
            self._page(number, rows)
            for fillings in looks.values():
                fillings.begin(number - part.first, spelled.files)
            for place, row in enumerate(rows, start=part.first):
                fillings = looks[place in spelled.strong, striped and bool((number - FIRST_ROW - 1) % 2)]
                yield self._filled(row, number, fillings, spelled.links.get(place, ()))
                number += 1
        number = max(number, FIRST_ROW + 2)
        totals, fillings = (
            spell(self._sheet, self._sheet.totals, addresses=self._addresses),
            looks[True, False],
        )
        self._page(number, totals.rows)
        fillings.begin(FIRST_ROW + 1, totals.files)
        for place, row in enumerate(totals.rows):
            yield self._filled(row, number + place, fillings, totals.links.get(place, ()))

    def _page(self, number: int, rows: Sequence[bytes]) -> None:
        """Rows that belong together follow, the first of that number."""
        if self.pages is None:
            return
        heights = [float(_HEIGHT.match(row)[1]) for row in rows]  # type: ignore[index]  # as `_opening` has it
        self.pages.add(number, heights)
        self._worksheet.set_h_pagebreaks(self.pages.breaks)

    def _filled(self, row: bytes, number: int, fillings: _Fillings, links: Sequence[bytes]) -> bytes:
        fillings[_OWN_ROW] = b"%d" % number
        if links:
            held = self._worksheet.links
            fillings.stand(linked=len(held) + len(links) <= _MOST_LINKS)
            if fillings.linked:
                held += [each % fillings for each in links]
        return row % fillings


class _Relations(dict[str, str]):
    """By file the number of the relationship that leads there; all links to one file share it."""

    def __init__(self, worksheet: RowSheet) -> None:
        super().__init__()
        self._worksheet = worksheet

    def __missing__(self, file: str) -> str:
        number = self[file] = str(self._worksheet.relate(_related(file)))
        return number


@lru_cache(maxsize=4096)
def _related(file: str) -> str:
    """A file as the target of a relationship; several sheets have links to the same files."""
    return str(Url(f"external:{file_target(file)}")._target())  # noqa: SLF001 as XlsxWriter spells it


class _Fillings(dict[bytes, bytes]):
    """What fills the openings of one kind of row; formats are asked for as they are met."""

    def __init__(  # noqa: PLR0913 by name
        self,
        fixed: Mapping[str, str],
        sheet: SheetSpec,
        styles: Styles,
        relations: Mapping[str, str],
        *,
        strong: bool,
        banded: bool,
    ) -> None:
        super().__init__({opening.encode(): filling.encode() for opening, filling in fixed.items()})
        self._columns, self._styles, self._relations = sheet.columns, styles, relations
        self._strong, self._banded = strong, banded
        self._files: Sequence[str] = ()
        self.begin(FIRST_ROW + 1, ())
        self.linked = True

    def begin(self, first: int, files: Sequence[str]) -> None:
        """For the rows of a part, the first of which has the number `first`; its links lead to `files`."""
        for number in range(len(self._files)):
            self.pop(b"%s%d" % (_FILE.encode(), number), None)
        self._first, self._files = first, files

    def stand(self, *, linked: bool) -> None:
        """For a row that may have its links or not."""
        if linked != self.linked:
            for opening in [each for each in self if each.endswith(_LINKED.encode())]:
                del self[opening]
        self.linked = linked

    def __missing__(self, opening: bytes) -> bytes:
        said = opening.decode()
        if said.startswith(PART_ROW):  # another one in each part
            return b"%d" % (self._first + int(said[1:]))
        filling = self[opening] = self._filling(said).encode()
        return filling

    def _filling(self, opening: str) -> str:
        if opening.startswith(_FILE):
            return self._relations[self._files[int(opening[1:])]]
        place, _, how = opening.partition(":")
        column, linked = self._columns[int(place)], how == _LINKED and self.linked
        kind = Kind(how[1:]) if how.startswith(_OTHER_KIND) else column.kind
        tone = Tone(how) if how not in {"", _LINKED} and not how.startswith(_OTHER_KIND) else None
        look = Look(kind, self._strong, self._banded, tone, linked, column.low, column.muted)
        return str(self._styles.index(look))


def _fitting(text: str) -> str:
    """As much of a text as a cell holds."""
    return text.encode("utf-16-le")[: 2 * _LONGEST_TEXT].decode("utf-16-le", errors="ignore")


@lru_cache(maxsize=4096)
def file_target(file: str) -> str:
    """A file's name as the target of a link; links of neighbouring rows lead to the same few files."""
    return "".join(each if ord(each) > _ASCII else quote(each, _LINK_SAFE) for each in file)
