"""A department's self-evaluation report: the skeleton in chapters, with its figures and with marked gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import shown_department
from jixiao.domain.amounts import show
from jixiao.domain.documents import Chapter, Document, Heading, Paragraph, PartKind, Run, doubt, gap
from jixiao.domain.forms import Scope
from jixiao.domain.spoken import PLACEHOLDER, MissingValueError, fill, numeral, one_line, settled
from jixiao.language import say
from jixiao.reports.built_parts import BUILDERS, Subject, table_of
from jixiao.reports.figures import Doubts, Figures, sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.cells import CellRef
    from jixiao.domain.documents import Block, Part, ReportLayout, Section
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import Entry


def department_report(evaluation: Evaluation, layout: ReportLayout) -> Document | None:
    """The report of a department out of its own evaluation; None where it sent nothing or was not evaluated.

    Nothing in it is made up: sentences stand where their figures are known, all else is a marked gap, and
    what a finding disputes is said beside it.
    """
    dossiers = [each for each in gather_dossiers(evaluation) if each.submissions and not each.unevaluated]
    return _Writer(Subject(dossiers[0], evaluation), layout).document() if len(dossiers) == 1 else None


VALUES = (say("部门"), say("年度"), say("批次"), say("方案"), say("得分"), say("等级"))
"""What a template of a department's report may print by name."""


class _Writer:
    """Writes one report."""

    def __init__(self, subject: Subject, layout: ReportLayout) -> None:
        self._subject, self._layout = subject, layout
        dossier, round_ = subject.dossier, subject.evaluation.round
        self._figures = Figures(dossier, subject.evaluation, layout.figures)
        self._doubts = Doubts(dossier.findings)
        self._values = {
            "year": str(round_.year),
            "last_year": str(round_.year - 1),
            "department": one_line(shown_department(dossier.department)),
        }

    def document(self) -> Document:
        chapters = [Chapter("", (*self._verdict(), *self._parts(self._layout.opening)))]
        for number, (title, sections) in enumerate(self._layout.chapters, start=1):
            head = Heading(1, say("{number}、{title}", number=numeral(number), title=title))
            chapters.append(Chapter(title, (head, *self._sections(sections))))
        chapters.append(Chapter("", tuple(self._parts(self._layout.closing))))
        titles = self._layout.title, self._layout.title_of_projects
        alone = self._subject.overall is None and bool(self._subject.dossier.projects)
        return Document(fill(titles[alone], self._values), tuple(chapters), self._single())

    def _single(self) -> dict[str, str]:
        """What a template may print by name."""
        round_, ranked = self._subject.evaluation.round, self._subject.ranked
        score = ranked.accepted_score
        said = self._values["department"], self._values["year"], one_line(round_.name), round_.scheme.title
        return dict(zip(VALUES, (*said, "" if score is None else show(score), ranked.grade), strict=True))

    def _verdict(self) -> Iterator[Block]:
        """Before anything else: that figures of this very report have to be mended first."""
        if number := self._subject.dossier.mend:
            said = say(
                "报送表中有 {number} 处须修改（见审核意见）；修改后重新报送，再用重新生成的报告",
                number=number,
            )
            yield Paragraph((doubt(said),))

    def _sections(self, sections: Sequence[Section]) -> Iterator[Block]:
        titled = 0
        for section in sections:
            if section.title:
                titled += 1
                yield Heading(2, say("（{titled}）{title}", titled=numeral(titled), title=section.title))
            yield from self._parts(section.parts)

    def _parts(self, parts: Sequence[Part]) -> Iterator[Block]:
        headed = 0
        for part in parts:
            blocks = list(self._part(part))
            if not blocks:
                continue
            if part.heading:
                headed += 1
                yield Heading(3, f"{headed}.{part.heading}")
            yield from blocks

    def _part(self, part: Part) -> Iterator[Block]:
        if part.kind is PartKind.TEXT:
            yield from self._text(part)
            return
        if part.kind is PartKind.QUOTE:
            blocks = list(self._quotes(part))
        elif part.kind is PartKind.TABLE:
            blocks = list(self._tables(part))
        else:
            blocks = list(BUILDERS[part.kind](self._subject, part, self._doubts))
        yield from blocks
        wanted = part.further if blocks else say("；").join(filter(None, (part.wanted, part.further)))
        if wanted:
            yield Paragraph((gap(wanted),))

    def _text(self, part: Part) -> Iterator[Block]:
        """The first sentence of which every figure is known, with what people have to add."""
        deciding = [self._figures.known(name) for name in part.figures]
        if part.nothing and deciding and all(each and each.nothing for each in deciding):
            refs = [ref for each in deciding if each for ref in each.refs]
            yield from self._said(fill(part.nothing, self._values), refs, part.further)
            return
        for template in part.texts:
            names = [each for each in PLACEHOLDER.findall(template) if each not in self._values]
            known = {name: found for name in names if (found := self._figures.known(name)) and found.text}
            values = self._values | {name: found.text for name, found in known.items()}
            try:
                sentence = fill(template, values)
            except MissingValueError:
                continue
            used = PLACEHOLDER.findall(settled(template, values))
            refs = [ref for name in used if name in known for ref in known[name].refs]
            yield from self._said(sentence, refs, part.further)
            return
        if wanted := say("；").join(filter(None, (part.wanted, part.further))):
            yield Paragraph((gap(wanted),))

    def _said(self, sentence: str, refs: Sequence[CellRef], further: str) -> Iterator[Block]:
        runs = (Run(sentence), gap(further)) if further else (Run(sentence),)
        yield Paragraph(runs, sources(refs))
        yield from self._doubts.about(refs)

    def _quotes(self, part: Part) -> Iterator[Block]:
        """The department's own words, of projects under each one's name; of the first kind that has any."""
        for place in part.of:
            found = [
                (form, entry)
                for form in self._subject.dossier.current(place.form)
                if (entry := form.fields.get(place.address.column)) and entry.text.strip()
            ]
            for number, (form, entry) in enumerate(found, start=1):
                if form.scope is Scope.PROJECT:
                    yield Heading(
                        4, say("（{number}）{project}", number=number, project=one_line(form.project))
                    )
                yield from _quoted(entry)
            if found:
                return

    def _tables(self, part: Part) -> Iterator[Block]:
        """The rows of the first table that has figures, with a line on where they stand."""
        for place in part.of:
            for form in self._subject.dossier.current(place.form):
                found = table_of(form, place.address.column, self._subject, part)
                if found:
                    table, refs = found
                    yield table
                    yield from self._doubts.about(refs)
                    return


def _quoted(entry: Entry) -> Iterator[Paragraph]:
    lines = [line for line in map(one_line, entry.text.splitlines()) if line.strip()]
    for number, line in enumerate(lines, start=1):
        yield Paragraph((Run(line.strip()),), sources([entry.ref]) if number == len(lines) else "")
