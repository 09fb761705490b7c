"""Every drawn form of another place: read as printed, its findings the auditor's, no more and no less."""

from __future__ import annotations

import tomllib

import pytest

from tests.published.measure import measured
from tests.wild.drawn import HERE, Case, cases, outcome_of

KNOWN_FAILURES: dict[str, str] = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))
"""Forms on which the program fails today, with what is wrong: to be emptied."""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.judgement.name)
def test_form_is_read_and_judged_as_an_auditor_would(case: Case) -> None:
    mistakes = measured(case.judgement, outcome_of(case)).mistakes
    if case.judgement.name in KNOWN_FAILURES:
        assert mistakes, f"{case.judgement.name} is right now: strike it off known_failures.toml"
        pytest.xfail(KNOWN_FAILURES[case.judgement.name])
    assert mistakes == ()
