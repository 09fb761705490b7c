"""Free lines of a funds block: which are parts of the whole, which select from another line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, rounding_slack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from jixiao.domain.forms import Line, Submission, TableLayout

_OF_WHICH = "其中"
_TOTAL = "total"
_AMOUNTS = ("initial_budget", "annual_budget", "executed")


def free_parts(table: TableLayout, submission: Submission) -> tuple[Line, ...] | None:
    """The free lines that add to the table's total; None where nobody can tell which do.

    其中 right below the total begins its parts. Below any other line it begins a selection from that line:
    the lines after it are part of the selection where the total is the sum without them, parts of the whole
    where it is the sum with them.
    """
    lines = [line for line in submission.lines if line.table == table.name]
    named = {item.name for item in table.items}
    whole = next((line for line in lines if line.item == _TOTAL), None)
    selected = _selections(lines, named)
    parts = [line for line in lines if line.item != _TOTAL]
    surely = [line for line in parts if line not in selected]
    free = tuple(line for line in surely if line.item not in named)
    if not selected or whole is None or _adds_up(whole, surely):
        return free
    after = [line for line in selected if not line.label.startswith(_OF_WHICH)]
    if after and _adds_up(whole, [*surely, *after]):
        return (*free, *(line for line in after if line.item not in named))
    return None if after else free


def _selections(lines: Sequence[Line], named: set[str]) -> list[Line]:
    """The lines from a second 其中 on, which no line announces as parts of the whole."""
    selected: list[Line] = []
    for line, above in zip(lines[1:], lines, strict=False):
        if (line.label.startswith(_OF_WHICH) and above.item != _TOTAL) or (
            above in selected and line.item not in named
        ):
            selected.append(line)
    return selected


def _adds_up(whole: Line, parts: Sequence[Line]) -> bool:
    columns = [name for name in _AMOUNTS if whole.value(name)]
    return bool(columns) and all(
        abs(_sum(parts, name) - (whole.value(name) or ZERO)) < rounding_slack(len(parts)) for name in columns
    )


def _sum(parts: Sequence[Line], column: str) -> Decimal:
    return sum((line.value(column) or ZERO for line in parts), ZERO)
