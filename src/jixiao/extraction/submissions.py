"""A form that goes on on the next sheet (续表): its rows belong to the form that the sheet before began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.amounts import ZERO
from jixiao.domain.findings import Finding, Place, declare
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.submissions import Entry, State, Submission
from jixiao.domain.text_keys import clean_name
from jixiao.extraction.answers import read_answers
from jixiao.extraction.defects import (
    LACKS_COLUMN,
    LACKS_FIELD,
    LACKS_ROW,
    LACKS_TABLE,
    forms_beside,
    inferred_parts,
    leftover_hints,
    missing_parts,
    spoken_cells,
    tell_inference,
    unclear_unit,
    unreadable_cells,
)
from jixiao.extraction.fields import (
    Taken,
    by_choice,
    fallback_fields,
    find_field,
    head_total,
    is_left_to_reviewer,
    near_fields,
    pointed_fields,
)
from jixiao.extraction.headers import find_headers
from jixiao.extraction.indicator_columns import complete
from jixiao.extraction.indicators import IndicatorBlock, read_indicators
from jixiao.extraction.inferred_columns import infer_columns
from jixiao.extraction.names import blank_name, weak_department, weak_project, weak_year
from jixiao.extraction.points import in_points, settle_weights
from jixiao.extraction.recognise import Contested, Recognised
from jixiao.extraction.regions import printed_year
from jixiao.extraction.tables import read_lines
from jixiao.extraction.turned_blocks import stand_ins
from jixiao.extraction.unclaimed import unclaimed_figures
from jixiao.extraction.views import FormView, units_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.amounts import MoneyUnit
    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.submissions import Indicator, Inference, Line
    from jixiao.extraction.headers import Header
    from jixiao.extraction.recognise import Recognition
    from jixiao.extraction.regions import Region
    from jixiao.extraction.views import BlockUnits
    from jixiao.extraction.vocabulary import Vocabulary

CONTINUED = declare("L111", optional=("earlier",))


_UNREAD = 2
"""Under so many headings figures stand that nothing takes: somebody filled the form in all the same."""
_SELF_TOTAL = "self_total"
_NAMES = ("department", "project")


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
    headers: dict[str, Sequence[Header]] = {
        table.name: find_headers(table, region) for table in layout.tables
    }
    units = units_of(layout.tables, headers, region)
    view = FormView(region, layout, vocabulary, lexicon, _unit_of_fields(layout.tables, units), units)
    inferences = _complete_headers(headers, view)
    if inferences:
        units = units_of(layout.tables, headers, region)
        view = replace(view, unit=_unit_of_fields(layout.tables, units), units=units)
    questions = tuple(question for table in layout.tables for question in read_answers(table, region))
    # Below a survey's header stand answers: no names, and dates that are no evaluated year.
    end_of_fields = min((question.ref.row for question in questions), default=region.bottom)
    lines: list[Line] = []
    taken: set[int] = set()
    block = IndicatorBlock((), (), {})
    for table in layout.tables:
        end = _end(table, headers, region)
        if table.kind is TableKind.INDICATORS:
            block = read_indicators(table, headers[table.name], end, view)
        elif table.kind is not TableKind.ANSWERS:
            found_lines = read_lines(table, headers[table.name], end, view)
            lines += found_lines.lines
            inferences += found_lines.inferences
            taken |= found_lines.rows
    tables = Taken(taken, [header for found in headers.values() for header in found])
    top = _top(headers, view)
    rows = {*taken, *(each.ref.row for each in block.indicators)}
    fields, said = _fields(view, tables, Taken(rows, tables.headers), top, end_of_fields)
    inferences += said
    standing = stand_ins(fields, layout, headers)
    lines, inferences = [*lines, *standing.lines], [*inferences, *standing.inferences]
    fields = {name: entry for name, entry in fields.items() if name not in standing.fields}
    beside = {name: entry for name, entry in block.beside_total.items() if not _is_labelled(name, fields)}
    fields.update(beside)
    fields = {name: entry for name, entry in fields.items() if not is_left_to_reviewer(name, entry, view)}
    inferences += [
        each for each in block.inferences if each.address not in block.beside_total.keys() - beside.keys()
    ]
    total, told = _total_of(block, fields, headers, lines, view)
    inferences += told
    project, told = _project_of(fields.get("project"), view)
    inferences += told
    department, sender = _department_of(fields, view)
    asked = [] if questions else _blank_names({*fields}, [*inferences, sender], top, view)
    fields |= {name: entry for name, entry, _ in asked}
    year, told = (None, ()) if questions else _year_of(fields.get("year"), view)
    inferences += [*(inference for *_, inference in asked), *told]
    submission = Submission(
        submission_id=submission_id,
        form=layout.id,
        scope=layout.scope,
        file=region.grid.file,
        sheet=region.grid.sheet,
        sha256=sha256,
        department=department,
        implementer=_name(fields.get("implementer")),
        project=project,
        year=year,
        fields=fields,
        lines=tuple(lines),
        indicators=block.indicators,
        groups=block.groups,
        total=total,
        title=_title(view),
        year_cell=region.grid.ref(*region.year_at) if region.year_at else None,
        questions=questions,
        inferences=tuple(inferences),
        sender=sender,
        units=_settled_units(units, lines, view.unit),
    )
    if unclaimed := unclaimed_figures(submission, headers, view):
        submission = replace(submission, unrecognised=unclaimed)
    cells = tuple(spoken_cells(submission, layout))
    found = (
        *missing_parts(submission, view, headers),
        *unreadable_cells(submission, layout, cells),
        *leftover_hints(submission, lexicon, cells),
        *inferred_parts(submission),
        *unclear_unit(submission, layout, units),
        *forms_beside(submission, view, headers),
    )
    scaled = in_points(submission, _indicator_headers(headers, layout), view)
    return Extraction(
        scaled.submission, (*found, *(tell_inference(each, submission) for each in scaled.inferences))
    )


def _indicator_headers(headers: Mapping[str, Sequence[Header]], layout: FormLayout) -> Sequence[Header]:
    tables = (table for table in layout.tables if table.kind is TableKind.INDICATORS)
    return next((headers[table.name] for table in tables), ())


def _complete_headers(headers: dict[str, Sequence[Header]], view: FormView) -> list[Inference]:
    """Give headers the columns, and tables the headers, that no known word names; say what was inferred."""
    told: list[Inference] = []
    for table in view.layout.tables:
        end = _end(table, headers, view.region)
        others = [header for name, found in headers.items() if name != table.name for header in found]
        headers[table.name], inferred = infer_columns(table, headers[table.name], end, view, others)
        told += inferred
        if table.kind is TableKind.INDICATORS:
            headers[table.name], inferred = complete(table, headers[table.name], end, view, others)
            headers[table.name] = settle_weights(table, headers[table.name], end, view)
            told += inferred
    return told


def _fields(
    view: FormView, tables: Taken, blocks: Taken, top: int, end: int
) -> tuple[dict[str, Entry], list[Inference]]:
    """The labelled values above row `end`: by known words, near ones, words for it alone, parts of words.

    Row `top` is where the tables begin; no word near to a field's is looked for in `blocks`.
    """
    fields = {
        field.name: entry
        for field in view.layout.fields
        if (entry := find_field(field, view, tables)) is not None and entry.ref.row < end
    }
    told: list[Inference] = []
    for name, entry, inference in (*near_fields(fields, view, blocks), *by_choice(fields, top, view)):
        fields[name] = entry
        told.append(inference)
    fields |= fallback_fields(fields, view, tables)
    for name, entry, inference in pointed_fields(fields, view, tables):
        fields[name] = entry
        told.append(inference)
    return fields, told


def _is_labelled(name: str, fields: Mapping[str, Entry]) -> bool:
    """Whether a field stands on the form under its label, filled in."""
    return name in fields and not fields[name].is_empty


def _project_of(entry: Entry | None, view: FormView) -> tuple[str, tuple[Inference, ...]]:
    """The project's name as stated; where the form asks for one and states none, the title's, inferred."""
    name = _name(entry)
    wanted = not name and any(field.name == "project" for field in view.layout.fields)
    weak = weak_project(view) if wanted else None
    return (weak.text, (weak,)) if weak else (name, ())


def _department_of(fields: Mapping[str, Entry], view: FormView) -> tuple[str, Inference | None]:
    """The department as stated; where no field states it, who may have sent the form."""
    name = _name(fields.get("department"))
    return name, None if name else weak_department(fields.get("implementer"), view)


def _blank_names(
    named: set[str], inferences: Sequence[Inference | None], top: int, view: FormView
) -> list[tuple[str, Entry, Inference]]:
    """Required names that stand nowhere, each with the blank cell beside a word that may ask for it."""
    known = named | {each.address for each in inferences if each}
    wanted = [each for each in view.layout.fields if each.required and each.name in {*_NAMES} - known]
    found = ((field.name, blank_name(field, top, view)) for field in wanted)
    return [(name, *blank) for name, blank in found if blank]


def _year_of(entry: Entry | None, view: FormView) -> tuple[int | None, tuple[Inference, ...]]:
    """The year that a field states, else the one that the title or the first rows name, else inferred."""
    year = printed_year(entry.text) if entry and not entry.is_empty else view.region.year
    weak = weak_year(view) if year is None and view.layout.compares_targets else None
    return (weak[0], (weak[1],)) if weak else (year, ())


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
    figures = figures or len(submission.unrecognised) >= _UNREAD
    return not submission.project and not figures and all(entry.is_empty for entry in reported)


def _end(table: TableLayout, headers: Mapping[str, Sequence[Header]], region: Region) -> int:
    """A table ends where another one begins below it, else with the region."""
    own = headers[table.name]
    if not own:
        return region.bottom
    others = (header.top for name, found in headers.items() if name != table.name for header in found)
    return min((top for top in others if top > own[-1].bottom), default=region.bottom)


def _total_of(
    block: IndicatorBlock,
    fields: dict[str, Entry],
    headers: Mapping[str, Sequence[Header]],
    lines: Sequence[Line],
    view: FormView,
) -> tuple[Mapping[str, Entry], tuple[Inference, ...]]:
    """The total of the block of indicators, with the score that stands in the head; what was inferred."""
    if in_head := _total_in_head(fields, headers, view.layout):
        return {**in_head, **block.total}, ()
    if found := _unnamed_total(block, lines, _top(headers, view), view):
        return {"self_score": found[0], **block.total}, (found[1],)
    return block.total, ()


def _top(headers: Mapping[str, Sequence[Header]], view: FormView) -> int:
    """The row where the tables begin."""
    return min((header.top for found in headers.values() for header in found), default=view.region.top)


def _total_in_head(
    fields: dict[str, Entry], headers: Mapping[str, Sequence[Header]], layout: FormLayout
) -> dict[str, Entry]:
    """The total score printed above all tables; in them the same words head columns and rows."""
    entry = fields.get(_SELF_TOTAL)
    tops = [header.top for table in layout.tables for header in headers[table.name]]
    if entry is None or not tops or entry.ref.row < min(tops):
        return {"self_score": entry} if entry else {}
    del fields[_SELF_TOTAL]
    return {}


def _unnamed_total(
    block: IndicatorBlock, lines: Sequence[Line], top: int, view: FormView
) -> tuple[Entry, Inference] | None:
    """The total score in the head under words that are no field's; None where the block has its own."""
    table = next((each for each in view.layout.tables if each.kind is TableKind.INDICATORS), None)
    if table is None or "self_score" in block.total or not block.indicators:
        return None
    entries = [*(each.entries for each in block.indicators), *(each.entries for each in lines)]
    scores = {each["self_score"].ref: each["self_score"].value for each in entries if "self_score" in each}
    return head_total(table, sum((value for value in scores.values() if value), ZERO), top, view)


