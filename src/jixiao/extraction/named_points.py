"""Weights in the indicators' names, 在职人员控制率（5分）, where the form has no column for them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import plain, step_of
from jixiao.domain.submissions import Entry, State
from jixiao.extraction.labels import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.extraction.indicator_rows import Row

_AT_THE_END = re.compile(r"\((\d+(?:\.\d+)?)分?\)$")


def with_named_points(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with the weights that all of their names end in; unchanged where one of them does not.

    A bracket at the end of one name may say anything, of every name it says the points.
    """
    if any("weight" in row.header.spans for row in rows):
        return tuple(rows)
    points = {row.number: _points(row) for row in rows if row.own_text("level3")}
    if not points or None in points.values():
        return tuple(rows)
    return tuple(_with_weight(row, points.get(row.number)) for row in rows)


def _points(row: Row) -> Decimal | None:
    found = _AT_THE_END.search(compact(row.own_text("level3")))
    return Decimal(found[1]) if found else None


def _with_weight(row: Row, points: Decimal | None) -> Row:
    if points is None:
        return row
    weight = Entry(row.entries["level3"].ref, State.NUMBER, plain(points), points, step_of(points))
    return replace(row, entries={**row.entries, "weight": weight})
