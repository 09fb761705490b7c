"""The sections `[measures]` and `[cross_checks]` of a scheme: figures by their address among all forms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.catalog.loading.forms import refute_figure
from jixiao.catalog.loading.reviews import fitting
from jixiao.domain.figure_address import COLUMN, ITEM, FigureAddress, FormAddress
from jixiao.domain.forms import Scope, TableKind
from jixiao.domain.relations import PROJECT_SLOT, CrossCheck, Measure, MeasureKind, PriorYearCheck
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from jixiao.catalog.loading.sources import KeyPath
    from jixiao.catalog.loading.tables import Table
    from jixiao.domain.scheme import Scheme

_MOST_PLACES = 6
_PERCENT = "%"
_COMPOSITE_COLUMNS = ("item", "funds", "score", "share", "weighted")
_BELOW = (MeasureKind.COUNT_BELOW, MeasureKind.SHARE_BELOW)
_WITHOUT_BASE = (MeasureKind.DIFFERENCE,)

Located = tuple["KeyPath", FormAddress]
"""An address with the key path that gives it."""


def read_measure(table: Table) -> Measure:
    """One measure; problems go to the document of the table."""
    measure = Measure(
        id=table.name,
        title=table.text("title"),
        kind=table.choice("kind", list(MeasureKind)),
        of=_addresses(table.texts("of")),
        less=_addresses(table.texts("less", ())),
        base=_addresses(table.texts("base", ())),
        whole=_addresses(table.texts("whole", ())),
        places=table.integer("places", low=0, high=_MOST_PLACES),
        unit=table.text("unit"),
        threshold=table.decimal_or_none("threshold"),
        per_form=table.flag("per_form", default=False),
        indicators=table.texts("indicators", ()),
        basis=table.text("basis"),
    )
    table.close()
    for key, message in _refute_shape(measure):
        table.report(message, key)
    return measure


def read_cross_check(table: Table) -> CrossCheck:
    """One cross check; problems go to the document of the table."""
    explained_by = table.text("explained_by", "")
    check = CrossCheck(
        id=table.name,
        title=table.text("title"),
        left=FormAddress.parse(table.text("left")),
        right=_addresses(table.texts("right")),
        alternatives=_addresses(table.texts("alternatives", ())),
        items=table.texts("items", ()),
        columns=table.texts("columns", ()),
        strict=table.flag("strict", default=True),
        explained_by=FormAddress.parse(explained_by) if explained_by else None,
        explanation=table.text("explanation", ""),
    )
    table.close()
    if (check.explained_by is None) != (not check.explanation):
        table.report(say("explained_by（哪个数）和 explanation（怎样解释）应同时写明。"), "explained_by")
    return check


def read_prior_year(table: Table) -> PriorYearCheck:
    """One figure that continues last year's; problems go to the document of the table."""
    check = PriorYearCheck(
        id=table.name,
        title=table.text("title"),
        opening=FormAddress.parse(table.text("opening")),
        closing=FormAddress.parse(table.text("closing")),
    )
    table.close()
    if check.opening.address.has_item_slot != check.closing.address.has_item_slot:
        table.report(say("opening 和 closing 应都写 {item}（各行），或都不写。"), "closing")
    return check


def check_relations(scheme: Scheme, root: Table, forms: AbstractSet[str]) -> None:
    """Report every address that leads nowhere; `forms` are the ids of all forms that there are."""
    _check_composite_table(scheme, root)
    for path, address in _located(scheme):
        if address.form not in forms:
            root.report(
                say(
                    "没有名为“{form}”的报送表，可用：{forms}。",
                    form=address.form,
                    forms=say("、").join(sorted(forms)),
                ),
                *path,
            )
        elif scheme.find_form(address.form):
            refuted = (_refute(each, scheme) for each in _spelled(path, address, scheme))
            if message := next(filter(None, refuted), ""):
                root.report(message, *path)


def _check_composite_table(scheme: Scheme, root: Table) -> None:
    """Where departments print their composite: a list with the columns that are compared."""
    rule = scheme.composite
    form_id, _, name = rule.table.partition(":") if rule else ("", "", "")
    layout = scheme.find_form(form_id)
    if layout is None:
        return
    table = layout.find_table(name)
    columns = {column.name for column in table.columns} if table else set()
    missing = [column for column in _COMPOSITE_COLUMNS if column not in columns]
    if table is None or table.kind is not TableKind.LIST:
        root.report(
            say("报送表“{form_id}”没有名为“{name}”的一览表（list）。", form_id=form_id, name=name),
            "composite",
            "table",
        )
    elif missing:
        root.report(
            say(
                "报送表“{form_id}”的“{name}”缺少列：{missing}。",
                form_id=form_id,
                name=name,
                missing=say("、").join(missing),
            ),
            "composite",
            "table",
        )


