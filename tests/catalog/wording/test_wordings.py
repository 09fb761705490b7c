from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import findings_path, seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.wording.sentences import Words, locate, word
from jixiao.catalog.wording.wordings import explain, explain_all, load_wordings
from jixiao.domain.findings import Finding, FindingWarning, Place, Severity, Wording
from tests.builders.seeds import edit, line_of, write_seeds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WORDINGS = load_wordings(seeds_folder())
FIGURES = tuple(
    sorted(
        set(re.findall(r"\{(\w+)\}", "".join(each.message + each.suggestion for each in WORDINGS.values())))
    )
)


def sentences(wording: Wording) -> str:
    return wording.message + wording.suggestion


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=list(WORDINGS))
def test_sentences_are_chinese_and_say_what_to_do(wording: Wording) -> None:
    spoken = re.sub(r"\{\w+\}|\.xlsx|Excel|WPS", "", sentences(wording))
    assert not re.search(r"[A-Za-z]|可能存在问题", spoken)
    assert wording.message.endswith("。")
    assert wording.suggestion.endswith("。")
    assert re.search("[请不无]", wording.suggestion)


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=list(WORDINGS))
def test_a_sentence_reads_well_with_and_without_its_optional_figures(wording: Wording) -> None:
    place = Place("a.xlsx", "附件3", "D12")
    needed = {"label": "数量", "reported": "1", "expected": "2"}
    full = Finding(
        code=wording.code,
        place=place,
        figures=dict.fromkeys(FIGURES, "甲"),
        label="数量",
        reported="1",
        expected="2",
    )
    bare_names = set(re.findall(r"\{(\w+)\}", re.sub(r"\[[^\]]*\]", "", sentences(wording))))
    bare = Finding(
        code=wording.code,
        place=place,
        figures=dict.fromkeys(bare_names, "甲"),
        label=needed["label"] if "label" in bare_names else "",
        reported=needed["reported"] if "reported" in bare_names else "",
        expected=needed["expected"] if "expected" in bare_names else "",
    )
    for words in (word(full, wording), word(bare, wording)):
        for text in words:
            assert not re.search(
                r"[\[\]{}]|None|“”|《》|（）|，，|，。|。。|：。|：，|^[，：；。]|，）|  ", text
            )


def said(
    code: str,
    place: Place,
    figures: Mapping[str, str],
    *,
    label: str = "",
    reported: str = "",
    expected: str = "",
) -> Words:
    finding = Finding(
        code=code, place=place, figures=figures, label=label, reported=reported, expected=expected
    )
    return word(finding, WORDINGS[code])


def test_a_sum_that_does_not_hold() -> None:
    words = said(
        "A101",
        Place("甲.xlsx", "项目明细", "D8"),
        {"parts": "年初预算 1,442.20 + 调整 −49.80", "sum": "1,392.40", "gap": "49.80", "tolerance": "0.02"},
        label="全年预算数",
        reported="1,442.20",
        expected="1,392.40",
    )
    assert words.message == (
        "《项目明细》D8“全年预算数”：年初预算 1,442.20 + 调整 −49.80 = 1,392.40，"
        "与填报的 1,442.20 不符，相差 49.80（超出四舍五入允许的 0.02）。"
    )
    assert words.suggestion == "请核对各组成部分和合计数，使其相等；按各部分推算应为 1,392.40。"


def test_a_finding_about_a_whole_file() -> None:
    assert said("F102", Place("甲.xlsx"), {}).message == "文件“甲.xlsx”设有打开密码，无法读取。"
    assert locate(Place("甲.xlsx")) == "文件“甲.xlsx”"
    assert locate(Place("甲.xlsx", "表1")) == "《表1》"


def test_a_missed_target_with_full_marks_that_no_rule_can_put_a_figure_on() -> None:
    words = said(
        "S105",
        Place("甲.xlsx", "表1", "G9"),
        {"derivation": "应于 9 月前完成，实际 11 月完成。"},
        label="办结",
        reported="5",
    )
    assert words.message == (
        "《表1》G9“办结”没有达到年度指标值，自评得分却是满分 5：应于 9 月前完成，实际 11 月完成。"
    )


