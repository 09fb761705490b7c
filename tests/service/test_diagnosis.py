"""Every finding of `jixiao doctor`, by building the set-up that has it; looking never changes anything."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

import pytest

from jixiao.ledger import open_ledger
from jixiao.pipeline import Memory, Place, held
from jixiao.service import diagnosis
from jixiao.service.diagnosis import Health, examine, on_network
from jixiao.service.steps import Job, job_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD, DOUBT, WRONG = Health.GOOD, Health.DOUBT, Health.WRONG


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A set-up with one round, in which nothing is wrong, on a computer where nothing is."""
    for name in ("PREFECT_API_URL", "JIXIAO_LEDGER", "JIXIAO_NOTIFY", "JIXIAO_NOTIFY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(diagnosis, "ZONE", "UTC" if _is_utc() else "Asia/Shanghai")
    room = shutil.disk_usage(tmp_path)._replace(free=9_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    round_ = tmp_path / "inputs" / "甲批"
    round_.mkdir(parents=True)
    (round_ / "round.toml").write_text('scheme = "national"\nyear = 2024\n', encoding="utf-8")
    (tmp_path / "outputs" / "甲批").mkdir(parents=True)
    return job_of(str(tmp_path / "inputs"), str(tmp_path / "outputs"))


def _is_utc() -> bool:
    from datetime import datetime  # noqa: PLC0415 for this alone

    return not datetime.now().astimezone().utcoffset()


class Found(NamedTuple):
    """What is amiss: how bad, of what, and in which words."""

    health: Health
    subject: str
    said: str
    remedy: str


def amiss(job: Job) -> list[Found]:
    return [
        Found(each.health, each.subject, each.said, each.remedy)
        for each in examine(job)
        if each.health is not GOOD and each.subject != "程序包"
    ]


def only(job: Job) -> Found:
    (found,) = amiss(job)
    return found


def subjects(job: Job) -> list[str]:
    return [each.subject for each in examine(job)]


def test_a_good_set_up_has_nothing_amiss_and_every_part_is_named(job: Job) -> None:
    assert amiss(job) == []
    assert subjects(job) == [
        *("Python", "程序包", "报送文件夹", "结果文件夹", "状态文件夹", "批次 甲批", "本地规则", "台账"),
        *("沿用结果", "调度服务", "时钟和时区", "通知"),
    ]


def test_looking_changes_nothing(job: Job, tmp_path: Path) -> None:
    """With a ledger, a memory, a lock that is free and a workbook among the results."""
    (tmp_path / "state").mkdir()
    open_ledger(f"sqlite:///{tmp_path / 'state' / 'ledger.sqlite'}").close()
    Memory(tmp_path / "state").keep("a", b"b")
    with held(Place.of(tmp_path / "outputs", "甲批")):
        pass
    (tmp_path / "outputs" / "甲批" / "汇总.xlsx").write_bytes(b"1")

    def everything() -> list[tuple[str, int, int]]:
        stats = ((path, path.stat()) for path in sorted(tmp_path.rglob("*")))
        return [(str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats]

    before = everything()
    assert amiss(job) == []
    assert everything() == before


def test_an_old_python_is_wrong(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "python_version", lambda: "3.9.1")
    monkeypatch.setattr(platform, "python_version_tuple", lambda: ("3", "9", "1"))
    assert only(job) == (WRONG, "Python", "版本 3.9.1 太旧", "请安装 Python 3.11 或更新的版本")


def packages(job: Job) -> tuple[Health, str]:
    (found,) = [each for each in examine(job) if each.subject == "程序包"]
    return found.health, found.said


@pytest.mark.parametrize(
    ("needed", "tested", "health", "said"),
    [
        (
            ["lxml>=5", "nothing-like-it>=1"],
            "",
            WRONG,
            "不符合要求：nothing-like-it（需要 >=1，现为 没有安装）",
        ),
        (["lxml>=999"], "", WRONG, f"不符合要求：lxml（需要 >=999，现为 {version('lxml')}）"),
        (["lxml>=5", "x; extra == 'y'"], "lxml==1.0", DOUBT, f"与测试过的版本不同：lxml {version('lxml')}"),
        (["lxml>=5"], f"# made\nlxml=={version('lxml')}", GOOD, ""),
        (["lxml>=5"], "", GOOD, ""),
    ],
)
def test_packages_are_held_against_what_is_asked_for_and_what_was_tested(  # noqa: PLR0917
    job: Job,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    needed: list[str],
    tested: str,
    health: Health,
    said: str,
) -> None:
    monkeypatch.setattr(diagnosis, "requires", lambda _: needed)
    if tested:
        (tmp_path / "constraints.txt").write_text(tested, encoding="utf-8")
    monkeypatch.setattr(diagnosis, "seeds_folder", lambda: tmp_path / "seeds")
    found = packages(job)
    assert found[0] is health
    assert said in found[1]


def test_inputs_that_are_not_there_are_wrong(job: Job, tmp_path: Path) -> None:
    gone = replace(job, inputs=tmp_path / "无")
    assert only(gone) == (
        *(WRONG, "报送文件夹", f"找不到 {tmp_path / '无'}"),
        "请用 jixiao new 新建评价批次，或用 --inputs 指明文件夹",
    )


def forbid(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Play that this user has no rights there; root would have them whatever the file system says."""
    monkeypatch.setattr(os, "access", lambda path, _: path != place)


def test_inputs_that_cannot_be_read_are_wrong(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(tmp_path / "inputs" / "甲批", monkeypatch)
    assert only(job)[:3] == (WRONG, "报送文件夹", f"没有读取权限：{tmp_path / 'inputs' / '甲批'}")


def test_inputs_on_a_network_drive_want_to_be_looked_at(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "on_network", lambda _: True)
    assert only(job) == (
        *(DOUBT, "报送文件夹", f"{job.inputs} 在网络盘上，系统可能不通知文件变动"),
        "jixiao serve 请加 --poll，逐次查看",
    )


def test_a_network_drive_is_known_by_the_nearest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    there = tmp_path / "共 享"
    shown = str(there).replace(" ", "\\040")
    mounts.write_text(f"/dev/a / ext4 rw 0 0\n//server/x {shown} cifs rw 0 0\n", encoding="utf-8")
    assert on_network(there / "inputs", mounts)
    assert not on_network(tmp_path / "inputs", mounts)
    assert not on_network(there, tmp_path / "none")


@pytest.mark.parametrize(
    ("free", "health", "said"), [(150_000_000, WRONG, "只剩 150 MB"), (1_500_000_000, DOUBT, "只剩 1.5 GB")]
)
def test_a_disk_that_is_nearly_full_is_told_for_each_folder_on_it(
    job: Job, monkeypatch: pytest.MonkeyPatch, free: int, health: Health, said: str
) -> None:
    room = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    found = amiss(job)
    assert [(each.health, each.subject) for each in found] == [(health, "结果文件夹"), (health, "状态文件夹")]
    assert all(each.said.endswith(said) for each in found)


def test_a_file_where_a_folder_has_to_be_is_wrong(job: Job, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    found = only(replace(job, outputs=tmp_path / "文件" / "out"))
    assert found[:3] == (WRONG, "结果文件夹", f"{tmp_path / '文件'} 是文件，不是文件夹")


def test_a_folder_that_cannot_be_written_is_wrong(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(tmp_path / "outputs", monkeypatch)
    assert only(job)[:3] == (WRONG, "结果文件夹", f"{tmp_path / 'outputs'} 不能写入")


def test_a_round_that_is_wrongly_set_up_is_wrong_and_named(job: Job, tmp_path: Path) -> None:
    (tmp_path / "inputs" / "甲批" / "round.toml").write_text('scheme = "none"\nyear = 2024', encoding="utf-8")
    (tmp_path / "inputs" / "乙批").mkdir()
    found = amiss(job)
    assert [(each.health, each.subject) for each in found] == [(WRONG, "批次 乙批"), (WRONG, "批次 甲批")]
    assert "缺少设置文件" in found[0].said
    assert "指定的评价方案无法使用" in found[1].said


def test_inputs_without_rounds_are_wrong(job: Job, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "inputs" / "甲批")
    assert only(job)[:2] == (WRONG, "评价批次")


def test_a_scheme_of_ones_own_that_is_broken_is_wrong_though_no_round_names_it(
    job: Job, tmp_path: Path
) -> None:
    own = tmp_path / "seeds" / "schemes"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text("x = 1", encoding="utf-8")
    found = only(job)
    assert (found.health, found.subject) == (WRONG, "方案 mine")
    assert "mine.toml" in found.said


def test_rules_that_are_named_and_not_there_are_wrong(job: Job, tmp_path: Path) -> None:
    found = [each for each in amiss(replace(job, seeds=tmp_path / "无")) if each.subject == "本地规则"]
    assert found == [(WRONG, "本地规则", f"找不到 {tmp_path / '无'}", "请核对 --seeds")]


def test_a_run_that_goes_on_is_told(job: Job, tmp_path: Path) -> None:
    with held(Place.of(tmp_path / "outputs", "甲批")):
        assert only(job)[:3] == (DOUBT, "批次 甲批", "正由另一次运行处理")
    assert amiss(job) == []


@pytest.mark.parametrize("name", [".甲批.building", ".甲批.old"])
def test_what_a_run_that_was_cut_off_left_is_told(job: Job, tmp_path: Path, name: str) -> None:
    (tmp_path / "outputs" / name).mkdir()
    assert only(job)[:3] == (DOUBT, "批次 甲批", f"上次运行中断，留下 {name}")


@pytest.mark.parametrize("name", ["~$汇总.xlsx", ".~lock.汇总.xlsx#", "审核反馈/~$汇总.xlsx"])
def test_a_result_that_is_open_is_named(job: Job, tmp_path: Path, name: str) -> None:
    lock = tmp_path / "outputs" / "甲批" / name
    lock.parent.mkdir(exist_ok=True)
    lock.write_bytes(b"")
    assert only(job)[:3] == (DOUBT, "批次 甲批", "正在打开：汇总.xlsx")


def test_a_result_that_cannot_be_replaced_is_named(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outputs" / "甲批" / "汇总.xlsx").write_bytes(b"")
    monkeypatch.setattr(diagnosis, "_opens", lambda _: False)
    assert only(job)[:3] == (DOUBT, "批次 甲批", "不能写入：汇总.xlsx")


def test_results_on_a_disk_of_their_own_cannot_be_swapped_in(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = tmp_path / "outputs" / "甲批"
    monkeypatch.setattr(diagnosis, "_disk", lambda path: 1 if path == final else 2)
    assert only(job)[:3] == (
        *(WRONG, "批次 甲批"),
        f"{final} 与 {final.parent} 不在同一磁盘，新结果无法整体换入",
    )


def broken(path: Path) -> None:
    path.write_bytes(b"no database, but longer than one hundred bytes" * 9)


def newer(path: Path) -> None:
    open_ledger(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("UPDATE jixiao_version SET version_num = '9999'")
        ledger.commit()


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("make", "health", "said"),
    [
        (broken, WRONG, "已损坏"),
        (newer, WRONG, "由更新版本的程序建立（9999"),
        (empty, DOUBT, "由较早的程序建立"),
    ],
)
def test_a_ledger_that_cannot_be_used_is_told(
    job: Job, tmp_path: Path, make: Callable[[Path], None], health: Health, said: str
) -> None:
    make(tmp_path / "台账.sqlite")
    found = only(replace(job, ledger=str(tmp_path / "台账.sqlite")))
    assert found[:2] == (health, "台账")
    assert said in found.said


def test_a_ledger_that_somebody_locks_is_told(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "_SECONDS", 0.0)
    path = tmp_path / "台账.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE x (y)")
        other.execute("BEGIN EXCLUSIVE")
        # Beside its log nobody takes a database for one that nobody writes to.
        path.with_name("台账.sqlite-wal").touch()
        found = only(replace(job, ledger=str(path)))
    assert found[:2] == (WRONG, "台账")
    assert "正被另一个程序占用" in found.said


def test_a_memory_that_is_damaged_is_told(job: Job, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    broken(tmp_path / "state" / "memory.sqlite")
    found = only(job)
    assert (found.health, found.subject, found.remedy) == (
        *(DOUBT, "沿用结果"),
        "不影响结果，下次运行自动重建",
    )


def test_a_prefect_server_that_does_not_answer_is_wrong_and_its_password_is_not_shown(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://me:geheim@127.0.0.1:9/api")
    found = only(job)
    assert found[:3] == (
        *(WRONG, "调度服务"),
        "PREFECT_API_URL 指定的 127.0.0.1:9/api 没有回应（ConnectError）",
    )


def test_a_machine_that_lets_nobody_listen_is_wrong(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(diagnosis, "free_port", refuse)
    assert only(job)[:2] == (WRONG, "调度服务")


def test_an_engine_that_there_is_not_is_wrong(job: Job) -> None:
    assert only(replace(job, engine="spark"))[:3] == (WRONG, "运行方式", "没有“spark”这种运行方式")


def test_a_dask_scheduler_is_asked_for(job: Job) -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        address = f"tcp://127.0.0.1:{there.getsockname()[1]}"
        assert amiss(replace(job, engine="dask", scheduler=address)) == []
    found = only(replace(job, engine="dask", scheduler=address))
    assert found[:2] == (WRONG, "Dask")
    assert found.said.startswith(f"连不上 {address}")


def test_a_clock_behind_our_own_files_is_told(job: Job, tmp_path: Path) -> None:
    (tmp_path / "state" / "logs").mkdir(parents=True)
    log = tmp_path / "state" / "logs" / "jixiao.log"
    log.touch()
    os.utime(log, (9e9, 9e9))
    found = only(job)
    assert (found.health, found.subject) == (DOUBT, "时钟和时区")
    assert "早于程序自己的文件（2255-" in found.said


def test_another_time_zone_is_told(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "ZONE", "Pacific/Kiritimati")
    assert only(job)[:2] == (DOUBT, "时钟和时区")


def test_a_system_without_time_zones_is_wrong(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "ZONE", "Mars/Olympus")
    assert only(job) == (WRONG, "时钟和时区", "系统没有时区数据（Mars/Olympus）", "请运行 pip install tzdata")


def test_addresses_of_messages_are_read_and_none_is_sent(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY", "json://127.0.0.1:9/geheim nonsense://geheim")
    assert only(job)[:3] == (WRONG, "通知", "第 2 个地址（nonsense）看不懂")


def test_a_file_of_addresses_that_everybody_reads_or_nobody_has_is_told(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "地址"
    monkeypatch.setenv("JIXIAO_NOTIFY_FILE", str(file))
    assert only(job)[:2] == (WRONG, "通知")
    file.write_text("json://127.0.0.1:9/x", encoding="utf-8")
    file.chmod(0o644)
    assert only(job)[:3] == (DOUBT, "通知", f"{file} 其他账号也能读取，里面可能有口令")
    file.chmod(0o600)
    assert amiss(job) == []


def test_a_part_that_cannot_be_looked_at_keeps_none_of_the_others_away(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Iterator[diagnosis.Diagnosis]:
        raise KeyError("x")

    monkeypatch.setattr(diagnosis, "_memory", fail)
    assert only(job)[:3] == (WRONG, "检查", "一项检查没有完成（KeyError：'x'）")
    assert subjects(job)[-1] == "通知"
