"""Results into the outputs folder: built beside it and swapped in whole, so that a crash costs nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition, feedback_names
from jixiao.consolidation.summary import summary_sheets
from jixiao.consolidation.tidy import tidy_tables, validate_tables
from jixiao.pipeline.departments import feedback_workbook
from jixiao.pipeline.manifest import (
    DATA,
    MANIFEST,
    describe_run,
    digest_of,
    files_below,
    read_written,
    summary_name,
    total_tables,
)
from jixiao.pipeline.replacement import KEPT, Place, recover, refused, swap_in
from jixiao.workbooks.tables import write_csv
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.rounds import Evaluation, Round
    from jixiao.pipeline.manifest import TableTotals

FEEDBACK_FOLDER = "审核反馈"
_OTHER_RULES = "本次所用的评价规则（seeds 中的方案、表样、用语或文字）与上一次运行时不同，结果可能因此变化。"


@dataclass(frozen=True, slots=True)
class Published:
    """Where a round's results are."""

    folder: Path
    summary: Path
    feedback: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    """Chinese sentences about files of others, or edited ones, that stood where the results now stand."""

    def moved(self, folder: Path) -> Published:
        """The same results in another folder."""
        feedback = tuple(folder / path.relative_to(self.folder) for path in self.feedback)
        return Published(folder, folder / self.summary.relative_to(self.folder), feedback)


def publish(  # noqa: PLR0913 by name, and all of them of one round
    evaluation: Evaluation,
    outputs: Path,
    inputs: Path | None = None,
    *,
    kept: int = KEPT,
    ready: Ready | None = None,
    rules: str = "",
) -> Published:
    """Write all results of a round; those of the last run are replaced only once everything is there.

    Only files that the last run wrote are replaced, and kept as one of `kept` earlier results; whatever else
    lies among them stays. `inputs` is the round's folder, which the workbooks link their figures to (None: no
    links). What is `ready` is not made again. `rules` is the digest of the rules in force; where it is not
    that of the last run, a note says so.

    Raises:
        PublicationError: the last results are open in another program, the folder can't be written, or the
            disk is full. The last results are where they were.
    """
    final, place = outputs / evaluation.round.name, Place.of(outputs, evaluation.round.name)
    try:
        notes = recover(place)
        notes += _other_rules(place, rules)
        (place.building / DATA).mkdir(parents=True)
        (place.building / FEEDBACK_FOLDER).mkdir()
        published = _write(evaluation, place.building, Paths(final, inputs, rules), ready or Ready())
        notes += swap_in(place, kept)
    except OSError as problem:
        raise refused(problem, place) from problem
    finally:
        shutil.rmtree(place.building, ignore_errors=True)  # there only where something failed
    return replace(published.moved(final), notes=notes)


def _other_rules(place: Place, rules: str) -> tuple[str, ...]:
    last = read_written(place.final).rules
    return (_OTHER_RULES,) if rules and last and last != rules else ()


@dataclass(frozen=True, slots=True)
class Whole:
    """What a round gives besides its departments' feedback: tables and summary workbook, by file name."""

    files: Mapping[str, bytes]
    totals: TableTotals


@dataclass(frozen=True, slots=True)
class Ready:
    """What of a round's results is there already: feedback workbooks by department, all the rest or nothing.

    `keep` is handed the rest where it had to be made.
    """

    feedback: Mapping[str, bytes] = field(default_factory=dict)
    whole: Whole | None = None
    keep: Callable[[Whole], object] = bool


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the results will stand and where the inputs do, and the digest of the rules for the manifest."""

    final: Path
    inputs: Path | None
    rules: str = ""

    def prefix(self, folder: str = ".") -> str | None:
        """What leads from a folder of the results to the inputs; None where no relative path does."""
        if self.inputs is None:
            return None
        try:
            relative = os.path.relpath(self.inputs.resolve(), (self.final / folder).resolve())
        except ValueError:  # inputs and outputs are on different drives
            return None
        return relative.replace(os.sep, "/") + "/"


def _write(evaluation: Evaluation, folder: Path, paths: Paths, ready: Ready) -> Published:
    dossiers = gather_dossiers(evaluation)
    created = datetime.now().astimezone().replace(microsecond=0)
    edition = Edition(evaluation.round, created, version("jixiao"), paths.prefix())
    totals = _write_totals(evaluation, folder, dossiers, edition, ready)
    feedback = _write_feedback(folder / FEEDBACK_FOLDER, dossiers, evaluation.round, paths, ready.feedback)
    outputs = {file: digest_of(folder / file) for file in files_below(folder)}
    (folder / MANIFEST).write_text(
        describe_run(evaluation, totals, edition, outputs, paths.rules), encoding="utf-8"
    )
    return Published(folder, folder / summary_name(evaluation.round.name), feedback)


def _write_totals(
    evaluation: Evaluation, folder: Path, dossiers: Sequence[Dossier], edition: Edition, ready: Ready
) -> TableTotals:
    """The tidy tables and the summary workbook: as they are ready, else made and handed over to be kept."""
    if ready.whole:
        for file, content in ready.whole.files.items():
            (folder / file).write_bytes(content)
        return ready.whole.totals
    tables = tidy_tables(evaluation)
    validate_tables(tables)
    for table in tables:
        write_csv(folder / DATA / f"{table.name}.csv", table.columns, table.rows)
    summary = folder / summary_name(evaluation.round.name)
    sheets = summary_sheets(evaluation, edition, dossiers)
    write_workbook(summary, sheets, title=summary.stem, created=edition.created)
    totals = total_tables(tables)
    ready.keep(Whole({file: (folder / file).read_bytes() for file in files_below(folder)}, totals))
    return totals


def _write_feedback(
    folder: Path, dossiers: Sequence[Dossier], round_: Round, paths: Paths, ready: Mapping[str, bytes]
) -> tuple[Path, ...]:
    names = feedback_names(dossier.department for dossier in dossiers)
    prefix = paths.prefix(FEEDBACK_FOLDER)
    for each in dossiers:
        content = ready.get(each.department) or feedback_workbook(each, round_, prefix)
        (folder / names[each.department]).write_bytes(content)
    return tuple(folder / names[each.department] for each in dossiers)
