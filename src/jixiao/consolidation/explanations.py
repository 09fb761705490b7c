"""How a score or a finding came about: its figures, each with its cell, and the rules with their source.

Explanations are values. The terminal, the returned copy and whatever else explains print the same sections.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.ranking import rank_department
from jixiao.consolidation.rules import GRADES, describe_scheme
from jixiao.consolidation.totals import reported_total, total_remark
from jixiao.consolidation.words import (
    EXECUTION,
    SEVERITIES,
    STATUSES,
    VERDICTS,
    component_title,
    form_titles,
)
from jixiao.domain.amounts import show
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import TableKind
from jixiao.domain.spoken import quote, spoken_name
from jixiao.domain.submissions import figure_value
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Wording
    from jixiao.domain.forms import FormLayout, Identity
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Award, Composite, IndicatorScore, ScoreCard
    from jixiao.domain.submissions import Entry, Submission

TOTAL: Final = say("总分")
_UNKNOWN: Final = say("不掌握")
_MOST_LISTED = 30
"""So many findings of a department or form are listed; of more their number."""
_MOST_GIVEN = 60
_ON_SCORES = frozenset("SPQ")
"""Families of findings that speak of how points came about."""
_CONSEQUENTIAL = say("改正此处后，{place}“{label}”相应地应为 {figure}")


class Given(NamedTuple):
    """A figure or text that went in: what it is called, as it is printed, and its cell (None: none)."""

    label: str
    text: str
    ref: CellRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How one score, form, cell or finding came about.

    `ref` is where it stands, `results` what came out, `steps` how, out of `given` and by `rules`; `basis` are
    the sources that the rules name and any further one. `findings` are lines on what was found there.
    """

    subject: str
    ref: CellRef | None = None
    results: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    basis: str = ""
    findings: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What is explained, and where it stands."""
        return (
            say("{subject}　{ref}", subject=self.subject, ref=place_of(self.ref))
            if self.ref
            else self.subject
        )

    @property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """结果, 过程, 数据, 规则, 依据, 发现 with their lines; none that would be empty."""
        sources = [*(each.basis for each in self.rules), self.basis]
        found = (
            (say("结果"), self.results),
            (say("过程"), self.steps),
            (say("数据"), tuple(_given_lines(self.given))),
            (say("规则"), tuple(_rule_line(each) for each in self.rules)),
            (say("依据"), tuple(dict.fromkeys(filter(None, sources)))),
            (say("发现"), self.findings),
        )
        return tuple((title, lines) for title, lines in found if lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The heading and every line, each with the title of its section."""
        return (
            self.heading,
            *(
                say("{title}：{line}", title=title, line=line)
                for title, lines in self.sections
                for line in lines
            ),
        )


def place_of(ref: CellRef) -> str:
    """A cell as one says it: 《附件2》F9."""
    return say("《{sheet}》{a1}", sheet=ref.sheet, a1=ref.a1)


def _given_lines(given: Sequence[Given]) -> Iterator[str]:
    for each in given[:_MOST_GIVEN]:
        where = place_of(each.ref) if each.ref else ""
        yield say("　").join(filter(None, (each.label, each.text, where)))
    if len(given) > _MOST_GIVEN:
        yield say("……共 {count} 个单元格", count=len(given))


def _rule_line(rule: RuleRow) -> str:
    return say("{rule}：{method}", rule=rule.rule, method=rule.method) + (
        say("（{parameters}）", parameters=rule.parameters) if rule.parameters else ""
    )


class Spot(NamedTuple):
    """One cell as it was read: on which form, what it is called there, at which address."""

    form: Submission
    row: str
    title: str
    table: str
    item: str
    column: str
    entry: Entry

    @property
    def address(self) -> FigureAddress:
        """How rules name it."""
        return FigureAddress(self.table, self.item, self.column)

    @property
    def label(self) -> str:
        """Its row and its column, a field's title alone."""
        return "·".join(filter(None, (spoken_name(self.row), self.title)))

    @property
    def given(self) -> Given:
        """What stands there, and what it was taken for where that is another figure."""
        text, value = quote(self.entry.text) or say("（空）"), self.entry.value
        if value is not None and figure_value(self.entry.text.replace("，", ",")) != value:
            text = say("{text}（读作 {value}）", text=text, value=show(value))
        return Given(self.label, text, self.entry.ref)


