"""The section [criteria] of a scheme's file: the standards of a scoring table, read and checked."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.loading.forms import refute_figure
from jixiao.domain.amounts import ZERO, plain
from jixiao.domain.figure_address import FormAddress
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import Side
from jixiao.domain.relations import OF_TWO_FIGURES, MeasureKind
from jixiao.domain.scheme import (
    CheckItem,
    Criterion,
    CriterionMethod,
    Operands,
    Step,
)
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from jixiao.catalog.loading.tables import Table
    from jixiao.domain.scheme import Scheme

_SIDES = (Side.BELOW, Side.ABOVE)


class _Needs(NamedTuple):
    """What a method has to be told: names of parameters, and of the further keys."""

    parameters: AbstractSet[str] = frozenset()
    keys: AbstractSet[str] = frozenset()


NEEDS: Mapping[CriterionMethod, _Needs] = {
    CriterionMethod.POINTS_OFF: _Needs(
        frozenset({"standard", "points"}), frozenset({"operands", "worse", "pro_rata"})
    ),
    CriterionMethod.BANDS: _Needs(frozenset({"otherwise"}), frozenset({"operands", "worse", "steps"})),
    CriterionMethod.CHECKLIST: _Needs(keys=frozenset({"items"})),
    CriterionMethod.PER_OCCURRENCE: _Needs(frozenset({"points"}), frozenset({"operands"})),
    CriterionMethod.COMPARISON: _Needs(frozenset({"none", "within", "above"}), frozenset({"operands"})),
    CriterionMethod.JUDGED: _Needs(),
    CriterionMethod.MERGED: _Needs(),
}
_KEYS = ("operands", "worse", "pro_rata", "steps", "items")


def read_criterion(table: Table) -> Criterion:
    """Read one standard; a key that its method does not take, or lacks, is a problem.

    Without a known method nothing can be said about its keys: a neutral value goes on in its place.
    """
    method = table.choice("method", list(CriterionMethod))
    if not table.has("method") or table.text("method") != method:
        return Criterion(
            id=table.name, title="", labels=(), weight=ZERO, method=CriterionMethod.JUDGED, basis=""
        )
    needs = NEEDS[method]
    for key in _KEYS:
        if table.has(key) and key not in needs.keys:
            table.report(say("方法 {method} 不用“{key}”。", method=method, key=key), key)
    given = {key for key in _KEYS if table.has(key)} & needs.keys
    operands = table.section("operands") if "operands" in needs.keys else None
    criterion = Criterion(
        id=table.name,
        title=table.text("title"),
        labels=table.texts("labels"),
        level2=table.text("level2", ""),
        weight=table.decimal("weight"),
        method=method,
        basis=table.text("basis"),
        adjustable=table.flag("adjustable", default=False),
        operands=_read_operands(operands) if operands else None,
        parameters=_read_parameters(table, needs.parameters),
        worse=table.choice("worse", _SIDES) if "worse" in needs.keys else Side.BELOW,
        pro_rata=table.flag("pro_rata") if "pro_rata" in needs.keys else False,
        steps=tuple(_read_step(row) for row in table.rows("steps")) if "steps" in given else (),
        items=tuple(_read_item(row) for row in table.rows("items")) if "items" in given else (),
    )
    for key in sorted((needs.keys & {"steps", "items"}) - given):
        table.report(say("方法 {method} 缺少“{key}”（数组）。", method=method, key=key), key)
    table.close()
    return criterion


def _read_parameters(table: Table, wanted: AbstractSet[str]) -> Mapping[str, Decimal]:
    inner = table.table("parameters")
    given = inner.names if inner else ()
    for name in sorted(wanted - set(given)):
        table.report(say("缺少参数“{name}”（数字）。", name=name), "parameters", name)
    values = {name: inner.decimal(name) for name in sorted(wanted & set(given))} if inner else {}
    if inner:
        inner.close()
    return values


def _read_operands(table: Table) -> Operands:
    of, base = (FormAddress.parse(table.text(key)) if table.has(key) else None for key in ("of", "base"))
    kind = table.choice("kind", OF_TWO_FIGURES, MeasureKind.RATIO)
    operands = Operands(table.text("title"), kind, of, base)
    table.close()
    return operands


def _read_step(table: Table) -> Step:
    step = Step(table.decimal("bound"), table.decimal("score"))
    table.close()
    return step


def _read_item(table: Table) -> CheckItem:
    item = CheckItem(table.text("title"), table.decimal("points"))
    table.close()
    return item


def check_criteria(scheme: Scheme, root: Table) -> None:
    """Every row of the table has one standard, its points add up, and its figures can be found."""
    for criterion in scheme.criteria:
        for key, message in (*_refute_points(criterion), *_refute_addresses(criterion, scheme)):
            root.report(message, "criteria", criterion.id, *key)
    _check_labels(scheme, root)
    total = sum((each.weight for each in scheme.criteria), ZERO)
    wanted = {each.total for each in scheme.weights if each.scope is Scope.SCORING_TABLE}
    if scheme.criteria and wanted and total not in wanted:
        listed = say("、").join(plain(each) for each in sorted(wanted))
        root.report(
            say(
                "各项评分标准的分值之和为 {total}，与评分表的总分 {listed} 不符。",
                total=plain(total),
                listed=listed,
            ),
            "criteria",
        )


def _refute_points(criterion: Criterion) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Points that do not fit the weight, bands that are out of order; each with the key it is wrong at."""
    weight = plain(criterion.weight)
    items = sum((item.points for item in criterion.items), ZERO)
    if criterion.items and items != criterion.weight:
        yield ("items",), say("各项之和为 {items}，与分值 {weight} 不符。", items=plain(items), weight=weight)
    if criterion.parameters.get("points") == ZERO:
        yield ("parameters", "points"), say("“points”应大于 0。")
    elif criterion.choices and criterion.choices[0] != criterion.weight:
        yield (
            ("weight",),
            say(
                "最高档为 {choices}，与分值 {weight} 不符。",
                choices=plain(criterion.choices[0]),
                weight=weight,
            ),
        )
    for position, (upper, lower) in enumerate(pairwise(criterion.steps), start=1):
        ordered = upper.bound > lower.bound if criterion.worse is Side.BELOW else upper.bound < lower.bound
        if not ordered or upper.score <= lower.score:
            yield ("steps", position), say("各档应从得分高的到得分低的依次排列。")


def _refute_addresses(criterion: Criterion, scheme: Scheme) -> Iterator[tuple[tuple[str | int, ...], str]]:
    operands = criterion.operands
    for key, address in (("of", operands.of), ("base", operands.base)) if operands else ():
        form = scheme.find_form(address.form) if address else None
        if address and form is None:
            known = say("、").join(each.id for each in scheme.forms)
            yield (
                ("operands", key),
                say("没有名为“{form}”的报送表，可用：{known}。", form=address.form, known=known),
            )
        elif address and form and (message := refute_figure(address.address, form)):
            yield ("operands", key), message


def _check_labels(scheme: Scheme, root: Table) -> None:
    """No row can fall under two standards."""
    owners: dict[str, list[Criterion]] = {}
    for criterion in scheme.criteria:
        for label in criterion.labels:
            owners.setdefault(label, []).append(criterion)
    for label, claims in owners.items():
        levels = Counter(claim.level2 for claim in claims)
        if len(claims) > 1 and ("" in levels or len(levels) < len(claims)):
            message = say(
                "“{label}”已由“{id}”计分，同名的指标应各自写明 level2。", label=label, id=claims[0].id
            )
            root.report(message, "criteria", claims[-1].id, "labels")
