"""The ledger（台账）: every submission of a round with its findings and scores, and the run that saw it."""

from jixiao.ledger.opening import FILE, VARIABLE, LedgerError, is_there, ledger_url
from jixiao.ledger.store import Ledger, Mark, Passage, RoundSummary, RunRecord, open_ledger

__all__ = [
    "FILE",
    "VARIABLE",
    "Ledger",
    "LedgerError",
    "Mark",
    "Passage",
    "RoundSummary",
    "RunRecord",
    "is_there",
    "ledger_url",
    "open_ledger",
]
