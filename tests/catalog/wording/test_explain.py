from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.wording.explain import explain, explain_all
from jixiao.catalog.wording.wordings import load_wordings
from tests.builders.seeds import write_seeds

if TYPE_CHECKING:
    from pathlib import Path

WORDINGS = load_wordings(seeds_folder())


def test_a_finding_code_is_explained_with_names_for_its_figures(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert explain("s103", scheme, WORDINGS) == (
        "S103 指标得分与规则不符\n"
        "  级别：错误\n"
        "  说明：〈位置〉“〈指标或栏目〉”自评得分 〈填报数〉，按规则应为 〈应为数〉：〈核算过程〉。\n"
        "  处理：请改为 〈应为数〉；如果年度指标值或实际完成值填写有误，请一并更正。\n"
        "  依据：方案的指标计分规则\n"
        "  连带：所依据的单元格有“年度不符（X101）”的问题时，作为其连带影响列出，不另列一条"
    )


def test_a_severity_of_the_scheme_is_told(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert explain("P106", scheme, WORDINGS).splitlines()[1] == "  级别：错误（本方案另定）"


def test_a_rule_is_explained_with_its_basis(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    lines = explain("ceilings", scheme, WORDINGS).splitlines()
    assert (lines[0], lines[1], lines[-1]) == (
        "ceilings 上限",
        "  方案：青石市试行方案",
        "  依据：办法第五条",
    )


def test_what_is_neither_code_nor_rule(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        explain("S999", load_scheme("bluestone", write_seeds(tmp_path)), WORDINGS)


@pytest.mark.parametrize("code", list(WORDINGS))
def test_no_explanation_shows_a_placeholder(code: str, tmp_path: Path) -> None:
    text = explain(code, load_scheme("bluestone", write_seeds(tmp_path)), WORDINGS)
    assert not re.search(r"[\[\]{}]", text)


def test_all_codes_are_told_family_by_family(tmp_path: Path) -> None:
    text = explain_all(load_scheme("bluestone", write_seeds(tmp_path)), WORDINGS)
    headings = re.findall(r"^([FLVASXPQ]) \S+（(\d+) 个）$", text, re.MULTILINE)
    assert [letter for letter, _ in headings] == list("FLVASXPQ")
    assert sum(int(count) for _, count in headings) == len(WORDINGS)
    assert re.findall(r"^([FLVASXPQ]\d{3}) ", text, re.MULTILINE) == list(WORDINGS)
    assert not re.search(r"[\[\]{}]|form|column|pair", text)


def test_what_is_told_together_and_what_follows_is_said_in_words(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert explain("S110", scheme, WORDINGS).splitlines()[-1] == "  合并：同一张表的多处合写成一条"
    assert explain("S107", scheme, WORDINGS).splitlines()[-2] == (
        "  连带：所依据的单元格有“总分不符（S106）”的问题时，作为其连带影响列出，不另列一条"
    )
    assert explain("S106", scheme, WORDINGS).splitlines()[-2] == (
        "  连带：所依据的单元格有“公式没有结果（F106）、未填得分（S110）、应填数字（V101）、"
        "单元格显示错误值（V107）、得分超出范围（S102）”的问题，或同一张表有“分值合计不符（S101）”的问题时，作为其连带影响列出，不另列一条"
    )


def test_what_puts_a_code_in_doubt_and_what_may_be_its_cause_is_said_in_words(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert explain("S106", scheme, WORDINGS).splitlines()[-1] == (
        "  原因：同时有“分值合计不符（S101）、指标得分与规则不符（S103）、预算执行得分不符（S104）、"
        "未达标却得满分（S105）、得分与评分标准不符（S127）”的提示、改正后本条即消失的，写在本条之后，不另列一条"
    )
    assert explain("A107", scheme, WORDINGS).splitlines()[-1] == (
        "  连带：按“合计不符（A101）、一个数有误（A105）、金额单位有误（A106）、几个数有误（A109）”"
        "改正（提示也算）后本条即消失时，作为其连带影响列出，不另列一条"
    )


def test_of_two_ways_to_say_it_both_are_told_as_such(tmp_path: Path) -> None:
    said = explain("L113", load_scheme("bluestone", write_seeds(tmp_path)), WORDINGS).splitlines()[2]
    assert said == (
        "  说明：〈位置〉写的是“〈所写的用语〉”，已按“〈指标或栏目〉”读取，"
        "或没有写明“〈指标或栏目〉”，已取“〈所取的名称〉”，或没有标签，已按“〈指标或栏目〉”读取，无需修改（〈原因〉）。"
    )
