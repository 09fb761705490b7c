"""seeds/reports/department.toml: of what a department's report consists, as its layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog.loading.forms import refute_figure
from jixiao.catalog.loading.seeds import form_ids, report_path
from jixiao.catalog.loading.sources import SchemeError, read_source
from jixiao.catalog.loading.tables import Document
from jixiao.catalog.wording.wordings import report_brackets
from jixiao.domain.documents import FigureSource, Part, PartKind, ReportLayout, Section
from jixiao.domain.figure_address import FormAddress
from jixiao.domain.spoken import PLACEHOLDER
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jixiao.catalog.loading.tables import Table
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme

OWN_NAMES = ("year", "last_year", "department")
"""Placeholders that every sentence may use."""


def load_report(scheme: Scheme, *seeds: Path) -> ReportLayout:
    """The layout of a department's report; addresses on the scheme's forms are held against these.

    Raises:
        SchemeError: with every problem of the file, each naming line and key.
    """
    document = Document([read_source(report_path(*seeds))])
    root = document.root
    reader = _Reader(scheme, frozenset(form_ids(*seeds)))
    layout = ReportLayout(
        title=spoken(root.text("title")),
        title_of_projects=spoken(root.text("title_of_projects")),
        figures=reader.figures(root),
        opening=reader.parts(root, "opening"),
        chapters=tuple(
            (spoken(chapter.text("title")), tuple(reader.sections(chapter)))
            for chapter in root.rows("chapters")
        ),
        closing=reader.parts(root, "closing"),
    )
    _refute_placeholders(root, "title", layout.title, ())
    _refute_placeholders(root, "title_of_projects", layout.title_of_projects, ())
    root.close()
    if not document.sound():
        raise SchemeError(*document.problems)
    return layout


class _Reader:
    """Reads the parts, knowing the forms and, once they are read, the figures."""

    def __init__(self, scheme: Scheme, forms: frozenset[str]) -> None:
        self._layouts = {form.id: form for form in scheme.forms}
        self._forms = forms
        self._figures: dict[str, FigureSource] = {}

    def figures(self, root: Table) -> dict[str, FigureSource]:
        table = root.section("figures")
        for name in table.names:
            places: tuple[FormAddress, ...] = ()
            measure = ""
            if isinstance(table.values_without().get(name), dict):
                inner = table.section(name)
                measure = inner.text("measure")
                inner.close()
            else:
                places = self._places(table, name)
            self._figures[name] = FigureSource(places, measure)
        return self._figures

    def _places(self, table: Table, key: str) -> tuple[FormAddress, ...]:
        places = tuple(FormAddress.parse(text) for text in table.texts(key, ()))
        for position, place in enumerate(places):
            if place.form not in self._forms:
                table.report(say("没有名为“{form}”的报送表。", form=place.form), key, position)
            elif place.form in self._layouts and (
                problem := refute_figure(place.address, self._layouts[place.form])
            ):
                table.report(problem, key, position)
        return places

    def sections(self, chapter: Table) -> Iterable[Section]:
        for table in chapter.rows("sections"):
            values = table.values_without()
            title = table.text("title") if values.get("title") else ""
            table.has("title")
            yield Section(spoken(title), self.parts(table, "parts"))
            table.close()
        chapter.close()

    def parts(self, table: Table, key: str) -> tuple[Part, ...]:
        return tuple(self._part(part) for part in table.rows(key))

    def _part(self, table: Table) -> Part:
        part = Part(
            kind=table.choice("kind", list(PartKind)),
            heading=spoken(table.text("heading", "")),
            texts=tuple(map(spoken, table.texts("texts", ()))),
            figures=table.texts("figures", ()),
            nothing=spoken(table.text("nothing", "")),
            of=self._whole(table),
            items=table.texts("items", ()),
            caption=spoken(table.text("caption", "")),
            wanted=spoken(table.text("wanted", "")),
            further=spoken(table.text("further", "")),
        )
        for text in (*part.texts, part.nothing):
            _refute_placeholders(table, "texts", text, self._figures)
        for position, name in enumerate(part.figures):
            if name not in self._figures:
                table.report(say("[figures] 里没有“{name}”。", name=name), "figures", position)
        table.close()
        return part

    def _whole(self, table: Table) -> tuple[FormAddress, ...]:
        """Fields and tables of forms, which hold texts or many figures."""
        places = tuple(FormAddress.parse(text) for text in table.texts("of", ()))
        for position, place in enumerate(places):
            layout = self._layouts.get(place.form)
            if place.form not in self._forms:
                table.report(say("没有名为“{form}”的报送表。", form=place.form), "of", position)
            elif layout and place.address.column not in _names(layout):
                table.report(
                    say("没有名为“{column}”的栏目或表。", column=place.address.column), "of", position
                )
        return places


def _names(layout: FormLayout) -> frozenset[str]:
    return frozenset([*(each.name for each in layout.fields), *(each.name for each in layout.tables)])


def _refute_placeholders(table: Table, key: str, text: str, figures: Iterable[str]) -> None:
    allowed = (*OWN_NAMES, *figures)
    unknown = [name for name in PLACEHOLDER.findall(text) if name not in allowed]
    if unknown:
        table.report(say("不认识占位符 {{{unknown}}}：[figures] 里没有它。", unknown=unknown[0]), key)
    report_brackets(table, key, text)
