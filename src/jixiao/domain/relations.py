"""Figures held against one another: measures that a jurisdiction follows, and figures that have to agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final

from jixiao.domain.figure_address import COLUMN, ITEM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FormAddress


class MeasureKind(StrEnum):
    """The closed list of measures; each is a pure function in jixiao.scoring.measures.

    All but differences and counts are in percent points; `of`, `less`, `base` and `whole` are sums.
    """

    RATIO = "ratio"
    """(of − less) ÷ base: staff control."""
    SHARE = "share"
    """(of − less) ÷ base, of a part in its whole."""
    CHANGE = "change"
    """(of − base) ÷ base: growth over last year."""
    SAVING = "saving"
    """(base − of) ÷ base: savings over last year, what was not spent of a budget."""
    ADJUSTMENT = "adjustment"
    """|of − less| ÷ base."""
    DIFFERENCE = "difference"
    """of − less, in the figures' own unit."""
    MEAN = "mean"
    """The plain mean of each form's own of ÷ base."""
    POOLED = "pooled"
    """All forms' of ÷ all forms' base."""
    COUNT_BELOW = "count_below"
    """How many forms have an of ÷ base below the threshold."""
    SHARE_BELOW = "share_below"
    """The base of these forms ÷ whole."""

    @property
    def is_percentage(self) -> bool:
        """Whether the result is in percent points."""
        return self not in {MeasureKind.DIFFERENCE, MeasureKind.COUNT_BELOW}

    @property
    def formula(self) -> str:
        """How two figures, `{of}` and `{base}`, give it, in words for a sentence."""
        return _FORMULAS[self]

    def dividend(self, of: Decimal, base: Decimal) -> Decimal:
        """What is divided by the base, for the kinds that divide by it as a whole.

        Raises:
            KeyError: a kind of another nature.
        """
        return _DIVIDENDS[self](of, base)

    @property
    def is_pooling(self) -> bool:
        """Whether all forms of a kind make it up, however many a department sent."""
        return self in {
            MeasureKind.MEAN,
            MeasureKind.POOLED,
            MeasureKind.COUNT_BELOW,
            MeasureKind.SHARE_BELOW,
        }


_RATIO = "{of} ÷ {base}"
_FORMULAS: Final[Mapping[MeasureKind, str]] = {
    MeasureKind.RATIO: _RATIO,
    MeasureKind.SHARE: _RATIO,
    MeasureKind.CHANGE: "（{of} − {base}）÷ {base}",
    MeasureKind.SAVING: "（{base} − {of}）÷ {base}",
    MeasureKind.ADJUSTMENT: "|{of}| ÷ {base}",
}
_DIVIDENDS: Final[Mapping[MeasureKind, Callable[[Decimal, Decimal], Decimal]]] = {
    MeasureKind.RATIO: lambda of, _: of,
    MeasureKind.SHARE: lambda of, _: of,
    MeasureKind.POOLED: lambda of, _: of,
    MeasureKind.CHANGE: lambda of, base: of - base,
    MeasureKind.SAVING: lambda of, base: base - of,
    MeasureKind.ADJUSTMENT: lambda of, _: abs(of),
}
DIVIDING: Final = frozenset(_DIVIDENDS)
"""Kinds that divide by their base as a whole: undefined where that is not above 0."""
OF_TWO_FIGURES: Final = tuple(_FORMULAS)
"""Kinds that two figures give by themselves: what a criterion can be scored by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of a scheme.

    `places` decimals, half-up; `unit` of the result; `threshold` in percent points for the two kinds that
    have one; `per_form`: computed for every form by itself instead of for the department. `indicators` are
    the names under which forms report the same measure as an indicator.
    """

    id: str
    title: str
    kind: MeasureKind
    of: tuple[FormAddress, ...]
    basis: str
    places: int
    unit: str
    base: tuple[FormAddress, ...] = ()
    less: tuple[FormAddress, ...] = ()
    whole: tuple[FormAddress, ...] = ()
    threshold: Decimal | None = None
    per_form: bool = False
    indicators: tuple[str, ...] = ()

    @property
    def operands(self) -> tuple[FormAddress, ...]:
        """Every figure that it is made of."""
        return (*self.of, *self.less, *self.base, *self.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredValue:
    """What a measure came to for a department, or for one of its projects.

    `value` is None where it is not known or not defined; `derivation` is one Chinese line that has the
    figures or says what is missing. `numerator` and `denominator` are what was divided, None if nothing was.
    """

    measure: Measure
    department: str
    project: str
    value: Decimal | None
    derivation: str
    refs: tuple[CellRef, ...]
    numerator: Decimal | None = None
    denominator: Decimal | None = None


PROJECT_SLOT: Final = "{project}"
"""Stands, in an address of a LIST, for the row that the project form's name matches."""


@dataclass(frozen=True, slots=True)
class PriorYearCheck:
    """An opening figure of this year's form, and last year's closing one that it continues.

    In the addresses `{item}` stands for every row of the table, by its name.
    """

    id: str
    title: str
    opening: FormAddress
    closing: FormAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck:
    """A figure on one form that the sum of figures on others, or one of `alternatives`, has to equal.

    In the addresses `{item}` and `{column}` stand for each of `items` and `columns` in turn, `{project}` for
    the row of the project form's name. `strict` False: forms may rightly differ (another scope of funds), so
    that a gap is a question only. `explained_by` is a figure that explains a gap equal to it, and
    `explanation` says how.
    """

    id: str
    title: str
    left: FormAddress
    right: tuple[FormAddress, ...]
    alternatives: tuple[FormAddress, ...] = ()
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    strict: bool = True
    explained_by: FormAddress | None = None
    explanation: str = ""

    @property
    def by_project(self) -> bool:
        """Whether it is asked of every project form."""
        return any(address.address.item == PROJECT_SLOT for address in self.right)

    def spell(self) -> tuple[CrossCheck, ...]:
        """The check for each of its items and columns; worked out once."""
        return _spelled(self)

    def for_project(self, row: str) -> CrossCheck:
        """The check for the row of a project's name."""
        return self.filled((PROJECT_SLOT, row))

    def filled(self, *values: tuple[str, str]) -> CrossCheck:
        """The check with values in place of slots."""

        def filled(address: FormAddress) -> FormAddress:
            for slot, value in values:
                address = address.fill(slot, value)
            return address

        return replace(
            self,
            left=filled(self.left),
            right=tuple(map(filled, self.right)),
            alternatives=tuple(map(filled, self.alternatives)),
            explained_by=filled(self.explained_by) if self.explained_by else None,
        )


@lru_cache(maxsize=1024)
def _spelled(check: CrossCheck) -> tuple[CrossCheck, ...]:
    places = product(check.items or (ITEM,), check.columns or (COLUMN,))
    return tuple(check.filled((ITEM, item), (COLUMN, column)) for item, column in places)
