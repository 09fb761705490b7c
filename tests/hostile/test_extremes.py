"""Figures and texts that no form should hold, everywhere: a finding, never an exception."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tests.builders.results import publish_whole
from tests.hostile.extremes import NUMBERS, OWN_MISTAKES, TEXTS, filled_forms, spreads

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.extremes import FilledForm

FORMS = filled_forms()
IDS = [f"{form.order.scheme.id}:{form.order.layout.id}" for form in FORMS]
_EVERY = 7
"""A part of the changes here, all of them by `python -m tests.hostile.nightly`."""


@pytest.mark.parametrize("form", FORMS, ids=IDS)
def test_no_extreme_in_any_kind_of_cell_is_our_mistake(form: FilledForm, tmp_path: Path) -> None:
    assert form.kinds
    first = FORMS.index(form) % _EVERY
    for changes in islice(spreads(form), first, None, _EVERY):
        evaluation = form.evaluated(changes)
        assert {each.code for each in evaluation.findings} & OWN_MISTAKES == set(), changes
    publish_whole(evaluation, tmp_path)


def test_together_the_forms_meet_every_extreme() -> None:
    met = {
        str(value)
        for number, form in enumerate(FORMS)
        for changes in islice(spreads(form), number % _EVERY, None, _EVERY)
        for value in changes.values()
    }
    assert met == set(map(str, (*NUMBERS, *TEXTS)))
