"""Any content gives a workbook or exactly one blocking finding; the same table reads the same everywhere."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.domain.cells import Area, Workbook
from jixiao.domain.findings import Finding, Place
from jixiao.workbooks import reading
from jixiao.workbooks.drafts import MAX_ROWS
from jixiao.workbooks.reading import Reading, is_workbook_name, read_workbook
from tests.builders import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SHEET = files.Sheet(
    {(0, 0): "标题", (2, 1): Decimal("0.9554"), (2, 2): Decimal(10), (3, 0): "两\n行"},
    (Area(0, 0, 0, 2), Area(2, 0, 3, 0)),
    frozenset({(2, 1)}),
)
SHOWN = {(0, 0): "标题", (2, 1): Decimal("0.9554"), (2, 2): Decimal(10)}
WRITERS = {
    "xlsx": files.xlsx_file,
    "xls": files.xls_file,
    "ods": files.ods_file,
    "xlsb": files.xlsb_file,
}
XLSX = files.package(files.xlsx_parts(files.rows('<c r="A1"><v>5</v></c>')))


def read(folder: Path, name: str, content: bytes) -> Reading:
    path = folder / name
    path.write_bytes(content)
    return read_workbook(path, f"部门/{name}")


def refused(folder: Path, name: str, content: bytes) -> tuple[str, Mapping[str, str]]:
    """The code and figures of the one finding that blocks the file."""
    outcome = read(folder, name, content)
    assert outcome.workbook is None
    assert outcome.sha256 == sha256(content).hexdigest()
    (finding,) = outcome.findings
    assert finding == Finding(code=finding.code, place=Place(f"部门/{name}"), figures=finding.figures)
    return finding.code, finding.figures


@pytest.mark.parametrize("ending", WRITERS)
def test_every_format_gives_the_same_grid(tmp_path: Path, ending: str) -> None:
    content = WRITERS[ending](SHEET)
    outcome = read(tmp_path, f"表.{ending}", content)
    assert outcome.findings == ()
    assert outcome.sha256 == sha256(content).hexdigest()
    assert outcome.workbook is not None
    assert (outcome.workbook.file, outcome.workbook.sha256) == (f"部门/表.{ending}", outcome.sha256)
    (grid,) = outcome.workbook.grids
    assert (grid.file, grid.sheet, grid.hidden) == (f"部门/表.{ending}", "表一", False)
    assert grid.values == SHOWN
    assert grid.merged == (Area(0, 0, 0, 2),)
    assert grid.formats == {(2, 1): "0.00%"}


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
numbers = st.decimals(-(10**12), 10**12, places=4).map(lambda number: number.normalize())
positions = st.tuples(st.integers(0, 9), st.integers(0, 6))


@st.composite
def sheets(draw: st.DrawFn) -> files.Sheet:
    values = draw(st.dictionaries(positions, texts | numbers, min_size=1, max_size=15))
    top, left = draw(positions)
    area = Area(top, left, top + draw(st.integers(0, 2)), left + draw(st.integers(1, 2)))
    numeric = [position for position, value in values.items() if isinstance(value, Decimal)]
    percents = frozenset(draw(st.sets(st.sampled_from(numeric)))) if numeric else frozenset()
    covered = set(area.positions()) - {(top, left)}
    shown = {position: value for position, value in values.items() if position not in covered}
    return files.Sheet(shown or {(top, left): "有"}, (area,), percents & shown.keys())


@settings(max_examples=40, deadline=None)
@given(sheet=sheets())
def test_any_table_reads_the_same_from_every_format(
    sheet: files.Sheet, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("formats")
    outcomes = [read(folder, f"表.{ending}", write(sheet)).workbook for ending, write in WRITERS.items()]
    grids = [workbook.grids[0] for workbook in outcomes if workbook]
    assert [grid.values for grid in grids] == [dict(sheet.values)] * len(WRITERS)
    assert {grid.merged for grid in grids} == {grids[0].merged}
    assert [grid.formats for grid in grids] == [dict.fromkeys(sheet.percents, "0.00%")] * len(WRITERS)


@settings(max_examples=150, deadline=None)
@given(
    content=st.sampled_from([write(SHEET) for write in WRITERS.values()]),
    place=st.floats(0, 1, exclude_max=True),
    patch=st.binary(max_size=24),
    cut=st.booleans(),
)
def test_no_damage_makes_reading_raise(
    content: bytes, place: float, patch: bytes, *, cut: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at = int(place * len(content))
    broken = content[:at] + patch + (b"" if cut else content[at + len(patch) :])
    outcome = read(tmp_path_factory.mktemp("damage"), "坏.xlsx", broken)
    blocking = [finding.code for finding in outcome.findings if finding.code != "F108"]
    assert (outcome.workbook is None) == (len(blocking) == 1)
    assert set(blocking) <= {"F101", "F102", "F103", "F104", "F105", "F107"}


BAD = {
    "empty": (b"", ("F101", {"detail": "文件为空（0 字节）"})),
    "truncated": (XLSX[: len(XLSX) // 2], ("F101", {"detail": "压缩结构不完整，文件可能没有传完"})),
    "text": ("名称,金额\n农业,5\n".encode(), ("F104", {"detail": "纯文本或 CSV"})),
    "gbk text": ("名称,金额\n农业,5\n".encode("gb18030"), ("F104", {"detail": "纯文本或 CSV"})),
    "utf-16 text": ("名称\t金额\n".encode("utf-16"), ("F104", {"detail": "纯文本或 CSV"})),
    "page": (b"\xef\xbb\xbf<HTML><table></table>", ("F104", {"detail": "网页（HTML），其中没有表格"})),
    "archived page": (b"MIME-Version: 1.0\r\n", ("F104", {"detail": "网页（单一文件）"})),
    "2003 xml": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        ("F107", {}),
    ),
    "picture": (
        files.package({**files.xlsx_parts("<worksheet/>"), "xl/media/image1.png": "x"}),
        ("F107", {"detail": "只有图片，图片里的内容不能读取"}),
    ),
    "pdf": (b"%PDF-1.7 ...", ("F104", {"detail": "PDF 文档"})),
    "photo": (b"\x89PNG\r\n\x1a\n\x00", ("F104", {"detail": "图片"})),
    "zip": (files.package({"说明.txt": "x"}), ("F104", {"detail": "压缩包"})),
    "word": (
        files.package({"_rels/.rels": files.relations(("officeDocument", "word/document.xml"))}),
        ("F104", {"detail": "Word 文档"}),
    ),
    "slides": (
        files.package({"_rels/.rels": files.relations(("officeDocument", "ppt/presentation.xml"))}),
        ("F104", {"detail": "演示文稿"}),
    ),
    "odt": (
        files.package({"mimetype": "application/vnd.oasis.opendocument.text"}),
        ("F104", {"detail": "文字或演示文档"}),
    ),
    "old word": (files.compound("WordDocument"), ("F104", {"detail": "Word 文档"})),
    "other compound": (files.compound("Contents"), ("F104", {"detail": "其他程序的文档"})),
    "no workbook part": (
        files.package({"[Content_Types].xml": "<Types/>"}),
        ("F101", {"detail": "缺少工作簿部件"}),
    ),
    "noise": (
        b"\x01\x00\x02" * 400,
        ("F101", {"detail": "内容不是任何一种表格文件，可能已损坏或经加密软件加密"}),
    ),
    "noise without zeros": (
        b"\x81\xff\xc0" * 400,
        ("F101", {"detail": "内容不是任何一种表格文件，可能已损坏或经加密软件加密"}),
    ),
    "bare records": (
        bytes.fromhex("0908100000060500cc0dcd07c100000006000000") + bytes(8),
        ("F101", {"detail": "内容无法解析"}),
    ),
    "encrypted": (files.compound("EncryptedPackage"), ("F102", {"detail": "工作簿设有打开密码"})),
    "cut compound": (
        files.compound("Workbook")[:700],
        ("F101", {"detail": "复合文档结构不完整，文件可能没有传完"}),
    ),
    "no record": (files.compound("Workbook"), ("F101", {"detail": "工作簿内部结构不完整"})),
    "nameless compound": (
        files.compound("Workbook")[:512] + bytes(8192),
        ("F101", {"detail": "复合文档结构不完整，文件可能没有传完"}),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_content_is_named(tmp_path: Path, case: str) -> None:
    content, expected = BAD[case]
    assert refused(tmp_path, "表.xlsx", content) == expected


def test_a_file_without_any_value_says_so(tmp_path: Path) -> None:
    assert refused(tmp_path, "空.xlsx", files.xlsx_file(files.Sheet())) == ("F107", {})


def test_a_workbook_without_sheets_says_so(tmp_path: Path) -> None:
    assert refused(tmp_path, "空.xlsx", files.package(files.xlsx_parts())) == ("F107", {})


def test_a_file_that_vanished_is_reported(tmp_path: Path) -> None:
    finding = Finding(code="F110", place=Place("没有.xlsx"), figures={"detail": "文件已不在原处"})
    assert read_workbook(tmp_path / "没有.xlsx", "没有.xlsx") == Reading(None, (finding,))


def test_a_file_above_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE", 1_000_000)
    path = tmp_path / "大.xlsx"
    path.write_bytes(bytes(1_500_000))
    finding = Finding(code="F103", place=Place("大.xlsx"), figures={"size": "1.5 MB", "limit": "1.0 MB"})
    assert read_workbook(path, "大.xlsx") == Reading(None, (finding,))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (MemoryError(), ("F105", {"detail": "内容超出可处理的范围"})),
        (RecursionError(), ("F105", {"detail": "内容超出可处理的范围"})),
        (AssertionError(), ("F101", {"detail": "内容无法解析"})),
    ],
)
def test_a_library_that_fails_is_reported(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    expected: tuple[str, Mapping[str, str]],
) -> None:
    monkeypatch.setattr(reading, "sniff", Mock(side_effect=fault))
    assert refused(tmp_path, "表.xlsx", XLSX) == expected


@pytest.mark.parametrize(
    ("name", "write", "detail"),
    [
        ("表.xls", files.xlsx_file, ".xlsx"),
        ("表.xlsx", files.xls_file, ".xls"),
        ("表.xlsx", files.ods_file, ".ods"),
        ("表.XLS", files.xlsb_file, ".xlsb"),
    ],
)
def test_another_format_than_the_ending_is_read_and_noted(
    tmp_path: Path, name: str, write: Callable[[files.Sheet], bytes], detail: str
) -> None:
    outcome = read(tmp_path, name, write(SHEET))
    assert isinstance(outcome.workbook, Workbook)
    assert outcome.workbook.grids[0].values == SHOWN
    assert outcome.findings == (
        Finding(code="F108", place=Place(f"部门/{name}"), figures={"detail": detail}),
    )


@pytest.mark.parametrize("write", [files.xls_file, files.xlsx_file])
def test_either_format_of_wps_is_its_own(tmp_path: Path, write: Callable[[files.Sheet], bytes]) -> None:
    outcome = read(tmp_path, "表.et", write(SHEET))
    assert outcome.findings == ()
    assert outcome.workbook is not None
    assert outcome.workbook.grids[0].values == SHOWN


def test_empty_formatted_rows_to_the_last_of_a_sheet_read_normally(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as a sheet may have; one more is too many. (A sheet that is full of them: tests.hostile.)"""
    assert MAX_ROWS == 1_048_576
    monkeypatch.setattr("jixiao.workbooks.xlsx_reading.MAX_ROWS", 1000)
    first, others = '<row r="1"><c r="A1"><v>5</v></c></row>', range(1_048_577 - 999, 1_048_577)
    rows = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in others)
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    path = tmp_path / "长.xlsx"
    for more in ("", "<row/>"):
        parts = files.xlsx_parts("")
        data = f"<sheetData>{first}{rows}{more}</sheetData>{merge}"
        sheet = f'<worksheet xmlns="{files.MAIN}">{data}</worksheet>'
        path.write_bytes(files.package({**parts, "xl/worksheets/sheet1.xml": sheet}))
        outcome = read_workbook(path, "长.xlsx")
        assert [each.code for each in outcome.findings] == (["F103"] if more else [])
        if not more:
            assert outcome.workbook is not None
            (grid,) = outcome.workbook.grids
            assert (grid.values, grid.merged) == ({(0, 0): Decimal(5)}, ())


