"""Measures of a department by the scheme: the figures they are made of, and what they come to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, show
from jixiao.domain.forms import ValueKind
from jixiao.domain.relations import DIVIDING, MeasuredValue, MeasureKind
from jixiao.domain.submissions import figure_of
from jixiao.domain.text_keys import printed_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FigureAddress, FormAddress
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.relations import Measure
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure with its name; None where it is not known."""

    name: str
    value: Decimal | None
    ref: CellRef | None = None
    places: int = 2

    @property
    def text(self) -> str:
        """Name and figure for a sentence."""
        return f"{self.name} {show(self.value or ZERO, self.places)}"


class Rate(NamedTuple):
    """The rate of one of several forms, in percent, with what it is a rate of."""

    name: str
    percent: Decimal
    base: Decimal


@dataclass(frozen=True, slots=True)
class Operands:
    """The figures of one measure by side (of, less, base, whole); `forms` are those that it pools."""

    measure: Measure
    sides: Mapping[str, tuple[Operand, ...]]
    forms: tuple[Submission, ...]

    @property
    def refs(self) -> tuple[CellRef, ...]:
        """The cells that were read."""
        return tuple(each.ref for side in self.sides.values() for each in side if each.ref)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the figures that are not known."""
        names = (each.name for side in self.sides.values() for each in side if each.value is None)
        return tuple(dict.fromkeys(names))

    def sum(self, side: str) -> Decimal:
        """The figures of a side added."""
        return sum((each.value or ZERO for each in self.sides[side]), ZERO)

    def words(self, side: str) -> str:
        """The figures of a side in a sentence, in brackets where there are several."""
        texts = [each.text for each in self.sides[side]]
        return texts[0] if len(texts) == 1 else say("（{texts}）", texts=" + ".join(texts))

    def rates(self) -> tuple[Rate, ...]:
        """The rate of every pooled form, without those whose base is not above 0: they have none."""
        return tuple(
            Rate(form.subject_name, self._own("of", at) * HUNDRED / base, base)
            for at, form in enumerate(self.forms)
            if (base := self._own("base", at)) > 0
        )

    def _own(self, side: str, at: int) -> Decimal:
        """What one form has of a side: its figures come form after form for each address."""
        return sum((each.value or ZERO for each in self.sides[side][at :: len(self.forms)]), ZERO)


_Forms: TypeAlias = "Mapping[str, Sequence[Submission]]"
"""One department's forms by kind."""


def _look_up(measure: Measure, forms: _Forms, scheme: Scheme) -> Operands:
    """Look all figures of a measure up."""
    pooled = measure.of[0].form if measure.kind.is_pooling else ""
    sides: dict[str, tuple[FormAddress, ...]] = {
        "of": measure.of,
        "less": measure.less,
        "base": measure.base,
        "whole": measure.whole,
    }
    return Operands(
        measure,
        {
            side: tuple(each for address in at for each in _find(address, forms, scheme, pooled))
            for side, at in sides.items()
        },
        tuple(forms.get(pooled, ())),
    )


def _find(address: FormAddress, forms: _Forms, scheme: Scheme, pooled: str) -> Iterator[Operand]:
    """The figure on the one form that has it; on every form of the kind that is pooled."""
    own = forms.get(address.form, ())
    if own and address.form == pooled:
        yield from (_operand(address, each, scheme, each.subject_name) for each in own)
    elif len(own) == 1:
        yield _operand(address, own[0], scheme)
    else:
        why = say("有多份") if own else say("未报送")
        yield Operand(say("{title}（{why}）", title=scheme.form(address.form).title, why=why), None)


def _operand(address: FormAddress, form: Submission, scheme: Scheme, owner: str = "") -> Operand:
    at, place = address.address, _place(address.address, scheme.form(address.form))
    line = form.line(at.table, at.item) if at.table else None
    entry = (line.entries if line else {} if at.table else form.fields).get(at.column)
    row = place.row if place.row is not None else printed_name(line.label) if line else ""
    name = "·".join(filter(None, (owner, row, place.title)))
    return Operand(name, figure_of(entry), entry.ref if entry else None, place.places)


