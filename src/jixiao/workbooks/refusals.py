"""Why a file cannot be read: raised by the readers below, turned into a finding by `reading`."""

from __future__ import annotations

from jixiao.domain.findings import Declaration, declare
from jixiao.domain.spoken import why_not
from jixiao.language import say

DAMAGED = declare("F101", optional=("detail",))
PROTECTED = declare("F102", optional=("detail",))
TOO_LARGE = declare("F103", optional=("size", "limit"))
NOT_A_WORKBOOK = declare("F104", optional=("detail",))
UNFINISHED = declare("F105", optional=("detail",))
EMPTY = declare("F107", optional=("detail",))
OTHER_FORMAT = declare("F108", optional=("detail",))
CANNOT_OPEN = declare("F110", optional=("detail",))


class RefusalError(Exception):
    """A file that cannot be read, as the declaration of a finding and the figures of its sentence.

    Args:
        kind: a declaration of family F.
        figures: what the sentence in seeds/findings.toml has placeholders for, in Chinese.
    """

    def __init__(self, kind: Declaration, **figures: str) -> None:
        """Keep both for the finding."""
        super().__init__(kind.code, figures)
        self.kind = kind
        self.code = kind.code
        self.figures = figures


def damaged(detail: str) -> RefusalError:
    """The file is meant to be a workbook, but its content is broken (F101)."""
    return RefusalError(DAMAGED, detail=detail)


def too_large(what: str, limit: str) -> RefusalError:
    """The file, or what it unpacks to, is larger than any filled form can be (F103)."""
    return RefusalError(TOO_LARGE, size=what, limit=limit)


def not_a_workbook(detail: str) -> RefusalError:
    """The file is named like a workbook, its content is something else (F104)."""
    return RefusalError(NOT_A_WORKBOOK, detail=detail)


def protected(detail: str) -> RefusalError:
    """The file opens with a password only (F102)."""
    return RefusalError(PROTECTED, detail=detail)


def cannot_open(detail: str) -> RefusalError:
    """The file, whatever it holds, can't be opened here and now (F110)."""
    return RefusalError(CANNOT_OPEN, detail=detail)


def why_unread(error: OSError) -> str:
    """Why a file can't be opened, for an officer."""
    match error:
        case PermissionError():
            return say("没有读取权限，或正被其他程序独占")
        case FileNotFoundError():
            return say("文件已不在原处")
        case _:
            return why_not(error)


NO_BOOK = say("不是 .xlsx 工作簿，或已损坏")
"""What can't be read back of our own: libraries' words are for programmers."""
