"""A region: the rows of a sheet that hold one form, with keys and labels of its texts; where one begins."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.own_sheets import sheet_fingerprint
from jixiao.domain.spoken import OF_WHICH
from jixiao.domain.text_keys import compact, label_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jixiao.domain.cells import Grid, Position, Value
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.vocabulary import Vocabulary

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|度|$)")
_CHINESE_YEAR = re.compile(r"([二一][〇零○0一二三四五六七八九]{3})年")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "0001234567890"[:12])
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[年./-](\d{1,2})[月./-]\d{1,2}(?!\d)")
_POINTS = re.compile(r"[(\[]?(?<!\d)(\d+(?:\.\d+)?)分[)\]]?")
_UNIT = re.compile(r"(?:单位:?|[(\[])(?:人民币)?(万元|千元|百万元|亿元|元)(?:[)\]]|$|[,;、])")
_LETTERS = re.compile(r"(?<=[一-鿿])=?(?:[a-z](?:[/÷][a-z])?)?(?:[*x×]100%?)?$")
_NEXT_LABEL = re.compile(r"(?:(?<=[\s;,、；，])|^)(?:其中[:：])?([一-鿿][一-鿿()（）/]{1,15})[:：]")
_COLONS = ":：﹕︓⩴"
"""What is a colon, or becomes one in compatibility form."""
_OF_WHICH = (OF_WHICH, "其")
_THIS_YEAR = "{year}"


@lru_cache(maxsize=65536)
def labels_in(text: str, year: int | None) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """A short text's key, all keys under which it may be known, and what follows the labels inside it.

    The form's year is {year} in them, the one before {last_year}: layouts hold for any year.
    """
    key = label_key(relative_years(text, year))
    return key, (key, *printed_aliases(key)), inline_values(text)


def printed_aliases(key: str) -> tuple[str, ...]:
    """Further keys under which a printed label may be known: without the form's year, without A, B and B/A.

    >>> printed_aliases("{year}年全年预算数a")
    ('全年预算数', '全年预算数a', '年全年预算数', '年全年预算数a')
    """
    bare = _LETTERS.sub("", key)
    if not key.startswith(_THIS_YEAR):
        return (bare,) if bare != key else ()
    rests = {each.removeprefix(_THIS_YEAR) for each in (key, bare)}
    rests |= {each.removeprefix(word) for each in rests for word in ("年度", "年")}
    return tuple(sorted(each for each in rests if each))


def inline_values(text: str) -> tuple[tuple[str, str], ...]:
    """Labels with a colon in one cell, each key with all that follows: "主管部门：某某局  填报日期：5月1日".

    Nothing where nothing follows a colon. Where a value ends, only who knows the form's labels can say: see
    `next_labels`.
    """
    if not any(colon in text for colon in _COLONS):
        return ()
    clean = unicodedata.normalize("NFKC", text).strip()
    head, colon, rest = clean.partition(":")
    if head.strip() in _OF_WHICH:
        head, colon, rest = rest.partition(":")
    if not colon or not rest.strip():
        return ()
    further = ((key, rest[end:]) for key, _, end in next_labels(rest))
    return tuple((key, value.strip()) for key, value in ((label_key(head), rest), *further))


def next_labels(text: str) -> tuple[tuple[str, int, int], ...]:
    """What may be labels inside a value, each with where it begins and where its own value begins."""
    if ":" not in text and "：" not in text:
        return ()
    return tuple((label_key(each[1]), each.start(), each.end()) for each in _NEXT_LABEL.finditer(text))


@lru_cache(maxsize=65536)
def printed_year(text: str) -> int | None:
    """The one year that a text names: 2024 in "2024年度…", "（2024）" or "二〇二四年度"; else None."""
    clean = compact(text)
    years = {int(year) for year in _YEAR.findall(clean.replace(")", "年"))}
    years |= {int(year.translate(_CHINESE_DIGITS)) for year in _CHINESE_YEAR.findall(clean)}
    return years.pop() if len(years) == 1 else None


@lru_cache(maxsize=65536)
def printed_day(text: str) -> tuple[int, int] | None:
    """The year and month of the one whole date that a text names: (2022, 3) in "填报日期：2022年3月8日"."""
    days = _DAY.findall(compact(text))
    return (int(days[0][0]), int(days[0][1])) if len(days) == 1 else None


def relative_years(text: str, year: int | None) -> str:
    """Put {year} for the form's year and {last_year} for the one before: layouts hold for any year."""
    if year is None:
        return text
    return text.replace(str(year), "{year}").replace(str(year - 1), "{last_year}")


