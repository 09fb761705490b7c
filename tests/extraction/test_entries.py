from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.cells import CellError, CellRef, UnstoredFormula, Value
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Entry, State
from jixiao.extraction.entries import Reading, format_places, read_entry
from tests.builders.lexicon import LEXICON

REF = CellRef("表.xlsx", "Sheet1", 3, 4)
AMOUNT, SCORE, PERCENT, TEXT, NUMBER = (
    ValueKind.AMOUNT,
    ValueKind.SCORE,
    ValueKind.PERCENT,
    ValueKind.TEXT,
    ValueKind.NUMBER,
)


def entry(
    value: Value | None, kind: ValueKind, number_format: str = "", unit: MoneyUnit = MoneyUnit.WAN
) -> Entry:
    return read_entry(value, number_format, REF, Reading(kind, unit, LEXICON))


@pytest.mark.parametrize(
    ("kind", "stored", "number_format", "expected"),
    [
        (AMOUNT, "1442.2", "#,##0.00", ("1,442.20", "1442.2", "0.01")),
        (AMOUNT, "4943.3512", "0.00", ("4943.35", "4943.3512", "0.01")),
        (AMOUNT, "12", "", ("12", "12", "1")),
        (SCORE, "8.7145534", "0.00", ("8.71", "8.71", "0.01")),
        (SCORE, "9.000000000000002", "", ("9", "9", "1")),
        (PERCENT, "0.9286", "0.00%", ("92.86%", "92.86", "0.01")),
        (PERCENT, "0.9286", "", ("92.86", "92.86", "0.01")),
        (PERCENT, "92.86", "", ("92.86", "92.86", "0.01")),
        (PERCENT, "1", "", ("100", "100", "1")),
        (PERCENT, "1.02", "0%", ("102%", "102", "1")),
        (SCORE, "0.1", "0%", ("10%", "10", "1")),
        (NUMBER, "-3.5", "", ("-3.5", "-3.5", "0.1")),
    ],
)
def test_stored_numbers(
    kind: ValueKind, stored: str, number_format: str, expected: tuple[str, str, str]
) -> None:
    """Expected: text, value, step."""
    text, value, step = expected
    assert entry(Decimal(stored), kind, number_format) == Entry(
        REF, State.NUMBER, text, Decimal(value), Decimal(step)
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (AMOUNT, "１，４４２．２０", "1442.20"),
        (AMOUNT, "1,442.20万元", "1442.20"),
        (AMOUNT, "14422000元", "1442.2"),
        (AMOUNT, "5.8万", "5.8"),
        (AMOUNT, "0.5亿元", "5000"),
        (AMOUNT, "-49.80", "-49.80"),
        (AMOUNT, "（49.80）", "-49.80"),
        (PERCENT, "92.86%", "92.86"),
        (PERCENT, "92.86", "92.86"),
        (PERCENT, "0.9286", "92.86"),
        (SCORE, "9.5分", "9.5"),
        (SCORE, "10%", "10"),
        (SCORE, "9.5/10", "9.5"),
        (SCORE, "9.5分/10分", "9.5"),
        (NUMBER, "16人", "16"),
    ],
)
def test_figures_in_text(kind: ValueKind, text: str, value: str) -> None:
    read = entry(text, kind)
    assert (read.state, read.text, read.value) == (State.NUMBER, text, Decimal(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (AMOUNT, "约1442"),
        (AMOUNT, "1442人"),
        (AMOUNT, "1,44"),
        (AMOUNT, "12 3"),
        (AMOUNT, "95%"),
        (PERCENT, "12次"),
        (SCORE, "12/10"),
        (SCORE, "十分"),
    ],
)
def test_words_are_no_figures(kind: ValueKind, text: str) -> None:
    assert entry(text, kind) == Entry(REF, State.TEXT, text)


def test_five_different_things() -> None:
    assert entry(None, AMOUNT) == Entry(REF, State.BLANK)
    assert entry("  ", AMOUNT) == Entry(REF, State.BLANK)
    assert entry(Decimal(0), AMOUNT) == Entry(REF, State.NUMBER, "0", Decimal(0), Decimal(1))
    assert entry(CellError("#DIV/0!"), AMOUNT) == Entry(REF, State.ERROR, "#DIV/0!")
    assert entry(UnstoredFormula("=A1"), AMOUNT) == Entry(REF, State.UNSTORED, "=A1")
    assert [entry(mark, AMOUNT).state for mark in ("-", "—", "——", "/", "－", "N/A")] == [State.DASH] * 6


def test_the_form_s_unit_holds_for_bare_figures_only() -> None:
    assert entry(Decimal(14422000), AMOUNT, unit=MoneyUnit.YUAN).value == Decimal("1442.2")
    assert entry("5.8万元", AMOUNT, unit=MoneyUnit.YUAN).value == Decimal("5.8")
    assert entry(Decimal("1.5"), AMOUNT, unit=MoneyUnit.YI).value == 15000


@pytest.mark.parametrize(
    ("number_format", "places"),
    [
        ("0.00", 2),
        ("#,##0.00_ ;[Red]-#,##0.00", 2),
        ('0.0"万元"', 1),
        ("0%", 0),
        ("General", None),
        ("@", None),
        ("yyyy-mm-dd", None),
        ("", None),
    ],
)
def test_format_places(number_format: str, places: int | None) -> None:
    assert format_places(number_format) == places


def test_a_number_in_a_cell_for_text_is_shown_as_its_format_says() -> None:
    assert entry(Decimal("0.97"), TEXT, "0%") == Entry(REF, State.TEXT, "97%")


def test_numbers_that_are_equal_and_printed_otherwise_stay_apart() -> None:
    """What a number gives is kept by its spelling: 9.5 equals 9.50 and has another last digit."""
    steps = {text: entry(Decimal(text), SCORE).step for text in ("9.5", "9.50", "9.500")}
    assert steps == {"9.5": Decimal("0.1"), "9.50": Decimal("0.01"), "9.500": Decimal("0.001")}


def test_a_text_is_read_anew_in_another_unit() -> None:
    """What a text gives is kept with the unit that it is read in."""
    units = (MoneyUnit.WAN, MoneyUnit.YUAN, MoneyUnit.WAN)
    values = [entry("45000", AMOUNT, unit=unit).value for unit in units]
    assert values == [Decimal(45000), Decimal("4.5"), Decimal(45000)]
