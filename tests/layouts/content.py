"""What a form says, with figures that are right: sums, rates, scores and grade by the scheme's rules.

Everything is computed here from the rules as the ministry words them, never by the program under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from tests.layouts.parts import OVERALL, TRANSFER
from tests.layouts.subjects import DEPARTMENTS, PROJECTS, SUBJECTS, Subject
from tests.layouts.words import FREE_SOURCES, OF_WHICH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.layouts.parts import Plan

YEAR: Final = 2024
ZERO, HUNDRED = Decimal(0), Decimal(100)
MONEY: Final = ("initial_budget", "annual_budget", "executed")
_REASON_BELOW = Decimal(90)
_CENT = Decimal("0.01")


def half_up(value: Decimal, places: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Source:
    """A row of the funds block: its name, its label where it is a free one, amounts in 万元 (None: blank)."""

    item: str
    amounts: Mapping[str, Decimal]
    label: str = ""

    @property
    def is_nil(self) -> bool:
        return not any(self.amounts.values())

    @property
    def rate(self) -> Decimal | None:
        """执行率 in percent with two decimals; None where there is no budget."""
        base = self.amounts["annual_budget"]
        return half_up(self.amounts["executed"] * HUNDRED / base) if base else None


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator: target and actual as figure with unit or as words, weight, score, reason."""

    level1: str
    level2: str
    name: str
    kind: str
    """at_least, at_most, equal, unsigned, zero, deadline, qualitative."""
    sign: str
    target: Decimal | None
    unit: str
    words: str
    actual: Decimal | None
    actual_words: str
    verdict: str
    weight: Decimal | None
    score: Decimal | None
    reason: str = ""
    day: date | None = None
    """The day that an actual names."""

    @property
    def is_figure(self) -> bool:
        return self.target is not None


@dataclass(frozen=True, slots=True)
class Content:
    """A filled form. `splits` are amounts by field name; `execution_weight` None: none on this form."""

    kind: str
    department: str
    implementer: str
    project: str
    funds: tuple[Source, ...]
    splits: Mapping[str, Decimal]
    execution_weight: Decimal | None
    execution_score: Decimal | None
    reason: str
    rows: tuple[Row, ...]

    @property
    def whole(self) -> Source:
        return self.funds[0]

    @property
    def total_weight(self) -> Decimal:
        return sum((row.weight or ZERO for row in self.rows), self.execution_weight or ZERO)

    @property
    def total(self) -> Decimal:
        return sum((row.score or ZERO for row in self.rows), self.execution_score or ZERO)

    @property
    def grade(self) -> str:
        cuts = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
        return next(grade for low, grade in cuts if self.total >= low)

    def points(self, level1: str) -> Decimal:
        """The weight of a first level."""
        return sum((row.weight or ZERO for row in self.rows if row.level1 == level1), ZERO)


_DIVISIONS: Final[Mapping[str, tuple[int, Mapping[str, int]]]] = {
    "10/50/30/10": (10, {"产出指标": 50, "效益指标": 30, "满意度指标": 10}),
    "20/40/30/10": (20, {"产出指标": 40, "效益指标": 30, "满意度指标": 10}),
    "10/40/30/20": (10, {"产出指标": 40, "效益指标": 30, "满意度指标": 20}),
    "cost first": (10, {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}),
    "no execution": (0, {"产出指标": 50, "效益指标": 40, "满意度指标": 10}),
    "90 without it": (0, {"产出指标": 50, "效益指标": 30, "满意度指标": 10}),
}


def compose(plan: Plan) -> Content:
    """The content of a plan's form."""
    rng = plan.rng("content")
    department, project = rng.choice(DEPARTMENTS), rng.choice(PROJECTS)
    implementer = department + rng.choice(("业务科", "服务中心", "信息中心"))
    execution, groups = _DIVISIONS[plan.of("division")]
    whole = _whole(plan)
    funds = (whole, *([] if plan.kind == OVERALL else _sources(whole, plan)))
    weight = Decimal(execution) if execution and not _pointless_funds(plan) else None
    rate = whole.rate
    score = half_up(min(weight, weight * rate / HUNDRED)) if weight is not None and rate is not None else None
    low = rate is not None and rate < _REASON_BELOW
    return Content(
        kind=plan.kind,
        department=department,
        implementer=implementer,
        project="" if plan.kind == OVERALL else project,
        funds=funds,
        splits=_splits(whole, plan) if plan.kind == OVERALL else {},
        execution_weight=weight,
        execution_score=score,
        reason="部分合同跨年支付，已督促加快进度。" if low else "",
        rows=tuple(_rows(groups, plan)),
    )


