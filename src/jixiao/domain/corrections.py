"""Figures put into a form's cells, as a department would that follows what it was told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from jixiao.domain.amounts import step_of
from jixiao.domain.forms import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import Entry, Submission

_PLAIN = str.maketrans({",": None, "−": "-", "%": None})


def figure_value(figure: str) -> Decimal | None:
    """The number that a figure in a sentence stands for (1,492.00, −0.50, 95.00%); None for words.

    >>> figure_value("−1,492.00")
    Decimal('-1492.00')
    """
    try:
        value = Decimal(figure.translate(_PLAIN))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def put_figures(submission: Submission, figures: Mapping[CellRef, str]) -> Submission:
    """The form as it would be with other figures (as printed in sentences) in some of its cells.

    A form on whose sheet none of these cells stands is returned as it is.
    """
    if not any((ref.file, ref.sheet) == (submission.file, submission.sheet) for ref in figures):
        return submission

    def put(entries: Mapping[str, Entry]) -> dict[str, Entry]:
        return {name: _put(entry, figures.get(entry.ref)) for name, entry in entries.items()}

    return replace(
        submission,
        fields=put(submission.fields),
        lines=tuple(replace(line, entries=put(line.entries)) for line in submission.lines),
        indicators=tuple(replace(each, entries=put(each.entries)) for each in submission.indicators),
        total=put(submission.total),
    )


def _put(entry: Entry, figure: str | None) -> Entry:
    if figure is None:
        return entry
    value = figure_value(figure)
    if value is None:
        return replace(entry, state=State.TEXT, text=figure, value=None)
    text = f"{value}%" if "%" in entry.text else str(value)
    return replace(entry, state=State.NUMBER, text=text, value=value, step=step_of(value), as_text=False)
