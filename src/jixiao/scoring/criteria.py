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
from jixiao.domain.criteria import CriterionMethod, Evidence
from jixiao.domain.quantities import Comparison, Side, Verdict
from jixiao.domain.relations import MeasureKind
from jixiao.domain.scores import Award, IndicatorScore
from jixiao.domain.submissions import figure_of
from jixiao.domain.text_keys import criterion_key
from jixiao.scoring.precision import clip, coarser, round_score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.criteria import Criterion
    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.scheme import Scheme
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
        outcome = f"得满分 {show(score)}" if score == weight else f"得 {show(score)}"
        return Award(
            self.criterion.id,
            f"{derivation}，{outcome}",
            score,
            alternatives=alternatives,
            places=self.places,
        )

    def leave(self, reason: str) -> Award:
        """No award: the self score stands as it is, unverified."""
        return Award(self.criterion.id, f"{reason}，未能核实，暂按自评得分计", places=self.places)

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
            return self.leave(f"“{self.base_title}”为空或为 0，{title}无从计算")
        if of is not None and base is None:
            return self.leave(f"{self.of_title} {_figure(of)}，报送表上没有计算{title}所需的另一个数")
        return self.leave(f"报送表上没有计算{title}所需的数据")


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
        return case.grant(criterion.weight, f"{facts}，{'不高于' if above else '不低于'} {plain(standard)}%")
    counted = excess if criterion.pro_rata else excess.to_integral_value(ROUND_DOWN)
    side = f"{'高于' if above else '低于'} {plain(standard)}% 计 {plain(counted)} 个百分点"
    return case.grant(
        criterion.weight - counted * points, f"{facts}，{side}，每个百分点扣 {plain(points)} 分"
    )


def bands(case: CriterionCase) -> Award:
    """The score of the first band that the percentage reaches; bounds belong to their band."""
    criterion, rate = case.criterion, case.evidence.rate
    if rate is None:
        return case.unknown()
    below = criterion.worse is Side.BELOW
    for step in criterion.steps:
        if rate >= step.bound if below else rate <= step.bound:
            side = "不低于" if below else "不高于"
            return case.grant(step.score, f"{case.quotient(rate)}，{side} {plain(step.bound)}%")
    return case.grant(criterion.parameters["otherwise"], f"{case.quotient(rate)}，不在以上各档")


def comparison(case: CriterionCase) -> Award:
    """One score for nothing at all, one for no more than the second figure, one for more."""
    of, base = figure_of(case.evidence.of), figure_of(case.evidence.base)
    parameters = case.criterion.parameters
    if of is None or of < 0 or (of > 0 and base is None):
        return case.unknown() if of is None or of > 0 else case.leave(f"{case.of_title}为负数")
    facts = f"{case.of_title} {_figure(of)}"
    if of == 0:
        return case.grant(parameters["none"], facts)
    against = f"{case.base_title} {_figure(base or ZERO)}"
    if base is not None and of <= base:
        return case.grant(parameters["within"], f"{facts}，不超过{against}")
    return case.grant(parameters["above"], f"{facts}，超过{against}")


def per_occurrence(case: CriterionCase) -> Award:
    """Points off for each case, where the forms say how many there were."""
    count = figure_of(case.evidence.of)
    if count is None or count < 0:
        title = case.criterion.operands.title if case.criterion.operands else "例数"
        return case.leave(f"报送表上没有{title}")
    points = case.criterion.parameters["points"]
    facts = f"{case.of_title} {_figure(count)}，每例扣 {plain(points)} 分"
    return case.grant(case.criterion.weight - count * points, facts)


def checklist(case: CriterionCase) -> Award:
    """Items that the department reports on itself; none of them stands on a form."""
    parts = "，".join(f"{item.title} {plain(item.points)} 分" for item in case.criterion.items)
    return case.leave(f"分项自报（{parts}）")


def judged(case: CriterionCase) -> Award:
    """A person decides, up to the weight."""
    return case.leave(f"由人工判断，最高 {plain(case.criterion.weight)} 分")


def merged(case: CriterionCase) -> Award:
    """One weight over several scores: a person decides each, their sum is at most the weight (S121)."""
    return case.leave(f"几项合用 {plain(case.criterion.weight)} 分，由人工判断")


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
_SHARED = "几项合用一个分值，由人工判断"
_UNKNOWN = "方案没有这项指标的评分标准，由人工判断"


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
        return "分值不明"
    return "分值与评分标准规定的不同"


def _undecided(row: Indicator, award: Award, evidence: Evidence | None) -> IndicatorScore:
    comparison = Comparison(Verdict.UNDETERMINED, reason=award.derivation)
    return IndicatorScore(row, comparison, award, evidence)


def _entry(address: FormAddress | None, siblings: Sequence[Submission]) -> Entry | None:
    return address.entry(siblings) if address else None


def _title(address: FormAddress | None, scheme: Scheme) -> str:
    """What the form calls a figure."""
    return address.address.title(scheme.form(address.form)) if address else ""
