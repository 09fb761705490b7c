"""Our promise for the tables in `data/`, as pandera models: a failure here is a bug of ours."""

from functools import cache
from itertools import repeat

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

from jixiao.domain.accounts import AccountVerdict
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.measures import MeasureKind
from jixiao.domain.quantities import Verdict
from jixiao.domain.rosters import Filing
from jixiao.domain.submissions import Status
from jixiao.domain.supplements import Agreement
from jixiao.domain.tables import Table
from jixiao.schemas.frames import Figure, frame_of

_SCOPES, _STATUSES, _SEVERITIES, _VERDICTS = (
    [member.value for member in enum] for enum in (Scope, Status, Severity, Verdict)
)
_AGREEMENTS = [member.value for member in Agreement]
_FILINGS, _BOOK_VERDICTS = ([member.value for member in enum] for enum in (Filing, AccountVerdict))
_MEASURE_KINDS = [member.value for member in MeasureKind]
_KINDS = ["overall", "project", "carryover", "total"]
_CODE, _CELL = r"^[FLVASXPQ]\d{3}$", r"^([A-Z]{1,3}[1-9]\d*)?$"


def _all(data: PolarsData, *rules: pl.Expr) -> pl.LazyFrame:
    """Whether a row keeps all rules; a rule says nothing about values that are not known."""
    return data.lazyframe.select(pl.all_horizontal(*(rule.fill_null(value=True) for rule in rules)))


def _known(*names: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(*names).is_not_null())


class _Result(pa.DataFrameModel):
    """Columns exactly as the contract has them, in its order, and one check a table.

    pandera pays for every check and every column that may not be null; the rules of a table are therefore
    one expression, and the failing row says which of them it breaks.
    """

    class Config:
        strict = True
        ordered = True


class Submissions(_Result):
    """submissions.csv: a row a form, and for every file or sheet that gave none."""

    submission_id: str = pa.Field(nullable=True)
    department: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    year: int = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    sha256: str = pa.Field(nullable=True)
    status: str = pa.Field(nullable=True)
    blocking: int = pa.Field(nullable=True)
    errors: int = pa.Field(nullable=True)
    warnings: int = pa.Field(nullable=True)
    implementer: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="submissions.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("file", "sheet", "sha256", "status", "blocking", "errors", "warnings"),
            pl.col("submission_id").is_unique() | pl.col("submission_id").is_null(),
            *(pl.col("scope").is_in(_SCOPES), pl.col("status").is_in(_STATUSES)),
            *(pl.col("blocking", "errors", "warnings") >= 0,),
        )


class BudgetLines(_Result):
    """budget_lines.csv: amounts in 万元, the rate in percent."""

    department: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    item: str = pa.Field(nullable=True)
    prior_executed: Figure = pa.Field(nullable=True)
    initial_budget: Figure = pa.Field(nullable=True)
    carryover: Figure = pa.Field(nullable=True)
    adjustment: Figure = pa.Field(nullable=True)
    annual_budget: Figure = pa.Field(nullable=True)
    executed: Figure = pa.Field(nullable=True)
    balance: Figure = pa.Field(nullable=True)
    execution_rate: Figure = pa.Field(nullable=True)
    weight: Figure = pa.Field(nullable=True)
    self_score: Figure = pa.Field(nullable=True)
    computed_score: Figure = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="budget_lines.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "scope", "project", "form", "item", "file", "sheet", "cell"),
            *(pl.col("scope").is_in(_SCOPES), pl.col("cell").str.contains(_CELL)),
        )


class Indicators(_Result):
    """indicators.csv: one score, a band, or neither where a person must judge."""

    department: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    level1: str = pa.Field(nullable=True)
    level2: str = pa.Field(nullable=True)
    level3: str = pa.Field(nullable=True)
    target: str = pa.Field(nullable=True)
    actual: str = pa.Field(nullable=True)
    reason: str = pa.Field(nullable=True)
    weight: Figure = pa.Field(nullable=True)
    self_score: Figure = pa.Field(nullable=True)
    computed_score: Figure = pa.Field(nullable=True)
    score_low: Figure = pa.Field(nullable=True)
    score_high: Figure = pa.Field(nullable=True)
    verdict: str = pa.Field(nullable=True)
    attainment: Figure = pa.Field(nullable=True)
    rule: str = pa.Field(nullable=True)
    derivation: str = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="indicators.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        score, low, high = (pl.col(name) for name in ("computed_score", "score_low", "score_high"))
        return _all(
            data,
            _known(
                "department", "scope", "project", "form", "level1", "level2", "level3", "target", "actual"
            ),
            _known("reason", "verdict", "rule", "derivation", "file", "sheet", "cell"),
            *(pl.col("scope").is_in(_SCOPES), pl.col("verdict").is_in(_VERDICTS)),
            pl.col("cell").str.contains(_CELL),
            *(low.is_null() == high.is_null(), score.is_null() | low.is_null(), low <= high),
        )


