"""File names for departments that every file system takes and that never collide."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from jixiao.consolidation.words import UNKNOWN_DEPARTMENT

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
# 60 Chinese characters are 180 bytes: with a number and an ending below the 255 bytes of the narrowest.
_LONGEST_BYTES = 180


def feedback_names(departments: Iterable[str]) -> dict[str, str]:
    """A file name for each department's feedback workbook, ending included.

    Names that would be the same to a file system that ignores case or composes accents get （2）, （3）, …
    in the order given.
    """
    taken: set[str] = set()
    names: dict[str, str] = {}
    for department in departments:
        name = _unique(_safe(department), taken)
        taken.add(name.casefold())
        names[department] = f"{name}.xlsx"
    return names


def _safe(department: str) -> str:
    """A name without what Windows forbids: characters, endings in dot or blank, reserved words, length."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", department)).strip(" .")
    name = name.encode()[:_LONGEST_BYTES].decode(errors="ignore").rstrip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or UNKNOWN_DEPARTMENT


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}（{number}）"
    return candidate
