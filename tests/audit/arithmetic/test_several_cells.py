from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.arithmetic import several_cells
from jixiao.domain.forms import IdentityKind
from tests.audit.arithmetic.faults import HARMLESS, NAMED, WRONG, count_verdicts, grounds, share_found
from tests.builders.audits import audit
from tests.builders.details import COLUMNS, GOOD_ROWS, Rows, list_scheme, project_list
from tests.builders.schemes import identity_of

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding

SCHEME = list_scheme()
Told = set[tuple[str, str, str]]
"""Code, cell, expected."""


def changed(**figures: str) -> Rows:
    """The good list with other figures, each as name_column."""
    rows = {name: list(row) for name, row in GOOD_ROWS.items()}
    for key, text in figures.items():
        name, _, column = key.partition("_")
        rows[name][COLUMNS.index(column)] = text
    return rows


def told(rows: Rows) -> Told:
    return {(each.code, each.place.cell, each.expected) for each in audit(project_list(rows), SCHEME)}


def two_of_one_column() -> Rows:
    return changed(示例甲_initial_budget="310.00", 示例乙_initial_budget="245.00")


def test_two_cells_of_one_column_are_both_named_instead_of_the_three_sums() -> None:
    assert told(two_of_one_column()) == {("A109", "B4", "300.00"), ("A109", "B5", "250.00")}


def test_what_is_said_of_each_of_them() -> None:
    first = next(each for each in audit(project_list(two_of_one_column()), SCHEME) if each.place.cell == "B4")
    assert (first.label, first.reported) == ("示例甲·年初预算数", "310.00")
    assert first.figures == {
        "others": "B5“示例乙·年初预算数”（应为 250.00）",
        "total": "“示例甲·全年预算总数”、“示例乙·全年预算总数”、“合计·年初预算数”",
        "count": "2",
    }
    assert {ref.a1 for ref in first.evidence} >= {"B3", "B5", "B6", "E4", "E5"}


def test_two_cells_of_one_row_are_named() -> None:
    rows = changed(示例乙_initial_budget="350.00", 示例乙_carryover="37.00")
    assert told(rows) == {("A109", "B5", "250.00"), ("A109", "C5", "30.00")}


def test_amounts_from_a_hundredth_to_a_thousand_million_in_one_table() -> None:
    rows: Rows = {
        "合计": ["1000000000.16", "0.03", "0.00", "1000000000.19", "1000000000.19", "0.00"],
        "示例甲": ["1000000000.00", "0.01", "0.00", "1000000000.01", "1000000000.01", "0.00"],
        "示例乙": ["0.16", "0.02", "0.00", "0.18", "0.18", "0.00"],
    }
    assert told(rows) == set()
    rows["示例甲"][0], rows["示例乙"][0] = "1000000700.00", "0.66"
    assert told(rows) == {("A109", "B4", "1,000,000,000.00"), ("A109", "B5", "0.16")}


def test_where_several_sets_tie_the_sums_are_told_with_all_of_them() -> None:
    """Row 4 has two parts that stand in the same further sum, row 5 has one."""
    initial, carried = "projects.{item}.initial_budget", "projects.{item}.carryover"
    whole, both, one = "projects.{item}.annual_budget", (initial, carried), (initial,)
    scheme = list_scheme(
        identity_of("first", "甲", IdentityKind.SUM, whole, both, items=("示例甲",)),
        identity_of("second", "乙", IdentityKind.SUM, whole, one, items=("示例乙",)),
        identity_of("all", "全部", IdentityKind.SUM, "projects.total.executed", both),
    )
    rows: Rows = {
        "合计": [None, None, None, None, "730.00", None],
        "示例甲": ["310.00", "30.00", None, "330.00", None, None],
        "示例乙": ["405.00", "0.00", None, "400.00", None, None],
    }
    found = audit(project_list(rows), scheme)
    assert [(each.code, each.place.cell) for each in found] == [("A101", at) for at in ("E4", "E5", "F3")]
    sets = (
        "示例甲·年初预算数（应为 300.00）和示例乙·年初预算数（应为 400.00）、"
        "示例甲·上年结转数（应为 20.00）和示例乙·年初预算数（应为 400.00）"
    )
    assert sums(found) == {sets}


def sums(found: list[Finding]) -> set[str]:
    return {each.figures.get("suspects", "") for each in found if each.code == "A101"}


def test_a_search_that_is_given_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several_cells, "_MOST_ROUNDS", 1)
    found = audit(project_list(two_of_one_column()), SCHEME)
    assert {each.code for each in found} == {"A101"}
    assert "不止一处（3 处不符互相牵连，程序没有算出最少改哪几个数）" in sums(found)


def test_where_any_cells_would_do_none_is_named() -> None:
    """Four cells in four sums of their own: what mends them all is only the sums again."""
    rows = changed(
        示例甲_initial_budget="310.00",
        示例乙_initial_budget="245.00",
        示例丙_initial_budget="151.00",
        合计_initial_budget="900.00",
    )
    assert not {code for code, *_ in told(rows)} & {"A109"}


def test_a_form_without_such_faults_loads_no_solver_and_one_with_them_prints_nothing() -> None:
    program = (
        "import sys\n"
        "from tests.builders.audits import audit\n"
        "from tests.builders.details import list_scheme, project_list\n"
        "from tests.audit.arithmetic.test_several_cells import two_of_one_column\n"
        "audit(project_list(), list_scheme())\n"
        "assert 'highspy' not in sys.modules\n"
        "assert len(audit(project_list(two_of_one_column()), list_scheme())) == 2\n"
        "assert 'highspy' in sys.modules\n"
    )
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_grounds_are_right_forms_that_nobody_accuses() -> None:
    codes = {"A101", "A102", "A103", "A105", "A106", "A109"}
    assert len(grounds()) >= 15
    for ground in grounds():
        assert [each for each in audit(ground.form, ground.scheme) if each.code in codes] == []


@pytest.mark.parametrize(("cells", "least"), [(1, 95), (2, 80)])
def test_injected_faults_are_first_or_tied(cells: int, least: int) -> None:
    counts = count_verdicts(7, cells, 80)
    assert share_found(counts) >= Decimal(least)
    assert counts[WRONG] == 0
    assert counts[NAMED] > (counts.total() - counts[HARMLESS]) / 5
