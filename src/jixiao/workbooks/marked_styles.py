"""Looks of cells in somebody else's workbook: coloured, put back, and those of our own sheets."""

from __future__ import annotations

import re
from copy import copy, deepcopy
from typing import TYPE_CHECKING, Final

from lxml import etree

from jixiao.workbooks.package_editing import namespace_of, put_in_order
from jixiao.workbooks.styles import TINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jixiao.domain.report import Tone

_ORDER: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
_FIRST_OWN_FORMAT: Final = 164
_COLOUR: Final = re.compile(r"(rgb|theme|indexed)_([0-9A-Fa-f]+)(?:_(m?)([0-9]+)p([0-9]+))?")
_NONE: Final = "none"


class MarkedStyles:
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
            put_in_order(self._root, found, _ORDER)
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
