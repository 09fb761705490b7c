"""What became of findings（整改）: from one submission to the next, by an officer's word, by a waiver."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from jixiao.domain.findings import Finding, Place


class Fate(StrEnum):
    """What became of a finding since the department's last submission."""

    NEW = "new"
    STANDS = "stands"
    RECURRED = "recurred"
    """It had been mended and is there again."""
    MENDED_AS_ASKED = "mended_as_asked"
    """Its cell now holds the figure that was asked for."""
    MENDED = "mended"
    DROPPED = "dropped"
    """No longer raised, but not by the department's doing: it sent nothing else, or the form is not there."""
    EXPLAINED = "explained"
    """The finance department accepts it as it is."""
    WAIVED = "waived"
    EXPIRED = "expired"
    """A waiver or an acceptance does not hold any more: its day has passed or the figures have changed."""

    @property
    def is_closed(self) -> bool:
        """Whether the finding is gone."""
        return self in {Fate.MENDED_AS_ASKED, Fate.MENDED, Fate.DROPPED}

    @property
    def is_excused(self) -> bool:
        """Whether it stays in sight but is not held against the department."""
        return self in {Fate.EXPLAINED, Fate.WAIVED}


class Opinion(NamedTuple):
    """What an officer wrote beside a finding（处理意见、经办、日期）, word for word."""

    text: str = ""
    officer: str = ""
    decided: str = ""


NO_OPINION = Opinion()


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why a finding is not, or no longer, held against a department; `kind` EXPLAINED, WAIVED or EXPIRED.

    It is for the finding called `finding_id`, or for one of `code` at `cell` (A1; of `sheet`, "" any) or
    about `label` (a key). `figures` are those that it was given for (None: whichever it finds first).
    `key` names the decision, `note` says it in Chinese. Of a waiver `place` and `owner` are the cells of its
    row that say what is waived, and to whom (`department`, as written).
    """

    kind: Fate
    key: str
    note: str
    code: str = ""
    finding_id: str = ""
    sheet: str = ""
    cell: str = ""
    label: str = ""
    figures: str | None = None
    department: str = ""
    owner: Place | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a round（豁免表）: by the department's compact name what is waived.

    `file` is relative to the round's folder, `findings` are what is wrong in it.
    """

    file: str
    sha256: str
    excuses: tuple[tuple[str, Excuse], ...]
    findings: tuple[Finding, ...] = ()

    def of(self, names: Iterable[str]) -> tuple[Excuse, ...]:
        """The waivers of the department that goes by these compact names."""
        known = frozenset(names)
        return tuple(excuse for name, excuse in self.excuses if name in known)

    def of_nobody(self, names: AbstractSet[str]) -> tuple[Excuse, ...]:
        """The waivers of departments that nobody of these compact names is."""
        return tuple(excuse for name, excuse in self.excuses if name not in names)


@dataclass(frozen=True, slots=True)
class Traced:
    """A finding as the ledger keeps it: what it means and what it said.

    `root` is the name of the first of those that mean the same; `address` what its cell holds, whichever cell
    that is; `figures` what stands in the cells that it is about. `since` is when it was first raised (ISO).
    `pinned`: the figures that its excuse, called `excuse`, was given for. `now`: what the cell holds since it
    was mended.
    """

    finding_id: str
    root: str
    code: str
    severity: str
    form: str
    project: str
    file: str
    sheet: str
    cell: str
    label: str
    address: str
    reported: str
    expected: str
    figures: str
    statement: str
    fate: Fate
    since: str
    opinion: Opinion = NO_OPINION
    explanation: str = ""
    excuse: str = ""
    pinned: str = ""
    note: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class FiledForm:
    """A form of a department as the ledger keeps it: by content hash, with its score and its figures.

    `content` is the digest of what it says, wherever it says it; `figures` its figures by address, as exact
    decimal text with the cell; `indicators` their names with target, actual, weight and self score as text.
    """

    form: str
    project: str
    scope: str
    file: str
    sheet: str
    sha256: str
    content: str
    status: str
    self_score: str = ""
    computed_score: str = ""
    accepted_score: str = ""
    grade: str = ""
    figures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a department is with its corrections.

    `times` it has sent something new, last seen at `received`; `unchanged`: what it sent last says the same
    as before. `mended` over all times; `open` has to be mended, of these `fresh` were not asked before;
    `excused` stand by decision. `returned` is when it was first told to mend what is still open, "" where
    nothing is. Times are ISO.
    """

    department: str
    status: str
    times: int = 0
    received: str = ""
    returned: str = ""
    mended: int = 0
    open: int = 0
    fresh: int = 0
    excused: int = 0
    doubts: int = 0
    unchanged: bool = False
    forms: int = 0
    missing: int = 0
    score: str = ""
    grade: str = ""
    budget: str = ""
    executed: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentState:
    """Where a department stood after a run that found something new of it.

    `key` names what the run made it from, `chain` what was known before: with an equal key the state is the
    same, made from both. `seen` are the hashes of all files that ever came from it. Where states are read
    back in bulk the forms lack their figures.
    """

    key: str
    chain: str
    progress: Progress
    seen: tuple[str, ...]
    forms: tuple[FiledForm, ...]
    findings: tuple[Traced, ...]

    @property
    def department(self) -> str:
        """Whose state it is."""
        return self.progress.department


class RoundKey(NamedTuple):
    """What tells rounds apart: whose, its folder's name, its year."""

    jurisdiction: str
    name: str
    year: int


@dataclass(frozen=True, slots=True)
class History:
    """What a run has to know of a department's past.

    `past` is where it stood (None: nothing is known of it), `at` when what lies there now was first seen
    (ISO), `opinions` what officers wrote since, by the name of the finding in the last results. `last_year`
    is where it ended the year before, `likened`: under a name that is only like its own. `kept`: whether
    there is a ledger at all; without one nothing is said of what is new, and `pinned` are the figures that
    decisions in the last results were given for. `chain` names all of it.
    """

    at: str = ""
    past: DepartmentState | None = None
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    last_year: DepartmentState | None = None
    likened: bool = False
    kept: bool = True
    pinned: Mapping[str, str] = field(default_factory=dict)
    chain: str = ""


@dataclass(frozen=True, slots=True)
class YearRow:
    """A line of 去年对比: what it is about, what it was, what it is; "" for what is not known.

    `project` "" is the department as a whole. `figure`: both are figures (exact text), `rate` fractions.
    """

    project: str
    label: str
    before: str
    now: str
    change: str = ""
    note: str = ""
    figure: bool = False
    rate: bool = False


@dataclass(frozen=True, slots=True)
class Followup:
    """What became of earlier findings: by department those that are gone, and how far it is.

    `seen` are the hashes of all files that ever came from it, `years` what it was the year before.
    """

    closed: Mapping[str, tuple[Traced, ...]] = field(default_factory=dict)
    progress: Mapping[str, Progress] = field(default_factory=dict)
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: Mapping[str, tuple[YearRow, ...]] = field(default_factory=dict)
