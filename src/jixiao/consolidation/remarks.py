"""The columns in which a table says what is wrong: beside the place, so the place is not said again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.report import ColumnSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.report import Content
    from jixiao.domain.rounds import ReportedFinding

EFFECTS, ASSUMED = "连带影响", "推断依据"


class Remarks:
    """问题 and 处理建议 of some findings; after them 连带影响 and 推断依据 where any of them has such."""

    def __init__(self, findings: Sequence[ReportedFinding]) -> None:
        """Look at which of the further columns there is something to say."""
        self._effects = any(each.effects for each in findings)
        self._assumed = any(each.assumed for each in findings)

    @property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns, in order."""
        further = ((EFFECTS, self._effects), (ASSUMED, self._assumed))
        return (
            *(ColumnSpec("问题", wrap=48), ColumnSpec("处理建议")),
            *(ColumnSpec(title, wrap=30) for title, said in further if said),
        )

    def row(self, finding: ReportedFinding) -> tuple[Content, ...]:
        """A finding's part of its row."""
        further = ((finding.effects, self._effects), (finding.assumed, self._assumed))
        return finding.statement, finding.suggestion, *(text or None for text, said in further if said)
