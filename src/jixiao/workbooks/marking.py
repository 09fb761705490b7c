"""A workbook that was sent, marked: sheets of ours before its own, colours, notes and links at its cells.

The package itself is changed, part by part, so that nothing is lost that a library for spreadsheets does
not know: pictures, shapes, charts, slicers, controls, macros stay what they are. openpyxl would drop them and
take many times as long. What we put into cells is named in the workbook, so that a marked workbook that comes
back is cleaned before it is marked again.
"""

from __future__ import annotations

import re
from copy import copy, deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from jixiao.domain.cells import column_letters, position_of
from jixiao.language import say
from jixiao.workbooks.marked_sheets import MarkedSheet, Told
from jixiao.workbooks.package_editing import Parts, namespace_of, put_in_order
from jixiao.workbooks.sheet_layout import FIRST_ROW
from jixiao.workbooks.styles import TINTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from jixiao.domain.report import Mark, Tone

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_ORDER: Final = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets"),
    *("functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews"),
    *("pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing", "fileRecoveryPr"),
    *("webPublishObjects", "extLst"),
)
_STYLE_ORDER: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
_FIRST_OWN_FORMAT: Final = 164
_COLOUR: Final = re.compile(r"(rgb|theme|indexed)_([0-9A-Fa-f]+)(?:_(m?)([0-9]+)p([0-9]+))?")
_NONE: Final = "none"
_MARK_NAME: Final = "jixiao_mark_"
_MARK: Final = re.compile(rf"{_MARK_NAME}\d+_(\w+)")
_PLACE: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$(\d+)")
_CELL: Final = re.compile(rb'(<c r="[A-Z]+\d+" s=")(\d+)"(?: t="s"><v>(\d+)</v></c>)?')
_TEXTS: Final = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
_LINKED: Final = re.compile(rb'(<hyperlink\s[^>]*?\br:id=")([^"]+)')
"""As our sheets are written, of which only cells have looks: cells with their texts elsewhere, links."""
_SELECTED: Final = re.compile(rb'(<(?:\w+:)?sheetView\b[^>]*?\s)tabSelected="(?:1|true)"')
_ENDINGS: Final = {
    "sheet.macroenabled.main+xml": ".xlsm",
    "template.macroenabled.main+xml": ".xltm",
    "template.main+xml": ".xltx",
}
_UNMARKABLE: Final = {
    "/revisions/": say("工作簿处于“共享”状态，带有修订记录，加入标注会使修订记录失效"),
    "_xmlsignatures/": say("工作簿带有数字签名，加入标注会使签名失效"),
}


class _Tab(NamedTuple):
    """A sheet of the workbook: its element in the list, its name and its part."""

    element: etree._Element
    name: str
    part: str


def ending_of(workbook: Parts) -> str:
    """The ending that the content of an OOXML workbook asks for."""
    kind = workbook.kind_of(workbook.main).lower()
    return next((ending for name, ending in _ENDINGS.items() if kind.endswith(name)), ".xlsx")


def why_unmarkable(workbook: Parts) -> str:
    """A Chinese clause on why a workbook is not marked: it would lose something; "" where it can be."""
    names = [f"/{part.lower()}" for part in workbook.parts()]
    return next((why for part, why in _UNMARKABLE.items() if any(part in name for name in names)), "")


def mark_workbook(
    parts: Parts, marks: Iterable[Mark], front: Mapping[str, bytes], own: Collection[str] = ()
) -> bytes:
    """The bytes of a workbook with `front`'s sheets first and the marks at their cells.

    Args:
        parts: an OOXML workbook; it stays as it is.
        marks: what is written at which cells, no cell twice; on sheets that are not there nothing is.
        front: our own sheets as the parts of a workbook; the first is where the marks lead back to.
        own: names of sheets in it that are ours, from an earlier time, and are taken out.

    Raises:
        RefusalError: a part that has to be changed is damaged or too long.
    """
    book = _Book(parts.anew())
    book.clean(own)
    book.mark(marks, book.adopt(front))
    return book.parts.save()