class Scores(_Result):
    """scores.csv: components of a form, their total, and a department's composite."""

    department: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    component: str = pa.Field(nullable=True)
    weight: Figure = pa.Field(nullable=True)
    self_score: Figure = pa.Field(nullable=True)
    computed_score: Figure = pa.Field(nullable=True)
    accepted_score: Figure = pa.Field(nullable=True)
    verified_share: Figure = pa.Field(nullable=True)
    self_grade: str = pa.Field(nullable=True)
    computed_grade: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="scores.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "scope", "component"),
            *(pl.col("scope").is_in(_SCOPES), pl.col("verified_share").is_between(0, 100)),
        )


class CompositeItems(_Result):
    """composite.csv: the items of a department and their total."""

    department: str = pa.Field(nullable=True)
    item: str = pa.Field(nullable=True)
    kind: str = pa.Field(nullable=True)
    funds: Figure = pa.Field(nullable=True)
    share_percent: Figure = pa.Field(nullable=True)
    score: Figure = pa.Field(nullable=True)
    weighted_score: Figure = pa.Field(nullable=True)
    note: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="composite.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "item", "kind", "note"),
            *(pl.col("kind").is_in(_KINDS), pl.col("funds") >= 0, pl.col("share_percent").is_between(0, 100)),
        )


class Findings(_Result):
    """findings.csv: every finding in words."""

    finding_id: str = pa.Field(nullable=True)
    code: str = pa.Field(nullable=True)
    severity: str = pa.Field(nullable=True)
    department: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)
    label: str = pa.Field(nullable=True)
    reported: str = pa.Field(nullable=True)
    expected: str = pa.Field(nullable=True)
    message: str = pa.Field(nullable=True)
    suggestion: str = pa.Field(nullable=True)
    assumed: str = pa.Field(nullable=True)
    cells: str = pa.Field(nullable=True)
    consequences: str = pa.Field(nullable=True)
    corrections: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="findings.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known(
                "finding_id", "code", "severity", "department", "project", "form", "file", "sheet", "cell"
            ),
            _known("label", "reported", "expected", "message", "suggestion"),
            _known("assumed", "cells", "consequences", "corrections"),
            *(pl.col("finding_id").is_unique(), pl.col("code").str.contains(_CODE)),
            *(pl.col("severity").is_in(_SEVERITIES), pl.col("scope").is_in(_SCOPES)),
            *(pl.col("cell").str.contains(_CELL), pl.col("message") != ""),
        )


class Figures(_Result):
    """figures.csv: a figure and its cell, amounts in 万元, rates in percent points; of a grade the word."""

    department: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    block: str = pa.Field(nullable=True)
    item: str = pa.Field(nullable=True)
    column: str = pa.Field(nullable=True)
    value: Figure = pa.Field(nullable=True)
    unit: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)
    scope: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    year: int = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    title: str = pa.Field(nullable=True)
    text: str = pa.Field(nullable=True)
    status: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="figures.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "form", "block", "item", "column", "unit", "cell", "scope", "project"),
            *(_known("file", "sheet", "title", "text", "status"), pl.col("title") != ""),
            *(pl.col("block") != "", pl.col("column") != "", pl.col("cell").str.contains(_CELL)),
            *(pl.col("scope").is_in(_SCOPES), pl.col("status").is_in(_STATUSES)),
            pl.col("value").is_not_null() | (pl.col("text") != ""),
        )


class Appraisals(_Result):
    """appraisal.csv: a division of a department, rates in percent."""

    department: str = pa.Field(nullable=True)
    division: str = pa.Field(nullable=True)
    first_quarter: Figure = pa.Field(nullable=True)
    second_quarter: Figure = pa.Field(nullable=True)
    third_quarter: Figure = pa.Field(nullable=True)
    fourth_quarter: Figure = pa.Field(nullable=True)
    annual_rate: Figure = pa.Field(nullable=True)
    rank: int = pa.Field(nullable=True)
    reported_annual_rate: Figure = pa.Field(nullable=True)
    reported_rank: int = pa.Field(nullable=True)
    derivation: str = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="appraisal.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "division", "derivation", "file", "sheet", "cell"),
            pl.col("annual_rate").is_null() == pl.col("rank").is_null(),
            *(pl.col("rank") >= 1, pl.col("cell").str.contains(_CELL)),
        )


