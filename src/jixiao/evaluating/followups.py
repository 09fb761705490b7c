"""What became of a department's findings: matched with those of before by what they mean, and with decisions.

Nothing here knows a clock: when things were seen stands in the history that is handed in. What is evaluated
again without anything new having been sent comes out as it was.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from jixiao.consolidation.ranking import rank_department
from jixiao.domain.cells import CellRef, position_of
from jixiao.domain.findings import Place, Severity, declare
from jixiao.domain.followups import (
    NO_OPINION,
    DepartmentState,
    Excuse,
    Fate,
    FiledForm,
    Opinion,
    Progress,
    Traced,
)
from jixiao.domain.submissions import Status, addressed, figure_value
from jixiao.domain.text_keys import compact, label_key
from jixiao.evaluating.files import content_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.findings import Finding
    from jixiao.domain.followups import History
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Entry, Indicator, Submission

WAIVER_IDLE = declare("P117", "detail")

RETURNING = frozenset({Severity.BLOCKING, Severity.ERROR})

Subject = tuple[str, str]
"""A form and its project."""

_ACCEPTED = "accepted:"


def decision(text: str, lexicon: Lexicon) -> bool | None:
    """Whether an officer's word accepts a finding as it is; None where it says neither, or nothing.

    The word may stand first, with more after a mark: 接受，情况属实.
    """
    said = compact(text)
    for words, meaning in ((lexicon.refusing, False), (lexicon.accepting, True)):
        for word in words:
            rest = said.removeprefix(word)
            if rest != said and (not rest or not rest[0].isalnum()):
                return meaning
    return None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a department has sent by now, beside what it had sent before.

    `new` are hashes that never came before; `same`: the very same files lie there. `contents` are the forms
    that count by what they say.
    """

    hashes: frozenset[str]
    new: frozenset[str]
    contents: Mapping[Subject, frozenset[str]]
    same: bool
    unchanged: bool

    @classmethod
    def of(
        cls, current: Iterable[Submission], hashes: frozenset[str], past: DepartmentState | None
    ) -> Delivery:
        """Compare the forms that count, and the hashes of all files, with the state before."""
        if past is None:
            return cls(hashes, hashes, {}, same=False, unchanged=False)
        contents: dict[Subject, set[str]] = defaultdict(set)
        for form in current:
            contents[form.form, form.project].add(content_of(form).whole)
        now = {subject: frozenset(found) for subject, found in contents.items()}
        before = _contents(past)
        new = hashes - set(past.seen)
        same = hashes == {each.sha256 for each in past.forms}
        return cls(hashes, new, now, same=same, unchanged=bool(new) and now == before)

    def says_the_same(self, past: DepartmentState, subject: Subject) -> bool:
        """Whether one form, or with ("", "") the whole of them, says what it said before."""
        before = _contents(past)
        return (
            self.contents == before
            if subject == ("", "")
            else (self.contents.get(subject) == before.get(subject))
        )


def _contents(past: DepartmentState) -> dict[Subject, frozenset[str]]:
    found: dict[Subject, set[str]] = defaultdict(set)
    for each in past.forms:
        if each.status != "superseded":
            found[each.form, each.project].add(each.content)
    return {subject: frozenset(contents) for subject, contents in found.items()}


