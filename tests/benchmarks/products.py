"""What each product of a department costs: the calls that a round makes of them, each repeated by itself.

A round is run once while the arguments of every call are kept; the least of several repetitions of each call
is hardly touched by what else a machine does. Texts that come again are known by then, as in a long round.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from time import process_time
from typing import TYPE_CHECKING

import openpyxl
import pytest

from jixiao.engines import InProcessEngine
from jixiao.pipeline import Means, Memory, copies, departments, run_round
from jixiao.pipeline.sent_files import list_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from jixiao.pipeline.rounds import RoundFolder

_PRODUCTS: tuple[tuple[ModuleType, str, str], ...] = (
    (departments, "evaluate_prepared", "(scores and checks)"),
    (departments, "return_copies", "marked copies and letter"),
    (copies, "copy_opinion", "- what the first sheet says"),
    (copies, "workbook_parts", "- the first sheet"),
    (copies, "mark_workbook", "- marking"),
    (copies, "letter_file", "- letter"),
    (departments, "write_department", "Word report"),
    (copies, "department_report", "- what it says"),
    (departments, "feedback_workbook", "feedback workbook"),
    (departments, "share_of", "rows of tables and sheets"),
    (departments, "_check_rows", "their check by pandera"),
    (departments, "_spelled", "their text"),
    (departments, "department_views", "views of the page"),
    (departments, "packed", "the same packed"),
)
_REPEATED = 5


@dataclass
class _Calls:
    """Calls of one function as a round made them."""

    made: list[partial[object]] = field(default_factory=list)
    kept: bool = True

    def keep(self, function: Callable[..., object]) -> Callable[..., object]:
        """The function, with its calls kept."""

        def kept(*arguments: object, **named: object) -> object:
            if self.kept:
                self.made.append(partial(function, *arguments, **named))
            return function(*arguments, **named)

        return kept

    def least(self) -> float:
        """Seconds that all of them take, each at its best."""
        return sum(min(_timed(each) for _ in range(_REPEATED)) for each in self.made)


def measure_products(folder: RoundFolder, place: Path) -> dict[str, float]:
    """Seconds by product over a whole round, and of openpyxl opening its files."""
    calls: dict[str, _Calls] = defaultdict(_Calls)
    with pytest.MonkeyPatch.context() as patch:
        for module, name, product in _PRODUCTS:
            patch.setattr(module, name, calls[product].keep(getattr(module, name)))
        run_round(folder, place / "outputs", Means(InProcessEngine(), Memory(place / "state")))
        gc.collect()
        for each in calls.values():
            each.kept = False
        seconds = {product: each.least() for product, each in calls.items()}
    files = [folder.folder / file for file in list_files(folder)]
    opened = sum(min(_timed(partial(openpyxl.load_workbook, file)) for _ in range(2)) for file in files)
    return {**seconds, "openpyxl.load_workbook": opened}


def _timed(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start
