"""The one way through a round: read its files, divide it, evaluate its departments, put the results in place.

The flow's tasks are these steps, and so are those of tests and of commands that write nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from jixiao.catalog.wording.wordings import load_columns
from jixiao.evaluating.briefs import Division, divide
from jixiao.evaluating.departments import evaluate_department
from jixiao.evaluating.rounds import outline, report_idle, unite
from jixiao.language import say
from jixiao.pipeline.bookkeeping import Bookkeeping
from jixiao.pipeline.copies import load_templates
from jixiao.pipeline.departments import evaluate_departments, evaluations_of, is_kept, key_of_brief
from jixiao.pipeline.errands import Errand
from jixiao.pipeline.publication import Given, prefix_between, publish
from jixiao.pipeline.reading import read_ahead, read_files, whole_file
from jixiao.pipeline.replacement import Place
from jixiao.pipeline.sent_files import list_files

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jixiao.consolidation.summary import Gathered
    from jixiao.domain.findings import Severity
    from jixiao.domain.rounds import Evaluation
    from jixiao.evaluating.files import FileResult
    from jixiao.pipeline.departments import Made
    from jixiao.pipeline.errands import Means
    from jixiao.pipeline.publication import Published
    from jixiao.pipeline.rounds import RoundFolder


class Hearer(Protocol):
    """Who is told how far a round is."""

    def started(self, round_name: str, files: int) -> None:
        """It is begun, with so many files."""

    def read(self, round_name: str, files: int) -> None:
        """So many more files have been read."""

    def evaluating(self, round_name: str) -> None:
        """All files are read; checks, scores and workbooks follow."""

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        """A step that follows is done with so many of its departments."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A round that was worked off; of so many departments so many results were those of an earlier run.

    `evaluation` holds its forms without what they report, and of the findings those on no department;
    `found` counts all findings.
    """

    evaluation: Evaluation
    published: Published
    files: int
    found: Counter[Severity]
    departments: int = 0
    reused: int = 0


class Steps:
    """The steps of a round, carried out here; who wraps them changes where they are recorded, not what."""

    def read(
        self, folder: RoundFolder, files: Sequence[str], means: Means, told: Callable[[int], object]
    ) -> tuple[FileResult, ...]:
        """Read the files, side by side."""
        return read_files(folder, files, means, told)

    def evaluate(
        self,
        folder: RoundFolder,
        division: Division,
        means: Means,
        prefix: str | None,
        told: Callable[[int], object],
    ) -> tuple[Made, ...]:
        """Evaluate the departments, side by side."""
        return evaluate_departments(folder, division, means, prefix, told)

    def conclude(  # noqa: PLR0913, PLR0917 each step hands on to the next
        self,
        folder: RoundFolder,
        division: Division,
        made: Sequence[Made],
        outputs: Path,
        means: Means,
        told: Callable[[int], object],
    ) -> tuple[Gathered, Published]:
        """Put the departments together and the results in place."""
        given = _given(folder, division, made, outputs, means)
        return publish(replace(given, told=told), outputs, folder.folder, kept=folder.history)


def run_round(
    folder: RoundFolder, outputs: Path, means: Means, hearer: Hearer | None = None, steps: Steps | None = None
) -> Worked:
    """Work off one round.

    Raises:
        PublicationError: the results can't be put in place; the last ones are where they were.
    """
    hearer, steps = hearer or _NOBODY, steps or Steps()
    if folder.word:
        templates = load_templates(folder.folder, folder.rules, folder.round, means.memory)
        folder = replace(folder, templates=templates)
    files = list_files(folder)
    hearer.started(folder.name, len(files))
    results = steps.read(folder, files, means, lambda count: hearer.read(folder.name, count))
    hearer.evaluating(folder.name)
    prefix = prefix_between(outputs / folder.name, folder.folder)
    books = Bookkeeping(folder, Place.of(outputs, folder.name), means.ledger, notes=[*means.notes])
    means = replace(means, books=books)
    division = divide(folder.round, results)
    division = replace(division, received=replace(division.received, listed=files))
    division = _informed(books, folder, division, means, prefix)
    count = len(division.briefs)
    told = _counting(hearer, folder.name, say("审核、评分"), count)
    made = steps.evaluate(folder, division, means, prefix, told)
    told = _counting(hearer, folder.name, say("写出结果"), count)
    gathered, published = steps.conclude(folder, division, made, outputs, means, told)
    means.memory.tidy()
    reused = sum(each.reused for each in made)
    found = gathered.counts.by_severity
    return Worked(gathered.evaluation, published, len(files), found, len(made), reused)


def _counting(hearer: Hearer, round_name: str, step: str, of: int) -> Callable[[int], object]:
    """Adds up how many departments a step is done with, and tells."""
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        hearer.moved(round_name, step, done, of)

    return told


def _informed(
    books: Bookkeeping, folder: RoundFolder, division: Division, means: Means, prefix: str | None
) -> Division:
    """The division with what officers wrote and what the ledger knows."""
    errand = Errand.of(folder, means.memory, prefix)
    return books.inform(division, partial(key_of_brief, errand), partial(is_kept, means.memory))


def read_round_ahead(folder: RoundFolder, means: Means, enough: Callable[[], bool]) -> None:
    """Read the files of a round that will be worked off, until it is `enough`; nothing else is done."""
    read_ahead(folder, list_files(folder), means, enough)


def evaluate_round(folder: RoundFolder, means: Means) -> Evaluation:
    """A round as it stands now, nothing written."""
    division = divide_round(folder, means)
    parts = evaluations_of(folder, division, means)
    return unite(folder.round, division, parts, folder.rules.wordings)


def divide_round(folder: RoundFolder, means: Means) -> Division:
    """A round's files read, and divided over its departments, none of which is evaluated yet."""
    return divide(folder.round, read_files(folder, list_files(folder), means))


