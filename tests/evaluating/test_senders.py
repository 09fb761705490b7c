from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.cells import CellRef
from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Basis, Inference
from jixiao.evaluating.attribution import Senders, attribute
from jixiao.evaluating.files import FileResult
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project

if TYPE_CHECKING:
    from jixiao.domain.submissions import Submission

FORM = good_project(PROJECT)


def sent(file: str, department: str) -> Submission:
    return replace(FORM, file=file, department=department)


SENDERS = Senders(
    [
        sent("虚构水务局/自评.xlsx", "虚构水务局"),
        sent("虚构水务局/项目/堤防.xlsx", "虚构水务局"),
        sent("虚构园林局自评.xlsx", "虚构园林局"),
        sent("虚构园林局花卉中心自评.xlsx", "虚构园林局花卉中心"),
        sent("两家/甲.xlsx", "虚构甲局"),
        sent("两家/乙.xlsx", "虚构乙局"),
        sent("合报.xlsx", "虚构甲局"),
        sent("合报.xlsx", "虚构乙局"),
        sent("无名.xlsx", ""),
    ],
    {"虚构灌溉总站": "虚构水务局", "水务": "虚构水务局"},
)


@pytest.mark.parametrize(
    ("file", "department"),
    [
        ("虚构水务局/问卷.xlsx", "虚构水务局"),
        ("虚构水务局/调查/2024/问卷.xlsx", "虚构水务局"),
        ("虚构园林局 满意度问卷.xlsx", "虚构园林局"),
        ("虚构园林局花卉中心问卷.xlsx", "虚构园林局花卉中心"),
        ("问卷/虚构甲局.xlsx", "虚构甲局"),
        ("两家/虚构甲局问卷.xlsx", ""),
        ("合报.xlsx", ""),
        ("虚构甲局和虚构乙局问卷.xlsx", ""),
        ("虚构灌溉总站问卷.xlsx", "虚构水务局"),
        ("水务问卷.xlsx", ""),
        ("问卷.xlsx", ""),
        ("无名.xlsx", ""),
    ],
)
def test_whose_file_it_is(file: str, department: str) -> None:
    assert SENDERS.of(file) == department


def headed(file: str, sheet: str, title: str, scope: Scope = Scope.PROJECT, at: int = 0) -> Submission:
    """A form without a department's label; `at` is the row of the name in it, 0 that of its title."""
    name = Inference(Basis.NAME, CellRef(file, sheet, at, 0), title, "department", "主管部门", "标题", 75)
    form = replace(FORM, submission_id=f"{file}#{sheet}", file=file, sheet=sheet, department="", sender=name)
    return replace(form, scope=scope, title=CellRef(file, sheet, 0, 0), fields={})


def named(file: str, sheet: str, department: str) -> Submission:
    return replace(FORM, submission_id=f"{file}#{sheet}", file=file, sheet=sheet, department=department)


@pytest.mark.parametrize(
    ("own", "others", "department"),
    [
        (headed("甲.xlsx", "1", "虚构园林局"), 1, "虚构园林局"),
        (headed("甲.xlsx", "1", "虚构园林局"), 2, "虚构市水务局"),
        (headed("甲.xlsx", "1", "水务局"), 1, "虚构市水务局"),
        (headed("甲.xlsx", "1", "虚构市水务局信息中心"), 1, "虚构市水务局"),
        (headed("甲.xlsx", "1", "虚构园林局", at=3), 1, "虚构市水务局"),
        (headed("甲.xlsx", "1", "虚构园林局", Scope.OVERALL, at=3), 1, "虚构园林局"),
    ],
)
def test_a_form_that_names_its_department_in_its_title_keeps_it_beside_one_other(
    own: Submission, others: int, department: str
) -> None:
    beside = [named("甲.xlsx", f"其他{at}", "虚构市水务局") for at in range(others)]
    forms = [replace(each, project=f"项目{at}") for at, each in enumerate((own, *beside))]
    result = FileResult("甲.xlsx", "0" * 64, submissions=tuple(forms))
    found = attribute([result]).submissions
    assert {each.department for each in found if each.sheet == "1"} == {department}
