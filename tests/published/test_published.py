"""Every published form: read as printed, its findings the auditor's, no more and no less."""

from __future__ import annotations

import tomllib

import pytest

from tests.published.judgements import HERE, Judgement, opened
from tests.published.measure import measure

KNOWN_FAILURES: dict[str, str] = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))
"""Forms on which the program fails today, with what is wrong: to be emptied, never to be added to."""


@pytest.mark.parametrize("judgement", opened(), ids=lambda judgement: judgement.name)
def test_form_is_read_and_judged_as_an_auditor_would(judgement: Judgement) -> None:
    mistakes = measure(judgement).mistakes
    if judgement.name in KNOWN_FAILURES:
        assert mistakes, f"{judgement.name} is right now: strike it off known_failures.toml"
        pytest.xfail(KNOWN_FAILURES[judgement.name])
    assert mistakes == ()


def test_known_failures_are_forms_that_are_run() -> None:
    assert KNOWN_FAILURES.keys() <= {judgement.name for judgement in opened()}
