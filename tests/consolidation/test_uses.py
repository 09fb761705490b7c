"""What results are used for: the first rule that holds decides, what is not known is left open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.consolidation.departments import rank
from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.shares import share_of
from jixiao.consolidation.uses import Decision, decide, is_proposed, results_of, tallied, use_sheet
from jixiao.domain.findings import Severity
from jixiao.domain.followups import Followup, YearRow
from jixiao.domain.report import Formula, SheetSpec, Tone, Toned
from jixiao.domain.reviews import Level, Outcome, Reviews, UseRule
from tests.builders.evaluations import FINDINGS, OVERALL_SHEET, PROJECT_SHEETS, PROVINCIAL, evaluation
from tests.builders.pages import edition
from tests.builders.results import split

if TYPE_CHECKING:
    from jixiao.domain.rounds import Evaluation

BASIS = "某办法第九条"
KEEP = UseRule("keep", "执行好", Outcome.KEEP, "照旧安排", BASIS, rate_from=Decimal(90))
CUT = UseRule("cut", "执行率低", Outcome.REDUCE, "压减", BASIS, rate_below=Decimal(80), reduce=Decimal(20))
REST = UseRule("rest", "其余", Outcome.MEND, "说明原因", BASIS)


def ruled(*rules: UseRule, given: Evaluation | None = None) -> Evaluation:
    found = given or evaluation(findings=())
    scheme = replace(found.round.scheme, reviews=Reviews(uses=rules))
    return replace(found, round=replace(found.round, scheme=scheme))


def decided(given: Evaluation) -> tuple[Decision, ...]:
    own, scheme = edition(given), given.round.scheme
    facts = [share_of(each, name, own).facts for name, each in split(given)[1].items()]
    results = [result for each in facts for result in each.results]
    return decide(results, rank([each.standings for each in facts]), scheme)


def words(given: Evaluation) -> dict[str, str]:
    return {each.result.project: each.word for each in decided(given)}


def sheet(given: Evaluation) -> SheetSpec:
    (found,) = use_sheet(decided(given), edition(given))
    return found


def test_the_first_rule_that_holds_decides_and_says_from_which_cells() -> None:
    """Rates of the worked projects: 87.15, 96.53, 79.33, 76.27, 100, 100 %; of the whole 95.54 %."""
    given = ruled(KEEP, CUT, REST)
    assert words(given) == {
        "": "保持",
        **{
            each.project: word
            for each, word in zip(
                PROJECT_SHEETS, ("整改", "保持", "压减", "压减", "保持", "保持"), strict=True
            )
        },
    }
    cut = next(each for each in decided(given) if each.result.project == PROJECT_SHEETS[2].project)
    assert cut.grounds == "执行率 79.33%（附件3-3!F6、E6）"
    assert cut.reduction == Decimal("105.774")  # 20 % of 528.87
    row = next(row for row in sheet(given).rows if row[2] == cut.result.project)
    assert row[9:15] == (
        *(Toned("压减", Tone.BAD), Decimal("0.2"), Formula("[全年预算数]*[压减比例]", Decimal("105.774"))),
        *("执行率低", "执行率 79.33%（附件3-3!F6、E6）", "压减"),
    )


def test_totals_are_live_and_keep_departments_apart_from_projects() -> None:
    totals = sheet(ruled(KEEP, CUT, REST)).totals
    assert [(row[0], row[2].value if isinstance(row[2], Formula) else row[2], row[9]) for row in totals] == [
        ("部门", "1 个", "保持"),
        ("项目", "3 个", "保持"),
        ("项目", "1 个", "整改"),
        ("项目", "2 个", "压减"),
    ]
    assert totals[3][11] == Formula(
        "SUMIFS([压减金额:],[范围:],[范围],[结果应用:],[结果应用])", Decimal("135.374")
    )


def test_a_condition_that_nobody_knows_leaves_the_result_open() -> None:
    twice = replace(CUT, rate_below=Decimal(100), last_rate_below=Decimal(60))
    given = ruled(twice, REST)
    (own, *_) = decided(given)
    assert (own.word, own.rule) == ("未定", None)
    assert own.undecided == "“执行率低”是否适用不能确定：上年执行率 台账里没有上年的结果"
    # a condition that certainly does not hold settles it, whatever the other is
    assert words(ruled(replace(twice, rate_below=Decimal(50)), REST))[""] == "整改"
    years = {PROVINCIAL: (YearRow("", "执行率", "0.55", "0.95", figure=True, rate=True),)}
    known = replace(given, followup=Followup(years=years))
    assert decided(known)[0].word == "压减"
    assert decided(known)[0].grounds.endswith("；上年执行率 55.00")


def test_a_department_without_a_score_is_open_not_kept() -> None:
    graded = UseRule("best", "优", Outcome.KEEP, "", BASIS, grades=("优",))
    card = evaluation().cards[0]
    unscored = replace(card, components=(*card.components[:-1], replace(card.total, accepted_score=None)))
    given = ruled(graded, REST, given=evaluation((OVERALL_SHEET,), composites=(), findings=()))
    given = replace(given, cards=(unscored,))
    (own,) = decided(given)
    assert (own.word, own.state) == ("未定", "未定")
    assert own.undecided == "“优”是否适用不能确定：采用得分未定"


def test_what_is_still_wrong_is_counted_without_what_is_excused_or_ours() -> None:
    rule = UseRule("open", "未改正", Outcome.MEND, "", BASIS, errors_from=1)
    error = next(each for each in FINDINGS if each.severity is Severity.ERROR)
    given = ruled(rule, REST, given=evaluation(findings=FINDINGS))
    (own, *_) = decided(given)
    assert (own.result.errors, own.rule, own.state) == (1, rule, "暂定")
    ours = evaluation(findings=(replace(error, code="F111", severity=Severity.BLOCKING),))
    (dossier,) = gather_dossiers(ours)
    assert [each.errors for each in results_of(ours, dossier)] == [0] * 7


@pytest.mark.parametrize(
    ("rules", "proposed", "first"),
    [((replace(REST, proposed=True),), True, "rest"), ((replace(KEEP, proposed=True), REST), False, "rest")],
)
def test_proposals_stand_aside_for_what_is_settled(
    rules: tuple[UseRule, ...], *, proposed: bool, first: str
) -> None:
    scheme = ruled(*rules).round.scheme
    assert is_proposed(scheme) is proposed
    assert [rule.id for rule in scheme.uses] == [first]
    said = "只是供研究的建议" if proposed else f"按《{scheme.title}》规定的结果应用"
    assert said in sheet(ruled(*rules)).note


def test_words_beside_a_grade_are_a_rule() -> None:
    found = evaluation(findings=())
    first, *others = found.round.scheme.grades
    scheme = replace(found.round.scheme, grades=(replace(first, use="优先保障"), *others))
    given = replace(found, round=replace(found.round, scheme=scheme))
    assert {each.word for each in decided(given)} == {"优先保障"}
    assert not is_proposed(scheme)


def test_nothing_is_decided_where_no_rule_fits_and_nothing_shown_without_rules() -> None:
    only = replace(REST, levels=(Level.PROJECT,))
    assert words(ruled(only))[""] == "未规定"
    assert decided(ruled()) == ()
    assert list(use_sheet((), edition(ruled()))) == []


def test_uses_are_counted_with_those_that_concern_nobody() -> None:
    given = ruled(KEEP, CUT, REST)
    found = [
        (each.level, each.word, len(each.names), each.budget, each.reduction)
        for each in tallied(decided(given), given.round.scheme)
    ]
    assert found == [
        (Level.DEPARTMENT, "保持", 1, Decimal("5173.99"), None),
        (Level.DEPARTMENT, "整改", 0, None, None),
        (Level.DEPARTMENT, "压减", 0, None, None),
        (Level.PROJECT, "保持", 3, Decimal("1714.03"), None),
        (Level.PROJECT, "整改", 1, Decimal("410.83"), None),
        (Level.PROJECT, "压减", 2, Decimal("676.87"), Decimal("135.374")),
    ]
