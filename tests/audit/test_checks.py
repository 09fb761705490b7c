from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.audit.checks import DEPARTMENT_CHECKS, FORM_CHECKS, audit_department
from jixiao.scoring.cards import score
from tests.builders.audits import SCHEME, audit, marks, subject_of
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, with_funds, with_indicator, with_total
from tests.builders.worked import worked_forms

GOOD = good_project(PROJECT)
CELLS = st.sampled_from([None, "—", "#", "完成", "0", "-1", "1E+30", "100", "9.5555555555", "99999999999"])


def test_a_good_form_has_no_finding() -> None:
    assert audit(GOOD) == []


def test_every_check_opens_with_its_codes_and_their_source() -> None:
    unsourced = [
        check.__name__
        for check in (*FORM_CHECKS, *DEPARTMENT_CHECKS)
        if not re.match(r"[^\n]*[A-Z][0-9]{3}[^\n]*", check.__doc__ or "")
    ]
    assert unsourced == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, {("Q102", "C24"), *(("Q101", f"C{row}") for row in (21, 22, 26, 28, 29))}),
        (1, {("P102", "E11"), ("Q101", "C27")}),
        (2, {("Q101", f"C{row}") for row in (21, 22, 23, 24, 32)}),
        (3, {("P102", "E11"), ("Q101", "C21")}),
        (4, {("P102", "E11"), ("S111", "E25"), ("Q101", "C21"), ("Q101", "C23")}),
        (5, {("Q101", "C22"), ("Q101", "C27")}),
        (6, {("Q101", f"C{row}") for row in (23, 24, 25)}),
    ],
)
def test_the_worked_forms_have_doubts_and_no_error(number: int, expected: set[tuple[str, str]]) -> None:
    assert marks(worked_forms()[number]) == expected


def test_the_worked_department_fits_together() -> None:
    assert list(audit_department([subject_of(score(form, SCHEME)) for form in worked_forms()], SCHEME)) == []


def test_an_empty_form_is_no_crash() -> None:
    bare = replace(GOOD, lines=(), indicators=(), groups=(), total={}, fields={}, title=None)
    assert audit(bare) == []


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["annual_budget", "executed", "weight", "execution_rate", "self_score"]), CELLS
    ),
    st.tuples(CELLS, CELLS, CELLS),
    st.dictionaries(st.sampled_from(["weight", "self_score"]), CELLS),
)
def test_no_figure_whatever_makes_an_audit_crash(
    funds: dict[str, str | None],
    indicator: tuple[str | None, str | None, str | None],
    total: dict[str, str | None],
) -> None:
    weight, points, reason = indicator
    form = with_indicator(GOOD, 0, weight=weight, self_score=points, reason=reason)
    form = with_total(with_funds(form, "total", **funds), **total)
    assert all(finding.subject == GOOD.submission_id for finding in audit(form))
