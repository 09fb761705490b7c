"""What departments send besides workbooks: what it is and what to send instead."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.domain.findings import Place, declare
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.evaluating.files import ATTACHED, FileResult
from jixiao.language import say
from jixiao.pipeline.sent_files import CONTENT_TYPES
from jixiao.workbooks.archives import is_archive_name, open_archive
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.sniffing import OTHER_ENDINGS, PACKED_ENDINGS, is_passing_name, sniff

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.pipeline.sent_files import SentFile

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
