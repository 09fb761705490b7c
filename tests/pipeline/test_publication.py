"""Results that can't be written: said in a sentence, the last ones whole, nothing left lying about."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xlsxwriter.exceptions import FileCreateError

from jixiao.pipeline import Place, PublicationError, held
from jixiao.pipeline.manifest import digest_of, files_below
from jixiao.workbooks.writing import close
from tests.builders.folders import round_folder, run
from tests.builders.forms import overall_form, project_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = "；上一次的结果仍然保留。"
HOLDER = """
import sys, time
from pathlib import Path
from jixiao.pipeline import Place, held
with held(Place.of(Path(sys.argv[1]), "批次")):
    print("held", flush=True)
    time.sleep(60)
"""


@dataclass
class Results:
    folder: Path
    outputs: Path

    @property
    def digests(self) -> dict[str, str]:
        return {file: digest_of(self.outputs / file) for file in files_below(self.outputs)}


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """A round with results."""
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "甲.xlsx", overall_form())
    run(folder)
    return Results(folder, tmp_path / "outputs")


def raising(error: OSError) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("step", ["write_csv", "write_workbook", "describe_run", "swap_in"])
def test_a_full_disk_is_said_and_what_was_begun_makes_room(
    step: str, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results.digests
    write_forms(results.folder / "甲.xlsx", project_form())  # or nothing would have to be made again
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(f"jixiao.pipeline.publication.{step}", raising(full))
    with pytest.raises(PublicationError) as told:
        run(results.folder)
    assert str(told.value) == (
        f"磁盘空间不足，{results.outputs / '批次'} 的新结果没有写完。请腾出空间后重新运行{KEPT}"
    )
    assert results.digests == before


def test_results_open_in_another_program_are_named(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    before = results.digests
    rename = Path.rename

    def locked(path: Path, target: Path) -> Path:
        if path.name == "批次":
            raise PermissionError(errno.EACCES, "in use", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(PublicationError, match="请关闭正在 WPS 或 Excel 中打开的汇总表后重新运行"):
        run(results.folder)
    assert results.digests == before


def test_an_outputs_folder_that_cannot_be_written_is_said(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results.digests
    refusal = OSError(errno.EROFS, "Read-only file system")
    monkeypatch.setattr("jixiao.pipeline.replacement.FileLock.acquire", raising(refusal))
    with pytest.raises(PublicationError) as told, held(Place.of(results.outputs, "批次")):
        pass
    assert str(told.value) == (
        f"结果文件夹 {results.outputs} 不能写入（磁盘是只读的）。"
        f"请检查写入权限，或用 --outputs 另指一处{KEPT}"
    )
    assert (
        results.digests == before | {".批次.lock": digest_of(Path(os.devnull))} or results.digests == before
    )


def test_what_the_disk_says_is_raised_as_it_is() -> None:
    class Full:
        def close(self) -> None:
            raise FileCreateError(OSError(errno.ENOSPC, "full"))

    with pytest.raises(OSError, match="full") as told:
        close(Full())
    assert told.value.errno == errno.ENOSPC


def test_a_second_run_of_a_round_leaves_and_says_so_and_a_killed_one_does_not_block(tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(__file__).parents[2] / "src"), str(Path(__file__).parents[2])])
    first = subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert first.stdout
    assert first.stdout.readline() == b"held\n"
    place = Place.of(tmp_path, "批次")
    with pytest.raises(PublicationError) as told, held(place):
        pass
    assert str(told.value) == "批次 正由另一次运行处理，这次没有重复处理。请等它结束后再运行。"
    with held(Place.of(tmp_path, "另一批次")):
        pass
    first.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    first.wait(10)
    first.stdout.close()
    began = time.monotonic()
    with held(place):
        assert time.monotonic() - began < 1
