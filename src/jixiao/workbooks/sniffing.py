"""What a file is, by its content: departments rename .xls to .xlsx, and web pages to .xls."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath

import olefile

from jixiao.language import say
from jixiao.workbooks.packages import Package, main_part
from jixiao.workbooks.refusals import damaged, not_a_workbook, protected

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
"""Begin of file records of BIFF 2, 3, 4, 5 and 8, when not wrapped in a compound document."""
_FOREIGN = {
    b"%PDF": say("PDF 文档"),
    b"Rar!": say("压缩包"),
    b"7z\xbc\xaf": say("压缩包"),
    b"\x1f\x8b": say("压缩包"),
    b"\x89PNG": say("图片"),
    b"\xff\xd8\xff": say("图片"),
    b"GIF8": say("图片"),
    b"BM": say("图片"),
    b"{\\rtf": say("RTF 文档"),
}
_HEAD = 65_536
"""Bytes in which a page or an XML text shows what it is: styles may come before the first table."""
_MARKUP = {
    "opendocument": say("单一 XML 文件的表格文档"),
    "mime-version:": say("网页（单一文件）"),
    "<?xml": say("XML 文本"),
}
_PAGE = ("<html", "<!doctype html", "<table")
_XML_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


class FileKind(StrEnum):
    """The spreadsheet formats that can be read, as the officer knows them."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    XML_2003 = "xml"
    PAGE = "html"


ENDINGS = {
    ".xlsx": frozenset({FileKind.XLSX}),
    ".xlsm": frozenset({FileKind.XLSX}),
    ".xltx": frozenset({FileKind.XLSX}),
    ".xltm": frozenset({FileKind.XLSX}),
    ".xlsb": frozenset({FileKind.XLSB}),
    ".xls": frozenset({FileKind.XLS}),
    ".xlt": frozenset({FileKind.XLS}),
    ".et": frozenset({FileKind.XLS, FileKind.XLSX}),
    ".ett": frozenset({FileKind.XLS, FileKind.XLSX}),
    ".ods": frozenset({FileKind.ODS}),
    ".ots": frozenset({FileKind.ODS}),
}
"""Endings of workbooks and what may be inside; WPS writes either format under its own endings."""


OTHER_ENDINGS = {
    **dict.fromkeys((".doc", ".docx", ".docm", ".wps", ".wpt", ".rtf", ".odt", ".pages"), say("文字文档")),
    **dict.fromkeys((".pdf", ".ofd", ".caj"), say("版式文档")),
    **dict.fromkeys((".ppt", ".pptx", ".dps", ".odp"), say("演示文稿")),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic"), say("图片")
    ),
    **dict.fromkeys((".eml", ".msg"), say("邮件")),
    **dict.fromkeys((".htm", ".html", ".mht", ".mhtml", ".xml"), say("网页")),
    **dict.fromkeys((".csv", ".numbers", ".dbf", ".uof", ".uos"), say("不能读取的表格格式")),
}
"""Endings of what departments send besides workbooks, and what to call it: none of it is read."""
PACKED_ENDINGS = frozenset(
    {".rar", ".7z", ".zipx", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".arj", ".lzh", ".cab", ".iso", ".z01"}
)
"""Endings of archives that are not unpacked."""


def is_passing_name(name: str) -> bool:
    """Whether a file of this name (without folders) is there only while another is open or copied."""
    return name.startswith(("~$", "._", ".~"))


def is_workbook_name(name: str) -> bool:
    """Whether a file of this name (with or without folders) is read as a workbook.

    Lock files (~$…), copies under way on a Mac (._…) and every other ending are not.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    return path.suffix.lower() in ENDINGS and not is_passing_name(path.name)


def sniff(data: bytes) -> FileKind:
    """The format of a file by its content.

    Raises:
        RefusalError: it is empty, protected, damaged, or no workbook at all; says which.
    """
    if not data:
        raise damaged(say("文件为空（0 字节）"))
    if data.startswith(_ZIP):
        return _sniff_package(Package(data))
    if data.startswith(_OLE):
        return _sniff_compound(data)
    if data.startswith(_BARE_BIFF):
        return FileKind.XLS
    return _sniff_text(data)


def _sniff_package(package: Package) -> FileKind:
    if "mimetype" in package:
        if package.read("mimetype").startswith(_ODS_MIMETYPE):
            return FileKind.ODS
        raise not_a_workbook(say("文字或演示文档"))
    main = main_part(package)
    if main.startswith(("word/", "ppt/")):
        raise not_a_workbook(say("Word 文档") if main.startswith("word/") else say("演示文稿"))
    if main:
        return FileKind.XLSB if main.endswith(".bin") else FileKind.XLSX
    if "[Content_Types].xml" in package:
        raise damaged(say("缺少工作簿部件"))
    raise not_a_workbook(say("压缩包"))


def _sniff_compound(data: bytes) -> FileKind:
    """A compound document holds a BIFF workbook, or an encrypted .xlsx, or something else."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            streams = {"/".join(path).lower() for path in container.listdir()}
    except (OSError, ValueError, LookupError):
        streams = set()
    if "encryptedpackage" in streams:
        raise protected(say("工作簿设有打开密码"))
    if streams & {"workbook", "book"}:
        return FileKind.XLS
    if "worddocument" in streams:
        raise not_a_workbook(say("Word 文档"))
    if streams:
        raise not_a_workbook(say("其他程序的文档"))
    raise damaged(say("复合文档结构不完整，文件可能没有传完"))


def _sniff_text(data: bytes) -> FileKind:
    """A text may be a page or an XML spreadsheet; of all else, what it is as far as it shows."""
    for signature, name in _FOREIGN.items():
        if data.startswith(signature):
            raise not_a_workbook(name)
    text = _text(data[:_HEAD])
    if text is None:
        raise damaged(say("内容不是任何一种表格文件，可能已损坏或经加密软件加密"))
    head = text.lower()
    if "<workbook" in head and _XML_2003 in head:
        return FileKind.XML_2003
    if "mime-version:" not in head and any(mark in head for mark in _PAGE):
        return FileKind.PAGE
    raise not_a_workbook(next((name for mark, name in _MARKUP.items() if mark in head), say("纯文本或 CSV")))


def _text(head: bytes) -> str | None:
    """The head of a file as text, None where it is none. A character cut at its end doesn't count."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if b"\x00" in head:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        text = head.decode(encoding, "ignore")
        if len(text.encode(encoding.removesuffix("-sig"), "ignore")) >= len(head) - 8:
            return text
    return None
