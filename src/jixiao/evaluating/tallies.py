"""What a department's forms hold, counted as they were read: what its rows are held against once written.

Nothing here asks the modules that make tables and sheets: a row that one of these loses is missed here.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.controls import (
    AMOUNTS,
    DEPARTMENTS,
    FIGURES,
    FIGURES_SUM,
    FINDINGS,
    FUNDS,
    INDICATORS,
    LINES,
    MONEY,
    PROJECTS,
    SHOWN,
    SHOWN_FINDINGS,
    SHOWN_INDICATORS,
    SHOWN_LINES,
    Count,
    funds_control,
    line_control,
    shown_control,
)
from jixiao.domain.amounts import ZERO, exact_sum, held
from jixiao.domain.forms import Scope, TableKind
from jixiao.domain.submissions import State
from jixiao.language import say
from jixiao.scoring.cards import is_expected, scored_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jixiao.consolidation.controls import Control, Tally
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Line, Submission

UNEVALUATED = say("程序出错未能审核的部门")
_NO_AMOUNTS = say("没有任何金额的行")
_NO_POINTS = say("没有分值和指标、不计分的表")
_WITHIN = say("已含在部门整体中的项目")
_SECOND = say("同一部门另外的整体表")
_ONE = Decimal(1)


def tally_department(
    read: Sequence[Submission],
    settled: Sequence[Submission] | None,
    superseded: Collection[str],
    findings: int,
    scheme: Scheme,
) -> Tally:
    """The counts of one department.

    `read` are its forms as their files gave them, `settled` the same in their true units, None where it could
    not be evaluated; of `superseded` ones a newer one counts.
    """
    counting = _Counting(scheme)
    counting.add(DEPARTMENTS, _ONE, _ONE, "")
    for control in (FINDINGS, SHOWN_FINDINGS):
        counting.add(control, Decimal(findings), Decimal(findings), "")
    true = {each.submission_id: each for each in settled or ()}
    for form in read:
        fate = _SUPERSEDED if form.submission_id in superseded else "" if settled is not None else UNEVALUATED
        counting.form(form, true.get(form.submission_id, form), fate)
    counting.whole(read, true, superseded, evaluated=settled is not None)
    return counting.tally()


_SUPERSEDED = "superseded"


class _Counting:
    """Counts in the making."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._read: dict[str, list[Decimal]] = defaultdict(list)
        self._superseded: dict[str, list[Decimal]] = defaultdict(list)
        self._converted: dict[str, list[Decimal]] = defaultdict(list)
        self._left_out: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))

    def add(self, control: Control, read: Decimal | None, true: Decimal | None, fate: str) -> None:
        """A figure as read and in its true unit; `fate` says why it does not count, "" where it does."""
        key, read, true = control.key, read or ZERO, true or ZERO
        self._read[key].append(read)
        if fate == _SUPERSEDED:
            self._superseded[key].append(read)
        elif fate:
            self._left_out[key][fate].append(read)
        elif read != true:
            self._converted[key].append(exact_sum((true, read.copy_negate())))

    def form(self, form: Submission, true: Submission, fate: str) -> None:
        """Everything on one form."""
        layout = self._scheme.form(form.form)
        budgets = layout.budget_tables
        for line, settled in zip(form.lines, true.lines, strict=True):
            if line.table in budgets:
                self._line(line, settled, fate)
        for _ in form.indicators:
            unscored = "" if _is_scored(form, layout) else _NO_POINTS
            self.add(INDICATORS, _ONE, _ONE, fate or unscored)
            self.add(SHOWN_INDICATORS, _ONE, _ONE, fate or unscored)
        # Of every form all figures are kept, of superseded ones too: their table says which those are.
        left_out = UNEVALUATED if fate == UNEVALUATED else ""
        for entry, other in zip(_amounts(form, layout), _amounts(true, layout), strict=True):
            self.add(FIGURES, _ONE, _ONE, left_out)
            self.add(FIGURES_SUM, entry.value, other.value, left_out)

    def _line(self, line: Line, true: Line, fate: str) -> None:
        self.add(LINES, _ONE, _ONE, fate)
        for amount in AMOUNTS:
            self.add(line_control(amount), line.value(amount), true.value(amount), fate)
        blank = all(line.value(each) is None for each in (*SHOWN, "balance"))
        self.add(SHOWN_LINES, _ONE, _ONE, fate or (_NO_AMOUNTS if blank else ""))
        for amount in SHOWN:
            self.add(shown_control(amount), held(line.value(amount)), held(true.value(amount)), fate)

    def whole(
        self,
        read: Sequence[Submission],
        true: Mapping[str, Submission],
        superseded: Collection[str],
        *,
        evaluated: bool,
    ) -> None:
        """What the forms say of projects and of the department as a whole."""
        current = [each for each in read if each.submission_id not in superseded]
        scored = [each for each in current if _is_scored(each, self._scheme.form(each.form))]
        lead = self._lead(scored)
        for form in read:
            if form.scope not in {Scope.OVERALL, Scope.SCORING_TABLE, Scope.PROJECT}:
                continue
            fate = _SUPERSEDED if form.submission_id in superseded else "" if evaluated else UNEVALUATED
            fate = fate or ("" if form in scored else _NO_POINTS)
            settled = true.get(form.submission_id, form)
            self._funds(form, settled, fate or _beside(form, lead), "部门汇总")
            if form.scope is Scope.PROJECT:
                self.add(PROJECTS, _ONE, _ONE, fate)
                self._funds(form, settled, fate, "项目汇总")

    @staticmethod
    def _lead(scored: Sequence[Submission]) -> Submission | None:
        """The form that stands for the department; None where its projects do."""
        scopes = (Scope.OVERALL, Scope.SCORING_TABLE)
        return next((form for scope in scopes for form in scored if form.scope is scope), None)

    def _funds(self, form: Submission, true: Submission, fate: str, place: str) -> None:
        layout = self._scheme.form(form.form)
        line, settled = scored_line(form, layout), scored_line(true, layout)
        for amount in FUNDS:
            read, then = (held(each.value(amount)) if each else None for each in (line, settled))
            self.add(funds_control(amount, place), read, then, fate)

    def tally(self) -> Tally:
        """All counts."""
        return {
            key: Count(
                exact_sum(read),
                exact_sum(self._superseded[key]),
                exact_sum(self._converted[key]),
                {reason: exact_sum(amounts) for reason, amounts in self._left_out[key].items()},
            )
            for key, read in self._read.items()
        }


