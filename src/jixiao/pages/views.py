"""A department's own view, packed: compressed JSON that the page unpacks when somebody opens it.

Unpacked, the views of a thousand departments with two hundred thousand indicators are 100 MB; nobody reads
more than a few of them, and a page has to fit into a mail.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from jixiao.domain.amounts import round_half_up, show, show_percent
from jixiao.domain.report import Formula, Kind, Link, Toned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jixiao.domain.report import Content, SheetSpec

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
        "rows": [[_cell(row[place], column.kind) for place, column in kept] for row in sheet.rows],
        "strong": sorted(sheet.strong),
    }


def _says(sheet: SheetSpec, place: int) -> bool:
    """Whether a column is worth its room: words that no row has are none, figures that nobody knows are."""
    words = sheet.columns[place].kind in {Kind.TEXT, Kind.MARK}
    return not words or any((content := row[place]) is not None and content != "" for row in sheet.rows)


def _cell(content: Content, kind: Kind) -> str | tuple[str, str, str]:
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
