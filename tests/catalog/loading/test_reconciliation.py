from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import scheme_path
from jixiao.catalog.loading.sources import SchemeError
from jixiao.domain.references import BookedFigure
from tests.builders.schemes import addresses
from tests.builders.seeds import write_seeds

if TYPE_CHECKING:
    from pathlib import Path

SECTION = """
[reconciliation.executed]
title = "执行数"
addresses = ["money.all.spent"]
"""


def seeds_with(folder: Path, section: str) -> Path:
    """The invented seeds with one more section in their scheme."""
    seeds = write_seeds(folder)
    path = scheme_path("bluestone", seeds)
    path.write_text(path.read_text(encoding="utf-8") + section, encoding="utf-8")
    return seeds


def test_figures_to_reconcile(tmp_path: Path) -> None:
    assert load_scheme("bluestone", seeds_with(tmp_path, SECTION)).booked == (
        BookedFigure("executed", "执行数", addresses("money.all.spent")),
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "reconciliation.executed",
            "reconciliation.spent",
            "账面数没有名为“spent”的列，可用：initial_",
        ),
        ("money.all.spent", "money.all.gone", "没有名为“gone”的列"),
        ("money.all.spent", "money.none.spent", "没有名为“none”的行"),
        ('title = "执行数"', 'title = "执行数"\nincludes = ["gone"]', "账面数没有名为“gone”的列"),
    ],
)
def test_what_leads_nowhere(tmp_path: Path, before: str, after: str, said: str) -> None:
    with pytest.raises(SchemeError) as refused:
        load_scheme("bluestone", seeds_with(tmp_path, SECTION.replace(before, after)))
    (problem,) = refused.value.problems
    assert said in problem.message
    assert problem.key.startswith("reconciliation.")


def test_a_table_that_no_form_has_is_simply_not_compared(tmp_path: Path) -> None:
    seeds = seeds_with(tmp_path, SECTION.replace("money.all", "funds.total"))
    assert [each.column for each in load_scheme("bluestone", seeds).booked] == ["executed"]
