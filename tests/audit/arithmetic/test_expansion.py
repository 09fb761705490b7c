from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.domain.forms import Identity, IdentityKind, TableKind
from tests.builders.schemes import PROJECT, identity_of
from tests.builders.submissions import good_project

if TYPE_CHECKING:
    from jixiao.domain.figure_address import FigureAddress

FORM = good_project(PROJECT)


def addresses(identity: Identity, kind: TableKind = TableKind.LINES) -> list[tuple[str, list[str]]]:
    funds = replace(PROJECT.tables[0], kind=kind)
    layout = replace(PROJECT, tables=(funds, *PROJECT.tables[1:]), identities=(identity,))
    return [
        (_text(each.total.address), [_text(part.address) for part in each.parts])
        for each in equations_of(FORM, layout)
    ]


def _text(address: FigureAddress) -> str:
    return f"{address.item}.{address.column}"


def test_a_slot_of_the_total_gives_an_equation_each() -> None:
    identity = identity_of(
        "i", "", IdentityKind.SUM, "funds.total.{column}", ("funds.fiscal.{column}",), columns=("a", "b")
    )
    assert addresses(identity) == [("total.a", ["fiscal.a"]), ("total.b", ["fiscal.b"])]


def test_a_slot_of_the_parts_alone_gives_a_part_each_but_the_total() -> None:
    identity = identity_of("i", "", IdentityKind.SUM, "funds.total.executed", ("funds.{item}.executed",))
    parts = ["fiscal.executed", "carryover.executed", "other.executed"]
    assert addresses(identity) == [("total.executed", parts)]


def test_named_items_are_the_only_ones() -> None:
    identity = identity_of(
        "i",
        "",
        IdentityKind.SUM,
        "funds.{item}.annual_budget",
        ("funds.{item}.initial_budget",),
        ("funds.{item}.executed",),
        items=("fiscal",),
    )
    assert addresses(identity) == [("fiscal.annual_budget", ["fiscal.initial_budget", "fiscal.executed"])]


def test_rows_of_a_list_are_those_of_the_form() -> None:
    identity = identity_of("i", "", IdentityKind.RATIO, "funds.{item}.a", ("funds.{item}.b",))
    expected = [(f"{item}.a", [f"{item}.b"]) for item in ("total", "fiscal", "carryover", "other")]
    assert addresses(identity, TableKind.LIST) == expected


def test_an_identity_over_an_unknown_table_asks_nothing() -> None:
    identity = identity_of("i", "", IdentityKind.SUM, "nowhere.{item}.a", ("nowhere.{item}.b",))
    assert addresses(identity) == []


def test_a_cell_that_rows_share_through_a_merge_counts_once() -> None:
    shared = {"executed": FORM.lines[1].entries["executed"]}
    lines = [replace(each, entries={**each.entries, **shared}) for each in FORM.lines[1:3]]
    form = replace(FORM, lines=(FORM.lines[0], *lines, *FORM.lines[3:]))
    identity = identity_of("i", "", IdentityKind.SUM, "funds.total.executed", ("funds.{item}.executed",))
    layout = replace(PROJECT, identities=(identity,))
    (equation,) = equations_of(form, layout)
    assert [_text(part.address) for part in equation.parts] == ["fiscal.executed", "other.executed"]


def test_long_sums_are_told_by_the_number_of_their_parts() -> None:
    identity = identity_of(
        "i",
        "",
        IdentityKind.SUM,
        "funds.total.executed",
        ("funds.{item}.{column}",),
        columns=("initial_budget", "annual_budget", "executed"),
    )
    layout = replace(PROJECT, identities=(identity,))
    (equation,) = equations_of(FORM, layout)
    assert (len(equation.parts), equation.parts_text) == (11, "11 个组成部分合计")
