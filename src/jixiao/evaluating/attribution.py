"""Whose form is it: every submission gets a department; of forms sent twice the newer one counts.

Lists of the finance department that round.toml does not name are nobody's: set aside, and said what to write
there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.audit.department.filings import check_namesakes, find_slips, identify_departments
from jixiao.domain.findings import Finding, Place, declare
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Basis, Inference, SheetOutcome, State, Status
from jixiao.domain.text_keys import clean_name, compact
from jixiao.evaluating.files import light
from jixiao.extraction.defects import tell_inference
from jixiao.language import say
from jixiao.schemas.entries import NOT_FILLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.references import Roster
    from jixiao.domain.submissions import Submission
    from jixiao.evaluating.files import Content, FileResult

_SHORTEST = 3
"""Characters: a shorter alias may stand in a path and mean something else (农业)."""


class Senders:
    """The departments that the forms of each file and folder name."""

    def __init__(self, submissions: Iterable[Submission], known: Mapping[str, str]) -> None:
        """Index the forms that name their department; `known` are further names of departments."""
        self._places: dict[str, set[str]] = {}
        self._names = dict(known)
        for each in submissions:
            if each.department:
                self._names[each.department] = each.department
                for place in (each.file, *folders_of(each.file)):
                    self._places.setdefault(place, set()).add(each.department)

    def of(self, file: str) -> str:
        """The one department of the file, else of its nearest folder that has forms, else in its name.

        "" where these name more than one or none.
        """
        for place in (file, *folders_of(file)):
            if names := self._places.get(place):
                return next(iter(names)) if len(names) == 1 else ""
        return self._in_name(compact(file))

    def have_sent(self, place: str) -> bool:
        """Whether any form in a file or folder names its department."""
        return bool(self._places.get(place))

    def _in_name(self, file: str) -> str:
        """The one department whose name stands in a path; of 某局 and 某局信息中心 the longer."""
        found = [name for name in self._names if len(name) >= _SHORTEST and compact(name) in file]
        longest = [name for name in found if not any(name != other and name in other for other in found)]
        departments = {self._names[name] for name in longest}
        return departments.pop() if len(departments) == 1 else ""


def folders_of(file: str) -> list[str]:
    """The folders of a file below the round's, the nearest first."""
    return [str(folder) for folder in PurePosixPath(file).parents if folder.name]


SENT_TWICE = declare("P103", optional=("other",))
SENT_DIFFERENTLY = declare("P104", "other", "rule")
UNNAMED_DEPARTMENT = declare("P107")

