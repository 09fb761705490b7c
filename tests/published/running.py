"""One published form as a round of its own: read and evaluated in this process by the national scheme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.pipeline.checking import evaluate_results
from tests.builders.readings import national, reader
from tests.published.judgements import WORKBOOKS

if TYPE_CHECKING:
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.submissions import Submission
    from tests.published.judgements import Judgement


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the program made of one form: the submissions, and the findings above info."""

    submissions: tuple[Submission, ...]
    findings: tuple[ReportedFinding, ...]


@cache
def run(name: str, workbook: str, year: int) -> Outcome:
    """Evaluate one workbook as a round; the file's name is what a department might send."""
    result = reader().read(WORKBOOKS / workbook, workbook)
    evaluation = evaluate_results(Round(name, year, national()), [result])
    grave = (each for each in evaluation.findings if each.severity is not Severity.INFO)
    return Outcome(evaluation.submissions, tuple(grave))


def outcome_of(judgement: Judgement) -> Outcome:
    """Run the form that was judged."""
    return run(judgement.name, judgement.workbook, judgement.year)
