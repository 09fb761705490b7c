"""Several targets in one cell: parted into an indicator each where nothing about it is a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.quantities import ActualKind, TargetKind
from jixiao.domain.submissions import State
from jixiao.extraction.hints import is_lower_better
from jixiao.extraction.indicator_rows import usual_levels
from jixiao.extraction.labels import label_key
from jixiao.extraction.targets import parse_actual, parse_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.quantities import Actual, Target
    from jixiao.domain.submissions import Indicator
    from jixiao.extraction.views import FormView

_ENDS = re.compile(r"[；;\n]+")
_HEADED = re.compile(r"\s*(?:([一-鿿]{2,12})\s*[:：])?\s*(.*)", re.DOTALL)
_WORDS = re.compile(r"[一-鿿]{2,}")
_MEASURED = {TargetKind.AT_LEAST, TargetKind.AT_MOST, TargetKind.EQUAL, TargetKind.UNSIGNED}


@dataclass(frozen=True, slots=True)
class _Piece:
    """One target with its actual. `head` is what stands before the colon: 数量指标."""

    head: str
    name: str
    target: Target
    actual: Actual

    @property
    def dimension(self) -> str:
        bound = self.target.low or self.target.high
        return bound.dimension if bound else ""

    @property
    def fits(self) -> bool:
        """Whether figure stands against figure in the same printed unit."""
        figure = self.actual.quantity if self.actual.kind is ActualKind.FIGURE else None
        return (
            self.target.kind in _MEASURED and figure is not None and figure.dimension == self.dimension != ""
        )


def part_targets(indicator: Indicator, view: FormView) -> tuple[Indicator, ...]:
    """An indicator for every target in its cell, sharing weight and score; itself where that is not certain.

    Certain is it where both cells hold as many pieces, every piece of the target is a figure, its actual is a
    figure in the same unit, and no other piece has that unit: then no two could be confounded.
    """
    if indicator.target.kind is not TargetKind.UNREADABLE:
        return (indicator,)
    wanted, got = _split(indicator.target.text), _split(indicator.actual.text)
    if len(wanted) < 2 or len(wanted) != len(got):  # noqa: PLR2004 - two make several
        return (indicator,)
    pieces = [_read(*pair, indicator, view) for pair in zip(wanted, got, strict=True)]
    if not all(piece.fits for piece in pieces) or len({piece.dimension for piece in pieces}) < len(pieces):
        return (indicator,)
    return tuple(_indicator(piece, indicator, view) for piece in pieces)


def _split(text: str) -> Sequence[str]:
    return [piece for piece in _ENDS.split(text) if piece.strip()]


def _read(wanted: str, got: str, indicator: Indicator, view: FormView) -> _Piece:
    head, wanted = _headed(wanted)
    words = _WORDS.match(wanted)
    name = words[0] if words else head
    lexicon, year = view.lexicon, view.region.year
    lower = is_lower_better(indicator.level2, f"{head}{name}", lexicon)
    target = parse_target(wanted, percent_format=False, lexicon=lexicon, lower_is_better=lower, year=year)
    actual = parse_actual(_headed(got)[1], percent_format=False, lexicon=lexicon, target=target, year=year)
    return _Piece(head, name, target, actual)


def _headed(text: str) -> tuple[str, str]:
    found = _HEADED.fullmatch(text)
    return (found[1] or "", found[2].strip()) if found else ("", text)


def _indicator(piece: _Piece, indicator: Indicator, view: FormView) -> Indicator:
    entries = dict(indicator.entries)
    for column, text in (("target", piece.target.text), ("actual", piece.actual.text)):
        entries[column] = replace(entries[column], state=State.TEXT, text=text)
    return replace(
        indicator,
        level2=usual_levels(view.layout).get(label_key(piece.head), indicator.level2),
        level3="：".join(filter(None, (indicator.level3, piece.name))),
        target=piece.target,
        actual=piece.actual,
        entries=entries,
    )