class Surveys(_Result):
    """survey.csv: a question of a survey, or its composite, rates in percent."""

    department: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    kind: str = pa.Field(nullable=True)
    question: str = pa.Field(nullable=True)
    scale: str = pa.Field(nullable=True)
    questionnaires: int = pa.Field(nullable=True)
    answers: int = pa.Field(nullable=True)
    rate: Figure = pa.Field(nullable=True)
    satisfied_rate: Figure = pa.Field(nullable=True)
    reported: str = pa.Field(nullable=True)
    agreement: str = pa.Field(nullable=True)
    note: str = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="survey.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "project", "kind", "question", "questionnaires", "answers", "note"),
            *(pl.col("kind").is_in(["question", "composite"]), pl.col("agreement").is_in(_AGREEMENTS)),
            *(pl.col("rate").is_between(0, 100), pl.col("satisfied_rate").is_between(0, 100)),
            *(_known("file", "sheet", "cell"), pl.col("cell").str.contains(_CELL)),
        )


class Measures(_Result):
    """measures.csv: a measure of a department or of one of its projects."""

    department: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    measure: str = pa.Field(nullable=True)
    title: str = pa.Field(nullable=True)
    kind: str = pa.Field(nullable=True)
    value: Figure = pa.Field(nullable=True)
    unit: str = pa.Field(nullable=True)
    numerator: Figure = pa.Field(nullable=True)
    denominator: Figure = pa.Field(nullable=True)
    derivation: str = pa.Field(nullable=True)
    sources: str = pa.Field(nullable=True)
    operand_unit: str = pa.Field(nullable=True)
    disputed: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="measures.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "project", "measure", "title", "kind", "unit", "derivation", "sources"),
            _known("operand_unit", "disputed"),
            *(pl.col("kind").is_in(_MEASURE_KINDS), pl.col("denominator") > 0, pl.col("derivation") != ""),
        )


class RosterRecords(_Result):
    """roster.csv: what a department owes of one kind of form, or for one project, and what came."""

    department: str = pa.Field(nullable=True)
    code: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    due: int = pa.Field(nullable=True)
    filed: int = pa.Field(nullable=True)
    late: int = pa.Field(nullable=True)
    missing: int = pa.Field(nullable=True)
    status: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="roster.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            _known("department", "code", "form", "project", "due", "filed", "late", "missing", "status"),
            *(pl.col("late") <= pl.col("filed"), pl.col("missing") <= pl.col("due")),
            *(pl.col("due", "late", "missing") >= 0,),
            pl.col("status").is_in(_FILINGS),
        )


class Reconciliations(_Result):
    """reconciliation.csv: a form's figure beside that of the accounts, 万元."""

    department: str = pa.Field(nullable=True)
    project: str = pa.Field(nullable=True)
    form: str = pa.Field(nullable=True)
    item: str = pa.Field(nullable=True)
    reported: Figure = pa.Field(nullable=True)
    booked: Figure = pa.Field(nullable=True)
    difference: Figure = pa.Field(nullable=True)
    verdict: str = pa.Field(nullable=True)
    booked_as: str = pa.Field(nullable=True)
    file: str = pa.Field(nullable=True)
    sheet: str = pa.Field(nullable=True)
    cell: str = pa.Field(nullable=True)
    book_sheet: str = pa.Field(nullable=True)
    book_cell: str = pa.Field(nullable=True)

    @pa.dataframe_check(name="reconciliation.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return _all(
            data,
            *(_known("department", "project", "form", "item", "verdict", "booked_as", "file", "sheet"),),
            *(_known("cell", "book_sheet", "book_cell"), pl.col("verdict").is_in(_BOOK_VERDICTS)),
            *(pl.col(name).str.contains(_CELL) for name in ("cell", "book_cell")),
        )


MODELS: dict[str, type[pa.DataFrameModel]] = {
    "submissions": Submissions,
    "budget_lines": BudgetLines,
    "indicators": Indicators,
    "scores": Scores,
    "composite": CompositeItems,
    "findings": Findings,
    "figures": Figures,
    "appraisal": Appraisals,
    "survey": Surveys,
    "measures": Measures,
    "roster": RosterRecords,
    "reconciliation": Reconciliations,
}
"""The model of each table, by the table's name."""


def validate_results(tables: tuple[Table, ...]) -> None:
    """Check that our own tables keep what the contract promises.

    Raises:
        pandera.errors.SchemaErrors: a table does not, with every failure: a bug, never a department's fault.
        KeyError: a table lacks a column of its model, or there is no such table.
    """
    for table in tables:
        model = MODELS[table.name]
        if not table.rows and table.columns == tuple(model.to_schema().columns):
            continue  # nothing in it can break a rule, and each query costs
        columns = dict(
            zip(table.columns, zip(*table.rows, strict=True) if table.rows else repeat(()), strict=False)
        )
        _rules_of(model).validate(frame_of(model, columns), lazy=True)


@cache
def _rules_of(model: type[pa.DataFrameModel]) -> pa.DataFrameSchema:
    """A model's rules without its columns: the frame is built from these, and pandera pays for each."""
    return pa.DataFrameSchema(checks=model.to_schema().checks, name=model.__name__)
