"""Cell formats of the written workbooks, each made once a workbook, and checks of what is entered."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from jixiao.domain.blanks import Entering
from jixiao.domain.report import Kind, Tone
from jixiao.language import say

if TYPE_CHECKING:
    from decimal import Decimal

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from jixiao.domain.blanks import InputRule

FONT = {"font_name": "等线", "font_size": 10, "font_charset": 134}  # GB 2312: 宋体 where 等线 is missing
_HEADER_BLUE, _WHITE, _BLACK, _LINE, _BAND, _LINK, _GREY, _MUTED = (
    *("#1F3864", "#FFFFFF", "#000000", "#D9D9D9"),
    *("#F3F6FA", "#0563C1", "#595959", "#EDEDED"),
)
BAR = "#9DC3E6"
COLOURS = {Tone.BAD: "#D55E00", Tone.DOUBT: "#E69F00", Tone.NOTE: "#0072B2", Tone.GOOD: "#009E73"}
TINTS = {Tone.BAD: "#F6B48F", Tone.DOUBT: "#F9DC9C", Tone.NOTE: "#A9D3EE", Tone.GOOD: "#A3DCC8"}
"""The same, light enough for what a department wrote in black to be read on them."""
_INK = {Tone.BAD: _WHITE, Tone.DOUBT: _BLACK, Tone.NOTE: _WHITE, Tone.GOOD: _WHITE}
_NUMBERS = {Kind.AMOUNT: "#,##0.00", Kind.SCORE: "0.00", Kind.RATE: "0.00%", Kind.COUNT: "0"}


class Look(NamedTuple):
    """What a data cell looks like; equal looks share one format."""

    kind: Kind
    strong: bool = False
    banded: bool = False
    tone: Tone | None = None
    link: bool = False
    low: Decimal | None = None
    muted: bool = False


Properties: TypeAlias = "tuple[tuple[str, Any], ...]"
"""What XlsxWriter makes a format of, by name."""


def _look(**properties: Any) -> Properties:  # noqa: ANN401 - xlsxwriter's own property types
    return tuple({**FONT, **properties}.items())


TITLE = _look(bold=True, font_size=14, valign="vcenter")
NOTE = _look(font_color=_GREY, text_wrap=True, valign="vcenter")
REMARK = _look(valign="vcenter")
HEADER = _look(
    bold=True,
    font_color=_WHITE,
    bg_color=_HEADER_BLUE,
    align="center",
    valign="vcenter",
    text_wrap=True,
    border=1,
    border_color=_LINE,
)
VERDICTS = {
    tone: _look(bold=True, font_size=12, font_color=colour, text_wrap=True, valign="vcenter")
    for tone, colour in COLOURS.items()
}
"""The look of a sheet's second row where it says how a thing stands."""
LOW = _look(bold=True, font_color=COLOURS[Tone.BAD])
"""What is below its threshold."""
OUT_OF_BALANCE = _look(
    bold=True, font_color=_WHITE, bg_color=COLOURS[Tone.BAD], num_format='"不平 "#,##0.00####'
)
"""A difference where there should be none."""


class Styles:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        """Formats are registered with `workbook` as they are first asked for."""
        self._workbook = workbook
        self._formats: dict[Look | Properties, Format] = {}

    def of(self, properties: Properties) -> Format:
        """A format with these properties."""
        found = self._formats.get(properties)
        if found is None:
            found = self._formats[properties] = self._workbook.add_format(dict(properties))
        return found

    def index(self, look: Look) -> int:
        """The number of a data cell's format, as cells name it."""
        return int(self.format(look)._get_xf_index())  # noqa: SLF001 as XlsxWriter itself gives it to a cell

    def format(self, look: Look) -> Format:
        """A data cell's format."""
        found = self._formats.get(look)
        if found is None:
            found = self._formats[look] = self.of(properties_of(look))
        return found


@lru_cache(maxsize=512)
def properties_of(look: Look) -> Properties:
    """The properties of a data cell's format."""
    return _look(**_properties(look))


def _properties(look: Look) -> dict[str, Any]:
    properties: dict[str, Any] = {"valign": "vcenter", "bottom": 1, "bottom_color": _LINE}
    if look.kind in _NUMBERS:
        properties |= {"num_format": _NUMBERS[look.kind], "align": "right"}
    if look.kind is Kind.TEXT:
        properties |= {"text_wrap": True, "align": "left", "indent": 1}
    if look.kind is Kind.MARK:
        properties |= {"align": "center"}
    if look.low is not None:
        properties |= {"num_format": f'[<{look.low}]"{say("低")} "0.00%;0.00%'}
    if look.muted:
        properties |= {"font_color": _GREY, "bg_color": _MUTED}
    if look.banded:
        properties |= {"bg_color": _BAND}
    if look.link:
        properties |= {"font_color": _LINK, "underline": 1}
    if look.tone:
        properties |= {"bold": True, "font_color": _INK[look.tone], "bg_color": COLOURS[look.tone]}
    if look.strong:
        properties |= {"bold": True, "top": 1, "top_color": _BLACK}
    return properties


_LONGEST_TITLE, _LONGEST_MESSAGE, _LONGEST_LIST = 32, 255, 255
_NUMBER_TITLES = {Entering.DECIMAL: "应填数字", Entering.WHOLE: "应填整数"}


def validation_of(rule: InputRule) -> dict[str, Any]:
    """The options of `Worksheet.data_validation`: what is refused while typing, and the help beside it."""
    options: dict[str, Any] = {"validate": "any"}
    if rule.entering in _NUMBER_TITLES:
        bounds = _NUMBER_TITLES[rule.entering]
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
