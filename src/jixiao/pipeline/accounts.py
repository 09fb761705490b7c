"""The finance department's accounts of a round: rows of the list into lines by department and project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.accounts import ACCOUNT_COLUMNS, AccountLine, Accounts
from jixiao.domain.findings import Place, declare
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import clean_name, label_key
from jixiao.extraction.tables import TOTAL
from jixiao.pipeline.references import read_reference

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.submissions import Line

ACCOUNT_ROW_UNUSABLE = declare("X137")

_ACCOUNTS = "books"


def load_accounts(folder: Path, file: str, rules: Rulebook) -> Accounts:
    """Read the accounts `file`, relative to the round's folder; amounts in 万元.

    A row that has amounts but neither says a project nor that it is the department as a whole is left out
    and reported (X137).

    Raises:
        ConfigurationError: it can't be used, with what to do.
    """
    reference = read_reference(_ACCOUNTS, folder, file, rules)
    lines: list[AccountLine] = []
    findings = list(reference.findings)
    for row in reference.lines:
        line = _line(row, reference.table)
        if line:
            lines.append(line)
        elif _has_amounts(row) and not _is_sum(row, reference.table):
            findings.append(ACCOUNT_ROW_UNUSABLE.finding(Place.at(row.entries["item"].ref)))
    return Accounts(file, reference.sha256, tuple(lines), tuple(findings))


def _line(row: Line, table: TableLayout) -> AccountLine | None:
    """The row as a line; None for a note, a sum of other rows, and one that does not say whose it is."""
    project = row.entries.get("project")
    department = clean_name(row.label)
    if _is_sum(row, table) or not department or not project or project.state is not State.TEXT:
        return None
    whole = label_key(project.text) in _keys(table.total_labels)
    entries = {name: row.entries[name] for name in ACCOUNT_COLUMNS if name in row.entries}
    return AccountLine(department, "" if whole else clean_name(project.text), entries, project.ref)


def _is_sum(row: Line, table: TableLayout) -> bool:
    project = row.entries.get("project")
    return row.item == TOTAL or (
        project is not None and label_key(project.text) in _keys(table.skipped_labels)
    )


def _has_amounts(row: Line) -> bool:
    return any(row.value(name) is not None for name in ACCOUNT_COLUMNS)


def _keys(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(label_key, labels))
