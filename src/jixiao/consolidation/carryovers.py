"""Carry-over projects one by one, as the department's own list has what a composite lumps together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up, rounding_slack, show
from jixiao.domain.scores import CompositeItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.domain.scheme import CompositeRule
    from jixiao.domain.scores import Composite
    from jixiao.domain.submissions import Line

CARRYOVER = "carryover"


def spread_carryover(composite: Composite, unfiled: Sequence[Line], rule: CompositeRule) -> Composite:
    """The composite with an item for each listed project that makes up its carry-over.

    Their shares add up to the carry-over's, what rounding leaves is the largest one's. Where the listed
    projects do not make up the carry-over's funds, it stays as it is and says so.
    """
    column = rule.project_funds.column
    listed = [(line.label, amount) for line in unfiled if (amount := line.value(column)) and amount > 0]
    items = [each for item in composite.items for each in _spread(item, listed, rule)]
    return replace(composite, items=tuple(items))


def _spread(
    item: CompositeItem, listed: Sequence[tuple[str, Decimal]], rule: CompositeRule
) -> Iterator[CompositeItem]:
    whole = sum((amount for _, amount in listed), ZERO)
    if item.kind != CARRYOVER or not listed:
        yield item
    elif abs(whole - item.funds) > rounding_slack(len(listed)):
        said = f"项目明细表上没有自评表的 {len(listed)} 个项目合计 {show(whole)}，与此数不符，未逐项列出"
        yield replace(item, note="；".join(filter(None, (item.note, said))))
    else:
        for (name, amount), share in zip(listed, _shares(item, listed, rule.share_places), strict=True):
            yield CompositeItem(name, CARRYOVER, amount, share, None, None, item.note)


def _shares(item: CompositeItem, listed: Sequence[tuple[str, Decimal]], places: int) -> list[Decimal]:
    """Each one's share of all funds, as the carry-over's own share tells how much that is."""
    amounts = [amount for _, amount in listed]
    if not item.share_percent:
        return [ZERO] * len(amounts)
    funds = item.funds * HUNDRED / item.share_percent
    shares = [round_half_up(amount * HUNDRED / funds, places) for amount in amounts]
    shares[amounts.index(max(amounts))] += item.share_percent - sum(shares, ZERO)
    return shares
