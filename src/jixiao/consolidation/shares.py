"""What each department gives to the results of its round, made from its own evaluation alone.

A row of a table or sheet depends on one department, so that it is made where the department is evaluated and
kept with it; the round's tables and sheets are these rows one below the other. What a sheet needs of all
departments (ranks, closing rows, columns) it gets from their facts, which are small.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.budget_lines import budget_sheet
from jixiao.consolidation.comparisons import comparison_rows, comparison_sheet
from jixiao.consolidation.departments import standings_of
from jixiao.consolidation.dossiers import dossier_of
from jixiao.consolidation.findings import FindingCounts, finding_sheet
from jixiao.consolidation.indicators import indicator_sheet
from jixiao.consolidation.key_figures import key_figures, measure_sheet
from jixiao.consolidation.overviews import overview_rows
from jixiao.consolidation.projects import project_figures, project_sheet
from jixiao.consolidation.reconciliations import reconciliation_sheet
from jixiao.consolidation.rectification import last_year_sheet, mended_sheet, rectification_sheet
from jixiao.consolidation.sampling import candidates_of
from jixiao.consolidation.scores import composite_sheet
from jixiao.consolidation.submissions import told
from jixiao.consolidation.supplements import appraisal_sheet, survey_sheet
from jixiao.consolidation.terms import gather_terms
from jixiao.consolidation.tidy import GROUPED, SUBMISSIONS, group_of, tidy_tables
from jixiao.consolidation.uses import results_of
from jixiao.domain.findings import Severity
from jixiao.domain.report import Formula

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.consolidation.comparisons import Amounts
    from jixiao.consolidation.controls import Tally
    from jixiao.consolidation.departments import Standings
    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.key_figures import KeyFigure
    from jixiao.consolidation.overviews import OverviewRow
    from jixiao.consolidation.projects import ProjectFigures
    from jixiao.consolidation.sampling import Candidate
    from jixiao.consolidation.submissions import Told
    from jixiao.consolidation.uses import Result
    from jixiao.domain.followups import Excuse, Progress
    from jixiao.domain.references import FilingRecord
    from jixiao.domain.report import Content, Row, SheetSpec
    from jixiao.domain.rounds import Evaluation, Signal
    from jixiao.domain.submissions import Status, Term


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sheets of a whole round need to know of a department; a few hundred bytes.

    `statuses` by submission_id, `counts` of its findings, `told` what they say of whole files,
    `overviews` and `items` by sheet.
    """

    department: str
    statuses: Mapping[str, Status]
    counts: FindingCounts
    told: tuple[Told, ...]
    filings: tuple[FilingRecord, ...]
    terms: tuple[Term, ...]
    standings: Standings
    projects: tuple[ProjectFigures, ...]
    overviews: Mapping[str, OverviewRow]
    items: Mapping[str, tuple[Amounts, ...]]
    causes: Mapping[str, int]
    """How many findings of each code ask for something: all but those that are only said."""
    signals: tuple[Signal, ...] = ()
    figures: tuple[KeyFigure, ...] = ()
    tally: Tally = field(default_factory=dict)
    """What was counted on its forms as they were read, for what is written to be held against."""
    progress: Progress | None = None
    """How far its corrections are; None where there is no ledger."""
    candidates: tuple[Candidate, ...] = ()
    """Its forms that may be examined again."""
    results: tuple[Result, ...] = ()
    """What rules on the use of results look at."""
    idle: tuple[Excuse, ...] = ()
    """Waivers for it that match none of its findings."""


