"""Mutated workbooks, generated words and endless texts: findings within a moment, never an exception."""

from __future__ import annotations

import time

import pytest

from tests.hostile.extremes import ENDLESS, KINDS_OF_TEXT, OWN_MISTAKES, endless, filled_forms
from tests.hostile.mutating import compared, mutated

FORMS = filled_forms()
MUTATIONS, PAIRS = 300, 2000
"""Here; 10,000 and 20,000 by `python -m tests.hostile.nightly`."""
SECONDS = 1.5
"""Of this process, for a form with a text of 10,000 characters in a cell of every kind; it takes 0.1."""
_SCORED = [form for form in FORMS if form.order.layout.levels]


@pytest.mark.parametrize("part", range(10))
def test_no_mutated_workbook_is_our_mistake(part: int) -> None:
    for seed in range(part, MUTATIONS, 10):
        form = FORMS[seed % len(FORMS)]
        evaluation = form.evaluated_as(mutated(form.workbook.grids[0], seed))
        assert {each.code for each in evaluation.findings} & OWN_MISTAKES == set(), seed


def test_a_rate_whose_base_does_not_stand_on_the_form_is_not_checked() -> None:
    form = FORMS[337 % len(FORMS)]
    evaluation = form.evaluated_as(mutated(form.workbook.grids[0], 337))
    assert {each.code for each in evaluation.findings} & OWN_MISTAKES == set()


def test_a_seed_gives_one_mutation_and_another_another() -> None:
    grid = FORMS[0].workbook.grids[0]
    assert mutated(grid, 1) == mutated(grid, 1)
    assert len({str(mutated(grid, seed)) for seed in range(20)}) > 15


def test_no_target_and_actual_raise() -> None:
    for seed in range(PAIRS):
        compared(seed)


@pytest.mark.parametrize("kind", KINDS_OF_TEXT[::3])
def test_no_endless_text_takes_long(kind: str) -> None:
    form = _SCORED[len(kind) % len(_SCORED)]
    changes = endless(form, kind)
    assert {len(str(text)) for text in changes.values()} <= set(range(ENDLESS - 10, ENDLESS + 1))
    began = time.process_time()
    evaluation = form.evaluated(changes)
    assert time.process_time() - began < SECONDS
    assert {each.code for each in evaluation.findings} & OWN_MISTAKES == set()
