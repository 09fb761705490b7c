"""A page of a round as values: what it says, not how a browser shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jixiao.domain.report import Block, Link, SheetSpec


class Audience(StrEnum):
    """Whom an edition of the page is for."""

    INTERNAL = "internal"
    """The finance department: everything that the summary workbook says."""
    PUBLIC = "public"
    """Everybody: results, ranking, execution, use of results and method."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the top, with what has to be known beside it."""

    label: str
    figure: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its lengths are fractions of the chart's width, 0 to 1, None where nothing is known.

    `inner` is the part of `length` that is filled, None: all of it; `figures` are its row of the chart's
    table; `marked`: below what the scheme asks for; `department`: whose page it leads to.
    """

    label: str
    figures: tuple[str, ...]
    length: Decimal | None
    inner: Decimal | None = None
    marked: bool = False
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that is a table at the same time; `columns` head the labels and the figures.

    `reference` is a line at a fraction of the width, said in `note`; `edges` are the limits of the classes of
    a histogram, one more than there are bars.
    """

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    bars: tuple[Bar, ...]
    reference: Decimal | None = None
    edges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All that a page says of the whole round.

    `concerns` are the departments and projects that need attention, with why; `use` what results are
    for by grade, `decided` what follows of them by the scheme's rules.
    `listing` has one department a row, `details` the same departments with what else is known of each, in the
    same order; `departments` are their names, `feedback` leads from these to their workbooks.
    """

    audience: Audience
    title: str
    subtitle: str
    stamp: str
    remark: str
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    concerns: tuple[Block, ...]
    use: SheetSpec
    decided: tuple[SheetSpec, ...]
    listing: SheetSpec
    details: SheetSpec
    departments: tuple[str, ...]
    feedback: Mapping[str, str]
    rules: SheetSpec
    files: tuple[tuple[Link, str], ...]
    version: str
