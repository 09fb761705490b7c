"""A file merged over those it extends, with what was found wrong with it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog.sources import merge_layers, problem_at
from jixiao.catalog.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.catalog.lines import KeyPath
    from jixiao.catalog.problems import SchemeProblem
    from jixiao.catalog.sources import Source


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
        """Whether the file itself gives the value at this path, instead of inheriting it."""
        return self._layers[0].holds(path)

    def sound(self, *tables: str) -> bool:
        """Whether nothing is wrong so far in these top-level tables (in none at all, without a name)."""
        return not any(path[0] in tables or not tables for path, _ in self._problems)

    @property
    def problems(self) -> tuple[SchemeProblem, ...]:
        """Everything found, in the order of the file and its lines."""
        found = (problem for _, problem in self._problems)
        return tuple(sorted(found, key=lambda each: (each.file, each.line or 0, each.key)))
