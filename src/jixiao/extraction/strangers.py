"""Words that no list knows and that may stand for what a form seems to lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.submissions import Submission
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

_FEWEST = 3
"""So many unknown words beside one another may be a table's header."""


def unknown_label(submission: Submission, view: FormView, headers: Mapping[str, Sequence[Header]]) -> str:
    """The first unknown word above the tables with a text of its own beside it; "" where there is none."""
    top = min((header.top for found in headers.values() for header in found), default=view.region.bottom)
    filled = {(entry.ref.row, entry.ref.column) for entry in submission.fields.values()}
    grid = view.region.grid
    for at in _strangers(view):
        beside = grid.anchor(at[0], grid.area(*at).right + 1)
        value = view.region.texts.get(beside, "").strip()
        if at[0] < top and value and not view.is_label(beside) and not {at, beside} & filled:
            return view.region.keys[at]
    return ""


def unknown_header(submission: Submission, view: FormView, headers: Mapping[str, Sequence[Header]]) -> str:
    """The first of at least three unknown words in a row that nothing was read from; "" without one."""
    read = {row for found in headers.values() for each in found for row in range(each.top, each.bottom + 1)}
    read |= {line.ref.row for line in submission.lines} | {each.ref.row for each in submission.indicators}
    rows: dict[int, list[Position]] = {}
    for at in _strangers(view):
        if at[0] not in read:
            rows.setdefault(at[0], []).append(at)
    return next((view.region.keys[cells[0]] for cells in rows.values() if len(cells) >= _FEWEST), "")


def _strangers(view: FormView) -> list[Position]:
    """Texts that are neither a label of the form, nor clerical, nor its title."""
    return [
        at
        for at, key in view.region.keys.items()
        if key
        and not view.is_label(at)
        and not view.is_clerical(at)
        and not view.vocabulary.titles_in(view.region.texts[at])
    ]
