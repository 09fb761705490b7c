"""What departments entered, checked before anything is computed: each failure is a finding at its cell.

Every rule has the declaration of the finding that its breach becomes. The tables are checked melted, one row
a cell, in one check of a pandera model: pandera pays for every check of every column. Only what no form can
mean otherwise is a rule. Adjustments, balances and last year's figures may be negative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from jixiao.domain.amounts import HUNDRED, ZERO, plain
from jixiao.domain.findings import Declaration, Finding, Place, declare
from jixiao.domain.forms import SIGNED_NEVER, TableKind, ValueKind
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import printed_name
from jixiao.language import say
from jixiao.schemas.tidy import Figure, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Indicator, Line, Submission


REQUIRED = ("level3", "target", "actual", "weight")
"""Columns of indicators without which none can be scored."""
FILLED = "filled"
"""Stands in `column` for any further cell that has to be filled."""
_OWN = (say("表上没有写明该栏由财政部门填写，按部门应填看待"),)
"""What a grade that is asked for rests on: many forms leave it to the reviewer."""
_FEW = 2
"""Of more rows than these all but one say that each is asked for its score."""
_ASKED = {ValueKind.AMOUNT, ValueKind.PERCENT}
"""What every budget line that a form requires has to say; its points are asked for by their weights."""


class EnteredCell(NamedTuple):
    """One cell with what its findings need. `column` to `state` are a row of EnteredCells.

    It is called by its row's `name` as printed, and the `title` of its column. `ref` is None only for a year
    on a form whose title stands nowhere.
    """

    submission: Submission
    name: str
    title: str
    ref: CellRef | None
    text: str
    column: str
    value: Decimal | None
    bound: Decimal | None
    state: str | None
    assumed: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """年度资金总额·全年预算数, as other findings call it; a column that the layout lacks adds nothing."""
        return "·".join(filter(None, (printed_name(self.name), self.title)))


def enter_cells(
    submission: Submission, year: int, layout: FormLayout, lexicon: Lexicon
) -> Iterator[EnteredCell]:
    """All cells of one form that a rule concerns; `year` is the round's, `layout` the form's."""
    yield from _heading(submission, year, layout)
    yield from _required(submission, layout)
    scored = _scored_weights(submission.lines)
    bounds = _bounds(submission.lines)
    titles = {table.name: _titles(table) for table in layout.tables}
    for line in submission.lines:
        own = titles.get(line.table, {})
        for column in SIGNED_NEVER:
            if entry := line.entries.get(column):
                yield _cell(submission, line.label, own.get(column, ""), column, entry)
        yield from _score(submission, line, line.label, own.get("self_score", ""), scored, bounds)
    rows = next((titles[each.name] for each in layout.tables if each.kind is TableKind.INDICATORS), {})
    yield from _indicators(submission, rows, lexicon)


def _required(submission: Submission, layout: FormLayout) -> Iterator[EnteredCell]:
    """Cells that every such form has to fill where it has them: names, grades, the total line's figures."""
    for field in layout.fields:
        entry = submission.fields.get(field.name)
        if field.filled and entry:
            asked = _asked(submission, "", field.title, entry)
            yield asked._replace(assumed=_OWN) if field.choices else asked
    yield from _total_asked(submission, layout)
    for table in (each for each in layout.tables if each.budget):
        titles = _titles(table)
        lines = (submission.line(table.name, item.name) for item in table.items if item.required)
        for line in (each for each in lines if each):
            for column in _columns_asked(table, line):
                yield _asked(submission, line.label, titles.get(column, ""), line.entries[column])


def _total_asked(submission: Submission, layout: FormLayout) -> Iterator[EnteredCell]:
    """The total score's cell, where no total stands there or in the form's head.

    On a form that nobody scored it is one of the scores that were not given, not a finding of its own.
    """
    total, weight = submission.total.get("self_score"), submission.total.get("weight")
    head = submission.fields.get("total_score")
    if total is None or total.state is not State.BLANK or (head and head.value is not None):
        return
    if weight and weight.ref == total.ref:
        return
    scored = any(each.self_score is not None for each in submission.indicators)
    asked = _asked(submission, "", _total_label(layout), total)
    yield asked if scored else asked._replace(column="self_score", bound=HUNDRED)


