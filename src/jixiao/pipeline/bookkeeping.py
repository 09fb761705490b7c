"""A round and its ledger: what is known of its departments before they are evaluated, what is added after.

    division ──inform──▶ division whose briefs know their past        results ──▶ a prepared run
                                                        results renamed into place ──▶ the run confirmed

A ledger that fails costs the round nothing but its memory of earlier submissions: what failed is one note.
"""

from __future__ import annotations

import logging
import pickle
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from jixiao.domain.followups import NO_OPINION, DepartmentState, Fate, History, Progress, RoundKey
from jixiao.evaluating.last_years import find_predecessors
from jixiao.language import say
from jixiao.ledger import LedgerError, RunRecord
from jixiao.pipeline.decisions import Opinions, read_opinions
from jixiao.pipeline.manifest import MANIFEST, digest_of
from jixiao.pipeline.memory import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jixiao.audit.names import Match
    from jixiao.domain.followups import Opinion
    from jixiao.evaluating.briefs import Brief, Division
    from jixiao.ledger import Ledger, Mark
    from jixiao.pipeline.replacement import Place
    from jixiao.pipeline.rounds import RoundFolder

_LOG = logging.getLogger(__name__)
WITHDRAWN = "withdrawn"
_UNRECORDED = say("本次结果照常写出，没有记入台账，也不知道各部门以前报送的情况。")
_LATER = say("本次结果已经写好，台账到下次运行时补记。")


