"""What one file gave: its filled forms, what became of its other sheets, what reading it found.

A round is settled over light files: their forms say whose they are, without what they report.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from jixiao.audit.department.copies import long_texts
from jixiao.domain.amounts import ZERO
from jixiao.domain.findings import declare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from jixiao.audit.department.copies import LongText
    from jixiao.domain.findings import Finding
    from jixiao.domain.own_sheets import Reply
    from jixiao.domain.submissions import Entry, SheetOutcome, Submission

ATTACHED = declare("F113", "count", "files")
ATTACHED_ALONE = declare("F115", "count", "files")
"""Said of each file where it is looked at, of all of one sender once the round is divided."""
UNRECOGNISED = declare("L101", optional=("looked_for", "found"))
"""Said of a sheet where it is read, of many of one folder once the round is divided."""


@dataclass(frozen=True, slots=True)
class Stray:
    """Why a sheet seems to be a list, and which departments it names.

    `owned`: it, or its workbook, says who sent it.
    """

    reason: str
    names: frozenset[str]
    owned: bool


@dataclass(frozen=True, slots=True)
class Content:
    """Digests of what a form says, wherever it says it, and of the questions that it answers.

    `figures` is that of its tables, indicators and totals, whosever they are; "" where too little stands in
    them to be anybody's own. `count` is how many figures those are.
    """

    whole: str
    questions: str
    figures: str = ""
    count: int = 0
    largest: Decimal = ZERO
    """The largest amount of its tables, in 万元."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave. `modified` is the stamp inside the workbook ("" where its format has none).

    `strays` says by sheet why it seems to be a list of the finance department's own, `replies` are answers to
    findings of an earlier run, `returned` the sheets of ours on which they had gone back.
    """

    file: str
    sha256: str
    modified: str = ""
    submissions: tuple[Submission, ...] = ()
    outcomes: tuple[SheetOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    strays: Mapping[str, Stray] = field(default_factory=dict)
    contents: Mapping[str, Content] = field(default_factory=dict)
    """Of a light file, what its forms say, by submission_id."""
    texts: Mapping[str, tuple[LongText, ...]] = field(default_factory=dict)
    """Of a light file, the long texts on its forms, by submission_id."""
    replies: tuple[Reply, ...] = ()
    returned: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    """All sheets that the workbook has; none of a file that could not be read."""
    continued: tuple[str, ...] = ()
    """Those whose rows belong to the form of the sheet before."""


_FEWEST = 8
"""Figures other than zero: two forms with fewer may be alike by chance."""
_IDENTIFYING = ("department", "project")
"""The fields that say whose a form is, and what about."""


def light(result: FileResult) -> FileResult:
    """The file without what its forms report, and without what reading found on them."""
    if result.contents:
        return result
    return replace(
        result,
        submissions=tuple(map(_identity, result.submissions)),
        findings=tuple(each for each in result.findings if not each.subject),
        contents={each.submission_id: content_of(each) for each in result.submissions},
        texts={each.submission_id: found for each in result.submissions if (found := long_texts(each))},
    )


def _identity(form: Submission) -> Submission:
    fields = {name: form.fields[name] for name in _IDENTIFYING if name in form.fields}
    return replace(
        form,
        fields=fields,
        lines=(),
        indicators=(),
        groups=(),
        total={},
        questions=(),
        unrecognised=(),
        units={},
    )


def content_of(form: Submission) -> Content:
    """What a form says, whichever cells say it."""
    asked = [(each.text, tuple(answer.text for answer in each.answers)) for each in form.questions]
    said = (
        _texts(form.fields),
        [(line.table, line.item, _texts(line.entries)) for line in form.lines],
        [(each.name, _texts(each.entries)) for each in form.indicators],
        _texts(form.total),
        asked,
    )
    parts = [repr(each) for each in said]
    owners = [form.total, *(line.entries for line in form.lines), *(each.entries for each in form.indicators)]
    count = sum(bool(entry.value) for owner in owners for entry in owner.values())
    figures = _digest(parts[1:4]) if count >= _FEWEST else ""
    amounts = (entry.value for line in form.lines for entry in line.entries.values())
    largest = max((each for each in amounts if each is not None), default=ZERO)
    questions = sha256(parts[-1].encode()).hexdigest() if asked else ""
    return Content(_digest(parts), questions, figures, count, largest)


def _texts(entries: Mapping[str, Entry]) -> list[tuple[str, str]]:
    return [(name, entry.text) for name, entry in sorted(entries.items())]


def _digest(parts: Sequence[str]) -> str:
    """That of a tuple of what is spelled by the parts: of what whole rounds before were compared by."""
    return sha256(f"({', '.join(parts)})".encode()).hexdigest()
