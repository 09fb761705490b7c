from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.extraction.headers import Header, find_headers
from jixiao.extraction.regions import cut_region
from tests.builders.readings import national
from tests.builders.sheets import HEADER_ROW, PROJECT, before, project, sheet

if TYPE_CHECKING:
    from jixiao.domain.cells import Grid

LAYOUT = national().form("project-self-evaluation")


def headers(grid: Grid, table: str = "indicators") -> tuple[Header, ...]:
    return find_headers(LAYOUT.table(table), cut_region(grid, 0, grid.height, 0))


def rows_and_spans(
    grid: Grid, table: str = "indicators"
) -> list[tuple[int, int, dict[str, tuple[int, int]]]]:
    return [(each.top, each.bottom, dict(each.spans)) for each in headers(grid, table)]


SPANS = {
    "level1": (0, 0),
    "level2": (1, 1),
    "level3": (2, 2),
    "target": (3, 3),
    "actual": (4, 4),
    "weight": (5, 5),
    "self_score": (6, 6),
    "reason": (7, 7),
}


def test_each_table_has_its_header() -> None:
    funds = {
        "initial_budget": (2, 2),
        "annual_budget": (3, 3),
        "executed": (4, 4),
        "weight": (5, 5),
        "execution_rate": (6, 6),
        "self_score": (7, 7),
    }
    assert rows_and_spans(sheet(PROJECT), "funds") == [(3, 3, funds)]
    assert rows_and_spans(sheet(PROJECT)) == [(10, 10, SPANS)]


def test_a_header_merged_over_two_rows() -> None:
    text = project((HEADER_ROW, f"{HEADER_ROW}\n^ | ^ | ^ | ^ | ^ | ^ | ^ | ^"))
    assert rows_and_spans(sheet(text)) == [(10, 11, SPANS)]


def test_the_lower_line_of_a_header_decides_over_the_words_above_it() -> None:
    text = project((HEADER_ROW, f"绩效指标 | < | < | 指标值 | < | 分值 | < | 备注\n{HEADER_ROW}"))
    assert rows_and_spans(sheet(text)) == [(11, 11, SPANS)]


def test_three_cells_below_one_header_word() -> None:
    text = (
        "一级指标 | 二级指标 | 三级指标 | 年度指标值 | < | < | 实际完成值 | 分值 | 得分\n"
        " ^ | ^ | ^ | 符号 | 指标值 | 计量单位 | ^ | ^ | ^"
    )
    (header,) = headers(sheet(text))
    assert {name: header.spans[name] for name in ("operator", "target", "unit", "actual")} == {
        "operator": (3, 3),
        "target": (4, 4),
        "unit": (5, 5),
        "actual": (6, 6),
    }


def test_a_repeated_header_counts_where_it_stands() -> None:
    text = project(before("效益指标（30分） |", f" | {HEADER_ROW}"))
    moved = {name: (left + 1, right + 1) for name, (left, right) in SPANS.items()}
    assert rows_and_spans(sheet(text)) == [(10, 10, SPANS), (14, 14, moved)]


def test_a_repeated_header_under_a_merged_label_lacks_no_column() -> None:
    text = project(before("^ | 质量指标 |", f"^ | {HEADER_ROW.partition(' | ')[2]}"))
    assert rows_and_spans(sheet(text)) == [(10, 10, SPANS), (13, 13, SPANS)]


def test_one_word_of_two_columns_goes_to_the_one_that_is_left() -> None:
    text = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 年度完成值 | 分值 | 得分"
    assert headers(sheet(text))[0].spans["actual"] == (4, 4)
    text = "一级指标 | 二级指标 | 三级指标 | 年度完成值 | 实际完成值 | 分值 | 得分"
    assert headers(sheet(text))[0].spans["target"] == (3, 3)


def test_a_few_words_in_a_row_are_no_header() -> None:
    assert headers(sheet("分值 | 得分\n10 | 9")) == ()
