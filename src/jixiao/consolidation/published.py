"""What is published（公开）: the columns that may be, the one list of them; and the workbook 绩效自评公开.

Whatever is public is chosen by name here and nowhere else: a column that is new elsewhere stays inside. Texts
that departments wrote are published in two places alone, as names of departments and of projects, and without
what in them is a person's: telephone numbers, addresses for mail, numbers of identity cards, and whoever
stands behind a word like 联系人.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.consolidation.charts import column_of, figures_of, money_of
from jixiao.consolidation.edition import shown_department
from jixiao.consolidation.projects import project_sheet
from jixiao.consolidation.rules import describe_scoring, rule_sheet
from jixiao.consolidation.totals import (
    live_mean,
    mean,
    pooled,
    pooled_rate,
    quotient,
    rate,
    rate_column,
    subtotal,
    sum_known,
)
from jixiao.consolidation.uses import (
    PROVISIONAL,
    SETTLED,
    UNSCORED,
    by_grade,
    is_proposed,
    marked,
    marked_state,
    reading_of,
    reduced,
    tallied,
)
from jixiao.consolidation.words import EXECUTION, LEVELS, STATUSES, UNKNOWN_DEPARTMENT, component_title
from jixiao.domain.report import ColumnSpec, Formula, Kind, Link, SheetSpec, Toned
from jixiao.domain.submissions import Status
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.summary import Gathered
    from jixiao.consolidation.totals import Money
    from jixiao.consolidation.uses import Decision
    from jixiao.domain.report import Content
    from jixiao.domain.scheme import Scheme

LISTED = (
    "名次",
    "部门",
    "采用得分",
    "等级",
    "全年预算数",
    "全年执行数",
    "执行率",
)
"""Of 部门汇总, in the list of departments."""
DETAILS = (
    "名次",
    "采用得分",
    "等级",
    "全年预算数",
    "全年执行数",
    "执行率",
    "项目数",
)
"""Of 部门汇总, for one department."""
PROJECTS = ("项目", "采用得分", "等级", "全年预算数", "全年执行数", "执行率")
"""Of 项目汇总."""
ITEMS = ("项目", "资金", "占比", "得分", "加权得分")
"""Of 综合得分."""
STATE = "结果"
"""Whether a score stands: 已审核, 暂定, 未定."""
READING = say(
    "“{provisional}”的得分在部门报送材料补正后可能调整，“{unscored}”的尚无得分。",
    provisional=PROVISIONAL,
    unscored=UNSCORED,
)
_NEVER_PUBLIC = say("（略）")
_LABELS = (
    *("联系人", "负责人", "填报人", "填表人", "经办人", "经办", "审核人", "联系方式"),
    *("联系电话", "电话", "手机", "座机", "传真", "邮箱", "身份证号码", "身份证号", "身份证"),
)
"""What stands behind one of these, after a colon, is about a person; so is the rest of the text."""
_LABELLED = "|".join(r"\s{0,4}".join(label) for label in _LABELS)
_PERSONAL = re.compile(
    rf"[（(]?\s{{0,4}}(?:{_LABELLED})\s{{0,4}}[:：].*"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<!\d)\d{17}[\dXxＸｘ](?!\d)"
    r"|(?<!\d)(?:[+＋]?(?:86|８６)[- ]?)?[1１][3-9３-９]\d(?:[- ]?\d{4}){2}(?!\d)"
    r"|(?<!\d)[（(]?[0０]\d{2,3}[)）]?[- —－]?\d{7,8}(?:[- 转]\d{1,5})?(?!\d)",
    re.DOTALL,
)


def published_text(text: str) -> str:
    """A name as it may be published."""
    return _PERSONAL.sub(_NEVER_PUBLIC, text)


def selected(sheet: SheetSpec, titles: Sequence[str]) -> SheetSpec:
    """A sheet with these columns alone, in this order; those that it does not have are left out."""
    places = {column.title: place for place, column in enumerate(sheet.columns)}
    kept = [places[title] for title in titles if title in places]
    return replace(
        sheet,
        columns=tuple(sheet.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in sheet.rows),
        totals=(),
    )


def published(sheet: SheetSpec, titles: Sequence[str]) -> SheetSpec:
    """The same for the public: its texts as they may be published, and nothing that leads anywhere."""
    chosen = selected(sheet, titles)
    return replace(chosen, rows=tuple(tuple(map(_published, row)) for row in chosen.rows))


def _published(content: Content) -> Content:
    if isinstance(content, Link):
        return published_text(content.text)
    return published_text(content) if isinstance(content, str) else content


def named(sheet: SheetSpec) -> SheetSpec:
    """部门汇总 with names as they may be published; nothing is published of forms that name no department."""
    names = column_of(sheet, "部门")
    rows = zip(sheet.rows, names, strict=True)
    known = (row for row, name in rows if name != UNKNOWN_DEPARTMENT)
    return replace(sheet, rows=tuple(tuple(map(_published, row)) for row in known))


def published_component(component: str, scheme: Scheme) -> str:
    """A part of a score by the scheme's own name for it: what a form has written there may be anything."""
    title = component_title(component)
    own = {EXECUTION, component_title("total"), *(name for each in scheme.weights for name in each.groups)}
    if title in own:
        return title
    return next(
        (name for name in own if title and (title.startswith(name) or name.startswith(title))), _OTHER
    )


