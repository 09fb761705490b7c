"""An answer sheet of a survey: known by its header and answers alone, read question by question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.supplements import Answer, Question
from jixiao.extraction.labels import compact, label_key
from jixiao.extraction.scales import decide_scale, is_word, read_answer, share_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef, Grid
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.supplements import AnswersLayout
    from jixiao.extraction.regions import Region
    from jixiao.extraction.scales import Reading

_ENOUGH_QUESTIONS = 2
"""So many columns with questions are needed where no export's column says what the sheet is."""
_FIRST_LOOK = 60
"""So many rows tell whether a column holds ratings at all."""
_CANDIDATES = 8
"""So many rows are tried as the header: titles and instructions speak of satisfaction as well."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column below its header: the answers given, as read."""

    column: int
    header: str
    ref: CellRef
    answers: Sequence[tuple[CellRef, str, Reading]]

    @property
    def readings(self) -> list[Reading]:
        return [reading for _, _, reading in self.answers]


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """Where the answers stand: the header's row and the columns with questions."""

    top: int
    columns: tuple[_Column, ...]


def find_answers(table: TableLayout, region: Region) -> AnswerSheet | None:
    """The answer sheet in a region; None where there is none.

    A header row needs a rated question and a column that only exports of questionnaires have (submission
    time, IP), or two headers that are questions to the person who answers. Where the heading or the sheet's
    name calls it a survey, one such header or any two rated ones will do.
    """
    layout = table.answers
    if layout is None:
        return None
    totals = {row for key in _keys(table.total_labels) for row, _ in region.positions(key)}
    best = AnswerSheet(region.top, ())
    for row, headers in _header_rows(layout, region):
        rows = [each for each in region.rows if each > row and each not in totals]
        rated = tuple(_rated_columns(row, headers, rows, layout, region.grid))
        best = AnswerSheet(row, rated) if len(rated) > len(best.columns) else best
    return best if best.columns and _is_survey(best.top, best.columns, layout, region) else None


def read_answers(table: TableLayout, region: Region) -> tuple[Question, ...]:
    """The questions of an answer sheet with their answers as shares of their scales, from left to right."""
    sheet, layout = find_answers(table, region), table.answers
    if sheet is None or layout is None:
        return ()
    heading = _heading(sheet.top, region)
    company = [reading for each in sheet.columns for reading in each.readings if isinstance(reading, str)]
    return tuple(_question(each, heading, company, layout) for each in sheet.columns)


def _question(column: _Column, heading: str, company: Sequence[Reading], layout: AnswersLayout) -> Question:
    decision = decide_scale((column.header, heading), column.readings, company, layout)
    scale = decision.scale
    answers = tuple(
        Answer(ref, text, share_of(reading, scale) if scale else None)
        for ref, text, reading in column.answers
    )
    overall = any(compact(word) in compact(column.header) for word in layout.overall)
    return Question(column.ref, column.header.strip(), answers, scale, decision.reason, overall)


def _rated_columns(
    row: int, headers: Sequence[int], rows: Sequence[int], layout: AnswersLayout, grid: Grid
) -> Iterator[_Column]:
    """The columns whose answers are ratings; a look at the first rows spares long lists of other things."""
    for column in headers:
        first = _column(row, column, rows[:_FIRST_LOOK], layout, grid)
        if not first.answers or _is_rated(first, layout):
            whole = _column(row, column, rows, layout, grid)
            if _is_rated(whole, layout):
                yield whole


def _header_rows(layout: AnswersLayout, region: Region) -> list[tuple[int, list[int]]]:
    """Rows that may be the header, with the columns that speak of satisfaction: most such columns first."""
    rows: dict[int, list[int]] = {}
    for (row, column), value in sorted(region.grid.values.items()):
        if region.top <= row < region.bottom and isinstance(value, str):
            text = compact(value)
            if _has(text, layout.questions) and not _is_aside(text, layout) and not is_word(value, layout):
                rows.setdefault(row, []).append(column)
    return sorted(rows.items(), key=lambda item: (-len(item[1]), item[0]))[:_CANDIDATES]


def _is_aside(text: str, layout: AnswersLayout) -> bool:
    """Whether a header is that of no rated question: a stamp, a note, a question of another kind."""
    return _has(text, layout.excludes) or _is_stamp(text, layout) or label_key(text) in _keys(layout.skipped)


def _is_stamp(text: str, layout: AnswersLayout) -> bool:
    return any(label_key(text).startswith(key) for key in _keys(layout.stamps))


def _column(row: int, column: int, rows: Sequence[int], layout: AnswersLayout, grid: Grid) -> _Column:
    answers = [
        (grid.ref(each, column), str(grid.values[each, column]).strip(), reading)
        for each in rows
        if (reading := read_answer(grid.values.get((each, column)), layout)) is not None
    ]
    return _Column(column, str(grid.values[row, column]), grid.ref(row, column), answers)


def _is_rated(column: _Column, layout: AnswersLayout) -> bool:
    """Whether some scale holds most of the answers: a column of opinions in words is no rating."""
    counts = Counter(column.readings)
    return any(
        sum(count for reading, count in counts.items() if share_of(reading, scale) is not None) * 5
        >= counts.total() * 4
        for scale in layout.scales
        if counts and (not scale.only or _has(compact(column.header), scale.only))
    )


def _is_survey(row: int, rated: Sequence[_Column], layout: AnswersLayout, region: Region) -> bool:
    texts = [compact(value) for value in _row_texts(row, region.grid)]
    if any(_is_stamp(text, layout) for text in texts):
        return True
    asked = sum(_has(compact(each.header), layout.marks) for each in rated)
    if asked >= _ENOUGH_QUESTIONS:
        return True
    hinted = _has(compact(region.grid.sheet + _heading(row, region)), layout.hints)
    return hinted and (asked > 0 or len(rated) >= _ENOUGH_QUESTIONS)


def _row_texts(row: int, grid: Grid) -> Iterator[str]:
    return (value for (at, _), value in grid.values.items() if at == row and isinstance(value, str))


def _heading(row: int, region: Region) -> str:
    """What stands above the header: title and instructions."""
    values: Mapping[tuple[int, int], object] = region.grid.values
    above = (values[at] for at in sorted(values) if region.top <= at[0] < row)
    return " ".join(value for value in above if isinstance(value, str))


def _has(text: str, words: Sequence[str]) -> bool:
    return any(compact(word) in text for word in words)


@lru_cache(maxsize=64)
def _keys(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(label_key(word) for word in words)
