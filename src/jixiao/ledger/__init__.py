"""The ledger（台账）: every submission of a round with its findings and scores, and the run that saw it."""

from jixiao.ledger.opening import FILE, VARIABLE, LedgerError, ledger_url
from jixiao.ledger.store import Ledger, Passage, RoundSummary, RunRecord, open_ledger

__all__ = [
    "FILE",
    "VARIABLE",
    "Ledger",
    "LedgerError",
    "Passage",
    "RoundSummary",
    "RunRecord",
    "ledger_url",
    "open_ledger",
]
