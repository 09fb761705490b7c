from __future__ import annotations

import pytest

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.forms import Direction, FieldLayout, ValueKind
from jixiao.domain.submissions import State
from jixiao.extraction.fields import find_field
from jixiao.extraction.regions import cut_region
from jixiao.extraction.views import FormView
from tests.builders.readings import national, vocabulary
from tests.builders.sheets import sheet

DEPARTMENT = FieldLayout("department", "主管部门", ("主管部门", "部门名称"))
AMOUNT = FieldLayout("basic", "基本支出", ("基本支出",), ValueKind.AMOUNT)
BELOW = FieldLayout("objective", "预期目标", ("预期目标",), direction=Direction.BELOW)


def found(field: FieldLayout, text: str) -> tuple[str, str] | None:
    """The cell and what it says; None where not even the label is there."""
    grid = sheet(text)
    view = FormView(
        cut_region(grid, 0, grid.height, None),
        national().form("project-self-evaluation"),
        vocabulary(),
        national().lexicon,
        MoneyUnit.WAN,
    )
    entry = find_field(field, view)
    return (entry.ref.a1, entry.text) if entry else None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("主管部门 | 虚构局", ("B1", "虚构局")),
        ("主 管 部 门（公章）： | 虚构局", ("B1", "虚构局")),
        ("主管部门 | < | 虚构局 | <", ("C1", "虚构局")),
        ("主管部门 |  |  | 虚构局", ("D1", "虚构局")),
        ("主管部门：虚构局", ("A1", "虚构局")),
        ("主管部门:虚构局    填报日期：2025年1月1日", ("A1", "虚构局")),
        ("主管部门：虚构局 实施单位：虚构处", ("A1", "虚构局")),
        ("项目名称：虚构工程  主管部门：虚构局", ("A1", "虚构局")),
        ("主管部门 | 虚构局　联系电话：000", ("B1", "虚构局")),
        ("主管部门 | 虚构局：下属中心", ("B1", "虚构局：下属中心")),
        ("主管部门 | 实施单位 | 虚构处", ("B1", "")),
        ("主管部门 | \n实施单位 | 虚构处", ("B1", "")),
        ("主管部门：  填报日期：2025年1月1日", ("A1", "")),
        ("部门名称 | 甲局\n主管部门 | 乙局", ("B2", "乙局")),
        ("主管部门 | \n部门名称 | 乙局", ("B2", "乙局")),
        ("其他 | 虚构局", None),
    ],
)
def test_names(text: str, place: tuple[str, str] | None) -> None:
    assert found(DEPARTMENT, text) == place


def test_an_amount_beside_its_label_or_after_its_colon() -> None:
    assert found(AMOUNT, "其中：基本支出： | 12.50") == ("B1", "12.50")
    assert found(AMOUNT, "其中：基本支出：12.50万元") == ("A1", "12.50万元")


def test_a_value_below_its_label() -> None:
    assert found(BELOW, "预期目标 | 实际完成情况\n完成甲 | 已完成") == ("A2", "完成甲")
    assert found(BELOW, "预期目标") == ("A1", "")


def test_a_dash_is_an_answer() -> None:
    grid = sheet("基本支出 | —")
    view = FormView(
        cut_region(grid, 0, 1, None),
        national().form("overall-self-evaluation"),
        vocabulary(),
        national().lexicon,
        MoneyUnit.WAN,
    )
    entry = find_field(AMOUNT, view)
    assert entry is not None
    assert entry.state is State.DASH
