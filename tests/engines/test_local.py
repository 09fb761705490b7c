"""Whatever happens to one item stays with it, in worker processes and in this one."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from jixiao.engines import Done, Failure, FailureKind, InProcessEngine, LocalEngine, default_workers

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
