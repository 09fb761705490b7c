from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from jixiao.commands.scheme import try_rounds
from jixiao.commands.terminal import UsageError
from jixiao.consolidation.trials import ALTERED, APPEARED, GONE, GRADED, compare
from jixiao.engines import InProcessEngine
from jixiao.pipeline import Means, Memory, find_rounds
from jixiao.pipeline.scheme_cases import try_scheme
from tests.builders.folders import round_folder
from tests.builders.forms import OVERALL, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.consolidation.trials import Trial

HEAD = 'title = "试行"\njurisdiction = "云梦泽"\nextends = "hunan-provincial"\n'


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of one department whose execution score is 10 for 97.35 %."""
    base = tmp_path_factory.mktemp("tried")
    folder = round_folder(base / "inputs")
    write_forms(folder / "表.xlsx", overall_form().set("funds.total.self_score", "10"), project_form())
    return base


def tried(base: Path, rules: str) -> Trial:
    path = base / "新 方案.toml"
    path.write_text(HEAD + rules, encoding="utf-8")
    folders = find_rounds(base / "inputs", ("批次",))
    (trial,) = try_scheme(path, folders, Means(InProcessEngine(), Memory(base / "state")))
    return trial


def test_the_same_rules_change_nothing(base: Path) -> None:
    trial = tried(base, "")
    assert (trial.departments, trial.changes, trial.scores, trial.findings) == (1, (), (), ())


def test_another_rounding_changes_scores_findings_and_the_rule(base: Path) -> None:
    trial = tried(base, '[execution]\nrounding = "down"\nscore_places = 0\n')
    (change,) = trial.changes
    assert change.department == OVERALL.department
    assert (change.before.grade, change.after.grade) == ("优", "优")
    assert (change.before.rank, change.after.rank) == (1, 1)
    assert change.before.score != change.after.score
    parts = {(each.form, each.item): (each.computed, each.accepted) for each in trial.scores}
    old, new = Decimal("9.74"), Decimal(9)
    assert parts["部门整体支出绩效自评表", "预算执行"] == ((old, new), (old, new))
    assert [each.rule for each in trial.rules] == ["预算执行按执行率计分"]
    assert "四舍五入" in trial.rules[0].before
    assert "舍去尾数" in trial.rules[0].after
    kinds = {(each.kind, each.finding.code) for each in trial.findings}
    assert (ALTERED, "S104") in kinds


def test_a_severity_of_its_own(base: Path) -> None:
    trial = tried(base, '[severities]\nS104 = "blocking"\n')
    assert [(each.kind, each.finding.code) for each in trial.findings] == [(GRADED, "S104")]
    (change,) = trial.changes
    assert change.findings == {GRADED: 1}
    assert change.before[:2] == change.after[:2]


def test_findings_that_come_and_go(base: Path) -> None:
    trial = tried(base, "[execution]\nreason_below = 99\n")
    assert {(each.kind, each.finding.code) for each in trial.findings} == {(APPEARED, "P102")}
    back = compare_the_other_way(base)
    assert {(each.kind, each.finding.code) for each in back.findings} == {(GONE, "P102")}


def compare_the_other_way(base: Path) -> Trial:
    from jixiao.pipeline.rounds import with_scheme  # noqa: PLC0415
    from jixiao.pipeline.runs import evaluate_round  # noqa: PLC0415 only here

    (folder,) = find_rounds(base / "inputs", ("批次",))
    own = base / "own"
    (own / "schemes").mkdir(parents=True, exist_ok=True)
    text = HEAD + "[execution]\nreason_below = 99\n"
    (own / "schemes" / "strict.toml").write_text(text, encoding="utf-8")
    strict = with_scheme(folder, "strict", (own, *folder.rules.seeds))
    means = Means(InProcessEngine(), Memory(base / "state"))
    return compare(evaluate_round(strict, means), evaluate_round(folder, means))


def test_the_screen_and_the_workbook(
    base: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("JIXIAO_STATE", str(base / "state"))
    path = base / "按整数.toml"
    path.write_text(HEAD + '[execution]\nrounding = "down"\nscore_places = 0\n', encoding="utf-8")
    out = base / "变化.xlsx"
    assert try_rounds(path, ["批次"], base / "inputs", out) == 0
    screen = capsys.readouterr().out
    assert "批次：1 个部门有变化，0 个没有；规则有 1 条不同" in screen
    assert "→" in screen
    book = load_workbook(out)
    assert book.sheetnames == ["试行结果", "得分变化", "发现变化", "规则变化"]
    rows = list(book["试行结果"].iter_rows(min_row=3, values_only=True))
    assert rows[0][:4] == ("批次", "部门", "原采用得分", "新采用得分")
    assert rows[1][:2] == ("批次", OVERALL.department)
    assert not (base / "outputs").exists()


def test_a_broken_scheme_is_told_and_nothing_tried(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = base / "坏.toml"
    path.write_text(HEAD + "[execution]\nrounding = 7\n", encoding="utf-8")
    assert try_rounds(path, ["批次"], base / "inputs", None) == 2
    assert "没有试行" in capsys.readouterr().err


@pytest.mark.parametrize(("file", "name"), [("没有.toml", "批次"), ("新 方案.toml", "没有")])
def test_what_there_is_not(base: Path, file: str, name: str) -> None:
    tried(base, "")
    with pytest.raises(UsageError):
        try_rounds(base / file, [name], base / "inputs", None)


def test_a_scheme_of_other_years_is_refused(base: Path) -> None:
    tried(base, "")
    path = base / "往年.toml"
    path.write_text(HEAD + "last_year = 2020\n", encoding="utf-8")
    with pytest.raises(UsageError, match="2024"):
        try_rounds(path, ["批次"], base / "inputs", None)
