"""Limits that hold for every format."""

from __future__ import annotations

import pytest

from jixiao.domain.cells import Area
from jixiao.workbooks import drafts
from jixiao.workbooks.drafts import Draft, Room
from jixiao.workbooks.refusals import RefusalError


def test_a_workbook_may_not_hold_endless_values() -> None:
    draft = Draft(Room(values=2))
    draft.put(0, 0, "a")
    draft.put(0, 1, "b")
    with pytest.raises(RefusalError) as caught:
        draft.put(0, 2, "c")
    assert (caught.value.code, caught.value.figures) == (
        "F103",
        {"size": "500000 个以上非空单元格", "limit": "500000 个非空单元格"},
    )


def test_a_sheet_may_not_hold_endless_merges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_MERGED_POSITIONS", 1)
    draft = Draft()
    draft.merge(Area(0, 0, 0, 1))
    with pytest.raises(RefusalError) as caught:
        draft.merge(Area(1, 0, 1, 1))
    assert (caught.value.code, caught.value.figures) == (
        "F103",
        {"size": "1 个以上合并区域", "limit": "1 个合并区域"},
    )


def test_a_merge_of_the_whole_sheet_costs_nothing_even_with_a_value_in_its_last_corner() -> None:
    draft = Draft()
    draft.put(0, 0, "a")
    draft.put(1_048_575, 16_383, "z")
    draft.merge(Area(0, 0, 1_048_575, 16_383))
    draft.merge(Area(3, 0, 3, 1))
    grid = draft.grid("f", "s", hidden=False)
    assert grid.merged == (Area(3, 0, 3, 1),)
    assert grid.values == {(0, 0): "a", (1_048_575, 16_383): "z"}


def test_what_stands_under_a_merge_is_not_shown_and_not_kept() -> None:
    draft = Draft()
    draft.put(0, 0, "标题", "@")
    draft.put(0, 1, "旧", "@")
    draft.put(1, 2, "末")
    draft.merge(Area(0, 0, 0, 1))
    grid = draft.grid("f", "s", hidden=True)
    assert (grid.values, grid.formats) == ({(0, 0): "标题", (1, 2): "末"}, {(0, 0): "@"})
    assert (grid.merged, grid.hidden) == ((Area(0, 0, 0, 1),), True)


@pytest.mark.parametrize("texts", [["字" * 100_001], ["字" * 60_000] * 167])
def test_neither_one_text_nor_all_together_may_be_endless(texts: list[str]) -> None:
    draft, *_, last = Draft(), *texts
    for row in range(len(texts) - 1):
        draft.put(row, 0, texts[row])
    with pytest.raises(RefusalError) as caught:
        draft.put(len(texts), 0, last)
    assert (caught.value.code, caught.value.figures) == (
        "F103",
        {"size": "文字过长", "limit": "一格 100000 字、全部 10000000 字"},
    )


def test_all_sheets_draw_on_one_room() -> None:
    room = Room(sheets=2, merged=3)
    grids = []
    for name in "一二":
        room.take_sheet()
        draft = Draft(room)
        draft.put(0, 2, "末")
        draft.merge(Area(0, 0, 0, 1))
        draft.put(0, 0, "首")
        grids.append(draft.grid("f", name, hidden=False))
    assert [grid.merged for grid in grids] == [(Area(0, 0, 0, 1),), ()]
    with pytest.raises(RefusalError) as caught:
        room.take_sheet()
    assert caught.value.figures == {"size": "500 张以上工作表", "limit": "500 张工作表"}
