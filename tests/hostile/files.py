"""Files that were made to do harm, or that harm befell: each has one line to be said about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.engines import LocalEngine
from tests.builders import files
from tests.builders.files import MAIN, Sheet
from tests.builders.folders import run, table
from tests.builders.rounds import write_round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jixiao.pipeline import Published

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@dataclass(frozen=True)
class Hostile:
    """A file by its ending, what makes its bytes, and the codes that are said about it."""

    ending: str
    make: Callable[[], bytes]
    code: str


def _book(sheet: bytes, **parts: bytes) -> bytes:
    return files.package({**files.xlsx_parts(""), "xl/worksheets/sheet1.xml": sheet, **parts})


def _rows(count: int, cells: str) -> bytes:
    lines = b"".join(f'<row r="{row}">{cells}</row>'.encode() for row in range(1, count + 1))
    return f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + lines + b"</sheetData></worksheet>"


def _text(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def _declared(declaration: str, use: str) -> bytes:
    sheet = (
        f'<!DOCTYPE worksheet [{declaration}]><worksheet xmlns="{MAIN}"><sheetData><row r="1">'
        f"{_text(use)}</row></sheetData></worksheet>"
    )
    return _book(sheet.encode())


def _many_sheets(count: int) -> bytes:
    parts = files.xlsx_parts(files.rows("<c><v>1</v></c>"))
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r1"/>' for n in range(1, count + 1))
    workbook = str(parts["xl/workbook.xml"])
    start, end = workbook.index("<sheets>"), workbook.index("</sheets>")
    return files.package({**parts, "xl/workbook.xml": workbook[: start + 8] + sheets + workbook[end:]})


def _merges(count: int) -> bytes:
    merges = "".join(f'<mergeCell ref="A{row}:CV{row}"/>' for row in range(1, count + 1))
    sheet = _rows(10, "<c><v>1</v></c>").decode().removesuffix("</worksheet>")
    return _book(f"{sheet}<mergeCells>{merges}</mergeCells></worksheet>".encode())


def _macro() -> bytes:
    return _book(_rows(1, _text("甲")), **{"xl/vbaProject.bin": b"Auto_Open Shell calc"})


def _repeated_ods() -> bytes:
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1">'
        "<text:p>1</text:p></table:table-cell>"
    )
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return files.package(files.ods_parts(f'<table:table table:name="表">{row}</table:table>'))


def _deep() -> bytes:
    return _book(f'<worksheet xmlns="{MAIN}">'.encode() + b"<a>" * 5000 + b"</a>" * 5000 + b"</worksheet>")


def _locked() -> bytes:
    data = bytearray(files.package({"a.xml": "x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _sheet() -> Sheet:
    return Sheet({(0, 0): "项目支出绩效自评表", (1, 1): "年度指标值"})


HOSTILE = {
    "炸弹": Hostile(".xlsx", lambda: _book(b" " * 210_000_000), "F103"),
    "套娃": Hostile(".xlsx", lambda: files.package({"内.xlsx": files.package({"内.xlsx": b"PK"})}), "F104"),
    "实体": Hostile(".xlsx", lambda: _declared('<!ENTITY l0 "哈">' + _LAUGHS, "&l9;"), "F101"),
    "外部实体": Hostile(".xlsx", lambda: _declared('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), "F101"),
    "嵌套": Hostile(".xlsx", _deep, "F101"),
    "五千张表": Hostile(".xlsx", lambda: _many_sheets(5000), "F103"),
    "一万合并": Hostile(".xlsx", lambda: _merges(10_000), "L101"),
    "无尽合并": Hostile(".xlsx", lambda: _merges(250_001), "F103"),
    "空行": Hostile(".xlsx", lambda: _book(b"<worksheet>" + b"<row/>" * 1_050_000 + b"</worksheet>"), "F103"),
    "带格式的空行": Hostile(".xlsx", lambda: _book(_rows(50_000, '<c s="1"/>')), "F107"),
    "长文": Hostile(".xlsx", lambda: _book(_rows(1, _text("绩效" * 60_000))), "F103"),
    "重复格": Hostile(".ods", _repeated_ods, "F103"),
    "没有提示的宏": Hostile(".xlsm", _macro, "F112 L101"),
    "加密": Hostile(".xlsx", lambda: files.compound("EncryptedPackage"), "F102"),
    "压缩密码": Hostile(".xlsx", _locked, "F102"),
    "网页": Hostile(".xls", lambda: b"<html><table><tr><td>=A2+1</td></tr></table></html>", "F108 L101"),
    "加密压缩包": Hostile(".zip", _locked, "F114"),
    "无尽网页": Hostile(".xls", lambda: b"<table>" + b"<tr><td rowspan=9999 colspan=9999>" * 900, "F103"),
    "图片": Hostile(".et", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "F104"),
    "噪声": Hostile(".xlsb", lambda: os.urandom(100_000), "F101"),
    "假压缩包": Hostile(".xlsx", lambda: b"PK\x03\x04" + os.urandom(100_000), "F101"),
    "空": Hostile(".xlsx", lambda: b"", "F101"),
    "半截": Hostile(".xlsx", lambda: files.xlsx_file(_sheet())[:900], "F101"),
    "半截旧版": Hostile(".xls", lambda: files.xls_file(_sheet())[:2000], "F101"),
}

LONG = {
    "十万合并": Hostile(".xlsx", lambda: _merges(100_000), "L101"),
    "百万格式行": Hostile(".xlsx", lambda: _book(_rows(1_000_000, '<c s="1"/><c s="1"/>')), "F107"),
    "满是标题": Hostile(".xlsx", lambda: _book(_rows(100_000, _text("项目支出绩效自评表"))), "F105"),
    "满格": Hostile(".xlsx", lambda: _book(_rows(40_000, "<c><v>1</v></c>" * 15)), "F103"),
    "满是表头": Hostile(".xlsx", lambda: _book(_rows(49_000, _text("年度指标值") * 10)), "L101"),
    "九十九兆噪声": Hostile(".xlsx", lambda: os.urandom(99_000_000), "F101"),
    "过大": Hostile(".xlsx", lambda: bytes(100_000_001), "F103"),
}
"""Those that take seconds: for the night."""


def names(kinds: dict[str, Hostile]) -> Iterator[tuple[str, Hostile]]:
    """Each with a file name."""
    for name, kind in kinds.items():
        yield f"{name}{kind.ending}", kind


TABLES = ("submissions", "budget_lines", "indicators", "scores", "composite", "findings", "figures")


def rows(published: Published, hostile: set[str]) -> dict[str, list[dict[str, str]]]:
    """Every table without the hostile files' rows; findings without their running number."""
    return {
        name: [
            {column: text for column, text in row.items() if column != "finding_id"}
            for row in table(published, name)
            if row.get("file") not in hostile
        ]
        for name in TABLES
    }


def stand_beside(place: Path, good: int, kinds: dict[str, Hostile]) -> None:
    """Run so many good departments, then with hostile files among them; only these may be told apart."""
    folder = write_round(place / "inputs" / "批次", good, seed=7)
    hostile = dict(names(kinds))
    alone = rows(run(folder, LocalEngine()), set(hostile))
    for name, kind in hostile.items():
        (folder / name).write_bytes(kind.make())
    published = run(folder, LocalEngine())
    assert rows(published, set(hostile)) == alone
    assert len(alone["submissions"]) == good * 7
    found = [(row["file"], row["code"]) for row in table(published, "findings") if row["file"] in hostile]
    assert sorted(found) == sorted(
        (name, code) for name, kind in hostile.items() for code in kind.code.split()
    )
    messages = [row["message"] for row in table(published, "findings") if row["file"] in hostile]
    assert all(message.endswith("。") and "\n" not in message for message in messages)
