"""Rounds are run when their files changed: not before it is quiet, not twice at once, not for locks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import Place, held
from jixiao.service import watching
from jixiao.service.steps import job_of
from jixiao.service.watching import (
    Changes,
    ScheduleError,
    can_be_watched,
    changes_of,
    is_busy,
    is_passing,
    ticks,
    timetable,
    watch,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

QUIET = 60.0


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Two rounds of one workbook each, both known as they are."""
    for name in ("a", "b"):
        (tmp_path / "inputs" / name).mkdir(parents=True)
        (tmp_path / "inputs" / name / "表.xlsx").write_bytes(b"1")
    return tmp_path / "inputs"


def changes(inputs: Path, *names: str, apart: tuple[Path, ...] = ()) -> Changes:
    return Changes(inputs, inputs.parent / "watched.json", names, apart, QUIET)


def known(inputs: Path, *names: str, apart: tuple[Path, ...] = ()) -> Changes:
    """Changes of rounds that were run as they are."""
    found = changes(inputs, *names, apart=apart)
    found.begin(0)
    found.begun(found.due(QUIET))
    found.ended(QUIET, ran=True)
    return found


def test_what_was_never_run_is_due_once_it_was_quiet(inputs: Path) -> None:
    found = changes(inputs)
    found.begin(100)
    assert (found.due(159), found.due(160)) == ((), ("a", "b"))


def test_only_the_round_whose_files_changed_is_due_and_only_after_the_last_change(inputs: Path) -> None:
    found = known(inputs)
    path = inputs / "a" / "深" / "新.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"2")
    found.heard([str(path)], 200)
    found.heard([str(path)], 230)
    assert (found.due(289), found.due(290)) == ((), ("a",))


def test_what_changed_while_nobody_watched_is_found_at_the_next_start(inputs: Path) -> None:
    known(inputs)
    (inputs / "b" / "表.xlsx").write_bytes(b"22")
    found = changes(inputs)
    found.begin(0)
    assert found.due(QUIET) == ("b",)


def test_a_record_that_cannot_be_read_makes_every_round_due(inputs: Path) -> None:
    known(inputs)
    (inputs.parent / "watched.json").write_text('{"broken', encoding="utf-8")
    found = changes(inputs)
    found.begin(0)
    assert found.due(QUIET) == ("a", "b")


@pytest.mark.parametrize(
    "name",
    [
        "~$表.xlsx",
        ".~lock.表.xlsx#",
        "表.xlsx.part",
        "表.xlsx.TMP",
        "表.crdownload",
        "Thumbs.db",
        ".x/表.xlsx",
    ],
)
def test_what_programs_keep_beside_a_workbook_starts_nothing(inputs: Path, name: str) -> None:
    found = known(inputs)
    path = inputs / "a" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"2")
    found.heard([str(path)], 200)
    assert found.due(400) == ()
    found.look(400)
    assert found.due(500) == ()


@pytest.mark.parametrize("name", ["表.xlsx", "2024年度(1).et", "round.toml", "A~1.XLS", "临时.xlsx"])
def test_workbooks_and_settings_are_no_passing_files(name: str) -> None:
    assert not is_passing(name)


def test_our_own_results_below_the_inputs_start_nothing(inputs: Path) -> None:
    apart = inputs / "a" / "结果"
    found = known(inputs, apart=(apart,))
    apart.mkdir()
    (apart / "汇总.xlsx").write_bytes(b"2")
    found.heard([str(apart / "汇总.xlsx")], 200)
    found.look(200)
    assert found.due(300) == ()


def test_a_copy_that_was_taken_away_again_starts_nothing(inputs: Path) -> None:
    found = known(inputs)
    path = inputs / "a" / "新.xlsx"
    path.write_bytes(b"2")
    found.heard([str(path)], 200)
    path.unlink()
    found.heard([str(path)], 210)
    assert found.due(400) == ()


def test_a_workbook_that_was_taken_away_is_a_change(inputs: Path) -> None:
    found = known(inputs)
    (inputs / "a" / "表.xlsx").unlink()
    found.heard([str(inputs / "a" / "表.xlsx")], 200)
    assert found.due(260) == ("a",)


def test_only_the_named_rounds_are_watched_and_nothing_beside_them(inputs: Path) -> None:
    found = known(inputs, "b")
    for path in (inputs / "a" / "新.xlsx", inputs / "新.xlsx", inputs.parent / "新.xlsx"):
        path.write_bytes(b"2")
        found.heard([str(path)], 200)
    assert found.due(300) == ()


