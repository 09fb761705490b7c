"""The ledger's tables, as the newest migration leaves them; the migrations beside are what makes them.

A run adds a state for every department of which it found something new; the state before it ends with it.
So a run that finds nothing new writes one row, and where everybody stands is where `ended_by` is null.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)


ROUNDS = Table(
    "jixiao_rounds",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("jurisdiction", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("year", Integer, nullable=False),
    _text("scheme"),
    _text("title"),
    UniqueConstraint("jurisdiction", "name", "year", name="jixiao_rounds_key"),
)

RUNS = Table(
    "jixiao_runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("jixiao_rounds.id"), nullable=False),
    _text("place"),
    _text("manifest"),
    _text("created"),
    _text("rules"),
    _text("version"),
    _count("files"),
    # False until the results stand in their place: nothing of such a run counts.
    Column("confirmed", Boolean, nullable=False),
    Index("jixiao_runs_round", "round_id"),
)

STATES = Table(
    "jixiao_states",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("jixiao_rounds.id"), nullable=False),
    Column("run_id", ForeignKey("jixiao_runs.id"), nullable=False),
    Column("ended_by", ForeignKey("jixiao_runs.id")),
    Column("department", String(400), nullable=False),
    *map(
        _text,
        ("key", "chain", "seen", "status", "received", "returned", "score", "grade", "budget", "executed"),
    ),
    *map(_count, ("times", "mended", "open", "fresh", "excused", "doubts", "forms", "missing")),
    Column("unchanged", Boolean, nullable=False),
    Index("jixiao_states_round", "round_id", "ended_by"),
    Index("jixiao_states_department", "department"),
    Index("jixiao_states_run", "run_id"),
)

FORMS = Table(
    "jixiao_forms",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("state_id", ForeignKey("jixiao_states.id"), nullable=False),
    *map(_text, ("form", "project", "scope", "file", "sheet", "sha256", "content", "status")),
    *map(_text, ("self_score", "computed_score", "accepted_score", "grade", "figures", "indicators")),
    Index("jixiao_forms_state", "state_id"),
    Index("jixiao_forms_sha256", "sha256"),
)

FINDINGS = Table(
    "jixiao_findings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("state_id", ForeignKey("jixiao_states.id"), nullable=False),
    *map(_text, ("finding_id", "root", "code", "severity", "form", "project", "file", "sheet", "cell")),
    *map(_text, ("label", "address", "reported", "expected", "figures", "statement", "fate", "since")),
    *map(_text, ("opinion", "officer", "decided", "explanation", "excuse", "pinned", "note", "now")),
    Index("jixiao_findings_state", "state_id"),
)
