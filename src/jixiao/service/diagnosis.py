"""What is wrong with a set-up, before a run finds out: each finding with what to do, nothing ever changed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shutil
import socket
import sqlite3
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from packaging.requirements import Requirement

from jixiao import pipeline
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import scheme_ids, seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.domain.spoken import why_not
from jixiao.engines import ENGINES
from jixiao.language import say
from jixiao.ledger import LedgerError, ledger_url
from jixiao.ledger.database import look_at, read_only
from jixiao.ledger.standing import VERSIONS
from jixiao.service import notifying
from jixiao.service.addresses import is_address
from jixiao.service.server import API_VARIABLE, HOST, free_port
from jixiao.service.state import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jixiao.service.steps import Job

ZONE = "Asia/Shanghai"
_LITTLE_SPACE, _NO_SPACE = 2_000_000_000, 200_000_000
"""Bytes below which a round of many departments may not fit, and below which none does."""
_SECONDS = 5.0
"""So long an answer over the network is waited for."""
_AHEAD = timedelta(days=1)
_OLDEST = (3, 11)
_MOST_NAMED = 5
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "davfs", "ceph", "glusterfs"}


class Health(StrEnum):
    """How a part of the set-up is."""

    GOOD = "good"
    DOUBT = "doubt"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was looked at, how it is, what was seen, and what to do about it ("" where nothing is)."""

    subject: str
    health: Health
    said: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the set-up, and what is said of it."""

    subject: str

    def good(self, said: str) -> Diagnosis:
        return Diagnosis(self.subject, Health.GOOD, said)

    def doubt(self, said: str, remedy: str) -> Diagnosis:
        return Diagnosis(self.subject, Health.DOUBT, said, remedy)

    def wrong(self, said: str, remedy: str = "") -> Diagnosis:
        return Diagnosis(self.subject, Health.WRONG, said, remedy)


def examine(job: Job) -> Iterator[Diagnosis]:
    """Look at everything that a run or a service of this job needs, one part after the other.

    A part that can't be looked at is a finding of its own and keeps none of the others away.
    """
    parts: tuple[Callable[[], Iterator[Diagnosis]], ...] = (
        _python,
        _packages,
        lambda: _inputs(job),
        lambda: _outputs(job),
        _state,
        lambda: _rounds(job),
        lambda: _schemes(job),
        lambda: _results(job),
        lambda: _ledger(job),
        _memory,
        _server,
        lambda: _cluster(job),
        _clock,
        _notices,
    )
    for part in parts:
        try:
            yield from part()
        except Exception as error:  # noqa: BLE001 - the rest is still worth looking at
            yield _Part(say("检查")).wrong(
                say("一项检查没有完成（{name}：{error}）", name=type(error).__name__, error=error),
                say("请把这一行告诉维护人员"),
            )


def _python() -> Iterator[Diagnosis]:
    part = _Part("Python")
    found = tuple(int(each) for each in platform.python_version_tuple()[:2])
    if found < _OLDEST:
        yield part.wrong(
            say("版本 {python_version} 太旧", python_version=platform.python_version()),
            say("请安装 Python 3.11 或更新的版本"),
        )
    else:
        yield part.good(
            say(
                "{python_version}，{system}",
                python_version=platform.python_version(),
                system=platform.system(),
            )
        )


def _packages() -> Iterator[Diagnosis]:
    """What the package asks for beside what is installed, then beside what it was tested with."""
    part = _Part(say("程序包"))
    install = say("在程序文件夹里运行 pip install -c constraints.txt .")
    needed = [Requirement(each) for each in requires("jixiao") or ()]
    wanted = [each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
    unmet = [
        say(
            "{name}（需要 {specifier}，现为 {name2}）",
            name=each.name,
            specifier=each.specifier,
            name2=_installed(each.name) or say("没有安装"),
        )
        for each in wanted
        if not _meets(each)
    ]
    if unmet:
        yield part.wrong(say("不符合要求：{unmet}", unmet=_some(unmet)), say("请{install}", install=install))
        return
    tested = _tested()
    other = [
        f"{each.name} {_installed(each.name)}"
        for each in wanted
        if tested.get(_key(each.name), _installed(each.name)) != _installed(each.name)
    ]
    if other:
        yield part.doubt(
            say("与测试过的版本不同：{other}", other=_some(other)),
            say("出现问题时请{install}", install=install),
        )
    else:
        yield part.good(
            say("jixiao {version}，{count} 个依赖包符合要求", version=version("jixiao"), count=len(wanted))
        )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _meets(requirement: Requirement) -> bool:
    found = _installed(requirement.name)
    return bool(found) and requirement.specifier.contains(found, prereleases=True)


def _key(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _tested() -> dict[str, str]:
    """The versions that the tests passed with; none where the file did not come along."""
    file = seeds_folder().parent / "constraints.txt"
    if not file.is_file():
        return {}
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("==", 1) for line in lines if "==" in line and not line.startswith("#"))
    return {_key(name): found for name, found in pairs}


def _some(lines: list[str]) -> str:
    return say("、").join(lines[:_MOST_NAMED]) + (
        say(" 等 {count} 个", count=len(lines)) if len(lines) > _MOST_NAMED else ""
    )


def _inputs(job: Job) -> Iterator[Diagnosis]:
    part = _Part(say("报送文件夹"))
    if is_address(str(job.inputs)):
        yield part.good(say("{inputs} 是地址，运行时再取", inputs=job.inputs))
        return
    folder = Path(job.inputs)
    if not folder.is_dir():
        yield part.wrong(
            say("找不到 {folder}", folder=folder),
            say("请用 jixiao new 新建评价批次，或用 --inputs 指明文件夹"),
        )
        return
    hidden = [str(place) for place in (folder, *_below(folder)) if not os.access(place, os.R_OK | os.X_OK)]
    if hidden:
        yield part.wrong(
            say("没有读取权限：{hidden}", hidden=_some(hidden)), say("请让运行程序的账号可以读取")
        )
        return
    yield part.good(str(folder))
    if on_network(folder):
        yield part.doubt(
            say("{folder} 在网络盘上，系统可能不通知文件变动", folder=folder),
            say("jixiao serve 请加 --poll，逐次查看"),
        )


def _below(folder: Path) -> list[Path]:
    return (
        [each for each in folder.iterdir() if each.is_dir()] if os.access(folder, os.R_OK | os.X_OK) else []
    )


def on_network(folder: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether a folder lies on another machine, as far as this one tells."""
    if str(folder.absolute()).startswith("\\\\"):
        return True
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return False
    points = {fields[1].replace("\\040", " "): fields[2] for fields in lines if len(fields) > 2}  # noqa: PLR2004
    nearest = next(
        (each for each in (folder.absolute(), *folder.absolute().parents) if str(each) in points), None
    )
    return nearest is not None and points[str(nearest)] in _NETWORK


