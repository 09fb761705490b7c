"""Sheets that form layouts mark as comparisons: prior year, budget and spending, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.measures import sum_known
from jixiao.consolidation.overviews import SOURCE, named, total_line
from jixiao.domain.forms import TableKind
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec

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


def comparison_sheets(dossiers: Sequence[Dossier], edition: Edition) -> Iterator[SheetSpec]:
    """Every sheet that a layout of the scheme names and that some department has figures for."""
    scheme = edition.round.scheme
    names = (table.comparison.sheet for form in scheme.forms for table in form.tables if table.comparison)
    for name in dict.fromkeys(names):
        blocks = [(dossier, _blocks(dossier, name, scheme)) for dossier in dossiers]
        if any(found for _, found in blocks):
            yield _sheet(name, [(dossier, found) for dossier, found in blocks if found], edition)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """One item: last year's, budgeted and spent, None where the form has no such figure."""

    title: str
    prior: Decimal | None
    budget: Decimal | None
    executed: Decimal | None

    @property
    def is_known(self) -> bool:
        return any(each is not None for each in (self.prior, self.budget, self.executed))

    def contradicts(self, other: _Amounts) -> bool:
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
    items: dict[str, _Amounts]

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
) -> Iterator[tuple[str, _Amounts]]:
    if table.kind is TableKind.LIST:
        total = total_line(form, table)
        for item in comparison.items:
            spent = total.value(item) if total else None
            yield item, _Amounts(table.column(item).title, None, None, spent)
        return
    titles = {item.name: item.title for item in table.items}
    for item in comparison.items:
        line = form.line(table.name, item)
        names = (comparison.prior, comparison.budget, comparison.executed)
        yield item, _Amounts(titles[item], *(line.value(name) if line else None for name in names))


def _sheet(name: str, blocks: Sequence[tuple[Dossier, list[_Block]]], edition: Edition) -> SheetSpec:
    rows: list[tuple[Content, ...]] = []
    firsts: set[int] = set()
    for dossier, found in blocks:
        firsts.add(len(rows))
        sources = [_source(found, edition), named(found[0].form, edition.round.scheme)]
        rows += [
            _row(dossier.department, amounts, sources[bool(position)])
            for position, amounts in enumerate(found[0].items.values())
        ]
    return SheetSpec(
        name=name,
        title=edition.title(name),
        note=edition.note(
            "一行一项费用，加粗的是总额；增减＝本年决算数−上年决算数；表上没有的数留空；末几行为各部门合计。",
            unit="万元",
        ),
        columns=(
            *(ColumnSpec("部门", wrap=24), ColumnSpec(_ITEM, wrap=28)),
            *(ColumnSpec(title, Kind.AMOUNT) for title in (_PRIOR, _BUDGET, _EXECUTED, "比上年增减")),
            *(ColumnSpec("增减率", Kind.RATE), ColumnSpec("占预算", Kind.RATE)),
            ColumnSpec(SOURCE, wrap=48),
        ),
        rows=tuple(rows),
        totals=tuple(_totals([found[0] for _, found in blocks])),
        strong=frozenset(firsts),
        fixed=2,
        about="一行一项费用：上年决算、本年预算、本年决算和增减",
    )


def _row(department: str, amounts: _Amounts, source: Content) -> tuple[Content, ...]:
    return (
        *(shown_department(department), amounts.title),
        *(amounts.prior, amounts.budget, amounts.executed),
        *_changes(amounts),
        source,
    )


def _changes(amounts: _Amounts) -> tuple[Content, Content, Content]:
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


def _totals(blocks: Sequence[_Block]) -> Iterator[tuple[Content, ...]]:
    """A closing row for every item, by its title: its parts are no further items of a sum."""
    titles = dict.fromkeys(each.title for block in blocks for each in block.items.values())
    for title in titles:
        found = [each for block in blocks for each in block.items.values() if each.title == title]
        sums = _Amounts(
            title,
            sum_known(each.prior for each in found),
            sum_known(each.budget for each in found),
            sum_known(each.executed for each in found),
        )
        named = ((_PRIOR, sums.prior), (_BUDGET, sums.budget), (_EXECUTED, sums.executed))
        yield ("合计", title, *(_sum(column, value) for column, value in named), *_changes(sums), None)


def _sum(column: str, value: Decimal | None) -> Content:
    return None if value is None else Formula(f"SUMIF([{_ITEM}:],[{_ITEM}],[{column}:])", value)


def _source(blocks: Sequence[_Block], edition: Edition) -> str:
    """Which form was used, and of each other one whether it says the same."""
    used, *others = blocks
    scheme = edition.round.scheme
    text = named(used.form, scheme)
    for other in others:
        verdict = "两表不一致" if used.differs_from(other) else "两表一致"
        text += f"；{named(other.form, scheme)}也有，{verdict}，未采用"
    return text
