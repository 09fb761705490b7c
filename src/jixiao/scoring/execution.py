"""预算执行: the execution rate of a form's total line and what it earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, percentage, plain, show
from jixiao.domain.scores import Award, ExecutionScore
from jixiao.scoring.precision import clip, coarser, equals, round_score

if TYPE_CHECKING:
    from decimal import Decimal

    from jixiao.domain.amounts import Rounding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import ExecutionRule, Scheme
    from jixiao.domain.submissions import Line, Submission


def is_expected(layout: FormLayout) -> bool:
    """Whether the form has a place for an execution score: a budget table with a weight column."""
    return any(column.name == "weight" for table in layout.tables if table.budget for column in table.columns)


def score_execution(submission: Submission, scheme: Scheme) -> ExecutionScore | None:
    """The execution part of a form; None where no budget line carries a weight or a score."""
    line = scored_line(submission, scheme.form(submission.form))
    if line is None:
        return None
    base = scheme.form(submission.form).budget_column(line)
    rate = execution_rate(line, scheme.execution.rate_places, base)
    return ExecutionScore(line, rate, _award(line, rate, scheme.execution, base))


def scored_line(submission: Submission, layout: FormLayout) -> Line | None:
    """The budget line that carries the weight, else the one that carries a score.

    The first of several: a weight cell merged over the lines below it shows in each of them.
    """
    tables = {table.name for table in layout.tables if table.budget}
    lines = [line for line in submission.lines if line.table in tables]
    carriers = (
        line for column in ("weight", "self_score") for line in lines if line.value(column) is not None
    )
    return next(carriers, None)


def execution_rate(line: Line, places: int, budget: str = "annual_budget") -> Decimal | None:
    """全年执行数 ÷ 全年预算数 in percent, half-up (年初预算数 is never the base).

    `budget` is the column to divide by, see `FormLayout.budget_column`.

    None where a figure is not known or the annual budget is not above 0: then the rate is undefined.
    """
    return percentage(line.value("executed"), line.value(budget), places)


def _award(line: Line, rate: Decimal | None, rule: ExecutionRule, base: str) -> Award:
    """Weight × rate, at most the weight; the unrounded quotient stands as well where the rule accepts it."""
    weight, annual, executed = (line.value(column) for column in ("weight", base, "executed"))
    if weight is None or annual is None or executed is None:
        return Award(rule.id, "分值、全年预算数或全年执行数不明，无法核算", places=rule.score_places)
    if rate is None:
        return Award(rule.id, "全年预算数不大于 0，执行率无意义，由人工判定", places=rule.score_places)
    by_rate = clip(weight * rate / HUNDRED, weight)
    by_quotient = clip(weight * executed / annual, weight)
    score, exact = (round_score(each, rule.score_places, rule.rounding) for each in (by_rate, by_quotient))
    accepted = (by_rate, by_quotient) if rule.exact_accepted else (by_rate,)
    entry = line.entries.get("self_score")
    alternatives = coarser(accepted, weight, entry.step if entry else None, rule.score_places, rule.rounding)
    derivation = _derive(weight, executed, annual, rate, rule.rounding) + show(score)
    if rule.exact_accepted and exact != score:
        alternatives = (exact, *alternatives)
        derivation += f"（执行率不取整则为 {show(exact)}，同样认可）"
    return Award(rule.id, derivation, score, alternatives=alternatives, places=rule.score_places)


def _derive(weight: Decimal, executed: Decimal, annual: Decimal, rate: Decimal, rounding: Rounding) -> str:
    """How the score comes about, up to the score itself."""
    quotient = f"执行率 {show(executed)} ÷ {show(annual)} = {show(rate)}%"
    product = f"{plain(weight)} × {show(rate)}%"
    if rate > HUNDRED:
        return f"{quotient}，{product} 超过分值，按满分 "
    if rate < 0:
        return f"{quotient}，{product} 不足 0，得 "
    return f"{quotient}，{product}{equals(rounding)}"
