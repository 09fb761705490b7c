"""One form beside its line in the finance department's books, figure by figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.addresses import Address
from jixiao.domain.amounts import AMOUNT_STEP, ZERO
from jixiao.domain.books import BookVerdict, Reconciliation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.books import BookedFigure, BookLine, Books
    from jixiao.domain.forms import Entry, Submission


class _Pair(NamedTuple):
    """A figure of the form and one of the books that it may mean."""

    entry: Entry
    reported: Decimal
    booked: Decimal

    @property
    def gap(self) -> Decimal:
        return abs(self.reported - self.booked)


def compare_form(
    submission: Submission, line: BookLine, booked: Sequence[BookedFigure], slack: Decimal
) -> tuple[Reconciliation, ...]:
    """A row for every figure that the form and the books both have a place for.

    Of several places and sums that a figure may stand for, the pair that differs least counts. Figures agree
    within `slack` 万元, what rounding excuses. Where neither side gives a figure there is nothing to say.
    """
    return tuple(row for figure in booked for row in _compare_figure(submission, line, figure, slack))


def book_step(books: Books) -> Decimal:
    """The unit in 万元 that the books print their amounts in: that of the finest figure, at least 0.01."""
    steps = [entry.step for line in books.lines for entry in line.entries.values() if entry.step is not None]
    return max(AMOUNT_STEP, min(steps, default=AMOUNT_STEP))


def _compare_figure(
    submission: Submission, line: BookLine, figure: BookedFigure, slack: Decimal
) -> Iterator[Reconciliation]:
    cells = [cell for address in figure.addresses if (cell := Address.parse(address).entry(submission))]
    if not cells or figure.column not in line.entries:
        return
    nearest = min(_pairs(cells, line, figure), key=lambda pair: pair.gap, default=None)
    reported = next((cell.value for cell in cells if cell.value is not None), None)
    booked = line.value(figure.column)
    if nearest:
        verdict = BookVerdict.AGREES if nearest.gap <= slack else BookVerdict.DIFFERS
        reported, booked = nearest.reported, nearest.booked
    elif reported is not None or booked:
        verdict = BookVerdict.UNKNOWN
    else:
        return
    yield Reconciliation(
        department=submission.department,
        project=submission.project,
        form=submission.form,
        item=figure.title,
        verdict=verdict,
        reported=reported,
        booked=booked,
        booked_as=line.project,
        ref=(nearest.entry if nearest else cells[0]).ref,
        book_ref=line.entries[figure.column].ref,
    )


def _pairs(cells: Sequence[Entry], line: BookLine, figure: BookedFigure) -> Iterator[_Pair]:
    """Every cell with the books' figure, then with that figure and what it may include."""
    alone = line.value(figure.column)
    if alone is None:
        return
    included = [value for column in figure.includes if (value := line.value(column)) is not None]
    for booked in (alone, sum(included, alone)):
        yield from (_Pair(cell, cell.value, booked) for cell in cells if cell.value is not None)


def is_carryover(line: BookLine) -> bool:
    """Whether a project lives on last year's money alone: such projects often have no form of their own."""
    return not line.value("initial_budget") and (line.value("carryover") or ZERO) > ZERO
