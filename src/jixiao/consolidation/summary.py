"""The consolidated workbook: its nine sheets in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.cover import cover_sheet
from jixiao.consolidation.departments import department_sheet
from jixiao.consolidation.details import budget_sheet, indicator_sheet
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.projects import project_sheet
from jixiao.consolidation.reviews import finding_sheet, rule_sheet, submission_sheet
from jixiao.consolidation.shares import composite_sheet
from jixiao.consolidation.standings import rank_departments

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        project_sheet(ranked, edition),
        composite_sheet([dossier.composite for dossier in ranked if dossier.composite], edition),
        budget_sheet(ranked, edition),
        indicator_sheet(ranked, edition),
        finding_sheet(evaluation, edition),
        submission_sheet(evaluation, edition),
        rule_sheet(edition),
    )
    return (cover_sheet(evaluation, edition, sheets), *sheets)
