"""A recognised region into a submission, with a finding for every part of the form that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.forms import Entry, State, Submission, TableKind, ValueKind
from jixiao.extraction.answers import read_answers
from jixiao.extraction.defects import (
    forms_beside,
    leftover_hints,
    missing_parts,
    unclear_unit,
    unreadable_cells,
)
from jixiao.extraction.fields import find_field
from jixiao.extraction.headers import find_headers
from jixiao.extraction.indicator_columns import complete
from jixiao.extraction.indicators import IndicatorBlock, read_indicators
from jixiao.extraction.labels import declared_unit, printed_year
from jixiao.extraction.names import clean_name
from jixiao.extraction.tables import read_lines
from jixiao.extraction.views import FormView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout, Line, TableLayout
    from jixiao.domain.inferences import Inference
    from jixiao.domain.scheme import Lexicon
    from jixiao.extraction.headers import Header
    from jixiao.extraction.recognise import Recognised
    from jixiao.extraction.regions import Region
    from jixiao.extraction.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Extraction:
    """A submission and what was found wrong while reading it."""

    submission: Submission
    findings: tuple[Finding, ...]


def extract(
    recognised: Recognised, submission_id: str, sha256: str, vocabulary: Vocabulary, lexicon: Lexicon
) -> Extraction:
    """Read every field and table that the form's layout names.

    What the layout requires and the sheet lacks becomes an L finding; the rest is read all the same.
    """
    region, layout = recognised.region, recognised.layout
    headers = {table.name: find_headers(table, region) for table in layout.tables}
    units = _declared_units(region, layout.tables, headers)
    view = FormView(region, layout, vocabulary, lexicon, units[-1] if units else MoneyUnit.WAN)
    inferences: list[Inference] = []
    for table in layout.tables:
        if table.kind is TableKind.INDICATORS:
            end = _end(table, headers, region)
            headers[table.name], found_columns = complete(table, headers[table.name], end, view)
            inferences += found_columns
    questions = tuple(question for table in layout.tables for question in read_answers(table, region))
    # Below a survey's header stand answers: no names, and dates that are no evaluated year.
    end_of_fields = min((question.ref.row for question in questions), default=region.bottom)
    fields = {
        field.name: entry
        for field in layout.fields
        if (entry := find_field(field, view)) is not None and entry.ref.row < end_of_fields
    }
    lines: list[Line] = []
    block = IndicatorBlock((), (), {})
    for table in layout.tables:
        end = _end(table, headers, region)
        if table.kind is TableKind.INDICATORS:
            block = read_indicators(table, headers[table.name], end, view)
            inferences += [each for each in block.inferences if not _is_labelled(each.address, fields)]
            fields.update(
                {name: entry for name, entry in block.beside_total.items() if not _is_labelled(name, fields)}
            )
        elif table.kind is not TableKind.ANSWERS:
            lines += read_lines(table, headers[table.name], end, view)
    submission = Submission(
        submission_id=submission_id,
        form=layout.id,
        scope=layout.scope,
        file=region.grid.file,
        sheet=region.grid.sheet,
        sha256=sha256,
        department=_name(fields.get("department")),
        implementer=_name(fields.get("implementer")),
        project=_name(fields.get("project")),
        year=None if questions else _year(fields.get("year"), region),
        fields=fields,
        lines=tuple(lines),
        indicators=block.indicators,
        groups=block.groups,
        total=block.total,
        title=region.grid.ref(region.top, 0),
        questions=questions,
        inferences=tuple(inferences),
    )
    found = (
        *missing_parts(submission, view, headers),
        *unreadable_cells(submission, layout),
        *leftover_hints(submission, layout, lexicon),
        *unclear_unit(submission, units),
        *forms_beside(submission, view, headers),
    )
    return Extraction(submission, found)


def _is_labelled(name: str, fields: Mapping[str, Entry]) -> bool:
    """Whether a field stands on the form under its label, filled in."""
    return name in fields and not fields[name].is_empty


def _year(entry: Entry | None, region: Region) -> int | None:
    """The year that a field states, else the one that the title or the first rows name."""
    return printed_year(entry.text) if entry and not entry.is_empty else region.year


def is_unfilled(submission: Submission, layout: FormLayout) -> bool:
    """Whether nothing was reported, no name, no amount, no actual value, no score: a blank template.

    Printed weights, and the zeros and errors that a template's formulas show, are no report.
    """
    amounts = (
        line.entries[column.name].value
        for line in submission.lines
        for column in layout.table(line.table).columns
        if column.kind in {ValueKind.AMOUNT, ValueKind.NUMBER} and column.name in line.entries
    )
    reported = (
        indicator.entries[name]
        for indicator in submission.indicators
        for name in ("actual", "self_score")
        if name in indicator.entries
    )
    listed = (
        entry.value
        for line in submission.lines
        if layout.table(line.table).kind is TableKind.LIST
        for entry in line.entries.values()
    )
    figures = any(amounts) or any(listed) or bool(submission.questions)
    return not submission.project and not figures and all(entry.is_empty for entry in reported)


def _end(table: TableLayout, headers: Mapping[str, Sequence[Header]], region: Region) -> int:
    """A table ends where another one begins below it, else with the region."""
    own = headers[table.name]
    if not own:
        return region.bottom
    others = (header.top for name, found in headers.items() if name != table.name for header in found)
    return min((top for top in others if top > own[-1].bottom), default=region.bottom)


def _declared_units(
    region: Region, tables: Sequence[TableLayout], headers: Mapping[str, Sequence[Header]]
) -> list[MoneyUnit]:
    """The units of money declared above and beside the form's figures; the last one, nearest to them, holds.

    Indicator rows do not count: their names declare units of their own. Where none is declared it is 万元, as
    the standard forms have it.
    """
    ends = [
        header.top for table in tables if table.kind is TableKind.INDICATORS for header in headers[table.name]
    ]
    last = min(ends, default=region.bottom)
    above = (text for (row, _), text in region.texts.items() if row < last)
    return [unit for text in above if (unit := declared_unit(text))]


def _name(entry: Entry | None) -> str:
    return clean_name(entry.text) if entry and entry.state is State.TEXT else ""
