"""On which line of a TOML text each key stands; tomllib itself forgets it."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KeyPath = tuple[str | int, ...]
"""From the root to a value: table keys, and positions (from 0) in arrays."""


@lru_cache(maxsize=32)
def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The line, counted from 1, on which every key path of a valid TOML text is first given.

    Only worked out when there is a problem to report: it reads the text statement by statement and lets
    tomllib say where a statement ends, so that strings and arrays over several lines need no second parser.
    """
    lines: dict[KeyPath, int] = {}
    sizes: dict[KeyPath, int] = {}
    base: KeyPath = ()
    for line, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            base = _header_path(parsed, sizes, opens=statement.lstrip().startswith("[["))
            paths: Iterator[KeyPath] = (base[:end] for end in range(1, len(base) + 1))
        else:
            paths = (base + path for path in _paths(parsed))
        for path in paths:
            lines.setdefault(path, line)
    return lines


def line_of(text: str, path: KeyPath) -> int | None:
    """The line of a key path, or of the nearest table around it that has one; None for the root."""
    lines = key_lines(text)
    nearest = (lines.get(path[:end]) for end in range(len(path), 0, -1))
    return next((line for line in nearest if line is not None), None)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its first line: the fewest lines from there on that parse by themselves."""
    statement = ""
    first = 1
    for number, line in enumerate(text.split("\n"), start=1):
        statement += line + "\n"
        if _parses(statement):
            yield first, statement
            statement, first = "", number + 1


def _parses(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _header_path(parsed: dict[str, object], sizes: dict[KeyPath, int], *, opens: bool) -> KeyPath:
    """The path a header leads to; `opens`: it begins a new entry of an array of tables."""
    names = _chain(parsed)
    path: KeyPath = ()
    for position, name in enumerate(names, start=1):
        path += (name,)
        if opens and position == len(names):
            sizes[path] = sizes.get(path, 0) + 1
        if path in sizes:
            path += (sizes[path] - 1,)
    return path


def _chain(parsed: dict[str, object]) -> tuple[str, ...]:
    """The names of a header that was parsed alone: {"a": {"b": {}}} is a.b."""
    names: list[str] = []
    inner: object = parsed
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        names.append(name)
    return tuple(names)


def _paths(value: object) -> Iterator[KeyPath]:
    """Every path inside a value."""
    if isinstance(value, dict):
        members: Iterator[tuple[str | int, object]] = iter(value.items())
    elif isinstance(value, list):
        members = enumerate(value)
    else:
        return
    for key, member in members:
        yield (key,)
        yield from ((key, *path) for path in _paths(member))
