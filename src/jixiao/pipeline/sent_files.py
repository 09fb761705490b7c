"""What lies in a round's folder, under names that anybody can print: what may be opened, what else it is."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jixiao.domain.findings import Place, declare
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.evaluating.files import ATTACHED, FileResult
from jixiao.language import say
from jixiao.pipeline.manifest import digest_of
from jixiao.workbooks.archives import is_archive_name, open_archive
from jixiao.workbooks.reading import Reading, load, read_content, read_workbook, refused
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.sniffing import OTHER_ENDINGS, PACKED_ENDINGS, is_passing_name, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.findings import Finding
    from jixiao.pipeline.rounds import RoundFolder

_BYTE = re.compile(rb"\\x([0-9a-f]{2})")


def list_files(folder: RoundFolder) -> tuple[str, ...]:
    r"""Everything that departments sent, at any depth, relative to the round's folder, sorted.

    Links, pipes and folders that can't be listed are among them, so that reading says what is wrong with
    them. Names that are no UTF-8, as an archive from elsewhere leaves them, have \xb1 for each odd byte.
    An archive stands before what is in it: 材料.zip, 材料.zip/表.xlsx.
    """
    return tuple(name for name in files_in(folder.folder) if name not in folder.own_files)


def files_in(folder: Path) -> list[str]:
    """Every file in a folder at any depth, and every file in its archives; relative to it, sorted."""
    names = [_shown(os.path.relpath(path, folder)) for path in _below(folder)]
    packed = [f"{name}/{each}" for name in names for each in members_of(folder, name)]
    return sorted([*names, *packed])


def members_of(folder: Path, file: str) -> tuple[str, ...]:
    """The names of what is in an archive; none where it is no archive, or one that stays packed."""
    path = path_of(folder, file)
    if not is_archive_name(file) or leads_out(folder, path) or not path.is_file():
        return ()
    try:
        members = tuple(open_archive(path).members)
    except RefusalError:
        return ()
    return () if CONTENT_TYPES in members else members


CONTENT_TYPES = "[Content_Types].xml"
"""What makes an archive an Office document, whatever its name is."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a department sent: where it lies, or where its archive does and what it is called there."""

    path: Path
    inside: str = ""

    def content(self) -> bytes:
        """Its bytes.

        Raises:
            RefusalError: they can't be had; says why.
        """
        return open_archive(self.path).read(self.inside) if self.inside else load(self.path)

    def digest(self) -> str:
        """The sha256 of its bytes; "" where they can't be had."""
        if not self.inside:
            return digest_of_sent(self.path)
        try:
            return sha256(self.content()).hexdigest()
        except RefusalError:
            return ""

    def read(self, file: str) -> Reading:
        """Read it as a workbook that goes by the name of `file`."""
        if not self.inside:
            return read_workbook(self.path, file)
        try:
            return read_content(self.content(), file)
        except RefusalError as refusal:
            return refused(file, refusal)


def sent_file(folder: Path, file: str) -> SentFile:
    """Where a file that `list_files` gave is."""
    path = path_of(folder, file)
    if not os.path.lexists(path):
        for parent in PurePosixPath(file).parents:
            if is_archive_name(parent.name) and path_of(folder, str(parent)).is_file():
                return SentFile(path_of(folder, str(parent)), str(PurePosixPath(file).relative_to(parent)))
    return SentFile(path)


def _below(folder: Path) -> Iterator[str]:
    """Every file in a folder and the folders below it, and every folder that can't be listed."""
    unlisted: list[str] = []

    def note(error: OSError) -> None:
        unlisted.append(str(error.filename or folder))

    for place, folders, files in os.walk(folder, onerror=note):
        yield from (os.path.join(place, name) for name in files)  # noqa: PTH118 names may be no UTF-8
        links = (os.path.join(place, name) for name in folders)  # noqa: PTH118
        yield from filter(os.path.islink, links)
    yield from unlisted


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def path_of(folder: Path, file: str) -> Path:
    """Where a file that `list_files` gave lies, unless in an archive."""
    path = folder / file
    if "\\x" not in file or os.path.lexists(path):
        return path
    return folder / os.fsdecode(_BYTE.sub(lambda found: bytes([int(found[1], 16)]), os.fsencode(file)))


def leads_out(folder: Path, path: Path) -> bool:
    """Whether a path in a folder is, or lies below, a link to somewhere outside the folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def digest_of_sent(path: Path) -> str:
    """The sha256 of a file; "" where it can't be read, or is a pipe that nobody may ever write into."""
    try:
        return digest_of(path) if stat.S_ISREG(path.stat().st_mode) else ""
    except OSError:
        return ""


PACKED = declare("F114", "detail")
"""What may hold forms and was not read."""
_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How packages and compound documents begin; nothing else is looked into for its ending's sake."""


def look_at_other(sent: SentFile, file: str) -> FileResult:
    """A file that is no workbook by its ending: what it is, and whether it may hold forms all the same."""
    name = PurePosixPath(file).name
    suffix = PurePosixPath(name).suffix.lower()
    if is_passing_name(name):
        temporary = name.startswith("~$")
        return ignored(file, say("表格正被打开时产生的临时文件") if temporary else say("不是电子表格文件"))
    if kind := OTHER_ENDINGS.get(suffix):
        finding = ATTACHED.finding(Place(file), figures={"count": "1", "files": name})
        return ignored(file, say("是{kind}，没有读取", kind=kind), finding=finding)
    if suffix in PACKED_ENDINGS:
        return _packed(file, say("是 {suffix} 压缩包，这种格式不解开", suffix=suffix))
    if is_archive_name(name):
        return _look_into(sent, file)
    if kind := _workbook_inside(sent):
        return _packed(file, say("内容是 .{kind} 工作簿，扩展名却不是", kind=kind))
    return ignored(file, say("不是电子表格文件"))


def ignored(file: str, reason: str, digest: str = "", finding: Finding | None = None) -> FileResult:
    """What a file gave of which nothing is read."""
    outcome = SheetOutcome(file, "", digest, Status.IGNORED, reason)
    return FileResult(file, digest, outcomes=(outcome,), findings=(finding,) if finding else ())


def _packed(file: str, detail: str) -> FileResult:
    finding = PACKED.finding(Place(file), figures={"detail": detail})
    return ignored(file, say("没有读取：{detail}", detail=detail), finding=finding)


def _look_into(sent: SentFile, file: str) -> FileResult:
    """An archive: how many files of it are read one by one, or why it stays packed."""
    if sent.inside:
        return _packed(file, say("是压缩包里的压缩包，不再解开"))
    try:
        members = open_archive(sent.path).members
    except RefusalError as refusal:
        why = (refusal.figures.get("detail"), refusal.figures.get("size"))
        return _packed(file, next(filter(None, why), say("不能解开")))
    if CONTENT_TYPES in members:
        return _packed(file, say("内容是工作簿或文档，扩展名却是 .zip"))
    told = say("压缩包，已解开，其中 {count} 个文件逐个列出", count=len(members))
    return ignored(file, told, sent.digest())


def _workbook_inside(sent: SentFile) -> str:
    """The format of a workbook that goes by another ending; "" for anything else."""
    if not (sent.inside or sent.path.is_file()):
        return ""
    try:
        data = sent.content()
        return str(sniff(data)) if data.startswith(_SIGNATURES) else ""
    except RefusalError:
        return ""
