"""The sheet 值得一看: what is no mistake but worth a look, the strongest and the most money first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.domain.amounts import HUNDRED, ZERO
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Signal

SHEET = "值得一看"
_STRONG = 80


def strongest(signals: Iterable[Signal], most: int) -> tuple[Signal, ...]:
    """A department's signals, the strongest first and not more than so many."""
    return tuple(sorted(signals, key=_order)[:most])


def _order(signal: Signal) -> tuple[bool, object, int, str]:
    """Strong ones before others, then by money, then by strength."""
    return signal.strength < _STRONG, -(signal.money or ZERO), -signal.strength, signal.finding.finding_id


def signal_sheet(signals: Sequence[Signal], edition: Edition) -> Iterator[SheetSpec]:
    """One signal a row; no sheet where there is none."""
    if not signals:
        return
    columns = (
        *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("线索", wrap=18)),
        *(ColumnSpec("依据", wrap=64), ColumnSpec("强度", Kind.RATE, bar=True)),
        *(ColumnSpec("涉及金额", Kind.AMOUNT), ColumnSpec("位置", wrap=40), ColumnSpec("编号")),
    )
    yield SheetSpec(
        name=SHEET,
        about=say("一行一条线索：不是差错，供选取抽查复核对象时参考"),
        title=edition.title(spoken(SHEET)),
        note=edition.note(
            say(
                "强的（{strong}% 及以上）在前，同样的按金额从大到小。都不是差错，不发给部门，"
                "不影响得分和报送，可能有正当的原因；选取抽查复核对象时参考。",
                strong=_STRONG,
            ),
            unit=say("万元"),
        ),
        columns=columns,
        rows=tuple(_row(each, edition) for each in sorted(signals, key=_order)),
        fixed=1,
    )


def _row(signal: Signal, edition: Edition) -> tuple[Content, ...]:
    finding = signal.finding
    return (
        *(shown_department(finding.department), finding.project or None, signal.title, finding.statement),
        *(signal.strength / HUNDRED, signal.money),
        *(edition.source(finding.file, finding.sheet, finding.cell), finding.code),
    )
