"""When, by which version and from where a workbook was made, and the names of its sheets and its file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from jixiao.consolidation.words import UNKNOWN_DEPARTMENT
from jixiao.domain.cells import archived
from jixiao.domain.report import ColumnSpec, Link
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
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
    titles: Mapping[str, str] = field(default_factory=dict)
    """What findings are called, by code."""
    seed: str = ""
    """What the forms to be examined again are drawn with."""

    def title(self, subject: str) -> str:
        """The first row of a sheet: what it is about, year and round."""
        return say(
            "{year}年度预算绩效自评　{subject}（{name}）",
            year=self.round.year,
            subject=subject,
            name=self.round.name,
        )

    def note(self, reading: str, *, unit: str = say("万元、分")) -> str:
        """The second row of a sheet: unit, source and time, and how to read it."""
        units = say("单位：{unit}　", unit=unit) if unit else ""
        return say(
            "{units}来源：各部门报送的自评表　{stamp}{reading}",
            units=units,
            stamp=self.stamp,
            reading=reading,
        )

    @property
    def stamp(self) -> str:
        """生成：2025-04-20 18:00, with the gap that parts it from what follows; "" without a time."""
        return say("生成：{created:%Y-%m-%d %H:%M}　", created=self.created) if self.created else ""

    def source(self, file: str, sheet: str = "", cell: str = "") -> Link | str:
        """Where a figure comes from: "file › sheet!cell", leading there where inputs can be reached.

        The text names the file without its folders, which would make the widest column of a sheet.
        """
        name, path, anchor = _leading(file, sheet)
        place = f"{sheet}!{cell}" if cell else sheet
        text = f"{name} › {place}" if place else name
        if self.source_prefix is None:
            return text
        return Link(text, file=self.source_prefix + path, place=f"{anchor}{cell or 'A1'}" if anchor else "")


@lru_cache(maxsize=256)
def _leading(file: str, sheet: str) -> tuple[str, str, str]:
    """What a file is called, where it lies, and what leads to a sheet of it; the rows of a form share all."""
    path, inside = archived(file)
    name = "/".join(each.rpartition("/")[2] for each in (path, inside) if each)
    return name, path, "'{}'!".format(sheet.replace("'", "''")) if sheet and not inside else ""


def shown_department(name: str) -> str:
    """A department's name, or what stands for one that no form names."""
    return name or UNKNOWN_DEPARTMENT


# A name with one of these is not compared letter by letter by COUNTIF, nor one that reads as a number.
_CRITERION = re.compile(r"[*?~<>=]|^[\d.,%+-]")
_LONGEST_CRITERION = 255


def is_criterion(name: str) -> bool:
    """Whether formulas find rows by a name: it is compared letter by letter, and not too long."""
    return not _CRITERION.search(name) and len(name) <= _LONGEST_CRITERION


SOURCES = ColumnSpec("来源", wrap=60, folded=True)
"""Where the figures of a row come from: there to be followed, in nobody's way."""

OWN_SHEETS = frozenset(
    {
        *(
            "说明",
            "部门汇总",
            "项目汇总",
            "综合得分",
            "预算执行",
            "指标明细",
            "审核发现",
            "报送情况",
            "评分规则",
        ),
        *("总览", "关键指标", "内部考核", "满意度调查", "账表核对", "待确认用语", "整改情况", "去年对比"),
        *("值得一看", "核对", "关键指标明细", "抽查复核", "结果应用", "整改清单"),
    }
)


_Key = TypeVar("_Key", bound="Hashable")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
# 60 Chinese characters are 180 bytes: with a number and an ending below the 255 bytes of the narrowest.
_LONGEST_BYTES = 180


def feedback_names(departments: Iterable[str]) -> dict[str, str]:
    """A file name for each department's feedback workbook, ending included.

    Names that would be the same to a file system that ignores case or composes accents get （2）, （3）, …
    in the order given.
    """
    return file_names((department, (department, ".xlsx")) for department in departments)


def file_names(wanted: Iterable[tuple[_Key, tuple[str, str]]]) -> dict[_Key, str]:
    """A file name for each of some things, by what they are wanted to be called: a name and an ending."""
    taken: set[str] = set()
    names: dict[_Key, str] = {}
    for key, (stem, ending) in wanted:
        name = _unique(_safe(stem), taken)
        taken.add(name.casefold())
        names[key] = f"{name}{ending}"
    return names


def _safe(department: str) -> str:
    """A name without what Windows forbids: characters, endings in dot or blank, reserved words, length."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", department)).strip(" .")
    name = name.encode()[:_LONGEST_BYTES].decode(errors="ignore").rstrip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or UNKNOWN_DEPARTMENT


def _unique(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        candidate = say("{name}（{number}）", name=name, number=number)
    return candidate