UNNAMED = say("未注明部门（{file}）")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The round's submissions with their departments; `superseded` are ids of those that no longer count.

    The submissions are light: they lack what they report. `attribution` says whose a file without forms is.
    """

    submissions: tuple[Submission, ...]
    superseded: frozenset[str]
    findings: tuple[Finding, ...]
    senders: Senders

    @property
    def current(self) -> tuple[Submission, ...]:
        """The submissions that count."""
        return tuple(each for each in self.submissions if each.submission_id not in self.superseded)


def attribute(results: Sequence[FileResult], roster: Roster | None = None) -> Attribution:
    """Name every submission's department and find the forms that came twice.

    A form without a department's name takes the one that all other forms of its file or folder name, or that
    its file's name holds; else the one that something weaker on it tells (L113 says what, V103 asks for a
    name that was left blank); where there is no such name it stands alone, and a finding (P107) asks for it.
    Where there is a roster, its spelling of a department's name counts. A name that only one sheet of another
    department's own workbook has is that department's slip (X138).
    """
    results = tuple(map(light, results))
    findings: list[Finding] = []
    submissions: list[Submission] = []
    sent = [submission for result in results for submission in result.submissions]
    spellings: Mapping[str, str] = {}
    if roster:
        identification = identify_departments(sent, roster)
        findings += identification.findings
        spellings = identification.spellings
        sent = [replace(each, department=spellings.get(each.department, each.department)) for each in sent]
    slips = {each.submission.submission_id: each for each in find_slips(sent, set(spellings.values()))}
    findings += [each.finding() for each in slips.values()]
    sent = [
        replace(each, department=slips[each.submission_id].owner) if each.submission_id in slips else each
        for each in sent
    ]
    findings += check_namesakes(sent, set(spellings.values()))
    senders = Senders(sent, spellings)
    for submission in sent:
        department = submission.department or _unless_own(submission, senders.of(submission.file), sent)
        sender = _from_beside(submission, department) if department else submission.sender
        if sender and not submission.department:
            department = sender.text
            submission = replace(submission, inferences=(*submission.inferences, sender))  # noqa: PLW2901
            findings.append(_weakly_named(submission, sender))
        if not department:
            findings.append(_unnamed(submission))
            department = UNNAMED.format(file=submission.file)
        submissions.append(replace(submission, department=department))
    modified = {result.file: result.modified for result in results}
    contents = {name: content for result in results for name, content in result.contents.items()}
    superseded = set()
    for older, newer in _repeats(submissions, modified, contents):
        superseded.add(older.submission_id)
        same = contents[older.submission_id] == contents[newer.submission_id]
        findings.append(_repeated(older, newer, None if same else _rule(older, newer, modified)))
    ordered = tuple(sorted(submissions, key=_order))
    return Attribution(ordered, frozenset(superseded), tuple(findings), Senders(ordered, spellings))


def _from_beside(submission: Submission, department: str) -> Inference | None:
    """The name that a form takes from the others of its file although it has a cell of its own for it."""
    entry = submission.fields.get("department")
    if submission.department or entry is None or entry.state is not State.BLANK:
        return None
    title, reason = "部门名称", say("这一栏没有填写，同一文件的其他表写有部门名称")
    return Inference(Basis.NAME, entry.ref, department, "department", title, reason, _CERTAINTY)


_CERTAINTY = 80
"""How surely forms of one file are one department's, in percent."""


def _unless_own(submission: Submission, department: str, sent: Sequence[Submission]) -> str:
    """The file's department; "" where but one other form of the file names it, and this one names its own.

    In its title, or a department's own form anywhere in its head. A part of the other name, or a name that it
    is a part of (水务局 for 某市水务局), is no other department; several forms outweigh what one title says.
    """
    own = submission.sender
    if own is None or own.text in department or department in own.text or own.text == submission.implementer:
        return department
    if own.ref != submission.title and submission.scope is not Scope.OVERALL:
        return department
    others = [each for each in sent if each.file == submission.file and each.department == department]
    beside = any(each.sheet == submission.sheet for each in others)
    return "" if beside or len(others) == 1 else department


def _order(submission: Submission) -> tuple[str, str, str, str]:
    return submission.department, submission.form, submission.project, submission.submission_id


def _weakly_named(submission: Submission, sender: Inference) -> Finding:
    """What the department was taken from; where its cell is there and blank, a warning that asks for it."""
    entry = submission.fields.get("department")
    if entry is None or entry.state is not State.BLANK:
        return tell_inference(sender, submission)
    return NOT_FILLED.finding(
        Place.at(entry.ref),
        subject=submission.submission_id,
        label=sender.title,
    )


def _unnamed(submission: Submission) -> Finding:
    entry = submission.fields.get("department")
    place = Place.at(entry.ref) if entry else Place(submission.file, submission.sheet)
    return UNNAMED_DEPARTMENT.finding(place, subject=submission.submission_id)


def _repeats(
    submissions: Iterable[Submission], modified: Mapping[str, str], contents: Mapping[str, Content]
) -> Iterator[tuple[Submission, Submission]]:
    """Pairs (older, newest) of submissions of one department, form and project.

    Newest is the one last saved, by the stamp in the workbook; where there is none, the last by file name.
    Two surveys of one department are two surveys, unless the answers are the same.
    """
    same: dict[tuple[str, str, str, str], list[Submission]] = defaultdict(list)
    for each in submissions:
        key = (each.department, each.form, each.project, contents[each.submission_id].questions)
        same[key].append(each)
    for repeated in same.values():
        *older, newest = sorted(repeated, key=lambda each: (modified.get(each.file, ""), each.submission_id))
        for each in older:
            yield each, newest


