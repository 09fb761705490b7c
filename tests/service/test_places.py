"""The same round gives the same results wherever it is started, lies, goes to and is worked off."""

from __future__ import annotations

import json
import os
import shutil
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import fsspec
import pytest
from distributed import Client, LocalCluster
from fsspec.implementations.memory import MemoryFileSystem

from jixiao.catalog.loading.seeds import findings_path, seeds_folder
from jixiao.pipeline import ConfigurationError, find_rounds
from jixiao.service.progress import Digest, listener
from jixiao.service.steps import Job, Worker, job_of, run_rounds
from tests.builders.folders import round_folder
from tests.builders.forms import overall_form, project_form, write_forms
from tests.builders.rehearsals import Recorder
from tests.builders.rounds import write_round

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHER_RULES = "本次所用的评价规则（seeds 中的方案、表样、用语或文字）与上一次运行时不同，结果可能因此变化。"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("JIXIAO_WORKERS", "1")


@contextmanager
def listening(recorder: Recorder) -> Iterator[None]:
    token = listener.set(recorder)
    try:
        yield
    finally:
        listener.reset(token)


def work_off(job: Job, recorder: Recorder | None = None) -> Digest:
    with listening(recorder or Recorder()):
        (result,) = run_rounds(job, Worker())
    assert isinstance(result, Digest), result
    return result


def contents(folder: Path) -> dict[str, bytes]:
    """All that does not say when it was made."""
    kept = (path for name in ("data", "审核反馈") for path in (folder / name).rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept if path.is_file()}


def own_wording(seeds: Path) -> Path:
    """A folder of own seeds that words one finding in its own way."""
    seeds.mkdir(parents=True)
    text = findings_path(seeds_folder()).read_text(encoding="utf-8")
    findings_path(seeds).write_text(
        text.replace('title = "文件读取失败"', 'title = "读不出"'), encoding="utf-8"
    )
    return seeds


def test_the_own_rules_are_those_beside_the_inputs_wherever_a_run_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_wording(tmp_path / "here" / "seeds")
    elsewhere = own_wording(tmp_path / "elsewhere" / "seeds").parent
    round_folder(tmp_path / "here" / "inputs")
    monkeypatch.chdir(elsewhere)
    (found,) = find_rounds(tmp_path / "here" / "inputs")
    assert found.rules.seeds == (own, seeds_folder())
    (named,) = find_rounds(tmp_path / "here" / "inputs", seeds=tmp_path / "none")
    assert named.rules.seeds == (seeds_folder(),)
    assert found.rules.digest != named.rules.digest


def test_the_manifest_holds_the_rules_and_a_run_by_others_says_so(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "表.xlsx", overall_form(), project_form())
    job = job_of(str(tmp_path / "inputs"), str(tmp_path / "outputs"))
    assert work_off(job).notes == ()
    (found,) = find_rounds(tmp_path / "inputs")
    manifest = tmp_path / "outputs" / "批次" / "manifest.json"
    assert json.loads(manifest.read_text(encoding="utf-8"))["rules"] == found.rules.digest
    assert work_off(job).notes == ()
    own_wording(tmp_path / "seeds")
    assert work_off(job).notes == (OTHER_RULES,)
    assert work_off(job).notes == ()


def test_a_round_at_an_address_gives_what_a_local_one_gives(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "甲.xlsx", overall_form(), project_form())
    local = work_off(job_of(str(tmp_path / "inputs"), str(tmp_path / "outputs")))
    there = fsspec.filesystem("memory")
    there.put(str(tmp_path / "inputs"), "/place/inputs", recursive=True)
    job = job_of("memory://place/inputs", "memory://place/outputs")
    try:
        sent = work_off(job)
        assert sent.place("data") == "memory://place/outputs/批次/data"
        assert "memory://place/outputs/批次/绩效自评汇总_批次.xlsx" in {row["结果"] for row in sent.rows()}
        there.get("/place/outputs/批次", str(tmp_path / "fetched"), recursive=True)
        assert set(contents(tmp_path / "fetched")) == set(contents(local.folder))
        assert _tables(tmp_path / "fetched") == _tables(local.folder)
        there.pipe_file("/place/outputs/批次/批注.txt", b"theirs")
        there.pipe_file("/place/outputs/批次/data/findings.csv", b"edited")
        notes = work_off(job).notes
        (edited,) = (path for path in there.find("/place/outputs") if there.cat_file(path) == b"edited")
        assert "历次" in edited
        assert there.cat_file("/place/outputs/批次/批注.txt") == b"theirs"
        assert any("data/findings.csv 在上次运行后有人改动过" in note for note in notes)
    finally:
        there.rm("/place", recursive=True)


def _tables(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in contents(folder).items() if name.startswith("data/")}


def test_two_dask_workers_of_which_one_is_killed_give_the_same_bytes(tmp_path: Path) -> None:
    write_round(tmp_path / "inputs" / "批次", 3, seed=3)
    places = (str(tmp_path / "inputs"), str(tmp_path / "outputs"))
    before = contents(work_off(job_of(*places)).folder)
    shutil.rmtree(tmp_path / "outputs")

    class Killer(Recorder):
        """Kills a worker as soon as the first file is read."""

        killed = 0

        def read(self, round_name: str, files: int) -> None:
            if files and not self.killed:
                with Client(cluster) as client:
                    self.killed = next(iter(client.run(os.getpid).values()))
                os.kill(self.killed, signal.SIGKILL)
            super().read(round_name, files)

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        job = job_of(*places, engine="dask", scheduler=cluster.scheduler_address, remembers=False)
        killer = Killer()
        assert contents(work_off(job, killer).folder) == before
    assert killer.killed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"engine": "spark"}, "没有“spark”这种运行方式，可用：local、dask。"),
        ({"inputs": "nothing://x"}, "无法使用地址 nothing://x"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_runs(
    tmp_path: Path, changes: dict[str, str], message: str
) -> None:
    round_folder(tmp_path)
    given = {"inputs": str(tmp_path), "outputs": str(tmp_path / "out"), **changes}
    with pytest.raises(ConfigurationError, match=message):
        run_rounds(job_of(**given), Worker())  # type: ignore[arg-type]


def test_an_address_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object, _path: str) -> None:
        raise OSError("The specified bucket does not exist")

    monkeypatch.setattr(MemoryFileSystem, "find", refuse)
    with pytest.raises(
        ConfigurationError,
        match=r"^读不到 memory://away（The specified bucket does not exist）。请核对地址",
    ):
        run_rounds(job_of("memory://away", str(tmp_path / "out")), Worker())
