"""The Prefect server of a run: the one that PREFECT_API_URL names, else one of our own on loopback.

Our own is `prefect server start` as a child that dies with this process. Measured on two cores: it is up in
3 s (10 s when it first lays out its database); Prefect's temporary one takes as long, logs to the screen and
does not schedule. So there is one way for both.
Nothing here imports prefect: its settings are fixed when it is first imported.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jixiao.language import say
from jixiao.service.state import VARIABLE, log_file, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_VARIABLE = "PREFECT_API_URL"
_LOGGING = Path(__file__).with_name("logging.yml")
HOST = "127.0.0.1"
_PROGRAM = Path(__file__).with_name("lifeline.py")
_POLL_SECONDS = 0.05
_STOP_SECONDS = 8.0
_PATIENCE_SECONDS = 120.0
"""In a new place, on a busy computer, laying out the database alone may take a minute."""
_DATABASE = "prefect.db"
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

    Our own server is still starting when this yields, so that prefect can be imported meanwhile.

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
        if _ahead and not scheduling:
            server = _ahead.pop()
        else:
            server = OwnServer(state, patience, _port(state, port) if scheduling else 0)
        stack.callback(server.stop)
        stack.enter_context(_environment({API_VARIABLE: server.url}))
        yield server


_ahead: list[OwnServer] = []
"""The server that was started before anybody had asked for it."""


@contextlib.contextmanager
def server_ahead(inputs: Path) -> Iterator[None]:
    """Inside, our own server starts already, where there seem to be rounds: loading this program takes long.

    `prefect_server` then works with it. Where it can't be started, nothing is said here but there.
    """
    with contextlib.suppress(ServerUnavailableError, OSError):
        if not os.environ.get(API_VARIABLE) and any(inputs.glob("*/round.toml")):
            _ahead.append(_started_ahead(state_folder()))
    try:
        yield
    finally:
        while _ahead:
            _ahead.pop().stop()


def _started_ahead(state: Path) -> OwnServer:
    (state / "prefect").mkdir(parents=True, exist_ok=True)
    with _environment(_quiet(state)), _environment(_own(state, scheduling=False)):
        return OwnServer(state, _PATIENCE_SECONDS)


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
    """A `prefect server start` on loopback that lives no longer than this process."""

    def __init__(self, state: Path, patience: float, port: int = 0) -> None:
        """Start it at a port (0: any that is free), with its data and log below `state`.

        Raises:
            ServerUnavailableError: this machine does not let it start.
        """
        self._state = state
        self._patience = patience
        self._answered = time.monotonic()
        self._begun_anew = False
        try:
            self._port = port or free_port()
            self._process = self._start()
        except OSError as error:
            raise ServerUnavailableError(
                say("本机的调度服务无法启动：{strerror}。", strerror=error.strerror or error)
            ) from error

    @property
    def url(self) -> str:
        """The API address."""
        return f"http://{HOST}:{self._port}/api"

    def await_ready(self) -> None:
        """Wait; if the server gives up, once more without its old database, which holds only past runs.

        Raises:
            ServerUnavailableError: it is not ready in time, or gives up again.
        """
        database = self._state / "prefect" / _DATABASE
        try:
            self._await_health()
        except _EndedError:
            if not database.exists():
                raise
            self._start_afresh(database)

    def is_down(self) -> bool:
        """Whether its program has ended, or has not answered for a while."""
        if self._process.poll() is not None:
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
        try:
            self._process = self._start()
        except OSError as error:
            raise ServerUnavailableError(
                say("本机的调度服务无法启动：{strerror}。", strerror=error.strerror or error)
            ) from error
        self.await_ready()
        self._answered = time.monotonic()
        return not self._begun_anew

    def _start_afresh(self, database: Path) -> None:
        self._begun_anew = True
        try:
            for path in database.parent.glob(f"{_DATABASE}*"):
                path.unlink()
            self._process = self._start()
        except OSError as error:
            raise ServerUnavailableError(
                say("本机的调度服务无法启动：{strerror}。", strerror=error.strerror or error)
            ) from error
        self._await_health()

    def _start(self) -> subprocess.Popen[bytes]:
        address = ("--host", HOST, "--port", str(self._port))
        with log_file(self._state, "server").open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - our own program, no words of a user
                [sys.executable, "-P", str(_PROGRAM), *address],
                env={**os.environ, "PREFECT_SERVER_UI_API_URL": self.url},  # else its page asks port 4200
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                creationflags=_NO_WINDOW,
                start_new_session=os.name == "posix",
            )

    def _await_health(self) -> None:
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise _EndedError(say("本机的调度服务启动后即退出。"))
            if _is_healthy(self._port):
                return
            time.sleep(_POLL_SECONDS)
        raise ServerUnavailableError(
            say("本机的调度服务在 {patience:g} 秒内没有启动完成。", patience=self._patience)
        )

    def stop(self) -> None:
        """End it: cut its lifeline, ask, insist."""
        if self._process.stdin:
            self._process.stdin.close()
        if os.name == "posix":
            self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


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