@pytest.mark.parametrize(
    "name",
    ["a.xlsx", "a.XLSM", "a.xls", "a.xlsb", "a.ods", "a.et", "a.ett", "处/附件 3-2 (2).xlsx", "a.b.xltx"],
)
def test_workbook_names(name: str) -> None:
    assert is_workbook_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "~$a.xlsx",
        "处/~$a.xlsx",
        "处\\~$a.xls",
        "._a.xlsx",
        ".~a.et",
        "Thumbs.db",
        "a.docx",
        "a.pdf",
        "xlsx",
        "a.csv",
    ],
)
def test_other_names(name: str) -> None:
    assert not is_workbook_name(name)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "表.xlsm",
            files.package({**files.xlsx_parts(files.rows("<c><v>1</v></c>")), "xl/vbaProject.bin": b"x"}),
        ),
        ("表.xls", files.xls_file(files.Sheet({(0, 0): "甲"})) + "_VBA_PROJECT".encode("utf-16-le")),
    ],
)
def test_a_workbook_with_macros_is_read_and_they_are_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    outcome = read_workbook(tmp_path / name, name)
    assert outcome.workbook is not None
    assert outcome.findings == (Finding(code="F112", place=Place(name)),)


def test_a_workbook_without_macros_is_told_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "表.xlsm").write_bytes(files.xlsx_file(files.Sheet({(0, 0): "vbaProject.bin"})))
    assert read_workbook(tmp_path / "表.xlsm", "表.xlsm").findings == ()
