from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.scoring.cards import grade_of, printed_grade
from tests.builders.schemes import PROJECT, scheme
from tests.builders.submissions import good_project, with_fields

SCHEME = scheme()


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.995", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("-1", "差"),
        (None, ""),
    ],
)
def test_grade_of(score: str | None, grade: str) -> None:
    assert grade_of(None if score is None else Decimal(score), SCHEME) == grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("优", "优"),
        ("良好", "良"),
        ("良", "良"),
        ("等级：中", "中"),
        ("优□ 良☑ 中□ 差□", ""),
        ("甲", ""),
        (None, ""),
    ],
)
def test_printed_grade(text: str | None, grade: str) -> None:
    assert printed_grade(with_fields(good_project(PROJECT), grade=text), SCHEME) == grade


def test_a_form_without_the_field_prints_none() -> None:
    assert not printed_grade(good_project(PROJECT), SCHEME)
