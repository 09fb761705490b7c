"""Typed reading of TOML documents that collects every problem instead of stopping at the first.

Plain readers rather than pydantic: the messages are Chinese sentences that name the keys and values
allowed, the results are the frozen domain types themselves, and loading costs no import of a framework
(`jixiao check` has to start fast). A reader returns a neutral value after a problem, so that reading goes on.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from jixiao.catalog.loading.sources import merge_layers, problem_at
from jixiao.domain.amounts import exact_number
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jixiao.catalog.loading.sources import KeyPath, SchemeProblem, Source


Choice = TypeVar("Choice", bound=StrEnum)

_TYPES = {
    str: say("文字"),
    bool: say("true 或 false"),
    int: say("整数"),
    Decimal: say("数字"),
    list: say("数组"),
    dict: say("表"),
}


class Table:
    """A TOML table that knows its path and which of its keys were asked for.

    A `default` is for a key that is not given; without one the key is required. TOML has no null, so None
    always means "not given".
    """

    def __init__(
        self, report: Callable[[KeyPath, str], None], path: KeyPath, values: Mapping[str, object]
    ) -> None:
        """A table at a path; `report` takes the problems."""
        self.path = path
        self.names = tuple(values)
        self._report = report
        self._values = values
        self._asked: list[str] = []

    @property
    def name(self) -> str:
        """The last key of the path."""
        return str(self.path[-1]) if self.path else ""

    def report(self, message: str, *keys: str | int) -> None:
        """Note a problem at the table or at a key path inside it."""
        self._report((*self.path, *keys), message)

    def has(self, key: str) -> bool:
        """Whether the key is given; asking makes it a known one."""
        return self._get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            self._refuse(key, str)
            return ""
        if not value.strip():
            self.report(say("“{key}”不能为空。", key=key), key)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """An array of at least one text, none of them blank or twice there."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, list):
            self._refuse(key, list)
            return ()
        if not value:
            self.report(say("“{key}”至少要有一项。", key=key), key)
        for position, member in enumerate(value):
            if not isinstance(member, str) or not member.strip():
                self.report(say("应为不空的文字。"), key, position)
            elif member in value[:position]:
                self.report(say("“{member}”重复。", member=member), key, position)
        return tuple(member for member in value if isinstance(member, str))

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            self._refuse(key, bool)
            return False
        return value

    def integer(self, key: str, *, low: int, high: int) -> int:
        """A whole number between two bounds, both allowed."""
        value = self._get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self._refuse(key, int)
            return low
        if not low <= value <= high:
            self.report(
                say(
                    "“{key}”应在 {low} 与 {high} 之间，现为 {value}。",
                    key=key,
                    low=low,
                    high=high,
                    value=value,
                ),
                key,
            )
        return value

    def decimal(self, key: str, default: Decimal | None = None) -> Decimal:
        """An exact number that is not negative, written as a number or as a text."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        number = _exact(value)
        if number is None:
            self._refuse(key, Decimal)
            return Decimal(0)
        if number < 0:
            self.report(say("“{key}”不能为负数，现为 {number}。", key=key, number=number), key)
        return number

    def decimal_or_none(self, key: str) -> Decimal | None:
        """The same; None where it is not given."""
        return self.decimal(key) if self.has(key) else None

    def decimals(self, key: str) -> dict[str, Decimal]:
        """A table of exact numbers by name; an empty one where it is not given."""
        inner = self.table(key)
        return {name: inner.decimal(name) for name in inner.names} if inner else {}

    def choice(self, key: str, allowed: Sequence[Choice], default: Choice | None = None) -> Choice:
        """One of the allowed values."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        found = next((choice for choice in allowed if choice == value), None)
        if found is None:
            self._refuse_choice(value, allowed, key)
        return found or allowed[0]

    def choices(self, key: str, allowed: Sequence[Choice]) -> tuple[Choice, ...]:
        """An array of some of the allowed values, in their own order."""
        wanted = self.texts(key)
        for position, value in enumerate(wanted):
            if value not in allowed:
                self._refuse_choice(value, allowed, key, position)
        return tuple(choice for choice in allowed if choice in wanted)

    def table(self, key: str) -> Table | None:
        """A table inside this one; None where it is not given."""
        value = self._get(key)
        if isinstance(value, dict):
            return Table(self._report, (*self.path, key), value)
        if value is not None:
            self._refuse(key, dict)
        return None

    def section(self, key: str) -> Table:
        """A required table; where it is not given, a silent empty one, so that one problem is reported."""
        table = self.table(key)
        if table is None and self._get(key) is None:
            self._refuse(key, dict)
        return table or Table(_ignore, (*self.path, key), {})

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a table of tables, each under its name; none where it is not given."""
        outer = self.table(key)
        inner = (outer.table(name) for name in outer.names) if outer else ()
        yield from (table for table in inner if table is not None)

    def rows(self, key: str) -> Iterator[Table]:
        """The tables of an array of tables."""
        value = self._get(key)
        if not isinstance(value, list):
            self._refuse(key, list)
            return
        for position, member in enumerate(value):
            if isinstance(member, dict):
                yield Table(self._report, (*self.path, key, position), member)
            else:
                self.report(say("应为表。"), key, position)

    def values_without(self, *keys: str) -> dict[str, object]:
        """The table's values as they were read, some left out."""
        return {key: value for key, value in self._values.items() if key not in keys}

    def close(self) -> None:
        """Report every key that nobody asked for."""
        for key in self.names:
            if key not in self._asked:
                self.report(
                    say("不认识的键“{key}”，此处可用：{asked}。", key=key, asked=say("、").join(self._asked)),
                    key,
                )

    def _get(self, key: str) -> object:
        if key not in self._asked:
            self._asked.append(key)
        return self._values.get(key)

    def _refuse(self, key: str, wanted: type) -> None:
        value = self._get(key)
        if value is None:
            self.report(say("缺少“{key}”（{types}）。", key=key, types=_TYPES[wanted]), key)
        else:
            self.report(
                say(
                    "“{key}”应为{types}，现为{printed}。",
                    key=key,
                    types=_TYPES[wanted],
                    printed=_printed(value),
                ),
                key,
            )

    def _refuse_choice(self, value: object, allowed: Sequence[StrEnum], *keys: str | int) -> None:
        given = say("缺少“{keys}”", keys=keys[0]) if value is None else say("不认识“{value}”", value=value)
        self.report(say("{given}，可用：{allowed}。", given=given, allowed=say("、").join(allowed)), *keys)


