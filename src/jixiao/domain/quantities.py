"""What departments write as target and actual, parsed: a comparator and a quantity, or words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Comparator(StrEnum):
    """How an actual value is held against a target."""

    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "="


class TargetKind(StrEnum):
    """What kind of target it is; scoring rules apply by it. The names are used in schemes/*.toml."""

    AT_LEAST = "at_least"
    """A minimum with a figure: ≥95 %, 不少于12种."""
    AT_MOST = "at_most"
    """A maximum with a figure above zero: ≤2 %."""
    EQUAL = "equal"
    """A figure with an explicit equals sign, or exactly 100 %."""
    UNSIGNED = "unsigned"
    """A figure without any sign: 12次."""
    BETWEEN = "between"
    """A range: 10-20."""
    ZERO = "zero"
    """Nothing may happen: 0, =0, ≤0."""
    DEADLINE = "deadline"
    """By a date: 9月前, 12月31日前."""
    QUALITATIVE = "qualitative"
    """Words: 提高, 及时."""
    RELATIVE = "relative"
    """A comparison with something not on the form: ≥全省贷款平均水平."""
    BLANK = "blank"
    UNREADABLE = "unreadable"
    """Text in which a figure and words can't be told apart with certainty."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the base unit of its dimension.

    `value` is scaled (5.8万 次 is 58000), `dimension` the canonical unit it is in ("%", "元", "秒", "次",
    "次/10万公顷", "" for none). A change carries its word before a colon ("增长:%"), because a growth of 5 %
    and a share of 5 % are different things. `step` is the printed precision in the same unit, `unit` the
    unit as printed (万次) and `scale` how many base units one of it is (10000).
    """

    value: Decimal
    dimension: str = ""
    step: Decimal = Decimal(1)
    scale: Decimal = field(default=Decimal(1), compare=False)
    unit: str = field(default="", compare=False)

    @property
    def is_bare(self) -> bool:
        """A number alone: neither unit nor scale was printed or announced by the indicator's name."""
        return not self.dimension and self.scale == 1


class Side(StrEnum):
    """On which side of a target's figures an actual value has certainly missed it."""

    BELOW = "below"
    ABOVE = "above"
    BOTH = "both"
    NONE = "none"
    """The form does not say: only an actual that equals the figure, or lies in the range, is decided."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed target (年度指标值). `low`/`high` are set as the kind needs, `due` for deadlines.

    AT_LEAST, EQUAL and UNSIGNED have their figure in `low`, AT_MOST in `high`, BETWEEN in both; ZERO has it
    in `low` (0, =0) or only in `high` (≤0). A deadline is kept up to `due`; where its wording has two
    readings (9月前), an actual is surely in time only up to `due_surely`. `yearless`: only the month and day
    of these dates count. `fails` is None where the kind says on which side of the figures a miss lies.
    `words` are the qualitative or relative words, or those around a figure or date that the lexicon does not
    know. `beside` is set where such words may change what a figure means (亩均增收300元): what is then wanted
    of an actual in exactly the same words, and of no other.
    """

    text: str
    kind: TargetKind
    low: Quantity | None = None
    high: Quantity | None = None
    strict: bool = False
    """> or < instead of ≥ or ≤."""
    due: date | None = None
    words: str = ""
    due_surely: date | None = None
    yearless: bool = False
    fails: Side | None = None
    beside: Target | None = None

    def facing(self, actual: Actual) -> Target:
        """What it says beside an actual: where that has the same words, more than it says by itself."""
        return self.beside if self.beside and actual.echoes else self


LEVELS = ("reached", "partly", "missed")
"""What qualitative words can support, the best first: see Actual.level."""


class ActualKind(StrEnum):
    """What kind of actual value was written."""

    FIGURE = "figure"
    DATE = "date"
    WORDS = "words"
    BLANK = "blank"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Actual:
    """A parsed actual (实际完成值).

    `sign` is set where the department repeated a comparator (＞3.5); the quantity is then only a bound.
    `level` is the qualitative level the words support: "reached", "partly", "missed", or "" if not known.
    `words` are the qualitative words, or beside a figure those that may restrict it to a part (省级2项): it
    then proves a target met, never missed. A date known only by month or quarter runs from `since` to `when`
    (`since` None: one day); `yearless`: only month and day count. `echoes`: the words around the figure are
    the target's own; `repeats`: the whole text is.
    """

    text: str
    kind: ActualKind
    quantity: Quantity | None = None
    sign: Comparator | None = None
    when: date | None = None
    words: str = ""
    level: str = ""
    since: date | None = None
    yearless: bool = False
    echoes: bool = False
    repeats: bool = False


class Doubt(StrEnum):
    """What is wrong with a target or an actual itself, so that the two cannot be held against each other."""

    NO_FIGURE = "no_figure"
    """Words stand where the target asks for a figure: 已完成 beside ≥500人."""
    IMPOSSIBLE_TARGET = "impossible_target"
    IMPOSSIBLE_ACTUAL = "impossible_actual"
    """A rate that cannot exceed 100 % does: a satisfaction of 290 %."""


class Verdict(StrEnum):
    """What comparing an actual with its target gives."""

    MET = "met"
    MISSED = "missed"
    EXCEEDED = "exceeded"
    QUALITATIVE = "qualitative"
    BLANK = "blank"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict with its attainment (actual/target, 1 is exactly met; for maxima target/actual) if defined.

    `reason` says in Chinese why a comparison is undetermined, or which words were read how; "" otherwise.
    `doubt` names a fault of one of the two texts for which it is undetermined.
    """

    verdict: Verdict
    attainment: Decimal | None = None
    reason: str = ""
    doubt: Doubt | None = None
