"""A PostgreSQL server for tests: a free port, a folder that goes with it, a user that is not root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_USER = "postgres"


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl; None where no server is installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(each for place in _PLACES for each in Path("/").glob(place.removeprefix("/")))
    return folders[-1] if folders else None


@contextmanager
def postgresql(programs: Path) -> Iterator[str]:
    """A server without anything in it; the URL of its first database, as SQLAlchemy reads it."""
    folder = Path(tempfile.mkdtemp(prefix="jixiao-pg-"))
    if _as_root():
        shutil.chown(folder, _USER)
    data, port = folder / "data", _free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        _run(programs / "initdb", "-D", data, "-U", _USER, "--auth=trust", "--no-sync", "-E", "UTF8")
        _run(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://{_USER}@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _run(*command: object) -> None:
    """Run a program of the server, which refuses to work for root."""
    words = [str(each) for each in command]
    if _as_root():
        words = ["runuser", "-u", _USER, "--", *words]
    done = subprocess.run(  # noqa: S603 a program of the server's, found by us
        words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", text=True
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def measured(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that a database is asked meanwhile: what costs time, whatever the computer."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
