"""Where a table's header stands and which grid columns each of its columns covers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.forms import TableKind
from jixiao.extraction.regions import printed_year
from jixiao.extraction.vocabulary import column_keys, heads_of, item_names, ordered_keys

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from jixiao.domain.cells import Area, Position
    from jixiao.domain.forms import TableLayout
    from jixiao.extraction.regions import Region

_FEWEST = 2
"""One header word alone is a label, not a header."""
_LEVELS = ("level1", "level2", "level3")
_POINTS = ("weight", "self_score")
_REPEATED = 0.6
"""Share of the best header's columns from which a further header row counts as its repetition."""


@dataclass(frozen=True, slots=True)
class Header:
    """One printed header: its rows (both included) and, by column name, the grid columns (left, right).

    `naming` is the grid column whose heading says that it names the rows (任务名称); None where none does.
    """

    top: int
    bottom: int
    spans: Mapping[str, tuple[int, int]]
    naming: int | None = None
    left: int = field(init=False, repr=False, compare=False)
    """The first grid column that a header word stands over."""
    right: int = field(init=False, repr=False, compare=False)
    """The last grid column that a header word stands over."""

    def __post_init__(self) -> None:
        """Measure the header once: every row below it asks."""
        spans = self.spans.values()
        object.__setattr__(self, "left", min([left for left, _ in spans], default=0))
        object.__setattr__(self, "right", max([right for _, right in spans], default=0))


class _HeaderWord(NamedTuple):
    """A cell that holds a header word, with the names of the columns that the word can head."""

    area: Area
    columns: tuple[str, ...]


def find_headers(table: TableLayout, region: Region) -> tuple[Header, ...]:
    """The table's headers from top to bottom: the best one and its repetitions at page breaks.

    Empty where fewer than half of the required header words stand together; columns that forms of some kinds
    do not have need not be among them.
    """
    bands = _bands(table, region)
    best = _best(table, bands)
    if best is None or not _suffices(table, best):
        return ()
    common = heads_of(table).common
    repeated = [
        band
        for band in bands
        if len(band.spans) >= max(_FEWEST, _REPEATED * len(best.spans))
        and (common & band.spans.keys() or not common & best.spans.keys())
    ]
    headers = [_completed(band, best) for band in _without_overlaps(repeated, best)]
    if not table.naming:
        return tuple(headers)
    return tuple(replace(header, naming=_naming(table, header, region)) for header in headers)


def _naming(table: TableLayout, header: Header, region: Region) -> int | None:
    """The first column left of the figures whose heading names rows."""
    places = (at for key in ordered_keys(table.naming) for at in region.positions(key))
    return min(
        (column for row, column in places if header.top <= row <= header.bottom and column < header.left),
        default=None,
    )


def _bands(table: TableLayout, region: Region) -> list[Header]:
    words = _words_by_row(table, region)
    if table.kind is TableKind.INDICATORS:  # 分值 | 10 | 得分 | 9.8 is a row of a budget's figures
        words = {row: own for row, own in words.items() if not _has_figures_beside(own, region)}
    return [_read_band(row, words, region) for row in words]


def _has_figures_beside(words: Sequence[_HeaderWord], region: Region) -> bool:
    """Whether figures stand right of two words of a row: its words are labels, no headings."""
    beside = {word.area.right + 1 for word in words if _is_figure(word.area.top, word.area.right + 1, region)}
    return len(beside) >= _FEWEST


def _best(table: TableLayout, bands: Sequence[Header]) -> Header | None:
    """The band with most words; where the words above it only repeat one of its columns, without these."""
    heads = heads_of(table)

    def words(band: Header) -> tuple[bool, int, int]:
        names = band.spans.keys()
        return bool(heads.common & names), len(heads.required & names), len(names)

    best = max(bands, key=lambda band: (*words(band), -band.top), default=None)
    lower = [
        band for band in bands if best and best.top < band.top <= best.bottom and words(band) == words(best)
    ]
    return lower[-1] if lower else best