def keep_applicable(scheme: Scheme) -> Scheme:
    """The scheme without measures and cross checks of forms, and proposals for grades, that it does not have.

    A jurisdiction that extends another one often has fewer forms: what it inherits for the others is idle.
    """
    used = {form.id for form in scheme.forms}
    return replace(
        scheme,
        measures=tuple(each for each in scheme.measures if {at.form for at in each.operands} <= used),
        cross_checks=tuple(
            check for check in scheme.cross_checks if {at.form for _, at in _of_check(check)} <= used
        ),
        prior_year=tuple(
            each for each in scheme.prior_year if {each.opening.form, each.closing.form} <= used
        ),
        reviews=fitting(scheme),
    )


def _addresses(texts: tuple[str, ...]) -> tuple[FormAddress, ...]:
    return tuple(FormAddress.parse(text) for text in texts)


def _refute_shape(measure: Measure) -> Iterator[tuple[str, str]]:
    """What a kind of measure needs or cannot have."""
    kind = measure.kind
    if (kind in _WITHOUT_BASE) == bool(measure.base):
        yield (
            "base",
            say(
                "{kind} {value}分母（base）。", kind=kind, value=say("没有") if measure.base else say("需要")
            ),
        )
    if (kind in _BELOW) != (measure.threshold is not None):
        yield (
            "threshold",
            say(
                "{kind} {value}界限（threshold）。",
                kind=kind,
                value=say("需要") if kind in _BELOW else say("没有"),
            ),
        )
    if kind is MeasureKind.SHARE_BELOW and not measure.whole:
        yield "whole", say("{kind} 需要总数（whole）。", kind=kind)
    if kind.is_percentage != (measure.unit == _PERCENT):
        yield (
            "unit",
            say(
                "{kind} 的单位{value} %。",
                kind=kind,
                value=say("应为") if kind.is_percentage else say("不能是"),
            ),
        )
    by_form = measure.per_form or kind.is_pooling
    if by_form and len({each.form for each in (*measure.of, *measure.base)}) > 1:
        yield "of", say("逐表计算的指标，of、base 应在同一种报送表上。")


def _located(scheme: Scheme) -> Iterator[Located]:
    for measure in scheme.measures:
        for key in ("of", "less", "base", "whole"):
            addresses: tuple[FormAddress, ...] = getattr(measure, key)
            yield from ((("measures", measure.id, key, at), each) for at, each in enumerate(addresses))
    for check in scheme.cross_checks:
        yield from ((("cross_checks", check.id, *path), address) for path, address in _of_check(check))
    for continued in scheme.prior_year:
        for key, address in (("opening", continued.opening), ("closing", continued.closing)):
            yield from ((("prior_year", continued.id, key), each) for each in _rows(address, scheme))


def _rows(address: FormAddress, scheme: Scheme) -> Iterator[FormAddress]:
    """The address for each row of a table whose rows the layout names; of a list as it is."""
    layout = scheme.find_form(address.form)
    tables = layout.tables if layout and address.address.has_item_slot else ()
    items = [item.name for table in tables if table.name == address.address.table for item in table.items]
    yield from (address.fill(ITEM, item) for item in items) if items else (address,)


def _of_check(check: CrossCheck) -> Iterator[Located]:
    yield ("left",), check.left
    yield from ((("right", at), address) for at, address in enumerate(check.right))
    yield from ((("alternatives", at), address) for at, address in enumerate(check.alternatives))
    if check.explained_by:
        yield ("explained_by",), check.explained_by


def _spelled(path: KeyPath, address: FormAddress, scheme: Scheme) -> Iterator[FormAddress]:
    """The address for each of the check's items and columns."""
    check = next((each for each in scheme.cross_checks if path[:2] == ("cross_checks", each.id)), None)
    items, columns = (check.items, check.columns) if check else ((), ())
    for each in address.address.spread(items or (ITEM,), columns or (COLUMN,)):
        yield FormAddress(address.form, each)


def _refute(address: FormAddress, scheme: Scheme) -> str:
    """Why it leads to no figure, in Chinese; {project} stands for a row of a LIST on a detail form."""
    at, layout = address.address, scheme.form(address.form)
    if at.item == PROJECT_SLOT:
        table = layout.find_table(at.table)
        if table is None or table.kind is not TableKind.LIST or layout.scope is Scope.PROJECT:
            return say("“{project_slot}”只能代表各项目一览表（list）的行。", project_slot=PROJECT_SLOT)
        at = FigureAddress(at.table, ITEM, at.column)
    return refute_figure(at, layout)
