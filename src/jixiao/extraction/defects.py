"""What a form lacks and which of its cells hold something other than they should."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.domain.findings import Declaration, Finding, Place, declare
from jixiao.domain.forms import FormLayout, TableKind, ValueKind
from jixiao.domain.spoken import spoken_name
from jixiao.domain.submissions import Basis, Entry, State, Submission
from jixiao.domain.text_keys import compact
from jixiao.extraction.inferred_columns import unnamed_cells
from jixiao.extraction.unclaimed import unknown_header, unknown_label
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import CellRef, Position
    from jixiao.domain.forms import ColumnLayout, FieldLayout, ItemLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.submissions import Inference
    from jixiao.extraction.headers import Header
    from jixiao.extraction.views import BlockUnits, FormView

UNSTORED = declare("F106")
LACKS_FIELD = declare("L103", "label", optional=("form",))
LACKS_COLUMN = declare("L104", "label", optional=("table",))
LACKS_ROW = declare("L105", "label", optional=("table",))
LACKS_TABLE = declare("L106", "label", optional=("form",))
BESIDE = declare("L112", "label", "reported")
INFERRED = declare("L113", "label", optional=("reason", "written", "taken"))
VARIANT = declare("L114", "label", "lacking")
NOT_A_NUMBER = declare("V101", "reported", optional=("kind",))
UNIT_UNCLEAR = declare("V104", optional=("detail",))
HINT_LEFT = declare("V105")
ERROR_VALUE = declare("V107", "reported")
NOTHING_DIVIDED = declare("V119", "reported")

_UNKNOWN = say("表上的“{word}”不是本程序认识的用语，可能就是它")
_BY_NOTHING = "#DIV/0!"
"""What spreadsheets show of a division by zero, or by a blank cell."""
_COMPARED = {"target", "actual"}
_NAMES = ("department", "implementer", "project")
_SPOKEN = {State.TEXT, State.ERROR, State.UNSTORED}
_FIGURES = {ValueKind.AMOUNT, ValueKind.NUMBER, ValueKind.SCORE, ValueKind.PERCENT}


def missing_parts(
    submission: Submission, view: FormView, headers: Mapping[str, Sequence[Header]]
) -> Iterator[Finding]:
    """What the layout requires and the sheet lacks: labels L103, columns L104, rows L105, tables L106.

    Columns that legitimate templates leave out are said together, as the form's kind (L114).
    """
    layout = view.layout
    for field in _missing_fields(submission, layout):
        unknown = unknown_label(submission, view, headers)
        yield _lack(LACKS_FIELD, field.title, submission, unknown, form=layout.title)
    by_standard = _scores_by_standard(submission, layout)
    variants: list[str] = []
    for table in layout.tables:
        found = headers[table.name]
        absent = not found and table.required and all(line.table != table.name for line in submission.lines)
        if absent and by_standard and table.budget:
            variants.append(say("{title}部分", title=table.title))
        elif absent:
            unknown = unknown_header(submission, view, headers)
            yield _lack(LACKS_TABLE, table.title, submission, unknown, form=layout.title)
        for column in _missing_columns(table, found, submission):
            if column.variant or (by_standard and column.name in _COMPARED):
                variants.append(say("{title}的“{title2}”列", title=table.title, title2=column.title))
            else:
                unknown = _unknown_word(found, view)
                yield _lack(LACKS_COLUMN, column.title, submission, unknown, table=table.title)
        for item in _missing_items(table, found, submission):
            yield _lack(LACKS_ROW, item.title, submission, table=table.title)
    if variants:
        yield _lack(VARIANT, layout.title, submission, lacking=say("、").join(variants))


def _lack(
    kind: Declaration, label: str, submission: Submission, unknown: str = "", **figures: str
) -> Finding:
    """Something that is not there; less surely where an `unknown` word may stand for it."""
    assumed = (_UNKNOWN.format(word=unknown),) if unknown else ()
    place, subject = Place(submission.file, submission.sheet), submission.submission_id
    return kind.finding(place, subject=subject, label=label, figures=figures, assumed=assumed)


def _missing_items(
    table: TableLayout, headers: Sequence[Header], submission: Submission
) -> Iterator[ItemLayout]:
    """Required rows that are not there; of a table whose rows are named by a column none is asked for."""
    if not headers or any(header.naming is not None for header in headers):
        return
    for item in table.items:
        if item.required and submission.line(table.name, item.name) is None:
            yield item


def _unknown_word(headers: Sequence[Header], view: FormView) -> str:
    """The first word of the headers that heads no known column; "" where there is none."""
    words = [word for header in headers for word in unnamed_cells(header, view).values()]
    words += [word for header in headers for word in _words_left(header, view)]
    return next(iter(words), "")


def _scores_by_standard(submission: Submission, layout: FormLayout) -> bool:
    """Whether its indicators are scored by a standard that it prints, without target and actual values.

    Such forms (评分标准 | 分值 | 自评得分) often have no budget block either.
    """
    entries = [each.entries for each in submission.indicators]
    scored = any({"weight", "self_score"} <= each.keys() for each in entries)
    return layout.compares_targets and scored and not any(_COMPARED & each.keys() for each in entries)


def _words_left(header: Header, view: FormView) -> Iterator[str]:
    """Unknown words of a header left of the known ones: over a blank nothing else tells them."""
    for at, key in view.region.keys.items():
        left = (
            at[0] == header.top and at[1] < header.left and view.region.grid.area(*at).bottom <= header.bottom
        )
        if left and key and not view.is_label(at):
            yield key


def _missing_fields(submission: Submission, layout: FormLayout) -> Iterator[FieldLayout]:
    """Required fields of which neither the label is there nor anything that could stand for it."""
    inferred = {each.address for each in (*submission.inferences, submission.sender) if each}
    known = {*submission.fields, *inferred}
    return (field for field in layout.fields if field.required and field.name not in known)


def _missing_columns(
    table: TableLayout, headers: Sequence[Header], submission: Submission
) -> Iterator[ColumnLayout]:
    """Required columns that neither a header names nor a line has; none where there is no header at all."""
    printed = {name for header in headers for name in header.spans}
    printed |= {name for line in submission.lines if line.table == table.name for name in line.entries}
    if table.kind is TableKind.INDICATORS:
        printed |= {name for indicator in submission.indicators for name in indicator.entries}
    missing = (column for column in table.columns if column.required and column.name not in printed)
    return missing if headers else iter(())


Cell = tuple[tuple[str, str], ValueKind, Entry]
"""A cell that was read, with its row and column (see `_named`) and what it should hold."""


def unreadable_cells(submission: Submission, layout: FormLayout, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Cells with an error value (V107), a formula without stored value (F106), words for a figure (V101).

    A cell that several rows share through a merge is reported once. A rate that a template's formula could
    not work out because its row has no money is nobody's fault (V119).
    """
    seen: set[tuple[int, int]] = set()
    errors = any(entry.state is State.ERROR for _, _, entry in cells)
    idle = set(_idle_rates(submission, layout)) if errors else set()
    for label, kind, entry in cells:
        defect = _defect(entry, kind)
        if defect is None:
            continue
        defect = NOTHING_DIVIDED if entry.ref in idle else defect
        position = (entry.ref.row, entry.ref.column)
        if position not in seen:
            seen.add(position)
            yield defect.finding(
                Place.at(entry.ref),
                subject=submission.submission_id,
                label=_named(*label),
                reported=entry.text,
                figures={"kind": _KIND_WORDS[kind]} if defect is NOT_A_NUMBER else {},
            )


