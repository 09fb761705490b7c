"""A finding: one thing wrong or doubtful, at a cell, with what was expected."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.cells import CellRef, position_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal


class Severity(StrEnum):
    """How bad a finding is; the first two send the submission back."""

    BLOCKING = "blocking"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self._value_]


_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}


class Place(NamedTuple):
    """Where a finding points to: a file, a sheet of it, a cell of that (A1). Empty strings mean the whole."""

    file: str
    sheet: str = ""
    cell: str = ""

    @classmethod
    def at(cls, ref: CellRef) -> Place:
        """The place of a cell."""
        return cls(ref.file, ref.sheet, ref.a1)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a cell has to hold, as printed (percentages with their sign); `subject` is its submission_id."""

    ref: CellRef
    label: str
    figure: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check yields. Severity and sentence are looked up by `code` in seeds/findings.toml.

    `label` names the indicator or column, `reported` and `expected` are figures as printed (empty: not
    applicable), `figures` fills the further placeholders of the sentence, `subject` is the submission_id
    it belongs to (empty: a whole file or the round), `department` whom it concerns where neither subject nor
    file says so. `evidence` are the further cells that its figures come from, `assumed` Chinese clauses that
    say what was taken for granted. `alternatives` are the corrections of which each alone would mend it,
    where there is another than `expected` at its own place.
    """

    code: str
    place: Place
    subject: str = ""
    label: str = ""
    reported: str = ""
    expected: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    department: str = ""
    evidence: tuple[CellRef, ...] = ()
    assumed: tuple[str, ...] = ()
    alternatives: tuple[Correction, ...] = ()

    @property
    def ref(self) -> CellRef | None:
        """Its own cell; None for one about a whole sheet or file."""
        at = position_of(self.place.cell)
        return CellRef(self.place.file, self.place.sheet, *at) if at else None

    @property
    def cells(self) -> frozenset[Place]:
        """Every cell that it is about or rests on."""
        return frozenset({self.place, *map(Place.at, self.evidence)})


@dataclass(frozen=True, slots=True)
class Hint:
    """What is no mistake but worth a look: worded like a finding, held against nobody.

    `strength` in percent, `money` in 万元 what is concerned (None: not known).
    """

    finding: Finding
    strength: int
    money: Decimal | None = None


class FindingWarning(UserWarning):
    """A finding without a figure that it needs, or with one that it doesn't declare: our own mistake.

    Raised where tests run; in a round it goes to the log, and the sentence does without the clause.
    """


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a check may yield: the code of seeds/findings.toml and the figures that its sentences are made of.

    `needed` stand outside of brackets in a sentence (among them the finding's own `label`, `reported` and
    `expected`), `optional` within.
    """

    code: str
    needed: frozenset[str]
    optional: frozenset[str]

    @property
    def figures(self) -> frozenset[str]:
        """Every figure that a finding of this code may have, besides `label`, `reported` and `expected`."""
        return (self.needed | self.optional) - _OWN_FIGURES

    def finding(  # noqa: PLR0913 a finding is made in this one place
        self,
        place: Place,
        *,
        subject: str = "",
        label: str = "",
        reported: str = "",
        expected: str = "",
        department: str = "",
        evidence: Iterable[CellRef] = (),
        assumed: tuple[str, ...] = (),
        figures: Mapping[str, str] | None = None,
    ) -> Finding:
        """A finding of this code, see Finding; warns where it lacks a figure or has an undeclared one."""
        figures = dict(figures or {})
        given = {**figures, "label": label, "reported": reported, "expected": expected}
        lacking = {name for name in self.needed if not given.get(name)}
        if lacking:
            self._warn("no value for", lacking, place)
        if figures.keys() - self.figures:
            self._warn("undeclared", figures.keys() - self.figures, place)
        return Finding(
            code=self.code,
            place=place,
            subject=subject,
            label=label,
            reported=reported,
            expected=expected,
            figures=figures,
            department=department,
            evidence=tuple(evidence),
            assumed=assumed,
        )

    def _warn(self, problem: str, names: Iterable[str], place: Place) -> None:
        message = f"{self.code} at {place}: {problem} {', '.join(sorted(names))}"
        warnings.warn(message, FindingWarning, stacklevel=3)


_OWN_FIGURES = frozenset({"label", "reported", "expected"})
_DECLARED: dict[str, Declaration] = {}


def declare(code: str, *needed: str, optional: tuple[str, ...] = ()) -> Declaration:
    """The declaration of a code, once, at the check that yields it; other checks import it.

    Raises:
        ValueError: another declaration has this code, or a figure is named twice.
    """
    if code in _DECLARED:
        raise ValueError(f"{code} is declared already: import it")
    if len({*needed, *optional}) < len(needed) + len(optional):
        raise ValueError(f"{code} names a figure twice")
    _DECLARED[code] = Declaration(code, frozenset(needed), frozenset(optional))
    return _DECLARED[code]


NOT_READ = declare("F109", "detail")
NOT_EVALUATED = declare("F111", "department", "detail")
OUR_MISTAKES = frozenset(each.code for each in (NOT_READ, NOT_EVALUATED))
"""What went wrong with us, whichever room it was in: no department has to do anything about it."""


def declarations() -> Mapping[str, Declaration]:
    """What the modules imported so far declare, by code."""
    return dict(_DECLARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding after the checks: how bad it is, what goes with it and what its cell should hold in the end.

    `repeats` are further findings of its kind that it stands for, `consequences` findings that are there only
    because of it, `related` milder ones that may be its cause. `proposal` is what the cell should hold once
    everything else is mended, `given` the other corrections that it presumes; `is_open`: no figure fits
    everything, so none is proposed. `corrections` are the cells that follow when it is mended, `further`
    those that disagree then, with what would agree ("" unknown).
    """

    finding: Finding
    severity: Severity
    repeats: tuple[Finding, ...] = ()
    consequences: tuple[Judged, ...] = ()
    related: tuple[Judged, ...] = ()
    proposal: str = ""
    given: tuple[Correction, ...] = ()
    is_open: bool = False
    corrections: tuple[Correction, ...] = ()
    further: tuple[Correction, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Itself and its repeats."""
        return (self.finding, *self.repeats)


class Gathering(StrEnum):
    """Which findings of one code are told as one."""

    FORM = "form"
    """All of a form."""
    COLUMN = "column"
    """Those in one column of a form."""
    PAIR = "pair"
    """Those about the same two names of a department, whichever stands where."""
    DEPARTMENT = "department"
    """All of a department in one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How seeds/findings.toml words one code, and what it has to do with others; see catalog.wordings.

    Findings that `gather` tells to be one are worded by `several`, in which {items} lists them by `each`,
    those with the same `because` together before it.
    One that has the cell of a finding of `follows` in its evidence is a consequence of it; so is one on the
    same form as a finding of `follows_form`; `effect` is the clause that then says so. Where mending a milder
    finding alone makes an error vanish, the error is in doubt as well if that one is of `doubted_by`; one of
    `explained_by` is told with the error. `figure`: its `expected` is to be put into its cell.
    """

    code: str
    severity: Severity
    title: str
    message: str
    suggestion: str
    basis: str = ""
    gather: Gathering | None = None
    several: str = ""
    each: str = ""
    because: str = ""
    effect: str = ""
    follows: tuple[str, ...] = ()
    follows_form: tuple[str, ...] = ()
    doubted_by: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    figure: bool = False
