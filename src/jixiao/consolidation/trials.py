"""What a changed scheme would change in a round: scores, grades, ranks and findings by department."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.departments import rank, standings_of
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.explanations import place_of
from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.words import EXECUTION, SEVERITIES, component_title, form_titles
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ComponentScore, ScoreCard

APPEARED, GONE, GRADED, ALTERED = say("新增"), say("消失"), say("级别改变"), say("内容改变")
_KINDS = (APPEARED, GONE, GRADED, ALTERED)


class Standing(NamedTuple):
    """A department's accepted score, grade and rank; None and "" where it has none."""

    score: Decimal | None = None
    grade: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class DepartmentChange:
    """A department before and after, with how many of its findings changed in which way."""

    department: str
    before: Standing
    after: Standing
    findings: Mapping[str, int]


class ScoreChange(NamedTuple):
    """A score that comes out otherwise: of a form's part, its total, or an indicator."""

    department: str
    form: str
    item: str
    place: str
    claimed: Decimal | None
    computed: tuple[Decimal | None, Decimal | None]
    accepted: tuple[Decimal | None, Decimal | None]
    derivation: str


class FindingChange(NamedTuple):
    """A finding that is new, gone, of another severity or with other figures; one side may be None."""

    kind: str
    before: ReportedFinding | None
    after: ReportedFinding | None

    @property
    def finding(self) -> ReportedFinding:
        """As it would be, else as it was."""
        found = self.after or self.before
        if found is None:
            raise ValueError(self.kind)
        return found


class RuleChange(NamedTuple):
    """A rule in words before and after; "" where there is none."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A round under two schemes. Only what differs is listed; `departments` counts all."""

    round: str
    departments: int
    changes: tuple[DepartmentChange, ...]
    scores: tuple[ScoreChange, ...]
    findings: tuple[FindingChange, ...]
    rules: tuple[RuleChange, ...]


def compare(before: Evaluation, after: Evaluation) -> Trial:
    """The same round evaluated by its own scheme and by the changed one."""
    findings = tuple(_findings(before, after))
    changes = tuple(_departments(before, after, findings))
    return Trial(
        round=before.round.name,
        departments=len({each.department for side in (before, after) for each in gather_dossiers(side)}),
        changes=changes,
        scores=tuple(_scores(before, after)),
        findings=findings,
        rules=tuple(_rules(before.round.scheme, after.round.scheme)),
    )


def _departments(
    before: Evaluation, after: Evaluation, findings: Sequence[FindingChange]
) -> Iterator[DepartmentChange]:
    """Departments of which anything differs, in the order of their new ranks."""
    sides = [_standings(each) for each in (before, after)]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in findings:
        counts[each.finding.department][each.kind] += 1
    for department in dict.fromkeys((*sides[1], *sides[0])):
        old, new = (side.get(department, Standing()) for side in sides)
        if old != new or counts[department]:
            yield DepartmentChange(department, old, new, dict(counts[department]))


def _standings(evaluation: Evaluation) -> dict[str, Standing]:
    """Each department by its name, the best first; equal scores share a rank."""
    scheme = evaluation.round.scheme
    lines = [each.ranked for each in rank([standings_of(one, scheme) for one in gather_dossiers(evaluation)])]
    scores = [each.accepted_score for each in lines if each.accepted_score is not None]
    return {
        each.department: Standing(
            each.accepted_score,
            each.grade,
            None if each.accepted_score is None else 1 + sum(score > each.accepted_score for score in scores),
        )
        for each in lines
    }


def _findings(before: Evaluation, after: Evaluation) -> Iterator[FindingChange]:
    """Findings by name, which says what they are about; worst first."""
    old, new = ({each.finding_id: each for each in side.findings} for side in (before, after))
    for name in dict.fromkeys((*new, *old)):
        was, is_ = old.get(name), new.get(name)
        if kind := _kind(was, is_):
            yield FindingChange(kind, was, is_)


def _kind(was: ReportedFinding | None, is_: ReportedFinding | None) -> str:
    if was is None:
        return APPEARED
    if is_ is None:
        return GONE
    if was.severity is not is_.severity:
        return GRADED
    told = [(each.reported, each.expected, each.cells) for each in (was, is_)]
    return ALTERED if told[0] != told[1] else ""


