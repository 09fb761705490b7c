"""The results of an evaluation as a whole: its departments' shares put together again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.consolidation.comparisons import comparison_names
from jixiao.consolidation.departments import rank, standings_of
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.overviews import overview_names
from jixiao.consolidation.shares import Part, finding_parts, placed, share_of
from jixiao.consolidation.summary import gather, summary_page, summary_sheets
from jixiao.pipeline import Worked
from jixiao.pipeline.departments import Made, pair_of
from jixiao.pipeline.memory import Memory
from jixiao.pipeline.publication import Given, publish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.ranking import RankedDepartment
    from jixiao.consolidation.summary import Gathered
    from jixiao.domain.report import PageSpec, SheetSpec
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.pipeline import Published


def split(given: Evaluation) -> tuple[Evaluation, dict[str, Evaluation]]:
    """What concerns no department, and the evaluation of each department alone."""
    dossiers = gather_dossiers(given)
    names = {each.department for each in dossiers}
    departments = {
        each.department: replace(
            given,
            submissions=each.submissions,
            statuses=each.statuses,
            outcomes=(),
            cards=each.cards,
            composites=(each.composite,) if each.composite else (),
            findings=tuple(found for found in given.findings if found.department == each.department),
            filings=each.filings,
            reconciliations=tuple(row for row in given.reconciliations if row.department == each.department),
            appraisals=tuple(row for row in given.appraisals if row.submission.department == each.department),
            surveys=tuple(row for row in given.surveys if row.submission.department == each.department),
            measures=tuple(row for row in given.measures if row.department == each.department),
        )
        for each in dossiers
    }
    own = replace(
        given,
        statuses={},
        cards=(),
        composites=(),
        findings=tuple(found for found in given.findings if found.department not in names),
        filings=(),
    )
    return own, departments


def summary_of(given: Evaluation, edition: Edition) -> tuple[SheetSpec, ...]:
    """All sheets of the summary workbook."""
    own, departments = split(given)
    shares = {name: share_of(each, name, edition) for name, each in departments.items()}
    nobodys = finding_parts(own, edition)

    held: dict[str | None, Mapping[Part, SheetSpec]] = {name: each.sheets for name, each in shares.items()}
    held[None] = nobodys
    return summary_sheets(gather(own, [each.facts for each in shares.values()]), _Held(held), edition)


class _Held:
    """Rows as values, put on their sheets as they are."""

    def __init__(self, sheets: Mapping[str | None, Mapping[Part, SheetSpec]]) -> None:
        self._sheets = sheets

    def has(self, sheet: str) -> bool:
        return any(
            part.name == sheet and rows.rows for own in self._sheets.values() for part, rows in own.items()
        )

    def place(self, sheet: SheetSpec, departments: Sequence[str | None], groups: int = 1) -> SheetSpec:
        parts = [Part(sheet.name, group) for group in range(groups)]
        held = [self._sheets[name] for name in departments]
        return placed(sheet, [rows[part] for part in parts for rows in held if part in rows])


def page_of(given: Evaluation, edition: Edition) -> PageSpec:
    """The page before the sheets; every department has a feedback workbook of its own name."""
    own, departments = split(given)
    facts = [share_of(each, name, edition).facts for name, each in departments.items()]
    files = {name: f"审核反馈/{name}.xlsx" for name in departments}
    return summary_page(gather(own, facts), edition, summary_of(given, edition), files)


def publish_whole(given: Evaluation, outputs: Path, inputs: Path | None = None) -> tuple[Gathered, Published]:
    """Publish an evaluation of a whole round."""
    own, departments = split(given)
    made = {name: Made(name, own=pair_of(each, name, None)) for name, each in departments.items()}
    return publish(Given(own, made, Memory(outputs / "state")), outputs, inputs)


def worked(given: Evaluation, published: Published, files: int, departments: int = 0) -> Worked:
    """A round that was worked off, with so many files."""
    found = Counter(each.severity for each in given.findings)
    return Worked(given, published, files, found, departments)


def overviews_of(given: Evaluation, edition: Edition) -> list[SheetSpec]:
    """The sheets that the layouts mark as overviews."""
    names = overview_names(edition.round.scheme)
    return [each for each in summary_of(given, edition) if each.name in names]


def comparisons_of(given: Evaluation, edition: Edition) -> list[SheetSpec]:
    """The sheets that the layouts mark as comparisons."""
    names = comparison_names(edition.round.scheme)
    return [each for each in summary_of(given, edition) if each.name in names]


def ranking_of(given: Evaluation, rules: Scheme) -> tuple[RankedDepartment, ...]:
    """The round's departments in their order."""
    dossiers = gather_dossiers(given)
    return tuple(line.ranked for line in rank([standings_of(each, rules) for each in dossiers]))
