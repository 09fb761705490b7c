from dataclasses import replace
from decimal import Decimal

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.ranking import main_losses
from jixiao.domain.cells import CellRef
from jixiao.domain.forms import Scope
from jixiao.domain.rounds import Evaluation
from jixiao.domain.scheme import CarryoverTreatment
from jixiao.domain.submissions import Line, Status, Submission
from tests.builders.evaluations import (
    COMPOSITE,
    OVERALL_SHEET,
    PROJECT_SHEETS,
    Sheet,
    evaluation,
    large_evaluation,
    number,
    scheme,
)
from tests.builders.results import ranking_of


def with_computed(given: Evaluation, computed: str) -> Evaluation:
    """The round in which the rules give the overall form another total than the accepted one."""
    overall, *others = given.cards
    (*parts, total) = overall.components
    changed = replace(overall, components=(*parts, replace(total, computed_score=Decimal(computed))))
    return replace(given, cards=(changed, *others))


def test_worked_example() -> None:
    (ranked,) = ranking_of(evaluation(), scheme())
    assert (ranked.computed_score, ranked.accepted_score) == (Decimal("98.03"), Decimal("98.03"))
    assert (ranked.grade, ranked.overall_score) == ("优", Decimal("96.55"))
    assert ranked.verified_share == Decimal("70.00")
    assert (ranked.annual_budget, ranked.executed) == (Decimal("5173.99"), Decimal("4943.35"))
    assert ranked.remark == ""


def test_a_composite_that_no_form_prints_is_not_self_reported() -> None:
    (ranked,) = ranking_of(evaluation(), scheme())
    assert ranked.self_score is None


def test_the_departments_own_composite_is_its_self_score() -> None:
    given = evaluation()
    printed = composite_form("98.05")
    given = replace(
        given,
        submissions=(*given.submissions, printed),
        statuses={**given.statuses, printed.submission_id: Status.ACCEPTED},
    )
    (ranked,) = ranking_of(given, scheme())
    assert (ranked.self_score, ranked.accepted_score) == (Decimal("98.05"), Decimal("98.03"))


def composite_form(weighted: str) -> Submission:
    """The department's own composite table with this total in F9."""
    ref = CellRef("综合.xlsx", "综合评分", 8, 5)
    line = Line("items", "total", "总计", ref._replace(column=0), {"weighted": number(weighted, ref)})
    return replace(
        evaluation().submissions[0],
        submission_id="综合.xlsx#综合评分",
        form="composite-score",
        scope=Scope.DETAIL,
        lines=(line,),
        indicators=(),
        total={},
    )


def test_computed_score_is_weighted_like_the_accepted_one() -> None:
    (ranked,) = ranking_of(with_computed(evaluation(), "98.55"), scheme())
    # 98.55 × (46.36 + 1.11) % = 46.78 instead of 45.83
    assert (ranked.computed_score, ranked.accepted_score) == (Decimal("98.98"), Decimal("98.03"))


def test_computed_score_is_not_known_where_forms_cannot_be_told_apart() -> None:
    same = replace(PROJECT_SHEETS[1], project=PROJECT_SHEETS[0].project)
    items = list(COMPOSITE.items)
    items[2] = replace(items[2], item=PROJECT_SHEETS[0].project)
    given = evaluation(
        (OVERALL_SHEET, PROJECT_SHEETS[0], same, *PROJECT_SHEETS[2:]),
        composites=(replace(COMPOSITE, items=tuple(items)),),
    )
    (ranked,) = ranking_of(with_computed(given, "98.55"), scheme())
    assert (ranked.computed_score, ranked.accepted_score) == (None, Decimal("98.03"))


def test_left_out_carryover_is_not_given_to_the_overall_form() -> None:
    rule = scheme().composite
    assert rule is not None
    left_out = replace(scheme(), composite=replace(rule, carryover=CarryoverTreatment.LEFT_OUT))
    first, *others, whole = COMPOSITE.items
    composite = replace(
        COMPOSITE,
        items=(
            replace(first, weighted_score=Decimal("44.76")),
            *others,
            replace(whole, weighted_score=Decimal("96.96")),
        ),
    )
    given = with_computed(evaluation(composites=(composite,)), "98.55")
    (ranked,) = ranking_of(given, left_out)
    # 98.55 × 46.36 % = 45.69 instead of 44.76
    assert (ranked.computed_score, ranked.accepted_score) == (Decimal("97.89"), Decimal("96.96"))


def test_without_a_composite_the_overall_form_stands_for_the_department() -> None:
    (ranked,) = ranking_of(evaluation(composites=()), scheme())
    assert (ranked.accepted_score, ranked.verified_share) == (Decimal("96.55"), Decimal("70.00"))