class Follower:
    """Follows the findings of one department through what it sent and what was decided."""

    def __init__(
        self,
        current: Sequence[Submission],
        delivery: Delivery,
        history: History,
        excuses: Sequence[Excuse],
        lexicon: Lexicon,
    ) -> None:
        """`current` are the forms that count."""
        self._delivery, self._history, self._excuses, self._lexicon = delivery, history, excuses, lexicon
        past = history.past.findings if history.past else ()
        mended = {Fate.MENDED, Fate.MENDED_AS_ASKED}
        self._mended = frozenset(each.root for each in past if each.fate in mended)
        self._current = current

    @cached_property
    def _cells(self) -> dict[Subject, dict[str, Entry]]:
        """What the cells of each form hold, of several alike those of the first."""
        cells: dict[Subject, dict[str, Entry]] = {}
        for form in reversed(self._current):
            cells[form.form, form.project] = addressed(form)
        return cells

    @cached_property
    def _addresses(self) -> dict[CellRef, str]:
        """What stands in each cell, of several things the first: asked for only where something was found."""
        return {
            entry.ref: address
            for form in reversed(self._current)
            for address, entry in reversed(addressed(form).items())
        }

    def _address(self, found: ReportedFinding) -> str:
        """What stands in a finding's cell."""
        at = position_of(found.cell)
        return self._addresses.get(CellRef(found.file, found.sheet, *at), "") if at else ""

    def follow(
        self, found: Sequence[ReportedFinding]
    ) -> tuple[tuple[ReportedFinding, ...], tuple[Traced, ...]]:
        """The findings with their traces, and those of before that are gone."""
        past = self._history.past
        before = [each for each in past.findings if not each.fate.is_closed] if past else []
        matched = dict(match_findings(found, before))
        traced = tuple(replace(each, trace=self._trace(each, matched.get(each.finding_id))) for each in found)
        taken = {old.finding_id for old in matched.values()}
        gone = [self._gone(past, old) for old in before if past and old.finding_id not in taken]
        if past and self._delivery.same:
            gone = [*(each for each in past.findings if each.fate.is_closed), *gone]
        return traced, tuple(gone)

    def idle(self, found: Sequence[ReportedFinding]) -> tuple[Excuse, ...]:
        """The waivers that are meant for none of the findings; nobody can tell before anything was sent."""
        if not self._current:
            return ()
        return tuple(each for each in self._excuses if not any(_is_meant(each, one) for one in found))

    def _trace(self, found: ReportedFinding, old: Traced | None) -> Traced:
        opinion = self._opinion(found, old)
        explanation = found.reply or (old.explanation if old and old.figures == found.figures else "")
        trace = Traced(
            **{name: getattr(found, name) for name in _SHARED},
            severity=found.severity.value,
            address=self._address(found),
            fate=self._fate(old, found),
            since=old.since if old else self._history.at,
            opinion=opinion,
            explanation=explanation,
        )
        excuse = self._waiver(found) or self._acceptance(found, opinion, old)
        return self._excused(trace, excuse, old) if excuse else trace

    def _fate(self, old: Traced | None, found: ReportedFinding) -> Fate:
        if old is None:
            return Fate.RECURRED if found.root in self._mended else Fate.NEW
        if self._delivery.same and old.fate in {Fate.NEW, Fate.STANDS, Fate.RECURRED}:
            return old.fate
        return Fate.STANDS

    def _opinion(self, found: ReportedFinding, old: Traced | None) -> Opinion:
        """What an officer last wrote beside it, under the name that it had then."""
        written = self._history.opinions
        if old is None:
            # Without a ledger the name is all there is; with one a finding that nothing matches is another.
            return NO_OPINION if self._history.past else written.get(found.finding_id, NO_OPINION)
        return written.get(old.finding_id, old.opinion)

    def _waiver(self, found: ReportedFinding) -> Excuse | None:
        meant = [each for each in self._excuses if _is_meant(each, found)]
        holding = (each for each in meant if each.kind is Fate.WAIVED)
        return next(holding, meant[0] if meant else None)

    def _acceptance(self, found: ReportedFinding, opinion: Opinion, old: Traced | None) -> Excuse | None:
        """An officer's acceptance; it is for the figures that stood there when it was written."""
        if decision(opinion.text, self._lexicon) is not True:
            return None
        key = _ACCEPTED + "|".join(opinion)
        said = say("，").join(filter(None, (opinion.officer, opinion.decided)))
        note = say("经办意见：{text}", text=opinion.text) + (say("（{said}）", said=said) if said else "")
        anew = old is not None and old.finding_id in self._history.opinions
        figures = old.figures if old and anew else None
        return Excuse(Fate.EXPLAINED, key, note, finding_id=found.finding_id, figures=figures)

    def _excused(self, trace: Traced, excuse: Excuse, old: Traced | None) -> Traced:
        """The trace with a decision: it holds for the figures that it was given for, and for these alone."""
        pinned = self._history.pinned.get(trace.finding_id, trace.figures)
        if old is not None and old.excuse == excuse.key:
            pinned = old.pinned
        elif excuse.figures is not None:
            pinned = excuse.figures
        own = replace(trace, excuse=excuse.key, pinned=pinned, note=excuse.note)
        if excuse.kind is Fate.EXPIRED:
            return replace(own, fate=Fate.EXPIRED)
        if pinned != trace.figures:
            return replace(
                own, fate=Fate.EXPIRED, note=say("{note}；有关数字此后已变，不再适用", note=excuse.note)
            )
        return replace(own, fate=excuse.kind)

    def _gone(self, past: DepartmentState | None, old: Traced) -> Traced:
        """What became of a finding that is no longer there."""
        subject = (old.form, old.project)
        cells = self._cells.get(subject)
        if old.form and cells is None:
            return replace(old, fate=Fate.DROPPED, note=say("这张表已不在报送件中"))
        if past and (self._delivery.same or self._delivery.says_the_same(past, subject)):
            others = "" if self._delivery.says_the_same(past, ("", "")) else say("，由其他表的改动而消除")
            return replace(
                old,
                fate=Fate.DROPPED,
                note=say("这张表没有改动{others}", others=others or say("，按现在的规则和底册不再提出")),
            )
        entry = cells.get(old.address) if cells and old.address else None
        now = entry.text if entry else ""
        as_asked = entry is not None and _is_asked(old.expected, entry)
        return replace(old, fate=Fate.MENDED_AS_ASKED if as_asked else Fate.MENDED, now=now, note="")


