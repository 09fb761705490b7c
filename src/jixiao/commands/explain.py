"""`jixiao explain`: how a score or a finding came about. Reads what the last run left, writes no results."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rich.text import Text

from jixiao import pipeline
from jixiao.commands.rounds import find_round, remembered
from jixiao.commands.terminal import UsageError, fold_lines, screen
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.explanations import TOTAL, Explainer, place_of
from jixiao.consolidation.words import EXECUTION
from jixiao.domain.cells import CellRef, position_of
from jixiao.domain.text_keys import compact_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from jixiao.consolidation.explanations import Explanation
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.submissions import Submission

    _Explain = Callable[[], Explanation | None]

_PLACE = re.compile(r"(?:《?(?P<sheet>[^《》!！]+)(?:[!！]|》))?(?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d*)")
_FINDING = re.compile(r"[A-Za-z]\d{3}(?:-\w+)?")
_NEAR, _MOST_NEAR = 40, 8
"""Likeness in percent from which a name is offered in place of one that there is not, and how many are."""
_MOST_ASKED = 2
_USAGE = say("用法：jixiao explain 批次 部门 [项目] [指标 | 单元格 | 编号]。名称里有空格的请加引号。")
_WIDTH = 10
"""Columns of the screen before a line's own text."""


def print_explanation(
    inputs: Path,
    round_name: str,
    department: str,
    asked: Sequence[str] = (),
    seeds: Path | None = None,
) -> None:
    """Print how the department's score came about, or what `asked` names: [project] [indicator, cell, code].

    Raises:
        UsageError: no such round, department, form, indicator, cell or finding, or more than one.
    """
    if len(asked) > _MOST_ASKED:
        raise UsageError(_USAGE)
    folder = find_round(inputs, round_name, seeds)
    with remembered() as means:
        division = pipeline.divide_round(folder, means)
        names = {shown_department(brief.department): brief.department for brief in division.briefs}
        own = names[_choose(department, names, say("部门"))]
        evaluation = pipeline.evaluate_one(folder, division, own, means)
    (dossier,) = gather_dossiers(evaluation)
    explainer = Explainer(dossier, folder.round.scheme, folder.rules.wordings)
    for each in _explained(explainer, asked):
        _print(each)


def _explained(explainer: Explainer, asked: Sequence[str]) -> Iterator[Explanation]:
    """What is asked for, in full."""
    if not asked:
        yield explainer.department()
        return
    forms = _forms(explainer)
    *first, last = asked
    if not first and (found := _find(last, forms)):
        yield from _whole(explainer, forms[found[0]] if len(found) == 1 else forms[_choose(last, forms, "")])
        return
    own = [forms[_choose(first[0], forms, say("项目或报送表"))]] if first else list(forms.values())
    yield from _within(explainer, own, last, forms if not first else {})


def _within(
    explainer: Explainer, forms: Sequence[Submission], wanted: str, others: Iterable[str]
) -> Iterator[Explanation]:
    """A cell, a finding or a score on one of these forms; `others` are further names to offer."""
    if found := _named_findings(explainer, wanted):
        yield from map(explainer.finding, found)
    elif (cell := _PLACE.fullmatch(wanted.strip())) and (
        refs := _refs(explainer, forms, cell["sheet"] or "", cell["cell"])
    ):
        yield from _cell(explainer, refs)
    elif _FINDING.fullmatch(wanted):
        known = say("、").join(each.finding_id for each in explainer.dossier.findings) or say("没有发现")
        raise UsageError(
            say("该部门没有编号为 {wanted} 的发现。该部门的发现：{known}。", wanted=wanted, known=known)
        )
    elif cell:
        raise UsageError(say("{wanted} 没有读作任何数，也没有发现。请核对单元格。", wanted=wanted))
    else:
        scores = _scores(explainer, forms)
        chosen = _choose(wanted, (*scores, *others), say("指标、项目或报送表") if others else say("指标"))
        told = [each for explain in scores[chosen] if (each := explain())]
        if len(told) > 1 and len(forms) > 1:
            places = say("、").join(place_of(each.ref) if each.ref else each.subject for each in told)
            raise UsageError(
                say(
                    "“{chosen}”在几处都有：{places}。请在前面写明项目或报送表。", chosen=chosen, places=places
                )
            )
        yield from told


def _named_findings(explainer: Explainer, wanted: str) -> list[ReportedFinding]:
    """The findings of that name, or of that code."""
    key = wanted.strip().upper()
    return [each for each in explainer.dossier.findings if key in {each.finding_id.upper(), each.code}]