class _Book:
    """The workbook in the making."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self._main = parts, parts.main
        self._root = parts.tree(self._main)
        self._space = namespace_of(self._root)
        related = {key: (kind, target) for key, kind, target in parts.related(self._main)}
        self._related = _RELATED if self._space == _MAIN else _STRICT
        styles = next(target for kind, target in related.values() if kind == "styles")
        self._styles = _Looks(parts.tree(styles))
        self._tabs = [
            _Tab(element, element.get("name", ""), related[self._relation(element)][1])
            for element in self._sheets()
            if self._relation(element) in related
        ]
        self._opened: dict[str, MarkedSheet] = {}

    def clean(self, own: Collection[str]) -> None:
        """Take out what an earlier marking left: our sheets, our notes and links, the colours at cells."""
        for name in list(self._names()):
            if found := _MARK.fullmatch(name.get("name", "")):
                self._restore(name.text or "", found[1])
                self._names().remove(name)
        for tab in [each for each in self._tabs if each.name in own]:
            self._take_out(tab)
        for tab in self._tabs if own else ():
            self._sheet(tab).clean(own)

    def adopt(self, front: Mapping[str, bytes]) -> str:
        """Put the sheets of another workbook of ours first; the name of the first of them."""
        spaces = ((_MAIN, self._space), (_RELATED, self._related))
        book = etree.fromstring(_respelled(front["xl/workbook.xml"], spaces))
        looks = self._styles.adopt(_looks_in(_respelled(front["xl/styles.xml"], spaces)))
        texts = _TEXTS.findall(front["xl/sharedStrings.xml"])
        sheets = list(book.find(self._tag("sheets")))  # type: ignore[arg-type]  # one of ours has them
        for place, element in enumerate(sheets):
            content = _settled(front[f"xl/worksheets/sheet{place + 1}.xml"], looks, texts)
            self._insert(place, element.get("name", ""), _respelled(content, spaces), front)
        self._adopt_names(book, len(sheets))
        self._show_first()
        return sheets[0].get("name", "")

    def mark(self, marks: Iterable[Mark], opinion: str) -> None:
        """Write the marks at their cells."""
        by_name, names = {tab.name: tab for tab in self._tabs}, self._names()
        quoted = opinion.replace("'", "''")
        marked: dict[str, MarkedSheet] = {}
        for number, mark in enumerate(marks, start=1):
            if mark.sheet not in by_name:
                continue
            tab = by_name[mark.sheet]
            sheet = marked[tab.part] = self._sheet(tab)
            style = sheet.style(mark.row, mark.column)
            quoted_sheet = mark.sheet.replace("'", "''")
            name = f"{_MARK_NAME}{number}_{self._styles.colour_of(style)}"
            etree.SubElement(
                names, self._tag("definedName"), name=name, hidden="1"
            ).text = f"'{quoted_sheet}'!${column_letters(mark.column)}${mark.row + 1}"
            sheet.restyle(mark.row, mark.column, self._styles.coloured(style, mark.tone))
            back = f"'{quoted}'!A{FIRST_ROW + mark.back + 1}"
            sheet.tell(Told(mark.row, mark.column, mark.text, back))
        for sheet in {**marked, **self._opened}.values():
            sheet.finish()

    def _restore(self, place: str, colour: str) -> None:
        found = _PLACE.fullmatch(place)
        name = (found[1] or found[2]).replace("''", "'") if found else ""
        tab = next((each for each in self._tabs if each.name == name), None)
        at = position_of(f"{found[3]}{found[4]}") if found else None
        if tab and at:
            sheet = self._sheet(tab)
            sheet.restyle(*at, self._styles.restored(sheet.style(*at), colour))

    def _take_out(self, tab: _Tab) -> None:
        place = list(self._sheets()).index(tab.element)
        relation = self._relation(tab.element)
        self._sheets().remove(tab.element)
        self.parts.part_without(self._main, relation)
        self.parts.drop(tab.part)
        self._tabs.remove(tab)
        self._opened.pop(tab.part, None)
        quoted = f"'{tab.name}'!"
        for name in list(self._names()):
            number = name.get("localSheetId")
            if number == str(place) or (name.text or "").startswith((quoted, f"{tab.name}!")):
                self._names().remove(name)
            elif number is not None and int(number) > place:
                name.set("localSheetId", str(int(number) - 1))

    def _insert(self, place: int, name: str, content: bytes, front: Mapping[str, bytes]) -> None:
        part = self.parts.fresh("xl/worksheets/jixiao{}.xml")
        self.parts.put(part, b"<x/>")
        relations = dict(_outside(front, f"xl/worksheets/_rels/sheet{place + 1}.xml.rels"))
        kind = f"{self._related}/hyperlink"

        def related(link: re.Match[bytes]) -> bytes:
            target = relations[link[2].decode()]
            return link[1] + self.parts.relate(part, kind, target, outside=True).encode()

        self.parts.put(part, _LINKED.sub(related, content))
        self.parts.declare(part, _SHEET_TYPE)
        taken = {each.get("name", "").casefold() for each in self._sheets()}
        assert name.casefold() not in taken, name  # noqa: S101  whoever names our sheets looks at these first
        element = etree.Element(self._tag("sheet"), name=name)
        following = max([int(each.get("sheetId", "0")) for each in self._sheets()], default=0) + 1
        element.set("sheetId", str(following))
        element.set(
            f"{{{self._related}}}id", self.parts.relate(self._main, f"{self._related}/worksheet", part)
        )
        self._sheets().insert(place, element)

    def _adopt_names(self, book: etree._Element, count: int) -> None:
        for name in self._names():
            if (number := name.get("localSheetId")) is not None:
                name.set("localSheetId", str(int(number) + count))
        taken = {
            each.get("name", "").casefold() for each in self._names() if each.get("localSheetId") is None
        }
        found = book.find(self._tag("definedNames"))
        for name in [] if found is None else list(found):
            if name.get("localSheetId") is not None or name.get("name", "").casefold() not in taken:
                self._names().append(name)

    def _show_first(self) -> None:
        """Open with our first sheet, and no other selected with it: what is typed would go into both."""
        for view in self._root.iter(self._tag("workbookView")):
            view.set("activeTab", "0")
            if "firstSheet" in view.attrib:
                del view.attrib["firstSheet"]
        for tab in self._tabs:
            if tab.part not in self._opened:
                content = self.parts.read(tab.part)
                if b"tabSelected" in content and _SELECTED.search(content):
                    self.parts.put(tab.part, _SELECTED.sub(rb'\1tabSelected="0"', content))

    def _sheet(self, tab: _Tab) -> MarkedSheet:
        if tab.part not in self._opened:
            self._opened[tab.part] = MarkedSheet(self.parts, tab.part, self._related)
        return self._opened[tab.part]

    def _sheets(self) -> etree._Element:
        return self._child("sheets")

    def _names(self) -> etree._Element:
        return self._child("definedNames")

    def _child(self, name: str) -> etree._Element:
        found = self._root.find(self._tag(name))
        if found is None:
            found = etree.Element(self._tag(name))
            put_in_order(self._root, found, _BOOK_ORDER)
        return found

    def _relation(self, element: etree._Element) -> str:
        return next((str(value) for key, value in element.items() if str(key).endswith("}id")), "")

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


class _Looks:
    """The styles part of a workbook, with looks added as they are asked for."""

    def __init__(self, root: etree._Element) -> None:
        """Change the part with this root."""
        self._root, self._space = root, namespace_of(root)
        self._looks = self._list("cellXfs")
        if not len(self._looks):
            self._add(self._looks, etree.Element(self._tag("xf"), numFmtId="0", fontId="0", fillId="0"))
        self._known: dict[tuple[int, str], int] = {}
        self._fills: dict[str, int] = {}
        self._colours: dict[int, str] = {}

    def coloured(self, style: int, tone: Tone) -> int:
        """The look of a cell with another colour behind it."""
        return self._filled(style, f"rgb_FF{TINTS[tone].removeprefix('#')}")

    def restored(self, style: int, colour: str) -> int:
        """The look of a cell with the colour behind it that `colour_of` had told."""
        return self._filled(style, colour)

    def colour_of(self, style: int) -> str:
        """What is behind a cell, in letters that a defined name may hold; "none" also for patterns."""
        if style not in self._colours:  # looks are added, none is changed
            self._colours[style] = self._colour(style)
        return self._colours[style]

    def _colour(self, style: int) -> str:
        fills = self._list("fills")
        number = int(self._look(style).get("fillId", "0"))
        fill = fills[number] if number < len(fills) else None
        pattern = None if fill is None else fill.find(self._tag("patternFill"))
        colour = None if pattern is None else pattern.find(self._tag("fgColor"))
        if pattern is None or colour is None or pattern.get("patternType") != "solid":
            return _NONE
        for kind in ("rgb", "theme", "indexed"):
            if value := colour.get(kind):
                return f"{kind}_{value}{_tint(colour.get('tint', ''))}"
        return _NONE

    def adopt(self, other: etree._Element) -> list[int]:
        """Add all looks of another workbook of the same namespace; the number of each of its own here."""
        moved = {name: self._append_all(name, other) for name in ("fonts", "fills", "borders")}
        formats = self._adopt_formats(other)
        looks, first = _copied(other, self._tag("cellXfs")), len(self._looks)
        for look in looks:
            for name, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
                look.set(key, str(moved[name] + int(look.get(key, "0"))))
            code = look.get("numFmtId", "0")
            look.set("numFmtId", formats.get(code, code))
            look.set("xfId", "0")
            for flag in ("applyFont", "applyFill", "applyBorder", "applyNumberFormat", "applyAlignment"):
                look.set(flag, "1")
        self._extend(self._looks, looks)
        return list(range(first, first + len(looks)))

    def _filled(self, style: int, colour: str) -> int:
        key = (style, colour)
        if key not in self._known:
            new = deepcopy(self._look(style))
            new.set("fillId", str(self._fill(colour)))
            new.set("applyFill", "1")
            self._known[key] = self._add(self._looks, new)
        return self._known[key]

    def _look(self, style: int) -> etree._Element:
        return self._looks[style] if 0 <= style < len(self._looks) else self._looks[0]

    def _fill(self, colour: str) -> int:
        found = _COLOUR.fullmatch(colour)
        if found is None:
            return 0  # the first fill is none, whatever stands there
        if colour not in self._fills:
            fill = etree.Element(self._tag("fill"))
            pattern = etree.SubElement(fill, self._tag("patternFill"), patternType="solid")
            shown = etree.SubElement(pattern, self._tag("fgColor"))
            shown.set(found[1], found[2])
            if found[4]:
                shown.set("tint", f"{'-' if found[3] else ''}{found[4]}.{found[5]}")
            etree.SubElement(pattern, self._tag("bgColor"), indexed="64")
            self._fills[colour] = self._add(self._list("fills"), fill)
        return self._fills[colour]

    def _adopt_formats(self, other: etree._Element) -> dict[str, str]:
        known = self._root.find(self._tag("numFmts"))
        taken = [int(each.get("numFmtId", "0")) for each in ([] if known is None else known)]
        following = max([_FIRST_OWN_FORMAT - 1, *taken])
        numbers: dict[str, str] = {}
        for new in _copied(other, self._tag("numFmts")):
            following += 1
            numbers[new.get("numFmtId", "")] = str(following)
            new.set("numFmtId", str(following))
            self._add(self._list("numFmts"), new)
        return numbers

    def _append_all(self, name: str, other: etree._Element) -> int:
        """Where the first of another workbook's fonts, fills or borders now stands."""
        target = self._list(name)
        first = len(target)
        self._extend(target, _copied(other, self._tag(name)))
        return first

    def _list(self, name: str) -> etree._Element:
        found = self._root.find(self._tag(name))
        if found is None:
            found = etree.Element(self._tag(name), count="0")
            put_in_order(self._root, found, _STYLE_ORDER)
        return found

    def _add(self, target: etree._Element, child: etree._Element) -> int:
        self._extend(target, (child,))
        return len(target) - 1

    @staticmethod
    def _extend(target: etree._Element, children: Iterable[etree._Element]) -> None:
        target.extend(children)
        target.set("count", str(len(target)))

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


