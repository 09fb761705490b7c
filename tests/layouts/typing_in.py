"""How departments type figures into cells: as numbers, formatted, as text, with units, full-width."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tests.layouts.content import HUNDRED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.layouts.canvas import Typed
    from tests.layouts.content import Row, Source
    from tests.layouts.parts import Plan

IN_WAN: Final[Mapping[str, Decimal]] = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "亿元": Decimal(10_000),
}
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
_LOOK_ALIKES: Final[Mapping[str, tuple[str, ...]]] = {
    "≥": ("≧", "⩾", ">=", "＞＝"),
    "≤": ("≦", "⩽", "<="),
    "=": ("═", "＝"),
}
_SIGN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "≥": ("不低于", "不少于"),
    "≤": ("不超过", "不高于"),
    "=": ("等于",),
}


def plain(value: Decimal) -> Decimal:
    """A number as a file stores it: without trailing zeros."""
    return Decimal(f"{value.normalize():f}")


def amount(value: Decimal, plan: Plan) -> Typed:
    """An amount given in 万元, typed in the form's unit; nil as the form prints nothing."""
    if not value:
        return nil(plan, points=False)
    unit = plan.of("unit")
    figure = plain(value / IN_WAN[unit])
    places = max(2, -int(figure.as_tuple().exponent))
    match plan.of("amounts"):
        case "formatted":
            return figure, f"#,##0.{'0' * places}"
        case "text":
            return f"{figure:,.{places}f}", ""
        case "with unit":
            return f"{figure:f}{unit}", ""
        case "full width":
            return f"{figure:f}".translate(_FULL_WIDTH), ""
        case _:
            return figure, ""


def nil(plan: Plan, *, points: bool) -> Typed:
    """What the form prints where there is nothing: an amount of nil, or points that a row does not carry."""
    style = plan.of("nil")
    if style == "0 and —":
        return ("—", "") if points else (Decimal(0), "")
    return (None, "") if style == "blank" else (style, "")


def rate(source: Source, plan: Plan) -> Typed:
    """An execution rate."""
    percent = source.rate
    if percent is None:
        return nil(plan, points=True)
    match plan.of("rate"):
        case "percent format":
            return plain(percent / HUNDRED), "0.00%"
        case "bare":
            return plain(percent), ""
        case "fraction":
            return plain(percent / HUNDRED), ""
        case "long fraction":
            exact = source.amounts["executed"] / source.amounts["annual_budget"]
            return plain(Decimal(repr(float(exact)))), "0.00%"
        case _:
            return f"{plain(percent):f}%", ""


def points(value: Decimal | None, plan: Plan) -> Typed:
    """A weight or score; where a row carries none, as the form prints nothing."""
    if value is None:
        return nil(plan, points=True)
    figure = plain(value)
    match plan.of("point style"):
        case "text":
            return f"{figure:f}", ""
        case "with 分":
            return f"{figure:f}分", ""
        case "two decimals":
            return figure, "0.00"
        case _:
            return figure, ""


def sign(row: Row, plan: Plan) -> str:
    """A target's comparator as the form writes it."""
    variants = {"look-alikes": _LOOK_ALIKES, "words": _SIGN_WORDS}.get(plan.of("signs"), {})
    choices = variants.get(row.sign, (row.sign,))
    return plan.rng(f"signs.{row.name}").choice(choices)


def figure(value: Decimal, unit: str, plan: Plan, *, bare: bool) -> Typed:
    """A target's or actual's figure, with its unit or bare."""
    if unit == "%" and plan.has("actual", "percent format"):
        places = max(0, -int(plain(value).as_tuple().exponent))
        return plain(value / HUNDRED), "0%" if not places else f"0.{'0' * places}%"
    if bare:
        return plain(value), ""
    return _with_unit(value, unit, plan), ""


def _with_unit(value: Decimal, unit: str, plan: Plan) -> str:
    """A figure and its unit as text."""
    text = f"{plain(value):f}{unit}"
    if unit != "%":
        return text
    match plan.of("percentages"):
        case "spaced":
            return f"{text[:-1]} %"
        case "full width":
            return text.translate(_FULL_WIDTH).replace("%", "％")
        case "decimals":
            return f"{value:.2f}%"
        case _:
            return text


def target_pieces(row: Row, plan: Plan) -> tuple[Typed, Typed, Typed]:
    """Operator, figure or words, and unit, for cells of their own."""
    if row.target is None:
        return ("", ""), (row.words, ""), ("", "")
    bare = not plan.has("target", "unit twice", "operator apart")
    typed = figure(row.target, _unit(row, plan), plan, bare=bare)
    return (sign(row, plan), ""), typed, (row.unit, "")


def target(row: Row, plan: Plan) -> Typed:
    """A target in one cell, its unit there or apart."""
    if row.target is None:
        return row.words, ""
    unit = "" if plan.has("target", "unit apart") else _unit(row, plan)
    return f"{sign(row, plan)}{_with_unit(row.target, unit, plan)}", ""


def actual(row: Row, plan: Plan) -> Typed:
    """An actual in one cell."""
    if row.day is not None and plan.has("dates", "date cells"):
        return row.day, "yyyy/m/d"
    if row.actual is None:
        return row.actual_words, ""
    return figure(row.actual, _unit(row, plan), plan, bare=is_bare(row, plan))


def is_bare(row: Row, plan: Plan) -> bool:
    """Whether the actual stands without its unit: that is only sure where the target has it."""
    return plan.has("actual", "bare", "percent format") or not _unit(row, plan)


def _unit(row: Row, plan: Plan) -> str:
    return "" if plan.has("names of rows", "unit in name") else row.unit
