"""The flow's own logic; that it runs on a server is shown in test_runs.py."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
from prefect import runtime
from prefect.client.schemas.objects import FlowRun, State, StateType, TaskRun
from prefect.states import Completed, Crashed, Failed

from jixiao.pipeline import ConfigurationError, Place, PublicationError, held
from jixiao.service import flow, steps
from jixiao.service.flow import RoundsFailedError, artifact_key, is_io_failure, read_files, run_flow
from jixiao.service.progress import Failure
from jixiao.service.server import ServerUnavailableError
from jixiao.service.steps import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect.tasks import Task

URL = "http://127.0.0.1:9/api"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("hunan-2024", "round-hunan-2024"),
        ("Hunan_2024", "round-c792efe0e2ec"),
        ("湖南-2024", "round-25fd2923b515"),
        ("a--b", "round-90827a2e5636"),
    ],
)
def test_artifacts_have_keys_that_prefect_allows(name: str, key: str) -> None:
    assert artifact_key(name) == key


def test_prefects_page_asks_for_every_parameter_in_chinese() -> None:
    asked = flow.consolidate.parameters.properties
    assert [each["title"] for each in asked.values()] == [
        *("报送文件夹", "结果文件夹", "评价批次", "本地规则", "运行方式", "Dask 调度程序", "台账"),
        *("沿用以前的结果", "Word 报告"),
    ]
    assert asked["engine"]["enum"] == ["local", "dask"]
    assert all(re.search("[一-鿿]", each["description"]) for each in asked.values())


@pytest.mark.parametrize(
    ("rounds", "name"), [(None, "全部批次"), ([], "全部批次"), (["甲", "b-2024"], "甲、b-2024")]
)
def test_a_runs_name_says_when_and_what(
    rounds: list[str] | None, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime.flow_run, "parameters", {"rounds": rounds}, raising=False)
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d {name}", flow.run_name())


@pytest.mark.parametrize(
    ("error", "retried"),
    [
        (PermissionError(13, "open elsewhere"), True),
        (PublicationError("请关闭汇总表"), True),
        (ValueError("ours"), False),
        (ConfigurationError("no round"), False),
    ],
)
def test_only_trouble_with_files_is_tried_again(*, error: Exception, retried: bool) -> None:
    run = TaskRun(task_key="k", dynamic_key="0")
    assert is_io_failure(read_files, run, Failed(data=error)) is retried


@pytest.mark.parametrize("task", [read_files, flow.evaluate_departments, flow.conclude_round])
def test_a_task_does_the_work_of_its_step(task: Task[[Callable[[], int]], int]) -> None:
    assert task.fn(lambda: 7) == 7


def flow_that(monkeypatch: pytest.MonkeyPatch, outcome: Exception) -> None:
    def play(**_parameters: object) -> None:
        raise outcome

    monkeypatch.setattr(flow, "consolidate", play)


def test_rounds_that_fail_are_among_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = Failure("r", "磁盘已满。")
    error = RoundsFailedError((failure,))
    assert str(error) == "r：磁盘已满。"
    flow_that(monkeypatch, error)
    assert run_flow(URL, Job(Path("i"), Path("o"))) == (failure,)


def test_a_run_that_cannot_begin_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigurationError, match="找不到收件文件夹"):
        flow.consolidate.fn(str(tmp_path / "无"), str(tmp_path))
    (line,) = capsys.readouterr().out.splitlines()
    assert line[17:] == (
        f"本次运行未能完成。找不到收件文件夹 {tmp_path / '无'}。"
        "请先用 jixiao new 批次 --scheme 方案 --year 年度 新建评价批次，或用 --inputs 指明文件夹。"
    )


def test_a_run_that_loses_its_server_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lose(*_: object) -> None:
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(steps, "run_rounds", lose)
    with pytest.raises(httpx.ConnectError):
        flow.consolidate.fn(str(tmp_path), str(tmp_path))
    (line,) = capsys.readouterr().out.splitlines()
    assert line[17:] == (
        "本次运行未能完成。与调度服务的连接中断。下次按计划重新运行，也可用 jixiao run 立即运行。"
    )


def test_a_run_on_schedule_that_left_all_to_another_counts_as_cancelled_not_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, failed = Failure("r", "正由另一次运行处理。", busy=True), Failure("s", "磁盘已满。")
    outcomes = [(busy,), (busy, failed)]
    monkeypatch.setattr(steps, "run_rounds", lambda *_: outcomes.pop(0))
    state = flow.consolidate.fn(str(tmp_path), str(tmp_path))
    assert isinstance(state, State)
    assert (state.type, state.message) == (StateType.CANCELLED, "r：正由另一次运行处理。")
    with pytest.raises(RoundsFailedError, match=r"^r：正由另一次运行处理。；s：磁盘已满。$"):
        flow.consolidate.fn(str(tmp_path), str(tmp_path))


def test_who_runs_a_round_by_hand_that_another_run_has_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in" / "r").mkdir(parents=True)
    (tmp_path / "in" / "r" / "round.toml").touch()
    with held(Place.of(tmp_path / "out", "r")):
        (failure,) = steps.run_rounds(Job(tmp_path / "in", tmp_path / "out"), steps.Worker())
        assert failure == Failure(
            "r", "r 正由另一次运行处理，这次没有重复处理。请等它结束后再运行。", busy=True
        )
        monkeypatch.setattr(flow, "nobody_watches", lambda: False)
        monkeypatch.setattr(steps, "run_rounds", lambda *_: (failure,))
        with pytest.raises(RoundsFailedError):
            flow.consolidate.fn(str(tmp_path), str(tmp_path / "out"))


def test_a_run_whose_program_was_killed_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    (hook,) = flow.consolidate.on_crashed_hooks
    hook(flow.consolidate, FlowRun(flow_id=uuid4()), Crashed())
    (line,) = capsys.readouterr().out.splitlines()
    assert line[17:] == (
        "本次运行未能完成。运行程序意外中断。下次按计划重新运行，也可用 jixiao run 立即运行。"
    )


def test_a_wrong_configuration_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    flow_that(monkeypatch, ConfigurationError("找不到 r。"))
    with pytest.raises(ConfigurationError, match=r"^找不到 r。$"):
        run_flow(URL, Job(Path("i"), Path("o")))


def test_whatever_prefect_raises_means_that_it_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    flow_that(monkeypatch, RuntimeError("Failed to reach API"))
    with pytest.raises(ServerUnavailableError, match=r"^与调度服务的连接中断。$"):
        run_flow(URL, Job(Path("i"), Path("o")))


def test_a_success_is_not_tried_again() -> None:
    assert is_io_failure(read_files, TaskRun(task_key="k", dynamic_key="0"), Completed(data=1)) is False
