"""Rows are spelled by ourselves: here they are held against what XlsxWriter makes of the same cells."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from openpyxl import load_workbook

from jixiao.domain.report import ColumnSpec, Content, Formula, Kind, Link, SheetSpec, Tone, Toned
from jixiao.workbooks import row_writing, writing
from jixiao.workbooks.row_writing import SpelledPart, spell
from jixiao.workbooks.sheet_layout import FIRST_ROW, Addresses, column_widths, line_height, row_lines
from jixiao.workbooks.styles import REMARK, Look, Styles
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.cell import Cell, MergedCell
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from jixiao.workbooks.row_writing import Spelled

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)
COLUMNS = (
    ColumnSpec("文", wrap=20),
    ColumnSpec("词", Kind.MARK),
    ColumnSpec("额", Kind.AMOUNT),
    ColumnSpec("率", Kind.RATE, low=Decimal("0.9")),
    ColumnSpec("数", Kind.COUNT, muted=True),
    ColumnSpec("源"),
)
FILE, PLACE = "../收件/甲 & 乙 100%#.xlsx", "'附件 <1>\"'!B7"
TO_FILE, TO_SHEET = Link("甲", file=FILE), Link("表", sheet="别的")
TO_CELL, TO_THE_SAME = (Link(text, file=FILE, place=PLACE) for text in ("乙", "丙"))
TOO_LARGE, LONG_FIGURE = Decimal("1E+400"), Decimal("12345678901234567890.125")
ROWS: tuple[tuple[Content, ...], ...] = (
    (
        '甲 & <乙> "丙"',
        Toned("错误", Tone.BAD),
        Decimal("1234.56"),
        Decimal("0.8715"),
        3,
        Link("甲", file=FILE),
    ),
    ("长" * 45, None, Decimal("-0.1"), Formula('IF([额]>0,[数]/[额],"")', Decimal("0.125")), 0, ""),
    (
        "两\n行  ",
        "优",
        Decimal("1E+400"),
        Formula("RANK([数],[数:])", 2),
        None,
        Link("乙", file=FILE, place=PLACE),
    ),
    (
        "_x0041_\x0b\t",
        "良",
        Decimal("1E-30"),
        None,
        Toned("无", Tone.NOTE),
        Link("丙", file=FILE, place=PLACE),
    ),
    (
        "=1+1",
        "优",
        Decimal("12345678901234567890.125"),
        Formula('""&[文]', "<空&>"),
        7,
        Link("表", sheet="别的"),
    ),
    ("字" * 40_000, "🏛" * 20_000, 12, Formula("[别的!文:]", ""), 1, "http://example.org"),
    ("", "", None, None, None, None),
)
TOTALS: tuple[tuple[Content, ...], ...] = (
    ("合计", None, Formula("SUBTOTAL(109,[额:])", 5), None, None, None),
)


def sheets(**changes: object) -> tuple[SheetSpec, ...]:
    given = SheetSpec("表", "题", "注", COLUMNS, ROWS, TOTALS, strong=frozenset({1}), banded=True)
    other = SheetSpec("别的", "题", "注", COLUMNS, (), empty="没有。", filtered=False)
    return (replace(given, **changes), other)  # type: ignore[arg-type]


class Plain:
    """The same data rows through XlsxWriter's own calls, cell by cell, with texts in their cells as well."""

    def __init__(self, path: Path, given: tuple[SheetSpec, ...]) -> None:
        self.book: Workbook = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "default_format_properties": {"font_name": "等线", "font_size": 10},
            },
        )
        self.styles, self.addresses = Styles(self.book), Addresses(given)
        for sheet in given:
            self.write(sheet, self.book.add_worksheet(sheet.name))
        self.book.close()

    def write(self, sheet: SheetSpec, worksheet: "Worksheet") -> None:
        worksheet.set_default_row(18)
        widths = column_widths(sheet)
        wrapping = [(at, widths[at]) for at, each in enumerate(sheet.columns) if each.kind is Kind.TEXT]
        if not sheet.rows:
            worksheet.write_string(FIRST_ROW, 0, sheet.empty, self.styles.of(REMARK))
        for index, row in enumerate((*sheet.rows, *sheet.totals)):
            total = index >= len(sheet.rows)
            lines = row_lines([(each,) for each in row], wrapping, 1)[0]
            if lines > 1:
                worksheet.set_row(FIRST_ROW + index, line_height(lines))
            for place, (content, column) in enumerate(zip(row, sheet.columns, strict=True)):
                look = Look(
                    column.kind,
                    index in sheet.strong or total,
                    bool(index % 2) and not total,
                    low=column.low,
                    muted=column.muted,
                )
                self.cell(worksheet, sheet.name, (FIRST_ROW + index, place), content, look)

    def format(self, look: Look) -> object:
        self.styles.index(look)
        return self.styles._formats[look]  # noqa: SLF001

    def cell(
        self, worksheet: "Worksheet", sheet: str, at: tuple[int, int], content: Content, look: Look
    ) -> None:
        style = self.format(look)
        if content is None or content == "":
            worksheet.write_blank(*at, None, style)
        elif isinstance(content, str):
            worksheet.write_string(*at, content, style)
        elif isinstance(content, Toned):
            worksheet.write_string(*at, content.text, self.format(look._replace(tone=content.tone)))
        elif isinstance(content, Formula):
            value = content.value if isinstance(content.value, str) else float(content.value)
            formula = self.addresses.resolve(content.text, sheet, at[0])
            worksheet.write_formula(*at, f"={formula}", style, value)
        elif isinstance(content, Link):
            path = content.file.replace(" ", "%20").replace("100%#", "100%25%23")
            anchor = f"#{content.place}" if content.place else ""
            url = f"internal:'{content.sheet}'!A1" if content.sheet else f"external:{path}{anchor}"
            worksheet.write_url(*at, url, self.format(look._replace(link=True)), content.text)
        elif content == TOO_LARGE:
            worksheet.write_string(*at, "1e+400", style)
        else:
            worksheet.write_number(*at, float(content), style)


