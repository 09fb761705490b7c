"""The page from its values: HTML by Jinja2 with autoescape on, style and script inlined and named by hash.

The charts are tables with bars drawn beside their figures, so that they read, print and scale like text and
need no library. The page's own policy allows its style and its script alone: what a cell holds stays a text
even where escaping would fail.
"""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jixiao.domain.amounts import ZERO
from jixiao.domain.report import Audience, Formula, Kind, Toned
from jixiao.language import say, spoken
from jixiao.pages.views import address, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.report import Bar, Block, Chart, ColumnSpec, Content, Page, SheetSpec

_HEIGHT, _ABOVE, _BELOW = 120, 20, 24
"""Pixels of the highest column, and what is above it for its figure and below it for the limits."""
_SAID_BY_SCRIPT = (
    "显示 {shown} / {count} 个部门",
    "{name}（{count} 行）",
    "{title}：{line}",
    "此浏览器不能展开明细，请换用较新的浏览器，或查看工作簿。",
)
"""What the script says, by the Chinese that it asks for."""
_FIGURES = frozenset({Kind.AMOUNT, Kind.SCORE, Kind.RATE, Kind.COUNT})


def render(page: Page, views: Mapping[str, str]) -> str:
    """The whole file; `views` are the packed ones by department, each made by `packed`.

    Equal values give equal text.
    """
    parts = _parts()
    return parts.environment.get_template("round.html").render(
        page=page,
        internal=page.audience is Audience.INTERNAL,
        views=[views.get(name, "") for name in page.departments],
        style=parts.style,
        script=parts.script,
        policy=parts.policy,
        details=_details(page),
        texts={text: spoken(text) for text in _SAID_BY_SCRIPT},
    )


class _Parts(NamedTuple):
    environment: Environment
    style: Markup
    script: Markup
    policy: str


@cache
def _parts() -> _Parts:
    """Template, style and script of this program's version."""
    loader = PackageLoader("jixiao.pages")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.filters |= {
        "address": address,
        "percent": _percent,
        "is_figure": _is_figure,
        "spoken": spoken,
    }
    environment.globals |= {
        "say": say,
        "cells": _cells,
        "marks": _marks,
        "upright": _upright,
        "axis": _ABOVE + _HEIGHT + 0.5,
        "column_height": _ABOVE + _HEIGHT + _BELOW,
    }
    style, script = (loader.get_source(environment, name)[0] for name in ("round.css", "round.js"))
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return _Parts(environment, Markup(style), Markup(script), policy)  # noqa: S704 our own files


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _details(page: Page) -> dict[str, object]:
    """What else is known of each department, as texts, and where its workbook is."""
    columns = page.details.columns
    return {
        "titles": [column.header for column in columns],
        "rows": [
            [shown(cell, column.kind) for cell, column in zip(row, columns, strict=True)]
            for row in page.details.rows
        ],
        "feedback": [
            address(page.feedback[name]) if name in page.feedback else "" for name in page.departments
        ],
    }


class _Cell(NamedTuple):
    """A cell of a table: its text, the key that it is sorted by ("" unknown), its tone, whether it is low."""

    title: str
    header: str
    text: str
    key: str
    tone: str
    low: bool
    figure: bool
    kind: str


def _cells(sheet: SheetSpec | Block) -> Iterator[list[_Cell]]:
    for row in sheet.rows:
        yield [_cell(content, column) for content, column in zip(row, sheet.columns, strict=True)]


def _cell(content: Content, column: ColumnSpec) -> _Cell:
    value = content.value if isinstance(content, Formula) else content
    figure = Decimal(value) if isinstance(value, int | Decimal) else None
    low = column.low is not None and figure is not None and figure < column.low
    text = shown(content, column.kind)
    key = text if figure is None else f"{figure:f}"
    tone = content.tone.value if isinstance(content, Toned) else ""
    return _Cell(column.title, column.header, text, key, tone, low, _is_figure(column), column.kind.value)


def _is_figure(column: ColumnSpec) -> bool:
    return column.kind in _FIGURES


def _marks(sheet: SheetSpec, place: int) -> list[str]:
    """The different words of a column, in the order in which they come."""
    texts = (shown(row[place], Kind.MARK) for row in sheet.rows)
    return list(dict.fromkeys(text for text in texts if text))


def _percent(fraction: Decimal | float | None) -> str:
    """A length in SVG's percent, never outside of the drawing."""
    within = min(max(Decimal(fraction or 0), ZERO), Decimal(1))
    return f"{within * 100:.2f}%"


class _Column(NamedTuple):
    """A column of a histogram in percent of the width and pixels of the height."""

    bar: Bar
    x: str
    middle: str
    width: str
    top: int
    height: int


def _upright(chart: Chart) -> Iterator[_Column]:
    step = Decimal(1) / max(len(chart.bars), 1)
    for place, bar in enumerate(chart.bars):
        height = int((bar.length or ZERO) * _HEIGHT)
        yield _Column(
            bar,
            _percent((place + Decimal("0.08")) * step),
            _percent((place + Decimal("0.5")) * step),
            _percent(step * Decimal("0.84")),
            _ABOVE + _HEIGHT - height,
            height,
        )
