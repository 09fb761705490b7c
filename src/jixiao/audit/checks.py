"""All checks in their order, over one form and over the forms of one department."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from jixiao.audit.arithmetic.identities import check_identities
from jixiao.audit.department.composites import check_composite_table, check_unfiled
from jixiao.audit.department.crosschecks import check_cross_figures, check_names, check_project_money
from jixiao.audit.department.indicators import (
    check_magnitudes,
    check_measured_indicators,
    check_repeated_indicators,
)
from jixiao.audit.department.joint_cells import Together
from jixiao.audit.form.criteria import (
    check_baseless_points,
    check_criterion_weights,
    check_known_scores,
    check_printed_score,
    check_shared_weights,
    check_unexplained_losses,
    check_unverified,
)
from jixiao.audit.form.over_achievement import (
    check_exceeded,
    check_repeated_signs,
    check_rows_twice,
    check_texts,
)
from jixiao.audit.form.reasons import check_execution_reason, check_missed_reasons, check_overspending
from jixiao.audit.form.scores import (
    check_bands,
    check_execution_score,
    check_grade,
    check_indicator_scores,
    check_modest_scores,
    check_total_score,
    check_total_weight,
    check_undefined_rate,
    check_undetermined,
)
from jixiao.audit.form.weights import (
    check_declared_scores,
    check_declared_weights,
    check_prescribed_weights,
    check_weights_sum,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.audit.department.crosschecks import Compared
    from jixiao.audit.subject import Check, Subject
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Composite

FORM_CHECKS: Final[tuple[Check, ...]] = (
    check_identities,
    check_weights_sum,
    check_declared_weights,
    check_declared_scores,
    check_prescribed_weights,
    check_indicator_scores,
    check_bands,
    check_modest_scores,
    check_undetermined,
    check_shared_weights,
    check_criterion_weights,
    check_known_scores,
    check_baseless_points,
    check_unexplained_losses,
    check_unverified,
    check_execution_score,
    check_undefined_rate,
    check_total_score,
    check_total_weight,
    check_grade,
    check_missed_reasons,
    check_execution_reason,
    check_overspending,
    check_exceeded,
    check_repeated_signs,
    check_rows_twice,
    check_texts,
)
"""Checks of one form, in the order of their findings."""

DEPARTMENT_CHECKS: Final = (
    check_names,
    check_project_money,
    check_printed_score,
    check_cross_figures,
    check_repeated_indicators,
    check_magnitudes,
    check_unfiled,
)
"""Checks across the forms of one department."""


def audit_form(subject: Subject) -> Iterator[Finding]:
    """What is wrong or doubtful with one form: arithmetic, scores, procedure, doubts."""
    for check in FORM_CHECKS:
        yield from check(subject)


def audit_department(  # noqa: PLR0913, PLR0917 all that is known of one department
    subjects: Sequence[Subject],
    scheme: Scheme,
    composite: Composite | None = None,
    measured: Sequence[MeasuredValue] = (),
    held: frozenset[CellRef] = frozenset(),
    compared: Compared | None = None,
) -> Iterator[Finding]:
    """What does not fit together between the forms of one department, superseded ones left out.

    `composite` and `measured` are what the scheme makes of these forms; `held` are cells, on whichever of
    them, whose figures are not in doubt. `compared` is known already, and added to.
    """
    cards = [each.card for each in subjects]
    submissions = [each.submission for each in subjects]
    explain = Together(subjects, scheme, held).explain
    together = partial(check_cross_figures, explain=explain, known=compared)
    for check in DEPARTMENT_CHECKS:
        asked = together if check is check_cross_figures else check
        yield from asked(submissions, scheme)
    yield from check_composite_table(cards, scheme, composite)
    yield from check_measured_indicators(submissions, measured)
