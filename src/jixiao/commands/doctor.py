"""`jixiao doctor`: what is wrong with a set-up, a line each, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from jixiao.commands.terminal import screen
from jixiao.language import say
from jixiao.service.diagnosis import Health, examine

if TYPE_CHECKING:
    from jixiao.service.steps import Job

_WORDS = {Health.GOOD: say("正常"), Health.DOUBT: say("留意"), Health.WRONG: say("错误")}
_STYLES = {Health.GOOD: "green", Health.DOUBT: "yellow", Health.WRONG: "red"}


def print_diagnoses(job: Job) -> int:
    """Print everything that was looked at; the exit code: 2 where something is wrong, else 0."""
    found = tuple(examine(job))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in found:
        lines = (each.said, *([say("→ {remedy}。", remedy=each.remedy)] if each.remedy else ()))
        table.add_row(
            Text(_WORDS[each.health], style=_STYLES[each.health]), each.subject, Text("\n".join(lines))
        )
    screen().print(table)
    wrong, doubtful = (
        sum(each.health is health for each in found) for health in (Health.WRONG, Health.DOUBT)
    )
    screen().print(
        say(
            "\n检查了 {count} 项：错误 {wrong}，留意 {doubtful}。没有改动任何文件。",
            count=len(found),
            wrong=wrong,
            doubtful=doubtful,
        )
    )
    return 2 if wrong else 0
