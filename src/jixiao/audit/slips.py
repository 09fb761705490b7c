"""Another department's name on one sheet of a department's own workbook: a slip, not a department."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.audit.subject import report
from jixiao.domain.forms import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import Submission

_OWN = 2
"""So many forms of one department, one of them about the whole of it, make a workbook its own."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A form that names `printed` in a workbook of `owner`, which it is counted to."""

    submission: Submission
    owner: str

    def finding(self) -> Finding:
        """X138: at the name, with what was assumed."""
        entry, name = self.submission.fields.get("department"), self.submission.department
        return report(
            self.submission,
            "X138",
            entry.ref if entry else None,
            name,
            evidence=(),
            reported=name,
            expected=self.owner,
            other=self.owner,
        )


def find_slips(submissions: Sequence[Submission], listed: Collection[str] = ()) -> Iterator[Slip]:
    """Forms whose department stands nowhere else in the round, in a workbook that is another's own.

    A workbook is a department's own where it holds several of its forms and one of these is about the whole
    department. A name `listed` on a roster, one on two forms, and one on an overall form are departments.
    """
    files: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        files[submission.file].append(submission)
    counts = Counter(each.department for each in submissions)
    for forms in files.values():
        owners = _owners(forms)
        if len(owners) != 1:
            continue
        for form in forms:
            known = form.department in {*owners, *listed, ""} or counts[form.department] > 1
            if not known and form.scope is not Scope.OVERALL:
                yield Slip(form, owners[0])


def _owners(forms: Sequence[Submission]) -> list[str]:
    counts = Counter(each.department for each in forms if each.department)
    whole = {each.department for each in forms if each.scope not in {Scope.PROJECT, Scope.SUPPORT}}
    return [name for name, count in counts.items() if count >= _OWN and name in whole]
