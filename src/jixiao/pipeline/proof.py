"""The proof that nothing was lost: what was read held against what stands in the files that were written."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from jixiao.consolidation.controls import (
    CONTROLS,
    COUNTED_ONCE,
    FILED,
    FILES,
    FINDINGS,
    FORMS,
    SHEETS,
    SHOWN_FINDINGS,
    Balance,
    Count,
    add_counts,
    control_sheet,
    describe_balances,
    imbalance_of,
    tell_imbalances,
)
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.tidy import MODELS
from jixiao.consolidation.words import STATUSES
from jixiao.domain.amounts import exact_sum
from jixiao.language import SHEET, say, spoken
from jixiao.pipeline.replacement import PublicationError
from jixiao.workbooks.counting import (
    Asked,
    WrittenBook,
    count_table,
    distinct_in,
    sheet_name,
    table_name,
)
from jixiao.workbooks.writing import names_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.consolidation.controls import Control
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.summary import Gathered
    from jixiao.domain.report import SheetSpec
    from jixiao.domain.rounds import Evaluation
    from jixiao.evaluating.briefs import Received
    from jixiao.workbooks.counting import Found

_CONTINUED = say("接着上一张表的续表")
_SET_ASIDE = say("名册、账面数等，不是部门的报送表")


class Proof:
    """A round's controls: those of tables are settled once these are written, those of sheets after them."""

    def __init__(
        self,
        gathered: Gathered,
        received: Received | None,
        tables: Found,
        edition: Edition,
        sizes: Callable[[str], int],
    ) -> None:
        """Begin with what was counted in the `tables`; `sizes`: how many departments' rows a sheet will have.

        Raises:
            PublicationError: a table does not hold what was read.
        """
        self._edition, self._sizes = edition, sizes
        self._counts = _counts_of(gathered, received)
        self._remarks = _remarks_of(gathered.evaluation) if received else {}
        self._found: Found = {}
        self._balances: tuple[Balance, ...] = ()
        own = [each for each in CONTROLS if each.is_table and each.key in self._counts]
        self._found |= {each.key: tables.get(each.key, {}) for each in own}
        self._refuse(own, table_name, "")

    def sheets(self, others: Sequence[SheetSpec]) -> Iterator[SheetSpec]:
        """核对, by the controls that concern the workbook's other sheets and the tables."""
        names = {sheet.name: sheet for sheet in others}
        self._balances = tuple(
            Balance(control, total, self._expected(control, total), self._remarks.get(control.key, ""))
            for control in CONTROLS
            if control.key in self._counts and (control.is_table or control.place in names)
            for total in [add_counts(self._counts[control.key].values())]
        )
        told = [each for each in self._balances if each.is_told]
        yield control_sheet(told, self._edition, lambda name: self._parts(names[name]))

    def settle(self, summary: Path, sheets: Sequence[SheetSpec]) -> tuple[Balance, ...]:
        """Count the sheets of the workbook; what was expected there is what is there.

        Raises:
            PublicationError: a sheet does not hold what was read.
        """
        names = {sheet.name: sheet for sheet in sheets}
        own = [each.control for each in self._balances if not each.control.is_table]
        with closing(WrittenBook(summary)) as book:
            for place in dict.fromkeys(each.place for each in own):
                sheet, asked = names[place], [_asked(each) for each in own if each.place == place]
                titles = [column.title for column in sheet.columns]
                written = [spoken(name, SHEET) for name in self._parts(sheet)]
                self._found |= book.count(written, titles, asked, len(sheet.totals))
        self._found.get(FILED.key, {}).pop("", None)  # what is owed and has not come stands there as well
        self._refuse(own, sheet_name, shown_department(""))
        return self._balances

    def _parts(self, sheet: SheetSpec) -> list[str]:
        return names_over(sheet, self._sizes(sheet.name) or len(sheet.rows))

    def _expected(self, control: Control, total: Count) -> Decimal:
        """What stands in a table; of a sheet, what will have to stand there once it is written."""
        return exact_sum(self._found[control.key].values()) if control.is_table else total.due

    def _refuse(self, controls: Iterable[Control], spelled: Callable[[str], str], blank: str) -> None:
        """Stop where one of these controls does not come out for every department."""
        odd = []
        for control in controls:
            once = control in COUNTED_ONCE
            counts = self._counts[control.key].items()
            due = _added(("" if once else spelled(name or blank), count.due) for name, count in counts)
            there = self._found[control.key].items()
            found = _added(("" if once else name or blank, amount) for name, amount in there)
            odd.append(imbalance_of(control, due, found))
        if imbalances := [each for each in odd if each]:
            raise PublicationError(tell_imbalances(imbalances))