def test_long_texts_are_quoted_in_short_and_on_one_line() -> None:
    words = said(
        "V101",
        Place("甲.xlsx", "表1", "D2"),
        {},
        label="年初\n预算数",
        reported="按 [年初]\n{批复}" + "文" * 60,
    )
    assert words.message == (
        f"《表1》D2“年初 预算数”填的是“按 [年初] {{批复}}{'文' * 29}…”，不能识别为数字。"
    )


def test_a_figure_that_a_check_forgot_is_our_bug() -> None:
    with pytest.raises(FindingWarning, match=r"S103 at .* no value for expected"):
        said("S103", Place("甲.xlsx", "表1", "D2"), {}, reported="3")


@pytest.mark.filterwarnings("default::jixiao.domain.findings.FindingWarning")
def test_a_forgotten_figure_costs_a_round_no_more_than_its_clause() -> None:
    with pytest.warns(FindingWarning, match="S103"):
        words = said("S103", Place("甲.xlsx", "表1", "D2"), {}, label="数量", reported="3")
    assert words.message == "《表1》D2“数量”自评得分 3。"
    assert words.statement == "“数量”自评得分 3。"
    assert words.suggestion == "如果年度指标值或实际完成值填写有误，请一并更正。"
    with pytest.warns(FindingWarning, match="X125"):
        assert said("X125", Place("甲.xlsx"), {}).message == "未计入满意度。"


def test_severities_of_the_families() -> None:
    blocking = {code for code, wording in WORDINGS.items() if wording.severity is Severity.BLOCKING}
    assert blocking == {"F101", "F102", "F103", "F104", "F105", "F107", "F109", "F110", "F111", "L102"}
    assert all(wording.severity is not Severity.ERROR for code, wording in WORDINGS.items() if code[0] == "Q")


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            'severity = "info"\ntitle = "重复报送"',
            'severity = "fatal"\ntitle = "重复报送"',
            "P103.severity",
            "不认识“fatal”，可用：blocking、error、warning、info。",
        ),
        ("[P103]", "[Z103]", "Z103", "代码应为 F、L、V、A、S、X、P、Q 之一加三位数字。"),
        (
            'title = "重复报送"',
            'titel = "重复报送"\ntitle = "重复"',
            "P103.titel",
            "不认识的键“titel”，此处可用：figures、severity、title、message、suggestion、basis、gather、several、each、because、effect、follows、follows_form、doubted_by、explained_by、figure。",
        ),
        (
            "{where}与[{other}]的",
            "{where}与[{others}]的",
            "P103.message",
            "不认识占位符 {others}，可用：where、file、sheet、cell、label、reported、expected、other。",
        ),
        (
            "{where}与[{other}]的",
            "{where}与[{other}的",
            "P103.message",
            "括号 [ ] 或 { } 没有成对，或 [ ] 里又套了 [ ]。",
        ),
    ],
)
def test_one_fault_in_the_wordings_one_problem(
    tmp_path: Path, old: str, new: str, key: str, message: str
) -> None:
    path = findings_path(write_seeds(tmp_path))
    edit(path, old, new)
    with pytest.raises(SchemeError) as raised:
        load_wordings(tmp_path)
    found = [(each.file, each.key, each.message) for each in raised.value.problems]
    assert found == [("findings.toml", key, message)]
    assert raised.value.problems[0].line == line_of(path, new.splitlines()[0])


def test_a_figure_that_nobody_can_name_is_refused(tmp_path: Path) -> None:
    path = findings_path(write_seeds(tmp_path))
    text = path.read_text(encoding="utf-8")
    start = text.index("[P103]")
    rest = text[start:].replace('figures = ["other"]', 'figures = ["other", "nobody"]', 1)
    path.write_text(text[:start] + rest, encoding="utf-8")
    with pytest.raises(SchemeError) as raised:
        load_wordings(tmp_path)
    (problem,) = raised.value.problems
    assert (problem.key, problem.line) == ("P103.figures[2]", line_of(path, 'figures = ["other", "nobody"]'))
    assert problem.message.startswith("“nobody”没有中文名称，不能用作占位符，可用：where、file、")


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