def declared_points(text: str) -> Decimal | None:
    """The weight that a first-level name announces: 50 in "产出指标（50分）"."""
    found = _POINTS.search(compact(text))
    return Decimal(found[1]) if found else None


@lru_cache(maxsize=65536)
def declared_unit(text: str) -> MoneyUnit | None:
    """The unit of money that a heading declares: "单位：万元", "项目资金（元）"; None where it says none."""
    found = _UNIT.search(compact(text))
    return MoneyUnit(found[1]) if found else None


_FEWEST = 3
"""So many consecutive numbers are no chance."""
_LONGEST_NAME = 2
"""Characters of what may stand before the numbers: 栏次, 行次, 甲."""
_NUMBER = re.compile(r"[(]?(\d{1,2}|[A-Z])[)]?(?:=.*)?")
"""A column's number, perhaps with what it is reckoned from: (5)=(4)/(3)."""
_CIRCLED = {sign: str(number) for number, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", start=1)}


def without_numbering(rows: Sequence[int], region: Region) -> Sequence[int]:
    """The rows below a header without the first one, where this numbers the columns."""
    return rows[1:] if rows and is_numbering(rows[0], region) else rows


def is_numbering(row: int, region: Region) -> bool:
    """Whether a row holds nothing but consecutive numbers or letters from the first on, and its own name."""
    if row not in region.numbering:
        region.numbering[row] = _is_numbering(row, region)
    return region.numbering[row]


def _is_numbering(row: int, region: Region) -> bool:
    values = [value for _, value in region.row(row) if not _is_blank(value)]
    last = [_number_of(value) for value in values[-_FEWEST:]]
    if len(last) < _FEWEST or last != _from(last[0] or 0, last):  # most rows are told by their ends
        return False
    numbers = [_number_of(value) for value in values]
    first = next((at for at, number in enumerate(numbers) if number is not None), len(numbers))
    named = all(len(compact(str(value))) <= _LONGEST_NAME for value in values[:first])
    counted = numbers[first:]
    return named and len(counted) >= _FEWEST and counted in (_from(0, counted), _from(1, counted))


def _is_blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()


def _from(first: int, numbers: Sequence[int | None]) -> list[int]:
    return list(range(first, first + len(numbers)))


def _number_of(value: Value) -> int | None:
    """1 for 1, (1), ① and A."""
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else None
    text = str(value).strip()
    found = _NUMBER.fullmatch(_CIRCLED.get(text, compact(text)))
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else ord(found[1]) - ord("A") + 1


_SHORTEST = 2
"""Characters that have to be left of a label: one alone may be the rest of anything."""


@lru_cache(maxsize=65536)
def core_of(key: str, lexicon: Lexicon, *, origins: bool = True) -> str:
    """What is left of a label's key without its qualifiers; "" where that is too little to tell anything.

    `origins`: words that say whose the money is go as well. They do not where rows differ by just that.

    >>> core_of("本年度财政资金总额", lexicon)
    '总额'
    """
    core = _qualifiers(lexicon, origins).sub("", key)
    return core if len(core) >= _SHORTEST else ""


Cores = Mapping[str, str | None]
"""Names by what is left of their labels without qualifiers; None where several names' labels leave it."""


def cores_of(known: Mapping[str, Iterable[str]], lexicon: Lexicon, *, origins: bool = True) -> Cores:
    """The cores of label words by name."""
    cores: dict[str, str | None] = {}
    for name, labels in known.items():
        for label in labels:
            core = core_of(label_key(label), lexicon, origins=origins)
            cores[core] = name if cores.get(core, name) == name else None
    return cores


@lru_cache(maxsize=256)
def field_cores(layout: FormLayout, lexicon: Lexicon) -> Cores:
    """The cores of a form's fields."""
    return cores_of({field.name: field.labels for field in layout.fields}, lexicon)


@lru_cache(maxsize=1024)
def column_cores(table: TableLayout, lexicon: Lexicon) -> Cores:
    """The cores of a table's columns."""
    return cores_of({column.name: column.labels for column in table.columns}, lexicon)


def nearest(key: str, known: Cores, lexicon: Lexicon, *, origins: bool = True) -> str | None:
    """The one name that has a label with the same core as a key; None where none or several have."""
    core = core_of(key, lexicon, origins=origins)
    return known.get(core) if core else None


@lru_cache(maxsize=8)
def _qualifiers(lexicon: Lexicon, origins: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cache's key
    words = (*lexicon.qualifiers, *(lexicon.origins if origins else ()))
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


LONGEST_LABEL = 60
"""Texts longer than this are prose: neither label nor title."""
_LONGEST_LIST = 200
"""So long a text may be a list of amounts: 按收入性质分：120；其中：一般公共预算：100；…"""
_YEAR_REACH = 3
"""So many rows below its title a form may name its year."""


@dataclass(frozen=True, slots=True)
class Region:
    """Rows `top` to `bottom` (exclusive) of a grid.

    `texts` holds the short texts by position in reading order, `keys` their label keys, with the form's
    year and the one before replaced by {year} and {last_year}; `cells_by_key` knows them by their aliases,
    too.
    """

    grid: Grid
    top: int
    bottom: int
    year: int | None
    texts: Mapping[Position, str]
    keys: Mapping[Position, str]
    shown: Mapping[int, Sequence[tuple[int, Value]]]
    """What the rows hold that hold anything, each value with its column, from top to bottom and left to
    right."""
    cells_by_key: Mapping[str, Sequence[Position]]
    inline: Mapping[str, Sequence[tuple[Position, str]]]
    """Cells such as "主管部门：某某局", by the key before the colon, with what follows it."""
    year_at: Position | None = None
    """Where the year stands."""
    rows: Sequence[int] = field(init=False, repr=False, compare=False)
    """The rows that hold anything, so that a stray cell far below costs nothing."""
    numbering: dict[int, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By row whether it only numbers the columns, as far as somebody asked (`labels.is_numbering`)."""
    _anchors: dict[int, tuple[Position, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """List the rows once."""
        object.__setattr__(self, "rows", list(self.shown))

    def positions(self, key: str) -> Sequence[Position]:
        """Where a key stands, in reading order."""
        return self.cells_by_key.get(key, ())

    def row(self, row: int) -> Sequence[tuple[int, Value]]:
        """What a row of the grid holds, each value with its column."""
        if self.top <= row < self.bottom:
            return self.shown.get(row, ())
        values = self.grid.values
        return [(column, values[row, column]) for column in range(self.grid.width) if (row, column) in values]

    def anchors(self, row: int) -> tuple[Position, ...]:
        """The cells that are shown in a row, one a grid column, seen through merges."""
        found = self._anchors.get(row)
        if found is None:
            corners = self.grid.corners
            places = ((row, column) for column in range(self.grid.width))
            found = self._anchors[row] = tuple([corners.get(at) or at for at in places])
        return found


def cut_region(grid: Grid, top: int, bottom: int, title_row: int | None) -> Region:
    """The region of these rows; its year is the title's, else that of the first rows that name one."""
    texts: dict[Position, str] = {}
    shown: dict[int, list[tuple[int, Value]]] = {}
    prose, values = False, grid.values
    for position in sorted(values):
        row, value = position[0], values[position]
        if not top <= row < bottom:
            continue
        if row not in shown:
            shown[row] = own = []
        own.append((position[1], value))
        if isinstance(value, str):
            if len(value) <= LONGEST_LABEL:
                texts[position] = value
            else:
                prose = True
    year, year_at = _year_of(texts, title_row)
    keys: dict[Position, str] = {}
    cells_by_key: dict[str, list[Position]] = {}
    inline: dict[str, list[tuple[Position, str]]] = {}
    for position, text in texts.items():
        keys[position], aliases, inside = labels_in(text, year)
        for each in aliases:
            cells_by_key.setdefault(each, []).append(position)
        for label, rest in inside:
            inline.setdefault(label, []).append((position, rest))
    for position, label, rest in _listed_amounts(grid, top, bottom) if prose else ():
        inline.setdefault(label, []).append((position, rest))
    return Region(grid, top, bottom, year, texts, keys, shown, cells_by_key, inline, year_at)


def _listed_amounts(grid: Grid, top: int, bottom: int) -> Iterator[tuple[Position, str, str]]:
    """Labels with figures in texts too long for a label: each with its cell and what follows it."""
    for position, text in grid.values.items():
        if (
            isinstance(text, str)
            and LONGEST_LABEL < len(text) <= _LONGEST_LIST
            and top <= position[0] < bottom
        ):
            for label, value in inline_values(text):
                if value[:1].isdigit():
                    yield position, label, value


def _year_of(texts: Mapping[Position, str], title_row: int | None) -> tuple[int | None, Position | None]:
    """The year and its cell: the title's; where it names none, that of the first row near it that does.

    A whole date is when something was done or filled in, and no form's year. Of several years in that row
    (2023年决算数, 2024年决算数) it is the last: forms compare with the past.
    """
    titled = ((at, printed_year(text)) for at, text in texts.items() if at[0] == title_row)
    for at, year in titled:
        if year is not None:
            return year, at
    years: dict[int, list[tuple[int, Position]]] = {}
    for at, text in texts.items():
        near = title_row is None or at[0] <= title_row + _YEAR_REACH
        if near and not printed_day(text) and (named := printed_year(text)):
            years.setdefault(at[0], []).append((named, at))
    first = next(iter(years.values()), ())
    return max(first, key=lambda each: each[0], default=(None, None))


_HEADING = 3
"""So many rows from its title or first label on, the required labels of one form stand together."""


class Marks(NamedTuple):
    """What tells on a sheet where forms begin: titles, with the forms that each can be of, and labels.

    `heads` are the rows of the labels that a form asks for once, by their keys.
    """

    titles: Mapping[Position, frozenset[str]]
    heads: Mapping[str, Sequence[int]]


def marks_on(grid: Grid, vocabulary: Vocabulary) -> Marks:
    """The same of a sheet, looked for once."""
    titles: dict[Position, frozenset[str]] = {}
    heads: dict[str, list[int]] = {}
    titles_in, asked = vocabulary.titles_in, vocabulary.heads
    for at, value in grid.values.items():
        if not isinstance(value, str) or len(value) > LONGEST_LABEL:
            continue
        if forms := titles_in(value):
            titles[at] = forms
        if (key := label_key(value)) in asked and at[0] not in (rows := heads.setdefault(key, [])):
            rows.append(at[0])
    return Marks(titles, heads)


def find_titles(grid: Grid, marks: Marks, vocabulary: Vocabulary) -> dict[int, set[str]]:
    """Rows that hold a title, with the forms it can be of; a blank form's own fingerprint tells which."""
    titles: dict[int, set[str]] = defaultdict(set)
    for (row, _), forms in marks.titles.items():
        titles[row] |= forms
    printed, first = sheet_fingerprint(grid), min(titles, default=0)
    if printed and printed.form in vocabulary.forms and printed.form in titles.get(first, {printed.form}):
        titles[first] = {printed.form}
    return titles


def find_starts(titles: Mapping[int, set[str]], marks: Marks) -> list[int]:
    """Rows below the first form's start where another one may begin.

    Every further title, and where titles were left out, the rows in which a label comes again that a form
    asks for once: its project's or department's name.
    """
    rows, starts = marks.heads, sorted(titles)
    for again in sorted({row for places in rows.values() for row in sorted(places)[1:]}):
        if not any(start <= again <= start + _HEADING for start in starts):
            starts = sorted([*starts, again])
    first = min((*titles, *(row for places in rows.values() for row in places)), default=0)
    return [start for start in starts if start > first]


def side_by_side(grid: Grid, marks: Marks) -> tuple[Grid, ...]:
    """The sheet in upright strips, one for each title that stands beside another; one strip, else.

    The titles need not be in one row: 附件3 may be printed above one of them.
    """
    titles = [grid.area(*at) for at in marks.titles]
    lefts: list[int] = []
    right = -1
    for area in sorted(titles, key=lambda area: (area.left, area.right)):
        if area.left > right:
            lefts.append(area.left if lefts else 0)
            right = area.right
    lefts = lefts or [0]
    if len(lefts) == 1:
        return (grid,)
    ends = [*lefts, grid.width]
    return tuple(_strip(grid, left, right) for left, right in pairwise(ends))


def _strip(grid: Grid, left: int, right: int) -> Grid:
    values = {at: value for at, value in grid.values.items() if left <= at[1] < right}
    return replace(grid, values=values)
