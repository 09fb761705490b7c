from __future__ import annotations

import pytest

from jixiao.catalog.lines import key_lines, line_of

TEXT = '''\
# a comment = "not a key"
title = "一"   # with = and [brackets]
long = """
[not.a.header]
x = 1
"""
list = [
  "a",
  # a comment inside
  "[b]",
]
inline = { "产出指标" = 50, deep = { x = 1 } }

[rules.first]
kinds = ["a"]

[[bands]]
low = 1

  [[bands]]
low = 2
[bands.more]
note = "of the second"

["quoted.key".inner]
a.b = 1
'''


def test_every_key_path_has_its_line() -> None:
    assert key_lines(TEXT) == {
        ("title",): 2,
        ("long",): 3,
        ("list",): 7,
        ("list", 0): 7,
        ("list", 1): 7,
        ("inline",): 12,
        ("inline", "产出指标"): 12,
        ("inline", "deep"): 12,
        ("inline", "deep", "x"): 12,
        ("rules",): 14,
        ("rules", "first"): 14,
        ("rules", "first", "kinds"): 15,
        ("rules", "first", "kinds", 0): 15,
        ("bands",): 17,
        ("bands", 0): 17,
        ("bands", 0, "low"): 18,
        ("bands", 1): 20,
        ("bands", 1, "low"): 21,
        ("bands", 1, "more"): 22,
        ("bands", 1, "more", "note"): 23,
        ("quoted.key",): 25,
        ("quoted.key", "inner"): 25,
        ("quoted.key", "inner", "a"): 26,
        ("quoted.key", "inner", "a", "b"): 26,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("bands", 1, "high"), 20),
        (("rules", "first", "method", "x"), 14),
        (("rules", "second"), 14),
        (("absent",), None),
        ((), None),
    ],
)
def test_a_missing_key_is_reported_at_the_table_around_it(
    path: tuple[str | int, ...], line: int | None
) -> None:
    assert line_of(TEXT, path) == line
