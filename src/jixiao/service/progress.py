"""What is told of a run: to a listener while it goes on, as a digest of each round when it is done."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

from jixiao.consolidation.submissions import count_filings
from jixiao.domain.findings import Severity
from jixiao.domain.spoken import inert, one_line
from jixiao.domain.submissions import Status
from jixiao.language import say
from jixiao.pipeline import NOTIFY_BRIEF
from jixiao.service.state import print_line, record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jixiao.domain.followups import Progress
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import SheetOutcome
    from jixiao.pipeline import Worked

_MOST_NAMED = 20
"""Files named one by one in the artifact."""
_MOST_ALIKE = 20
"""So many sheets of a folder to which the same happened are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A round in figures.

    `departments` counts departments with a form, `returned` those of them with a form to mend. `unreadable`,
    `unrecognised` and `ignored` are lines "file › sheet：reason".
    """

    round: str
    title: str
    files: int
    forms: int
    departments: int
    returned: int
    findings: Counter[Severity]
    unreadable: tuple[str, ...]
    unrecognised: tuple[str, ...]
    ignored: tuple[str, ...]
    folder: Path
    summary: Path
    feedback: int
    filing: str = ""
    """应报, 已报, 未报 and 迟报 in words; "" where the round has no roster."""
    reports: int = 0
    mended: str = ""
    """How far corrections are, in words; "" where there is no ledger."""
    notes: tuple[str, ...] = ()
    """What became of files among the results that others wrote or edited."""

    address: str = ""
    """Where the results were sent to; "" where they stay in `folder`."""

    notify: str = NOTIFY_BRIEF
    """How much of it is told to whoever asked for messages."""

    evaluated: int = 0
    reused: int = 0
    """Of so many departments, those that sent nothing among them, so many results are an earlier run's."""

    @property
    def remembered(self) -> str:
        """How much was taken from memory; "" where nothing was."""
        return (
            say(
                "{evaluated} 个部门，其中 {reused} 个沿用上次结果",
                evaluated=self.evaluated,
                reused=self.reused,
            )
            if self.reused
            else ""
        )

    def place(self, *names: str) -> Path | str:
        """Where a reader finds something among the results: at the address, or here."""
        return "/".join([self.address, *names]) if self.address else self.folder.joinpath(*names)

    def rows(self) -> list[dict[str, str]]:
        """The digest as a table of two columns, as Prefect's artifact shows it."""
        counts = {
            say("评价批次"): self.round,
            say("文件"): self.files,
            say("报送表"): self.forms,
            **({say("沿用"): self.remembered} if self.remembered else {}),
            say("部门"): self.departments,
            **({say("应报情况"): self.filing} if self.filing else {}),
            **({say("整改"): self.mended} if self.mended else {}),
            say("需修改后重报的部门"): self.returned,
            say("阻断"): self.findings[Severity.BLOCKING],
            say("错误"): self.findings[Severity.ERROR],
            say("提示"): self.findings[Severity.WARNING],
            say("说明"): self.findings[Severity.INFO],
            say("未能读取"): _few(self.unreadable) or 0,
            say("未能识别"): _few(self.unrecognised) or 0,
            say("汇总表"): self.place(self.summary.name),
            **({say("请留意"): "".join(self.notes)} if self.notes else {}),
        }
        texts = {name: inert(str(value)) for name, value in counts.items()}
        texts[say("汇总表")] = str(
            self.place(self.summary.name)
        )  # ours, not a cell's, and to be copied from here
        return [{say("项目"): name, say("结果"): text} for name, text in texts.items()]


