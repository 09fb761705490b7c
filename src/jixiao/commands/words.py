"""`jixiao words`: labels that no known word explains, and the officer's confirmations of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from jixiao import pipeline
from jixiao.commands.evaluating import evaluate_round, find_round
from jixiao.commands.progress import near
from jixiao.commands.terminal import UsageError, complain, screen
from jixiao.consolidation.terms import UNKNOWN, gather_terms
from jixiao.consolidation.words import form_titles
from jixiao.domain.spoken import why_not
from jixiao.language import say
from jixiao.pipeline.settings import seeds_beside

if TYPE_CHECKING:
    from pathlib import Path


def print_terms(inputs: Path, round_name: str, seeds: Path | None = None) -> int:
    """Print every inferred or unrecognised label of a round; the exit code is 0.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    evaluation, console = evaluate_round(inputs, round_name, seeds), screen()
    terms = gather_terms(evaluation)
    if not terms:
        console.print(say("{round_name}：没有待确认的用语，各表的栏目都是已知用语。", round_name=round_name))
        return 0
    titles = form_titles(evaluation.round.scheme)
    table = Table(box=box.SIMPLE_HEAD)
    for header in (say("用语"), say("读作"), say("把握"), say("依据"), say("次数"), say("第一处")):
        table.add_column(
            header, overflow="fold", justify="right" if header in {say("把握"), say("次数")} else "left"
        )
    for term in terms:
        first = term.places[0]
        place = say(
            "{file} › {sheet}!{a1}（{form}）",
            file=first.file,
            sheet=first.sheet,
            a1=first.a1,
            form=titles.get(term.form, term.form),
        )
        table.add_row(
            *(term.text, term.title or UNKNOWN, f"{term.certainty}%", term.reason),
            *(str(len(term.places)), place),
        )
    console.print(table)
    console.print(
        say(
            "在汇总表的“待确认用语”里确认后，运行 jixiao words accept {round_name} 写入本地 seeds。",
            round_name=round_name,
        ),
        style="green",
    )
    return 0


def accept(
    inputs: Path, outputs: Path, round_name: str, workbook: Path | None, seeds: Path | None = None
) -> int:
    """Take over what an edited sheet confirms; the exit code: 0, or 2 if anything on it is wrong.

    `workbook` is by default the round's summary workbook.

    Raises:
        UsageError: no such round or workbook, or the words can't be written.
    """
    folder = find_round(inputs, round_name, seeds)
    path = workbook or outputs / folder.name / pipeline.summary_name(folder.name)
    try:
        found = pipeline.accept_words(path, folder.round.scheme.id, seeds or seeds_beside(folder.folder))
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(
            say("无法写入本地用语 {filename}：{error}。", filename=error.filename or "", error=why_not(error))
        ) from error
    for problem in found.problems:
        complain(str(problem))
    if found.problems:
        complain(say("共 {count} 处须修改，没有写入任何用语。", count=len(found.problems)))
        return 2
    console = screen()
    for form, text, title in found.taken:
        console.print(say("《{form}》：“{text}”读作“{title}”", form=form, text=text, title=title))
    if found.taken:
        console.print(say("已写入 {path}，再次运行后即为已知用语。", path=near(found.path)), style="green")
    else:
        console.print(say("{path} 里没有确认为“是”的用语，没有改动。", path=near(path)))
    return 0
