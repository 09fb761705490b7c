from decimal import Decimal

import pytest

from jixiao.blanks.formulas import Formula, Points, Rate, References, Sum
from jixiao.domain.blanks import Filling
from jixiao.domain.cells import Area

AREAS = {name: Area(row, 1, row, 2) for row, name in enumerate("abcd")} | {"z": Area(0, 5, 0, 5)}
AT = References(AREAS)


def known(**figures: str) -> dict[str, Filling]:
    return {name: Decimal(figure) for name, figure in figures.items()}


def test_neighbours_in_a_column_are_one_range() -> None:
    assert AT.cells(("a", "b", "d", "z")) == "B1:B2,B4,F1"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Sum(("a", "b")), 'IF(COUNT(B1:B2)=0,"",ROUND(SUM(B1:B2),6))'),
        (Sum(("a",), ("b",)), 'IF(COUNT(B1:B2)=0,"",ROUND(SUM(B1)-SUM(B2),6))'),
        (Sum(("a", "z"), asked=("z",)), 'IF(COUNT(F1)=0,"",ROUND(SUM(B1,F1),6))'),
        (Rate("a", "b", 4), 'IF(COUNT(B1,B2)<2,"",IF(B2<=0,"",ROUND(B1/B2,4)))'),
        (Points("a", "b", 2), 'IF(COUNT(B1,B2)<2,"",MAX(0,MIN(B1,ROUND(B1*B2,2))))'),
    ],
)
def test_texts(formula: Formula, text: str) -> None:
    assert formula.text(AT) == text


@pytest.mark.parametrize(
    ("formula", "figures", "value"),
    [
        (Sum(("a", "b")), known(a="0.1", b="0.2"), Decimal("0.3")),
        (Sum(("a", "b")), known(b="2"), Decimal(2)),
        (Sum(("a",), ("b",)), known(a="1", b="3"), Decimal(-2)),
        (Sum(("a", "b")), {}, ""),
        (Sum(("a", "b"), asked=("b",)), known(a="10"), ""),
        (Rate("a", "b", 4), known(a="87.1455", b="100"), Decimal("0.8715")),
        (Rate("a", "b", 4), known(a="1", b="0"), ""),
        (Rate("a", "b", 4), known(b="1"), ""),
        (Points("a", "b", 2), known(a="10", b="0.8715"), Decimal("8.72")),
        (Points("a", "b", 2), known(a="10", b="1.2"), Decimal(10)),
        (Points("a", "b", 2), known(a="10", b="-0.1"), Decimal(0)),
        (Points("a", "b", 2), known(a="10"), ""),
    ],
)
def test_values(formula: Formula, figures: dict[str, Filling], value: Filling) -> None:
    assert formula.value(figures) == value


def test_words_are_no_figures() -> None:
    assert Sum(("a", "b")).value({"a": "无", "b": Decimal(1)}) == Decimal(1)