def test_a_round_that_went_away_is_forgotten(inputs: Path) -> None:
    found = known(inputs)
    (inputs / "a" / "表.xlsx").unlink()
    (inputs / "a").rmdir()
    found.heard([str(inputs / "a")], 200)
    assert found.due(300) == ()


@dataclass
class Play:
    """Plays a folder: each step is (seconds, what happens then); runs end when a step says so."""

    changes: Changes
    steps: Sequence[tuple[float, Callable[[Play], Sequence[Path]]]]
    busy: Callable[[str], bool] = lambda _: False
    begun: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    now: float = 0.0
    going: asyncio.Future[bool] | None = None

    def run(self) -> list[tuple[float, tuple[str, ...]]]:
        """When which rounds were begun."""
        asyncio.run(watch(self.changes, self._ticks(), self._start, self.busy, lambda: self.now))
        return self.begun

    async def _ticks(self) -> AsyncIterator[list[str]]:
        for now, happens in self.steps:
            self.now = now
            yield [str(path) for path in happens(self)]
            for _ in range(3):  # let a run that was started, or ended, be noticed
                await asyncio.sleep(0)

    async def _start(self, rounds: tuple[str, ...]) -> bool:
        self.begun.append((self.now, rounds))
        self.going = asyncio.get_running_loop().create_future()
        return await self.going


def nothing(_: Play) -> Sequence[Path]:
    return ()


def written(text: bytes) -> Callable[[Play], Sequence[Path]]:
    def write(play: Play) -> Sequence[Path]:
        path = play.changes.inputs / "a" / "新.xlsx"
        path.write_bytes(text)
        return (path,)

    return write


def ended(*, ran: bool = True, error: Exception | None = None) -> Callable[[Play], Sequence[Path]]:
    def end(play: Play) -> Sequence[Path]:
        assert play.going is not None
        if error is not None:
            play.going.set_exception(error)
        else:
            play.going.set_result(ran)
        return ()

    return end


def test_changes_during_a_run_lead_to_one_further_run_and_never_to_two_at_once(inputs: Path) -> None:
    play = Play(
        known(inputs),
        [
            (100, written(b"2")),
            (160, nothing),  # the first run begins
            (170, written(b"33")),
            (240, written(b"444")),
            (400, nothing),  # quiet for long, but the first still goes on
            (410, ended()),
            (411, nothing),  # the second begins
            (500, nothing),
            (510, ended()),
            (600, nothing),
        ],
    )
    assert play.run() == [(160, ("a",)), (411, ("a",))]


@pytest.mark.parametrize("end", [ended(ran=False), ended(error=OSError("lost"))])
def test_a_run_that_came_to_nothing_is_tried_again_after_the_quiet_time(
    inputs: Path, end: Callable[[Play], Sequence[Path]]
) -> None:
    play = Play(
        known(inputs),
        [(100, written(b"2")), (160, nothing), (200, end), (201, nothing), (260, nothing), (261, nothing)],
    )
    assert play.run() == [(160, ("a",)), (261, ("a",))]


def test_a_round_that_somebody_else_runs_waits_and_the_other_does_not(inputs: Path) -> None:
    busy = {"a"}

    def free(play: Play) -> Sequence[Path]:
        busy.clear()
        return nothing(play)

    def both(play: Play) -> Sequence[Path]:
        (inputs / "b" / "新.xlsx").write_bytes(b"2")
        return (*written(b"2")(play), inputs / "b" / "新.xlsx")

    steps = [(100, both), (160, nothing), (170, ended()), (171, nothing), (180, free), (181, nothing)]
    play = Play(known(inputs), steps, busy=lambda name: name in busy)
    assert [rounds for _, rounds in play.run()] == [("b",), ("a",)]


def test_whether_somebody_runs_a_round_is_known_by_its_lock_and_said_once(tmp_path: Path) -> None:
    said: list[str] = []
    busy = is_busy(job_of(str(tmp_path / "i"), str(tmp_path / "o")), said.append)
    assert not busy("a")
    with held(Place.of(tmp_path / "o", "a")):
        assert (busy("a"), busy("a"), busy("b")) == (True, True, False)
    assert not busy("a")
    assert said == ["a：正由另一次运行处理，等它结束后再处理新的变动。"]


def test_asking_for_a_lock_changes_nothing(tmp_path: Path) -> None:
    place = Place.of(tmp_path, "a")
    with held(place):
        pass
    os.utime(place.lock, (1, 1))
    assert not is_busy(job_of("i", str(tmp_path)), print)("a")
    assert place.lock.stat().st_mtime == 1


