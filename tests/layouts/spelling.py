"""How labels are set: with spaces, line breaks or colons inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.layouts.parts import Plan

_SHORTEST = 3


def spelled(label: str, plan: Plan) -> str:
    """The label as this form sets it."""
    style = plan.of("spelling")
    if style == "full width colons":
        return label if label.endswith("：") else f"{label}："
    if style == "plain" or len(label) < _SHORTEST:
        return label
    at = plan.rng(f"spelling.{label}").randint(1, len(label) - 1)
    return f"{label[:at]}{' 　'[at % 2] if style == 'spaces' else chr(10)}{label[at:]}"
