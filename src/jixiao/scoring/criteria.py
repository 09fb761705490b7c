"""Rows of a scoring table: which criterion of the scheme is for each, and what its method gives.

Every award says in one Chinese line how it came about. Where the department's forms lack a figure, or the
criterion needs a person, nothing is computed and the self score stands unverified.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN
from typing import TYPE_CHECKING, Final

from jixiao.domain.amounts import ZERO, plain, show
from jixiao.domain.quantities import Comparison, Side, Verdict
from jixiao.domain.relations import MeasureKind
from jixiao.domain.scheme import CriterionMethod, Evidence
from jixiao.domain.scores import Award, IndicatorScore
from jixiao.domain.submissions import figure_of
from jixiao.domain.text_keys import criterion_key
from jixiao.language import say
from jixiao.scoring.methods import clip, coarser, round_score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.scheme import Criterion, Scheme
    from jixiao.domain.submissions import Entry, Indicator, Submission


@dataclass(frozen=True, slots=True)
class CriterionCase:
    """All that a criterion may look at.

    `of_title` and `base_title` name its two figures; `places` are the decimals of a score, `step` is the
    printed unit of the self score (None: blank).
    """

    evidence: Evidence
    of_title: str
    base_title: str
    places: int
    step: Decimal | None = None

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        return self.evidence.criterion

    def grant(self, exact: Decimal, derivation: str) -> Award:
        """The award of one exact score, clipped and rounded; the self score may print it coarser."""
        weight = self.criterion.weight
        clipped = clip(exact, weight)
        score = round_score(clipped, self.places)
        alternatives = coarser((clipped,), weight, self.step, self.places)
        outcome = (
            say("得满分 {score}", score=show(score))
            if score == weight
            else say("得 {score}", score=show(score))
        )
        return Award(
            self.criterion.id,
            say("{derivation}，{outcome}", derivation=derivation, outcome=outcome),
            score,
            alternatives=alternatives,
            places=self.places,
        )

    def leave(self, reason: str) -> Award:
        """No award: the self score stands as it is, unverified."""
        return Award(
            self.criterion.id, say("{reason}，未能核实，暂按自评得分计", reason=reason), places=self.places
        )

    def quotient(self, rate: Decimal) -> str:
        """The percentage with its figures: 实有人数 16 ÷ 人员编制 16 = 100.00%."""
        of, base = figure_of(self.evidence.of) or ZERO, figure_of(self.evidence.base) or ZERO
        kind = self.criterion.operands.kind if self.criterion.operands else MeasureKind.RATIO
        words = kind.formula.format(
            of=f"{self.of_title} {_figure(of)}", base=f"{self.base_title} {_figure(base)}"
        )
        return f"{words} = {show(rate)}%"

    def unknown(self) -> Award:
        """No award, since the figures do not give the percentage; says which is missing."""
        title = self.criterion.operands.title if self.criterion.operands else self.criterion.title
        of, base = figure_of(self.evidence.of), figure_of(self.evidence.base)
        if self.evidence.is_baseless:
            return self.leave(
                say("“{base_title}”为空或为 0，{title}无从计算", base_title=self.base_title, title=title)
            )
        if of is not None and base is None:
            return self.leave(
                say(
                    "{of_title} {of}，报送表上没有计算{title}所需的另一个数",
                    of_title=self.of_title,
                    of=_figure(of),
                    title=title,
                )
            )
        return self.leave(say("报送表上没有计算{title}所需的数据", title=title))


def apply(case: CriterionCase) -> Award:
    """What the criterion gives."""
    return CRITERION_METHODS[case.criterion.method](case)


def points_off(case: CriterionCase) -> Award:
    """Full at the standard or on its good side; points off for each percentage point on the other."""
    criterion, rate = case.criterion, case.evidence.rate
    if rate is None:
        return case.unknown()
    standard, points = criterion.parameters["standard"], criterion.parameters["points"]
    above = criterion.worse is Side.ABOVE
    excess = rate - standard if above else standard - rate
    facts = case.quotient(rate)
    if excess <= 0:
        return case.grant(
            criterion.weight,
            say(
                "{facts}，{value} {standard}%",
                facts=facts,
                value=say("不高于") if above else say("不低于"),
                standard=plain(standard),
            ),
        )
    counted = excess if criterion.pro_rata else excess.to_integral_value(ROUND_DOWN)
    side = say(
        "{value} {standard}% 计 {counted} 个百分点",
        value=say("高于") if above else say("低于"),
        standard=plain(standard),
        counted=plain(counted),
    )
    return case.grant(
        criterion.weight - counted * points,
        say("{facts}，{side}，每个百分点扣 {points} 分", facts=facts, side=side, points=plain(points)),
    )


def bands(case: CriterionCase) -> Award:
    """The score of the first band that the percentage reaches; bounds belong to their band."""
    criterion, rate = case.criterion, case.evidence.rate
    if rate is None:
        return case.unknown()
    below = criterion.worse is Side.BELOW
    for step in criterion.steps:
        if rate >= step.bound if below else rate <= step.bound:
            side = say("不低于") if below else say("不高于")
            return case.grant(
                step.score,
                say("{rate}，{side} {bound}%", rate=case.quotient(rate), side=side, bound=plain(step.bound)),
            )
    return case.grant(
        criterion.parameters["otherwise"], say("{rate}，不在以上各档", rate=case.quotient(rate))
    )


def comparison(case: CriterionCase) -> Award:
    """One score for nothing at all, one for no more than the second figure, one for more."""
    of, base = figure_of(case.evidence.of), figure_of(case.evidence.base)
    parameters = case.criterion.parameters
    if of is None or of < 0 or (of > 0 and base is None):
        return (
            case.unknown()
            if of is None or of > 0
            else case.leave(say("{of_title}为负数", of_title=case.of_title))
        )
    facts = f"{case.of_title} {_figure(of)}"
    if of == 0:
        return case.grant(parameters["none"], facts)
    against = f"{case.base_title} {_figure(base or ZERO)}"
    if base is not None and of <= base:
        return case.grant(parameters["within"], say("{facts}，不超过{against}", facts=facts, against=against))
    return case.grant(parameters["above"], say("{facts}，超过{against}", facts=facts, against=against))


def per_occurrence(case: CriterionCase) -> Award:
    """Points off for each case, where the forms say how many there were."""
    count = figure_of(case.evidence.of)
    if count is None or count < 0:
        title = case.criterion.operands.title if case.criterion.operands else say("例数")
        return case.leave(say("报送表上没有{title}", title=title))
    points = case.criterion.parameters["points"]
    facts = say(
        "{of_title} {count}，每例扣 {points} 分",
        of_title=case.of_title,
        count=_figure(count),
        points=plain(points),
    )
    return case.grant(case.criterion.weight - count * points, facts)


def checklist(case: CriterionCase) -> Award:
    """Items that the department reports on itself; none of them stands on a form."""
    parts = say("，").join(
        say("{title} {points} 分", title=item.title, points=plain(item.points))
        for item in case.criterion.items
    )
    return case.leave(say("分项自报（{parts}）", parts=parts))


def judged(case: CriterionCase) -> Award:
    """A person decides, up to the weight."""
    return case.leave(say("由人工判断，最高 {weight} 分", weight=plain(case.criterion.weight)))


def merged(case: CriterionCase) -> Award:
    """One weight over several scores: a person decides each, their sum is at most the weight (S121)."""
    return case.leave(say("几项合用 {weight} 分，由人工判断", weight=plain(case.criterion.weight)))


CRITERION_METHODS: Final[Mapping[CriterionMethod, Callable[[CriterionCase], Award]]] = {
    CriterionMethod.POINTS_OFF: points_off,
    CriterionMethod.BANDS: bands,
    CriterionMethod.CHECKLIST: checklist,
    CriterionMethod.PER_OCCURRENCE: per_occurrence,
    CriterionMethod.COMPARISON: comparison,
    CriterionMethod.JUDGED: judged,
    CriterionMethod.MERGED: merged,
}


def _figure(value: Decimal) -> str:
    """Counts as they are, amounts with their decimals."""
    return plain(value) if value == value.to_integral_value() else show(value)


_BRACKETED = re.compile(r"\([^()]*\)")
_SHARED = say("几项合用一个分值，由人工判断")
_UNKNOWN = say("方案没有这项指标的评分标准，由人工判断")


def score_rows(
    rows: Sequence[Indicator], scheme: Scheme, siblings: Iterable[Submission]
) -> tuple[IndicatorScore, ...]:
    """The rows that share one weight, each by its criterion; `siblings` are all forms of the department."""
    forms = tuple(siblings)
    return tuple(_score_row(row, scheme, forms, shared=len(rows) > 1) for row in rows)


def find_criterion(indicator: Indicator, criteria: Iterable[Criterion]) -> Criterion | None:
    """The one criterion for a row by its third-level name and, where names repeat, its second level."""
    name, level2 = criterion_key(indicator.level3), criterion_key(indicator.level2)
    for criterion in criteria:
        if name in map(criterion_key, criterion.labels) and criterion_key(criterion.level2) in {"", level2}:
            return criterion
    return None


def _score_row(
    row: Indicator, scheme: Scheme, siblings: Sequence[Submission], *, shared: bool
) -> IndicatorScore:
    criterion = find_criterion(row, scheme.criteria)
    if criterion is None:
        reason = _SHARED if shared else _UNKNOWN
        return _undecided(row, Award("", reason, places=scheme.score_places), None)
    operands = criterion.operands
    evidence = Evidence(
        criterion,
        _entry(operands.of if operands else None, siblings),
        _entry(operands.base if operands else None, siblings),
    )
    entry = row.entries.get("self_score")
    case = CriterionCase(
        evidence,
        _title(operands.of if operands else None, scheme),
        _title(operands.base if operands else None, scheme),
        scheme.score_places,
        entry.step if entry else None,
    )
    award = case.leave(obstacle) if (obstacle := _obstacle(row, criterion)) else apply(case)
    if award.score is None:
        return _undecided(row, award, evidence)
    verdict = Verdict.MET if award.score == criterion.weight else Verdict.MISSED
    return IndicatorScore(row, Comparison(verdict), award, evidence)


def _obstacle(row: Indicator, criterion: Criterion) -> str:
    """Why the criterion's points do not apply to the row; "" where they do."""
    if criterion.adjustable or row.weight == criterion.weight:
        return ""
    if row.weight is None:
        return say("分值不明")
    return say("分值与评分标准规定的不同")


def _undecided(row: Indicator, award: Award, evidence: Evidence | None) -> IndicatorScore:
    comparison = Comparison(Verdict.UNDETERMINED, reason=award.derivation)
    return IndicatorScore(row, comparison, award, evidence)


def _entry(address: FormAddress | None, siblings: Sequence[Submission]) -> Entry | None:
    return address.entry(siblings) if address else None


def _title(address: FormAddress | None, scheme: Scheme) -> str:
    """What the form calls a figure."""
    return address.address.title(scheme.form(address.form)) if address else ""
