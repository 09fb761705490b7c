"""`jixiao status` and `jixiao history`: what the ledger knows, without reading what was sent.

Neither Prefect nor polars is imported: both answer at once, whatever a round holds.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from jixiao.commands.terminal import TONES, CommandFailedError, UsageError, complain, screen
from jixiao.consolidation.words import FATES, SEVERITIES, STATUSES, said_of_delivery
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate
from jixiao.domain.report import Tone, Toned
from jixiao.language import COLUMN, say, spoken
from jixiao.ledger import LedgerError, asked, is_there, ledger_url, read_progress, read_rounds
from jixiao.service.state import state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jixiao.domain.followups import Progress, Traced
    from jixiao.ledger import Ledger, Passage, RoundSummary

_STATES = {
    **{status.value: word for status, word in STATUSES.items()},
    "incomplete": Toned(say("未报齐"), Tone.BAD),
    "missing": Toned(say("未报送"), Tone.BAD),
    "withdrawn": Toned(say("已撤回"), Tone.DOUBT),
}
_FATES = {
    **dict.fromkeys((Fate.STANDS, Fate.RECURRED, Fate.EXPIRED), Tone.BAD),
    **dict.fromkeys((Fate.MENDED, Fate.MENDED_AS_ASKED), Tone.GOOD),
    Fate.NEW: Tone.DOUBT,
}
_MOST_NEAR = 10
_NO_ROUNDS = say("台账里还没有批次。请先用 jixiao run 运行，或写明批次：jixiao status 批次。")


def print_progress(inputs: Path, round_name: str, seeds: Path | None = None, named: str = "") -> None:
    """Print how far the departments of a round are, without a name what rounds there are.

    A round that the ledger does not know is read and evaluated instead.

    Raises:
        UsageError: there is no such round, or no ledger to list rounds from.
    """
    url = ledger_url(named, state_folder())
    try:
        if _shows(url, inputs, round_name):
            return
    except LedgerError as error:
        complain(str(error))
        if not round_name:
            raise UsageError(_NO_ROUNDS) from None
    from jixiao.commands.rounds import print_status  # noqa: PLC0415 it reads a whole round

    print_status(inputs, round_name, seeds)


def _shows(url: str, inputs: Path, round_name: str) -> bool:
    """Whether the ledger at a URL knows the round, which is printed; without a name all rounds are."""
    if not is_there(url):
        if round_name:
            return False
        raise UsageError(_NO_ROUNDS)
    with asked(url) as ask:
        rounds = read_rounds(ask)
        if not round_name:
            _print_rounds(rounds)
            return True
        found = [each for each in rounds if each.key.name == round_name]
        if found:
            _print_round(read_progress(ask, found[0].key), found[0], inputs / round_name)
        return bool(found)


def _opened(named: str) -> Ledger | None:
    """The ledger, where there is one that can be used; looking at it makes none."""
    url = ledger_url(named, state_folder())
    if not is_there(url):
        return None
    from jixiao.ledger import open_ledger  # noqa: PLC0415 SQLAlchemy, which a list of rounds does without

    try:
        return open_ledger(url)
    except LedgerError as error:
        complain(str(error))
        return None


def _table(*columns: str) -> Table:
    """A table; columns with a leading "#" are figures, those with "=" short words: neither folds."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for title in columns:
        short = title[0] in "#="
        justify: Literal["left", "right"] = "right" if title[0] == "#" else "left"
        table.add_column(title.lstrip("#="), justify=justify, overflow="fold", no_wrap=short)
    return table


def _print_rounds(rounds: Sequence[RoundSummary]) -> None:
    if not rounds:
        raise UsageError(_NO_ROUNDS)
    table = _table(say("批次"), say("#年度"), say("方案"), say("=最近运行"), say("#文件"))
    for each in rounds:
        table.add_row(
            *(Text(each.key.name), str(each.key.year), Text(each.title)),
            *(_minute(each.run.created), str(each.run.files)),
        )
    screen().print(table)


