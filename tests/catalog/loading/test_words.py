from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.catalog.loading.schemes import load_scheme, validate_file
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.loading.words import load_lexicon, load_words, refute_words, with_words
from tests.builders.lexicon import LEXICON
from tests.builders.readings import national

FORM = "project-self-evaluation"
WORDS = f"""
[{FORM}]
department = ["牵头单位"]
"funds.total" = ["资金盘子"]
"funds..executed" = ["花了多少"]
"indicators.total" = ["末行"]
"""


def own(tmp_path: Path, text: str) -> Path:
    (tmp_path / "words.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_confirmed_words_join_the_labels_of_their_places(tmp_path: Path) -> None:
    form = load_scheme("national", own(tmp_path, WORDS), seeds_folder()).form(FORM)
    funds = form.table("funds")
    assert next(each.labels[-1] for each in form.fields if each.name == "department") == "牵头单位"
    assert next(each.labels[-1] for each in funds.items if each.name == "total") == "资金盘子"
    assert funds.column("executed").labels[-1] == "花了多少"
    assert form.table("indicators").total_labels[-1] == "末行"


def test_without_such_a_file_nothing_is_added(tmp_path: Path) -> None:
    assert load_words(tmp_path, seeds_folder()) == {}
    assert load_scheme("national", tmp_path, seeds_folder()).form(FORM) == national().form(FORM)


@pytest.mark.parametrize(
    ("address", "text", "message"),
    [
        ("funds.totals", "资金盘子", "《项目支出绩效自评表》没有“funds.totals”这个位置。"),
        ("funds.other", "年度资金总额", "“年度资金总额”已是“年度资金总额”的用语，不能又作“其他资金”。"),
        ("indicators..actual", "分值", "“分值”已是“分值”的用语，不能又作“实际完成值”。"),
        ("department", "（）", "“（）”没有可以比对的文字。"),
        ("department", "12", "“12”没有可以比对的文字。"),
    ],
)
def test_a_word_that_leads_nowhere_or_means_something_else(address: str, text: str, message: str) -> None:
    assert list(refute_words(national().form(FORM), {address: (text,)})) == [(address, message)]


def test_one_word_may_head_a_column_here_and_name_a_row_there() -> None:
    assert list(refute_words(national().form(FORM), {"funds..executed": ("年度资金总额",)})) == []


def test_a_broken_file_is_named_with_form_and_place(tmp_path: Path) -> None:
    seeds = own(tmp_path, f'[{FORM}]\n"funds.other" = ["年度资金总额"]\n')
    with pytest.raises(SchemeError, match=f"words.toml {FORM}.funds.other：“年度资金总额”已是"):
        load_scheme("national", seeds, seeds_folder())
    assert len(validate_file(seeds / "words.toml", seeds, seeds_folder())) == 1


def test_a_form_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="没有名为“nothing”的报送表"):
        load_words(own(tmp_path, '[nothing]\ndepartment = ["牵头单位"]\n'), seeds_folder())


def test_words_of_other_places_leave_a_layout_as_it_is() -> None:
    form = national().form(FORM)
    assert with_words(form, {"indicators.nowhere": ("某",)}) == form


SHIPPED = (Path(__file__).parents[3] / "seeds" / "lexicon.toml").read_text(encoding="utf-8")


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