_Held: TypeAlias = "tuple[Submission, str, str, str, str, str, Entry]"
"""What a `Spot` is made of."""


@dataclass(frozen=True)
class Explainer:
    """Explains everything of one department; what several explanations ask for is worked out once."""

    dossier: Dossier
    scheme: Scheme
    wordings: Mapping[str, Wording]

    @cached_property
    def _cells(self) -> Mapping[CellRef, Sequence[_Held]]:
        """Every cell that was read on the department's forms; a merged one may be several things."""
        found: defaultdict[CellRef, list[_Held]] = defaultdict(list)
        for form in self.dossier.submissions:
            _index(form, self.scheme.form(form.form), found)
        return found

    def spots(self, ref: CellRef) -> Sequence[Spot]:
        """What was read in a cell: few are asked for of the hundreds that there are."""
        return [Spot(*each) for each in self._cells.get(ref, ())]

    @cached_property
    def _rules(self) -> Mapping[str, RuleRow]:
        return {row.id: row for row in describe_scheme(self.scheme)}

    def form_name(self, form: Submission) -> str:
        """A project's name, or what the form is called."""
        return form.project or form_titles(self.scheme).get(form.form, form.form)

    def card(self, form: Submission) -> ScoreCard | None:
        """The form's scores; None where it has none."""
        cards = (each for each in self.dossier.cards if each.submission.submission_id == form.submission_id)
        return next(cards, None)

    def department(self) -> Explanation:
        """The department's score, by what it is formed, and what was found in all."""
        ranked, composite = rank_department(self.dossier, self.scheme), self.dossier.composite
        scores = (ranked.self_score, ranked.computed_score, ranked.accepted_score)
        steps = tuple(composite_steps(composite)) if composite else (self._stands_for(),)
        grade = say("，{grade}", grade=ranked.grade) if ranked.grade else ""
        return replace(
            self.composite(),
            results=(_scores(*scores) + grade, *filter(None, (ranked.remark,))),
            steps=(*steps, *(self._form_line(each) for each in self.dossier.submissions)),
            findings=tuple(self._short(self.dossier.findings)),
        )

    def composite(self) -> Explanation:
        """What the department's score is formed of, and by which rules."""
        composite = self.dossier.composite
        rule = self.scheme.composite.id if self.scheme.composite and composite else ""
        return Explanation(
            subject=shown_department(self.dossier.department),
            given=tuple(self._funds()) if composite else (),
            rules=self._named((rule, GRADES)),
        )

    def form(self, form: Submission) -> Explanation:
        """A form's total: its parts, each indicator's points, the grade; without scores its findings."""
        card = self.card(form)
        refs = {ref for ref, held in self._cells.items() if any(each[0] is form for each in held)}
        status = STATUSES[self.dossier.statuses[form.submission_id]].text
        found = tuple(self._short(each for each in self.dossier.findings if self._concerns(each, form, refs)))
        if card is None:
            return Explanation(
                subject=self.form_name(form), ref=form.title, results=(status,), findings=found
            )
        total, remark = card.total, total_remark(card, self.scheme)
        scores = _scores(reported_total(card), total.computed_score, total.accepted_score, total.weight)
        printed = [entry for name in ("total_score", "grade") if (entry := form.fields.get(name))]
        shown = {entry.ref for entry in (*form.total.values(), *printed)}
        grade = say(
            "自评等级 {self_grade}，核算等级 {computed_grade}",
            self_grade=card.self_grade or say("未填"),
            computed_grade=card.computed_grade or say("不能确定"),
        )
        return Explanation(
            subject=f"{self.form_name(form)}·{TOTAL}",
            ref=form.title,
            results=(status, scores, grade, *filter(None, (remark,))),
            steps=tuple(_part_lines(card)),
            given=tuple(spot.given for ref in shown for spot in self.spots(ref) if spot.form is form),
            rules=self._named((f"weights.{form.scope.value}", GRADES)),
            findings=found,
        )

    def execution(self, card: ScoreCard, *, brief: bool = False) -> Explanation | None:
        """The points for execution, where `brief` without figures and rules; None where the form has none."""
        if card.execution is None:
            return None
        line, award = card.execution.line, card.execution.award
        base = self.scheme.form(card.submission.form).budget_column(line)
        columns = (base, "executed", "execution_rate", "weight", "self_score")
        cells = [line.entries[name].ref for name in columns if name in line.entries]
        return self._score(
            f"{self.form_name(card.submission)}·{EXECUTION}",
            card.submission,
            award,
            (line.value("weight"), line.value("self_score")),
            cells,
            brief=brief,
        )

    def indicator(self, card: ScoreCard, scored: IndicatorScore) -> Explanation:
        """The points of one indicator; of several that share a weight, theirs together."""
        indicator = scored.indicator
        stake = next(each for each in card.all_stakes if scored in each.scored)
        columns = ("target", "actual", "weight", "self_score", "reason")
        evidence = scored.evidence
        further = [each for each in ((evidence.of, evidence.base) if evidence else ()) if each]
        cells = [indicator.entries[name].ref for name in columns if name in indicator.entries]
        verdict = VERDICTS[scored.comparison.verdict]
        told = self._score(
            f"{self.form_name(card.submission)}·{indicator.name}",
            card.submission,
            scored.award,
            (stake.weight, stake.self_score),
            [*cells, *(each.ref for each in further)],
            (say("对照目标：{verdict}", verdict=verdict if isinstance(verdict, str) else verdict.text),),
        )
        shared = say("、").join(each.indicator.name for each in stake.scored)
        together = (
            (say("与同一分值的各项合并计分：{shared}", shared=shared),) if len(stake.scored) > 1 else ()
        )
        return replace(told, steps=(*told.steps, *together))

    def finding(self, finding: ReportedFinding) -> Explanation:
        """What was found, out of which cells, by which rule, and why it is as bad as it is."""
        wording = self.wordings[finding.code]
        refs = [ref for ref in finding.evidence if ref in self._cells]
        forms = {spot.form.submission_id: spot.form for ref in refs for spot in self.spots(ref)}
        scored = self._award_rules(refs) if finding.code[0] in _ON_SCORES else ()
        identities = (rule for form in forms.values() for rule in self._holding(form, refs))
        own = self.scheme.severities.get(finding.code, wording.severity)
        return Explanation(
            subject=say("{title}（{finding_id}）", title=wording.title, finding_id=finding.finding_id),
            ref=finding.evidence[0] if finding.evidence else None,
            results=(
                say("{text}：{message}", text=SEVERITIES[finding.severity].text, message=finding.message),
                finding.suggestion,
            ),
            steps=tuple(_consequences(finding, own is not finding.severity)),
            given=tuple(dict.fromkeys(self._given(finding.evidence))),
            rules=self._named([*scored, *identities]),
            basis=wording.basis,
        )

    def cell(self, ref: CellRef) -> Iterator[Explanation]:
        """What stands in a cell, the scores that it is part of, and the findings at it or resting on it."""
        spots = self.spots(ref)
        forms = {spot.form.submission_id: spot.form for spot in spots}
        found = [each for each in self.dossier.findings if _rests_on(each, {ref})]
        if spots:
            holding = [rule for form in forms.values() for rule in self._holding(form, (ref,))]
            yield Explanation(
                subject=say("、").join(dict.fromkeys(spot.label for spot in spots)),
                ref=ref,
                given=tuple(spot.given for spot in spots),
                rules=self._named(holding),
                findings=() if found else (say("没有问题"),),
            )
        for form in forms.values():
            yield from self._scores_with(form, ref)
        yield from map(self.finding, found)

    def _scores_with(self, form: Submission, ref: CellRef) -> Iterator[Explanation]:
        card = self.card(form)
        if card is None:
            return
        execution = self.execution(card)
        if execution and ref in {each.ref for each in execution.given}:
            yield execution
        for scored in card.indicators:
            if ref in {entry.ref for entry in scored.indicator.entries.values()}:
                yield self.indicator(card, scored)
        if ref in {entry.ref for entry in (*form.total.values(), *form.fields.values())} and card.is_scored:
            told = self.form(form)
            if ref in {each.ref for each in told.given}:
                yield told

    def _score(  # noqa: PLR0913, PLR0917 all that there is to one score
        self,
        subject: str,
        form: Submission,
        award: Award,
        points: tuple[Decimal | None, Decimal | None],
        cells: Sequence[CellRef],
        before: tuple[str, ...] = (),
        *,
        brief: bool = False,
    ) -> Explanation:
        weight, claimed = points
        spots = [spot for ref in dict.fromkeys(cells) for spot in self.spots(ref)]
        found = [each for each in self.dossier.findings if _rests_on(each, set(cells))]
        accepted = award.accepted(claimed)
        own = [spot for spot in spots if spot.column == "self_score" and spot.form is form]
        return Explanation(
            subject=subject,
            ref=own[0].entry.ref if own else next(iter(cells), None),
            results=(
                _scores(claimed, award.score, accepted, weight),
                _standing(award, claimed),
            ),
            steps=(*before, *filter(None, (award.derivation,))),
            given=() if brief else tuple(dict.fromkeys(spot.given for spot in spots)),
            rules=() if brief else self._named((award.rule,)),
            findings=tuple(map(_in_full, found)),
        )

    def _given(self, refs: Iterable[CellRef]) -> Iterator[Given]:
        """What stands in cells; of those that are on no form of the department only where they are."""
        for ref in refs:
            spots = self.spots(ref)
            yield from (spot.given for spot in spots)
            if not spots:
                yield Given(ref.file.rpartition("/")[2], "", ref)

    def _named(self, ids: Iterable[str]) -> tuple[RuleRow, ...]:
        return tuple(self._rules[each] for each in dict.fromkeys(ids) if each in self._rules)

    def _award_rules(self, refs: Collection[CellRef]) -> Iterator[str]:
        """The rules that the scores in these cells, or out of the row of the first, came by."""
        for card in self.dossier.cards:
            if card.execution and any(each.ref in refs for each in card.execution.line.entries.values()):
                yield card.execution.award.rule
            for scored in card.indicators:
                entries = scored.indicator.entries
                if any(entries[name].ref in refs for name in ("self_score", "actual") if name in entries):
                    yield scored.award.rule

    def _holding(self, form: Submission, refs: Collection[CellRef]) -> Iterator[str]:
        """The identities of a form that all of these cells belong to, as rules are called."""
        layout = self.scheme.form(form.form)
        addresses = [spot.address for ref in refs for spot in self.spots(ref) if spot.form is form]
        for identity in layout.identities if addresses else ():
            if all(_belongs(each, identity) for each in addresses):
                yield f"{layout.id}.{identity.id}"

    def _short(self, findings: Iterable[ReportedFinding]) -> Iterator[str]:
        """A line each: how bad, its name, where, and what it is called."""
        found = list(findings)
        for each in found[:_MOST_LISTED]:
            where = say("《{sheet}》{cell}", sheet=each.sheet, cell=each.cell) if each.sheet else each.file
            title = self.wordings[each.code].title
            yield f"{SEVERITIES[each.severity].text} {each.finding_id}　{where}　{title}".rstrip()
        if len(found) > _MOST_LISTED:
            yield say("……共 {count} 项", count=len(found))

    def _concerns(self, finding: ReportedFinding, form: Submission, refs: Collection[CellRef]) -> bool:
        """Whether a finding is about a form: at one of its cells, or on its sheet and of its name."""
        if finding.evidence:
            return finding.evidence[0] in refs or (
                finding.evidence[0] not in self._cells and _on(finding, form)
            )
        return _on(finding, form)

    def _stands_for(self) -> str:
        if self.dossier.overall:
            return say(
                "没有综合得分，以“{submission}”的总分为部门得分",
                submission=self.form_name(self.dossier.overall.submission),
            )
        return (
            say("没有部门整体的自评表，以各项目得分按资金加权")
            if self.dossier.projects
            else say("没有可以计分的表")
        )

    def _form_line(self, form: Submission) -> str:
        card, status = self.card(form), STATUSES[self.dossier.statuses[form.submission_id]].text
        where = say("《{sheet}》{form}：{status}", sheet=form.sheet, form=self.form_name(form), status=status)
        if card is None or not card.is_scored:
            return where
        total = card.total
        return say(
            "{where}，{card}",
            where=where,
            card=_scores(reported_total(card), total.computed_score, total.accepted_score),
        )

    def _funds(self) -> Iterator[Given]:
        """The cells that the composite's funds come from."""
        rule, overall = self.scheme.composite, self.dossier.overall
        if rule is None or overall is None:
            return
        for address in (rule.whole, rule.overall_funds):
            yield from self._at(address, overall.submission)
        for card in self.dossier.projects:
            yield from self._at(rule.project_funds, card.submission)

    def _at(self, address: FigureAddress, form: Submission) -> Iterator[Given]:
        entry = address.entry(form)
        spots = self.spots(entry.ref) if entry else ()
        for spot in spots:
            if spot.form is form and spot.address == address:
                yield spot.given._replace(label=f"{self.form_name(form)}·{spot.label}")


