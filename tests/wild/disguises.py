"""Drawn forms disguised: what changes nothing for a reader must change nothing for the program.

A disguise changes the texts of a drawn sheet and says where each of its rows and columns went, so that the
judgement of the case moves with them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from openpyxl.utils.cell import coordinate_from_string

from jixiao.domain.cells import column_letters
from jixiao.domain.text_keys import label_key
from tests.builders.readings import vocabulary
from tests.builders.sheets import rows_of, sheet
from tests.published.judgements import row_of
from tests.wild.drawn import HERE, Case, cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.builders.sheets import Rows
    from tests.published.judgements import Expected, Printed

_MERGED = {"<", "^"}
_LABEL = re.compile(r"[一-鿿]{2,6}")
_WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
_HEADS = ("level3", "target", "actual", "weight")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Disguised:
    """The texts in disguise, and how far the cells below and right of a place moved."""

    rows: Rows
    down: Callable[[int], int] = lambda row: row
    right: Callable[[int], int] = lambda column: column


def blank_column(rows: Rows) -> Disguised:
    """A column left blank before all others."""
    return Disguised([["", *row] for row in rows], right=lambda column: column + 1)


def blank_rows(rows: Rows) -> Disguised:
    """Two blank rows above the title, as where a logo stood."""
    width = len(rows[0])
    return Disguised([[""] * width, [""] * width, *rows], down=lambda row: row + 2)


def annex(rows: Rows) -> Disguised:
    """附件 in a row above the title."""
    return Disguised([["附件5-1", *[""] * (len(rows[0]) - 1)], *rows], down=lambda row: row + 1)


def spaced(rows: Rows) -> Disguised:
    """Spaces between the characters of short labels: 分 值."""
    return Disguised([[_spread(cell, " ") for cell in row] for row in rows])


def broken(rows: Rows) -> Disguised:
    """A line break in the middle of labels of four characters and more."""
    return Disguised([[_halved(cell) for cell in row] for row in rows])


def with_colons(rows: Rows) -> Disguised:
    """A colon behind every label above the indicators that something stands right of."""
    end = _first_table(rows)
    return Disguised([_with_colons(row) if at < end else row for at, row in enumerate(rows)])


def wide(rows: Rows) -> Disguised:
    """Full-width digits and percent signs in cells that hold more than a number."""
    first = _first_table(rows)
    return Disguised(
        [
            [cell.translate(_WIDE) if at >= first and _is_target(cell) else cell for cell in row]
            for at, row in enumerate(rows)
        ]
    )


def as_text(rows: Rows) -> Disguised:
    """Every number typed as text."""
    return Disguised([[f"'{cell}" if _FIGURE.fullmatch(cell) else cell for cell in row] for row in rows])


def signed(rows: Rows) -> Disguised:
    """A line for signatures and two notes below the form."""
    rest = [""] * (len(rows[0]) - 1)
    below = [
        ["填表人：", *["<"] * len(rest)],
        ["注：1.本表一式两份。2.得分保留两位小数。", *["<"] * len(rest)],
        ["2.其他资金包括单位自有资金和以前年度结转结余资金。", *["<"] * len(rest)],
    ]
    return Disguised([*rows, *below])


def unmerged(rows: Rows) -> Disguised:
    """Texts merged downwards are written again in every row."""
    found = [list(row) for row in rows]
    for at in range(1, len(found)):
        for column, cell in enumerate(found[at]):
            above = found[at - 1][column]
            if cell == "^" and above not in {"", "<"} and not _FIGURE.fullmatch(above):
                found[at][column] = above
    return Disguised(found)


def further_column(rows: Rows) -> Disguised:
    """One more column at the right that nobody filled in."""
    return Disguised([[*row, "<" if row[-1] == "<" else ""] for row in rows])


def evidence_column(rows: Rows) -> Disguised:
    """A column 佐证材料, left blank, before the points of the indicators."""
    at = _indicator_header(rows)
    place = _place_of(rows[at], "weight") if at is not None else None
    if at is None or place is None:
        return Disguised(rows)
    found = [[*row[:place], "<" if row[place] == "<" else "", *row[place:]] for row in rows]
    if found[at][place] == "":
        found[at][place] = "佐证材料"
    return Disguised(found, right=lambda column: column + (column >= place))


def page_break(rows: Rows) -> Disguised:
    """The indicators' header once more in the middle of them, merged cells cut in two."""
    at = _indicator_header(rows)
    if at is None or len(rows) < at + 6 or "^" in rows[at + 1][-3:]:
        return Disguised(rows)
    cut = at + 4
    below = [_written(rows, cut, column) for column in range(len(rows[cut]))]
    if any(_FIGURE.fullmatch(cell) and rows[cut][column] == "^" for column, cell in enumerate(below)):
        return Disguised(rows)
    again = [_written(rows, at, column) for column in range(len(rows[at]))]
    return Disguised([*rows[:cut], again, below, *rows[cut + 1 :]], down=lambda row: row + (row > cut))