def _suffices(table: TableLayout, band: Header) -> bool:
    """Whether half of the required words are there, or half of those that forms of all kinds have.

    Points and a rate alone head no budget: they may be the indicators'.
    """
    heads, names = heads_of(table), band.spans.keys()
    enough = (len(wanted & names) * 2 >= len(wanted) for wanted in (heads.required, heads.common))
    pays = not (table.budget and table.kind is TableKind.LINES) or bool(heads.amounts & names)
    return len(band.spans) >= _FEWEST and pays and any(enough)


def _words_by_row(table: TableLayout, region: Region) -> dict[int, list[_HeaderWord]]:
    words: dict[int, list[_HeaderWord]] = defaultdict(list)
    columns, order = column_keys(table), heads_of(table).order
    for key in sorted(columns.keys() & region.cells_by_key.keys(), key=order.__getitem__):
        names = tuple(each.name for each in columns[key])
        for row, column in region.cells_by_key[key]:
            words[row].append(_HeaderWord(region.grid.area(row, column), names))
    words = {row: _of_this_year(own, table, region) for row, own in words.items()}
    if table.kind is not TableKind.LINES:
        return words
    return {row: _without_headings_of_labels(own, table, region) for row, own in words.items()}


def _of_this_year(words: list[_HeaderWord], table: TableLayout, region: Region) -> list[_HeaderWord]:
    """Of two words for one column not the one under an earlier year's heading: 2023年度 | 2024年度."""
    own = [word for word in words if not heads_past(word.area, table, region)] if table.past else words
    if len(own) == len(words):
        return words
    left = {word.columns for word in own}
    return [word for word in words if word in own or word.columns not in left]


def heads_past(area: Area, table: TableLayout, region: Region) -> bool:
    """Whether a heading, or the one above it, is an earlier year's; never where the layout knows no such."""
    if not table.past:
        return False
    if _is_past((area.top, area.left), table, region):
        return True
    return area.top > region.top and _is_past(region.grid.anchor(area.top - 1, area.left), table, region)


def _is_past(at: Position, table: TableLayout, region: Region) -> bool:
    key = region.keys.get(at, "")
    if not key:
        return False
    year = printed_year(region.texts[at]) if region.year is not None else None
    other = year is not None and region.year is not None and year < region.year
    return other or key.startswith(ordered_keys(table.past))


def _without_headings_of_labels(
    words: list[_HeaderWord], table: TableLayout, region: Region
) -> list[_HeaderWord]:
    """Of two words for one column the one that stands over the rows' labels heads these, not figures."""
    columns = [word.columns[0] for word in words]
    if len(set(columns)) == len(columns):
        return words
    labels = item_names(table)
    return [
        word
        for word in words
        if columns.count(word.columns[0]) == 1 or not _heads_labels(word.area, labels, region)
    ]


def _heads_labels(area: Area, labels: Container[str], region: Region) -> bool:
    below = (region.keys.get((area.bottom + step, area.left)) for step in (1, 2))
    return any(key in labels for key in below if key is not None)


def _read_band(top: int, words: Mapping[int, Sequence[_HeaderWord]], region: Region) -> Header:
    """The header that starts in row `top`, with the rows below that belong to it.

    A row belongs to it that a header cell reaches down to, or the next one if its words stand under no
    one-column header: a second line of headings, not a header of its own.
    """
    found = list(words[top])
    bottom = max(word.area.bottom for word in found)
    row = top + 1
    while row <= bottom + 1 and (row <= bottom or _is_second_line(words.get(row, ()), found, region)):
        found += words.get(row, ())
        bottom = max(bottom, *(word.area.bottom for word in words.get(row, ())), row)
        row += 1
    columns = [word for word in found if not _is_group(word, found)]
    return Header(top, bottom, _beside_names(_assign(columns), columns))


