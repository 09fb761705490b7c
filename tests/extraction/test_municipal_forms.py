"""The sectioned form and the scoring table, laid out as departments do."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.amounts import plain
from jixiao.extraction.recognise import Recognised, recognise
from jixiao.extraction.submissions import Extraction, extract, is_unfilled
from jixiao.extraction.vocabulary import Vocabulary
from tests.builders.scoring_tables import SCHEME
from tests.drawing.facts import PrintedFacts
from tests.drawing.layout import draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.submissions import Submission
    from tests.drawing.facts import Raw

    Rows = Sequence[Sequence[Raw]]

VOCABULARY = Vocabulary(SCHEME.forms)

HEAD: Rows = (
    ("2020年度部门（单位）整体支出绩效自评报告",),
    ("单位名称：虚构市示例局",),
    ("一、部门（单位）基本概况",),
    ("人员编制", "40人", "<", "<", "实有人数", 38, "<", "<"),
    ("二、部门（单位）收支情况",),
)
MONEY: Rows = (
    ("年度收入情况（万元）",),
    ("机构名称", "收入合计", "其中："),
    ("^", "^", "上年结转", "公共财\n政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他\n收入", "<"),
    ("局机关及二级机构汇总", Decimal("120.5"), 20, Decimal("100.5"), "", "", "", "<"),
    ("局机关", Decimal("90.5"), 20, Decimal("70.5"), "", "", "", "<"),
    ("示例站", 30, "", 30, "", "", "", "<"),
    ("年度支出和结余情况（万元）",),
    ("机构名称", "支出合计", "其中：", "<", "<", "<", "结余", "<"),
    ("^", "^", "基本支出", "其中：", "<", "项目支出", "当年结余", "累计结余"),
    ("^", "^", "^", "人员支出", "公用支出", "^", "^", "^"),
    ("局机关及二级机构汇总", 110, 110, 80, 30, "", Decimal("-9.5"), Decimal("10.5")),
    ("机构名称", "三公经费\n合计", "其中："),
    ("^", "^", "公务接待费", "公务用车运维费", "<", "公务用车购置费", "因公出国费", "<"),
    ("局机关及二级机构汇总", 3, 1, 2, "<", "", "", "<"),
    ("机构名称", "固定资产\n合计", "其中：", "<", "<", "<", "其他", "<"),
    ("^", "^", "在用固定资产", "<", "出租固定资产", "<", "^", "<"),
    ("局机关及二级机构汇总", 50, 45, "<", 5, "<", "", "<"),
)
RESULT: Rows = (
    ("三、部门（单位）整体支出绩效自评情况",),
    ("绩效自评综合得分", "<", Decimal("91.5")),
    ("评价等次", "<", "优"),
)
SIGNATURES: Rows = (
    ("四、评价人员",),
    ("姓  名", "职务/职称", "单  位", "签  字", "", "", "", ""),
    ("", "科长", "示例局", "已签", "", "", "", ""),
    ("填报人（签名）：", "某科", "联系电话：", "见附页", "", "", "", ""),
)

TABLE_HEAD: Rows = (
    ("部门整体支出绩效评价评分表（参考样表）",),
    ("一级指标", "二级指标", "三级指标", "评分标准", "分值", "自评得分", "扣分原因和其他说明"),
)
TABLE_ROWS: Rows = (
    ("投  入\n（15分）", "预算配置\n（15分）", "财政供养人员\n控制率", "以100%为标准", 5, 5, ""),
    ("^", "^", "“三公经费”\n变动率", "不高于0计5分", 5, 0, "上年较少"),
)
TABLE_BENEFITS: Rows = (
    ("效  果（20分）", "履职效益（20分）", "经济效益", "共性要素", 15, 5, ""),
    ("^", "^", "社会效益", "^", "^", 4, ""),
    ("^", "^", "生态效益", "^", "^", 3, ""),
    ("^", "^", "满意度", "95%以上计5分", 5, 5, ""),
)
TABLE_TOTAL: Rows = (("总 分", "<", "<", "<", 100, 88, ""), ("备注：部门可调整指标。",))


def read(*rows: Sequence[Raw], sheet: str = "表1", width: int = 8) -> Extraction:
    facts = PrintedFacts(sheet=sheet, widths=(12,) * width, rows=tuple(tuple(row) for row in rows))
    (found,) = recognise(draw(facts).grid("表.xlsx"), VOCABULARY)
    assert isinstance(found, Recognised)
    return extract(found, "s", "0" * 64, VOCABULARY, SCHEME.lexicon)


def figures(form: Submission, table: str) -> dict[str, dict[str, str]]:
    return {
        line.item: {
            name: plain(entry.value) for name, entry in line.entries.items() if entry.value is not None
        }
        for line in form.lines
        if line.table == table
    }


def unmerged(rows: Rows) -> list[list[Raw]]:
    """The rows as a program without merged cells saves them: every covered cell blank."""
    return [["" if raw in {"<", "^"} else raw for raw in [*row, *[""] * (8 - len(row))]] for row in rows]


@pytest.mark.parametrize("ending", [SIGNATURES, ()], ids=["signed", "bare"])
@pytest.mark.parametrize("merges", [True, False], ids=["merged", "unmerged"])
@pytest.mark.parametrize("before", [0, 3])
def test_every_section_is_read(ending: Rows, *, merges: bool, before: int) -> None:
    rows = [*HEAD, *MONEY, *RESULT, *ending]
    shown = [[""] * 8] * before + (list(map(list, rows)) if merges else unmerged(rows))
    extraction = read(*shown)
    form = extraction.submission
    assert extraction.findings == ()
    assert (form.department, form.year) == ("虚构市示例局", 2020)
    fields = ("authorised", "on_payroll", "total_score")
    assert [form.fields[name].value for name in fields] == [40, 38, Decimal("91.5")]
    assert form.fields["grade"].text == "优"
    assert figures(form, "income") == {
        "total": {"total": "120.5", "carryover": "20", "general_budget": "100.5"},
        "局机关": {"total": "90.5", "carryover": "20", "general_budget": "70.5"},
        "示例站": {"total": "30", "general_budget": "30"},
    }
    assert figures(form, "spending") == {
        "total": {
            "total": "110",
            "basic": "110",
            "personnel": "80",
            "operating": "30",
            "current_balance": "-9.5",
            "balance": "10.5",
        }
    }
    assert figures(form, "three_public")["total"] == {"total": "3", "reception": "1", "vehicle_running": "2"}
    assert figures(form, "assets")["total"] == {"total": "50", "in_use": "45", "leased": "5"}


def test_texts_below_the_last_table_are_no_figures_of_it() -> None:
    extraction = read(*HEAD, *MONEY, *SIGNATURES)
    codes = {(each.code, each.label) for each in extraction.findings}
    assert codes == {("L103", "绩效自评综合得分")}
    assert set(figures(extraction.submission, "assets")) == {"total"}


def test_a_table_in_yuan_counts_in_wan() -> None:
    yuan = [
        [raw.replace("（万元）", "（元）") if isinstance(raw, str) else raw for raw in row] for row in MONEY
    ]
    form = read(*HEAD, *yuan, *RESULT).submission
    assert figures(form, "income")["示例站"]["total"] == "0.003"


def test_a_missing_section_is_named() -> None:
    extraction = read(*HEAD, *MONEY[:-3], *RESULT)
    assert [(each.code, each.label) for each in extraction.findings] == [("L106", "固定资产")]


def test_a_title_that_calls_itself_a_sample_is_a_form() -> None:
    form = read(*TABLE_HEAD, *TABLE_ROWS, *TABLE_BENEFITS, *TABLE_TOTAL, width=7).submission
    assert (form.form, len(form.indicators)) == ("scoring-table", 6)
    assert [each.level3 for each in form.indicators[:2]] == ["财政供养人员控制率", "“三公经费”变动率"]
    assert form.indicators[1].reason == "上年较少"
    assert [(each.level1, str(each.declared_weight)) for each in form.groups] == [
        ("投入", "15"),
        ("效果", "20"),
    ]
    assert [str(form.total[name].value) for name in ("weight", "self_score")] == ["100", "88"]


def test_a_header_repeated_at_a_page_break_parts_nothing() -> None:
    rows = [*TABLE_HEAD, *TABLE_ROWS, ("",), TABLE_HEAD[1], *TABLE_BENEFITS, *TABLE_TOTAL]
    form = read(*rows, width=7).submission
    assert [each.level3 for each in form.indicators] == [
        "财政供养人员控制率",
        "“三公经费”变动率",
        "经济效益",
        "社会效益",
        "生态效益",
        "满意度",
    ]


def test_one_weight_over_three_scores_is_one_bundle() -> None:
    merged = read(*TABLE_HEAD, *TABLE_BENEFITS, *TABLE_TOTAL, width=7).submission
    first_only = read(*TABLE_HEAD, *unmerged(TABLE_BENEFITS), *TABLE_TOTAL, width=8).submission
    for form in (merged, first_only):
        assert [[each.level3 for each in bundle] for bundle in form.bundles] == [
            ["经济效益", "社会效益", "生态效益"],
            ["满意度"],
        ]
        assert [each.weight for each in form.indicators] == [15, 15, 15, 5]


def test_a_blank_weight_elsewhere_stays_blank() -> None:
    blank = [*TABLE_ROWS[0][:4], "", 5, ""]
    extraction = read(*TABLE_HEAD, blank, *unmerged(TABLE_BENEFITS), *TABLE_TOTAL)
    assert extraction.submission.indicators[0].weight is None


def test_a_table_without_scores_and_a_form_without_amounts_are_blank() -> None:
    blank = [[*row[:5], "" if row[5] != "自评得分" else row[5], ""] for row in (*TABLE_HEAD[1:], *TABLE_ROWS)]
    empty = read(TABLE_HEAD[0], *blank, ("总 分", "<", "<", "<", 100, "", ""), width=7).submission
    assert is_unfilled(empty, SCHEME.form(empty.form))
    filled = read(*TABLE_HEAD, *TABLE_ROWS, *TABLE_TOTAL, width=7).submission
    assert not is_unfilled(filled, SCHEME.form(filled.form))