def test_results_around_the_inputs_or_in_them_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "state"))

    def of(outputs: str) -> tuple[Path, ...]:
        return changes_of(job_of(str(tmp_path / "i"), outputs), 1).apart

    assert of(str(tmp_path)) == (tmp_path / "state",)
    assert of(str(tmp_path / "i" / "o")) == (tmp_path / "state", tmp_path / "i" / "o")
    assert of("memory://o") == (tmp_path / "state",)


@pytest.mark.parametrize(("inputs", "outputs"), [("s3://x", "o"), ("i", "i")])
def test_addresses_and_results_among_the_inputs_are_not_watched(inputs: str, outputs: str) -> None:
    assert not can_be_watched(job_of(inputs, outputs))
    assert can_be_watched(job_of("i", "o"))


def test_where_the_system_cannot_tell_of_changes_they_are_looked_for(
    inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool | None] = []
    said: list[str] = []
    path = str(inputs / "a" / "新.xlsx")

    async def play(_inputs: Path, *, force_polling: bool | None, **_: object) -> AsyncIterator[set[object]]:
        asked.append(force_polling)
        if len(asked) == 1:
            raise OSError(28, "OS file watch limit reached")
        yield {(1, path)}

    async def first() -> list[str]:
        async with contextlib.aclosing(ticks(known(inputs), said.append, polling=False)) as happening:
            return await anext(happening)

    monkeypatch.setattr(watching, "awatch", play)
    assert asyncio.run(first()) == [path]
    assert asked == [None, True]
    assert said == [f"系统不能通知 {inputs} 里的变动，改为每 10 秒查看一次。"]


def test_a_folder_that_went_away_is_watched_again_once_it_is_back(
    inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    away = inputs.with_name("away")
    times = 0

    async def play(_inputs: Path, **_: object) -> AsyncIterator[set[object]]:
        nonlocal times
        times += 1
        if times == 1:
            await asyncio.to_thread(inputs.rename, away)
            raise FileNotFoundError
        yield set()

    async def back(_seconds: float) -> None:
        await asyncio.to_thread(away.rename, inputs)

    async def first(found: Changes) -> list[str]:
        async with contextlib.aclosing(ticks(found, said.append, polling=False)) as happening:
            return await anext(happening)

    monkeypatch.setattr(watching, "awatch", play)
    monkeypatch.setattr(asyncio, "sleep", back)
    assert asyncio.run(first(known(inputs))) == []
    assert said == [f"报送文件夹 {inputs} 暂时看不到，恢复后继续监视；定时运行照常。"]


def test_a_real_folder_tells_of_a_new_file(inputs: Path) -> None:
    path = inputs / "a" / "新.xlsx"

    async def first() -> list[str]:
        async with contextlib.aclosing(ticks(known(inputs), print, polling=False)) as happening:
            async for paths in happening:
                if paths:
                    return paths
                await asyncio.to_thread(path.write_bytes, b"2")  # watched from the first tick on
        raise AssertionError

    assert str(path) in asyncio.run(asyncio.wait_for(first(), 60))


def test_weekdays_at_six_skip_the_weekend_in_the_officers_time_zone() -> None:
    table = timetable("0 18 * * 1-5", "Asia/Shanghai")
    friday_evening = datetime(2024, 3, 1, 10, 0, 1, tzinfo=UTC)  # 18:00:01 in Shanghai
    assert table.next_run(friday_evening).isoformat() == "2024-03-04T18:00:00+08:00"


def test_an_interval_counts_from_now() -> None:
    table = timetable("0 18 * * 1-5", "Asia/Shanghai", every=90)
    now = datetime(2024, 3, 1, 10, 0, 0, tzinfo=UTC)
    assert table.next_run(now).isoformat() == "2024-03-01T18:01:30+08:00"


@pytest.mark.parametrize("cron", ["", "0 18 * *", "0 25 * * *", "每天六点", "0 0 31 2 *"])
def test_an_expression_without_any_run_says_how_to_write_one(cron: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        timetable(cron, "Asia/Shanghai")
    assert str(refused.value) == (
        f"看不懂运行计划“{cron}”。请写五段：分 时 日 月 星期，例如 0 18 * * 1-5 是周一至周五 18:00。"
    )


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc", "北京"])
def test_an_unknown_time_zone_is_named(zone: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        timetable("0 18 * * 1-5", zone)
    assert str(refused.value) == f"没有“{zone}”这个时区，请写成 Asia/Shanghai 这样的名称。"


def test_prefect_is_loaded_only_once_its_settings_are_set() -> None:
    program = "import sys, jixiao.commands.serve; sys.exit('prefect' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: S603 - our own program
    assert ended.returncode == 0