def _copied(root: etree._Element, tag: str) -> list[etree._Element]:
    """Copies of what stands in a list of the root: copying the whole list costs hardly more than one."""
    found = root.find(tag)
    return [] if found is None else list(copy(found))


def _tint(text: str) -> str:
    """A tint such as -0.2499 as _m0p2499; none where there is none."""
    try:
        value = float(text or 0)
    except ValueError:
        return ""
    whole, _, rest = f"{abs(value):.6f}".partition(".")
    return f"_{'m' if value < 0 else ''}{whole}p{rest}" if value else ""


@lru_cache(maxsize=16)
def _looks_in(styles: bytes) -> etree._Element:
    """The styles of our own sheets, of which there are few; what is taken from them is copied."""
    return etree.fromstring(styles)


def _respelled(content: bytes, spaces: Iterable[tuple[str, str]]) -> bytes:
    for old, new in spaces:
        if old != new:
            content = content.replace(old.encode(), new.encode())
    return content


def _settled(content: bytes, looks: Sequence[int], texts: Sequence[bytes]) -> bytes:
    """A sheet of ours with the numbers of its looks in the other workbook, and its texts themselves."""
    numbers = [b"%d" % look for look in looks]

    def settled(cell: re.Match[bytes]) -> bytes:
        begin, look, text = cell.groups()
        if text is None:
            return b'%s%s"' % (begin, numbers[int(look)])
        return b'%s%s" t="inlineStr"><is>%s</is></c>' % (begin, numbers[int(look)], texts[int(text)])

    return _CELL.sub(settled, content)


def _outside(front: Mapping[str, bytes], rels: str) -> Iterable[tuple[str, str]]:
    """Id and target of every relation of one of our sheets: all of them lead out of the package."""
    if rels in front:
        yield from ((each.get("Id", ""), each.get("Target", "")) for each in etree.fromstring(front[rels]))
