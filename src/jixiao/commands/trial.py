"""`jixiao scheme trial`: what a changed scheme would change in rounds that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao.catalog.loading.schemes import validate_file
from jixiao.commands.evaluating import find_round, remembered
from jixiao.commands.progress import near
from jixiao.commands.terminal import UsageError, complain, screen
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.trials import ALTERED, APPEARED, GONE, GRADED
from jixiao.domain.amounts import show
from jixiao.domain.spoken import why_not
from jixiao.language import say
from jixiao.pipeline.settings import ConfigurationError, known_seeds, seeds_beside
from jixiao.pipeline.trials import try_scheme, write_trials

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jixiao.consolidation.trials import Trial


def try_rounds(
    path: Path, round_names: Sequence[str], inputs: Path, out: Path | None, seeds: Path | None = None
) -> int:
    """Print what a changed scheme would change; the exit code: 0, or 2 if anything is wrong with it.

    Raises:
        UsageError: no such file or round, the scheme is not for its year, or `out` cannot be written.
    """
    if not path.is_file():
        raise UsageError(say("没有这个文件：{path}", path=path))
    problems = validate_file(path, *known_seeds(seeds or seeds_beside(inputs / round_names[0])))
    for problem in problems:
        complain(str(problem))
    if problems:
        complain(say("共 {count} 处须修改，没有试行。", count=len(problems)))
        return 2
    folders = [find_round(inputs, name, seeds) for name in round_names]
    try:
        with remembered() as means:
            trials = try_scheme(path, folders, means)
        if out:
            write_trials(out, trials, path.stem)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(say("无法写入 {out}：{error}。", out=out, error=why_not(error))) from error
    for trial in trials:
        _print_trial(trial)
    if out:
        screen().print(say("逐项的变化见 {out}。", out=near(out)), style="green")
    return 0


def _print_trial(trial: Trial) -> None:
    console = screen()
    unchanged = trial.departments - len(trial.changes)
    told = say(
        "{count} 个部门有变化，{unchanged} 个没有；规则有 {count2} 条不同",
        count=len(trial.changes),
        unchanged=unchanged,
        count2=len(trial.rules),
    )
    console.print(Text(say("{round}：{told}", round=trial.round, told=told), style="bold"))
    if not trial.changes:
        return
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(say("部门"), overflow="fold", min_width=16)
    for header in (say("采用得分"), say("等级"), say("名次")):
        table.add_column(header, justify="right", no_wrap=True)
    for header in (say("新增"), say("消失"), say("改变")):
        table.add_column(say("发现{header}", header=header), justify="right")
    for each in trial.changes:
        old, new = each.before, each.after
        changed = each.findings.get(GRADED, 0) + each.findings.get(ALTERED, 0)
        counts = (each.findings.get(APPEARED), each.findings.get(GONE), changed)
        table.add_row(
            Text(shown_department(each.department)),
            _turned(*(say("无") if side.score is None else show(side.score) for side in (old, new))),
            _turned(old.grade or say("无"), new.grade or say("无")),
            _turned(*(say("无") if side.rank is None else str(side.rank) for side in (old, new))),
            *(str(count or "") for count in counts),
        )
    console.print(table)


def _turned(old: str, new: str) -> Text:
    """One value, or both where they differ."""
    return Text(new) if old == new else Text(f"{old} → {new}", style="yellow")
