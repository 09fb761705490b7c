"""Lists of the finance department that round.toml does not name: set aside, and said what to write there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.evaluating.senders import Senders
from jixiao.extraction.names import clean_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.rosters import Roster
    from jixiao.evaluating.files import FileResult


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
