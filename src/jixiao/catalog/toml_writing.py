"""TOML written for people: new texts, and texts of theirs in which only what has changed is touched.

A scheme's file says only what differs from the scheme it extends.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, cast

import tomlkit
from tomlkit.items import AoT, Float, Trivia

from jixiao.catalog.loading.sources import OWN, Source, merge_layers, parse_source
from jixiao.domain.amounts import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from tomlkit.items import Array, Item, Table

    from jixiao.catalog.loading.sources import KeyPath
    from jixiao.catalog.scheme_workbook.layouts import BookLayout


_LONGEST = 90
"""Longer arrays stand on several lines."""


def toml_text(data: Mapping[str, object]) -> str:
    """The data as TOML, each number with its digits; a comment may stand before the text."""
    document = tomlkit.document()
    for key, value in _values_first(data):
        document.append(key, _item(value))
    return tomlkit.dumps(document).strip()


def updated_text(text: str, wanted: Mapping[str, object], also: Mapping[str, object]) -> str:
    """The text, saying what is `wanted`: comments, order and layout of all that stays are its writer's.

    What the text says beyond that stays where `also` says the same, the rest is taken out.
    """
    document = tomlkit.parse(text)
    current = tomllib.loads(text, parse_float=Decimal)
    _update(document, current, wanted, also)
    return tomlkit.dumps(document)


def same(one: object, other: object) -> bool:
    """Whether two values mean the same: 80, 80.0 and the text "80" do, true and 1 do not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, cast("list[object]", other)))
    return isinstance(one, bool) == isinstance(other, bool) and _number(one) == _number(other)


def _number(value: object) -> object:
    """The number that a text is, any other value as it is."""
    number = exact_number(value) if isinstance(value, str) else None
    return value if number is None else number


def _update(
    table: MutableMapping[str, object],
    current: Mapping[str, object],
    wanted: Mapping[str, object],
    also: Mapping[str, object],
) -> None:
    for key, value in current.items():
        if key in wanted:
            _update_value(table, key, value, wanted[key], also.get(key))
        elif not _stays(table, key, value, also.get(key)):
            del table[key]
    for key, new in wanted.items():
        if key not in current:
            table[key] = _item(new)


def _update_value(
    table: MutableMapping[str, object], key: str, value: object, new: object, also: object
) -> None:
    if same(value, new):
        return
    inner = table[key]
    if isinstance(value, Mapping) and isinstance(new, Mapping):
        _update(_table(inner), value, new, also if isinstance(also, Mapping) else {})
    elif (
        isinstance(inner, AoT)
        and isinstance(value, list)
        and isinstance(new, list)
        and len(value) == len(new)
    ):
        for member, old, changed in zip(inner, value, new, strict=True):
            _update(_table(member), old, changed, {})
    else:
        table[key] = _item(new)


def _stays(table: MutableMapping[str, object], key: str, value: object, also: object) -> bool:
    """Whether a value that need not be said may be; of a table what may be is left of it."""
    if not isinstance(value, Mapping) or not isinstance(also, Mapping):
        return same(value, also)
    inner = _table(table[key])
    _update(inner, value, {}, also)
    return bool(inner)


def _table(item: object) -> MutableMapping[str, object]:
    return cast("MutableMapping[str, object]", item)


def _item(value: object) -> Item:
    if isinstance(value, Mapping):
        return _new_table(value)
    if isinstance(value, list):
        return _array(value)
    if isinstance(value, Decimal):
        return Float(float(value), Trivia(), format(value, "f"))
    return tomlkit.item(value)


def _new_table(value: Mapping[str, object]) -> Table:
    only_tables = bool(value) and all(map(_has_header, value.values()))
    table = tomlkit.table(is_super_table=only_tables)
    for key, inner in _values_first(value):
        table.append(key, _item(inner))
    return table


def _array(value: list[object]) -> AoT | Array:
    if value and all(isinstance(each, Mapping) for each in value):
        rows = tomlkit.aot()
        for row in cast("list[Mapping[str, object]]", value):
            rows.append(_new_table(row))
        return rows
    return _inline_array(value)


def _inline(value: object) -> Item:
    """What stands within an array or an inline table: nothing in there has a header of its own."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, inner in value.items():
            table.append(key, _inline(inner))
        return table
    return _inline_array(value) if isinstance(value, list) else _item(value)


def _inline_array(value: list[object]) -> Array:
    array = tomlkit.array()
    for each in value:
        array.append(_inline(each))
    return array.multiline(len(array.as_string()) > _LONGEST)


def _values_first(data: Mapping[str, object]) -> list[tuple[str, object]]:
    """What stands under a table's header has to come before the tables inside it."""
    return sorted(data.items(), key=lambda pair: _has_header(pair[1]))


def _has_header(value: object) -> bool:
    rows = isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
    return isinstance(value, Mapping) or rows


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
    return "\n\n".join([heading, toml_text(single), *ordered]) + "\n"


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
        yield f"# ---- {names.get(key, key)} ----\n{toml_text({key: parts[key]})}"
