from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme, validate_file
from jixiao.catalog.loading.seeds import form_path, scheme_path, seeds_folder
from jixiao.domain.relations import CrossCheck, Measure, MeasureKind
from tests.builders.details import at
from tests.builders.seeds import edit, line_of, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

LIST = """\
title = "项目清单"
scope = "detail"
titles = ["项目清单"]

[tables.rows]
title = "项目"
kind = "list"

[tables.rows.columns.item]
title = "名称"
labels = ["名称"]

[tables.rows.columns.spent]
title = "支出"
labels = ["支出"]
kind = "amount"
"""
RELATIONS = """
[measures.pace]
title = "进度"
kind = "ratio"
of = ["whole:money.all.spent"]
base = ["whole:money.all.planned"]
places = 1
unit = "%"
indicators = ["支出进度"]
basis = "支出 ÷ 计划"

[measures.slow]
title = "进度慢的项目"
kind = "share_below"
of = ["part:money.all.spent"]
base = ["part:money.all.planned"]
whole = ["whole:money.all.planned"]
threshold = 80
places = 0
unit = "%"
basis = "慢的项目计划数 ÷ 全部计划数"

[cross_checks.spent]
title = "分项与清单一致"
left = "part:money.all.spent"
right = ["list:rows.{project}.spent"]
strict = false
explained_by = "list:rows.{project}.spent"
explanation = "差额等于支出"

[cross_checks.both]
title = "总表与分项一致"
left = "whole:money.{item}.{column}"
right = ["part:money.{item}.{column}"]
alternatives = ["part:running"]
items = ["all", "own"]
columns = ["planned", "spent"]
"""


def seeds_with(tmp_path: Path, relations: str = RELATIONS) -> Path:
    """The invented seeds with a list among the scheme's forms, measures and cross checks."""
    seeds = write_seeds(tmp_path)
    form_path("list", seeds).write_text(LIST, encoding="utf-8")
    path = scheme_path("bluestone", seeds)
    edit(path, 'forms = ["whole", "part"]', 'forms = ["whole", "part", "list"]')
    path.write_text(path.read_text(encoding="utf-8") + relations, encoding="utf-8")
    return seeds


def test_measures_are_read_as_written(tmp_path: Path) -> None:
    pace, slow = load_scheme("bluestone", seeds_with(tmp_path)).measures
    assert pace == Measure(
        id="pace",
        title="进度",
        kind=MeasureKind.RATIO,
        of=(at("whole:money.all.spent"),),
        base=(at("whole:money.all.planned"),),
        places=1,
        unit="%",
        indicators=("支出进度",),
        basis="支出 ÷ 计划",
    )
    assert (slow.kind, slow.threshold) == (MeasureKind.SHARE_BELOW, Decimal(80))
    assert slow.whole == (at("whole:money.all.planned"),)


def test_cross_checks_are_read_as_written(tmp_path: Path) -> None:
    spent, both = load_scheme("bluestone", seeds_with(tmp_path)).cross_checks
    assert spent == CrossCheck(
        id="spent",
        title="分项与清单一致",
        left=at("part:money.all.spent"),
        right=(at("list:rows.{project}.spent"),),
        strict=False,
        explained_by=at("list:rows.{project}.spent"),
        explanation="差额等于支出",
    )
    assert (both.strict, both.by_project, len(list(both.spell()))) == (True, False, 4)


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            'of = ["whole:money.all.spent"]',
            'of = ["hole:money.all.spent"]',
            "measures.pace.of[1]",
            "没有名为“hole”的报送表",
        ),
        (
            'of = ["whole:money.all.spent"]',
            'of = ["whole:money.any.spent"]',
            "measures.pace.of[1]",
            "没有名为“any”的行",
        ),
        (
            'of = ["whole:money.all.spent"]',
            'of = ["whole:money"]',
            "measures.pace.of[1]",
            "没有名为“money”的栏目",
        ),
        ('kind = "ratio"', 'kind = "median"', "measures.pace.kind", "不认识“median”"),
        ('kind = "ratio"', 'kind = "difference"', "measures.pace.base", "difference 没有分母"),
        ('kind = "ratio"', 'kind = "count_below"', "measures.pace.threshold", "需要界限"),
        ("threshold = 80\n", "", "measures.slow.threshold", "需要界限"),
        ('whole = ["whole:money.all.planned"]\n', "", "measures.slow.whole", "需要总数"),
        (
            'base = ["part:money.all.planned"]',
            'base = ["whole:money.all.planned"]',
            "measures.slow.of",
            "同一种报送表",
        ),
        ('unit = "%"\nindicators', 'unit = "万元"\nindicators', "measures.pace.unit", "应为 %"),
        ('indicators = ["支出进度"]', 'names = ["支出进度"]', "measures.pace.names", "不认识的键"),
        (
            'left = "part:money.all.spent"',
            'left = "part:money.all.cost"',
            "cross_checks.spent.left",
            "没有名为“cost”的列",
        ),
        ('explanation = "差额等于支出"\n', "", "cross_checks.spent.explained_by", "应同时写明"),
        (
            'right = ["list:rows.{project}.spent"]',
            'right = ["whole:money.{project}.spent"]',
            "cross_checks.spent.right[1]",
            "只能代表",
        ),
        ('items = ["all", "own"]', 'items = ["all", "none"]', "cross_checks.both.left", "没有名为“none”的行"),
        (
            'alternatives = ["part:running"]',
            'alternatives = ["part:walking"]',
            "cross_checks.both.alternatives[1]",
            "没有名为“walking”的栏目",
        ),
    ],
)
def test_what_is_wrong_is_named_with_line_and_key(
    old: str, new: str, key: str, message: str, tmp_path: Path
) -> None:
    seeds = seeds_with(tmp_path)
    path = scheme_path("bluestone", seeds)
    edit(path, old, new)
    found = {problem.key: problem for problem in validate_file(path, seeds)}
    assert message in found[key].message
    parts = key.replace("[1]", "").split(".")
    line = found[key].line
    assert line is not None
    assert line >= line_of(path, f"[{parts[0]}.{parts[1]}]")


def test_what_a_scheme_inherits_for_forms_it_does_not_use_is_idle(tmp_path: Path) -> None:
    seeds = seeds_with(tmp_path)
    child = 'extends = "bluestone"\ntitle = "下级方案"\njurisdiction = "某县"\nforms = ["whole", "part"]\n'
    scheme_path("child", seeds).write_text(child, encoding="utf-8")
    scheme = load_scheme("child", seeds)
    assert [each.id for each in scheme.measures] == ["pace", "slow"]
    assert [each.id for each in scheme.cross_checks] == ["both"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("list:columns", "没有名为“columns”的一览表"),
        ("whole:money", "没有名为“money”的一览表"),
        ("list:rows", "缺少列：funds、score、share、weighted"),
    ],
)
def test_the_printed_composite_stands_in_a_list_with_its_columns(
    table: str, message: str, tmp_path: Path
) -> None:
    seeds = seeds_with(tmp_path)
    path = scheme_path("bluestone", seeds)
    edit(path, 'carryover = "left_out"', f'carryover = "left_out"\ntable = "{table}"')
    (problem,) = validate_file(path, seeds)
    assert (problem.key, message in problem.message) == ("composite.table", True)


@pytest.mark.parametrize("scheme_id", sorted(path.stem for path in seeds_folder().glob("schemes/*.toml")))
def test_shipped_schemes_are_without_problems(scheme_id: str) -> None:
    assert validate_file(scheme_path(scheme_id, seeds_folder()), seeds_folder()) == ()
