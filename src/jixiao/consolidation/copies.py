"""What goes back to a department with its own workbooks: marks at cells, the first sheet, the letter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.explanations import Explainer, composite_steps
from jixiao.consolidation.feedback import ACCEPTED, opinion_sheet, verdict
from jixiao.consolidation.findings import agreeing, remark
from jixiao.consolidation.ranking import card_losses
from jixiao.consolidation.totals import reported_total
from jixiao.consolidation.words import EXECUTION, SEVERITIES, form_titles
from jixiao.domain.amounts import plain, show
from jixiao.domain.cells import position_of
from jixiao.domain.findings import Severity
from jixiao.domain.own_sheets import LETTER_TITLE
from jixiao.domain.report import Letter, Link, Mark, Part, Tone, Toned
from jixiao.domain.spoken import one_line
from jixiao.domain.submissions import Status
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.explanations import Explanation
    from jixiao.domain.cells import CellRef
    from jixiao.domain.report import Content, SheetSpec
    from jixiao.domain.rounds import ReportedFinding
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard
    from jixiao.domain.submissions import Submission

ORIGINALS = "原件"
"""The folder in which the files that came in lie unchanged beside their marked copies."""
_ITEMS, _LEAST_ITEMS = 10, 4
"""Findings that a letter names one by one, and at least so many of each kind; the others are counted."""
_ITEM_CHARACTERS = 120
_FORMS_NAMED, _COPIES_NAMED = 4, 3
_LONGEST_NOTE = 2_000
_GOES_BACK = {Severity.BLOCKING, Severity.ERROR}


@dataclass(frozen=True, slots=True)
class Copies:
    """Of which files marked copies go back, by the name of the file as it came in; `whole` is the first.

    `names` are those of the copies, `remarks` what is to be said of how one was made, `refused` why of a file
    none is made: Chinese clauses, by file.
    """

    names: Mapping[str, str]
    remarks: Mapping[str, tuple[str, ...]]
    refused: Mapping[str, str]

    @property
    def first(self) -> str:
        """The file whose copy also tells what stands in no copy; "" where there is none."""
        return next(iter(self.names), "")

    def tells(self, file: str, finding: ReportedFinding) -> bool:
        """Whether the copy of a file is the one that tells of a finding."""
        return finding.file == file or (file == self.first and finding.file not in self.names)


NO_COPIES = Copies({}, {}, {})


def tell_refusals(opinion: SheetSpec, copies: Copies) -> SheetSpec:
    """The list of a department with, above it, which of its files have no marked copy and why."""
    asked = say("请按下表在原表上改正")
    said = "".join(
        say("\n《{name}》没有标注副本：{why}，{asked}。", name=name, why=why, asked=asked)
        for name, why in _refused(copies)
    )
    return replace(opinion, note=f"{opinion.note}{said}") if said else opinion


def copy_opinion(dossier: Dossier, edition: Edition, copies: Copies, file: str, name: str) -> SheetSpec:
    """审核意见 as the first sheet (`name`) of a marked copy: findings, scores, what was inferred, what stays.

    Places lead to the cells of the copy.
    """
    told = tuple(each for each in dossier.findings if copies.tells(file, each))
    sheet = opinion_sheet(replace(dossier, findings=told), edition, _Inside(file))
    rows = (*sheet.rows, *_further_rows(dossier, edition, copies, file, len(sheet.rows)))
    elsewhere = len(dossier.findings) - len(told)
    others = (
        say("另有 {elsewhere} 条在贵单位的其他文件中，见其标注副本。", elsewhere=elsewhere)
        if elsewhere
        else ""
    )
    asked = any(each.severity is not Severity.INFO and not each.excused for each in told)
    concluded = verdict(
        dossier,
        say("请在本文件标色的单元格中改正后重新报送") if asked else say("本文件不需要修改"),
    )
    how = say("点击“位置”到该单元格，点击标色的单元格回到本页；有需要说明的，请填在最右一列“部门说明”。")
    return replace(
        sheet,
        name=name,
        note=f"{concluded}{others}\n{how}" if told else f"{concluded}{others}",
        rows=rows,
        filtered=True,
    )


@dataclass(frozen=True, slots=True)
class _Inside:
    """Places within one workbook, as links to its own cells; those of other files as words."""

    file: str

    def source(self, file: str, sheet: str = "", cell: str = "") -> Link | str:
        """See `Edition.source`."""
        place = f"{sheet}!{cell}" if cell else sheet
        if file == self.file and sheet:
            return Link(place, sheet=sheet, place=cell)
        name = file.rpartition("/")[2]
        return f"{name} › {place}" if place else name


def _further_rows(
    dossier: Dossier, edition: Edition, copies: Copies, file: str, number: int
) -> Iterator[tuple[Content, ...]]:
    """What a copy's first sheet says after the findings: scores, inferences, what may stay, on itself."""
    titles = form_titles(edition.round.scheme)
    forms = [each for each in dossier.submissions if each.file == file and _counts(dossier, each)]
    said: list[tuple[Content, ...]] = [
        *_score_rows(dossier, forms, titles),
        *_account_rows(dossier, forms, edition.round.scheme, whole=file == copies.first),
        *_inference_rows(forms),
        *_fine_rows(dossier, forms, titles),
        *((say("副本"), None, None, None, None, each, None) for each in copies.remarks.get(file, ())),
    ]
    if file == copies.first:
        why_not = ((name, say("没有标注副本：{why}。", why=why)) for name, why in _refused(copies))
        said += [(say("副本"), name, None, None, None, why, None) for name, why in why_not]
    for place, row in enumerate(said, start=number + 1):
        yield (place, *row, None, None)


