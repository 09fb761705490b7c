"""findings.csv and the sheets 审核发现, every finding in words, and 值得一看, worth a look."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.words import FATES, SEVERITIES, form_titles
from jixiao.domain.amounts import HUNDRED, ZERO
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate
from jixiao.domain.forms import Scope
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.language import SHEET, say, spoken
from jixiao.schemas.tidy import CELL, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Correction
    from jixiao.domain.report import Content, Row
    from jixiao.domain.rounds import Evaluation, ReportedFinding, Signal
    from jixiao.domain.submissions import Submission

_SCOPES = [each.value for each in Scope]
_SEVERITIES = [each.value for each in Severity]
FINDINGS_SHEET, ID = "审核发现", "编号"
OPINION_COLUMNS = ("处理意见", "经办", "日期")
"""What officers write beside a finding: the next run reads it back and carries it over."""
_FATES = [*(each.value for each in Fate), ""]
_CODE = r"^[FLVASXPQ]\d{3}$"


class Findings(TidyTable, table="findings"):
    """findings.csv: every finding in words."""

    finding_id: str
    code: str
    severity: str
    department: str
    scope: str = pa.Field(nullable=True)
    project: str
    form: str
    file: str
    sheet: str
    cell: str
    label: str
    reported: str
    expected: str
    message: str
    suggestion: str
    assumed: str
    cells: str
    consequences: str
    corrections: str
    fate: str
    opinion: str
    officer: str
    decided: str
    pinned: str
    reply: str

    @pa.dataframe_check(name="findings.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("finding_id").is_unique(), pl.col("code").str.contains(_CODE)),
            *(pl.col("severity").is_in(_SEVERITIES), pl.col("scope").is_in(_SCOPES)),
            *(pl.col("cell").str.contains(CELL), pl.col("message") != ""),
            pl.col("fate").is_in(_FATES),
        )


def finding_rows(evaluation: Evaluation) -> list[Row]:
    """Every finding in words, in the round's order."""
    return [
        (
            *(finding.finding_id, finding.code, finding.severity.value, finding.department),
            *(finding.scope.value if finding.scope else None, finding.project, finding.form),
            *(finding.file, finding.sheet, finding.cell, finding.label, finding.reported, finding.expected),
            *(finding.message, finding.suggestion, finding.assumed, finding.cells, finding.consequences),
            say("；").join(f"{each.ref.sheet}!{each.ref.a1}={each.figure}" for each in finding.corrections),
            *_decided(finding, kept=finding.department in evaluation.followup.progress),
            finding.answer,
        )
        for finding in evaluation.findings
    ]


def _decided(finding: ReportedFinding, *, kept: bool) -> tuple[str, ...]:
    """What became of it and was decided on it; what is new only where there is a ledger to know it."""
    trace = finding.trace
    if trace is None:
        return ("",) * 5
    known = kept or trace.fate not in {Fate.NEW, Fate.STANDS}
    return (trace.fate.value if known else "", *trace.opinion, trace.pinned)


def finding_sheet(evaluation: Evaluation, edition: Edition) -> SheetSpec:
    """审核发现: one finding a row, worst first."""
    titles = form_titles(edition.round.scheme)
    findings = sorted(evaluation.findings, key=lambda finding: finding.severity.rank)
    columns = (
        *(ColumnSpec(ID), ColumnSpec("级别", Kind.MARK)),
        *(ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=24), ColumnSpec("表", wrap=16)),
        *(ColumnSpec("单元格", wrap=60), ColumnSpec("指标/栏目", wrap=24)),
        *(ColumnSpec("填报值", wrap=20), ColumnSpec("应为", wrap=20)),
        *(ColumnSpec("问题", wrap=48), ColumnSpec("处理建议")),
        ColumnSpec("部门说明", wrap=30),
        ColumnSpec("整改", wrap=24),
        *(
            ColumnSpec(title, wrap=24, least=width)
            for title, width in zip(OPINION_COLUMNS, _ROOM, strict=True)
        ),
    )
    return SheetSpec(
        name=FINDINGS_SHEET,
        about=say("一行一个问题：在哪里、填的什么、应为什么、怎样处理"),
        title=edition.title(spoken(FINDINGS_SHEET, SHEET)),
        note=edition.note(
            say(
                "由重到轻排列：阻断和错误须修改后重报，提示请核实，说明供参考。"
                "末三栏由财政部门填写，下次运行照录：以“接受”开头的不再要求修改，以“不接受”开头的仍须修改。"
            )
        ),
        columns=columns,
        rows=tuple(_finding_row(finding, titles, edition, evaluation) for finding in findings),
        fixed=2,
        empty=say("本批次各表未发现问题。"),
        banded=True,
    )


