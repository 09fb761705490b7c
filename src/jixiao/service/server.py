"""The Prefect server of a run: the one that PREFECT_API_URL names, else one of our own on loopback.

Our own is a real server, for Prefect's temporary one logs to the screen and does not schedule. A single run
has it on a thread of its process: what client and server both need of Prefect is loaded once (95 MB and two
seconds of a processor less than a program of its own), and it can't be left behind. A service has it as a
child that dies with it: a server that hangs there can be ended and started again.
Nothing here imports prefect before a server is begun: its settings are fixed when it is first imported.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Thread, Timer
from typing import TYPE_CHECKING, Any, Protocol

from jixiao.language import say
from jixiao.service.state import VARIABLE, log_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_VARIABLE = "PREFECT_API_URL"
_LOGGING = Path(__file__).with_name("logging.yml")
HOST = "127.0.0.1"
_PROGRAM = Path(__file__).with_name("lifeline.py")
_POLL_SECONDS = 0.05
_STOP_SECONDS = 8.0
_LAST_SECONDS = 30.0
"""After so long a server that hangs takes the program with it, which is done by then."""
_PATIENCE_SECONDS = 120.0
"""In a new place, on a busy computer, laying out the database alone may take a minute."""
_DATABASE = "prefect.db"
_MIGRATES = "PREFECT_SERVER_DATABASE_MIGRATE_ON_START"
_LAID_OUT = "laid-out"
"""File beside the database that says which Prefect laid it out, and how far."""
_LOG = logging.getLogger(__name__)
_HUNG_SECONDS = 300.0
"""A server that has not answered for so long hangs; on a busy computer one may take a minute."""
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows: no console window for the server, and no Ctrl+C that was meant for us; 0 elsewhere."""


class ServerUnavailableError(Exception):
    """No Prefect server could be started; the message is a Chinese sentence."""


class _EndedError(ServerUnavailableError):
    """The server gave up by itself, as it does on a database that it cannot read."""


class Server(Protocol):
    """A server at `url`, an API address; wait until it is ready before the first request."""

    @property
    def url(self) -> str:
        """The API address."""

    def await_ready(self) -> None:
        """Return when the server answers.

        Raises:
            ServerUnavailableError: it does not.
        """

    def is_down(self) -> bool:
        """Whether it is certain that nobody will answer any more."""

    def revive(self) -> bool:
        """Start it again at the same address; whether it still has what it knew.

        Raises:
            ServerUnavailableError: it does not come up.
        """


@contextlib.contextmanager
def prefect_server(
    state: Path, *, scheduling: bool = False, patience: float = _PATIENCE_SECONDS, port: int = 0
) -> Iterator[Server]:
    """A server to work with, the environment set so that prefect, once imported, uses it quietly.

    Our own server is started here where it schedules, else where it is waited for, so that this process has
    imported what it needs itself by then.

    Args:
        state: the state folder; Prefect's data and logs go below it.
        scheduling: whether our own server has to schedule runs, and to show its page of them.
        patience: seconds to wait for our own server.
        port: of our own server; 0: where it last scheduled, if nobody else is there, else any.

    Raises:
        ServerUnavailableError: our own server can't be started.
        OSError: the state folder cannot be written to.
    """
    (state / "prefect").mkdir(parents=True, exist_ok=True)
    named = os.environ.get(API_VARIABLE)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_environment(_quiet(state)))
        if named:
            yield NamedServer(named)
            return
        stack.enter_context(_environment(_own(state, scheduling=scheduling)))
        server = OwnServer(state, patience, _port(state, port) if scheduling else 0, apart=scheduling)
        stack.callback(server.stop)
        stack.enter_context(_environment({API_VARIABLE: server.url}))
        yield server


def _quiet(state: Path) -> dict[str, str]:
    """Settings for every run: nothing on the screen, nothing sent anywhere, nothing in the user's home."""
    return {
        VARIABLE: str(state),
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": os.environ.get("PREFECT_HOME") or str(state / "prefect"),
        "PREFECT_LOGGING_SETTINGS_PATH": str(_LOGGING),
        "PREFECT_LOGGING_HANDLERS_FILE_FILENAME": str(log_file(state, "prefect")),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }


