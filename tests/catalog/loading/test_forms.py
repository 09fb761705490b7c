from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from jixiao.catalog.loading.forms import load_form, read_form
from jixiao.catalog.loading.seeds import form_path, seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.domain.forms import (
    ColumnLayout,
    FieldLayout,
    FormLayout,
    IdentityKind,
    ItemLayout,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from tests.builders.schemes import identity_of
from tests.builders.seeds import WHOLE, edit, line_of, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

INDICATORS = """
[tables.points]
title = "指标"
kind = "indicators"
total_labels = ["总分"]
""" + "".join(
    f'\n[tables.points.columns.{name}]\ntitle = "{name}"\nlabels = ["{name}"]\n'
    for name in ("level1", "level2", "level3", "target", "actual", "weight", "self_score")
)


class Fault(NamedTuple):
    """An edit of the form, and the one problem it makes: at the line of a text, for a key, with a message."""

    old: str
    new: str
    at: str | None
    key: str
    message: str


TOTAL, PLUS = 'total = "money.{item}.rate"', 'plus = ["money.{item}.spent", "money.{item}.planned"]'
WITHOUT_WEIGHT = INDICATORS.replace(".weight]", ".points]")


def problems_of(path: Path) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.key, each.message) for each in read_form(path)[1]]


def test_an_invented_form_is_read_as_written(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    assert load_form("whole", seeds) == FormLayout(
        id="whole",
        title="单位总表",
        scope=Scope.OVERALL,
        titles=("单位总表",),
        fields=(
            FieldLayout("department", "单位", ("单位", "单位全称"), required=True),
            FieldLayout("running", "日常支出", ("日常支出",), ValueKind.AMOUNT),
        ),
        tables=(
            TableLayout(
                name="money",
                title="资金",
                kind=TableKind.LINES,
                columns=(
                    ColumnLayout("planned", "计划", ("计划数",), ValueKind.AMOUNT),
                    ColumnLayout("spent", "支出", ("支出数",), ValueKind.AMOUNT),
                    ColumnLayout("rate", "进度", ("进度",), ValueKind.PERCENT),
                ),
                items=(ItemLayout("all", "总额", ("总额",)), ItemLayout("own", "自有", ("自有",))),
                budget=True,
            ),
        ),
        identities=(
            identity_of(
                "rate",
                "进度",
                IdentityKind.RATIO,
                "money.{item}.rate",
                ("money.{item}.spent", "money.{item}.planned"),
            ),
        ),
        levels={"产出指标": ("产出",), "效益指标": ("效益", "效果")},
    )


FAULTS = [
    Fault(
        'scope = "overall"',
        'scope = "county"',
        "scope =",
        "scope",
        "不认识“county”，可用：overall、project、composite、scoring_table、basic_data、support、detail、reference。",
    ),
    Fault('titles = ["单位总表"]', "", None, "titles", "缺少“titles”（数组）。"),
    Fault(
        "required = true",
        "requried = true",
        "requried",
        "fields.department.requried",
        "不认识的键“requried”，此处可用：title、labels、kind、direction、required、choices、stands_for、filled、unit、overview、fallback、stems。",
    ),
    Fault(
        'labels = ["单位", "单位全称"]',
        "labels = []",
        "labels = []",
        "fields.department.labels",
        "“labels”至少要有一项。",
    ),
    Fault(
        'kind = "percent"',
        'kind = "rate"',
        'kind = "rate"',
        "tables.money.columns.rate.kind",
        "不认识“rate”，可用：text、amount、number、score、percent、year。",
    ),
    Fault(
        'labels = ["计划数"]',
        'labels = ["计划数"]\nparts = ["sign"]',
        "parts",
        "tables.money.columns.planned.parts[1]",
        "没有名为“sign”的列。",
    ),
    Fault(
        'kind = "lines"',
        'kind = "list"',
        "[tables.money.items.all]",
        "tables.money.items",
        "kind 为 lines 的表必须写明各行（items），其他表不能写。",
    ),
    Fault(
        "[levels]",
        WITHOUT_WEIGHT + "[levels]",
        "[tables.points.columns.level1]",
        "tables.points.columns",
        "指标表缺少列：weight。",
    ),
    Fault(
        '"效益指标" = ["效益", "效果"]',
        '"效益指标" = ["效益", "产出"]',
        '"效益指标" =',
        "levels.效益指标[2]",
        "“产出”已归入“产出指标”。",
    ),
    Fault(
        TOTAL,
        'total = "money.{item}.pace"',
        "pace",
        "identities.rate.total",
        "地址“money.all.pace”：没有名为“pace”的列，可用：planned、rate、spent。",
    ),
    Fault(
        TOTAL,
        'total = "money.some.rate"',
        "some",
        "identities.rate.total",
        "地址“money.some.rate”：没有名为“some”的行，可用：all、own。",
    ),
    Fault(
        TOTAL,
        'total = "purse.all.rate"',
        "purse",
        "identities.rate.total",
        "地址“purse.all.rate”：没有名为“purse”的表，可用：money。",
    ),
    Fault(
        TOTAL,
        'total = "money.all"',
        "money.all",
        "identities.rate.total",
        "地址“money.all”应写作“栏目”或“表.行.列”。",
    ),
    Fault(
        TOTAL,
        'total = "income"',
        "income",
        "identities.rate.total",
        "没有名为“income”的栏目，可用：department、running。",
    ),
    Fault(
        TOTAL,
        'total = "department"',
        'total = "department"',
        "identities.rate.total",
        "“department”是文字栏目，不是数字。",
    ),
    Fault(
        PLUS,
        'plus = ["money.{item}.spent"]',
        "plus =",
        "identities.rate.plus",
        "比率（ratio）的 plus 应恰好有分子、分母两项，不能有 minus。",
    ),
    Fault(
        'labels = ["计划数"]\nkind = "amount"',
        'labels = ["计划数"]',
        "plus =",
        "identities.rate.plus[2]",
        "地址“money.all.planned”：列“planned”是文字，不是数字。",
    ),
    Fault(
        PLUS,
        'plus = ["money.{item}.spent", "points.all.weight"]' + INDICATORS,
        "plus =",
        "identities.rate.plus[2]",
        "地址“points.all.weight”：指标表的行没有固定名称，不能引用。",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.key}-{fault.message}" for fault in FAULTS])
def test_one_fault_one_problem(tmp_path: Path, fault: Fault) -> None:
    path = form_path("whole", write_seeds(tmp_path))
    edit(path, fault.old, fault.new)
    line = None if fault.at is None else line_of(path, fault.at)
    assert problems_of(path) == [(line, fault.key, fault.message)]


def test_all_problems_of_a_file_are_reported_in_order_of_lines(tmp_path: Path) -> None:
    path = form_path("whole", write_seeds(tmp_path))
    edit(path, 'title = "单位总表"', "title = 7")
    edit(path, 'title = "日常支出"', 'name = "日常支出"')
    edit(path, "budget = true", 'budget = "yes"')
    assert problems_of(path) == [
        (1, "title", "“title”应为文字，现为数字 7。"),
        (line_of(path, "[fields.running]"), "fields.running.title", "缺少“title”（文字）。"),
        (
            line_of(path, 'name = "日常支出"'),
            "fields.running.name",
            "不认识的键“name”，此处可用：title、labels、kind、direction、required、choices、stands_for、filled、unit、overview、fallback、stems。",
        ),
        (line_of(path, "budget ="), "tables.money.budget", "“budget”应为true 或 false，现为文字“yes”。"),
    ]
    with pytest.raises(SchemeError, match=r"^whole\.toml 第 1 行 title"):
        load_form("whole", path.parent.parent)


def test_a_list_can_only_be_meant_as_a_whole(tmp_path: Path) -> None:
    path = form_path("whole", write_seeds(tmp_path))
    lines, rows = "\n[tables.money.items.all]", WHOLE.index("[identities.rate]")
    text = WHOLE[: WHOLE.index(lines)] + "\n" + WHOLE[rows:]
    path.write_text(text.replace('kind = "lines"', 'kind = "list"'), encoding="utf-8")
    assert problems_of(path) == []
    edit(path, '"money.{item}.rate"', '"money.someone.rate"')
    message = "地址“money.someone.rate”：没有名为“someone”的行，可用：total、{item}。"
    assert problems_of(path) == [(line_of(path, "someone"), "identities.rate.total", message)]


def test_the_shipped_forms_are_those_of_the_standard_form() -> None:
    overall = load_form("overall-self-evaluation", seeds_folder())
    project = load_form("project-self-evaluation", seeds_folder())
    assert (overall.title, overall.scope) == ("部门整体支出绩效自评表", Scope.OVERALL)
    assert (project.title, project.scope) == ("项目支出绩效自评表", Scope.PROJECT)
    for layout in (overall, project):
        assert [column.name for column in layout.table("funds").columns] == [
            "initial_budget",
            "annual_budget",
            "arrived",
            "executed",
            "weight",
            "execution_rate",
            "self_score",
        ]
        assert layout.table("funds").budget
        assert layout.table("indicators").kind is TableKind.INDICATORS
        assert "实效指标" in layout.levels["时效指标"]
        assert "可持续影响指" in layout.levels["可持续影响指标"]
    assert [item.name for item in overall.table("funds").items] == ["total"]
    assert [item.name for item in project.table("funds").items] == ["total", "fiscal", "carryover", "other"]
    assert [each.id for each in overall.identities] == [
        "funds_sum",
        "execution_rate",
        "income",
        "income_total",
        "expenditure_total",
        "expenditure",
    ]
    assert [each.id for each in project.identities] == ["funds_sum", "execution_rate"]


def test_a_drifting_header_can_be_target_or_actual() -> None:
    """年度完成值 stands for 年度指标值 on one form of the first source, and for 实际完成值 elsewhere."""
    table = load_form("overall-self-evaluation", seeds_folder()).table("indicators")
    assert [column.name for column in table.columns if "年度完成值" in column.labels] == ["target", "actual"]
