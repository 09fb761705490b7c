from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.audit.names import Match, match_names, similar_pairs
from jixiao.domain.text_keys import compact_name

PUBLISHED = {
    "地方金融风险防范专项经费": ("地方金融风险防范专项工作经费", "92.31"),
    "地方金融征信与监管平台运维经费": ("湖南省地方金融征信与监管平台运维经费", "90.91"),
    "金融干部知识培训": ("金融干部业务知识培训", "88.89"),
}
"""Names as one published table spells them, and as the forms of the same department do."""


def test_names_that_drifted_in_the_published_tables() -> None:
    exact = "地方金融监管工作经费"
    forms = [*(name for name, _ in PUBLISHED.values()), exact, "湖南金融宣传工作经费"]
    assert match_names([*PUBLISHED, exact], forms) == {
        **{
            name: Match(other, exact=False, similarity=Decimal(similarity))
            for name, (other, similarity) in PUBLISHED.items()
        },
        exact: Match(exact, exact=True, similarity=Decimal(100)),
    }


@pytest.mark.parametrize("spelling", ["虚构 干部培训（Ａ期）", "虚构干部培训(a期)", "“虚构干部”培训—A期"])
def test_white_space_width_case_and_punctuation_make_no_difference(spelling: str) -> None:
    assert match_names([spelling], ["虚构干部培训（A期）"]) == {
        spelling: Match("虚构干部培训（A期）", exact=True, similarity=Decimal(100))
    }


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("虚构水利工程第1标段经费", "虚构水利工程第2标段经费"),
        ("虚构水利工程第一标段经费", "虚构水利工程第二标段经费"),
        ("2023年虚构信息系统运维经费", "2024年虚构信息系统运维经费"),
        ("虚构水利工程经费", "虚构水利工程经费二期"),
        ("云梦泽省青石县虚构农业局", "云梦泽省青石县虚构林业局"),
        ("虚构局", "省级虚构局"),
        ("——", "——"),
        ("", "虚构农事局"),
    ],
)
def test_names_of_two_things(wanted: str, known: str) -> None:
    assert match_names([wanted], [known]) == {wanted: None}


def test_one_retyped_character_in_a_long_name_is_a_slip() -> None:
    wanted, known = "云梦泽省地方征信与监管平台运维经费", "云梦泽省地方征信和监管平台运维经费"
    assert match_names([wanted], [known])[wanted] == Match(known, exact=False, similarity=Decimal("94.12"))


def test_two_candidates_of_equal_similarity_decide_nothing() -> None:
    wanted = "虚构病虫害监测防治经费"
    known = ["虚构病虫害监测防治甲经费", "虚构病虫害监测防治乙经费"]
    assert match_names([wanted], known) == {wanted: None}


def test_two_that_want_the_same_get_nothing() -> None:
    wanted = ["虚构病虫害监测防治甲经费", "虚构病虫害监测防治乙经费"]
    assert match_names(wanted, ["虚构病虫害监测防治经费"]) == dict.fromkeys(wanted)


def test_what_is_matched_exactly_is_not_given_away_again() -> None:
    known = ["虚构病虫害监测经费"]
    found = match_names(["虚构病虫害监测经费", "虚构病虫害监测工作经费"], known)
    assert found["虚构病虫害监测工作经费"] is None


def test_similar_names_of_one_round() -> None:
    names = ["云梦泽省虚构农事局", "云梦泽虚构农事局", "云梦泽省虚构文博局", "虚构第1局", "虚构第2局"]
    assert similar_pairs(names) == (("云梦泽省虚构农事局", "云梦泽虚构农事局", Decimal("94.12")),)


NAMES_AT_LARGE = [
    *("虚构干部培训经费", "虚构干部培训工作经费", "虚构干部业务培训经费", "虚构监测经费", "虚构监测工作经费"),
    *("虚构监测（一期）经费", "虚构监测一期经费", "虚构培训"),
]
NAMES = st.lists(
    st.builds(
        "".join,
        st.lists(
            st.sampled_from(["虚构", "干部", "培训", "工作", "经费", "监测", "一期", "（", " "]), max_size=7
        ),
    ),
    max_size=6,
)


@given(NAMES, NAMES)
def test_exact_always_wins(wanted: list[str], known: list[str]) -> None:
    keys = {compact_name(name) for name in known} - {""}
    matches = match_names(wanted, known)
    exact = {name for name, match in matches.items() if match and match.exact}
    assert exact == {name for name in wanted if compact_name(name) in keys}
    assert all(match is None or match.name in known for match in matches.values())


@given(NAMES, NAMES)
def test_no_name_is_given_to_two(wanted: list[str], known: list[str]) -> None:
    given_away: dict[str, str] = {}
    for name, match in match_names(wanted, known).items():
        if match:
            taker = given_away.setdefault(compact_name(match.name), compact_name(name))
            assert taker == compact_name(name)


@given(st.permutations(NAMES_AT_LARGE), st.permutations(NAMES_AT_LARGE), st.integers(0, 5))
def test_order_makes_no_difference(wanted: list[str], known: list[str], known_count: int) -> None:
    chosen = sorted(known)[:known_count]
    rearranged = [name for name in known if name in chosen]
    assert match_names(wanted, rearranged) == match_names(NAMES_AT_LARGE, chosen)


@given(NAMES, NAMES)
def test_similarity_is_at_least_what_suffices(wanted: list[str], known: list[str]) -> None:
    for match in match_names(wanted, known).values():
        assert match is None or match.exact or Decimal(85) <= match.similarity < 100