def _own(state: Path, *, scheduling: bool) -> dict[str, str]:
    """Settings for our own server. Requests to ourselves must not go through an office's proxy."""
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), HOST]))
    return {
        "NO_PROXY": direct,
        "no_proxy": direct,
        # Instrumenting a library that our server never uses takes as long as loading it.
        "PY_KEY_VALUE_DISABLE_BEARTYPE": "true",
        "PREFECT_HOME": str(state / "prefect"),
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # A busy computer or a slow disk: waiting is better than a run lost to a database that is locked.
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PREFECT_SERVER_UI_ENABLED": str(scheduling).lower(),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # The newer page makes a browser ask a company for its settings, whatever analytics are set to.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        # The page is unpacked where this user may write: an installed package may belong to somebody else.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(state / "prefect" / "page"),
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": str(scheduling).lower(),
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": str(scheduling).lower(),
        # Kinds of blocks are for its page, which a single run does not have.
        "PREFECT_API_BLOCKS_REGISTER_ON_START": str(scheduling).lower(),
        "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": str(scheduling).lower(),
    }


@contextlib.contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@dataclass(frozen=True, slots=True)
class NamedServer:
    """A server that somebody else looks after."""

    url: str

    def await_ready(self) -> None:
        """Nothing: prefect itself says if it does not answer."""

    def is_down(self) -> bool:
        """Never certain: it may be on its way back."""
        return False

    def revive(self) -> bool:
        """Nothing: whoever looks after it starts it again."""
        return True


class OwnServer:
    """A Prefect server on loopback that lives no longer than this process: a child, or a thread of it."""

    def __init__(self, state: Path, patience: float, port: int = 0, *, apart: bool = True) -> None:
        """Have one at a port (0: any that is free), with its data and log below `state`.

        `apart`: a program of its own, begun at once; else a thread, begun where it is waited for.

        Raises:
            ServerUnavailableError: this machine does not let it start.
        """
        self._state = state
        self._patience = patience
        self._apart = apart
        self._answered = time.monotonic()
        self._begun_anew = False
        self._running: _Child | _Hosted | None = None
        with _startable():
            self._port = port or free_port()
        if apart:
            self._start()

    @property
    def url(self) -> str:
        """The API address."""
        return _api(self._port)

    def await_ready(self) -> None:
        """Wait; if the server gives up, once more without its old database, which holds only past runs.

        Raises:
            ServerUnavailableError: it is not ready in time, or gives up again.
        """
        database = self._state / "prefect" / _DATABASE
        try:
            self._await_health(self._running or self._start())
        except _EndedError:
            if not database.exists():
                raise
            self._begun_anew = True
            with _startable():
                for path in database.parent.glob(f"{_DATABASE}*"):
                    path.unlink()
            self._await_health(self._start())
        _note_laid_out(database)

    def is_down(self) -> bool:
        """Whether its program has ended, or has not answered for a while."""
        if self._running is None or self._running.has_ended():
            return True
        if _is_healthy(self._port):
            self._answered = time.monotonic()
        return time.monotonic() - self._answered >= _HUNG_SECONDS

    def revive(self) -> bool:
        """Start it again at the same address; whether it still has what it knew.

        Raises:
            ServerUnavailableError: it does not come up.
        """
        self.stop()
        self._begun_anew = False
        self._start()
        self.await_ready()
        self._answered = time.monotonic()
        return not self._begun_anew

    def stop(self) -> None:
        """End it."""
        if self._running is not None:
            self._running.end()
            self._running = None

    def _start(self) -> _Child | _Hosted:
        database = self._state / "prefect" / _DATABASE
        laid_out = _is_laid_out(database)
        with _startable():
            self._running = (_Child if self._apart else _Hosted)(self._state, self._port, laid_out=laid_out)
        return self._running

    def _await_health(self, running: _Child | _Hosted) -> None:
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            if running.has_ended():
                raise _EndedError(say("本机的调度服务启动后即退出。"))
            if _is_healthy(self._port):
                return
            time.sleep(_POLL_SECONDS)
        raise ServerUnavailableError(
            say("本机的调度服务在 {patience:g} 秒内没有启动完成。", patience=self._patience)
        )


@contextlib.contextmanager
def _startable() -> Iterator[None]:
    """Inside, what this machine forbids is said as an officer can read it."""
    try:
        yield
    except OSError as error:
        raise ServerUnavailableError(
            say("本机的调度服务无法启动：{strerror}。", strerror=error.strerror or error)
        ) from error


