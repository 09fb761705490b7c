from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jixiao.audit.settling.causes import attach_consequences, gather_repeats
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.wording.sentences import describe_consequences, word_judged
from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Finding, Gathering, Judged, Place, Severity
from jixiao.domain.quantities import Actual, ActualKind, Target, TargetKind
from jixiao.domain.submissions import Basis, Inference
from jixiao.pipeline.settings import wordings_of
from tests.builders.audits import settle
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, ref, with_funds, with_indicator, with_total
from tests.builders.targets import figure

GOOD = good_project(PROJECT)
WORDINGS = wordings_of((seeds_folder(),))


def at(code: str, cell: str, *, severity: Severity = Severity.ERROR, **own: object) -> Judged:
    finding = Finding(code=code, place=Place("甲.xlsx", "表", cell), subject="表", label="数量")
    return Judged(finding=replace(finding, **own), severity=severity)  # type: ignore[arg-type]


def gather(*judged: Judged) -> list[list[str]]:
    found = gather_repeats(judged, WORDINGS, lambda finding: finding.department)
    return [[each.place.cell for each in one.findings] for one in found]


def test_formulas_without_values_are_one_finding_with_its_ranges() -> None:
    cells = [f"{column}{row}" for row in range(1, 18) for column in "ABCDEF"]
    (judged,) = gather_repeats([at("F106", cell) for cell in cells], WORDINGS, lambda _: "甲")
    words = word_judged(judged, WORDINGS)
    assert words.message == "《表》A1:F17 共 102 格是公式，文件里没有存下计算结果，无法取数。"


def test_blank_cells_are_gathered_by_column() -> None:
    assert gather(at("V103", "D4"), at("V103", "E4"), at("V103", "D7")) == [["D4", "D7"], ["E4"]]


def test_findings_with_a_figure_of_their_own_are_told_each() -> None:
    assert gather(at("S103", "H4"), at("S103", "H5")) == [["H4"], ["H5"]]


def test_two_sheets_are_two_findings() -> None:
    other = at("Q101", "F5", place=Place("甲.xlsx", "表二", "F5"), subject="表二")
    assert gather(at("Q101", "F4"), other) == [["F4"], ["F5"]]


@pytest.mark.parametrize("own", [{"severity": Severity.WARNING}, {"assumed": ("按相近的名称对应",)}])
def test_what_is_less_sure_is_told_apart(own: dict[str, object]) -> None:
    severity = own.pop("severity", Severity.ERROR)
    assert isinstance(severity, Severity)
    assert gather(at("V103", "D4"), at("V103", "D5", severity=severity, **own)) == [["D4"], ["D5"]]


def test_one_pair_of_names_is_said_once_whichever_stands_where() -> None:
    first = at("X104", "C3", reported="甲工作经费", figures={"other": "甲经费", "source": "《明细》"})
    second = at("X104", "A4", reported="甲经费", figures={"other": "甲工作经费", "source": "自评表"})
    second = replace(second, finding=replace(second.finding, place=Place("甲.xlsx", "综合", "A4")))
    (judged,) = gather_repeats([first, second], WORDINGS, lambda _: "甲")
    assert word_judged(judged, WORDINGS).message == (
        "《表》C3：名称“甲工作经费”与《明细》中的“甲经费”略有不同，已按同一名称对应。同样见于《综合》A4。"
    )


def test_the_same_two_names_in_two_departments_are_two_pairs() -> None:
    first = at("X104", "C3", reported="甲工作经费", figures={"other": "甲经费"}, department="甲局")
    assert gather(first, replace(first, finding=replace(first.finding, department="乙局"))) == [
        ["C3"],
        ["C3"],
    ]


def attach(*judged: Judged) -> list[tuple[str, list[str]]]:
    found = attach_consequences(judged, WORDINGS)
    return [(each.finding.code, [one.finding.code for one in each.consequences]) for each in found]


