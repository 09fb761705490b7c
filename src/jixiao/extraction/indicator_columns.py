"""Columns of an indicator block whose header words no list knows: found by what stands in and beside them.

Weights add up to the points there are, scores are at most the weights row by row, levels carry their usual
names, a unit's column holds units, targets and actual values are written alike. What fits two columns is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.inferences import Basis, Inference
from jixiao.extraction.block_starts import header_over_levels
from jixiao.extraction.column_points import find_points
from jixiao.extraction.column_strips import Strip, free_strips, known_strip
from jixiao.extraction.column_texts import find_levels, find_name, find_reason, find_signs, find_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import FormView

Found = tuple[str, Strip, str, int]
"""A column's name, where it lies, the Chinese reason, and how surely in percent."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked through: the columns without known words, those with, and the form's words."""

    free: tuple[Strip, ...]
    known: Mapping[str, Strip]
    table: TableLayout
    view: FormView

    def lacks(self, name: str) -> bool:
        """Whether the table has such a column and none was found for it."""
        return name not in self.known and any(column.name == name for column in self.table.columns)

    def with_found(self, name: str, strip: Strip) -> Search:
        """The same after one more column is known."""
        free = tuple(each for each in self.free if each is not strip)
        return replace(self, free=free, known={**self.known, name: strip})


_FINDERS: tuple[Callable[[Search], Iterator[Found]], ...] = (
    find_levels,
    find_signs,
    find_points,
    find_values,
    find_name,
    find_reason,
)


def complete(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView
) -> tuple[tuple[Header, ...], tuple[Inference, ...]]:
    """The headers with the columns that their figures and texts tell, and what was inferred, once a column.

    `end` is the row above which the last header's rows end. Nothing is done for a header all of whose words
    are known. Where too few are known to find a header, the usual names of the levels below show where it is.
    """
    if not headers:
        weak = header_over_levels(table, view)
        found, told_of = complete(table, (weak,), view.region.bottom, view) if weak else ((), ())
        return (found, told_of) if found and {"level3", "target"} <= set(found[0].spans) else ((), ())
    completed: list[Header] = []
    told: dict[str, Inference] = {}
    for header, bottom in zip(headers, [*(each.top for each in headers[1:]), end], strict=True):
        spans = dict(header.spans)
        for name, strip, reason, certainty in _found(table, header, bottom, view):
            spans[name] = strip.span
            inference = _inference(table, name, strip, reason, certainty, view)
            told.setdefault(name, inference)
        completed.append(replace(header, spans=spans))
    return tuple(completed), tuple(told.values())


def _found(table: TableLayout, header: Header, bottom: int, view: FormView) -> list[Found]:
    free = free_strips(table, header, bottom, view)
    if not free and "level3" in header.spans:
        return []
    known = {name: known_strip(span, table, header, bottom, view) for name, span in header.spans.items()}
    search = Search(free, known, table, view)
    found: list[Found] = []
    for find in _FINDERS:
        for each in find(search):
            found.append(each)
            search = search.with_found(each[0], each[1])
    return found


def _inference(  # noqa: PLR0913 - what was found and where
    table: TableLayout, name: str, strip: Strip, reason: str, certainty: int, view: FormView
) -> Inference:
    ref = view.region.grid.ref(*strip.heading)
    title = table.column(name).title
    address = f"{table.name}..{name}"
    return Inference(Basis.STRUCTURE, ref, strip.text, address, title, reason, certainty)
