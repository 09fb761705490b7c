"""Units of money told by the figures: what is one unit off everything that it has to agree with.

A form, or one block of it, is read in another unit where every figure that can be compared disagrees as it
was read and agrees in that unit: two different figures, or one of four digits. Where the other side may as
well be off, nothing is read otherwise and a person is asked. A mixture is no unit but errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.audit.arithmetic.equations import find_breach, printed_step
from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.audit.department.agreements import ACCOUNTS, Block, agreements_of, as_read, has_own_unit
from jixiao.audit.subject import report
from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.findings import Declaration, declare
from jixiao.domain.forms import IdentityKind, ValueKind
from jixiao.domain.submissions import Basis, Inference
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jixiao.audit.department.agreements import Agreement
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.references import Accounts
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Submission


_USUAL = frozenset({MoneyUnit.YUAN, MoneyUnit.WAN})
_FEW_FIGURES = 2
_MANY_DIGITS = 4
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Misprint:
    """Blocks of forms whose figures are printed in another unit than they say, by the agreements told so.

    `units` gives the true unit of each block; `open`: the other side may as well be the one that is off.
    """

    units: Mapping[Block, MoneyUnit]
    factor: Decimal
    """What the figures as read have to be multiplied by."""
    told: tuple[Agreement, ...]
    others: frozenset[Block] = frozenset()
    """What it was told by."""
    is_open: bool = False

    def multiplier(self, block: Block) -> Decimal:
        """What the figures of a block have to be multiplied by."""
        return self.factor if block in self.units else _ONE

    @property
    def is_usual(self) -> bool:
        """Whether departments print in that unit at all often."""
        return _USUAL.issuperset(self.units.values())


def find_misprints(
    submissions: Sequence[Submission], scheme: Scheme, accounts: Accounts | None, names: Collection[str]
) -> tuple[Misprint, ...]:
    """What is printed in another unit among one department's forms; `names` are its own in the accounts."""
    agreements = [each for each in agreements_of(submissions, scheme, accounts, names) if each.is_comparable]
    forms = {each.submission_id: each for each in submissions}
    steps = {name: printed_step(each, scheme.form(each.form)) for name, each in forms.items()}
    broken = [each for each in agreements if each.met(as_read, steps) is None]
    if not broken or not any(_is_far(each) for each in broken):
        return ()
    search = _Search(forms, scheme, steps, tuple(agreements), frozenset(map(id, broken)))
    return tuple(_choose(list(search.candidates())))


_FAR = 5


def _is_far(agreement: Agreement) -> bool:
    """Whether both sides are so far apart that a unit may be between them."""
    sums = [way.sums(as_read) for way in agreement.readings]
    return all(max(abs(one), abs(other)) >= _FAR * min(abs(one), abs(other)) for one, other in sums)


