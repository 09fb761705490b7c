"""The sections [appraisal] and [survey] of a scheme: what is evaluated beside the forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.appraisals import AppraisalRule
from jixiao.domain.forms import TableKind
from jixiao.domain.surveys import SurveyRule

if TYPE_CHECKING:
    from jixiao.catalog.tables import Table
    from jixiao.domain.scheme import Scheme

_MOST_PLACES = 6


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
        table.report(f"各期权重之和应为 1，现为 {plain(total)}。", "weights")
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
    form = next((each for each in scheme.forms if each.id == rule.form), None)
    if form is None:
        known = "、".join(each.id for each in scheme.forms)
        root.report(f"方案的报送表中没有“{rule.form}”，可用：{known}。", "appraisal", "form")
        return
    table = next((each for each in form.tables if each.name == rule.table), None)
    if table is None or table.kind is not TableKind.LIST:
        known = "、".join(each.name for each in form.tables if each.kind is TableKind.LIST)
        root.report(f"没有名为“{rule.table}”的清单，可用：{known}。", "appraisal", "table")
        return
    columns = [column.name for column in table.columns]
    for key, name in (("annual", rule.annual), ("rank", rule.rank), *(("weights", n) for n in rule.weights)):
        if name not in columns:
            path = ("appraisal", key, name) if key == "weights" else ("appraisal", key)
            root.report(f"没有名为“{name}”的列，可用：{'、'.join(columns)}。", *path)