def _strange(word: str, *names: str) -> Callable[[Rows], Disguised]:
    """A word that nobody knows at the head of a column of the indicators."""

    def change(rows: Rows) -> Disguised:
        at = _indicator_header(rows)
        place = next(
            (found for name in names if at is not None and (found := _place_of(rows[at], name)) is not None),
            None,
        )
        if at is None or place is None:
            return Disguised(rows)
        return Disguised(
            [
                [*row[:place], word, *row[place + 1 :]] if number == at else row
                for number, row in enumerate(rows)
            ]
        )

    return change


STRANGE = {
    "strange_target": _strange("核定标准", "target"),
    "strange_actual": _strange("年末达到", "actual"),
    "strange_weight": _strange("应有分数", "weight"),
    "strange_score": _strange("自打分数", "self_score"),
    "strange_name": _strange("考核事项", "level3"),
    "strange_reason": _strange("情况补充", "reason"),
    "strange_level": _strange("考核大类", "level1"),
}
"""Columns under words of no list: what they are is told by what stands in them."""


DISGUISES: Mapping[str, Callable[[Rows], Disguised]] = {
    each.__name__: each
    for each in (
        *(blank_column, blank_rows, annex, spaced, broken, with_colons),
        *(wide, as_text, signed, unmerged, further_column, evidence_column, page_break),
    )
}


def disguised(case: Case, name: str) -> Case:
    """A case in one of the disguises, its judgement moved along."""
    judgement = case.judgement
    path = next(HERE.glob(f"*/{judgement.name}.toml"))
    drawing = tomllib.loads(path.read_text(encoding="utf-8"))["sheet"]
    change = {**DISGUISES, **STRANGE}[name](rows_of(drawing))

    def moved(cell: str) -> str:
        if not cell or cell == "*":
            return cell
        letters, row = coordinate_from_string(cell)
        column = _index(letters)
        return f"{column_letters(change.right(column))}{change.down(row)}"

    def printed(figures: Mapping[str, Printed]) -> dict[str, Printed]:
        return {key: replace(each, cell=moved(each.cell)) for key, each in figures.items()}

    def expected(each: Expected) -> Expected:
        return replace(each, cells=frozenset(map(moved, each.cells)))

    return Case(
        sheet(change.rows),
        replace(
            judgement,
            execution=printed(judgement.execution),
            total=printed(judgement.total),
            grade_cell=moved(judgement.grade_cell),
            funds=tuple(
                replace(each, cell=moved(each.cell), amounts=printed(each.amounts))
                for each in judgement.funds
            ),
            indicators=tuple(
                replace(each, cell=f"A{change.down(row_of(each.cell))}") for each in judgement.indicators
            ),
            must=tuple(map(expected, judgement.must)),
            may=tuple(map(expected, judgement.may)),
        ),
    )


def every_case(group: str = "*") -> Iterator[tuple[str, str, Case]]:
    """Every drawn form in every disguise, with the names of both."""
    for case in cases(group):
        for name in {**DISGUISES, **STRANGE}:
            yield case.judgement.name, name, disguised(case, name)


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _is_label(cell: str) -> bool:
    key = label_key(cell)
    return bool(key) and any(key == each for each in vocabulary().words) and "：" not in cell


def _with_colons(row: list[str]) -> list[str]:
    following = [*row[1:], ""]
    return [
        f"{cell}：" if _is_label(cell) and beside not in {"", "^"} else cell
        for cell, beside in zip(row, following, strict=True)
    ]


def _indicator_header(rows: Rows) -> int | None:
    """The row with most of the words that head columns of indicators."""
    counts = [sum(_place_of(row, name) is not None for name in _HEADS) for row in rows]
    best = max(counts)
    return counts.index(best) if best >= len(_HEADS) - 1 else None


def _place_of(row: list[str], name: str) -> int | None:
    words = {label_key(word) for word in _words(name)}
    return next((at for at, cell in enumerate(row) if label_key(cell) in words), None)


@cache
def _words(name: str) -> tuple[str, ...]:
    layout = vocabulary().forms["project-self-evaluation"]
    return layout.table("indicators").column(name).labels


def _written(rows: Rows, at: int, column: int) -> str:
    """What is shown in a cell, seen through a merge from above."""
    while rows[at][column] == "^":
        at -= 1
    return rows[at][column]


def _spread(cell: str, gap: str) -> str:
    return gap.join(cell) if _LABEL.fullmatch(cell) and _is_label(cell) else cell


def _halved(cell: str) -> str:
    middle = len(cell) // 2
    whole = _LABEL.fullmatch(cell) and len(cell) >= 4 and _is_label(cell)
    return f"{cell[:middle]}⏎{cell[middle:]}" if whole else cell


def _is_target(cell: str) -> bool:
    return any(sign in cell for sign in "≥≤=＝") and any(sign.isdigit() for sign in cell)


def _first_table(rows: Rows) -> int:
    return next((at for at, row in enumerate(rows) if any("级" in cell for cell in row)), len(rows))