def _outputs(job: Job) -> Iterator[Diagnosis]:
    part = _Part(say("结果文件夹"))
    if is_address(str(job.outputs)):
        yield part.good(say("{outputs} 是地址，运行时再写", outputs=job.outputs))
    else:
        yield from _writable(part, Path(job.outputs), say("或用 --outputs 另指一处"))


def _state() -> Iterator[Diagnosis]:
    yield from _writable(_Part(say("状态文件夹")), state_folder(), say("或用环境变量 JIXIAO_STATE 另指一处"))


def _writable(part: _Part, folder: Path, otherwise: str) -> Iterator[Diagnosis]:
    """Whether a folder, or the one that it would be made in, can be written to and has room."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        yield part.wrong(
            say("{there} 是文件，不是文件夹", there=there), say("请移走它，{otherwise}", otherwise=otherwise)
        )
    elif not os.access(there, os.W_OK | os.X_OK):
        yield part.wrong(
            say("{there} 不能写入", there=there), say("请检查权限，{otherwise}", otherwise=otherwise)
        )
    elif (free := shutil.disk_usage(there).free) < _NO_SPACE:
        yield part.wrong(
            say("{there} 所在磁盘只剩 {free}", there=there, free=_megabytes(free)),
            say("请腾出空间，{otherwise}", otherwise=otherwise),
        )
    elif free < _LITTLE_SPACE:
        yield part.doubt(
            say("{there} 所在磁盘只剩 {free}", there=there, free=_megabytes(free)),
            say("部门多的批次可能写不下，请腾出空间"),
        )
    else:
        made = "" if folder.exists() else say("，尚未建立，运行时自动建立")
        yield part.good(
            say("{folder}{made}，剩余空间 {free}", folder=folder, made=made, free=_megabytes(free))
        )


def _megabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"  # noqa: PLR2004 units


def _folders(job: Job) -> tuple[Path, ...]:
    if is_address(str(job.inputs)) or not Path(job.inputs).is_dir():
        return ()
    with contextlib.suppress(OSError):
        return pipeline.round_folders(Path(job.inputs), job.rounds)
    return ()


def _rounds(job: Job) -> Iterator[Diagnosis]:
    try:
        folders = _folders(job)
    except pipeline.ConfigurationError as error:
        yield _Part(say("评价批次")).wrong(str(error))
        return
    for folder in folders:
        part = _Part(say("批次 {name}", name=folder.name))
        try:
            loaded = pipeline.load_round(folder, Path(job.seeds) if job.seeds else None)
        except pipeline.ConfigurationError as error:
            yield part.wrong(str(error))
        else:
            roster = "" if loaded.round.roster else say("，没有名册，列不出未报的部门")
            yield part.good(
                say(
                    "{year} 年度，{title}{roster}",
                    year=loaded.round.year,
                    title=loaded.round.scheme.title,
                    roster=roster,
                )
            )


def _schemes(job: Job) -> Iterator[Diagnosis]:
    """The jurisdiction's own schemes, those as well that no round names yet."""
    part = _Part(say("本地规则"))
    if job.seeds and not is_address(str(job.seeds)) and not Path(job.seeds).is_dir():
        yield part.wrong(say("找不到 {seeds}", seeds=job.seeds), say("请核对 --seeds"))
        return
    own = Path(job.seeds) if job.seeds else Path(job.inputs).parent / "seeds"
    if is_address(str(own)) or not own.is_dir() or own.samefile(seeds_folder()):
        yield part.good(say("没有，用程序自带的方案"))
        return
    wrong = 0
    for name in scheme_ids(own):
        try:
            load_scheme(name, own, seeds_folder())
        except SchemeError as error:
            wrong += 1
            yield _Part(say("方案 {name}", name=name)).wrong(
                str(error), say("可用 jixiao scheme validate 逐处检查")
            )
    if not wrong:
        yield part.good(say("{own}，方案 {count} 个", own=own, count=len(scheme_ids(own))))