def _scores(
    claimed: Decimal | None, computed: Decimal | None, accepted: Decimal | None, weight: Decimal | None = None
) -> str:
    named = ((say("自评得分"), claimed), (say("核算得分"), computed), (say("采用得分"), accepted))
    said = say("，").join(f"{name} {_UNKNOWN if value is None else show(value)}" for name, value in named)
    return said if weight is None else say("{said}；分值 {weight}", said=said, weight=show(weight))


def _standing(award: Award, claimed: Decimal | None) -> str:
    """Why the accepted score is what it is."""
    if award.score is None:
        return _undecided(award, claimed)
    if claimed is None:
        return say("没有填自评得分，采用核算得分")
    if award.supports(claimed):
        return say("自评得分与规则相符，采用自评得分")
    if claimed < award.score:
        return say("自评得分低于核算得分，采用自评得分")
    return say("自评得分高于核算得分，采用核算得分")


def _undecided(award: Award, claimed: Decimal | None) -> str:
    taken = say("没有填自评得分") if claimed is None else say("采用自评得分")
    if award.low is None or award.high is None:
        return say("规则不能确定得分，由人工判断，{taken}", taken=taken)
    band = say("规则给出 {low} 至 {high} 的区间", low=show(award.low), high=show(award.high))
    if claimed is None:
        return say("{band}，{taken}", band=band, taken=taken)
    within = say("在区间之内") if award.supports(claimed) else say("不在区间之内，须核实")
    return say("{band}，自评得分{within}，{taken}", band=band, within=within, taken=taken)


