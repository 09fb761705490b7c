"""The marks of a form's layout for the summary workbook: read as written, refused with line and key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.forms import load_form, read_form
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import form_path
from jixiao.catalog.loading.sources import SchemeError
from jixiao.domain.forms import BlankIndicator, BlankLayout, BlankRow, ComparisonLayout
from tests.builders.seeds import edit, line_of, write_seeds

if TYPE_CHECKING:
    from pathlib import Path


TABLE, COLUMNS = "budget = true", "[tables.money.columns.planned]"
COMPARISON = """
[tables.money.comparison]
sheet = "资金对比"
items = ["all", "own"]
budget = "planned"
executed = "spent"

"""


def marked(folder: Path, old: str, new: str) -> Path:
    """The invented form with an overview and a comparison, and one edit of it."""
    path = form_path("whole", write_seeds(folder))
    edit(path, TABLE, f'{TABLE}\noverview = "资金汇总"')
    edit(path, COLUMNS, COMPARISON + COLUMNS)
    edit(path, old, new)
    return path


def test_marks_are_read_as_written(tmp_path: Path) -> None:
    path = marked(tmp_path, 'labels = ["日常支出"]', 'labels = ["日常支出"]\noverview = "日常"')
    layout = load_form("whole", path.parent.parent)
    assert [field.overview for field in layout.fields] == ["", "日常"]
    assert layout.table("money").overview == "资金汇总"
    assert layout.table("money").comparison == ComparisonLayout(
        sheet="资金对比", items=("all", "own"), budget="planned", executed="spent"
    )


def test_a_number_may_have_a_unit_of_its_own(tmp_path: Path) -> None:
    path = marked(tmp_path, 'kind = "percent"', 'kind = "number"\nunit = "人"')
    assert load_form("whole", path.parent.parent).table("money").column("rate").unit == "人"


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "message"),
    [
        (
            'sheet = "资金对比"',
            'sheet = "部门汇总"',
            "sheet =",
            "tables.money.comparison.sheet",
            "汇总表已有工作表“部门汇总”，请换一个名称。",
        ),
        (
            'overview = "资金汇总"',
            'overview = "资金/汇总"',
            "overview =",
            "tables.money.overview",
            "工作表名“资金/汇总”不能超过 31 个字，不能有 []:*?/\\!@' 这些字符。",
        ),
        (
            'sheet = "资金对比"\n',
            "",
            "[tables.money.comparison]",
            "tables.money.comparison.sheet",
            "缺少“sheet”（文字）。",
        ),
        (
            'items = ["all", "own"]',
            'items = ["all", "spent"]',
            "items =",
            "tables.money.comparison.items[2]",
            "没有名为“spent”的行。",
        ),
        (
            'budget = "planned"',
            'budget = "rate"',
            'budget = "rate"',
            "tables.money.comparison.budget",
            "没有名为“rate”的金额列。",
        ),
        (
            'executed = "spent"\n\n',
            "\n",
            "[tables.money.comparison]",
            "tables.money.comparison.executed",
            "缺少“executed”（本年决算数所在的列）。",
        ),
        (
            'executed = "spent"\n\n',
            'executed = "spent"\nlast = "spent"\n\n',
            "last =",
            "tables.money.comparison.last",
            "不认识的键“last”，此处可用：sheet、items、prior、budget、executed。",
        ),
        (
            'kind = "percent"',
            'kind = "percent"\nunit = "人"',
            "unit =",
            "tables.money.columns.rate.unit",
            "“unit”只用于 kind 为 number 的栏目：金额、百分比和得分的单位是固定的。",
        ),
    ],
)
def test_one_fault_one_problem(  # noqa: PLR0917 - a table's row
    tmp_path: Path, old: str, new: str, at: str, key: str, message: str
) -> None:
    path = marked(tmp_path, old, new)
    found = [(each.line, each.key, each.message) for each in read_form(path)[1]]
    assert found == [(line_of(path, at), key, message)]


def test_the_columns_of_a_list_are_its_items(tmp_path: Path) -> None:
    path = marked(tmp_path, 'items = ["all", "own"]', 'items = ["planned", "rate"]')
    text = path.read_text(encoding="utf-8")
    lines, rest = text.index("[tables.money.items.all]"), text.index("[identities.rate]")
    path.write_text(text[:lines].replace('kind = "lines"', 'kind = "list"') + text[rest:], encoding="utf-8")
    assert [(each.key, each.message) for each in read_form(path)[1]] == [
        ("tables.money.comparison.items[2]", "没有名为“rate”的金额列。"),
        ("tables.money.comparison.budget", "kind 为 list 的表以各列为项目，不写“budget”。"),
        ("tables.money.comparison.executed", "kind 为 list 的表以各列为项目，不写“executed”。"),
    ]


def test_one_sheet_is_not_overview_and_comparison_at_once(tmp_path: Path) -> None:
    seeds = marked(tmp_path, 'overview = "资金汇总"', 'overview = "资金对比"').parent.parent
    (scheme,) = (path for path in (seeds / "schemes").iterdir())
    with pytest.raises(SchemeError) as raised:
        load_scheme(scheme.stem, seeds)
    assert [(each.key, each.message) for each in raised.value.problems] == [
        ("forms[1]", "报送表“whole”的对比与某张表的 overview 同用工作表“资金对比”。")
    ]


FORM = """\
title = "虚构表"
scope = "detail"
titles = ["虚构表"]

