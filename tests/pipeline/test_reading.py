"""Files are read in worker processes that may hang or die without costing the others anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pebble import ProcessExpired

from jixiao.pipeline import batches, find_rounds, list_files, reading
from tests.builders.folders import round_folder
from tests.builders.forms import overall_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jixiao.evaluating.files import FileResult


def test_files_at_any_depth_are_listed_without_the_settings(tmp_path: Path) -> None:
    folder = round_folder(tmp_path)
    (folder / "甲" / "乙").mkdir(parents=True)
    (folder / "甲" / "乙" / "表.xlsx").touch()
    (folder / "甲" / "round.toml").touch()
    (folder / "说明.txt").touch()
    (found,) = find_rounds(tmp_path)
    assert list_files(found) == ("甲/round.toml", "甲/乙/表.xlsx", "说明.txt")


def test_batches_keep_order_and_lose_nothing() -> None:
    files = [f"{number}.xlsx" for number in range(7)]
    assert batches(files, 3) == (("0.xlsx", "1.xlsx", "2.xlsx"), ("3.xlsx", "4.xlsx", "5.xlsx"), ("6.xlsx",))
    assert batches([]) == ()


class _Pool:
    """Stands in for the worker processes: what they would do, done by `outcome`."""

    def __init__(self, outcome: Callable[[], FileResult]) -> None:
        self._outcome = outcome

    def schedule(self, *_: object, **__: object) -> _Pool:
        return self

    def result(self) -> FileResult:
        return self._outcome()


@pytest.mark.parametrize(
    ("failure", "detail"),
    [
        (TimeoutError(), "读取超过 60 秒"),
        (
            ProcessExpired("died"),  # type: ignore[no-untyped-call]  # pebble leaves it without types
            "读取程序因该文件异常退出",
        ),
    ],
)
def test_a_worker_that_hangs_or_dies_gives_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, detail: str
) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "表.xlsx", overall_form())
    (found,) = find_rounds(tmp_path / "inputs")

    def fail() -> FileResult:
        raise failure

    monkeypatch.setattr(reading, "_workers", lambda: _Pool(fail))
    path = reading.read_batch(found, ["表.xlsx"], tmp_path / "spool")
    (result,) = reading.load_batches([path])
    assert [(each.code, each.figures["detail"]) for each in result.findings] == [("F105", detail)]
    assert [outcome.status.value for outcome in result.outcomes] == ["unreadable"]
    assert len(result.sha256) == 64


def test_a_real_worker_that_dies_costs_only_its_file(tmp_path: Path) -> None:
    pool = reading._workers()  # noqa: SLF001 the pool itself is under test
    with pytest.raises(ProcessExpired):
        pool.schedule(_die).result()
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "表.xlsx", overall_form())
    (found,) = find_rounds(tmp_path / "inputs")
    (result,) = reading.load_batches([reading.read_batch(found, ["表.xlsx"], tmp_path / "spool")])
    assert [submission.department for submission in result.submissions] == ["云梦泽省虚构水务局"]


def _die() -> None:
    os._exit(3)
