"""A round's departments evaluated side by side, each behind a guard and only where something changed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from jixiao.consolidation.copies import NO_COPIES, tell_refusals
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition, shown_department
from jixiao.consolidation.feedback import feedback_sheets
from jixiao.engines import Failure, FailureKind
from jixiao.evaluating.departments import evaluate_department, unevaluated
from jixiao.pipeline.copies import NOTHING_RETURNED, Returned, return_copies
from jixiao.pipeline.errands import Errand, rulebook
from jixiao.pipeline.reading import whole_file
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jixiao.consolidation.copies import Copies
    from jixiao.consolidation.dossiers import Dossier as View
    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.engines import Outcome
    from jixiao.evaluating.briefs import Brief, Division
    from jixiao.evaluating.files import FileResult
    from jixiao.pipeline.errands import Means
    from jixiao.pipeline.rounds import RoundFolder

SECONDS_PER_DEPARTMENT = 120
"""A department of seven forms takes some hundredths, one with hundreds of errors some seconds."""
_LOG = logging.getLogger(__name__)
_WHY = {
    FailureKind.TIMED_OUT: f"审核超过 {SECONDS_PER_DEPARTMENT} 秒",
    FailureKind.DIED: "审核程序异常退出",
    FailureKind.RAISED: "审核时程序出错",
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """What came of one department: its evaluation, its feedback workbook, its marked copies and letter.

    `key` names what it was made from, "" where that may give something else another time (a failure);
    `reused`: an earlier run made it.
    """

    evaluation: Evaluation
    feedback: bytes
    returned: Returned = NOTHING_RETURNED
    key: str = ""
    reused: bool = False


def evaluate_departments(
    folder: RoundFolder,
    division: Division,
    means: Means,
    prefix: str | None = None,
    told: Callable[[int], object] = bool,
) -> tuple[Dossier, ...]:
    """A dossier for each brief, in their order; `told` hears how many more are done.

    What was made of the very same forms, brief and rules is taken from memory. Whatever goes wrong with one
    department (an exception, the death of its process, a time limit) is that department's finding, F111.
    """
    errand = Errand.of(folder, means.memory, prefix)
    keys = [_key(errand, brief) for brief in division.briefs]
    made: dict[str, Dossier] = {}
    for key in keys:
        if dossier := means.memory.recall(key):
            made[key] = replace(_complete(dossier, folder.round), key=key, reused=True)
    told(len(made))
    rest = [(key, brief) for key, brief in zip(keys, division.briefs, strict=True) if key not in made]
    outcomes = means.engine.map(partial(_evaluate, errand), rest, seconds=SECONDS_PER_DEPARTMENT)
    for (key, brief), outcome in zip(rest, outcomes, strict=True):
        made[key] = _complete(_dossier_of(outcome, (key, brief), folder, errand), folder.round)
        told(1)
    return tuple(made[key] for key in keys)


def _dossier_of(
    outcome: Outcome[Dossier | None], item: tuple[str, Brief], folder: RoundFolder, errand: Errand
) -> Dossier:
    """What a worker gave, kept or handed back; what stands for a failure."""
    key, brief = item
    if isinstance(outcome, Failure):
        return _failed(folder, brief, outcome, key, errand)
    kept = outcome.value or errand.memory.recall(key)
    if isinstance(kept, Dossier):
        if outcome.value:  # made where nothing can be kept
            errand.memory.keep(key, kept)
        return replace(kept, key=key)
    lost = Failure(FailureKind.RAISED, "the store lost what it had just kept")
    return _failed(folder, brief, lost, key, errand)


def _key(errand: Errand, brief: Brief) -> str:
    """Of everything that a department's dossier is made from."""
    forms = [(each.submission_id, each.department, each.inferences) for each in brief.forms]
    told = (brief.findings, brief.names, brief.roster, brief.accounts, brief.booked, brief.years_in_doubt)
    answers = (brief.replies, sorted(brief.returned))
    files = (sorted(brief.digests.items()), sorted(brief.stamps.items()))
    setting = (errand.name, errand.year, errand.deadline, errand.resubmit_by, errand.prefix)
    return errand.key(
        "dossier", brief.department, forms, sorted(brief.superseded), told, answers, files, setting
    )


def _evaluate(errand: Errand, item: tuple[str, Brief]) -> Dossier | None:
    """Make a department's dossier in a worker and keep it; None where it is kept, else itself."""
    key, brief = item
    files = [whole_file(errand, file, digest) for file, digest in brief.digests.items()]
    round_ = errand.round()
    wordings = rulebook(errand.source).wordings
    evaluation = evaluate_department(brief, files, round_, wordings)
    dossier = _dossier(evaluation, errand, brief, files)
    return None if errand.memory.keep(key, dossier) else dossier


def _dossier(
    evaluation: Evaluation, errand: Errand, brief: Brief, files: Sequence[FileResult] = ()
) -> Dossier:
    """The evaluation without the round, which whoever asks has himself, and the workbooks that go back."""
    (view,) = gather_dossiers(evaluation)
    edition = Edition(evaluation.round, None, "")
    copies, returned = return_copies(errand.folder, brief, view, files, edition)
    feedback = feedback_workbook(view, evaluation.round, errand.prefix, copies)
    return Dossier(replace(evaluation, round=cast("Round", None)), feedback, returned)


def _complete(dossier: Dossier, round_: Round) -> Dossier:
    return replace(dossier, evaluation=replace(dossier.evaluation, round=round_))


def feedback_workbook(view: View, round_: Round, prefix: str | None, copies: Copies = NO_COPIES) -> bytes:
    """A department's feedback workbook; nothing in it says when it was made, so that it stays what it is."""
    edition = Edition(round_, None, "", prefix)
    opinion, *others = feedback_sheets(view, edition)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "审核反馈.xlsx"
        title = f"{shown_department(view.department)} 审核反馈"
        sheets = (tell_refusals(opinion, copies), *others)
        write_workbook(path, sheets, title=title, created=None)
        return path.read_bytes()


def _failed(folder: RoundFolder, brief: Brief, failure: Failure, key: str, errand: Errand) -> Dossier:
    """What stands for a department whose evaluation failed, with a number that the log has as well."""
    number = key[:8]
    _LOG.error("%s 未能审核，编号 %s：%s", brief.department, number, failure.detail)
    said = f"{_WHY[failure.kind]}（运行记录编号 {number}）"
    evaluation = unevaluated(brief, said, folder.round, folder.rules.wordings)
    return _dossier(evaluation, errand, brief)
