from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.settling.certainty import Certainty
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.findings import Finding, Place, Severity
from jixiao.domain.submissions import Basis, Inference
from jixiao.pipeline.settings import wordings_of
from tests.builders.audits import SCHEME, audit
from tests.builders.schemes import PROJECT
from tests.builders.submissions import good_project, ref, with_funds, with_indicator, with_total
from tests.builders.targets import figure
from tests.builders.worked import worked_forms

if TYPE_CHECKING:
    from jixiao.domain.findings import Judged
    from jixiao.domain.submissions import Submission

GOOD = good_project(PROJECT)
WORDINGS = wordings_of((seeds_folder(),))


def inferred(address: str, basis: Basis = Basis.STRUCTURE, row: int = 8, column: int = 2) -> Inference:
    return Inference(basis, ref(row, column), "财力总额", address, "年度资金总额", "资金表的第一行", 90)


def judge(form: Submission, *inferences: Inference) -> list[Judged]:
    read = replace(form, inferences=inferences)
    certainty = Certainty([read], SCHEME, lambda code: WORDINGS[code].severity)
    return [certainty.judge(each) for each in audit(read)]


WRONG_RATE = with_funds(GOOD, "total", execution_rate="90.00")
WRONG_SCORE = with_total(with_indicator(GOOD, 0, actual=figure("9", "次")), self_score="97.55")


def test_what_was_read_by_known_words_keeps_its_severity() -> None:
    (judged,) = judge(WRONG_RATE)
    assert (judged.finding.code, judged.severity, judged.finding.assumed) == ("A103", Severity.ERROR, ())


@pytest.mark.parametrize(
    "address", ["", "funds", "funds.total", "funds..executed", "funds.total.annual_budget"]
)
def test_an_inferred_figure_of_the_evidence_makes_a_warning_that_says_so(address: str) -> None:
    (judged,) = judge(WRONG_RATE, inferred(address))
    assert judged.severity is Severity.WARNING
    assert judged.finding.assumed == ("C9“财力总额”按“年度资金总额”读取（资金表的第一行）",)


@pytest.mark.parametrize(
    "address", ["funds.fiscal", "funds..carryover", "indicators", "indicators..target", "department"]
)
def test_what_a_finding_does_not_rest_on_leaves_it_an_error(address: str) -> None:
    (judged,) = judge(WRONG_RATE, inferred(address))
    assert (judged.severity, judged.finding.assumed) == (Severity.ERROR, ())


def test_a_unit_that_all_figures_share_changes_nothing_between_them() -> None:
    (judged,) = judge(WRONG_RATE, inferred("funds", Basis.UNIT))
    assert judged.severity is Severity.ERROR


def test_a_unit_of_one_figure_of_two_is_an_assumption() -> None:
    (judged,) = judge(WRONG_RATE, inferred("funds..executed", Basis.UNIT))
    assert judged.severity is Severity.WARNING


def test_a_column_inferred_in_one_row_concerns_that_row_only() -> None:
    first, second = (GOOD.indicators[position].entries["target"].ref for position in (0, 1))
    for at, severity in ((first, Severity.WARNING), (second, Severity.ERROR)):
        found = judge(WRONG_SCORE, inferred("indicators..target", row=at.row, column=at.column))
        assert {each.finding.code: each.severity for each in found}["S105"] is severity


def test_a_comparison_of_forms_rests_on_how_they_are_named() -> None:
    read = replace(GOOD, inferences=(inferred("project", Basis.NAME),))
    own = GOOD.lines[0].entries["executed"].ref
    finding = Finding(
        code="X105",
        place=Place.at(own),
        subject=GOOD.submission_id,
        evidence=(own._replace(sheet="项目支出明细"),),
    )
    certainty = Certainty([read], SCHEME, lambda code: WORDINGS[code].severity)
    assert certainty.judge(finding).severity is Severity.WARNING
    assert certainty.judge(replace(finding, evidence=())).severity is Severity.ERROR


def test_what_a_check_assumed_itself_counts_alike() -> None:
    certainty = Certainty([], SCHEME, lambda code: WORDINGS[code].severity)
    judged = certainty.judge(Finding(code="X130", place=Place("甲.xlsx"), assumed=("按相近的名称对应",)))
    assert judged.severity is Severity.WARNING


@pytest.mark.parametrize(("code", "severity"), [("P103", Severity.INFO), ("Q101", Severity.WARNING)])
def test_an_assumption_never_makes_a_finding_worse(code: str, severity: Severity) -> None:
    certainty = Certainty([], SCHEME, lambda each: WORDINGS[each].severity)
    finding = Finding(code=code, place=Place("甲.xlsx"), assumed=("甲",))
    assert certainty.judge(finding).severity is severity


FAULTS: dict[str, Submission] = {
    "A105": with_funds(GOOD, "total", annual_budget="500.00"),
    "A103": WRONG_RATE,
    "S101": with_indicator(GOOD, 0, weight="30"),
    "S103": with_indicator(GOOD, 0, actual=figure("9", "次"), self_score="18", reason="设备故障。"),
    "S104": with_funds(GOOD, "total", self_score="10"),
    "S105": WRONG_SCORE,
    "S106": with_total(GOOD, self_score="98.3"),
    "S108": with_indicator(GOOD, 3, self_score="10"),
    "S113": with_indicator(GOOD, 0, self_score="15"),
    "P101": WRONG_SCORE,
    "P106": with_funds(GOOD, "total", executed="500"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_figures_that_a_finding_states_have_their_cells_in_its_evidence(code: str) -> None:
    found = [each for each in audit(FAULTS[code]) if each.code == code]
    assert found
    assert all(each.evidence for each in found)


def test_no_finding_of_the_worked_forms_counts_its_own_cell_as_evidence() -> None:
    found = [each for form in worked_forms() for each in audit(form)]
    assert found
    assert all(each.place not in map(Place.at, each.evidence) for each in found)
