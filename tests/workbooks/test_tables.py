import csv
import re
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.consolidation.tidy import tidy_tables
from jixiao.workbooks.tables import csv_text, guarded, unguarded, write_csv
from tests.builders.evaluations import evaluation

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("name", "amount", "count")


def test_bytes_are_exactly_these(tmp_path: "Path") -> None:
    path = tmp_path / "t.csv"
    rows = [
        ("甲,乙", Decimal("4943.350"), 1),
        ("第一行\n第二行", None, 0),
        ('"引"', Decimal("0.000001"), None),
    ]
    write_csv(path, COLUMNS, rows)
    expected = 'name,amount,count\r\n"甲,乙",4943.35,1\r\n"第一行\n第二行",,0\r\n"""引""",0.000001,\r\n'
    assert path.read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_decimals_have_no_exponent(tmp_path: "Path") -> None:
    path = tmp_path / "t.csv"
    write_csv(path, ("amount",), [(Decimal("1E+3"),), (Decimal("0E-2"),), (Decimal("-49.80"),)])
    assert path.read_text("utf-8-sig").split() == ["amount", "1000", "0", "-49.8"]


def test_same_rows_same_bytes_and_every_cell_comes_back(tmp_path: "Path") -> None:
    for table in tidy_tables(evaluation()):
        first, second = tmp_path / "1.csv", tmp_path / "2.csv"
        write_csv(first, table.columns, table.rows)
        write_csv(second, table.columns, table.rows)
        assert first.read_bytes() == second.read_bytes()
        frame = pl.read_csv(first, infer_schema=False)
        assert frame.columns == list(table.columns)
        assert frame.height == len(table.rows)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t甲", "'\t甲"),
        ("\r甲", "'\r甲"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("'甲'", "''甲'"),
        ("-89.29%", "-89.29%"),
        ("+4,943.35", "+4,943.35"),
        ("-", "-"),
        ("—", "—"),
        ("甲=乙", "甲=乙"),
    ],
)
def test_no_text_is_a_formula_and_figures_stay(text: str, written: str, tmp_path: "Path") -> None:
    write_csv(tmp_path / "t.csv", ("a", "b"), [(text, Decimal("-1.5"))])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["a", "b"], [written, "-1.5"]]


@given(st.text(st.sampled_from("='+-@\t\r\n ＝－甲1.,%"), max_size=6))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not re.match(r"\s*[=@＝＠]|[\t\r\n]", guarded(text))


def test_controls_of_a_screen_are_shown(tmp_path: "Path") -> None:
    write_csv(tmp_path / "a.csv", ["名称"], [("\x1b[2J甲\x07\x7f\x9b",), ("一\n二\t三",)])
    written = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    assert written == '名称\r\n␛[2J甲␇␡\ufffd\r\n"一\n二\t三"\r\n'


def test_cells_are_in_quotes_where_pythons_own_writer_has_them() -> None:
    texts = ("甲", "", "a,b", 'say "x"', '"', "一\n二", "三\r四", "五；六 ", " 七", "'", "a'b", "#", "1,200")
    rows = [(text, other, Decimal("1200.50"), None, 7) for text in texts for other in texts]
    stream = StringIO(newline="")
    plain = [(guarded(text), guarded(other), "1200.5", "", "7") for text, other, *_ in rows]
    csv.writer(stream).writerows(plain)
    assert csv_text(rows) == stream.getvalue()
