from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme, validate_file
from jixiao.catalog.loading.seeds import scheme_path, seeds_folder
from jixiao.domain.figure_address import FormAddress
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import Side
from jixiao.domain.relations import MeasureKind
from jixiao.domain.scheme import CheckItem, Criterion, CriterionMethod, Operands, Step
from tests.builders.seeds import edit, line_of, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

CRITERIA = """
[weights.table]
scopes = ["scoring_table"]
total = 10
groups = { "产出指标" = 4, "效益指标" = 6 }
fixed = false

[criteria.progress]
title = "进度"
labels = ["支出进度"]
weight = 5
method = "points_off"
operands = { title = "支出进度", of = "whole:money.all.spent", base = "whole:money.all.planned" }
worse = "below"
pro_rata = true
parameters = { standard = 100, points = 0.5 }
basis = "办法第八条"

[criteria.level]
title = "水平"
labels = ["水平"]
level2 = "甲"
weight = 2
method = "bands"
operands = { title = "水平", kind = "change" }
worse = "above"
steps = [{ bound = 0, score = 2 }, { bound = 10, score = 1 }]
parameters = { otherwise = 0 }
basis = "办法第九条"

[criteria.system]
title = "制度"
labels = ["制度", "制度建设"]
weight = 3
method = "checklist"
adjustable = true
items = [{ title = "有制度", points = 1 }, { title = "执行", points = 2 }]
basis = "办法第十条"
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = write_seeds(tmp_path)
    path = scheme_path("bluestone", folder)
    path.write_text(path.read_text(encoding="utf-8") + CRITERIA, encoding="utf-8")
    return folder


def test_criteria_are_read_as_written(seeds: Path) -> None:
    progress, level, system = load_scheme("bluestone", seeds).criteria
    assert progress == Criterion(
        id="progress",
        title="进度",
        labels=("支出进度",),
        weight=Decimal(5),
        method=CriterionMethod.POINTS_OFF,
        basis="办法第八条",
        operands=Operands(
            "支出进度",
            MeasureKind.RATIO,
            FormAddress.parse("whole:money.all.spent"),
            FormAddress.parse("whole:money.all.planned"),
        ),
        parameters={"standard": Decimal(100), "points": Decimal("0.5")},
        worse=Side.BELOW,
        pro_rata=True,
    )
    assert (level.level2, level.worse, level.operands) == (
        "甲",
        Side.ABOVE,
        Operands("水平", MeasureKind.CHANGE, None, None),
    )
    assert level.steps == (Step(Decimal(0), Decimal(2)), Step(Decimal(10), Decimal(1)))
    assert (system.adjustable, system.labels) == (True, ("制度", "制度建设"))
    assert system.items == (CheckItem("有制度", Decimal(1)), CheckItem("执行", Decimal(2)))


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            'method = "checklist"',
            'method = "guess"',
            "criteria.system.method",
            "不认识“guess”，可用：points_off、bands、checklist、per_occurrence、comparison、judged、merged。",
        ),
        (
            'worse = "below"\npro_rata',
            'worse = "sideways"\npro_rata',
            "criteria.progress.worse",
            "不认识“sideways”，可用：below、above。",
        ),
        ("standard = 100, ", "", "criteria.progress.parameters.standard", "缺少参数“standard”（数字）。"),
        (
            "points = 0.5 }",
            "points = 0.5, slope = 1 }",
            "criteria.progress.parameters.slope",
            "不认识的键“slope”，此处可用：points、standard。",
        ),
        ("points = 0.5 }", "points = 0 }", "criteria.progress.parameters.points", "“points”应大于 0。"),
        (
            'title = "制度"\n',
            'title = "制度"\nsteps = []\n',
            "criteria.system.steps",
            "方法 checklist 不用“steps”。",
        ),
        (
            "steps = [{ bound = 0, score = 2 }, { bound = 10, score = 1 }]\n",
            "",
            "criteria.level.steps",
            "方法 bands 缺少“steps”（数组）。",
        ),
        (
            "{ bound = 0, score = 2 }, { bound = 10, score = 1 }",
            "{ bound = 10, score = 2 }, { bound = 0, score = 1 }",
            "criteria.level.steps[2]",
            "各档应从得分高的到得分低的依次排列。",
        ),
        (
            "bound = 0, score = 2",
            "bound = 0, score = 3",
            "criteria.level.weight",
            "最高档为 3，与分值 2 不符。",
        ),
        (
            '"执行", points = 2',
            '"执行", points = 1',
            "criteria.system.items",
            "各项之和为 2，与分值 3 不符。",
        ),
        (
            'base = "whole:money.all.planned"',
            'base = "hole:money.all.planned"',
            "criteria.progress.operands.base",
            "没有名为“hole”的报送表，可用：whole、part。",
        ),
        (
            'of = "whole:money.all.spent"',
            'of = "whole:money.any.spent"',
            "criteria.progress.operands.of",
            "地址“money.any.spent”：没有名为“any”的行，可用：all、own。",
        ),
        (
            'total = 10\ngroups = { "产出指标" = 4',
            'total = 11\ngroups = { "产出指标" = 5',
            "criteria",
            "各项评分标准的分值之和为 10，与评分表的总分 11 不符。",
        ),
        (
            'labels = ["制度", "制度建设"]',
            'labels = ["制度", "支出进度"]',
            "criteria.system.labels",
            "“支出进度”已由“progress”计分，同名的指标应各自写明 level2。",
        ),
    ],
)
def test_one_fault_one_problem(seeds: Path, old: str, new: str, key: str, message: str) -> None:
    path = scheme_path("bluestone", seeds)
    edit(path, old, new)
    found = [(each.key, each.message) for each in validate_file(path, seeds)]
    assert found == [(key, message)]


def test_a_problem_names_its_line(seeds: Path) -> None:
    path = scheme_path("bluestone", seeds)
    edit(path, "bound = 0, score = 2", "bound = 0, score = 3")
    (problem,) = validate_file(path, seeds)
    start = line_of(path, "[criteria.level]")
    assert problem.line == start + 4


def test_the_municipal_scheme_has_no_composite_and_scores_by_standards_alone() -> None:
    municipal = load_scheme("yueyang-municipal", seeds_folder())
    assert (municipal.composite, municipal.scores_by_criteria) == (None, True)
    assert not load_scheme("hunan-provincial", seeds_folder()).scores_by_criteria
    assert [(each.scope, each.total) for each in municipal.weights] == [(Scope.SCORING_TABLE, Decimal(100))]
    assert sum(each.weight for each in municipal.criteria) == 100
    assert all(each.basis for each in municipal.criteria)