def _columns_asked(table: TableLayout, line: Line) -> Iterator[str]:
    """The required figures of a budget line; no rate where there is nothing to divide, or by."""
    required = [each for each in table.columns if each.required and each.kind in _ASKED]
    divides = all(line.value(each.name) for each in required if each.kind is ValueKind.AMOUNT)
    for column in required:
        if column.name in line.entries and (column.kind is ValueKind.AMOUNT or divides):
            yield column.name


def _asked(submission: Submission, name: str, title: str, entry: Entry) -> EnteredCell:
    return EnteredCell(submission, name, title, entry.ref, entry.text, FILLED, None, None, entry.state.value)


def _titles(table: TableLayout) -> dict[str, str]:
    return {column.name: column.title for column in table.columns}


def _heading(submission: Submission, year: int, layout: FormLayout) -> Iterator[EnteredCell]:
    if submission.printed_year is not None:
        ref, value = submission.year_ref, Decimal(submission.printed_year)
        label = next((field.title for field in layout.fields if field.kind is ValueKind.YEAR), layout.title)
        text, bound = str(submission.printed_year), Decimal(year)
        yield EnteredCell(submission, "", label, ref, text, "year", value, bound, state=None)
    total = submission.total.get("self_score")
    if total:
        yield _cell(submission, "", _total_label(layout), "self_score", total)


def _total_label(layout: FormLayout) -> str:
    """What the form calls its row of totals."""
    return next((table.total_labels[0] for table in layout.tables if table.total_labels), layout.title)


def _indicators(submission: Submission, titles: Mapping[str, str], lexicon: Lexicon) -> Iterator[EnteredCell]:
    """The indicators' cells; a row that only breaks the one above down (其中) has to say nothing.

    Nor has one for points on top of the whole; one that takes points has a negative score, or weight.
    """
    scored = _scored_weights(submission.indicators)
    bounds = _bounds(submission.indicators)
    named = any(indicator.level3 for indicator in submission.indicators)
    complete, row_by_row = _weights_are_complete(submission), _is_scored_row_by_row(submission)
    for indicator in (each for each in submission.indicators if not each.detail):
        if indicator.is_extra(lexicon.deductions):
            continue
        if named and not indicator.level3:
            names = (indicator.name, titles.get("level3", ""))
            yield EnteredCell(submission, *names, indicator.ref, "", "level3", None, None, State.BLANK.value)
        extra = indicator.is_extra(lexicon.extras)
        pointless = complete and all(
            _is_empty(indicator.entries.get(column)) for column in ("weight", "self_score")
        )
        for column in REQUIRED[1:]:
            if entry := indicator.entries.get(column):
                asked = not extra and not (pointless and column == "weight")
                title, state = titles.get(column, ""), entry.state.value if asked else None
                yield _cell(submission, indicator.name, title, column, entry, state)
        score = indicator.entries.get("self_score")
        if row_by_row and score and not extra:
            yield _asked(submission, indicator.name, titles.get("self_score", ""), score)
        yield from _score(submission, indicator, "", indicator.name, scored, bounds, asked=not extra)


def _cell(  # noqa: PLR0913, PLR0917 - a cell with what to call it
    submission: Submission, name: str, title: str, column: str, entry: Entry, state: str | None = None
) -> EnteredCell:
    return EnteredCell(submission, name, title, entry.ref, entry.text, column, entry.value, None, state)


def _score(  # noqa: PLR0913, PLR0917 - a row's score with what it is held against
    submission: Submission,
    row: Line | Indicator,
    name: str,
    title: str,
    scored: frozenset[CellRef],
    bounds: Mapping[CellRef, Decimal],
    *,
    asked: bool = True,
) -> Iterator[EnteredCell]:
    """A score with its weight; asked for unless a row that shares the weight's cell has it."""
    entry, weight = row.entries.get("self_score"), row.entries.get("weight")
    if entry:
        bound = bounds.get(entry.ref)
        open_ = asked and weight is not None and weight.ref not in scored
        state = entry.state.value if open_ else None
        value = entry.value
        yield EnteredCell(submission, name, title, entry.ref, entry.text, "self_score", value, bound, state)


