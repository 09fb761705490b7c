"""A small invented seeds folder: a scheme, the two forms it names, and the shipped lexicon and wordings."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.loading.seeds import findings_path, form_path, lexicon_path, scheme_path, seeds_folder

if TYPE_CHECKING:
    from pathlib import Path

SCHEME = """\
title = "青石市试行方案"
jurisdiction = "云梦泽省青石市"
regulations = ["《青石市绩效自评办法》（青财绩〔2031〕1号）"]
first_year = 2031
last_year = 2033
forms = ["whole", "part"]
score_places = 1
exceeded_from = "1.25"

[weights.usual]
scopes = ["overall", "project"]
total = 100
execution = 20
groups = { "产出指标" = 50, "效益指标" = 30 }
fixed = false

[execution]
title = "执行"
basis = "办法第三条"
rate_places = 2
score_places = 1
exact_accepted = false

[rules.figures]
title = "定量"
kinds = ["at_least", "equal", "unsigned", "between", "zero"]
method = "proportional"
basis = "办法第四条"

[rules.ceilings]
title = "上限"
kinds = ["at_most"]
method = "inverse_excess"
basis = "办法第五条"

[rules.rest]
title = "其他"
kinds = ["deadline", "qualitative", "relative"]
method = "judged"
basis = "办法第六条"

[[bands]]
level = "reached"
title = "达成"
low = 0.8
high = 1

[[bands]]
level = "partly"
title = "部分达成"
low = 0.5
high = 0.8

[[bands]]
level = "missed"
title = "未达成"
low = 0
high = 0.5

[[grades]]
grade = "甲"
low = 85
synonyms = ["甲等"]

[[grades]]
grade = "乙"
low = 0

[composite]
title = "综合"
basis = "办法第七条"
whole = "money.all.spent"
overall_funds = "running"
project_funds = "money.all.spent"
carryover = "left_out"
share_places = 2
score_places = 1

[severities]
P106 = "error"
"""

WHOLE = """\
title = "单位总表"
scope = "overall"
titles = ["单位总表"]

[fields.department]
title = "单位"
labels = ["单位", "单位全称"]
required = true

[fields.running]
title = "日常支出"
labels = ["日常支出"]
kind = "amount"

[tables.money]
title = "资金"
kind = "lines"
budget = true

[tables.money.columns.planned]
title = "计划"
labels = ["计划数"]
kind = "amount"

[tables.money.columns.spent]
title = "支出"
labels = ["支出数"]
kind = "amount"

[tables.money.columns.rate]
title = "进度"
labels = ["进度"]
kind = "percent"

[tables.money.items.all]
title = "总额"
labels = ["总额"]

[tables.money.items.own]
title = "自有"
labels = ["自有"]

[identities.rate]
title = "进度"
kind = "ratio"
total = "money.{item}.rate"
plus = ["money.{item}.spent", "money.{item}.planned"]

[levels]
"产出指标" = ["产出"]
"效益指标" = ["效益", "效果"]
"""

PART = WHOLE.replace("单位总表", "分项表").replace('"overall"', '"project"')


def write_seeds(folder: Path) -> Path:
    """The folder with the scheme "bluestone" and its forms; returns it."""
    for path, text in {
        scheme_path("bluestone", folder): SCHEME,
        form_path("whole", folder): WHOLE,
        form_path("part", folder): PART,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(lexicon_path(seeds_folder()), lexicon_path(folder))
    shutil.copy(findings_path(seeds_folder()), findings_path(folder))
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {path.name}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    """The first line of a file that holds a text, counted from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def write_more(folder: Path, text: str) -> Path:
    """The same with a text at the end of the scheme's file."""
    seeds = write_seeds(folder)
    with scheme_path("bluestone", seeds).open("a", encoding="utf-8") as file:
        file.write(text)
    return seeds


class Fault(NamedTuple):
    """An edit of a file, and the one problem it makes: at a text's line, for a key, with a message."""

    old: str
    new: str
    at: str
    key: str
    message: str
