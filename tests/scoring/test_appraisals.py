from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jixiao.domain.cells import CellRef
from jixiao.domain.submissions import Entry, Line, State
from jixiao.scoring.supplements import appraise
from tests.builders.supplements import appraisal_rule, appraisal_sheet

if TYPE_CHECKING:
    from jixiao.domain.supplements import Appraisal
    from tests.builders.grids import Typed

RULE = appraisal_rule()
SHEET = appraisal_sheet(("综合处", "80%", "90%"))


def appraised(*rows: tuple[Typed, ...]) -> Appraisal:
    return appraise(appraisal_sheet(*rows), RULE)


def rates(*pairs: tuple[Decimal, Decimal]) -> Appraisal:
    """Divisions with these two rates."""
    ref = CellRef("表.xlsx", "Sheet1", 2, 0)
    lines = tuple(
        Line(
            RULE.table,
            f"{number}处",
            f"{number}处",
            ref,
            {"third_quarter": _at(q3), "fourth_quarter": _at(q4)},
        )
        for number, (q3, q4) in enumerate(pairs, start=1)
    )
    return appraise(replace(SHEET, lines=lines), RULE)


def _at(rate: Decimal) -> Entry:
    return Entry(CellRef("表.xlsx", "Sheet1", 2, 1), State.NUMBER, f"{rate}", rate, Decimal("0.01"))


def test_a_tenth_of_the_third_and_nine_tenths_of_the_fourth_quarter() -> None:
    (division,) = appraised(("综合处", "80%", "90%")).divisions
    assert (division.annual, division.rank, division.missing) == (Decimal(89), 1, ())
    assert division.derivation == "80.00% × 0.1 + 90.00% × 0.9 = 89.00%"


def test_halves_round_up() -> None:
    (division,) = appraised(("综合处", "70.05%", "90.00%")).divisions
    assert division.annual == Decimal("88.01")


def test_fractions_and_percent_points_mean_the_same() -> None:
    divisions = appraised(("一处", 0.8, 0.9), ("二处", 80, 90), ("三处", "80", "90%")).divisions
    assert [each.annual for each in divisions] == [Decimal(89)] * 3


def test_equal_rates_share_a_rank_and_the_next_is_left_out() -> None:
    divisions = appraised(("一处", 70, 90), ("二处", 80, 95), ("三处", 70, 90), ("四处", 10, 20)).divisions
    assert [each.rank for each in divisions] == [2, 1, 2, 4]


def test_a_missing_quarter_is_no_nought() -> None:
    divisions = appraised(("一处", 70, 90), ("二处", "", 95), ("三处", 80, "—")).divisions
    assert [(each.annual, each.rank, each.missing) for each in divisions] == [
        (Decimal(88), 1, ()),
        (None, None, ("third_quarter",)),
        (None, None, ("fourth_quarter",)),
    ]
    assert [each.derivation for each in divisions[1:]] == ["", ""]


def test_a_rate_that_no_execution_can_have_is_not_reckoned_with() -> None:
    divisions = appraised(("一处", 70, 90), ("二处", 1200, 95)).divisions
    assert [(each.annual, each.rank, each.missing) for each in divisions] == [
        (Decimal(88), 1, ()),
        (None, None, ("third_quarter",)),
    ]


def test_printed_ranks_are_read_however_they_are_written() -> None:
    ranks: tuple[Typed, ...] = (1, "2", "第3名", "", "并列")
    rows: list[tuple[Typed, ...]] = [(f"{number}处", 70, 90, None, rank) for number, rank in enumerate(ranks)]
    assert [each.printed_rank for each in appraised(*rows).divisions] == [1, 2, 3, None, None]


def test_the_row_of_totals_is_no_division() -> None:
    divisions = appraised(("一处", 70, 90), ("合计", 75, 92)).divisions
    assert [each.line.label for each in divisions] == ["一处"]


RATE = st.decimals(0, 100, places=2)


@given(st.lists(st.tuples(RATE, RATE), min_size=1, max_size=12))
def test_an_annual_rate_lies_between_its_quarters_and_ranks_follow_it(
    pairs: list[tuple[Decimal, Decimal]],
) -> None:
    divisions = rates(*pairs).divisions
    for (third, fourth), each in zip(pairs, divisions, strict=True):
        assert each.annual is not None
        assert min(third, fourth) <= each.annual <= max(third, fourth)
        above = [other for other in divisions if other.annual is not None and other.annual > each.annual]
        assert each.rank == len(above) + 1
