"""The laws of layouts: right forms are read as filled in and accused of nothing; one fault, one finding.

A failure prints the fewest parts that still fail and how to look at that form.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tests.layouts.failures import classify, described, known_failures
from tests.layouts.faults import FAULTS
from tests.layouts.nightly import needed, plain_plan
from tests.layouts.parts import draw
from tests.layouts.trial import try_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.layouts.failures import KnownFailure
    from tests.layouts.trial import Trial

_FORMS, _AT_ONCE, _PER_FAULT, _MOST_TRIED = 300, 25, 3, 24


def _pass(tried: Sequence[Trial]) -> None:
    failed = [trial for trial in tried if not trial.passes]
    if failed:
        pytest.fail("\n".join(described(classify(failed))), pytrace=False)


@pytest.mark.parametrize("first", range(0, _FORMS, _AT_ONCE))
def test_right_forms_are_read_as_filled_in_and_accused_of_nothing(first: int) -> None:
    _pass([try_form(draw(seed)) for seed in range(first, first + _AT_ONCE)])


@pytest.mark.parametrize("fault", list(FAULTS))
def test_one_fault_gives_one_finding(fault: str) -> None:
    tried = (try_form(plain_plan(seed, needed(fault)), fault) for seed in range(_MOST_TRIED))
    plain = list(islice((trial for trial in tried if not trial.is_void), _PER_FAULT))
    drawn = [try_form(draw(seed), fault) for seed in range(_PER_FAULT)]
    assert len(plain) == _PER_FAULT, "too few forms have a place for the fault"
    _pass([*plain, *drawn])


@pytest.mark.parametrize("failure", known_failures(), ids=lambda failure: failure.name)
def test_what_failed_once(failure: KnownFailure) -> None:
    _pass([try_form(failure.plan, failure.fault)])
