"""What a round's results have to add up to: control totals from the forms as read, and the sheet 核对.

A control is one total in one place: rows or a column of a table in `data/`, or of a sheet. What is due there
is counted from the forms as they were read (`jixiao.evaluating.tallies`), what is there from the file that
was written (`jixiao.workbooks.counting`): neither knows of the other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.amounts import ZERO, exact_sum, plain, show
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec
from jixiao.language import SHEET, say, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from decimal import Decimal

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.report import Content

CONTROL_SHEET = "核对"
MONEY = "万元"


class Control(NamedTuple):
    """A total: the rows of a table or sheet, or with `column` the sum of that column.

    `by` is the column that says whose a row is, "" where rows are of no department; `only` names a column
    and the value that the rows have which count. Of a sheet without `column` the rows are counted that have
    something in `by`.
    """

    what: str
    unit: str
    place: str
    column: str = ""
    by: str = "部门"
    only: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.place}.{self.column or self.by}"

    @property
    def is_table(self) -> bool:
        """Whether it stands in a file of `data/`, not on a sheet."""
        return self.place.isascii()

    @property
    def file(self) -> str:
        """Where it stands, as a reader finds it."""
        return (
            f"data/{self.place}.csv"
            if self.is_table
            else say("工作表“{place}”", place=spoken(self.place, SHEET))
        )


AMOUNTS = {
    "prior_executed": say("上年执行数"),
    "initial_budget": say("年初预算数"),
    "carryover": say("上年结转"),
    "adjustment": say("调整数"),
    "annual_budget": say("全年预算数"),
    "executed": say("全年执行数"),
    "balance": say("结转结余"),
}
"""The amounts of a budget line."""
SHOWN = {
    "initial_budget": "年初",
    "carryover": "结转",
    "adjustment": "调整",
    "annual_budget": "全年预算",
    "executed": "执行",
}
"""Those that 预算执行 shows as they were read, by its columns."""
FUNDS = {"annual_budget": "全年预算数", "executed": "全年执行数"}
"""Those of a form as a whole, by the columns of 项目汇总 and 部门汇总."""

FILES = Control(say("文件"), say("个"), "submissions", "file", by="")
SHEETS = Control(say("工作表"), say("张"), "submissions", "sheet", by="")
FORMS = Control(say("报送表"), say("张"), "submissions", "submission_id", by="")
FILED = Control(say("报送表和未用的工作表"), say("行"), "报送情况", by="文件")
LINES = Control(say("资金行"), say("行"), "budget_lines", by="department")
INDICATORS = Control(say("绩效指标"), say("行"), "indicators", by="department")
FIGURES = Control(say("金额"), say("个"), "figures", by="department", only=("unit", MONEY))
FIGURES_SUM = Control(say("各表全部金额"), MONEY, "figures", "value", by="department", only=("unit", MONEY))
FINDINGS = Control(say("审核发现"), say("条"), "findings", by="department")
PROJECTS = Control(say("项目"), say("个"), "项目汇总")
SHOWN_LINES = Control(say("资金行"), say("行"), "预算执行")
SHOWN_INDICATORS = Control(say("绩效指标"), say("行"), "指标明细")
SHOWN_FINDINGS = Control(say("审核发现"), say("条"), "审核发现")
DEPARTMENTS = Control(say("部门"), say("个"), "部门汇总")


@cache
def line_control(amount: str) -> Control:
    """The sum of an amount over budget_lines.csv."""
    return Control(AMOUNTS[amount], MONEY, "budget_lines", amount, by="department")


@cache
def shown_control(amount: str) -> Control:
    """The sum of an amount over 预算执行."""
    return Control(AMOUNTS[amount], MONEY, "预算执行", SHOWN[amount])


@cache
def funds_control(amount: str, place: str) -> Control:
    """The sum of a form's own amount over 项目汇总 or 部门汇总."""
    return Control(FUNDS[amount], MONEY, place, FUNDS[amount])


