"""The composite that a department printed itself, and the projects it lists without a form of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.audit.form.scores import GRADE_OFF
from jixiao.audit.names import match_names
from jixiao.audit.subject import SIMILAR_NAME, report
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, rounding_slack, show
from jixiao.domain.findings import declare
from jixiao.domain.forms import Scope, TableKind
from jixiao.domain.text_keys import printed_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite, CompositeItem, ScoreCard
    from jixiao.domain.submissions import Line, Submission

COMPOSITE_OFF = declare("X107", "reported", "expected")
PROJECT_WITHOUT_FORM = declare("P108", "label", "reported")


_TOTAL = "total"
_OWN_SHARE, _CARRYOVER = "overall", "carryover"
_SCORE_SLACK = Decimal("0.01")
"""A product of a score and a share that are both rounded to two decimals may be off by so much."""


def check_composite_table(
    cards: Sequence[ScoreCard], scheme: Scheme, composite: Composite | None
) -> Iterator[Finding]:
    """X107 and X104 (scheme's composite): the printed table has the forms' funds and scores, and adds up.

    A score may be the self score or the accepted one. Where a row is off, the printed total is so as well,
    and nothing is said of it.
    """
    rule = scheme.composite
    form, _, table = rule.table.partition(":") if rule else ("", "", "")
    tables = [card.submission for card in cards if card.submission.form == form]
    if composite is None or len(tables) != 1:
        return
    checker = _Checker(tables[0], scheme.form(form).table(table), composite, cards)
    found = [finding for row in checker.rows() for finding in checker.check_row(row)]
    yield from found
    if not any(finding.code == COMPOSITE_OFF.code for finding in found):
        yield from checker.check_total()
    yield from checker.check_grade(scheme)


@dataclass(frozen=True, slots=True)
class _PrintedRow:
    """A row of the table with the item it is for; `exact`: it has the very name of the project form.

    What the whole department is called in such a table is anybody's choice.
    """

    line: Line
    item: CompositeItem
    exact: bool


@dataclass(frozen=True, slots=True)
class _Checker:
    """Compares one printed table with one composite."""

    form: Submission
    table: TableLayout
    composite: Composite
    cards: Sequence[ScoreCard]

    def rows(self) -> tuple[_PrintedRow, ...]:
        """The rows of items that have a form: by name, else by funds that no other row has."""
        lines = {printed_name(each.label): each for each in reversed(self._lines()) if each.item != _TOTAL}
        items = {each.item: each for each in self.composite.items if each.kind in {"overall", "project"}}
        matches = match_names(items, lines)
        rows = {
            name: _PrintedRow(lines[match.name], items[name], match.exact)
            for name, match in matches.items()
            if match
        }
        taken = {id(row.line) for row in rows.values()}
        free = [line for line in lines.values() if id(line) not in taken]
        for name, item in items.items():
            same = [line for line in free if line.value("funds") == item.funds]
            if name not in rows and len(same) == 1:
                rows[name] = _PrintedRow(same[0], item, exact=True)
        return tuple(rows.values())

    def check_row(self, row: _PrintedRow) -> Iterator[Finding]:
        """Name, funds, score, share and weighted score of one row."""
        assumed = () if row.exact else (say("按相近的名称“{item}”对应", item=row.item.item),)
        for finding in self._check_figures(row):
            yield replace(finding, assumed=assumed)

    def _check_figures(self, row: _PrintedRow) -> Iterator[Finding]:
        if not row.exact and row.item.kind != _OWN_SHARE:
            yield self._rename(row)
        if self._differs(row, "funds", (row.item.funds,), _SCORE_SLACK):
            yield self._off(row.line, "funds", row.item.funds)
            return
        yield from self._check_score(row)
        if self._differs(row, "share", (row.item.share_percent,), self._share_slack()):
            yield self._off(row.line, "share", row.item.share_percent)
        elif self._differs(row, "weighted", tuple(self._products(row)), _SCORE_SLACK):
            yield self._off(row.line, "weighted", row.item.weighted_score or ZERO)

    def check_total(self) -> Iterator[Finding]:
        """The printed composite."""
        line = self.form.line(self.table.name, _TOTAL)
        printed = line.value("weighted") if line else None
        score = self.composite.score
        if line is None or printed is None or score is None:
            return
        if abs(printed - score) > rounding_slack(len(self.composite.items)):
            yield self._off(line, "weighted", score)

    def check_grade(self, scheme: Scheme) -> Iterator[Finding]:
        """S107 (scheme's cut-offs): the grade beside the table fits the composite that it prints itself."""
        entry, line = self.form.fields.get("grade"), self.form.line(self.table.name, _TOTAL)
        printed = line.value("weighted") if line else None
        named = next((each.self_grade for each in self.cards if each.submission is self.form), "")
        if entry is None or printed is None or not named:
            return
        earned = scheme.grade_of(round_half_up(printed, scheme.score_places))
        if named != earned:
            label = next(each.title for each in scheme.form(self.form.form).fields if each.name == "grade")
            figures = {"reported": entry.text, "expected": earned, "score": show(printed)}
            cells = (line.entries.get("weighted"),) if line else ()
            yield report(self.form, GRADE_OFF, entry.ref, label, evidence=cells, **figures)

    def _check_score(self, row: _PrintedRow) -> Iterator[Finding]:
        wanted = tuple(each for each in (row.item.score, self._self_score(row.item)) if each is not None)
        if wanted and self._differs(row, "score", wanted, ZERO):
            yield self._off(row.line, "score", wanted[-1])

    def _self_score(self, item: CompositeItem) -> Decimal | None:
        """What the form itself prints as its total."""
        scope = Scope.OVERALL if item.kind == _OWN_SHARE else Scope.PROJECT
        for card in self.cards:
            own = card.submission.scope is scope
            if own and (scope is Scope.OVERALL or card.submission.subject_name == item.item):
                return card.total.self_score
        return None

    def _products(self, row: _PrintedRow) -> Iterator[Decimal]:
        """The score by its share; the whole department's also by the shares that count for it."""
        score, share = row.line.value("score"), row.line.value("share")
        if row.item.weighted_score is not None:
            yield row.item.weighted_score
        if score is None or share is None:
            return
        rest = sum((each.share_percent for each in self.composite.items if each.kind == _CARRYOVER), ZERO)
        yield score * share / HUNDRED
        if row.item.kind == _OWN_SHARE:
            yield score * (share + rest) / HUNDRED

    def _share_slack(self) -> Decimal:
        """The residual to 100 may have been put on any one row."""
        return rounding_slack(len(self._lines()))

    def _lines(self) -> list[Line]:
        return [line for line in self.form.lines if line.table == self.table.name]

    def _differs(self, row: _PrintedRow, column: str, wanted: tuple[Decimal, ...], slack: Decimal) -> bool:
        printed = row.line.value(column)
        return printed is not None and bool(wanted) and all(abs(printed - each) > slack for each in wanted)

    def _rename(self, row: _PrintedRow) -> Finding:
        name = printed_name(row.line.label)
        figures = {"reported": name, "other": row.item.item, "source": say("自评表")}
        return report(self.form, SIMILAR_NAME, row.line.cell("item"), name, evidence=(), **figures)

    def _off(self, line: Line, column: str, expected: Decimal) -> Finding:
        entry = line.entries[column]
        label = f"{printed_name(line.label)}·{self.table.column(column).title}"
        reported = show(entry.value or ZERO)
        others = [cell for name, cell in line.entries.items() if name != column]
        figures = {"reported": reported, "expected": show(expected)}
        return report(self.form, COMPOSITE_OFF, entry.ref, label, evidence=others, **figures)


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
            yield report(form, PROJECT_WITHOUT_FORM, line.ref, name, evidence=cells, reported=shown)