def _refused(copies: Copies) -> Iterator[tuple[str, str]]:
    return ((file.rpartition("/")[2], why) for file, why in copies.refused.items())


def _counts(dossier: Dossier, form: Submission) -> bool:
    return dossier.statuses[form.submission_id] is not Status.SUPERSEDED


def _score_rows(
    dossier: Dossier, forms: Sequence[Submission], titles: Mapping[str, str]
) -> Iterator[tuple[Content, ...]]:
    """Self score beside accepted score of each form; grade and what could be verified."""
    own = {each.submission_id for each in forms}
    for card in dossier.cards:
        submission, total = card.submission, card.total
        if submission.submission_id not in own or not submission.scope.is_scored:
            continue
        verified = (
            ""
            if total.verified_share is None
            else say("，可核实比例 {verified_share}%", verified_share=plain(total.verified_share))
        )
        reported, accepted = reported_total(card), total.accepted_score
        agreeing = say("自评得分与采用得分一致") if reported == accepted else say("采用得分与自评得分不同")
        words = say("采用得分未能核定") if accepted is None else agreeing
        entry = submission.total.get("self_score")
        name = submission.project or titles.get(submission.form, submission.form)
        yield (
            *(say("得分"), _cell_link(entry.ref) if entry else _sheet_link(submission), name),
            *(None if reported is None else show(reported), None if accepted is None else show(accepted)),
            *(
                say(
                    "{words}；评价等级 {computed_grade}{verified}。",
                    words=words,
                    computed_grade=card.computed_grade or say("未定"),
                    verified=verified,
                ),
                None,
            ),
        )


def _account_rows(
    dossier: Dossier, forms: Sequence[Submission], scheme: Scheme, *, whole: bool
) -> Iterator[tuple[Content, ...]]:
    """How each score came about that is below full marks, in the words of `jixiao explain`.

    Findings are left out of it: they stand above. Before them, where this copy tells of the department as a
    `whole`, how its composite came about; of full marks for execution the process alone. A rule and its
    source are told once.
    """
    explainer = Explainer(replace(dossier, findings=()), scheme, {})
    known: set[tuple[str, ...]] = set()
    if whole and dossier.composite:
        account = explainer.composite()
        # Two rows: what is told in one cell has to fit the height that a row can have.
        for told in ("\n".join(composite_steps(dossier.composite)), _told(account, known)):
            yield say("得分由来"), None, account.subject, None, None, told, None
    for form in forms:
        card = explainer.card(form)
        for account in _accounts(explainer, card) if card and form.scope.is_scored else ():
            place = _cell_link(account.ref) if account.ref else _sheet_link(form)
            yield say("得分由来"), place, account.subject, None, None, _told(account, known), None


def _told(account: Explanation, known: set[tuple[str, ...]]) -> str:
    """The sections of an account but its result, which stands in the columns of scores, and what is known."""
    sections = ((name, lines) for name, lines in account.sections if lines != account.results)
    told = [(name, lines) for name, lines in sections if lines not in known]
    known.update(lines for _, lines in told)
    return "\n".join(say("{name}：{lines}", name=name, lines=say("；").join(lines)) for name, lines in told)