_OTHER = say("其他指标")


def public_states(sheet: SheetSpec) -> tuple[Toned, ...]:
    """Whether each department's result stands; what it has still to mend is between it and us."""
    accepted = STATUSES[Status.ACCEPTED]
    pairs = zip(column_of(sheet, "状态"), column_of(sheet, "采用得分"), strict=True)
    return tuple(_state(score, settled=state == accepted) for state, score in pairs)


def _state(score: Content, *, settled: bool) -> Toned:
    if score is None:
        return marked_state(UNSCORED)
    return marked_state(SETTLED if settled else PROVISIONAL)


def with_state(sheet: SheetSpec, states: Sequence[Content]) -> SheetSpec:
    """A sheet with the state of each row as its last column."""
    rows = tuple((*row, state) for row, state in zip(sheet.rows, states, strict=True))
    return replace(sheet, columns=(*sheet.columns, ColumnSpec(STATE, Kind.MARK)), rows=rows)


def grade_sheet(sheet: SheetSpec, scheme: Scheme) -> SheetSpec:
    """Of each grade what the scheme rules, and whom and how much money it concerns; out of 部门汇总."""
    ruled = any(cut.use for cut in scheme.grades)
    names, grades = map(str, column_of(sheet, "部门")), map(str, column_of(sheet, "等级"))
    rows: list[tuple[Content, ...]] = []
    for each in by_grade(zip(names, grades, money_of(sheet), strict=True), scheme):
        rule = [each.rule or say("方案未规定")] if ruled else []
        rows.append((each.grade, *rule, len(each.names), each.budget, each.executed))
    return SheetSpec(
        name="结果应用",
        title=say("结果应用"),
        note=_on_grades(scheme, ruled=ruled),
        columns=(
            ColumnSpec("等级", Kind.MARK),
            *([ColumnSpec("应用规定")] if ruled else []),
            *(ColumnSpec("部门数", Kind.COUNT), ColumnSpec("全年预算数", Kind.AMOUNT)),
            ColumnSpec("全年执行数", Kind.AMOUNT),
        ),
        rows=tuple(rows),
    )


def _on_grades(scheme: Scheme, *, ruled: bool) -> str:
    """What the scheme says of the use of results by grade."""
    if ruled:
        return say("《{title}》规定的结果应用，及各等级涉及的部门和资金。", title=scheme.title)
    if scheme.uses and not is_proposed(scheme):
        return say("各等级涉及的部门和资金；《{title}》另有结果应用的规则，见下表。", title=scheme.title)
    return say(
        "《{title}》没有规定评价结果怎样与预算安排挂钩；下表列出各等级涉及的部门和资金，供研究。",
        title=scheme.title,
    )


def tally_sheet(decisions: Sequence[Decision], scheme: Scheme) -> Iterator[SheetSpec]:
    """How many departments and projects are kept, to mend, reduced; none where no rule was applied."""
    if not decisions:
        return
    sheet = SheetSpec(
        name="按规则的结果应用",
        title=say("按规则的结果应用"),
        note=reading_of(scheme),
        columns=(
            *(
                ColumnSpec("范围", Kind.MARK),
                ColumnSpec("结果应用", Kind.MARK),
                ColumnSpec("个数", Kind.COUNT),
            ),
            *(ColumnSpec("全年预算数", Kind.AMOUNT), ColumnSpec("压减金额", Kind.AMOUNT)),
        ),
        rows=tuple(
            (LEVELS[each.level], each.word, len(each.names), each.budget, each.reduction)
            for each in tallied(decisions, scheme)
        ),
    )
    yield reduced(sheet, scheme)


