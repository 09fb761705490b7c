"""An OOXML package with some parts changed: all others leave as they came, whatever they are.

Parts that are asked for as XML are changed in place and spelled again when the package is saved. The same
changes to the same bytes give the same bytes.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property, lru_cache
from posixpath import basename, dirname, join, normpath, relpath
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED

from lxml import etree

from jixiao.domain.archives import Member, deflated, taken, zipped
from jixiao.language import say
from jixiao.workbooks.packages import Package, main_part
from jixiao.workbooks.refusals import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_CONTENT_TYPES: Final = "[Content_Types].xml"
MAX_EDITED: Final = 30_000_000
"""Bytes of a part that is changed as a whole tree; a form's sheet has some ten thousand."""


class Parts:
    """The parts of a package, to be read, changed, added and dropped."""

    def __init__(self, data: bytes) -> None:
        """Open a package within the limits that hold for reading.

        Raises:
            RefusalError: it is damaged, protected or too large.
        """
        self.package = Package(data)
        self._data = data
        self._begin()

    def _begin(self) -> None:
        self._sent = self.package.files()
        self._names = {name: entry.filename for name, entry in self._sent.items()}
        self._whole: set[str] = set()
        self._changed: dict[str, bytes] = {}
        self._trees: dict[str, etree._Element] = {}
        self._declared: set[str] | None = None

    def anew(self) -> Parts:
        """The package as it was opened, whatever was changed since."""
        again = copy(self)
        again._begin()  # noqa: SLF001 one of this class
        return again

    def __contains__(self, part: str) -> bool:
        """Whether there is a part of that name."""
        return _normal(part) in self._names

    def read(self, part: str) -> bytes:
        """A part as it now is.

        Raises:
            RefusalError: it is missing or damaged.
        """
        name = _normal(part)
        if name in self._trees:
            return _spelled(self._trees[name])
        if name in self._changed:
            return self._changed[name]
        content = self.package.read(part)
        self._whole.add(name)
        return content

    def tree(self, part: str) -> etree._Element:
        """The root of a part, to be changed in place.

        Raises:
            RefusalError: it is missing, no XML, declares a DTD, or is too long to be changed.
        """
        name = _normal(part)
        if name not in self._trees:
            content = self.read(part)
            if len(content) > MAX_EDITED:
                raise damaged(say("部件 {part} 过大，不能标注", part=part))
            self._trees[name] = _parsed(content, part)
        return self._trees[name]

    def put(self, part: str, content: bytes) -> None:
        """Set a part, new or not."""
        self._trees.pop(_normal(part), None)
        self._changed[_normal(part)] = content
        self._names.setdefault(_normal(part), part)

    def drop(self, part: str) -> None:
        """Take a part out, with what says of what kind it is and its own relations."""
        for name in (_normal(part), _normal(_relations_of(part))):
            self._trees.pop(name, None)
            self._changed.pop(name, None)
            self._names.pop(name, None)
            self._sent.pop(name, None)
        self._declared = None
        for element in self.tree(_CONTENT_TYPES).findall(f"{{{_TYPES}}}Override"):
            if _normal(element.get("PartName", "")) == _normal(part):
                self.tree(_CONTENT_TYPES).remove(element)

    @cached_property
    def main(self) -> str:
        """The part that is the document; "" where there is none."""
        return main_part(self.package)

    def parts(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(self._names.values())

    def fresh(self, pattern: str) -> str:
        """A name that no part has yet; {} in the pattern stands for a number."""
        return next(name for number in range(1, 1_000_000) if (name := pattern.format(number)) not in self)

    def declare(self, part: str, kind: str) -> None:
        """Say of what content type a part is, where nothing does."""
        types, override = self.tree(_CONTENT_TYPES), f"{{{_TYPES}}}Override"
        if self._declared is None:
            self._declared = {_normal(element.get("PartName", "")) for element in types.findall(override)}
        if _normal(part) not in self._declared:
            self._declared.add(_normal(part))
            etree.SubElement(types, override, PartName=f"/{part}", ContentType=kind)

    def declare_ending(self, ending: str, kind: str) -> None:
        """Say of what content type all parts of an ending are, where nothing does."""
        types = self.tree(_CONTENT_TYPES)
        known = {element.get("Extension", "").lower() for element in types.findall(f"{{{_TYPES}}}Default")}
        if ending not in known:
            types.insert(0, etree.Element(f"{{{_TYPES}}}Default", Extension=ending, ContentType=kind))

    def kind_of(self, part: str) -> str:
        """The content type that is declared for a part by name; "" where none is."""
        for element in self.tree(_CONTENT_TYPES).findall(f"{{{_TYPES}}}Override"):
            if _normal(element.get("PartName", "")) == _normal(part):
                return element.get("ContentType", "")
        return ""

    def related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, last word of the type and target part of every relation of a part within the package."""
        if _relations_of(part) not in self:
            return
        for element in self.tree(_relations_of(part)):
            if element.get("TargetMode") != "External":
                target = normpath(join("/", dirname(part), element.get("Target", "").replace("\\", "/")))
                yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target.lstrip("/")

    def relate(self, part: str, kind: str, target: str, *, outside: bool = False) -> str:
        """The id of a new relation of a part; `kind` is its whole type."""
        rels = _relations_of(part)
        if rels not in self:
            self.put(rels, f'<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode())
        tree = self.tree(rels)
        taken = {element.get("Id") for element in tree}
        new = next(name for number in range(1, 1_000_000) if (name := f"rId{number}") not in taken)
        shown = target if outside else _relative(target, part)
        element = etree.SubElement(tree, f"{{{_RELATIONSHIPS}}}Relationship", Id=new, Type=kind, Target=shown)
        if outside:
            element.set("TargetMode", "External")
        return new

    def part_without(self, part: str, relation: str) -> None:
        """Take one relation of a part out."""
        tree = self.tree(_relations_of(part))
        for element in tree:
            if element.get("Id") == relation:
                tree.remove(element)

    def save(self) -> bytes:
        """The package as it now is; what was not changed stays packed as it was.

        Raises:
            RefusalError: a part is damaged, changed or not.
        """
        return zipped(map(self._member, self._names))

    def _member(self, name: str) -> Member:
        entry = self._sent.get(name)
        touched = name in self._trees or name in self._changed
        if entry is None or touched or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            fresh = deflated(self._names[name], self.read(name))
            return fresh._replace(stamp=taken(self._data, entry).stamp) if entry else fresh
        if name not in self._whole:
            self.read(name)
        return taken(self._data, entry)


def namespace_of(element: etree._Element) -> str:
    """The namespace of an element."""
    return etree.QName(element).namespace or ""


def put_in_order(parent: etree._Element, child: etree._Element, order: Sequence[str]) -> None:
    """Add a child where the schema wants it: before the first of those that come after its kind."""
    after = _after(tuple(order), etree.QName(child).localname)
    for place, each in enumerate(parent):
        if str(each.tag).rpartition("}")[2] in after:
            parent.insert(place, child)
            return
    parent.append(child)


@lru_cache(maxsize=256)
def _after(order: tuple[str, ...], name: str) -> frozenset[str]:
    return frozenset(order[order.index(name) + 1 :])


_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _parsed(content: bytes, part: str) -> etree._Element:
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise damaged(say("部件 {part} 的内容不完整或不合规范", part=part)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged(say("部件 {part} 含有不允许的 DTD 声明", part=part))
    return root


def _spelled(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@lru_cache(maxsize=4096)
def _relations_of(part: str) -> str:
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


@lru_cache(maxsize=4096)
def _relative(target: str, part: str) -> str:
    return relpath(f"/{target}", f"/{dirname(part)}")


@lru_cache(maxsize=4096)
def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
