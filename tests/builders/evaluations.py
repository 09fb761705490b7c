"""An evaluated round built in code: the provincial department's figures of 2024, and invented ones.

Awards are written down, not computed, so that tests of tables and workbooks depend on no scoring code. The
composite's figures are those of the department's own report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import Actual, ActualKind, Comparison, Target, TargetKind, Verdict
from jixiao.domain.rounds import Evaluation, ReportedFinding, Round
from jixiao.domain.scores import (
    Award,
    ComponentScore,
    Composite,
    CompositeItem,
    ExecutionScore,
    IndicatorScore,
    ScoreCard,
)
from jixiao.domain.submissions import Entry, Indicator, Line, SheetOutcome, State, Status, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jixiao.domain.scheme import Scheme

PROVINCIAL = "省委金融办"
OVERALL, PROJECT = "overall-self-evaluation", "project-self-evaluation"


@cache
def scheme() -> Scheme:
    """The provincial scheme as shipped."""
    return load_scheme("hunan-provincial", seeds_folder())


def number(text: str | None, ref: CellRef) -> Entry:
    """A cell with a figure; None is a blank cell."""
    if text is None:
        return Entry(ref, State.BLANK)
    value = Decimal(text)
    return Entry(ref, State.NUMBER, text, value, Decimal("0.01"))


def words(text: str, ref: CellRef) -> Entry:
    """A cell with text; "" is a blank cell."""
    return Entry(ref, State.TEXT, text) if text else Entry(ref, State.BLANK)


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator: names, target, actual, weight, self score, what the rule gives, verdict, reason."""

    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    weight: str | None
    self_score: str | None
    computed: str | None
    verdict: Verdict = Verdict.MET
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form: budget rows (item, label, initial, annual, executed), execution score, total, indicators."""

    department: str
    project: str
    file: str
    sheet: str
    funds: tuple[tuple[str, str, str | None, str | None, str | None], ...]
    execution: tuple[str, str, str, str]
    """Weight, self score, what the rule gives, derivation."""
    rows: tuple[Row, ...]
    total: tuple[str, str]
    """Self total, total that the rules and self scores give."""
    verified: str = "50.00"
    year: int = 2024


def submission(sheet: Sheet) -> Submission:
    """The form as extracted: funds from row 6 on, indicators from row 21 on, the total in row 41."""
    own = bool(sheet.project)
    return Submission(
        submission_id=f"{sheet.file}#{sheet.sheet}",
        form=PROJECT if own else OVERALL,
        scope=Scope.PROJECT if own else Scope.OVERALL,
        file=sheet.file,
        sheet=sheet.sheet,
        sha256="0" * 64,
        department=sheet.department,
        implementer=sheet.department if own else "",
        project=sheet.project,
        year=sheet.year,
        fields={},
        lines=tuple(_line(sheet, row, funds) for row, funds in enumerate(sheet.funds, start=5)),
        indicators=tuple(_indicator(sheet, row, facts) for row, facts in enumerate(sheet.rows, start=20)),
        total={
            "weight": number("100", _ref(sheet, 40, 6)),
            "self_score": number(sheet.total[0], _ref(sheet, 40, 7)),
        },
        title=_ref(sheet, 0, 0),
    )


def _ref(sheet: Sheet, row: int, column: int) -> CellRef:
    return CellRef(sheet.file, sheet.sheet, row, column)


def _line(sheet: Sheet, row: int, funds: tuple[str, str, str | None, str | None, str | None]) -> Line:
    item, label, *amounts = funds
    names = ("initial_budget", "annual_budget", "executed")
    entries = {
        name: number(amount, _ref(sheet, row, column))
        for column, (name, amount) in enumerate(zip(names, amounts, strict=True), start=3)
    }
    if item == "total":
        weight, self_score, *_ = sheet.execution
        entries |= {
            "weight": number(weight, _ref(sheet, row, 6)),
            "self_score": number(self_score, _ref(sheet, row, 8)),
        }
    return Line("funds", item, label, _ref(sheet, row, 2), entries)


def _indicator(sheet: Sheet, row: int, facts: Row) -> Indicator:
    kind = TargetKind.QUALITATIVE if facts.verdict is Verdict.QUALITATIVE else TargetKind.AT_LEAST
    return Indicator(
        ref=_ref(sheet, row, 3),
        level1=facts.level1,
        level2=facts.level2,
        level3=facts.level3,
        target=Target(facts.target, kind),
        actual=Actual(facts.actual, ActualKind.FIGURE),
        entries={
            "target": words(facts.target, _ref(sheet, row, 4)),
            "actual": words(facts.actual, _ref(sheet, row, 5)),
            "weight": number(facts.weight, _ref(sheet, row, 6)),
            "self_score": number(facts.self_score, _ref(sheet, row, 7)),
            "reason": words(facts.reason, _ref(sheet, row, 8)),
        },
    )


def card(sheet: Sheet) -> ScoreCard:
    """The score card with the awards as written in `sheet`."""
    form = submission(sheet)
    weight, self_score, computed, derivation = sheet.execution
    execution = Award("execution", derivation, Decimal(computed))
    total = ComponentScore(
        "total",
        Decimal(100),
        Decimal(sheet.total[0]),
        Decimal(sheet.total[1]),
        Decimal(sheet.total[1]),
        Decimal(sheet.verified),
    )
    components = (
        ComponentScore(
            *(
                "execution",
                Decimal(weight),
                Decimal(self_score),
                execution.score,
                execution.score,
                Decimal(100),
            )
        ),
        *_groups(sheet.rows),
        total,
    )
    return ScoreCard(
        submission=form,
        components=components,
        indicators=tuple(
            _scored(indicator, facts) for indicator, facts in zip(form.indicators, sheet.rows, strict=True)
        ),
        execution=ExecutionScore(form.lines[0], None, execution),
        self_grade="优",
        computed_grade="优",
    )


def _groups(rows: Sequence[Row]) -> list[ComponentScore]:
    names = dict.fromkeys(row.level1 for row in rows)
    return [
        ComponentScore(
            *(name, _sum(row.weight for row in own), _sum(row.self_score for row in own)),
            *((_sum(row.computed or row.self_score for row in own),) * 2),
            Decimal("66.67"),
        )
        for name in names
        for own in [[row for row in rows if row.level1 == name]]
    ]


def _sum(figures: Iterable[str | None]) -> Decimal:
    return sum((Decimal(figure) for figure in figures if figure), Decimal(0))


def _scored(indicator: Indicator, facts: Row) -> IndicatorScore:
    comparison = Comparison(facts.verdict, Decimal("1.3") if facts.verdict is Verdict.EXCEEDED else None)
    if facts.computed is not None:
        said = "达成，得满分" if facts.verdict is not Verdict.MISSED else "未达成，得"
        derivation = f"实际 {facts.actual}，目标 {facts.target}，{said} {facts.computed}"
        return IndicatorScore(
            indicator, comparison, Award("quantitative", derivation, Decimal(facts.computed))
        )
    weight = Decimal(facts.weight or 0)
    low, high = weight * Decimal("0.8"), weight
    derivation = f"“{facts.actual}”属达成年度指标，得分应在 {low:.2f}～{high:.2f} 之间"
    return IndicatorScore(indicator, comparison, Award("qualitative", derivation, low=low, high=high))


def funds(initial: str, annual: str, executed: str) -> tuple[tuple[str, str, str, str, str], ...]:
    """The total line of a form."""
    return (("total", "年度资金总额", initial, annual, executed),)


_FILE = "省委金融办2024年度绩效自评表.xlsx"
_OUTPUT, _BENEFIT, _SATISFACTION = "产出指标", "效益指标", "满意度指标"
_REASON = "车辆老化维修增加、机构改革后人员与用车增多，已列入下年控制计划"

OVERALL_SHEET = Sheet(
    department=PROVINCIAL,
    project="",
    file=_FILE,
    sheet="附件2",
    funds=funds("4873.59", "5173.99", "4943.35"),
    execution=("10", "9.55", "9.55", "执行率 4,943.35 ÷ 5,173.99 = 95.54%，10 × 95.54% = 9.55"),
    rows=(
        Row(_OUTPUT, "成本指标", "公用经费节约率", "≥5%", "9.86%", "23", "23", "23"),
        Row(_OUTPUT, "成本指标", "三公经费节约率", "≥5%", "-89.29%", "3", "0", "0", Verdict.MISSED, _REASON),
        Row(
            _OUTPUT,
            "数量指标",
            "上市后备资源库入库企业家数",
            "≥600",
            "871",
            "24",
            "24",
            "24",
            Verdict.EXCEEDED,
        ),
        Row(
            _BENEFIT,
            "社会效益指标",
            "人民群众金融风险防范意识",
            "提高",
            "提高",
            "30",
            "30",
            None,
            Verdict.QUALITATIVE,
        ),
        Row(_SATISFACTION, "服务对象满意度指标", "服务对象满意度", "≥90%", "97%", "10", "10", "10"),
    ),
    total=("96.55", "96.55"),
    verified="70.00",
)


def _project(sheet: str, name: str, money: Sequence[str], *, score: str, rate: str, total: str) -> Sheet:
    initial, annual, executed = money
    quotient = f"{Decimal(executed):,.2f} ÷ {Decimal(annual):,.2f}"
    return Sheet(
        department=PROVINCIAL,
        project=name,
        file=_FILE,
        sheet=sheet,
        funds=(
            *funds(initial, annual, executed),
            ("fiscal", "其中：当年财政拨款", initial, annual, executed),
            ("other", "其他资金", None, None, None),
        ),
        execution=("10", score, score, f"执行率 {quotient} = {rate}%，10 × {rate}% = {score}"),
        rows=(
            Row(_OUTPUT, "数量指标", "举办主题宣传活动（次）", "≥1", "2", "50", "50", "50", Verdict.EXCEEDED),
            Row(
                _BENEFIT,
                "可持续影响指标",
                "公众风险防范意识",
                "增强",
                "增强",
                "30",
                "30",
                None,
                Verdict.QUALITATIVE,
            ),
            Row(_SATISFACTION, "服务对象满意度指标", "群众抽样调查满意度", "≥90%", "97%", "10", "10", "10"),
        ),
        total=(total, total),
        verified="70.00",
    )


_PROJECTS = (
    ("3-1", "地方金融风险防范专项工作经费", "440.11", "410.83", "358.02", "8.72", "87.15", "98.72"),
    ("3-2", "湖南省地方金融征信与监管平台运维经费", "203", "203", "195.96", "9.65", "96.53", "99.65"),
    ("3-3", "地方金融监管工作经费", "449.07", "528.87", "419.55", "7.93", "79.33", "97.93"),
    ("3-4", "湖南金融宣传工作经费", "148", "148", "112.88", "7.63", "76.27", "97.63"),
    ("3-5", "地方金融风险预警平台建设项目", "1442.2", "1442.2", "1442.2", "10", "100.00", "100"),
    ("3-6", "金融干部业务知识培训", "68.83", "68.83", "68.83", "10", "100.00", "100"),
)
"""Annex, name, initial and annual budget, executed, execution score, rate in percent, total."""
PROJECT_SHEETS = tuple(
    _project(f"附件{annex}", name, money, score=score, rate=rate, total=total)
    for annex, name, *money, score, rate, total in _PROJECTS
)
_SHARES = ("7.24", "3.96", "8.49", "2.28", "29.17", "1.39")
_WEIGHTED = ("7.15", "3.95", "8.31", "2.23", "29.17", "1.39")
COMPOSITE = Composite(
    department=PROVINCIAL,
    items=(
        CompositeItem(
            *("部门整体（基本支出）", "overall", Decimal("2291.01"), Decimal("46.36")),
            *(Decimal("96.55"), Decimal("45.83"), "连同结转占比 1.11%，按 47.47% 加权"),
        ),
        *(
            CompositeItem(
                *(sheet.project, "project", Decimal(sheet.funds[0][4] or 0), Decimal(share)),
                *(Decimal(sheet.total[1]), Decimal(weighted)),
            )
            for sheet, share, weighted in zip(PROJECT_SHEETS, _SHARES, _WEIGHTED, strict=True)
        ),
        CompositeItem(
            *("未单独报送的项目（上年结转等）", "carryover", Decimal("54.90"), Decimal("1.11"), None, None),
            "占比计入部门整体",
        ),
        CompositeItem("合计", "total", Decimal("4943.35"), Decimal(100), None, Decimal("98.03")),
    ),
    grade="优",
    variants=(("占比不计分", Decimal("96.95")), ("重新折算占比", Decimal("98.04"))),
)
FINDINGS = (
    ReportedFinding(
        *("A101-0001", "A101", Severity.ERROR, PROVINCIAL, Scope.PROJECT, "地方金融监管工作经费", PROJECT),
        *(_FILE, "附件3-3", "D7", "年度资金总额·年初预算数", "449.07", "449.08"),
        "《附件3-3》D7“年度资金总额·年初预算数”为 449.07，各部分相加为 449.08，相差 0.01。",
        "请核对各部分和合计数。",
        statement="“年度资金总额·年初预算数”为 449.07，各部分相加为 449.08，相差 0.01。",
    ),
    ReportedFinding(
        *("P102-0002", "P102", Severity.WARNING, PROVINCIAL, Scope.PROJECT, "湖南金融宣传工作经费", PROJECT),
        *(_FILE, "附件3-4", "I6", "预算执行", "76.27%", ""),
        "《附件3-4》I6“预算执行”执行率 76.27%，低于 90%，表中没有说明原因。",
        "请补充说明预算执行偏低的原因和改进措施。",
        statement="“预算执行”执行率 76.27%，低于 90%，表中没有说明原因。",
    ),
    ReportedFinding(
        *("Q101-0003", "Q101", Severity.WARNING, PROVINCIAL, Scope.OVERALL, "", OVERALL),
        *(_FILE, "附件2", "F23", "上市后备资源库入库企业家数", "871", "600"),
        "《附件2》F23“上市后备资源库入库企业家数”实际 871，为目标 600 的 1.45 倍，表中没有说明原因。",
        "请说明超额完成的原因，下年按实际水平设定目标。",
        statement="“上市后备资源库入库企业家数”实际 871，为目标 600 的 1.45 倍，表中没有说明原因。",
    ),
)
OUTCOMES = (SheetOutcome("报送说明.txt", "", "1" * 64, Status.IGNORED, "不是工作簿，未读取"),)


def evaluation(
    sheets: Sequence[Sheet] = (OVERALL_SHEET, *PROJECT_SHEETS),
    *,
    composites: Sequence[Composite] = (COMPOSITE,),
    findings: Sequence[ReportedFinding] = FINDINGS,
    outcomes: Sequence[SheetOutcome] = OUTCOMES,
    statuses: dict[str, Status] | None = None,
    name: str = "hunan-2024",
) -> Evaluation:
    """A round of these forms; forms with an error among the findings are returned."""
    cards = tuple(card(sheet) for sheet in sheets)
    refused = {(each.file, each.sheet) for each in findings if each.severity.rank <= Severity.ERROR.rank}
    given = {
        each.submission.submission_id: Status.RETURNED
        if (each.submission.file, each.submission.sheet) in refused
        else Status.ACCEPTED
        for each in cards
    } | (statuses or {})
    return Evaluation(
        round=Round(name, 2024, scheme()),
        submissions=tuple(each.submission for each in cards),
        statuses=given,
        outcomes=tuple(outcomes),
        cards=tuple(each for each in cards if given[each.submission.submission_id] is not Status.SUPERSEDED),
        composites=tuple(composites),
        findings=tuple(findings),
        sha256={each.submission.file: each.submission.sha256 for each in cards},
    )


def invented_department(place: int) -> tuple[list[Sheet], Composite, list[ReportedFinding]]:
    """The provincial forms under an invented name, with its own overall score; `place` counts from 1."""
    name = f"云梦泽省虚构第{place}局"
    file = f"{name}/自评表.xlsx"
    lost = Decimal(place % 30)
    total = str(Decimal("96.55") - lost)
    sheets = [
        replace(sheet, department=name, file=file, total=(total, total) if not sheet.project else sheet.total)
        for sheet in (OVERALL_SHEET, *PROJECT_SHEETS)
    ]
    first, *others, whole = COMPOSITE.items
    weighted = (Decimal(total) * Decimal("0.4747")).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    items = (
        replace(first, score=Decimal(total), weighted_score=weighted),
        *others,
        replace(whole, weighted_score=weighted + Decimal("52.20")),
    )
    findings = [
        replace(each, finding_id=f"{each.code}-{place:04d}{number}", department=name, file=file)
        for number, each in enumerate(FINDINGS[: place % 4])
    ]
    return sheets, replace(COMPOSITE, department=name, items=items), findings


def large_evaluation(departments: int) -> Evaluation:
    """A round of that many invented departments with seven forms each."""
    built = [invented_department(place) for place in range(1, departments + 1)]
    return evaluation(
        [sheet for sheets, _, _ in built for sheet in sheets],
        composites=[composite for _, composite, _ in built],
        findings=[finding for _, _, findings in built for finding in findings],
        name="xugou-2024",
    )