def composite_steps(composite: Composite) -> Iterator[str]:
    """How a composite came about: each item with funds, share and score, then the sum and its variants."""
    *items, whole = composite.items
    for item in items:
        share = say(
            "资金 {funds} ÷ {funds2}，占比 {share_percent}%",
            funds=show(item.funds),
            funds2=show(whole.funds),
            share_percent=show(item.share_percent),
        )
        score = "" if item.score is None else say("；得分 {score}", score=show(item.score))
        weighted = (
            ""
            if item.weighted_score is None
            else say("，加权 {weighted_score}", weighted_score=show(item.weighted_score))
        )
        yield say(
            "{item}：{share}{score}{weighted}", item=item.item, share=share, score=score, weighted=weighted
        ) + (say("；{note}", note=item.note) if item.note else "")
    if composite.score is not None:
        terms = " + ".join(show(each.weighted_score) for each in items if each.weighted_score is not None)
        yield say("综合得分：{terms} = {score}", terms=terms, score=show(composite.score))
    yield from (
        say("{title}时为 {score}", title=title, score=show(score)) for title, score in composite.variants
    )


def _part_lines(card: ScoreCard) -> Iterator[str]:
    """Each part of a form's total, and each of its indicators with the cell of its score."""
    stakes = card.all_stakes
    for part in card.components[:-1]:
        scores = _scores(part.self_score, part.computed_score, part.accepted_score, part.weight)
        yield say("{component}：{scores}", component=component_title(part.component), scores=scores)
        for stake in stakes:
            if stake.level1 == part.component and part.component != "execution":
                scores = _scores(stake.self_score, stake.award.score, stake.award.accepted(stake.self_score))
                yield say(
                    "其中 {name}：{scores}　{indicator}",
                    name=stake.name,
                    scores=scores,
                    indicator=place_of(stake.scored[0].indicator.cell("self_score")),
                )


