"""Word documents as values: what they say and where each figure comes from, not how Word writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from jixiao.domain.report import Kind
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.figure_address import FormAddress


class Mark(StrEnum):
    """What a piece of text is; the words alone say it too, so that it survives a black-and-white print."""

    PLAIN = "plain"
    GAP = "gap"
    """【待补：…】: only people can write it."""
    DOUBT = "doubt"
    """【待核：…】: a figure beside it is disputed."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text."""

    text: str
    mark: Mark = Mark.PLAIN


def gap(wanted: str) -> Run:
    """What stands for a text that only people can write.

    >>> gap("内设机构情况").text
    '【待补：内设机构情况】'
    """
    return Run(say("【待补：{wanted}】", wanted=wanted), Mark.GAP)


def doubt(said: str) -> Run:
    """What stands beside a figure that a finding disputes."""
    return Run(say("【待核：{said}】", said=said), Mark.DOUBT)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number: level 1 一、, 2 （一）, 3 1., 4 （1）."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `source` names the cells that its figures come from and becomes a footnote."""

    runs: tuple[Run, ...]
    source: str = ""

    @property
    def text(self) -> str:
        """All its text."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its header and what it holds, by which it is aligned."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table; cells are printed as they are, a `Run` where one is marked.

    `strong` are the rows that add others up. `source` names the cells that its figures come from and stands
    below it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Run, ...], ...]
    unit: str = ""
    strong: frozenset[int] = frozenset()
    source: str = ""


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A first-level heading with what stands below it; the opening and the closing have no heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report: title, chapters in order, and single `values` that a template may print anywhere."""

    title: str
    chapters: tuple[Chapter, ...]
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Everything below the title, in order."""
        return tuple(block for chapter in self.chapters for block in chapter.blocks)


class PartKind(StrEnum):
    """The closed list of what parts of a department's report are; each a function in jixiao.reports."""

    TEXT = "text"
    """The first of its sentences of which all figures are known."""
    QUOTE = "quote"
    """A text that the department wrote into a field, as it stands."""
    TABLE = "table"
    """The rows of a table of a form."""
    PROJECTS = "projects"
    """The projects with forms of their own: budget, executed, rate, balance."""
    WEAK = "weak"
    """Projects executed below the scheme's threshold."""
    MISSED = "missed"
    """Indicators that missed their targets, with the department's reasons."""
    INDICATORS = "indicators"
    """The indicators of the form for the whole department."""
    RESULT = "result"
    """The score and the grade in one sentence."""
    COMPOSITE = "composite"
    """How the composite comes about."""
    COMPONENTS = "components"
    """Points by first-level indicator, with what was lost and why."""
    LOSSES = "losses"
    """Every loss on every form with its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a section.

    `heading` is its own heading of the third level, "" for none. `figures` names the figures of the report
    layout that decide: with all of them nothing (a dash or 0) `nothing` is said in place of `texts`. `of` are
    the fields (form:field) or tables (form:table) that a QUOTE or TABLE takes, the first that there is.
    `wanted` is what people have to write where nothing is known, "" for nothing; `further` what they have to
    add in any case. `items` limits a TABLE to these rows.
    """

    kind: PartKind
    heading: str = ""
    texts: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    nothing: str = ""
    of: tuple[FormAddress, ...] = ()
    items: tuple[str, ...] = ()
    caption: str = ""
    wanted: str = ""
    further: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A second-level heading ("" for none) with its parts."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FigureSource:
    """Where a figure of a sentence comes from: the first of the cells that is filled, or a measure."""

    places: tuple[FormAddress, ...] = ()
    measure: str = ""


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """What a department's report consists of, as seeds/reports/department.toml says it."""

    title: str
    title_of_projects: str
    """Of a department that sent forms of projects alone."""
    opening: tuple[Part, ...]
    chapters: tuple[tuple[str, tuple[Section, ...]], ...]
    closing: tuple[Part, ...]
    figures: Mapping[str, FigureSource]
