"""What an engine promises, and what becomes of one item of a map step."""

from __future__ import annotations

import pickle
import traceback
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
    outcome: Outcome[Result] = attempt(work, item)
    try:
        return pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 as above
        return pickle.dumps(Failure(FailureKind.RAISED, traceback.format_exc()))


def unpack(packed: bytes) -> Outcome[Any]:
    """The outcome that `attempt_packed` gave in a process of ours."""
    outcome: Outcome[Any] = pickle.loads(packed)  # noqa: S301 made by our own worker
    return outcome


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
    """How many of so many items go into a batch: few enough that every worker has several."""
    return max(1, min(most, items // _BATCHES))


_BATCHES = 8
"""Some for each worker of a machine of ours, so that none waits long for the last one."""