class Part(NamedTuple):
    """Rows of one department in one place of a table or sheet.

    A table or sheet is all its first groups by department, then all second ones: findings go by severity.
    """

    name: str
    group: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a department gives: facts, rows of tables, and sheets of which its rows count, and the columns."""

    facts: Facts
    tables: Mapping[Part, tuple[Row, ...]]
    sheets: Mapping[Part, SheetSpec]


def share_of(evaluation: Evaluation, department: str, edition: Edition, tally: Tally | None = None) -> Share:
    """The share of a department in the evaluation of it alone; nothing in it says when it was made."""
    dossier, scheme = dossier_of(evaluation, department), edition.round.scheme
    compared = comparison_rows(dossier, scheme)
    facts = Facts(
        department=department,
        statuses=evaluation.statuses,
        counts=FindingCounts(evaluation.findings),
        told=told(evaluation.findings),
        filings=evaluation.filings,
        terms=gather_terms(evaluation),
        standings=standings_of(dossier, scheme),
        projects=project_figures(dossier, scheme),
        overviews=overview_rows(dossier, scheme),
        items={name: items for name, (items, _) in compared.items()},
        causes=Counter(each.code for each in evaluation.findings if each.severity is not Severity.INFO),
        signals=evaluation.signals,
        figures=key_figures(evaluation),
        tally=tally or {},
        progress=evaluation.followup.progress.get(department),
        candidates=candidates_of(evaluation, dossier, scheme),
        results=results_of(evaluation, dossier),
        idle=evaluation.idle,
    )
    sheets = {Part(sheet.name, 0): sheet for sheet in _sheets(evaluation, dossier, edition)}
    for name, (items, rows) in compared.items():
        head = comparison_sheet(name, items, edition)
        sheets[Part(name, 0)] = replace(head, rows=rows, strong=frozenset({0}))
    sheets |= finding_parts(evaluation, edition)
    return Share(facts, dict(table_parts(evaluation)), sheets)


def table_parts(evaluation: Evaluation) -> Iterator[tuple[Part, tuple[Row, ...]]]:
    """The rows of all tables but that of submissions, which counts findings over the whole round."""
    for table in tidy_tables(evaluation):
        if table.name == SUBMISSIONS or not table.rows:
            continue
        if table.name not in GROUPED:
            yield Part(table.name, 0), table.rows
            continue
        groups: dict[int, list[Row]] = defaultdict(list)
        for row in table.rows:
            groups[group_of(table.name, row)].append(row)
        yield from ((Part(table.name, group), tuple(rows)) for group, rows in groups.items())


def finding_parts(evaluation: Evaluation, edition: Edition) -> dict[Part, SheetSpec]:
    """The rows of 审核发现, which stand by severity, and those of 整改清单."""
    sheet = finding_sheet(evaluation, edition)
    groups: dict[int, list[tuple[Content, ...]]] = defaultdict(list)
    ranks = sorted(each.severity.rank for each in evaluation.findings)
    for group, row in zip(ranks, sheet.rows, strict=True):
        groups[group].append(row)
    parts = {Part(sheet.name, group): replace(sheet, rows=tuple(rows)) for group, rows in groups.items()}
    return parts | {Part(each.name, 0): each for each in rectification_sheet(evaluation, edition)}


def _sheets(evaluation: Evaluation, dossier: Dossier, edition: Edition) -> Iterator[SheetSpec]:
    """The sheets of which each department has rows of its own, in no particular order."""
    scheme = edition.round.scheme
    if not scheme.scores_by_criteria:
        composites = (dossier.composite,) if dossier.composite else ()
        yield project_sheet((dossier,), edition)
        yield composite_sheet(composites, edition, evaluation.unfiled)
        yield budget_sheet((dossier,), edition)
    yield indicator_sheet((dossier,), edition)
    yield from mended_sheet(evaluation, edition)
    yield from last_year_sheet(evaluation, edition)
    yield from measure_sheet(evaluation, edition)
    yield from appraisal_sheet(evaluation, edition)
    yield from survey_sheet(evaluation, edition)
    yield from reconciliation_sheet(evaluation, edition)


def placed(sheet: SheetSpec, parts: Sequence[SheetSpec]) -> SheetSpec:
    """A sheet with the rows of these parts one below the other."""
    rows: list[tuple[Content, ...]] = []
    strong: set[int] = set()
    for part in parts:
        first = len(rows)
        strong |= {first + place for place in part.strong}
        rows += [tuple(_moved(content, first) for content in row) for row in part.rows]
    return replace(sheet, rows=tuple(rows), strong=frozenset(strong))


_ROWS = re.compile(r"@(\d+)(?::(\d+))?\]")


def _moved(content: Content, first: int) -> Content:
    """A formula counts the rows of its department, which begin at row `first` of the sheet's data."""
    if not isinstance(content, Formula) or "@" not in content.text:
        return content
    return replace(content, text=_ROWS.sub(partial(_moved_rows, first), content.text))


def _moved_rows(first: int, found: re.Match[str]) -> str:
    rows = ":".join(str(first + int(row)) for row in found.groups() if row is not None)
    return f"@{rows}]"
