"""Findings beside a judgement: which stand, which are tolerable, which accuse a department falsely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.rounds import ReportedFinding
    from tests.published.judgements import Expected, Judgement

_CELL = re.compile(r"(?<![A-Z])[A-Z]{1,2}([1-9]\d{0,3})(?:\s*[:：—–至~-]+\s*[A-Z]{1,2}([1-9]\d{0,3}))?(?!\d)")
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
    lists = {"must": judgement.must, "may": judgement.may, "excerpt": judgement.excerpt}
    fits = (name for name, entries in lists.items() if any(each.allows(finding) for each in entries))
    return next(fits, "wrong")


def _is_found(expected: Expected, findings: Sequence[ReportedFinding]) -> bool:
    matching = [finding for finding in findings if expected.is_said_by(finding)]
    named = {row for finding in matching for row in _named_rows(finding)}
    return bool(matching) and named.issuperset(expected.rows)


def _named_rows(finding: ReportedFinding) -> Iterator[int]:
    """The rows of the sheet that a finding names, by its cell or in its sentences."""
    for match in _CELL.finditer(f"{finding.cell} {finding.message} {finding.suggestion}"):
        first = int(match[1])
        yield from range(first, int(match[2] or first) + 1)
