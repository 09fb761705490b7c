"""Opening a ledger: where it is, whether this program can use it, and what to say where it can't."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import exc

from jixiao.language import say
from jixiao.ledger.schema import VERSION_TABLE, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

FILE = "ledger.sqlite"
VARIABLE = "JIXIAO_LEDGER"
"""Environment variable that names another ledger: a file, or the SQLAlchemy URL of a database."""

PATIENCE_SECONDS = 10.0
"""So long another program's writing is waited for; ours takes fractions of a second."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_MIGRATIONS = Path(__file__).parent / "migrations"


class LedgerError(Exception):
    """The ledger can't be used; the message is a Chinese sentence: what, where, what to do."""


def ledger_url(named: str, state: Path) -> str:
    """The URL of a ledger: the one named, else JIXIAO_LEDGER's, else a file in the state folder."""
    given = named or os.environ.get(VARIABLE, "")
    if "://" in given:
        return given
    path = Path(given) if given else state / FILE
    return f"sqlite:///{path.absolute().as_posix()}"


def is_there(url: str) -> bool:
    """Whether there may be a ledger: a file that is there, or a server of which only asking tells."""
    try:
        parsed = sa.make_url(url)
    except exc.ArgumentError:
        return True  # opening it says what is wrong
    return not _is_file(parsed) or Path(parsed.database or "").is_file()


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
        _migrate(engine)
    return engine


@contextmanager
def told(where: str) -> Iterator[None]:
    """Turn what databases raise into a sentence."""
    try:
        yield
    except (exc.SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
        raise LedgerError(_sentence(where, error)) from error


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


def _sentence(where: str, error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _LOCKED:
        return say("台账 {where} 正被另一个程序占用，未能读写。请关闭占用它的程序后重新运行。", where=where)
    if code in _DAMAGED:
        return say(
            "台账 {where} 已损坏。请用备份恢复；没有备份的，把它移到别处后重新运行，会另建一本。", where=where
        )
    if isinstance(error, ImportError):
        return say(
            "台账 {where} 所需的数据库驱动没有安装（{name}）。PostgreSQL 请安装 '.[postgresql]'。",
            where=where,
            name=error.name,
        )
    said = " ".join(str(cause).split())
    return say(
        "台账 {where} 无法使用（{said}）。请检查该位置的权限、磁盘空间或数据库连接后重新运行。",
        where=where,
        said=said,
    )
