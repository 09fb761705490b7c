"""Surveys and appraisals built in code, and forms that report satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.scoring.supplements import evaluate_survey
from tests.builders.grids import SCHEME, Typed, grid, read
from tests.builders.schemes import OVERALL, PROJECT
from tests.builders.submissions import submission
from tests.builders.targets import at_least, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.domain.quantities import Actual
    from jixiao.domain.submissions import Submission
    from jixiao.domain.supplements import AppraisalRule, Survey, SurveyRule

DEPARTMENT = "云梦泽省虚构水务局"
QUESTION = "您对工作的满意程度（满分10分）"
APPRAISAL_HEADER = ("处室（中心）", "三季度执行率", "四季度执行率", "年度执行率", "名次")


def survey_rule() -> SurveyRule:
    rule = SCHEME.survey
    assert rule is not None
    return rule


def appraisal_rule() -> AppraisalRule:
    rule = SCHEME.appraisal
    assert rule is not None
    return rule


def answer_sheet(
    *questionnaires: Sequence[Typed], headers: Sequence[str] = (QUESTION,), project: str = ""
) -> Submission:
    """An export with these answers, one questionnaire a row."""
    heading: list[tuple[Typed, ...]] = [(f"项目名称：{project}",)] if project else []
    rows = [*heading, ("提交时间", *headers), *(("2025/3/1", *row) for row in questionnaires)]
    (found,) = read(grid(rows, file="问卷.xlsx")).submissions
    return found


def evaluated(sheet: Submission, *forms: Submission) -> Survey:
    return evaluate_survey(sheet, forms, survey_rule())


def reporting(*actuals: Actual, project: str = "") -> Submission:
    """An overall form, or that of a project, with one satisfaction indicator for each actual."""
    rows = [
        ("满意度指标", f"示例满意度{number}", at_least("90", "%"), actual, "5", "5")
        for number, actual in enumerate(actuals, start=1)
    ]
    other = ("产出指标", "示例覆盖率", at_least("90", "%"), figure("97", "%"), "50", "50")
    layout = PROJECT if project else OVERALL
    return submission(layout, project or "整体", {}, [other, *rows], total=None, department=DEPARTMENT)


def appraisal_sheet(*rows: Sequence[Typed]) -> Submission:
    """An appraisal table, one division a row: name, two quarters, and what the department worked out."""
    (found,) = read(grid([("2024年度处室预算执行考核表",), APPRAISAL_HEADER, *rows])).submissions
    return found
