from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.evaluating.attribution import Senders
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
