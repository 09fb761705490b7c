"""The transfer form of the national rules: plain, and with deductions and line numbers."""

from __future__ import annotations

from decimal import Decimal

from tests.builders.readings import read, shown
from tests.builders.sheets import sheet

PLAIN = """
中央对地方转移支付区域（项目）绩效目标自评表 | < | < | < | < | < | <
（2024年度） | < | < | < | < | < | <
转移支付（项目）名称 | < | 虚构水利发展资金 | < | < | < | <
中央主管部门 | < | 虚构水利部 | < | < | < | <
地方主管部门 | < | 虚构省水利厅 | < | 资金使用单位 | 虚构县水务局 | <
资金情况（万元） |  | < | < | 全年预算数（A） | 全年执行数（B） | 预算执行率（B/A×100%）
^ | 年度资金总额： | < | < | 100.00 | 90.00 | 90.00%
^ | 其中：中央财政资金 | < | < | 60.00 | 55.00 | 91.67%
^ | 地方资金 | < | < | 30.00 | 28.00 | 93.33%
^ | 其他资金 | < | < | 10.00 | 7.00 | 70.00%
总体目标完成情况 | 总体目标 | < | < | 全年实际完成情况 | < | <
^ | 建成灌区。 | < | < | 灌区已建成。 | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
^ | 产出指标 | 数量指标 | 新建渠道（公里） | ≥10公里 | 12公里 |
^ | 效益指标 | 社会效益指标 | 灌溉条件 | 改善 | 改善 |
^ | 满意度指标 | 服务对象满意度指标 | 农户满意度 | ≥90% | 95% |
"""

DEDUCTED = """
虚构县水务局2024年度水利发展资金绩效评价表 | < | < | < | < | < | < | < | < | <
年度：2024年 | < | < | < | < | < | < | < | < | <
资金投入情况（万元） | 行次 | 全年预算数（A） | 统筹整合资金数（B） | 扣除统筹整合资金后预算金额（C） | 全年到位资金（D） | 预算到位（D/C×100%） | 全年执行资金（E） | 预算执行（E/C×100%） |
列次 | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
年度资金总额（万元）： | 1 | 50.00 | 10.00 | 40.00 | 40.00 | '100.00% | 30.00 | '75.00% |
其中：中央财政资金（万元） | 2 | 50.00 | 10.00 | 40.00 | 40.00 | '100.00% | 30.00 | '75.00% |
地方财政资金（万元） | 3 |  |  |  |  |  |  |  |
资金管理情况 |  | < | < | 情况说明 | < | 存在问题 | < | 改进措施 | <
 | 列次 | < | < | 8 | < | 9 | < | 10 | <
分配科学性 | 5 | 资金分配规范性 | < | 按办法分配 | < |  | < |  | <
^ | 6 | 资金分配合理性 | < | 合理 | < | 支付缓慢 | < | 加快支付 | <
"""  # noqa: E501 - a row of a sheet is a line


def test_the_plain_form() -> None:
    form = read(sheet(PLAIN))
    submission = form.submission
    assert submission.form == "transfer-self-evaluation"
    assert (submission.department, submission.implementer, submission.project, submission.year) == (
        "虚构省水利厅",
        "虚构县水务局",
        "虚构水利发展资金",
        2024,
    )
    assert shown(submission.fields)["central_department"] == "虚构水利部"
    lines = {line.item: (line.value("annual_budget"), line.value("executed")) for line in submission.lines}
    assert lines == {
        "total": (Decimal(100), Decimal(90)),
        "central": (Decimal(60), Decimal(55)),
        "local": (Decimal(30), Decimal(28)),
        "other": (Decimal(10), Decimal(7)),
    }
    assert [each.level3 for each in submission.indicators] == ["新建渠道（公里）", "灌溉条件", "农户满意度"]
    assert form.audit() == set()


def test_sources_that_do_not_add_up() -> None:
    wrong = PLAIN.replace("30.00 | 28.00 | 93.33%", "30.00 | 18.00 | 60.00%")
    assert read(sheet(wrong)).audit() == {("A101", "F7")}


def test_deductions_arrived_money_and_line_numbers() -> None:
    form = read(sheet(DEDUCTED))
    submission = form.submission
    assert submission.form == "transfer-self-evaluation"
    assert submission.project == "水利发展资金"
    assert submission.sender is not None
    assert submission.sender.text == "虚构县水务局"
    total = submission.line("funds", "total")
    assert total is not None
    assert shown(total.entries) == {
        "annual_budget": "50",
        "pooled": "10",
        "net_budget": "40",
        "arrived": "40",
        "arrival_rate": "100",
        "executed": "30",
        "execution_rate": "75",
    }
    management = {line.item: shown(line.entries) for line in submission.lines if line.table == "management"}
    assert management == {
        "allocation_norm": {"situation": "按办法分配"},
        "allocation_reason": {"situation": "合理", "problem": "支付缓慢", "remedy": "加快支付"},
    }
    assert form.marks == {("L106", ""), ("L113", "A1")}
