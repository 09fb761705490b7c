"""The self-check of single workbooks: the same reading, rules and audit as a round, nothing written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.audit.department.composites import PROJECT_WITHOUT_FORM
from jixiao.audit.department.filings import OVERALL_LACKING, OVERALL_NOT_ASKED
from jixiao.catalog.loading.forms import load_form
from jixiao.catalog.loading.schemes import load_scheme, scheme_changes
from jixiao.catalog.loading.seeds import in_words, nearest, scheme_ids, seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.rulebook import LISTS
from jixiao.domain.forms import Scope
from jixiao.domain.own_sheets import workbook_fingerprint
from jixiao.domain.rounds import Round
from jixiao.domain.submissions import Status
from jixiao.evaluating import rounds
from jixiao.language import say
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.sent_files import PACKED, SentFile, files_in, members_of, sent_file
from jixiao.pipeline.settings import (
    SETTINGS_FILE,
    ConfigurationError,
    known_seeds,
    read_settings,
    seeds_beside,
    wordings_of,
)
from jixiao.workbooks.archives import is_archive_name
from jixiao.workbooks.reading import is_workbook_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.own_sheets import Fingerprint
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import SheetOutcome
    from jixiao.evaluating.files import FileResult


def evaluate_results(
    round_: Round, results: Sequence[FileResult], seeds: tuple[Path, ...] | None = None
) -> Evaluation:
    """Evaluate everything that was read of a round, worded by these seeds, else by those of the package."""
    return rounds.evaluate_round(round_, results, wordings_of(seeds or (seeds_folder(),)))


_DEFAULT_SCHEME = "national"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a self-check gave. `unreadable`: a named file gave no form, or one of a folder could not be read.

    `forms` says by file, in the order in which they were looked at, how many forms were read from it.
    `note` says which year's rules were taken, where the scheme has none for the year that the forms print.
    """

    findings: tuple[ReportedFinding, ...]
    unreadable: bool
    cards: tuple[ScoreCard, ...]
    outcomes: tuple[SheetOutcome, ...]
    note: str = ""
    forms: Mapping[str, int] = field(default_factory=dict)


def check_files(paths: Sequence[Path], scheme_id: str | None = None, own: Path | None = None) -> CheckResult:
    """Check files together, as one department would send them; of folders and archives every file in them.

    Scheme: the named one, else that of a round.toml above the first file, else the one that a file made as a
    blank form carries, else national. Year: that of the round.toml, else of the blank form, else the one that
    most of the forms print; the scheme's nearest year stands in for one of these that it is not for.

    Raises:
        ConfigurationError: no such scheme, none for the year of the round or the blank form, or a broken
            round.toml.
    """
    folder = next((found for path in paths if (found := _round_above(path))), None)
    settings = read_settings(folder) if folder else {}
    seeds = known_seeds(own or (seeds_beside(folder) if folder else None))
    ours = {SETTINGS_FILE, *(str(settings[name]) for name in LISTS if settings.get(name))}
    files = {name: sent for name, sent in _sent(paths) if not _is_ours(sent, folder, ours)}
    printed = _fingerprint(files, seeds)
    name: str = scheme_id or settings.get("scheme") or (printed.scheme if printed else _DEFAULT_SCHEME)
    stated: int | None = settings.get("year") or (printed.year if printed else None)
    scheme = _load(name, stated, seeds)
    results = _read(files, scheme, seeds)
    year = stated or printed_year(results)
    ruling = year if stated or not year else nearest(scheme.years, year)
    if ruling != stated and scheme_changes(name, *seeds):
        scheme = _load(name, ruling, seeds)
        results = _read(files, scheme, seeds)
    evaluation = evaluate_results(Round("", year, scheme), results, seeds)
    named = {path.as_posix() for path in paths if not (path.is_dir() or is_archive_name(path.name))}
    return CheckResult(
        findings=tuple(_without_missing(evaluation)),
        unreadable=not any(result.submissions for result in results)
        or any(_is_unread(result, named) for result in results),
        cards=evaluation.cards,
        outcomes=evaluation.outcomes,
        note="" if ruling == year else _say_nearest(year, ruling, scheme),
        forms={result.file: len(result.submissions) for result in results},
    )