[fields.staff]
title = "人数"
labels = ["人数"]
kind = "number"

[tables.offices]
title = "各处"
kind = "list"
columns.item = { title = "处室", labels = ["处室"] }
columns.spent = { title = "已用", labels = ["已用"], kind = "amount" }

"""


def read(tmp_path: Path, blank: str) -> tuple[BlankLayout, list[str]]:
    path = tmp_path / "invented.toml"
    path.write_text(FORM + blank, encoding="utf-8")
    layout, problems = read_form(path)
    return layout.blank, [f"{problem.key}：{problem.message}" for problem in problems]


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    blank = """
[blank]
rows = [
  { fields = ["staff", "-"], caption = "人员", tall = true },
  { texts = ["一、", "二、"] },
  { table = "offices" },
]
notes = ["签字："]
indicators = [{ level1 = "甲", level2 = "乙", level3 = "丙", standard = "全得" }]
columns = { offices = ["item"] }
groups = { "甲" = { "乙" = 2 } }
list_rows = { offices = 3 }
help = { staff = "年末数", "offices.spent" = "万元" }
"""
    layout, problems = read(tmp_path, blank)
    assert problems == []
    assert layout == BlankLayout(
        rows=(
            BlankRow(fields=("staff", "-"), caption="人员", tall=True),
            BlankRow(texts=("一、", "二、")),
            BlankRow(table="offices"),
        ),
        columns={"offices": ("item",)},
        groups={"甲": {"乙": 2}},
        help={"staff": "年末数", "offices.spent": "万元"},
        indicators=(BlankIndicator("甲", "乙", "丙", "全得"),),
        list_rows={"offices": 3},
        notes=("签字：",),
    )


def test_nothing_said_is_the_usual_form(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (BlankLayout(), [])


@pytest.mark.parametrize(
    ("blank", "problem"),
    [
        (
            'rows = [{ fields = ["stuff"] }]',
            "blank.rows[1].fields[1]：没有名为“stuff”的栏目，可用：staff、-。",
        ),
        ('rows = [{ table = "office" }]', "blank.rows[1].table：没有名为“office”的栏目，可用：offices。"),
        ('columns = { offices = ["spend"] }', "没有名为“spend”的栏目，可用：item、spent。"),
        ("list_rows = { office = 3 }", "blank.list_rows.office：没有名为“office”的栏目，可用：offices。"),
        (
            'help = { "offices.x" = "啊" }',
            "没有名为“offices.x”的栏目，可用：staff、offices.item、offices.spent。",
        ),
        ('rows = [{ caption = "甲" }]', "blank.rows[1]：每行恰好写一种内容：fields、texts、table。"),
        ("list_rows = { offices = 0 }", "“offices”应在 1 与 500 之间，现为 0。"),
        ("row = []", "不认识的键“row”，此处可用："),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, blank: str, problem: str) -> None:
    _, problems = read(tmp_path, f"[blank]\n{blank}\n")
    assert len(problems) == 1
    assert problem in problems[0]
