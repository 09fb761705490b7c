from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.audit.checks import audit_department, audit_form
from jixiao.scoring.cards import score
from tests.builders.audits import subject_of
from tests.builders.scoring_tables import ROWS, SCHEME, Row, profile, scoring_table

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.submissions import Submission

BY_NAME = {row.level3: row for row in ROWS}
SELF_REPORTED = ("S125", "F29")
"""Every table has rows that nothing on the forms can verify."""


def audit(form: Submission, *others: Submission) -> list[Finding]:
    siblings = (form, *others) if others else (form, profile())
    card = score(form, SCHEME, siblings)
    return list(audit_form(subject_of(card, SCHEME)))


def marks(form: Submission, *others: Submission) -> set[tuple[str, str]]:
    return {(finding.code, finding.place.cell) for finding in audit(form, *others)} - {SELF_REPORTED}


def changed(name: str, total: str = "99", **cells: str) -> Submission:
    return scoring_table({name: BY_NAME[name]._replace(**cells)}, total=total)


def the_finding(code: str, form: Submission, *others: Submission) -> Finding:
    (finding,) = [each for each in audit(form, *others) if each.code == code]
    return finding


def test_a_good_table_has_only_the_note_on_what_is_self_reported() -> None:
    (finding,) = audit(scoring_table())
    assert (finding.code, finding.place.cell) == SELF_REPORTED
    assert finding.figures == {"count": "20", "sum": "89.00"}


def test_more_than_a_standard_gives_is_refuted_by_its_figures() -> None:
    form = scoring_table()
    crowded = profile({"on_payroll": "18"})
    assert marks(form, crowded) == {("S127", "F4")}
    finding = the_finding("S127", form, crowded)
    assert (finding.reported, finding.expected) == ("5.00", "0.00")
    assert finding.figures["derivation"] == (
        "实有人数 18 ÷ 人员编制 16 = 112.50%，高于 100% 计 12 个百分点，每个百分点扣 0.5 分，得 0.00"
    )


def test_less_than_a_standard_gives_is_asked_about() -> None:
    assert marks(changed("固定资产利用率", "98", self_score="2")) == {("S113", "F18")}


def test_a_loss_that_figures_explain_needs_no_reason() -> None:
    half_used = profile({"assets.total.in_use": "44.361"})
    assert marks(changed("固定资产利用率", "98", self_score="2"), half_used) == set()


@pytest.mark.parametrize(
    ("name", "score_", "total", "cell", "gap"),
    [
        ("“三公经费”变动率", "0", "94", "G5", "5.00"),
        ("“三公经费”控制率", "0", "93", "G10", "6.00"),
        ("公务卡刷卡率", "2.8", "98.8", "G15", "0.20"),
        ("管理制度健全性", "2", "97", "G11", "1.00"),
        ("其他工作实绩指标完成情况", "3", "98", "G24", "1.00"),
    ],
)
def test_points_lost_without_figures_or_reason(
    name: str, score_: str, total: str, cell: str, gap: str
) -> None:
    form = changed(name, total, self_score=score_)
    found = [each for each in audit(form) if each.code == "S123"]
    assert found[0].place.cell == cell
    assert found[0].figures["gap"] == gap
    assert {each.code for each in audit(form)} == {"S123", "S125"}


def test_points_lost_with_a_reason_are_no_finding() -> None:
    form = changed("“三公经费”变动率", "94", self_score="0", reason="上年 5.10 万元，增长 24.90%")
    assert marks(form) == set()


def test_a_dash_is_no_reason() -> None:
    assert marks(changed("“三公经费”变动率", "94", self_score="0", reason="—")) == {("S123", "G5")}


@pytest.mark.parametrize("project", ["", "—", "0"])
def test_points_for_a_share_of_nothing(project: str) -> None:
    none = profile({"spending.total.project": project})
    assert marks(scoring_table(), none) == {("S122", "F6")}
    finding = the_finding("S122", scoring_table(), none)
    assert (finding.reported, finding.figures["base"]) == ("5.00", "《基本情况》B4")


def test_no_points_for_a_share_of_nothing_are_only_asked_about() -> None:
    none = profile({"spending.total.project": ""})
    assert marks(changed("重点支出安排率", "94", self_score="0"), none) == {("S123", "G6")}


@pytest.mark.parametrize(
    ("name", "score_", "total", "cell"),
    [
        ("重点支出安排率", "4.5", "98.5", "F6"),
        ("预算调整率", "2.5", "98.5", "F7"),
        ("支付进度", "2.8", "98.8", "F8"),
        ("资金使用合规性", "2.5", "98.5", "F12"),
        ("社会公众或服务对象满意度", "4", "98", "F28"),
    ],
)
def test_a_score_between_those_that_a_standard_gives(name: str, score_: str, total: str, cell: str) -> None:
    assert marks(changed(name, total, self_score=score_, reason="测试")) == {("S124", cell)}


@pytest.mark.parametrize(
    ("name", "score_", "total"), [("预算调整率", "0.5", "96.5"), ("支付进度", "2.5", "98.5")]
)
def test_a_score_that_a_standard_gives_is_none(name: str, score_: str, total: str) -> None:
    assert marks(changed(name, total, self_score=score_, reason="测试")) == set()


def test_scores_above_their_shared_weight() -> None:
    form = changed("经济效益", "100", self_score="6")
    assert marks(form) == {("S121", "F25")}
    finding = the_finding("S121", form)
    assert (finding.reported, finding.expected) == ("16.00", "15.00")
    assert finding.figures["parts"] == "6.00 + 5.00 + 5.00"


def test_points_lost_under_a_shared_weight_are_told_once() -> None:
    assert marks(changed("社会效益", "98", self_score="4")) == {("S123", "G25")}


def test_another_weight_than_the_standards() -> None:
    form = scoring_table(
        {
            "资产管理安全性": BY_NAME["资产管理安全性"]._replace(weight="3", self_score="3"),
            "其他工作实绩指标完成情况": BY_NAME["其他工作实绩指标完成情况"]._replace(
                weight="5", self_score="5"
            ),
        }
    )
    assert marks(form) == {("S115", "E17")}
    assert the_finding("S115", form).expected == "4.00"


def test_an_indicator_of_the_departments_own_is_no_finding() -> None:
    own = Row("产出", "职责履行", "虚构任务完成情况", "5", "5")
    assert marks(scoring_table({"推进全面小康建设指标任务完成情况": own})) == set()


def test_a_grade_in_another_word_is_read_with_a_note() -> None:
    form = profile(fields={"total_score": "88", "grade": "良好"})
    (finding,) = audit(form)
    assert (finding.code, finding.reported, finding.expected) == ("S120", "良好", "良")


def test_a_grade_that_does_not_fit_is_told_as_such_only() -> None:
    assert marks(profile(fields={"total_score": "94", "grade": "良好"})) == {("S107", "C2")}


@pytest.mark.parametrize(
    ("printed", "total", "found"),
    [
        ("99", "99", set()),
        ("98.4", "98.35", set()),
        ("98", "98.35", set()),
        ("99", "98.35", {("S126", "C1")}),
        ("94", "95", {("S126", "C1")}),
    ],
)
def test_the_score_printed_beside_the_table(printed: str, total: str, found: set[tuple[str, str]]) -> None:
    forms = (scoring_table(total=total), profile(fields={"total_score": printed}))
    cards = [score(form, SCHEME, forms) for form in forms]
    findings = audit_department([subject_of(card, SCHEME) for card in cards], SCHEME)
    assert {(each.code, each.place.cell) for each in findings} == found
