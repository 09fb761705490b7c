"""Rosters and books, built in code and as files that a finance department keeps."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import step_of
from jixiao.domain.cells import CellRef
from jixiao.domain.references import (
    AccountLine,
    Accounts,
    AccountVerdict,
    Due,
    FilingRecord,
    Reconciliation,
    Roster,
    RosterEntry,
)
from jixiao.domain.submissions import Entry, State
from tests.builders.evaluations import OVERALL, PROJECT, PROJECT_SHEETS, PROVINCIAL
from tests.drawing.facts import PrintedFacts
from tests.drawing.printed import draw_printed
from tests.drawing.writing import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.drawing.facts import Raw

ROSTER_FILE, ACCOUNTS_FILE = "名册.xlsx", "账面数.xlsx"
ACCOUNT_COLUMNS = ("initial_budget", "carryover", "annual_budget", "executed")

_SHEET = PROJECT_SHEETS[0]
FILED = FilingRecord(
    PROVINCIAL, "101", PROJECT, "", 1, (f"{_SHEET.file}#{_SHEET.sheet}",), (f"{_SHEET.file}#{_SHEET.sheet}",)
)
"""The provincial department owes one project form and sent it late."""
MISSING = FilingRecord("云梦泽省虚构水文局", "102", OVERALL, "", 1)
DIFFERING = Reconciliation(
    *(PROVINCIAL, _SHEET.project, PROJECT, "全年执行数", AccountVerdict.DIFFERS),
    *(Decimal("358.02"), Decimal("357.02"), "虚构账面名称"),
    *(CellRef(_SHEET.file, _SHEET.sheet, 5, 5), CellRef(ACCOUNTS_FILE, "账面", 4, 5)),
)
WITHOUT_FORM = Reconciliation(
    PROVINCIAL,
    *("", "", "", AccountVerdict.NO_FORM),
    booked_as="虚构结转项目",
    account_ref=CellRef(ACCOUNTS_FILE, "账面", 5, 1),
)


def roster_entry(
    department: str, *due: Due, code: str = "", aliases: tuple[str, ...] = (), row: int = 2
) -> RosterEntry:
    return RosterEntry(department, code, aliases, due, CellRef(ROSTER_FILE, "名册", row, 0))


def roster(*entries: RosterEntry) -> Roster:
    return Roster(ROSTER_FILE, "1" * 64, entries)


def account_line(row: int, department: str, project: str, figures: str) -> AccountLine:
    """A line by its four figures, "-" for a blank one; columns C to F, the project in B."""
    entries = {
        name: _figure(CellRef(ACCOUNTS_FILE, "账面", row, column), text)
        for column, (name, text) in enumerate(zip(ACCOUNT_COLUMNS, figures.split(), strict=True), start=2)
    }
    return AccountLine(department, project, entries, CellRef(ACCOUNTS_FILE, "账面", row, 1))


def _figure(ref: CellRef, text: str) -> Entry:
    if text == "-":
        return Entry(ref, State.BLANK)
    value = Decimal(text)
    return Entry(ref, State.NUMBER, text, value, step_of(value))


def accounts(*lines: AccountLine) -> Accounts:
    return Accounts(ACCOUNTS_FILE, "2" * 64, lines)


def write_list(path: Path, rows: Sequence[Sequence[Raw]], *, sheet: str = "Sheet1") -> None:
    """A workbook with one sheet of these rows; "<" and "^" merge, see tests.drawing.printed."""
    width = max(map(len, rows))
    padded = tuple((*row, *[""] * (width - len(row))) for row in rows)
    write_xlsx(path, [draw_printed(PrintedFacts(sheet=sheet, widths=(16,) * width, rows=padded))])