def test_a_sum_over_a_cell_that_nobody_can_read_follows_from_it() -> None:
    total = at("A101", "D4", evidence=(ref(4, 3),))
    unreadable = at("V101", "D5", place=Place.at(ref(4, 3)))
    assert attach(total, unreadable) == [("V101", ["A101"])]
    assert attach(at("A101", "D4", evidence=(ref(9, 3),)), unreadable) == [("A101", []), ("V101", [])]


def test_an_error_is_never_hidden_behind_a_warning() -> None:
    total = at("A101", "D4", evidence=(ref(4, 3),))
    unreadable = at("V101", "D5", place=Place.at(ref(4, 3)), severity=Severity.WARNING)
    assert attach(total, unreadable) == [("A101", []), ("V101", [])]


def test_weights_at_odds_with_their_heading_explain_both_totals() -> None:
    form = with_indicator(GOOD, 0, weight="30", self_score="30")
    form = with_total(form, self_score="97.55")
    (judged,) = settle(form)
    assert (judged.finding.code, judged.finding.place.cell) == ("S109", "K21")
    assert [each.finding.code for each in judged.consequences] == ["S101", "S106"]
    assert word_judged(judged, WORDINGS).message.endswith(
        "由此还引起：D26“总分”一行的各项分值合计为 110.00，应为 100.00；"
        "E26“总分”与各项之和不符（填的是 97.55，各项之和为 107.55）。"
    )


def test_every_gathering_is_used() -> None:
    assert {each.gather for each in WORDINGS.values()} == {None, *Gathering}


def test_a_doubtful_figure_explains_what_would_be_gone_without_it() -> None:
    """It is told once, and mends nothing: nobody is asked to put a figure that rests on what was inferred."""
    inferred = Inference(
        Basis.LIKENESS, ref(10, 0), "补助总额", "funds.total", "年度资金总额", "与表样用语相近", 90
    )
    form = replace(with_funds(GOOD, "total", annual_budget="500.00"), inferences=(inferred,))
    (judged,) = (each for each in settle(form) if each.severity is not Severity.INFO)
    assert (judged.finding.code, judged.severity) == ("A105", Severity.WARNING)
    assert [each.finding.code for each in judged.consequences] == ["S104", "P102"]
    assert judged.corrections == ()


def test_what_a_negative_amount_leads_to_is_told_with_it() -> None:
    form = replace(with_funds(GOOD, "total", executed="-382.17"), lines=GOOD.lines[:1])
    form = replace(form, lines=with_funds(form, "total", executed="-382.17", execution_rate=None).lines)
    (judged,) = (each for each in settle(form) if each.severity is not Severity.INFO)
    assert judged.finding.code == "V102"
    assert {each.finding.code for each in judged.consequences} == {"S104", "P102"}


def test_an_effect_says_what_stands_in_its_cell() -> None:
    """Nobody wrote the sum of the weights: it is not said of the cell beside it."""
    weights = at("S101", "D26", reported="110.00", expected="100.00", figures={"sum": "110.00"})
    root = replace(at("S109", "A21", reported="50.00", figures={"sum": "60.00"}), consequences=(weights,))
    assert describe_consequences(root, WORDINGS) == ("D26“数量”一行的各项分值合计为 110.00，应为 100.00",)


TOTAL = (
    "《自评表》E26“总分”填的是 97.55，各项之和为 98.00，相差 0.45。可能的原因：F11“年度资金总额·得分”"
    "预算执行得分不符（填的是 10.00，按规则为 9.55）。"
    "推断依据：A10“赋分”按“分值”读取（与表样用语相近）；有误的请以实际为准。"
)


def likened(address: str, title: str, row: int) -> Inference:
    return Inference(Basis.LIKENESS, ref(row, 0), "赋分", address, title, "与表样用语相近", 90)


