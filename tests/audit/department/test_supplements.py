from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.supplements import audit_appraisal, audit_survey
from jixiao.scoring.supplements import appraise
from tests.builders.grids import SCHEME, Typed
from tests.builders.supplements import (
    QUESTION,
    answer_sheet,
    appraisal_rule,
    appraisal_sheet,
    evaluated,
    reporting,
)
from tests.builders.targets import figure

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding

RULE = appraisal_rule()
GOOD: tuple[tuple[Typed, ...], ...] = (
    ("一处", "80.00%", "90.00%", "89.00%", 2),
    ("二处", "70.05%", "98.00%", "95.21%", 1),
    ("三处", "60.00%", "70.00%", "69.00%", 3),
)


def audit(*rows: tuple[Typed, ...]) -> list[Finding]:
    appraisal = appraise(appraisal_sheet(*rows), RULE)
    return list(audit_appraisal(appraisal, RULE, SCHEME.form(RULE.form)))


def marks(*rows: tuple[Typed, ...]) -> set[tuple[str, str]]:
    return {(finding.code, finding.place.cell) for finding in audit(*rows)}


def test_a_table_that_holds_is_left_alone() -> None:
    assert audit(*GOOD) == []


def test_a_table_without_the_department_s_own_results_is_left_alone() -> None:
    assert audit(("一处", "80%", "90%"), ("二处", "70%", "95%")) == []


def test_annual_rate_that_does_not_follow() -> None:
    (finding,) = audit(("一处", "80.00%", "90.00%", "85.00%", 2), *GOOD[1:])
    assert (finding.code, finding.place.cell, finding.label) == ("X121", "D3", "一处·年度执行率")
    assert (finding.reported, finding.expected) == ("85.00%", "89.00%")
    assert finding.figures == {"derivation": "80.00% × 0.1 + 90.00% × 0.9 = 89.00%"}


@pytest.mark.parametrize("printed", ["89.0%", "89%", "89.00%", "89.01%", "88.99%"])
def test_rounded_quarters_may_have_given_it(printed: str) -> None:
    assert audit(("一处", "80.00%", "90.00%", printed, 2), *GOOD[1:]) == []


@pytest.mark.parametrize("printed", ["89.02%", "88.98%", "88%", "90%"])
def test_no_rounding_can_have_given_it(printed: str) -> None:
    assert marks(("一处", "80.00%", "90.00%", printed, 2), *GOOD[1:]) == {("X121", "D3")}


def test_rank_that_does_not_follow() -> None:
    findings = audit(("一处", "80.00%", "90.00%", "89.00%", 1), *GOOD[1:])
    assert [(each.code, each.place.cell, each.reported, each.expected) for each in findings] == [
        ("X122", "E3", "1", "2")
    ]


@pytest.mark.parametrize("ranks", [(1, 1, 3), (1, 1, 2), (1, 2, 3), (2, 1, 3)])
def test_ties_are_ranked_in_several_ways(ranks: tuple[int, int, int]) -> None:
    rows = (("一处", 80, 90), ("二处", 80, 90), ("三处", 10, 20))
    assert audit(*((*row, None, rank) for row, rank in zip(rows, ranks, strict=True))) == []


def test_ranks_by_mistaken_rates_are_one_mistake() -> None:
    assert marks(("一处", "80.00%", "90.00%", "99.00%", 1), ("二处", "70.05%", "98.00%", "95.21%", 2)) == {
        ("X121", "D3")
    }


def test_missing_quarter_is_said_and_ranks_are_not_judged() -> None:
    rows = (("一处", "80.00%", "", None, 1), ("二处", "70.00%", "90.00%", "88.00%", 2))
    (finding,) = audit(*rows)
    assert (finding.code, finding.place.cell, finding.label) == ("X123", "C3", "一处·四季度执行率")


def test_rate_above_all_and_below_nothing() -> None:
    assert marks(("一处", "120.00%", "90.00%"), ("二处", "50.00%", "-3.00%")) == {
        ("X126", "B3"),
        ("X126", "C4"),
    }


def test_a_survey_that_the_form_reports_is_left_alone() -> None:
    survey = evaluated(answer_sheet((10,), (9,)), reporting(figure("95", "%")))
    assert list(audit_survey(survey)) == []


def test_a_form_that_states_another_figure_is_asked_at_its_cell() -> None:
    form = reporting(figure("97", "%"))
    (finding,) = audit_survey(evaluated(answer_sheet((9,), (8,), (7,)), form))
    assert (finding.code, finding.subject) == ("X120", form.submission_id)
    assert (finding.place.file, finding.place.cell) == (form.file, "C22")
    assert (finding.label, finding.reported, finding.expected) == ("示例满意度1", "97%", "80.00%")
    assert finding.figures == {"count": "3", "survey": "问卷.xlsx"}


def test_a_question_of_unknown_scale_is_said_at_its_header() -> None:
    survey = evaluated(answer_sheet((5,), (4,), headers=("您的满意程度",)), reporting(figure("97", "%")))
    (finding,) = audit_survey(survey)
    assert (finding.code, finding.place.cell, finding.label) == ("X124", "B1", "您的满意程度")
    assert finding.figures == {"reason": "没有写明满分，答案按满分 5、10 分都说得通"}


def test_answers_that_are_not_on_the_scale_are_counted_once_a_question() -> None:
    sheet = answer_sheet(*[(10,)] * 9, ("很好",), (11,))
    (finding,) = audit_survey(evaluated(sheet))
    assert (finding.code, finding.place.cell, finding.label) == ("X125", "B11", QUESTION)
    assert (finding.reported, finding.figures) == ("很好", {"count": "2", "scale": "十分制"})


def test_a_long_question_is_named_by_its_beginning() -> None:
    header = "您对我单位全年各项政策宣传和服务工作的总体满意程度是多么高低呢还是一般"
    (finding,) = audit_survey(evaluated(answer_sheet((5,), headers=(header,))))
    assert finding.label == f"{header[:30]}…"
