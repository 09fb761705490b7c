"""First- and second-level names of indicators carried down the rows, and the points that they announce."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.submissions import Basis, Group, Inference, State
from jixiao.extraction.indicator_rows import level_key, usual_levels
from jixiao.extraction.labels import declared_points
from jixiao.language import say

if TYPE_CHECKING:
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.submissions import Entry
    from jixiao.extraction.indicator_rows import Row
    from jixiao.extraction.views import FormView

_BY_SECOND_LEVEL = 95
"""How surely, in percent, a first level whose words are lost is that of its second-level indicators."""


class LevelNames:
    """Carries first- and second-level names down the rows, in their usual spelling.

    `groups` are the first levels as they are printed, by name; `inferences` those whose words are lost
    (（50分） alone) and that were known by the second level beside them.
    """

    def __init__(self, table: TableLayout, view: FormView) -> None:
        """Nothing holds before the first row."""
        self.groups: dict[str, Group] = {}
        self.inferences: list[Inference] = []
        self._level1 = ""
        self._level2 = ""
        self._usual = usual_levels(view.layout)
        self._parents = first_levels(view.layout)
        self._table = table

    def of(self, row: Row) -> tuple[str, str]:
        """The names that hold in a row; a new first level ends the second."""
        heading = row.is_heading
        entry = next((each for each in row.entries.values() if heading), row.entries.get("level1"))
        named = self._is_name(row)
        level2 = "" if heading or named else self._name(row.entries.get("level2"))
        level1 = self._name(entry) or self._lost(row, level2)
        if level1 and level1 != self._level1:
            self._level1, self._level2 = level1, ""
        if level1 and entry and level1 not in self.groups:
            self.groups[level1] = Group(level1, entry.ref, declared_points(entry.text))
        self._level2 = "" if named else level2 or self._level2
        return self._level1, self._level2

    def _is_name(self, row: Row) -> bool:
        """Whether the indicator's own name reaches over the second level's column."""
        second, third = row.entries.get("level2"), row.entries.get("level3")
        shared = second is not None and third is not None and second.ref == third.ref and second.text != ""
        return shared and second is not None and level_key(second.text) not in self._usual

    def _name(self, entry: Entry | None) -> str:
        if entry is None or entry.state is not State.TEXT:
            return ""
        key = level_key(entry.text)
        return self._usual.get(key, key)

    def _lost(self, row: Row, level2: str) -> str:
        """The first level whose cell says nothing but its points, by the second level in its row."""
        entry = row.entries.get("level1")
        if entry is None or entry.state is not State.TEXT or entry.ref.row != row.number:
            return ""
        level1 = self._parents.get(level2, "")
        self._level1 = self._level2 = ""
        if level1:
            title = self._table.column("level1").title
            reason = say("二级指标是“{level2}”", level2=level2)
            address = f"{self._table.name}.{level1}.level1"
            text = entry.text.strip()
            self.inferences.append(
                Inference(
                    Basis.STRUCTURE,
                    entry.ref,
                    text,
                    address,
                    say("{title}“{level1}”", title=title, level1=level1),
                    reason,
                    _BY_SECOND_LEVEL,
                )
            )
        return level1


@lru_cache(maxsize=256)
def first_levels(layout: FormLayout) -> dict[str, str]:
    """The first level of every second one that belongs to one only, as the blank form prints them."""
    pairs = [(level2, level1) for level1, seconds in layout.blank.groups.items() for level2 in seconds]
    return {level2: level1 for level2, level1 in pairs if [one for one, _ in pairs].count(level2) == 1}