class _Place(NamedTuple):
    """What a layout says of an address: names of row (None: in a list, as printed) and column, decimals."""

    row: str | None
    title: str
    places: int


@lru_cache(maxsize=1024)
def _place(at: FigureAddress, layout: FormLayout) -> _Place:
    items = (item for table in layout.tables if table.name == at.table for item in table.items)
    row = next((item.title for item in items if item.name == at.item), None)
    return _Place(row, at.title(layout), 0 if at.kind(layout) is ValueKind.NUMBER else 2)


_RATE_PLACES = 2


Measured: TypeAlias = "dict[tuple[int, ...], tuple[Measure, tuple[MeasuredValue, ...]]]"
"""What rules came to, by the identities of a rule and of the forms that it is asked of.

Whoever hands it over keeps the forms alive; the rule is kept beside what it came to.
"""


def measure(
    department: str,
    submissions: Sequence[Submission],
    scheme: Scheme,
    *,
    printed: bool = False,
    known: Measured | None = None,
) -> tuple[MeasuredValue, ...]:
    """Every measure of one department, in the scheme's order; those none of whose forms came are left out.

    `printed`: only those that forms report as an indicator as well. What is `known` of the department's same
    forms stands.
    """
    known = {} if known is None else known
    forms: dict[str, list[Submission]] = defaultdict(list)
    for each in submissions:
        forms[each.form].append(each)
    return tuple(
        value
        for rule in scheme.measures
        if (rule.indicators or not printed) and any(operand.form in forms for operand in rule.operands)
        for value in _known_measure(department, forms, rule, scheme, known)
    )


def _known_measure(
    department: str, forms: _Forms, rule: Measure, scheme: Scheme, known: Measured
) -> tuple[MeasuredValue, ...]:
    kinds = (forms.get(each.form, ()) for each in rule.operands)
    key = (id(rule), *(id(each) for own in kinds for each in (*own, None)))
    found = known.get(key)
    if found is None or found[0] is not rule:
        found = known[key] = rule, tuple(_measure(department, forms, rule, scheme))
    return found[1]


