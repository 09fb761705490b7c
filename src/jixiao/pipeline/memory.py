"""What earlier runs made, kept by what it was made from: nothing that is there is made again.

One SQLite file in the state folder. Whoever is killed in the middle of it leaves it whole; several processes
use it at once. Nothing depends on it but time: an entry that is damaged or gone is made anew.
"""

from __future__ import annotations

import logging
import pickle
import platform
import sqlite3
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, is_dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zlib import crc32

from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILE = "memory.sqlite"
MOST_BYTES = 2_000_000_000
"""A department of seven forms takes some 50 kB: this is more than ten rounds of three thousand."""
MOST_DAYS = 400
"""A round comes once a year."""

_DAY = 86_400.0
_FRESH = 7 * _DAY
"""Not worth a write a run: when an entry was last used is noted once a week."""
_PATIENCE = 60.0
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries
    (key TEXT PRIMARY KEY, used REAL NOT NULL, size INTEGER NOT NULL, digest BLOB, content BLOB)
"""
_LOG = logging.getLogger(__name__)


def key_of(*parts: object) -> str:
    """The name of what is made from these: values whose `repr` says all that they are, in a fixed order."""
    return sha256("\n".join(map(repr, parts)).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Memory:
    """A store at a place; handed to worker processes, each of which opens it for itself.

    Processes of another machine keep nothing: SQLite on a drive that machines share can break.
    """

    folder: Path
    machine: str = field(default_factory=platform.node)

    def recall(self, key: str) -> Any | None:  # noqa: ANN401 whatever was kept
        """What was kept under a key; None where nothing is, or what is there is damaged."""
        row = self._row(key)
        if row is None:
            return None
        used, content = row
        try:
            value = _unpacked(content)
        except Exception:  # noqa: BLE001 whatever is wrong with it, it is made anew
            self._say_damaged(key)
            return None
        if time.time() - used > _FRESH:
            self._write("UPDATE entries SET used = ? WHERE key = ?", (time.time(), key))
        return value

    def holds(self, key: str) -> bool:
        """Whether something is kept under a key, undamaged."""
        return self._row(key) is not None

    def _row(self, key: str) -> tuple[float, bytes] | None:
        """When an entry was last used, and its content as it was kept; None where there is none."""
        if platform.node() != self.machine:
            return None
        try:
            row = _connection(self.folder).execute(_RECALL, (key,)).fetchone()
        except sqlite3.Error as problem:
            _complain(self.folder, problem)
            return None
        if row is None:
            return None
        used, digest, content = row
        if isinstance(content, bytes) and _digest(content) == digest:
            return used, content
        self._say_damaged(key)
        return None

    def _say_damaged(self, key: str) -> None:
        _LOG.warning(say("记忆库中的一条记录已损坏，重新生成：%s"), key)

    def keep(self, key: str, value: object, *, dense: bool = False) -> bool:
        """Keep a value; whether it is kept: a disk may have no room for it.

        `dense` is one that is mostly files which are packed already.
        """
        if platform.node() != self.machine:
            return False
        content = _pickled(value) if dense else zlib.compress(_pickled(value), 1)
        return self._write(_KEEP, (key, time.time(), len(content), _digest(content), content))

    def tidy(self, most_bytes: int = MOST_BYTES, most_days: float = MOST_DAYS) -> None:
        """Drop what was not used for so long, then the longest unused until the rest fits."""
        self._write("DELETE FROM entries WHERE used < ?", (time.time() - most_days * _DAY,))
        self._write(_DROP_BEYOND, (most_bytes,))

    def _write(self, statement: str, values: tuple[object, ...]) -> bool:
        try:
            _connection(self.folder).execute(statement, values)
        except sqlite3.Error as problem:
            _complain(self.folder, problem)
            return False
        return True


_RECALL = "SELECT used, digest, content FROM entries WHERE key = ?"
_KEEP = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)"
_DROP_BEYOND = """
DELETE FROM entries WHERE key IN (
    SELECT key FROM (SELECT key, SUM(size) OVER (ORDER BY used DESC, key) AS held FROM entries) WHERE held > ?
)
"""


@contextmanager
def passing_memory(parent: Path) -> Iterator[Memory]:
    """A store for one run only."""
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent, prefix="run-", ignore_cleanup_errors=True) as folder:
        try:
            yield Memory(Path(folder))
        finally:
            _close(Path(folder))


_open = threading.local()
"""The connections of this thread, by place: SQLite's are not shared between threads."""


