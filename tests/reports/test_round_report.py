"""The round's report: ranks, distribution, weak execution, common problems, use of results by the scheme."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.uses import Tally
from jixiao.domain.findings import Severity
from jixiao.domain.reviews import Level, Outcome, Reviews, UseRule
from jixiao.reports.figures import DepartmentFacts, Problem, ProjectFacts, department_facts
from jixiao.reports.round_report import ReportedRound, rank, round_report
from tests.builders.evaluations import evaluation
from tests.builders.reports import rows, said, table
from tests.builders.results import ranking_of

if TYPE_CHECKING:
    from jixiao.domain.documents import Document

ROUND = evaluation().round
TITLES = {"A101": "合计不符", "P102": "执行率偏低没有说明原因", "S105": "得分与规则不符"}


def facts(department: str, score: str | None = None, **further: object) -> DepartmentFacts:
    given = DepartmentFacts(
        department=department,
        status="通过",
        has_overall=True,
        sent=True,
        forms=1,
        due=0,
        missing=0,
        late=0,
        score=None if score is None else Decimal(score),
        self_score=None,
        verified_share=None,
        budget=Decimal(100),
        executed=Decimal(95),
        projects=(),
        losses="",
        mend=0,
        verify=0,
        problems=(),
        remark="",
    )
    return replace(given, **further)  # type: ignore[arg-type]  # its own fields


def report(*departments: DepartmentFacts, unused: int = 0) -> Document:
    return round_report(ReportedRound(ROUND, departments, TITLES, "汇总.xlsx", unused))


def problem(code: str, count: int, example: str = "例", severity: Severity = Severity.ERROR) -> Problem:
    return Problem(code, severity, count, example)


def test_the_ranking_is_that_of_the_summary_workbook() -> None:
    given = evaluation()
    told = tuple(department_facts(each, given.round.scheme) for each in gather_dossiers(given))
    ranked = [
        (each.department, each.accepted_score)
        for each in ranking_of(given, given.round.scheme)
        if each.accepted_score is not None
    ]
    found = rank(ReportedRound(given.round, told, {}, ""))
    assert [(each.facts.department, each.facts.score) for each in found] == ranked
    assert ranked


def test_equal_scores_share_a_place_and_the_unscored_are_named() -> None:
    document = report(facts("丙", "90"), facts("乙", "95.5"), facts("甲", "95.5"), facts("丁"))
    assert [row[:4] for row in rows(table(document, "部门得分和排名"))] == [
        ("1", "乙", "95.50", "优"),
        ("1", "甲", "95.50", "优"),
        ("3", "丙", "90.00", "优"),
    ]
    assert said(document, "（二）排名") == ["没有名次的部门1个：丁（有报送表不能计分）。"]
    assert said(document, "（一）得分和等级") == [
        "可以计分的部门3个，平均93.67分，中位数95.50分，最高95.50分（乙），最低90.00分（丙）。"
    ]


def test_projects_alone_are_ranked_only_where_nobody_has_more() -> None:
    alone = facts("甲", "99", has_overall=False)
    both = rank(ReportedRound(ROUND, (alone, facts("乙", "80")), {}, ""))
    assert [each.facts.department for each in both] == ["乙"]
    assert [each.facts.department for each in rank(ReportedRound(ROUND, (alone,), {}, ""))] == ["甲"]


def test_grades_and_intervals_count_every_department_once() -> None:
    scores = ("99", "95", "94.99", "80", "61", "12.5")
    document = report(*(facts(f"部门{place}", score) for place, score in enumerate(scores)))
    assert rows(table(document, "等级分布")) == [
        ("优", "90分以上", "3", "50.00%", "300.00", "50.00%"),
        ("良", "80分以上", "1", "16.67%", "100.00", "16.67%"),
        ("中", "60分以上", "1", "16.67%", "100.00", "16.67%"),
        ("差", "60分以下", "1", "16.67%", "100.00", "16.67%"),
    ]
    assert [row[:2] for row in rows(table(document, "得分分布"))] == [
        ("95（含）以上", "2"),
        ("90（含）至95", "1"),
        ("85（含）至90", "0"),
        ("80（含）至85", "1"),
        ("75（含）至80", "0"),
        ("70（含）至75", "0"),
        ("65（含）至70", "0"),
        ("60（含）至65", "1"),
        ("60以下", "1"),
    ]


def test_results_that_have_to_be_mended_are_provisional() -> None:
    document = report(facts("甲", "95", mend=2, status="退回修改"), facts("乙", "90"))
    assert "其中1个部门的报送表须修改后重报，其得分、等级和名次为暂定。" in said(document, "（一）得分和等级")
    assert rows(table(document, "须修改或补报的部门")) == [("甲", "退回修改", "2", "0", "0")]


def test_weak_execution_is_told_by_the_scheme_threshold() -> None:
    projects = (
        ProjectFacts("慢项目", Decimal(200), Decimal("151.2")),
        ProjectFacts("不知道", Decimal(50), None),
        ProjectFacts("没有预算", Decimal(0), Decimal(0)),
    )
    ninety = replace(ROUND.scheme.execution, reason_below=Decimal(90))
    round_ = replace(ROUND, scheme=replace(ROUND.scheme, execution=ninety))
    given = facts("甲", "95", projects=projects, executed=Decimal(89))
    document = round_report(ReportedRound(round_, (given,), {}, "汇总.xlsx"))
    assert rows(table(document, "执行率偏低的部门和项目")) == [
        ("甲", "慢项目", "200.00", "151.20", "75.60%", "48.80"),
        ("甲", "（部门整体）", "100.00", "89.00", "89.00%", "11.00"),
    ]
    assert said(document, "（二）执行偏低的部门和项目") == [
        "执行率低于90%的部门1个、项目1个，其中项目未执行48.80万元。"
    ]
    assert said(document, "（一）总体执行") == [
        (
            "1个部门全年预算合计100.00万元，全年执行合计89.00万元，按金额合计的执行率89.00%，"
            "执行率的简单平均89.00%。"
        ),
        (
            "1个有自评表的项目全年预算合计200.00万元，全年执行合计151.20万元，按金额合计的执行率75.60%，"
            "执行率的简单平均75.60%。"
        ),
    ]


def test_without_a_threshold_nobody_is_called_weak() -> None:
    never = replace(ROUND.scheme.execution, reason_below=None)
    round_ = replace(ROUND, scheme=replace(ROUND.scheme, execution=never))
    document = round_report(ReportedRound(round_, (facts("甲", "95", executed=Decimal(1)),), {}, ""))
    assert said(document, "（二）执行偏低的部门和项目") == [
        f"评价方案《{ROUND.scheme.title}》没有规定执行率偏低的界限，本报告不列名单。"
    ]


def test_problems_stand_by_how_many_departments_have_them() -> None:
    document = report(
        facts("甲", problems=(problem("A101", 5), problem("P102", 1, "甲例", Severity.WARNING))),
        facts("乙", problems=(problem("P102", 2, "乙例", Severity.WARNING), problem("S105", 9))),
    )
    assert rows(table(document, "常见问题")) == [
        ("执行率偏低没有说明原因", "须核实", "2", "3", "甲：甲例"),
        ("得分与规则不符", "须修改", "1", "9", "乙：例"),
        ("合计不符", "须修改", "1", "5", "甲：例"),
    ]


def test_a_scheme_that_says_nothing_on_the_use_of_results_is_told_so() -> None:
    document = report(facts("甲", "95"))
    assert said(document, "（一）与预算安排挂钩") == [
        (
            f"评价方案《{ROUND.scheme.title}》没有规定评价结果怎样与预算安排挂钩，"
            "本报告不提出增减预算的建议；下表按等级列出部门和资金，供研究。"
        ),
        "【待补：结果应用的意见】",
    ]
    assert rows(table(document, "按等级的结果应用"))[0] == ("优", "方案未规定", "1", "100.00", "甲")


def test_the_rule_of_the_scheme_is_printed_with_those_whom_it_concerns() -> None:
    grades = tuple(replace(cut, use="压减预算" if cut.grade == "差" else "") for cut in ROUND.scheme.grades)
    round_ = replace(ROUND, scheme=replace(ROUND.scheme, grades=grades))
    document = round_report(ReportedRound(round_, (facts("甲", "12"),), {}, ""))
    assert said(document, "（一）与预算安排挂钩") == [
        f"按评价方案《{ROUND.scheme.title}》的规定，各等级的结果应用如下。"
    ]
    assert rows(table(document, "按等级的结果应用"))[-1] == ("差", "压减预算", "1", "100.00", "甲")


def test_rules_of_the_jurisdiction_are_counted_as_on_the_sheet_and_proposals_are_not() -> None:
    tallies = (
        Tally(Level.DEPARTMENT, "保持", ("甲", "乙"), Decimal(200), None),
        Tally(Level.PROJECT, "压减", ("甲", "甲"), Decimal(50), Decimal(10)),
    )
    rule = UseRule("cut", "执行率低", Outcome.REDUCE, "压减", "某办法", rate_below=Decimal(80))
    for proposed in (False, True):
        reviews = Reviews(uses=(replace(rule, proposed=proposed),))
        round_ = replace(ROUND, scheme=replace(ROUND.scheme, reviews=reviews))
        document = round_report(ReportedRound(round_, (facts("甲", "95"),), {}, "", 0, tallies))
        (first, *others) = said(document, "（一）与预算安排挂钩")
        if proposed:
            assert "本报告不提出增减预算的建议" in first
            assert others == ["【待补：结果应用的意见】"]
            continue
        assert first == f"按评价方案《{ROUND.scheme.title}》的规定，结果应用如下。"
        assert others == []
        assert rows(table(document, "按规则的结果应用")) == [
            ("部门", "保持", "2", "200.00", "", "甲、乙"),
            ("项目", "压减", "2", "50.00", "10.00", "甲"),
        ]


def test_who_has_not_sent_is_counted_by_the_roster() -> None:
    document = report(
        facts("甲", "95", due=2, missing=1, forms=1, late=1),
        facts("乙", sent=False, due=1, missing=1, status="未报送"),
        unused=3,
    )
    assert said(document, "（一）报送情况") == [
        (
            "共收到1个部门报送的自评材料，采用报送表1张。按名册应报3张，未报2张，迟报1张。"
            "另有3个文件或工作表不是可用的报送表。"
        ),
        "没有报送的部门1个：乙。",
    ]


@pytest.mark.parametrize("count", [100, 101])
def test_a_long_ranking_shows_both_ends_and_says_so(count: int) -> None:
    document = report(*(facts(f"部门{place:03}", str(Decimal(place) / 10)) for place in range(count)))
    found = rows(table(document, "部门得分和排名"))
    assert len(found) == 100
    assert (found[0][0], found[-1][0]) == ("1", str(count))
    more = ["下表列出前50名和后50名，其余1个部门见《部门汇总》。"] if count > 100 else []
    assert said(document, "（二）排名") == more


def test_an_empty_round_has_a_report_without_figures() -> None:
    document = report()
    assert said(document, "（一）得分和等级") == ["没有可以计分的部门。"]
    assert said(document, "四、共性问题") == ["审核没有发现须修改或须核实的问题。"]
