"""Findings beside a judgement: which stand, which are tolerable, which accuse a department falsely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity
from tests.published.judgements import cells_of, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.rounds import ReportedFinding
    from tests.published.judgements import Expected, Judgement

_RETURNING = {Severity.BLOCKING, Severity.ERROR}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of one form by what an auditor makes of them, and what the auditor found beside them.

    `excerpt` holds those that only come from a page that ends early: they count neither way.
    """

    standing: tuple[ReportedFinding, ...]
    tolerable: tuple[ReportedFinding, ...]
    excerpt: tuple[ReportedFinding, ...]
    wrong: tuple[ReportedFinding, ...]
    found: tuple[Expected, ...]
    missing: tuple[Expected, ...]


def judge(judgement: Judgement, findings: Sequence[ReportedFinding]) -> Verdict:
    """Sort the findings of one form, each where it first fits; one said twice is wrong the second time."""
    sorted_: dict[str, list[ReportedFinding]] = {"must": [], "may": [], "excerpt": [], "wrong": []}
    said: set[tuple[str, str, str]] = set()
    for finding in findings:
        key = (finding.code, finding.cell, finding.label)
        sorted_["wrong" if key in said else _class_of(finding, judgement)].append(finding)
        said.add(key)
    unfound = tuple(each for each in judgement.must if not _is_found(each, findings))
    return Verdict(
        standing=tuple(sorted_["must"]),
        tolerable=tuple(sorted_["may"]),
        excerpt=tuple(sorted_["excerpt"]),
        wrong=tuple(sorted_["wrong"]),
        found=tuple(each for each in judgement.must if each not in unfound),
        missing=unfound,
    )


def is_error(finding: ReportedFinding) -> bool:
    """Whether it sends the form back."""
    return finding.severity in _RETURNING


def _class_of(finding: ReportedFinding, judgement: Judgement) -> str:
    """The first list that knows it; wrong where it stands for a cell that no list allows."""
    lists = {"must": judgement.must, "may": judgement.may, "excerpt": judgement.excerpt}
    allowed = {
        name: frozenset().union(*(each.allows(finding) for each in own)) for name, own in lists.items()
    }
    if cells_of(finding) - frozenset[str]().union(*allowed.values()):
        return "wrong"
    return next(name for name, cells in allowed.items() if cells)


def _is_found(expected: Expected, findings: Sequence[ReportedFinding]) -> bool:
    covered = [expected.covers(each) for each in findings if expected.is_said_by(each)]
    rows = {row_of(cell) for cells in covered for cell in cells}
    return bool(covered) and rows.issuperset(expected.rows)
