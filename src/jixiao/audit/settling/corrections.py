"""Corrections that hold together: all of a department's are carried through its forms before one is printed.

Every figure that a finding proposes is put into its cell, the forms are audited again, and what that audit
asks for is put as well (rate, score, parts, total), until nothing is left. Where that does not come out, the
proposals are tried one after the other, and one that fits with none of the others is withdrawn. Cost: some
audits of the forms of one department, only where one of its findings says what its cell should hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from jixiao.audit.settling.causes import join_consequences, join_related
from jixiao.domain.findings import Correction, Place, Severity
from jixiao.domain.submissions import figure_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Finding, Judged, Wording

_ROUNDS = 12
"""So many audits carry any figure from a part through total, rate and score to a grade."""
_FURTHER = 4
"""So many audits follow what disagrees with corrections from form to form."""
_MOST_TRIED = 40
"""Of more proposals than these none is put alone to see what it mends."""
_MOST_WEIGHED = 12
"""Of more proposals that do not hold together none is printed: a department with so many errors starts anew.

Weighing them against each other costs some audits for every one.
"""
_MOST_AUDITS = 60
"""So many audits one department's corrections may cost: what is not settled by then stays open."""
_LEAST_AUDITS, _MOST_READ = 8, 120_000
"""So many cells may be audited for them in all; but so many audits are made of the largest forms."""

Figures: TypeAlias = "Mapping[CellRef, str]"
Audit = Callable[[Figures], Sequence["Judged"]]
"""What is wrong with the forms of one department once some of its cells hold other figures."""

_Key: TypeAlias = tuple[str, Place]


