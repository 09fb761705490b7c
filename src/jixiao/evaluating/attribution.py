"""Whose form is it: every submission gets a department, and of forms sent twice the newer one counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.audit.department.identification import check_namesakes, find_slips, identify_departments
from jixiao.domain.findings import Finding, Place
from jixiao.domain.submissions import State
from jixiao.evaluating.senders import Senders
from jixiao.extraction.defects import tell_inference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.inferences import Inference
    from jixiao.domain.rosters import Roster
    from jixiao.domain.submissions import Entry, Submission
    from jixiao.evaluating.files import FileResult

UNNAMED = "未注明部门（{file}）"


@dataclass(frozen=True, slots=True)
class Attribution:
    """The round's submissions with their departments; `superseded` are ids of those that no longer count."""

    submissions: tuple[Submission, ...]
    superseded: frozenset[str]
    findings: tuple[Finding, ...]

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
        if not department and (sender := submission.sender):
            department = sender.text
            submission = replace(submission, inferences=(*submission.inferences, sender))  # noqa: PLW2901
            findings.append(_weakly_named(submission, sender))
        if not department:
            findings.append(_unnamed(submission))
            department = UNNAMED.format(file=submission.file)
        submissions.append(replace(submission, department=department))
    modified = {result.file: result.modified for result in results}
    superseded = set()
    for older, newer in _repeats(submissions, modified):
        superseded.add(older.submission_id)
        findings.append(_repeated(older, newer))
    ordered = sorted(submissions, key=_order)
    return Attribution(tuple(ordered), frozenset(superseded), tuple(findings))


def _unless_own(submission: Submission, department: str, sent: Sequence[Submission]) -> str:
    """The file's department; "" where only another form of its sheet names it, and this one's title its own.

    Of two forms beside or under each other, one may name its department in its title.
    """
    own = submission.sender
    if own is None or own.text == department or own.ref != submission.title:
        return department
    beside = (each for each in sent if (each.file, each.sheet) == (submission.file, submission.sheet))
    return "" if any(each.department == department for each in beside) else department


def _order(submission: Submission) -> tuple[str, str, str, str]:
    return submission.department, submission.form, submission.project, submission.submission_id


def _weakly_named(submission: Submission, sender: Inference) -> Finding:
    """What the department was taken from; where its cell is there and blank, a warning that asks for it."""
    entry = submission.fields.get("department")
    if entry is None or entry.state is not State.BLANK:
        return tell_inference(sender, submission)
    return Finding(
        code="V103",
        place=Place.at(entry.ref),
        subject=submission.submission_id,
        label=sender.title,
        assumed=(f"{sender.reason}，暂按“{sender.text}”归入",),
    )


def _unnamed(submission: Submission) -> Finding:
    entry = submission.fields.get("department")
    place = Place.at(entry.ref) if entry else Place(submission.file, submission.sheet)
    return Finding(code="P107", place=place, subject=submission.submission_id)


def _repeats(
    submissions: Iterable[Submission], modified: Mapping[str, str]
) -> Iterator[tuple[Submission, Submission]]:
    """Pairs (older, newest) of submissions of one department, form and project.

    Newest is the one last saved, by the stamp in the workbook; where there is none, the last by file name.
    Two surveys of one department are two surveys, unless the answers are the same.
    """
    same: dict[tuple[str, str, str, object], list[Submission]] = defaultdict(list)
    for submission in submissions:
        key = (submission.department, submission.form, submission.project, _asked(submission))
        same[key].append(submission)
    for repeated in same.values():
        *older, newest = sorted(repeated, key=lambda each: (modified.get(each.file, ""), each.submission_id))
        for each in older:
            yield each, newest


def _repeated(older: Submission, newer: Submission) -> Finding:
    other = newer.file if newer.file != older.file else f"{newer.file} 的工作表 {newer.sheet}"
    return Finding(
        code="P103" if _content(older) == _content(newer) else "P104",
        place=Place(older.file, older.sheet),
        subject=older.submission_id,
        label=older.subject_name,
        figures={"other": other},
    )


def _content(submission: Submission) -> tuple[object, ...]:
    """What a submission says, wherever it says it."""
    return (
        _texts(submission.fields),
        tuple((line.table, line.item, _texts(line.entries)) for line in submission.lines),
        tuple((each.name, _texts(each.entries)) for each in submission.indicators),
        _texts(submission.total),
        _asked(submission),
    )


def _asked(submission: Submission) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The questions of a survey with the answers as given."""
    return tuple((each.text, tuple(answer.text for answer in each.answers)) for each in submission.questions)


def _texts(entries: Mapping[str, Entry]) -> tuple[tuple[str, str], ...]:
    return tuple((name, entry.text) for name, entry in sorted(entries.items()))