def described(cell: "Cell | MergedCell") -> tuple[object, ...]:
    link = cell.hyperlink
    look = (cell.font, cell.fill, cell.border, cell.alignment)
    leads = (link.target, link.location, link.display) if link else ()
    return (cell.value, cell.data_type, cell.number_format, *map(repr, look), *leads)


@pytest.mark.parametrize("banded", [True, False])
@pytest.mark.parametrize("values", [True, False])
def test_rows_are_those_that_xlsxwriter_makes_of_the_same_cells(
    tmp_path: Path, *, banded: bool, values: bool
) -> None:
    given = sheets() if banded else sheets(rows=ROWS[::2], totals=(), strong=frozenset())
    write_workbook(tmp_path / "own.xlsx", given, title="", created=CREATED)
    Plain(tmp_path / "plain.xlsx", given)
    own, plain = (load_workbook(tmp_path / f"{each}.xlsx", data_only=values) for each in ("own", "plain"))
    compared = 0
    for sheet in given:
        assert own[sheet.name].max_row == plain[sheet.name].max_row
        rows = plain[sheet.name].iter_rows(min_row=FIRST_ROW + 1, max_col=len(COLUMNS))
        for number, row in enumerate(rows, start=FIRST_ROW + 1):
            height = own[sheet.name].row_dimensions[number].height
            assert height == plain[sheet.name].row_dimensions[number].height
            for cell in row:
                compared += 1
                assert described(own[sheet.name][cell.coordinate]) == described(cell), cell.coordinate
    assert compared == (54 if banded else 30)


def test_long_sheets_are_the_same_as_short_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(tmp_path / "short.xlsx", sheets(), title="", created=CREATED)
    monkeypatch.setattr(writing, "_PIECE", 1)
    write_workbook(tmp_path / "long.xlsx", sheets(), title="", created=CREATED)
    short, long = (load_workbook(tmp_path / f"{each}.xlsx")["表"] for each in ("short", "long"))
    assert [[described(cell) for cell in row] for row in short] == [
        [described(cell) for cell in row] for row in long
    ]


def test_rows_that_no_sheet_holds_go_on_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_ROWS", 8)
    rows: tuple[tuple[Content, ...], ...] = tuple((f"第{number}行", *(None,) * 5) for number in range(9))
    write_workbook(tmp_path / "t.xlsx", sheets(rows=rows), title="", created=CREATED)
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["表", "表（2）", "表（3）", "别的"]
    assert book["表（2）"]["A2"].value == "注　一张工作表容纳不下，共分 3 张，这是第 2 张。"
    found = [[cell.value for cell in book[name]["A"][FIRST_ROW:]] for name in book.sheetnames[:3]]
    assert [name for names in found for name in names if name != "合计"] == [row[0] for row in rows]
    assert book["表"]["C8"].value == "=SUBTOTAL(109,$C$4:$C$7)"


def stored(pickled: bytes) -> "Callable[[Addresses], Spelled]":
    return lambda _: pickle.loads(pickled)  # noqa: S301 pickled above


def test_parts_give_the_sheet_that_their_rows_give_together(tmp_path: Path) -> None:
    """Whatever is spelled by itself knows nothing of where it will stand."""
    (given, other), cuts = sheets(), (0, 2, 3, len(ROWS))
    parts = [
        spell(given, ROWS[first:last], frozenset({1} if first == 0 else ()), Addresses((given, other)))
        for first, last in pairwise(cuts)
    ]
    spelled = [SpelledPart(len(each.rows), each.widths, stored(pickle.dumps(each))) for each in parts]
    head = replace(given, rows=(), strong=frozenset())
    write_workbook(tmp_path / "whole.xlsx", (given, other), title="", created=CREATED)
    write_workbook(tmp_path / "parts.xlsx", (head, other), title="", created=CREATED, rows={"表": spelled})
    assert (tmp_path / "parts.xlsx").read_bytes() == (tmp_path / "whole.xlsx").read_bytes()


def test_links_beyond_what_a_sheet_holds_are_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_writing, "_MOST_LINKS", 2)
    write_workbook(tmp_path / "t.xlsx", sheets(), title="", created=CREATED)
    cells = [load_workbook(tmp_path / "t.xlsx")["表"][f"F{row}"] for row in (4, 6, 7)]
    assert [(cell.value, cell.hyperlink is None) for cell in cells] == [
        ("甲", False),
        ("乙", False),
        ("丙", True),
    ]


def test_a_workbook_without_a_time_is_the_same_at_any_time(tmp_path: Path) -> None:
    write_workbook(tmp_path / "t.xlsx", sheets(), title="", created=None)
    assert load_workbook(tmp_path / "t.xlsx").properties.created == datetime(1980, 1, 1)  # noqa: DTZ001 as read
