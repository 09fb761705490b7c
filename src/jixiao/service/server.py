"""The Prefect server of a run: the one that PREFECT_API_URL names, else one of our own on loopback.

Measured on two cores: our own child server is up in 3 s (10 s when it first lays out its database), Prefect's
temporary one takes as long, logs to the screen and does not schedule. So there is one way for both.
Nothing here imports prefect: its settings are fixed when it is first imported.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jixiao.service.loopback import HOST, OwnServer
from jixiao.service.state import VARIABLE, log_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

API_VARIABLE = "PREFECT_API_URL"
_LOGGING = Path(__file__).with_name("logging.yml")


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
def prefect_server(state: Path, *, scheduling: bool = False, patience: float = 60.0) -> Iterator[Server]:
    """A server to work with, the environment set so that prefect, once imported, uses it quietly.

    Our own server is still starting when this yields, so that prefect can be imported meanwhile.

    Args:
        state: the state folder; Prefect's data and logs go below it.
        scheduling: whether our own server has to schedule runs.
        patience: seconds to wait for our own server.

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
        server = OwnServer(state, patience)
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
        "PREFECT_HOME": str(state / "prefect"),
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # A busy computer or a slow disk: waiting is better than a run lost to a database that is locked.
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PREFECT_SERVER_UI_ENABLED": "false",
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
