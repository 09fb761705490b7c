"""The Prefect server of a run. Stand-ins for its program and its application keep these tests fast."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prefect.settings import PREFECT_API_DATABASE_MIGRATE_ON_START

from jixiao.service import server
from jixiao.service.server import (
    OwnServer,
    ServerUnavailableError,
    page_address,
    prefect_server,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Receive = Callable[[], Awaitable[object]]
    Send = Callable[[dict[str, object]], Awaitable[None]]

HEALTHY = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/health" else 404)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Handler).serve_forever()
"""
ENDING = "raise SystemExit('no')"
ENDING_ON_OLD_DATABASE = (
    """
import os, pathlib
if (pathlib.Path(os.environ["PREFECT_HOME"]) / "prefect.db").exists():
    raise SystemExit(3)
"""
    + HEALTHY
)
SLEEPING = "import time; time.sleep(60)"


@pytest.fixture(autouse=True)
def no_server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_HOME", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def stand_in(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "lifeline.py").write_text(program, encoding="utf-8")
    monkeypatch.setattr(server, "_PROGRAM", folder / "lifeline.py")


def prefect_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("PREFECT_")}


def is_listening(url: str) -> bool:
    port = int(url.removesuffix("/api").rpartition(":")[2])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_our_own_server_is_up_inside_and_gone_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(HEALTHY, tmp_path, monkeypatch)
    with prefect_server(tmp_path, scheduling=True) as running:
        running.await_ready()
        assert is_listening(running.url)
    assert not is_listening(running.url)


class Application:
    """What a server answers, on a thread of ours; `fails` so many times as it begins."""

    def __init__(self, fails: int = 0, *, hangs: bool = False) -> None:
        self.fails, self.hangs = fails, hangs
        self.begun: list[bool] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(server, "_application", lambda: self)

    async def __call__(self, scope: dict[str, str], receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await receive()
        self.begun.append(bool(PREFECT_API_DATABASE_MIGRATE_ON_START.value()))
        if len(self.begun) <= self.fails:
            await send({"type": "lifespan.startup.failed"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self.hangs:
            await asyncio.sleep(0.5)
        await send({"type": "lifespan.shutdown.complete"})


def test_a_single_runs_server_is_a_thread_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Application().install(monkeypatch)
    with prefect_server(tmp_path) as running:
        assert (is_listening(running.url), running.is_down()) == (False, True)
        running.await_ready()
        assert (is_listening(running.url), running.is_down()) == (True, False)
        assert (tmp_path / "logs" / "server.log").read_text(encoding="utf-8") == f"{running.url}\n"
        assert running.revive() is True
        assert is_listening(running.url)
    assert not is_listening(running.url)
    assert "prefect server" not in {thread.name for thread in threading.enumerate()}


def test_a_database_that_a_thread_cannot_read_is_laid_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = Application(fails=1)
    application.install(monkeypatch)
    with prefect_server(tmp_path) as running:
        database = tmp_path / "prefect" / "prefect.db"
        database.write_bytes(b"broken")
        running.await_ready()
        assert (is_listening(running.url), database.exists(), len(application.begun)) == (True, False, 2)


def test_a_thread_that_ends_is_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Application(fails=9).install(monkeypatch)
    with (
        pytest.raises(ServerUnavailableError, match=r"^本机的调度服务启动后即退出。$"),
        prefect_server(tmp_path) as running,
    ):
        running.await_ready()


def test_a_server_that_does_not_end_takes_the_program_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Application(hangs=True).install(monkeypatch)
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr(server, "_STOP_SECONDS", 0.0)
    monkeypatch.setattr(server, "_LAST_SECONDS", 0.0)
    with prefect_server(tmp_path) as running:
        running.await_ready()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and isinstance(thread, threading.Timer):
            thread.join()
    assert ended == [1]


def test_a_database_is_migrated_until_this_prefect_has_used_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = Application()
    application.install(monkeypatch)
    home = tmp_path / "prefect"
    home.mkdir()

    def run(revision: str) -> bool:
        with contextlib.closing(sqlite3.connect(home / "prefect.db")) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
            database.execute("DELETE FROM alembic_version")
            database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        with prefect_server(tmp_path) as running:
            running.await_ready()
        return application.begun[-1]

    assert [run("a"), run("a"), run("b"), run("b")] == [True, False, True, False]
    (home / "laid-out").write_text("prefect 2.0, b", encoding="utf-8")
    assert (run("b"), run("b")) == (True, False)


def test_prefect_is_told_to_be_quiet_and_to_stay_in_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(HEALTHY, tmp_path, monkeypatch)
    monkeypatch.setenv("NO_PROXY", "intranet")
    before = dict(os.environ)
    with prefect_server(tmp_path, scheduling=True) as running:
        inside = dict(os.environ)
    assert dict(os.environ) == before
    assert prefect_settings(inside) == {
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "true",
        "PREFECT_API_URL": running.url,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_LOGGING_HANDLERS_FILE_FILENAME": str(tmp_path / "logs" / "prefect.log"),
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(server.__file__).with_name("logging.yml")),
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "true",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "true",
        "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "true",
        "PREFECT_SERVER_UI_ENABLED": "true",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(tmp_path / "prefect" / "page"),
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
    }
    assert (inside["NO_PROXY"], inside["DO_NOT_TRACK"]) == ("intranet,127.0.0.1", "1")
    assert inside["JIXIAO_STATE"] == str(tmp_path)


def test_a_server_that_is_killed_is_down_until_it_is_revived_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(HEALTHY, tmp_path, monkeypatch)
    with prefect_server(tmp_path, scheduling=True) as running:
        assert isinstance(running, OwnServer)
        running.await_ready()
        assert not running.is_down()
        assert isinstance(running._running, server._Child)  # noqa: SLF001
        process = running._running._process  # noqa: SLF001 - the test's own child, ended by its id
        process.kill()
        process.wait()
        assert running.is_down()
        url = running.url
        assert running.revive() is True
        assert (running.url, is_listening(url), running.is_down()) == (url, True, False)
    assert not is_listening(url)


SHOWS_WHERE_ITS_PAGE_ASKS = 'import os; print(os.environ["PREFECT_SERVER_UI_API_URL"], flush=True)\n'


def test_its_page_asks_the_server_itself_and_is_there_only_where_runs_are_scheduled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(SHOWS_WHERE_ITS_PAGE_ASKS + HEALTHY, tmp_path, monkeypatch)
    with prefect_server(tmp_path):
        assert os.environ["PREFECT_SERVER_UI_ENABLED"] == "false"
    with prefect_server(tmp_path, scheduling=True) as running:
        assert os.environ["PREFECT_SERVER_UI_ENABLED"] == "true"
        running.await_ready()
        assert page_address(running) == running.url.removesuffix("/api")
    assert (tmp_path / "logs" / "server.log").read_text(encoding="utf-8").startswith(f"{running.url}\n")
    assert page_address(server.NamedServer("https://prefect.invalid/x/api/")) == "https://prefect.invalid/x"


def test_a_service_comes_back_at_the_port_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(HEALTHY, tmp_path, monkeypatch)
    urls = []
    for _ in range(2):
        with prefect_server(tmp_path, scheduling=True) as running:
            running.await_ready()
            urls.append(running.url)
    assert urls[0] == urls[1]
    with prefect_server(tmp_path) as running:  # a single run leaves that port to the service
        assert running.url != urls[0]
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(urls[0].removesuffix("/api").rpartition(":")[2])))
        other.listen()
        with prefect_server(tmp_path, scheduling=True) as running:
            assert running.url != urls[0]


