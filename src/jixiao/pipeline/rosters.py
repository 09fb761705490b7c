"""The roster of a round: rows of the list into departments with what they owe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.domain.forms import Scope
from jixiao.domain.references import Due, Roster, RosterEntry
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import clean_name, compact
from jixiao.language import say
from jixiao.pipeline.references import read_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.cells import CellRef
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Line
    from jixiao.pipeline.references import Reference

ROSTER = "roster"
_SEPARATORS = re.compile(r"[、,，;；/／|+＋\n]+")
_COUNTED = re.compile(r"(.*?\D)[(×xX*]?(\d{1,4})\D?[)]?")
_SCORED = (Scope.OVERALL, Scope.PROJECT, Scope.SCORING_TABLE)


@dataclass(slots=True)
class _Gathered:
    """What the rows of one department say."""

    ref: CellRef
    codes: set[str] = field(default_factory=set)
    aliases: dict[str, None] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    projects: dict[str, None] = field(default_factory=dict)


def load_roster(folder: Path, file: str, rules: Rulebook) -> Roster:
    """Read the roster `file`, relative to the round's folder.

    Raises:
        ConfigurationError: it can't be used, with the cell and what to do.
    """
    reference, scheme = read_reference(ROSTER, folder, file, rules), rules.scheme
    gathered: dict[str, _Gathered] = {}
    for line in reference.lines:
        name = clean_name(line.label)
        if name and not _is_note(line):
            own = gathered.setdefault(name, _Gathered(line.entries["item"].ref))
            _gather(line, own, scheme, reference)
    entries = tuple(_entry(name, own, scheme, reference) for name, own in gathered.items())
    _check_ambiguity(entries, reference)
    return Roster(file, reference.sha256, entries, reference.findings)


def _is_note(line: Line) -> bool:
    """A sentence below the list (填表人：…) stands alone in its row and has a colon, which no name has."""
    alone = all(entry.is_empty for name, entry in line.entries.items() if name != "item")
    return alone and ":" in compact(line.label)


def _text(line: Line, column: str) -> str:
    entry = line.entries.get(column)
    return entry.text.strip() if entry and entry.state is State.TEXT else ""


def _gather(line: Line, own: _Gathered, scheme: Scheme, reference: Reference) -> None:
    own.codes |= {compact(code)} if (code := _text(line, "code")) else set()
    for column, names in (("aliases", own.aliases), ("project", own.projects)):
        parts = _split(_text(line, column))
        names.update(dict.fromkeys(clean_name(part) for part in parts if part not in scheme.lexicon.zeros))
    for token in _split(_text(line, "forms")):
        form, count = _read_due(token, line, scheme.forms, reference)
        own.counts[form] = max(own.counts.get(form, 0), count)


def _split(text: str) -> Iterator[str]:
    return (part.strip() for part in _SEPARATORS.split(text) if part.strip())


def _read_due(token: str, line: Line, forms: Sequence[FormLayout], reference: Reference) -> tuple[str, int]:
    """A kind of form and how many of it: 整体, 项目支出绩效自评表（6张）, 项目6."""
    key = compact(token)
    counted = _COUNTED.fullmatch(key)
    name, count = (counted[1].rstrip("(×xX*"), int(counted[2])) if counted else (key, 1)
    form = _form_called(name, forms)
    if form is None:
        known = say("、").join(each.title for each in forms)
        raise reference.refuse(
            say(
                "{a1} 应报表种“{token}”不能确定是哪一种报送表，可用：{known}。",
                a1=line.entries["forms"].ref.a1,
                token=token,
                known=known,
            )
        )
    return form, count


def _form_called(name: str, forms: Sequence[FormLayout]) -> str | None:
    """The one form of which this is a title or an abbreviation; of several the one that is scored."""
    exact = [each for each in forms if name in {compact(title) for title in (each.title, *each.titles)}]
    meant = [each for each in forms if _abbreviates(name, compact(each.title))]
    scored = [each for each in meant if each.scope in _SCORED]
    return next((found[0].id for found in (exact, meant, scored) if len(found) == 1), None)


def _abbreviates(short: str, title: str) -> bool:
    """Whether the title has the characters of `short` in this order: 整体表 in 部门整体支出绩效自评表."""
    rest = iter(title)
    return len(short) > 1 and all(char in rest for char in short)


def _entry(name: str, own: _Gathered, scheme: Scheme, reference: Reference) -> RosterEntry:
    if len(own.codes) > 1:
        raise reference.refuse(
            say(
                "“{name}”有不同的编码：{codes}。请改为一致。",
                name=name,
                codes=say("、").join(sorted(own.codes)),
            )
        )
    aliases = tuple(alias for alias in own.aliases if alias != name)
    code = next(iter(own.codes), "")
    return RosterEntry(name, code, aliases, tuple(_dues(name, own, scheme, reference)), own.ref)


def _dues(name: str, own: _Gathered, scheme: Scheme, reference: Reference) -> Iterator[Due]:
    """Named projects each owe a form; a number of project forms beyond them is owed without names."""
    forms = {each.id for each in scheme.forms if each.scope is Scope.PROJECT}
    asked = [form for form in own.counts if form in forms]
    project_form = next(iter([*asked, *sorted(forms)]), "")
    if own.projects and not project_form:
        raise reference.refuse(
            say("“{name}”列有项目，而评价方案“{id}”没有项目自评表。请删去项目名称。", name=name, id=scheme.id)
        )
    yield from (Due(project_form, project) for project in own.projects)
    for form, count in own.counts.items():
        rest = count - len(own.projects) if form == project_form else count
        if rest > 0:
            yield Due(form, count=rest)
    if not own.counts and not own.projects:
        yield Due("")


def _check_ambiguity(entries: Sequence[RosterEntry], reference: Reference) -> None:
    """A name, alias or code of two departments would decide by chance whose forms are whose."""
    owners: dict[str, str] = {}
    for entry in entries:
        for known in {entry.department, *entry.aliases, *filter(None, (entry.code,))}:
            owner = owners.setdefault(known, entry.department)
            if owner != entry.department:
                raise reference.refuse(
                    say(
                        "“{known}”同时属于“{owner}”和“{department}”。请改正部门名称、别名或编码。",
                        known=known,
                        owner=owner,
                        department=entry.department,
                    )
                )
