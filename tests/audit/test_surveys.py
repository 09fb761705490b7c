from __future__ import annotations

from jixiao.audit.surveys import audit_survey
from tests.builders.supplements import QUESTION, answer_sheet, evaluated, reporting
from tests.builders.targets import figure


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