def _finding_row(
    finding: ReportedFinding, titles: Mapping[str, str], edition: Edition, evaluation: Evaluation
) -> tuple[Content, ...]:
    return (
        *(finding.finding_id, SEVERITIES[finding.severity], finding.department, finding.project),
        titles.get(finding.form, finding.form),
        edition.source(finding.file, finding.sheet, finding.cell) if finding.file else None,
        *(finding.label, finding.reported, finding.expected, remark(finding), finding.suggestion),
        finding.answer or None,
        *_traced(finding, kept=finding.department in evaluation.followup.progress),
    )


def _traced(finding: ReportedFinding, *, kept: bool) -> tuple[Content, ...]:
    fate, *opinion, _ = _decided(finding, kept=kept)
    note = finding.trace.note if finding.trace and fate else ""
    said = FATES[Fate(fate)] if fate else ""
    return (say("：").join(filter(None, (said, note))) or None, *(each or None for each in opinion))


_ROOM = (16, 10, 12)


class FindingCounts:
    """Findings counted in one pass by where they are and what they concern."""

    def __init__(self, findings: Iterable[ReportedFinding] = ()) -> None:
        """One that belongs to no form is counted under empty names."""
        self._counts = Counter(
            (each.file, each.sheet, each.form, each.project, each.severity)
            for each in findings
            if not each.excused
        )

    def add(self, others: FindingCounts) -> None:
        """Count those as well."""
        self._counts.update(others._counts)

    @property
    def by_severity(self) -> Counter[Severity]:
        """How many there are of each severity, wherever they are."""
        found = Counter[Severity]()
        for (*_, severity), count in self._counts.items():
            found[severity] += count
        return found

    def on_form(self, form: Submission, severity: Severity) -> int:
        """A form's own findings and those of its sheet that name no form; a sheet may hold several forms."""
        own = self._counts[form.file, form.sheet, form.form, form.project, severity]
        return own + self.on_sheet(form.file, form.sheet, severity)

    def on_sheet(self, file: str, sheet: str, severity: Severity) -> int:
        """The findings of a file (sheet "") or sheet that name no form."""
        return self._counts[file, sheet, "", "", severity]


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


def agreeing(cell: Correction) -> str:
    """What a cell would have to hold to agree with others, or that it does not agree."""
    return say("按此应为 {figure}", figure=cell.figure) if cell.figure else say("与之不符")


def _cells(corrections: Iterable[Correction]) -> str:
    """Cells with what they should hold, for a sentence."""
    return say("、").join(
        say("《{sheet}》{a1}（{each}）", sheet=each.ref.sheet, a1=each.ref.a1, each=agreeing(each))
        for each in corrections
    )


def remark(finding: ReportedFinding) -> str:
    """What is wrong; on lines of their own what follows from it and what was taken for granted.

    Few findings have either, so columns of their own would make every printed page smaller for nothing.
    """
    lines = (
        finding.statement,
        say("连带影响：{effects}。", effects=finding.effects) if finding.effects else "",
        say("推断依据：{assumed}。", assumed=finding.assumed) if finding.assumed else "",
        say("改正后请一并核对：{further}。", further=_cells(finding.further)) if finding.further else "",
    )
    return "\n".join(filter(None, lines))


SIGNAL_SHEET = "值得一看"
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
        name=SIGNAL_SHEET,
        about=say("一行一条线索：不是差错，供选取抽查复核对象时参考"),
        title=edition.title(spoken(SIGNAL_SHEET)),
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
