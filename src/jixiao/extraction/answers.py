"""An answer sheet of a survey: known by its header and answers alone, read question by question."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.supplements import Answer, Question
from jixiao.domain.text_keys import compact, label_key, normalise
from jixiao.extraction.grammar import any_of
from jixiao.extraction.numbers import read_number
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef, Grid, Value
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.supplements import AnswerScale, AnswersLayout
    from jixiao.extraction.regions import Region


_OPTION_MARK = re.compile(r"^[(]?[A-Za-z](?:[.、:)-]|(?=[^\x00-\x7f]))|^\d{1,2}[-:](?=\D)")
"""What stands before an option: "A.", "B、", "(C)", "5-"."""

_MOST = Decimal("0.8")
"""Share of a column's answers that a scale must hold: slips of single questionnaires stay slips."""
_OPTION_GAP = re.compile(r"[/／、,，;；|\s()（）\[\]【】:：]+|\d+分?[=＝]?")
"""What stands between the options that a header lists."""
_FEWEST_OPTIONS = 2
_REACHED = Decimal("0.2")
"""Where not even the highest answer reaches this share of a scale, it is another scale."""

Reading = Decimal | str
"""An answer as points, or as the key of a word."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The scale of a question, or why it can't be told (in Chinese)."""

    scale: AnswerScale | None
    reason: str = ""


def read_answer(value: Value | None, layout: AnswersLayout) -> Reading | None:
    """An answer as points or as a word's key; None where none was given."""
    if value is None:
        return None
    if isinstance(value, Decimal):
        return None if str(value) in layout.blanks else value
    text = compact(str(value))
    if not text or text in layout.blanks or text.strip("()") in layout.blanks:
        return None
    for suffix in layout.suffixes:
        if (points := read_number(text.removesuffix(suffix))) is not None:
            return points
    points = read_number(text)
    return label_key(_OPTION_MARK.sub("", text)) if points is None else points


def is_word(text: str, layout: AnswersLayout) -> bool:
    """Whether a text is itself an answer in words, and so no header."""
    key = label_key(_OPTION_MARK.sub("", compact(text)))
    return any(key in word_shares(scale) for scale in layout.scales)


def share_of(reading: Reading, scale: AnswerScale) -> Decimal | None:
    """What share of the scale an answer reaches; None where it is none of the scale's."""
    return scale.share(reading) if isinstance(reading, Decimal) else word_shares(scale).get(reading)


def word_shares(scale: AnswerScale) -> Mapping[str, Decimal]:
    """The words of a scale by their keys."""
    return _keyed(tuple(scale.words.items()))


@lru_cache(maxsize=64)
def _keyed(words: tuple[tuple[str, Decimal], ...]) -> Mapping[str, Decimal]:
    return {label_key(word): share for word, share in words}


def named_scales(text: str, layout: AnswersLayout) -> tuple[AnswerScale, ...]:
    """The scales that a header or heading names: 满分10分, 1-5分, or the options of one in words.

    Of several scales in points the largest is meant: 10分为非常满意，5分为一般.
    """
    clean = normalise(text)
    for word in layout.neutral:
        clean = clean.replace(word, " ")
    points = [scale for scale in layout.scales if scale.top and _pattern(scale.labels).search(clean)]
    largest = sorted(points, key=lambda scale: scale.top or Decimal(0))[-1:]
    return (*largest, *_listed_scales(text, layout))


def _listed_scales(text: str, layout: AnswersLayout) -> list[AnswerScale]:
    """The scales whose options a text lists: 满意/基本满意/不满意. The best option is always among them."""
    parts = [label_key(_OPTION_MARK.sub("", compact(part))) for part in _OPTION_GAP.split(text)]
    options = {part for part in parts if any(part in word_shares(scale) for scale in layout.scales)}
    return [
        scale
        for scale in layout.scales
        if len(options) >= _FEWEST_OPTIONS
        and options <= word_shares(scale).keys()
        and any(word_shares(scale)[option] == 1 for option in options)
    ]


def decide_scale(
    texts: Sequence[str], readings: Sequence[Reading], company: Sequence[Reading], layout: AnswersLayout
) -> Decision:
    """The scale of one question: by its header, else by the sheet's heading, else by answers that leave one.

    `texts` are the header and the heading; the latter speaks of points or of words only to questions that are
    answered so. `company` are all answers in words on the sheet: one sheet uses one scale of words. Points
    from 1 to 5 under a header that names no scale may be of five or of ten: nobody knows. Of scales that all
    hold the words seen, the one whose highest word was chosen is taken.
    """
    in_points = any(isinstance(reading, Decimal) for reading in readings)
    for text in texts:
        if in_points and _pattern(layout.reversed).search(normalise(text)):
            return Decision(None, say("表头说明分数越小越满意，与通常的计分方向相反"))
        named = [each for each in named_scales(text, layout) if (each.top is not None) is in_points]
        fitting = [scale for scale in named if _fits(readings, scale, texts[0])]
        if named:
            return _checked(fitting[0], readings) if fitting else Decision(None, say("答案与写明的量表不符"))
    fitting = [scale for scale in layout.scales if _fits(readings, scale, texts[0])]
    if not fitting:
        return Decision(None, say("答案不属于任何一种量表"))
    if any(scale.top for scale in fitting):
        return _by_points(fitting, readings)
    together = [scale for scale in fitting if _fits(company, scale, texts[0])]
    topped = [scale for scale in together or fitting if _top_is_chosen(company, scale)]
    return _checked(topped[0], readings) if len(topped) == 1 else Decision(None, say("答案同时符合几种量表"))


def _by_points(fitting: Sequence[AnswerScale], readings: Sequence[Reading]) -> Decision:
    """The one scale in points that the answers leave; one that all of them are far below is none of them."""
    highest = max(reading for reading in readings if isinstance(reading, Decimal))
    likely = [scale for scale in fitting if scale.top and highest >= scale.top * _REACHED] or fitting
    if len(likely) == 1:
        return Decision(likely[0])
    tops = say("、").join(f"{scale.top:f}" for scale in likely)
    return Decision(None, say("没有写明满分，答案按满分 {tops} 分都说得通", tops=tops))


def _checked(scale: AnswerScale, readings: Sequence[Reading]) -> Decision:
    """Two words of one share in one column are two grades to whoever made the survey, not one."""
    shares = word_shares(scale)
    seen = sorted({reading for reading in readings if isinstance(reading, str) and reading in shares})
    counts = Counter(shares[word] for word in seen)
    twins = [word for word in seen if counts[shares[word]] > 1]
    return (
        Decision(None, say("“{twins}”的档次无法确定", twins=say("”“").join(twins)))
        if twins
        else Decision(scale)
    )


def _fits(readings: Sequence[Reading], scale: AnswerScale, header: str) -> bool:
    """Whether at least most of the answers can be read on a scale that is meant for such a header."""
    if scale.only and not any(compact(word) in compact(header) for word in scale.only):
        return False
    read = sum(share_of(reading, scale) is not None for reading in readings)
    return read > 0 and read >= len(readings) * _MOST


def _top_is_chosen(readings: Iterable[Reading], scale: AnswerScale) -> bool:
    words = word_shares(scale)
    return any(isinstance(reading, str) and words.get(reading) == 1 for reading in readings)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, not inside a longer number: 5分 is not in 15分."""
    return re.compile(rf"(?<![\d.])(?:{any_of(words)})(?!\d)") if words else re.compile(r"(?!)")


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
