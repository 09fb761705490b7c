"""A round's departments evaluated side by side, each behind a guard and only where something changed."""

from __future__ import annotations

import logging
import pickle
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jixiao.consolidation.copies import NO_COPIES, tell_refusals
from jixiao.consolidation.dossiers import dossier_of
from jixiao.consolidation.edition import Edition, shown_department
from jixiao.consolidation.feedback import feedback_sheets
from jixiao.consolidation.page import department_views
from jixiao.consolidation.shares import share_of
from jixiao.consolidation.tidy import MODELS, validate_tables
from jixiao.domain.submissions import Status
from jixiao.engines import Done, Failure, FailureKind, attempt, batch_size, map_in_batches
from jixiao.evaluating.departments import (
    evaluate_department,
    evaluate_prepared,
    prepare_department,
    unevaluated,
    validate_prepared,
)
from jixiao.evaluating.files import FileResult
from jixiao.evaluating.followups import state_of
from jixiao.evaluating.tallies import tally_department
from jixiao.language import say
from jixiao.pages import packed
from jixiao.pipeline.copies import NOTHING_RETURNED, Returned, return_copies, write_department
from jixiao.pipeline.errands import Errand, rulebook
from jixiao.pipeline.manifest import controlled_sums
from jixiao.pipeline.proof import count_rows
from jixiao.pipeline.reading import whole_file
from jixiao.pipeline.replacement import PublicationError
from jixiao.reports.figures import department_facts
from jixiao.workbooks.row_writing import spell
from jixiao.workbooks.tables import csv_text
from jixiao.workbooks.writing import workbook_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.controls import Tally
    from jixiao.consolidation.copies import Copies
    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.shares import Facts, Part, Share
    from jixiao.domain.findings import Finding
    from jixiao.domain.report import Audience, Row, SheetSpec
    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.domain.submissions import Submission
    from jixiao.engines import Outcome
    from jixiao.evaluating.briefs import Brief, Division
    from jixiao.evaluating.departments import Prepared
    from jixiao.pipeline.errands import Means
    from jixiao.pipeline.memory import Memory
    from jixiao.pipeline.rounds import RoundFolder
    from jixiao.reports.figures import DepartmentFacts
    from jixiao.workbooks.counting import Found
    from jixiao.workbooks.row_writing import Spelled

T = TypeVar("T")
LOST = say("处理过程中的中间结果丢失或损坏，请重新运行；上一次的结果仍然保留。")
SECONDS_PER_DEPARTMENT = 120
"""A department of seven forms takes some hundredths, one with hundreds of errors some seconds."""
_MOST_AT_ONCE = 32
"""So many departments share what pandera costs whatever the rows."""
_LOG = logging.getLogger(__name__)
_WHY = {
    FailureKind.TIMED_OUT: say(
        "审核超过 {seconds_per_department} 秒", seconds_per_department=SECONDS_PER_DEPARTMENT
    ),
    FailureKind.DIED: say("审核程序异常退出"),
    FailureKind.RAISED: say("审核时程序出错"),
}


@dataclass(frozen=True, slots=True)
class Results:
    """What came of one department: what the round needs to know of it, its feedback workbook, copies, report.

    `told` is what the round's report says of it; `report` a Word file, b"" where none is due, None where a
    mistake of ours cost it.
    """

    facts: Facts
    feedback: bytes
    told: DepartmentFacts
    returned: Returned = NOTHING_RETURNED
    report: bytes | None = b""
    state: bytes = b""
    """What the ledger keeps of it, packed: only new states are ever unpacked."""
    digests: tuple[str, ...] = ()
    """The sha256 of its files: feedback workbook, what is `returned`, report."""


class TableText(NamedTuple):
    """Rows as they stand in a table's file, how many they are, and the sums of its controlled columns.

    `found` is what was counted in the text for the round's controls.
    """

    text: bytes
    size: int
    sums: tuple[Decimal, ...]
    found: Found


class SheetText(NamedTuple):
    """So many spelled rows of a sheet, packed, and how wide their longest texts are."""

    packed: bytes
    size: int
    widths: tuple[int, ...]

    def unpacked(self) -> Spelled:
        """The rows."""
        spelled: Spelled = pickle.loads(self.packed)  # noqa: S301 our own, packed by `spell_rows`
        return spelled


@dataclass(frozen=True, slots=True)
class Rows:
    """A department's rows in the round's tables and workbook, as written, and its views on the pages."""

    tables: Mapping[Part, TableText]
    sheets: Mapping[Part, SheetText]
    views: Mapping[Audience, str] = field(default_factory=dict)