@dataclass(frozen=True, slots=True)
class _Search:
    """The agreements of a department, those that do not hold, and what its forms print."""

    forms: Mapping[str, Submission]
    scheme: Scheme
    steps: Mapping[str, Decimal]
    agreements: tuple[Agreement, ...]
    broken: frozenset[int]
    """The ids of those that do not hold."""

    def candidates(self) -> Iterator[Misprint]:
        """Every form or block that all its agreements say is off, and what else could be instead."""
        for target in self._targets():
            for unit in MoneyUnit:
                found = self._test(target, unit)
                if found is None:
                    continue
                if self._is_sound(found):
                    yield found
                mirror = self._mirror(found)
                if mirror and self._is_sound(mirror):
                    yield mirror

    def _targets(self) -> Iterator[frozenset[Block]]:
        """The whole of each form that a broken agreement concerns, then its single tables."""
        found = (each for each in self.agreements if id(each) in self.broken)
        concerned = dict.fromkeys(block for each in found for block in sorted(each.blocks))
        for form in dict.fromkeys(block.form for block in concerned if block != ACCOUNTS):
            yield frozenset(self._blocks(form))
        yield from (frozenset({block}) for block in concerned if block != ACCOUNTS and block.table)

    def _blocks(self, form: str) -> Iterator[Block]:
        layout = self.scheme.form(self.forms[form].form)
        yield Block(form, "")
        yield from (Block(form, table.name) for table in layout.tables)

    def _crossing(self, target: Collection[Block]) -> tuple[Agreement, ...]:
        """What a target has to agree with outside itself; nothing where some of it does agree."""
        own = frozenset(target)
        found = tuple(each for each in self.agreements if each.blocks & own and each.blocks - own)
        return found if all(id(each) in self.broken for each in found) else ()

    def _test(self, target: frozenset[Block], unit: MoneyUnit) -> Misprint | None:
        """The target in another unit, where everything that it has to agree with then agrees."""
        crossing = self._crossing(target)
        units = {each.unit for one in crossing for each in one.members if each.block in target}
        if len(units) != 1 or unit in units:
            return None
        factor = unit.in_wan / units.pop().in_wan
        return self._if_met(Misprint(dict.fromkeys(target, unit), factor, crossing))

    def _if_met(self, misprint: Misprint) -> Misprint | None:
        """The misprint with what it was told by, where it mends all its agreements and these suffice."""
        steps = {
            form: step * (misprint.factor if any(each.form == form for each in misprint.units) else _ONE)
            for form, step in self.steps.items()
        }
        met = [each.met(misprint.multiplier, steps) for each in misprint.told]
        values = {
            abs(way.sums(as_read)[0]).normalize() for way in met if way is not None and all(way.sums(as_read))
        }
        digits = max((len(value.as_tuple().digits) for value in values), default=0)
        enough = len(values) >= _FEW_FIGURES or (digits >= _MANY_DIGITS and misprint.is_usual)
        if None in met or not enough:
            return None
        others = {block for each in misprint.told for block in each.blocks} - misprint.units.keys()
        return replace(misprint, others=frozenset(others))

    def _mirror(self, misprint: Misprint) -> Misprint | None:
        """The other way round: everything else that was compared is off, and this is right."""
        if ACCOUNTS in misprint.others:
            return None
        units: dict[Block, MoneyUnit] = {}
        for each in (each for one in misprint.told for each in one.members):
            if each.block not in misprint.units:
                true = each.unit.in_wan / misprint.factor
                unit = next((unit for unit in MoneyUnit if unit.in_wan == true), None)
                if unit is None or units.setdefault(each.block, unit) is not unit:
                    return None
        own = {block.form for block in misprint.units}
        for block, unit in tuple(units.items()):
            whole = () if block.form in own else self._blocks(block.form)
            units |= {each: unit for each in whole if each not in units}
        crossing = self._crossing(units)
        return self._if_met(Misprint(units, _ONE / misprint.factor, crossing)) if crossing else None

    def _is_sound(self, misprint: Misprint) -> bool:
        """Whether no cell compared is at odds with its own form: that would be a slip of the cell.

        A rate says nothing where both its figures were compared: in another unit it would be the same.
        """
        cells: set[CellRef] = set().union(*(each.refs for each in misprint.told))
        for form in {block.form for each in misprint.told for block in each.blocks} - {ACCOUNTS.form}:
            submission = self.forms[form]
            for equation in equations_of(submission, self.scheme.form(submission.form)):
                compared = [each for each in equation.figures if each.ref in cells]
                sides = {Block(form, each.address.table) in misprint.units for each in equation.figures}
                told = len(compared) == 1 if equation.identity.kind is IdentityKind.RATIO else compared
                if told and len(sides) == 1 and find_breach(equation, self.steps[form]):
                    return False
        return True


def _choose(candidates: Sequence[Misprint]) -> Iterator[Misprint]:
    """The likeliest first: a usual unit, then what explains most; open where another explains the same."""
    left = sorted(candidates, key=lambda each: (not each.is_usual, -len(each.told), -len(each.units)))
    while left:
        best = left[0]
        told = set(map(id, best.told))
        rivals = [
            each
            for each in left
            if each.is_usual == best.is_usual
            and {id(one) for one in each.told} == told
            and not (each.units.keys() <= best.units.keys() or each.units.keys() >= best.units.keys())
        ]
        others = {block: unit for each in rivals for block, unit in each.units.items()}
        yield replace(best, units=others | dict(best.units), is_open=bool(rivals))
        left = [each for each in left if not told & {id(one) for one in each.told}]


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