def _beside_names(
    spans: Mapping[str, tuple[int, int]], found: Sequence[_HeaderWord]
) -> Mapping[str, tuple[int, int]]:
    """The columns where every level has points of its own (一级指标 | 分值 | … | 三级指标 | 分值).

    An indicator's weight is the one right of its name; where the same word heads them all (得分), the score
    is the last of them.
    """
    after = {name: spans[name][1] + 1 for name in _LEVELS if name in spans}
    level3 = after.get(_LEVELS[-1])
    settled = dict(spans)
    for name in _POINTS:
        places = sorted((word.area.left, word.area.right) for word in found if name in word.columns[:1])
        beside = [place for place in places if place[0] in after.values()]
        if level3 is None or name not in spans or len(beside) < _FEWEST:
            continue
        own = [place for place in beside if place[0] == level3]
        settled[name] = own[0] if own and name == _POINTS[0] else places[-1]
    return settled


def _is_second_line(words: Sequence[_HeaderWord], above: Sequence[_HeaderWord], region: Region) -> bool:
    """Whether words stand under no known heading of one column, nor under a figure: 10/9.8 is no heading.

    A word in the very columns of one above stands below it in a list of labels; one alone with a figure right
    of it is a row's label.
    """
    single = {word.area.left for word in above if word.area.left == word.area.right}
    places = {(word.area.left, word.area.right) for word in above}
    if any((word.area.left, word.area.right) in places for word in words):
        return False
    if len(words) == 1 and _is_figure(words[0].area.top, words[0].area.right + 1, region):
        return False
    return bool(words) and not any(
        any(word.area.left <= column <= word.area.right for column in single)
        or _is_figure(word.area.top - 1, word.area.left, region)
        for word in words
    )


def _is_figure(row: int, column: int, region: Region) -> bool:
    value = region.grid.value(row, column)
    typed = isinstance(value, str) and value.strip()[:1].isdecimal()
    return isinstance(value, Decimal) or (typed and printed_year(str(value)) is None)


def _is_group(word: _HeaderWord, found: Sequence[_HeaderWord]) -> bool:
    """Whether a word only heads others: 指标值 over 年度指标值 and 实际完成值 is no column itself."""
    return any(
        each.area.top > word.area.bottom
        and word.area.left <= each.area.left <= each.area.right <= word.area.right
        and set(each.columns) & set(word.columns)
        for each in found
    )


def _assign(found: Sequence[_HeaderWord]) -> dict[str, tuple[int, int]]:
    """Give each word its column; words that can head one column only choose first, then from the left."""
    spans: dict[str, tuple[int, int]] = {}
    for word in sorted(found, key=lambda word: (len(word.columns), word.area.top, word.area.left)):
        free = next((name for name in word.columns if name not in spans), None)
        if free is not None:
            spans[free] = (word.area.left, word.area.right)
    return spans


def _completed(band: Header, best: Header) -> Header:
    """A repetition in the same columns has them all, even where a label is merged over one of its words."""
    if band is best:
        return band
    shared = band.spans.keys() & best.spans.keys()
    if any(band.spans[name] != best.spans[name] for name in shared):
        return band
    taken = {column for left, right in band.spans.values() for column in range(left, right + 1)}
    missing = {
        name: span for name, span in best.spans.items() if not taken & set(range(span[0], span[1] + 1))
    }
    return Header(band.top, band.bottom, {**missing, **band.spans}) if missing else band


def _without_overlaps(bands: Sequence[Header], best: Header) -> list[Header]:
    """Bands that start inside another's rows are parts of it; the best one always stays."""
    kept: list[Header] = []
    for band in sorted(bands, key=lambda band: (band is not best, -len(band.spans), band.top)):
        if all(band.bottom < other.top or band.top > other.bottom for other in kept):
            kept.append(band)
    return sorted(kept, key=lambda band: band.top)