def _accounts(explainer: Explainer, card: ScoreCard) -> Iterator[Explanation]:
    """Execution, where it lost nothing its process alone, and the indicators of one form that lost points."""
    losing = {loss.name for loss in card_losses(card)}
    if execution := explainer.execution(card, brief=EXECUTION not in losing):
        yield execution
    for stake in card.all_stakes:
        if stake.name in losing:
            yield explainer.indicator(card, stake.scored[0])


def _inference_rows(forms: Sequence[Submission]) -> Iterator[tuple[Content, ...]]:
    """What was taken for something that no known word says."""
    for form in forms:
        for each in form.inferences:
            place = _cell_link(each.ref)
            said = say(
                "按推断读作“{title}”：{reason}（把握 {certainty}%）。",
                title=each.title,
                reason=each.reason,
                certainty=each.certainty,
            )
            yield (
                say("推断"),
                place,
                each.text[:40] or None,
                None,
                None,
                said,
                say("读错的，请按表样改用规定的栏目名称。"),
            )


def _sheet_link(form: Submission) -> Link:
    return Link(form.sheet, sheet=form.sheet)


def _cell_link(ref: CellRef) -> Link:
    return Link(f"{ref.sheet}!{ref.a1}", sheet=ref.sheet, place=ref.a1)


def _fine_rows(
    dossier: Dossier, forms: Sequence[Submission], titles: Mapping[str, str]
) -> Iterator[tuple[Content, ...]]:
    for form in _fine(dossier, forms):
        name = form.project or titles.get(form.form, form.form)
        yield (
            *(Toned(say("无需修改"), Tone.GOOD), _sheet_link(form), name, None, None),
            *(say("未发现需要修改或核实的问题。"), say("请保持原样。")),
        )


def _fine(dossier: Dossier, forms: Sequence[Submission]) -> list[Submission]:
    """The forms that nothing has to be done about: no finding above an info has a cell on them."""
    asked = {
        (file, sheet)
        for each in dossier.findings
        if each.severity is not Severity.INFO and not each.excused
        for file, sheet in ((each.file, each.sheet), *((ref.file, ref.sheet) for ref in _touched(each)))
    }
    return [each for each in forms if (each.file, each.sheet) not in asked]


def _touched(finding: ReportedFinding) -> Iterator[CellRef]:
    yield from finding.places
    yield from (each.ref for each in (*finding.corrections, *finding.further))


def copy_marks(dossier: Dossier, copies: Copies, file: str) -> tuple[Mark, ...]:
    """The marks of one file, a cell each: all that is found there in one note, the worst gives its colour."""
    notes: dict[tuple[str, int, int], list[tuple[Tone, str, int]]] = defaultdict(list)
    told = [each for each in dossier.findings if copies.tells(file, each)]
    rows = {each.finding_id: number for number, each in enumerate(told)}
    for finding in dossier.findings:
        back = rows.get(finding.finding_id, 0)
        tone = Tone.NOTE if finding.excused else SEVERITIES[finding.severity].tone
        own = position_of(finding.cell)
        if finding.file == file and own:
            notes[finding.sheet, *own].append((tone, _note(finding, back), back))
        for ref in finding.places:
            if ref.file == file and (ref.sheet, ref.row, ref.column) != (finding.sheet, *(own or (-1, -1))):
                said = say(
                    "同 {finding} 的问题（{finding_id}）。",
                    finding=_place(finding),
                    finding_id=finding.finding_id,
                )
                notes[ref.sheet, ref.row, ref.column].append(
                    (tone, say("【{finding}】{said}", finding=_level(finding), said=said), back)
                )
        for each in () if finding.excused else finding.corrections:
            if each.ref.file == file:
                said = say(
                    "【连带】{finding} 改正后，本格应为 {figure}（{finding_id}）。",
                    finding=_place(finding),
                    figure=each.figure,
                    finding_id=finding.finding_id,
                )
                notes[each.ref.sheet, each.ref.row, each.ref.column].append((Tone.NOTE, said, back))
        for each in () if finding.excused else finding.further:
            if each.ref.file == file:
                said = say(
                    "【一并核对】{finding} 改正后，{each}（{finding_id}）。",
                    finding=_place(finding),
                    each=agreeing(each),
                    finding_id=finding.finding_id,
                )
                notes[each.ref.sheet, each.ref.row, each.ref.column].append((Tone.DOUBT, said, back))
    return tuple(
        Mark(*place, tone=found[0][0], text=_joined(text for _, text, _ in found), back=found[0][2])
        for place, found in sorted((place, _worst_first(found)) for place, found in notes.items())
    )


