"""One sheet of somebody else's workbook with looks, notes and links put at its cells, in its own parts."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from jixiao.domain.cells import column_letters, position_of
from jixiao.language import say
from jixiao.workbooks.package_editing import namespace_of, put_in_order
from jixiao.workbooks.sheet_layout import count_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from jixiao.domain.cells import Position
    from jixiao.workbooks.package_editing import Parts

SIGNATURE: Final = "【审核意见】"
"""Begins what we write into a note, below what the department had written there."""
AUTHOR: Final = "审核意见"
TIP: Final = say("点击可到“审核意见”页的对应条目；要改本格，请用方向键选中后直接输入。")

_ORDER: Final = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate"),
    *("customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_EMPTY_VML: Final = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE: Final = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = re.compile(r"<v:shape\b(?!type).*?</v:shape>", re.DOTALL)
_NUMBER: Final = re.compile(r"_x0000_s(\d+)")
_SHAPE_PLACE: Final = (
    re.compile(r"<x:Row>\s*(\d+)\s*</x:Row>"),
    re.compile(r"<x:Column>\s*(\d+)\s*</x:Column>"),
)
_ANCHOR: Final = re.compile(r"<x:Anchor>.*?</x:Anchor>", re.DOTALL)
_FIRST_SHAPE: Final = 1025
_NEW_SHAPE: Final = (
    '<v:shape id="_x0000_s{}" type="#_x0000_t202"'
    ' style="position:absolute;visibility:hidden;z-index:1" fillcolor="#FFFFE1" o:insetmode="auto">'
    '<v:fill color2="#FFFFE1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/><x:SizeWithCells/>{}<x:AutoFill>False</x:AutoFill>"
    "<x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>"
)
_NOTES: Final = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    '<comments xmlns="{}"><authors><author>{}</author></authors><commentList>{}</commentList></comments>'
)
_NOTE: Final = '<comment ref="{}" authorId="0"><text>{}</text></comment>'
_UNHELD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAK: Final = {"\r": "&#13;"}
_RUN: Final = (
    '<r><rPr>{}<sz val="9"/><rFont val="宋体"/><charset val="134"/></rPr><t xml:space="preserve">{}</t></r>'
)
_LINE, _FRAME = 17, 14
"""Pixels that a line of a note takes, and its frame."""
_BOXES: Final = ((44, 330), (64, 470), (90, 650))
"""Characters in a line and pixels of a box, the narrowest first."""
_HIGHEST: Final = 560
_FARTHEST: Final = 400
_TRUE: Final = frozenset({"1", "true"})


class Told(NamedTuple):
    """What is told at a cell: the text of a note, and where in the workbook a click leads."""

    row: int
    column: int
    text: str
    location: str

    @property
    def a1(self) -> str:
        """The cell."""
        return f"{column_letters(self.column)}{self.row + 1}"


class MarkedSheet:
    """A worksheet part and what belongs to it: its notes, their boxes, its links."""

    def __init__(self, parts: Parts, part: str, related: str) -> None:
        """Open a sheet; `related` is the namespace of relations between parts of a workbook."""
        self._parts, self._part, self._related = parts, part, related
        self._root = parts.tree(part)
        self._space = namespace_of(self._root)
        data = self._root.find(self._tag("sheetData"))
        self._data = data if data is not None else self._child("sheetData")
        self._rows = dict(self._numbered())
        self._order = sorted(self._rows)
        self._cells: dict[int, dict[int, etree._Element]] = {}
        self._boxes: str | None = None
        self._boxes_part = ""
        self._widths: dict[int, int] = {}
        self._heights: dict[int, int] = {}
        self._told: list[Told] = []

    def clean(self, own: Collection[str]) -> None:
        """Take out the notes of an earlier time and the links to sheets that were ours."""
        links = self._root.find(self._tag("hyperlinks"))
        if links is not None:
            for link in list(links):
                if link.get("location", "").rpartition("!")[0].strip("'").replace("''", "'") in own:
                    links.remove(link)
            if not len(links):
                self._root.remove(links)
        part = self._notes_part()
        if part:
            self._unnote(self._parts.tree(part))

    def style(self, row: int, column: int) -> int:
        """The number of a cell's look; of one that is not there that of its row, else of its column."""
        cell = self._row_cells(row).get(column)
        if cell is not None:
            return int(cell.get("s", "0"))
        line = self._rows.get(row)
        if line is not None and line.get("customFormat") in _TRUE:
            return int(line.get("s", "0"))
        own = self._column(column)
        return 0 if own is None else int(own.get("style", "0"))

    def restyle(self, row: int, column: int, style: int) -> None:
        """Give a cell another look; a blank one comes into being for it."""
        self._cell(row, column).set("s", str(style))

    def tell(self, told: Told) -> None:
        """Keep what is to be told at a cell, no cell twice, until `finish`."""
        self._told.append(told)

    def finish(self) -> None:
        """Write notes and links down, and let the sheet not be selected beside another."""
        if self._told:
            self._note()
            self._draw()
            self._link()
        for view in self._within("sheetViews", "sheetView"):
            if view.get("tabSelected") in _TRUE:
                view.set("tabSelected", "0")
        links = self._root.find(self._tag("hyperlinks"))
        if links is not None and not len(links):
            self._root.remove(links)
        if self._boxes is not None:
            self._parts.put(self._boxes_part, self._boxes.encode())

    def _link(self) -> None:
        """Let the cells lead elsewhere in the workbook, those that lead nowhere yet."""
        links = self._child("hyperlinks")
        taken = [_span(each.get("ref", "")) for each in links]
        tag = self._tag("hyperlink")
        for each in self._told:
            if not any(span and _holds(span, (each.row, each.column)) for span in taken):
                etree.SubElement(links, tag, ref=each.a1, location=each.location, tooltip=TIP)

    def _note(self) -> None:
        """Write the notes, each below what stands in one that is there."""
        part = self._notes_part()
        if part:
            self._add_notes(self._parts.tree(part))
            return
        head = f"{SIGNATURE}\n"
        notes = (_NOTE.format(each.a1, _spelled_runs(head, each.text)) for each in self._told)
        part = self._parts.fresh("xl/comments{}.xml")
        self._parts.put(part, _NOTES.format(self._space, AUTHOR, "".join(notes)).encode())
        self._parts.declare(part, _COMMENTS)
        self._parts.relate(self._part, f"{self._related}/comments", part)
        self._told = [each._replace(text=head + each.text) for each in self._told]

    def _add_notes(self, tree: etree._Element) -> None:
        space = namespace_of(tree)
        listed = tree.find(f"{{{space}}}commentList")
        if listed is None:
            listed = etree.SubElement(tree, f"{{{space}}}commentList")
        known = {each.get("ref", "").replace("$", ""): each for each in reversed(listed)}
        for number, told in enumerate(self._told):
            found = known.get(told.a1)
            before = "" if found is None else _text_of(found)
            if found is None:
                found = etree.SubElement(
                    listed, f"{{{space}}}comment", ref=told.a1, authorId=self._author(tree)
                )
            body = found.find(f"{{{space}}}text")
            if body is None:
                body = etree.SubElement(found, f"{{{space}}}text")
            head = f"{SIGNATURE}\n" if not before else f"\n\n{SIGNATURE}\n"
            body.extend(_runs(space, head, told.text))
            self._told[number] = told._replace(text=f"{before}{head}{told.text}")

    def _numbered(self) -> Iterator[tuple[int, etree._Element]]:
        """The rows by number from 0; rows and cells that leave theirs out get it written down."""
        following = 0
        for row in self._data:
            written = row.get("r")
            if written is None:
                row.set("r", str(following + 1))
            else:
                following = int(written) - 1
            yield following, row
            following += 1

    def _row_cells(self, row: int) -> dict[int, etree._Element]:
        if row not in self._rows:
            return {}
        if row not in self._cells:
            cells: dict[int, etree._Element] = {}
            following = 0
            for cell in self._rows[row]:
                column, written = following, cell.get("r", "")
                if written != f"{column_letters(column)}{row + 1}":
                    at = position_of(written.replace("$", "").upper())
                    column = at[1] if at else following
                    cell.set("r", f"{column_letters(column)}{row + 1}")
                cells[column], following = cell, column + 1
            self._cells[row] = cells
        return self._cells[row]

    def _cell(self, row: int, column: int) -> etree._Element:
        if row not in self._rows:
            place = bisect_left(self._order, row)
            self._rows[row] = etree.Element(self._tag("row"), r=str(row + 1))
            self._data.insert(place, self._rows[row])
            self._order.insert(place, row)
        cells = self._row_cells(row)
        if column not in cells:
            cell = etree.Element(self._tag("c"), r=f"{column_letters(column)}{row + 1}")
            self._rows[row].insert(sum(other < column for other in cells), cell)
            if "spans" in self._rows[row].attrib:
                del self._rows[row].attrib["spans"]
            cells[column] = cell
        return cells[column]

    def _notes_part(self) -> str:
        return next((part for _, kind, part in self._parts.related(self._part) if kind == "comments"), "")

    @staticmethod
    def _author(tree: etree._Element) -> str:
        """The number of our name among those who wrote notes."""
        space = namespace_of(tree)
        authors = tree.find(f"{{{space}}}authors")
        if authors is None:
            authors = etree.Element(f"{{{space}}}authors")
            tree.insert(0, authors)
        names = [each.text for each in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, f"{{{space}}}author").text = AUTHOR
            names.append(AUTHOR)
        return str(names.index(AUTHOR))

    def _unnote(self, tree: etree._Element) -> None:
        """Take what we wrote out of the notes; a note with nothing else in it goes with its box."""
        space = namespace_of(tree)
        for comment in list(tree.iter(f"{{{space}}}comment")):
            text = _text_of(comment)
            if SIGNATURE not in text:
                continue
            before = text.partition(SIGNATURE)[0].rstrip()
            at = position_of(comment.get("ref", ""))
            if before:
                body = comment.find(f"{{{space}}}text")
                for child in list(body) if body is not None else []:
                    body.remove(child)  # type: ignore[union-attr]  # there are children
                if body is not None:
                    body.extend(_runs(space, before))
            else:
                parent = comment.getparent()
                if parent is not None:
                    parent.remove(comment)
                if at:
                    self._unbox(*at)

    def _find_boxes(self) -> str:
        """The part that draws the notes, which the sheet names; it comes into being where there is none."""
        named = self._root.find(self._tag("legacyDrawing"))
        key = f"{{{self._related}}}id"
        if named is not None:
            for relation, _, part in self._parts.related(self._part):
                if relation == named.get(key):
                    return part
            self._root.remove(named)
        part = self._parts.fresh("xl/drawings/vmlDrawing{}.vml")
        self._parts.put(part, _EMPTY_VML.encode())
        self._parts.declare_ending("vml", _VML)
        element = etree.Element(self._tag("legacyDrawing"))
        element.set(key, self._parts.relate(self._part, f"{self._related}/vmlDrawing", part))
        put_in_order(self._root, element, _ORDER)
        return part

    def _drawn(self) -> str:
        if self._boxes is None:
            self._boxes_part = self._find_boxes()
            self._boxes = self._parts.read(self._boxes_part).decode("utf-8", "replace")
        return self._boxes

    def _unbox(self, row: int, column: int) -> None:
        shape = _shapes(self._drawn()).get((row, column))
        if shape:
            self._boxes = self._drawn().replace(shape, "", 1)

    def _draw(self) -> None:
        """Draw the notes large enough for their texts, or make those that are drawn as large."""
        drawn = self._drawn()
        shapes = _shapes(drawn)
        new: list[str] = []
        for told in self._told:
            anchor = f"<x:Anchor>{self._anchor(told.row, told.column, told.text)}</x:Anchor>"
            if shape := shapes.get((told.row, told.column)):
                drawn = drawn.replace(shape, _ANCHOR.sub(anchor, shape, count=1), 1)
                continue
            if not new:
                if "_x0000_t202" not in drawn:
                    drawn = drawn.replace("</xml>", f"{_SHAPE_TYPE}</xml>")
                first = max([_FIRST_SHAPE - 1, *(int(each) for each in _NUMBER.findall(drawn))]) + 1
                drawn = drawn.rpartition("</xml>")[0]
                shapes = _shapes(drawn)
            new.append(_NEW_SHAPE.format(first + len(new), anchor, told.row, told.column))
        self._boxes = f"{drawn}{''.join(new)}</xml>" if new else drawn

    def _anchor(self, row: int, column: int, text: str) -> str:
        """Where a box begins and ends: column, pixels in it, row, pixels in it, and the same again."""
        width, height = _size(text)
        first_column = self._right_of(row, column) + 1
        first_row = max(row - 1, 0)
        last_column, right = self._reach(first_column, 12 + width, self._width)
        last_row, bottom = self._reach(first_row, 4 + height, self._height)
        places = (first_column, 12, first_row, 4, last_column, right, last_row, bottom)
        return ", ".join(map(str, places))

    @cached_property
    def _merged(self) -> dict[str, list[str]]:
        """Where what is merged from a cell on ends, by the cell."""
        ends: dict[str, list[str]] = {}
        for merge in self._within("mergeCells", "mergeCell"):
            first, _, last = merge.get("ref", "").partition(":")
            ends.setdefault(first, []).append(last)
        return ends

    def _right_of(self, row: int, column: int) -> int:
        """The last column of what is merged from a cell on, or its own."""
        ends = map(position_of, self._merged.get(f"{column_letters(column)}{row + 1}", ()))
        return next((at[1] for at in ends if at), column)

    @staticmethod
    def _reach(first: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
        """The row or column in which so many pixels end, and how many of them lie in it."""
        place = first
        while pixels > (taken := size(place)) and place < first + _FARTHEST:
            pixels -= taken
            place += 1
        return place, pixels

    @cached_property
    def _columns(self) -> list[tuple[int, int, etree._Element]]:
        """What the sheet says of its columns, with the first and the last of them, counted from 1."""
        found = self._within("cols", "col")
        return [(int(each.get("min", "0")), int(each.get("max", "0")), each) for each in found]

    def _column(self, column: int) -> etree._Element | None:
        """What the sheet says of a column."""
        return next((each for first, last, each in self._columns if first <= column + 1 <= last), None)

    def _width(self, column: int) -> int:
        """The pixels of a column, as a usual font has them."""
        if column not in self._widths:
            own, usual = self._column(column), self._usual
            if own is not None and own.get("hidden") in _TRUE:
                self._widths[column] = 0
            elif own is not None:
                self._widths[column] = int(float(own.get("width", "8.43")) * 7 + 5)
            else:
                width = None if usual is None else float(usual.get("defaultColWidth", "8.43"))
                self._widths[column] = 64 if width is None else int(width * 7 + 5)
        return self._widths[column]

    def _height(self, row: int) -> int:
        """The pixels of a row; one that a program fits to its text may be higher."""
        if row not in self._heights:
            line, usual = self._rows.get(row), self._usual
            if line is not None and line.get("hidden") in _TRUE:
                self._heights[row] = 0
            else:
                default = "15" if usual is None else usual.get("defaultRowHeight", "15")
                own = (line.get("ht") if line is not None else None) or default
                self._heights[row] = int(float(own) * 4 / 3)
        return self._heights[row]

    @cached_property
    def _usual(self) -> etree._Element | None:
        """What the sheet says of all other rows and columns."""
        return self._root.find(self._tag("sheetFormatPr"))

    def _within(self, holder: str, name: str) -> Iterator[etree._Element]:
        """The elements of a list of the sheet, without a look at its cells."""
        for each in self._root.iterchildren(self._tag(holder)):
            yield from each.iterchildren(self._tag(name))

    def _child(self, name: str) -> etree._Element:
        found = self._root.find(self._tag(name))
        if found is None:
            found = etree.Element(self._tag(name))
            put_in_order(self._root, found, _ORDER)
        return found

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


def _size(text: str) -> tuple[int, int]:
    """Width and height in pixels of the narrowest box that shows a text whole without filling the screen."""
    size = (0, 0)
    for characters, width in _BOXES:
        size = (width, count_lines(text, characters) * _LINE + _FRAME)
        if size[1] <= _HIGHEST:
            break
    return size


def _runs(space: str, *texts: str) -> list[etree._Element]:
    """Runs of a note, the first of several in bold."""
    return _elements(space, _spelled_runs(*texts))


def _spelled_runs(*texts: str) -> str:
    r"""The same as text; a bare \r would be read as a line break.

    Raises:
        ValueError: a text has what no XML holds.
    """
    if any(map(_UNHELD.search, texts)):
        raise ValueError(texts)
    bold = "<b/>" if texts[1:] else ""
    return "".join(
        _RUN.format("" if number else bold, escape(text, _BREAK)) for number, text in enumerate(texts)
    )


def _elements(space: str, spelled: str) -> list[etree._Element]:
    return list(etree.fromstring(f'<x xmlns="{space}">{spelled}</x>'))


def _text_of(comment: etree._Element) -> str:
    return "".join(each.text or "" for each in comment.iter(f"{{{namespace_of(comment)}}}t"))


def _shapes(drawn: str) -> dict[Position, str]:
    """The boxes of notes as they are written, by their cells."""
    found: dict[Position, str] = {}
    for shape in _SHAPE.finditer(drawn):
        row, column = (pattern.search(shape[0]) for pattern in _SHAPE_PLACE)
        if row and column:
            found.setdefault((int(row[1]), int(column[1])), shape[0])
    return found


def _span(reference: str) -> tuple[Position, Position] | None:
    """The first and the last cell of a reference such as B2 or B2:C4."""
    first, _, last = reference.replace("$", "").partition(":")
    begin, end = position_of(first), position_of(last or first)
    return (begin, end) if begin and end else None


def _holds(span: tuple[Position, Position], at: Position) -> bool:
    (top, left), (bottom, right) = span
    return top <= at[0] <= bottom and left <= at[1] <= right
