"""Which cells findings call wrong: a figure that rests on one of them is marked so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jixiao.domain.cells import CellRef
    from jixiao.domain.rounds import ReportedFinding


class Disputes:
    """Findings by cell: those that have to be mended, and warnings that name another figure."""

    def __init__(self, findings: Iterable[ReportedFinding]) -> None:
        """Index a round's findings, worst first as they are given."""
        self._found: dict[tuple[str, str, str], list[ReportedFinding]] = defaultdict(list)
        for each in findings:
            own = {(each.file, each.sheet, each.cell)} if each.cell else set[tuple[str, str, str]]()
            for place in own | {(ref.file, ref.sheet, ref.a1) for ref in each.disputed}:
                if _disputes(each):
                    self._found[place].append(each)

    def about(self, refs: Iterable[CellRef]) -> Iterator[tuple[CellRef, ReportedFinding]]:
        """Each cell that is disputed, once, with the first finding that does so."""
        for ref in dict.fromkeys(refs):
            if found := self._found.get((ref.file, ref.sheet, ref.a1)):
                yield ref, found[0]


def _disputes(finding: ReportedFinding) -> bool:
    if finding.severity in {Severity.BLOCKING, Severity.ERROR}:
        return True
    return finding.severity is Severity.WARNING and finding.expected not in {"", finding.reported}