class _Child:
    """`prefect server start` as a program of its own, which ends with this one."""

    def __init__(self, state: Path, port: int, *, laid_out: bool) -> None:
        address = ("--host", HOST, "--port", str(port))
        settings = {
            _MIGRATES: str(not laid_out).lower(),
            "PREFECT_SERVER_UI_API_URL": _api(port),  # else its page asks port 4200
        }
        with log_file(state, "server").open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no words of a user
                [sys.executable, "-P", str(_PROGRAM), *address],
                env={**os.environ, **settings},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                creationflags=_NO_WINDOW,
                start_new_session=os.name == "posix",
            )

    def has_ended(self) -> bool:
        """Whether its program has."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Cut its lifeline, ask, insist."""
        if self._process.stdin:
            self._process.stdin.close()
        if os.name == "posix":
            self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Hosted:
    """The server's application on a thread of this process. What it logs goes where Prefect's client logs."""

    def __init__(self, state: Path, port: int, *, laid_out: bool) -> None:
        import uvicorn

        with log_file(state, "server").open("a", encoding="utf-8") as log:
            log.write(f"{_api(port)}\n")
        # Prefect has set up what is logged where, so uvicorn has nothing to. At the end it waits for nobody.
        config = uvicorn.Config(_application(), HOST, port, log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._serve, args=(laid_out,), name="prefect server", daemon=True)
        self._thread.start()

    def _serve(self, laid_out: bool) -> None:  # noqa: FBT001 - of a thread
        from prefect.settings import PREFECT_API_DATABASE_MIGRATE_ON_START, temporary_settings

        settings = {PREFECT_API_DATABASE_MIGRATE_ON_START: not laid_out}
        with temporary_settings(settings), contextlib.suppress(SystemExit):  # so it ends where it can't begin
            self._server.run()

    def has_ended(self) -> bool:
        """Whether its thread has."""
        return not self._thread.is_alive()

    def end(self) -> None:
        """Ask; where it hangs, it must not keep this program from ending."""
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            _LOG.warning("the server does not end")
            last = Timer(_LAST_SECONDS, os._exit, (1,))
            last.daemon = True
            last.start()


def _application() -> Any:  # noqa: ANN401 - FastAPI's, which nobody here looks into
    """Prefect's server for ASGI; a new one each time, for one that ended can't begin again.

    Ephemeral: without services that look after schedules, workers and pauses; what records a run is there.
    """
    from prefect.server.api.server import create_app

    return create_app(ephemeral=True, ignore_cache=True)


def _laying_out(database: Path) -> str:
    """Which Prefect laid out a database, and how far; "" where that can't be told."""
    try:
        with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, TypeError):
        return ""
    return f"prefect {version('prefect')}, {revision}"


def _is_laid_out(database: Path) -> bool:
    """Whether a server can use the database as it is: looking through all its migrations takes long."""
    try:
        noted = (database.parent / _LAID_OUT).read_text(encoding="utf-8")
    except OSError:
        return False
    return bool(noted) and noted == _laying_out(database)


def _note_laid_out(database: Path) -> None:
    """A server is ready, so the database is as this Prefect wants it."""
    if not _is_laid_out(database) and (laid_out := _laying_out(database)):
        with contextlib.suppress(OSError):
            (database.parent / _LAID_OUT).write_text(laid_out, encoding="utf-8")


def _api(port: int) -> str:
    return f"http://{HOST}:{port}/api"


def page_address(server: Server) -> str:
    """Where a browser shows what runs there were and will be, whoever's server it is."""
    return server.url.rstrip("/").removesuffix("/api")


def free_port(wanted: int = 0) -> int:
    """A port of the loopback address that nobody listens on.

    Raises:
        OSError: somebody listens on the one that is wanted.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # connections that are only just over keep nobody out
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, wanted))
        return int(probe.getsockname()[1])


def _port(state: Path, wanted: int) -> int:
    """The port to schedule at: the one that is wanted, else the last one, so that bookmarks stay right."""
    record = state / "prefect" / "port"
    try:
        port = free_port(wanted or _last_port(record))
    except OSError as error:
        if wanted:
            raise ServerUnavailableError(
                say(
                    "端口 {wanted} 不能使用（{strerror}）。请用 --port 另写一个，或不写由程序自选。",
                    wanted=wanted,
                    strerror=error.strerror,
                )
            ) from error
        port = free_port()
    record.write_text(str(port), encoding="utf-8")
    return port


def _last_port(record: Path) -> int:
    try:
        return int(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