def _connection(folder: Path) -> sqlite3.Connection:
    known: dict[Path, sqlite3.Connection] = _open.__dict__.setdefault("known", {})
    if folder not in known:
        folder.mkdir(parents=True, exist_ok=True)
        # Each statement is a transaction of its own: nobody holds the store while working.
        connection = sqlite3.connect(folder / FILE, timeout=_PATIENCE, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_SCHEMA)
        known[folder] = connection
    return known[folder]


def _close(folder: Path) -> None:
    known: dict[Path, sqlite3.Connection] = _open.__dict__.setdefault("known", {})
    if connection := known.pop(folder, None):
        connection.close()


def _complain(folder: Path, problem: sqlite3.Error) -> None:
    """Say what is wrong; where the file is no store any more, begin with an empty one."""
    if getattr(problem, "sqlite_errorcode", None) not in _BROKEN:
        _LOG.warning(say("记忆库暂时无法使用，不影响结果：%s"), problem)
        return
    _LOG.warning(say("记忆库已损坏，重新建立：%s（%s）"), folder / FILE, problem)
    _close(folder)
    with suppress(OSError):  # in use elsewhere: whoever comes next begins anew
        for path in folder.glob(f"{FILE}*"):
            path.unlink(missing_ok=True)


class _Reducers(dict[type, "Callable[[Any], object]"]):
    """By type how its values are taken apart: frozen dataclasses as calls of their class.

    So they are read back three times as fast as by their own way.
    """

    def __missing__(self, kind: type) -> Callable[[Any], object]:
        if issubclass(kind, type):
            raise KeyError(kind)  # a class is kept by its name, as pickle has it
        names = _arguments(kind)
        if not names:
            reduce: Callable[[Any], object] = _reduced
        elif len(names) == 1:
            reduce = partial(_reduced_to_one, kind, attrgetter(*names))
        else:
            reduce = partial(_reduced_to_many, kind, attrgetter(*names))
        self[kind] = reduce
        return reduce


def _reduced(value: Any) -> object:  # noqa: ANN401 whatever is kept
    return value.__reduce_ex__(pickle.HIGHEST_PROTOCOL)


def _reduced_to_one(kind: type, field: Callable[[Any], object], value: object) -> object:
    return kind, (field(value),)


def _reduced_to_many(kind: type, fields: Callable[[Any], object], value: object) -> object:
    return kind, fields(value)


_REDUCERS = _Reducers()


def _arguments(kind: type) -> tuple[str, ...]:
    """The names of what a type takes by position, if that is all that it holds; () where it is not known."""
    if issubclass(kind, tuple):
        return tuple(getattr(kind, "_fields", ()))
    if not is_dataclass(kind):
        return ()
    given = fields(kind)
    return tuple(each.name for each in given) if all(each.init and not each.kw_only for each in given) else ()


def _pickled(value: object) -> bytes:
    stream = BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _REDUCERS  # type: ignore[assignment]  # asked like any mapping
    pickler.dump(value)
    return stream.getvalue()


def _digest(content: bytes) -> bytes:
    """Tells an entry that a disk or a crash spoilt; six times as fast as what would hold against forgers."""
    return crc32(content).to_bytes(4)


def _unpacked(content: bytes) -> object:
    pickled = content if content.startswith(pickle.PROTO) else zlib.decompress(content)
    value: object = pickle.loads(pickled)  # noqa: S301 our own, and as it was kept
    return value
