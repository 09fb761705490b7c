"""How a form's layout is to be arranged as a blank form; all of it optional, data of seeds/forms/*.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


GAP = "-"


@dataclass(frozen=True, slots=True)
class BlankRow:
    """One line of a blank form: some fields side by side, some texts side by side, or a whole table.

    Among `fields`, GAP leaves room for one.
    `caption` is printed to the left of it; a table without one is called by its title. `tall` leaves room for
    several sentences.
    """

    fields: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    table: str = ""
    caption: str = ""
    tall: bool = False


@dataclass(frozen=True, slots=True)
class BlankIndicator:
    """An indicator that every department's form has, by its three names, and how it is scored."""

    level1: str
    level2: str
    level3: str
    standard: str = ""


@dataclass(frozen=True, slots=True)
class BlankLayout:
    """What a blank form shows, where it departs from what any form gets.

    `rows` in printed order (empty: all fields and tables in a usual order); fields that no row names are left
    out. `columns` by table are those that are printed. `groups` are the rows of an INDICATORS table: by
    first-level name, the number of rows of each second-level one; `indicators` are those printed in them.
    `list_rows` by table is the number of rows of a LIST. `help` by field or `table.column` is what the
    department reads while the cell is selected.
    """

    rows: tuple[BlankRow, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    indicators: tuple[BlankIndicator, ...] = ()
    list_rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
