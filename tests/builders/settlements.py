"""Forms built in code, audited and settled as a round's are; and the same with all proposals put."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.domain.submissions import put_figures
from jixiao.evaluating.examination import Rehearsal, examine
from jixiao.evaluating.settlement import Settlement
from jixiao.pipeline.settings import wordings_of
from jixiao.schemas.entries import validate_entries
from tests.builders.audits import SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

YEAR = 2024


def settle(*forms: Submission, rules: Scheme = SCHEME, more: Iterable[Finding] = ()) -> tuple[Judged, ...]:
    """What is reported of one department's forms; `more` are findings that other checks gave besides."""
    entered, examination = validate_entries(forms, YEAR, rules), examine(forms, rules)
    rehearsal = Rehearsal(forms, Round("批次", YEAR, rules), entered, examination)
    findings = [*more, *entered, *examination.findings]
    return Settlement(rules, wordings_of((seeds_folder(),))).settle(findings, forms, rehearsal)


def errors(judged: Iterable[Judged]) -> list[Judged]:
    """Those that send a form back."""
    return [each for each in judged if each.severity in {Severity.BLOCKING, Severity.ERROR}]


def proposals(judged: Iterable[Judged]) -> dict[CellRef, str]:
    """Every figure that a department's list asks for, by cell."""
    wordings = wordings_of((seeds_folder(),))
    figures: dict[CellRef, str] = {}
    for each in errors(judged):
        finding = each.finding
        if wordings[finding.code].figure and finding.ref and finding.expected and not each.is_open:
            figures[finding.ref] = each.proposal or finding.expected
        figures |= {cell.ref: cell.figure for cell in each.corrections}
    return figures


def follow(forms: Sequence[Submission], judged: Iterable[Judged]) -> tuple[Submission, ...]:
    """The forms of a department that does everything that it was told."""
    figures = proposals(judged)
    return tuple(put_figures(form, figures) for form in forms)