def digest(worked: Worked, address: str = "") -> Digest:
    """Sum up a round whose results belong at that address, if at any."""
    evaluation, published = worked.evaluation, worked.published
    returned = {
        submission.department
        for submission in evaluation.submissions
        if evaluation.statuses[submission.submission_id] is Status.RETURNED
    }
    return Digest(
        round=evaluation.round.name,
        title=say("{year} 年度，{title}", year=evaluation.round.year, title=evaluation.round.scheme.title),
        files=worked.files,
        forms=len(evaluation.submissions),
        departments=len(evaluation.departments),
        returned=len(returned),
        findings=worked.found,
        unreadable=_lines(evaluation, Status.UNREADABLE),
        unrecognised=_lines(evaluation, Status.UNRECOGNISED),
        ignored=_lines(evaluation, Status.IGNORED),
        folder=published.folder,
        summary=published.summary,
        address=address,
        feedback=len(published.feedback),
        filing=count_filings(evaluation.filings),
        reports=published.reports,
        mended=_mended(evaluation.followup.progress.values()),
        notes=published.notes,
        evaluated=worked.departments,
        reused=worked.reused,
    )


def _mended(progress: Collection[Progress]) -> str:
    """已改正 5 项，仍须改正 1 项: of all departments, once one has sent more than once."""
    if not any(each.times > 1 or each.excused for each in progress):
        return ""
    mended, left, excused = (
        sum(getattr(each, name) for each in progress) for name in ("mended", "open", "excused")
    )
    same = sum(each.unchanged for each in progress)
    said = say("已改正 {mended} 项，仍须改正 {left} 项", mended=mended, left=left) + (
        say("，免予修改 {excused} 项", excused=excused) if excused else ""
    )
    return said + (say("；{same} 个部门最近报送的内容与上次相同", same=same) if same else "")


def _few(lines: Sequence[str]) -> str:
    """Lines in one, the first of many."""
    rest = say("；……共 {count} 项", count=len(lines)) if len(lines) > _MOST_NAMED else ""
    return say("；").join(lines[:_MOST_NAMED]) + rest


def _lines(evaluation: Evaluation, status: Status) -> tuple[str, ...]:
    """What became of each sheet; of many in one folder that nobody needs to mend, one line for all."""
    groups: dict[tuple[str, str], list[SheetOutcome]] = defaultdict(list)
    for outcome in evaluation.outcomes:
        if outcome.status is status:
            groups[str(PurePosixPath(outcome.file).parent), outcome.reason].append(outcome)
    return tuple(line for (folder, _), alike in groups.items() for line in _told(folder, alike))


def _told(folder: str, alike: Sequence[SheetOutcome]) -> Iterator[str]:
    first = alike[0]
    if len(alike) <= _MOST_ALIKE or first.status is Status.UNREADABLE:
        yield from map(_line, alike)
    else:
        place = say("批次文件夹") if folder == "." else say("文件夹 {folder} ", folder=folder)
        yield one_line(
            say("{place}里有 {count} 个：{reason}", place=place, count=len(alike), reason=first.reason)
        )


def _line(outcome: SheetOutcome) -> str:
    sheet = f" › {outcome.sheet}" if outcome.sheet else ""
    return one_line(say("{file}{sheet}：{reason}", file=outcome.file, sheet=sheet, reason=outcome.reason))


@dataclass(frozen=True, slots=True)
class Failure:
    """A round that could not be worked off, and why in a Chinese sentence.

    `configuration`: it was not begun, for its round.toml or what that names can't be used. `busy`: it was
    left to another run of it that goes on.
    """

    round: str
    message: str
    configuration: bool = False
    notify: str = NOTIFY_BRIEF
    busy: bool = False

    @property
    def sentence(self) -> str:
        """What to tell the officer."""
        outcome = say("未处理") if self.configuration else say("未能完成")
        return say(
            "{round}：{outcome}，原有结果保留不变。{message}",
            round=self.round,
            outcome=outcome,
            message=self.message,
        )


class Listener(Protocol):
    """What can be heard about a round, in this order; `read` once for every batch of files."""

    def started(self, round_name: str, files: int) -> None:
        """A round of so many files is begun."""

    def read(self, round_name: str, files: int) -> None:
        """So many more files have been read."""

    def evaluating(self, round_name: str) -> None:
        """All files are read; checks, scores and workbooks follow."""

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        """A step after reading is done with so many of its departments."""

    def finished(self, digest: Digest) -> None:
        """The round's results are in place."""

    def failed(self, failure: Failure) -> None:
        """The round could not be worked off."""

    def stopped(self, message: str) -> None:
        """The run as a whole could not be carried out, for which reason."""