def most_audits(cells: int) -> int:
    """How many audits the corrections of a department with so many cells may cost."""
    return max(_LEAST_AUDITS, min(_MOST_AUDITS, _MOST_READ // max(cells, 1)))


class _SpentError(Exception):
    """A department's audits are used up."""


@dataclass(slots=True)
class _Audits:
    """Audits of one department, as many as it may have; of the same figures there is but one."""

    audit: Audit
    left: int
    made: dict[frozenset[tuple[CellRef, str]], Sequence[Judged]] = field(default_factory=dict)

    def __call__(self, figures: Figures) -> Sequence[Judged]:
        if not self.left:
            raise _SpentError
        self.left -= 1
        key = frozenset(figures.items())
        if key not in self.made:
            self.made[key] = self.audit(figures)
        return self.made[key]


@dataclass(frozen=True, slots=True)
class Corrector:
    """Works out the corrections of one department.

    `fixed` are cells that nothing may be put into: figures that the finance department's accounts confirm.
    It may cost `most` audits.
    """

    audit: Audit
    wordings: Mapping[str, Wording]
    fixed: frozenset[CellRef] = frozenset()
    most: int = _MOST_AUDITS

    def correct(self, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        """The department's findings with proposals that hold together, and with what each brings about."""
        if not any(self._mends(each) for each in judged):
            return tuple(judged)
        sparing = replace(self, audit=_Audits(self.audit, self.most))
        return sparing._correct(judged)  # noqa: SLF001 the same with a limit

    def _correct(self, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        known = frozenset(_key(one) for each in judged for one in _all(each))
        before = frozenset(_key(each.finding) for each in self.audit({}))
        judged = self._attach_mended(judged, before)
        if not any(self._proposes(each) or self._is_unsure(each) for each in judged):
            return tuple(judged)
        trial = _Trial(self, known | before)
        roots = [each for each in judged if self._proposes(each)]
        kept, carried = roots, trial.carry(roots)
        if carried is None:
            kept, carried = self._one_by_one(roots, trial)
        further = trial.further(carried, [each for each in judged if self._is_unsure(each)])
        return tuple(self._settled(each, kept, carried, further) for each in judged)

    def _mends(self, judged: Judged) -> bool:
        """Whether it says which figure its cell should hold."""
        finding = judged.finding
        return bool(self.wordings[finding.code].figure and finding.expected and finding.ref)

    def _proposes(self, judged: Judged) -> bool:
        """Whether it is an error that puts a figure into a cell; a doubt explains and mends nothing."""
        is_error = judged.severity in {Severity.ERROR, Severity.BLOCKING}
        return self._mends(judged) and is_error and not judged.related

    def _is_unsure(self, judged: Judged) -> bool:
        """Whether it is an error that names a figure for its cell, which need not be the wrong one."""
        finding = judged.finding
        named = finding.ref is not None and figure_value(finding.expected) is not None
        is_error = judged.severity in {Severity.ERROR, Severity.BLOCKING}
        sure = self.wordings[finding.code].figure or judged.is_open
        return is_error and named and not sure

    def _attach_mended(self, judged: Sequence[Judged], before: frozenset[_Key]) -> tuple[Judged, ...]:
        """What is gone once a root alone is mended follows from it; the root that mends most comes first.

        `before` is what the audit says of the forms as they are: other findings it can't mend.
        """
        roots = {position: position for position in range(len(judged))}
        mended = {
            position: gone
            for position, each in enumerate(judged[:_MOST_TRIED])
            if self._mends(each) and (gone := self._gone(each, judged, before))
        }
        explained: dict[int, int] = {}
        for position in sorted(mended, key=lambda at: (-len(mended[at]), at)):
            if roots[position] != position:
                continue
            for other in mended[position]:
                causing = {root for at, root in roots.items() if root != at}
                free = roots[other] == other and other not in {*causing, *explained}
                milder = judged[other].severity.rank > judged[position].severity.rank
                cause = judged[other].finding.code in self._wording(judged[position]).explained_by
                if free and cause and milder:
                    continue  # it says why, so that it is not what follows
                if free and self._causes(judged[position], judged[other]):
                    roots[other] = position
                elif free and judged[position].finding.code in self._wording(judged[other]).explained_by:
                    explained.setdefault(position, other)
        kept = [position for position in roots if roots[position] == position]
        related = {kept.index(at): kept.index(other) for at, other in explained.items() if other in kept}
        return join_related(join_consequences(judged, roots), related)

    def _wording(self, judged: Judged) -> Wording:
        return self.wordings[judged.finding.code]

    def _causes(self, root: Judged, other: Judged) -> bool:
        """Whether what is gone with a root follows from it: it is no worse, or in doubt because of it."""
        is_no_worse = root.severity.rank <= other.severity.rank
        return is_no_worse or root.finding.code in self._wording(other).doubted_by

    def _gone(self, root: Judged, judged: Sequence[Judged], before: frozenset[_Key]) -> tuple[int, ...]:
        """The positions of the other findings that an audit no longer has with the root's figure put.

        One whose cell then has another fault is not gone: it only goes by another name.
        """
        ref = root.finding.ref
        if ref is None or ref in self.fixed:
            return ()
        try:
            after = {_key(each.finding) for each in self.audit({ref: root.finding.expected})}
        except _SpentError:
            return ()
        renamed = {place for _, place in after - before}
        return tuple(
            position
            for position, each in enumerate(judged)
            if each is not root
            and all(_key(one) in before - after and one.place not in renamed for one in each.findings)
        )

    def _one_by_one(self, roots: Sequence[Judged], trial: _Trial) -> tuple[list[Judged], dict[CellRef, _Put]]:
        """As many of the proposals as hold together, the earlier before the later, with what they carry."""
        kept: list[Judged] = []
        carried: dict[CellRef, _Put] = {}
        for root in roots if len(roots) <= _MOST_WEIGHED else ():
            found = trial.carry([*kept, root])
            if found is not None:
                kept, carried = [*kept, root], found
        return kept, carried

    def _settled(
        self,
        judged: Judged,
        kept: Sequence[Judged],
        carried: Mapping[CellRef, _Put],
        further: Mapping[CellRef, _Put],
    ) -> Judged:
        """A finding with what its cell should hold in the end, and the cells that follow from it."""
        followed = tuple(put.correction for put in _following(judged.finding, further))
        if not self._proposes(judged):
            return replace(judged, further=followed) if followed else judged
        if judged not in kept:
            return replace(judged, is_open=True)
        finding = judged.finding
        own = carried[finding.ref] if finding.ref else None
        changed = own and own.figure != finding.expected
        given = [put for put in carried.values() if own and put.ref in own.evidence and put is not own]
        return replace(
            judged,
            proposal=own.figure if own and changed else "",
            given=tuple(put.correction for put in given) if changed else (),
            corrections=tuple(put.correction for put in _following(finding, carried)),
            further=followed,
        )


@dataclass(frozen=True, slots=True)
class _Put:
    """A figure put into a cell: by which code, from which cells; `cause` is the root that it follows from."""

    correction: Correction
    code: str
    evidence: tuple[CellRef, ...]
    cause: CellRef

    @property
    def ref(self) -> CellRef:
        return self.correction.ref

    @property
    def figure(self) -> str:
        return self.correction.figure

    @property
    def unnamed(self) -> _Put:
        """The same without a figure."""
        return replace(self, correction=replace(self.correction, figure=""))

    @property
    def is_root(self) -> bool:
        return self.ref == self.cause


def _following(finding: Finding, carried: Mapping[CellRef, _Put]) -> Iterator[_Put]:
    return (put for put in carried.values() if put.cause == finding.ref and not put.is_root)


@dataclass(slots=True)
class _Trial:
    """Puts proposals and whatever follows from them, until an audit has nothing more to ask for."""

    corrector: Corrector
    known: frozenset[_Key]
    put: dict[CellRef, _Put] = field(default_factory=dict)

    def carry(self, roots: Iterable[Judged]) -> dict[CellRef, _Put] | None:
        """All cells with their figures; None where the proposals do not fit together."""
        try:
            return self._carried(roots)
        except _SpentError:
            return None

    def further(self, carried: Mapping[CellRef, _Put], others: Iterable[Judged]) -> dict[CellRef, _Put]:
        """Cells that disagree once the corrections stand, with the figures that would agree with them.

        `others` are errors that name a figure without being sure of it. The cells are to be looked at
        together with what is mended, so that nobody hears of them only afterwards. Where that leads to errors
        again, they are those that disagree at once, and no figure is named.
        """
        self.put = dict(carried)
        for finding in (each.finding for each in others):
            if self._can_follow(finding):
                self._put(_own(finding), finding, finding.ref)
        base = dict(self.put)
        first: dict[CellRef, _Put] = {}
        try:
            for _ in range(_FURTHER):
                raised = [each for each in self._audit() if _key(each.finding) not in self.known]
                asked = [each.finding for each in raised if self._can_follow(each.finding)]
                if not asked:
                    spoilt = any(each.severity in {Severity.ERROR, Severity.BLOCKING} for each in raised)
                    return first if spoilt else _beyond(base, self.put)
                for finding in asked:
                    self._put(_own(finding), finding)
                first = first or {ref: each.unnamed for ref, each in _beyond(base, self.put).items()}
        except _SpentError:
            pass
        return first

    def _can_follow(self, finding: Finding) -> bool:
        """Whether it says which figure its own cell should hold, and nothing was put there yet."""
        ref = finding.ref
        named = ref is not None and figure_value(finding.expected) is not None
        return named and ref not in self.put and ref not in self.corrector.fixed

    def _carried(self, roots: Iterable[Judged]) -> dict[CellRef, _Put] | None:
        self.put = {}
        for root in roots:
            ref = root.finding.ref
            if ref is None or not self._is_free(ref, root.finding.code):
                return None
            self._put(_own(root.finding), root.finding, ref)
        own = frozenset(_key(put) for root in roots for put in _all(root))
        for _ in range(_ROUNDS):
            found = [each.finding for each in self._audit() if self._asks(each, own)]
            if not found:
                return dict(self.put)
            before = dict(self.put)
            if not all(self._answer(each, before) for each in found):
                return None
        return None

    def _audit(self) -> Sequence[Judged]:
        return self.corrector.audit({ref: put.figure for ref, put in self.put.items()})

    def _asks(self, judged: Judged, own: frozenset[_Key]) -> bool:
        """Whether a finding of the new audit has to be answered: not one that was there before anyway."""
        key = _key(judged.finding)
        figure = self.corrector.wordings[judged.finding.code].figure
        if key in self.known:
            return key in own and figure
        is_error = judged.severity in {Severity.ERROR, Severity.BLOCKING}
        return is_error or figure or bool(judged.finding.alternatives)

    def _answer(self, finding: Finding, before: Mapping[CellRef, _Put]) -> bool:
        """Put what a finding asks for, into its own cell unless another code's figure holds that.

        False where nobody can tell what to put, or what it asks for stood there `before` already.
        """
        ref = finding.ref if self.corrector.wordings[finding.code].figure else None
        if ref is not None and finding.expected and self._is_free(ref, finding.code):
            held = before.get(ref)
            self._put(_own(finding), finding)
            return held is None or held.figure != finding.expected
        others = [each for each in finding.alternatives if self._is_free(each.ref)]
        filled = [each for each in others if figure_value(each.figure) is not None]
        if len(filled) == 1:
            self._put(filled[0], finding)
        return len(filled) == 1

    def _is_free(self, ref: CellRef, code: str = "") -> bool:
        held = self.put.get(ref)
        return ref not in self.corrector.fixed and (held is None or held.code == code)

    def _put(self, correction: Correction, finding: Finding, cause: CellRef | None = None) -> None:
        """Put a figure, as the consequence of the first cell of the finding's that holds another by now."""
        held = self.put.get(correction.ref)
        evidence = (*finding.evidence, *((finding.ref,) if finding.ref else ()))
        causes = (self.put[ref].cause for ref in evidence if ref in self.put and ref != correction.ref)
        cause = cause or (held.cause if held else next(causes, next(iter(self.put))))
        self.put[correction.ref] = _Put(correction, finding.code, evidence, cause)


def _beyond(base: Mapping[CellRef, _Put], put: Mapping[CellRef, _Put]) -> dict[CellRef, _Put]:
    return {ref: each for ref, each in put.items() if ref not in base}


def _own(finding: Finding) -> Correction:
    """What a finding asks for at its own cell, which it must have."""
    if finding.ref is None:
        raise ValueError(finding.code)
    return Correction(finding.ref, finding.label, finding.expected, finding.subject)


def _key(finding: Finding) -> _Key:
    return finding.code, finding.place


def _all(judged: Judged) -> Iterator[Finding]:
    """A finding, its repeats and its consequences."""
    yield from judged.findings
    for each in judged.consequences:
        yield from each.findings
