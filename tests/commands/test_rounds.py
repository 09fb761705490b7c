from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.commands.rounds import print_status
from tests.builders.folders import SETTINGS, round_folder
from tests.builders.forms import OVERALL, overall_form, write_forms
from tests.builders.lists import write_list

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """The screen's lines, each as its words."""
    print_status(tmp_path, "批次")
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_owed_and_sent_by_department(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    settings = SETTINGS + 'roster = "名册.xlsx"\ndeadline = 2025-04-16\n'
    folder = round_folder(tmp_path, settings=settings)
    write_forms(folder / "表.xlsx", overall_form())
    rows = [
        ["部门名称", "应报表种"],
        [OVERALL.department, "整体"],
        ["云梦泽省虚构水文局", "整体、项目2"],
    ]
    write_list(folder / "名册.xlsx", rows)
    found = lines(tmp_path, capsys)
    assert "".join(found[0]) == "批次：1个部门已报送；应报4张，已报1张，未报3张，迟报1张。"
    titles = ["部门整体支出绩效自评表", "项目支出绩效自评表", "其他表"]
    counts = ["应报", "已报", "未报", "迟报", "须改正", "提示", "状态"]
    assert ["部门", *titles, *counts] in found
    assert [OVERALL.department, "1/1", "1", "1", "1", "0", "1", "通过"] in found
    assert ["云梦泽省虚构水文局", "0/1", "0/2", "3", "3", "0", "0", "未报送"] in found


def test_without_a_roster_what_was_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    folder = round_folder(tmp_path)
    write_forms(folder / "表.xlsx", overall_form())
    found = lines(tmp_path, capsys)
    assert found[0] == ["批次：1", "个部门已报送"]
    assert ["部门", "部门整体支出绩效自评表", "须改正", "提示", "状态"] in found
    assert [OVERALL.department, "1", "0", "0", "通过"] in found
