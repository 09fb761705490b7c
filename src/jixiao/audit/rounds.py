"""What a round as a whole shows: where most forms agree against its settings, the settings are in doubt.

One form of another year, one department without its overall form is a fault of whoever sent it. Where most
are so, the round holds other years, or collects no overall forms: that is said once, to whoever keeps it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jixiao.audit.subject import report
from jixiao.domain.findings import Finding, Place
from jixiao.domain.forms import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.forms import Submission
    from jixiao.domain.scheme import Scheme

_FEW = 3
"""Of fewer forms nobody can tell whether they or the round's year are wrong."""


def check_years(findings: Sequence[Finding], submissions: Sequence[Submission], year: int) -> list[Finding]:
    """X139 in place of X101 at every form, where most forms of the round are of other years than its own."""
    years = Counter(each.printed_year for each in submissions if each.printed_year is not None)
    others = {printed: count for printed, count in sorted(years.items()) if printed != year}
    strange = sum(others.values())
    if strange < _FEW or strange * 2 <= years.total():
        return list(findings)
    told = Finding(
        code="X139",
        place=Place(""),
        expected=str(year),
        figures={
            "year": str(year),
            "count": str(strange),
            "sum": str(years.total()),
            "parts": "、".join(f"{printed} 年 {count} 张" for printed, count in others.items()),
        },
    )
    return [*(each for each in findings if each.code != "X101"), told]


def check_overall_forms(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """P105 projects without the department's overall form; P113, once, where most departments send none."""
    wanted = next((form.title for form in scheme.forms if form.scope is Scope.OVERALL), "")
    overall = {each.department for each in submissions if each.scope is Scope.OVERALL}
    projects = {each.department: each for each in reversed(submissions) if each.scope is Scope.PROJECT}
    lacking = [department for department in sorted(projects) if department not in overall]
    if not wanted or not lacking:
        return
    if len(lacking) * 2 > len(projects):
        yield Finding(
            code="P113", place=Place(""), label=wanted, figures={"count": str(len(lacking)), "form": wanted}
        )
        return
    for department in lacking:
        yield report(projects[department], "P105", None, wanted, evidence=())
