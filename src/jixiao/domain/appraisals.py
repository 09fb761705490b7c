"""Internal execution appraisal: how the divisions of a department spent what they were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from jixiao.domain.forms import Line, Submission


@dataclass(frozen=True, slots=True)
class AppraisalRule:
    """How an annual rate comes of the rates of periods: `weights` by column of the table, adding up to 1.

    `annual` and `rank` are the columns where a department may print what it worked out itself. `places`
    decimals of a percent, half-up.
    """

    id: str
    title: str
    basis: str
    form: str
    table: str
    weights: Mapping[str, Decimal]
    annual: str
    rank: str
    places: int


@dataclass(frozen=True, slots=True)
class DivisionRate:
    """One division: its printed line, the annual rate (percent, rounded) and its rank among the department's.

    Both are None where a period's rate is not known; ties share a rank. `printed_rank` is the department's
    own. `missing` are the columns without a rate, `derivation` is one Chinese line with the figures.
    """

    line: Line
    annual: Decimal | None
    rank: int | None
    printed_rank: int | None
    missing: tuple[str, ...]
    derivation: str


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The divisions of one department in their printed order."""

    submission: Submission
    divisions: tuple[DivisionRate, ...]