def _pointless_funds(plan: Plan) -> bool:
    return plan.has("funds columns", "no points") or plan.has("points", "none")


def _whole(plan: Plan) -> Source:
    rng = plan.rng("amounts of the whole")
    annual = Decimal(rng.randint(2_000, 900_000)) / 100
    shares = (
        (rng.randint(5_500, 8_990), 8_990) if plan.has("execution", "low with reason") else (9_010, 10_000)
    )
    share = Decimal(rng.randint(*shares) if rng.random() < 0.7 or shares[1] < 10_000 else 10_000) / 10_000
    initial = half_up(annual * Decimal(rng.randint(80, 100)) / 100)
    amounts = {"initial_budget": initial, "annual_budget": annual, "executed": half_up(annual * share)}
    return Source("total", amounts)


def _sources(whole: Source, plan: Plan) -> list[Source]:
    """The whole divided over its sources so that every column adds up."""
    rng = plan.rng("sources")
    first = "central" if plan.kind == TRANSFER else "fiscal"
    names = [first, "local" if plan.kind == TRANSFER else "carryover", "other"]
    labels = dict.fromkeys(names, "")
    if plan.has("sources", "free"):
        for label in rng.sample(FREE_SOURCES, rng.randint(1, 2)):
            names.insert(rng.randint(1, len(names)), label)
            labels[label] = label
    live = [first, *(name for name in names[1:] if labels[name] or rng.random() < 0.5)]
    parts = {name: dict.fromkeys(MONEY, ZERO) for name in names}
    annual = _divided(whole.amounts["annual_budget"], live, rng)
    executed = _divided(whole.amounts["executed"], live, rng, ceilings=annual)
    initial = _divided(whole.amounts["initial_budget"], live, rng)
    for name in live:
        figures = (initial[name], annual[name], executed[name])
        parts[name] = dict(zip(MONEY, figures, strict=True))
    found = [Source(name, parts[name], labels[name]) for name in names]
    if plan.has("sources", "of which"):
        label = rng.choice(OF_WHICH)
        half = {column: half_up(amount / 2) for column, amount in parts[first].items()}
        found.insert(1, Source(label, half, label))
    return found


def _divided(
    amount: Decimal, names: list[str], rng: Random, ceilings: Mapping[str, Decimal] | None = None
) -> dict[str, Decimal]:
    """An amount in as many parts of two decimals; in the proportion of ceilings, none above its own."""
    if ceilings:
        return _within(amount, ceilings)
    parts = {name: half_up(amount * rng.randint(3, 20) / 100) for name in names[1:]}
    return {names[0]: amount - sum(parts.values(), ZERO), **parts}


