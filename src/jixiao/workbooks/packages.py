"""Zips of XML parts (OOXML, OpenDocument), opened with limits; and what .xlsx and .xlsb share."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from jixiao.domain.archives import unpacked
from jixiao.language import say
from jixiao.workbooks.drafts import Draft, Room
from jixiao.workbooks.refusals import RefusalError, damaged, protected, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jixiao.domain.cells import Grid

MAX_UNPACKED = 400_000_000
MAX_PART = 200_000_000
"""Bytes, unpacked: all parts together, and one part. A form's sheet has some ten thousand."""
_STREAMED_FROM = 4_000_000
"""Bytes from which a part is unpacked while it is parsed; below, unpacking it at once is faster."""
_ENCRYPTED_ENTRY = 0x1
_PARSING: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}


def megabytes(size: int) -> str:
    """Bytes as printed."""
    return f"{size / 1_000_000:.1f} MB"


class Package:
    """The parts of a file by name. Names are compared without case, as Windows zippers change it.

    Raises:
        RefusalError: not a whole zip, protected by a password, or unpacking to more than the limits.
    """

    def __init__(self, data: bytes) -> None:
        """Open the zip's directory. Its declared sizes bind: zipfile never unpacks more than them."""
        self._data = data
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise damaged(say("压缩结构不完整，文件可能没有传完")) from error
        entries = self._zip.infolist()
        if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in entries):
            raise protected(say("压缩包设有密码"))
        self._check_sizes(entries)
        self._entries = {_normal(entry.filename): entry for entry in entries}
        self._parser = etree.XMLParser(**_PARSING)

    @staticmethod
    def _check_sizes(entries: list[ZipInfo]) -> None:
        total = sum(entry.file_size for entry in entries)
        largest = max((entry.file_size for entry in entries), default=0)
        if total > MAX_UNPACKED:
            raise too_large(say("解压后 {total}", total=megabytes(total)), megabytes(MAX_UNPACKED))
        if largest > MAX_PART:
            raise too_large(say("单个部件解压后 {largest}", largest=megabytes(largest)), megabytes(MAX_PART))

    def __contains__(self, part: str) -> bool:
        """Whether there is a part of that name."""
        return _normal(part) in self._entries

    def files(self) -> dict[str, ZipInfo]:
        """Every part by its name as names are compared, in their order."""
        return {name: entry for name, entry in self._entries.items() if not entry.is_dir()}

    def read(self, part: str) -> bytes:
        """A part as a whole.

        Raises:
            RefusalError: it is missing or damaged.
        """
        entry = self._entries.get(_normal(part))
        try:
            if entry is not None and entry.compress_type in {ZIP_STORED, ZIP_DEFLATED}:
                return unpacked(self._data, entry)
            with self._open(part) as stream:
                return stream.read()
        except (BadZipFile, zlib.error, struct.error, EOFError, OSError, UnicodeDecodeError) as error:
            raise damaged(say("部件 {part} 解压失败", part=part)) from error

    def elements(self, part: str, *names: str) -> Iterator[etree._Element]:
        """The elements with these local names, in any namespace, when each has been read to its end.

        A long part is parsed as it is unpacked, and an element emptied after use, so that memory stays flat.

        Raises:
            RefusalError: the part is missing, damaged, no XML, or declares a DTD (which could hide values
                behind entities; no spreadsheet program writes one).
        """
        entry = self._entries.get(_normal(part))
        if entry is None or entry.file_size >= _STREAMED_FROM:
            yield from (element for _, element in self.events(part, names, ("end",)))
            return
        try:
            root = etree.fromstring(self.read(part), self._parser)
        except etree.XMLSyntaxError as error:
            raise _unsound(part) from error
        _refuse_entities(root, part)
        yield from root.iter(*(f"{{*}}{name}" for name in names))
        root.clear()  # Whoever keeps an element does not keep its part.

    def events(
        self, part: str, names: tuple[str, ...], kinds: tuple[str, ...]
    ) -> Iterator[tuple[str, etree._Element]]:
        """The same with start events, if `kinds` says so: (kind, element) in document order."""
        tags = [f"{{*}}{name}" for name in names]
        with self._source(part) as stream:
            streamed = not isinstance(stream, BytesIO)
            parser = etree.iterparse(stream, kinds, tag=tags, **_PARSING)
            try:
                for kind, element in parser:
                    yield kind, element
                    if streamed and kind == "end":
                        _release(element)
            except (etree.XMLSyntaxError, BadZipFile, zlib.error, EOFError) as error:
                raise _unsound(part) from error
            if parser.root is not None:
                _refuse_entities(parser.root, part)
            if parser.root is not None and not streamed:
                # The parser and its tree hold each other until rubbish is collected, which workers do seldom.
                parser.root.clear()

    def _source(self, part: str) -> IO[bytes]:
        entry = self._entries.get(_normal(part))
        small = entry is not None and entry.file_size < _STREAMED_FROM
        return BytesIO(self.read(part)) if small else self._open(part)

    def _open(self, part: str) -> IO[bytes]:
        try:
            return self._zip.open(self._entries[_normal(part)])
        except KeyError as error:
            raise damaged(say("缺少部件 {part}", part=part)) from error
        except (BadZipFile, NotImplementedError, RuntimeError) as error:
            raise damaged(say("部件 {part} 解压失败", part=part)) from error


