"""When, by which version and from where a workbook was made: what the core is told, since it has no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.words import UNKNOWN_DEPARTMENT
from jixiao.domain.report import Link

if TYPE_CHECKING:
    from datetime import datetime

    from jixiao.domain.rounds import Round


@dataclass(frozen=True, slots=True)
class Edition:
    """Of a workbook.

    `source_prefix` leads from its folder to the round's inputs and ends in "/"; None: no links. Without
    a time (None) nothing is said of it: what was made from the same forms stays the same at any time.
    """

    round: Round
    created: datetime | None
    version: str
    source_prefix: str | None = None

    def title(self, subject: str) -> str:
        """The first row of a sheet: what it is about, year and round."""
        return f"{self.round.year}年度预算绩效自评　{subject}（{self.round.name}）"

    def note(self, reading: str, *, unit: str = "万元、分") -> str:
        """The second row of a sheet: unit, source and time, and how to read it."""
        units = f"单位：{unit}　" if unit else ""
        return f"{units}来源：各部门报送的自评表　{self.stamp}{reading}"

    @property
    def stamp(self) -> str:
        """生成：2025-04-20 18:00, with the gap that parts it from what follows; "" without a time."""
        return f"生成：{self.created:%Y-%m-%d %H:%M}　" if self.created else ""

    def source(self, file: str, sheet: str = "", cell: str = "") -> Link | str:
        """Where a figure comes from: "file › sheet!cell", leading there where inputs can be reached.

        The text names the file without its folders, which would make the widest column of a sheet.
        """
        place = f"{sheet}!{cell}" if cell else sheet
        name = file.rpartition("/")[2]
        text = f"{name} › {place}" if place else name
        if self.source_prefix is None:
            return text
        anchor = "'{}'!{}".format(sheet.replace("'", "''"), cell or "A1") if sheet else ""
        return Link(text, file=self.source_prefix + file, place=anchor)


def shown_department(name: str) -> str:
    """A department's name, or what stands for one that no form names."""
    return name or UNKNOWN_DEPARTMENT