def _in_full(finding: ReportedFinding) -> str:
    return say(
        "{text} {finding_id}：{message}",
        text=SEVERITIES[finding.severity].text,
        finding_id=finding.finding_id,
        message=finding.message,
    )


def _consequences(finding: ReportedFinding, lowered: bool) -> Iterator[str]:  # noqa: FBT001 one of two facts
    if lowered:
        yield say(
            "有推断的成分，所以只作{text}：{assumed}",
            text=SEVERITIES[finding.severity].text,
            assumed=finding.assumed,
        )
    for each in finding.corrections:
        yield _CONSEQUENTIAL.format(place=place_of(each.ref), label=quote(each.label), figure=each.figure)
    if finding.consequences:
        yield say("由此还引起：{consequences}", consequences=finding.consequences)
    if finding.related:
        yield say("可能的原因：{related}", related=finding.related)


def _rests_on(finding: ReportedFinding, refs: Collection[CellRef]) -> bool:
    cells = (*finding.evidence, *(each.ref for each in finding.corrections))
    return any(ref in refs for ref in cells)


def _on(finding: ReportedFinding, form: Submission) -> bool:
    named = (finding.form, finding.project) in {("", ""), (form.form, form.project)}
    return named and (finding.file, finding.sheet) == (form.file, form.sheet)