def _added(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """The sums of amounts by name."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for name, amount in amounts:
        found[name].append(amount)
    return {name: exact_sum(each) for name, each in found.items()}


def _counts_of(gathered: Gathered, received: Received | None) -> dict[str, dict[str, Count]]:
    """By control, then by department, what was counted on the forms as they were read."""
    counts = {
        control.key: {
            facts.department: facts.tally[control.key]
            for facts in gathered.facts
            if control.key in facts.tally
        }
        for control in CONTROLS
        if control not in COUNTED_ONCE
    }
    nobodys = Counter(each.department for each in gathered.evaluation.findings)
    for control in (FINDINGS, SHOWN_FINDINGS):
        own = counts[control.key]
        for name, count in nobodys.items():
            own[name] = add_counts((own.get(name, Count()), Count(Decimal(count))))
    return {**_received_counts(gathered.evaluation, received), **counts} if received else counts


def _received_counts(evaluation: Evaluation, received: Received) -> dict[str, dict[str, Count]]:
    """What was listed and read, over the whole round."""
    forms, aside = Decimal(received.forms), {_SET_ASIDE: Decimal(received.set_aside)}
    told = Decimal(received.forms - received.set_aside + len(evaluation.outcomes))
    counts = {
        FILES: Count(Decimal(len(received.listed))),
        SHEETS: Count(
            Decimal(len(set(received.sheets))), left_out={_CONTINUED: Decimal(len(received.continued))}
        ),
        FORMS: Count(forms, left_out=aside),
        FILED: Count(told),
    }
    return {control.key: {"": count} for control, count in counts.items()}


def _remarks_of(evaluation: Evaluation) -> dict[str, str]:
    """What became of the files and sheets that hold no form, by their number."""
    used = {each.file for each in evaluation.submissions}
    files = {each.file: each.status for each in evaluation.outcomes if each.file not in used}
    sheets = Counter(STATUSES[each.status].text for each in evaluation.outcomes if each.sheet)
    statuses = Counter(STATUSES[each].text for each in files.values())
    kinds = Counter(STATUSES[each].text for each in evaluation.statuses.values())
    return {
        FILES.key: _numbered({say("含报送表"): len(used), **statuses}),
        SHEETS.key: _numbered(
            {say("含报送表"): len({(each.file, each.sheet) for each in evaluation.submissions}), **sheets}
        ),
        FORMS.key: _numbered(kinds),
    }


def _numbered(counts: Mapping[str, int]) -> str:
    return say("、").join(f"{name} {count}" for name, count in counts.items() if count)


def count_rows(table: str, text: str) -> Found:
    """What rows as they stand in a table's file hold for its controls, read back from their `text`."""
    own, columns = _controls_in(table), MODELS[table].columns()
    if not own:
        return {}
    found = count_table(columns, text, [_asked(each) for each in own if each not in {FILES, SHEETS}])
    for control, names in ((FILES, ("file",)), (SHEETS, ("file", "sheet"))):
        if control in own:
            found[control.key] = {"": Decimal(len(distinct_in(columns, text, names)))}
    return found


@cache
def _controls_in(table: str) -> tuple[Control, ...]:
    return tuple(each for each in CONTROLS if each.place == table)


def _asked(control: Control) -> Asked:
    if control is FORMS:
        return Asked(control.key, filled=control.column)
    return Asked(control.key, control.column, control.by, control.only)


def describe_accounts(
    evaluation: Evaluation, received: Received | None, balances: Sequence[Balance]
) -> dict[str, object]:
    """For the manifest: where every file and sheet is, and the controls."""
    if received is None:
        return {"controls": describe_balances(balances)}
    sheets: dict[str, list[dict[str, str]]] = {file: [] for file in received.listed}
    for form in evaluation.submissions:
        status = evaluation.statuses[form.submission_id].value
        sheets.setdefault(form.file, []).append({"sheet": form.sheet, "form": form.form, "status": status})
    for file, sheet in sorted(received.continued):
        sheets.setdefault(file, []).append({"sheet": sheet, "reason": _CONTINUED})
    for each in evaluation.outcomes:
        told = {"sheet": each.sheet, "status": each.status.value, "reason": each.reason}
        sheets.setdefault(each.file, []).append(told)
    accounts = [{"file": file, "sheets": own} for file, own in sheets.items()]
    return {"accounts": accounts, "controls": describe_balances(balances)}
