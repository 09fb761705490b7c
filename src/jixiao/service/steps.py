"""A run in steps, whoever carries them out: Prefect's tasks, or this process where there is no server."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.catalog.loading.sources import SchemeError
from jixiao.domain.spoken import why_not
from jixiao.engines import EngineError, end_workers, open_engine
from jixiao.language import say
from jixiao.ledger import LedgerError, ledger_url, open_ledger
from jixiao.service.addresses import AddressError, Mirror, is_address
from jixiao.service.notifying import tell_results
from jixiao.service.progress import Failure, current, digest
from jixiao.service.state import spool_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jixiao.consolidation.summary import Gathered
    from jixiao.engines import Engine
    from jixiao.evaluating.briefs import Division
    from jixiao.ledger import Ledger
    from jixiao.service.progress import Digest

_LOG = logging.getLogger(__name__)
_SAID = (pipeline.PublicationError, pipeline.ConfigurationError, EngineError, AddressError)
"""Errors whose messages are sentences for the officer."""
_LAST_FILES_SECONDS = 5.0
_WITHOUT_LEDGER = say("本次照常处理，结果没有记入台账，也不知道各部门以前报送的情况。")
_CONFIGURATION = (pipeline.ConfigurationError, SchemeError)


@dataclass(frozen=True, slots=True)
class Job:
    """What to work off and where to: the rounds of that name below `inputs`, all where none is named.

    Inputs and outputs are folders, or addresses of such (s3://…).

    `remembers`: what an earlier run made of the very same is not made again. `seeds` is the jurisdiction's
    own folder of rules; where none is named, the one beside the inputs. `word`: whether Word reports are
    written (None: as each round's settings say). `engine` and `scheduler` as for
    `jixiao.engines.open_engine`. `ledger` is a file or the URL of a database; "": JIXIAO_LEDGER's, else a
    file in the state folder.
    """

    inputs: Path | str
    outputs: Path | str
    rounds: tuple[str, ...] = ()
    remembers: bool = True
    seeds: Path | str | None = None
    engine: str = "local"
    scheduler: str = ""
    ledger: str = ""
    word: bool | None = None


def job_of(  # noqa: PLR0913, PLR0917 as the command line gives them
    inputs: str,
    outputs: str,
    rounds: Sequence[str] = (),
    seeds: Path | None = None,
    engine: str = "local",
    scheduler: str = "",
    ledger: str = "",
    *,
    remembers: bool = True,
    word: bool | None = None,
) -> Job:
    """A job as the command line gives it: paths are those of the working directory, once and for all."""
    return Job(
        inputs=_fixed(inputs),
        outputs=_fixed(outputs),
        rounds=tuple(rounds),
        remembers=remembers,
        seeds=seeds.absolute() if seeds else None,
        engine=engine,
        scheduler=scheduler,
        ledger=str(_fixed(ledger)) if ledger else "",
        word=word,
    )


def _fixed(place: str) -> Path | str:
    return place if is_address(place) else Path(place).absolute()


@dataclass(frozen=True, slots=True)
class _Here:
    """The folders of a job on this machine, and what sends a round's results to where they belong."""

    job: Job
    inputs: Path
    outputs: Path
    seeds: Path | None
    mirror: Mirror | None

    def address(self, round_name: str) -> str:
        """Where a round's results are sent to; "" where they stay here."""
        return f"{str(self.job.outputs).rstrip('/')}/{round_name}" if self.mirror else ""

    def send(self, round_name: str) -> None:
        """Send a round's results, where they belong at an address."""
        if self.mirror:
            self.mirror.push(round_name, last=pipeline.MANIFEST)


class Worker(pipeline.Steps):
    """Carries out the steps of a round, here one after the other.

    `own_errors` are errors of the machinery that carries them out: they end the run, whatever the round.
    """

    own_errors: tuple[type[Exception], ...] = ()
    last = ""
    """The run's last round: once its departments are made, nobody needs worker processes any more."""

    def conclude(  # noqa: PLR0913, PLR0917 as `Steps` has it
        self,
        folder: pipeline.RoundFolder,
        division: Division,
        made: Sequence[pipeline.Made],
        outputs: Path,
        means: pipeline.Means,
        told: Callable[[int], object],
    ) -> tuple[Gathered, pipeline.Published]:
        """See `Steps`; what workers held is free for it, where none is needed later."""
        if folder.name == self.last:
            end_workers()
        return super().conclude(folder, division, made, outputs, means, told)

    def report(self, digest: Digest) -> None:
        """Hear what became of a round whose results are in place."""


def run_rounds(job: Job, worker: Worker) -> tuple[Digest | Failure, ...]:
    """Work off the rounds one after the other; one that fails or is wrongly set up does not stop the others.

    Raises:
        jixiao.pipeline.ConfigurationError: there is no inputs folder, no round in it, or no such engine.
    """
    here = _bring(job)
    folders = pipeline.round_folders(here.inputs, job.rounds)
    worker.last = folders[-1].name
    places = (here.inputs, *(own for own in [here.seeds] if own and own.is_dir()))
    try:
        with open_engine(job.engine, job.scheduler, places) as engine:
            results = tuple(_attempt(folder, here, engine, worker) for folder in folders)
    except EngineError as error:
        raise pipeline.ConfigurationError(str(error)) from error
    tell_results(results)
    return results


@contextmanager
def reading_ahead(job: Job) -> Iterator[None]:
    """Inside, files that are new or changed are read already: while Prefect starts, processors idle.

    What is read is kept where the run then finds it, so that nothing depends on how far this comes. It is
    given up without a word whatever goes wrong: the run meets the same, and says it.
    """
    enough = Event()
    if not job.remembers or job.engine != "local" or is_address(str(job.inputs)):
        yield
        return
    reader = Thread(target=_read_ahead, args=(job, enough), name="reading ahead", daemon=True)
    reader.start()
    try:
        yield
    finally:
        enough.set()
        reader.join(_LAST_FILES_SECONDS)  # its workers go before the run's own come; what hangs may go on


def _read_ahead(job: Job, enough: Event) -> None:
    try:
        with open_engine() as engine:
            means = pipeline.Means(engine, pipeline.Memory(state_folder()))
            for folder in pipeline.round_folders(Path(job.inputs), job.rounds):
                seeds = Path(job.seeds) if job.seeds else None
                pipeline.read_round_ahead(pipeline.load_round(folder, seeds), means, enough.is_set)
    except Exception:  # noqa: BLE001 see above
        _LOG.info("reading ahead was given up", exc_info=True)


def unusable_rounds(job: Job) -> tuple[Failure, ...]:
    """The rounds that can't be worked off as they are set up, found without reading what was sent.

    Raises:
        jixiao.pipeline.ConfigurationError: there is no inputs folder, or none of the rounds can be used.
    """
    here = _bring(job)
    folders = pipeline.round_folders(here.inputs, job.rounds)
    failures = tuple(filter(None, (_unusable(folder, here.seeds) for folder in folders)))
    if len(failures) == len(folders):
        raise pipeline.ConfigurationError("\n".join(failure.message for failure in failures))
    return failures


def _bring(job: Job) -> _Here:
    """The folders of a job, brought here where they are at addresses.

    Raises:
        jixiao.pipeline.ConfigurationError: an address can't be used or does not answer.
    """
    try:
        inputs, outputs = _here(job.inputs), _here(job.outputs)
        seeds = _here(job.seeds) if job.seeds else None
    except OSError as error:
        raise pipeline.ConfigurationError(explain(error)) from error
    mirror = outputs if isinstance(outputs, Mirror) else None
    return _Here(job, _folder(inputs), _folder(outputs), _folder(seeds) if seeds else None, mirror)


def _here(place: Path | str) -> Path | Mirror:
    if not is_address(str(place)):
        return Path(place).absolute()
    mirror = Mirror(str(place), state_folder())
    try:
        mirror.pull()
    except AddressError:
        raise
    except OSError as error:
        raise AddressError(
            say(
                "读不到 {place}（{error}）。请核对地址和访问它所用的账号设置（环境变量），再重新运行。",
                place=place,
                error=error,
            )
        ) from error
    return mirror


def _folder(place: Path | Mirror) -> Path:
    return place.folder if isinstance(place, Mirror) else place


def _unusable(folder: Path, seeds: Path | None) -> Failure | None:
    try:
        pipeline.load_round(folder, seeds)
    except pipeline.ConfigurationError as error:
        return Failure(folder.name, str(error), configuration=True)
    return None


def _attempt(folder: Path, here: _Here, engine: Engine, worker: Worker) -> Digest | Failure:
    notify = pipeline.NOTIFY_BRIEF
    try:
        with pipeline.held(pipeline.Place.of(here.outputs, folder.name)):
            loaded = pipeline.load_round(folder, here.seeds)
            notify = loaded.notify
            result = replace(_run_round(loaded, here, engine, worker), notify=notify)
            here.send(folder.name)
    except worker.own_errors:
        raise
    except Exception as error:  # noqa: BLE001 - whatever broke, the other rounds go on; the log has the details
        configuration, busy = isinstance(error, _CONFIGURATION), isinstance(error, pipeline.BusyError)
        failure = Failure(folder.name, explain(error), configuration, notify, busy)
        _LOG.exception("%s", failure.sentence)
        current().failed(failure)
        return failure
    current().finished(result)
    return result


def _run_round(folder: pipeline.RoundFolder, here: _Here, engine: Engine, worker: Worker) -> Digest:
    if here.job.word is not None:
        folder = replace(folder, word=here.job.word)
    with _memory(here.job) as memory, opened(here.job.ledger) as (ledger, notes):
        means = pipeline.Means(engine, memory, ledger, notes)
        worked = pipeline.run_round(folder, here.outputs, means, current(), worker)
        result = digest(worked, here.address(folder.name))
    worker.report(result)
    return result


@contextmanager
def opened(named: str) -> Iterator[tuple[Ledger | None, tuple[str, ...]]]:
    """The ledger, or None and a sentence why it can't be used: the round goes on without."""
    try:
        ledger = open_ledger(ledger_url(named, state_folder()))
    except LedgerError as error:
        _LOG.warning("%s", error)
        yield None, (f"{error}{_WITHOUT_LEDGER}",)
        return
    try:
        yield ledger, ()
    finally:
        ledger.close()


@contextmanager
def _memory(job: Job) -> Iterator[pipeline.Memory]:
    """What earlier runs left, or nothing where the job wants none of it."""
    state = state_folder()
    if job.remembers:
        yield pipeline.Memory(state)
    else:
        with pipeline.passing_memory(spool_folder(state)) as memory:
            yield memory


def explain(error: BaseException) -> str:
    """An unexpected error as a sentence for the officer."""
    if isinstance(error, _SAID):
        return str(error)
    if isinstance(error, SchemeError):
        return say("seeds 中的数据文件无法使用：{error}", error=error)
    if isinstance(error, OSError):
        named = f" {error.filename} " if error.filename else ""
        return say(
            "读写文件{named}时出错：{error}。请检查磁盘空间和网络盘连接后重新运行。",
            named=named,
            error=why_not(error),
        )
    return say("程序内部出错（{name}：{error}）。", name=type(error).__name__, error=error)
