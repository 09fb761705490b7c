"""What has to hold between the parts of a scheme; each check only where its parts were read without fault."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.catalog.loading.criteria import check_criteria
from jixiao.catalog.loading.form_sections import check_sheets
from jixiao.catalog.loading.forms import refute_figure
from jixiao.catalog.loading.reviews import check_reviews
from jixiao.catalog.loading.rules import SCORED_KINDS, check_appraisal
from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import LEVELS
from jixiao.domain.references import ACCOUNT_COLUMNS
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from jixiao.catalog.loading.tables import Document, Table
    from jixiao.domain.figure_address import FigureAddress
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme

_ALL = 1


def check_scheme(scheme: Scheme, document: Document, codes: AbstractSet[str]) -> None:
    """Report to the document everything that does not fit together; `codes` are the known finding codes."""
    root = document.root
    _check_own_words(scheme, root)
    _check_codes(scheme, root, codes)
    if document.sound("rules"):
        _check_rules(scheme, root)
    if document.sound("bands"):
        _check_bands(scheme, root)
    _check_results(scheme, document)
    if document.sound("forms"):
        _check_titles(scheme, root)
        check_sheets(scheme, root)
    if document.sound("forms", "composite"):
        _check_composite(scheme, root)
    if document.sound("forms", "weights"):
        _check_groups(scheme, root)
    if document.sound("forms", "appraisal"):
        check_appraisal(scheme, root)
    if document.sound("forms", "reconciliation"):
        _check_reconciliation(scheme, document)
    if document.sound("forms", "weights", "criteria"):
        check_criteria(scheme, root)


def _check_results(scheme: Scheme, document: Document) -> None:
    """Grades, and what follows of them."""
    if document.sound("grades"):
        _check_grades(scheme, document.root)
    if document.sound("grades", "uses"):
        check_reviews(scheme, document)


def _check_own_words(scheme: Scheme, root: Table) -> None:
    """Years in order; thresholds that mean something."""
    first, last = scheme.first_year, scheme.last_year
    if first is not None and last is not None and first > last:
        root.report(say("适用年度的开始 {first} 晚于结束 {last}。", first=first, last=last), "last_year")
    if scheme.exceeded_from < 1 and root.has("exceeded_from"):
        root.report(
            say(
                "“exceeded_from”是实际值与目标值的倍数，不能小于 1，现为 {exceeded_from}。",
                exceeded_from=scheme.exceeded_from,
            ),
            "exceeded_from",
        )


def _check_codes(scheme: Scheme, root: Table, codes: AbstractSet[str]) -> None:
    for code in scheme.severities:
        if code not in codes:
            root.report(
                say("没有审核发现代码“{code}”，代码见 findings.toml。", code=code), "severities", code
            )


def _check_rules(scheme: Scheme, root: Table) -> None:
    """Exactly one rule for every kind of target."""
    for kind in SCORED_KINDS:
        claims = [rule.id for rule in scheme.rules if kind in rule.kinds]
        if not claims:
            root.report(say("目标类型 {kind} 没有适用的规则。", kind=kind), "rules")
        for later in claims[1:]:
            root.report(
                say(
                    "目标类型 {kind} 已由规则“{claims}”计分，不能再由“{later}”计分。",
                    kind=kind,
                    claims=claims[0],
                    later=later,
                ),
                "rules",
                later,
                "kinds",
            )


def _check_bands(scheme: Scheme, root: Table) -> None:
    """From the full weight down to nothing without gap or overlap, one band a level, best first."""
    levels = tuple(band.level for band in scheme.bands)
    if levels != LEVELS:
        root.report(
            say(
                "各档的 level 应依次为：{levels}，现为：{levels2}。",
                levels=say("、").join(LEVELS),
                levels2=say("、").join(levels),
            ),
            "bands",
        )
        return
    for position, band in enumerate(scheme.bands):
        if band.low >= band.high:
            root.report(
                say("本档下限 {low} 应低于上限 {high}。", low=plain(band.low), high=plain(band.high)),
                "bands",
                position,
            )
    for position, (upper, lower) in enumerate(pairwise(scheme.bands), start=1):
        if upper.low != lower.high:
            word = say("空当") if upper.low > lower.high else say("重叠")
            message = say(
                "上一档下限 {low} 与本档上限 {high} 之间有{word}。",
                low=plain(upper.low),
                high=plain(lower.high),
                word=word,
            )
            root.report(message, "bands", position, "high")
    if scheme.bands[0].high != _ALL:
        root.report(
            say("第一档上限应为 1（满分），现为 {high}。", high=plain(scheme.bands[0].high)),
            "bands",
            0,
            "high",
        )
    if scheme.bands[-1].low != ZERO:
        last = len(scheme.bands) - 1
        root.report(
            say("最后一档下限应为 0，现为 {low}。", low=plain(scheme.bands[-1].low)), "bands", last, "low"
        )


def _check_grades(scheme: Scheme, root: Table) -> None:
    """Descending to 0, so that every score has a grade, and each word for one grade only."""
    for position, (upper, lower) in enumerate(pairwise(scheme.grades), start=1):
        if upper.low <= lower.low:
            message = say(
                "等级应从高到低：{low} 应低于上一等级的 {low2}。", low=plain(lower.low), low2=plain(upper.low)
            )
            root.report(message, "grades", position, "low")
    if not scheme.grades or scheme.grades[-1].low != ZERO:
        root.report(say("最低等级的 low 应为 0。"), "grades")
    seen: dict[str, str] = {}
    for position, cut in enumerate(scheme.grades):
        for word in (cut.grade, *cut.synonyms):
            if seen.setdefault(word, cut.grade) != cut.grade:
                root.report(
                    say("“{word}”已是等级“{seen}”的名称。", word=word, seen=seen[word]), "grades", position
                )


def _check_titles(scheme: Scheme, root: Table) -> None:
    """A title that two forms of a scheme share would let both claim every such sheet."""
    owners: dict[str, str] = {}
    for position, form in enumerate(scheme.forms):
        shared = [title for title in form.titles if owners.setdefault(title, form.id) != form.id]
        if shared:
            root.report(
                say(
                    "标题“{shared}”同时属于“{owners}”和“{id}”。",
                    shared=shared[0],
                    owners=owners[shared[0]],
                    id=form.id,
                ),
                "forms",
                position,
            )


def _check_composite(scheme: Scheme, root: Table) -> None:
    """The funds of the composite exist on every form of their scope."""
    rule = scheme.composite
    if rule is None:
        return
    addresses = {
        "whole": (Scope.OVERALL, rule.whole),
        "overall_funds": (Scope.OVERALL, rule.overall_funds),
        "project_funds": (Scope.PROJECT, rule.project_funds),
    }
    for key, (scope, address) in addresses.items():
        for form in scheme.forms:
            if form.scope is scope and (message := refute_figure(address, form)):
                root.report(say("报送表“{id}”：{message}", id=form.id, message=message), "composite", key)


def _check_groups(scheme: Scheme, root: Table) -> None:
    """Weights are given to first-level indicators by the names that the forms of their scope use."""
    for table in root.tables("weights"):
        scopes = table.texts("scopes")
        known = {name for form in scheme.forms if form.scope in scopes for name in form.levels}
        for name in table.decimals("groups"):
            if known and name not in known:
                message = say(
                    "“{name}”不是报送表 levels 中的名称，可用：{known}。",
                    name=name,
                    known=say("、").join(sorted(known)),
                )
                table.report(message, "groups", name)


def _check_reconciliation(scheme: Scheme, document: Document) -> None:
    """The columns are ones that accounts have; an address fits some form, where one has its table at all.

    Inherited addresses may fit none: a jurisdiction with a form of its own has no such figure to compare.
    """
    root = document.root
    for figure in scheme.booked:
        for key, names in (("", (figure.column,)), ("includes", figure.includes)):
            for name in names:
                if name not in ACCOUNT_COLUMNS:
                    message = say(
                        "账面数没有名为“{name}”的列，可用：{account_columns}。",
                        name=name,
                        account_columns=say("、").join(ACCOUNT_COLUMNS),
                    )
                    root.report(message, "reconciliation", figure.column, *filter(None, (key,)))
        own = document.owns("reconciliation", figure.column, "addresses")
        for position, address in enumerate(figure.addresses if own else ()):
            tables = [form for form in scheme.forms if _has_table(form, address)]
            refuted = [refute_figure(address, form) for form in tables]
            if refuted and all(refuted):
                root.report(refuted[0], "reconciliation", figure.column, "addresses", position)


def _has_table(form: FormLayout, address: FigureAddress) -> bool:
    return any(table.name == (address.table or address.column) for table in form.tables)
