"""Cross checks: figures that have to agree between a department's forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final

from jixiao.domain.figure_address import COLUMN, ITEM

if TYPE_CHECKING:
    from jixiao.domain.figure_address import FormAddress

PROJECT_SLOT: Final = "{project}"
"""Stands, in an address of a LIST, for the row that the project form's name matches."""


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