def _is_scored_row_by_row(submission: Submission) -> bool:
    """Whether a form without weights (they stand in its headings) has a score in every row but one."""
    rows = [each for each in submission.indicators if not each.detail]
    cells = {each.entries["self_score"].ref: each for each in rows if "self_score" in each.entries}
    weighed = any(not _is_empty(each.entries.get("weight")) for each in rows)
    blank = sum(each.self_score is None for each in cells.values())
    return not weighed and len(cells) == len(rows) > _FEW and blank == 1


def _scored_weights(rows: Sequence[Line | Indicator]) -> frozenset[CellRef]:
    """The weight cells for which some row has a score: one merged over several rows may be scored in one."""
    return frozenset(
        row.entries["weight"].ref
        for row in rows
        if "weight" in row.entries and not _is_empty(row.entries.get("self_score"))
    )


def _bounds(rows: Sequence[Line | Indicator]) -> dict[CellRef, Decimal]:
    """The most that each score cell can hold: all weights that it is merged over, each cell once."""
    weights: dict[CellRef, dict[CellRef, Decimal]] = {}
    for row in rows:
        score, weight = row.entries.get("self_score"), row.entries.get("weight")
        if score and weight and weight.value is not None:
            weights.setdefault(score.ref, {})[weight.ref] = weight.value
    return {score: sum(cells.values(), ZERO) for score, cells in weights.items()}


def _weights_are_complete(submission: Submission) -> bool:
    """Whether the weights there are make up the printed total, else 100: a row without one has no points."""
    total = submission.total.get("weight")
    cells: dict[CellRef, Decimal] = {}
    rows: tuple[Line | Indicator, ...] = (*submission.lines, *submission.indicators)
    for row in rows:
        entry = row.entries.get("weight")
        if entry and entry.value is not None:
            cells[entry.ref] = entry.value
    return sum(cells.values(), ZERO) == (total.value if total and total.value is not None else HUNDRED)


def _is_empty(entry: Entry | None) -> bool:
    return entry is None or entry.is_empty


NEGATIVE = declare("V102", "reported")
NOT_FILLED = declare("V103")
SCORE_OUT_OF_BOUNDS = declare("S102", "reported", optional=("weight",))
SCORE_NOT_FILLED = declare("S110")
OTHER_YEAR = declare("X101", "reported", "year")

_NOTHING = (State.BLANK.value, State.DASH.value)
_IS_ASKED = pl.col("column").is_in((*REQUIRED, FILLED))
_IS_SCORE = pl.col("column") == "self_score"
_WITHIN = (pl.col("value") >= 0) & (pl.col("value") <= pl.col("bound")).fill_null(value=True)

_RULES: Final[Mapping[Declaration, pl.Expr]] = {
    NEGATIVE: ~pl.col("column").is_in(SIGNED_NEVER) | (pl.col("value") >= 0),
    SCORE_OUT_OF_BOUNDS: ~_IS_SCORE | _WITHIN,
    OTHER_YEAR: (pl.col("column") != "year") | (pl.col("value") == pl.col("bound")),
    NOT_FILLED: ~_IS_ASKED | (pl.col("state") != State.BLANK.value),
    SCORE_NOT_FILLED: ~(_IS_SCORE & (pl.col("bound") > 0).fill_null(value=False))
    | ~pl.col("state").is_in(_NOTHING),
}
"""What every cell obeys, by the finding where it does not; what is not known breaks no rule."""


