"""`jixiao scheme`: the rules in words, a scheme as a workbook and back, what is wrong with a scheme file.

Its cases are run, and a changed one is tried: what it would change in rounds that are there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao.catalog.loading.schemes import list_schemes, load_scheme, scheme_changes, validate_file
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.wording.wordings import explain, explain_all
from jixiao.commands.rounds import find_round, remembered
from jixiao.commands.terminal import UsageError, complain, near, screen
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.trials import ALTERED, APPEARED, GONE, GRADED
from jixiao.domain.amounts import show
from jixiao.domain.spoken import why_not
from jixiao.language import say
from jixiao.pipeline.scheme_books import export_scheme, import_scheme
from jixiao.pipeline.scheme_cases import run_cases, try_scheme, write_trials
from jixiao.pipeline.settings import ConfigurationError, known_seeds, seeds_beside, wordings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.catalog.loading.seeds import Amendment
    from jixiao.consolidation.trials import Trial
    from jixiao.domain.scheme import Scheme
    from jixiao.pipeline.scheme_cases import CaseResult


_HEADERS = (say("适用"), say("方法"), say("参数"), say("依据"))


def print_schemes(seeds: Path | None = None) -> None:
    """Print the schemes that there are."""
    table = Table(box=box.SIMPLE_HEAD)
    for header in (say("方案"), say("名称"), say("适用地区"), say("适用年度")):
        table.add_column(header, overflow="fold")
    for summary in list_schemes(*known_seeds(seeds)):
        years = "".join(
            (_years(summary.years), *(say("\n{year} 年度起修订", year=year) for year in summary.changes))
        )
        words = (summary.id, summary.title, summary.jurisdiction, years)
        table.add_row(*map(Text, words))
    screen().print(table)


def print_scheme(scheme_id: str, year: int | None = None, seeds: Path | None = None) -> None:
    """Print a scheme's rules, of a year or as amended last, for an officer to check against the regulation.

    Raises:
        UsageError: there is no such scheme, it is not for that year, or it is broken.
    """
    scheme = find_scheme(scheme_id, year, seeds)
    console = screen()
    console.print(Text(say("{title}（{id}）", title=scheme.title, id=scheme.id), style="bold"))
    console.print(say("适用地区  {jurisdiction}", jurisdiction=scheme.jurisdiction))
    console.print(say("适用年度  {scheme}", scheme=_years(scheme.years)))
    console.print(say("依据      {regulations}", regulations=say("；").join(scheme.regulations)))
    for line in _changes(scheme_changes(scheme_id, *known_seeds(seeds)), year):
        console.print(line)
    regulations = say("；").join(scheme.regulations)
    for row in describe_scheme(scheme):
        console.print()
        console.print(Text.assemble((row.rule, "bold"), (f"  {row.id}", "dim")))
        basis = "" if row.basis == regulations else row.basis
        console.print(_lines((row.applies, row.method, row.parameters, basis)))


def _lines(words: Sequence[str]) -> Table:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for header, text in zip(_HEADERS, words, strict=True):
        if text:
            lines.add_row(f"  {header}", Text(text))
    return lines


def _changes(changes: Sequence[Amendment], year: int | None) -> Iterator[str]:
    """Which of the amendments the rules below hold, and how to see those before."""
    for each in changes:
        held = year is None or each.year <= year
        basis = say("，{basis}", basis=each.basis) if each.basis else ""
        yield say(
            "修订      {year} 年度起{basis}（{value}）",
            year=each.year,
            basis=basis,
            value=say("以下已含") if held else say("以下未含"),
        )
    if changes:
        shown = say(" {year} 年度", year=year) if year is not None else say("最近一次修订后")
        yield say("          以下是{shown}的规则；其他年度用 --year 查看", shown=shown)


def print_explanation(code: str, scheme_id: str, year: int | None = None, seeds: Path | None = None) -> None:
    """Print what a rule or a finding code means.

    Raises:
        UsageError: there is no such scheme, rule or code.
    """
    scheme = find_scheme(scheme_id, year, seeds)
    try:
        text = explain(code, scheme, wordings_of(known_seeds(seeds)))
    except KeyError as error:
        raise UsageError(
            say(
                "方案 {scheme_id} 中没有“{code}”这个规则或发现编号。用 --all 列出全部编号。",
                scheme_id=scheme_id,
                code=code,
            )
        ) from error
    screen().print(text)


def print_all_explanations(scheme_id: str, year: int | None = None, seeds: Path | None = None) -> None:
    """Print every finding code in words.

    Raises:
        UsageError: there is no such scheme, or it is broken.
    """
    screen().print(explain_all(find_scheme(scheme_id, year, seeds), wordings_of(known_seeds(seeds))))


def print_problems(path: Path, seeds: Path | None = None) -> int:
    """Check a scheme file; the exit code: 0, or 2 if anything is wrong with it.

    Raises:
        UsageError: there is no such file.
    """
    if not path.is_file():
        raise UsageError(say("没有这个文件：{path}", path=path))
    problems = validate_file(path, *known_seeds(seeds))
    for problem in problems:
        complain(str(problem))
    if problems:
        complain(say("共 {count} 处须修改。", count=len(problems)))
        return 2
    screen().print(say("{name}：没有发现问题。", name=path.name), style="green")
    return 0


def run_scheme_cases(scheme_id: str | None, seeds: Path | None = None, *, record: bool) -> int:
    """Run the cases of a scheme, or of all, and print what differs; the exit code: 0, or 1 if anything does.

    Raises:
        UsageError: there is no such scheme, no case of it, or one that cannot be used or written.
    """
    if scheme_id:
        find_scheme(scheme_id, seeds=seeds)
    try:
        results = run_cases(scheme_id, seeds, record=record)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(
            say("案例无法写入 {filename}：{error}。", filename=error.filename or "", error=why_not(error))
        ) from error
    for result in results:
        _print_case(result)
    failed = sum(bool(each.differences) for each in results)
    if record:
        screen().print(say("已记下 {count} 个案例的结果，请逐项核对。", count=len(results)), style="green")
    elif failed:
        screen().print(
            say("{count} 个案例中有 {failed} 个与所记不符。", count=len(results), failed=failed),
            style="bold red",
        )
    else:
        screen().print(say("{count} 个案例都与所记相符。", count=len(results)), style="bold green")
    return 1 if failed else 0


def _print_case(result: CaseResult) -> None:
    word = say("已记") if result.recorded else say("不符") if result.differences else say("相符")
    style = "red" if result.differences else "green"
    screen().print(Text.assemble((word, style), f"  {result.scheme} › {result.name}"))
    if not result.differences:
        return
    table = Table(box=box.SIMPLE_HEAD)
    for header in (say("位置"), say("内容"), say("案例所记"), say("程序所得")):
        table.add_column(header, overflow="fold")
    for each in result.differences:
        table.add_row(*(Text(words or say("无")) for words in each))
    screen().print(table)


def find_scheme(scheme_id: str, year: int | None = None, seeds: Path | None = None) -> Scheme:
    """Load a scheme as it is in a year, or as amended last.

    Raises:
        UsageError: there is no such scheme, it is not for that year, or it is broken.
    """
    try:
        return load_scheme(scheme_id, *known_seeds(seeds), year=year)
    except SchemeError as error:
        raise UsageError(str(error)) from error


def _years(years: tuple[int | None, int | None]) -> str:
    """Shorter than in a sentence: a column of a table."""
    first, last = years
    if first is None and last is None:
        return say("不限")
    return f"{first or ''}—{last or say('至今')}"


def export(scheme_id: str, out: Path | None, seeds: Path | None = None) -> None:
    """Write a scheme as a workbook; one that is there is brought up to date, only where `out` names it.

    Raises:
        UsageError: there is no such scheme, or the file cannot be written.
    """
    path = out or _fresh(Path(say("评价方案_{scheme_id}.xlsx", scheme_id=scheme_id)))
    updated = path.exists()
    try:
        export_scheme(scheme_id, path, seeds)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(say("无法写入 {path}：{error}。", path=path, error=why_not(error))) from error
    if updated:
        done = say("已更新 {path}，其中自加的批注、栏目和工作表保持不变。", path=near(path))
    else:
        done = say("已导出 {path}，修改后用 jixiao scheme import 导回。", path=near(path))
    screen().print(done, style="green")


def take_in(path: Path, out: Path | None, seeds: Path | None = None, *, overwrite: bool = False) -> int:
    """Turn an edited workbook into a scheme file; the exit code: 0, or 2 if anything is wrong with it.

    Raises:
        UsageError: there is no such file, it is no workbook, or the result cannot be written, or there is
            such a scheme file already and nobody said that it may be overwritten.
    """
    if not path.is_file():
        raise UsageError(say("没有这个文件：{path}", path=path))
    try:
        scheme = import_scheme(path, out if out and out.is_file() else None, seeds)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    for problem in scheme.problems:
        complain(str(problem))
    if scheme.problems:
        complain(say("共 {count} 处须修改，没有生成方案文件。", count=len(scheme.problems)))
        return 2
    target = out or path.with_name(f"{scheme.id}.toml")
    if target.exists() and not overwrite and target.read_bytes() != scheme.text.encode():
        raise UsageError(
            say(
                "{target} 已经存在，没有改动它。要覆盖请加 --overwrite，或用 --out 另写一个文件名。",
                target=target,
            )
        )
    try:
        target.write_text(scheme.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(say("无法写入 {target}：{error}。", target=target, error=why_not(error))) from error
    screen().print(say("已生成 {target}，没有发现问题。", target=near(target)), style="green")
    return 0


def _fresh(path: Path) -> Path:
    if path.exists():
        raise UsageError(say("{path} 已经存在，请先移走，或用 --out 写明文件名以更新。", path=path))
    return path


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
