from dataclasses import replace
from decimal import Decimal
from time import process_time

import pytest
from pandera.errors import SchemaErrors

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.samples import Samples, sample_rows
from jixiao.consolidation.sampling import candidates_of, draw
from jixiao.consolidation.tidy import MODELS, tidy_tables, validate_tables
from jixiao.domain.report import Cell, Table
from jixiao.scoring.supplements import appraise
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
_SAMPLE = draw(
    candidates_of(evaluation(), gather_dossiers(evaluation())[0], evaluation().round.scheme),
    evaluation().round.scheme,
    "种子",
)
TABLES = {table.name: table for table in (*tidy_tables(ROUND), Samples.of(sample_rows(_SAMPLE)))}


def spoiled(name: str, **cells: Cell) -> Table:
    """The table with these cells in its first row."""
    table = TABLES[name]
    first = tuple(cells.get(column, cell) for column, cell in zip(table.columns, table.rows[0], strict=True))
    return replace(table, rows=(first, *table.rows[1:]))


def test_our_own_tables_keep_the_contract() -> None:
    validate_tables(tuple(TABLES.values()))


def test_tables_without_rows_keep_it_too() -> None:
    validate_tables(tuple(replace(table, rows=()) for table in TABLES.values()))


@pytest.mark.parametrize("name", list(MODELS))
def test_models_have_the_contracts_columns(name: str) -> None:
    assert MODELS[name].columns() == TABLES[name].columns


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("submissions", {"status": "sent"}),
        ("submissions", {"scope": "village"}),
        ("submissions", {"blocking": -1}),
        ("submissions", {"submission_id": TABLES["submissions"].rows[1][0]}),
        ("budget_lines", {"cell": "D0"}),
        ("indicators", {"verdict": "good"}),
        ("indicators", {"score_low": Decimal(1)}),
        ("indicators", {"computed_score": None, "score_low": Decimal(2), "score_high": Decimal(1)}),
        ("indicators", {"score_low": Decimal(1), "score_high": Decimal(2)}),
        ("scores", {"verified_share": Decimal("100.01")}),
        ("composite", {"kind": "rest"}),
        ("sample", {"way": "chosen"}),
        ("sample", {"probability": Decimal("1.01")}),
        ("sample", {"risk_score": Decimal(-1)}),
        ("rectification", {"stage": "late"}),
        ("rectification", {"statement": ""}),
        ("rectification", {"severity": "info"}),
        ("composite", {"share_percent": Decimal(-1)}),
        ("appraisal", {"rank": 0}),
        ("appraisal", {"annual_rate": None}),
        ("measures", {"kind": "median"}),
        ("measures", {"denominator": Decimal(0)}),
        ("measures", {"derivation": ""}),
        ("survey", {"kind": "answer"}),
        ("survey", {"rate": Decimal("100.01")}),
        ("survey", {"agreement": "perhaps"}),
        ("roster", {"status": "perhaps"}),
        ("roster", {"late": 2}),
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
        validate_tables((spoiled(name, **cells),))
    assert caught.value.failure_cases["check"].unique().to_list() == [f"{name}.csv"]


def failures(table: Table) -> set[tuple[str, str]]:
    """What validation says of a table: the check and the column that it speaks of."""
    with pytest.raises(SchemaErrors) as caught:
        validate_tables((table,))
    cases = caught.value.failure_cases
    return {(row["check"], row["column"]) for row in cases.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("submissions", "file"),
        ("budget_lines", "item"),
        ("scores", "component"),
        ("appraisal", "division"),
        ("roster", "department"),
        ("findings", "message"),
        ("figures", "unit"),
    ],
)
def test_what_has_to_be_known_is(name: str, column: str) -> None:
    assert failures(spoiled(name, **{column: None})) == {("not_nullable", column)}


@pytest.mark.parametrize(
    ("name", "column", "value", "kind"),
    [
        ("budget_lines", "weight", "十分", "Decimal(precision=38, scale=10)"),
        ("indicators", "self_score", "0", "Decimal(precision=38, scale=10)"),
        ("submissions", "errors", "1", "Int64"),
        ("submissions", "year", Decimal(2024), "Int64"),
        ("findings", "reported", Decimal(1), "String"),
        ("figures", "value", "优", "Decimal(precision=38, scale=10)"),
        ("composite", "funds", "54.90", "Decimal(precision=38, scale=10)"),
    ],
)
def test_a_value_of_another_type_is_our_bug(name: str, column: str, value: Cell, kind: str) -> None:
    assert (f"dtype('{kind}')", column) in failures(spoiled(name, **{column: value}))


def test_a_whole_number_is_a_figure() -> None:
    validate_tables((spoiled("budget_lines", weight=10),))


@pytest.mark.parametrize("name", list(MODELS))
def test_a_column_too_many_is_our_bug(name: str) -> None:
    table = TABLES[name]
    wider = replace(table, columns=(*table.columns, "note2"), rows=tuple((*row, "") for row in table.rows))
    assert ("column_in_schema", name) in {(check, name) for check, _ in failures(wider)}


@pytest.mark.parametrize("name", list(MODELS))
def test_a_column_too_few_is_our_bug(name: str) -> None:
    table = TABLES[name]
    narrower = replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))
    assert "column_in_dataframe" in {check for check, _ in failures(narrower)}


@pytest.mark.parametrize("name", list(MODELS))
def test_swapped_columns_are_our_bug(name: str) -> None:
    table = TABLES[name]
    swapped = (table.columns[1], table.columns[0], *table.columns[2:])
    rows = tuple((row[1], row[0], *row[2:]) for row in table.rows)
    assert "column_ordered" in {check for check, _ in failures(replace(table, columns=swapped, rows=rows))}


def test_a_row_too_short_is_our_bug() -> None:
    table = TABLES["scores"]
    with pytest.raises(ValueError, match="shorter"):
        validate_tables((replace(table, rows=(table.rows[0], table.rows[1][:-1])),))


def test_amounts_of_any_size_and_sign_are_the_departments_affair() -> None:
    validate_tables((spoiled("budget_lines", executed=Decimal("1e300"), annual_budget=Decimal(-1)),))


def test_a_hundred_thousand_rows_in_a_second() -> None:
    table = TABLES["indicators"]
    rows = (table.rows * (100_000 // len(table.rows) + 1))[:100_000]
    validate_tables((table,))
    start = process_time()
    validate_tables((replace(table, rows=rows),))
    assert process_time() - start < 3
