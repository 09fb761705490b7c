"""Engines on this machine: processes that may hang or die, or this process itself."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import traceback
from collections import deque
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import lru_cache, partial
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from jixiao.engines.outcomes import (
    Failure,
    FailureKind,
    Item,
    Outcome,
    Result,
    attempt,
    attempt_packed,
    unpack,
)

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pebble import ProcessFuture

WORKERS_VARIABLE = "JIXIAO_WORKERS"
"""Environment variable with the number of worker processes."""

_MOST_WORKERS = 4
_MOST_MEMORY = 512 << 20
"""Bytes a worker may have; rules, libraries and the largest department that was measured take 150 MB."""
_AHEAD = 16
"""Items handed out a worker before the first result is taken: no worker waits, memory stays bounded."""


class InProcessEngine:
    """Does the work here, one item after the other. Work that hangs or dies takes this process with it."""

    def map(
        self,
        work: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        seconds: float,  # noqa: ARG002 nothing here could end work that runs
    ) -> Iterator[Outcome[Result]]:
        """See `Engine.map`."""
        return map(partial(attempt, work), items)


class LocalEngine:
    """Worker processes of this machine, shared by everything in this process and ended with it."""

    def __init__(self, workers: int | None = None) -> None:
        """Use so many processes; `default_workers()` at the time of use where nothing is said."""
        self._workers = workers

    def map(
        self, work: Callable[[Item], Result], items: Iterable[Item], *, seconds: float
    ) -> Iterator[Outcome[Result]]:
        """See `Engine.map`."""
        workers = self._workers or default_workers()
        pool = _pool(workers)
        pending: deque[ProcessFuture[bytes]] = deque()
        try:
            for item in items:
                pending.append(pool.schedule(attempt_packed, args=(work, item), timeout=seconds))
                if len(pending) >= _AHEAD * workers:
                    yield _outcome(pending.popleft(), seconds)
            while pending:
                yield _outcome(pending.popleft(), seconds)
        finally:
            for future in pending:  # whoever asked is gone: nobody waits for these any more
                future.cancel()  # type: ignore[no-untyped-call]  # pebble leaves it without types


def limit_memory() -> None:
    """Let this process have so much memory; what asks for more fails alone, not the whole machine.

    Where the system knows no such limit (Windows) there is none.
    """
    if sys.platform != "win32":
        with contextlib.suppress(ValueError, OSError):  # a lower limit is set from outside
            resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))


def default_workers() -> int:
    """The number that JIXIAO_WORKERS names, else the processors of this machine, at most 4.

    >>> import os; os.environ["JIXIAO_WORKERS"] = "3"; default_workers()
    3
    """
    named = os.environ.get(WORKERS_VARIABLE, "")
    return max(1, int(named)) if named.isdecimal() else min(_MOST_WORKERS, multiprocessing.cpu_count())


def _outcome(future: ProcessFuture[bytes], seconds: float) -> Outcome[Any]:
    try:
        return unpack(future.result())
    except FutureTimeoutError:
        return Failure(FailureKind.TIMED_OUT, f"no result within {seconds:g} seconds")
    except ProcessExpired as error:
        return Failure(FailureKind.DIED, f"the worker process ended with exit code {error.exitcode}")
    except Exception:  # noqa: BLE001 work or item that can't be sent is this item's alone
        return Failure(FailureKind.RAISED, traceback.format_exc())


@lru_cache(maxsize=4)
def _pool(workers: int) -> ProcessPool:
    """The worker processes, started at first use and ended with this process."""
    # Forking a process that runs threads (Prefect's, polars') can deadlock: start fresh ones.
    pool = ProcessPool(
        max_workers=workers, context=multiprocessing.get_context("spawn"), initializer=limit_memory
    )
    Finalize(pool, _stop, args=(pool,), exitpriority=1)  # atexit is not run in a multiprocessing child
    return pool


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without types
    pool.join()
