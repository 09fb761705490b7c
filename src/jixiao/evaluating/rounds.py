"""A whole round: divided over its departments, each evaluated for itself, and put together again."""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from jixiao.consolidation.submissions import explain_outcomes, told
from jixiao.domain.followups import Followup
from jixiao.domain.rounds import Evaluation
from jixiao.evaluating.briefs import divide, tell_folders
from jixiao.evaluating.departments import evaluate_prepared, prepare_department, validate_prepared
from jixiao.evaluating.examination import Settlement
from jixiao.evaluating.followups import tell_idle
from jixiao.evaluating.reports import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.findings import Wording
    from jixiao.domain.followups import Excuse
    from jixiao.domain.rounds import ReportedFinding, Round
    from jixiao.evaluating.briefs import Division
    from jixiao.evaluating.files import FileResult


def evaluate_round(
    round_: Round, results: Sequence[FileResult], wordings: Mapping[str, Wording]
) -> Evaluation:
    """Evaluate everything that was read, in this process; a mistake of ours is raised."""
    division = divide(round_, results)
    files = {result.file: result for result in results}
    prepared = [
        prepare_department(brief, [files[file] for file in brief.digests], round_)
        for brief in division.briefs
    ]
    entered = validate_prepared(prepared, round_)
    parts = [
        evaluate_prepared(each, found, round_, wordings)
        for each, found in zip(prepared, entered, strict=True)
    ]
    return unite(round_, division, parts, wordings)


def unite(
    round_: Round, division: Division, parts: Sequence[Evaluation], wordings: Mapping[str, Wording]
) -> Evaluation:
    """The round's evaluation out of its departments', which stand in the order of the briefs."""
    idle = report_idle([each for part in parts for each in part.idle], round_, wordings)
    own = (*report_round(division, round_, wordings), *idle)
    reported = sorted(
        chain(own, *(part.findings for part in parts)),
        key=lambda finding: (finding.severity.rank, finding.department),
    )
    return Evaluation(
        round=round_,
        submissions=_all(parts, "submissions"),
        statuses={name: status for part in parts for name, status in part.statuses.items()},
        outcomes=tuple(explain_outcomes(division.outcomes, told(reported))),
        cards=_all(parts, "cards"),
        composites=_all(parts, "composites"),
        findings=tuple(reported),
        sha256=division.sha256,
        filings=_all(parts, "filings"),
        reconciliations=_all(parts, "reconciliations"),
        appraisals=_all(parts, "appraisals"),
        surveys=_all(parts, "surveys"),
        measures=_all(parts, "measures"),
        replies=_all(parts, "replies"),
        signals=_all(parts, "signals"),
        unfiled={name: lines for part in parts for name, lines in part.unfiled.items()},
        followup=Followup(
            {name: gone for part in parts for name, gone in part.followup.closed.items()},
            {name: each for part in parts for name, each in part.followup.progress.items()},
            {name: seen for part in parts for name, seen in part.followup.seen.items()},
            {name: rows for part in parts for name, rows in part.followup.years.items()},
        ),
    )


def outline(round_: Round, division: Division, wordings: Mapping[str, Wording]) -> Evaluation:
    """A round without what its departments' evaluations give.

    It has its forms, light, and what concerns none of its departments; outcomes have no reasons yet where a
    finding has them.
    """
    return Evaluation(
        round=round_,
        submissions=tuple(chain.from_iterable(brief.forms for brief in division.briefs)),
        statuses={},
        outcomes=division.outcomes,
        cards=(),
        composites=(),
        findings=report_round(division, round_, wordings),
        sha256=division.sha256,
    )


def _all(parts: Iterable[Evaluation], name: str) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(map(attrgetter(name), parts)))


def report_round(
    division: Division, round_: Round, wordings: Mapping[str, Wording]
) -> tuple[ReportedFinding, ...]:
    """What concerns no department: files of which nobody knows whose they are, the round's own lists."""
    judged = Settlement(round_.scheme, wordings).settle(tell_folders(division.findings))
    return Reporter(wordings, ()).report(judged)


def report_idle(
    excuses: Iterable[Excuse], round_: Round, wordings: Mapping[str, Wording]
) -> tuple[ReportedFinding, ...]:
    """What only all departments' evaluations tell of the round's own lists: waivers that match nothing."""
    judged = Settlement(round_.scheme, wordings).settle(tell_idle(excuses))
    return Reporter(wordings, ()).report(judged)