def test_a_port_that_is_wanted_and_taken_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(HEALTHY, tmp_path, monkeypatch)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(
                ServerUnavailableError, match=rf"^端口 {port} 不能使用（Address already in use）。"
            ),
            prefect_server(tmp_path, scheduling=True, port=port),
        ):
            pass


def test_a_server_that_hangs_is_down_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(HEALTHY, tmp_path, monkeypatch)
    with prefect_server(tmp_path, scheduling=True) as running:
        running.await_ready()
        assert not running.is_down()
        monkeypatch.setattr(server, "_is_healthy", lambda _port: False)
        assert not running.is_down()
        monkeypatch.setattr(server, "_HUNG_SECONDS", 0.0)
        assert running.is_down()


def test_a_revived_server_whose_database_had_to_go_remembers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(ENDING_ON_OLD_DATABASE, tmp_path, monkeypatch)
    with prefect_server(tmp_path, scheduling=True) as running:
        running.await_ready()
        (tmp_path / "prefect" / "prefect.db").write_bytes(b"broken")
        assert running.revive() is False
        assert is_listening(running.url)


def test_a_server_that_is_named_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.invalid/api")
    monkeypatch.setenv("PREFECT_HOME", "/srv/prefect")
    with prefect_server(tmp_path) as running:
        running.await_ready()
        assert running.url == "http://prefect.invalid/api"
        assert (running.is_down(), running.revive()) == (False, True)
        assert os.environ["PREFECT_HOME"] == "/srv/prefect"
        assert "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED" not in os.environ
    assert not (tmp_path / "logs" / "server.log").exists()


def test_a_server_that_ends_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(ENDING, tmp_path, monkeypatch)
    with (
        pytest.raises(ServerUnavailableError, match=r"^本机的调度服务启动后即退出。$"),
        prefect_server(tmp_path, scheduling=True) as running,
    ):
        running.await_ready()
    assert (tmp_path / "logs" / "server.log").read_text(encoding="utf-8") == "no\n"


def test_a_database_that_the_server_cannot_read_is_laid_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(ENDING_ON_OLD_DATABASE, tmp_path, monkeypatch)
    home = tmp_path / "prefect"
    home.mkdir()
    for name in ("prefect.db", "prefect.db-wal", "profiles.toml"):
        (home / name).write_bytes(b"broken")
    with prefect_server(tmp_path, scheduling=True) as running:
        running.await_ready()
        assert is_listening(running.url)
    assert {path.name for path in home.iterdir()} == {"profiles.toml", "port"}


def test_a_server_that_never_answers_is_given_up_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(SLEEPING, tmp_path, monkeypatch)
    began = time.monotonic()
    with (
        pytest.raises(ServerUnavailableError, match=r"^本机的调度服务在 0.3 秒内没有启动完成。$"),
        prefect_server(tmp_path, scheduling=True, patience=0.3) as running,
    ):
        running.await_ready()
    assert time.monotonic() - began < 5


def test_a_machine_that_forbids_the_server_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", forbid)
    with (
        pytest.raises(ServerUnavailableError, match=r"^本机的调度服务无法启动：Permission denied。$"),
        prefect_server(tmp_path, scheduling=True),
    ):
        pass


def test_the_server_ends_when_its_lifeline_is_cut(tmp_path: Path) -> None:
    (tmp_path / "prefect.py").write_text("import sys, time\nprint(sys.argv, flush=True)\ntime.sleep(60)\n")
    lifeline = Path(server.__file__).with_name("lifeline.py")
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-P", str(lifeline), "--port", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert process.stdin
    assert process.stdout
    arguments = process.stdout.readline().decode().strip()
    assert arguments.endswith("'server', 'start', '--port', '1']")
    process.stdin.close()
    assert process.wait(10) != 0
    process.stdout.close()
