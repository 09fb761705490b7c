"""A scheme's data as the text of its TOML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli_w

from jixiao.catalog.differences import difference
from jixiao.catalog.sources import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.scheme_books import BookLayout

_INDENT = 2


def scheme_text(
    data: Mapping[str, object], parent: Mapping[str, object], layout: BookLayout, heading: str
) -> str:
    """The file: its heading, then only what differs from the parent, one section after the other.

    An empty parent stands for none: then everything is written.
    """
    inherited = {key: value for key, value in parent.items() if key not in OWN}
    own = difference(data, inherited)
    single = {key: value for key, value in own.items() if not _has_parts(value)}
    parts = _dump_parts({key: value for key, value in own.items() if key not in single}, layout)
    # What is no table of its own has to come before the first one, or it would belong to that.
    ordered = sorted(parts, key=lambda part: part.splitlines()[1].startswith("["))
    return "\n\n".join([heading, _dump(single), *ordered]) + "\n"


def _has_parts(value: object) -> bool:
    if isinstance(value, list):
        return any(isinstance(each, dict) for each in value)
    return isinstance(value, dict)


def _dump_parts(parts: Mapping[str, object], layout: BookLayout) -> Iterator[str]:
    """In the order of the workbook's sheets, each under the name of its sheet."""
    names = {sheet.section: sheet.name for sheet in layout.sheets if sheet.section}
    shown = [key for key in names if key in parts]
    for key in (*shown, *(each for each in parts if each not in names)):
        yield f"# ---- {names.get(key, key)} ----\n{_dump({key: parts[key]})}"


def _dump(data: Mapping[str, object]) -> str:
    return tomli_w.dumps(data, indent=_INDENT).strip()