class PlainListener:
    """One line a round: for scheduled runs, which nobody watches."""

    def started(self, round_name: str, files: int) -> None:
        """Say that the round has begun."""
        print_line(say("{round_name}：开始处理 {files} 个文件", round_name=round_name, files=files))

    def read(self, round_name: str, files: int) -> None:
        """Nothing: a log does not want progress."""

    def evaluating(self, round_name: str) -> None:
        """Nothing: a log does not want progress."""

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        """Nothing: a log does not want progress."""

    def finished(self, digest: Digest) -> None:
        """Say what came out."""
        wrong = digest.findings[Severity.BLOCKING] + digest.findings[Severity.ERROR]
        counts = say("报送表 {forms} 张，须改正的问题 {wrong} 项", forms=digest.forms, wrong=wrong)
        print_line(
            say(
                "{round}：已完成，{counts}，结果在 {place}",
                round=digest.round,
                counts=counts,
                place=digest.place(),
            )
        )
        for note in digest.notes:
            print_line(say("{round}：{note}", round=digest.round, note=note))

    def failed(self, failure: Failure) -> None:
        """Say what went wrong."""
        print_line(failure.sentence)

    def stopped(self, message: str) -> None:
        """Say that there will be no more of this run."""
        print_line(say("本次运行未能完成。{message}", message=message))


listener: ContextVar[Listener] = ContextVar("listener")
"""The listener of the run in this context; PlainListener where none is set."""


def current() -> Listener:
    """The listener to tell; what it hears is kept in the log as well."""
    return _Recorded(listener.get(_NOBODY))


def nobody_watches() -> bool:
    """Whether nobody set a listener: a run on schedule."""
    return listener.get(_NOBODY) is _NOBODY


_NOBODY = PlainListener()


@dataclass(frozen=True, slots=True)
class _Recorded:
    """Keeps what happens, then tells a listener."""

    listener: Listener

    def started(self, round_name: str, files: int) -> None:
        record(
            "started",
            say("{round_name}：开始处理 {files} 个文件", round_name=round_name, files=files),
            round=round_name,
            files=files,
        )
        self.listener.started(round_name, files)

    def read(self, round_name: str, files: int) -> None:
        self.listener.read(round_name, files)

    def evaluating(self, round_name: str) -> None:
        record(
            "evaluating",
            say("{round_name}：文件已读取，开始审核、评分", round_name=round_name),
            round=round_name,
        )
        self.listener.evaluating(round_name)

    def moved(self, round_name: str, step: str, done: int, of: int) -> None:
        self.listener.moved(round_name, step, done, of)

    def finished(self, digest: Digest) -> None:
        counts: dict[str, Any] = {each.value: digest.findings[each] for each in Severity}
        said: dict[str, Any] = {"round": digest.round, "files": digest.files, "forms": digest.forms, **counts}
        more: dict[str, Any] = {
            "departments": digest.departments,
            "returned": digest.returned,
            "place": digest.place(),
        }
        record(
            "finished",
            say("{round}：已完成，结果在 {place}", round=digest.round, place=digest.place()),
            **said,
            **more,
        )
        for note in digest.notes:
            record(
                "note",
                say("{round}：{note}", round=digest.round, note=note),
                level=logging.WARNING,
                round=digest.round,
            )
        self.listener.finished(digest)

    def failed(self, failure: Failure) -> None:
        said: dict[str, Any] = {"round": failure.round, "configuration": failure.configuration}
        record("failed", failure.sentence, level=logging.ERROR, **said)
        self.listener.failed(failure)

    def stopped(self, message: str) -> None:
        record("stopped", say("本次运行未能完成。{message}", message=message), level=logging.ERROR)
        self.listener.stopped(message)
