"""The sections of a scheme's file, one reader each."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from jixiao.catalog.loading.criteria import read_criterion
from jixiao.catalog.loading.relations import read_cross_check, read_measure, read_prior_year
from jixiao.catalog.loading.reviews import read_reviews
from jixiao.catalog.loading.seeds import EARLIEST, LATEST
from jixiao.catalog.loading.sources import SINCE
from jixiao.domain.amounts import ZERO, Rounding, plain
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope, TableKind
from jixiao.domain.quantities import TargetKind
from jixiao.domain.references import BookedFigure
from jixiao.domain.scheme import (
    Band,
    CarryoverTreatment,
    CompositeRule,
    ExecutionRule,
    GradeCut,
    Method,
    Scheme,
    ScoringRule,
    SignalRule,
    Weights,
)
from jixiao.domain.supplements import AppraisalRule, SurveyRule
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.catalog.loading.tables import Table
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.lexicon import Lexicon


SCORED_KINDS = tuple(kind for kind in TargetKind if kind not in {TargetKind.BLANK, TargetKind.UNREADABLE})
"""The kinds of target that need a rule, each exactly one."""
_MOST_PLACES = 6
_HIGHEST = {"round_share": 100, "similarity": 100}
_MOST_COUNTED = 1_000_000


def read_scheme(root: Table, scheme_id: str, forms: tuple[FormLayout, ...], lexicon: Lexicon) -> Scheme:
    """Read a merged scheme, whose forms were read before; problems go to the document of `root`."""
    scheme = Scheme(
        id=scheme_id,
        title=root.text("title"),
        jurisdiction=root.text("jurisdiction"),
        regulations=root.texts("regulations"),
        first_year=_read_year(root, "first_year"),
        last_year=_read_year(root, "last_year"),
        extends=root.text("extends", ""),
        forms=forms,
        weights=tuple(weights for table in root.tables("weights") for weights in _read_weights(table)),
        execution=_read_execution(root),
        rules=tuple(_read_rule(table) for table in root.tables("rules")),
        bands=tuple(_read_band(table) for table in root.rows("bands")),
        grades=tuple(_read_grade(table) for table in root.rows("grades")),
        composite=_read_composite(root),
        score_places=_read_places(root, "score_places"),
        rounding=_read_rounding(root),
        exceeded_from=root.decimal("exceeded_from"),
        lexicon=lexicon,
        severities=_read_severities(root),
        measures=tuple(read_measure(table) for table in root.tables("measures")),
        cross_checks=tuple(read_cross_check(table) for table in root.tables("cross_checks")),
        prior_year=tuple(read_prior_year(table) for table in root.tables("prior_year")),
        distinct_levels=root.texts("distinct_levels", ()),
        every_project_reports=root.flag("every_project_reports", default=False),
        booked=tuple(_read_booked(table) for table in root.tables("reconciliation")),
        appraisal=read_appraisal(root),
        survey=read_survey(root),
        signals=_read_signals(root),
        reviews=read_reviews(root),
        criteria=tuple(read_criterion(table) for table in root.tables("criteria")),
    )
    root.texts("remove", ())
    root.has(SINCE)
    root.close()
    return scheme


def _read_year(root: Table, key: str) -> int | None:
    return root.integer(key, low=EARLIEST, high=LATEST) if root.has(key) else None


def _read_rounding(table: Table) -> Rounding:
    return table.choice("rounding", list(Rounding), Rounding.HALF_UP)


def _read_places(table: Table, key: str) -> int:
    return table.integer(key, low=0, high=_MOST_PLACES)


def _read_weights(table: Table) -> Iterator[Weights]:
    """One division of the points, for each of the scopes that it is meant for."""
    scopes = table.choices("scopes", list(Scope))
    total = table.decimal("total")
    execution = table.decimal_or_none("execution")
    groups = table.decimals("groups")
    fixed = table.flag("fixed")
    table.close()
    gives = sum(groups.values(), execution or ZERO)
    if gives != total:
        table.report(
            say("各部分分值之和为 {gives}，与总分 {total} 不符。", gives=plain(gives), total=plain(total))
        )
    yield from (Weights(scope, total, execution, groups, fixed) for scope in scopes)


def _read_execution(root: Table) -> ExecutionRule:
    table = root.section("execution")
    rule = ExecutionRule(
        id=table.name,
        title=table.text("title"),
        basis=table.text("basis"),
        rate_places=_read_places(table, "rate_places"),
        score_places=_read_places(table, "score_places"),
        exact_accepted=table.flag("exact_accepted"),
        reason_below=table.decimal_or_none("reason_below"),
        rounding=_read_rounding(table),
        overspent_beyond=table.decimal("overspent_beyond", ZERO),
    )
    table.close()
    return rule


def _read_rule(table: Table) -> ScoringRule:
    rule = ScoringRule(
        id=table.name,
        title=table.text("title"),
        kinds=frozenset(table.choices("kinds", SCORED_KINDS)),
        method=table.choice("method", list(Method)),
        basis=table.text("basis"),
    )
    table.close()
    return rule


def _read_band(table: Table) -> Band:
    band = Band(
        level=table.text("level"),
        title=table.text("title"),
        low=table.decimal("low"),
        high=table.decimal("high"),
    )
    table.close()
    return band


def _read_grade(table: Table) -> GradeCut:
    cut = GradeCut(
        grade=table.text("grade"),
        low=table.decimal("low"),
        synonyms=table.texts("synonyms", ()),
        use=table.text("use", ""),
    )
    table.close()
    return cut


def _read_composite(root: Table) -> CompositeRule | None:
    table = root.table("composite")
    if table is None:
        return None
    rule = CompositeRule(
        id=table.name,
        title=table.text("title"),
        basis=table.text("basis"),
        whole=FigureAddress.parse(table.text("whole")),
        overall_funds=FigureAddress.parse(table.text("overall_funds")),
        project_funds=FigureAddress.parse(table.text("project_funds")),
        carryover=table.choice("carryover", list(CarryoverTreatment)),
        share_places=_read_places(table, "share_places"),
        score_places=_read_places(table, "score_places"),
        table=table.text("table", ""),
    )
    table.close()
    return rule


def _read_signals(root: Table) -> SignalRule:
    """From when on something is worth a look; what is not said is as usual."""
    table = root.table("worth_a_look")
    if table is None:
        return SignalRule()
    usual = SignalRule()
    read = {
        each.name: table.integer(each.name, low=0, high=_HIGHEST.get(each.name, _MOST_COUNTED))
        for each in fields(usual)
        if table.has(each.name)
    }
    table.close()
    return replace(usual, **read)


def _read_booked(table: Table) -> BookedFigure:
    figure = BookedFigure(
        column=table.name,
        title=table.text("title"),
        addresses=tuple(map(FigureAddress.parse, table.texts("addresses"))),
        includes=table.texts("includes", ()),
    )
    table.close()
    return figure


def _read_severities(root: Table) -> Mapping[str, Severity]:
    table = root.table("severities")
    return {code: table.choice(code, list(Severity)) for code in table.names} if table else {}


def read_appraisal(root: Table) -> AppraisalRule | None:
    """How divisions are appraised; None where the scheme knows no such thing."""
    table = root.table("appraisal")
    if table is None:
        return None
    rule = AppraisalRule(
        id=table.name,
        title=table.text("title"),
        basis=table.text("basis"),
        form=table.text("form"),
        table=table.text("table"),
        weights=table.decimals("weights"),
        annual=table.text("annual"),
        rank=table.text("rank"),
        places=table.integer("places", low=0, high=_MOST_PLACES),
    )
    if (total := sum(rule.weights.values(), ZERO)) != 1:
        table.report(say("各期权重之和应为 1，现为 {total}。", total=plain(total)), "weights")
    table.close()
    return rule


def read_survey(root: Table) -> SurveyRule | None:
    """How satisfaction surveys are evaluated; None where the scheme knows none."""
    table = root.table("survey")
    if table is None:
        return None
    rule = SurveyRule(
        id=table.name,
        title=table.text("title"),
        basis=table.text("basis"),
        places=table.integer("places", low=0, high=_MOST_PLACES),
        levels=table.texts("levels"),
    )
    table.close()
    return rule


def check_appraisal(scheme: Scheme, root: Table) -> None:
    """The form, its list and the columns that the appraisal speaks of are there."""
    rule = scheme.appraisal
    if rule is None:
        return
    form = scheme.find_form(rule.form)
    if form is None:
        known = say("、").join(each.id for each in scheme.forms)
        root.report(
            say("方案的报送表中没有“{form}”，可用：{known}。", form=rule.form, known=known),
            "appraisal",
            "form",
        )
        return
    table = form.find_table(rule.table)
    if table is None or table.kind is not TableKind.LIST:
        known = say("、").join(each.name for each in form.tables if each.kind is TableKind.LIST)
        root.report(
            say("没有名为“{table}”的清单，可用：{known}。", table=rule.table, known=known),
            "appraisal",
            "table",
        )
        return
    columns = [column.name for column in table.columns]
    for key, name in (("annual", rule.annual), ("rank", rule.rank), *(("weights", n) for n in rule.weights)):
        if name not in columns:
            path = ("appraisal", key, name) if key == "weights" else ("appraisal", key)
            root.report(
                say("没有名为“{name}”的列，可用：{columns}。", name=name, columns=say("、").join(columns)),
                *path,
            )
