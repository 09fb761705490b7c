"""Where map steps run: in this process, in processes of this machine, or on a cluster that is already there.

Nothing here knows what the work is. Whatever happens to one item stays with that item.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jixiao.engines.local import InProcessEngine, LocalEngine, default_workers, end_workers, give_back
from jixiao.engines.outcomes import (
    Done,
    Engine,
    EngineError,
    Failure,
    FailureKind,
    Outcome,
    attempt,
    batch_size,
    map_in_batches,
)
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENGINES = ("local", "dask")

__all__ = [
    "ENGINES",
    "Done",
    "Engine",
    "EngineError",
    "Failure",
    "FailureKind",
    "InProcessEngine",
    "LocalEngine",
    "Outcome",
    "attempt",
    "batch_size",
    "default_workers",
    "end_workers",
    "give_back",
    "map_in_batches",
    "open_engine",
]


@contextmanager
def open_engine(name: str = "local", scheduler: str = "", places: tuple[Path, ...] = ()) -> Iterator[Engine]:
    """The engine of that name, one of `ENGINES`, for as long as the context lasts.

    Args:
        name: `local`: worker processes of this machine; `dask`: the workers of a Dask scheduler.
        scheduler: the address of that (tcp://…); "": a cluster of this machine.
        places: folders that every worker must see at the same paths.

    Raises:
        EngineError: there is no such engine, it is not installed, or its scheduler does not answer.
    """
    if name == "local":
        yield LocalEngine()
        return
    if name != "dask":
        raise EngineError(
            say("没有“{name}”这种运行方式，可用：{engines}。", name=name, engines=say("、").join(ENGINES))
        )
    try:
        from jixiao.engines.cluster import dask_engine  # noqa: PLC0415 an extra that need not be installed
    except ImportError as error:
        raise EngineError(say("没有安装 Dask，请安装附加组件 jixiao[dask]。")) from error
    with dask_engine(scheduler, places) as engine:
        yield engine