COUNTED_ONCE = (FILES, SHEETS, FORMS, FILED)
"""What is counted over the whole round, not department by department."""
CONTROLS = (
    *(FILES, SHEETS, FORMS, FILED),
    *(LINES, *map(line_control, AMOUNTS)),
    *(SHOWN_LINES, *map(shown_control, SHOWN)),
    *(PROJECTS, *(funds_control(each, "项目汇总") for each in FUNDS)),
    *(DEPARTMENTS, *(funds_control(each, "部门汇总") for each in FUNDS)),
    *(INDICATORS, SHOWN_INDICATORS),
    *(FIGURES, FIGURES_SUM),
    *(FINDINGS, SHOWN_FINDINGS),
)
"""All of them, in the order of the sheet."""


@dataclass(frozen=True, slots=True)
class Count:
    """What was read for a control, and what of it does not count there, by reason in Chinese.

    `converted` is what reading amounts in their true unit adds.
    """

    read: Decimal = ZERO
    superseded: Decimal = ZERO
    converted: Decimal = ZERO
    left_out: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def due(self) -> Decimal:
        """What has to stand there."""
        gone = (each.copy_negate() for each in (self.superseded, *self._gone))
        return exact_sum((self.read, self.converted, *gone))

    @property
    def _gone(self) -> Iterable[Decimal]:
        return self.left_out.values()

    @property
    def gone(self) -> Decimal:
        """What is left out, for whatever reason."""
        return exact_sum(self._gone)


Tally = dict[str, Count]
"""A department's counts by the controls' keys."""


def add_counts(counts: Iterable[Count]) -> Count:
    """Several counts of one control as one."""
    counts = tuple(counts)
    reasons: dict[str, list[Decimal]] = defaultdict(list)
    for each in counts:
        for reason, amount in each.left_out.items():
            reasons[reason].append(amount)
    return Count(
        exact_sum(each.read for each in counts),
        exact_sum(each.superseded for each in counts),
        exact_sum(each.converted for each in counts),
        {reason: total for reason, amounts in reasons.items() if (total := exact_sum(amounts))},
    )


class Balance(NamedTuple):
    """A control with what was read for it over the whole round, and what was written."""

    control: Control
    counted: Count
    found: Decimal
    remark: str = ""

    @property
    def is_told(self) -> bool:
        """Whether there is anything to account for."""
        return bool(self.counted.read or self.found) or self.control in COUNTED_ONCE


class Imbalance(NamedTuple):
    """A control that does not come out, and by how much (found less due) for which departments."""

    control: Control
    due: Decimal
    found: Decimal
    departments: Mapping[str, Decimal]


def imbalance_of(
    control: Control, due: Mapping[str, Decimal], found: Mapping[str, Decimal]
) -> Imbalance | None:
    """What is wrong with a control, whose totals are given by department ("" where it knows none)."""
    names = sorted(due.keys() | found.keys())
    odd = {name: exact_sum((found.get(name, ZERO), due.get(name, ZERO).copy_negate())) for name in names}
    odd = {name: amount for name, amount in odd.items() if amount}
    if not odd:
        return None
    return Imbalance(control, exact_sum(due.values()), exact_sum(found.values()), odd)


_NAMED = 3


def tell_imbalances(imbalances: Sequence[Imbalance]) -> str:
    """One sentence of what does not balance, by how much, and for whom."""
    told = say("；").join(map(_told, imbalances[:_NAMED]))
    more = say("；另有 {count} 项不平", count=len(imbalances) - _NAMED) if len(imbalances) > _NAMED else ""
    return say(
        "控制数核对不平，新结果没有换上：{told}{more}。这是程序的错误，不是部门的问题，"
        "请把这段话和运行记录交给程序维护人员；上一次的结果仍然保留。",
        told=told,
        more=more,
    )


def _told(each: Imbalance) -> str:
    control, names = each.control, [name for name in each.departments if name]
    due, found = (f"{_shown(amount, control)} {spoken(control.unit)}" for amount in (each.due, each.found))
    difference = _difference(exact_sum((each.found, each.due.copy_negate())), control)
    said = say(
        "{file}的“{what}”应为 {due}，写出 {found}（{difference}）",
        file=control.file,
        what=control.what,
        due=due,
        found=found,
        difference=difference,
    )
    if not names:
        return said
    shown = say("、").join(
        f"{name}（{_difference(each.departments[name], control)}）" for name in names[:_NAMED]
    )
    if len(names) > _NAMED:
        return say("{said}，涉及{names}等 {count} 个部门", said=said, names=shown, count=len(names))
    return say("{said}，涉及{names}", said=said, names=shown)


