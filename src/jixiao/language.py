"""In which language the program speaks: Chinese as it stands in the source, another by a catalogue.

A text is found by its Chinese template, as with gettext; the catalogues are
`seeds/languages/<language>/*.toml`, template by template, read as all other data. A process speaks one
language: `--lang` among its arguments, else `JIXIAO_LANG`, which the processes that it starts inherit. So
texts that are made when a module is imported are right as well, and what is kept of a run in one language is
not taken for another (`rules_digest`).

What departments write is no text of ours, nor are the words by which forms are read: none of them pass here.
"""

from __future__ import annotations

import os
import sys
import tomllib
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Language(StrEnum):
    """What there is a catalogue of, and Chinese."""

    CHINESE = "zh"
    ENGLISH = "en"


CHINESE: Final = Language.CHINESE
LANGUAGES: Final = tuple(Language)
OPTION: Final = "--lang"
VARIABLE: Final = "JIXIAO_LANG"
SHEET: Final = "sheet"
COLUMN: Final = "column"
_PROGRAMS = frozenset({"jixiao", "__main__"})


@cache
def language() -> str:
    """The language of this process; Chinese where another is asked for that there is no catalogue of."""
    asked = _asked(sys.argv) or os.environ.get(VARIABLE, CHINESE)
    if asked not in LANGUAGES:
        return CHINESE
    os.environ[VARIABLE] = asked
    return asked


def _asked(arguments: list[str]) -> str:
    """What `--lang` says among the arguments of our own command; "" where it is not there."""
    if Path(arguments[0]).stem not in _PROGRAMS:
        return ""
    for place, argument in enumerate(arguments):
        if argument == OPTION:
            return "".join(arguments[place + 1 : place + 2])
        if argument.startswith(f"{OPTION}="):
            return argument.partition("=")[2]
    return ""


def say(template: str, /, **values: object) -> str:
    """A text of ours in the language of this process, with `values` for its placeholders.

    Placeholders are those of `str.format`; a text without values is taken as it is, braces and all.

    >>> say("{file} 第 {line} 行", file="a.toml", line=3)
    'a.toml 第 3 行'
    """
    said = catalogue(language()).get(template, template)
    return said.format_map(values) if values else said


def spoken(text: str, kind: str = "") -> str:
    """A fixed text that goes by its Chinese until it is written: the name of a sheet or column.

    `kind` tells apart what is one word in Chinese alone: 说明 is a sheet, a column and a severity.
    """
    return _spoken(catalogue(language()), text, kind)


def _spoken(texts: Mapping[str, str], text: str, kind: str) -> str:
    return texts.get(f"{text}@{kind}", texts.get(text, text))


def known_as(titles: Iterable[str], kind: str = COLUMN) -> Mapping[str, str]:
    """Fixed texts by what they are in each language: a workbook may come back to who speaks another."""
    return _known_as(tuple(titles), kind)


@lru_cache(maxsize=64)
def _known_as(titles: tuple[str, ...], kind: str) -> Mapping[str, str]:
    return {_spoken(catalogue(each), title, kind): title for each in LANGUAGES for title in titles}


@cache
def catalogue(wanted: str) -> Mapping[str, str]:
    """Every text of a language by its Chinese template; none for Chinese, which stands in the source."""
    if wanted == CHINESE:
        return {}
    texts: dict[str, str] = {}
    for path in sorted(languages_folder(wanted).glob("*.toml")):
        texts |= tomllib.loads(path.read_text(encoding="utf-8")).get("texts", {})
    return texts


def languages_folder(wanted: str) -> Path:
    """The catalogues of a language."""
    return shipped_folder("seeds") / "languages" / wanted


def shipped_folder(name: str) -> Path:
    """A folder of data that comes with the program: inside the package of a wheel, else in the checkout."""
    packaged = Path(str(files("jixiao"))) / name
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / name
