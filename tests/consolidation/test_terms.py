from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.terms import gather_terms, term_sheet
from jixiao.domain.cells import CellRef
from jixiao.domain.submissions import Basis, Inference, Unrecognised
from tests.builders.evaluations import evaluation

if TYPE_CHECKING:
    from jixiao.domain.rounds import Evaluation

TOTAL = Inference(
    Basis.STRUCTURE,
    CellRef("甲.xlsx", "表", 5, 1),
    "资金\n盘子",
    "funds.total",
    "年度资金总额",
    "资金部分的第一行",
    80,
)
HEAD = Inference(
    Basis.LIKENESS,
    CellRef("甲.xlsx", "表", 4, 3),
    "财政执行数",
    "funds..executed",
    "全年执行数",
    "与“全年执行数”相近",
    93,
)
UNIT = replace(HEAD, basis=Basis.UNIT, address="funds", text="（元）")
CELL = replace(HEAD, address="indicators.3.target", text="培训≥500人")


def round_with(*inferences: Inference, unrecognised: tuple[Unrecognised, ...] = ()) -> Evaluation:
    given = evaluation()
    first, second, *others = [each for each in given.submissions if each.project]
    first = replace(first, inferences=inferences, unrecognised=unrecognised)
    second = replace(second, inferences=inferences[:1])
    return replace(given, submissions=(first, second, *others))


def test_terms_are_told_once_with_all_their_places_the_doubtful_first() -> None:
    terms = gather_terms(round_with(TOTAL, HEAD))
    assert [(each.text, each.address, each.certainty, len(each.places)) for each in terms] == [
        ("资金盘子", "funds.total", 80, 2),
        ("财政执行数", "funds..executed", 93, 1),
    ]


def test_units_and_single_cells_are_no_words() -> None:
    assert gather_terms(round_with(UNIT, CELL)) == ()


def test_a_grade_known_by_its_place_is_no_word_for_grades() -> None:
    assert gather_terms(round_with(replace(HEAD, address="grade", text="优"))) == ()


def test_a_label_that_was_taken_for_nothing_comes_first() -> None:
    label = Unrecognised(CellRef("甲.xlsx", "表", 4, 9), "佐证编号")
    terms = gather_terms(round_with(HEAD, unrecognised=(label,)))
    assert [(each.text, each.title, each.certainty) for each in terms] == [
        ("佐证编号", "", 0),
        ("财政执行数", "全年执行数", 93),
    ]


@pytest.mark.parametrize("text", ["1", "１２", "3.", "（四）", "十二", "⑤", "Ⅵ", "7-8", "B/A", "—"])
def test_numbers_of_rows_and_columns_are_no_words(text: str) -> None:
    label = Unrecognised(CellRef("甲.xlsx", "表", 4, 9), text)
    assert gather_terms(round_with(replace(HEAD, text=text), unrecognised=(label,))) == ()


@pytest.mark.parametrize("text", ["1.人员", "第3季度", "三公", "GDP", "万元"])
def test_words_with_numbers_are_words(text: str) -> None:
    label = Unrecognised(CellRef("甲.xlsx", "表", 4, 9), text)
    assert [each.text for each in gather_terms(round_with(unrecognised=(label,)))] == [text]


def test_the_sheet_offers_yes_and_no() -> None:
    given = round_with(TOTAL)
    (sheet,) = term_sheet(
        gather_terms(given), Edition(given.round, datetime(2025, 4, 20, tzinfo=UTC), "0.1.0")
    )
    assert sheet.rows == (
        (
            *("资金盘子", "年度资金总额", Decimal("0.8"), "资金部分的第一行", None),
            *(2, "甲.xlsx › 表!B6", "项目支出绩效自评表", "funds.total"),
        ),
    )
    assert sheet.inputs[0, 4].choices == ("是", "否")


def test_a_round_of_known_words_has_no_such_sheet() -> None:
    given = evaluation()
    assert (
        list(
            term_sheet(gather_terms(given), Edition(given.round, datetime(2025, 4, 20, tzinfo=UTC), "0.1.0"))
        )
        == []
    )
