"""Sheets of ours that go back to a department and come back with its answers: the opinion, its letter.

They are known by a name that is defined on them, and where another program dropped that, by their headers.
They are never taken for a form, and what stands in the opinion's last column is the department's answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jixiao.domain.findings import Place
from jixiao.language import known_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.cells import Grid

SHEET_NAME = "jixiao_opinion"
"""The name, defined on each sheet that goes back, whose text is the department it goes to."""
NUMBER, ANSWER = "编号", "部门说明"
OPINION_COLUMNS = (
    *("序号", "级别", "位置", "指标/栏目", "填报值", "应为", "问题", "处理建议"),
    *(NUMBER, ANSWER),
)
"""The header of 审核意见."""
SCORE_COLUMNS = (
    *("表/项目", "指标", "年度指标值", "实际完成值", "分值", "自评得分", "核算得分", "采用得分", "结论"),
    "核算过程",
)
"""The header of 得分核算."""
RULE_COLUMNS = ("规则", "适用", "方法", "参数", "依据")
LETTER_TITLE = "预算绩效自评审核情况的通知"
"""Ends the first line of the letter."""

_HEADERS = ((OPINION_COLUMNS, 8), (SCORE_COLUMNS, 8), (RULE_COLUMNS, len(RULE_COLUMNS)))
"""Each with so many of its titles as make it known: somebody may have taken a column out."""
_HEAD_ROWS = 12
"""Rows among which a header of ours stands, though somebody put some above it."""
_FINDING_ID = re.compile(r"[A-Z]\d{3}-[A-Z2-7]{10}")
_GAP = "\u3000"
"""Parts the department's name from the rest of a title of ours."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a department answered to one finding, at the cell where it did.

    `department` is whom the sheet had gone to, by its own account ("" where it does not say).
    """

    finding_id: str
    text: str
    place: Place
    department: str = ""


def is_own_sheet(grid: Grid) -> bool:
    """Whether a sheet looks like one that had gone back to a department, whatever program saved it."""
    return _header(grid) is not None or _is_letter(grid)


def was_own_sheet(grid: Grid) -> bool:
    """Whether it had been one of ours, whatever stands on it now: somebody may have put a form there."""
    return SHEET_NAME in grid.names


def read_replies(grid: Grid) -> Iterator[Reply]:
    """The answers on a sheet of ours, from top to bottom; none on one that is no opinion."""
    found = _header(grid)
    if found is None or not {NUMBER, ANSWER} <= found[1].keys():
        return
    row, columns = found
    department = grid.names.get(SHEET_NAME) or _addressee(grid, row)
    for below in range(row + 1, grid.height):
        text = _text(grid, below, columns[ANSWER])
        number = _FINDING_ID.search(_text(grid, below, columns[NUMBER]))
        if text and number:
            place = Place.at(grid.ref(below, columns[ANSWER]))
            yield Reply(number[0], text, place, department)


def _header(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    """The row of a header of ours and the column of each of its titles."""
    words = _header_words()
    texts = ((at, value.strip()) for at, value in grid.values.items() if isinstance(value, str))
    places = sorted(
        (row, column, text) for (row, column), text in texts if row < _HEAD_ROWS and text in words
    )
    for row in dict.fromkeys(row for row, _, _ in places):
        shown = {text: column for each, column, text in places if each == row}
        for titles, enough in _HEADERS:
            known = known_as(titles)
            found = {known[text]: column for text, column in shown.items() if text in known}
            if len(found) >= enough:
                return row, found
    return None


@cache
def _header_words() -> frozenset[str]:
    """The titles of all headers of ours in every language."""
    return frozenset(word for titles, _ in _HEADERS for word in known_as(titles))


def _is_letter(grid: Grid) -> bool:
    top = (_text(grid, row, column) for row in range(3) for column in range(min(grid.width, 3)))
    ends = tuple(known_as((LETTER_TITLE,)))
    return any(text.endswith(ends) for text in top)


def _addressee(grid: Grid, header: int) -> str:
    """The department in the title above a header."""
    titles = (_text(grid, row, 0) for row in range(header))
    return next((text.partition(_GAP)[0] for text in titles if _GAP in text), "")


def _text(grid: Grid, row: int, column: int) -> str:
    value = grid.values.get((row, column))
    return "" if value is None else str(value).strip()
