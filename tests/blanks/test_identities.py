from decimal import Decimal

from jixiao.blanks.checks import SumHolds
from jixiao.blanks.formulas import Rate, Sum
from jixiao.blanks.identities import live_formulas, spell_identities, sum_checks
from jixiao.domain.forms import Identity, IdentityKind
from tests.builders.blank_layouts import FIGURES, LAYOUT, WORDS, order
from tests.builders.schemes import identity_of

ROWS = {"offices": ("1", "2"), "lines": ("all", "first", "second")}
CELLS = {
    *(f"lines.{item}.amount" for item in ROWS["lines"]),
    *(f"offices.{row}.{column}" for row in ("1", "2", "total") for column in ("budget", "spent", "rate")),
}


def spelled(*identities: Identity) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    layout = order(identities=identities).layout if identities else LAYOUT
    return [(each.total, each.plus, each.minus) for each in spell_identities(layout, ROWS, CELLS)]


def test_a_list_has_an_equation_for_every_row_and_its_total() -> None:
    assert [total for total, _, _ in spelled(LAYOUT.identities[1])] == [
        "offices.1.rate",
        "offices.2.rate",
        "offices.total.rate",
    ]


def test_a_slot_of_the_parts_gives_a_part_for_each_row() -> None:
    identity = identity_of("t", "合计", IdentityKind.SUM, "offices.total.budget", ("offices.{item}.budget",))
    assert spelled(identity) == [("offices.total.budget", ("offices.1.budget", "offices.2.budget"), ())]


def test_rows_of_two_lists_are_not_matched_by_number() -> None:
    other = order(tables=(WORDS, FIGURES, type(WORDS)("more", "更多", WORDS.kind, WORDS.columns))).layout
    identity = identity_of("x", "跨表", IdentityKind.SUM, "offices.{item}.budget", ("more.{item}.budget",))
    cells = CELLS | {f"more.{row}.budget" for row in ("1", "2", "total")}
    layout = order(other, identities=(identity,)).layout
    found = spell_identities(layout, {**ROWS, "more": ("1", "2")}, cells)
    assert [each.total for each in found] == ["offices.total.budget"]


def test_sums_and_rates_compute_themselves() -> None:
    equations = list(spell_identities(LAYOUT, ROWS, CELLS))
    formulas = live_formulas(equations, 4, {}, {})
    assert formulas["lines.all.amount"] == Sum(("lines.first.amount", "lines.second.amount"))
    assert formulas["offices.2.rate"] == Rate("offices.2.spent", "offices.2.budget", 4)
    assert list(sum_checks(equations, formulas)) == []


def test_no_formula_goes_round_in_circles() -> None:
    total, first, second = (f"lines.{item}.amount" for item in ROWS["lines"])
    back = identity_of("back", "甲 = 总计 − 乙", IdentityKind.SUM, first, (total,), (second,))
    layout = order(identities=(LAYOUT.identities[0], back)).layout
    equations = list(spell_identities(layout, ROWS, CELLS))
    formulas = live_formulas(equations, 4, {}, {})
    assert list(formulas) == ["lines.all.amount"]
    (check,) = sum_checks(equations, formulas)
    assert isinstance(check, SumHolds)
    assert (check.total, check.slack) == ("lines.first.amount", Decimal("0.015"))


def test_a_given_total_stays_unless_its_parts_make_it_up() -> None:
    equations = list(spell_identities(LAYOUT, ROWS, CELLS))
    total, part = "lines.all.amount", "lines.first.amount"
    assert total not in live_formulas(equations, 4, {total: Decimal(5)}, {})
    assert total not in live_formulas(equations, 4, {total: Decimal(5), part: Decimal(4)}, {})
    assert total in live_formulas(equations, 4, {total: Decimal(5), part: Decimal(5)}, {})
