from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.blanks.drafts import Order
from jixiao.blanks.forms import arrange, sheet_name
from jixiao.domain.blanks import Entering, LiveFormula, PrefilledIndicator, Role
from jixiao.domain.forms import BlankLayout, BlankRow
from jixiao.domain.own_sheets import Fingerprint
from tests.builders.blank_layouts import LAYOUT, order
from tests.builders.blanks import order_of, stored


def texts(wanted: Order) -> list[str]:
    return [cell.content for cell in arrange(wanted).cells if isinstance(cell.content, str)]


def test_a_form_nobody_arranged_shows_all_in_the_usual_order() -> None:
    assert texts(order()) == [
        *("虚构收支表", "（2031年度）", "单位：万元", "填报单位"),
        *("收支\n（万元）", "金额", "总计", "甲项", "乙项"),
        *("人数", "经过", "各处", "处室", "2031年预算", "已用", "使用率", "合计"),
        "浅黄色单元格由填报单位填写，灰色单元格自动计算，其余内容不需改动；选中单元格可看填写说明。",
    ]


def test_inputs_and_computed_cells_are_named_by_their_addresses() -> None:
    form = arrange(order(blank=BlankLayout(list_rows={"offices": 1})))
    assert list(form.inputs) == [
        *("department", "lines.first.amount", "lines.second.amount", "staff", "story"),
        *("offices.1.item", "offices.1.budget", "offices.1.spent"),
    ]
    assert set(form.computed) == {
        *("lines.all.amount", "offices.1.rate"),
        *(f"offices.total.{column}" for column in ("budget", "spent", "rate")),
    }


def test_cells_never_overlap() -> None:
    for blank in (LAYOUT.blank, BlankLayout(rows=(BlankRow(fields=("staff", "-")), BlankRow(table="lines")))):
        positions = [at for cell in arrange(order(blank=blank)).cells for at in cell.area.positions()]
        assert len(positions) == len(set(positions))


def test_arrangement_as_data_decides_what_is_shown() -> None:
    blank = BlankLayout(
        rows=(
            BlankRow(texts=("一、概况",)),
            BlankRow(fields=("staff", "-"), caption="人员"),
            BlankRow(table="lines", caption="钱"),
        ),
        notes=("签字：",),
        help={"staff": "填年末数。"},
    )
    form = arrange(order(blank=blank))
    found = [cell.content for cell in form.cells if isinstance(cell.content, str)]
    assert found[3:6] == ["一、概况", "人员", "人数"]
    assert found[6:-1] == ["钱\n（万元）", "金额", "总计", "甲项", "乙项", "签字："]
    rule = form.inputs["staff"].rule
    assert rule is not None
    assert (rule.help, rule.entering) == ("填年末数。", Entering.DECIMAL)


def test_known_figures_are_filled_in_and_computed_with() -> None:
    known = replace(order(), fillings={"department": "虚构局", "lines.first.amount": Decimal("1.5")})
    assert stored(arrange(known)) == {
        "department": "虚构局",
        "lines.first.amount": Decimal("1.5"),
        "lines.all.amount": Decimal("1.5"),
    }


def test_fingerprint_and_sheet() -> None:
    form = arrange(order())
    assert form.fingerprint == Fingerprint("invented", "national", 2031)
    assert form.sheet == "虚构收支表"


@pytest.mark.parametrize(("title", "name"), [("部门（单位）/表", "部门（单位）表"), ("表" * 40, "表" * 31)])
def test_sheet_names(title: str, name: str) -> None:
    assert sheet_name(title) == name


def test_points_of_the_execution_compute_themselves() -> None:
    form = arrange(order_of("hunan-provincial", "project-self-evaluation"))
    weight = next(cell for cell in form.cells if cell.name == "funds.total.weight")
    assert (weight.role, weight.content) == (Role.LABEL, Decimal(10))
    score = form.computed["funds.total.self_score"].content
    assert isinstance(score, LiveFormula)
    assert score.value == ""
    assert arrange(order_of("national", "project-self-evaluation")).inputs[
        "funds.total.weight"
    ].content == Decimal(10)


def test_scores_are_bounded_by_their_weights() -> None:
    rule = arrange(order_of("national", "project-self-evaluation")).inputs["indicators.3.self_score"].rule
    assert rule is not None
    assert (rule.entering, rule.low, rule.limit) == (Entering.DECIMAL, Decimal(0), "indicators.3.weight")


def test_fixed_points_stand_beside_the_first_level() -> None:
    assert "产出指标\n（50分）" in texts(order_of("hunan-provincial", "project-self-evaluation"))
    assert "产出指标" in texts(order_of("national", "project-self-evaluation"))


def test_known_indicators_take_rows_of_their_groups() -> None:
    indicators = (
        *(PrefilledIndicator("产出", "数量", f"虚构产出{number}", "≥5次", Decimal(3)) for number in range(5)),
        PrefilledIndicator("效益指标", "虚构效益", "虚构结果", "提高"),
    )
    known = stored(arrange(replace(order_of("national", "project-self-evaluation"), indicators=indicators)))
    assert [known[f"indicators.{row}.level3"] for row in range(1, 6)] == [f"虚构产出{n}" for n in range(5)]
    assert known["indicators.5.target"] == "≥5次"
    assert known["indicators.total.weight"] == Decimal(25)
    assert "虚构结果" in known.values()


def test_standards_of_a_scoring_table_are_printed_and_weights_shared() -> None:
    form = arrange(order_of("yueyang-municipal", "scoring-table"))
    known = stored(form)
    assert known["indicators.1.level3"] == "财政供养人员控制率"
    assert known["indicators.total.weight"] == Decimal(100)
    shared = form.inputs["indicators.22.weight"]
    assert (shared.area.bottom - shared.area.top, shared.content) == (2, Decimal(15))
    assert "indicators.23.weight" not in form.inputs
