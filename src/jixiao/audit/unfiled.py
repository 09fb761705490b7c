"""Projects that a department lists with their money and sends no form of their own for: carry-over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.audit.names import match_names
from jixiao.domain.forms import Scope, TableKind

if TYPE_CHECKING:
    from collections.abc import Sequence

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
