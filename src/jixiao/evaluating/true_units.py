"""A round's forms in their true units of money, department by department."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from jixiao.audit.department.unit_readings import settle_units
from jixiao.audit.names import compact_name

if TYPE_CHECKING:
    from jixiao.domain.rounds import Round
    from jixiao.domain.submissions import Submission
    from jixiao.evaluating.attribution import Attribution


def settle(attribution: Attribution, round_: Round) -> Attribution:
    """The attribution with every department's forms read in the units that their figures tell (V117, V118).

    Superseded forms stay as they were read.
    """
    findings = list(attribution.findings)
    read: dict[str, Submission] = {}
    for department, own in groupby(attribution.current, key=lambda each: each.department):
        settled, found = settle_units(tuple(own), round_.scheme, round_.accounts, _names(department, round_))
        read.update((each.submission_id, each) for each in settled)
        findings += found
    submissions = tuple(read.get(each.submission_id, each) for each in attribution.submissions)
    return replace(attribution, submissions=submissions, findings=tuple(findings))


def _names(department: str, round_: Round) -> frozenset[str]:
    """What a department may be called in the accounts."""
    entries = round_.roster.entries if round_.roster else ()
    aliases = [name for each in entries if each.department == department for name in each.aliases]
    return frozenset(map(compact_name, (department, *aliases)))
