"""seeds/forms/*.toml into form layouts; whether an address leads to a figure on such a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog.loading.form_sections import (
    check_blank,
    check_comparison,
    read_answers_layout,
    read_blank,
    read_comparison,
    read_overview,
    read_unit,
)
from jixiao.catalog.loading.seeds import form_path
from jixiao.catalog.loading.sources import SchemeError, read_source
from jixiao.catalog.loading.tables import Document
from jixiao.domain.figure_address import COLUMN, FREE, ITEM, FigureAddress
from jixiao.domain.forms import (
    ColumnLayout,
    Direction,
    FieldLayout,
    FormLayout,
    Identity,
    IdentityKind,
    ItemLayout,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from jixiao.catalog.loading.sources import SchemeProblem
    from jixiao.catalog.loading.tables import Table


_INDICATOR_COLUMNS = ("level1", "level2", "level3", "target", "actual", "weight", "self_score")
"""Without these a row is no indicator."""
_STANDARD_COLUMNS = ("level1", "level2", "level3", "weight", "self_score")
"""The same for one that is scored by the standard printed beside it, not by a target."""


def load_form(form_id: str, *seeds: Path) -> FormLayout:
    """The layout of a form.

    Raises:
        SchemeError: the file is missing or anything in it is wrong; carries all problems.
    """
    layout, problems = read_form(form_path(form_id, *seeds))
    if problems:
        raise SchemeError(*problems)
    return layout


def read_form(path: Path) -> tuple[FormLayout, tuple[SchemeProblem, ...]]:
    """The layout in a file and all that is wrong with it; only to be used where nothing is.

    Raises:
        SchemeError: the file is missing or not TOML.
    """
    document = Document([read_source(path)])
    layout = _read_layout(document.root, path.stem)
    document.root.close()
    if document.sound():
        _check_identities(document.root, layout)
        check_blank(document.root, layout)
    return layout, document.problems


def _read_layout(root: Table, form_id: str) -> FormLayout:
    return FormLayout(
        id=form_id,
        title=root.text("title"),
        scope=root.choice("scope", list(Scope)),
        titles=root.texts("titles"),
        excludes=root.texts("excludes", ()),
        fields=tuple(_read_field(table) for table in root.tables("fields")),
        tables=tuple(_read_table(table) for table in root.tables("tables")),
        identities=tuple(_read_identity(table) for table in root.tables("identities")),
        levels=_read_levels(root.table("levels")),
        blank=read_blank(root.table("blank")),
    )


def _read_field(table: Table) -> FieldLayout:
    layout = FieldLayout(
        name=table.name,
        title=table.text("title"),
        labels=table.texts("labels"),
        kind=_read_kind(table),
        direction=table.choice("direction", list(Direction), Direction.RIGHT),
        required=table.flag("required", default=False),
        choices=table.texts("choices", ()),
        stands_for=table.text("stands_for", ""),
        filled=table.flag("filled", default=False),
        unit=read_unit(table),
        overview=read_overview(table),
        fallback=table.texts("fallback", ()),
        stems=table.texts("stems", ()),
    )
    table.close()
    return layout


def _read_kind(table: Table) -> ValueKind:
    return table.choice("kind", list(ValueKind), ValueKind.TEXT)


def _read_table(table: Table) -> TableLayout:
    layout = TableLayout(
        name=table.name,
        title=table.text("title"),
        kind=table.choice("kind", list(TableKind)),
        columns=tuple(_read_column(column) for column in table.tables("columns")),
        items=tuple(_read_item(item) for item in table.tables("items")),
        total_labels=table.texts("total_labels", ()),
        budget=table.flag("budget", default=False),
        required=table.flag("required", default=True),
        repeats=table.flag("repeats", default=False),
        skipped_labels=table.texts("skipped_labels", ()),
        ends=table.texts("ends", ()),
        shared_weights=table.texts("shared_weights", ()),
        ignored_labels=table.texts("ignored_labels", ()),
        narratives=table.texts("narratives", ()),
        free_items=table.flag("free_items", default=False),
        naming=table.texts("naming", ()),
        past=table.texts("past", ()),
        answers=read_answers_layout(answers) if (answers := table.table("answers")) else None,
        overview=read_overview(table),
        comparison=read_comparison(comparison) if (comparison := table.table("comparison")) else None,
    )
    _check_table(table, layout)
    check_comparison(table, layout)
    table.close()
    return layout


def _read_column(table: Table) -> ColumnLayout:
    layout = ColumnLayout(
        name=table.name,
        title=table.text("title"),
        labels=table.texts("labels"),
        kind=_read_kind(table),
        required=table.flag("required", default=False),
        spanned=table.flag("spanned", default=False),
        parts=table.texts("parts", ()),
        adjusted=table.text("adjusted", ""),
        variant=table.flag("variant", default=False),
        stems=table.texts("stems", ()),
        unit=read_unit(table),
    )
    table.close()
    return layout


def _read_item(table: Table) -> ItemLayout:
    layout = ItemLayout(
        name=table.name,
        title=table.text("title"),
        labels=table.texts("labels"),
        required=table.flag("required", default=False),
        stems=table.texts("stems", ()),
        variant=table.flag("variant", default=False),
    )
    table.close()
    return layout


def _read_identity(table: Table) -> Identity:
    identity = Identity(
        id=table.name,
        title=table.text("title"),
        kind=table.choice("kind", list(IdentityKind)),
        total=FigureAddress.parse(table.text("total")),
        plus=_addresses(table, "plus"),
        minus=_addresses(table, "minus"),
        items=table.texts("items", ()),
        columns=table.texts("columns", ()),
        alternatives=_addresses(table, "alternatives"),
    )
    table.close()
    return identity


def _addresses(table: Table, key: str) -> tuple[FigureAddress, ...]:
    texts = table.texts(key) if key == "plus" else table.texts(key, ())
    return tuple(map(FigureAddress.parse, texts))


def _read_levels(table: Table | None) -> Mapping[str, tuple[str, ...]]:
    """Usual names with their variants; a variant of two names would make a row's level a matter of chance."""
    if table is None:
        return {}
    levels = {name: table.texts(name) for name in table.names}
    owners = {name: name for name in levels}
    for name, variants in levels.items():
        for position, variant in enumerate(variants):
            owner = owners.setdefault(variant, name)
            if owner != name:
                table.report(
                    say("“{variant}”已归入“{owner}”。", variant=variant, owner=owner), name, position
                )
    return levels


