"""A scheme as a workbook that officers edit: which sheets it has, what stands in their cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import CellRef


class EntryKind(StrEnum):
    """How a value of a scheme's file is written in a cell."""

    TEXT = "text"
    LINES = "lines"
    """An array of texts, one a line."""
    NUMBER = "number"
    WHOLE = "whole"
    SHARE = "share"
    """A number shown as a percentage."""
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    """An array of words from a list, one a line."""
    NUMBERS = "numbers"
    """A table of numbers: name＝number, one a line."""
    PAIRS = "pairs"
    """An array of tables with two keys, written alike."""
    RAW = "raw"
    """Anything else, as in the file."""


@dataclass(frozen=True, slots=True)
class EntryLayout:
    """A setting or a column. `words` by value are what stands in the cell in place of it, in NUMBERS by name.

    `keys` are the two of PAIRS. An empty name means the member of the section itself, not a key of it.
    """

    name: str
    title: str
    kind: EntryKind
    help: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet for one section of the file ("": its top level).

    With `settings` one row is one key; with `columns` one row is a member of a table of tables, whose name
    stands under `key`, or, where `key` is "", of an array. `free`: officers add columns, headed by keys of
    the file.
    """

    name: str
    note: str
    section: str = ""
    settings: tuple[EntryLayout, ...] = ()
    columns: tuple[EntryLayout, ...] = ()
    key: str = ""
    free: bool = False

    @property
    def is_list(self) -> bool:
        """Whether its rows are members instead of single settings."""
        return bool(self.columns)


@dataclass(frozen=True, slots=True)
class BookLayout:
    """All sheets, and the headings that the settings share. `rest` is the hidden sheet of all other keys."""

    title: str
    sheets: tuple[SheetLayout, ...]
    setting: str
    value: str
    help: str
    id: str
    id_help: str
    rest: str
    rest_note: str


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing wrong in an edited workbook. `cell` "" : the whole sheet; `sheet` "" : the whole file."""

    sheet: str
    cell: str
    label: str
    message: str

    @classmethod
    def at(cls, ref: CellRef, label: str, message: str) -> CellProblem:
        """A problem at a cell, under the title of its row or column."""
        return cls(ref.sheet, ref.a1, label, message)

    def __str__(self) -> str:
        """Sheet, cell, label and message on one line."""
        place = "!".join(filter(None, (self.sheet, self.cell)))
        label = f"（{self.label}）" if self.label else ""
        return f"{place}{label}：{self.message}" if place else self.message


@dataclass(frozen=True, slots=True)
class EditedBook:
    """What an edited workbook says, in the terms of a scheme's file.

    `places` by dotted key, as loading.sources prints it, are the cells with their titles; `problems` what
    could not be understood.
    """

    id: str
    data: Mapping[str, object]
    places: Mapping[str, tuple[CellRef, str]]
    problems: tuple[CellProblem, ...]
