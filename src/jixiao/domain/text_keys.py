"""Texts brought to a key, so that two ways of writing one thing are one: labels, names, values.

Every key in the program is made here: `normalise` for values, `compact` for any word of a sheet, `label_key`
for labels, `clean_name` for names as they are kept, `compact_name` for names as they are compared,
`criterion_key` for rows of a scoring table, `printed_name` for rows in a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from jixiao.domain.spoken import OF_WHICH

_DASHES = "‐‑‒–—―−﹘﹣－⁃╌─━"
_TILDES = "～〜∼˜⁓"
_INVISIBLE = [
    *range(9),
    *range(14, 32),
    0x7F,
    0xAD,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    0x2060,
    0xFEFF,
]
_MARKS = {
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _TILDES), "~"),
    **dict.fromkeys(map(ord, "〔［【〖"), "("),
    **dict.fromkeys(map(ord, "〕］】〗"), ")"),
    **dict.fromkeys(map(ord, "“”‘’\"'`"), None),
    **dict.fromkeys(_INVISIBLE, None),
}
_KEPT = re.compile(r"([²³¹⁰-₟¼-¾⅐-⅟↉①-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿])")
"""Characters whose compatibility form would make up digits: 10² is not 102, ①完成 not 1完成."""
_GAP = re.compile(r"\s+")
_DIGIT_GAP = re.compile(r"(?<=[0-9])\s+(?=[0-9])")


@lru_cache(maxsize=16384)
def normalise(text: str) -> str:
    """NFKC, with one kind of dash, tilde and bracket, without quotation marks and invisible characters.

    White space of any kind goes, since Chinese has none that means anything; between two digits one space
    stays, so that "12 3" does not become 123. Serves for matching labels as well as for reading values.

    >>> normalise("≥ ９５ ％")
    '≥95%'
    """
    if not text.isascii():
        text = "".join(
            part if place % 2 else unicodedata.normalize("NFKC", part.translate(_MARKS))
            for place, part in enumerate(_KEPT.split(text))
        )
    text = text.translate(_MARKS)
    return " ".join(_GAP.sub("", part) for part in _DIGIT_GAP.split(text))


_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|[(]?\d{1,2}[)、.](?!\d))")
_LABEL_EDGES = " :,;、。.·*-—_"
_FORMULA = re.compile(r"(?<=[一-鿿])\s*[①-⑳](?:\s*=[①-⑳\s()（）+＋\-－/÷×*]+)?\s*$")
"""How a column is numbered and made up: 小计④=①+②+③."""
_SPACES = re.compile(r"\s+")
_OF_WHICH = (OF_WHICH, "其")


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
    bare = _NUMBERING.sub("", bare.strip(_LABEL_EDGES)).strip(_LABEL_EDGES)
    for prefix in _OF_WHICH:
        if bare.startswith(prefix + ":"):
            bare = bare[len(prefix) + 1 :].strip(_LABEL_EDGES)
    return bare.lower()


_LATIN_WORD = re.compile(r"[A-Za-z]{2}")


def has_words(text: str) -> bool:
    """Whether a label says anything: numbers of rows and letters of columns (12、（三）、④、B/A) do not."""
    spoken = "".join(each for each in text if unicodedata.numeric(each, None) is None)
    plain = unicodedata.normalize("NFKC", spoken)
    return bool(_LATIN_WORD.search(plain)) or any(each.isalpha() and not each.isascii() for each in plain)


_YEAR = r"(?:19|20)\d\d(?![A-Za-z\d])"
_CODE = rf"(?!{_YEAR})[A-Za-z]{{0,3}}\d{{3}}[A-Za-z\d]*+"
_LONG_CODE = rf"(?!{_YEAR})[A-Za-z]?\d{{6}}[A-Za-z\d]*+"
_IN_BRACKETS = rf"[\[(【〔]\s*{_CODE}\s*[\])】〕]"
_CODE_BEFORE = re.compile(
    rf"^(?:{_IN_BRACKETS}\s*[-—_:·]?|{_CODE}\s*[-—_:·]|{_CODE}\s|{_LONG_CODE})\s*(?=[一-鿿\"“《(])"
)
_CODE_AFTER = re.compile(rf"(?:{_IN_BRACKETS}|[-—_]{_LONG_CODE})$")
_SEAL = re.compile(r"[(](?:单位)?(?:公章|盖章|签章|章)[)]")


def clean_name(text: str) -> str:
    """The bare name.

    A code in brackets, before a dash or a space, or of six digits and more goes; a year stays
    (2024年中央资金), and so do a few digits that belong to the name (110指挥中心). Brackets come out
    full-width, so that two ways of typing one name are one name.
    """
    text = _SEAL.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    name = compact(_CODE_AFTER.sub("", _CODE_BEFORE.sub("", text).rstrip()))
    return name.replace("(", "（").replace(")", "）")


@lru_cache(maxsize=16384)
def compact_name(name: str) -> str:
    """A name's letters and digits alone, full-width ones made half-width: what two exact matches share.

    >>> compact_name("金融干部（业务）培训 ")
    '金融干部业务培训'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", name) if char.isalnum()).casefold()


_ASIDE = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=4096)
def criterion_key(name: str) -> str:
    """A row's name without what its brackets add: “三公经费”变动率（%） is 三公经费变动率."""
    return compact_name(_ASIDE.sub("", unicodedata.normalize("NFKC", name)))


def printed_name(label: str) -> str:
    """A row's or form's name in a sentence: without the line breaks and the closing colon that a cell has."""
    return "".join(label.split()).rstrip(":：")
