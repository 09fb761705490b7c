"""A pipeline that is only played: for tests of what drives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.domain.rounds import Round
from tests.builders.evaluations import evaluation, scheme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from jixiao.domain.rounds import Evaluation
    from jixiao.service.digest import Digest
    from jixiao.service.progress import Failure


@dataclass
class Rehearsal:
    """Rounds by name with their files; `failures` by round are raised when it is evaluated.

    `evaluated` records the batches each round was evaluated from, in the order they were handed over.
    """

    rounds: dict[str, tuple[str, ...]]
    failures: dict[str, Exception] = field(default_factory=dict)
    evaluated: dict[str, list[str]] = field(default_factory=dict)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Play in place of the pipeline."""
        for name in (
            *("find_rounds", "round_folders", "load_round"),
            *("list_files", "batches", "read_batch", "evaluate", "publish"),
        ):
            monkeypatch.setattr(pipeline, name, getattr(self, name))

    def find_rounds(self, inputs: Path, names: Sequence[str] = ()) -> tuple[pipeline.RoundFolder, ...]:
        return tuple(self.load_round(folder) for folder in self.round_folders(inputs, names))

    def round_folders(self, inputs: Path, names: Sequence[str] = ()) -> tuple[Path, ...]:
        return tuple(inputs / name for name in names or self.rounds)

    def load_round(self, folder: Path) -> pipeline.RoundFolder:
        if folder.name not in self.rounds:
            raise pipeline.ConfigurationError(f"找不到 {folder.name}。")
        return pipeline.RoundFolder(folder.name, folder, Round(folder.name, 2024, scheme()))

    def list_files(self, folder: pipeline.RoundFolder) -> tuple[str, ...]:
        return self.rounds[folder.name]

    def batches(self, files: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(files[start : start + 2]) for start in range(0, len(files), 2))

    def read_batch(self, _folder: pipeline.RoundFolder, files: Sequence[str], spool: Path) -> Path:
        path = spool / f"{files[0]}.batch"
        path.write_text("、".join(files), encoding="utf-8")
        return path

    def evaluate(self, folder: pipeline.RoundFolder, batch_paths: Sequence[Path]) -> Evaluation:
        self.evaluated[folder.name] = [path.read_text(encoding="utf-8") for path in batch_paths]
        if folder.name in self.failures:
            raise self.failures[folder.name]
        return evaluation(name=folder.name)

    def publish(
        self,
        results: Evaluation,
        outputs: Path,
        _inputs: Path | None = None,
        **_settings: int,
    ) -> pipeline.Published:
        folder = outputs / results.round.name
        return pipeline.Published(folder, folder / "汇总.xlsx", (folder / "反馈.xlsx",))


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

    def finished(self, digest: Digest) -> None:
        self.heard.append(("finished", digest.round))

    def failed(self, failure: Failure) -> None:
        self.heard.append(("failed", failure.round, failure.message))

    def stopped(self, message: str) -> None:
        self.heard.append(("stopped", message))