def _joined(texts: Iterable[str]) -> str:
    """What is told at one cell; of very much the beginning, for a note is read where it hangs."""
    lines = "\n\n".join(texts).split("\n")
    text = "\n".join(map(one_line, lines))
    return (
        text
        if len(text) <= _LONGEST_NOTE
        else say("{text}…\n其余见“审核意见”页。", text=text[:_LONGEST_NOTE])
    )


def _worst_first(found: Sequence[tuple[Tone, str, int]]) -> list[tuple[Tone, str, int]]:
    order = list(Tone)
    return sorted(dict.fromkeys(found), key=lambda each: order.index(each[0]))


def _note(finding: ReportedFinding, row: int) -> str:
    """What stands at a cell, what should, why, what to do, and where more of it is."""
    figures = [
        say("填报：{reported}", reported=finding.reported) if finding.reported else "",
        say("应为：{expected}", expected=finding.expected) if finding.expected else "",
    ]
    lines = (
        say("【{finding}】{label}", finding=_level(finding), label=finding.label),
        say("　").join(filter(None, figures)),
        remark(finding),
        say("处理：{suggestion}", suggestion=finding.suggestion) if finding.suggestion else "",
        say("编号 {finding_id}，见“审核意见”第 {row} 条", finding_id=finding.finding_id, row=row + 1),
    )
    return "\n".join(filter(None, lines))


def _level(finding: ReportedFinding) -> str:
    return ACCEPTED if finding.excused else SEVERITIES[finding.severity].text


def _place(finding: ReportedFinding) -> str:
    return (
        say("“{sheet}”{cell}", sheet=finding.sheet, cell=finding.cell)
        if finding.sheet
        else finding.file.rpartition("/")[2]
    )


def letter(dossier: Dossier, edition: Edition, copies: Copies, listed: str) -> Letter:
    """The letter to a department: what must be changed by when, what explained, what may stay.

    `listed` is the name of the workbook with the whole list.
    """
    held = [each for each in dossier.findings if not each.excused]
    refused = [each for each in held if each.severity in _GOES_BACK]
    mend, lacking = ([each for each in refused if bool(each.file) is sent] for sent in (True, False))
    check = [each for each in held if each.severity is Severity.WARNING]
    most = max(_ITEMS - min(len(check), _LEAST_ITEMS) - min(len(lacking), _LEAST_ITEMS), _LEAST_ITEMS)
    rest = max(_ITEMS - min(len(mend), most) - min(len(lacking), _LEAST_ITEMS), _LEAST_ITEMS)
    department = shown_department(dossier.department)
    paragraphs: list[tuple[Part, str]] = [
        (Part.ADDRESS, say("{department}：", department=department)),
        (Part.BODY, _opening(dossier, edition)),
    ]
    sections = [
        *_section(say("请改正"), mend, say("，{edition}前改正并重新报送", edition=_by_when(edition)), most),
        *_section(say("请补报"), lacking, say("，{edition}前报送", edition=_by_when(edition)), _LEAST_ITEMS),
        *_section(say("请核实或说明"), check, say("，确有差错的一并改正，没有差错的写明理由"), rest),
        *_left_alone(dossier, edition),
        *_how(dossier, copies, listed),
    ]
    ordinals = iter(say("一二三四五六"))
    paragraphs += [
        (
            part,
            say("{ordinals}、{text}", ordinals=next(ordinals), text=text) if part is Part.HEADING else text,
        )
        for part, text in sections
    ]
    paragraphs += [
        (Part.CLOSING, say("财政部门（盖章）　　　　　　")),
        (Part.CLOSING, say("　　年　　月　　日　　　")),
    ]
    return Letter(
        name="审核通知",
        title=say("{year}年度{letter_title}", year=edition.round.year, letter_title=spoken(LETTER_TITLE)),
        addressee=dossier.department,
        paragraphs=tuple(paragraphs),
    )


def _opening(dossier: Dossier, edition: Edition) -> str:
    name, scheme = edition.round.name, edition.round.scheme.title
    count = sum(_counts(dossier, each) for each in dossier.submissions)
    sent = (
        say("贵单位报送的 {count} 张自评表已按《{scheme}》审核。", count=count, scheme=scheme)
        if count
        else ""
    )
    concluded = verdict(dossier, say("请按以下要求改正后重新报送"), listed=False)
    return say("评价批次“{name}”。{sent}{concluded}", name=name, sent=sent, concluded=concluded)