def _check_table(table: Table, layout: TableLayout) -> None:
    """A table of LINES names its rows, the others do not; an indicator table has what an indicator needs."""
    names = {column.name for column in layout.columns}
    for column in layout.columns:
        for position, part in enumerate(column.parts):
            if part not in names:
                table.report(
                    say("没有名为“{part}”的列。", part=part), "columns", column.name, "parts", position
                )
        if column.adjusted and column.adjusted not in names:
            table.report(
                say("没有名为“{adjusted}”的列。", adjusted=column.adjusted),
                "columns",
                column.name,
                "adjusted",
            )
    if (layout.kind is TableKind.LINES) != bool(layout.items):
        table.report(say("kind 为 lines 的表必须写明各行（items），其他表不能写。"), "items")
    if (layout.kind is TableKind.ANSWERS) != (layout.answers is not None):
        table.report(say("kind 为 answers 的表必须写明问卷的认法（answers），其他表不能写。"), "answers")
    needed = _STANDARD_COLUMNS if "standard" in names else _INDICATOR_COLUMNS
    missing = [name for name in needed if name not in names]
    if layout.kind is TableKind.INDICATORS and missing:
        table.report(say("指标表缺少列：{missing}。", missing=say("、").join(missing)), "columns")


def _check_identities(root: Table, layout: FormLayout) -> None:
    for identity in layout.identities:
        for key, message in _refute_identity(identity, layout):
            root.report(message, "identities", identity.id, *key)