Pair = tuple[Results, Rows]


@dataclass(frozen=True, slots=True)
class Made:
    """Where the results of a department are: in the store under `key`, or here where nothing can be kept.

    `passing`: another time something else may come of the same (a failure). `reused`: an earlier run made it.
    """

    key: str
    reused: bool = False
    passing: bool = False
    own: Pair | None = None

    def results(self, memory: Memory) -> Results:
        """Its facts and its feedback workbook."""
        return self.own[0] if self.own else _recalled(memory, self.key, Results)

    def state_in(self, memory: Memory) -> Callable[[], bytes]:
        """What gives its packed state; nothing for one that failed, of which no state is known."""
        return lambda: b"" if self.passing else self.results(memory).state

    def rows(self, memory: Memory) -> Rows:
        """Its rows."""
        return self.own[1] if self.own else _recalled(memory, _rows_key(self.key), Rows)


def evaluate_departments(
    folder: RoundFolder,
    division: Division,
    means: Means,
    prefix: str | None = None,
    told: Callable[[int], object] = bool,
) -> tuple[Made, ...]:
    """What was made of each brief, in their order; `told` hears how many more are done.

    What was made of the very same forms, brief and rules is there already. Whatever goes wrong with one
    department (an exception, the death of its process, a time limit) is that department's finding, F111.
    `prefix` leads from the round's results to its inputs (None: no links).
    """
    errand = Errand.of(folder, means.memory, prefix)
    keys = [key_of_brief(errand, brief) for brief in division.briefs]
    made = {key: Made(key, reused=True) for key in keys if is_kept(means.memory, key)}
    told(len(made))
    rest = [(key, brief) for key, brief in zip(keys, division.briefs, strict=True) if key not in made]
    work, size = partial(_make_all, errand), batch_size(len(rest), _MOST_AT_ONCE)
    outcomes = map_in_batches(means.engine, work, rest, seconds=SECONDS_PER_DEPARTMENT, size=size)
    for (key, brief), outcome in zip(rest, outcomes, strict=True):
        made[key] = _settled(outcome, key, brief, folder, errand)
        told(1)
    return tuple(made[key] for key in keys)


def evaluations_of(folder: RoundFolder, division: Division, means: Means) -> tuple[Evaluation, ...]:
    """The whole evaluation of each brief, in their order, none of which is kept: for commands that look."""
    errand = Errand.of(folder, means.memory)
    items = [(key_of_brief(errand, brief), brief) for brief in division.briefs]
    work = partial(_evaluate_all, errand)
    outcomes = map_in_batches(means.engine, work, items, seconds=SECONDS_PER_DEPARTMENT, size=1)
    return tuple(
        _unevaluated(folder, brief, outcome, key) if isinstance(outcome, Failure) else outcome.value
        for (key, brief), outcome in zip(items, outcomes, strict=True)
    )


def is_kept(memory: Memory, key: str) -> bool:
    """Whether the results of a department are there already."""
    return memory.holds(key) and memory.holds(_rows_key(key))


def _rows_key(key: str) -> str:
    return f"{key} rows"


def _recalled(memory: Memory, key: str, kind: type[T]) -> T:
    """What is kept under a key.

    Raises:
        PublicationError: it was a moment ago, and is no more.
    """
    kept = memory.recall(key)
    if not isinstance(kept, kind):
        raise PublicationError(LOST)
    return kept


def _settled(
    outcome: Outcome[Pair | None], key: str, brief: Brief, folder: RoundFolder, errand: Errand
) -> Made:
    """What a worker gave: kept, or handed back to be kept; and what stands for a failure."""
    if isinstance(outcome, Failure):
        evaluation = _unevaluated(folder, brief, outcome, key)
        tally = _spared(errand, brief, evaluation)
        return Made(key, passing=True, own=pair_of(evaluation, brief.department, errand.prefix, tally=tally))
    if outcome.value is None or _keep(errand.memory, key, outcome.value):
        return Made(key)
    return Made(key, own=outcome.value)


def _spared(errand: Errand, brief: Brief, evaluation: Evaluation) -> Tally:
    """The counts of a department that could not be evaluated, by what reading its files had left in memory.

    They are not read again here: one of them may be what killed the worker.
    """
    kept = [errand.memory.recall(errand.key("file", file, digest)) for file, digest in brief.digests.items()]
    read = _as_read(brief, [each for each in kept if isinstance(each, FileResult)])
    found = len(evaluation.findings)
    return tally_department(read, None, brief.superseded, found, evaluation.round.scheme)


