"""Whom to examine again: the same for the same seed, by money as probabilities say, and said in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.samples import sample_rows, sample_sheet
from jixiao.consolidation.sampling import Candidate, RiskPart, Sample, Way, candidates_of, draw
from jixiao.domain.followups import Followup, Progress, YearRow
from jixiao.domain.forms import Scope
from jixiao.domain.references import FilingRecord
from jixiao.domain.report import Formula, SheetSpec
from jixiao.domain.reviews import Reviews, RiskFact, SampledMoney, SampleRule, Strata
from tests.builders.evaluations import FINDINGS, PROJECT_SHEETS, evaluation
from tests.builders.pages import edition

if TYPE_CHECKING:
    from random import Random

RULE = SampleRule(
    title="风险高的必抽",
    basis="示例",
    scopes=(Scope.OVERALL, Scope.PROJECT),
    money=SampledMoney.ANNUAL_BUDGET,
    strata=Strata.FORM,
    digits=0,
    count=5,
    money_share=None,
    risk_from=None,
    risk_share=None,
    most=Decimal(30),
    weights={},
)
SCHEME = evaluation().round.scheme
PROJECT = "project-self-evaluation"


def candidate(number: int, money: str | None, risk: str = "0", code: str = "") -> Candidate:
    parts = (RiskPart(RiskFact.ERRORS, Decimal(1), Decimal(risk)),) if Decimal(risk) else ()
    amount = None if money is None else Decimal(money)
    place = (f"局{number:03}", f"项目{number:03}", PROJECT, code, f"{number}.xlsx", "附件3")
    return Candidate(*place, cell="E6", money=amount, score=None, parts=parts)


def drawn(candidates: list[Candidate], seed: str = "种子", **rule: object) -> Sample:
    scheme = replace(SCHEME, reviews=Reviews(replace(RULE, **rule)))  # type: ignore[arg-type]  # its own fields
    found = draw(candidates, scheme, seed)
    assert found is not None
    return found


def names(sample: Sample) -> list[tuple[str, Way | None]]:
    return [(each.candidate.department, each.way) for stratum in sample.strata for each in stratum.chosen]


FEW = [candidate(number, str(money)) for number, money in enumerate((40, 10, 25, 5, 20))]


def test_a_draw_can_be_redone_by_hand() -> None:
    """100 万元, two forms: an interval of 50; the start is so much of it as the hash says."""
    (stratum,) = drawn(FEW, count=2).strata
    digits = sha256("种子|project-self-evaluation".encode()).hexdigest()[:9]
    start = Fraction(50 * int(digits, 16), 16**9)
    assert (stratum.digits, stratum.interval, stratum.start) == (digits, Fraction(50), start)
    ends = [0, 40, 50, 75, 80, 100]
    hit = {
        place for point in (start, start + 50) for place in range(5) if ends[place] <= point < ends[place + 1]
    }
    assert {each.place for each in stratum.chosen} == hit
    assert [each.probability for each in stratum.entries] == [
        Fraction(each) for each in ("4/5", "1/5", "1/2", "1/10", "2/5")
    ]


MONEY = st.decimals("0.01", "99999.99", places=2).map(str) | st.sampled_from(["0", "-5", None])
FORMS = st.lists(st.tuples(MONEY, st.integers(0, 20).map(str)), min_size=1, max_size=25)


@given(FORMS, st.integers(1, 12), st.randoms(use_true_random=False), st.text(max_size=5))
@settings(max_examples=40, deadline=None)
def test_whatever_the_order_of_files_the_sample_is_the_same(
    forms: list[tuple[str | None, str]], count: int, random: Random, seed: str
) -> None:
    candidates = [candidate(number, money, risk) for number, (money, risk) in enumerate(forms)]
    shuffled = random.sample(candidates, len(candidates))
    rule = {"count": count, "risk_from": Decimal(15), "risk_share": Decimal(10)}
    first, second = drawn(candidates, seed, **rule), drawn(shuffled, seed, **rule)
    assert first == second
    (stratum,) = first.strata
    with_money = [each for each in stratum.entries if (each.candidate.money or 0) > 0]
    for each in stratum.chosen:
        assert each.way is Way.RISK or (each.candidate.money or 0) > 0
    risky = sum(each.way is Way.RISK for each in stratum.chosen)
    left = len(with_money) - sum(each.way is Way.RISK for each in with_money)
    assert len(stratum.chosen) == risky + min(max(count - risky, 0), left)
    assert sum((each.probability or Fraction(0)) for each in stratum.entries) == len(stratum.chosen)


def test_forms_are_drawn_as_often_as_their_money_says() -> None:
    """Pearson's chi-square over 800 fixed seeds: below what one honest draw in a thousand exceeds."""
    candidates = [
        candidate(number, str(money)) for number, money in enumerate((3, 8, 1, 15, 5, 11, 2, 7, 9, 4))
    ]
    rounds, counts = 800, Counter[str]()
    for seed in range(rounds):
        counts.update(name for name, _ in names(drawn(candidates, str(seed), count=4)))
    (stratum,) = drawn(candidates, count=4).strata
    chi = 0.0
    for each in stratum.entries:
        expected = float(each.probability or 0) * rounds
        chi += (counts[each.candidate.department] - expected) ** 2 / expected
    assert counts.total() == 4 * rounds
    assert chi < 27.9  # nine degrees of freedom; a systematic draw varies less than an independent one
    # and no other proportions would do as well: equal ones are far off
    equal = 4 * rounds / 10
    assert sum((count - equal) ** 2 / equal for count in counts.values()) > 400


