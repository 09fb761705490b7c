"""On which scale a survey's questions were answered, and each answer as a share of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.extraction.grammar import any_of
from jixiao.extraction.labels import compact, label_key
from jixiao.extraction.numbers import read_number
from jixiao.extraction.spelling import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.cells import Value
    from jixiao.domain.supplements import AnswerScale, AnswersLayout

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
            return Decision(None, "表头说明分数越小越满意，与通常的计分方向相反")
        named = [each for each in named_scales(text, layout) if (each.top is not None) is in_points]
        fitting = [scale for scale in named if _fits(readings, scale, texts[0])]
        if named:
            return _checked(fitting[0], readings) if fitting else Decision(None, "答案与写明的量表不符")
    fitting = [scale for scale in layout.scales if _fits(readings, scale, texts[0])]
    if not fitting:
        return Decision(None, "答案不属于任何一种量表")
    if any(scale.top for scale in fitting):
        return _by_points(fitting, readings)
    together = [scale for scale in fitting if _fits(company, scale, texts[0])]
    topped = [scale for scale in together or fitting if _top_is_chosen(company, scale)]
    return _checked(topped[0], readings) if len(topped) == 1 else Decision(None, "答案同时符合几种量表")


def _by_points(fitting: Sequence[AnswerScale], readings: Sequence[Reading]) -> Decision:
    """The one scale in points that the answers leave; one that all of them are far below is none of them."""
    highest = max(reading for reading in readings if isinstance(reading, Decimal))
    likely = [scale for scale in fitting if scale.top and highest >= scale.top * _REACHED] or fitting
    if len(likely) == 1:
        return Decision(likely[0])
    tops = "、".join(f"{scale.top:f}" for scale in likely)
    return Decision(None, f"没有写明满分，答案按满分 {tops} 分都说得通")


def _checked(scale: AnswerScale, readings: Sequence[Reading]) -> Decision:
    """Two words of one share in one column are two grades to whoever made the survey, not one."""
    shares = word_shares(scale)
    seen = sorted({reading for reading in readings if isinstance(reading, str) and reading in shares})
    counts = Counter(shares[word] for word in seen)
    twins = [word for word in seen if counts[shares[word]] > 1]
    return Decision(None, f"“{'”“'.join(twins)}”的档次无法确定") if twins else Decision(scale)


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