def _scores(before: Evaluation, after: Evaluation) -> Iterator[ScoreChange]:
    """The parts, totals and indicators whose computed or accepted score differs, form by form."""
    old = {card.submission.submission_id: card for card in before.cards}
    new = {card.submission.submission_id: card for card in after.cards}
    titles = form_titles(after.round.scheme)
    for name in dict.fromkeys((*new, *old)):
        sides = [dict(_items(side[name])) if name in side else {} for side in (old, new)]
        form = (new.get(name) or old[name]).submission
        for key in dict.fromkeys((*sides[1], *sides[0])):
            was, is_ = (side.get(key) for side in sides)
            told = is_ or was
            if told and (was is None or is_ is None or was[1:3] != is_[1:3]):
                yield ScoreChange(
                    *(form.department, form.project or titles.get(form.form, form.form), *key, told.claimed),
                    (was.computed if was else None, is_.computed if is_ else None),
                    (was.accepted if was else None, is_.accepted if is_ else None),
                    told.derivation,
                )


class _Item(NamedTuple):
    claimed: Decimal | None
    computed: Decimal | None
    accepted: Decimal | None
    derivation: str = ""


def _items(card: ScoreCard) -> Iterator[tuple[tuple[str, str], _Item]]:
    """A form's scores by what they are called and where they stand."""
    for part in card.components:
        key = component_title(part.component), say("《{sheet}》", sheet=card.submission.sheet)
        yield key, _Item(part.self_score, part.computed_score, part.accepted_score, _execution(card, part))
    for scored in card.indicators:
        indicator, award = scored.indicator, scored.award
        claimed = indicator.self_score
        key = indicator.name, place_of(indicator.ref)
        yield key, _Item(claimed, award.score, award.accepted(claimed), award.derivation)


def _execution(card: ScoreCard, part: ComponentScore) -> str:
    own = component_title(part.component) == EXECUTION
    return card.execution.award.derivation if own and card.execution else ""


def _rules(before: Scheme, after: Scheme) -> Iterator[RuleChange]:
    old, new = ({row.id: row for row in describe_scheme(each)} for each in (before, after))
    for name in dict.fromkeys((*new, *old)):
        was, is_ = (_spoken(side.get(name)) for side in (old, new))
        if was != is_:
            yield RuleChange((new.get(name) or old[name]).rule, was, is_)


def _spoken(row: RuleRow | None) -> str:
    return say("；").join(filter(None, (row.applies, row.method, row.parameters))) if row else ""


def trial_sheets(trials: Sequence[Trial], scheme: str) -> tuple[SheetSpec, ...]:
    """试行结果, 得分变化, 发现变化 and 规则变化; `scheme` is what the changed one is called."""
    return (
        _department_sheet(trials, scheme),
        _score_sheet(trials, scheme),
        _finding_sheet(trials, scheme),
        _rule_sheet(trials, scheme),
    )


def _department_sheet(trials: Sequence[Trial], scheme: str) -> SheetSpec:
    columns = (
        *(ColumnSpec("批次", wrap=16), ColumnSpec("部门", wrap=30)),
        *(ColumnSpec("原采用得分", Kind.SCORE), ColumnSpec("新采用得分", Kind.SCORE)),
        *(
            ColumnSpec("得分增减", Kind.SCORE),
            ColumnSpec("原等级", Kind.MARK),
            ColumnSpec("新等级", Kind.MARK),
        ),
        *(ColumnSpec("原名次", Kind.COUNT), ColumnSpec("新名次", Kind.COUNT)),
        *(ColumnSpec(say("发现{kind}", kind=kind), Kind.COUNT) for kind in _KINDS),
    )
    rows = tuple(
        (trial.round, shown_department(each.department), *_standing_cells(each), *_counts(each))
        for trial in trials
        for each in trial.changes
    )
    unchanged = sum(trial.departments - len(trial.changes) for trial in trials)
    return SheetSpec(
        name="试行结果",
        title=say("评价方案试行　{scheme}", scheme=scheme),
        note=say(
            "单位：分　一行一个有变化的部门，另有 {unchanged} 个部门没有变化。原报送表、原结果均未改动。",
            unchanged=unchanged,
        ),
        columns=columns,
        rows=rows,
        fixed=2,
        empty=say("各部门的得分、等级、名次和发现都没有变化。"),
    )


