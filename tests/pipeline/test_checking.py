"""The self-check finds the rules and the year by itself, and says of every file what came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from jixiao.domain.forms import Scope
from jixiao.pipeline import ConfigurationError, check_files
from tests.builders.folders import round_folder
from tests.builders.forms import overall_form, project_form, write_forms

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


AMENDED = """
extends = "national"
title = "青溪县方案"
jurisdiction = "青溪县（虚构）"
first_year = 2025
[[since]]
year = 2026
[since.execution]
score_places = 0
"""


def test_a_printed_year_that_the_scheme_is_not_for_takes_the_nearest_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest year is one before the amendment: the rules are those, not the latest."""
    schemes = tmp_path / "seeds" / "schemes"
    schemes.mkdir(parents=True)
    (schemes / "own.toml").write_text(AMENDED, encoding="utf-8")
    write_forms(tmp_path / "表.xlsx", overall_form())
    monkeypatch.chdir(tmp_path)
    result = check_files([tmp_path / "表.xlsx"], "own")
    assert result.note == (
        "表上是 2024 年度，方案 own 适用于 2025 年度及以后：按 2025 年度的规则核对，仅供参考。"
    )
    assert [card.total.accepted_score for card in result.cards] == [Decimal("99.74")]


def test_a_round_whose_year_the_scheme_is_not_for_is_refused(tmp_path: Path) -> None:
    folder = round_folder(tmp_path, settings='scheme = "national"\nyear = 2019\n')
    write_forms(folder / "表.xlsx", overall_form())
    with pytest.raises(ConfigurationError, match="本方案适用于 2020 年度及以后，不适用于 2019 年度"):
        check_files([folder / "表.xlsx"])


def test_a_folder_is_checked_with_its_archives(tmp_path: Path) -> None:
    (tmp_path / "甲局").mkdir()
    write_forms(tmp_path / "甲局" / "表.xlsx", overall_form())
    form = (tmp_path / "甲局" / "表.xlsx").read_bytes()
    (tmp_path / "甲局" / "证明.pdf").write_bytes(b"%PDF")
    result = check_files([tmp_path])
    names = [f"{tmp_path.as_posix()}/甲局/{name}" for name in ("表.xlsx", "证明.pdf")]
    assert (result.forms, result.unreadable) == (dict(zip(names, (1, 0), strict=True)), False)
    assert [each.code for each in result.findings] == ["F113"]
    with ZipFile(tmp_path / "甲局.zip", "w") as archive:
        archive.writestr("表.xlsx", form)
    packed = check_files([tmp_path / "甲局.zip"])
    assert list(packed.forms.values()) == [0, 1]
    assert (packed.findings, packed.unreadable) == ((), False)
    (tmp_path / "甲局" / "坏.xlsx").write_bytes(b"x")
    assert check_files([tmp_path]).unreadable
    (tmp_path / "空").mkdir()
    assert check_files([tmp_path / "空"]).unreadable


def test_of_a_rounds_folder_its_own_files_are_not_checked(tmp_path: Path) -> None:
    folder = round_folder(tmp_path, settings='scheme = "national"\nyear = 2024\nroster = "名册.xlsx"\n')
    (folder / "名册.xlsx").write_bytes(b"")
    write_forms(folder / "表.xlsx", overall_form())
    result = check_files([folder])
    assert (list(result.forms), result.findings) == ([f"{folder.as_posix()}/表.xlsx"], ())


def test_a_project_form_alone_misses_no_others(tmp_path: Path) -> None:
    write_forms(tmp_path / "项目.xlsx", project_form())
    assert check_files([tmp_path / "项目.xlsx"]).findings == ()
    write_forms(tmp_path / "整体.xlsx", overall_form())
    both = check_files([tmp_path / "项目.xlsx", tmp_path / "整体.xlsx"])
    assert {card.submission.scope for card in both.cards} == {Scope.PROJECT, Scope.OVERALL}