def _rule(older: Submission, newer: Submission, modified: Mapping[str, str]) -> str:
    """By which rule the newer one was taken."""
    stamps = modified.get(older.file, ""), modified.get(newer.file, "")
    if stamps[0] == stamps[1]:
        known = say("两份的保存时间相同") if stamps[0] else say("文件里没有保存时间")
        return say("{known}，按文件名和工作表名采用排在后面的", known=known)
    earlier, later = (each.replace("T", " ")[:16] if each else say("没有记录") for each in stamps)
    return (
        say("采用保存时间较晚的（这一份{earlier}，那一份 {later}）", earlier=earlier, later=later)
        if stamps[0]
        else (say("采用记有保存时间的（{later}）", later=later))
    )


def _repeated(older: Submission, newer: Submission, rule: str | None) -> Finding:
    """P104 with the rule, P103 where both say the same."""
    other = (
        newer.file
        if newer.file != older.file
        else say("{file} 的工作表 {sheet}", file=newer.file, sheet=newer.sheet)
    )
    kind = SENT_TWICE if rule is None else SENT_DIFFERENTLY
    return kind.finding(
        Place(older.file, older.sheet),
        subject=older.submission_id,
        label=older.subject_name,
        figures={"other": other} | ({} if rule is None else {"rule": rule}),
    )


def set_strays_aside(results: Sequence[FileResult], roster: Roster | None) -> tuple[FileResult, ...]:
    """The results with lists as outcomes."""
    if not any(result.strays for result in results):
        return tuple(results)
    round_ = _Round(results, roster)
    return tuple(_set_aside(result, round_.lists_of(result)) for result in results)


class _Round:
    """What the files of a round tell together: who sent a file, and which names are departments."""

    def __init__(self, results: Sequence[FileResult], roster: Roster | None) -> None:
        self._listed = {
            name: each.department
            for each in (roster.entries if roster else ())
            for name in (each.department, *each.aliases)
        }
        sent = [each for result in results for each in result.submissions]
        self._senders = Senders(sent, self._listed)
        self._places: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for each in sent:
            self._places[clean_name(each.department)].add((each.file, each.sheet))

    def lists_of(self, result: FileResult) -> dict[str, str]:
        """By sheet, the reasons of the strays that are lists.

        Those whose sender nothing tells; and those that name several departments of the round, unless
        their sender sent other forms as well: a department may list its own units.
        """
        own = {(result.file, sheet) for sheet in result.strays}
        sent = {clean_name(each.department) for each in result.submissions if each.department}
        sends_more = any(self._places[name] - own for name in sent)
        nobodys = not self._senders.of(result.file)
        return {
            sheet: stray.reason
            for sheet, stray in result.strays.items()
            if (nobodys and not stray.owned)
            or (not sends_more and len([name for name in stray.names if self._is_department(name, own)]) > 1)
        }

    def _is_department(self, name: str, own: set[tuple[str, str]]) -> bool:
        return name in self._listed or bool(self._places.get(name, set()) - own)


def _set_aside(result: FileResult, strays: Mapping[str, str]) -> FileResult:
    if not strays:
        return result
    outcomes = [
        SheetOutcome(result.file, sheet, result.sha256, Status.IGNORED, reason)
        for sheet, reason in strays.items()
    ]
    return replace(
        result,
        submissions=tuple(each for each in result.submissions if each.sheet not in strays),
        outcomes=(*(each for each in result.outcomes if each.sheet not in strays), *outcomes),
        findings=tuple(each for each in result.findings if each.place.sheet not in strays),
    )