def test_what_is_larger_than_the_interval_is_taken_and_the_interval_made_anew() -> None:
    candidates = [candidate(0, "900"), *(candidate(number, "10") for number in range(1, 11))]
    (stratum,) = drawn(candidates, count=3).strata
    assert [each.way for each in stratum.chosen] == [Way.LARGE, Way.DRAWN, Way.DRAWN]
    assert stratum.chosen[0].candidate.department == "局000"
    assert (stratum.base, stratum.interval) == (Fraction(100), Fraction(50))
    assert {each.probability for each in stratum.entries[1:]} == {Fraction(1, 5)}


def test_the_riskiest_are_taken_whole_with_those_who_equal_the_last() -> None:
    risks = ("9", "20", "16", "16", "16", "2", "15", "0", "0", "0")
    candidates = [candidate(number, "10", risk) for number, risk in enumerate(risks)]
    by_share = drawn(candidates, count=1, risk_share=Decimal(20))
    assert names(by_share) == [(f"局00{number}", Way.RISK) for number in (1, 2, 3, 4)]
    by_score = drawn(candidates, count=1, risk_from=Decimal(15))
    assert names(by_score) == [(f"局00{number}", Way.RISK) for number in (1, 2, 3, 4, 6)]
    both = drawn(candidates, count=1, risk_from=Decimal(17), risk_share=Decimal(20))
    assert names(both) == [("局001", Way.RISK)]
    none = drawn(candidates, count=1, risk_share=Decimal(0))
    assert [way for _, way in names(none)] == [Way.DRAWN]


def test_as_many_are_drawn_as_make_the_share_of_money_likely() -> None:
    """Of ten with 10 万元 each, half of the money can be expected among five."""
    equal = [candidate(number, "10") for number in range(10)]
    assert len(names(drawn(equal, count=None, money_share=Decimal(50)))) == 5
    assert len(names(drawn(equal, count=None, money_share=Decimal(51)))) == 6
    assert len(names(drawn(equal, count=7, money_share=Decimal(50)))) == 7
    assert len(names(drawn(equal, count=None, money_share=Decimal(100)))) == 10
    # 900 of 990: if one is drawn, (900² + 9 × 10²) ÷ 990 = 819.09 can be expected, 82.74 %
    unequal = [candidate(0, "900"), *(candidate(number, "10") for number in range(1, 10))]
    assert len(names(drawn(unequal, count=None, money_share=Decimal("82.7")))) == 1
    assert names(drawn(unequal, count=None, money_share=Decimal("82.8")))[0] == ("局000", Way.LARGE)
    assert len(names(drawn(unequal, count=None, money_share=Decimal("82.8")))) == 2


def test_money_that_nobody_knows_is_no_zero_and_is_said() -> None:
    sample = drawn(
        [candidate(0, None), candidate(1, "0"), candidate(2, "10"), candidate(3, None, "20")],
        count=4,
        risk_from=Decimal(15),
    )
    assert names(sample) == [("局003", Way.RISK), ("局002", Way.LARGE)]
    rows = {str(row[2]): row for row in sample_rows(sample)}
    assert rows["局000"][5] is None
    assert rows["局001"][5] == Decimal(0)
    said = "金额不掌握或不大于零，没有参加按金额抽取"
    assert [rows[name][-1] for name in ("局000", "局001", "局002")] == [said, said, ""]
    sheet = sheet_of(sample)
    assert "只因风险抽取" in str(sheet.rows[0][5])
    assert sheet.rows[0][8:11] == (None, None, Decimal("1.000000"))
    assert f"3 张{said}" in str(sheet.totals[0][5])