def evaluate_one(folder: RoundFolder, division: Division, department: str, means: Means) -> Evaluation:
    """The evaluation of one of a division's departments, made here: a mistake of ours is raised."""
    errand = Errand.of(folder, means.memory)
    (brief,) = (each for each in division.briefs if each.department == department)
    files = [whole_file(errand, file, digest) for file, digest in brief.digests.items()]
    return evaluate_department(brief, files, errand.round(), folder.rules.wordings)


def _given(
    folder: RoundFolder, division: Division, made: Sequence[Made], outputs: Path, means: Means
) -> Given:
    """What there is to publish; tables and summary as they were made where nothing changed at all."""
    names = (brief.department for brief in division.briefs)
    given = Given(
        outline(folder.round, division, folder.rules.wordings),
        dict(zip(names, made, strict=True)),
        means.memory,
        folder.rules.digest,
        {code: wording.title for code, wording in folder.rules.wordings.items()},
        folder.templates,
        books=means.books,
        columns=load_columns(*folder.rules.seeds),
        received=division.received,
        tell_idle=partial(report_idle, round_=folder.round, wordings=folder.rules.wordings),
    )
    if any(each.passing for each in made):
        return given
    prefix = prefix_between(outputs / folder.name, folder.folder)
    received, round_ = division.received, folder.round
    setting = (folder.name, round_.year, prefix, folder.templates.round_digest, round_.sample_seed)
    came = (received.listed, received.sheets, sorted(received.continued), received.forms, received.set_aside)
    own = (*setting, division.findings, division.outcomes, came, sorted(given.columns.items()))
    keys = [each.key for each in made]
    key = Errand.of(folder, means.memory).key(
        "round", str(outputs), keys, own, sorted(division.sha256.items())
    )
    return replace(given, whole=means.memory.recall(key), keep=partial(means.memory.keep, key))


class _Nobody:
    """Hears nothing."""

    def started(self, round_name: str, files: int) -> None:
        """See `Hearer`."""

    def read(self, round_name: str, files: int) -> None:
        """See `Hearer`."""

    def evaluating(self, round_name: str) -> None:
        """See `Hearer`."""

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        """Nothing."""


_NOBODY = _Nobody()
