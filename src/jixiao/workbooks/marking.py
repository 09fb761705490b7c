"""A workbook that was sent, marked: sheets of ours before its own, colours, notes and links at its cells.

The package itself is changed, part by part, so that nothing is lost that a library for spreadsheets does
not know: pictures, shapes, charts, slicers, controls, macros stay what they are. openpyxl would drop them and
take many times as long. What we put into cells is named in the workbook, so that a marked workbook that comes
back is cleaned before it is marked again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from jixiao.domain.cells import column_letters, position_of
from jixiao.language import say
from jixiao.workbooks.marked_sheets import MarkedSheet, Told
from jixiao.workbooks.marked_styles import MarkedStyles
from jixiao.workbooks.package_editing import Parts, namespace_of, put_in_order
from jixiao.workbooks.sheet_layout import FIRST_ROW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from jixiao.domain.report import Mark

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
        self._styles = MarkedStyles(parts.tree(styles))
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
