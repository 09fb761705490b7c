"""Grids read with the schemes of the project, reduced to what tests compare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jixiao.audit.checks import audit_form
from jixiao.audit.subject import Subject
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.amounts import plain
from jixiao.domain.submissions import State
from jixiao.extraction.recognise import Contested, Recognised, recognise
from jixiao.extraction.submissions import extract
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.reading import FileReader
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jixiao.domain.cells import Grid
    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Submission
    from jixiao.extraction.recognise import Recognition

YEAR = 2024
Marks = set[tuple[str, str]]
"""(code, cell), the cell "" where the finding is on the whole sheet."""


@cache
def national() -> Scheme:
    """The national scheme as shipped."""
    return load_scheme("national", seeds_folder())


@cache
def reader() -> FileReader:
    """Reads files by it."""
    return FileReader(national())


@cache
def vocabulary(scheme_id: str = "national") -> Vocabulary:
    """The words of a shipped scheme's forms."""
    return Vocabulary(load_scheme(scheme_id, seeds_folder()).forms)


@dataclass(frozen=True, slots=True)
class Read:
    """What one form on a sheet gave."""

    submission: Submission
    findings: tuple[Finding, ...]

    @property
    def marks(self) -> Marks:
        """What reading found wrong."""
        return {(finding.code, finding.place.cell) for finding in self.findings}

    def audit(self, scheme: Scheme | None = None) -> Marks:
        """What reading, validation and audit of this form find wrong together."""
        rules = scheme or national()
        card = score(self.submission, rules)
        found = [*validate_entries([self.submission], YEAR, rules)]
        found += audit_form(Subject(card, rules, rules.form(self.submission.form)))
        return self.marks | {(finding.code, finding.place.cell) for finding in found}


def recognised(grid: Grid, scheme: Scheme | None = None) -> list[str]:
    """What every part of a sheet was taken for, from top to bottom: form ids, "?" for none."""
    return [_kind(each) for each in recognise(grid, Vocabulary((scheme or national()).forms))]


def read_all(grid: Grid, scheme: Scheme | None = None) -> list[Read]:
    """All forms of a sheet."""
    rules = scheme or national()
    words = Vocabulary(rules.forms)
    found = [each for each in recognise(grid, words) if isinstance(each, Recognised)]
    extractions = [
        extract(each, f"form-{number}", "0" * 64, words, rules.lexicon) for number, each in enumerate(found)
    ]
    return [Read(each.submission, each.findings) for each in extractions]


def read(grid: Grid, scheme: Scheme | None = None) -> Read:
    """The one form of a sheet."""
    (only,) = read_all(grid, scheme)
    return only


def shown(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Entries by name: figures in the project's units, any other text as read; blanks left out."""
    return {name: _shown(entry) for name, entry in entries.items() if entry.state is not State.BLANK}


def parts(submission: Submission) -> dict[str, object]:
    """All that a form says, wherever it says it."""
    return {
        "form": submission.form,
        "names": (submission.department, submission.implementer, submission.project),
        "year": submission.year,
        "fields": shown(submission.fields),
        "lines": {f"{line.table}.{line.item}": shown(line.entries) for line in submission.lines},
        "indicators": [
            (
                each.level1,
                each.level2,
                each.level3,
                each.target.text,
                each.actual.text,
                _points(each.weight),
                _points(each.self_score),
                each.reason,
            )
            for each in submission.indicators
        ],
        "groups": [(group.level1, _points(group.declared_weight)) for group in submission.groups],
        "total": shown(submission.total),
    }


def _points(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _shown(entry: Entry) -> str:
    return plain(entry.value) if entry.value is not None else entry.text


def _kind(recognition: Recognition) -> str:
    if isinstance(recognition, Recognised):
        return recognition.layout.id
    return "|".join(each.id for each in recognition.candidates) if isinstance(recognition, Contested) else "?"
