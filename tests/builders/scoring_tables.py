"""Scoring tables and the sectioned form beside them, built in code: columns A–G, a row a line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.amounts import step_of
from jixiao.domain.cells import CellRef
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import Actual, ActualKind, Target, TargetKind
from jixiao.domain.submissions import Entry, Indicator, Line, State, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEME = load_scheme("yueyang-municipal", seeds_folder())
FILE, SHEET, PROFILE_SHEET = "虚构局.xlsx", "评分表", "基本情况"
FIRST_ROW = 3
"""The first indicator stands in row 4 of the sheet."""


class Row(NamedTuple):
    """A row of the table; a weight of "^" is merged with the one above."""

    level1: str
    level2: str
    level3: str
    weight: str
    self_score: str
    reason: str = ""


ROWS: tuple[Row, ...] = (
    Row("投入", "预算配置", "财政供养人员控制率", "5", "5"),
    Row("投入", "预算配置", "“三公经费”变动率", "5", "5"),
    Row("投入", "预算配置", "重点支出安排率", "5", "5"),
    Row("过程", "预算执行", "预算调整率", "3", "3"),
    Row("过程", "预算执行", "支付进度", "3", "3"),
    Row("过程", "预算执行", "资金结余", "3", "2"),
    Row("过程", "预算执行", "“三公经费”控制率", "6", "6"),
    Row("过程", "预算管理", "管理制度健全性", "3", "3"),
    Row("过程", "预算管理", "资金使用合规性", "3", "3"),
    Row("过程", "预算管理", "预决算信息公开性和完善性", "3", "3"),
    Row("过程", "预算管理", "政府采购执行率", "3", "3"),
    Row("过程", "预算管理", "公务卡刷卡率", "3", "3"),
    Row("过程", "资产管理", "管理制度健全性", "3", "3"),
    Row("过程", "资产管理", "资产管理安全性", "4", "4"),
    Row("过程", "资产管理", "固定资产利用率", "3", "3"),
    Row("产出", "职责履行", "推进全面小康建设指标任务完成情况", "5", "5"),
    Row("产出", "职责履行", "建设湖南新增长极目标任务完成情况", "7", "7"),
    Row("产出", "职责履行", "《政府工作报告》目标任务完成情况", "5", "5"),
    Row("产出", "职责履行", "省市重点民生实事完成情况", "2", "2"),
    Row("产出", "职责履行", "省市重点工程和重大项目建设完成情况", "2", "2"),
    Row("产出", "职责履行", "其他工作实绩指标完成情况", "4", "4"),
    Row("效果", "履职效益", "经济效益", "15", "5"),
    Row("效果", "履职效益", "社会效益", "^", "5"),
    Row("效果", "履职效益", "生态效益", "^", "5"),
    Row("效果", "履职效益", "社会公众或服务对象满意度", "5", "5"),
)
FIGURES: Mapping[str, str] = {
    "authorised": "16",
    "on_payroll": "16",
    "income.total.carryover": "60.29",
    "spending.total.project": "20.00",
    "spending.total.balance": "22.11",
    "three_public.total.total": "6.37",
    "assets.total.total": "49.29",
    "assets.total.in_use": "49.29",
}
"""Figures of the sectioned form by address, one a cell of column B from row 1 on."""


def entry(ref: CellRef, text: str) -> Entry:
    """A cell by its text: a figure, "—" for nothing, "" for blank, else words."""
    if not text:
        return Entry(ref, State.BLANK)
    if text == "—":
        return Entry(ref, State.DASH, text)
    try:
        value = Decimal(text)
    except ArithmeticError:
        return Entry(ref, State.TEXT, text)
    return Entry(ref, State.NUMBER, text, value, step_of(value))


def scoring_table(
    changes: Mapping[str, Row] | None = None, *, rows: Sequence[Row] = ROWS, total: str = "99"
) -> Submission:
    """A table in which every rule agrees with the score; `changes` by third-level name."""
    printed = [(changes or {}).get(row.level3, row) for row in rows]
    indicators: list[Indicator] = []
    for number, row in enumerate(printed, start=FIRST_ROW):
        indicators.append(_indicator(number, row, indicators[-1] if indicators else None))
    bottom = FIRST_ROW + len(printed)
    return Submission(
        submission_id="table",
        form="scoring-table",
        scope=Scope.SCORING_TABLE,
        file=FILE,
        sheet=SHEET,
        sha256="0" * 64,
        department="虚构市示例局",
        implementer="",
        project="",
        year=2020,
        fields={},
        indicators=tuple(indicators),
        total={"weight": entry(_ref(bottom, 4), "100"), "self_score": entry(_ref(bottom, 5), total)},
        title=_ref(0, 0),
    )


def one_row(row: Row) -> Submission:
    """A table of one row."""
    return scoring_table(rows=(row,), total=row.self_score)


def profile(
    changes: Mapping[str, str] | None = None, *, fields: Mapping[str, str] | None = None
) -> Submission:
    """The sectioned form; `changes` by address, further `fields` in column C."""
    figures = {**FIGURES, **(changes or {})}
    cells = {
        FigureAddress.parse(name): entry(CellRef(FILE, PROFILE_SHEET, row, 1), text)
        for row, (name, text) in enumerate(figures.items())
    }
    lines: dict[tuple[str, str], dict[str, Entry]] = {}
    for address, cell in cells.items():
        if address.table:
            lines.setdefault((address.table, address.item), {})[address.column] = cell
    own = {address.column: cell for address, cell in cells.items() if not address.table}
    further = {
        name: entry(CellRef(FILE, PROFILE_SHEET, row, 2), text)
        for row, (name, text) in enumerate((fields or {}).items())
    }
    return Submission(
        submission_id="profile",
        form="sectioned-self-evaluation",
        scope=Scope.BASIC_DATA,
        file=FILE,
        sheet=PROFILE_SHEET,
        sha256="0" * 64,
        department="虚构市示例局",
        implementer="",
        project="",
        year=2020,
        fields={**own, **further},
        lines=tuple(
            Line(table, item, "汇总", next(iter(entries.values())).ref, entries)
            for (table, item), entries in lines.items()
        ),
        title=CellRef(FILE, PROFILE_SHEET, 0, 0),
    )


def _indicator(number: int, row: Row, above: Indicator | None) -> Indicator:
    shared = above.entries["weight"] if above and row.weight == "^" else None
    entries = {
        "weight": shared or entry(_ref(number, 4), row.weight),
        "self_score": entry(_ref(number, 5), row.self_score),
        "reason": entry(_ref(number, 6), row.reason),
    }
    target, actual = Target("", TargetKind.BLANK), Actual("", ActualKind.BLANK)
    return Indicator(_ref(number, 2), row.level1, row.level2, row.level3, target, actual, entries)


def _ref(row: int, column: int) -> CellRef:
    return CellRef(FILE, SHEET, row, column)