@dataclass(slots=True)
class Bookkeeping:
    """The ledger's side of one run of a round; does nothing but carry officers' words where there is none.

    `last_marks` are by the names of last year, `predecessors` say which of these a department ended it under.
    `bases` names by department what its results are made from, its past left out; `fresh` are those of which
    the ledger does not have it yet.
    """

    folder: RoundFolder
    place: Place
    ledger: Ledger | None
    now: datetime = field(default_factory=lambda: datetime.now().astimezone().replace(microsecond=0))
    notes: list[str] = field(default_factory=list)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    last_marks: Mapping[str, Mark] = field(default_factory=dict)
    predecessors: Mapping[str, Match] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, History] = field(default_factory=dict)
    run: int | None = None

    @property
    def key(self) -> RoundKey:
        """What the ledger knows the round by."""
        round_ = self.folder.round
        return RoundKey(round_.scheme.jurisdiction, round_.name, round_.year)

    def inform(
        self, division: Division, key_of_brief: Callable[[Brief], str], is_kept: Callable[[str], bool]
    ) -> Division:
        """The division with what is known of each department's past, and what is wrong in officers' words.

        The past itself is looked up where something is to be made from it: of departments of which something
        is new, and of those whose results are not kept.
        """
        lexicon = self.folder.round.scheme.lexicon
        opinions = read_opinions(self.place.final, self.folder.name, lexicon, self.now.date())
        known = self._known()
        names = {brief.department: brief.names for brief in division.briefs}
        self.predecessors = find_predecessors(names, self.last_marks) if self.last_marks else {}
        briefs = [self._told(brief, opinions, known, key_of_brief) for brief in division.briefs]
        if self.ledger:
            wanted = [
                brief.department
                for brief in briefs
                if brief.department in self.fresh or not is_kept(key_of_brief(brief))
            ]
            briefs = self._with_past(briefs, self._states(wanted), self._last_states(wanted))
        return replace(division, briefs=tuple(briefs), findings=(*division.findings, *opinions.findings))

    def _known(self) -> Mapping[str, Mapping[str, Opinion]]:
        """The ledger put right after a run that was cut off; the words that it knows, by department."""
        if self.ledger is None:
            return {}
        try:
            self.ledger.settle(str(self.place.final), self._published())
            self.marks = self.ledger.marks(self.key)
            self.last_marks = self.ledger.year_marks(self.key.jurisdiction, self.key.year - 1)
            return self.ledger.opinions(self.key)
        except LedgerError as error:
            self._give_up(error, _UNRECORDED)
            return {}

    def _published(self) -> str:
        """The digest of the manifest that stands there, or stood when a run was cut off; "" for none."""
        for folder in (self.place.final, self.place.old):
            if (folder / MANIFEST).is_file():
                return digest_of(folder / MANIFEST)
        return ""

    def _told(
        self,
        brief: Brief,
        opinions: Opinions,
        known: Mapping[str, Mapping[str, Opinion]],
        key_of_brief: Callable[[Brief], str],
    ) -> Brief:
        name, base = brief.department, key_of_brief(brief)
        if self.ledger is None:
            return replace(brief, history=_without_ledger(opinions, name))
        match = self.predecessors.get(name)
        last = (*self.last_marks[match.name], match.name, match.exact) if match else None
        base = key_of(base, last) if last else base
        self.bases[name] = base
        mark = self.marks.get(name)
        words = opinions.since(name, known.get(name, {}))
        if mark and mark.key == base and not words:
            return replace(brief, history=History(chain=mark.chain, at=mark.began))
        at = self.now.isoformat()
        chain = key_of(at, mark, last, sorted(words.items()))
        self.fresh[name] = History(chain=chain, at=at, opinions=words)
        return replace(brief, history=self.fresh[name])

    def _states(self, departments: Sequence[str]) -> Mapping[str, DepartmentState]:
        if self.ledger is None or not departments:
            return {}
        try:
            return self.ledger.states(self.key, departments)
        except LedgerError as error:
            self._give_up(error, _UNRECORDED)
            return {}

    def _last_states(self, departments: Sequence[str]) -> Mapping[str, DepartmentState]:
        wanted = {name: self.predecessors[name].name for name in departments if name in self.predecessors}
        if self.ledger is None or not wanted:
            return {}
        try:
            found = self.ledger.year(self.key.jurisdiction, self.key.year - 1, list(wanted.values()))
            return {name: found[old] for name, old in wanted.items() if old in found}
        except LedgerError as error:
            self._give_up(error, _UNRECORDED)
            return {}

    def _with_past(
        self,
        briefs: Iterable[Brief],
        states: Mapping[str, DepartmentState],
        last: Mapping[str, DepartmentState],
    ) -> list[Brief]:
        """The briefs with their pasts; none where the ledger failed meanwhile."""
        if self.ledger is None:
            return [replace(brief, history=None) for brief in briefs]
        likened = {name for name, match in self.predecessors.items() if not match.exact}
        return [
            replace(
                brief,
                history=replace(
                    brief.history,
                    past=states.get(brief.department),
                    last_year=last.get(brief.department),
                    likened=brief.department in likened,
                ),
            )
            if brief.history
            else brief
            for brief in briefs
        ]

    def prepare(self, manifest: str, results: Mapping[str, Callable[[], bytes]], files: int) -> None:
        """Write the run before its results are put in place; `results` give, by department, its packed state.

        Departments of which something is new add a state, and those that sent something and no longer do.
        """
        if self.ledger is None:
            return
        round_ = self.folder.round
        try:
            states = [*self._new_states(results), *self._withdrawn(results)]
            run = RunRecord(
                str(self.place.final),
                self.now.isoformat(),
                self.folder.rules.digest,
                version("jixiao"),
                files,
            )
            self.run = self.ledger.prepare(
                self.key, round_.scheme.id, round_.scheme.title, run, manifest, states
            )
        except LedgerError as error:
            self._give_up(error, _UNRECORDED)

    def _new_states(self, results: Mapping[str, Callable[[], bytes]]) -> list[DepartmentState]:
        found: list[DepartmentState] = []
        for name, history in self.fresh.items():
            packed = results[name]() if name in results else b""
            state = pickle.loads(packed) if packed else None  # noqa: S301 our own, from our own store
            if isinstance(state, DepartmentState):
                found.append(replace(state, key=self.bases[name], chain=history.chain))
        return found

    def _withdrawn(self, results: Mapping[str, object]) -> list[DepartmentState]:
        """States of departments that sent something before and of which nothing is there any more."""
        gone = [name for name, mark in self.marks.items() if name not in results and mark.status != WITHDRAWN]
        return [
            replace(
                state,
                key="",
                chain="",
                progress=replace(
                    Progress(name, WITHDRAWN),
                    times=state.progress.times,
                    received=state.progress.received,
                    mended=state.progress.mended,
                ),
                forms=(),
                findings=tuple(
                    replace(each, fate=Fate.DROPPED, note=say("该部门已没有报送件"))
                    for each in state.findings
                    if not each.fate.is_closed
                ),
            )
            for name, state in self._states(gone).items()
        ]

    def confirm(self) -> None:
        """Let the run count: its results are in place."""
        if self.ledger is not None and self.run is not None:
            try:
                self.ledger.confirm(self.run)
            except LedgerError as error:
                self._give_up(error, _LATER)

    def discard(self) -> None:
        """Forget the run: its results could not be put in place."""
        if self.ledger is not None and self.run is not None:
            try:
                self.ledger.discard(self.run)
            except LedgerError as error:
                self._give_up(error, "")

    def _give_up(self, error: LedgerError, said: str) -> None:
        _LOG.warning("%s", error)
        self.notes.append(f"{error}{said}")
        self.ledger = None


def _without_ledger(opinions: Opinions, department: str) -> History | None:
    """The officers' words as the last results and the officers themselves have them."""
    words, pinned = opinions.all_of(department), opinions.pinned.get(department, {})
    if not words and not pinned:
        return None
    chain = key_of(sorted(words.items()), sorted(pinned.items()))
    kept = {name: opinion for name, opinion in words.items() if opinion != NO_OPINION}
    return History(chain=chain, opinions=kept, pinned=pinned, kept=False)