def decision_sheet(decisions: Sequence[Decision], scheme: Scheme) -> Iterator[SheetSpec]:
    """What was decided of each, for the public: only where the jurisdiction itself rules it."""
    if not decisions or is_proposed(scheme):
        return
    known = [each for each in decisions if each.result.department]
    sheet = SheetSpec(
        name="结果应用明细",
        title=say("结果应用明细"),
        note=say("《{title}》规定的结果应用；{reading}", title=scheme.title, reading=READING),
        about=say("一行一个部门或项目：保持、整改或压减，和涉及的资金"),
        columns=(
            *(ColumnSpec("范围", Kind.MARK), ColumnSpec("部门", wrap=28), ColumnSpec("项目", wrap=30)),
            *(ColumnSpec("采用得分", Kind.SCORE), ColumnSpec("等级", Kind.MARK)),
            *(ColumnSpec("全年预算数", Kind.AMOUNT), ColumnSpec("结果应用", Kind.MARK)),
            *(ColumnSpec("压减金额", Kind.AMOUNT), ColumnSpec(STATE, Kind.MARK)),
        ),
        rows=tuple(
            (
                *(LEVELS[each.result.level], published_text(each.result.department)),
                *(published_text(each.result.project) or None, each.result.score, each.grade or None),
                *(each.result.budget, marked(each), each.reduction, marked_state(each.state)),
            )
            for each in known
        ),
        fixed=3,
        filtered=False,
    )
    yield reduced(sheet, scheme)


def published_sheets(
    gathered: Gathered, departments: SheetSpec, decisions: Sequence[Decision], edition: Edition
) -> tuple[SheetSpec, ...]:
    """The workbook for everybody; `departments` is the finished sheet 部门汇总.

    It has no filters, since these would leave hidden names in it, and no formula that leads out of its sheet.
    """
    own, scheme = named(departments), edition.round.scheme
    states = public_states(own)
    sheets = (
        _ranking(own, states, edition),
        *_project_results(gathered, own, states, edition),
        _execution(own, edition),
        _titled(grade_sheet(own, scheme), edition, say("各等级涉及的部门和资金，和规定的结果应用")),
        *(_titled(each, edition, each.about) for each in decision_sheet(decisions, scheme)),
        _method(edition),
    )
    unfiltered = tuple(replace(each, filtered=False) for each in sheets)
    return (*unfiltered, _legend(unfiltered, own, states, edition))


def _titled(sheet: SheetSpec, edition: Edition, about: str) -> SheetSpec:
    return replace(sheet, title=edition.title(sheet.name), about=about)


def _ranking(own: SheetSpec, states: Sequence[Toned], edition: Edition) -> SheetSpec:
    """评价结果: one department a row."""
    listed = with_state(selected(own, (*LISTED, "项目数")), states)
    titles = frozenset(column.title for column in listed.columns)
    rows = tuple((_value(row[0]), *(_frozen(each, titles) for each in row[1:])) for row in listed.rows)
    money = money_of(own)
    budget, executed = (sum_known(pair[place] for pair in money) for place in (0, 1))
    scores = figures_of(own, "采用得分")
    total = (
        *(None, say("合计"), None, None, subtotal("全年预算数", budget), subtotal("全年执行数", executed)),
        *(pooled_rate(money), None, None),
    )
    means = (
        *(None, say("各部门简单平均"), live_mean("采用得分", scores), None, None, None),
        *(live_mean("执行率", [quotient(second, first) for first, second in money]), None, None),
    )
    return replace(
        listed,
        name="评价结果",
        title=edition.title(say("评价结果")),
        about=say("一行一个部门：名次、得分、等级、预算执行"),
        note=edition.note(say("按采用得分从高到低排列。{reading}", reading=READING)),
        rows=rows,
        totals=(total, means) if rows else (),
    )


def _frozen(content: Content, titles: frozenset[str]) -> Content:
    """A formula that leads to what is not published, as its value."""
    if not isinstance(content, Formula):
        return content
    inside = "!" not in content.text and titles.issuperset(_REFERRED.findall(content.text))
    return content if inside else content.value


_REFERRED = re.compile(r"\[([^\]:@]+)")


def _value(content: Content) -> Content:
    return content.value if isinstance(content, Formula) else content


def _project_results(
    gathered: Gathered, own: SheetSpec, states: Sequence[Toned], edition: Edition
) -> Iterator[SheetSpec]:
    """项目结果: one project a row, department by department; its state is never better than that one's."""
    head, scheme = project_sheet((), edition), edition.round.scheme
    by_name = {published_text(shown_department(facts.department)): facts for facts in gathered.facts}
    rows: list[tuple[Content, ...]] = []
    for name, state in zip(map(str, column_of(own, "部门")), states, strict=True):
        facts = by_name.get(name)
        for each in facts.projects if facts else ():
            settled = state.text == SETTLED and not each.wrong
            score = each.accepted_score
            grade = None if score is None else scheme.grade_of(score)
            figures = (score, grade, each.budget, each.executed, rate(each.executed, each.budget))
            rows.append((name, published_text(each.name), *figures, _state(score, settled=settled)))
    if not rows:
        return
    columns = {column.title: column for column in head.columns}
    money = [(each.budget, each.executed) for facts in by_name.values() for each in facts.projects]
    yield SheetSpec(
        name="项目结果",
        about=say("一行一个项目：得分、等级、预算执行"),
        title=edition.title(say("项目结果")),
        note=edition.note(READING),
        columns=(*(columns[title] for title in ("部门", *PROJECTS)), ColumnSpec(STATE, Kind.MARK)),
        rows=tuple(rows),
        totals=(_project_total(money),),
        fixed=2,
        banded=True,
    )