def _belongs(address: FigureAddress, identity: Identity) -> bool:
    return any(_covers(member, address, identity) for member in (*identity.members, *identity.alternatives))


def _covers(member: FigureAddress, address: FigureAddress, identity: Identity) -> bool:
    item = member.is_free or (
        address.item in identity.items or not identity.items
        if member.has_item_slot
        else member.item == address.item
    )
    column = address.column in identity.columns if member.has_column_slot else member.column == address.column
    return member.table == address.table and item and column


def _index(form: Submission, layout: FormLayout, found: defaultdict[CellRef, list[_Held]]) -> None:
    """Put every cell of a form, with what it is called, to those that were found."""

    def put(entries: Mapping[str, Entry], row: str, titles: Mapping[str, str], table: str, item: str) -> None:
        for name, entry in entries.items():
            found[entry.ref].append((form, row, titles.get(name, name), table, item, name, entry))

    put(form.fields, "", {each.name: each.title for each in layout.fields}, "", "")
    columns = {table.name: {each.name: each.title for each in table.columns} for table in layout.tables}
    for line in form.lines:
        put(line.entries, line.label, columns.get(line.table, {}), line.table, line.item)
    block = next((each.name for each in layout.tables if each.kind is TableKind.INDICATORS), "")
    titles = columns.get(block, {})
    for indicator in form.indicators:
        put(indicator.entries, indicator.name, titles, block, "")
    put(form.total, TOTAL, titles, block, "")
