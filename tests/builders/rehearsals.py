"""A pipeline that is only played: for tests of what drives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.catalog.rulebook import Rulebook
from jixiao.domain.documents import ReportLayout
from jixiao.domain.rounds import Round
from tests.builders.evaluations import evaluation, scheme
from tests.builders.results import worked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from jixiao.domain.rounds import Evaluation
    from jixiao.service.progress import Digest, Failure


RULES = Rulebook((), scheme(), (), {}, "", ReportLayout("", "", (), (), (), {}))
"""No rules: nothing is evaluated by them."""


@dataclass
class Rehearsal:
    """Rounds by name with their files; `failures` by round are raised when it is evaluated.

    `worked` records by round with what it was worked off. `gives` is what working off any round gives.
    """

    rounds: dict[str, tuple[str, ...]]
    failures: dict[str, Exception] = field(default_factory=dict)
    worked: dict[str, pipeline.Means] = field(default_factory=dict)
    gives: pipeline.Worked | None = None

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Play in place of the pipeline."""
        for name in (*("find_rounds", "round_folders", "load_round", "run_round", "evaluate_round"),):
            monkeypatch.setattr(pipeline, name, getattr(self, name))

    def find_rounds(
        self, inputs: Path, names: Sequence[str] = (), _seeds: Path | None = None
    ) -> tuple[pipeline.RoundFolder, ...]:
        return tuple(self.load_round(folder) for folder in self.round_folders(inputs, names))

    def round_folders(self, inputs: Path, names: Sequence[str] = ()) -> tuple[Path, ...]:
        return tuple(inputs / name for name in names or self.rounds)

    def load_round(self, folder: Path, _seeds: Path | None = None) -> pipeline.RoundFolder:
        if folder.name not in self.rounds:
            raise pipeline.ConfigurationError(f"找不到 {folder.name}。")
        return pipeline.RoundFolder(folder.name, folder, Round(folder.name, 2024, scheme()), RULES)

    def run_round(
        self,
        folder: pipeline.RoundFolder,
        outputs: Path,
        means: pipeline.Means,
        hearer: Recorder,
        _steps: pipeline.Steps,
    ) -> pipeline.Worked:
        files = self.rounds[folder.name]
        hearer.started(folder.name, len(files))
        hearer.read(folder.name, len(files))
        hearer.evaluating(folder.name)
        self.worked[folder.name] = means
        if folder.name in self.failures:
            raise self.failures[folder.name]
        if self.gives:
            return self.gives
        results = outputs / folder.name
        published = pipeline.Published(results, results / "汇总.xlsx", (results / "反馈.xlsx",))
        return worked(evaluation(name=folder.name), published, len(files), 1)

    def evaluate_round(self, folder: pipeline.RoundFolder, _means: pipeline.Means) -> Evaluation:
        return evaluation(name=folder.name)


@dataclass
class Recorder:
    """A listener that writes down what it hears."""

    heard: list[tuple[object, ...]] = field(default_factory=list)

    def started(self, round_name: str, files: int) -> None:
        self.heard.append(("started", round_name, files))

    def read(self, round_name: str, files: int) -> None:
        self.heard.append(("read", round_name, files))

    def evaluating(self, round_name: str) -> None:
        self.heard.append(("evaluating", round_name))

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        self.heard.append(("moved", round_name, step, done, of))

    def finished(self, digest: Digest) -> None:
        self.heard.append(("finished", digest.round))

    def failed(self, failure: Failure) -> None:
        self.heard.append(("failed", failure.round, failure.message))

    def stopped(self, message: str) -> None:
        self.heard.append(("stopped", message))