def _refute_identity(identity: Identity, layout: FormLayout) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with an identity, with the key it is wrong at."""
    if identity.kind is IdentityKind.RATIO and (len(identity.plus), len(identity.minus)) != (2, 0):
        yield ("plus",), say("比率（ratio）的 plus 应恰好有分子、分母两项，不能有 minus。")
    if identity.alternatives and identity.kind is IdentityKind.AT_MOST:
        yield ("alternatives",), say("“其中”（at_most）不能另有合计数（alternatives）。")
    addresses: list[tuple[tuple[str | int, ...], FigureAddress]] = [(("total",), identity.total)]
    addresses += [(("plus", position), address) for position, address in enumerate(identity.plus)]
    addresses += [(("minus", position), address) for position, address in enumerate(identity.minus)]
    addresses += [(("alternatives", position), each) for position, each in enumerate(identity.alternatives)]
    for key, address in addresses:
        refuted = (refute_figure(spelled, layout) for spelled in spell_out(address, identity, layout))
        if message := next(filter(None, refuted), ""):
            yield key, message


_LIST_ITEMS = frozenset({ITEM, "total"})
"""A list's rows are named by the department: only all of them, or its total, can be meant."""


def spell_out(address: FigureAddress, identity: Identity, layout: FormLayout) -> tuple[FigureAddress, ...]:
    """The addresses that one with {item} and {column} stands for; itself where it has neither."""
    table = layout.find_table(address.table)
    all_items = tuple(item.name for item in table.items) if table else ()
    return address.spread(identity.items or all_items or (ITEM,), identity.columns or (COLUMN,))


def refute_figure(address: FigureAddress, layout: FormLayout) -> str:
    """Why an address leads to no figure of the form, in Chinese; "" where it leads to one."""
    if not address.table:
        return _refute_field(address.column, layout)
    table = layout.find_table(address.table)
    if not address.item or "." in address.item:
        return say("地址“{address}”应写作“栏目”或“表.行.列”。", address=address)
    if table is None:
        return say(
            "地址“{address}”：没有名为“{table}”的表，{name}",
            address=address,
            table=address.table,
            name=_known(each.name for each in layout.tables),
        )
    return _refute_cell(address, table)


def _refute_field(address: str, layout: FormLayout) -> str:
    field = next((each for each in layout.fields if each.name == address), None)
    if field is None:
        return say(
            "没有名为“{address}”的栏目，{name}",
            address=address,
            name=_known(each.name for each in layout.fields),
        )
    return say("“{address}”是文字栏目，不是数字。", address=address) if field.kind is ValueKind.TEXT else ""


def _refute_cell(address: FigureAddress, table: TableLayout) -> str:
    _, item, column = address
    if table.kind is TableKind.INDICATORS:
        return say("地址“{address}”：指标表的行没有固定名称，不能引用。", address=address)
    items = {each.name for each in table.items} if table.kind is TableKind.LINES else _LIST_ITEMS
    if item == FREE and table.free_items:
        item = next(iter(items))
    if item not in items:
        return say(
            "地址“{address}”：没有名为“{item}”的行，{known}", address=address, item=item, known=_known(items)
        )
    columns = {each.name: each for each in table.columns}
    if column not in columns:
        return say(
            "地址“{address}”：没有名为“{column}”的列，{columns}",
            address=address,
            column=column,
            columns=_known(columns),
        )
    return (
        say("地址“{address}”：列“{column}”是文字，不是数字。", address=address, column=column)
        if columns[column].kind is ValueKind.TEXT
        else ""
    )


def _known(names: Iterable[str]) -> str:
    return say("可用：{names}。", names=say("、").join(sorted(names)))
