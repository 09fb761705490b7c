from __future__ import annotations

from decimal import Decimal

from jixiao.domain.cells import Area
from tests.drawing.facts import PrintedFacts
from tests.drawing.layout import draw

FACTS = PrintedFacts(
    sheet="表",
    widths=(10, 10, 10),
    headings=("title",),
    rows=(
        ("标题",),
        ("甲", "乙", "<"),
        ("^", "丙", Decimal("1.50")),
        ("丁", "^", 3),
    ),
)


def test_marks_merge_leftwards_and_upwards_and_short_rows_reach_the_end() -> None:
    drawing = draw(FACTS)
    assert set(drawing.areas) == {
        Area(0, 0, 0, 2),
        Area(1, 0, 2, 0),
        Area(1, 1, 1, 2),
        Area(2, 1, 3, 1),
    }


def test_values_stand_at_their_addresses() -> None:
    drawing = draw(FACTS)
    shown = {role: drawing.cells[at].value for role, at in drawing.roles.items()}
    assert {role: value for role, value in shown.items() if value is not None} == {
        "A1": "标题",
        "A2": "甲",
        "B2": "乙",
        "B3": "丙",
        "C3": Decimal("1.50"),
        "A4": "丁",
        "C4": Decimal(3),
    }


def test_amounts_show_two_decimals_and_counts_none() -> None:
    drawing = draw(FACTS)
    cells = {role: drawing.cells[drawing.roles[role]] for role in ("A1", "A2", "C3", "C4")}
    assert {role: (cell.style, cell.number_format) for role, cell in cells.items()} == {
        "A1": ("title", ""),
        "A2": ("label", ""),
        "C3": ("figure", "#,##0.00"),
        "C4": ("figure", ""),
    }
