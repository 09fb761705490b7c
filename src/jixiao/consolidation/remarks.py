"""What a table says of a finding beside its place: without that, and with what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.domain.rounds import ReportedFinding


def remark(finding: ReportedFinding) -> str:
    """What is wrong; on lines of their own what follows from it and what was taken for granted.

    Few findings have either, so columns of their own would make every printed page smaller for nothing.
    """
    lines = (
        finding.statement,
        f"连带影响：{finding.effects}。" if finding.effects else "",
        f"推断依据：{finding.assumed}。" if finding.assumed else "",
    )
    return "\n".join(filter(None, lines))