def _measure(department: str, forms: _Forms, rule: Measure, scheme: Scheme) -> Iterator[MeasuredValue]:
    if not rule.per_form:
        yield _value(department, "", rule, _compute(_look_up(rule, forms, scheme)))
        return
    for form in forms.get(rule.of[0].form, ()):
        outcome = _compute(_look_up(rule, {form.form: (form,)}, scheme))
        yield _value(department, form.project, rule, outcome)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a computation gave: the exact result with how it came about, or why there is none."""

    derivation: str
    result: Decimal | None = None
    parts: tuple[Decimal, Decimal] | None = None
    operands: Operands | None = None


def _value(department: str, project: str, rule: Measure, outcome: _Outcome) -> MeasuredValue:
    value = None if outcome.result is None else round_half_up(outcome.result, rule.places)
    gap = "" if rule.kind.is_percentage else " "
    shown = "" if value is None else f" = {show(value, rule.places)}{gap}{rule.unit}"
    numerator, denominator = outcome.parts or (None, None)
    return MeasuredValue(
        measure=rule,
        department=department,
        project=project,
        value=value,
        derivation=f"{outcome.derivation}{shown}",
        refs=tuple(dict.fromkeys(outcome.operands.refs)) if outcome.operands else (),
        numerator=numerator,
        denominator=denominator,
    )


def _compute(operands: Operands) -> _Outcome:
    """The measure from its operands; not known where one of them is not."""
    kind = operands.measure.kind
    if operands.missing:
        outcome = _Outcome(say("缺少：{missing}", missing=say("、").join(operands.missing)))
    elif kind in DIVIDING and operands.sum("base") <= 0:
        outcome = _undefined(operands, "base")
    else:
        outcome = _KINDS[kind](operands)
    return _Outcome(outcome.derivation, outcome.result, outcome.parts, operands)


def _undefined(operands: Operands, side: str) -> _Outcome:
    return _Outcome(say("{side}，不大于 0，无法计算", side=operands.words(side)))


def _divide(operands: Operands, words: str) -> _Outcome:
    base, space = operands.sum("base"), "" if words.endswith("）") else " "
    above = operands.measure.kind.dividend(operands.sum("of") - operands.sum("less"), base)
    return _Outcome(f"{words}{space}÷ {operands.words('base')}", above * HUNDRED / base, (above, base))


def _terms(operands: Operands) -> str:
    """What is counted, less what is taken away."""
    less = operands.sides["less"]
    return f"{operands.words('of')} − {operands.words('less')}" if less else operands.words("of")


def _ratio(operands: Operands) -> _Outcome:
    words = say("（{operands}）", operands=_terms(operands)) if operands.sides["less"] else _terms(operands)
    return _divide(operands, words)


def _change(operands: Operands) -> _Outcome:
    words = say("（{operands} − {words}）", operands=_terms(operands), words=operands.words("base"))
    return _divide(operands, words)


def _saving(operands: Operands) -> _Outcome:
    words = say("（{words} − {words2}）", words=operands.words("base"), words2=operands.words("of"))
    return _divide(operands, words)


def _adjustment(operands: Operands) -> _Outcome:
    return _divide(operands, say("｜{operands}｜", operands=_terms(operands)))


def _difference(operands: Operands) -> _Outcome:
    return _Outcome(_terms(operands), operands.sum("of") - operands.sum("less"))


def _mean(operands: Operands) -> _Outcome:
    rates = operands.rates()
    if not rates:
        return _Outcome(say("各表的分母都不大于 0，无法计算"))
    texts = [_percent(each.percent) for each in rates]
    left_out = len(operands.forms) - len(rates)
    note = say("（另有 {left_out} 张表分母不大于 0，没有比率）", left_out=left_out) if left_out else ""
    result = sum((each.percent for each in rates), ZERO) / len(rates)
    return _Outcome(
        say("{note}（{texts}）÷ {count}", note=note, texts=" + ".join(texts), count=len(rates)), result
    )


def _pooled(operands: Operands) -> _Outcome:
    above, base = operands.sum("of"), operands.sum("base")
    derivation = say(
        "{count} 张表合计：{above} ÷ {base}", count=len(operands.forms), above=show(above), base=show(base)
    )
    return _Outcome(derivation, above * HUNDRED / base, (above, base))


def _low(operands: Operands) -> list[Rate]:
    threshold = operands.measure.threshold or ZERO
    return [each for each in operands.rates() if each.percent < threshold]


def _count_below(operands: Operands) -> _Outcome:
    low = _low(operands)
    names = say("、").join(f"{each.name} {_percent(each.percent)}" for each in low) or say("无")
    limit = plain(operands.measure.threshold or ZERO)
    return _Outcome(
        say("共 {count} 个，低于 {limit}% 的：{names}", count=len(operands.forms), limit=limit, names=names),
        Decimal(len(low)),
    )


def _share_below(operands: Operands) -> _Outcome:
    low, whole = _low(operands), operands.sum("whole")
    if whole <= 0:
        return _undefined(operands, "whole")
    below = sum((each.base for each in low), ZERO)
    derivation = say(
        "低于的 {count} 个合计 {below} ÷ {words}",
        count=len(low),
        below=show(below),
        words=operands.words("whole"),
    )
    return _Outcome(derivation, below * HUNDRED / whole, (below, whole))


def _percent(rate: Decimal) -> str:
    return f"{show(round_half_up(rate, _RATE_PLACES))}%"


_KINDS: Mapping[MeasureKind, Callable[[Operands], _Outcome]] = {
    MeasureKind.RATIO: _ratio,
    MeasureKind.SHARE: _ratio,
    MeasureKind.CHANGE: _change,
    MeasureKind.SAVING: _saving,
    MeasureKind.ADJUSTMENT: _adjustment,
    MeasureKind.DIFFERENCE: _difference,
    MeasureKind.MEAN: _mean,
    MeasureKind.POOLED: _pooled,
    MeasureKind.COUNT_BELOW: _count_below,
    MeasureKind.SHARE_BELOW: _share_below,
}