def test_a_doubt_that_explains_an_error_is_told_with_it_as_its_possible_cause() -> None:
    """The total contradicts printed figures for sure; what its parts should be rests on an inferred word."""
    form = with_funds(GOOD, "total", self_score="10")
    form = replace(form, inferences=(likened("funds..weight", "分值", 9),))
    (judged,) = (each for each in settle(form) if each.severity is not Severity.INFO)
    assert (judged.finding.code, judged.severity) == ("S106", Severity.ERROR)
    assert [(each.finding.code, each.severity) for each in judged.related] == [("S104", Severity.WARNING)]
    words = word_judged(judged, WORDINGS)
    assert words.message == TOTAL
    assert words.suggestion == "请核对各项和总分，总分应等于预算执行与各指标之和。"
    assert (judged.is_open, judged.corrections) == (True, ())


def test_what_no_doubt_explains_is_told_by_itself() -> None:
    form = with_total(with_funds(GOOD, "total", self_score="10"), self_score="96")
    form = replace(form, inferences=(likened("funds..weight", "分值", 9),))
    found = [each for each in settle(form) if each.severity is not Severity.INFO]
    assert [(each.finding.code, each.related) for each in found] == [("S104", ()), ("S106", ())]


def test_an_error_that_rests_on_a_doubtful_figure_is_in_doubt_with_it() -> None:
    """Nobody is told that points are wrong by a budget that is likely wrong itself."""
    inferred = likened("funds.carryover", "上年结转", 12)
    form = replace(with_funds(GOOD, "total", annual_budget="4000000.00"), inferences=(inferred,))
    (judged,) = (each for each in settle(form) if each.severity is not Severity.INFO)
    assert (judged.finding.code, judged.severity) == ("A105", Severity.WARNING)
    assert {(each.finding.code, each.severity) for each in judged.consequences} == {
        ("S104", Severity.WARNING),
        ("P102", Severity.WARNING),
    }


def test_a_milder_finding_of_the_same_form_may_be_the_cause_by_its_code() -> None:
    weights = at("S101", "D26", severity=Severity.WARNING)
    (judged,) = attach_consequences([at("S106", "E26"), weights], WORDINGS)
    assert (judged.finding.code, [each.finding.code for each in judged.related]) == ("S106", ["S101"])
    other = replace(weights, finding=replace(weights.finding, subject="另一张表"))
    assert len(attach_consequences([at("S106", "E26"), other], WORDINGS)) == 2


def test_a_wrong_year_explains_the_dates_that_it_completes_and_nothing_else() -> None:
    """9月底前 on a form of 2023 is missed by a day of 2024; a number is missed in any year."""
    due = Target("9月底前", TargetKind.DEADLINE, due=date(2023, 9, 30))
    done = Actual("2024-08-01", ActualKind.DATE, when=date(2024, 8, 1))
    late = replace(with_indicator(GOOD, 0, target=due, actual=done), year=2023)
    (judged,) = (each for each in settle(late) if each.severity is not Severity.INFO)
    assert (judged.finding.code, judged.finding.place.cell) == ("X101", "A1")
    assert {each.finding.code for each in judged.consequences} == {"S105", "P101"}
    stated = replace(due, text="2023年9月底前")
    other = replace(with_indicator(GOOD, 0, target=stated, actual=done), year=2023)
    assert {each.finding.code for each in settle(other)} >= {"X101", "S105", "P101"}
    missed = with_indicator(late, 1, actual=figure("90", "元"), self_score="20")
    found = [each for each in settle(missed) if each.severity is not Severity.INFO]
    assert [(each.finding.code, len(each.findings)) for each in found if each.finding.code != "S105"] == [
        ("X101", 1),
        ("P101", 2),
    ]


def test_a_department_that_was_left_blank_explains_what_its_forms_are_compared_with() -> None:
    blank = at("V103", "B2", severity=Severity.WARNING)
    excess = at("X103", "E4", severity=Severity.WARNING, evidence=(CellRef("甲.xlsx", "表", 1, 1),))
    assert attach(excess, blank) == [("V103", ["X103"])]