def sheet_of(sample: Sample, silent: int = 0) -> SheetSpec:
    (sheet,) = sample_sheet(sample, edition(evaluation()), silent)
    return sheet


def test_the_sheet_says_seed_method_reason_and_what_is_covered() -> None:
    sheet = sheet_of(drawn(FEW, count=2), silent=3)
    assert "种子：种子（同样的报送件、规则和种子得出同样的结果" in sheet.note
    assert "没有报送的 3 个部门无表可抽" in sheet.note
    assert "必抽的不外推" in sheet.note
    money = [row[8] for row in sheet.rows]
    total = sheet.totals[0]
    covered = sum((each for each in money if isinstance(each, Decimal)), Decimal(0))
    assert total[1:4] == ("小计", "5 张中抽 2 张", "项目支出绩效自评表")
    assert total[8] == Formula("SUMIF([层:],[层],[全年预算数:])", covered)
    assert total[9] == Formula("ROUND([全年预算数]/100,6)", covered / 100)
    assert "间隔 50.00＝100.00÷2" in str(total[5])
    for row in sheet.rows:
        assert "抽样点" in str(row[5])
        assert row[9] == Formula("ROUND([全年预算数]/100,6)", Decimal(str(row[8])) / 100)


def test_strata_by_the_code_of_departments_are_drawn_each_for_itself() -> None:
    coded = [candidate(number, "10", code=f"{10 + number % 2}{number:03}") for number in range(10)]
    sample = drawn([*coded, candidate(10, "10")], strata=Strata.CODE, digits=2, count=2)
    assert [
        (each.title.removeprefix("项目支出绩效自评表"), len(each.entries), len(each.chosen))
        for each in sample.strata
    ] == [("（没有部门编码）", 1, 1), ("（编码 10）", 5, 2), ("（编码 11）", 5, 2)]
    assert len({each.digits for each in sample.strata}) == 3


@pytest.mark.parametrize("money", ["1E+300", "1E-300", "0.1", "123456789012345678901234567890.123"])
def test_absurd_amounts_are_drawn_exactly_too(money: str) -> None:
    sample = drawn([candidate(number, money) for number in range(9)], count=3)
    assert len(names(sample)) == 3
    assert sample_rows(sample)
    assert sheet_of(sample).rows


def test_risk_is_made_of_what_the_program_knows() -> None:
    """An error, 20.67 points of execution, 30 % not decided, late, sent three times, one target eased."""
    project = PROJECT_SHEETS[2]
    made, late = evaluation(), f"{project.file}#{project.sheet}"
    given = replace(
        made,
        filings=(FilingRecord(project.department, "101", PROJECT, "", 6, (), (late,)),),
        followup=Followup(
            progress={project.department: Progress(project.department, "returned", times=3)},
            years={
                project.department: (YearRow(project.project, "指标", "≥5", "≥3", note="目标值低于上年"),)
            },
        ),
        findings=FINDINGS,
    )
    (dossier,) = gather_dossiers(given)
    found = {each.project: each for each in candidates_of(given, dossier, given.round.scheme)}
    own = found[project.project]
    assert (own.code, own.money, own.cell) == ("101", Decimal("528.87"), "E6")
    assert {part.fact: part.points for part in own.parts if part.points} == {
        RiskFact.ERRORS: Decimal("3.00"),
        RiskFact.EXECUTION: Decimal("2.07"),
        RiskFact.UNVERIFIED: Decimal("1.50"),
        RiskFact.LATE: Decimal("2.00"),
        RiskFact.RESENT: Decimal("2.00"),
        RiskFact.EASED: Decimal("1.00"),
    }
    other = found[PROJECT_SHEETS[5].project]
    assert {part.fact for part in other.parts if part.points} == {RiskFact.UNVERIFIED, RiskFact.RESENT}


def test_one_fact_gives_so_many_points_at_most_and_large_money_ranks_first() -> None:
    rule = replace(RULE, weights={RiskFact.MONEY: Decimal(5)}, most=Decimal(4))
    scheme = replace(SCHEME, reviews=Reviews(rule))
    sample = draw(FEW, scheme, "种子")
    assert sample is not None
    scores = [each.score for each in sample.strata[0].entries]
    # by money 1st, 4th, 2nd, 5th, 3rd of five: 5 × 5/5 (at most 4), 5 × 2/5, 5 × 4/5, 5 × 1/5, 5 × 3/5
    assert scores == [Decimal(4), Decimal(2), Decimal(4), Decimal(1), Decimal(3)]
