"""A scheme and two form layouts in code: the figures of the worked example's rules, no file read."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import (
    ColumnLayout,
    FieldLayout,
    FormLayout,
    Identity,
    IdentityKind,
    ItemLayout,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from jixiao.domain.lexicon import Lexicon
from jixiao.domain.quantities import TargetKind
from jixiao.domain.scheme import (
    Band,
    CarryoverTreatment,
    CompositeRule,
    ExecutionRule,
    GradeCut,
    Method,
    Scheme,
    ScoringRule,
    Weights,
)


def identity_of(
    name: str,
    title: str,
    kind: IdentityKind,
    total: str,
    *sides: tuple[str, ...],
    items: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    alternatives: tuple[str, ...] = (),
) -> Identity:
    """An identity; `sides` are plus and minus."""
    plus, minus = (*(addresses(*side) for side in sides), ())[:2]
    at = FigureAddress.parse(total)
    return Identity(name, title, kind, at, plus, minus, items, columns, addresses(*alternatives))


def addresses(*texts: str) -> tuple[FigureAddress, ...]:
    return tuple(map(FigureAddress.parse, texts))


AMOUNTS = ("initial_budget", "annual_budget", "executed")
_TITLES = {
    "initial_budget": "年初预算数",
    "annual_budget": "全年预算数",
    "executed": "全年执行数",
    "adjustment": "调整数",
    "weight": "分值",
    "execution_rate": "执行率",
    "self_score": "得分",
    "reason": "偏差原因",
    "level3": "三级指标",
    "target": "年度指标值",
    "actual": "实际完成值",
}
_KINDS = {
    **dict.fromkeys((*AMOUNTS, "adjustment"), ValueKind.AMOUNT),
    "weight": ValueKind.SCORE,
    "self_score": ValueKind.SCORE,
    "execution_rate": ValueKind.PERCENT,
}
FUNDS = (*AMOUNTS, "weight", "execution_rate", "self_score", "reason", "adjustment")
INDICATORS = ("level3", "target", "actual", "weight", "self_score", "reason")
INCOME = ("general_public_budget", "government_fund", "other_funds")
SPENDING = ("basic_expenditure", "project_expenditure")
FIELD_TITLES = {
    "general_public_budget": "一般公共预算",
    "government_fund": "政府性基金拨款",
    "other_funds": "其他资金",
    "basic_expenditure": "基本支出",
    "project_expenditure": "项目支出",
}
ITEM_TITLES = {
    "total": "年度资金总额",
    "fiscal": "当年财政拨款",
    "carryover": "上年结转资金",
    "other": "其他资金",
}


def _column(name: str) -> ColumnLayout:
    return ColumnLayout(name, _TITLES[name], (_TITLES[name],), _KINDS.get(name, ValueKind.TEXT))


def _tables(*items: str) -> tuple[TableLayout, ...]:
    rows = tuple(
        ItemLayout(name, ITEM_TITLES[name], (ITEM_TITLES[name],), required=name == "total") for name in items
    )
    columns = tuple(_column(name) for name in FUNDS)
    return (
        TableLayout("funds", "资金", TableKind.LINES, columns, rows, budget=True),
        TableLayout(
            "indicators",
            "绩效指标",
            TableKind.INDICATORS,
            tuple(_column(name) for name in INDICATORS),
            total_labels=("总分",),
        ),
    )


def _fields(*amounts: str) -> tuple[FieldLayout, ...]:
    titles = {"department": "部门名称", "grade": "评价等级", "reason": "说明"}
    texts = tuple(FieldLayout(name, title, (title,)) for name, title in titles.items())
    return texts + tuple(
        FieldLayout(name, FIELD_TITLES[name], (FIELD_TITLES[name],), ValueKind.AMOUNT) for name in amounts
    )


RATE = identity_of(
    "execution_rate",
    "执行率 = 全年执行数 ÷ 全年预算数",
    IdentityKind.RATIO,
    "funds.{item}.execution_rate",
    ("funds.{item}.executed", "funds.{item}.annual_budget"),
)
FUNDS_SUM = identity_of(
    "funds_sum",
    "年度资金总额等于各项之和",
    IdentityKind.SUM,
    "funds.total.{column}",
    ("funds.fiscal.{column}", "funds.carryover.{column}", "funds.other.{column}"),
    columns=AMOUNTS,
)

OVERALL = FormLayout(
    id="overall",
    title="部门整体支出绩效自评表",
    scope=Scope.OVERALL,
    titles=("部门整体支出绩效自评表",),
    fields=_fields(*INCOME, *SPENDING),
    tables=_tables("total"),
    identities=(
        RATE,
        identity_of("income", "收入合计", IdentityKind.SUM, "funds.total.annual_budget", INCOME),
        identity_of("spending", "支出合计", IdentityKind.SUM, "funds.total.executed", SPENDING),
    ),
)
PROJECT = FormLayout(
    id="project",
    title="项目支出绩效自评表",
    scope=Scope.PROJECT,
    titles=("项目支出绩效自评表",),
    fields=_fields(),
    tables=_tables("total", "fiscal", "carryover", "other"),
    identities=(RATE, FUNDS_SUM),
)

_METHODS = {
    TargetKind.AT_LEAST: Method.PROPORTIONAL,
    TargetKind.EQUAL: Method.PROPORTIONAL,
    TargetKind.UNSIGNED: Method.PROPORTIONAL,
    TargetKind.AT_MOST: Method.INVERSE_RATIO,
    TargetKind.BETWEEN: Method.ALL_OR_NOTHING,
    TargetKind.ZERO: Method.ALL_OR_NOTHING,
    TargetKind.DEADLINE: Method.BELOW_FULL,
    TargetKind.QUALITATIVE: Method.BAND,
    TargetKind.RELATIVE: Method.JUDGED,
}
BANDS = (
    Band("reached", "达成", Decimal("0.8"), Decimal(1)),
    Band("partly", "部分达成", Decimal("0.6"), Decimal("0.8")),
    Band("missed", "未达成", Decimal(0), Decimal("0.6")),
)


def rule(kind: TargetKind, method: Method) -> ScoringRule:
    return ScoringRule(f"{kind}-{method}", f"规则（{kind}）", frozenset({kind}), method, "测试依据")


def _weights(scope: Scope) -> Weights:
    groups = {"产出指标": Decimal(50), "效益指标": Decimal(30), "满意度指标": Decimal(10)}
    return Weights(scope, Decimal(100), Decimal(10), groups, fixed=True)


def _no_words() -> Lexicon:
    """A lexicon whose every table is empty, whatever tables there are."""
    lexicon = Lexicon.__new__(Lexicon)
    for table in fields(Lexicon):
        object.__setattr__(lexicon, table.name, ())
    return lexicon


def scheme(carryover: CarryoverTreatment = CarryoverTreatment.TO_OVERALL) -> Scheme:
    """The rules of the worked example; its lexicon is empty: after extraction only plausibility opens it."""
    return Scheme(
        id="test-scheme",
        title="测试方案",
        jurisdiction="测试",
        regulations=(),
        first_year=None,
        last_year=None,
        extends="",
        forms=(OVERALL, PROJECT),
        weights=(_weights(Scope.OVERALL), _weights(Scope.PROJECT)),
        execution=ExecutionRule(
            id="execution",
            title="预算执行",
            basis="测试依据",
            rate_places=2,
            score_places=2,
            exact_accepted=True,
            reason_below=Decimal(90),
            overspent_beyond=Decimal("0.01"),
        ),
        rules=tuple(rule(kind, method) for kind, method in _METHODS.items()),
        bands=BANDS,
        grades=(
            GradeCut("优", Decimal(90)),
            GradeCut("良", Decimal(80), ("良好",)),
            GradeCut("中", Decimal(60)),
            GradeCut("差", Decimal(0)),
        ),
        composite=CompositeRule(
            "composite",
            "综合得分",
            "测试依据",
            FigureAddress.parse("funds.total.executed"),
            FigureAddress.parse("basic_expenditure"),
            FigureAddress.parse("funds.total.executed"),
            carryover,
            2,
            2,
        ),
        score_places=2,
        exceeded_from=Decimal("1.3"),
        lexicon=_no_words(),
    )
