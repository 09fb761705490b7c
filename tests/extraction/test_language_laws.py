"""What holds for every text: nothing raises, every rendering of a value reads back to the same value."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.domain.quantities import ActualKind, Quantity, TargetKind, Verdict
from jixiao.extraction.numbers import parse_quantity
from jixiao.extraction.targets import parse_actual, parse_target
from jixiao.scoring.indicators import compare
from tests.builders.lexicon import LEXICON
from tests.extraction.test_pairs import DOUBTFUL, PAIRS

EXCEEDED_FROM = Decimal("1.3")
RANK = {Verdict.MISSED: 0, Verdict.MET: 1, Verdict.EXCEEDED: 2}
FULL_WIDTH = str.maketrans("0123456789.,%<>=-", "０１２３４５６７８９．，％＜＞＝－")

WORDS = [
    *LEXICON.comparators,
    *LEXICON.suffixes,
    *LEXICON.units,
    *LEXICON.scales,
    *LEXICON.changes,
    *LEXICON.bases,
    *LEXICON.fillers,
    *LEXICON.cautions,
    *LEXICON.connectors,
    *LEXICON.numerals,
    *(word for words in LEXICON.levels.values() for word in words),
    *(form.replace("{y}", "2024").replace("{m}", "9").replace("{d}", "30") for form in LEXICON.dates),
    *"0123456789.,-+()/%：；，。 \n",
]
TEXTS = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(WORDS), max_size=7).map("".join))
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2)
COUNTS = st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2)

WRITTEN = sorted({text for pair in [*PAIRS, *DOUBTFUL] for text in pair[2:4]})
ODD = ["》", "《", "═", "≥", "%", "·", "²", "①", "艘", "\u202e", "\x00", "XX", "±", "无", "(", ")"]
LONGEST_SECONDS = 0.25
"""Of this process, for a text a hundred times longer than any in use; far more than it takes."""

MINIMA = ["≥{}", ">={}", "不少于{}", "不低于{}", "至少{}", "{}以上", "{}及以上", "达到{}", "≥{}以上"]
MAXIMA = ["≤{}", "<={}", "不超过{}", "不高于{}", "最多{}", "{}以下", "{}以内", "控制在{}以内", "≤{}以内"]
UNITS = ["", "%", "次", "家", "人次", "万次", "亿元", "万元", "元", "小时", "天", "次/月", "元/人", "万亿"]


@st.composite
def renderings(draw: st.DrawFn, number: Decimal, unit: str) -> str:
    """A number and a unit as somebody may type them: separators, spaces, full-width characters."""
    figure = f"{number:,}" if draw(st.booleans()) else f"{number:f}"
    space = draw(st.sampled_from(["", " ", "\u3000", "\u00a0", "\n"]))
    text = f"{figure}{space}{unit}"
    return text.translate(FULL_WIDTH) if draw(st.booleans()) else text


@given(st.data(), NUMBERS, st.sampled_from(UNITS), st.sampled_from([MINIMA, MAXIMA]))
def test_every_rendering_of_a_target_is_the_same_target(
    data: st.DataObject, number: Decimal, unit: str, patterns: list[str]
) -> None:
    plain = parse_target(patterns[0].format(f"{number:f}{unit}"), percent_format=False, lexicon=LEXICON)
    text = data.draw(st.sampled_from(patterns)).format(data.draw(renderings(number, unit)))
    found = parse_target(text, percent_format=False, lexicon=LEXICON)
    assert (found.kind, found.low, found.high, found.strict) == (
        plain.kind,
        plain.low,
        plain.high,
        plain.strict,
    )
    assert found.kind not in {TargetKind.UNREADABLE, TargetKind.QUALITATIVE}


@given(st.data(), NUMBERS, st.sampled_from(UNITS))
def test_every_rendering_of_a_quantity_is_the_same_quantity(
    data: st.DataObject, number: Decimal, unit: str
) -> None:
    found = parse_quantity(data.draw(renderings(number, unit)), LEXICON)
    dimension, factor = LEXICON.units.get(unit.lstrip("万亿"), (unit.lstrip("万亿"), Decimal(1)))
    scale = LEXICON.scales.get(unit.removesuffix(unit.lstrip("万亿")), Decimal(1))
    assert found == Quantity(number * factor * scale, dimension, Decimal("0.01") * factor * scale)


@settings(max_examples=400)
@given(
    wanted=TEXTS,
    reported=TEXTS,
    hint=st.sampled_from(["", "次", "万元", "%"]),
    lower=st.booleans(),
    year=st.sampled_from([None, 2024]),
)
def test_no_text_breaks_anything(
    wanted: str, reported: str, hint: str, *, lower: bool, year: int | None
) -> None:
    target = parse_target(
        wanted, percent_format=False, lexicon=LEXICON, unit_hint=hint, lower_is_better=lower, year=year
    )
    actual = parse_actual(
        reported, percent_format=False, lexicon=LEXICON, target=target, unit_hint=hint, year=year
    )
    comparison = compare(target, actual, EXCEEDED_FROM)
    figures = [target.low, target.high, actual.quantity]
    assert all(figure.value.is_finite() and figure.step.is_finite() for figure in figures if figure)
    assert comparison.attainment is None or comparison.attainment.is_finite()
    assert (comparison.verdict is Verdict.UNDETERMINED) <= bool(comparison.reason)
    assert target.kind is not TargetKind.BLANK or comparison.verdict is Verdict.BLANK
    assert actual.kind is not ActualKind.FIGURE or actual.quantity is not None


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_of_what_departments_write_breaks_anything(seed: int) -> None:
    """A thousand texts changed at random, and the same text on both sides is never a miss."""
    draw = Random(seed)  # noqa: S311 - no secret
    for _ in range(1000):
        wanted, reported = _mutated(draw), _mutated(draw)
        target = parse_target(wanted, percent_format=False, lexicon=LEXICON, year=2024)
        actual = parse_actual(reported, percent_format=False, lexicon=LEXICON, target=target, year=2024)
        comparison = compare(target, actual, EXCEEDED_FROM)
        assert (comparison.verdict is Verdict.UNDETERMINED) <= bool(comparison.reason)
        again = parse_actual(wanted, percent_format=False, lexicon=LEXICON, target=target, year=2024)
        assert compare(target, again, EXCEEDED_FROM).verdict is not Verdict.MISSED


def _mutated(draw: Random) -> str:
    text = draw.choice(WRITTEN)
    for _ in range(draw.randint(1, 4)):
        place, piece = draw.randint(0, len(text)), draw.choice([*WORDS, *ODD]) * draw.choice([1, 1, 1, 40])
        text = text[:place] + piece + text[place + draw.randint(0, 2) :]
    return text


@pytest.mark.parametrize(
    "piece", [*ODD, *LEXICON.unit_joints, *LEXICON.joints, "1,", "元/人·月、", "0/10万", "12月"]
)
@pytest.mark.parametrize("pattern", ["{}", "≥5{}", "5元{}", "12月{}", "{}5次", "无{}无"])
def test_no_text_however_long_takes_long(piece: str, pattern: str) -> None:
    """A cell holds at most 32767 characters; nothing here grows faster than they do."""
    text = pattern.format(piece * 1000)
    parse_target("1", percent_format=False, lexicon=LEXICON)
    start = process_time()
    target = parse_target(text, percent_format=False, lexicon=LEXICON)
    parse_actual(text, percent_format=False, lexicon=LEXICON, target=target)
    assert process_time() - start < LONGEST_SECONDS


@given(st.decimals(allow_nan=True, allow_infinity=True), st.decimals(allow_nan=True, allow_infinity=True))
def test_no_number_breaks_anything(wanted: Decimal, reported: Decimal) -> None:
    target = parse_target(wanted, percent_format=True, lexicon=LEXICON)
    actual = parse_actual(reported, percent_format=False, lexicon=LEXICON, target=target)
    comparison = compare(target, actual, EXCEEDED_FROM)
    assert comparison.attainment is None or comparison.attainment.is_finite()


@given(st.sampled_from(["≥{}次", "≤{}次", "{}次", ">{}次", "<{}次"]), COUNTS, COUNTS, COUNTS)
def test_scaling_both_sides_changes_nothing(
    pattern: str, wanted: Decimal, reported: Decimal, factor: Decimal
) -> None:
    outcomes = []
    for scale in (Decimal(1), factor):
        target = parse_target(pattern.format(f"{wanted * scale:f}"), percent_format=False, lexicon=LEXICON)
        actual = parse_actual(f"{reported * scale:f}次", percent_format=False, lexicon=LEXICON, target=target)
        outcomes.append(compare(target, actual, EXCEEDED_FROM))
    assert outcomes[0] == outcomes[1]


@given(st.sampled_from(["≥{}次", "≤{}次", "{}次", ">{}次", "<{}次"]), COUNTS, NUMBERS, NUMBERS)
def test_a_better_actual_never_fares_worse(
    pattern: str, wanted: Decimal, one: Decimal, other: Decimal
) -> None:
    target = parse_target(pattern.format(f"{wanted:f}"), percent_format=False, lexicon=LEXICON)
    worse, better = sorted([one, other], reverse=target.kind is TargetKind.AT_MOST)
    first, second = (
        compare(
            target,
            parse_actual(f"{each:f}次", percent_format=False, lexicon=LEXICON, target=target),
            EXCEEDED_FROM,
        )
        for each in (worse, better)
    )
    if Verdict.UNDETERMINED not in {first.verdict, second.verdict}:
        assert RANK[first.verdict] <= RANK[second.verdict]
    if first.attainment is not None and second.attainment is not None:
        assert first.attainment <= second.attainment
