from __future__ import annotations

import tomllib
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.sources import dotted
from jixiao.catalog.loading.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


def read(text: str, reader: Callable[[Table], object]) -> tuple[object, list[tuple[str, str]]]:
    """What a reader gives for a TOML text, and the problems it reports."""
    problems: list[tuple[str, str]] = []
    table = Table(
        lambda path, message: problems.append((dotted(path), message)),
        (),
        tomllib.loads(text, parse_float=Decimal),
    )
    return reader(table), problems


@pytest.mark.parametrize(
    ("text", "reader", "value"),
    [
        ('a = "x"', lambda table: table.text("a"), "x"),
        ("", lambda table: table.text("a", ""), ""),
        ('a = ["x", "y"]', lambda table: table.texts("a"), ("x", "y")),
        ("", lambda table: table.texts("a", ()), ()),
        ("a = true", lambda table: table.flag("a"), True),
        ("", lambda table: table.flag("a", default=False), False),
        ("a = 3", lambda table: table.integer("a", low=3, high=3), 3),
        ("a = 0.10", lambda table: str(table.decimal("a")), "0.10"),
        ('a = "1.3"', lambda table: table.decimal("a"), Decimal("1.3")),
        ("a = { x = 1, y = 2.5 }", lambda table: table.decimals("a"), {"x": Decimal(1), "y": Decimal("2.5")}),
        ("", lambda table: table.decimals("a"), {}),
        ('a = "pear"', lambda table: table.choice("a", list(Fruit)), Fruit.PEAR),
        ('a = ["pear", "apple"]', lambda table: table.choices("a", list(Fruit)), (Fruit.APPLE, Fruit.PEAR)),
        ("", lambda table: table.table("a"), None),
        ("[a.x]\n[a.y]", lambda table: [each.name for each in table.tables("a")], ["x", "y"]),
        ("", lambda table: list(table.tables("a")), []),
        ("[[a]]\n[[a]]", lambda table: [each.path for each in table.rows("a")], [("a", 0), ("a", 1)]),
    ],
)
def test_values_that_are_right(text: str, reader: Callable[[Table], object], value: object) -> None:
    assert read(text, reader) == (value, [])


@pytest.mark.parametrize(
    ("text", "reader", "value", "problems"),
    [
        ("", lambda table: table.text("a"), "", [("a", "缺少“a”（文字）。")]),
        ("a = 1", lambda table: table.text("a"), "", [("a", "“a”应为文字，现为数字 1。")]),
        ('a = " "', lambda table: table.text("a"), " ", [("a", "“a”不能为空。")]),
        ('a = "x"', lambda table: table.texts("a"), (), [("a", "“a”应为数组，现为文字“x”。")]),
        (
            'a = ["x", 1, "", "x"]',
            lambda table: table.texts("a"),
            ("x", "", "x"),
            [("a[2]", "应为不空的文字。"), ("a[3]", "应为不空的文字。"), ("a[4]", "“x”重复。")],
        ),
        ("a = 1", lambda table: table.flag("a"), False, [("a", "“a”应为true 或 false，现为数字 1。")]),
        (
            "a = true",
            lambda table: table.integer("a", low=0, high=6),
            0,
            [("a", "“a”应为整数，现为 true。")],
        ),
        (
            "a = 7",
            lambda table: table.integer("a", low=0, high=6),
            7,
            [("a", "“a”应在 0 与 6 之间，现为 7。")],
        ),
        ('a = "十"', lambda table: table.decimal("a"), Decimal(0), [("a", "“a”应为数字，现为文字“十”。")]),
        ("a = nan", lambda table: table.decimal("a"), Decimal(0), [("a", "“a”应为数字，现为数字 NaN。")]),
        ("a = [1]", lambda table: table.decimal("a"), Decimal(0), [("a", "“a”应为数字，现为数组。")]),
        ("a = 2024-01-01", lambda table: table.text("a"), "", [("a", "“a”应为文字，现为日期。")]),
        ("a = -1", lambda table: table.decimal("a"), Decimal(-1), [("a", "“a”不能为负数，现为 -1。")]),
        (
            'a = "fig"',
            lambda table: table.choice("a", list(Fruit)),
            Fruit.APPLE,
            [("a", "不认识“fig”，可用：apple、pear。")],
        ),
        (
            "",
            lambda table: table.choice("a", list(Fruit)),
            Fruit.APPLE,
            [("a", "缺少“a”，可用：apple、pear。")],
        ),
        (
            'a = ["pear", "fig"]',
            lambda table: table.choices("a", list(Fruit)),
            (Fruit.PEAR,),
            [("a[2]", "不认识“fig”，可用：apple、pear。")],
        ),
        ("a = 1", lambda table: table.table("a"), None, [("a", "“a”应为表，现为数字 1。")]),
        ("a = { x = 1 }", lambda table: list(table.tables("a")), [], [("a.x", "“x”应为表，现为数字 1。")]),
        ("", lambda table: table.section("a").text("b"), "", [("a", "缺少“a”（表）。")]),
        ("", lambda table: list(table.rows("a")), [], [("a", "缺少“a”（数组）。")]),
        ("a = [1]", lambda table: list(table.rows("a")), [], [("a[1]", "应为表。")]),
    ],
)
def test_values_that_are_wrong(
    text: str, reader: Callable[[Table], object], value: object, problems: list[tuple[str, str]]
) -> None:
    given, found = read(text, reader)
    assert found == problems
    assert given == value


def test_keys_nobody_asks_for_are_reported_with_those_that_are_known() -> None:
    def reader(table: Table) -> None:
        table.has("a")
        table.text("b", "")
        table.close()

    assert read("a = 1\nc = 2", reader)[1] == [("c", "不认识的键“c”，此处可用：a、b。")]
