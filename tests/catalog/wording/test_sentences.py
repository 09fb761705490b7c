from __future__ import annotations

import re
from dataclasses import replace

import pytest

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.wording.sentences import without_place, word, word_judged
from jixiao.catalog.wording.wordings import load_wordings
from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Correction, Finding, Judged, Place, Severity, Wording
from jixiao.domain.spoken import MissingValueError, fill

WORDINGS = load_wordings(seeds_folder())
FIGURES = tuple(
    sorted(
        {
            name
            for each in WORDINGS.values()
            for name in re.findall(r"\{(\w+)\}", each.message + each.suggestion + each.several + each.each)
        }
    )
)
AT = Place("甲.xlsx", "附件3", "H9")


def finding(
    code: str, cell: str = "H9", *, label: str = "", reported: str = "", expected: str = "", **figures: str
) -> Finding:
    return Finding(
        code=code,
        place=AT._replace(cell=cell),
        subject="a",
        label=label,
        reported=reported,
        expected=expected,
        figures=figures,
    )


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=list(WORDINGS))
@pytest.mark.parametrize("place", [AT, AT._replace(cell=""), Place("甲.xlsx")], ids=["cell", "sheet", "file"])
def test_a_sentence_beside_its_place_does_not_say_it_again(wording: Wording, place: Place) -> None:
    full = Finding(
        code=wording.code,
        place=place,
        figures=dict.fromkeys(FIGURES, "乙"),
        label="数量",
        reported="1",
        expected="2",
    )
    statement = word(full, wording).statement
    assert not re.search(r"附件3|H9|甲\.xlsx", statement)
    assert not re.search(r"^[，：；。的等]|此处：|“”|《》", statement)


def test_a_finding_with_a_cell_is_called_by_its_name_else_by_where_it_stands() -> None:
    named = finding("V103", label="全年执行数")
    assert word(named, WORDINGS["V103"]).statement == "“全年执行数”没有填写。"
    assert word(finding("V103"), WORDINGS["V103"]).statement == "此处没有填写。"
    assert (
        word(finding("L107", cell=""), WORDINGS["L107"]).statement == "本表是样表、示例或填表说明，未计入。"
    )
    whole = Finding(code="F102", place=Place("甲.xlsx"))
    assert word(whole, WORDINGS["F102"]).statement == "该文件设有打开密码，无法读取。"
    assert without_place("《{sheet}》有 {count} 项", named) == "有 {count} 项"


def test_signs_are_printed_as_people_write_them() -> None:
    missed = finding("P101", label="供养人数", reported="4604人", expected=">=4754人")
    assert word(missed, WORDINGS["P101"]).message == (
        "《附件3》H9“供养人数”实际完成值 4604人，没有达到年度指标值 ≥4754人，也没有说明原因。"
    )


def test_findings_with_the_same_reason_share_it() -> None:
    first, *others = (
        finding("S111", cell, label=label, reason=reason)
        for cell, label, reason in (
            ("J9", "控制率", "目标没有比较符号"),
            ("J12", "调整率", "目标没有比较符号"),
            ("J14", "满意情况", "从文字看不出完成程度"),
        )
    )
    judged = Judged(finding=first, severity=Severity.INFO, repeats=tuple(others))
    assert word_judged(judged, WORDINGS).message == (
        "《附件3》有 3 项的得分无法按规则核算，由审核人员判断，暂按自评得分计："
        "J9“控制率”、J12“调整率”（目标没有比较符号）；J14“满意情况”（从文字看不出完成程度）。"
    )


def test_of_many_of_a_kind_six_are_listed_and_the_rest_by_their_cells() -> None:
    first, *others = (finding("S110", f"J{row}", label=f"指标{row}") for row in range(2, 11))
    words = word_judged(Judged(finding=first, severity=Severity.ERROR, repeats=tuple(others)), WORDINGS)
    listed = "、".join(f"J{row}“指标{row}”" for row in range(2, 8))
    assert words.message == f"《附件3》J2:J10 共 9 项没有填写得分：{listed}，以及 J8:J10。"
    assert words.statement == f"J2:J10 共 9 项没有填写得分：{listed}，以及 J8:J10。"


def test_what_goes_with_a_finding_is_told_apart_from_it() -> None:
    root = replace(
        finding("S106", label="总分", reported="99.90", expected="99.70", sum="99.70"),
        assumed=("B6“补助总额”按“年度资金总额”读取（与表样用语相近）",),
    )
    judged = Judged(
        finding=root,
        severity=Severity.WARNING,
        proposal="99.65",
        given=(Correction(CellRef("甲.xlsx", "附件3", 5, 5), "全年执行数", "113.40"),),
        corrections=(Correction(CellRef("甲.xlsx", "附件4", 1, 2), "综合得分", "99.65"),),
        consequences=(
            Judged(finding=finding("S107", label="自评等级"), severity=Severity.WARNING),
            Judged(
                finding=finding("S126", "C3", label="综合得分", reported="94.00", expected="95.00"),
                severity=Severity.WARNING,
            ),
        ),
    )
    words = word_judged(judged, WORDINGS)
    assert words.statement == "“总分”填的是 99.90，各项之和为 99.70。F6 改为 113.40 后，此处应为 99.65。"
    assert words.effects == (
        "《附件4》C2“综合得分”应为 99.65；等级不符；"
        "C3“综合得分”与评分表总分不符（填的是 94.00，评分表为 95.00）"
    )
    assert words.message == (
        "《附件3》H9“总分”填的是 99.90，各项之和为 99.70。F6 改为 113.40 后，此处应为 99.65。"
        "改后相应地，《附件4》C2“综合得分”应为 99.65。"
        "由此还引起：等级不符；C3“综合得分”与评分表总分不符（填的是 94.00，评分表为 95.00）。"
        "推断依据：B6“补助总额”按“年度资金总额”读取（与表样用语相近）；有误的请以实际为准。"
    )


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(MissingValueError, match="sum"):
        fill("[{gap}]{sum}", {"gap": "1"})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"written": "甲", "taken": "乙"}, "写的是甲，照读。"),
        ({"taken": "乙"}, "取的是乙，照读。"),
        ({}, "没有写，照读。"),
    ],
)
def test_of_several_variants_the_first_with_all_its_values_stands(values: dict[str, str], said: str) -> None:
    assert fill("[写的是{written}|取的是{taken}|没有写]，照读。", values) == said
