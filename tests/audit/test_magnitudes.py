from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.magnitudes import check_magnitudes
from jixiao.domain.quantities import Actual, ActualKind, Quantity
from tests.builders.lexicon import LEXICON
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import submission, with_fields
from tests.builders.targets import at_least

if TYPE_CHECKING:
    from jixiao.domain.forms import Submission

RULES = replace(scheme(), lexicon=LEXICON)
NAME = "金融机构贷款余额（万元）"


def money(text: str, value: str, dimension: str = "元", scale: str = "1") -> Actual:
    """An actual of so many 元; `text` is what the cell shows."""
    return Actual(text, ActualKind.FIGURE, Quantity(Decimal(value), dimension, scale=Decimal(scale)))


BARE = money("74377.1", "743771000", scale="10000")


def form(actual: Actual, name: str = NAME, text: str = "") -> Submission:
    rows = (("产出指标", name, at_least("60000"), actual, "10", "10"),)
    built = submission(OVERALL, "整体", {}, rows, total=None)
    return with_fields(built, reason=text) if text else built


def project(actual: Actual, name: str) -> Submission:
    rows = (("效益指标", name, at_least("58000"), actual, "10", "10"),)
    return submission(PROJECT, "项目", {}, rows, total=None)


def test_a_figure_that_can_only_be_in_another_unit_is_told_with_the_other_figures() -> None:
    own = form(BARE, text="全省存款余额8.24万亿元，贷款余额达7.44万亿元，存贷比90.82%。")
    other = project(money("7.34万亿", "7340000000000", "", "1000000000000"), "各项贷款余额")
    (finding,) = check_magnitudes((own, other), RULES)
    assert (finding.code, finding.place.cell, finding.label) == ("X109", "C21", NAME)
    assert (finding.reported, finding.figures["times"]) == ("74377.1", "一万倍")
    assert (
        finding.figures["others"]
        == "《自评表》C1“贷款余额达7.44万亿元”、《自评表》C21“各项贷款余额 7.34万亿”"
    )


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("贷款余额7.44万亿元", "一万倍"),
        ("贷款余额 7.44 亿元", ""),
        ("贷款余额74,377.1亿元", "一万倍"),
        ("贷款余额743771亿亿元", ""),
        ("贷款余额6.44万亿元", ""),
        ("存款余额7.44万亿元", ""),
        ("余额7.44万亿元", ""),
        ("贷款余额增长7.44%", ""),
        ("贷款余额0元", ""),
        ("贷款余额7.44元", "一亿倍"),
        ("", ""),
    ],
)
def test_what_a_text_says(text: str, times: str) -> None:
    findings = list(check_magnitudes((form(BARE, text=text),), RULES))
    assert [each.figures["times"] for each in findings] == ([times] if times else [])


@pytest.mark.parametrize(
    ("own", "name"),
    [
        pytest.param(money("7.44亿元", "744000000"), NAME, id="its own unit beside it"),
        pytest.param(money("744000000", "744000000", "户"), NAME, id="no money"),
        pytest.param(money("744000000", "744000000", ""), NAME, id="a bare count"),
        pytest.param(money("-744000000", "-744000000"), NAME, id="below zero"),
        pytest.param(Actual("提高", ActualKind.WORDS), NAME, id="words"),
        pytest.param(BARE, "企业贷款户数（万元）", id="another noun"),
    ],
)
def test_what_is_not_asked_about(own: Actual, name: str) -> None:
    assert list(check_magnitudes((form(own, name, "贷款余额7.44万亿元"),), RULES)) == []


def test_a_short_name_is_a_noun_where_it_is_the_whole_name() -> None:
    assert len(list(check_magnitudes((form(BARE, "税收（万元）", "全市税收7.44万亿元"),), RULES))) == 0
    assert len(list(check_magnitudes((form(BARE, "税收（万元）", "税收7.44万亿元"),), RULES))) == 1
