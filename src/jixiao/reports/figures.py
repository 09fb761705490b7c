"""A department's figures for the sentences of its report, each with its cells, and what disputes them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.findings import Disputes
from jixiao.domain.amounts import plain, show
from jixiao.domain.cells import compact_positions
from jixiao.domain.documents import Paragraph, doubt
from jixiao.domain.forms import ValueKind
from jixiao.domain.spoken import one_line
from jixiao.domain.submissions import State
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.cells import CellRef, Position
    from jixiao.domain.documents import FigureSource
    from jixiao.domain.figure_address import FormAddress
    from jixiao.domain.relations import MeasuredValue
    from jixiao.domain.rounds import Evaluation, ReportedFinding
    from jixiao.domain.submissions import Entry


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