def _ignore(path: KeyPath, message: str) -> None:
    """Takes the problems of a table that is known to be missing."""


def _exact(value: object) -> Decimal | None:
    """The exact number a value stands for; None where it stands for none."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    return exact_number(str(value))


def _printed(value: object) -> str:
    """What was given instead, in words: 文字“十”, 整数 10, 数组."""
    if isinstance(value, bool):
        return f" {str(value).lower()}"
    if isinstance(value, str):
        return say("文字“{value}”", value=value)
    if isinstance(value, int | Decimal):
        return say("数字 {value}", value=value)
    return _TYPES.get(type(value), say("日期"))


class Document:
    """A file merged over those it extends, with the problems found so far."""

    def __init__(self, layers: Sequence[Source]) -> None:
        """Merge the layers, the file itself first."""
        self._layers = tuple(layers)
        data, problems = merge_layers(layers)
        self._problems: list[tuple[KeyPath, SchemeProblem]] = [(("remove",), found) for found in problems]
        self.root = Table(self.report, (), data)

    def report(self, path: KeyPath, message: str) -> None:
        """Note a problem at a key path."""
        self._problems.append((path, problem_at(self._layers, path, message)))

    def owns(self, *path: str) -> bool:
        """Whether the file itself or an amendment of it gives the value at this path."""
        own = self._layers[0].file
        return any(layer.holds(path) for layer in self._layers if layer.file == own)

    def sound(self, *tables: str) -> bool:
        """Whether nothing is wrong so far in these top-level tables (in none at all, without a name)."""
        return not any(path[0] in tables or not tables for path, _ in self._problems)

    @property
    def problems(self) -> tuple[SchemeProblem, ...]:
        """Everything found, in the order of the file and its lines."""
        found = (problem for _, problem in self._problems)
        return tuple(sorted(found, key=lambda each: (each.file, each.line or 0, each.key)))
