"""What departments entered, checked before anything is computed: each failure is a finding at its cell.

Every rule has the declaration of the finding that its breach becomes. The tables are checked melted, one row
a cell, in one check of a pandera model: pandera pays for every check of every column. Only what no form can
mean otherwise is a rule. Adjustments, balances and last year's figures may be negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from jixiao.domain.amounts import plain
from jixiao.domain.findings import Declaration, Finding, Place, declare
from jixiao.domain.forms import SIGNED_NEVER
from jixiao.domain.submissions import State
from jixiao.language import say
from jixiao.schemas.cells import FILLED, REQUIRED, enter_cells
from jixiao.schemas.tidy import Figure, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pandera.api.polars.types import PolarsData

    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission
    from jixiao.schemas.cells import EnteredCell

NEGATIVE = declare("V102", "reported")
NOT_FILLED = declare("V103")
SCORE_OUT_OF_BOUNDS = declare("S102", "reported", optional=("weight",))
SCORE_NOT_FILLED = declare("S110")
OTHER_YEAR = declare("X101", "reported", "year")

_NOTHING = (State.BLANK.value, State.DASH.value)
_ASKED = pl.col("column").is_in((*REQUIRED, FILLED))
_IS_SCORE = pl.col("column") == "self_score"
_WITHIN = (pl.col("value") >= 0) & (pl.col("value") <= pl.col("bound")).fill_null(value=True)

_RULES: Final[Mapping[Declaration, pl.Expr]] = {
    NEGATIVE: ~pl.col("column").is_in(SIGNED_NEVER) | (pl.col("value") >= 0),
    SCORE_OUT_OF_BOUNDS: ~_IS_SCORE | _WITHIN,
    OTHER_YEAR: (pl.col("column") != "year") | (pl.col("value") == pl.col("bound")),
    NOT_FILLED: ~_ASKED | (pl.col("state") != State.BLANK.value),
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
    return [(index, code) for code in held.columns for index in held[code].not_().arg_true().to_list()]


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