def _unit_of_fields(tables: Sequence[TableLayout], units: Mapping[str, BlockUnits]) -> MoneyUnit:
    """Amounts beside labels go with the budget block that they break down, else with the sheet."""
    budget = next((units[table.name] for table in tables if table.budget and table.name in units), units[""])
    return budget.unit


def _settled_units(
    units: Mapping[str, BlockUnits], lines: Sequence[Line], of_fields: MoneyUnit
) -> dict[str, MoneyUnit]:
    """The unit of every table, of its columns and rows that have one of their own, and of the fields."""
    own = {name: block.unit for name, block in units.items()}
    columns = {
        f"{name}..{column}": unit for name, block in units.items() for column, unit in block.columns.items()
    }
    rows = {
        f"{line.table}.{line.item}": block.rows[line.ref.row]
        for line in lines
        if (block := units.get(line.table)) and line.ref.row in block.rows
    }
    return own | columns | rows | {"": of_fields}


def _title(view: FormView) -> CellRef:
    """Where the form's title stands; the first text of its rows where none names a form."""
    region = view.region
    first = next(iter(view.titles), None) or next(iter(region.texts), (region.top, 0))
    return region.grid.ref(*first)


def _name(entry: Entry | None) -> str:
    return clean_name(entry.text) if entry and entry.state is State.TEXT else ""


