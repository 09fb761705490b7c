"""Whom a scheme has examined again, and what results are used for: its tables `sample` and `uses`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, plain
from jixiao.domain.forms import Scope
from jixiao.domain.reviews import (
    Level,
    Outcome,
    Reviews,
    RiskFact,
    SampledMoney,
    SampleRule,
    Strata,
    UseRule,
)
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.catalog.loading.tables import Document, Table
    from jixiao.domain.scheme import Scheme

_MOST_DRAWN, _MOST_DIGITS, _MOST_ERRORS = 1_000_000, 20, 1_000_000
_USUAL_MOST = Decimal(30)
_CONDITIONS = ("score_from", "score_below", "rate_from", "rate_below", "last_score_below", "last_rate_below")
_SCOPES = (Scope.OVERALL, Scope.PROJECT, Scope.SCORING_TABLE)


def read_reviews(root: Table) -> Reviews:
    """Both tables; problems go to the document of `root`."""
    return Reviews(_read_sample(root), tuple(_read_use(table) for table in root.tables("uses")))


def _read_sample(root: Table) -> SampleRule | None:
    table = root.table("sample")
    if table is None:
        return None
    strata = table.choice("strata", list(Strata))
    rule = SampleRule(
        title=table.text("title"),
        basis=table.text("basis"),
        scopes=table.choices("scopes", _SCOPES),
        money=table.choice("money", list(SampledMoney)),
        strata=strata,
        digits=table.integer("digits", low=1, high=_MOST_DIGITS) if strata is Strata.CODE else 0,
        count=table.integer("count", low=1, high=_MOST_DRAWN) if table.has("count") else None,
        money_share=_read_share(table, "money_share"),
        risk_from=table.decimal_or_none("risk_from"),
        risk_share=_read_share(table, "risk_share"),
        most=table.decimal("most", _USUAL_MOST),
        weights=_read_weights(table),
    )
    if rule.count is None and rule.money_share is None:
        table.report(say("“count”（每层抽取个数）和“money_share”（金额占比）至少要有一项。"))
    table.has("digits")
    table.close()
    return rule


def _read_share(table: Table, key: str) -> Decimal | None:
    """A percentage; None where it is not given."""
    share = table.decimal_or_none(key)
    if share is not None and share > HUNDRED:
        table.report(say("“{key}”是百分数，不能大于 100，现为 {share}。", key=key, share=plain(share)), key)
    return share


def _read_weights(table: Table) -> Mapping[RiskFact, Decimal]:
    """Points by fact; a fact that is not named has none."""
    inner = table.table("weights")
    if inner is None:
        return {}
    weights = {fact: inner.decimal(fact.value, ZERO) for fact in RiskFact}
    inner.close()
    return weights


def _read_use(table: Table) -> UseRule:
    outcome = table.choice("outcome", list(Outcome))
    bounds = {key: table.decimal_or_none(key) for key in _CONDITIONS}
    rule = UseRule(
        id=table.name,
        title=table.text("title"),
        outcome=outcome,
        text=table.text("text", ""),
        basis=table.text("basis"),
        levels=table.choices("levels", list(Level)) if table.has("levels") else tuple(Level),
        grades=table.texts("grades", ()),
        errors_from=table.integer("errors_from", low=1, high=_MOST_ERRORS)
        if table.has("errors_from")
        else None,
        reduce=_read_share(table, "reduce"),
        proposed=table.flag("proposed", default=False),
        **bounds,
    )
    if rule.reduce is not None and outcome is not Outcome.REDUCE:
        table.report(say('只有压减（outcome = "reduce"）的规则才能写“reduce”（压减比例）。'), "reduce")
    for low, high in (("score_from", "score_below"), ("rate_from", "rate_below")):
        first, last = bounds[low], bounds[high]
        if first is not None and last is not None and first >= last:
            table.report(
                say(
                    "“{low}”（{first}）应小于“{high}”（{last}）。",
                    low=low,
                    first=plain(first),
                    high=high,
                    last=plain(last),
                ),
                low,
            )
    table.close()
    return rule


def check_reviews(scheme: Scheme, document: Document) -> None:
    """The grades that rules on the use of results name are there, and every rule can decide something.

    A proposal that is inherited, for grades that this jurisdiction calls otherwise, is idle (`fitting`).
    """
    known, root = [cut.grade for cut in scheme.grades], document.root
    for rule in scheme.reviews.uses:
        if rule.proposed and not document.owns("uses", rule.id):
            continue
        for place, grade in enumerate(rule.grades):
            if grade not in known:
                message = say(
                    "没有名为“{grade}”的等级，可用：{known}。", grade=grade, known=say("、").join(known)
                )
                root.report(message, "uses", rule.id, "grades", place)
    for proposed in (False, True):
        same = [rule for rule in scheme.reviews.uses if rule.proposed is proposed]
        for rule, before in _idle(same):
            message = say(
                "“{title}”没有条件、总是适用，排在它后面的“{title2}”用不到；请调整顺序。",
                title=before.title,
                title2=rule.title,
            )
            root.report(message, "uses", rule.id)


def fitting(scheme: Scheme) -> Reviews:
    """The reviews without proposals for grades that the scheme does not have."""
    known = frozenset(cut.grade for cut in scheme.grades)
    uses = tuple(rule for rule in scheme.reviews.uses if known.issuperset(rule.grades))
    return Reviews(scheme.reviews.sample, uses)


def _idle(rules: Sequence[UseRule]) -> Iterator[tuple[UseRule, UseRule]]:
    """Rules that never decide, each with the one before it that always does."""
    settled: dict[Level, UseRule] = {}
    for rule in rules:
        if all(level in settled for level in rule.levels):
            yield rule, settled[rule.levels[0]]
        if not _has_conditions(rule):
            settled |= dict.fromkeys(rule.levels, rule)


def _has_conditions(rule: UseRule) -> bool:
    return any(getattr(rule, name) not in {None, ()} for name in ("grades", *_CONDITIONS, "errors_from"))
