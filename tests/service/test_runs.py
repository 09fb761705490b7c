"""Real runs of the real program, as an officer starts them: in a process of their own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.builders.rounds import write_round

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DEPARTMENTS = 2


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A working directory with one round of correct forms, in which nothing was ever run."""
    write_round(tmp_path / "inputs" / "invented-2024", DEPARTMENTS, seed=1)
    return tmp_path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's database as laid out at its first start, which takes as long as all the rest of a run."""
    home = tmp_path_factory.mktemp("prefect")
    subprocess.run(
        [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
        env={**environment(home), "PREFECT_HOME": str(home)},
        capture_output=True,
        timeout=180,
        check=True,
    )
    return home / "prefect.db"


@pytest.fixture
def place(fresh: Path, database: Path) -> Path:
    """The same, with a server's database already laid out."""
    folder = fresh / ".jixiao" / "prefect"
    folder.mkdir(parents=True)
    shutil.copy(database, folder)
    return fresh


def environment(place: Path, **changes: str) -> dict[str, str]:
    """An office computer: a proxy that can't reach this machine, a home that nobody may fill."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "JIXIAO"))}
    home = place / "home"
    home.mkdir(exist_ok=True)
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "COLUMNS": "200",
        **changes,
    }


def jixiao(place: Path, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "jixiao", *words],
        cwd=place,
        env=environment(place, **changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )


def recorded(place: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(place / ".jixiao" / "prefect" / "prefect.db")) as database:
        return database.execute(query).fetchall()


SUMMARY = """invented-2024：读取 2 个文件
invented-2024：审核、评分并输出

invented-2024（2024 年度，湖南省省级预算部门绩效自评方案）
  已读取    2 个文件，报送表 14 张，部门 2 个"""


def test_a_run_brings_its_own_server_and_leaves_nothing_running(fresh: Path) -> None:
    place = fresh
    result = jixiao(place, "run")
    assert (result.returncode, result.stderr) == (0, "")
    assert "\n".join(line.rstrip() for line in result.stdout.splitlines()[:5]) == SUMMARY
    results = place / "outputs" / "invented-2024"
    assert f"  汇总表    {Path('outputs/invented-2024/绩效自评汇总_invented-2024.xlsx')}\n" in re.sub(
        r" +\n", "\n", result.stdout
    )
    assert sorted(path.name for path in results.iterdir()) == [
        "data",
        "manifest.json",
        "审核反馈",
        "报告",
        "绩效自评_invented-2024.html",
        "绩效自评_invented-2024_公开.html",
        "绩效自评公开_invented-2024.xlsx",
        "绩效自评汇总_invented-2024.xlsx",
        "绩效评价总报告_invented-2024.docx",
    ]
    assert list((place / "home").iterdir()) == []
    assert not (place / ".jixiao" / "spool").exists()
    assert not is_listening(last_port(place))
    assert recorded(place, "select flow.name, state_type from flow_run join flow on flow.id = flow_id") == [
        ("consolidate", "COMPLETED")
    ]
    assert recorded(place, "select key, type from artifact") == [
        ("round-invented-2024", "table"),
        ("round-invented-2024-results", "markdown"),
    ]


def test_the_flow_runs_directly_where_the_named_server_does_not_answer(place: Path) -> None:
    result = jixiao(place, "run", PREFECT_API_URL="http://127.0.0.1:9/api")
    assert result.returncode == 0
    assert result.stderr == "与调度服务的连接中断。改为直接处理，结果相同，只是没有运行记录。\n"
    assert "\n".join(line.rstrip() for line in result.stdout.splitlines()[:5]) == SUMMARY
    assert (place / "outputs" / "invented-2024" / "manifest.json").is_file()


def last_port(place: Path) -> int:
    log = (place / ".jixiao" / "logs" / "server.log").read_text(encoding="utf-8")
    return int(re.findall(r"http://127\.0\.0\.1:(\d+)/api", log)[-1])


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Service:
    """A `jixiao serve` with a run every three seconds, its output in a file."""

    def __init__(self, place: Path) -> None:
        self._output = place / "screen.txt"
        with self._output.open("w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jixiao", "serve", "--every", "3", "--no-watch"],
                cwd=place,
                env=environment(place),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def lines(self) -> list[str]:
        return self._output.read_text(encoding="utf-8").splitlines()

    def lines_until(self, ending: str, times: int = 1) -> list[str]:
        """What is on the screen as soon as `ending` is on it so many times."""
        deadline = time.monotonic() + 300
        while sum(ending in line for line in self.lines) < times:
            ended = self.process.poll() is not None or time.monotonic() > deadline
            assert not ended, f"{ending} never came: {self.lines}"
            time.sleep(0.1)
        return self.lines


@contextlib.contextmanager
def serving(place: Path) -> Iterator[Service]:
    service = Service(place)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()


def server_of(service: Service) -> int:
    """The process id of the server that the service started."""
    threads = Path(f"/proc/{service.process.pid}/task").glob(
        "*/children"
    )  # a revived one is a thread's child
    children = [child for thread in threads for child in thread.read_text(encoding="utf-8").split()]
    (server,) = [
        int(child) for child in children if b"lifeline.py" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return server


def test_a_served_round_is_run_on_schedule_until_the_service_is_stopped(place: Path) -> None:
    """One service from start to end: its start takes as long as all that is looked at here."""
    (place / "inputs" / "未设置").mkdir()
    with serving(place) as service:
        _greets_and_runs(service, place)
        if Path("/proc/self/task").is_dir():  # the server is found by /proc
            _revives_a_server_that_is_killed(service, place)
        begun = sum("开始处理" in line for line in service.lines)
        lines = service.lines_until("开始处理", times=begun + 1)
        service.lines_until("已完成", times=sum("已完成" in line for line in lines) + 1)
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(30) == 0
        assert service.lines[-1] == "已停止按计划运行。"
    assert not is_listening(last_port(place))


def _greets_and_runs(service: Service, place: Path) -> None:
    results = place / "outputs" / "invented-2024"
    lines = service.lines_until("未设置：未处理，原有结果保留不变。评价批次 未设置 缺少设置文件")
    assert lines[0] == "绩效自评汇总已按计划运行。"
    assert re.fullmatch(r"  下次运行    \d{4}-\d\d-\d\d（周.）\d\d:\d\d:\d\d，Asia/Shanghai", lines[1])
    assert lines[2:7] == [
        f"  报送文件夹  {place / 'inputs'}",
        "  文件变动    不监视，只按计划运行",
        f"  结果文件夹  {place / 'outputs'}",
        f"  运行页面    http://127.0.0.1:{last_port(place)}（用浏览器打开：历次运行、修改参数、立即运行）",
        "  停止        在本窗口按 Ctrl+C，或直接关闭本窗口",
    ]
    assert lines[7].startswith(
        "未设置：暂时不能处理，其他批次照常；改正后下次运行即处理。评价批次 未设置 缺少设置文件"
    )
    said = [re.sub(r"^[-\d]+ [:\d]+ ", "", line) for line in lines if "invented-2024：" in line]
    assert said[:2] == [
        "invented-2024：开始处理 2 个文件",
        f"invented-2024：已完成，报送表 14 张，须改正的问题 0 项，结果在 {results}",
    ]
    assert sum("已完成" in line for line in lines) == 1
    assert (results / "manifest.json").is_file()


def _revives_a_server_that_is_killed(service: Service, place: Path) -> None:
    first = server_of(service)
    os.kill(first, signal.SIGKILL)
    lines = service.lines_until("调度服务已恢复，继续按计划运行。")
    said = [line[17:] for line in lines if "调度服务" in line]
    assert said == ["调度服务意外停止，正在重新启动。", "调度服务已恢复，继续按计划运行。"]
    assert not any("Traceback" in line or "attempts" in line for line in lines)
    assert server_of(service) != first
    log = (place / ".jixiao" / "logs" / "jixiao.log").read_text(encoding="utf-8")
    assert "调度服务意外停止，正在重新启动。" in log


def test_the_server_dies_with_a_service_that_is_killed(place: Path) -> None:
    with serving(place) as service:
        service.lines_until("停止")
        port = last_port(place)
        assert is_listening(port)
        service.process.kill()
        service.process.wait()
        deadline = time.monotonic() + 10
        while is_listening(port):
            assert time.monotonic() < deadline
            time.sleep(0.1)
