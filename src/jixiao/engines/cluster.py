"""An engine on Dask: the workers of a scheduler that is already there, or of a cluster of this machine.

Each Dask worker does its items in processes of its own, exactly as this machine would, so that a file that
hangs or dies stays alone there too. A worker that is lost costs nothing: Dask gives its items to another.
This uses `distributed` itself and not Prefect's task runner for it: tasks of Prefect would have to reach the
Prefect server from every machine, and ours listens on loopback only.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import time
from collections import deque
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from distributed import CancelledError, Client, KilledWorker, LocalCluster, get_worker
from distributed.comm.core import CommClosedError

from jixiao.engines.local import LocalEngine, default_workers
from jixiao.engines.outcomes import EngineError, Failure, FailureKind, hearing, pack, unpack
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from distributed import Future

    from jixiao.engines.outcomes import Item, Outcome, Result

_AHEAD = 16
_LOOK_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
"""So long there may be no worker at all before the run gives up."""
_TRIES = 3
"""So often an item is given out anew after Dask gave it up for the workers that it lost with it."""


class DaskEngine:
    """The workers that `client` reaches; each of them must see the folders `places` at the same paths."""

    def __init__(
        self, client: Client, places: tuple[Path, ...] = (), patience: float = _PATIENCE_SECONDS
    ) -> None:
        """Use that client for as long as it is open."""
        self._client = client
        self._needed = (version("jixiao"), tuple(map(str, places)))
        self._patience = patience

    def map(
        self, work: Callable[[Item], Result], items: Iterable[Item], *, seconds: float
    ) -> Iterator[Outcome[Result]]:
        """See `Engine.map`.

        Raises:
            EngineError: no worker is left, or one can't do this work; the message is a Chinese sentence.
        """
        pending: deque[tuple[bytes, Future[bytes]]] = deque()
        ahead = _AHEAD * self._threads()
        try:
            for item in items:
                packed = pickle.dumps((work, item), protocol=pickle.HIGHEST_PROTOCOL)
                pending.append((packed, self._submit(packed, seconds)))
                if len(pending) >= ahead:
                    yield self._outcome(*pending.popleft(), seconds)
            while pending:
                yield self._outcome(*pending.popleft(), seconds)
        finally:
            for _, future in pending:  # whoever asked is gone, or nobody can do it
                with contextlib.suppress(Exception):
                    future.cancel()

    def _threads(self) -> int:
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except TimeoutError as error:
            raise EngineError(_no_worker(self._patience)) from error
        return sum(self._client.nthreads().values())

    def _submit(self, packed: bytes, seconds: float) -> Future[bytes]:
        return self._client.submit(_do, packed, seconds, self._needed, pure=False)

    def _outcome(self, packed: bytes, future: Future[bytes], seconds: float) -> Outcome[Any]:
        for _ in range(_TRIES):
            try:
                return unpack(self._await(future))
            except KilledWorker:
                future = self._submit(packed, seconds)
            except (CancelledError, CommClosedError, OSError) as error:
                raise EngineError(say("与 Dask 调度程序的连接中断。请检查集群后重新运行。")) from error
        return Failure(FailureKind.DIED, f"{_TRIES} times Dask lost too many workers with this item")

    def _await(self, future: Future[bytes]) -> bytes:
        seen = time.monotonic()
        while True:
            try:
                return bytes(future.result(timeout=_LOOK_SECONDS))
            except TimeoutError:
                if self._client.nthreads():
                    seen = time.monotonic()
                elif time.monotonic() - seen > self._patience:
                    raise EngineError(_no_worker(self._patience)) from None


@contextlib.contextmanager
def dask_engine(
    scheduler: str = "", places: tuple[Path, ...] = (), patience: float = _PATIENCE_SECONDS
) -> Iterator[DaskEngine]:
    """The engine of the scheduler at that address (tcp://…), or of a cluster here where none is named.

    Raises:
        EngineError: nobody answers at that address.
    """
    with contextlib.ExitStack() as stack:
        address: str | LocalCluster = scheduler
        if not scheduler:
            address = stack.enter_context(
                LocalCluster(n_workers=default_workers(), threads_per_worker=1, dashboard_address=None)
            )
        try:
            client = stack.enter_context(Client(address, timeout=patience))
        except (OSError, ValueError) as error:
            raise EngineError(
                say(
                    "连接不到 Dask 调度程序 {scheduler}（{error}）。请核对地址。",
                    scheduler=scheduler,
                    error=error,
                )
            ) from error
        yield DaskEngine(client, places, patience)


def _do(packed: bytes, seconds: float, needed: tuple[str, tuple[str, ...]]) -> bytes:
    """The work on one item, on a Dask worker: in a process of its own beside it."""
    worker = get_worker()
    _refuse_unfit(worker.address, *needed)
    # A worker below a nanny counts as a daemon, which may have no children; ours end with it all the same.
    multiprocessing.current_process().daemon = False
    work, item = pickle.loads(packed)  # noqa: S301 made by our own run
    with hearing() as heard:
        (outcome,) = LocalEngine(worker.state.nthreads).map(work, [item], seconds=seconds)
    return pack(outcome, heard)


def _refuse_unfit(address: str, wanted: str, places: tuple[str, ...]) -> None:
    """Another version would decide otherwise, a folder that is not there would look like missing files."""
    if (own := version("jixiao")) != wanted:
        raise EngineError(
            say(
                "Dask 工作机 {address} 上的 jixiao 是 {own}，本机是 {wanted}。请装成同一版本。",
                address=address,
                own=own,
                wanted=wanted,
            )
        )
    for place in places:
        if not Path(place).is_dir():
            raise EngineError(
                say(
                    "Dask 工作机 {address} 上没有 {place}。请把该文件夹挂载到同一路径。",
                    address=address,
                    place=place,
                )
            )


def _no_worker(seconds: float) -> str:
    return say("Dask 集群在 {seconds:g} 秒内没有可用的工作进程。请启动工作进程后重新运行。", seconds=seconds)