def test_a_composite_that_is_not_known_leaves_the_department_unranked() -> None:
    *items, whole = COMPOSITE.items
    unknown = replace(COMPOSITE, items=(*items, replace(whole, weighted_score=None)), grade="")
    (ranked,) = ranking_of(evaluation(composites=(unknown,)), scheme())
    assert (ranked.self_score, ranked.accepted_score, ranked.grade) == (None, None, "")
    assert ranked.overall_score == Decimal("96.55")


def test_departments_with_projects_alone_stand_with_what_their_forms_give() -> None:
    (ranked,) = ranking_of(evaluation(PROJECT_SHEETS, composites=()), scheme())
    # (358.02 × 98.72 + 195.96 × 99.65 + 419.55 × 97.93 + 112.88 × 97.63 + 1511.03 × 100) ÷ 2597.44
    assert (ranked.computed_score, ranked.accepted_score) == (Decimal("99.36"), Decimal("99.36"))
    assert (ranked.self_score, ranked.overall_score, ranked.grade) == (None, None, "优")
    assert (ranked.annual_budget, ranked.executed) == (Decimal("2801.73"), Decimal("2597.44"))
    assert ranked.verified_share == Decimal("70.00")
    assert ranked.remark == "只有项目自评表"


def test_an_amount_that_is_not_known_leaves_the_score_open_and_is_said() -> None:
    first, *others = PROJECT_SHEETS
    blank = replace(first, funds=(("total", "年度资金总额", "440.11", "410.83", None),))
    (ranked,) = ranking_of(evaluation((blank, *others), composites=()), scheme())
    assert (ranked.computed_score, ranked.accepted_score) == (None, None)
    assert (ranked.annual_budget, ranked.executed) == (Decimal("2801.73"), Decimal("2239.42"))
    assert ranked.remark == "只有项目自评表；1 个项目的预算数或执行数不掌握"


def test_projects_alone_are_not_ranked_beside_whole_departments() -> None:
    other = [replace(sheet, department="另一局") for sheet in PROJECT_SHEETS[:1]]
    ranked = ranking_of(evaluation((OVERALL_SHEET, *other), composites=()), scheme())
    assert [(each.department, each.computed_score, each.accepted_score) for each in ranked] == [
        ("省委金融办", Decimal("96.55"), Decimal("96.55")),
        ("另一局", Decimal("98.72"), None),
    ]
    assert ranked[1].remark == "只有项目自评表；不参加排名"


def test_without_a_composite_rule_projects_make_no_departments_score() -> None:
    rules = replace(scheme(), composite=None)
    (ranked,) = ranking_of(evaluation(PROJECT_SHEETS, composites=()), rules)
    assert (ranked.computed_score, ranked.annual_budget) == (None, Decimal("2801.73"))


def test_best_first_unknown_last() -> None:
    given = large_evaluation(3)
    unknown = replace(OVERALL_SHEET, department="云梦泽省虚构无分局", file="无分.xlsx", project="某项目")
    given = replace(
        given,
        cards=(*given.cards, *evaluation((unknown,)).cards),
        submissions=(*given.submissions, *evaluation((unknown,)).submissions),
        statuses={**given.statuses, **evaluation((unknown,)).statuses},
    )
    ranked = ranking_of(given, scheme())
    assert [ranked.department for ranked in ranked] == [
        "云梦泽省虚构第1局",
        "云梦泽省虚构第2局",
        "云梦泽省虚构第3局",
        "云梦泽省虚构无分局",
    ]


def losses(*sheets: Sheet) -> str:
    (dossier,) = gather_dossiers(evaluation(sheets, composites=()))
    return main_losses(dossier)


def test_losses_of_the_overall_form_greatest_first() -> None:
    assert losses(OVERALL_SHEET, *PROJECT_SHEETS) == "三公经费节约率 −3.00；预算执行 −0.45"


def test_without_an_overall_form_the_three_greatest_of_the_projects() -> None:
    assert losses(*PROJECT_SHEETS) == (
        "湖南金融宣传工作经费·预算执行 −2.37；地方金融监管工作经费·预算执行 −2.07；"
        "地方金融风险防范专项工作经费·预算执行 −1.28"
    )


def test_the_accepted_score_counts_not_the_claimed_one() -> None:
    rows = (replace(OVERALL_SHEET.rows[0], computed="20"), *OVERALL_SHEET.rows[2:])
    assert losses(replace(OVERALL_SHEET, rows=rows)) == "公用经费节约率 −3.00；预算执行 −0.45"


def test_what_is_not_known_is_no_loss() -> None:
    rows = (replace(OVERALL_SHEET.rows[0], weight=None), replace(OVERALL_SHEET.rows[3], self_score=None))
    assert losses(replace(OVERALL_SHEET, rows=rows)) == "预算执行 −0.45"


def test_nothing_lost() -> None:
    assert losses(PROJECT_SHEETS[-1]) == ""
