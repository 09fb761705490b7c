from decimal import Decimal

import pytest

from jixiao.blanks.checks import (
    Check,
    Filled,
    GradeFits,
    NotAbove,
    OnlyNumbers,
    SumHolds,
    SumIsOneOf,
    WholeRows,
    batches,
    live_formulas,
    spell_identities,
    sum_checks,
    verdict,
    verdict_text,
)
from jixiao.blanks.formulas import Rate, References, Sum
from jixiao.domain.blanks import Filling
from jixiao.domain.cells import Area
from jixiao.domain.forms import Identity, IdentityKind
from tests.builders.blank_layouts import FIGURES, LAYOUT, WORDS, order
from tests.builders.schemes import identity_of

AT = References(
    {name: Area(row, 0, row, 0) for row, name in enumerate("abc")}
    | {name: Area(row, 1, row, 1) for row, name in enumerate("xyz")}
)
CUTS = (("优", Decimal(90)), ("良", Decimal(80)), ("差", Decimal(0)))
HUNDRED = (Decimal(100),)
CHECKS: dict[str, Check] = {
    "filled": Filled(("a", "b"), "“甲”没有填写"),
    "rows": WholeRows((("a", "b"), ("x", "y")), "有的行没有填完整"),
    "numbers": OnlyNumbers(("a", "b"), "只能填数字"),
    "above": NotAbove(("a", "b"), ("x", "y"), "超过", floored=True),
    "one_of": SumIsOneOf(("a", "b"), HUNDRED, "应为 100 分"),
    "sum": SumHolds("c", ("a", "b"), (), Decimal("0.015"), "应有丙 = 甲 + 乙"),
    "at_most": SumHolds("c", ("a", "b"), (), Decimal("0.015"), "其中", bounded=True),
    "grade": GradeFits("x", "a", CUTS, 2, "等级不符"),
}


def entered(**entries: str | float) -> dict[str, Filling]:
    return {name: entry if isinstance(entry, str) else Decimal(str(entry)) for name, entry in entries.items()}


@pytest.mark.parametrize(
    ("name", "entries", "fails"),
    [
        ("filled", entered(a="有", b=1), False),
        ("filled", entered(a="有"), True),
        ("rows", entered(a=1, x=1), False),
        ("rows", entered(a=1, x=1, y=2), True),
        ("numbers", entered(a=1), False),
        ("numbers", entered(a="十"), True),
        ("above", entered(a=1, x=1, b=2), False),
        ("above", entered(a=1.01, x=1), True),
        ("above", entered(b=-1), True),
        ("one_of", {}, False),
        ("one_of", entered(a=99.9, b=0.1), False),
        ("one_of", entered(a=99), True),
        ("sum", entered(a=1, b=2, c=3.01), False),
        ("sum", entered(a=1, b=2, c=3.02), True),
        ("sum", entered(a=1, c=3), False),
        ("at_most", entered(a=1, b=1, c=3), False),
        ("at_most", entered(a=1, b=3, c=3), True),
        ("grade", entered(a=89.99, x="良"), False),
        ("grade", entered(a=90, x="良"), True),
        ("grade", entered(a=50, x="差"), False),
        ("grade", entered(x="差"), False),
    ],
)
def test_what_fails(name: str, entries: dict[str, Filling], fails: bool) -> None:  # noqa: FBT001 - expected
    assert CHECKS[name].fails(entries) is fails


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("filled", 'OR(A1="",A2="")'),
        ("rows", 'SUMPRODUCT(((A1:A2<>"")+(B1:B2<>"")>0)*((A1:A2<>"")+(B1:B2<>"")<2))>0'),
        ("numbers", "SUMPRODUCT(--ISTEXT(A1:A2))>0"),
        ("above", "SUMPRODUCT(ISNUMBER(A1:A2)*ISNUMBER(B1:B2)*(A1:A2>B1:B2)+ISNUMBER(A1:A2)*(A1:A2<0))>0"),
        ("one_of", "AND(COUNT(A1:A2)>0,ROUND(SUM(A1:A2)-100,6)<>0)"),
        ("sum", "AND(COUNT(A1:A3)=3,ABS(ROUND(SUM(A1:A2)-A3,6))>0.015)"),
        ("at_most", "AND(COUNT(A1:A3)=3,ROUND(SUM(A1:A2)-A3,6)>0.015)"),
        (
            "grade",
            'AND(B1<>"",ISNUMBER(A1),B1<>IF(ROUND(N(A1),2)>=90,"优",IF(ROUND(N(A1),2)>=80,"良","差")))',
        ),
    ],
)
def test_conditions(name: str, text: str) -> None:
    assert CHECKS[name].text(AT) == text


def test_verdict_names_the_first_that_fails() -> None:
    checks = [CHECKS["filled"], CHECKS["one_of"]]
    assert verdict(checks, ["a", "b"], {}) == "核对：尚未填写"
    assert verdict(checks, ["a", "b"], entered(a=1)) == "请检查：“甲”没有填写"
    assert verdict(checks, ["a", "b"], entered(a=1, b=1)) == "请检查：应为 100 分"
    assert verdict(checks, ["a", "b"], entered(a=99, b=1)) == "核对：通过"
    assert verdict_text(checks, ["a", "b"], AT) == (
        'IF(COUNTA(A1:A2)=0,"核对：尚未填写",IF(OR(A1="",A2=""),"请检查：“甲”没有填写",'
        'IF(AND(COUNT(A1:A2)>0,ROUND(SUM(A1:A2)-100,6)<>0),"请检查：应为 100 分","核对：通过")))'
    )


def test_many_checks_take_several_cells() -> None:
    assert [len(batch) for batch in batches([CHECKS["filled"]] * 51)] == [25, 25, 1]


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
