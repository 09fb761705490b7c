"""Lists of the finance department that round.toml does not name: set aside, and said what to write there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.domain.forms import Scope, SheetOutcome, Status
from jixiao.extraction.labels import label_key
from jixiao.extraction.names import clean_name
from jixiao.pipeline.lists import certain_list
from jixiao.pipeline.senders import Senders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Workbook
    from jixiao.domain.rosters import Roster
    from jixiao.extraction.vocabulary import Vocabulary
    from jixiao.pipeline.lists import CertainList
    from jixiao.pipeline.reading import FileResult
    from jixiao.pipeline.sheets import Sheets


DEPARTMENT = "department"
"""The field of every form that names who sends it."""


@dataclass(frozen=True, slots=True)
class Stray:
    """Why a sheet seems to be a list, and which departments it names.

    `owned`: its workbook names the department that sent it.
    """

    reason: str
    names: frozenset[str]
    owned: bool


def find_strays(workbook: Workbook, sheets: Sheets, vocabulary: Vocabulary) -> dict[str, Stray]:
    """By sheet what is certainly a list, among those that are no form or have the shape of a list.

    A sheet that no form fits, and that says above its header who sent it, is a form of somebody's after all.
    """
    owned = any(submission.department for submission in sheets.submissions)
    unrecognised = {each.sheet for each in sheets.outcomes if each.status is Status.UNRECOGNISED}
    doubtful = {
        each.sheet for each in sheets.submissions if each.scope is Scope.DETAIL or not each.department
    }
    found = {
        grid.sheet: certain_list(grid)
        for grid in workbook.grids
        if grid.sheet in doubtful or (grid.sheet in unrecognised and not owned)
    }
    senders = _sender_labels(vocabulary)
    return {
        sheet: Stray(_reason(listed, workbook.file), listed.names, owned)
        for sheet, listed in found.items()
        if listed and (sheet in doubtful or not senders & listed.heading)
    }


def _sender_labels(vocabulary: Vocabulary) -> set[str]:
    return {
        label_key(label)
        for form in vocabulary.forms.values()
        for each in form.fields
        if each.name == DEPARTMENT
        for label in each.labels
    }


def _reason(listed: CertainList, file: str) -> str:
    form = listed.form
    return (
        f"看起来是{form.title}，不是部门报送的表，未计入。要使用它，请在 round.toml 中写 "
        f'{form.id} = "{file}"；如果是某个部门报送的，请在表上写明部门名称。'
    )


def set_strays_aside(results: Sequence[FileResult], roster: Roster | None) -> tuple[FileResult, ...]:
    """The results with lists as outcomes.

    A sheet is set aside if it names several departments that the roster or other files know, or if neither
    its workbook nor the file's place or name says which department sent it.
    """
    if not any(result.strays for result in results):
        return tuple(results)
    names = {
        name: each.department
        for each in (roster.entries if roster else ())
        for name in (each.department, *each.aliases)
    }
    files: dict[str, set[str]] = defaultdict(set)
    for submission in (each for result in results for each in result.submissions):
        files[clean_name(submission.department)].add(submission.file)
    senders = Senders((each for result in results for each in result.submissions), names)

    def is_list(stray: Stray, file: str) -> bool:
        known = [name for name in stray.names if name in names or files.get(name, set()) - {file}]
        return len(known) > 1 or not (stray.owned or senders.of(file))

    return tuple(
        _set_aside(result, {sheet: stray.reason for sheet, stray in strays.items()})
        if (strays := {sheet: each for sheet, each in result.strays.items() if is_list(each, result.file)})
        else result
        for result in results
    )


def _set_aside(result: FileResult, strays: Mapping[str, str]) -> FileResult:
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
