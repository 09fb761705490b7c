from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.words import load_words
from jixiao.consolidation.edition import Edition
from jixiao.consolidation.terms import gather_terms, term_sheet
from jixiao.pipeline.settings import ConfigurationError, known_seeds
from jixiao.pipeline.words import accept_words
from jixiao.workbooks.writing import write_workbook
from tests.consolidation.test_terms import HEAD, TOTAL, round_with

if TYPE_CHECKING:
    from pathlib import Path

SCHEME, FORM = "hunan-provincial", "project-self-evaluation"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The sheet as written: row 4 is the total line's word, row 5 the column's."""
    given = round_with(TOTAL, HEAD)
    path = tmp_path / "汇总.xlsx"
    created = datetime(2025, 4, 20, tzinfo=UTC)
    write_workbook(
        path,
        tuple(term_sheet(gather_terms(given), Edition(given.round, created, "0.1.0"))),
        title="",
        created=created,
    )
    return path


def edit(path: Path, **cells: str) -> Path:
    book = load_workbook(path)
    for cell, text in cells.items():
        book["待确认用语"][cell] = text
    book.save(path)
    return path


def test_confirmed_words_are_known_words_from_then_on(workbook: Path, tmp_path: Path) -> None:
    found = accept_words(edit(workbook, E4="是", E5="否"), SCHEME)
    assert found.problems == ()
    assert found.taken == (("项目支出绩效自评表", "资金盘子", "年度资金总额"),)
    assert load_words(*known_seeds()) == {FORM: {"funds.total": ("资金盘子",)}}
    assert found.path == tmp_path / "seeds" / "words.toml"
    items = load_scheme(SCHEME, *known_seeds()).form(FORM).table("funds").items
    assert next(each.labels[-1] for each in items if each.name == "total") == "资金盘子"


def test_further_words_are_added_to_those_confirmed_before(workbook: Path) -> None:
    accept_words(edit(workbook, E4="是"), SCHEME)
    accept_words(edit(workbook, E4="否", E5="是"), SCHEME)
    assert load_words(*known_seeds()) == {
        FORM: {"funds..executed": ("财政执行数",), "funds.total": ("资金盘子",)}
    }


def test_an_officer_may_correct_what_it_was_taken_for(workbook: Path) -> None:
    found = accept_words(edit(workbook, E4="是", B4="其他资金"), SCHEME)
    assert found.taken == (("项目支出绩效自评表", "资金盘子", "其他资金"),)
    assert load_words(*known_seeds()) == {FORM: {"funds.other": ("资金盘子",)}}


@pytest.mark.parametrize(
    ("cells", "place", "message"),
    [
        ({"B4": "子虚乌有"}, "待确认用语!B4（读作）", "没有这个栏目、行或列"),
        ({"A4": "其他资金"}, "待确认用语!A4（用语）", "“其他资金”已是“其他资金”的用语"),
        ({"H4": "别的表"}, "待确认用语!H4（表种）", "本批次的方案没有这种报送表"),
    ],
)
def test_nonsense_is_told_at_its_cell_and_nothing_is_written(
    workbook: Path, tmp_path: Path, cells: dict[str, str], place: str, message: str
) -> None:
    found = accept_words(edit(workbook, E4="是", E5="是", **cells), SCHEME)
    (problem,) = found.problems
    assert str(problem).startswith(place)
    assert message in str(problem)
    assert not (tmp_path / "seeds").exists()


def test_a_sheet_without_a_yes_changes_nothing(workbook: Path, tmp_path: Path) -> None:
    assert accept_words(workbook, SCHEME).taken == ()
    assert not (tmp_path / "seeds").exists()


def test_a_workbook_that_is_not_there_or_has_no_such_sheet(workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="没有这个文件"):
        accept_words(tmp_path / "无.xlsx", SCHEME)
    book = load_workbook(workbook)
    book["待确认用语"].title = "别的"
    book.save(workbook)
    with pytest.raises(ConfigurationError, match="没有工作表“待确认用语”"):
        accept_words(workbook, SCHEME)


def test_a_header_that_was_changed(workbook: Path) -> None:
    with pytest.raises(ConfigurationError, match="表头不全"):
        accept_words(edit(workbook, E3="认可"), SCHEME)


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "汇总.xlsx"
    path.write_text("不是工作簿", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^汇总.xlsx 不能读取：不是 .xlsx 工作簿，或已损坏。"):
        accept_words(path, SCHEME)