_SHARED = (
    *("finding_id", "root", "code", "form", "project", "file", "sheet", "cell", "label"),
    *("reported", "expected", "figures", "statement"),
)


def match_findings(
    found: Sequence[ReportedFinding], before: Sequence[Traced]
) -> Iterator[tuple[str, Traced]]:
    """By the name that each has now, the finding of before that it is.

    Among those that mean the same: first with the same figures, then at the same place on the form, then in
    the order of the form. Rows that moved and other numbers of alike findings change nothing.
    """
    new: dict[str, list[ReportedFinding]] = defaultdict(list)
    old: dict[str, list[Traced]] = defaultdict(list)
    for each in found:
        new[each.root].append(each)
    for known in before:
        old[known.root].append(known)
    for root, candidates in old.items():
        rest = list(new.get(root, ()))
        for alike in (_same_figures, _same_name, _any):
            for known in list(candidates):
                if found_again := next((each for each in rest if alike(each, known)), None):
                    yield found_again.finding_id, known
                    rest.remove(found_again)
                    candidates.remove(known)


def _same_figures(found: ReportedFinding, known: Traced) -> bool:
    return found.figures == known.figures


def _same_name(found: ReportedFinding, known: Traced) -> bool:
    return found.finding_id == known.finding_id


def _any(_found: ReportedFinding, _known: Traced) -> bool:
    return True


def _is_meant(excuse: Excuse, found: ReportedFinding) -> bool:
    """Whether a decision is for this finding: by its name, or by code and cell or label."""
    if excuse.finding_id:
        return excuse.finding_id == found.finding_id
    if excuse.code != found.code:
        return False
    if excuse.cell:
        return found.cell == excuse.cell and not found.cells and excuse.sheet in {"", found.sheet}
    return bool(excuse.label) and excuse.label in {label_key(found.label), *_names(found.label)}


def tell_idle(excuses: Iterable[Excuse]) -> Iterator[Finding]:
    """P117: waivers that no finding of their department is meant by, each at its row."""
    for each in excuses:
        before = say("{note}；", note=each.note) if each.kind is Fate.EXPIRED else ""
        what = say("代码、单元格或指标写得不对，或者问题已经改正")
        detail = say(
            "{before}没有对上“{department}”的任何一条审核发现（{what}）",
            before=before,
            department=each.department,
            what=what,
        )
        yield WAIVER_IDLE.finding(each.place or Place(""), label=each.department, figures={"detail": detail})


def tell_strangers(excuses: Iterable[Excuse]) -> Iterator[Finding]:
    """P117: waivers for departments that neither sent anything nor stand on the roster."""
    for each in excuses:
        detail = say("“{department}”没有报送，也不在名册中，这一行没有起作用", department=each.department)
        yield WAIVER_IDLE.finding(each.owner or Place(""), label=each.department, figures={"detail": detail})


