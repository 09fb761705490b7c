"""The self-check of single workbooks: the same reading, rules and audit as a round, nothing written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jixiao.catalog.problems import SchemeError
from jixiao.catalog.schemes import load_scheme
from jixiao.catalog.seeds import seeds_folder
from jixiao.domain.forms import SheetOutcome, Status
from jixiao.domain.rounds import Round
from jixiao.pipeline.evaluation import evaluate_results
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.rounds import SETTINGS_FILE, ConfigurationError, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.scores import ScoreCard
    from jixiao.pipeline.reading import FileResult

_DEFAULT_SCHEME = "national"
_UNUSABLE = {Status.UNREADABLE, Status.IGNORED}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a self-check gave. `unreadable`: some file gave no form at all, for whatever reason."""

    findings: tuple[ReportedFinding, ...]
    unreadable: bool
    cards: tuple[ScoreCard, ...]
    outcomes: tuple[SheetOutcome, ...]


def check_files(paths: Sequence[Path], scheme_id: str | None = None) -> CheckResult:
    """Check files together, as one department would send them.

    Scheme: the named one, else that of a round.toml above the first file, else national. Year: that of the
    round.toml, else the one that most of the forms print.

    Raises:
        ConfigurationError: no such scheme, or a broken round.toml.
    """
    settings = next((found for path in paths if (found := _settings_above(path))), {})
    name: str = scheme_id or settings.get("scheme", _DEFAULT_SCHEME)
    try:
        scheme = load_scheme(name, seeds_folder())
    except SchemeError as problem:
        raise ConfigurationError(f"评价方案 {name} 无法使用：{problem}") from problem
    reader = FileReader(scheme)
    results = [reader.read(path, path.as_posix()) for path in paths]
    year: int = settings.get("year") or _printed_year(results)
    evaluation = evaluate_results(Round("", year, scheme), results)
    return CheckResult(
        findings=evaluation.findings,
        unreadable=any(not result.submissions for result in results),
        cards=evaluation.cards,
        outcomes=evaluation.outcomes,
    )


def _settings_above(path: Path) -> Mapping[str, Any]:
    folder = next((parent for parent in path.resolve().parents if (parent / SETTINGS_FILE).is_file()), None)
    return read_settings(folder) if folder else {}


def _printed_year(results: Sequence[FileResult]) -> int:
    years = Counter(
        submission.year for result in results for submission in result.submissions if submission.year
    )
    return years.most_common(1)[0][0] if years else 0
