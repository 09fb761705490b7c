"""What stands in written tables and sheets, counted from the files."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import exact_sum, held
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.workbooks import writing
from jixiao.workbooks.counting import Asked, WrittenBook, add_found, count_table, distinct_in
from jixiao.workbooks.tables import csv_text
from jixiao.workbooks.writing import names_over, write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from jixiao.domain.report import Content

CREATED = datetime(2025, 5, 6, tzinfo=UTC)
ASKED = [Asked("rows", by="部门"), Asked("sum", column="金额", by="部门")]


def counted(path: Path, rows: tuple[tuple[Content, ...], ...]) -> dict[str, dict[str, Decimal]]:
    """Rows with a closing row, written and counted again."""
    columns = (ColumnSpec("部门"), ColumnSpec("金额", Kind.AMOUNT))
    totals = (("合计", Formula("SUM([金额:])", 99)),)
    sheet = SheetSpec("表", "题", "注", columns, rows, totals=totals, empty="没有")
    write_workbook(path, (sheet,), title="", created=CREATED)
    with closing(WrittenBook(path)) as book:
        return book.count(names_over(sheet, len(rows)), ["部门", "金额"], ASKED, len(totals))


def test_rows_and_sums_by_department_over_all_sheets_without_closing_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_MOST_ROWS", 7)  # three rows a sheet
    rows: tuple[tuple[Content, ...], ...] = (
        *(("甲<局&>", Decimal("0.1")), ("甲<局&>", Formula("[金额]", Decimal("0.2"))), ("乙局", None)),
        *(("乙局", Toned("5.00", Tone.DOUBT)), ("", Decimal(7)), ("乙局", Decimal("-3.35"))),
    )
    found = counted(tmp_path / "t.xlsx", rows)
    assert found["rows"] == {"甲<局&>": 2, "乙局": 3, "": 1}
    assert found["sum"] == {"甲<局&>": Decimal("0.3"), "乙局": Decimal("-3.35"), "": 7}


def test_what_a_sheet_without_rows_says_is_no_row(tmp_path: Path) -> None:
    assert counted(tmp_path / "t.xlsx", ()) == {"rows": {}, "sum": {}}


def test_tables_are_counted_as_they_stand_with_quotes_and_line_breaks() -> None:
    amounts = (Decimal("1E+40"), Decimal("0.01"))
    rows = (
        *(("甲,\n局", "万元", amount) for amount in amounts),
        ("乙", "人", Decimal(5)),
        ('丙\r“"', "人", None),
    )
    columns, text = ("department", "unit", "value"), csv_text(rows)
    asked = [Asked("n", by="department"), Asked("sum", "value", "department", ("unit", "万元"))]
    found = count_table(columns, text, asked)
    assert found["n"] == {"甲,\n局": 2, "乙": 1, '丙\r“"': 1}
    assert found["sum"] == {"甲,\n局": exact_sum(amounts)}
    pieces = [count_table(columns, csv_text(each), asked) for each in (rows[:1], rows[1:], ())]
    assert add_found(pieces) == found
    assert distinct_in(columns, text, ("department", "unit")) == {
        *(("甲,\n局", "万元"), ("乙", "人"), ('丙\r“"', "人")),
    }


def test_a_figure_that_no_cell_holds_is_none() -> None:
    assert (held(Decimal("1E+400")), held(None)) == (None, None)