class EnteredCells(pa.DataFrameModel):
    """Cells of submissions, budget_lines and indicators as departments filled them in.

    `column` is the tidy table's, `value` the figure, `bound` what it is held against (a score's weight, for a
    year the round's), `state` a domain.forms.State where the cell is asked for, else null.
    """

    column: str
    value: Figure = pa.Field(nullable=True)
    bound: Figure = pa.Field(nullable=True)
    state: str = pa.Field(nullable=True)

    @pa.check("column", name="entered")
    @classmethod
    def _obeys_the_rules(cls, data: PolarsData) -> pl.LazyFrame:
        """All rules at once: pandera pays for each check, and hardly a form breaks any."""
        rules = (rule.fill_null(value=True) for rule in _RULES.values())
        return data.lazyframe.select(pl.all_horizontal(*rules))


def validate_entries(submissions: Sequence[Submission], year: int, scheme: Scheme) -> list[Finding]:
    """Findings on all submissions of a round, form by form in the order given.

    `year` is the round's, `scheme` has the layouts of the forms. Codes: V102 negative where none can be,
    V103 required cell empty, S102 score outside its weight, S110 score empty, X101 another year than the
    round's. A cell is named once a code, even if several rows share it.
    """
    cells = _entered(submissions, year, scheme)
    return _findings(cells, _failures(_framed(cells)))


def recheck_entries(submissions: Sequence[Submission], year: int, scheme: Scheme) -> list[Finding]:
    """The same of forms that were validated before and hold but other figures: the rules alone are asked.

    Of what else the model says (columns, types) nothing has changed, and one call of pandera costs as much as
    auditing the forms.
    """
    cells = _entered(submissions, year, scheme)
    return _findings(cells, _broken_rules(_framed(cells)))


def _entered(submissions: Sequence[Submission], year: int, scheme: Scheme) -> list[EnteredCell]:
    return [
        cell
        for submission in submissions
        for cell in enter_cells(submission, year, scheme.form(submission.form), scheme.lexicon)
    ]


def _findings(cells: Sequence[EnteredCell], failures: Iterable[tuple[int, str]]) -> list[Finding]:
    kinds = {kind.code: kind for kind in _RULES}
    findings = (_finding(kinds[code], cells[index]) for index, code in sorted(failures))
    return list({(finding.code, finding.place): finding for finding in findings}.values())


def _framed(cells: Sequence[EnteredCell]) -> pl.DataFrame:
    columns: dict[str, Sequence[object]] = {
        "column": [cell.column for cell in cells],
        "value": [cell.value for cell in cells],
        "bound": [cell.bound for cell in cells],
        "state": [cell.state for cell in cells],
    }
    return frame_of(EnteredCells, columns)


def _failures(frame: pl.DataFrame) -> Iterable[tuple[int, str]]:
    """(row, code) of every failed check; anything else that fails is our own mistake and raised."""
    try:
        EnteredCells.validate(frame, lazy=True)
    except SchemaErrors as problem:
        if set(problem.failure_cases["check"]) != {"entered"}:
            raise
        return _broken_rules(frame)
    return []


def _broken_rules(frame: pl.DataFrame) -> list[tuple[int, str]]:
    held = frame.select(rule.fill_null(value=True).alias(kind.code) for kind, rule in _RULES.items())
    kept = ((code, held[code].to_list()) for code in held.columns)
    return [(index, code) for code, rows in kept for index, holds in enumerate(rows) if not holds]


def _finding(kind: Declaration, cell: EnteredCell) -> Finding:
    expected, figures = _expectation(kind, cell)
    return kind.finding(
        Place.at(cell.ref) if cell.ref else Place(cell.submission.file, cell.submission.sheet),
        subject=cell.submission.submission_id,
        label=cell.label,
        reported=cell.text,
        expected=expected,
        figures=figures,
        assumed=cell.assumed,
    )


def _expectation(kind: Declaration, cell: EnteredCell) -> tuple[str, dict[str, str]]:
    """What should stand there, and the figures that the sentence wants."""
    if cell.bound is not None and kind is OTHER_YEAR:
        return plain(cell.bound), {"year": plain(cell.bound)}
    if cell.bound is not None and kind is SCORE_OUT_OF_BOUNDS:
        return say("0 至 {bound}", bound=plain(cell.bound)), {"weight": plain(cell.bound)}
    return (say("不小于 0") if kind in {NEGATIVE, SCORE_OUT_OF_BOUNDS} else ""), {}