def _results(job: Job) -> Iterator[Diagnosis]:
    """What stands where results go: runs that go on, swaps that were cut off, workbooks open elsewhere."""
    if is_address(str(job.outputs)):
        return
    names = [folder.name for folder in _named(job)]
    for name in names:
        part = _Part(say("批次 {name}", name=name))
        place = pipeline.Place.of(Path(job.outputs), name)
        if pipeline.is_held(place):
            yield part.doubt(
                say("正由另一次运行处理"), say("请等它结束；没有人在运行时，请结束残留的 jixiao 进程")
            )
            continue
        left = [each for each in (place.building, place.old) if each.exists()]
        if left:
            yield part.doubt(
                say("上次运行中断，留下 {name}", name=_some([each.name for each in left])),
                say("下次运行会自动恢复，请勿手工改动"),
            )
        yield from _place(part, place.final)


def _named(job: Job) -> tuple[Path, ...]:
    with contextlib.suppress(pipeline.ConfigurationError):
        return _folders(job)
    return ()


def _place(part: _Part, final: Path) -> Iterator[Diagnosis]:
    if not final.exists():
        return
    if _disk(final) != _disk(final.parent):
        yield part.wrong(
            say("{final} 与 {parent} 不在同一磁盘，新结果无法整体换入", final=final, parent=final.parent),
            say("请勿把磁盘直接挂载在批次的结果文件夹上"),
        )
    opened = sorted(
        {_workbook(each.name) for each in final.rglob("*") if each.name.startswith(("~$", ".~lock."))}
    )
    if opened:
        yield part.doubt(
            say("正在打开：{opened}", opened=_some(opened)), say("运行前请关闭；没有打开时，可删除这些锁文件")
        )
    locked = [
        each.name for each in final.glob("*.xlsx") if not each.name.startswith("~$") and not _opens(each)
    ]
    if locked:
        yield part.doubt(
            say("不能写入：{locked}", locked=_some(locked)), say("请在 WPS 或 Excel 中关闭，并去掉只读")
        )


