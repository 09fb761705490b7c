"""A run in steps, carried out in this process."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from jixiao import pipeline
from jixiao.catalog.loading.sources import SchemeError, SchemeProblem
from jixiao.pipeline import ConfigurationError, Memory, PublicationError
from jixiao.service import steps
from jixiao.service.progress import Failure, listener
from jixiao.service.steps import Job, Worker, explain, reading_ahead, run_rounds, unusable_rounds
from tests.builders.rehearsals import Recorder, Rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILES = ("a.xlsx", "b.xlsx", "c.xlsx")


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "state"))
    listening = Recorder()
    token = listener.set(listening)
    yield listening
    listener.reset(token)


def test_a_round_is_worked_off_with_what_is_remembered_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    rehearsal = Rehearsal({"r": FILES})
    rehearsal.install(monkeypatch)
    (result,) = run_rounds(Job(tmp_path, tmp_path / "out"), Worker())
    assert not isinstance(result, Failure)
    assert (result.round, result.files, result.folder) == ("r", 3, tmp_path / "out" / "r")
    assert rehearsal.worked["r"].memory == Memory(tmp_path / "state")
    assert recorder.heard == [
        ("started", "r", 3),
        ("read", "r", 3),
        ("evaluating", "r"),
        ("finished", "r"),
    ]


def test_without_memory_a_store_of_its_own_serves_the_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    rehearsal = Rehearsal({"r": FILES})
    rehearsal.install(monkeypatch)
    run_rounds(Job(tmp_path, tmp_path / "out", remembers=False), Worker())
    assert recorder.heard[-1] == ("finished", "r")
    passing = rehearsal.worked["r"].memory.folder
    assert (passing.parent, passing.exists()) == (tmp_path / "state" / "spool", False)


def test_a_round_that_fails_does_not_stop_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    Rehearsal({"bad": FILES, "good": FILES}, {"bad": ValueError("x")}).install(monkeypatch)
    failure, good = run_rounds(Job(tmp_path, tmp_path), Worker())
    assert failure == Failure("bad", "程序内部出错（ValueError：x）。")
    assert not isinstance(good, Failure)
    assert recorder.heard[-1] == ("finished", "good")
    assert ("failed", "bad", "程序内部出错（ValueError：x）。") in recorder.heard


def test_only_the_named_round_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    rehearsal = Rehearsal({"r": FILES, "s": FILES})
    rehearsal.install(monkeypatch)
    run_rounds(Job(tmp_path, tmp_path, ("s",)), Worker())
    assert list(rehearsal.worked) == ["s"]
    assert {heard[1] for heard in recorder.heard} == {"s"}


def test_a_round_that_is_wrongly_set_up_does_not_stop_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    Rehearsal({"r": FILES}).install(monkeypatch)
    failure, good = run_rounds(Job(tmp_path, tmp_path, ("z", "r")), Worker())
    assert failure == Failure("z", "找不到 z。", configuration=True)
    assert not isinstance(good, Failure)
    assert recorder.heard[0] == ("failed", "z", "找不到 z。")
    assert recorder.heard[-1] == ("finished", "r")
    errors = [each.getMessage() for each in caplog.records if each.name == "jixiao.service.steps"]
    assert errors == ["z：未处理，原有结果保留不变。找不到 z。"]


def test_broken_data_of_a_jurisdiction_are_a_wrong_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    broken = SchemeError(SchemeProblem("findings.toml", 3, "A101", "缺少 message"))
    Rehearsal({"r": FILES}, {"r": broken}).install(monkeypatch)
    (failure,) = run_rounds(Job(tmp_path, tmp_path), Worker())
    said = "seeds 中的数据文件无法使用：findings.toml 第 3 行 A101：缺少 message"
    assert failure == Failure("r", said, configuration=True)
    assert recorder.heard[-1] == ("failed", "r", said)


def test_rounds_that_cannot_be_used_are_known_before_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal({"r": FILES}).install(monkeypatch)
    assert unusable_rounds(Job(tmp_path, tmp_path)) == ()
    assert unusable_rounds(Job(tmp_path, tmp_path, ("z", "r"))) == (
        Failure("z", "找不到 z。", configuration=True),
    )
    with pytest.raises(ConfigurationError, match=r"^找不到 z。\n找不到 y。$"):
        unusable_rounds(Job(tmp_path, tmp_path, ("z", "y")))


class _LostError(Exception):
    """The machinery broke."""


class _LostWorker(Worker):
    own_errors = (_LostError,)


@pytest.mark.usefixtures("recorder")
def test_an_error_of_the_machinery_is_no_rounds_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal({"r": FILES}, {"r": _LostError()}).install(monkeypatch)
    with pytest.raises(_LostError):
        run_rounds(Job(tmp_path, tmp_path), _LostWorker())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PublicationError("请关闭汇总表后重新运行。"), "请关闭汇总表后重新运行。"),
        (
            OSError(28, "No space left on device"),
            "读写文件时出错：磁盘空间不足。请检查磁盘空间和网络盘连接后重新运行。",
        ),
        (KeyError("x"), "程序内部出错（KeyError：'x'）。"),
    ],
)
def test_errors_are_told_in_sentences(error: Exception, sentence: str) -> None:
    assert explain(error) == sentence


@pytest.mark.usefixtures("recorder")
def test_rounds_are_read_ahead_until_there_is_no_time_and_mistakes_are_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    begun, given_up, ended = Event(), Event(), Event()

    def read(_folder: object, means: pipeline.Means, enough: Callable[[], bool]) -> None:
        asked.append(means.memory == Memory(tmp_path / "state") and enough())
        begun.set()
        given_up.wait(10)
        asked.append(enough())
        ended.set()
        raise ValueError

    Rehearsal({"r": FILES}).install(monkeypatch)
    monkeypatch.setattr(pipeline, "read_round_ahead", read)
    monkeypatch.setattr(steps, "_LAST_FILES_SECONDS", 0.01)
    with reading_ahead(Job(tmp_path, tmp_path / "out")):
        assert begun.wait(10)
    given_up.set()
    assert ended.wait(10)
    assert asked == [False, True]


@pytest.mark.parametrize(
    "job", [Job("s3://a", "b"), Job("a", "b", remembers=False), Job("a", "b", engine="dask")]
)
def test_nothing_is_read_ahead_that_the_run_would_not_find(monkeypatch: pytest.MonkeyPatch, job: Job) -> None:
    monkeypatch.setattr(steps, "Thread", None)
    with reading_ahead(job):
        pass
