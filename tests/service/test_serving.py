"""A server that dies is revived with patience, and given up when it keeps dying."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Completed, Crashed, Failed, Running, Scheduled

from jixiao.service import serving
from jixiao.service.server import ServerUnavailableError
from jixiao.service.serving import Keeper
from jixiao.service.steps import job_of

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State


@dataclass
class Server:
    """Is down as often as `falls` says, and comes back as `revivals` say: with an error, or remembering."""

    falls: int
    revivals: list[bool | str] = field(default_factory=list)
    url: str = "http://127.0.0.1:9/api"
    revived: int = 0

    def await_ready(self) -> None:
        raise AssertionError

    def is_down(self) -> bool:
        self.falls -= 1
        return self.falls >= 0

    def revive(self) -> bool:
        self.revived += 1
        outcome = self.revivals.pop(0) if self.revivals else True
        if isinstance(outcome, str):
            raise ServerUnavailableError(outcome)
        return outcome


def kept(server: Server, seconds: float = 0.3) -> tuple[Keeper, list[str]]:
    """Watch for a moment, without waiting between looks."""
    said: list[str] = []

    async def watch() -> Keeper:
        keeper = Keeper(server, said.append, check=0, pause=0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keeper.watch(), seconds)
        return keeper

    return asyncio.run(watch()), said


FELL, BACK = "调度服务意外停止，正在重新启动。", "调度服务已恢复，继续按计划运行。"


def test_a_server_that_lives_is_left_alone() -> None:
    server = Server(0)
    keeper, said = kept(server)
    assert (server.revived, said, keeper.up.is_set(), keeper.forgotten.is_set()) == (0, [], True, False)


def test_a_server_that_dies_is_revived() -> None:
    server = Server(2)
    keeper, said = kept(server)
    assert (server.revived, said) == (2, [FELL, BACK, FELL, BACK])
    assert (keeper.up.is_set(), keeper.forgotten.is_set()) == (True, False)


def test_a_server_that_lost_its_records_has_to_be_told_its_schedule() -> None:
    keeper, said = kept(Server(1, [False]))
    assert (said, keeper.forgotten.is_set()) == ([FELL, BACK], True)


def test_a_revival_that_fails_is_tried_again() -> None:
    server = Server(1, ["本机的调度服务启动后即退出。"])
    _, said = kept(server)
    assert said == [FELL, "本机的调度服务启动后即退出，正在重新启动。", BACK]


def test_a_server_that_keeps_dying_is_given_up() -> None:
    server = Server(99)
    said: list[str] = []
    with pytest.raises(ServerUnavailableError, match=r"^调度服务意外停止。一小时内已重试 5 次，不再重试。$"):
        asyncio.run(Keeper(server, said.append, check=0, pause=0).watch())
    assert (server.revived, said) == (5, [FELL, BACK] * 5)


def test_a_server_that_does_not_come_back_is_given_up_with_its_reason() -> None:
    said: list[str] = []
    server = Server(1, ["本机的调度服务在 60 秒内没有启动完成。"] * 9)
    with pytest.raises(ServerUnavailableError, match=r"^本机的调度服务在 60 秒内没有启动完成。一小时内"):
        asyncio.run(Keeper(server, said.append, check=0, pause=0).watch())
    assert server.revived == 5


def test_deaths_of_long_ago_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_WITHIN_SECONDS", 0.0)
    server = Server(8)
    kept(server)
    assert server.revived == 8


def test_a_connection_that_breaks_is_taken_up_again_so_many_times() -> None:
    said: list[str] = []

    async def lose() -> None:
        keeper = Keeper(Server(0), said.append, check=0, pause=0)
        keeper.up.set()
        for _ in range(5):
            await keeper.await_again()
        with pytest.raises(ServerUnavailableError, match=r"^与调度服务的连接中断。一小时内已重试 5 次"):
            await keeper.await_again()

    asyncio.run(lose())
    assert said == ["与调度服务的连接中断，稍后重新连接。"] * 5


def test_while_the_server_is_being_revived_a_broken_connection_waits() -> None:
    said: list[str] = []

    async def lose() -> None:
        keeper = Keeper(Server(0), said.append, check=0, pause=0)
        waiting = asyncio.create_task(keeper.await_again())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        keeper.up.set()
        await waiting

    asyncio.run(lose())
    assert said == []


class Client:
    """A Prefect client that plays a run: each time it is asked for, its next state, or an error."""

    def __init__(self, *states: State[Any] | Exception) -> None:
        self.states = [*states]
        self.begun: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to close."""

    async def read_deployment_by_name(self, name: str) -> SimpleNamespace:
        assert name == "consolidate/jixiao"
        return SimpleNamespace(id="the deployment")

    async def create_flow_run_from_deployment(
        self, deployment: str, *, parameters: dict[str, Any]
    ) -> SimpleNamespace:
        assert deployment == "the deployment"
        self.begun.append(parameters)
        return SimpleNamespace(id="the run")

    async def read_flow_run(self, run: str) -> SimpleNamespace:
        assert run == "the run"
        state = self.states.pop(0)
        if isinstance(state, Exception):
            raise state
        return SimpleNamespace(state=state)


@pytest.mark.parametrize(
    ("states", "ran"),
    [
        ([Scheduled(), Running(), Completed()], True),
        ([Running(), httpx.ConnectError("gone"), Failed()], True),  # it was run, and said why it failed
        ([Running(), Crashed()], False),
        ([Cancelled()], False),
        ([ObjectNotFound(ValueError())], False),  # the server lost its records
    ],
)
def test_a_change_is_a_run_of_the_one_deployment_and_lasts_as_long_as_that(
    states: list[State[Any] | Exception],
    ran: bool,  # noqa: FBT001 - of the parametrization
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = Client(*states)
    monkeypatch.setattr(serving, "get_client", lambda: client)
    monkeypatch.setattr(serving, "_POLL_SECONDS", 0)
    start = serving._start(job_of("i", "o", ["甲", "乙", "丙"]))  # noqa: SLF001 - what the watcher is given
    assert asyncio.run(start(("甲", "乙"))) is ran
    assert (client.states, [each["rounds"] for each in client.begun]) == ([], [["甲", "乙"]])
    assert capsys.readouterr().out[17:] == "甲、乙：报送的文件有变动，开始安排处理。\n"
