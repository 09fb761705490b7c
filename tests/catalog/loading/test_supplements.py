"""The sections [appraisal] and [survey] of a scheme, and [tables.NAME.answers] of a form."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.forms import load_form, read_form
from jixiao.catalog.loading.schemes import load_scheme, validate_file
from jixiao.catalog.loading.seeds import form_path, scheme_path
from jixiao.domain.forms import Scope, TableKind, TableLayout
from jixiao.domain.supplements import AnswerScale, AnswersLayout, AppraisalRule, SurveyRule
from tests.builders.seeds import Fault, edit, line_of, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS = """
[appraisal]
title = "处室考核"
basis = "办法第八条"
form = "offices"
table = "offices"
weights = { early = 0.25, late = "0.75" }
annual = "year"
rank = "place"
places = 1

[survey]
title = "满意度"
basis = "办法第九条"
places = 2
levels = ["满意度指标"]
"""
OFFICES = """\
title = "处室表"
scope = "support"
titles = ["处室表"]

[tables.offices]
title = "处室"
kind = "list"
""" + "".join(
    f'\n[tables.offices.columns.{name}]\ntitle = "{name}"\nlabels = ["{name}"]\nkind = "percent"\n'
    for name in ("early", "late", "year", "place")
)
ANSWERS = """\
title = "答卷"
scope = "support"
titles = ["答卷"]

[tables.answers]
title = "答卷"
kind = "answers"
required = false

[tables.answers.answers]
questions = ["满意"]
stamps = ["提交时间"]

[tables.answers.answers.scales.points]
title = "五分"
top = 5
lowest = 1
satisfied = 0.8
labels = ["5分"]

[tables.answers.answers.scales.words]
title = "两档"
satisfied = 1
words = { "满意" = 1, "不满意" = "0.0" }
"""


def seeds_with(folder: Path) -> Path:
    """The invented scheme with both sections and the two forms they speak of."""
    seeds = write_seeds(folder)
    edit(scheme_path("bluestone", seeds), '["whole", "part"]', '["whole", "part", "offices", "answers"]')
    with scheme_path("bluestone", seeds).open("a", encoding="utf-8") as stream:
        stream.write(SECTIONS)
    form_path("offices", seeds).write_text(OFFICES, encoding="utf-8")
    form_path("answers", seeds).write_text(ANSWERS, encoding="utf-8")
    return seeds


def test_both_sections_are_read_as_written(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", seeds_with(tmp_path))
    assert scheme.appraisal == AppraisalRule(
        *("appraisal", "处室考核", "办法第八条", "offices", "offices"),
        *({"early": Decimal("0.25"), "late": Decimal("0.75")}, "year", "place", 1),
    )
    assert scheme.survey == SurveyRule("survey", "满意度", "办法第九条", 2, ("满意度指标",))


def test_a_scheme_may_know_neither(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert (scheme.appraisal, scheme.survey) == (None, None)


def test_an_answer_sheet_is_read_as_written(tmp_path: Path) -> None:
    form = load_form("answers", seeds_with(tmp_path))
    assert form.scope is Scope.SUPPORT
    scales = (
        AnswerScale(
            id="points",
            title="五分",
            satisfied=Decimal("0.8"),
            labels=("5分",),
            lowest=Decimal(1),
            top=Decimal(5),
        ),
        AnswerScale(
            id="words",
            title="两档",
            satisfied=Decimal(1),
            words={"满意": Decimal(1), "不满意": Decimal(0)},
        ),
    )
    layout = AnswersLayout(questions=("满意",), scales=scales, stamps=("提交时间",))
    assert form.tables == (
        TableLayout("answers", "答卷", TableKind.ANSWERS, (), required=False, answers=layout),
    )


@pytest.mark.parametrize(
    "fault",
    [
        Fault(
            "early = 0.25",
            "early = 0.2",
            "weights = { early",
            "appraisal.weights",
            "各期权重之和应为 1，现为 0.95。",
        ),
        Fault(
            'form = "offices"',
            'form = "office"',
            'form = "office"',
            "appraisal.form",
            "方案的报送表中没有“office”，可用：whole、part、offices、answers。",
        ),
        Fault(
            'table = "offices"',
            'table = "rooms"',
            'table = "rooms"',
            "appraisal.table",
            "没有名为“rooms”的清单，可用：offices。",
        ),
        Fault(
            "{ early = ",
            "{ soon = ",
            "weights = { soon",
            "appraisal.weights.soon",
            "没有名为“soon”的列，可用：early、late、year、place。",
        ),
        Fault(
            'rank = "place"',
            'rank = "rank"',
            'rank = "rank"',
            "appraisal.rank",
            "没有名为“rank”的列，可用：early、late、year、place。",
        ),
        Fault(
            'levels = ["满意度指标"]',
            "levels = []",
            "levels = []",
            "survey.levels",
            "“levels”至少要有一项。",
        ),
    ],
    ids=lambda fault: fault.key,
)
def test_one_fault_in_a_section_is_one_problem(fault: Fault, tmp_path: Path) -> None:
    path = scheme_path("bluestone", seeds_with(tmp_path))
    edit(path, fault.old, fault.new)
    problems = [(each.line, each.key, each.message) for each in validate_file(path, tmp_path)]
    assert problems == [(line_of(path, fault.at), fault.key, fault.message)]


_SCALES = "tables.answers.answers.scales"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(
            "satisfied = 0.8",
            "satisfied = 8",
            "satisfied = 8",
            f"{_SCALES}.points.satisfied",
            "“satisfied”是占满分的比例，应在 0 与 1 之间，现为 8。",
        ),
        Fault(
            "top = 5",
            "top = 1",
            "top = 1",
            f"{_SCALES}.points.top",
            "满分 1 应高于最低分，步长（step）应大于 0。",
        ),
        Fault(
            "lowest = 1",
            'words = { "好" = 1 }',
            "top = 5",
            f"{_SCALES}.points.top",
            "量表要么写满分（top），要么写各档词语（words），不能都写或都不写。",
        ),
        Fault(
            '"满意" = 1,',
            '"满意" = 0.9,',
            '"满意" = 0.9',
            f"{_SCALES}.words.words",
            "最好的一档应为 1（满分）。",
        ),
        Fault(
            '"不满意" = "0.0"',
            '"不满意" = 2',
            '"不满意" = 2',
            f"{_SCALES}.words.words.不满意",
            "“不满意”占满分的比例应在 0 与 1 之间，现为 2。",
        ),
        Fault(
            'kind = "answers"',
            'kind = "list"',
            "[tables.answers.answers]",
            "tables.answers.answers",
            "kind 为 answers 的表必须写明问卷的认法（answers），其他表不能写。",
        ),
    ],
    ids=lambda fault: fault.key,
)
def test_one_fault_in_an_answer_sheet_is_one_problem(fault: Fault, tmp_path: Path) -> None:
    path = form_path("answers", seeds_with(tmp_path))
    edit(path, fault.old, fault.new)
    problems = [(each.line, each.key, each.message) for each in read_form(path)[1]]
    assert problems == [(line_of(path, fault.at), fault.key, fault.message)]
