"""Word reports in a round: whose template is used, what a broken one costs, and how to do without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline import find_rounds
from jixiao.pipeline.copies import DEPARTMENT_TEMPLATE, ROUND_TEMPLATE, copy_templates, template_paths
from jixiao.pipeline.rounds import load_round
from jixiao.pipeline.sent_files import list_files
from jixiao.pipeline.settings import ConfigurationError
from tests.builders.folders import round_folder, work_off
from tests.builders.reports import edited_part, paragraphs
from tests.builders.rounds import write_round
from tests.drawing.word_templates import TEMPLATES, template

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.pipeline.rounds import RoundFolder


@pytest.fixture
def folder(tmp_path: Path) -> RoundFolder:
    """A round of two generated departments."""
    write_round(tmp_path / "inputs" / "批次", 2, 7)
    (found,) = find_rounds(tmp_path / "inputs", ["批次"])
    return found


def titled(text: str) -> bytes:
    """A template of an office that prints its own title."""
    return edited_part(template(), "word/document.xml", lambda xml: xml.replace("{{ 标题 }}", text))


def reports(base: Path) -> dict[str, bytes]:
    results = base / "outputs" / "批次"
    found = (path for path in results.rglob("*.docx") if "历次" not in path.parts)
    return {path.relative_to(results).as_posix(): path.read_bytes() for path in found}


def others(base: Path) -> set[str]:
    results = base / "outputs" / "批次"
    return {
        path.relative_to(results).as_posix()
        for path in results.rglob("*")
        if path.is_file() and path.suffix != ".docx"
    }


def test_a_round_gives_a_report_a_department_and_one_of_its_own(folder: RoundFolder, tmp_path: Path) -> None:
    published = work_off(folder, tmp_path)
    first = reports(tmp_path)
    names = sorted(path.stem for path in published.feedback)
    assert sorted(first) == [
        *(f"报告/{name}_绩效自评报告.docx" for name in names),
        "绩效评价总报告_批次.docx",
    ]
    assert published.reports == 2
    assert published.notes == ()
    assert paragraphs(first["绩效评价总报告_批次.docx"])[0].endswith("\n2024年度部门预算绩效评价总报告")
    work_off(folder, tmp_path)
    assert reports(tmp_path) == first


def test_the_office_template_of_the_round_comes_before_that_of_the_jurisdiction(
    folder: RoundFolder, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    packaged = {name: TEMPLATES / name for name in (DEPARTMENT_TEMPLATE, ROUND_TEMPLATE)}
    assert template_paths(folder.folder, (seeds,)) == packaged
    for place, text in ((seeds / "word", "某省"), (folder.folder / "报告模板", "本次")):
        place.mkdir(parents=True)
        (place / DEPARTMENT_TEMPLATE).write_bytes(titled(text))
        assert template_paths(folder.folder, (seeds,)) == packaged | {
            DEPARTMENT_TEMPLATE: place / DEPARTMENT_TEMPLATE
        }
    work_off(load_round(folder.folder), tmp_path)
    written = reports(tmp_path)
    assert {paragraphs(content)[0] for name, content in written.items() if "报告/" in name} == {"本次"}
    assert not [name for name in list_files(load_round(folder.folder)) if "报告模板" in name]


@pytest.mark.parametrize("broken", [DEPARTMENT_TEMPLATE, ROUND_TEMPLATE])
def test_a_broken_template_costs_its_reports_alone(broken: str, folder: RoundFolder, tmp_path: Path) -> None:
    work_off(replace(folder, word=False), tmp_path / "without")
    path = folder.folder / "报告模板" / broken
    path.parent.mkdir()
    path.write_bytes(b"not a document")
    published = work_off(load_round(folder.folder), tmp_path)
    assert published.notes == (
        (
            f"报告模板 {path} 不能用：它不是可用的 Word 文档（.docx）。本次没有生成用它的 Word 报告，"
            "其他结果不受影响；请改正模板，或移走它、改用程序自带的。"
        ),
    )
    assert bool([name for name in reports(tmp_path) if "报告/" in name]) == (broken == ROUND_TEMPLATE)
    assert ("绩效评价总报告_批次.docx" in reports(tmp_path)) == (broken == DEPARTMENT_TEMPLATE)
    assert others(tmp_path) == others(tmp_path / "without")


def test_a_mistake_of_ours_costs_the_report_of_that_department(
    folder: RoundFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("jixiao.pipeline.copies.department_report", fail)
    published = work_off(folder, tmp_path)
    assert published.notes == ("2 个部门的 Word 报告未能生成（程序出错，见运行记录），其他结果不受影响。",)
    assert list(reports(tmp_path)) == ["绩效评价总报告_批次.docx"]
    assert len(published.feedback) == 2


def test_settings_may_do_without(tmp_path: Path) -> None:
    settings = 'scheme = "national"\nyear = 2024\n'
    assert load_round(round_folder(tmp_path, "a", settings)).word
    assert not load_round(round_folder(tmp_path, "b", settings + "word = false\n")).word
    with pytest.raises(ConfigurationError, match=r"word 应为 true 或 false（是否生成 Word 报告，不加引号）"):
        load_round(round_folder(tmp_path, "c", settings + 'word = "no"\n'))
    with pytest.raises(ConfigurationError, match="history 应为整数"):
        load_round(round_folder(tmp_path, "d", settings + "history = true\n"))


def test_templates_are_handed_out_and_never_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "word"
    own.mkdir()
    (own / ROUND_TEMPLATE).write_bytes(b"mine")
    assert copy_templates(own) == (own / DEPARTMENT_TEMPLATE,)
    assert (own / DEPARTMENT_TEMPLATE).read_bytes() == template()
    assert (own / ROUND_TEMPLATE).read_bytes() == b"mine"
