"""Label words brought to one key, what they say besides, what only numbers, and words nearly known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.spoken import OF_WHICH
from jixiao.domain.text_keys import compact, label_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.cells import Value
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.regions import Region


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
