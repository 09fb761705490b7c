"""Forms read in the unit that their figures tell, with what is said about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.audit.department.agreements import ACCOUNTS, has_own_unit
from jixiao.audit.department.units import find_misprints
from jixiao.audit.subject import report
from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.findings import Declaration, declare
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import Basis, Inference
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.audit.department.units import Misprint
    from jixiao.domain.accounts import Accounts
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Submission

UNIT_SETTLED = declare("V117", "others", "times", "unit", "declared")
UNIT_OPEN = declare("V118", "others", "times", "declared")

_TIMES = {
    1: say("十倍"),
    2: say("一百倍"),
    3: say("一千倍"),
    4: say("一万倍"),
    5: say("十万倍"),
    6: say("一百万倍"),
    8: say("一亿倍"),
}
"""How far two units of money are apart, by the power of ten."""
_CERTAINTY = 90
_ACCOUNTS = say("账面数")


def settle_units(
    submissions: Sequence[Submission], scheme: Scheme, accounts: Accounts | None, names: Collection[str]
) -> tuple[tuple[Submission, ...], tuple[Finding, ...]]:
    """One department's forms with their amounts in the units that the figures tell, and what to say of it.

    V117 once for a form read in another unit than it says; V118 once where either of two sides may be off:
    then all is left as it was read. `names` are the department's own in the accounts.
    """
    forms = {each.submission_id: each for each in submissions}
    findings: list[Finding] = []
    for misprint in find_misprints(submissions, scheme, accounts, names):
        sheets = _sheets(misprint, submissions)
        for name in dict.fromkeys(block.form for block in sorted(misprint.units)):
            settled = _Settled(forms[name], misprint, scheme.form(forms[name].form), sheets)
            if not misprint.is_open:
                findings.append(settled.finding(UNIT_SETTLED))
                forms[name] = settled.read()
                continue
            if not findings or findings[-1].code != UNIT_OPEN.code:
                findings.append(settled.finding(UNIT_OPEN))
            forms[name] = settled.doubt()
    return tuple(forms.values()), tuple(findings)


def _sheets(misprint: Misprint, submissions: Sequence[Submission]) -> str:
    """What told it: 《项目支出明细》、账面数; blocks of the same form by its own name."""
    own = {block.form for block in misprint.units}
    told = {block.form for block in misprint.others}
    names = [
        say("《{sheet}》", sheet=each.sheet)
        for each in submissions
        if each.submission_id in (told - own or told)
    ]
    return say("、").join(dict.fromkeys([*names, *([_ACCOUNTS] if ACCOUNTS in misprint.others else [])]))


@dataclass(frozen=True, slots=True)
class _Settled:
    """A form with what was found out about its units."""

    form: Submission
    misprint: Misprint
    layout: FormLayout
    sheets: str

    @property
    def _own(self) -> Mapping[str, MoneyUnit]:
        """The true unit of each of the form's blocks."""
        units = self.misprint.units.items()
        return {block.table: unit for block, unit in units if block.form == self.form.submission_id}

    @property
    def _is_whole(self) -> bool:
        """Whether it is about all tables of the form that have rows."""
        return self._own.keys() >= {line.table for line in self.form.lines}

    @property
    def _place(self) -> CellRef | None:
        """The title of the form, or the first row of its block."""
        rows = (line.ref for line in self.form.lines if line.table in self._own)
        return self.form.title if self._is_whole else next(rows, self.form.title)

    @property
    def _times(self) -> str:
        return _TIMES[abs(self.misprint.factor.adjusted())]

    def finding(self, kind: Declaration) -> Finding:
        """What a person has to look at."""
        table, true = next(iter(self._own.items()))
        printed = (each for each in MoneyUnit if self._is_true(each, true))
        # The factor of an open case is that of one of its two sides only.
        declared = self.form.unit_of(table, "", "") if self.misprint.is_open else next(printed)
        refs: set[CellRef] = set().union(*(each.refs for each in self.misprint.told))
        cells = sorted(refs, key=lambda ref: (ref.file, ref.sheet, ref.row, ref.column))
        return report(
            self.form,
            kind,
            self._place,
            say("金额"),
            evidence=cells,
            others=self.sheets,
            times=self._times,
            declared=declared.value,
            **({"unit": true.value} if kind is UNIT_SETTLED else {}),
        )

    def read(self) -> Submission:
        """The form in its true unit."""
        lines = tuple(
            replace(line, entries=self._entries(line.table, line.item, line.entries))
            for line in self.form.lines
        )
        fields = self._entries("", "", self.form.fields)
        told = self._infer(
            say("与{sheets}的金额相差正好{times}", sheets=self.sheets, times=self._times), self._own
        )
        return replace(
            self.form,
            lines=lines,
            fields=fields,
            units=self._units(),
            inferences=(*self.form.inferences, *told),
        )

    def doubt(self) -> Submission:
        """The form as it was read, with the doubt that lies on it."""
        declared = {table: self.form.unit_of(table, "", "") for table in self._own}
        told = self._infer(
            say("单位待核对，与{sheets}的金额相差正好{times}", sheets=self.sheets, times=self._times),
            declared,
        )
        return replace(self.form, inferences=(*self.form.inferences, *told))

    def _infer(self, reason: str, units: Mapping[str, MoneyUnit]) -> Iterator[Inference]:
        """For the whole form, or for each of its tables and each amount beside a label."""
        fields = [each.name for each in self.layout.fields if each.kind is ValueKind.AMOUNT and "" in units]
        names = [*filter(None, units), *fields]
        unit, place = next(iter(units.values())).value, self._place
        for name in [""] if self._is_whole else names:
            if place is not None:
                yield Inference(Basis.UNIT, place, "", name, unit, reason, _CERTAINTY)

    def _entries(self, table: str, item: str, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        amounts = self._amounts(table) if table in self._own else frozenset[str]()
        return {
            name: _scaled(entry, self.misprint.factor)
            if name in amounts
            and not has_own_unit(entry)
            and self._is_true(self.form.unit_of(table, item, name), self._own[table])
            else entry
            for name, entry in entries.items()
        }

    def _amounts(self, table: str) -> frozenset[str]:
        columns = self.layout.table(table).columns if table else self.layout.fields
        return frozenset(each.name for each in columns if each.kind is ValueKind.AMOUNT)

    def _is_true(self, unit: MoneyUnit, true: MoneyUnit) -> bool:
        """Whether the true unit is what figures in a unit become."""
        return unit.in_wan * self.misprint.factor == true.in_wan

    def _units(self) -> dict[str, MoneyUnit]:
        own = self._own
        units = {table: self.form.unit_of(table, "", "") for table in own} | dict(self.form.units)
        return {
            key: own[table]
            if (table := key.partition(".")[0]) in own and self._is_true(unit, own[table])
            else unit
            for key, unit in units.items()
        }


def _scaled(entry: Entry, factor: Decimal) -> Entry:
    value, step = (None if each is None else each * factor for each in (entry.value, entry.step))
    return replace(entry, value=value, step=step)
