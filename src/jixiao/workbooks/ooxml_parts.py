"""What .xlsx and .xlsb share: which part is the workbook, what it relates to, and the document properties."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from jixiao.workbooks.drafts import Draft, Room
from jixiao.workbooks.packages import leaf_texts
from jixiao.workbooks.refusals import damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jixiao.domain.cells import Grid
    from jixiao.workbooks.packages import Package


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the last word of the relation's type, and the other part's name."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Styles:
    """What all cells refer to: format codes by style number ("" is General), texts, and the calendar."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    from_1904: bool = False

    def code(self, style: int) -> str:
        """The format code of a style; "" for one that the file does not define, as other programs do."""
        return self.codes[style] if 0 <= style < len(self.codes) else ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet as the workbook lists it; what kind of sheet it is, its relation says."""

    name: str
    relation_id: str
    hidden: bool
    names: tuple[tuple[str, str], ...] = ()
    """Names defined on the sheet, each with its formula."""


def read_tabs(
    file: str, tabs: Iterable[Tab], related: Mapping[str, Relation], fill: Callable[[str, Draft], None]
) -> tuple[Grid, ...]:
    """The worksheets in order; charts, dialogs and macro sheets are no forms.

    Args:
        file: the file's name in references.
        tabs: the sheets as listed.
        related: the workbook's relations by id.
        fill: reads the part of a worksheet into a draft.

    Raises:
        RefusalError: a listed sheet has no part, or `fill` refuses it.
    """
    grids: list[Grid] = []
    room = Room()
    for tab in tabs:
        room.take_sheet()
        relation = related.get(tab.relation_id)
        if relation is None:
            raise damaged(f"工作表“{tab.name}”没有内容")
        if relation.kind == "worksheet":
            draft = Draft(room)
            fill(relation.target, draft)
            for name, formula in tab.names:
                draft.name(name, formula)
            grids.append(draft.grid(file, tab.name, hidden=tab.hidden))
    return tuple(grids)


def relations(package: Package, part: str) -> Mapping[str, Relation]:
    """The relations of a part by id, without links out of the file; none where it has no relations part."""
    folder, name = dirname(part), part.rpartition("/")[2]
    rels = join(folder, "_rels", f"{name}.rels")
    if rels not in package:
        return {}
    return {
        element.get("Id", ""): Relation(
            element.get("Type", "").rpartition("/")[2],
            normpath(join("/", folder, element.get("Target", "").replace("\\", "/"))).lstrip("/"),
        )
        for element in package.elements(rels, "Relationship")
        if element.get("TargetMode") != "External"
    }


def main_part(package: Package) -> str:
    """The part that is the document, as the package says or where it usually is; "" where there is none."""
    named = [
        relation.target for relation in relations(package, "").values() if relation.kind == "officeDocument"
    ]
    usual = [part for part in ("xl/workbook.xml", "xl/workbook.bin") if part in package]
    return next(iter(named + usual), "")


def part_of_kind(related: Mapping[str, Relation], kind: str) -> str:
    """The one related part of a kind (styles, sharedStrings); "" where there is none."""
    return next((relation.target for relation in related.values() if relation.kind == kind), "")


def document_properties(package: Package) -> dict[str, str]:
    """Custom properties by name, and "modified", the stamp of the last save (ISO 8601)."""
    found: dict[str, str] = {}
    for element, text in leaf_texts(package, "docProps/custom.xml", "property"):
        found[element.get("name", "")] = text
    for _, text in leaf_texts(package, "docProps/core.xml", "modified"):
        found["modified"] = text
    return found