def _idle_rates(submission: Submission, layout: FormLayout) -> Iterator[CellRef]:
    """The rates divided by nothing in rows all of whose amounts are blank or zero."""
    for line in submission.lines:
        columns = [each for each in layout.table(line.table).columns if each.name in line.entries]
        amounts = [line.entries[each.name] for each in columns if each.kind is ValueKind.AMOUNT]
        if not all(each.is_empty or each.value == 0 for each in amounts):
            continue
        for each in columns:
            entry = line.entries[each.name]
            if each.kind is ValueKind.PERCENT and entry.state is State.ERROR and entry.text == _BY_NOTHING:
                yield entry.ref


def leftover_hints(submission: Submission, lexicon: Lexicon, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Texts of the blank form that were to be written over (V105): ……, （请填写…）, in names also XX局."""
    _, masks = _hints(lexicon)
    names = {submission.fields[name].ref for name in _NAMES if name in submission.fields}
    for label, kind, entry in cells:
        if kind is not ValueKind.TEXT or entry.state is not State.TEXT:
            continue
        masked = entry.ref in names and any(mask in compact(entry.text) for mask in masks)
        if masked or _is_hint(entry.text, lexicon):
            yield HINT_LEFT.finding(
                Place.at(entry.ref),
                subject=submission.submission_id,
                label=_named(*label),
                reported=entry.text,
            )


def forms_beside(
    submission: Submission, view: FormView, headers: Mapping[str, Sequence[Header]]
) -> Iterator[Finding]:
    """A second title in the row of the first, over headers that stand there twice (L112)."""
    titles: dict[int, list[Position]] = {}
    for position in view.titles:
        titles.setdefault(position[0], []).append(position)
    for first, *others in titles.values():
        if others and any(_is_doubled(header, view) for found in headers.values() for header in found):
            yield BESIDE.finding(
                Place.at(view.region.grid.ref(*others[0])),
                subject=submission.submission_id,
                label=view.region.texts[first].strip(),
                reported=view.region.texts[others[0]].strip(),
            )


def _is_doubled(header: Header, view: FormView) -> bool:
    """Whether most of a header's words stand again in its first row, further to the right."""
    keys = [view.region.keys.get((header.top, left)) for left, _ in header.spans.values()]
    row = [key for (row, _), key in view.region.keys.items() if row == header.top]
    again = sum(row.count(key) > 1 for key in keys if key)
    return again * 2 > len(keys)


def inferred_parts(submission: Submission) -> Iterator[Finding]:
    """What was read otherwise than by a known word (L113): said once each, so that nobody wonders."""
    return (tell_inference(inference, submission) for inference in submission.inferences)


def tell_inference(inference: Inference, submission: Submission) -> Finding:
    """L113: what something was taken for, and why; a name that stands elsewhere has no cell of its own."""
    text = " ".join(inference.text.split())
    return INFERRED.finding(
        Place.at(inference.ref),
        subject=submission.submission_id,
        label=inference.title,
        reported=text,
        figures={"reason": inference.reason, "taken" if inference.basis is Basis.NAME else "written": text},
    )


def unclear_unit(
    submission: Submission, layout: FormLayout, units: Mapping[str, BlockUnits]
) -> Iterator[Finding]:
    """Two units of money declared for the same figures (V104): which one holds, a person must say.

    Only where there are such figures, and not where each says its unit itself.
    """
    doubts = [
        block for name, block in units.items() if block.doubt and _has_amounts(submission, layout, name)
    ]
    if doubts:
        both = say("、").join(sorted(doubts[-1].doubt))
        yield UNIT_UNCLEAR.finding(
            Place(submission.file, submission.sheet),
            subject=submission.submission_id,
            label=say("金额"),
            figures={"detail": say("表上同时写有{both}，已按{unit}读取", both=both, unit=doubts[-1].unit)},
        )


@lru_cache(maxsize=8)
def _hints(lexicon: Lexicon) -> tuple[frozenset[str], tuple[str, ...]]:
    """The placeholders of blank forms, and those of them that mask letters of a name: XX."""
    hints = frozenset(compact(word) for word in lexicon.placeholders)
    return hints, tuple(
        word for word in hints if len(word) > 1 and len(set(word.lower())) == 1 and word[0] != "."
    )


@lru_cache(maxsize=16384)
def _is_hint(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is a placeholder of blank forms, or has a prompt of theirs in it."""
    clean = compact(text)
    return clean in _hints(lexicon)[0] or any(compact(prompt) in clean for prompt in lexicon.prompts)


def _has_amounts(submission: Submission, layout: FormLayout, name: str) -> bool:
    """Whether a table, or what stands beside labels (""), has figures that are read in its unit."""
    columns = layout.table(name).columns if name else layout.fields
    amounts = {column.name for column in columns if column.kind is ValueKind.AMOUNT}
    rows = [line.entries for line in submission.lines if line.table == name] if name else [submission.fields]
    return any(
        row[column].value and not any(char.isalpha() for char in row[column].text)
        for row in rows
        for column in amounts & row.keys()
    )


_KIND_WORDS = {
    ValueKind.AMOUNT: say("金额"),
    ValueKind.NUMBER: say("数值"),
    ValueKind.SCORE: say("分值"),
    ValueKind.PERCENT: say("百分比"),
    ValueKind.TEXT: say("文字"),
    ValueKind.YEAR: say("年度"),
}


def _defect(entry: Entry, kind: ValueKind) -> Declaration | None:
    if entry.state is State.ERROR:
        return ERROR_VALUE
    if entry.state is State.UNSTORED:
        return UNSTORED
    return NOT_A_NUMBER if entry.state is State.TEXT and kind in _FIGURES else None


def spoken_cells(submission: Submission, layout: FormLayout) -> Iterator[Cell]:
    """Every cell that was read and holds words or an error: no other has a defect of its own."""
    for field in layout.fields:
        entry = submission.fields.get(field.name)
        if entry is not None and entry.state in _SPOKEN:
            yield ("", field.title), field.kind, entry
    tables = {table.name: table for table in layout.tables}
    for line in submission.lines:
        for column in tables[line.table].columns:
            entry = line.entries.get(column.name)
            if entry is not None and entry.state in _SPOKEN:
                yield (line.label, column.title), column.kind, entry
    block = next((table for table in layout.tables if table.kind is TableKind.INDICATORS), None)
    if block is None:
        return
    rows = [(indicator.name, indicator.entries) for indicator in submission.indicators]
    for name, entries in (*rows, (block.total_labels[0] if block.total_labels else "", submission.total)):
        for column in block.columns:
            entry = entries.get(column.name)
            if entry is not None and entry.state in _SPOKEN:
                yield ("" if entry.text == name else name, column.title), column.kind, entry


def _named(row: str, column: str) -> str:
    return "·".join(filter(None, (spoken_name(row), column)))
