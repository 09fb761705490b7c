from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.commands.explain import print_explanation
from jixiao.commands.terminal import UsageError
from jixiao.engines import InProcessEngine
from jixiao.pipeline import Means, Memory, find_rounds, run_round
from tests.builders.folders import round_folder
from tests.builders.forms import OVERALL, PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Explain = Callable[..., list[str]]

BASE = "2024年度省级部门自评报告的综合评分表：按资金占比加权，结转项目的占比计入部门整体"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round that was run: an overall form with a wrong execution score, and a project's form."""
    base = tmp_path_factory.mktemp("explained")
    folder = round_folder(base / "inputs")
    overall = overall_form().set("funds.total.self_score", "10")
    write_forms(folder / "表.xlsx", overall, project_form())
    (found,) = find_rounds(base / "inputs", ("批次",))
    run_round(found, base / "outputs", Means(InProcessEngine(), Memory(base / "state")))
    return base


@pytest.fixture
def explain(base: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Explain:
    """What is printed for arguments of the command, line by line without the space around."""
    monkeypatch.setenv("JIXIAO_STATE", str(base / "state"))
    monkeypatch.setenv("COLUMNS", "400")

    def explained(department: str, *asked: str) -> list[str]:
        print_explanation(base / "inputs", "批次", department, asked)
        return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line.strip()]

    return explained


def test_an_execution_score_with_its_cells_and_its_rule(explain: Explain) -> None:
    lines = explain("水务", "附件2", "预算执行")
    assert lines[:8] == [
        "部门整体支出绩效自评表·预算执行 《附件2》I5",
        "结果 自评得分 10.00，核算得分 9.74，采用得分 9.74；分值 10.00",
        "自评得分高于核算得分，采用核算得分",
        "过程 执行率 973.50 ÷ 1,000.00 = 97.35%，10 × 97.35% = 9.74",
        "数据 年度资金总额·全年预算数 1,000.00 《附件2》E5",
        "年度资金总额·全年执行数 973.50 《附件2》F5",
        "年度资金总额·执行率 97.35% 《附件2》H5",
        "年度资金总额·分值 10 《附件2》G5",
    ]
    assert any(line.startswith("依据 省级自评表样") for line in lines)
    assert any(line.startswith("发现 错误 S104-") for line in lines)


def test_a_cell_tells_its_scores_and_findings(explain: Explain) -> None:
    lines = explain(OVERALL.department, "附件2!I5")
    assert lines[:2] == ["年度资金总额·得分 《附件2》I5", "数据 年度资金总额·得分 10 《附件2》I5"]
    assert "部门整体支出绩效自评表·预算执行 《附件2》I5" in lines
    assert any(line.startswith("预算执行得分不符（S104-") for line in lines)


def test_a_finding_by_its_name_or_code(explain: Explain) -> None:
    lines = explain("水务", "s104")
    assert lines[0].startswith("预算执行得分不符（S104-")
    assert lines[1].startswith("结果 错误：《附件2》I5")
    assert lines[-1] == "方案的预算执行计分规则"
    name = lines[0].partition("（")[2].partition("）")[0]
    assert explain("水务", name) == lines


def test_the_department_with_its_composite(explain: Explain) -> None:
    lines = explain("水务")
    assert lines[0] == OVERALL.department
    assert any(line.startswith("综合得分：") for line in lines)
    assert any(f"{PROJECT.project}·年度资金总额·全年执行数" in line for line in lines)
    assert any(BASE in line for line in lines)


def test_a_project_with_every_indicator(explain: Explain) -> None:
    lines = explain("水务", str(PROJECT.project))
    names = [row.level3 for row in PROJECT.indicators]
    told = [line for line in lines if line.startswith("其中 ")]
    assert [line.removeprefix("其中 ").partition("：")[0] for line in told] == names


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("教育局",), "没有名为“教育局”的部门。"),
        (("水务", "附件9!A1"), "没有名为《附件9》的工作表。有：《附件2》、《附件3-1》。"),
        (("水务", "A1"), "A1 没有读作任何数，也没有发现。请核对单元格。"),
        (("水务", "A101"), "该部门没有编号为 A101 的发现。"),
        (("水务", "总分"), "“总分”在几处都有："),
        (("水务", "一", "二", "三"), "用法：jixiao explain"),
        (("水务", "没有这个指标"), "没有名为“没有这个指标”的指标、项目或报送表。"),
    ],
)
def test_what_there_is_not_or_more_than_once(explain: Explain, asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        explain(*asked)
    assert str(raised.value).startswith(said)


def test_an_unknown_round_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到"):
        print_explanation(tmp_path, "没有", "水务")
