"""The words of the language of forms, by purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lexicon:
    """The words of the language of forms, by purpose; seeds/lexicon.toml has one table a field.

    Compared and hashed by identity, so that the patterns made from it are made once.
    """

    comparators: Mapping[str, str]
    """Words before a figure → Comparator value."""
    suffixes: Mapping[str, str]
    """Words after a figure → Comparator value (以上)."""
    arrivals: Mapping[str, str]
    """Words that bound a target and state an actual exactly (达到, 控制在) → Comparator value."""
    changes: Mapping[str, str]
    """Words of change (上升) → the one that stands for them (增长)."""
    change_nouns: tuple[str, ...]
    """Endings that make a word of change a name (增长率): the figure is then no change."""
    bases: Mapping[str, str]
    """What a change is measured from (较上年) → the word that stands for it (同比)."""
    units: Mapping[str, tuple[str, Decimal]]
    """Unit word → (dimension, factor)."""
    unit_prefixes: Mapping[str, str]
    """Words before a figure that act as its unit: 百分之 → %."""
    scales: Mapping[str, Decimal]
    """万 → 10000."""
    periods: tuple[str, ...]
    """Further units that stand only below a rate's stroke or after 每: 月, 人·天."""
    per: tuple[str, ...]
    """Words before a rate's denominator: 每."""
    generic: tuple[str, ...]
    """Dimensions that count anything: 个."""
    counters: tuple[str, ...]
    """Dimensions that a generic one may stand for: 家, 项."""
    undirected: tuple[str, ...]
    """Dimensions in which an unsigned figure may be a maximum as well as a minimum: 元, 秒."""
    directed_percent: Decimal
    """From here on an unsigned percentage is a minimum."""
    numerals: Mapping[str, Decimal]
    """Chinese numerals: 三 → 3, 十 → 10."""
    connectors: tuple[str, ...]
    """What stands between the ends of a range."""
    range_ends: tuple[str, ...]
    """Words after a range: 之间."""
    joints: tuple[str, ...]
    """What joins two conditions: 且."""
    fillers: tuple[str, ...]
    """Words around a figure that change nothing about it: 共, 已完成."""
    counted: tuple[str, ...]
    """Words after a figure that say what it counts, before one perhaps a plan: 任务."""
    intensifiers: tuple[str, ...]
    """Words without which a quality is one degree less: 非常."""
    harmless: tuple[str, ...]
    """Words that hold a negation or a caution but mean none: 不断, 不良率."""
    cautions: tuple[str, ...]
    """Words that change what a figure means: 约, 计划, 提前, 未."""
    breakdowns: tuple[str, ...]
    """First words of a bracket that only breaks a figure down: 其中, 线上."""
    references: tuple[str, ...]
    """Words that send the reader elsewhere: 详见."""
    years: Mapping[str, int]
    """How a year is written ({y} for its digits) → years after it that are meant."""
    dates: Mapping[str, tuple[str, str]]
    """How a date or period is written ({y}, {m}, {d}) → its first and last day as month-day."""
    before: tuple[str, ...]
    """Words after a date: up to it, with or without it (前)."""
    within: tuple[str, ...]
    """Words after a date: in it (内)."""
    done: tuple[str, ...]
    """Words beside a date that say it is the date of completion."""
    on_time: tuple[str, ...]
    """Words that say that a deadline was kept."""
    levels: Mapping[str, tuple[str, ...]]
    """Qualitative level (reached, partly, missed) → words that support it."""
    negators: tuple[str, ...]
    """Words that turn a supporting word right after them round: 未, 没有."""
    doubts: tuple[str, ...]
    """Words beside which nothing about the level is certain: 待, 拟."""
    relative: tuple[str, ...]
    """Words that make a target relative: 平均, 上年, 同期."""
    zeros: tuple[str, ...]
    """Whole texts of an actual that say nothing happened: 无, 未发生."""
    nones: tuple[str, ...]
    """First words of "nothing happened": 无, 零, 未发生."""
    incidents: tuple[str, ...]
    """What then did not happen, in any sequence: 重大, 安全, 事故, 投诉."""
    wholes: tuple[str, ...]
    """Whole texts of an actual that say 100 %: 全覆盖."""
    samples: tuple[str, ...]
    """Words of a sheet name that mark a sample."""
    foreign: Mapping[str, tuple[str, ...]]
    """Kinds of form that are no self-evaluation (绩效目标申报表) → words of their titles."""
    placeholders: tuple[str, ...]
    """Texts of unfilled template cells: ……, 指标1."""
    prompts: tuple[str, ...]
    """Words by which a blank form asks for something, wherever they stand in a cell: 请填写."""
    dashes: tuple[str, ...]
    """Marks that mean "nothing"."""
    notes: tuple[str, ...]
    """First words of a remark between the rows of a table: 注, 说明."""
    clerical: tuple[str, ...]
    """Labels that no form's figures depend on, but that end a value before them: 填报日期."""
    natures: tuple[str, ...]
    """What a cell for the comparison sign says in words of no direction: 定性, 定量."""
    directions: Mapping[str, str]
    """What it says in words of a direction (正向) → Comparator value."""
    qualifiers: tuple[str, ...]
    """Words that a label may have or not have without meaning anything else: 本年, 合计."""
    origins: tuple[str, ...]
    """The same of words that say whose the money is, but where rows differ by just that: 财政, 市级."""
    evaluations: tuple[str, ...]
    """Words that a form's own title begins with, after the name of what is evaluated."""
    organisations: tuple[str, ...]
    """What the names of departments end in: 局, 中心."""
    lower_is_better: tuple[str, ...]
    """Words in an indicator's names that make its unsigned figure a maximum: 成本, 投诉."""
    spending: tuple[str, ...]
    """Words of a reason that speaks of spending: 执行率, 支付, 结余."""
    executions: tuple[str, ...]
    """Words in the names of an indicator that is the budget's execution: 预算执行率."""
    extras: tuple[str, ...]
    """Words in the levels of rows whose points come on top of the whole, or are taken from it: 加分项."""
    deductions: tuple[str, ...]
    """Those of them whose points are taken: 扣分项."""
    reviewers: tuple[str, ...]
    """Words of a note that leaves a field to whoever reviews the form: 由财政部门填写."""
    accepting: tuple[str, ...]
    """What an officer writes beside a finding who accepts it as it is: 接受, 同意."""
    refusing: tuple[str, ...]
    """What one writes who does not: 不接受, 退回."""
    nothings: tuple[str, ...]
    """Words in a cell for a figure that mean "nothing", as a dash does: 无, 不涉及."""
    boundless: tuple[str, ...]
    """Words of names that make no bounded rate of 覆盖率: 拨备覆盖率 may be above 100 %."""
    shortfalls: tuple[str, ...]
    """Words of such a reason that say why not all was spent: 未, 延, 结余."""
    indicator_words: tuple[str, ...]
    """Words by which the reason of a form's execution speaks of its indicators as well: 指标, 扣分."""
    higher_is_better: tuple[str, ...]
    """Words in an indicator's own name that overrule these: 节约率."""
    undirected_names: tuple[str, ...]
    """Words in an indicator's name that leave open whether more or less is better: 控制率, 占比."""
    bounded: tuple[str, ...]
    """Rates of which there is no more than 100 %: 满意度, 覆盖率."""
    signs: Mapping[str, str]
    """Characters typed for a comparison sign (》, ═) → Comparator value."""
    unit_joints: tuple[str, ...]
    """What stands between the denominators of a rate: 元/人·月."""
    until: tuple[str, ...]
    """Words before a date: up to it, itself included (≤, 截至)."""
    beginnings: tuple[str, ...]
    """Words beside a date that say it is the date of a beginning: 启动, 开工."""