def _names(label: str) -> set[str]:
    """The parts of a label that names a row and its column: 年度资金总额·执行率."""
    return {label_key(part) for part in label.split("·")} if "·" in label else set()


def _is_asked(expected: str, entry: Entry) -> bool:
    """Whether a cell holds what was asked for, as a number or word for word."""
    if not expected:
        return False
    wanted = figure_value(expected)
    if wanted is not None and entry.value is not None:
        return bool(wanted == entry.value)
    return compact(expected) == compact(entry.text)


def progress_of(
    dossier: Dossier, gone: Iterable[Traced], delivery: Delivery, history: History, scheme: Scheme
) -> Progress:
    """How far a department is, after what it sent now."""
    past = history.past.progress if history.past else Progress(dossier.department, "")
    ranked = rank_department(dossier, scheme)
    mended = sum(each.fate in {Fate.MENDED, Fate.MENDED_AS_ASKED} for each in gone)
    fresh = sum(
        each.trace is not None and each.trace.fate is Fate.NEW and bool(each.file)
        for each in dossier.findings
        if each.severity in RETURNING
    )
    return Progress(
        department=dossier.department,
        status=_status(dossier),
        times=past.times + bool(delivery.new),
        received=history.at if delivery.new else past.received,
        returned=(past.returned or history.at) if dossier.mend else "",
        mended=past.mended + (0 if delivery.same else mended),
        open=dossier.mend,
        fresh=fresh,
        excused=sum(each.excused for each in dossier.findings),
        doubts=dossier.count(Severity.WARNING),
        unchanged=past.unchanged if delivery.same else delivery.unchanged,
        forms=sum(status is not Status.SUPERSEDED for status in dossier.statuses.values()),
        missing=dossier.missing,
        score=_plain(ranked.accepted_score),
        grade=ranked.grade,
        budget=_plain(ranked.annual_budget),
        executed=_plain(ranked.executed),
    )


def _status(dossier: Dossier) -> str:
    if not dossier.submissions:
        return "missing"
    if dossier.unevaluated:
        return Status.UNEVALUATED.value
    if dossier.returned:
        return Status.RETURNED.value
    return "incomplete" if dossier.missing else Status.ACCEPTED.value


def state_of(evaluation: Evaluation, department: str) -> DepartmentState:
    """What the ledger keeps of one department's evaluation; who writes it names what it was made from."""
    traces = [each.trace for each in evaluation.findings if each.trace]
    cards = {card.submission.submission_id: card for card in evaluation.cards}
    return DepartmentState(
        key="",
        chain="",
        progress=evaluation.followup.progress[department],
        seen=evaluation.followup.seen.get(department, ()),
        forms=tuple(
            _filed(each, evaluation.statuses[each.submission_id], cards.get(each.submission_id))
            for each in evaluation.submissions
        ),
        findings=(*traces, *evaluation.followup.closed.get(department, ())),
    )


def _filed(form: Submission, status: Status, card: ScoreCard | None) -> FiledForm:
    total = card.total if card else None
    figures = {
        address: (str(entry.value), entry.ref.a1)
        for address, entry in addressed(form).items()
        if entry.value is not None and not address.startswith("indicators.")
    }
    return FiledForm(
        *(form.form, form.project, form.scope.value, form.file, form.sheet, form.sha256),
        *(content_of(form).whole, status.value),
        self_score=_plain(total.self_score if total else None),
        computed_score=_plain(total.computed_score if total else None),
        accepted_score=_plain(total.accepted_score if total else None),
        grade=card.computed_grade if card else "",
        figures=figures,
        indicators={each.name: _texts(each) for each in form.indicators if each.name},
    )


def _plain(figure: Decimal | None) -> str:
    """Exact text, "" for what is not known."""
    return "" if figure is None else str(figure)


def _texts(indicator: Indicator) -> dict[str, str]:
    kept = {name: entry.text for name, entry in indicator.entries.items() if entry.text and name != "reason"}
    return {"level1": indicator.level1, "cell": indicator.ref.a1, **kept}
