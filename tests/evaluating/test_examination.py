from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.rounds import Round
from jixiao.domain.submissions import addressed, put_figures
from jixiao.evaluating.examination import Rehearsal, examine
from jixiao.schemas.entries import validate_entries
from tests.builders import audits, scoring_tables
from tests.builders.worked import worked_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

YEAR = 2024
FIGURES = ("0", "1", "9.55", "10", "100", "−3", "95.00%", "1,442.20", "99999", "没有")
TABLE = (scoring_tables.scoring_table(total="98"), scoring_tables.profile(fields={"total_score": "98"}))


def from_scratch(
    forms: Sequence[Submission], figures: dict[CellRef, str], scheme: Scheme
) -> tuple[Finding, ...]:
    """What validation and every check say of all forms with other figures in their cells."""
    put = [put_figures(each, figures) for each in forms]
    same = {new.submission_id for new, old in zip(put, forms, strict=True) if new is old}
    entered = [each for each in validate_entries(forms, YEAR, scheme) if each.subject in same]
    entered += validate_entries([each for each in put if each.submission_id not in same], YEAR, scheme)
    return (*entered, *examine(put, scheme, frozenset(figures)).findings)


@pytest.mark.parametrize(
    ("forms", "scheme"), [(worked_forms(), audits.SCHEME), (TABLE, scoring_tables.SCHEME)]
)
def test_what_is_remembered_of_forms_is_what_a_whole_audit_says(
    forms: tuple[Submission, ...], scheme: Scheme
) -> None:
    """One rehearsal is asked for figure after figure, as corrections do: put, kept, put back."""
    chance = random.Random(7)  # noqa: S311 no secret
    entered, examined = validate_entries(forms, YEAR, scheme), examine(forms, scheme)
    rehearsal = Rehearsal(forms, Round("批次", YEAR, scheme), entered, examined)
    cells = [sorted({entry.ref for entry in addressed(form).values()}) for form in forms]
    figures: dict[CellRef, str] = {}
    told: set[int] = set()
    for _ in range(12):
        figures[chance.choice(chance.choice(cells))] = chance.choice(FIGURES)
        if len(figures) > chance.randint(1, 5):
            del figures[chance.choice(list(figures))]
        found = rehearsal.findings(figures)
        assert found == from_scratch(forms, figures, scheme)
        told.add(len(found))
    assert len(told) > 1
    assert rehearsal.findings({}) == (*entered, *examined.findings)
