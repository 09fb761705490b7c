"""Label words as printed, brought to one key; and what a label says besides: a year, a unit, points."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.spoken import OF_WHICH

_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|[(]?\d{1,2}[)、.](?!\d))")
_EDGES = " :,;、。.·*-—_"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|度|$)")
_CHINESE_YEAR = re.compile(r"([二一][〇零○0一二三四五六七八九]{3})年")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "0001234567890"[:12])
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[年./-](\d{1,2})[月./-]\d{1,2}(?!\d)")
_POINTS = re.compile(r"[(\[]?(\d+(?:\.\d+)?)分[)\]]?")
_UNIT = re.compile(r"(?:单位:?|[(\[])(?:人民币)?(万元|千元|百万元|亿元|元)(?:[)\]]|$|[,;、])")
_FORMULA = re.compile(r"(?<=[一-鿿])\s*[①-⑳](?:\s*=[①-⑳\s()（）+＋\-－/÷×*]+)?\s*$")
"""How a column is numbered and made up: 小计④=①+②+③."""
_SPACES = re.compile(r"\s+")
_LETTERS = re.compile(r"(?<=[一-鿿])=?(?:[a-z](?:[/÷][a-z])?)?(?:[*x×]100%?)?$")
_NEXT_LABEL = re.compile(r"(?:(?<=[\s;,、；，])|^)(?:其中[:：])?([一-鿿][一-鿿()（）/]{1,15})[:：]")
_OF_WHICH = (OF_WHICH, "其")
_THIS_YEAR = "{year}"


@lru_cache(maxsize=65536)
def compact(text: str) -> str:
    """NFKC form without any white space: full-width letters, digits and brackets become half-width."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=65536)
def label_key(text: str) -> str:
    r"""The key of a label: compact, without brackets, numbering, 其中 and edge punctuation.

    >>> label_key("其中： 当年财政 拨款（万元）：")
    '当年财政拨款'
    >>> label_key("产出指标\n(50 分)")
    '产出指标'
    """
    bare = _BRACKETED.sub("", compact(_FORMULA.sub("", text)))
    bare = _NUMBERING.sub("", bare.strip(_EDGES)).strip(_EDGES)
    for prefix in _OF_WHICH:
        if bare.startswith(prefix + ":"):
            bare = bare[len(prefix) + 1 :].strip(_EDGES)
    return bare.lower()


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


@lru_cache(maxsize=65536)
def inline_values(text: str) -> tuple[tuple[str, str], ...]:
    """Labels with a colon in one cell, each key with all that follows: "主管部门：某某局  填报日期：5月1日".

    Nothing where nothing follows a colon. Where a value ends, only who knows the form's labels can say: see
    `next_labels`.
    """
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