def _as_read(brief: Brief, files: Sequence[FileResult]) -> tuple[Submission, ...]:
    """The department's forms as their files gave them, in the brief's order; light where a file is gone."""
    read = {each.submission_id: each for file in files for each in file.submissions}
    return tuple(read.get(each.submission_id, each) for each in brief.forms)


def key_of_brief(errand: Errand, brief: Brief) -> str:
    """Of everything that a department's results are made from; of its past the name that the ledger gives."""
    forms = [(each.submission_id, each.department, each.inferences) for each in brief.forms]
    told = (brief.findings, brief.names, brief.roster, brief.accounts, brief.booked, brief.years_in_doubt)
    files = (sorted(brief.digests.items()), sorted(brief.stamps.items()))
    answers = (brief.replies, sorted(brief.returned), brief.hints)
    known = (brief.excuses, brief.history.chain if brief.history else "")
    written = errand.templates.department_digest
    setting = (errand.name, errand.year, errand.deadline, errand.resubmit_by, errand.prefix, written)
    own = (brief.department, forms, sorted(brief.superseded), told, answers, known)
    return errand.key("results", *own, files, setting)


def _make_all(errand: Errand, batch: Sequence[tuple[str, Brief]]) -> list[Outcome[Pair | None]]:
    """Make the results of departments in a worker and keep them; None where they are kept, else themselves.

    Raises:
        pandera.errors.SchemaErrors: a row breaks the rules of its table, a bug: each is then tried alone.
    """
    made = _make(errand, batch)
    _check_rows([outcome.value.share for outcome in made if isinstance(outcome, Done)])
    return [_kept(errand.memory, key, outcome) for (key, _), outcome in zip(batch, made, strict=True)]


def _kept(memory: Memory, key: str, outcome: Outcome[Drawn]) -> Outcome[Pair | None]:
    if isinstance(outcome, Failure):
        return outcome
    pair = _spelled(outcome.value)
    return Done(None if _keep(memory, key, pair) else pair)


def _make(errand: Errand, batch: Sequence[tuple[str, Brief]]) -> list[Outcome[Drawn]]:
    """Results and shares of departments; what goes wrong with one is its own, but for validating them all."""
    read = [attempt(partial(_prepare, errand), brief) for _, brief in batch]
    ready = [outcome.value for outcome in read if isinstance(outcome, Done)]
    entered = iter(validate_prepared([prepared for prepared, _ in ready], errand.round()))
    return [
        attempt(partial(_draw, errand, next(entered)), outcome.value)
        if isinstance(outcome, Done)
        else outcome
        for outcome in read
    ]


def _prepare(errand: Errand, brief: Brief) -> tuple[Prepared, list[FileResult]]:
    files = _files(errand, brief)
    return prepare_department(brief, files, errand.round()), files


def _draw(errand: Errand, entered: Sequence[Finding], read: tuple[Prepared, list[FileResult]]) -> Drawn:
    prepared, files = read
    brief, rules = prepared.brief, rulebook(errand.source)
    evaluation = evaluate_prepared(prepared, entered, errand.round(), rules.wordings)
    edition = Edition(evaluation.round, None, "")
    dossier = dossier_of(evaluation, brief.department)
    returned = return_copies(errand.folder, brief, dossier, files, edition)
    report = write_department(evaluation, rules.report, errand.templates)
    tally = tally_department(
        *(_as_read(brief, files), prepared.forms, brief.superseded),
        *(len(evaluation.findings), evaluation.round.scheme),
    )
    return _drawn(evaluation, brief.department, errand.prefix, returned, report=report, tally=tally)


def _evaluate_all(errand: Errand, batch: Sequence[tuple[str, Brief]]) -> list[Outcome[Evaluation]]:
    return [attempt(partial(_evaluate, errand), item) for item in batch]


def _evaluate(errand: Errand, item: tuple[str, Brief]) -> Evaluation:
    brief = item[1]
    files = _files(errand, brief)
    return evaluate_department(brief, files, errand.round(), rulebook(errand.source).wordings)


def _files(errand: Errand, brief: Brief) -> list[FileResult]:
    return [whole_file(errand, file, digest) for file, digest in brief.digests.items()]


def pair_of(  # noqa: PLR0913 all of one department
    evaluation: Evaluation,
    department: str,
    prefix: str | None,
    returned: tuple[Copies, Returned] = (NO_COPIES, NOTHING_RETURNED),
    *,
    report: bytes | None = b"",
    tally: Tally | None = None,
) -> Pair:
    """The results of a department from the evaluation of it alone; `prefix` as for `evaluate_departments`.

    `tally` is what was counted on its forms as they were read; without it those of the evaluation are.

    Raises:
        pandera.errors.SchemaErrors: a row breaks the rules of its table, a bug.
    """
    drawn = _drawn(
        evaluation, department, prefix, returned, report=report, tally=tally or _own_tally(evaluation)
    )
    _check_rows((drawn.share,))
    return _spelled(drawn)


