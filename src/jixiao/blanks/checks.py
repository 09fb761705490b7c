"""What a blank form checks by itself: each check as a spreadsheet condition and as what it says now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from jixiao.blanks.formulas import BLANK, DUST, number, numbers
from jixiao.domain.amounts import ZERO, plain, round_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from jixiao.blanks.formulas import References
    from jixiao.domain.blanks import Filling

PASSED, OPEN, WRONG = "核对：通过", "核对：尚未填写", "请检查："
_AT_ONCE = 25
"""Checks of one cell: programs limit how deep conditions may be nested."""


class Check(Protocol):
    """One thing that can be wrong with a form."""

    @property
    def message(self) -> str:
        """What to look at, as a short sentence without full stop."""

    def text(self, at: References) -> str:
        """A condition that is true where it is wrong."""

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether it is wrong now."""


@dataclass(frozen=True, slots=True)
class Filled:
    """V103: required cells are filled in."""

    names: tuple[str, ...]
    message: str

    def text(self, at: References) -> str:
        """OR(A1="",B1="")."""
        return f"OR({','.join(f'{at.cell(name)}={_QUOTED_BLANK}' for name in self.names)})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether one of them is empty."""
        return any(known.get(name, BLANK) == BLANK for name in self.names)


@dataclass(frozen=True, slots=True)
class WholeRows:
    """V103, S110: in rows of a table either all of some columns are filled in or none."""

    columns: tuple[tuple[str, ...], ...]
    message: str

    def text(self, at: References) -> str:
        """SUMPRODUCT((filled>0)*(filled<n))>0, with `filled` the number of filled cells of a row."""
        filled = "+".join(f"({at.cells(column)}<>{_QUOTED_BLANK})" for column in self.columns)
        return f"SUMPRODUCT(({filled}>0)*({filled}<{len(self.columns)}))>0"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether some row is filled in by halves."""
        filled = [
            sum(known.get(name, BLANK) != BLANK for name in row) for row in zip(*self.columns, strict=True)
        ]
        return any(0 < count < len(self.columns) for count in filled)


@dataclass(frozen=True, slots=True)
class OnlyNumbers:
    """V101: no words where figures belong."""

    names: tuple[str, ...]
    message: str

    def text(self, at: References) -> str:
        """SUMPRODUCT(--ISTEXT(…))>0."""
        return "+".join(f"SUMPRODUCT(--ISTEXT({each}))" for each in at.cells(self.names).split(",")) + ">0"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether one of them holds a text."""
        return any(isinstance(known.get(name), str) for name in self.names)


@dataclass(frozen=True, slots=True)
class NotAbove:
    """S102, P106: no figure is above its limit, row by row; `floored`: nor below 0."""

    figures: tuple[str, ...]
    limits: tuple[str, ...]
    message: str
    floored: bool = False

    def text(self, at: References) -> str:
        """SUMPRODUCT(ISNUMBER(x)*ISNUMBER(limit)*(x>limit))>0."""
        figures, limits = at.cells(self.figures), at.cells(self.limits)
        above = f"ISNUMBER({figures})*ISNUMBER({limits})*({figures}>{limits})"
        below = f"+ISNUMBER({figures})*({figures}<0)" if self.floored else ""
        return f"SUMPRODUCT({above}{below})>0"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether one of them is."""
        pairs = [
            (number(known.get(figure)), number(known.get(limit)))
            for figure, limit in zip(self.figures, self.limits, strict=True)
        ]
        return any(
            figure is not None and ((limit is not None and figure > limit) or (self.floored and figure < 0))
            for figure, limit in pairs
        )


@dataclass(frozen=True, slots=True)
class SumIsOneOf:
    """S101, S109: figures, if there are any, add up to one of some totals."""

    names: tuple[str, ...]
    totals: tuple[Decimal, ...]
    message: str

    def text(self, at: References) -> str:
        """AND(COUNT(…)>0,ROUND(SUM(…)-100,6)<>0)."""
        cells = at.cells(self.names)
        off = ",".join(f"ROUND(SUM({cells})-{plain(total)},{DUST})<>0" for total in self.totals)
        return f"AND(COUNT({cells})>0,{off})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether they add up to something else."""
        figures = numbers(self.names, known)
        return bool(figures) and round_half_up(sum(figures, ZERO), DUST) not in self.totals


