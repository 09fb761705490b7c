from hypothesis import given
from hypothesis import strategies as st

from jixiao.blanks.drafts import divide

widths = st.lists(st.integers(1, 40), min_size=1, max_size=20)


@given(widths, st.data())
def test_spans_cover_all_columns_once_in_order(columns: list[int], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(columns) - 1))
    wanted = data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=len(columns) - first))
    spans = divide(columns, wanted, first)
    covered = [column for left, right in spans for column in range(left, right + 1)]
    assert covered == list(range(first, len(columns)))
    assert len(spans) == len(wanted)


@given(widths)
def test_as_many_cells_as_columns_get_one_each(columns: list[int]) -> None:
    assert divide(columns, columns) == tuple((index, index) for index in range(len(columns)))


def test_wide_cells_get_more_columns() -> None:
    assert divide([10, 10, 10, 10], [10, 30]) == ((0, 0), (1, 3))
