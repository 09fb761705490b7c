"""Who sent a form that names no department: whoever sent everything else in its file or folder."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.domain.text_keys import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jixiao.domain.submissions import Submission

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

    def _in_name(self, file: str) -> str:
        """The one department whose name stands in a path; of 某局 and 某局信息中心 the longer."""
        found = [name for name in self._names if len(name) >= _SHORTEST and compact(name) in file]
        longest = [name for name in found if not any(name != other and name in other for other in found)]
        departments = {self._names[name] for name in longest}
        return departments.pop() if len(departments) == 1 else ""


def folders_of(file: str) -> list[str]:
    """The folders of a file below the round's, the nearest first."""
    return [str(folder) for folder in PurePosixPath(file).parents if folder.name]