def _disk(path: Path) -> int:
    return path.stat().st_dev


def _workbook(lock: str) -> str:
    return lock.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")


def _opens(path: Path) -> bool:
    try:
        path.open("r+b").close()
    except OSError:
        return False
    return True


def _ledger(job: Job) -> Iterator[Diagnosis]:
    part = _Part(say("台账"))
    try:
        found = look_at(ledger_url(job.ledger, state_folder()), _SECONDS)
    except LedgerError as error:
        yield part.wrong(str(error))
        return
    if found is None:
        yield part.good(say("尚未建立，第一次运行时自动建立"))
    elif found.version != VERSIONS[-1]:
        yield part.doubt(
            say(
                "{where} 由较早的程序建立（{version}）", where=found.where, version=found.version or say("空")
            ),
            say("下次运行时自动更新，请先备份"),
        )
    else:
        yield part.good(found.where)


def _memory() -> Iterator[Diagnosis]:
    part = _Part(say("沿用结果"))
    file = state_folder() / pipeline.MEMORY_FILE
    if not file.is_file():
        yield part.good(say("尚无，第一次运行后建立"))
        return
    try:
        with contextlib.closing(sqlite3.connect(read_only(file), uri=True, timeout=_SECONDS)) as store:
            (count,) = store.execute("SELECT count(*) FROM entries").fetchone()
    except sqlite3.Error as error:
        yield part.doubt(
            say("{file} 不能读取（{error}）", file=file, error=error), say("不影响结果，下次运行自动重建")
        )
    else:
        yield part.good(say("{count} 条，{st_size}", count=count, st_size=_megabytes(file.stat().st_size)))


def _server() -> Iterator[Diagnosis]:
    part = _Part(say("调度服务"))
    if importlib.util.find_spec("prefect") is None:
        yield part.wrong(
            say("没有安装 prefect"), say("请在程序文件夹里运行 pip install -c constraints.txt .")
        )
    elif url := os.environ.get(API_VARIABLE):
        yield _answering(part, url)
    else:
        try:
            free_port()
        except OSError as error:
            yield part.wrong(
                say("本机 {host} 不能监听（{error}）", host=HOST, error=why_not(error)),
                say("请检查安全软件和防火墙的设置"),
            )
        else:
            yield part.good(say("运行时自行启动，只在本机"))


def _answering(part: _Part, url: str) -> Diagnosis:
    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=_SECONDS)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return part.wrong(
            say(
                "{api_variable} 指定的 {url} 没有回应（{name}）",
                api_variable=API_VARIABLE,
                url=_bare(url),
                name=type(error).__name__,
            ),
            say("请核对地址（以 /api 结尾）并启动该服务，或取消这个环境变量"),
        )
    return part.good(say("{url} 有回应", url=_bare(url)))


