"""How the answer sheet of a survey is known: the section [tables.NAME.answers] of a form's file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.answers import AnswerScale, AnswersLayout

if TYPE_CHECKING:
    from jixiao.catalog.tables import Table

_WHOLE_POINTS = Decimal(1)


def read_answers_layout(table: Table) -> AnswersLayout:
    """The words of headers and answers, and the scales."""
    layout = AnswersLayout(
        questions=table.texts("questions"),
        excludes=table.texts("excludes", ()),
        marks=table.texts("marks", ()),
        stamps=table.texts("stamps", ()),
        skipped=table.texts("skipped", ()),
        hints=table.texts("hints", ()),
        blanks=table.texts("blanks", ()),
        suffixes=table.texts("suffixes", ()),
        neutral=table.texts("neutral", ()),
        reversed=table.texts("reversed", ()),
        overall=table.texts("overall", ()),
        scales=tuple(_read_scale(scale) for scale in table.tables("scales")),
    )
    if not layout.scales:
        table.report("至少要有一种量表（scales）。", "scales")
    table.close()
    return layout


def _read_scale(table: Table) -> AnswerScale:
    """A scale in points has a `top`, one in words has `words`; never both."""
    top = table.decimal("top") if table.has("top") else None
    scale = AnswerScale(
        id=table.name,
        title=table.text("title"),
        satisfied=_read_share(table, "satisfied"),
        labels=table.texts("labels", ()),
        only=table.texts("only", ()),
        lowest=table.decimal("lowest") if table.has("lowest") else ZERO,
        top=top,
        step=table.decimal("step") if table.has("step") else _WHOLE_POINTS,
        words=table.decimals("words"),
    )
    if (top is None) != bool(scale.words):
        table.report("量表要么写满分（top），要么写各档词语（words），不能都写或都不写。", "top")
    if top is not None and (top <= scale.lowest or not scale.step):
        table.report(f"满分 {plain(top)} 应高于最低分，步长（step）应大于 0。", "top")
    _check_words(table, scale)
    table.close()
    return scale


def _read_share(table: Table, key: str) -> Decimal:
    share = table.decimal(key)
    if share > 1:
        table.report(f"“{key}”是占满分的比例，应在 0 与 1 之间，现为 {plain(share)}。", key)
    return share


def _check_words(table: Table, scale: AnswerScale) -> None:
    """Shares lie between 0 and 1, and the best word has all of the scale."""
    for word, share in scale.words.items():
        if share > 1:
            table.report(f"“{word}”占满分的比例应在 0 与 1 之间，现为 {plain(share)}。", "words", word)
    if scale.words and max(scale.words.values()) < 1:
        table.report("最好的一档应为 1（满分）。", "words")