def _whole(explainer: Explainer, form: Submission) -> Iterator[Explanation]:
    yield explainer.form(form)
    card = explainer.card(form)
    if card and (execution := explainer.execution(card)):
        yield execution


def _forms(explainer: Explainer) -> dict[str, Submission]:
    """The department's forms by project or title; of several alike, and beside it, by sheet."""
    found: dict[str, list[Submission]] = defaultdict(list)
    for form in explainer.dossier.submissions:
        found[explainer.form_name(form)].append(form)
    named = {name: forms[0] for name, forms in found.items() if len(forms) == 1}
    for name, forms in found.items():
        if len(forms) > 1:
            named |= {
                say("{name}（{file} › {sheet}）", name=name, file=each.file, sheet=each.sheet): each
                for each in forms
            }
    sheets: dict[str, list[Submission]] = defaultdict(list)
    for form in explainer.dossier.submissions:
        sheets[form.sheet].append(form)
    return {**{sheet: forms[0] for sheet, forms in sheets.items() if len(forms) == 1}, **named}


def _scores(explainer: Explainer, forms: Iterable[Submission]) -> dict[str, list[_Explain]]:
    """What gives the explanation of each score on these forms, by its name."""
    found: dict[str, list[_Explain]] = defaultdict(list)
    for form in forms:
        card = explainer.card(form)
        if card is None:
            continue
        found[TOTAL].append(partial(explainer.form, form))
        if card.execution:
            found[EXECUTION].append(partial(explainer.execution, card))
        for scored in card.indicators:
            found[scored.indicator.name].append(partial(explainer.indicator, card, scored))
    return found


def _refs(explainer: Explainer, forms: Sequence[Submission], sheet: str, cell: str) -> list[CellRef]:
    """The cells of that address on these forms of which there is something to say."""
    at, wanted = position_of(cell.replace("$", "").upper()), compact_name(sheet)
    meant = [form for form in forms if not sheet or compact_name(form.sheet) == wanted]
    if not meant:
        known = say("、").join(dict.fromkeys(say("《{sheet}》", sheet=form.sheet) for form in forms))
        raise UsageError(say("没有名为《{sheet}》的工作表。有：{known}。", sheet=sheet, known=known))
    refs = dict.fromkeys(CellRef(form.file, form.sheet, *at) for form in meant if at)
    return [ref for ref in refs if any(explainer.cell(ref))]


def _cell(explainer: Explainer, refs: Sequence[CellRef]) -> Iterator[Explanation]:
    if len(refs) > 1:
        where = say("、").join(f"{ref.sheet}!{ref.a1}" for ref in refs)
        raise UsageError(say("{a1} 在几张表上都有：{where}。请写明其中一个。", a1=refs[0].a1, where=where))
    yield from explainer.cell(refs[0])


def _choose(wanted: str, names: Collection[str], what: str) -> str:
    """The one name that is meant: the same, or the only one that holds what was written.

    Raises:
        UsageError: there is none, or more than one; says which there are.
    """
    found = _find(wanted, names)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            say("“{wanted}”不只一个：{found}。请写出全名。", wanted=wanted, found=say("、").join(found))
        )
    if not names:
        raise UsageError(
            say(
                "没有{what}可以说明：还没有读到报送表。请把报送的工作簿放入批次文件夹，再用 jixiao run。",
                what=what,
            )
        )
    near = process.extract(
        compact_name(wanted),
        {name: compact_name(name) for name in names},
        scorer=fuzz.WRatio,
        limit=_MOST_NEAR,
        score_cutoff=_NEAR,
    )
    offered = [name for _, _, name in near] or list(names)[:_MOST_NEAR]
    rest = say("（共 {count} 个）", count=len(names)) if len(offered) < len(names) else ""
    raise UsageError(
        say(
            "没有名为“{wanted}”的{what}。{value}：{offered}{rest}。",
            wanted=wanted,
            what=what,
            value=say("相近的") if near else say("有"),
            offered=say("、").join(offered),
            rest=rest,
        )
    )


def _find(wanted: str, names: Iterable[str]) -> list[str]:
    key = compact_name(wanted)
    same = [name for name in names if compact_name(name) == key]
    return same or [name for name in names if key and key in compact_name(name)]


def _print(told: Explanation) -> None:
    console = screen()
    console.print(Text(told.heading, style="bold"))
    for title, lines in told.sections:
        for number, line in enumerate(lines):
            head = f"  {title}    " if not number else " " * _WIDTH
            body = fold_lines(line, console.width - _WIDTH).replace("\n", "\n" + " " * _WIDTH)
            console.print(Text.assemble((head, "dim"), body))
    console.print()
