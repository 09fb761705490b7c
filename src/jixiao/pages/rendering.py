"""The page from its values: HTML by Jinja2, autoescaped, style and script inlined, departments' views packed.

The charts are tables with bars drawn beside their figures, so that they read, print and scale like text and
need no library. The page's own policy allows its style and its script alone: what a cell holds stays a text
even where escaping would fail.

Unpacked, the views of a thousand departments with two hundred thousand indicators are 100 MB; nobody reads
more than a few of them, and a page has to fit into a mail.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jixiao.domain.amounts import ZERO, round_half_up, show, show_percent
from jixiao.domain.report import Audience, Formula, Kind, Link, Toned
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jixiao.domain.report import Bar, Block, Chart, ColumnSpec, Content, Page, SheetSpec

_GROUPED = frozenset({"得分核算", "得分构成"})
"""Sheets whose rows the page folds by their first column: they go form by form."""
_POINTS = frozenset({Kind.AMOUNT, Kind.SCORE})
_LEVEL = 6


def packed(sheets: Iterable[SheetSpec]) -> str:
    """The sheets as base64 of zlib's format over JSON; equal sheets give equal text.

    A cell is its text as shown, or [text, tone, address] where it has a colour or leads somewhere.
    """
    values = [_sheet(sheet) for sheet in sheets]
    spelled = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return b64encode(zlib.compress(spelled.encode(errors="replace"), _LEVEL)).decode()


def _sheet(sheet: SheetSpec) -> dict[str, object]:
    kept = [(place, column) for place, column in enumerate(sheet.columns) if _says(sheet, place)]
    return {
        "name": sheet.shown,
        "note": sheet.note,
        "empty": sheet.empty,
        "grouped": sheet.name in _GROUPED,
        "columns": [[column.header, column.kind.value] for _, column in kept],
        "rows": [[_view_cell(row[place], column.kind) for place, column in kept] for row in sheet.rows],
        "strong": sorted(sheet.strong),
    }


def _says(sheet: SheetSpec, place: int) -> bool:
    """Whether a column is worth its room: words that no row has are none, figures that nobody knows are."""
    words = sheet.columns[place].kind in {Kind.TEXT, Kind.MARK}
    return not words or any((content := row[place]) is not None and content != "" for row in sheet.rows)


def _view_cell(content: Content, kind: Kind) -> str | tuple[str, str, str]:
    if content is None or content.__class__ is str:
        return content or ""
    if content.__class__ is Decimal:
        return _figure(content or 0, kind)
    if isinstance(content, Toned):
        return content.text, content.tone.value, ""
    if isinstance(content, Link):
        return (content.text, "", address(content.file)) if content.file else content.text
    return shown(content, kind)


def shown(content: Content, kind: Kind) -> str:
    """What a cell says, as a column of its kind prints it; "" where nothing is known.

    >>> shown(Decimal("0.955432"), Kind.RATE)
    '95.54%'
    """
    if isinstance(content, Toned | Link):
        return content.text
    if isinstance(content, Formula):
        content = content.value
    return content or "" if content is None or isinstance(content, str) else _figure(content or 0, kind)


@lru_cache(maxsize=8192)
def _figure(value: Decimal | int, kind: Kind) -> str:
    """A number as a column of its kind prints it; weights and scores come again and again."""
    if kind is Kind.RATE:
        return show_percent(Decimal(value))
    if kind in _POINTS:
        return f"{round_half_up(Decimal(value), 2):,.2f}".replace("-", "−")
    return show(Decimal(value), 0)


def address(file: str) -> str:
    """The address of a file beside the page: whatever its name is made of, it is a path and nothing else.

    >>> address("data/a b#1?.csv"), address("javascript:alert(1)")
    ('data/a%20b%231%3F.csv', './javascript%3Aalert%281%29')
    """
    quoted = quote(file, errors="replace")
    return quoted if quoted.startswith(("../", "data/")) else f"./{quoted.lstrip('/')}"


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
