"""Where departments stand: the two questions of `jixiao status`, asked without loading SQLAlchemy.

The questions are text that every database understands, so whoever has a connection asks the same. A ledger
in a file is asked through Python's own sqlite3: importing SQLAlchemy takes longer than the whole answer.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jixiao.domain.followups import Progress, RoundKey
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE: Final = "ledger.sqlite"
VARIABLE: Final = "JIXIAO_LEDGER"
"""Environment variable that names another ledger: a file, or the SQLAlchemy URL of a database."""
VERSION_TABLE: Final = "jixiao_version"
"""Of its own name, as all our tables: an office's database may hold other programs' as well."""
VERSIONS: Final = ("0001",)
"""The migrations that this program knows, the newest last."""
PATIENCE_SECONDS: Final = 10.0
"""So long another program's writing is waited for; ours takes fractions of a second."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

Ask: TypeAlias = Callable[[str, Mapping[str, object]], Sequence[Sequence[Any]]]
"""Asks a database a question with named values; its rows."""

PROGRESS_FIELDS: Final = tuple(each.name for each in fields(Progress))
_PROGRESS_ASKED = f"""
SELECT {", ".join(f"s.{name}" for name in PROGRESS_FIELDS)} FROM jixiao_states s
WHERE s.ended_by IS NULL
  AND s.round_id = (SELECT id FROM jixiao_rounds
                    WHERE jurisdiction = :jurisdiction AND name = :name AND year = :year)
  AND s.run_id IN (SELECT id FROM jixiao_runs WHERE confirmed)
ORDER BY s.department
"""  # noqa: S608 the names of our own columns
_ROUNDS_ASKED = """
SELECT r.jurisdiction, r.name, r.year, r.scheme, r.title, n.place, n.created, n.rules, n.version, n.files
FROM jixiao_rounds r JOIN jixiao_runs n ON n.round_id = r.id
WHERE n.id IN (SELECT max(id) FROM jixiao_runs WHERE confirmed GROUP BY round_id)
ORDER BY r.year DESC, r.name
"""


class LedgerError(Exception):
    """The ledger can't be used; the message is a Chinese sentence: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run: where its results go, when it was, by which rules and version, how many files it saw."""

    place: str
    created: str
    rules: str
    version: str
    files: int


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """A round as the ledger has it, with its last run."""

    key: RoundKey
    scheme: str
    title: str
    run: RunRecord


def read_progress(ask: Ask, key: RoundKey) -> tuple[Progress, ...]:
    """How far every department of a round is, by name: one row each, however long its history."""
    told = (dict(zip(PROGRESS_FIELDS, row, strict=True)) for row in ask(_PROGRESS_ASKED, key._asdict()))
    return tuple(Progress(**{**row, "unchanged": bool(row["unchanged"])}) for row in told)


def read_rounds(ask: Ask) -> tuple[RoundSummary, ...]:
    """Every round with its last run, the newest year first."""
    rows = ask(_ROUNDS_ASKED, {})
    return tuple(RoundSummary(RoundKey(*row[:3]), row[3], row[4], RunRecord(*row[5:])) for row in rows)


def ledger_url(named: str, state: Path) -> str:
    """The URL of a ledger: the one named, else JIXIAO_LEDGER's, else a file in the state folder."""
    given = named or os.environ.get(VARIABLE, "")
    if "://" in given:
        return given
    path = Path(given) if given else state / FILE
    return f"sqlite:///{path.absolute().as_posix()}"


def is_there(url: str) -> bool:
    """Whether there may be a ledger: a file that is there, or a server of which only asking tells."""
    scheme, _, rest = url.partition(":///")
    return not scheme.startswith("sqlite") or Path(rest.partition("?")[0]).is_file()


@contextmanager
def asked(url: str) -> Iterator[Ask]:
    """A way to ask the ledger at a URL; a file of this program's own version is opened by sqlite3 alone.

    Raises:
        LedgerError: it is locked, damaged, out of reach or made by a newer version of this program.
    """
    path = _plain_file(url)
    if path is None or not _is_newest(path):
        from jixiao.ledger.store import open_ledger  # noqa: PLC0415 SQLAlchemy, for all that is no such file

        ledger = open_ledger(url)
        try:
            yield ledger.ask
        finally:
            ledger.close()
        return
    with closing(_connected(path)) as connection:

        def ask(question: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
            with sqlite_told(path):
                return connection.execute(question, dict(values)).fetchall()

        yield ask


def _plain_file(url: str) -> Path | None:
    """The file of a ledger that no driver and no option is named for."""
    path = url.removeprefix("sqlite:///")
    return None if path == url or not path or "?" in path else Path(path)


def _connected(path: Path) -> sqlite3.Connection:
    with sqlite_told(path):
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE_SECONDS)


def _is_newest(path: Path) -> bool:
    """Whether it is a ledger that has just the tables that this program asks for."""
    with sqlite_told(path), closing(_connected(path)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE,)).fetchone()
        found = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() if known else None  # noqa: S608
    return found == (VERSIONS[-1],)


@contextmanager
def sqlite_told(path: Path) -> Iterator[None]:
    """Turn what sqlite3 raises into a sentence."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(sentence(str(path), error)) from error


def sentence(where: str, error: BaseException) -> str:
    """What to say where a ledger fails."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
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
    said = " ".join(str(error).split())
    return say(
        "台账 {where} 无法使用（{said}）。请检查该位置的权限、磁盘空间或数据库连接后重新运行。",
        where=where,
        said=said,
    )