def _print_round(progress: Sequence[Progress], found: RoundSummary, folder: Path) -> None:
    console = screen()
    sent = sum(each.forms > 0 for each in progress)
    waiting = sum(each.status == "missing" for each in progress)
    headline = say(
        "{name}（{year} 年度，{title}）：{sent} 个部门已报送",
        name=found.key.name,
        year=found.key.year,
        title=found.title,
        sent=sent,
    )
    headline += say("，{waiting} 个未报送", waiting=waiting) if waiting else ""
    console.print(Text(headline, style="bold"))
    console.print(
        say(
            "{created} 的运行结果。{folder}",
            created=_minute(found.run.created),
            folder=_since(folder, found.run.created),
        )
    )
    if progress:
        console.print(_listing(progress))
    for each in progress:
        if said := said_of_delivery(each):
            console.print(say("{department}：{said}。", department=each.department, said=said))


_COLUMNS = (
    say("状态"),
    say("次数"),
    say("最近"),
    spoken("表", COLUMN),
    say("缺"),
    say("须改正"),
    say("已改正"),
    say("免改"),
    say("提示"),
    say("天数"),
    say("得分"),
    say("部门"),
)
"""Names stand last, as long as they are: so a line fits a screen of 80 characters without being folded."""
_GAP = "  "


def _listing(progress: Sequence[Progress]) -> Text:
    """A line each under their headers, without columns in which nothing stands.

    Only its state has a style of its own: a table of rich takes most of a second for a thousand departments.
    """
    states = [_STATES.get(each.status, Toned(each.status, Tone.NOTE)) for each in progress]
    rows = [(state.text, *_progress_row(each)) for state, each in zip(states, progress, strict=True)]
    columns = [(title, *cells) for title, cells in zip(_COLUMNS, zip(*rows, strict=True), strict=True)]
    first, *others = (_aligned(cells) for cells in columns if any(cells[1:]))
    styles = ("bold", *(TONES[state.tone] for state in states))
    listing = Text("\n")
    for style, head, *cells in zip(styles, first, *others, strict=True):
        listing.append(head, style=style)
        listing.append("".join(cells) + "\n", style=style if style == "bold" else "")
    return listing


def _aligned(cells: Sequence[str]) -> list[str]:
    """A column's cells, equally wide: names as long as they are, other words and figures set off."""
    title, width = cells[0], max(map(cell_len, cells))
    if title == _COLUMNS[-1]:
        return [_GAP + cell for cell in cells]
    gaps = [" " * (width - cell_len(cell)) for cell in cells]
    if title == _COLUMNS[0]:
        return [_GAP + cell + gap for cell, gap in zip(cells, gaps, strict=True)]
    return [_GAP + gap + cell for cell, gap in zip(cells, gaps, strict=True)]


def _progress_row(each: Progress) -> tuple[str, ...]:
    counts = (each.forms, each.missing, each.open, each.mended, each.excused, each.doubts)
    return (
        *(str(each.times or ""), each.received[5:10], *(str(count or "") for count in counts)),
        *(_days(each.returned), f"{each.score} {each.grade}".strip(), each.department),
    )


def _state(each: Progress) -> Text:
    """What a department has to do next, in a word."""
    word = _STATES.get(each.status, Toned(each.status, Tone.NOTE))
    return Text(word.text, style=TONES[word.tone])


def _days(returned: str) -> str:
    """Whole days since a department was told what to mend."""
    if not returned:
        return ""
    began = datetime.fromisoformat(returned).astimezone()
    return str((datetime.now().astimezone().date() - began.date()).days)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _since(folder: Path, created: str) -> str:
    """How many files came or changed after a run, by the stamps of the file system."""
    if not folder.is_dir():
        return ""
    began = datetime.fromisoformat(created).timestamp()
    later = 0
    for place, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(place, name)  # noqa: PTH118 names may be no UTF-8
            later += os.path.lexists(path) and os.lstat(path).st_mtime > began + 1
    return (
        say("此后有 {later} 个文件新到或改动，尚未计入；运行 jixiao run 后计入。", later=later)
        if later
        else ""
    )


