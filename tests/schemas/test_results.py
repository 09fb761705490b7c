from dataclasses import replace
from decimal import Decimal
from time import process_time

import pytest
from pandera.errors import SchemaErrors

from jixiao.consolidation.tidy import tidy_tables
from jixiao.domain.tables import Cell, Table
from jixiao.schemas.results import MODELS, validate_results
from jixiao.scoring.appraisals import appraise
from tests.builders.evaluations import evaluation
from tests.builders.lists import DIFFERING, FILED, MISSING, WITHOUT_FORM
from tests.builders.measures import MEASURED
from tests.builders.supplements import answer_sheet, appraisal_rule, appraisal_sheet, evaluated

ROUND = replace(
    evaluation(),
    appraisals=(appraise(appraisal_sheet(("示例处", "70%", "90%")), appraisal_rule()),),
    surveys=(evaluated(answer_sheet((9,))),),
    filings=(FILED, MISSING),
    reconciliations=(DIFFERING, WITHOUT_FORM),
    measures=(MEASURED,),
)
TABLES = {table.name: table for table in tidy_tables(ROUND)}


def spoiled(name: str, **cells: Cell) -> Table:
    """The table with these cells in its first row."""
    table = TABLES[name]
    first = tuple(cells.get(column, cell) for column, cell in zip(table.columns, table.rows[0], strict=True))
    return replace(table, rows=(first, *table.rows[1:]))


def test_our_own_tables_keep_the_contract() -> None:
    validate_results(tuple(TABLES.values()))


def test_tables_without_rows_keep_it_too() -> None:
    validate_results(tuple(replace(table, rows=()) for table in TABLES.values()))


@pytest.mark.parametrize("name", list(MODELS))
def test_models_have_the_contracts_columns(name: str) -> None:
    assert tuple(MODELS[name].to_schema().columns) == TABLES[name].columns


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("submissions", {"status": "sent"}),
        ("submissions", {"scope": "village"}),
        ("submissions", {"file": None}),
        ("submissions", {"blocking": -1}),
        ("submissions", {"submission_id": TABLES["submissions"].rows[1][0]}),
        ("budget_lines", {"cell": "D0"}),
        ("budget_lines", {"item": None}),
        ("indicators", {"verdict": "good"}),
        ("indicators", {"score_low": Decimal(1)}),
        ("indicators", {"computed_score": None, "score_low": Decimal(2), "score_high": Decimal(1)}),
        ("indicators", {"score_low": Decimal(1), "score_high": Decimal(2)}),
        ("scores", {"verified_share": Decimal("100.01")}),
        ("scores", {"component": None}),
        ("composite", {"kind": "rest"}),
        ("composite", {"share_percent": Decimal(-1)}),
        ("appraisal", {"rank": 0}),
        ("appraisal", {"annual_rate": None}),
        ("appraisal", {"division": None}),
        ("measures", {"kind": "median"}),
        ("measures", {"denominator": Decimal(0)}),
        ("measures", {"derivation": ""}),
        ("survey", {"kind": "answer"}),
        ("survey", {"rate": Decimal("100.01")}),
        ("survey", {"agreement": "perhaps"}),
        ("roster", {"status": "perhaps"}),
        ("roster", {"late": 2}),
        ("roster", {"department": None}),
        ("reconciliation", {"verdict": "perhaps"}),
        ("reconciliation", {"book_cell": "D0"}),
        ("findings", {"code": "Z101"}),
        ("findings", {"severity": "fatal"}),
        ("findings", {"message": ""}),
        ("findings", {"finding_id": TABLES["findings"].rows[1][0]}),
    ],
)
def test_a_broken_promise_is_our_bug(name: str, cells: dict[str, Cell]) -> None:
    with pytest.raises(SchemaErrors) as caught:
        validate_results((spoiled(name, **cells),))
    assert caught.value.failure_cases["check"].unique().to_list() == [f"{name}.csv"]


def test_amounts_of_any_size_and_sign_are_the_departments_affair() -> None:
    validate_results((spoiled("budget_lines", executed=Decimal("1e300"), annual_budget=Decimal(-1)),))


def test_a_hundred_thousand_rows_in_a_second() -> None:
    table = TABLES["indicators"]
    rows = (table.rows * (100_000 // len(table.rows) + 1))[:100_000]
    validate_results((table,))
    start = process_time()
    validate_results((replace(table, rows=rows),))
    assert process_time() - start < 3
