"""A scheme's whole data as the text of its TOML file: only what differs from the scheme it extends."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from jixiao.catalog.loading.sources import OWN, Source, merge_layers, parse_source
from jixiao.catalog.toml_writing import same, toml_text, updated_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.catalog.loading.sources import KeyPath
    from jixiao.catalog.scheme_workbook.layouts import BookLayout


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


def revised_text(text: str, data: Mapping[str, object], parent: Mapping[str, object]) -> str | None:
    """An earlier text of the file, changed only where the data did; None where that cannot say the data.

    Its comments, its order and what it says beside need stay, as long as it means the same.
    """
    inherited = {key: value for key, value in parent.items() if key not in OWN}
    revised = updated_text(text, difference(data, inherited), data)
    merged, problems = merge_layers([parse_source("revised", revised), Source("parent", "", parent)])
    merged.pop("remove", None)
    wanted = {key: value for key, value in data.items() if key != "remove"}
    return revised if not problems and same(merged, wanted) and _same_order(merged, wanted) else None


def _same_order(one: object, other: object) -> bool:
    """Whether the members of all tables of tables come in the same order."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return True
    tables = all(isinstance(value, dict) for value in other.values())
    return (not tables or list(one) == list(other)) and all(
        _same_order(one[key], other[key]) for key in other
    )


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
    return toml_text(data)