def _bare(url: str) -> str:
    """An address without the name and password that may stand in it."""
    return url.rpartition("@")[2] if "@" in url else url


def _cluster(job: Job) -> Iterator[Diagnosis]:
    part = _Part("Dask")
    if job.engine not in ENGINES:
        yield _Part(say("运行方式")).wrong(
            say("没有“{engine}”这种运行方式", engine=job.engine),
            say("可用：{engines}", engines=say("、").join(ENGINES)),
        )
    elif job.engine == "dask" and importlib.util.find_spec("distributed") is None:
        yield part.wrong(say("没有安装 distributed"), say("请安装 '.[dask]'"))
    elif job.engine == "dask" and job.scheduler:
        address = urlsplit(job.scheduler)
        try:
            socket.create_connection((address.hostname or "", address.port or 8786), _SECONDS).close()
        except (OSError, ValueError) as error:
            said = why_not(error) if isinstance(error, OSError) else str(error)
            yield part.wrong(
                say("连不上 {scheduler}（{said}）", scheduler=job.scheduler, said=said),
                say("请启动 dask scheduler，并核对 --scheduler"),
            )
        else:
            yield part.good(say("{scheduler} 可以连接", scheduler=job.scheduler))


def _clock() -> Iterator[Diagnosis]:
    part = _Part(say("时钟和时区"))
    try:
        there = datetime.now(ZoneInfo(ZONE))
    except ZoneInfoNotFoundError:
        yield part.wrong(say("系统没有时区数据（{zone}）", zone=ZONE), say("请运行 pip install tzdata"))
        return
    now = datetime.now().astimezone()
    newest = _newest()
    if newest and newest - now.timestamp() > _AHEAD.total_seconds():
        moment = datetime.fromtimestamp(newest).astimezone()
        yield part.doubt(
            say(
                "本机时间 {now:%Y-%m-%d %H:%M} 早于程序自己的文件（{moment:%Y-%m-%d}）",
                now=now,
                moment=moment,
            ),
            say("请校准系统时间：是否迟报按时间判断"),
        )
    elif now.utcoffset() != there.utcoffset():
        yield part.doubt(
            say("本机时区为 {tzname}，运行计划默认按 {zone}", tzname=now.tzname(), zone=ZONE),
            say("请改系统时区，或用 --timezone 写明"),
        )
    else:
        yield part.good(say("{now:%Y-%m-%d %H:%M}，{tzname}", now=now, tzname=now.tzname()))


def _newest() -> float:
    """When the youngest of our own files was written; time that went by cannot come back."""
    files = [Path(__file__), *state_folder().glob("*.sqlite"), *state_folder().glob("logs/*.log")]
    return max(each.stat().st_mtime for each in files)


def _notices() -> Iterator[Diagnosis]:
    """Whether messages could be sent; none is."""
    part = _Part(say("通知"))
    try:
        places = notifying.addresses()
    except OSError as error:
        yield part.wrong(
            say(
                "{file_variable} 指定的文件无法读取（{error}）",
                file_variable=notifying.FILE_VARIABLE,
                error=why_not(error),
            ),
            say("请核对路径和权限"),
        )
        return
    if not places:
        yield part.good(say("没有设置，不通知"))
        return
    file = os.environ.get(notifying.FILE_VARIABLE)
    if file and os.name == "posix" and stat.S_IMODE(Path(file).stat().st_mode) & 0o077:
        yield part.doubt(
            say("{file} 其他账号也能读取，里面可能有口令", file=file),
            say("请运行 chmod 600 {file}", file=file),
        )
    for number, place in enumerate(places, 1):
        kind = notifying.kind_of(place)
        if notifying.is_understood(place):
            yield part.good(say("第 {number} 个地址（{kind}）可以使用，没有试发", number=number, kind=kind))
        else:
            yield part.wrong(
                say("第 {number} 个地址（{kind}）看不懂", number=number, kind=kind),
                say("请按 README 改写，如 mailto://、json://、wecombot://"),
            )
