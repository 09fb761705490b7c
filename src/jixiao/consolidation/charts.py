"""The charts of a round as values: grades, scores, execution, causes of findings, money by grade.

They read the finished sheet 部门汇总, so that a chart can't say anything else than the workbook.
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from jixiao.consolidation.totals import quotient, sum_known
from jixiao.domain.amounts import HUNDRED, ZERO, plain, round_half_up, show, show_percent
from jixiao.domain.report import Bar, Chart, Formula
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.consolidation.totals import Money
    from jixiao.domain.report import Content, SheetSpec
    from jixiao.domain.scheme import Scheme

UNGRADED = say("未定级")
_LOWEST, _CAUSES = 12, 10
"""So many departments, so many causes are shown; the tables beside the page have all."""
_WIDTHS = tuple(map(Decimal, ("1", "2", "5", "10", "20", "50", "100")))
_CLASSES = 12


def column_of(sheet: SheetSpec, title: str) -> list[Content]:
    """What the rows of a sheet hold under a header; a formula counts as the value that it gives."""
    place = [column.title for column in sheet.columns].index(title)
    return [_value(row[place]) for row in sheet.rows]


def figures_of(sheet: SheetSpec, title: str) -> list[Decimal | None]:
    """The same of a column of figures; None where there is none."""
    return [Decimal(each) if isinstance(each, int | Decimal) else None for each in column_of(sheet, title)]


def money_of(sheet: SheetSpec) -> list[Money]:
    """Annual budget and executed amount of each row."""
    return list(zip(figures_of(sheet, "全年预算数"), figures_of(sheet, "全年执行数"), strict=True))


def _value(content: Content) -> Content:
    return content.value if isinstance(content, Formula) else content


def charts_of(departments: SheetSpec, causes: Mapping[str, int], scheme: Scheme) -> Iterator[Chart]:
    """The charts that there are figures for; `causes` are titles of findings with their number."""
    grades = [str(each) if each else UNGRADED for each in column_of(departments, "等级")]
    order = [*(cut.grade for cut in scheme.grades), *([UNGRADED] if UNGRADED in grades else [])]
    money = list(
        zip(figures_of(departments, "全年预算数"), figures_of(departments, "全年执行数"), strict=True)
    )
    scores = [score for score in figures_of(departments, "采用得分") if score is not None]
    yield _grades(Counter(grades), order)
    if scores:
        yield _scores(scores)
    if any(quotient(executed, budget) is not None for budget, executed in money):
        yield _execution(departments, scheme)
        yield _money(order, grades, money)
    if causes:
        yield _causes(causes)


def _grades(counts: Counter[str], order: Sequence[str]) -> Chart:
    whole, most = counts.total(), max(counts.values(), default=1)
    bars = tuple(
        Bar(
            grade,
            (str(counts[grade]), show_percent(Decimal(counts[grade]) / whole) if whole else ""),
            Decimal(counts[grade]) / most,
        )
        for grade in order
    )
    return Chart(
        "grades",
        say("等级分布"),
        say("按采用得分评定的等级，部门数和占比。"),
        (say("等级"), say("部门数"), say("占比")),
        bars,
    )


def _scores(scores: Sequence[Decimal]) -> Chart:
    edges = score_classes(scores)
    counts = [
        sum(low <= score < high or score == high == edges[-1] for score in scores)
        for low, high in pairwise(edges)
    ]
    bars = tuple(
        Bar(
            say("{low}～{high}", low=plain(low), high=plain(high)),
            (str(count),),
            Decimal(count) / max(counts),
        )
        for (low, high), count in zip(pairwise(edges), counts, strict=True)
    )
    return Chart(
        "scores",
        say("得分分布"),
        say("各分数段的部门数；每段含下限，最后一段也含上限。"),
        (say("得分"), say("部门数")),
        bars,
        edges=tuple(plain(edge) for edge in edges),
    )


def score_classes(scores: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """The limits of up to a dozen classes that hold all scores, in the finest round steps that do.

    >>> score_classes([Decimal("88.5"), Decimal(97)])
    (Decimal('88'), Decimal('89'), Decimal('90'), Decimal('91'), Decimal('92'), Decimal('93'), \
Decimal('94'), Decimal('95'), Decimal('96'), Decimal('97'))
    """
    low, high = min(scores), max(scores)
    for width in _WIDTHS:
        # Whole numbers of Python: those of Decimal end at 28 digits, and a form may print longer ones.
        first = int((low / width).to_integral_value(ROUND_FLOOR))
        last = max(-int((-high / width).to_integral_value(ROUND_FLOOR)), first + 1)
        if last - first <= _CLASSES:
            return tuple(width * step for step in range(first, last + 1))
    step = -(-(last - first) // _CLASSES)
    return tuple(width * (first + step * place) for place in range(_CLASSES + 1))


def _execution(departments: SheetSpec, scheme: Scheme) -> Chart:
    """The departments that executed least, or all where they are few."""
    names = column_of(departments, "部门")
    rates = zip(names, figures_of(departments, "执行率"), strict=True)
    known = sorted(((rate, str(name)) for name, rate in rates if rate is not None), key=lambda each: each[0])
    asked = scheme.execution.reason_below
    longest = max(Decimal(1), *(rate for rate, _ in known[:_LOWEST])) if known else Decimal(1)
    line = None if asked is None else asked / HUNDRED
    bars = tuple(
        Bar(
            name,
            (show_percent(rate),),
            max(rate, ZERO) / longest,
            marked=line is not None and rate < line,
            department=name,
        )
        for rate, name in known[:_LOWEST]
    )
    few = len(known) <= _LOWEST
    said = (
        say("各部门执行率，由低到高")
        if few
        else say("执行率最低的 {lowest} 个部门（共 {count} 个）", lowest=_LOWEST, count=len(known))
    )
    if line is not None:
        below = sum(rate < line for rate, _ in known)
        said += say("；竖线为 {line}%，低于它的有 {below} 个部门", line=plain(line * HUNDRED), below=below)
    return Chart(
        "execution",
        say("预算执行率"),
        say("{said}。", said=said),
        (say("部门"), say("执行率")),
        bars,
        reference=None if line is None else line / longest,
    )


def _money(order: Sequence[str], grades: Sequence[str], money: Sequence[Money]) -> Chart:
    sums = {
        grade: (
            sum_known(budget for own, (budget, _) in zip(grades, money, strict=True) if own == grade),
            sum_known(executed for own, (_, executed) in zip(grades, money, strict=True) if own == grade),
        )
        for grade in order
    }
    longest = max((amount for pair in sums.values() for amount in pair if amount), default=Decimal(1))
    bars = tuple(
        Bar(
            grade,
            (_amount(budget), _amount(executed)),
            None if budget is None else max(budget, ZERO) / longest,
            None if executed is None else max(executed, ZERO) / longest,
        )
        for grade, (budget, executed) in sums.items()
    )
    return Chart(
        "money",
        say("各等级资金"),
        say("框为全年预算数，实心为全年执行数，单位万元。"),
        (say("等级"), say("全年预算数"), say("全年执行数")),
        bars,
    )


def _causes(causes: Mapping[str, int]) -> Chart:
    """The commonest causes, the rest as one line."""
    ranked = sorted(causes.items(), key=lambda each: (-each[1], each[0]))
    most, rest = ranked[0][1], ranked[_CAUSES:]
    bars = [Bar(title, (str(count),), Decimal(count) / most) for title, count in ranked[:_CAUSES]]
    if rest:
        bars.append(
            Bar(say("其他 {count} 种", count=len(rest)), (str(sum(count for _, count in rest)),), None)
        )
    return Chart(
        "causes",
        say("审核发现的原因"),
        say("阻断、错误和提示共 {values} 项，按原因计。", values=sum(causes.values())),
        (say("原因"), say("项数")),
        tuple(bars),
    )


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else show(round_half_up(amount, 2))