def _difference(amount: Decimal, control: Control) -> str:
    if not amount:
        return say("总数相同")
    shown = _shown(amount.copy_abs(), control)
    return say("多 {amount}", amount=shown) if amount > 0 else say("少 {amount}", amount=shown)


def _shown(amount: Decimal, control: Control) -> str:
    return show(amount) if control.unit == MONEY else plain(amount)


def control_sheet(
    balances: Sequence[Balance], edition: Edition, parts: Callable[[str], Sequence[str]]
) -> SheetSpec:
    """核对: one control a row; `parts` gives the names of the sheets over which one goes on."""
    columns = (
        *(ColumnSpec("核对内容", wrap=24), ColumnSpec("单位", Kind.MARK), ColumnSpec("写到哪里", wrap=30)),
        *(ColumnSpec("读入", Kind.AMOUNT), ColumnSpec("被替代", Kind.AMOUNT)),
        *(ColumnSpec("未计入", Kind.AMOUNT), ColumnSpec("单位更正", Kind.AMOUNT)),
        *(ColumnSpec("应有", Kind.AMOUNT), ColumnSpec("实有", Kind.AMOUNT)),
        *(ColumnSpec("差额", Kind.AMOUNT, nought=True), ColumnSpec("未计入的原因等", wrap=60)),
    )
    counted = {row: Kind.COUNT for row, each in enumerate(balances) if each.control.unit != MONEY}
    return SheetSpec(
        name=CONTROL_SHEET,
        about=say("证明没有遗漏：读入的每个文件、每张表、每一行和每一笔金额到了哪里"),
        title=edition.title(spoken("核对", SHEET)),
        note=edition.note(
            say(
                "应有＝读入－被替代－未计入＋单位更正，实有是写到数据表和工作表中的，差额须为 0；"
                "有一项不平，新结果就不会替换上一次的。工作表改动后差额随之变化，不为 0 的标出。"
                "每个文件和工作表的去向见“报送情况”。"
            ),
            unit="",
        ),
        columns=columns,
        rows=tuple(_row(each, parts) for each in balances),
        row_kinds=counted,
        fixed=1,
        filtered=False,
    )


def _row(each: Balance, parts: Callable[[str], Sequence[str]]) -> tuple[Content, ...]:
    control, count = each.control, each.counted
    reasons = [f"{reason} {_shown(amount, control)}" for reason, amount in count.left_out.items() if amount]
    return (
        *(control.what, spoken(control.unit), control.file),
        *(count.read, count.superseded or None, count.gone or None, count.converted or None),
        Formula("[读入]-[被替代]-[未计入]+[单位更正]", count.due),
        _found(control, each.found, parts),
        Formula("ROUND([实有]-[应有],6)", exact_sum((each.found, count.due.copy_negate()))),
        say("；").join(filter(None, (each.remark, *reasons))),
    )


def _found(control: Control, found: Decimal, parts: Callable[[str], Sequence[str]]) -> Content:
    """Live on sheets; a sheet without rows holds a remark where the first would stand."""
    if control.is_table or not found:
        return found
    function, column = ("SUM", control.column) if control.column else ("COUNTA", control.by)
    sums = (f"{function}([{name}!{column}:])" for name in parts(control.place))
    return Formula("+".join(sums), found)


def describe_balances(balances: Sequence[Balance]) -> list[dict[str, object]]:
    """The controls for the manifest; figures as exact decimal text."""
    return [
        {
            "what": each.control.what,
            "unit": each.control.unit,
            "place": f"data/{each.control.place}.csv" if each.control.is_table else each.control.place,
            "column": each.control.column,
            "read": plain(each.counted.read),
            "superseded": plain(each.counted.superseded),
            "left_out": {reason: plain(amount) for reason, amount in each.counted.left_out.items()},
            "converted": plain(each.counted.converted),
            "due": plain(each.counted.due),
            "found": plain(each.found),
            "difference": plain(exact_sum((each.found, each.counted.due.copy_negate()))),
        }
        for each in balances
    ]
