"""The same outcomes on Dask as on this machine, whatever becomes of its workers."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
from distributed import Client, LocalCluster

from jixiao.engines import Done, EngineError, Failure, FailureKind, InProcessEngine
from jixiao.engines.cluster import DaskEngine, dask_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def _work(item: str) -> str:
    match item:
        case "raise":
            raise ValueError(item)
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(3)
        case _:
            time.sleep(0.05)
    return item.upper()


def test_one_worker_killed_in_the_middle_changes_nothing(cluster: LocalCluster) -> None:
    items = ["raise", "die", *(f"item {number}" for number in range(40)), "hang"]
    with Client(cluster) as client:
        outcomes = DaskEngine(client).map(_work, items, seconds=2)
        done = [next(outcomes) for _ in range(8)]
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        done += outcomes
    raised, died, *values, hung = done
    assert [each.kind for each in (raised, died, hung) if isinstance(each, Failure)] == [
        FailureKind.RAISED,
        FailureKind.DIED,
        FailureKind.TIMED_OUT,
    ]
    assert values == list(InProcessEngine().map(_work, items[2:-1], seconds=2))


def test_a_worker_without_the_folders_is_named(cluster: LocalCluster, tmp_path: Path) -> None:
    with Client(cluster) as client, pytest.raises(EngineError, match=r"上没有 .*nowhere。"):
        list(DaskEngine(client, (tmp_path, tmp_path / "nowhere")).map(_work, ["a"], seconds=5))


def test_a_cluster_without_workers_is_given_up() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        Client(empty) as client,
        pytest.raises(EngineError, match=r"没有可用的工作进程"),
    ):
        list(DaskEngine(client, patience=0.2).map(_work, ["a"], seconds=5))


def test_a_scheduler_is_named_by_its_address(cluster: LocalCluster) -> None:
    with dask_engine(cluster.scheduler_address) as engine:
        assert list(engine.map(_work, ["a", "b"], seconds=5)) == [Done("A"), Done("B")]


def test_a_scheduler_that_does_not_answer_is_said() -> None:
    with (
        pytest.raises(EngineError, match=r"连接不到 Dask 调度程序 tcp://127\.0\.0\.1:9"),
        dask_engine("tcp://127.0.0.1:9", patience=0.5),
    ):
        pass
