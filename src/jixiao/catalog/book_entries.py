"""One value of a scheme's file as the text or number of a cell; the way back stands in book_readings."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import tomli_w

from jixiao.domain.amounts import plain
from jixiao.domain.scheme_books import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jixiao.domain.scheme_books import EntryLayout

Written = Decimal | str
_EQUALS = "＝"


def write_entry(value: object, layout: EntryLayout) -> Written | None:
    """What stands in the cell; None where a value of this kind cannot be written in one."""
    return _WRITERS[layout.kind](value, layout)


def _write_text(value: object, _layout: EntryLayout) -> str | None:
    return value if isinstance(value, str) and value == value.strip() else None


def _write_lines(value: object, _layout: EntryLayout) -> str | None:
    return _joined(value) if isinstance(value, list) and all(_is_line(each) for each in value) else None


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value == value.strip() and "\n" not in value


def _joined(lines: list[str]) -> str:
    return "\n".join(lines)


def _write_number(value: object, _layout: EntryLayout) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    return exact_number(str(value))


def _write_whole(value: object, _layout: EntryLayout) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _write_flag(value: object, layout: EntryLayout) -> str | None:
    return layout.words[str(value).lower()] if isinstance(value, bool) else None


def _write_choice(value: object, layout: EntryLayout) -> str | None:
    return layout.words.get(value, value) if isinstance(value, str) else None


def _write_choices(value: object, layout: EntryLayout) -> str | None:
    if not isinstance(value, list) or not all(_is_line(each) for each in value):
        return None
    return _joined([layout.words.get(each, each) for each in value])


def _write_numbers(value: object, layout: EntryLayout) -> str | None:
    if not isinstance(value, dict):
        return None
    return _write_named([(layout.words.get(name, name), each) for name, each in value.items()], layout)


def _write_pairs(value: object, layout: EntryLayout) -> str | None:
    if not isinstance(value, list):
        return None
    if not all(isinstance(each, dict) and set(each) == set(layout.keys) for each in value):
        return None
    first, second = layout.keys
    return _write_named([(each[first], each[second]) for each in value], layout)


def _write_named(pairs: list[tuple[object, object]], layout: EntryLayout) -> str | None:
    lines = []
    for name, value in pairs:
        number = _write_number(value, layout)
        written = plain(name) if isinstance(name, Decimal) else str(name)
        if number is None or not _is_line(written):
            return None
        lines.append(f"{written}{_EQUALS}{plain(number)}")
    return _joined(lines)


def _write_raw(value: object, layout: EntryLayout) -> str:
    """A table as its keys, one a line; anything else, and a table that would look like it, under its name."""
    alone = isinstance(value, dict) and set(value) != {layout.name}
    return tomli_w.dumps(value if isinstance(value, dict) and alone else {layout.name: value}).strip()


def exact_number(text: str) -> Decimal | None:
    """The number that a text is, whatever the width of its digits; None for anything else."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_WRITERS: Mapping[EntryKind, Callable[[object, EntryLayout], Written | None]] = {
    EntryKind.TEXT: _write_text,
    EntryKind.LINES: _write_lines,
    EntryKind.NUMBER: _write_number,
    EntryKind.WHOLE: _write_whole,
    EntryKind.SHARE: _write_number,
    EntryKind.FLAG: _write_flag,
    EntryKind.CHOICE: _write_choice,
    EntryKind.CHOICES: _write_choices,
    EntryKind.NUMBERS: _write_numbers,
    EntryKind.PAIRS: _write_pairs,
    EntryKind.RAW: _write_raw,
}
