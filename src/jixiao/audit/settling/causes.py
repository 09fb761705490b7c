"""One cause, one finding: repeats are told together, and what follows from a finding is told with it.

What follows from what is data: `gather`, `follows` and `follows_form` of a code in seeds/findings.toml. What
a correction mends besides its own cell is found out by auditing the form with it (see settling.corrections).
A cause that is milder than what it explains is told with that, as its possible cause (`explained_by`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.findings import Gathering

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from jixiao.domain.findings import Finding, Judged, Severity, Wording


def gather_repeats(
    judged: Iterable[Judged], wordings: Mapping[str, Wording], owner: Callable[[Finding], str]
) -> tuple[Judged, ...]:
    """Findings of one kind together where their code says so; in the order of the first of each kind.

    Only findings on one department (`owner`) of one severity that assume the same are of one kind.
    """
    groups: dict[Hashable, list[Judged]] = defaultdict(list)
    for each in judged:
        kind = _kind(each, wordings[each.finding.code].gather)
        groups[owner(each.finding), kind].append(each)
    return tuple(
        replace(first, repeats=tuple(each.finding for each in others)) for first, *others in groups.values()
    )


def _kind(judged: Judged, gathering: Gathering | None) -> Hashable:
    """What findings of one kind have in common; of its own where its code tells each."""
    finding = judged.finding
    common = (finding.code, judged.severity, finding.assumed)
    match gathering:
        case Gathering.FORM:
            return (*common, finding.subject, finding.place.file, finding.place.sheet)
        case Gathering.COLUMN:
            place, column = finding.place, finding.place.cell.rstrip("0123456789")
            return (*common, finding.subject, place.file, place.sheet, column)
        case Gathering.PAIR:
            names = frozenset({finding.reported, finding.figures.get("other", "")})
            return finding.code, judged.severity, names
        case Gathering.DEPARTMENT:
            return (*common, finding.place.file)
        case None:
            return id(judged)


def attach_consequences(judged: Sequence[Judged], wordings: Mapping[str, Wording]) -> tuple[Judged, ...]:
    """The findings that stand by themselves, each with those that are there only because of it.

    A consequence is at most as bad as its root: an error is never hidden behind a warning.
    """
    causes = {position: _cause(each, judged, wordings) for position, each in enumerate(judged)}
    roots = {position: _root(position, causes) for position in causes}
    joined = join_consequences(judged, roots)
    explaining = ((at, _explained(each, joined, wordings)) for at, each in enumerate(joined))
    return join_related(joined, {at: explained for at, explained in explaining if explained is not None})


def join_consequences(judged: Sequence[Judged], roots: Mapping[int, int]) -> tuple[Judged, ...]:
    """The roots with their consequences; `roots` has a position for each position, the own one for a root."""
    following: dict[int, list[Judged]] = defaultdict(list)
    for position, each in enumerate(judged):
        root = judged[roots[position]]
        if root is not each:
            alone = replace(each, consequences=(), related=())
            own = (alone, *each.related, *each.consequences)
            following[roots[position]] += (replace(one, severity=_milder(one, root)) for one in own)
    return tuple(
        replace(each, consequences=(*each.consequences, *following[position]))
        for position, each in enumerate(judged)
        if roots[position] == position
    )


def join_related(judged: Sequence[Judged], explained: Mapping[int, int]) -> tuple[Judged, ...]:
    """The findings with the milder ones that may be their causes; `explained` by the position of a cause.

    Which of the two is wrong is open, so neither says what its cell should hold.
    """
    related: dict[int, list[Judged]] = defaultdict(list)
    for position, other in explained.items():
        related[other].append(judged[position])
    return tuple(
        replace(each, related=(*each.related, *related[position]), is_open=True)
        if position in related
        else each
        for position, each in enumerate(judged)
        if position not in explained
    )


def _milder(one: Judged, other: Judged) -> Severity:
    return max(one.severity, other.severity, key=lambda each: each.rank)


def _explained(cause: Judged, others: Sequence[Judged], wordings: Mapping[str, Wording]) -> int | None:
    """The position of the finding that a milder one on its form may be the cause of, by its code alone."""
    for position, other in enumerate(others):
        wording = wordings[other.finding.code]
        is_cause = cause.finding.code in wording.explained_by
        if is_cause and other.severity.rank < cause.severity.rank:
            by_form = replace(wording, follows=())
            if any(_explains(one, other.finding, by_form) for one in cause.findings):
                return position
    return None


def _cause(judged: Judged, others: Sequence[Judged], wordings: Mapping[str, Wording]) -> int | None:
    """The position of the finding that a finding follows from, with all its repeats; the worst of several."""
    wording = wordings[judged.finding.code]
    if not (wording.follows or wording.follows_form):
        return None
    found = [
        position
        for position, other in enumerate(others)
        if other is not judged
        and other.severity.rank <= judged.severity.rank
        and all(any(_explains(one, own, wording) for one in other.findings) for own in judged.findings)
    ]
    return min(found, key=lambda position: others[position].severity.rank, default=None)


def _explains(cause: Finding, finding: Finding, wording: Wording) -> bool:
    if cause.code in wording.follows_form and cause.subject:  # of two forms either may be off
        return cause.subject == finding.subject or finding.place in cause.cells
    return cause.code in wording.follows and bool(cause.place.cell) and cause.place in finding.cells


def _root(position: int, causes: Mapping[int, int | None]) -> int:
    """The end of a chain of causes; the own position where the chain runs in a circle."""
    seen = [position]
    while (cause := causes[seen[-1]]) is not None:
        if cause in seen:
            return position
        seen.append(cause)
    return seen[-1]
