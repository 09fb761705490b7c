"""A scheme's whole data as the text of its TOML file: only what differs from the scheme it extends."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, cast

import tomli_w

from jixiao.catalog.loading.sources import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.catalog.loading.sources import KeyPath
    from jixiao.domain.scheme_books import BookLayout


Tables = dict[str, object]


def difference(wanted: Mapping[str, object], inherited: Mapping[str, object]) -> Tables:
    """What a file has to say so that, merged over `inherited`, it gives `wanted`; with `remove` where needed.

    The order of a table of tables counts: rules are listed and applied in it.
    """
    removed: list[str] = []
    own = _differ(wanted, inherited, (), removed)
    return {**own, "remove": removed} if removed else own


def _differ(
    wanted: Mapping[str, object], inherited: Mapping[str, object], path: KeyPath, removed: list[str]
) -> Tables:
    kept = _kept(wanted, inherited)
    removed += [".".join(map(str, (*path, key))) for key in inherited if key not in kept]
    own: Tables = {}
    for key, value in wanted.items():
        below = inherited.get(key) if key in kept else None
        if isinstance(value, dict) and isinstance(below, dict):
            inner = _differ(value, below, (*path, key), removed)
            if inner:
                own[key] = inner
        elif key not in kept or not same(value, below):
            own[key] = value
    return own


def _kept(wanted: Mapping[str, object], inherited: Mapping[str, object]) -> frozenset[str]:
    """The keys that can stay as they are: in a table of tables only while they come in the same order."""
    common = [key for key in inherited if key in wanted]
    if not wanted or not all(isinstance(value, dict) for value in wanted.values()):
        return frozenset(common)
    return frozenset(_in_order(list(wanted), common))


def _in_order(wanted: list[str], common: list[str]) -> Iterator[str]:
    """The longest beginning of `wanted` that is inherited in its order: merging puts that first."""
    beginning = list(takewhile(lambda key: key in common, wanted))
    places = [common.index(key) for key in beginning]
    for position, key in enumerate(beginning):
        if position and places[position] < places[position - 1]:
            return
        yield key


def same(one: object, other: object) -> bool:
    """Whether two values mean the same: 80 and 80.0 do, true and 1 do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, cast("list[object]", other)))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


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
