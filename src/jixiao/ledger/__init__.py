"""The ledger（台账）: every submission of a round with its findings and scores, and the run that saw it.

What only looks at where departments stand comes from `standing`, without SQLAlchemy; all else is loaded when
it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.ledger.standing import (
    FILE,
    VARIABLE,
    LedgerError,
    RoundSummary,
    RunRecord,
    asked,
    is_there,
    ledger_url,
    read_progress,
    read_rounds,
)

if TYPE_CHECKING:
    from jixiao.ledger.store import Ledger, Mark, Passage, open_ledger

__all__ = [
    "FILE",
    "VARIABLE",
    "Ledger",
    "LedgerError",
    "Mark",
    "Passage",
    "RoundSummary",
    "RunRecord",
    "asked",
    "is_there",
    "ledger_url",
    "open_ledger",
    "read_progress",
    "read_rounds",
]


def __getattr__(name: str) -> object:
    """Load the store where one of its names is asked for."""
    if name not in __all__:
        raise AttributeError(name)
    from jixiao.ledger import store  # noqa: PLC0415 SQLAlchemy

    return getattr(store, name)