def _by_when(edition: Edition) -> str:
    due = edition.round.resubmit_by
    if due is None:
        return say("请于　　　　年　　月　　日")
    hour = f" {due:%H:%M} " if isinstance(due, datetime) else ""
    return say(
        "请于 {year} 年 {month} 月 {day} 日{hour}", year=due.year, month=due.month, day=due.day, hour=hour
    )


def _section(
    title: str, findings: Sequence[ReportedFinding], asked: str, most: int
) -> Iterator[tuple[Part, str]]:
    if not findings:
        return
    yield Part.HEADING, say("{title}（{count} 处）{asked}", title=title, count=len(findings), asked=asked)
    for number, finding in enumerate(findings[:most], start=1):
        yield Part.ITEM, say("{number}．{finding}", number=number, finding=_item(finding))
    if len(findings) > most:
        yield Part.ITEM, say("其余 {count} 处见“审核意见”页。", count=len(findings) - most)


def _item(finding: ReportedFinding) -> str:
    figures = [
        say("填报 {reported}", reported=finding.reported) if finding.reported else "",
        say("应为 {expected}", expected=finding.expected) if finding.expected else "",
    ]
    known = say("，").join(filter(None, figures)) if finding.expected and finding.cell else ""
    said = known or finding.statement.rstrip("。")
    place = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
    text = say("　").join(
        filter(
            None, (place, say("{label}：{said}", label=finding.label, said=said) if finding.label else said)
        )
    )
    short = text if len(text) <= _ITEM_CHARACTERS else f"{text[:_ITEM_CHARACTERS]}…"
    return say("{short}（{finding_id}）", short=short, finding_id=finding.finding_id)


def _left_alone(dossier: Dossier, edition: Edition) -> Iterator[tuple[Part, str]]:
    """Which forms may stay as they are, and how much is said for information only."""
    titles = form_titles(edition.round.scheme)
    fine = _fine(dossier, [each for each in dossier.submissions if _counts(dossier, each)])
    told = dossier.count(Severity.INFO)
    if not fine and not told:
        return
    names = dict.fromkeys(each.project or titles.get(each.form, each.form) for each in fine)
    shown = _several(list(names), _FORMS_NAMED, say("等 {count} 张表", count=len(fine)))
    yield Part.HEADING, say("可以保留不改")
    if fine:
        yield Part.BODY, say("{shown}未发现需要修改或核实的问题，请保持原样。", shown=shown)
    if told:
        yield Part.BODY, say("另有 {told} 处仅供了解（级别为“说明”），不需要修改。", told=told)


def _how(dossier: Dossier, copies: Copies, listed: str) -> Iterator[tuple[Part, str]]:
    """How to answer: on the marked copies, or by the list where there are none."""
    if not any(each.severity is not Severity.INFO and not each.excused for each in dossier.findings):
        return
    yield Part.HEADING, say("怎样改正和说明")
    if not dossier.submissions and not copies.names:
        yield (
            Part.BODY,
            say(
                "请填好所缺的表报送；按规定不必报送的，请在《{listed}》“审核意见”最右一列“部门说明”中"
                "写明理由，报回该工作簿。",
                listed=listed,
            ),
        )
    elif copies.names:
        names = _several(
            list(copies.names.values()), _COPIES_NAMED, say("等 {count} 份", count=len(copies.names))
        )
        colours = say("橙色为须改正，黄色为请核实，蓝色为连带或说明，批注写明应为多少、怎样改")
        answer = say("请直接在副本上改正；需要说明的填在首页“审核意见”最右一列“部门说明”，保存后报回")
        kept = say("来件原样放在“{originals}”文件夹", originals=ORIGINALS)
        yield (
            Part.BODY,
            say(
                "随本通知退回标注副本{names}：{colours}。{answer}。{kept}。",
                names=names,
                colours=colours,
                answer=answer,
                kept=kept,
            ),
        )
    else:
        yield (
            Part.BODY,
            say(
                "请按《{listed}》的“审核意见”逐条改正；需要说明的填在最右一列“部门说明”，一并报回。",
                listed=listed,
            ),
        )
    for name, why in list(_refused(copies))[:_COPIES_NAMED]:
        yield (
            Part.BODY,
            say("《{name}》没有标注副本：{why}，请按“审核意见”在原表上改正。", name=name, why=why),
        )


def _several(names: Sequence[str], most: int, beyond: str) -> str:
    """The first few names, and what is said where there are more."""
    return say("、").join(say("《{name}》", name=name) for name in names[:most]) + (
        beyond if len(names) > most else ""
    )