_MISSING = {each.code for each in (LACKS_FIELD, LACKS_COLUMN, LACKS_ROW, LACKS_TABLE)}


def continuation_of(
    recognition: Recognition, earlier: Submission, vocabulary: Vocabulary
) -> Recognised | None:
    """The sheet as the rest of an earlier form that has no 总分 yet; None where it is anything else.

    It is not known as another form, has the earlier form's indicator header, and not one of the names that
    a form of its own would carry.
    """
    if earlier.total or isinstance(recognition, Contested):
        return None
    if isinstance(recognition, Recognised) and recognition.layout.id != earlier.form:
        return None
    region, layout = recognition.region, vocabulary.forms[earlier.form]
    tables = [table for table in layout.tables if table.kind is TableKind.INDICATORS]
    named = any(_is_there(key, region) for keys in vocabulary.required_fields[layout.id] for key in keys)
    headed = any(find_headers(table, region) for table in tables)
    return Recognised(region, layout) if headed and not named else None


def join(earlier: Submission, rest: Extraction) -> Extraction:
    """The earlier form with the rows of its continuation, and the findings on these.

    Names of levels that the break left out go on from the last row before it.
    """
    later = rest.submission
    indicators = list(earlier.indicators)
    for indicator in later.indicators:
        indicators.append(_carried(indicator, indicators[-1]) if indicators else indicator)
    known = {group.level1 for group in earlier.groups}
    lines = {(line.table, line.item) for line in earlier.lines}
    joined = replace(
        earlier,
        indicators=tuple(indicators),
        groups=(*earlier.groups, *(group for group in later.groups if group.level1 not in known)),
        lines=(*earlier.lines, *(line for line in later.lines if (line.table, line.item) not in lines)),
        total=later.total,
    )
    found = [
        replace(each, subject=earlier.submission_id) for each in rest.findings if each.code not in _MISSING
    ]
    told = CONTINUED.finding(
        Place(later.file, later.sheet),
        subject=earlier.submission_id,
        figures={"earlier": earlier.sheet},
    )
    return Extraction(joined, (told, *found))


def _is_there(key: str, region: Region) -> bool:
    return bool(region.positions(key)) or key in region.inline


def _carried(indicator: Indicator, above: Indicator) -> Indicator:
    if indicator.level1:
        return indicator
    return replace(indicator, level1=above.level1, level2=indicator.level2 or above.level2)
