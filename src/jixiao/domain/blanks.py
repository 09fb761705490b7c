"""A blank form as values: what stands in which cell, what may be entered there, and what it computes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from jixiao.domain.forms import ValueKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import Area
    from jixiao.domain.own_sheets import Fingerprint

Filling = Decimal | str
"""What is entered into a cell, as the sheet stores it: a percentage is a fraction (0.9554)."""


class Role(StrEnum):
    """What a cell of a blank form is there for; decides how it looks and whether it can be changed."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    UNIT = "unit"
    LABEL = "label"
    TEXT = "text"
    """A printed text that belongs to no cell."""
    INPUT = "input"
    COMPUTED = "computed"
    CHECK = "check"
    NOTE = "note"


class Entering(StrEnum):
    """How a cell's entry is checked while it is typed."""

    ANY = "any"
    DECIMAL = "decimal"
    WHOLE = "whole"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class InputRule:
    """What may be entered: `low` and `high` bound a number, `limit` names the cell that bounds it instead.

    `title` and `help` are shown while the cell is selected.
    """

    entering: Entering = Entering.ANY
    low: Decimal | None = None
    high: Decimal | None = None
    limit: str = ""
    choices: tuple[str, ...] = ()
    title: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class LiveFormula:
    """A formula without its equals sign, and the value it gives now."""

    text: str
    value: Filling


@dataclass(frozen=True, slots=True)
class BlankCell:
    """One cell, or one merged range. `name` is the address of a figure, "" for printed words."""

    area: Area
    role: Role
    content: Filling | LiveFormula | None = None
    kind: ValueKind = ValueKind.TEXT
    name: str = ""
    rule: InputRule | None = None
    tall: bool = False
    """Whether it wants room for several sentences."""


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A form that waits to be filled in: one sheet of one file.

    `widths` are the columns' in characters; `header` the row that is repeated on every printed page; `cells`
    in reading order.
    """

    fingerprint: Fingerprint
    title: str
    sheet: str
    cells: tuple[BlankCell, ...]
    widths: tuple[int, ...]
    header: int | None = None

    @property
    def inputs(self) -> dict[str, BlankCell]:
        """The cells that are to be filled in, by name."""
        return {cell.name: cell for cell in self.cells if cell.role is Role.INPUT}

    @property
    def computed(self) -> dict[str, BlankCell]:
        """The cells that compute themselves, by name."""
        return {cell.name: cell for cell in self.cells if cell.role is Role.COMPUTED}

    @property
    def checks(self) -> tuple[BlankCell, ...]:
        """The cells that say whether the form holds together."""
        return tuple(cell for cell in self.cells if cell.role is Role.CHECK)


@dataclass(frozen=True, slots=True)
class PrefilledIndicator:
    """An indicator that is known before the form is filled in: its names, its target, weight and standard."""

    level1: str
    level2: str
    level3: str
    target: str = ""
    weight: Decimal | None = None
    standard: str = ""


@dataclass(frozen=True, slots=True)
class PrefilledForm:
    """What is known of one form before it is filled in.

    `amounts` by column of the accounts (see domain.references), in 万元.
    """

    project: str = ""
    implementer: str = ""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    indicators: tuple[PrefilledIndicator, ...] = ()


@dataclass(frozen=True, slots=True)
class PrefilledDepartment:
    """What the roster says about a department: its name and code, its overall form and its projects."""

    name: str
    code: str = ""
    overall: PrefilledForm = field(default_factory=PrefilledForm)
    projects: tuple[PrefilledForm, ...] = ()
