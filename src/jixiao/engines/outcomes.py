"""What an engine promises, and what becomes of one item of a map step."""

from __future__ import annotations

import logging
import pickle
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


class FailureKind(StrEnum):
    """How the work on an item ended without a value."""

    RAISED = "raised"
    TIMED_OUT = "timed_out"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The work on an item gave this value."""

    value: Result


@dataclass(frozen=True, slots=True)
class Failure:
    """The work on an item gave no value. `detail` is for the log: a traceback, or how its process ended."""

    kind: FailureKind
    detail: str


class EngineError(Exception):
    """The engine itself can't do any work; the message is a Chinese sentence that says what to do."""


Outcome: TypeAlias = Done[Result] | Failure


class Engine(Protocol):
    """Runs the same work on many items."""

    def map(
        self, work: Callable[[Item], Result], items: Iterable[Item], *, seconds: float
    ) -> Iterator[Outcome[Result]]:
        """One outcome an item, in the order of the items, taken from `items` only as they are needed.

        `work`, items and results must be picklable. Work that raises, takes longer than `seconds` or ends
        its process gives a Failure for its own item only; where nothing is isolated, only raising is held.
        """


def attempt(work: Callable[[Item], Result], item: Item) -> Outcome[Result]:
    """The work on one item, in this process."""
    try:
        return Done(work(item))
    except Exception:  # noqa: BLE001 whatever the work raises, it is that item's alone
        return Failure(FailureKind.RAISED, traceback.format_exc())


def attempt_packed(work: Callable[[Item], Result], item: Item) -> bytes:
    """The outcome, pickled here, so that a value that can't be is a failure, not a dead worker."""
    with hearing() as heard:
        outcome: Outcome[Result] = attempt(work, item)
    try:
        return pack(outcome, heard)
    except Exception:  # noqa: BLE001 as above
        return pack(Failure(FailureKind.RAISED, traceback.format_exc()), heard)


def pack(outcome: Outcome[Any], heard: list[Heard]) -> bytes:
    """An outcome for another process, with what was logged meanwhile."""
    return pickle.dumps((outcome, heard), protocol=pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> Outcome[Any]:
    """The outcome that a process of ours packed; what was logged there is logged here."""
    outcome: Outcome[Any]
    outcome, heard = pickle.loads(packed)  # noqa: S301 made by our own worker
    for name, level, message in heard:
        logging.getLogger(name).log(level, "%s", message)
    return outcome


Heard: TypeAlias = tuple[str, int, str]
"""A record of a log: its logger's name, its level, its message."""
_MOST_HEARD = 100


class _Hearer(logging.Handler):
    """Keeps what is logged, as far as it is no flood."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[Heard] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.heard) < _MOST_HEARD:
            self.heard.append((record.name, record.levelno, self.format(record)))


@contextmanager
def hearing() -> Iterator[list[Heard]]:
    """What a worker logs or warns of inside: its own log is nobody's, and its screen is the officer's."""
    hearer, root = _Hearer(), logging.getLogger()
    root.addHandler(hearer)
    try:
        yield hearer.heard
    finally:
        root.removeHandler(hearer)


def map_in_batches(
    engine: Engine,
    work: Callable[[tuple[Item, ...]], Sequence[Outcome[Result]]],
    items: Sequence[Item],
    *,
    seconds: float,
    size: int,
) -> Iterator[Outcome[Result]]:
    """One outcome an item, in their order; `work` gets up to `size` at once and gives as many outcomes.

    A batch that raises, dies or takes longer than what one item may take is worked off item by item.
    """
    batches = [tuple(items[first : first + size]) for first in range(0, len(items), size)]
    for batch, outcome in zip(batches, engine.map(work, batches, seconds=seconds), strict=True):
        if isinstance(outcome, Done):
            yield from outcome.value
        elif len(batch) == 1:
            yield outcome
        else:
            yield from map_in_batches(engine, work, batch, seconds=seconds, size=1)


def batch_size(items: int, most: int) -> int:
    """How many of so many items go into a batch: few enough that every worker has several.

    Few items go by up to four: what a batch costs whatever is in it weighs more than a worker that waits.
    """
    return max(1, min(most, max(items // _BATCHES, min(items // 2, _SMALL))))


_BATCHES, _SMALL = 8, 4
"""Some batches for each worker of a machine of ours, so that none waits long for the last one."""
