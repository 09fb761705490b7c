"""The consolidated workbook: its sheets in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.appraisals import appraisal_sheet
from jixiao.consolidation.comparisons import comparison_sheets
from jixiao.consolidation.cover import cover_sheet
from jixiao.consolidation.departments import department_sheet
from jixiao.consolidation.details import budget_sheet, indicator_sheet
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.key_figures import measure_sheet
from jixiao.consolidation.overviews import overview_sheets
from jixiao.consolidation.projects import project_sheet
from jixiao.consolidation.reconciliations import reconciliation_sheet
from jixiao.consolidation.reviews import finding_sheet, rule_sheet, submission_sheet
from jixiao.consolidation.shares import composite_sheet
from jixiao.consolidation.standings import rank_departments
from jixiao.consolidation.surveys import survey_sheet
from jixiao.consolidation.terms import term_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import SheetSpec
    from jixiao.domain.rounds import Evaluation


def summary_sheets(
    evaluation: Evaluation, edition: Edition, dossiers: Sequence[Dossier] | None = None
) -> tuple[SheetSpec, ...]:
    """All sheets; departments stand in the order of their rank on each of them.

    `dossiers` may be passed where they have been gathered already.
    """
    gathered = gather_dossiers(evaluation) if dossiers is None else dossiers
    standings = rank_departments(gathered, edition.round.scheme)
    ranked = [standing.dossier for standing in standings]
    sheets = (
        department_sheet(standings, edition),
        *_money_sheets(evaluation, ranked, edition),
        indicator_sheet(ranked, edition),
        finding_sheet(evaluation, edition),
        submission_sheet(evaluation, edition),
        rule_sheet(edition),
        *term_sheet(evaluation, edition),
        *overview_sheets(ranked, edition),
        *comparison_sheets(ranked, edition),
        *measure_sheet(evaluation, edition),
        *appraisal_sheet(evaluation, edition),
        *survey_sheet(evaluation, edition),
        *reconciliation_sheet(evaluation, edition),
    )
    return (cover_sheet(evaluation, edition, sheets), *sheets)


def _money_sheets(evaluation: Evaluation, ranked: Sequence[Dossier], edition: Edition) -> Iterator[SheetSpec]:
    """Projects, composites and budgets; none of them under a scheme that scores by standards alone.

    Its departments send no projects and no budget lines, so that these sheets would be empty in every round.
    """
    scheme = edition.round.scheme
    if scheme.scores_by_criteria:
        return
    yield project_sheet(ranked, edition)
    if scheme.composite:
        composites = [dossier.composite for dossier in ranked if dossier.composite]
        yield composite_sheet(composites, edition, evaluation.unfiled)
    yield budget_sheet(ranked, edition)
