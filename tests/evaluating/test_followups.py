"""Findings matched with those of before by what they mean; what officers' words say."""

from __future__ import annotations

import pytest

from jixiao.domain.findings import Severity
from jixiao.domain.followups import Fate, Traced
from jixiao.domain.rounds import ReportedFinding
from jixiao.evaluating.followups import decision, match_findings
from tests.builders.evaluations import scheme


def found(number: int, figures: str, root: str = "V103-A") -> ReportedFinding:
    names = (f"{root}{number}", "V103", Severity.ERROR, "甲局", None, "", "form")
    return ReportedFinding(
        *names, "甲.xlsx", "表", f"D{number}", "栏目", "", "", "话", "", root=root, figures=figures
    )


def known(number: int, figures: str, root: str = "V103-A") -> Traced:
    return Traced(
        *(f"{root}{number}", root, "V103", "error", "form", "", "甲.xlsx", "表", f"D{number}", "栏目", ""),
        *("", "", figures, "话", Fate.NEW),
        since="2025-04-20T18:00:00+08:00",
    )


def matched(new: list[ReportedFinding], old: list[Traced]) -> dict[str, str]:
    return {name: each.finding_id for name, each in match_findings(new, old)}


def test_of_findings_that_mean_the_same_the_figures_tell_which_is_which() -> None:
    old = [known(1, "甲数"), known(2, "乙数")]
    # The first was mended, so the second now has its name.
    assert matched([found(1, "乙数")], old) == {"V103-A1": "V103-A2"}


def test_another_figure_is_the_same_finding_where_nothing_else_can_be() -> None:
    assert matched([found(1, "丙数")], [known(1, "甲数")]) == {"V103-A1": "V103-A1"}


def test_equal_figures_are_matched_by_name_then_in_order() -> None:
    old = [known(1, ""), known(2, ""), known(3, "丙数")]
    assert matched([found(2, ""), found(3, ""), found(4, "丁数")], old) == {
        "V103-A2": "V103-A1",
        "V103-A3": "V103-A2",
        "V103-A4": "V103-A3",
    }


def test_what_means_something_else_is_new() -> None:
    assert matched([found(1, "甲数", "V103-B")], [known(1, "甲数")]) == {}


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        *((word, True) for word in ("接受", "同意。", "接受，已核实", "接受 说明", "认可（见函）")),
        *((word, False) for word in ("不接受", "不同意：请修改", "退回", "请修改")),
        *((word, None) for word in ("", "再议", "同意修改", "已阅", "接")),
    ],
)
def test_what_an_officers_words_say(text: str, accepts: bool | None) -> None:  # noqa: FBT001
    assert decision(text, scheme().lexicon) is accepts
