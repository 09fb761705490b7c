"""The internal execution appraisal: annual rates of a department's divisions from those of its periods."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, show
from jixiao.domain.supplements import Appraisal, DivisionRate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from jixiao.domain.submissions import Line, Submission
    from jixiao.domain.supplements import AppraisalRule

_TOTAL = "total"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def appraise(submission: Submission, rule: AppraisalRule) -> Appraisal:
    """Annual rate = sum of period rate × weight, rounded half-up; divisions of one rate share a rank.

    A division without one of the rates, or with one that no execution can have, has neither annual rate nor
    rank: what is not known is not nought.
    """
    lines = [each for each in submission.lines if each.table == rule.table and each.item != _TOTAL]
    annual = [_annual_rate(line, rule) for line in lines]
    known = [rate for rate in annual if rate is not None]
    divisions = tuple(
        DivisionRate(
            line=line,
            annual=rate,
            rank=None if rate is None else 1 + sum(other > rate for other in known),
            printed_rank=_printed_rank(line, rule),
            missing=tuple(column for column in rule.weights if _rate(line, column) is None),
            derivation=_derive(line, rate, rule),
        )
        for line, rate in zip(lines, annual, strict=True)
    )
    return Appraisal(submission, divisions)


def _annual_rate(line: Line, rule: AppraisalRule) -> Decimal | None:
    parts = _parts(line, rule)
    if any(rate is None for rate, _ in parts):
        return None
    return round_half_up(
        sum((rate * weight for rate, weight in parts if rate is not None), ZERO), rule.places
    )


def _parts(line: Line, rule: AppraisalRule) -> Sequence[tuple[Decimal | None, Decimal]]:
    return [(_rate(line, column), weight) for column, weight in rule.weights.items()]


def _rate(line: Line, column: str) -> Decimal | None:
    """A period's rate; None where it is not known, or lies outside 0 and 100 and so is another figure."""
    rate = line.value(column)
    return rate if rate is not None and ZERO <= rate <= HUNDRED else None


def _printed_rank(line: Line, rule: AppraisalRule) -> int | None:
    """The one whole number that the cell holds: 3, or 第3名."""
    entry = line.entries.get(rule.rank)
    numbers = _NUMBER.findall(entry.text) if entry else []
    return int(numbers[0]) if len(numbers) == 1 and numbers[0].isdecimal() else None


def _derive(line: Line, rate: Decimal | None, rule: AppraisalRule) -> str:
    """One line with the figures: 80.00% × 0.1 + 90.00% × 0.9 = 89.00%."""
    if rate is None:
        return ""
    terms = (f"{show(each)}% × {plain(weight)}" for each, weight in _parts(line, rule) if each is not None)
    return f"{' + '.join(terms)} = {show(rate)}%"
