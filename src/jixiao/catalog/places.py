"""Places in words: as a sentence begins, as one says them at another cell, several in short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.domain.cells import compact_cells
from jixiao.domain.findings import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.findings import Finding

_SUBJECT = "{where}"
_NAMED = re.compile(r"\{where\}\[?“\{label\}”")
_LEAD = "{where}："
_SHEET = "《{sheet}》"


def locate(place: Place) -> str:
    """Where a finding stands, as a sentence begins: 《附件3-1》D12, 《附件3-1》 or 文件“报送表.xlsx”."""
    return f"《{place.sheet}》{place.cell}" if place.sheet else f"文件“{place.file}”"


def without_place(template: str, finding: Finding) -> str:
    """The template of a sentence that stands beside its place: a name or 本表 is all it begins with."""
    rest = template.replace(_SHEET, "").replace(_LEAD, "")
    named = finding.place.cell and finding.label and _NAMED.search(rest)
    return rest.replace(_SUBJECT, "" if named else _stand_in(finding.place))


def _stand_in(place: Place) -> str:
    if place.cell:
        return "此处"
    return "本表" if place.sheet else "该文件"


def near(place: Place, at: Place) -> str:
    """A cell as one says it at another: by its address on the same sheet."""
    return f"{_sheet_name(place, at)}{place.cell}"


def list_places(findings: Sequence[Finding], at: Place) -> str:
    """Cells in short, sheet by sheet: A1:F17、《附件2》B3."""
    sheets: dict[tuple[str, str], list[str]] = {}
    for each in findings:
        sheets.setdefault((each.place.file, each.place.sheet), []).append(each.place.cell)
    return "、".join(
        _sheet_name(Place(file, sheet), at) + compact_cells(cells) for (file, sheet), cells in sheets.items()
    )


def _sheet_name(place: Place, at: Place) -> str:
    if (place.file, place.sheet) == (at.file, at.sheet):
        return ""
    return f"《{place.sheet}》" if place.sheet else f"文件“{place.file}”" if place.file else ""
