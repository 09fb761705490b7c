"""Projects that a department lists with their money and sends no form of their own for: carry-over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.names import match_names
from jixiao.audit.subject import printed_name, report
from jixiao.domain.amounts import ZERO, show
from jixiao.domain.forms import Scope, TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Line, Submission
    from jixiao.domain.scheme import Scheme

_TOTAL = "total"


def unfiled_projects(submissions: Sequence[Submission], scheme: Scheme) -> tuple[Line, ...]:
    """The rows of a department's list of projects that no project form's name means, in the list's order.

    A list is a budget table of details whose rows the department names. Nothing where there is not exactly
    one, and nothing for forms whose row can't be told.
    """
    lists = [
        [line for line in each.lines if line.table == table.name and line.item != _TOTAL]
        for each in submissions
        if each.scope is Scope.DETAIL
        for table in scheme.form(each.form).tables
        if table.kind is TableKind.LIST and table.budget
    ]
    if len(lists) != 1:
        return ()
    (rows,) = lists
    forms = [each.project for each in submissions if each.scope is Scope.PROJECT]
    matches = match_names(forms, [line.item for line in rows]).values()
    filed = {match.name for match in matches if match}
    return tuple(line for line in rows if line.item not in filed)


def check_unfiled(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """P108 (scheme's every_project_reports): a listed project with money of the year has a form of its own.

    Said to a department that sent such forms; without any, all of them are missing, and the roster says so.
    """
    filed = any(each.scope is Scope.PROJECT for each in submissions)
    if not (scheme.every_project_reports and filed):
        return
    forms = {each.file + each.sheet: each for each in submissions}
    for line in unfiled_projects(submissions, scheme):
        money = (line.value("annual_budget") or ZERO) - (line.value("carryover") or ZERO)
        if money > 0:
            form = forms[line.ref.file + line.ref.sheet]
            cells = (line.entries.get("annual_budget"), line.entries.get("carryover"))
            name, shown = printed_name(line.label), show(money)
            yield report(form, "P108", line.ref, name, evidence=cells, reported=shown)
