from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.commands.scheme import run_scheme_cases
from jixiao.commands.terminal import UsageError
from jixiao.pipeline import ConfigurationError
from jixiao.pipeline.scheme_cases import Difference, run_cases
from tests.builders.forms import project_form, write_forms
from tests.builders.seeds import edit

if TYPE_CHECKING:
    from pathlib import Path

FILE = "自评表.xlsx"
PLACE = f"{FILE} › 附件3-1"
SCHEME = """\
extends = "national"
title = "青溪县方案"
jurisdiction = "青溪县（虚构）"
forms = ["project-self-evaluation"]
remove = ["composite"]
"""


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scheme of a county with one case: a form whose execution was given full points."""
    schemes = tmp_path / "seeds" / "schemes"
    schemes.mkdir(parents=True)
    (schemes / "own.toml").write_text(SCHEME, encoding="utf-8")
    folder = tmp_path / "seeds" / "cases" / "own" / "满分"
    folder.mkdir(parents=True)
    write_forms(folder / FILE, project_form().set("funds.total.self_score", "10"))
    monkeypatch.chdir(tmp_path)
    return folder / "case.toml"


def differences(scheme_id: str = "own") -> tuple[Difference, ...]:
    (result,) = run_cases(scheme_id)
    return result.differences


@pytest.mark.parametrize("scheme_id", ["national", "hunan-provincial"])
def test_the_shipped_cases_hold(scheme_id: str) -> None:
    results = run_cases(scheme_id)
    assert results
    assert [(each.name, each.differences) for each in results if each.differences] == []


def test_a_recorded_case_says_what_came_out_and_holds(case: Path) -> None:
    (recorded,) = run_cases("own", record=True)
    assert (recorded.recorded, differences()) == (True, ())
    said = case.read_text(encoding="utf-8")
    assert said.startswith("# 案例：由 jixiao scheme test --record 按程序的结果写成")
    for part in (
        "year = 2024",
        '"预算执行" = 9.29',
        '"总分" = 98.79',
        '"D19 居民用水条件" = "12—15"',
        'code = "S104"\nseverity = "error"\nfile = "自评表.xlsx"\nsheet = "附件3-1"\ncell = "I6"\n',
    ):
        assert part in said


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('grade = "优"', 'grade = "良"', Difference(PLACE, "等级", "良", "优")),
        ('"总分" = 98.79', '"总分" = 98.7', Difference(PLACE, "总分 核算得分", "98.7", "98.79")),
        (
            '"D19 居民用水条件" = "12—15"',
            '"D19 居民用水条件" = 15',
            Difference(PLACE, "D19 居民用水条件 指标得分", "15", "12—15"),
        ),
        (
            'severity = "error"\nfile = "自评表.xlsx"\nsheet = "附件3-1"\ncell = "I6"\nexpected = "9.29"',
            'severity = "warning"\nfile = "自评表.xlsx"\nsheet = "附件3-1"\ncell = "I6"\nexpected = "9.2"',
            Difference(PLACE, "I6 S104", "提示，应为 9.2", "错误，应为 9.29"),
        ),
    ],
)
def test_what_differs_is_told(old: str, new: str, wanted: Difference, case: Path) -> None:
    run_cases("own", record=True)
    edit(case, old, new)
    assert differences() == (wanted,)


def test_a_changed_rule_shows_in_every_score_that_it_changes(case: Path) -> None:
    run_cases("own", record=True)
    scheme = case.parents[3] / "schemes" / "own.toml"
    scheme.write_text(SCHEME + "[execution]\nscore_places = 1\n", encoding="utf-8")
    assert differences() == (
        Difference(PLACE, "预算执行 核算得分", "9.29", "9.3"),
        Difference(PLACE, "总分 核算得分", "98.79", "98.8"),
        Difference(PLACE, "I6 S104", "错误，应为 9.29", "错误，应为 9.30"),
        Difference(PLACE, "H21 S106", "", "错误，应为 98.80"),
    )


def test_findings_missing_and_in_excess_are_told(case: Path) -> None:
    run_cases("own", record=True)
    text = case.read_text(encoding="utf-8")
    case.write_text(
        text[: text.index("[[findings]]")] + '[[findings]]\ncode = "V101"\nseverity = "error"\n', "utf-8"
    )
    assert {(each.what, each.expected, each.given) for each in differences()} >= {
        ("V101", "错误", ""),
        ("I6 S104", "", "错误，应为 9.29"),
    }


def test_the_case_has_the_rules_of_its_year(case: Path) -> None:
    """2024 is before the amendment; a case of a later year is after it."""
    scheme = case.parents[3] / "schemes" / "own.toml"
    scheme.write_text(SCHEME + "[[since]]\nyear = 2025\n[since.execution]\nscore_places = 1\n", "utf-8")
    run_cases("own", record=True)
    assert '"预算执行" = 9.29' in case.read_text(encoding="utf-8")
    edit(case, "year = 2024", "year = 2025")
    assert Difference(PLACE, "预算执行 核算得分", "9.29", "9.3") in differences()


def test_recording_again_keeps_an_officers_words(case: Path) -> None:
    case.write_text('# 2025年3月核对\ntitle = "满分不实"  # 见简报\nyear = 2024\n', encoding="utf-8")
    run_cases("own", record=True)
    assert case.read_text(encoding="utf-8").startswith(
        '# 2025年3月核对\ntitle = "满分不实"  # 见简报\nyear = 2024\n'
    )


def test_the_exit_code_says_whether_anything_differs(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_scheme_cases("own", record=True) == 0
    assert run_scheme_cases("own", record=False) == 0
    edit(case, 'grade = "优"', 'grade = "良"')
    assert run_scheme_cases(None, record=False) == 1
    told = capsys.readouterr().out
    assert "不符  own › 满分" in told
    assert "1 个案例中有 1 个与所记不符。" not in told
    assert "个案例中有 1 个与所记不符。" in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "案例 满分 没有 case.toml，请用 jixiao scheme test --record 记下结果。"),
        ("", "案例 满分：case.toml year：缺少“year”（整数）。"),
        (
            'year = 2024\n[[forms]]\nfile = "x"\nsheet = "y"\nscore = 1\n',
            (
                "案例 满分：case.toml 第 5 行 forms[1].score：不认识的键“score”，"
                "此处可用：file、sheet、grade、scores、indicators。"
            ),
        ),
    ],
)
def test_a_case_that_cannot_be_used_is_refused(text: str | None, message: str, case: Path) -> None:
    if text is not None:
        case.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        run_cases("own")
    assert str(refused.value) == message


def test_no_case_and_no_scheme_are_wrong_use(case: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^没有案例。请把人工核对过的报送表放入 seeds/cases/yue"):
        run_cases("yueyang-municipal")
    with pytest.raises(UsageError, match="没有这个评价方案"):
        run_scheme_cases("nowhere", record=False)
    (case.parent / FILE).unlink()
    with pytest.raises(ConfigurationError, match=r"^案例 满分 里没有工作簿。$"):
        run_cases("own", record=True)