def _sent(paths: Sequence[Path]) -> Iterator[tuple[str, SentFile]]:
    """Every file by the name that it goes by: the path as given, in folders and archives what follows it."""
    for path in paths:
        inside = files_in(path) if path.is_dir() else members_of(path.parent, path.name)
        if not path.is_dir():
            yield path.as_posix(), SentFile(path)
        for name in inside:
            sent = sent_file(path, name) if path.is_dir() else SentFile(path, name)
            yield f"{path.as_posix()}/{name}", sent


def _is_ours(sent: SentFile, folder: Path | None, ours: Collection[str]) -> bool:
    """Whether a file is the finance department's own in the round's folder: its settings, its lists."""
    path = sent.path.resolve()
    return bool(folder and path.is_relative_to(folder) and path.relative_to(folder).as_posix() in ours)


def _is_unread(result: FileResult, named: Collection[str]) -> bool:
    """Whether a file gave nothing although it was named, or may hold forms; attachments in a folder may."""
    if result.file in named:
        return not result.submissions
    refused = any(outcome.status is Status.UNREADABLE for outcome in result.outcomes)
    return refused or any(each.code == PACKED.code for each in result.findings)


def _without_missing(evaluation: Evaluation) -> Iterator[ReportedFinding]:
    """The findings without those that miss forms which were not meant to be looked at.

    Who checks a project's form alone has not forgotten the department's, nor the other way round.
    """
    scopes = {each.scope for each in evaluation.submissions}
    silent = {code for scope, codes in _MISSING.items() if scope not in scopes for code in codes}
    return (each for each in evaluation.findings if each.code not in silent)


_MISSING = {
    Scope.OVERALL: (OVERALL_LACKING.code, OVERALL_NOT_ASKED.code),
    Scope.PROJECT: (PROJECT_WITHOUT_FORM.code,),
}
"""By the scope of the forms that are missed, what says so."""


def _load(name: str, year: int | None, seeds: tuple[Path, ...]) -> Scheme:
    try:
        return load_scheme(name, *seeds, year=year or None)
    except SchemeError as problem:
        raise ConfigurationError(
            say("评价方案 {name} 无法使用：{problem}", name=name, problem=problem)
        ) from problem


def _read(files: Mapping[str, SentFile], scheme: Scheme, seeds: tuple[Path, ...]) -> list[FileResult]:
    reader = FileReader(scheme, [load_form(each, *seeds) for each in LISTS])
    return [reader.read(sent, name) for name, sent in files.items()]


def _say_nearest(year: int, ruling: int, scheme: Scheme) -> str:
    covered = in_words(scheme.years)
    return say(
        "表上是 {year} 年度，方案 {id} 适用于 {covered}：按 {ruling} 年度的规则核对，仅供参考。",
        year=year,
        id=scheme.id,
        covered=covered,
        ruling=ruling,
    )


def _round_above(path: Path) -> Path | None:
    place = path.resolve()
    return next((each for each in (place, *place.parents) if (each / SETTINGS_FILE).is_file()), None)


def _fingerprint(files: Mapping[str, SentFile], seeds: tuple[Path, ...]) -> Fingerprint | None:
    """What the first file that was made as a blank form of a known scheme says about itself."""
    workbooks = (sent.read(name).workbook for name, sent in files.items() if is_workbook_name(name))
    found = (printed for workbook in workbooks if workbook and (printed := workbook_fingerprint(workbook)))
    known = scheme_ids(*seeds)
    return next((printed for printed in found if printed.scheme in known), None)


def printed_year(results: Sequence[FileResult]) -> int:
    """The year that most of the forms print, 0 where none does."""
    years = Counter(
        submission.year for result in results for submission in result.submissions if submission.year
    )
    return years.most_common(1)[0][0] if years else 0
