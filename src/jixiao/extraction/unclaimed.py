"""What a form has that nothing took: figures under unknown headings, words that may stand for what lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.submissions import Unrecognised
from jixiao.extraction.regions import is_numbering
from jixiao.extraction.vocabulary import keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.domain.submissions import Entry, Submission
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView


_FEWEST = 3
"""So many consecutive numbers are no chance."""


def unclaimed_figures(
    submission: Submission, headers: Mapping[str, Sequence[Header]], view: FormView
) -> tuple[Unrecognised, ...]:
    """The headings of numbers that were taken for nothing: a column's word above, else the word left of it.

    Numbers without a word, those that count columns or rows (列次, 行次), and those under words that the
    layout says are not read (序号) are not listed; nor are the answers of a survey.
    """
    if submission.questions:
        return ()
    taken = {entry.ref[2:] for entries in _entries(submission) for entry in entries.values()}
    taken.update(group.ref[2:] for group in submission.groups)
    numbers = _numbers(view)
    if taken.issuperset(numbers):
        return ()
    ignored = {key for table in view.layout.tables for key in keys_of(table.ignored_labels)}
    ordered = sorted((header for found in headers.values() for header in found), key=lambda each: each.top)
    listed: dict[Position, Unrecognised] = {}
    for at in sorted({*numbers} - taken - set(_counting(numbers, view))):
        heading = _heading(at, ordered, view)
        if heading is None or heading in listed or heading in taken or view.is_clerical(heading):
            continue
        if view.region.keys[heading] not in ignored:
            ref = view.region.grid.ref(*heading)
            listed[heading] = Unrecognised(ref, view.region.texts[heading].strip())
    return tuple(listed[each] for each in sorted(listed))


def _counting(numbers: Sequence[Position], view: FormView) -> Iterator[Position]:
    """The numbers that only count the columns in a row, or the rows in a column: 1, 2, 3 …."""
    counting = {row for row in view.region.rows if is_numbering(row, view.region)}
    columns: dict[int, list[Position]] = {}
    for row, column in numbers:
        if row in counting:
            yield row, column
        else:
            columns.setdefault(column, []).append((row, column))
    for places in columns.values():
        values = [view.region.grid.values[at] for at in places]
        if len(places) >= _FEWEST and values == list(range(1, len(places) + 1)):
            yield from places


def _numbers(view: FormView) -> list[Position]:
    """Where numbers stand, in reading order."""
    return [
        (row, column)
        for row, shown in view.region.shown.items()
        for column, value in shown
        if isinstance(value, Decimal)
    ]


def _entries(submission: Submission) -> list[Mapping[str, Entry]]:
    """All that was read from cells."""
    lines, indicators = submission.lines, submission.indicators
    rows = (*(line.entries for line in lines), *(indicator.entries for indicator in indicators))
    return [submission.fields, submission.total, *rows]


def _heading(at: Position, headers: Sequence[Header], view: FormView) -> Position | None:
    """The lowest word in the nearest header above, in the number's column; else the nearest to its left.

    A line of words right below a header is its second line: 其中：财政拨款 under 全年预算数.
    """
    grid, (row, column) = view.region.grid, at
    above = next((header for header in reversed(headers) if header.bottom < row), None)
    if above is not None and above.left <= column:
        second = above.bottom + 1
        figures = any(
            isinstance(grid.value(second, each), Decimal) for each in range(above.left, above.right + 1)
        )
        for each in range(above.bottom if figures or second >= row else second, above.top - 1, -1):
            if (heading := grid.anchor(each, column)) in view.region.keys:
                return heading
    for each in range(column - 1, -1, -1):
        if (heading := grid.anchor(row, each)) in view.region.keys:
            return heading
    return None


_FEWEST_WORDS = 3
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
    return next((view.region.keys[cells[0]] for cells in rows.values() if len(cells) >= _FEWEST_WORDS), "")


def _strangers(view: FormView) -> list[Position]:
    """Texts that are neither a label of the form, nor clerical, nor its title."""
    return [at for at, key in view.strange if key and not view.is_clerical(at) and at not in view.titles]
