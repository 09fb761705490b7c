"""Sheets that form layouts mark as comparisons: prior year, budget and spending, item by item."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.overviews import SOURCE, named, total_line
from jixiao.consolidation.totals import sum_known
from jixiao.domain.forms import TableKind
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.forms import ComparisonLayout, FormLayout, TableLayout
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

_ITEM = "费用"
_PRIOR, _BUDGET, _EXECUTED = "上年决算数", "本年预算数", "本年决算数"


def comparison_names(scheme: Scheme) -> tuple[str, ...]:
    """The sheets that the layouts of the scheme name."""
    names = (table.comparison.sheet for form in scheme.forms for table in form.tables if table.comparison)
    return tuple(dict.fromkeys(names))


def comparison_rows(
    dossier: Dossier, scheme: Scheme
) -> dict[str, tuple[tuple[Amounts, ...], tuple[tuple[Content, ...], ...]]]:
    """By sheet a department's items and their rows, of which the first is the whole."""
    found = {name: _blocks(dossier, name, scheme) for name in comparison_names(scheme)}
    return {
        name: (tuple(blocks[0].items.values()), tuple(_rows(dossier.department, blocks, scheme)))
        for name, blocks in found.items()
        if blocks
    }


@dataclass(frozen=True, slots=True)
class Amounts:
    """One item: last year's, budgeted and spent, None where the form has no such figure."""

    title: str
    prior: Decimal | None
    budget: Decimal | None
    executed: Decimal | None

    @property
    def is_known(self) -> bool:
        """Whether any of its figures is."""
        return any(each is not None for each in (self.prior, self.budget, self.executed))

    def contradicts(self, other: Amounts) -> bool:
        """Whether a figure that both have differs."""
        pairs = (
            (self.prior, other.prior),
            (self.budget, other.budget),
            (self.executed, other.executed),
        )
        return any(None not in pair and pair[0] != pair[1] for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Block:
    """The marked block of one form, by item; items without any figure left out."""

    form: Submission
    items: dict[str, Amounts]

    def differs_from(self, other: _Block) -> bool:
        return any(
            item in other.items and amounts.contradicts(other.items[item])
            for item, amounts in self.items.items()
        )


def _blocks(dossier: Dossier, name: str, scheme: Scheme) -> list[_Block]:
    """The blocks of a department that go to one sheet; the first, by the scheme's order of forms, is used."""
    return [
        _Block(form, items)
        for layout in scheme.forms
        for table, comparison in _marked(layout, name)
        for form in dossier.current(layout.id)
        if (items := {item: each for item, each in _items(form, table, comparison) if each.is_known})
    ]


def _marked(layout: FormLayout, name: str) -> Iterator[tuple[TableLayout, ComparisonLayout]]:
    for table in layout.tables:
        if table.comparison and table.comparison.sheet == name:
            yield table, table.comparison


def _items(
    form: Submission, table: TableLayout, comparison: ComparisonLayout
) -> Iterator[tuple[str, Amounts]]:
    if table.kind is TableKind.LIST:
        total = total_line(form, table)
        for item in comparison.items:
            spent = total.value(item) if total else None
            yield item, Amounts(table.column(item).title, None, None, spent)
        return
    titles = {item.name: item.title for item in table.items}
    for item in comparison.items:
        line = form.line(table.name, item)
        names = (comparison.prior, comparison.budget, comparison.executed)
        yield item, Amounts(titles[item], *(line.value(name) if line else None for name in names))


def _rows(department: str, blocks: Sequence[_Block], scheme: Scheme) -> Iterator[tuple[Content, ...]]:
    sources = [_source(blocks, scheme), named(blocks[0].form, scheme)]
    for position, amounts in enumerate(blocks[0].items.values()):
        yield _row(department, amounts, sources[bool(position)])


def comparison_sheet(name: str, items: Sequence[Amounts], edition: Edition) -> SheetSpec:
    """The sheet of that name without its rows; `items` are those of all departments, for the closing rows."""
    return SheetSpec(
        name=name,
        title=edition.title(name),
        note=edition.note(
            say(
                "一行一项费用，加粗的是总额；增减＝本年决算数−上年决算数；表上没有的数留空；末几行为各部门合计。"
            ),
            unit=say("万元"),
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec(_ITEM, wrap=28)),
            *(ColumnSpec(title, Kind.AMOUNT) for title in (_PRIOR, _BUDGET, _EXECUTED, "比上年增减")),
            *(ColumnSpec("增减率", Kind.RATE), ColumnSpec("占预算", Kind.RATE)),
            ColumnSpec(SOURCE, wrap=48),
        ),
        rows=(),
        totals=tuple(_totals(items)),
        fixed=2,
        about=say("一行一项费用：上年决算、本年预算、本年决算和增减"),
    )


def _row(department: str, amounts: Amounts, source: Content) -> tuple[Content, ...]:
    return (
        *(shown_department(department), amounts.title),
        *(amounts.prior, amounts.budget, amounts.executed),
        *_changes(amounts),
        source,
    )


def _changes(amounts: Amounts) -> tuple[Content, Content, Content]:
    """Change, its rate, and the share of the budget: live, where both figures are known."""
    prior, budget, executed = amounts.prior, amounts.budget, amounts.executed
    change = share = ratio = None
    if executed is not None and prior is not None:
        change = Formula(f"[{_EXECUTED}]-[{_PRIOR}]", executed - prior)
        if prior > 0:
            ratio = Formula(
                f'IF([{_PRIOR}]>0,([{_EXECUTED}]-[{_PRIOR}])/[{_PRIOR}],"")', (executed - prior) / prior
            )
    if executed is not None and budget is not None and budget > 0:
        share = Formula(f'IF([{_BUDGET}]>0,[{_EXECUTED}]/[{_BUDGET}],"")', executed / budget)
    return change, ratio, share


def _totals(items: Sequence[Amounts]) -> Iterator[tuple[Content, ...]]:
    """A closing row for every item, by its title: its parts are no further items of a sum."""
    by_title: dict[str, list[Amounts]] = defaultdict(list)
    for each in items:
        by_title[each.title].append(each)
    for title, found in by_title.items():
        sums = Amounts(
            title,
            sum_known(each.prior for each in found),
            sum_known(each.budget for each in found),
            sum_known(each.executed for each in found),
        )
        named = ((_PRIOR, sums.prior), (_BUDGET, sums.budget), (_EXECUTED, sums.executed))
        yield (say("合计"), title, *(_sum(column, value) for column, value in named), *_changes(sums), None)


def _sum(column: str, value: Decimal | None) -> Content:
    return None if value is None else Formula(f"SUMIF([{_ITEM}:],[{_ITEM}],[{column}:])", value)


def _source(blocks: Sequence[_Block], scheme: Scheme) -> str:
    """Which form was used, and of each other one whether it says the same."""
    used, *others = blocks
    text = named(used.form, scheme)
    for other in others:
        verdict = say("两表不一致") if used.differs_from(other) else say("两表一致")
        text += say("；{form}也有，{verdict}，未采用", form=named(other.form, scheme), verdict=verdict)
    return text
