"""The self-check finds the rules and the year by itself, and says of every file what came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import ConfigurationError, check_files
from tests.builders.folders import round_folder
from tests.builders.forms import overall_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path


def test_a_good_form_is_clean_under_the_national_rules(tmp_path: Path) -> None:
    write_forms(tmp_path / "表.xlsx", overall_form())
    result = check_files([tmp_path / "表.xlsx"])
    assert (result.findings, result.unreadable) == ((), False)
    assert [card.total.accepted_score for card in result.cards] == [Decimal("99.74")]


def test_scheme_and_year_come_from_the_round_above_the_file(tmp_path: Path) -> None:
    folder = round_folder(tmp_path, settings='scheme = "hunan-provincial"\nyear = 2023\n')
    write_forms(folder / "表.xlsx", overall_form())
    result = check_files([folder / "表.xlsx"])
    assert [(finding.code, finding.expected) for finding in result.findings] == [("X101", "2023")]


def test_a_file_that_is_no_workbook_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").write_text("x", encoding="utf-8")
    result = check_files([tmp_path / "表.xlsx"])
    assert result.unreadable
    assert [finding.code for finding in result.findings] == ["F104"]


def test_two_files_of_one_name_stay_two(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        write_forms(tmp_path / name / "表.xlsx", overall_form())
    result = check_files([tmp_path / "甲" / "表.xlsx", tmp_path / "乙" / "表.xlsx"])
    assert [finding.code for finding in result.findings] == ["P103"]


def test_an_unknown_scheme_is_refused(tmp_path: Path) -> None:
    write_forms(tmp_path / "表.xlsx", overall_form())
    with pytest.raises(ConfigurationError, match="评价方案 无此方案 无法使用"):
        check_files([tmp_path / "表.xlsx"], "无此方案")