def print_history(department: str, round_name: str = "", named: str = "") -> None:
    """Print every state of a department with what became of its findings.

    Raises:
        UsageError: there is no ledger, or no such department in it.
        CommandFailedError: the ledger can't be read.
    """
    ledger = _opened(named)
    if ledger is None:
        raise UsageError(say("还没有台账。请先用 jixiao run 运行。"))
    try:
        name = _meant(department, ledger.departments())
        passages = ledger.history(name, round_name)
    except LedgerError as error:
        raise CommandFailedError(str(error)) from error
    finally:
        ledger.close()
    if not passages:
        raise UsageError(
            say("台账里没有 {name} 在批次 {round_name} 的报送。", name=name, round_name=round_name)
        )
    for passage in passages:
        _print_passage(passage)


def _meant(department: str, known: Sequence[str]) -> str:
    """The one department of that name, or the one whose name holds it."""
    near = [each for each in known if department in each]
    if department in known or len(near) == 1:
        return department if department in known else near[0]
    if not near:
        raise UsageError(
            say(
                "台账里没有部门“{department}”。可用 jixiao status 批次 查看各部门名称。",
                department=department,
            )
        )
    listed = say("、").join(near[:_MOST_NEAR]) + (say("等") if len(near) > _MOST_NEAR else "")
    raise UsageError(
        say(
            "“{department}”可以是 {count} 个部门：{listed}。请写得再具体些。",
            department=department,
            count=len(near),
            listed=listed,
        )
    )


def _print_passage(passage: Passage) -> None:
    state, console = passage.state, screen()
    progress = state.progress
    console.print(
        Text(
            say(
                "{department}　{name}　第 {times} 次报送",
                department=progress.department,
                name=passage.round.name,
                times=progress.times,
            ),
            style="bold",
        )
    )
    told = [say("{began} 起", began=_minute(passage.began))]
    score = say("采用得分 {score} {grade}", score=progress.score, grade=progress.grade).strip()
    told += [score] if progress.score else []
    told += [say("须改正 {open}", open=progress.open), say("已改正 {mended}", mended=progress.mended)]
    told += [say("免予修改 {excused}", excused=progress.excused)] if progress.excused else []
    told += [text] if (text := said_of_delivery(progress)) else []
    console.print(Text(say("，").join(told) + say("：")), _state(progress))
    wide = console.width >= _WIDE
    names = (say("=编号"),) if wide else ()
    table = _table(
        say("=结果"),
        say("=级别"),
        say("位置"),
        say("指标/栏目"),
        say("填报值 → 应为"),
        say("说明和处理意见"),
        *names,
    )
    for each in state.findings:
        table.add_row(*_traced_row(each), *([each.finding_id] if wide else []))
    if state.findings:
        console.print(table)


_WIDE = 120
"""Characters of a screen on which the names of findings have room as well."""


def _traced_row(each: Traced) -> list[str | Text]:
    file = each.file.rpartition("/")[2]
    place = " › ".join(filter(None, (file, f"{each.sheet}!{each.cell}" if each.cell else each.sheet)))
    figures = " → ".join(filter(None, (each.reported, each.expected)))
    figures += say("；现为 {now}", now=each.now) if each.now else ""
    opinion = say("，").join(filter(None, each.opinion))
    words = " / ".join(filter(None, (each.explanation, opinion or each.note)))
    return [
        Text(FATES[each.fate], style=TONES[_FATES.get(each.fate, Tone.NOTE)]),
        *(SEVERITIES[Severity(each.severity)].text, Text(place or each.project)),
        *map(Text, (each.label, figures, words)),
    ]
