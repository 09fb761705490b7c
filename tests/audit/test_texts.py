from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.builders.audits import marks, only
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_funds

if TYPE_CHECKING:
    from jixiao.domain.forms import Submission

GOOD = with_funds(good_project(PROJECT), "other", initial_budget="—")
"""410.50 = 380.50 + 30.00 + nothing, as initial budget."""


def typed(form: Submission, *items: str) -> Submission:
    """The form with the initial budget of some sources written as text."""
    return replace(
        form,
        lines=tuple(
            replace(
                line,
                entries={
                    **line.entries,
                    "initial_budget": replace(
                        line.entries["initial_budget"],
                        as_text=True,
                        text=f"{line.entries['initial_budget'].text}万",
                    ),
                },
            )
            if line.item in items
            else line
            for line in form.lines
        ),
    )


def test_a_text_that_the_sum_leaves_out_is_told_at_its_cell() -> None:
    finding = only(typed(with_funds(GOOD, "total", initial_budget="30.00"), "fiscal"))
    assert (finding.code, finding.place.cell, finding.label) == ("V108", "A12", "当年财政拨款·年初预算数")
    assert (finding.reported, finding.expected) == ("380.50万", "380.50")
    assert finding.figures == {"total": "年度资金总额·年初预算数", "sum": "30.00"}


def test_all_parts_written_as_text_leave_a_sum_of_nothing() -> None:
    form = typed(with_funds(GOOD, "total", initial_budget="0"), "fiscal", "carryover")
    assert marks(form) == {("V108", "A12"), ("V108", "A13")}


def test_texts_that_are_added_up_are_as_good_as_numbers() -> None:
    assert marks(typed(GOOD, "fiscal", "carryover")) == set()


def test_a_sum_that_texts_do_not_explain_is_told_itself() -> None:
    form = typed(with_funds(GOOD, "total", initial_budget="35.00"), "fiscal")
    assert marks(form) == {("A101", "A11")}


def test_numbers_are_never_left_out() -> None:
    assert marks(with_funds(GOOD, "total", initial_budget="30.00")) == {("A101", "A11")}
