"""A ledger's database: its tables, and opening it, or what to say where that can't be.

The tables are as the newest migration leaves them; the migrations beside are what makes them. A run adds a
state for every department of which it found something new; the state before it ends with it. So a run that
finds nothing new writes one row, and where everybody stands is where `ended_by` is null.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
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
    exc,
)

from jixiao.language import say
from jixiao.ledger.standing import PATIENCE_SECONDS, VERSION_TABLE, VERSIONS, LedgerError, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

_MIGRATIONS = Path(__file__).parent / "migrations"

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


def open_database(url: str, patience: float = PATIENCE_SECONDS) -> Engine:
    """The database of a ledger, made or brought up to date where it has to be.

    Raises:
        LedgerError: it is locked, damaged, out of reach or made by a newer version of this program.
    """
    where = _shown(url)
    with told(where):
        engine = _engine(sa.make_url(url), patience)
        with engine.connect() as connection:
            version = _version(connection)
        if version == VERSIONS[-1]:
            return engine
        _refuse_newer(version, where)
        _migrate(engine)
    return engine


@dataclass(frozen=True, slots=True)
class Look:
    """What a ledger is called, and the version of its tables ("": none yet)."""

    where: str
    version: str


def look_at(url: str, patience: float = PATIENCE_SECONDS) -> Look | None:
    """A ledger as it stands, nothing made or changed; None where there is none.

    Raises:
        LedgerError: it is locked, damaged, out of reach or made by a newer version of this program.
    """
    where = _shown(url)
    with told(where):
        parsed = sa.make_url(url)
        if not _is_file(parsed):
            engine = sa.create_engine(url, poolclass=sa.NullPool)
        elif (path := Path(parsed.database or "")).is_file():
            engine = sa.create_engine(
                "sqlite://",
                creator=lambda: sqlite3.connect(read_only(path), uri=True, timeout=patience),
                poolclass=sa.NullPool,
            )
        else:
            return None
        with engine.connect() as connection:
            version = _version(connection)
        _refuse_newer(version, where)
    return Look(where, version)


def read_only(path: Path) -> str:
    """The URI of an SQLite file to be looked at: without a log beside it nobody writes, and none is made."""
    alone = not path.with_name(f"{path.name}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")


def _refuse_newer(version: str, where: str) -> None:
    if version and version not in VERSIONS:
        raise LedgerError(
            say(
                "台账 {where} 由更新版本的程序建立（{version}，本程序只认到 {versions}），没有读写。"
                "请升级本程序，或用 --ledger 另指一处。",
                where=where,
                version=version,
                versions=VERSIONS[-1],
            )
        )


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn what databases raise into a sentence."""
    try:
        yield
    except (exc.SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
        raise LedgerError(sentence(where, getattr(error, "orig", None) or error)) from error


def where_of(engine: Engine) -> str:
    """What to call a ledger in a sentence: never with a password."""
    return _shown(engine.url)


def _shown(url: str | URL) -> str:
    try:
        parsed = sa.make_url(url)
    except exc.ArgumentError:
        return say("（地址无法解析）")
    return parsed.database or "" if _is_file(parsed) else parsed.render_as_string(hide_password=True)


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _engine(url: URL, patience: float) -> Engine:
    if not _is_file(url):
        return sa.create_engine(url, pool_pre_ping=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": patience})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")  # who looks at it does not wait for who writes

    return engine


def _version(connection: Connection) -> str:
    """The migration that a ledger is at; "" where there is none yet."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return ""
    return str(connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")  # noqa: S608


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 half a second that only a new ledger has to wait
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix().replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except exc.SQLAlchemyError:
        with engine.connect() as connection:  # another run may have made it at the same time
            if _version(connection) != VERSIONS[-1]:
                raise
