"""The one place that says how bad a finding is: what rests on anything inferred is at most a warning.

An error is what an auditor would send back unread by a second person. So a finding keeps the severity of its
code only where its own cell and all its evidence were read by known words; else the sentence says what was
assumed, and a person looks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.findings import Judged, Place, Severity
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.submissions import Basis
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Inference, Submission

_NAMES = ("department", "project")
"""What a figure is found by on another form: where these are inferred, so is every comparison of forms."""


class _Spot(NamedTuple):
    """Where a cell belongs in its form's layout: `row` is the row of the sheet, `item` "" for indicators."""

    table: str
    item: str
    column: str
    row: int
    is_amount: bool


class Certainty:
    """Judges findings by what the forms of a round were read from."""

    def __init__(
        self, submissions: Iterable[Submission], scheme: Scheme, severity: Callable[[str], Severity]
    ) -> None:
        """`severity` gives a code's own, as the wordings and the scheme have it."""
        self._severity = severity
        self._judged: dict[int, tuple[Finding, Judged]] = {}
        submissions = tuple(submissions)
        self._readings = [_Reading(each, scheme.form(each.form)) for each in submissions if each.inferences]
        self._owners = {
            Place.at(entry.ref): each.submission_id
            for each in (submissions if self._readings else ())
            for _, entry in _spots(each, scheme.form(each.form))
        }

    def judge(self, finding: Finding) -> Judged:
        """The finding with everything that it assumes, and the severity that is left of its code's.

        The cell that a name should stand in, and does not, is among what it rests on. A finding that is
        there in every audit is judged once; it is kept, so that its identity stays its own.
        """
        known = self._judged.get(id(finding))
        if known is None:
            known = self._judged[id(finding)] = finding, self._judge(finding)
        return known[1]

    def _judge(self, finding: Finding) -> Judged:
        inferred = list(self._inferred(finding))
        assumed = tuple(dict.fromkeys((*finding.assumed, *map(_clause, inferred))))
        names = [each.ref for each in inferred if each.basis is Basis.NAME and each.ref != finding.ref]
        evidence = tuple(dict.fromkeys((*finding.evidence, *names)))
        severity = self._settled(finding.code, assumed)
        return Judged(finding=replace(finding, assumed=assumed, evidence=evidence), severity=severity)

    def _settled(self, code: str, assumed: Sequence[str]) -> Severity:
        own = self._severity(code)
        return max(own, Severity.WARNING, key=lambda each: each.rank) if assumed else own

    def _inferred(self, finding: Finding) -> Iterator[Inference]:
        """What readings inferred about the cells concerned; nothing for infos about a reading."""
        if not self._readings or self._severity(finding.code) is Severity.INFO:
            return
        sheets = {(cell.file, cell.sheet) for cell in finding.cells if cell.file}
        forms = {self._owners[cell] for cell in finding.cells if cell in self._owners}
        several = len(sheets) > 1 or len(forms) > 1
        for reading in self._readings:
            yield from reading.assumptions(finding, several=several)


class _Reading:
    """One form's cells by place, and what of it was inferred."""

    def __init__(self, submission: Submission, layout: FormLayout) -> None:
        self._submission = submission
        self._spots: dict[Place, list[_Spot]] = {}
        for spot, entry in _spots(submission, layout):
            self._spots.setdefault(Place.at(entry.ref), []).append(spot)

    def assumptions(self, finding: Finding, *, several: bool) -> Iterator[Inference]:
        """Every inference that the finding rests on; `several`: it compares forms."""
        own = finding.subject == self._submission.submission_id
        spots = [spot for cell in finding.cells for spot in self._spots.get(cell, ())]
        if not spots and not own:
            return
        if several:
            spots += [_Spot("", "", name, -1, is_amount=False) for name in _NAMES]
        amounts = [spot for spot in spots if spot.is_amount]
        foreign = several and any(cell not in self._spots for cell in finding.cells)
        for inference in self._submission.inferences:
            concerned = [spot for spot in spots if self._covers(inference, spot)]
            whole = own and not inference.address and inference.basis is not Basis.UNIT
            if inference.basis is Basis.UNIT and not foreign and len(concerned) == len(amounts):
                continue  # a unit that all figures share changes nothing between them
            if whole or concerned:
                yield inference

    def _covers(self, inference: Inference, spot: _Spot) -> bool:
        """Whether what was inferred decides how the spot was read."""
        if inference.basis is Basis.UNIT and not spot.is_amount:
            return False
        if not inference.address:
            return True
        table, _, rest = inference.address.partition(".")
        item, _, column = rest.rpartition(".") if "." in rest else (rest, "", "")
        if not rest:
            return table == (spot.table or spot.column)
        in_row = self._is_within_row(inference) and spot.table == table
        return (
            table == spot.table
            and item in {"", spot.item}
            and column in {"", spot.column}
            and (not in_row or inference.ref.row == spot.row)
        )

    def _is_within_row(self, inference: Inference) -> bool:
        """Whether a cell of the data itself was inferred, not the heading over a column of it."""
        return Place.at(inference.ref) in self._spots


def _clause(inference: Inference) -> str:
    text = " ".join(inference.text.split())
    if inference.basis is Basis.NAME:
        return say(
            "“{title}”取“{text}”（{rstrip}）",
            title=inference.title,
            text=text,
            rstrip=inference.reason.rstrip("。"),
        )
    said = say("{a1}“{text}”", a1=inference.ref.a1, text=text) if text else f"{inference.ref.a1}"
    return say(
        "{said}按“{title}”读取（{rstrip}）",
        said=said,
        title=inference.title,
        rstrip=inference.reason.rstrip("。"),
    )


def _spots(submission: Submission, layout: FormLayout) -> Iterator[tuple[_Spot, Entry]]:
    """Every cell of a form that was read, with where it belongs."""
    kinds = {("", each.name): each.kind for each in layout.fields}
    kinds |= {(table.name, each.name): each.kind for table in layout.tables for each in table.columns}
    block = next((each.name for each in layout.tables if each.kind is TableKind.INDICATORS), "")
    rows: list[tuple[str, str, Mapping[str, Entry]]] = [("", "", submission.fields)]
    rows += [(line.table, line.item, line.entries) for line in submission.lines]
    rows += [(block, "", each.entries) for each in submission.indicators]
    rows.append((block, "total", submission.total))
    for table, item, entries in rows:
        for column, entry in entries.items():
            is_amount = kinds.get((table, column)) is ValueKind.AMOUNT
            yield _Spot(table, item, column, entry.ref.row, is_amount), entry
