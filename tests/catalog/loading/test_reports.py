"""What a department's report consists of: read from TOML, with everything wrong named at its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.reports import load_report
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import report_path, seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.domain.documents import PartKind

if TYPE_CHECKING:
    from pathlib import Path

SCHEME = load_scheme("hunan-provincial", seeds_folder())
TEXT = report_path(seeds_folder()).read_text(encoding="utf-8")


def load(folder: Path, text: str) -> list[str]:
    """The problems of a layout in an own folder over the packaged one."""
    own = folder / "reports" / "department.toml"
    own.parent.mkdir(parents=True)
    own.write_text(text, encoding="utf-8")
    try:
        load_report(SCHEME, folder, seeds_folder())
    except SchemeError as error:
        return [problem.message for problem in error.problems]
    return []


@pytest.mark.parametrize("scheme", ["national", "hunan-provincial", "yueyang-municipal"])
def test_the_packaged_layout_holds_for_every_scheme(scheme: str) -> None:
    layout = load_report(load_scheme(scheme, seeds_folder()), seeds_folder())
    assert len(layout.chapters) == 9


def test_an_office_may_word_it_anew(tmp_path: Path) -> None:
    assert load(tmp_path, TEXT.replace("人员编制{authorised}人", "编制{authorised}名")) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("{authorised}人", "{authorized}人", "不认识占位符 {authorized}：[figures] 里没有它。"),
        ("{authorised}人", "{authorised人", "括号 [ ] 或 { } 没有成对，或 [ ] 里又套了 [ ]。"),
        ('"basic-data:staff.staff.authorised"', '"basic:staff"', "没有名为“basic”的报送表。"),
        (
            '"basic-data:staff.staff.authorised"',
            '"basic-data:staff.staff.free"',
            "地址“staff.staff.free”：没有名为“free”的列，可用：authorised、control_rate、on_payroll。",
        ),
        (
            'of = ["basic-expenditure:expenditure"]',
            'of = ["basic-expenditure:money"]',
            "没有名为“money”的栏目或表。",
        ),
        ('figures = ["project"]', 'figures = ["projekt"]', "[figures] 里没有“projekt”。"),
        (
            'kind = "composite"',
            'kind = "sum"',
            f"不认识“sum”，可用：{'、'.join(PartKind)}。",
        ),
        ('title = "基本情况"', 'titel = "基本情况"', "缺少“title”（文字）。"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, wanted: str, tmp_path: Path) -> None:
    assert old in TEXT
    assert wanted in load(tmp_path, TEXT.replace(old, new, 1))