def _project_total(money: Sequence[Money]) -> tuple[Content, ...]:
    budget, executed = (sum_known(pair[place] for pair in money) for place in (0, 1))
    amounts = (subtotal("全年预算数", budget), subtotal("全年执行数", executed), pooled_rate(money))
    return (say("合计"), None, None, None, *amounts, None)


def _execution(own: SheetSpec, edition: Edition) -> SheetSpec:
    """预算执行: the departments' money and rates by grade, pooled and as plain means."""
    scheme = edition.round.scheme
    grades, money = [str(each or "") for each in column_of(own, "等级")], money_of(own)
    rows: list[tuple[Content, ...]] = []
    for grade in (*(cut.grade for cut in scheme.grades), None):
        pairs = [pair for each, pair in zip(grades, money, strict=True) if each == (grade or "")]
        if grade is None and not pairs:
            continue
        budget, executed = (sum_known(pair[place] for pair in pairs) for place in (0, 1))
        rates = [quotient(second, first) for first, second in pairs]
        rows.append((grade or say("没有等级"), len(pairs), budget, executed, pooled(pairs), mean(rates)))
    budget, executed = (sum_known(pair[place] for pair in money) for place in (0, 1))
    amounts = (subtotal("全年预算数", budget), subtotal("全年执行数", executed))
    rates = [quotient(second, first) for first, second in money]
    return SheetSpec(
        name="预算执行",
        about=say("各等级部门的预算数、执行数和执行率"),
        title=edition.title(say("预算执行")),
        note=edition.note(
            say(
                "执行率按两种算法列示：资金合计＝全年执行数合计÷全年预算数合计（两数齐全的部门），简单平均＝各部门执行率的平均。"
            )
        ),
        columns=(
            *(ColumnSpec("等级", Kind.MARK), ColumnSpec("部门数", Kind.COUNT)),
            *(ColumnSpec("全年预算数", Kind.AMOUNT), ColumnSpec("全年执行数", Kind.AMOUNT)),
            *(rate_column("资金合计执行率", scheme), rate_column("简单平均执行率", scheme)),
        ),
        rows=tuple(rows),
        totals=((say("合计"), subtotal("部门数", len(money)), *amounts, pooled(money), mean(rates)),),
    )


def _method(edition: Edition) -> SheetSpec:
    """评价方法: the rules that scores come about by."""
    sheet = rule_sheet(edition, describe_scoring(edition.round.scheme))
    return replace(
        sheet,
        name="评价方法",
        title=edition.title(say("评价方法")),
        about=say("得分、等级和综合得分的计算办法"),
    )


def _legend(
    sheets: Sequence[SheetSpec], own: SheetSpec, states: Sequence[Toned], edition: Edition
) -> SheetSpec:
    scheme = edition.round.scheme
    counts = Counter(state.text for state in states)
    said = say("，").join(
        say("{state} {counts} 个", state=state, counts=counts[state])
        for state in (SETTLED, PROVISIONAL, UNSCORED)
        if counts[state]
    )
    rows: tuple[tuple[Content, ...], ...] = (
        (say("评价年度"), say("{year}年度", year=edition.round.year)),
        (
            say("评价方案"),
            say("{title}（{jurisdiction}）", title=scheme.title, jurisdiction=scheme.jurisdiction),
        ),
        (say("依据"), say("；").join(scheme.regulations)),
        (say("部门"), say("{count} 个：{said}", count=len(own.rows), said=said)),
        (
            say("采用得分"),
            say("自评得分与规则相符的用自评得分，不符的用按规则核算的得分；规则不能确定的部分沿用自评得分。"),
        ),
        (STATE, READING),
        (say("单位"), say("金额为万元，得分为分；空白表示不掌握，不等于零。")),
        *((Link(sheet.name, sheet=sheet.name), sheet.about) for sheet in sheets),
        *(((say("生成时间"), f"{edition.created:%Y-%m-%d %H:%M}"),) if edition.created else ()),
    )
    return SheetSpec(
        name="说明",
        title=edition.title(say("公开说明")),
        note=say("本工作簿只列评价结果、排名、预算执行、结果应用和评价方法。"),
        columns=(ColumnSpec("项目"), ColumnSpec("内容", wrap=90)),
        rows=rows,
        filtered=False,
        single_page=True,
    )
