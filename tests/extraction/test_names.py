"""Tests of jixiao.extraction.names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.audit.settling.certainty import Certainty
from jixiao.domain.findings import Severity
from jixiao.domain.text_keys import clean_name
from jixiao.evaluating.attribution import attribute
from jixiao.evaluating.files import FileResult
from tests.builders.readings import Read, national, read, shown
from tests.builders.sheets import DEPARTMENT_ROW, FUNDS_HEADER, NAME_ROW, TITLE_ROW, TOTAL_ROW, project, sheet


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("虚构水务局", "虚构水务局"),
        (" 虚构 水务局 ", "虚构水务局"),
        ("[101]虚构水务局", "虚构水务局"),
        ("【101001】虚构水务局", "虚构水务局"),
        ("（A0101）虚构水务局", "虚构水务局"),
        ("101 虚构水务局", "虚构水务局"),
        ("101001　虚构水务局", "虚构水务局"),
        ("101-虚构水务局", "虚构水务局"),
        ("101001虚构水务局", "虚构水务局"),
        ("虚构水务局（101001）", "虚构水务局"),
        ("虚构水务局-101001", "虚构水务局"),
        ("虚构水务局（公章）", "虚构水务局"),
        ("虚构水务局(单位盖章)", "虚构水务局"),
        ("43000021Y00000123-虚构工程", "虚构工程"),
        ("虚构水务局(本级)", "虚构水务局（本级）"),
        ("虚构中心（二期）", "虚构中心（二期）"),
        ("2024年虚构工程", "2024年虚构工程"),
        ("2024 年度虚构工程", "2024年度虚构工程"),
        ("2024虚构工程", "2024虚构工程"),
        ("2023-2025年虚构工程", "2023-2025年虚构工程"),
        ("虚构工程（2024）", "虚构工程（2024）"),
        ("110虚构指挥中心", "110虚构指挥中心"),
        ("G60虚构走廊", "G60虚构走廊"),
        ("101001", "101001"),
        ("", ""),
    ],
)
def test_clean_name(text: str, name: str) -> None:
    assert clean_name(text) == name


def sent(form: Read, file: str = "虚构局.xlsx") -> tuple[str, set[str]]:
    """The department that a round gives the form, and the codes that it says so by."""
    result = FileResult(file, "", submissions=(form.submission,))
    attribution = attribute([result])
    return attribution.submissions[0].department, {each.code for each in attribution.findings}


IMPLEMENTER = DEPARTMENT_ROW.replace("主管部门 | < | 虚构水务局 | < |", " | < |  | < |")


@pytest.mark.parametrize(
    ("changes", "file", "department"),
    [
        ([(DEPARTMENT_ROW, IMPLEMENTER)], "自评表.xlsx", "虚构管网处"),
        ([(DEPARTMENT_ROW, ""), (TITLE_ROW, f"虚构县水务局{TITLE_ROW}")], "自评表.xlsx", "虚构县水务局"),
        ([(DEPARTMENT_ROW, "")], "虚构县水务局2024年自评表.xlsx", "虚构县水务局"),
        ([(DEPARTMENT_ROW, "")], "2024_虚构县水务局_管网.xlsx", "虚构县水务局"),
    ],
)
def test_a_department_that_no_field_names(changes: list[tuple[str, str]], file: str, department: str) -> None:
    form = read(replace(sheet(project(*changes)), file=file))
    assert form.submission.department == ""
    assert form.marks == set()
    assert sent(form, file) == (department, {"L113"})


def test_other_forms_of_the_file_know_better_than_the_implementer() -> None:
    form = read(sheet(project((DEPARTMENT_ROW, IMPLEMENTER)))).submission
    other = replace(read(sheet(project())).submission, submission_id="other", project="另一项目")
    result = FileResult("虚构局.xlsx", "", submissions=(form, other))
    attribution = attribute([result])
    assert {each.department for each in attribution.submissions} == {"虚构水务局"}
    assert attribution.findings == ()


def test_a_form_that_says_nothing_of_its_department() -> None:
    form = read(replace(sheet(project((DEPARTMENT_ROW, ""))), file="自评表.xlsx"))
    assert form.marks == {("L103", "")}
    assert sent(form)[1] == {"P107"}


@pytest.mark.parametrize("word", ["部门（单位）全称", "被评价部门（盖章处）"])
def test_a_blank_cell_beside_an_unknown_word_is_the_department_s_and_only_doubted(word: str) -> None:
    asking = (DEPARTMENT_ROW, DEPARTMENT_ROW.replace("主管部门", word).replace("虚构水务局", ""))
    implementer = ("实施单位 | 虚构管网处", " | ")
    form = read(replace(sheet(project(asking, implementer)), file="自评表.xlsx"))
    assert form.marks == {("L113", "A3")}
    assert form.submission.fields["department"].ref.a1 == "C3"
    (finding,) = attribute([FileResult("自评表.xlsx", "", submissions=(form.submission,))]).findings
    assert (finding.code, finding.place.cell) == ("P107", "C3")
    judged = Certainty([form.submission], national(), lambda _: Severity.ERROR).judge(finding)
    assert judged.severity is Severity.WARNING
    assert judged.finding.assumed == (
        f"A3“{word}”按“主管部门”读取（与该栏目用语相近，表上别处没有这个名称）",
    )


@pytest.mark.parametrize("word", ["某某地址", "部门负责人", "主管部门"])
def test_a_word_that_asks_for_something_else_leaves_the_department_lacking(word: str) -> None:
    """Nothing could stand for it; or its own word does, and its blank cell is an error."""
    asking = (DEPARTMENT_ROW, DEPARTMENT_ROW.replace("主管部门", word).replace("虚构水务局", ""))
    form = read(replace(sheet(project(asking, ("实施单位 | 虚构管网处", " | "))), file="自评表.xlsx"))
    assert form.marks == (set() if word == "主管部门" else {("L103", "")})
    assert form.submission.inferences == ()


def test_a_name_that_the_form_has_elsewhere_is_not_asked_for_beside_an_unknown_word() -> None:
    asking = (DEPARTMENT_ROW, DEPARTMENT_ROW.replace("主管部门", "部门全名").replace("虚构水务局", ""))
    form = read(replace(sheet(project(asking)), file="自评表.xlsx"))
    assert form.marks == set()
    assert "department" not in form.submission.fields


def test_the_reporting_line_names_the_department() -> None:
    text = project(
        (TITLE_ROW, f"{TITLE_ROW}\n填报单位：虚构水务局　　填报日期：2025年3月1日"),
        (DEPARTMENT_ROW, IMPLEMENTER),
    )
    assert read(sheet(text)).submission.department == "虚构水务局"


def test_a_project_that_only_the_title_names() -> None:
    text = project((NAME_ROW, ""), (TITLE_ROW, TITLE_ROW.replace("年度", "年度虚构管网改造")))
    form = read(sheet(text))
    assert form.submission.project == "虚构管网改造"
    assert form.audit() == {("L113", "A1")}


@pytest.mark.parametrize("word", ["业务主管部门", "归口主管部门"])
def test_a_field_under_a_word_with_a_qualifier(word: str) -> None:
    form = read(sheet(project(("主管部门 | <", f"{word} | <"))))
    assert form.submission.department == "虚构水务局"
    assert form.audit() == {("L113", "A3")}


def test_a_label_of_no_form_is_no_value() -> None:
    text = project(("主管部门 | < | 虚构水务局 | <", "主管部门 | < | 联系电话 | 000"))
    assert read(sheet(text)).submission.department == ""


def test_the_total_in_the_head_of_the_form() -> None:
    text = project(
        (TOTAL_ROW, ""), (FUNDS_HEADER, f"自评总分（分） | < | 99.29 | < | < | < | < | <\n{FUNDS_HEADER}")
    )
    form = read(sheet(text))
    assert shown(form.submission.total) == {"self_score": "99.29"}
    assert form.audit() == set()
    wrong = text.replace("99.29 | < | <", "98.29 | < | <")
    assert read(sheet(wrong)).audit() == {("S106", "C4")}
