"""Sheets of ours that come back: filled forms that were blank ones, opinions and letters with answers.

Each is known by a name that is defined on it. A blank form's carries its fingerprint: which form, of which
scheme, for which year. An opinion or letter is known by its header too, where another program dropped the
name; it is never taken for a form, and what stands in the opinion's last column is the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from jixiao.domain.findings import Place
from jixiao.language import known_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.domain.cells import Grid, Workbook


FORM_NAME = "jixiao_form"
"""The name, defined on the form's own sheet, whose text is the fingerprint: it goes where the sheet goes."""
_FORM, _SCHEME, _YEAR = "jixiao.form", "jixiao.scheme", "jixiao.year"
_SEPARATOR = "|"
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a blank form says about itself."""

    form: str
    scheme: str
    year: int

    @property
    def text(self) -> str:
        """In one text, for a defined name."""
        return _SEPARATOR.join((self.form, self.scheme, str(self.year)))

    @property
    def properties(self) -> dict[str, str]:
        """As document properties."""
        return {_FORM: self.form, _SCHEME: self.scheme, _YEAR: str(self.year)}

    @classmethod
    def parse(cls, text: str) -> Fingerprint | None:
        """From the text of a defined name; None where it is something else."""
        parts = text.split(_SEPARATOR)
        return cls._of(*parts) if len(parts) == _PARTS else None

    @classmethod
    def of_properties(cls, properties: Mapping[str, str]) -> Fingerprint | None:
        """From document properties; None where they hold none."""
        return cls._of(*(properties.get(name, "") for name in (_FORM, _SCHEME, _YEAR)))

    @classmethod
    def _of(cls, form: str, scheme: str, year: str) -> Fingerprint | None:
        return cls(form, scheme, int(year)) if form and scheme and year.isdecimal() else None


def sheet_fingerprint(grid: Grid) -> Fingerprint | None:
    """The fingerprint that a sheet carries; None for one that was not made as a blank form."""
    return Fingerprint.parse(grid.names.get(FORM_NAME, ""))


def fingerprinted_grids(workbook: Workbook) -> tuple[Grid, ...]:
    """The sheets with their fingerprints: their own, or the document's where one sheet alone is filled.

    A sheet that was copied into another workbook keeps its names and loses the document; one that was saved
    in a format without such names keeps the document. Of several sheets, nobody knows which one is meant.
    """
    document = Fingerprint.of_properties(workbook.properties)
    filled = [grid for grid in workbook.grids if grid.values and not grid.hidden]
    if document is None or len(filled) != 1 or sheet_fingerprint(filled[0]):
        return workbook.grids
    names = {**filled[0].names, FORM_NAME: document.text}
    return tuple(replace(grid, names=names) if grid is filled[0] else grid for grid in workbook.grids)


def workbook_fingerprint(workbook: Workbook) -> Fingerprint | None:
    """The fingerprint of a file: that of its first sheet that has one, else the document's."""
    sheets = (sheet_fingerprint(grid) for grid in workbook.grids)
    return next(filter(None, sheets), None) or Fingerprint.of_properties(workbook.properties)


OPINION_NAME = "jixiao_opinion"
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
    return OPINION_NAME in grid.names


def read_replies(grid: Grid) -> Iterator[Reply]:
    """The answers on a sheet of ours, from top to bottom; none on one that is no opinion."""
    found = _header(grid)
    if found is None or not {NUMBER, ANSWER} <= found[1].keys():
        return
    row, columns = found
    department = grid.names.get(OPINION_NAME) or _addressee(grid, row)
    for below in range(row + 1, grid.height):
        text = _text(grid, below, columns[ANSWER])
        number = _FINDING_ID.search(_text(grid, below, columns[NUMBER]))
        if text and number:
            place = Place.at(grid.ref(below, columns[ANSWER]))
            yield Reply(number[0], text, place, department)


def _header(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    """The row of a header of ours and the column of each of its titles."""
    words = _header_words()
    places = sorted(
        (row, column, text)
        for (row, column), value in grid.values.items()
        if row < _HEAD_ROWS and isinstance(value, str) and (text := value.strip()) in words
    )
    for row in dict.fromkeys(row for row, _, _ in places):
        shown = {text: column for each, column, text in places if each == row}
        for known, enough in _headers():
            found = {known[text]: column for text, column in shown.items() if text in known}
            if len(found) >= enough:
                return row, found
    return None


@cache
def _headers() -> tuple[tuple[Mapping[str, str], int], ...]:
    """The titles of each header by what they are in every language, with how many of them suffice."""
    return tuple((known_as(titles), enough) for titles, enough in _HEADERS)


@cache
def _letter_ends() -> tuple[str, ...]:
    return tuple(known_as((LETTER_TITLE,)))


@cache
def _header_words() -> frozenset[str]:
    """The titles of all headers of ours in every language."""
    return frozenset(word for known, _ in _headers() for word in known)


def _is_letter(grid: Grid) -> bool:
    top = (_text(grid, row, column) for row in range(3) for column in range(min(grid.width, 3)))
    return any(text.endswith(_letter_ends()) for text in top)


def _addressee(grid: Grid, header: int) -> str:
    """The department in the title above a header."""
    titles = (_text(grid, row, 0) for row in range(header))
    return next((text.partition(_GAP)[0] for text in titles if _GAP in text), "")


def _text(grid: Grid, row: int, column: int) -> str:
    value = grid.values.get((row, column))
    return "" if value is None else str(value).strip()
