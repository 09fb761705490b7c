"""Files inside a .zip that a department sent: listed by name, and each unpacked in memory when it is read.

Nothing is ever written to disk, so no name leads out of anywhere. An archive inside an archive stays packed.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from jixiao.language import say
from jixiao.workbooks.packages import MAX_UNPACKED, megabytes
from jixiao.workbooks.reading import MAX_FILE
from jixiao.workbooks.refusals import cannot_open, damaged, protected, too_large, why_unread
from jixiao.workbooks.sniffing import is_passing_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_MEMBERS = 2000
MAX_DIRECTORY = 2_000_000
"""Bytes of the list of what is inside, which has to be read whole before anything of it is known."""
_END, _END_SIZE, _COMMENT = b"PK\x05\x06", 22, 65_535
_MANY = 0xFFFF
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_JUNK = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
_ERRORS = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive's files by name, folders with "/"; each name once."""

    path: Path
    members: dict[str, ZipInfo]

    def read(self, name: str) -> bytes:
        """A file of it as a whole.

        Raises:
            RefusalError: it is too large or damaged, has a password, or there is no such file any more.
        """
        member = self.members.get(name)
        if member is None:
            raise damaged(say("压缩包里已没有这个文件"))
        if member.flag_bits & _ENCRYPTED:
            raise protected(say("压缩包设有密码"))
        if member.file_size > MAX_FILE:
            raise too_large(megabytes(member.file_size), megabytes(MAX_FILE))
        try:
            with ZipFile(self.path) as archive, archive.open(member) as stream:
                return stream.read()
        except _ERRORS as error:
            raise damaged(say("在压缩包中的内容不完整，或压缩方式不能识别")) from error


def is_archive_name(name: str) -> bool:
    """Whether a file of this name is looked into."""
    return name.lower().endswith(".zip") and not is_passing_name(PurePosixPath(name).name)


def open_archive(path: Path) -> Archive:
    """What is in an archive, without unpacking any of it.

    Raises:
        RefusalError: it is no whole zip, has a password, or holds or unpacks to more than any department
            sends.
    """
    if not path.is_file():
        raise cannot_open(say("不是普通文件，而是管道或设备"))
    try:
        _check_directory(path)
        with ZipFile(path) as archive:
            found = [each for each in archive.infolist() if not each.is_dir()]
    except PermissionError as error:
        raise cannot_open(why_unread(error)) from error
    except _ERRORS as error:
        raise damaged(say("压缩结构不完整，文件可能没有传完")) from error
    named = [(each, _name(each)) for each in found]
    members = [(each, name) for each, name in named if not _is_junk(name)]
    if members and all(each.flag_bits & _ENCRYPTED for each, _ in members):
        raise protected(say("压缩包设有密码"))
    total = sum(each.file_size for each, _ in members)
    if total > MAX_UNPACKED:
        raise too_large(say("解压后 {size}", size=megabytes(total)), megabytes(MAX_UNPACKED))
    names = _numbered(name for _, name in members)
    return Archive(path, dict(zip(names, (each for each, _ in members), strict=True)))


def _check_directory(path: Path) -> None:
    """Refuse what lists more than we read, by what the end of the archive says, before anything is read."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - _END_SIZE - _COMMENT, 0))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise damaged(say("压缩结构不完整，文件可能没有传完"))
    count, size = struct.unpack_from("<HI", tail, at + 10)
    if count > MAX_MEMBERS or count == _MANY or size > MAX_DIRECTORY:
        most = say("{count} 个文件", count=MAX_MEMBERS)
        raise too_large(say("{count} 个以上文件", count=min(count, MAX_MEMBERS)), most)


def _name(member: ZipInfo) -> str:
    """The name as it was before Windows packed it: in GBK where nothing says that it is UTF-8."""
    name = member.filename
    if not member.flag_bits & _UTF_8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip(" .") and not part.endswith(":"))


def _is_junk(name: str) -> bool:
    return not name or bool(_JUNK.intersection(part.lower() for part in name.split("/")))


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """Each name once: of several files of one name the second gets （2）, so that none is lost."""
    met: Counter[str] = Counter()
    for name in names:
        met[name] += 1
        path = PurePosixPath(name)
        if met[name] > 1:
            met[again := str(path.with_name(f"{path.stem}（{met[name]}）{path.suffix}"))] += 1
            yield again
        else:
            yield name
