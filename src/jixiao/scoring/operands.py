"""The figures that a measure is made of, looked up on a department's forms, with their names and cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import HUNDRED, ZERO, show
from jixiao.domain.forms import ValueKind
from jixiao.domain.submissions import figure_of
from jixiao.domain.text_keys import printed_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FigureAddress, FormAddress
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.measures import Measure
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
        return texts[0] if len(texts) == 1 else f"（{' + '.join(texts)}）"

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


def look_up(measure: Measure, submissions: Sequence[Submission], scheme: Scheme) -> Operands:
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
            side: tuple(each for address in at for each in _find(address, submissions, scheme, pooled))
            for side, at in sides.items()
        },
        tuple(each for each in submissions if each.form == pooled),
    )


def _find(
    address: FormAddress, submissions: Sequence[Submission], scheme: Scheme, pooled: str
) -> Iterator[Operand]:
    """The figure on the one form that has it; on every form of the kind that is pooled."""
    forms = [each for each in submissions if each.form == address.form]
    if forms and address.form == pooled:
        yield from (_operand(address, each, scheme, each.subject_name) for each in forms)
    elif len(forms) == 1:
        yield _operand(address, forms[0], scheme)
    else:
        why = "有多份" if forms else "未报送"
        yield Operand(f"{scheme.form(address.form).title}（{why}）", None)


def _operand(address: FormAddress, form: Submission, scheme: Scheme, owner: str = "") -> Operand:
    at, layout = address.address, scheme.form(address.form)
    entry = at.entry(form)
    name = "·".join(filter(None, (owner, _row_title(at, form, layout), at.title(layout))))
    places = 0 if at.kind(layout) is ValueKind.NUMBER else 2
    return Operand(name, figure_of(entry), entry.ref if entry else None, places)


def _row_title(at: FigureAddress, form: Submission, layout: FormLayout) -> str:
    """The row's name in the layout; in a list, the department's own."""
    table = next((each for each in layout.tables if each.name == at.table), None)
    titles = [item.title for item in table.items if item.name == at.item] if table else []
    line = form.line(at.table, at.item)
    return next(iter(titles), printed_name(line.label) if line else "")
