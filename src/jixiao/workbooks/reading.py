"""Reads any workbook into Grids. The rest of the code does not know which library did it.

| content | read with | values, errors, unstored formulas | formats | merges | hidden |
| --- | --- | --- | --- | --- | --- |
| .xlsx .xlsm (also .et) | lxml | yes | yes | yes | sheets, rows, columns |
| .xls .et (BIFF) | xlrd | yes; a formula always stores a value | yes | yes | sheets, rows, columns |
| .ods | lxml | yes | percent | yes | sheets, rows, columns |
| .xlsb | own records | yes; a formula always stores a value | yes | yes | sheets, rows, columns |
| XML 2003 as .xls | lxml | yes | yes | yes | sheets, rows |
| web page as .xls | lxml | as printed; "=…" is an unstored formula | digits as printed | yes | rows |

No content makes `read_workbook` raise. It has limits of size, none of time: who reads files of strangers does
so in a process that can be stopped.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.domain.cells import Workbook
from jixiao.domain.findings import Place, declare
from jixiao.language import say
from jixiao.workbooks.markup_reading import read_page, read_xml_2003
from jixiao.workbooks.ods_reading import read_ods
from jixiao.workbooks.refusals import (
    EMPTY,
    OTHER_FORMAT,
    UNFINISHED,
    RefusalError,
    cannot_open,
    damaged,
    too_large,
    why_unread,
)
from jixiao.workbooks.sniffing import ENDINGS, FileKind, is_workbook_name, sniff
from jixiao.workbooks.xls_reading import read_xls
from jixiao.workbooks.xlsb_reading import read_xlsb
from jixiao.workbooks.xlsx_reading import read_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jixiao.domain.findings import Finding

MACROS = declare("F112")

__all__ = ["MAX_FILE", "Reading", "is_workbook_name", "load", "read_content", "read_workbook", "refused"]

MAX_FILE = 100_000_000
"""Bytes; a filled form has some ten thousand, with scanned evidence in it some million."""
_MACROS = (b"vbaProject.bin", "_VBA_PROJECT".encode("utf-16-le"))
"""What macros are kept under in a zip of parts and in a compound document."""
_PICTURES = (b"xl/media/", b"Pictures/")
"""Where the packages of .xlsx, .et and .ods keep them."""
_READERS = {
    FileKind.XLSX: read_xlsx,
    FileKind.XLSB: read_xlsb,
    FileKind.XLS: read_xls,
    FileKind.ODS: read_ods,
    FileKind.XML_2003: read_xml_2003,
    FileKind.PAGE: read_page,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read; `workbook` is None when a blocking finding says why."""

    workbook: Workbook | None
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    """Of the file's bytes, also where they could not be read as a workbook; "" where there are no bytes."""


def read_workbook(path: Path, file: str) -> Reading:
    """Read a file, never changing it.

    Args:
        path: where it is.
        file: its name relative to the round folder, used in every reference.

    Returns:
        The workbook, or a blocking finding (F101–F105, F107, F110); F108 if its ending names another format,
        F112 if it holds macros, which nothing here runs.
    """
    try:
        data = load(path)
    except RefusalError as refusal:
        return refused(file, refusal)
    return read_content(data, file)


def refused(file: str, refusal: RefusalError) -> Reading:
    """The reading of a file whose bytes can't be had."""
    return Reading(None, (_finding(file, refusal),))


def read_content(data: bytes, file: str) -> Reading:
    """Read a file's bytes, wherever they come from; as `read_workbook`."""
    digest = sha256(data).hexdigest()
    try:
        kind, workbook = _read(data, file, digest)
    except RefusalError as refusal:
        return Reading(None, (_finding(file, refusal),), digest)
    return Reading(workbook, (*_format_findings(file, kind), *_macro_findings(file, data)), digest)


def load(path: Path) -> bytes:
    """The bytes of a file as it is now.

    Raises:
        RefusalError: they are too many, or can't be read.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise cannot_open(say("不是普通文件，而是管道或设备"))
            if status.st_size > MAX_FILE:
                raise too_large(f"{status.st_size / 1_000_000:.1f} MB", f"{MAX_FILE / 1_000_000:.1f} MB")
            return stream.read(status.st_size)
    except OSError as error:
        raise cannot_open(why_unread(error)) from error


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe would wait for somebody to write into it, for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read(data: bytes, file: str, digest: str) -> tuple[FileKind, Workbook]:
    """The format and the workbook of a file's bytes; every failure is a refusal."""
    try:
        kind = sniff(data)
        grids, properties = _READERS[kind](data, file)
    except RefusalError:
        raise
    except (MemoryError, RecursionError) as error:
        raise RefusalError(UNFINISHED, detail=say("内容超出可处理的范围")) from error
    except Exception as error:  # bytes from strangers make libraries fail in ways they don't document
        raise damaged(say("内容无法解析")) from error
    if not any(grid.values for grid in grids):
        pictured = any(name in data for name in _PICTURES)
        raise RefusalError(EMPTY, **({"detail": say("只有图片，图片里的内容不能读取")} if pictured else {}))
    return kind, Workbook(file, digest, grids, properties)


def _finding(file: str, refusal: RefusalError) -> Finding:
    return refusal.kind.finding(Place(file), figures=refusal.figures)


def _macro_findings(file: str, data: bytes) -> Iterator[Finding]:
    """F112 where a part or stream holds macros; both containers keep its name as it is, uncompressed."""
    if any(name in data for name in _MACROS):
        yield MACROS.finding(Place(file))


def _format_findings(file: str, kind: FileKind) -> Iterator[Finding]:
    """F108 where the ending promises another format than the content has."""
    promised = ENDINGS.get(PurePosixPath(file).suffix.lower(), frozenset())
    if kind not in promised:
        yield OTHER_FORMAT.finding(Place(file), figures={"detail": f".{kind}"})
