"""One sheet of somebody else's workbook with looks, notes and links put at its cells, in its own parts."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

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
_LINE, _FRAME = 17, 14
"""Pixels that a line of a note takes, and its frame."""
_BOXES: Final = ((44, 330), (64, 470), (90, 650))
"""Characters in a line and pixels of a box, the narrowest first."""
_HIGHEST: Final = 560
_FARTHEST: Final = 400
_TRUE: Final = frozenset({"1", "true"})


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
        for each in self._within("cols", "col"):
            if int(each.get("min", "0")) <= column + 1 <= int(each.get("max", "0")):
                return int(each.get("style", "0"))
        return 0

    def restyle(self, row: int, column: int, style: int) -> None:
        """Give a cell another look; a blank one comes into being for it."""
        self._cell(row, column).set("s", str(style))

    def link(self, row: int, column: int, location: str) -> None:
        """Let a cell lead elsewhere in the workbook, unless it leads somewhere already."""
        links = self._child("hyperlinks")
        a1 = f"{column_letters(column)}{row + 1}"
        if not any(_covers(each.get("ref", ""), (row, column)) for each in links):
            etree.SubElement(links, self._tag("hyperlink"), ref=a1, location=location, tooltip=TIP)

    def note(self, row: int, column: int, text: str) -> None:
        """Write a note at a cell, below what stands in one that is there."""
        tree = self._notes()
        space = namespace_of(tree)
        a1 = f"{column_letters(column)}{row + 1}"
        listed = tree.find(f"{{{space}}}commentList")
        if listed is None:
            listed = etree.SubElement(tree, f"{{{space}}}commentList")
        found = next((each for each in listed if each.get("ref", "").replace("$", "") == a1), None)
        before = _text_of(found) if found is not None else ""
        if found is None:
            found = etree.SubElement(listed, f"{{{space}}}comment", ref=a1, authorId=self._author(tree))
        body = found.find(f"{{{space}}}text")
        if body is None:
            body = etree.SubElement(found, f"{{{space}}}text")
        head = f"{SIGNATURE}\n" if not before else f"\n\n{SIGNATURE}\n"
        for part, bold in ((head, True), (text, False)):
            body.append(_run(space, part, bold=bold))
        self._box(row, column, f"{before}{head}{text}")

    def finish(self) -> None:
        """Write the boxes of the notes down, and let the sheet not be selected beside another."""
        for view in self._within("sheetViews", "sheetView"):
            if view.get("tabSelected") in _TRUE:
                view.set("tabSelected", "0")
        links = self._root.find(self._tag("hyperlinks"))
        if links is not None and not len(links):
            self._root.remove(links)
        if self._boxes is not None:
            self._parts.put(self._boxes_part(), self._boxes.encode())

    def _numbered(self) -> Iterator[tuple[int, etree._Element]]:
        """The rows by number from 0; rows and cells that leave theirs out get it written down."""
        following = 0
        for row in self._data:
            number = int(row.get("r", following + 1)) - 1
            if "r" not in row.attrib:
                row.set("r", str(number + 1))
            following = number + 1
            yield number, row

    def _row_cells(self, row: int) -> dict[int, etree._Element]:
        if row not in self._rows:
            return {}
        if row not in self._cells:
            cells: dict[int, etree._Element] = {}
            following = 0
            for cell in self._rows[row]:
                at = position_of(cell.get("r", "").replace("$", "").upper())
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

    def _notes(self) -> etree._Element:
        part = self._notes_part()
        if not part:
            part = self._parts.fresh("xl/comments{}.xml")
            self._parts.put(
                part, f'<comments xmlns="{self._space}"><authors/><commentList/></comments>'.encode()
            )
            self._parts.declare(part, _COMMENTS)
            self._parts.relate(self._part, f"{self._related}/comments", part)
        return self._parts.tree(part)

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
                    body.append(_run(space, before, bold=False))
            else:
                parent = comment.getparent()
                if parent is not None:
                    parent.remove(comment)
                if at:
                    self._unbox(*at)

    def _boxes_part(self) -> str:
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
            self._boxes = self._parts.read(self._boxes_part()).decode("utf-8", "replace")
        return self._boxes

    def _unbox(self, row: int, column: int) -> None:
        shape = self._shape(row, column)
        if shape:
            self._boxes = self._drawn().replace(shape, "", 1)

    def _shape(self, row: int, column: int) -> str:
        """The box of the note at a cell, as it is written."""
        for found in _SHAPE.finditer(self._drawn()):
            places = [pattern.search(found[0]) for pattern in _SHAPE_PLACE]
            if all(places) and [int(each[1]) for each in places if each] == [row, column]:
                return found[0]
        return ""

    def _box(self, row: int, column: int, text: str) -> None:
        """Draw a note large enough for its text, or make the one that is drawn as large."""
        anchor = f"<x:Anchor>{self._anchor(row, column, text)}</x:Anchor>"
        drawn, shape = self._drawn(), self._shape(row, column)
        if shape:
            self._boxes = drawn.replace(shape, _ANCHOR.sub(anchor, shape, count=1), 1)
            return
        if "_x0000_t202" not in drawn:
            drawn = drawn.replace("</xml>", f"{_SHAPE_TYPE}</xml>")
        number = max([_FIRST_SHAPE - 1, *(int(each) for each in _NUMBER.findall(drawn))]) + 1
        new = (
            f'<v:shape id="_x0000_s{number}" type="#_x0000_t202"'
            ' style="position:absolute;visibility:hidden;z-index:1" fillcolor="#FFFFE1" o:insetmode="auto">'
            '<v:fill color2="#FFFFE1"/><v:shadow on="t" color="black" obscured="t"/>'
            '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
            '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
            f"<x:MoveWithCells/><x:SizeWithCells/>{anchor}<x:AutoFill>False</x:AutoFill>"
            f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )
        self._boxes = drawn.rpartition("</xml>")[0] + new + "</xml>"

    def _anchor(self, row: int, column: int, text: str) -> str:
        """Where a box begins and ends: column, pixels in it, row, pixels in it, and the same again."""
        width, height = _size(text)
        first_column = self._right_of(row, column) + 1
        first_row = max(row - 1, 0)
        last_column, right = self._reach(first_column, 12 + width, self._width)
        last_row, bottom = self._reach(first_row, 4 + height, self._height)
        places = (first_column, 12, first_row, 4, last_column, right, last_row, bottom)
        return ", ".join(map(str, places))

    def _right_of(self, row: int, column: int) -> int:
        """The last column of what is merged from a cell on, or its own."""
        for merge in self._within("mergeCells", "mergeCell"):
            first, _, last = merge.get("ref", "").partition(":")
            if position_of(first) == (row, column) and (at := position_of(last)):
                return at[1]
        return column

    @staticmethod
    def _reach(first: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
        """The row or column in which so many pixels end, and how many of them lie in it."""
        place = first
        while pixels > (taken := size(place)) and place < first + _FARTHEST:
            pixels -= taken
            place += 1
        return place, pixels

    def _width(self, column: int) -> int:
        """The pixels of a column, as a usual font has them."""
        for each in self._within("cols", "col"):
            if int(each.get("min", "0")) <= column + 1 <= int(each.get("max", "0")):
                return 0 if each.get("hidden") in _TRUE else int(float(each.get("width", "8.43")) * 7 + 5)
        usual = self._root.find(self._tag("sheetFormatPr"))
        return 64 if usual is None else int(float(usual.get("defaultColWidth", "8.43")) * 7 + 5)

    def _height(self, row: int) -> int:
        """The pixels of a row; one that a program fits to its text may be higher."""
        line = self._rows.get(row)
        if line is not None and line.get("hidden") in _TRUE:
            return 0
        usual = self._root.find(self._tag("sheetFormatPr"))
        default = "15" if usual is None else usual.get("defaultRowHeight", "15")
        return int(float((line.get("ht") if line is not None else None) or default) * 4 / 3)

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
    boxes = ((width, count_lines(text, characters) * _LINE + _FRAME) for characters, width in _BOXES)
    sizes = tuple(boxes)
    return next((each for each in sizes if each[1] <= _HIGHEST), sizes[-1])


def _run(space: str, text: str, *, bold: bool) -> etree._Element:
    run = etree.Element(f"{{{space}}}r")
    look = etree.SubElement(run, f"{{{space}}}rPr")
    if bold:
        etree.SubElement(look, f"{{{space}}}b")
    etree.SubElement(look, f"{{{space}}}sz", val="9")
    etree.SubElement(look, f"{{{space}}}rFont", val="宋体")
    etree.SubElement(look, f"{{{space}}}charset", val="134")
    shown = etree.SubElement(run, f"{{{space}}}t")
    shown.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    shown.text = text
    return run


def _text_of(comment: etree._Element) -> str:
    return "".join(each.text or "" for each in comment.iter(f"{{{namespace_of(comment)}}}t"))


def _covers(reference: str, at: Position) -> bool:
    """Whether a reference such as B2 or B2:C4 holds a cell."""
    first, _, last = reference.replace("$", "").partition(":")
    begin, end = position_of(first), position_of(last or first)
    return bool(begin and end and begin[0] <= at[0] <= end[0] and begin[1] <= at[1] <= end[1])