def _standing_cells(change: DepartmentChange) -> tuple[Content, ...]:
    old, new = change.before, change.after
    difference: Content = None
    if old.score is not None and new.score is not None:
        difference = Formula("[新采用得分]-[原采用得分]", new.score - old.score)
    grade: Content = new.grade or None
    if new.grade != old.grade:
        grade = Toned(new.grade or say("无"), Tone.DOUBT)
    return old.score, new.score, difference, old.grade or None, grade, old.rank, new.rank


def _counts(change: DepartmentChange) -> tuple[int | None, ...]:
    return tuple(change.findings.get(kind) or None for kind in _KINDS)


def _score_sheet(trials: Sequence[Trial], scheme: str) -> SheetSpec:
    titles = ("自评得分", "原核算得分", "新核算得分", "原采用得分", "新采用得分")
    columns = (
        *(ColumnSpec("批次", wrap=16), ColumnSpec("部门", wrap=24), ColumnSpec("项目/表", wrap=24)),
        *(ColumnSpec("指标", wrap=26), ColumnSpec("位置")),
        *(ColumnSpec(title, Kind.SCORE) for title in titles),
        ColumnSpec("核算过程", wrap=60),
    )
    rows = tuple(
        (
            *(trial.round, shown_department(each.department), each.form, each.item, each.place, each.claimed),
            *(*each.computed, *each.accepted, each.derivation or None),
        )
        for trial in trials
        for each in trial.scores
    )
    return SheetSpec(
        name="得分变化",
        title=say("得分变化　{scheme}", scheme=scheme),
        note=say("单位：分　一行一个核算得分或采用得分有变化的指标、部分或总分；空白为不能由规则确定。"),
        columns=columns,
        rows=rows,
        fixed=2,
        empty=say("没有得分变化。"),
        banded=True,
    )


def _finding_sheet(trials: Sequence[Trial], scheme: str) -> SheetSpec:
    columns = (
        *(ColumnSpec("批次", wrap=16), ColumnSpec("变化", Kind.MARK), ColumnSpec("部门", wrap=24)),
        *(ColumnSpec("编号"), ColumnSpec("原级别", Kind.MARK), ColumnSpec("新级别", Kind.MARK)),
        *(ColumnSpec("位置", wrap=30), ColumnSpec("原应为", wrap=20), ColumnSpec("新应为", wrap=20)),
        ColumnSpec("问题", wrap=60),
    )
    rows = tuple(
        (
            *(trial.round, each.kind, shown_department(each.finding.department), each.finding.finding_id),
            *(SEVERITIES[side.severity] if side else None for side in (each.before, each.after)),
            f"{each.finding.sheet}!{each.finding.cell}" if each.finding.cell else each.finding.file,
            *(side.expected if side else None for side in (each.before, each.after)),
            each.finding.message,
        )
        for trial in trials
        for each in trial.findings
    )
    return SheetSpec(
        name="发现变化",
        title=say("审核发现变化　{scheme}", scheme=scheme),
        note=say("一行一个新增、消失、改了级别或应为数的发现。"),
        columns=columns,
        rows=rows,
        fixed=3,
        empty=say("审核发现没有变化。"),
        banded=True,
    )


def _rule_sheet(trials: Sequence[Trial], scheme: str) -> SheetSpec:
    rows = tuple((trial.round, *each) for trial in trials for each in trial.rules)
    return SheetSpec(
        name="规则变化",
        title=say("规则变化　{scheme}", scheme=scheme),
        note=say("一行一条与该批次所用方案不同的规则；空白为没有这条规则。"),
        columns=(
            *(ColumnSpec("批次", wrap=16), ColumnSpec("规则", wrap=30)),
            *(ColumnSpec("原规则", wrap=60), ColumnSpec("新规则", wrap=60)),
        ),
        rows=rows,
        fixed=2,
        empty=say("规则的文字没有变化。"),
    )
