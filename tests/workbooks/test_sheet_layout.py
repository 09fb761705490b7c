from decimal import Decimal

import pytest

from jixiao.domain.report import ColumnSpec, Content, Formula, Kind, Link, SheetSpec, Tone, Toned
from jixiao.workbooks.sheet_layout import (
    Addresses,
    column_widths,
    count_lines,
    display_width,
    line_height,
    row_lines,
)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("执行率", 6), ("执行率 95%", 10), ("一\n二三", 4), ("￥①≥", 6)]
)
def test_a_chinese_character_counts_two(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("局" * 20, 1), ("局" * 21, 2), ("一\n二", 2), ("局" * 41 + "\n二", 4)]
)
def test_lines_in_a_column_of_forty(text: str, lines: int) -> None:
    assert count_lines(text, 40) == lines


def sheet(*rows: tuple[Content, ...], filtered: bool = True) -> SheetSpec:
    columns = (ColumnSpec("部门"), ColumnSpec("采用得分", Kind.SCORE), ColumnSpec("资金", Kind.AMOUNT))
    return SheetSpec("表", "题", "注", columns, rows, filtered=filtered)


def test_columns_fit_their_longest_text_up_to_the_limit() -> None:
    assert column_widths(sheet(("局" * 9, None, Decimal("1234567.8")))) == [18, 7, 12]
    assert column_widths(sheet(("局" * 30, None, None))) == [40, 7, 10]


def test_columns_without_rows_fit_their_headers() -> None:
    assert column_widths(sheet()) == [7, 7, 10]
    assert column_widths(sheet(filtered=False)) == [4, 6, 10]


@pytest.mark.parametrize(
    ("content", "width"),
    [
        (Toned("退回修改", Tone.BAD), 8),
        (Link("附件2!D12 的来源", file="a.xlsx"), 16),
        (Formula("A1", "很长的文字"), 10),
    ],
)
def test_all_that_is_shown_is_measured(content: Content, width: int) -> None:
    assert column_widths(sheet((content, None, None)))[0] == width


def test_rows_are_as_high_as_their_lines() -> None:
    rows: list[tuple[Content, ...]] = [
        *(("局" * 20, Decimal(1), None), ("局" * 41, Decimal(1), None), ("局" * 4000, None, None)),
        ("一\n二", Decimal(1), Link("局" * 11)),
    ]
    lines = row_lines(list(zip(*rows, strict=True)), [(0, 40), (2, 10)], len(rows))
    assert [line_height(each) for each in lines] == [18, 45, 409, 45]


def spec(name: str, rows: int) -> SheetSpec:
    return SheetSpec(name, "题", "注", (ColumnSpec("甲"), ColumnSpec("乙")), (("", ""),) * rows)


ADDRESSES = Addresses((spec("表一", 3), spec("表二", 0)))


@pytest.mark.parametrize(
    ("formula", "resolved"),
    [
        ("[甲]/[乙]", "A6/B6"),
        ("SUM([乙:])", "SUM($B$4:$B$6)"),
        ("[甲@0]", "A$4"),
        ("SUM([乙@1:2])", "SUM(B$5:B$6)"),
        ("COUNTIF([表二!甲:],[甲])", "COUNTIF('表二'!$A$4:$A$4,A6)"),
        ('IF(A1>0,"[",1)', 'IF(A1>0,"[",1)'),
    ],
)
def test_references_become_addresses(formula: str, resolved: str) -> None:
    assert ADDRESSES.resolve(formula, "表一", 5) == resolved


@pytest.mark.parametrize("formula", ["[丙]", "[表三!甲:]"])
def test_a_wrong_reference_is_our_mistake(formula: str) -> None:
    with pytest.raises(KeyError):
        ADDRESSES.resolve(formula, "表一", 5)
