"""What reports know of a department: facts for the round's report, figures with their cells for its own."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.findings import Disputes
from jixiao.consolidation.ranking import main_losses, rank_department
from jixiao.consolidation.submissions import department_status
from jixiao.consolidation.totals import funds
from jixiao.domain.amounts import plain, show
from jixiao.domain.cells import compact_positions
from jixiao.domain.documents import Paragraph, doubt
from jixiao.domain.findings import Severity
from jixiao.domain.forms import ValueKind
from jixiao.domain.spoken import one_line
from jixiao.domain.submissions import State, Status
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.cells import CellRef, Position
    from jixiao.domain.documents import FigureSource
    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry

_LONGEST = 90
"""Characters of an example."""
_TOLD = (Severity.BLOCKING, Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project with a form of its own; amounts in 万元, None where not known."""

    name: str
    budget: Decimal | None
    executed: Decimal | None


@dataclass(frozen=True, slots=True)
class Problem:
    """How often a department has findings of one code, and what the first of them says."""

    code: str
    severity: Severity
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentFacts:
    """A department in the round's report.

    `score` is the accepted one, of a department with forms of projects alone what these come to
    (`has_overall` False): it is ranked only where nobody has more. `status` is what it has to do next.
    """

    department: str
    status: str
    has_overall: bool
    sent: bool
    forms: int
    due: int
    missing: int
    late: int
    score: Decimal | None
    self_score: Decimal | None
    verified_share: Decimal | None
    budget: Decimal | None
    executed: Decimal | None
    projects: tuple[ProjectFacts, ...]
    losses: str
    mend: int
    verify: int
    problems: tuple[Problem, ...]
    remark: str


def department_facts(dossier: Dossier, scheme: Scheme) -> DepartmentFacts:
    """What the round's report says of one department, out of nothing but its own dossier."""
    ranked = rank_department(dossier, scheme)
    owed = [record for record in dossier.filings if record.due]
    current = [each for each in dossier.statuses.values() if each is not Status.SUPERSEDED]
    return DepartmentFacts(
        department=one_line(shown_department(dossier.department)),
        status=department_status(dossier).text,
        has_overall=dossier.overall is not None,
        sent=bool(dossier.submissions),
        forms=len(current),
        due=sum(record.due for record in owed),
        missing=dossier.missing,
        late=sum(len(record.late) for record in owed),
        score=ranked.accepted_score,
        self_score=ranked.self_score,
        verified_share=ranked.verified_share,
        budget=ranked.annual_budget,
        executed=ranked.executed,
        projects=tuple(
            ProjectFacts(one_line(card.submission.project), *funds(card)) for card in dossier.projects
        ),
        losses=one_line(main_losses(dossier)),
        mend=dossier.mend,
        verify=dossier.count(Severity.WARNING),
        problems=tuple(_problems(dossier)),
        remark=one_line(ranked.remark),
    )


def _problems(dossier: Dossier) -> Iterator[Problem]:
    told = [each for each in dossier.findings if each.severity in _TOLD and not each.excused]
    counts = Counter(each.code for each in told)
    firsts = {each.code: each for each in reversed(told)}
    for code, count in sorted(counts.items()):
        first = firsts[code]
        yield Problem(code, first.severity, count, _short(one_line(first.message)))