@dataclass(frozen=True, slots=True)
class SumHolds:
    """A101, A102: a total is the sum of its parts (`bounded`: or above it) within rounding, if all are there.

    `slack` is in the unit of the form.
    """

    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    slack: Decimal
    message: str
    bounded: bool = False

    @property
    def _all(self) -> tuple[str, ...]:
        return (self.total, *self.plus, *self.minus)

    def text(self, at: References) -> str:
        """AND(COUNT(…)=n,ABS(ROUND(SUM(…)-SUM(…)-t,6))>slack)."""
        parts = f"SUM({at.cells(self.plus)})" + (f"-SUM({at.cells(self.minus)})" if self.minus else "")
        gap = f"ROUND({parts}-{at.cell(self.total)},{DUST})"
        gap = gap if self.bounded else f"ABS({gap})"
        return f"AND(COUNT({at.cells(self._all)})={len(self._all)},{gap}>{plain(self.slack)})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether the gap is too wide."""
        if len(numbers(self._all, known)) < len(self._all):
            return False
        plus, minus, total = (
            sum(numbers(names, known), ZERO) for names in (self.plus, self.minus, (self.total,))
        )
        gap = plus - minus - total
        return (gap if self.bounded else abs(gap)) > self.slack


@dataclass(frozen=True, slots=True)
class GradeFits:
    """S107: the grade is the one that the score earns. `cuts` are grades from the best with their least."""

    grade: str
    score: str
    cuts: tuple[tuple[str, Decimal], ...]
    places: int
    message: str

    def text(self, at: References) -> str:
        """AND(g<>"",ISNUMBER(s),g<>IF(s>=90,"优",…))."""
        grade, score = at.cell(self.grade), at.cell(self.score)
        earned = f'"{self.cuts[-1][0]}"'
        for name, least in reversed(self.cuts[:-1]):
            earned = f'IF(ROUND(N({score}),{self.places})>={plain(least)},"{name}",{earned})'
        return f"AND({grade}<>{_QUOTED_BLANK},ISNUMBER({score}),{grade}<>{earned})"

    def fails(self, known: Mapping[str, Filling]) -> bool:
        """Whether it is another."""
        grade, score = known.get(self.grade, BLANK), number(known.get(self.score))
        if grade == BLANK or score is None:
            return False
        points = round_half_up(score, self.places)
        return grade != next((name for name, least in self.cuts if points >= least), self.cuts[-1][0])


def batches(checks: Sequence[Check]) -> tuple[tuple[Check, ...], ...]:
    """The checks by the cell that carries them."""
    return tuple(tuple(checks[start : start + _AT_ONCE]) for start in range(0, len(checks), _AT_ONCE))


def verdict_text(checks: Sequence[Check], inputs: Sequence[str], at: References) -> str:
    """The formula of a check cell: nothing filled in yet, the first thing that is wrong, or passed."""
    text = f'"{PASSED}"'
    for check in reversed(checks):
        text = f'IF({check.text(at)},"{WRONG}{check.message}",{text})'
    return f'IF(COUNTA({at.cells(inputs)})=0,"{OPEN}",{text})'


def verdict(checks: Sequence[Check], inputs: Sequence[str], known: Mapping[str, Filling]) -> str:
    """What a check cell says now."""
    if all(known.get(name, BLANK) == BLANK for name in inputs):
        return OPEN
    failed = next((check for check in checks if check.fails(known)), None)
    return f"{WRONG}{failed.message}" if failed else PASSED


_QUOTED_BLANK = '""'
