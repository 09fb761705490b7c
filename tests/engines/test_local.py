"""Whatever happens to one item stays with it, in worker processes and in this one."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.findings import FindingWarning
from jixiao.engines import (
    Done,
    Failure,
    FailureKind,
    InProcessEngine,
    LocalEngine,
    batch_size,
    default_workers,
    end_workers,
)
from jixiao.engines.local import SECONDS_BETWEEN_RETURNS

if TYPE_CHECKING:
    from collections.abc import Iterator


def _work(item: str) -> object:
    match item:
        case "raise":
            raise ValueError(item)
        case "hang":
            time.sleep(60)
        case "hog":
            return len(bytearray(600 << 20))
        case "die":
            os._exit(3)
        case "unsendable":
            return lambda: item
    return item.upper()


def test_failures_stay_with_their_items_and_order_is_kept() -> None:
    items = ["a", "raise", "b", "hang", "c", "die", "d", "unsendable", "e"]
    outcomes = list(LocalEngine(2).map(_work, items, seconds=1.5))
    kinds = [outcome.kind if isinstance(outcome, Failure) else outcome.value for outcome in outcomes]
    raised, timed_out, died = FailureKind
    assert kinds == ["A", raised, "B", timed_out, "C", died, "D", raised, "E"]
    details = {outcome.kind: outcome.detail for outcome in outcomes[:7] if isinstance(outcome, Failure)}
    assert details[raised].rstrip().endswith("ValueError: raise")
    assert "test_local.py" in details[raised]
    assert details[timed_out] == "no result within 1.5 seconds"
    assert details[died] == "the worker process ended with exit code 3"


def _telling(item: str) -> str:
    warnings.warn(f"{item} is odd", FindingWarning, stacklevel=1)
    logging.getLogger("jixiao.of.a.worker").error("%s is wrong", item)
    return item


def test_what_is_logged_or_warned_of_in_a_worker_reaches_the_log_here(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    assert list(LocalEngine(2).map(_telling, ["this"], seconds=30)) == [Done("this")]
    (warned, warning), (logged, error) = ((each.name, each.getMessage()) for each in caplog.records)
    assert (warned, logged, error) == ("py.warnings", "jixiao.of.a.worker", "this is wrong")
    assert "FindingWarning: this is odd" in warning
    assert capfd.readouterr().err == ""


def _killed(folder: str, times: int, item: str) -> str:
    """Work whose process is killed from outside the first so many times that it is begun."""
    begun = len(list(Path(folder).glob(f"{item}-*")))
    (Path(folder) / f"{item}-{begun}").touch()
    if item == "victim" and begun < times:
        os.kill(os.getpid(), signal.SIGKILL)
    return item.upper()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.parametrize(
    ("times", "second"),
    [
        (1, Done("VICTIM")),
        (9, FailureKind.DIED),
    ],
)
def test_an_item_whose_process_died_has_one_more_for_itself(
    tmp_path: Path, times: int, second: Done[str] | FailureKind
) -> None:
    work = partial(_killed, str(tmp_path), times)
    outcomes = list(LocalEngine(2).map(work, ["a", "victim", "b"], seconds=60))
    # Whether the pool or the process is seen to end first is chance; that it died is not.
    seen = [each.kind if isinstance(each, Failure) else each for each in outcomes]
    assert seen == [Done("A"), second, Done("B")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-0", "b-0", "victim-0", "victim-1"]


def test_what_raises_or_takes_too_long_is_not_tried_again(tmp_path: Path) -> None:
    outcomes = list(LocalEngine(2).map(partial(_counted, str(tmp_path)), ["raise", "hang"], seconds=1.5))
    assert [each.kind for each in outcomes if isinstance(each, Failure)] == ["raised", "timed_out"]
    assert sorted(path.name[:5] for path in tmp_path.iterdir()) == ["hang-", "raise"]


def _counted(folder: str, item: str) -> object:
    (Path(folder) / f"{item}-{time.monotonic_ns()}").touch()
    return _work(item)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_workers_that_are_killed_while_they_have_no_work_are_replaced() -> None:
    engine = LocalEngine(1)
    before = {child.pid for child in multiprocessing.active_children()}
    (first,) = engine.map(_pid, [0], seconds=60)
    assert isinstance(first, Done)
    os.kill(first.value, signal.SIGKILL)
    time.sleep(1)
    (second,) = engine.map(_pid, [0], seconds=60)
    assert isinstance(second, Done)
    assert second.value not in {first.value, *before}


def _pid(_: int) -> int:
    return os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such limit")
def test_what_asks_for_too_much_memory_fails_alone() -> None:
    first, hog, last = LocalEngine(2).map(_work, ["a", "hog", "b"], seconds=30)
    assert (first, last) == (Done("A"), Done("B"))
    assert isinstance(hog, Failure)
    assert hog.detail.rstrip().endswith("MemoryError")


def test_in_this_process_raising_stays_with_its_item() -> None:
    outcomes = list(InProcessEngine().map(_work, ["a", "raise", "b"], seconds=1))
    assert [isinstance(outcome, Done) for outcome in outcomes] == [True, False, True]


def test_items_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def items() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield str(number)

    outcomes = LocalEngine(2).map(_work, items(), seconds=10)
    assert next(outcomes) == Done("0")
    assert len(taken) == 32
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    assert list(LocalEngine(2).map(_work, ["later"], seconds=10)) == [Done("LATER")]


@pytest.mark.parametrize(("named", "workers"), [("3", 3), ("0", 1), ("many", None), ("", None)])
def test_workers_are_a_setting(monkeypatch: pytest.MonkeyPatch, named: str, workers: int | None) -> None:
    monkeypatch.setenv("JIXIAO_WORKERS", named)
    assert default_workers() == (workers or min(4, multiprocessing.cpu_count()))


def test_workers_end_with_the_process() -> None:
    program = (
        "from jixiao.engines import LocalEngine\n"
        "import os\n"
        "if __name__ == '__main__':\n"
        "    print(next(LocalEngine(1).map(abs, [-1], seconds=30)).value, flush=True)\n"
        "    import multiprocessing\n"
        "    print([child.pid for child in multiprocessing.active_children()])\n"
    )
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    value, _, pids = done.stdout.partition("\n")
    assert value == "1"
    for pid in filter(None, pids.strip("[]\n ").split(",")):
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


@pytest.mark.parametrize(
    ("items", "size"), [(0, 1), (1, 1), (2, 1), (4, 2), (10, 4), (32, 4), (100, 12), (1000, 32)]
)
def test_few_items_go_by_up_to_four_and_many_by_an_eighth(items: int, size: int) -> None:
    assert batch_size(items, 32) == size


def test_workers_that_are_ended_are_there_again_when_they_are_needed() -> None:
    engine = LocalEngine(1)
    end_workers()
    before = set(multiprocessing.active_children())
    assert list(engine.map(_work, ["a"], seconds=60)) == [Done("A")]
    assert set(multiprocessing.active_children()) - before
    end_workers()
    assert set(multiprocessing.active_children()) == before
    assert list(engine.map(_work, ["b"], seconds=60)) == [Done("B")]


class _Ring:
    """What holds itself: gone only where rubbish is looked for."""

    living = 0

    def __init__(self) -> None:
        self.own = self
        _Ring.living += 1

    def __del__(self) -> None:
        _Ring.living -= 1


def _rings(_item: int) -> int:
    """Leave some; work for so long that they are looked for after it; how many were there before."""
    before, began = _Ring.living, time.process_time()
    while time.process_time() - began < SECONDS_BETWEEN_RETURNS:
        sum(range(1000))
    for _ in range(100):
        _Ring()
    return before


def test_a_worker_keeps_no_rubbish_of_a_long_item() -> None:
    assert list(LocalEngine(1).map(_rings, range(3), seconds=60)) == [Done(0)] * 3
