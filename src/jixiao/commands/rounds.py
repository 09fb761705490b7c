"""A round as it stands now, for commands that look at it and write no results of it.

`jixiao status` of a round that no ledger knows: who has sent what. `jixiao words`: labels that no known word
explains, and the officer's confirmations of them.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao import pipeline
from jixiao.commands.terminal import TONES, UsageError, complain, near, screen
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.submissions import count_filings, department_status
from jixiao.consolidation.terms import UNKNOWN, gather_terms
from jixiao.consolidation.words import STATUSES, UNKNOWN_DEPARTMENT, form_titles
from jixiao.domain.findings import Severity
from jixiao.domain.spoken import why_not
from jixiao.engines import LocalEngine
from jixiao.language import say
from jixiao.pipeline.settings import seeds_beside
from jixiao.service.state import state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import SheetOutcome


def find_round(inputs: Path, round_name: str, seeds: Path | None = None) -> pipeline.RoundFolder:
    """The round of that name.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    try:
        (folder,) = pipeline.find_rounds(inputs, (round_name,), seeds)
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    return folder


def evaluate_round(inputs: Path, round_name: str, seeds: Path | None = None) -> Evaluation:
    """Read and evaluate everything that a round holds.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    folder = find_round(inputs, round_name, seeds)
    with _passing() as means:
        return pipeline.evaluate_round(folder, means)


@contextmanager
def remembered() -> Iterator[pipeline.Means]:
    """Means with what runs from here left in the state folder; without such, with nothing."""
    state = state_folder()
    if (state / pipeline.MEMORY_FILE).is_file():
        yield pipeline.Means(LocalEngine(), pipeline.Memory(state))
    else:
        with _passing() as means:
            yield means


@contextmanager
def _passing() -> Iterator[pipeline.Means]:
    """Means whose store is gone afterwards."""
    with pipeline.passing_memory(Path(tempfile.gettempdir())) as memory:
        yield pipeline.Means(LocalEngine(), memory)


def print_status(inputs: Path, round_name: str, seeds: Path | None = None) -> None:
    """Print departments by forms, with what is wrong with them, then what could not be used.

    With a roster each form reads sent/owed, departments that sent nothing are listed, and so is what is late.

    Raises:
        UsageError: there is no such round, or it is wrongly set up.
    """
    evaluation = evaluate_round(inputs, round_name, seeds)
    console = screen()
    _print_departments(console, evaluation)
    _print_rest(console, evaluation)


def _print_departments(console: Console, evaluation: Evaluation) -> None:
    owed = count_filings(evaluation.filings)
    sent = say("{name}：{count} 个部门已报送", name=evaluation.round.name, count=len(evaluation.departments))
    console.print(Text(say("{sent}；{owed}", sent=sent, owed=owed) if owed else sent, style="bold"))
    dossiers = gather_dossiers(evaluation)
    if not dossiers:
        return
    forms = _forms(evaluation)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(say("部门"), overflow="fold", min_width=16)
    for title in forms.values():
        table.add_column(title, justify="right", overflow="fold")
    for header in (*_owed_headers(evaluation), say("须改正"), say("提示")):
        table.add_column(header, justify="right")
    table.add_column(say("状态"), justify="center", no_wrap=True)
    for dossier in dossiers:
        table.add_row(*_department_row(dossier, list(forms), evaluation))
    console.print(table)


def _forms(evaluation: Evaluation) -> dict[str, str]:
    """Titles of the forms that are owed, without a roster of those sent; in the scheme's order.

    The id "" is for any form at all.
    """
    owed = {record.form for record in evaluation.filings if record.due}
    seen = owed or {submission.form for submission in evaluation.submissions}
    titles = {form.id: form.title for form in evaluation.round.scheme.forms}
    return {form: title for form, title in {**titles, "": say("任何报送表")}.items() if form in seen}


def _owed_headers(evaluation: Evaluation) -> tuple[str, ...]:
    return (say("其他表"), say("应报"), say("已报"), say("未报"), say("迟报")) if evaluation.filings else ()


def _department_row(dossier: Dossier, forms: Sequence[str], evaluation: Evaluation) -> list[str | Text]:
    status = department_status(dossier)
    sent = Counter(submission.form for submission in dossier.submissions)
    due = Counter[str]()
    for record in dossier.filings:
        due[record.form] += record.due
    owed = [record for record in dossier.filings if record.due]
    total, missing = sum(due.values()), dossier.missing
    other = sum(sent.values()) - sum(sent[form] for form in forms)
    counts = (other, total, total - missing, missing, sum(len(record.late) for record in owed))
    return [
        Text(dossier.department or UNKNOWN_DEPARTMENT),
        *(f"{sent[form]}/{due[form]}" if due[form] else str(sent[form] or "") for form in forms),
        *(str(count or "") for count in counts if evaluation.filings),
        str(dossier.mend),
        str(dossier.count(Severity.WARNING)),
        Text(status.text, style=TONES[status.tone]),
    ]


def _print_rest(console: Console, evaluation: Evaluation) -> None:
    for outcome in evaluation.outcomes:
        console.print(outcome_line(outcome))


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


def outcome_line(outcome: SheetOutcome) -> str:
    """What became of a file or sheet that gave no form."""
    place = f"{outcome.file} › {outcome.sheet}" if outcome.sheet else outcome.file
    text = STATUSES[outcome.status].text
    return say("{text}  {place}：{reason}", text=text, place=place, reason=outcome.reason)
