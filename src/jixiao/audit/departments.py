"""Across the forms of one department: names that differ, money that does not fit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jixiao.audit.subject import report
from jixiao.domain.addresses import Address
from jixiao.domain.amounts import ZERO, rounding_slack, show
from jixiao.domain.forms import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Submission
    from jixiao.domain.scheme import Scheme


def check_names(submissions: Sequence[Submission], _scheme: Scheme) -> Iterator[Finding]:
    """X102: one department goes by one name, that of its overall form, else the most common one."""
    names = Counter(each.department for each in submissions if each.department)
    own = next(
        (each.department for each in submissions if each.scope is Scope.OVERALL and each.department), ""
    )
    usual = own or next((name for name, _ in names.most_common(1)), "")
    for submission in submissions:
        if submission.department not in {"", usual}:
            entry = submission.fields.get("department")
            yield report(
                submission,
                "X102",
                entry.ref if entry else None,
                submission.subject_name,
                evidence=(),
                reported=submission.department,
                expected=usual,
                other=usual,
            )


def check_project_money(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """X103 (scheme's composite): basic expenditure and the projects' money fit into the overall form's total.

    Figures that are not known count as nothing: what is known already exceeds the total.
    """
    rule = scheme.composite
    overall = [each for each in submissions if each.scope is Scope.OVERALL]
    projects = [each for each in submissions if each.scope is Scope.PROJECT]
    if rule is None or len(overall) != 1:
        return
    address, project = Address.parse(rule.whole), Address.parse(rule.project_funds)
    whole = address.entry(overall[0])
    figures = (
        Address.parse(rule.overall_funds).value(overall[0]),
        *(project.value(each) for each in projects),
    )
    known = [figure for figure in figures if figure is not None]
    total = sum(known, ZERO)
    if whole is None or whole.value is None or total <= whole.value + rounding_slack(len(known)):
        return
    yield report(
        overall[0],
        "X103",
        whole.ref,
        address.title(scheme.form(overall[0].form)),
        evidence=(
            Address.parse(rule.overall_funds).entry(overall[0]),
            *(project.entry(each) for each in projects),
        ),
        reported=show(whole.value),
        expected=show(total),
        sum=show(total),
        gap=show(total - whole.value),
    )
