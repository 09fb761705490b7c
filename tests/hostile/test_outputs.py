"""Nothing of a cell comes to life in what is handed back: no formula, no link, no control of a screen."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.builders.folders import round_folder, run
from tests.builders.forms import PROJECT, project_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.pipeline import Published

MARK = "祸根"
TEXTS = (
    f'=HYPERLINK("http://{MARK}.example","{MARK}")',
    f"=cmd|'/c calc'!{MARK}",
    f"+{MARK}+1",
    f"-{MARK}-1",
    f"@SUM({MARK})",
    f"{{={MARK}}}",
    f"http://{MARK}.example/a",
    f"mailto:{MARK}@a.example",
    f"internal:{MARK}!A1",
    f"external:{MARK}.xlsx",
    f"file:///{MARK}",
    f"_x001B_[31m{MARK}_x0007_",
    f"_x0009_={MARK}",
)
"""As they stand in a workbook's XML, in which _x001B_ is the character ESC."""
_STAND_IN = "占位甲乙"
_LIVING = re.compile(
    r"<f[ >].*?</f>|<formula\d?>.*?</formula\d?>|Target=\"[^\"]*\"|<hyperlink [^>]*>", re.DOTALL
)
_STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def write_with(path: Path, text: str, number: int) -> None:
    """A form in which a hostile text stands for the names of its project, and of who carries it out."""
    facts = replace(
        PROJECT, department=f"云梦泽省虚构第{number}局", project=_STAND_IN, implementer=f"{_STAND_IN}处"
    )
    write_forms(path, project_form(facts=facts))
    with ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    changed = {name: part.replace(_STAND_IN, escape(text)) for name, part in parts.items()}
    assert changed != parts
    with ZipFile(path, "w") as package:
        for name, part in changed.items():
            package.writestr(name, part)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = round_folder(tmp_path_factory.mktemp("hostile") / "inputs")
    for number, text in enumerate(TEXTS):
        write_with(folder / f"{number}.xlsx", text, number)
    return run(folder)


def parts_of(published: Published) -> dict[str, str]:
    """Every part of every workbook that was written; what came in lies beside its copies as it was."""
    parts: dict[str, str] = {}
    written = (path for path in published.folder.rglob("*.xlsx") if path.parent.name != "原件")
    for path in written:
        with ZipFile(path) as package:
            parts |= {f"{path.name}/{name}": package.read(name).decode() for name in package.namelist()}
    return parts


def test_the_texts_reach_the_results(published: Published) -> None:
    books = {name.split("/")[0] for name, part in parts_of(published).items() if MARK in part}
    copies = {f"{number}（审核标注）.xlsx" for number in range(len(TEXTS))}
    lists = {f"云梦泽省虚构第{number}局.xlsx" for number in range(len(TEXTS))}
    assert books == {*copies, *lists, published.summary.name, "绩效自评公开_批次.xlsx", "审核通知.xlsx"}


def test_no_formula_and_no_link_of_a_workbook_holds_a_cells_text(published: Published) -> None:
    living = [(name, found) for name, part in parts_of(published).items() for found in _LIVING.findall(part)]
    assert living
    assert [each for each in living if MARK in each[1]] == []


def test_nothing_in_any_result_steers_a_screen(published: Published) -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8-sig")
        for path in published.folder.rglob("*")
        if path.suffix in {".csv", ".json"}
    }
    texts |= parts_of(published)
    assert [name for name, text in texts.items() if _STEERING.search(text)] == []


def test_no_field_of_a_table_begins_like_a_formula(published: Published) -> None:
    for path in (published.folder / "data").glob("*.csv"):
        fields = re.split(r'[,\n]"?', path.read_text(encoding="utf-8-sig"))
        assert [each for each in fields if MARK in each and each.lstrip()[:1] in "=+-@"] == []