def _short(text: str) -> str:
    """As much as a table of examples has room for; the whole stands in the feedback."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class Known(NamedTuple):
    """A figure as a sentence prints it; "" where a dash says that there is nothing."""

    text: str
    refs: tuple[CellRef, ...]
    nothing: bool = False
    """A dash, or 0."""


class Figures:
    """What a department's forms and measures give to the figures of a report layout."""

    def __init__(self, dossier: Dossier, evaluation: Evaluation, sources: Mapping[str, FigureSource]) -> None:
        """Of the forms that count, not of those that newer ones replace."""
        self._scheme = evaluation.round.scheme
        self._forms = [form for layout in self._scheme.forms for form in dossier.current(layout.id)]
        own = (each for each in evaluation.measures if each.department == dossier.department)
        self._measures = {each.measure.id: each for each in own if not each.project}
        self._sources = sources

    def known(self, name: str) -> Known | None:
        """The figure of that name; None where nobody knows it."""
        source = self._sources[name]
        if source.measure:
            return _of_measure(self._measures.get(source.measure))
        found = (self._at(place) for place in source.places)
        return next((each for each in found if each), None)

    def _at(self, place: FormAddress) -> Known | None:
        """The one cell there; two forms of a kind are none to choose from."""
        entry = place.entry(self._forms)
        if entry is None:
            return None
        if entry.state is State.DASH:
            return Known("", (entry.ref,), nothing=True)
        if entry.value is None:
            return None
        kind = place.address.kind(self._scheme.form(place.form))
        return Known(printed(entry, kind), (entry.ref,), nothing=entry.value == 0)


def _of_measure(measured: MeasuredValue | None) -> Known | None:
    if measured is None or not measured.value:
        return None
    return Known(show(measured.value, measured.measure.places), measured.refs)


def printed(entry: Entry | None, kind: ValueKind) -> str:
    """A cell as tables of a report print it: figures alike whatever the department typed, a dash as one."""
    if entry is None or entry.state is State.BLANK:
        return ""
    if entry.state is State.DASH:
        return "—"
    if entry.value is None or kind is ValueKind.TEXT:
        return one_line(entry.text)
    return plain(entry.value) if kind is ValueKind.NUMBER else show(entry.value)


def sources(refs: Iterable[CellRef]) -> str:
    """自评表.xlsx › 附件2!E5:F5、附件1!B4；…: the cells by file and sheet, "" without any."""
    distinct = tuple(dict.fromkeys(refs))
    if len(distinct) == 1:
        (ref,) = distinct
        return f"{ref.file.rpartition('/')[2]} › {ref.sheet}!{ref.a1}"
    places: dict[str, dict[str, list[Position]]] = defaultdict(lambda: defaultdict(list))
    for ref in distinct:
        places[ref.file][ref.sheet].append((ref.row, ref.column))
    return say("；").join(
        f"{file.rpartition('/')[2]} › " + say("、").join(itertools.starmap(_on_sheet, sheets.items()))
        for file, sheets in places.items()
    )


def _on_sheet(sheet: str, cells: Sequence[Position]) -> str:
    return f"{sheet}!{_compact(tuple(cells))}"


@lru_cache(maxsize=2048)
def _compact(cells: tuple[Position, ...]) -> str:
    """Cells as ranges; departments fill in the same forms, so the same cells come again."""
    return say("、").join(compact_positions(cells))


class Doubts:
    """What the findings of a department dispute, as remarks beside its figures."""

    def __init__(self, findings: Iterable[ReportedFinding]) -> None:
        """Of one department, worst first; what the finance department has waived disputes nothing."""
        self._disputes = Disputes(finding for finding in findings if not finding.excused)

    def about(self, refs: Iterable[CellRef]) -> Iterator[Paragraph]:
        """One paragraph with all that is disputed among the cells, none where nothing is."""
        found = dict.fromkeys(
            (finding.finding_id, _said(finding)) for _, finding in self._disputes.about(refs)
        )
        if found:
            yield Paragraph((doubt(say("；").join(said for _, said in found)),))


def _said(finding: ReportedFinding) -> str:
    place = say("《{sheet}》{cell}", sheet=finding.sheet, cell=finding.cell) if finding.sheet else ""
    if finding.expected and finding.reported:
        said = say(
            "{place}“{label}”填报 {reported}，应为 {expected}",
            place=place,
            label=finding.label,
            reported=finding.reported,
            expected=finding.expected,
        )
    else:
        said = f"{place} {finding.statement}".strip().rstrip("。")
    return one_line(say("{said}（见审核意见 {finding_id}）", said=said, finding_id=finding.finding_id))
