"""Columns of an indicator block whose header words nobody knows, found by what stands in them."""

from __future__ import annotations

import pytest

from tests.builders.readings import parts, read
from tests.builders.sheets import HEADER_ROW, project, sheet

WHOLE = parts(read(sheet(project())).submission)["indicators"]

UNKNOWN = {
    "level1": ("一级指标 |", "大项 |"),
    "level2": ("二级指标 |", "中项 |"),
    "level3": ("三级指标 |", "考评事项 |"),
    "target": ("年度指标值 |", "要求 |"),
    "actual": ("实际完成值 |", "办到多少 |"),
    "weight": ("分值 |", "满额 |"),
    "self_score": ("得分 |", "给自己打多少 |"),
}


def with_words(*names: str) -> str:
    header = HEADER_ROW
    for name in names:
        header = header.replace(*UNKNOWN[name])
    return project((HEADER_ROW, header))


@pytest.mark.parametrize("name", UNKNOWN)
def test_one_unknown_header_word_costs_nothing(name: str) -> None:
    submission = read(sheet(with_words(name))).submission
    assert parts(submission)["indicators"] == WHOLE
    assert [each.address for each in submission.inferences] == [f"indicators..{name}"]


@pytest.mark.parametrize(
    "names",
    [
        ("level1", "level2"),
        ("target", "actual"),
        ("weight", "self_score"),
        ("level2", "target"),
        ("level3", "weight"),
        ("actual", "self_score"),
        ("level1", "target", "self_score"),
        ("level2", "level3", "weight"),
    ],
)
def test_several_unknown_header_words(names: tuple[str, ...]) -> None:
    submission = read(sheet(with_words(*names))).submission
    assert parts(submission)["indicators"] == WHOLE
    assert {each.address for each in submission.inferences} == {f"indicators..{name}" for name in names}
