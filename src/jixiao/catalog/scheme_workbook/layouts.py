"""A scheme as a workbook that officers edit: its sheets and cells, as seeds/scheme-book.toml says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from jixiao.catalog.loading.seeds import book_path
from jixiao.catalog.loading.sources import SchemeError, read_source
from jixiao.catalog.loading.tables import Document
from jixiao.consolidation.words import (
    LEVELS,
    METHODS,
    OUTCOMES,
    RISKS,
    SAMPLED_MONEY,
    SCOPES,
    SEVERITIES,
    STANDARDS,
    STRATA,
    TARGETS,
    TREATMENTS,
)
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jixiao.catalog.loading.tables import Table
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
        label = say("（{label}）", label=self.label) if self.label else ""
        return (
            say("{place}{label}：{message}", place=place, label=label, message=self.message)
            if place
            else self.message
        )


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


Words = dict[str, dict[str, str]]
Value = TypeVar("Value", bound=StrEnum)
FLAGS = "flags"
"""The words of true and false."""
_CHOOSING = {EntryKind.CHOICE, EntryKind.CHOICES}
_KEYS = 2


def load_book_layout(*seeds: Path) -> BookLayout:
    """The layout, with the words that the other workbooks use too.

    Raises:
        SchemeError: the file is missing or anything in it is wrong; carries all problems.
    """
    document = Document([read_source(book_path(*seeds))])
    layout = _read_book(document.root)
    document.root.close()
    if document.problems:
        raise SchemeError(*document.problems)
    return layout


def _read_book(root: Table) -> BookLayout:
    words = _shared_words() | {
        table.name: {name: table.text(name) for name in table.names} for table in root.tables("words")
    }
    return BookLayout(
        title=root.text("title"),
        sheets=tuple(_read_sheet(table, words) for table in root.tables("sheets")),
        setting=root.text("setting"),
        value=root.text("value"),
        help=root.text("help"),
        id=root.text("id"),
        id_help=root.text("id_help"),
        rest=root.text("rest"),
        rest_note=root.text("rest_note"),
    )


def _shared_words() -> Words:
    """The words of the summary workbook, by value."""
    return {
        "methods": _by_text(METHODS),
        "targets": _by_text(TARGETS),
        "scopes": _by_text(SCOPES),
        "treatments": _by_text(TREATMENTS),
        "standards": _by_text(STANDARDS),
        "severities": _by_text({severity: toned.text for severity, toned in SEVERITIES.items()}),
        "risks": _by_text(RISKS),
        "sampled_money": _by_text(SAMPLED_MONEY),
        "strata": _by_text(STRATA),
        "outcomes": _by_text({outcome: toned.text for outcome, toned in OUTCOMES.items()}),
        "use_levels": _by_text(LEVELS),
    }


def _by_text(words: Mapping[Value, str]) -> dict[str, str]:
    return {value.value: word for value, word in words.items()}


def _read_sheet(table: Table, words: Words) -> SheetLayout:
    layout = SheetLayout(
        name=table.text("name"),
        note=table.text("note"),
        section=table.text("section", ""),
        settings=tuple(_read_entry(entry, words) for entry in table.tables("settings")),
        columns=tuple(_read_entry(entry, words) for entry in table.tables("columns")),
        key=table.text("key", ""),
        free=table.flag("free", default=False),
    )
    if bool(layout.settings) == bool(layout.columns):
        table.report(say("settings 和 columns 应恰好写其中一种。"))
    table.close()
    return layout


def _read_entry(table: Table, words: Words) -> EntryLayout:
    kind = table.choice("kind", list(EntryKind))
    layout = EntryLayout(
        name=table.name,
        title=table.text("title"),
        kind=kind,
        help=table.text("help", ""),
        words=_read_words(table, words, kind),
        keys=table.texts("keys") if kind is EntryKind.PAIRS else (),
    )
    if kind is EntryKind.PAIRS and len(layout.keys) != _KEYS:
        table.report(say("应恰好有两个键名。"), "keys")
    table.close()
    return layout


def _read_words(table: Table, words: Words, kind: EntryKind) -> Mapping[str, str]:
    """The list that an entry names; one that is chosen from must have one."""
    if kind not in _CHOOSING and not table.has("words"):
        return words.get(FLAGS, {}) if kind is EntryKind.FLAG else {}
    name = table.text("words")
    if name not in words:
        table.report(
            say("没有名为“{name}”的词表，可用：{words}。", name=name, words=say("、").join(words)), "words"
        )
    return words.get(name, {})
