"""The year of a form that prints none: what its texts, its file's name or the day of filling it in tell."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.domain.inferences import Basis, Inference
from jixiao.extraction.labels import compact, printed_day, printed_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.cells import Position
    from jixiao.extraction.views import FormView

_BY_TEXTS, _BY_FILE, _BY_DAY = 75, 65, 60
"""How surely, in percent."""
_LAST_MONTH = 9
"""Self-evaluations of a year are filled in until September of the next; later it may be this year's."""


def weak_year(view: FormView) -> tuple[int, Inference] | None:
    """The evaluated year and what it was inferred from; None where nothing tells, or texts name several."""
    named = [
        (at, year) for at, text in _texts(view) if not printed_day(text) and (year := printed_year(text))
    ]
    if named:
        if len({year for _, year in named}) > 1:
            return None
        return _found(*named[0], "表上提到的年份只有这一年", _BY_TEXTS, view)
    if year := printed_year(PurePosixPath(view.region.grid.file).stem):
        return _found((view.region.top, 0), year, "文件名里写有年份", _BY_FILE, view)
    for at, text in _texts(view):
        day = printed_day(text)
        if day and day[1] <= _LAST_MONTH and any(word in compact(text) for word in view.lexicon.clerical):
            return _found(at, day[0] - 1, "填报日期的上一年", _BY_DAY, view)
    return None


def _texts(view: FormView) -> Iterator[tuple[Position, str]]:
    region = view.region
    for at, value in sorted(region.grid.values.items()):
        if region.top <= at[0] < region.bottom and isinstance(value, str):
            yield at, value


def _found(at: Position, year: int, reason: str, certainty: int, view: FormView) -> tuple[int, Inference]:
    ref = view.region.grid.ref(*at)
    return year, Inference(Basis.NAME, ref, str(year), "year", "年度", reason, certainty)
