"""What a department's forms hold, counted as they were read."""

from __future__ import annotations

from decimal import Decimal

from jixiao.consolidation.controls import FIGURES_SUM, LINES, Count, add_counts, line_control
from jixiao.domain.amounts import exact_sum
from jixiao.evaluating.tallies import UNEVALUATED, tally_department
from tests.audit.department.test_units import SCHEME, printed, project
from tests.builders.schemes import PROJECT

EXECUTED = line_control("executed").key


def test_an_amount_in_another_unit_counts_as_it_is_meant() -> None:
    read, true = printed(project(), PROJECT, "10000"), project()
    count = tally_department((read,), (true,), (), 0, SCHEME)[EXECUTED]
    assert (count.read, count.converted, count.due) == (
        Decimal(4600000),  # the line of the whole and those it consists of
        Decimal(-4599540),
        Decimal(460),
    )


def test_a_superseded_form_is_read_and_not_due() -> None:
    form = project()
    tally = tally_department((form,), (form,), {form.submission_id}, 0, SCHEME)
    assert (tally[LINES.key].read, tally[LINES.key].superseded, tally[LINES.key].due) == (
        Decimal(4),
        Decimal(4),
        Decimal(0),
    )
    assert tally[FIGURES_SUM.key].due == tally[FIGURES_SUM.key].read  # its figures are kept all the same


def test_of_a_department_that_could_not_be_evaluated_nothing_is_due_and_it_is_said_why() -> None:
    tally = tally_department((project(),), None, (), 1, SCHEME)
    assert tally[EXECUTED].left_out == {UNEVALUATED: Decimal(460)}
    assert {key: count.due for key, count in tally.items() if count.due} == {
        "部门汇总.部门": 1,
        "findings.department": 1,
        "审核发现.部门": 1,
    }


def test_counts_of_more_digits_than_a_context_holds_are_exact() -> None:
    large, small = Decimal("1E+40"), Decimal("0.01")
    count = Count(read=exact_sum((large, small)), superseded=large)
    assert (count.due, add_counts((count, count)).due) == (small, Decimal("0.02"))