def _beside(form: Submission, lead: Submission | None) -> str:
    """Why a form's money is not the department's: another form says it."""
    if lead is None or form is lead:
        return ""
    return _WITHIN if form.scope is Scope.PROJECT else _SECOND


def _is_scored(form: Submission, layout: FormLayout) -> bool:
    """Whether there is anything to score on a form: a line with points, a place for them, an indicator."""
    if form.scope is Scope.SUPPORT:
        return False
    points = scored_line(form, layout) is not None or is_expected(layout)
    return points or any(not each.detail for each in form.indicators)


def _amounts(form: Submission, layout: FormLayout) -> Iterator[Entry]:
    """Every amount of money on a form, wherever it stands."""
    fields = {each.name for each in layout.fields if each.figure_unit == MONEY}
    columns = {
        (table.name, each.name)
        for table in layout.tables
        for each in table.columns
        if each.figure_unit == MONEY
    }
    for name, entry in form.fields.items():
        if name in fields and entry.state is State.NUMBER:
            yield entry
    for line in form.lines:
        for name, entry in line.entries.items():
            if (line.table, name) in columns and entry.state is State.NUMBER:
                yield entry
    tables = [table.name for table in layout.tables if table.kind is TableKind.INDICATORS]
    for name, entry in form.total.items():
        if any((table, name) in columns for table in tables) and entry.state is State.NUMBER:
            yield entry
