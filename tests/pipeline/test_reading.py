"""Files are read in worker processes that may hang or die without costing the others anything."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from jixiao.engines import Failure, FailureKind, InProcessEngine, LocalEngine
from jixiao.pipeline import Means, Memory, find_rounds, list_files, reading
from tests.builders.folders import round_folder
from tests.builders.forms import overall_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from jixiao.engines import Outcome
    from jixiao.engines.outcomes import Item


def test_files_at_any_depth_are_listed_without_the_settings(tmp_path: Path) -> None:
    folder = round_folder(tmp_path)
    (folder / "甲" / "乙").mkdir(parents=True)
    (folder / "甲" / "乙" / "表.xlsx").touch()
    (folder / "甲" / "round.toml").touch()
    (folder / "说明.txt").touch()
    (found,) = find_rounds(tmp_path)
    assert list_files(found) == ("甲/round.toml", "甲/乙/表.xlsx", "说明.txt")


class _Failing:
    """An engine on which all work fails in the same way."""

    def __init__(self, failure: Failure) -> None:
        self._failure = failure

    def map(self, work: object, items: Iterable[Item], *, seconds: float) -> Iterator[Outcome[Any]]:  # noqa: ARG002
        return (self._failure for _ in items)


@pytest.mark.parametrize(
    ("kind", "code", "detail"),
    [
        (FailureKind.TIMED_OUT, "F105", "读取超过 60 秒"),
        (FailureKind.DIED, "F105", "读取程序因该文件异常退出"),
        (FailureKind.RAISED, "F109", "ValueError: x"),
    ],
)
def test_a_worker_that_hangs_or_dies_gives_a_finding(
    tmp_path: Path, kind: FailureKind, code: str, detail: str
) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "表.xlsx", overall_form())
    (found,) = find_rounds(tmp_path / "inputs")
    engine = _Failing(Failure(kind, "Traceback …\nValueError: x\n"))
    (result,) = reading.read_files(found, ["表.xlsx"], Means(engine, Memory(tmp_path)))
    assert [(each.code, each.figures["detail"]) for each in result.findings] == [(code, detail)]
    assert [outcome.status.value for outcome in result.outcomes] == ["unreadable"]
    assert len(result.sha256) == 64


def test_what_was_read_ahead_is_not_read_again(tmp_path: Path) -> None:
    folder, files = round_folder(tmp_path / "inputs"), [f"{number}.xlsx" for number in range(18)]
    for file in files:
        write_forms(folder / file, overall_form())
    (found,) = find_rounds(tmp_path / "inputs")
    working = Means(InProcessEngine(), Memory(tmp_path))
    idle = replace(working, engine=_Failing(Failure(FailureKind.DIED, "")))
    asked = iter((False, True))
    reading.read_ahead(found, files, working, lambda: next(asked))
    results = reading.read_files(found, files, idle)
    assert [bool(each.submissions) for each in results] == [True] * 16 + [False] * 2
    assert results[:16] == reading.read_files(
        found, files[:16], replace(working, memory=Memory(tmp_path / "b"))
    )


def test_real_workers_read_after_one_of_them_died(tmp_path: Path) -> None:
    (died,) = LocalEngine().map(os._exit, [3], seconds=30)
    assert isinstance(died, Failure)
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "表.xlsx", overall_form())
    (found,) = find_rounds(tmp_path / "inputs")
    (result,) = reading.read_files(found, ["表.xlsx"], Means(LocalEngine(), Memory(tmp_path)))
    assert [submission.department for submission in result.submissions] == ["云梦泽省虚构水务局"]
