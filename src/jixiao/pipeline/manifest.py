"""manifest.json: from which inputs, by which rules and program the results came, with control totals."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import ZERO, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.tables import Table

_CONTROLLED = {"budget_lines": ("annual_budget", "executed"), "scores": ("self_score", "accepted_score")}
"""Columns whose plain sums let anyone check that a table arrived whole."""


class TableTotals(NamedTuple):
    """By table how many rows it has, and by table and column the sum as exact decimal text."""

    rows: Mapping[str, int]
    sums: Mapping[str, str]


def total_tables(tables: Sequence[Table]) -> TableTotals:
    """What lets anyone check that the tables arrived whole."""
    sums = {
        f"{table.name}.{column}": _total(table, column)
        for table in tables
        for column in _CONTROLLED.get(table.name, ())
    }
    return TableTotals({table.name: len(table.rows) for table in tables}, sums)


def describe_run(
    evaluation: Evaluation,
    totals: TableTotals,
    edition: Edition,
    outputs: Mapping[str, str],
    rules: str = "",
) -> str:
    """The manifest as JSON text; amounts in 万元, sums as exact decimal text.

    `outputs` gives the sha256 of every other file that was written: the next run replaces these only. `rules`
    is the digest of the rules in force (`jixiao.catalog.rulebook`).
    """
    round_ = evaluation.round
    described = {
        "round": round_.name,
        "year": round_.year,
        "scheme": round_.scheme.id,
        "scheme_title": round_.scheme.title,
        "rules": rules,
        "version": edition.version,
        "created": edition.created.isoformat() if edition.created else None,
        "inputs": [{"file": file, "sha256": digest} for file, digest in sorted(evaluation.sha256.items())],
        "rows": totals.rows,
        "statuses": _sorted_counts(evaluation),
        "control_totals": totals.sums,
        "outputs": [{"file": file, "sha256": digest} for file, digest in outputs.items()],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _sorted_counts(evaluation: Evaluation) -> dict[str, int]:
    statuses = Counter(status.value for status in evaluation.statuses.values())
    statuses += Counter(outcome.status.value for outcome in evaluation.outcomes)
    return dict(sorted(statuses.items()))


def _total(table: Table, column: str) -> str:
    return plain(sum((cell for cell in table.column(column) if isinstance(cell, Decimal)), ZERO))
