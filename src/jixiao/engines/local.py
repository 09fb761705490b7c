"""Engines on this machine: processes that may hang or die, or this process itself."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import multiprocessing
import os
import sys
import traceback
from collections import deque
from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from multiprocessing.util import Finalize
from time import process_time
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
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Rubbish is looked for after each item; in the midst of one only where it makes so many objects."""
SECONDS_BETWEEN_RETURNS = 0.5
"""Of a worker's processor time: after each small file it cost a tenth of a round, 16 ms of 60."""
_GIVEN_BACK = deque([0.0], maxlen=1)
"""The processor time of this process when it last gave back what was free."""
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
        """See `Engine.map`. An item whose process died is given a second one for itself alone."""
        workers = self._workers or default_workers()
        pending: deque[tuple[Item, ProcessFuture[bytes]]] = deque()
        try:
            for item in items:
                future = _standing_pool(workers).schedule(_do, args=(work, item), timeout=seconds)
                pending.append((item, future))
                if len(pending) >= _AHEAD * workers:
                    yield _settled(work, *pending.popleft(), seconds)
            while pending:
                yield _settled(work, *pending.popleft(), seconds)
        finally:
            for _, future in pending:  # whoever asked is gone: nobody waits for these any more
                future.cancel()  # type: ignore[no-untyped-call]  # pebble leaves it without types


def begin_worker() -> None:
    """Settings of a worker process: its memory is limited, and rubbish is collected between items.

    What it makes of an item is dropped with the item: looking for rubbish among some hundred thousand objects
    a hundred times an item took a fifth of its time.
    """
    limit_memory()
    logging.captureWarnings(capture=True)  # with what is logged they reach the log of the run
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 50)


def _do(work: Callable[[Item], Result], item: Item) -> bytes:
    """The outcome of an item, packed, in a worker that gives back what items took from time to time."""
    packed = attempt_packed(work, item)
    if process_time() - _GIVEN_BACK[-1] >= SECONDS_BETWEEN_RETURNS:
        gc.collect(1)  # what items left is young; modules, rules and words, which outlive them, are old
        give_back()
        _GIVEN_BACK.append(process_time())
    return packed


def give_back() -> None:
    """Give the system back what memory of this process is free: glibc keeps pieces of what was large once."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


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


def _settled(
    work: Callable[[Item], Result], item: Item, future: ProcessFuture[bytes], seconds: float
) -> Outcome[Result]:
    """The outcome of an item; where its process died, that of a second try.

    A process may be ended from outside (by the system short of memory, by a person) whatever it works at;
    an item that ends two of them is the cause itself.
    """
    outcome: Outcome[Result] = _outcome(future, seconds)
    if isinstance(outcome, Failure) and outcome.kind is FailureKind.DIED:
        return _alone(work, item, seconds)
    return outcome


def _alone(work: Callable[[Item], Result], item: Item, seconds: float) -> Outcome[Result]:
    """The outcome of an item in a fresh process that does nothing else."""
    pool = _fresh_pool(1)
    try:
        return _outcome(pool.schedule(_do, args=(work, item), timeout=seconds), seconds)
    finally:
        _stop(pool)


def _outcome(future: ProcessFuture[bytes], seconds: float) -> Outcome[Any]:
    try:
        return unpack(future.result())
    except FutureTimeoutError:
        return Failure(FailureKind.TIMED_OUT, f"no result within {seconds:g} seconds")
    except ProcessExpired as error:
        return Failure(FailureKind.DIED, f"the worker process ended with exit code {error.exitcode}")
    except BrokenExecutor as error:  # pebble gives up all of a pool when a process without work dies
        return Failure(FailureKind.DIED, f"the worker processes were lost: {error}")
    except Exception:  # noqa: BLE001 work or item that can't be sent is this item's alone
        return Failure(FailureKind.RAISED, traceback.format_exc())


def _fresh_pool(workers: int) -> ProcessPool:
    # Forking a process that runs threads (Prefect's, polars') can deadlock: start fresh ones.
    return ProcessPool(
        max_workers=workers, context=multiprocessing.get_context("spawn"), initializer=begin_worker
    )


_POOLS: dict[int, ProcessPool] = {}
"""The worker processes by their number: started at first use, ended with this process or by `end_workers`."""


def _standing_pool(workers: int) -> ProcessPool:
    """The worker processes; new ones where those of before were given up."""
    pool = _POOLS.get(workers)
    if pool is None or not pool.active:
        pool = _POOLS[workers] = _fresh_pool(workers)
        Finalize(pool, _stop, args=(pool,), exitpriority=1)  # atexit is not run in a multiprocessing child
    return pool


def end_workers() -> None:
    """End the worker processes; what is asked for later starts others."""
    while _POOLS:
        _stop(_POOLS.popitem()[1])


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it without types
    pool.join()