def _own_tally(evaluation: Evaluation) -> Tally:
    forms, statuses = evaluation.submissions, evaluation.statuses
    superseded = {name for name, status in statuses.items() if status is Status.SUPERSEDED}
    return tally_department(forms, forms, superseded, len(evaluation.findings), evaluation.round.scheme)


class Drawn(NamedTuple):
    """A department's results, its share of the round's, its rows not yet spelled, and its views."""

    results: Results
    share: Share
    views: Mapping[Audience, str]


def _drawn(  # noqa: PLR0913 all of one department
    evaluation: Evaluation,
    department: str,
    prefix: str | None,
    returned: tuple[Copies, Returned],
    *,
    report: bytes | None,
    tally: Tally,
) -> Drawn:
    copies, files = returned
    edition, dossier = Edition(evaluation.round, None, "", prefix), dossier_of(evaluation, department)
    share = share_of(evaluation, department, edition, tally)
    below = None if prefix is None else f"../{prefix}"
    feedback = feedback_workbook(dossier, evaluation.round, below, copies)
    views = department_views(share, dossier, replace(evaluation, findings=()), edition)
    packs = {audience: packed(sheets) for audience, sheets in views.items()}
    told = department_facts(dossier, evaluation.round.scheme)
    kept = department in evaluation.followup.progress
    state = pickle.dumps(state_of(evaluation, department)) if kept else b""
    written = (feedback, *(content for _, content in files.files), *((report,) if report else ()))
    digests = tuple(sha256(content).hexdigest() for content in written)
    return Drawn(Results(share.facts, feedback, told, files, report, state, digests), share, packs)


def _spelled(drawn: Drawn) -> Pair:
    return drawn.results, replace(spell_rows(drawn.share.tables, drawn.share.sheets), views=drawn.views)


def spell_rows(tables: Mapping[Part, tuple[Row, ...]], sheets: Mapping[Part, SheetSpec]) -> Rows:
    """Rows as they will be written."""
    return Rows(
        {part: _table_text(part.name, rows) for part, rows in tables.items()},
        {part: _sheet_text(sheet) for part, sheet in sheets.items() if sheet.rows},
    )


def _table_text(name: str, rows: tuple[Row, ...]) -> TableText:
    text = csv_text(rows)
    sums = controlled_sums(MODELS[name].of(rows))
    return TableText(text.encode(), len(rows), sums, count_rows(name, text))


def _sheet_text(sheet: SheetSpec) -> SheetText:
    spelled = spell(sheet, sheet.rows, sheet.strong)
    packed = pickle.dumps(spelled, pickle.HIGHEST_PROTOCOL)
    return SheetText(packed, len(spelled.rows), spelled.widths)


def _keep(memory: Memory, key: str, pair: Pair) -> bool:
    """Keep both, the rows first: whoever finds the results finds them too."""
    return memory.keep(_rows_key(key), pair[1]) and memory.keep(key, pair[0], dense=True)


def _check_rows(shares: Sequence[Share]) -> None:
    """Hold the rows of several departments against their tables' models, at the cost of one."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for share in shares:
        for part, own in share.tables.items():
            tables[part.name] += own
    validate_tables(MODELS[name].of(rows) for name, rows in tables.items())


def feedback_workbook(
    dossier: Dossier, round_: Round, prefix: str | None, copies: Copies = NO_COPIES
) -> bytes:
    """A department's feedback workbook; nothing in it says when it was made, so that it stays what it is."""
    edition = Edition(round_, None, "", prefix)
    title = say("{department} 审核反馈", department=shown_department(dossier.department))
    opinion, *others = feedback_sheets(dossier, edition)
    return workbook_file((tell_refusals(opinion, copies), *others), title=title)


def _unevaluated(folder: RoundFolder, brief: Brief, failure: Failure, key: str) -> Evaluation:
    """What stands for a department whose evaluation failed, with a number that the log has as well."""
    number = key[:8]
    _LOG.error(say("%s 未能审核，编号 %s：%s"), brief.department, number, failure.detail)
    said = say("{why}（运行记录编号 {number}）", why=_WHY[failure.kind], number=number)
    return unevaluated(brief, said, folder.round, folder.rules.wordings)
