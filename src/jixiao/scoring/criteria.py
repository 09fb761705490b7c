"""Rows of a scoring table: which criterion of the scheme is for each, and what it gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.domain.criteria import Evidence
from jixiao.domain.quantities import Comparison, Verdict
from jixiao.domain.scores import Award, IndicatorScore
from jixiao.domain.text_keys import criterion_key
from jixiao.scoring.criterion_methods import CriterionCase, apply

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.criteria import Criterion
    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Indicator, Submission

_BRACKETED = re.compile(r"\([^()]*\)")
_SHARED = "几项合用一个分值，由人工判断"
_UNKNOWN = "方案没有这项指标的评分标准，由人工判断"


def score_rows(
    rows: Sequence[Indicator], scheme: Scheme, siblings: Iterable[Submission]
) -> tuple[IndicatorScore, ...]:
    """The rows that share one weight, each by its criterion; `siblings` are all forms of the department."""
    forms = tuple(siblings)
    return tuple(_score_row(row, scheme, forms, shared=len(rows) > 1) for row in rows)


def find_criterion(indicator: Indicator, criteria: Iterable[Criterion]) -> Criterion | None:
    """The one criterion for a row by its third-level name and, where names repeat, its second level."""
    name, level2 = criterion_key(indicator.level3), criterion_key(indicator.level2)
    for criterion in criteria:
        if name in map(criterion_key, criterion.labels) and criterion_key(criterion.level2) in {"", level2}:
            return criterion
    return None


def _score_row(
    row: Indicator, scheme: Scheme, siblings: Sequence[Submission], *, shared: bool
) -> IndicatorScore:
    criterion = find_criterion(row, scheme.criteria)
    if criterion is None:
        reason = _SHARED if shared else _UNKNOWN
        return _undecided(row, Award("", reason, places=scheme.score_places), None)
    operands = criterion.operands
    evidence = Evidence(
        criterion,
        _entry(operands.of if operands else None, siblings),
        _entry(operands.base if operands else None, siblings),
    )
    entry = row.entries.get("self_score")
    case = CriterionCase(
        evidence,
        _title(operands.of if operands else None, scheme),
        _title(operands.base if operands else None, scheme),
        scheme.score_places,
        entry.step if entry else None,
    )
    award = case.leave(obstacle) if (obstacle := _obstacle(row, criterion)) else apply(case)
    if award.score is None:
        return _undecided(row, award, evidence)
    verdict = Verdict.MET if award.score == criterion.weight else Verdict.MISSED
    return IndicatorScore(row, Comparison(verdict), award, evidence)


def _obstacle(row: Indicator, criterion: Criterion) -> str:
    """Why the criterion's points do not apply to the row; "" where they do."""
    if criterion.adjustable or row.weight == criterion.weight:
        return ""
    if row.weight is None:
        return "分值不明"
    return "分值与评分标准规定的不同"


def _undecided(row: Indicator, award: Award, evidence: Evidence | None) -> IndicatorScore:
    comparison = Comparison(Verdict.UNDETERMINED, reason=award.derivation)
    return IndicatorScore(row, comparison, award, evidence)


def _entry(address: FormAddress | None, siblings: Sequence[Submission]) -> Entry | None:
    return address.entry(siblings) if address else None


def _title(address: FormAddress | None, scheme: Scheme) -> str:
    """What the form calls a figure."""
    return address.address.title(scheme.form(address.form)) if address else ""