def _within(amount: Decimal, ceilings: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """An amount in the proportion of ceilings, what rounding leaves over where there is room."""
    whole = sum(ceilings.values(), ZERO)
    parts = {name: (amount * each / whole).quantize(_CENT, ROUND_DOWN) for name, each in ceilings.items()}
    while (rest := amount - sum(parts.values(), ZERO)) > 0:
        name = max(parts, key=lambda each: ceilings[each] - parts[each])
        parts[name] += min(rest, _CENT)
    return parts


def _splits(whole: Source, plan: Plan) -> dict[str, Decimal]:
    rng = plan.rng("splits")
    income = ["general_public_budget", "government_fund", "special_account", "other_funds"]
    live = income[: rng.randint(1, 4)]
    amounts = dict.fromkeys(income, ZERO) | _divided(whole.amounts["annual_budget"], live, rng)
    spending = ["basic_expenditure", "project_expenditure"]
    return amounts | _divided(whole.amounts["executed"], spending, rng)


def _rows(groups: Mapping[str, int], plan: Plan) -> list[Row]:
    rng = plan.rng("rows")
    subjects = list(SUBJECTS)
    rng.shuffle(subjects)
    rows: list[Row] = []
    for level1, points in groups.items():
        own = [each for each in subjects if level1 == _first_level(each, groups)]
        count = min(len(own), max(1, points // rng.choice((5, 10, 10, 15))))
        chosen = sorted(own[:count], key=SUBJECTS.index)
        for subject, weight in zip(chosen, _shared(points, len(chosen), rng), strict=True):
            rows.append(_row(subject, level1, Decimal(weight), rng))
    if plan.has("breakdown", "rows without points"):
        rows = _with_breakdown(rows, rng)
    if plan.has("points", "none"):
        rows = [_without_points(row) for row in rows]
    return rows


def _first_level(subject: Subject, groups: Mapping[str, int]) -> str:
    """Costs are a first level of their own where the form has one for them."""
    return subject.level2 if subject.level2 in groups else subject.level1


def _without_points(row: Row) -> Row:
    fields = {name: getattr(row, name) for name in Row.__slots__}
    return Row(**{**fields, "weight": None, "score": None})


def _shared(points: int, count: int, rng: Random) -> list[int]:
    """Points in as many whole parts of at least 1."""
    cuts = sorted(rng.sample(range(1, points), count - 1)) if count > 1 else []
    return [right - left for left, right in zip([0, *cuts], [*cuts, points], strict=True)]


def _row(subject: Subject, level1: str, weight: Decimal, rng: Random) -> Row:
    level2 = subject.level2 if level1 != "成本指标" else "经济成本指标"
    missed = subject.kind in {"at_least", "at_most"} and rng.random() < 0.12
    if subject.kind == "qualitative":
        return Row(
            level1, level2, subject.name, "qualitative", "", None, "", subject.words,
            None, subject.words, "qualitative", weight, weight,
        )  # fmt: skip
    if subject.kind == "deadline":
        month = rng.randint(6, 11)
        day = date(YEAR, month, rng.randint(1, 28))
        words, done = f"{month + 1}月底前", f"{day.month}月{day.day}日"
        return Row(
            level1, level2, subject.name, "deadline", "", None, "", words, None, done, "met", weight, weight,
            day=day,
        )  # fmt: skip
    target = Decimal(rng.randint(*subject.range))
    if subject.places:
        target = target.scaleb(-subject.places)
    actual = _actual(subject.kind, subject.unit, target, missed=missed, rng=rng)
    if missed and actual == target:
        missed = False
    ratio = actual / target if subject.kind == "at_least" else target / actual if actual else Decimal(1)
    score = half_up(weight * ratio) if missed else weight
    return Row(
        level1, level2, subject.name, subject.kind, subject.sign, target, subject.unit, "", actual, "",
        "missed" if missed else "met", weight, score, "受汛期影响，已调整计划。" if missed else "",
    )  # fmt: skip


def _actual(kind: str, unit: str, target: Decimal, *, missed: bool, rng: Random) -> Decimal:
    """An actual that meets the target without exceeding it by far, or misses it."""
    if kind in {"equal", "unsigned", "zero"}:
        return target
    better = (kind == "at_least") != missed
    share = Decimal(rng.randint(101, 120) if better else rng.randint(72, 97)) / 100
    places = max(0, -int(target.as_tuple().exponent))
    actual = half_up(target * share, places if unit != "%" else 1)
    if unit == "%" and kind == "at_least" and actual > HUNDRED:
        return HUNDRED
    return actual if not (better and kind == "at_least" and actual >= target * Decimal("1.3")) else target


def _with_breakdown(rows: list[Row], rng: Random) -> list[Row]:
    """其中 rows under one quantity, which carry neither weight nor score."""
    at = next((at for at, row in enumerate(rows) if row.kind == "at_least" and row.unit != "%"), None)
    if at is None:
        return rows
    parent = rows[at]
    parts = []
    for name in rng.sample(("城区", "乡镇", "园区"), 2):
        figure = half_up((parent.target or ZERO) / 4, 0) or Decimal(1)
        parts.append(
            Row(
                parent.level1, parent.level2, f"其中：{name}{parent.name}", "at_least", parent.sign, figure,
                parent.unit, "", figure, "", "met", None, None,
            )
        )  # fmt: skip
    return [*rows[: at + 1], *parts, *rows[at + 1 :]]