def _unsound(part: str) -> RefusalError:
    return damaged(say("部件 {part} 的内容不完整或不合规范", part=part))


def _refuse_entities(root: etree._Element, part: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged(say("部件 {part} 含有不允许的 DTD 声明", part=part))


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _release(element: etree._Element) -> None:
    """Free an element that is done with, and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def leaf_texts(package: Package, part: str, *names: str) -> Iterator[tuple[etree._Element, str]]:
    """Elements of a document-property part with their text, however deep; none where the part is unusable."""
    try:
        for _, element in package.events(part, names, ("end",)):  # A damaged part says what it can.
            yield element, "".join(str(text) for text in element.itertext()).strip()
    except RefusalError:
        return


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the last word of the relation's type, and the other part's name."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Styles:
    """What all cells refer to: format codes by style number ("" is General), texts, and the calendar."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    from_1904: bool = False

    def code(self, style: int) -> str:
        """The format code of a style; "" for one that the file does not define, as other programs do."""
        return self.codes[style] if 0 <= style < len(self.codes) else ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet as the workbook lists it; what kind of sheet it is, its relation says."""

    name: str
    relation_id: str
    hidden: bool
    names: tuple[tuple[str, str], ...] = ()
    """Names defined on the sheet, each with its formula."""


def read_tabs(
    file: str, tabs: Iterable[Tab], related: Mapping[str, Relation], fill: Callable[[str, Draft], None]
) -> tuple[Grid, ...]:
    """The worksheets in order; charts, dialogs and macro sheets are no forms.

    Args:
        file: the file's name in references.
        tabs: the sheets as listed.
        related: the workbook's relations by id.
        fill: reads the part of a worksheet into a draft.

    Raises:
        RefusalError: a listed sheet has no part, or `fill` refuses it.
    """
    grids: list[Grid] = []
    room = Room()
    for tab in tabs:
        room.take_sheet()
        relation = related.get(tab.relation_id)
        if relation is None:
            raise damaged(say("工作表“{name}”没有内容", name=tab.name))
        if relation.kind == "worksheet":
            draft = Draft(room)
            fill(relation.target, draft)
            for name, formula in tab.names:
                draft.name(name, formula)
            grids.append(draft.grid(file, tab.name, hidden=tab.hidden))
    return tuple(grids)


def relations(package: Package, part: str) -> Mapping[str, Relation]:
    """The relations of a part by id, without links out of the file; none where it has no relations part."""
    folder, name = dirname(part), part.rpartition("/")[2]
    rels = join(folder, "_rels", f"{name}.rels")
    if rels not in package:
        return {}
    return {
        element.get("Id", ""): Relation(
            element.get("Type", "").rpartition("/")[2],
            normpath(join("/", folder, element.get("Target", "").replace("\\", "/"))).lstrip("/"),
        )
        for element in package.elements(rels, "Relationship")
        if element.get("TargetMode") != "External"
    }


def main_part(package: Package) -> str:
    """The part that is the document, as the package says or where it usually is; "" where there is none."""
    named = [
        relation.target for relation in relations(package, "").values() if relation.kind == "officeDocument"
    ]
    usual = [part for part in ("xl/workbook.xml", "xl/workbook.bin") if part in package]
    return next(iter(named + usual), "")


def part_of_kind(related: Mapping[str, Relation], kind: str) -> str:
    """The one related part of a kind (styles, sharedStrings); "" where there is none."""
    return next((relation.target for relation in related.values() if relation.kind == kind), "")


def document_properties(package: Package) -> dict[str, str]:
    """Custom properties by name, and "modified", the stamp of the last save (ISO 8601)."""
    found: dict[str, str] = {}
    for element, text in leaf_texts(package, "docProps/custom.xml", "property"):
        found[element.get("name", "")] = text
    for _, text in leaf_texts(package, "docProps/core.xml", "modified"):
        found["modified"] = text
    return found
