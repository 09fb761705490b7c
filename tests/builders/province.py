"""The invented province of NEW-JURISDICTION.md: its files as printed there, and its worked form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDE = Path(__file__).resolve().parents[2] / "NEW-JURISDICTION.md"
ROUND = "qinglan-2025"
SHEET = "自查表"

Cell = str | float | None

ROWS: tuple[tuple[Cell, ...], ...] = (
    ("2025年度财政支出事项绩效自查表",),
    ("（单位：万元）",),
    ("支出事项", "林区巡护", None, None, "归口部门", "青岚省虚构林业局"),
    ("资金", None, "批复数", "支付数", "标准分", "支付进度", "自查分"),
    ("安排金额", None, 800, 620, 20, "77.50%", 15.5),
    ("支付进度说明", "部分合同跨年支付"),
    ("类别", "方面", "具体内容", "年度要求", "完成实绩", "标准分", "自查分", "情况说明"),
    ("产出", "数量", "巡护里程", "≥50公里", "40公里", 15, 12, "雨季停巡"),
    (None, "质量", "巡护达标率", "≥95%", "97%", 15, 15),
    (None, "成本", "巡护成本", "≤12万元", "15万元", 15, 11.3, "油价上涨"),
    ("效果", "社会效果", "护林意识", "提高", "提高", 20, 20),
    (None, "满意程度", "群众满意度", "≥90%", "93%", 15, 15),
    ("合计得分", None, None, None, None, 100, 88.8),
    ("自查等次", "良好"),
)
"""A correct form: 15.5 + 12 + 15 + 11.3 + 20 + 15 = 88.8."""


def write_province(folder: Path) -> Path:
    """The files that the guide prints, each at the path in its first line; returns the folder."""
    for name, text in re.findall(r"```toml\n# (\S+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def amendment() -> str:
    """What the guide adds to its scheme from a year on."""
    found = re.search(r"```toml\n(\[\[since\]\]\n.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return found[1] if found else ""


def commands() -> list[str]:
    """Every command that the guide prints, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def write_form(path: Path, changes: Mapping[str, Cell] | None = None) -> Path:
    """The worked form, with some cells changed; returns its path."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for row in ROWS:
        sheet.append(row)
    for cell, value in (changes or {}).items():
        sheet[cell] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
