"""What may be entered in a cell, as the data validation of XlsxWriter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jixiao.domain.blanks import Entering

if TYPE_CHECKING:
    from jixiao.domain.blanks import InputRule

_LONGEST_TITLE, _LONGEST_MESSAGE, _LONGEST_LIST = 32, 255, 255
_NUMBERS = {Entering.DECIMAL: "应填数字", Entering.WHOLE: "应填整数"}


def validation_of(rule: InputRule) -> dict[str, Any]:
    """The options of `Worksheet.data_validation`: what is refused while typing, and the help beside it."""
    options: dict[str, Any] = {"validate": "any"}
    if rule.entering in _NUMBERS:
        bounds = _NUMBERS[rule.entering]
        options = {
            "validate": rule.entering.value,
            **_bounds(rule),
            "error_message": f"{bounds}。{rule.help}",
        }
    # A longer list does not fit the file format; what is entered is checked when the workbook comes back.
    elif rule.entering is Entering.CHOICE and len(",".join(rule.choices)) <= _LONGEST_LIST:
        chosen = f"请从列表中选择：{'；'.join(rule.choices)}"
        options = {"validate": "list", "source": list(rule.choices), "error_message": chosen}
    if rule.help:
        options |= {"input_title": rule.title[:_LONGEST_TITLE], "input_message": rule.help[:_LONGEST_MESSAGE]}
    if "error_message" in options:
        options |= {"error_title": "请重新填写", "error_message": options["error_message"][:_LONGEST_MESSAGE]}
    return options


def _bounds(rule: InputRule) -> dict[str, Any]:
    low = float(rule.low or 0)
    if rule.high is None:
        return {"criteria": ">=", "value": low}
    return {"criteria": "between", "minimum": low, "maximum": float(rule.high)}
