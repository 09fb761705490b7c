"""Zips of a document's parts, in memory: equal parts are packed once, what is packed already is not again.

`zipfile` takes longer to write a small part (some 60 µs) than the part takes to be packed, and cannot pass a
packed one on; a department's results are sixty such parts, most of them the same for all departments.
"""

from __future__ import annotations

import zlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple
from zipfile import BadZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future
    from zipfile import ZipInfo

_LEVEL = 3
"""Of zlib: half the time of the usual 6, and a tenth more bytes."""
_RAW = -15
_DEFLATED = 8
_SMALL = 20_000
"""Bytes up to which a part may be one that comes again."""
_FIRST_DAY = b"\0\0\x21\0"
"""The first of January 1980, the first day that zips know."""
_VERSION, _UTF8 = 20, 0x800
_LOCAL = Struct("<4s3H4s3L2H")
_CENTRAL = Struct("<4s4H4s3L5H2L")
_END = Struct("<4s4H2LH")
_LENGTHS = Struct("<2H")
_BEGIN = b"PK\3\4"


class Member(NamedTuple):
    """A part as it lies in a zip; `stamp` are four bytes, its time and date."""

    name: str
    packed: bytes
    size: int
    crc: int
    method: int = _DEFLATED
    stamp: bytes = _FIRST_DAY


def deflated(name: str, content: bytes) -> Member:
    """A part of that content, from the first day that zips know."""
    return Member(name, *(_packed_again if len(content) <= _SMALL else _packed)(content))


class Packing:
    """A part that is packed beside whoever makes it, piece by piece: zlib leaves Python free meanwhile."""

    def __init__(self) -> None:
        """Without anything in it."""
        self._packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        self._packed: list[bytes] = []
        self._size = self._crc = 0
        self._waiting: deque[Future[None]] = deque()

    def add(self, content: bytes) -> None:
        """Put a piece behind those that are there."""
        self._waiting.append(_beside().submit(self._pack, content))
        if len(self._waiting) > _AHEAD:
            self._waiting.popleft().result()

    def member(self, name: str) -> Member:
        """The finished part."""
        while self._waiting:
            self._waiting.popleft().result()
        self._packed.append(self._packer.flush())
        return Member(name, b"".join(self._packed), self._size, self._crc)

    def _pack(self, content: bytes) -> None:
        self._size += len(content)
        self._crc = zlib.crc32(content, self._crc)
        self._packed.append(self._packer.compress(content))


_AHEAD = 3
"""Pieces that may wait to be packed: no more of a part is ever in memory."""


@cache
def _beside() -> ThreadPoolExecutor:
    """One thread a process, so that the pieces of a part are packed in their order."""
    return ThreadPoolExecutor(1, "packing")


def taken(archive: bytes, entry: ZipInfo) -> Member:
    """A part of an archive as it lies there; whether it is whole is for the caller to know."""
    start = entry.header_offset
    name, extra = _LENGTHS.unpack_from(archive, start + _LOCAL.size - _LENGTHS.size)
    first = start + _LOCAL.size + name + extra
    packed, stamp = archive[first : first + entry.compress_size], archive[start + 10 : start + 14]
    return Member(entry.filename, packed, entry.file_size, entry.CRC, entry.compress_type, stamp)


def unpacked(archive: bytes, entry: ZipInfo) -> bytes:
    """What a stored or deflated part of an archive holds.

    Raises:
        BadZipFile: it is not what the archive's list says of it.
        struct.error, zlib.error, UnicodeDecodeError: it is damaged.
    """
    begin, start = _LOCAL.unpack_from(archive, entry.header_offset), entry.header_offset + _LOCAL.size
    name = archive[start : start + begin[-2]].decode("utf-8" if begin[2] & _UTF8 else "cp437")
    member = taken(archive, entry)
    content = member.packed
    if member.method == _DEFLATED:
        content = zlib.decompressobj(_RAW).decompress(member.packed, member.size + 1)
    said = (begin[0], name, len(content), zlib.crc32(content))
    if said != (_BEGIN, entry.orig_filename, member.size, member.crc):
        raise BadZipFile(entry.filename)
    return content


def zipped(members: Iterable[Member]) -> bytes:
    """The archive; the same members give the same bytes.

    Raises:
        struct.error: more members, or larger ones, than a plain zip holds: 65,535 and 4 GB.
    """
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for each in members:
        name = each.name.encode()
        flags = 0 if name.isascii() else _UTF8
        own = (each.method, each.stamp, each.crc, len(each.packed), each.size, len(name), 0)
        head = _LOCAL.pack(_BEGIN, _VERSION, flags, *own) + name
        directory.append(_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, flags, *own, 0, 0, 0, 0, offset) + name)
        pieces += (head, each.packed)
        offset += len(head) + len(each.packed)
    listed, count = b"".join(directory), len(directory)
    return b"".join((*pieces, listed, _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, 0)))


def _packed(content: bytes) -> tuple[bytes, int, int]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
    return packer.compress(content) + packer.flush(), len(content), zlib.crc32(content)


_packed_again = lru_cache(maxsize=256)(_packed)
