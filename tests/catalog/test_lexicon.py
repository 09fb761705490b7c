from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.catalog.lexicon import load_lexicon
from jixiao.catalog.problems import SchemeError
from tests.builders.lexicon import LEXICON

SHIPPED = (Path(__file__).parents[2] / "seeds" / "lexicon.toml").read_text(encoding="utf-8")


def problems(tmp_path: Path, *changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Key, line's text and message of every problem after changing the shipped file."""
    text = SHIPPED
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = tmp_path / "lexicon.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemeError) as caught:
        load_lexicon(path)
    lines = ["", *text.splitlines()]
    return [(each.key, lines[each.line or 0], each.message) for each in caught.value.problems]


def test_the_shipped_lexicon() -> None:
    assert LEXICON.comparators["不少于"] == ">="
    assert LEXICON.units["小时"] == ("秒", Decimal(3600))
    assert LEXICON.units["‰"] == ("%", Decimal("0.1"))
    assert LEXICON.scales["万亿"] == Decimal(10**12)
    assert LEXICON.dates["{m}月底"] == ("{m}-31", "{m}-31")
    assert LEXICON.dates["一季度"] == ("1-1", "3-31")
    assert LEXICON.levels.keys() == {"reached", "partly", "missed"}


def test_words_of_one_list_that_claim_another_unit_stand_in_the_lexicon() -> None:
    dimensions = {dimension for dimension, _ in LEXICON.units.values()}
    assert dimensions.issuperset([*LEXICON.generic, *LEXICON.counters, *LEXICON.undirected])
    assert set(LEXICON.units).issuperset(LEXICON.unit_prefixes.values())


def test_every_problem_is_reported_with_its_line(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        ('"≥" = ">="', '"≥" = "more"'),
        ('"人次" = 1\n', '"人次" = 0\n'),
        ('"次年" = 1', '"次年" = 9'),
        ('"上半年" = "1-1..6-30"', '"上半年" = "1-1..6月"'),
    )
    assert found == [
        ("comparators.≥", '"≥" = "more"', "不认识“more”，可用：>=、>、<=、<、=。"),
        ("years.次年", '"次年" = 9', "“次年”应在 0 与 5 之间，现为 9。"),
        ("dates.上半年", '"上半年" = "1-1..6月"', "应为“月-日”或“月-日..月-日”，现为“1-1..6月”。"),
        ("units.人次.人次", '"人次" = 0', "换算系数必须大于 0。"),
    ]


def test_a_unit_belongs_to_one_dimension(tmp_path: Path) -> None:
    found = problems(tmp_path, ('"人次" = 1\n', '"人次" = 1\n"公里" = 1\n'))
    assert [(key, message) for key, _, message in found] == [("units.米.公里", "单位“公里”已归入“人次”。")]


def test_missing_levels(tmp_path: Path) -> None:
    assert [key for key, _, _ in problems(tmp_path, ("[levels]", "[grades]"))] == ["levels", "grades"]


def test_a_missing_table_and_an_unknown_key(tmp_path: Path) -> None:
    found = problems(
        tmp_path, ("[numerals]", "[digits]"), ("[levels]\nreached", "[levels]\ngood = []\nreached")
    )
    assert {key for key, _, _ in found} == {"numerals", "digits", "levels.good"}
