from pathlib import Path

import pytest

from jixiao.catalog.forms import read_form
from jixiao.domain.blank_layouts import BlankIndicator, BlankLayout, BlankRow

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
