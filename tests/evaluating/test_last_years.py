"""A department beside where it ended the year before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.domain.followups import DepartmentState, FiledForm, History, Progress, YearRow
from jixiao.domain.relations import PriorYearCheck
from jixiao.domain.submissions import Submission, addressed
from jixiao.evaluating.last_years import check_last_year, compare_years, find_predecessors
from jixiao.extraction.targets import parse_target
from tests.builders.details import LIST, at, list_scheme, project_list
from tests.builders.evaluations import OVERALL_SHEET, scheme, submission

CHECK = PriorYearCheck(
    "carryover",
    "上年结转数与上年的年末结转和结余数一致",
    at(f"{LIST.id}:projects.{{item}}.carryover"),
    at(f"{LIST.id}:projects.{{item}}.balance"),
)
SCHEME = replace(list_scheme(), prior_year=(CHECK,))
NOW = project_list()
NAMES = ["示例乙"]


def last(figures: dict[str, str], **facts: object) -> DepartmentState:
    held = {name: (value, "G3") for name, value in figures.items()}
    form = FiledForm(
        LIST.id, "", "detail", "报/去年.xlsx", "明细", "a" * 64, "b" * 64, "accepted", figures=held
    )
    return DepartmentState("", "", Progress("甲局", "accepted"), (), (replace(form, **facts),), ())  # type: ignore[arg-type]


def opening(name: str) -> Decimal:
    value = addressed(NOW)[f"projects.{name}.carryover"].value
    assert value is not None
    return value


def found(state: DepartmentState | None) -> list[tuple[str, str, str, str, str]]:
    return [
        (each.code, each.label, each.reported, each.expected, each.figures["gap"])
        for each in check_last_year([NOW], History(last_year=state), SCHEME)
    ]


def test_an_opening_figure_that_is_last_years_closing_one_says_nothing() -> None:
    assert found(last({f"projects.{name}.balance": str(opening(name)) for name in NAMES})) == []


def test_another_one_is_a_warning_with_both_places() -> None:
    name = NAMES[0]
    state = last({f"projects.{name}.balance": str(opening(name) + Decimal("79.80"))})
    (finding,) = check_last_year([NOW], History(last_year=state), SCHEME)
    assert (finding.code, finding.label, finding.figures["gap"]) == ("X140", name, "79.80")
    assert finding.place.cell == addressed(NOW)[f"projects.{name}.carryover"].ref.a1
    assert finding.figures["source"] == "去年.xlsx 的《明细》G3"


def test_what_rounding_explains_is_none() -> None:
    name = NAMES[0]
    assert found(last({f"projects.{name}.balance": str(opening(name) + Decimal("0.01"))})) == []


@pytest.mark.parametrize(
    "state",
    [
        None,
        last({}),
        last({"projects.没有这个项目.balance": "1"}),
        last({f"projects.{NAMES[0]}.balance": "99999"}, status="superseded"),
        last({f"projects.{NAMES[0]}.balance": "99999"}, form="another"),
    ],
)
def test_what_last_year_does_not_say_accuses_nobody(state: DepartmentState | None) -> None:
    assert found(state) == []


def test_under_a_similar_name_it_is_said_and_every_finding_says_what_it_assumes() -> None:
    state = last({f"projects.{NAMES[0]}.balance": "99999"})
    similar, finding = check_last_year([NOW], History(last_year=state, likened=True), SCHEME)
    assert (similar.code, similar.figures["other"], similar.figures["source"]) == ("X104", "甲局", "上年批次")
    assert (finding.code, finding.assumed) == ("X140", ("上年的报送按相近的名称“甲局”对应",))


@pytest.mark.parametrize(
    ("departments", "known", "found"),
    [
        (
            {"甲县农业农村局": ()},
            ["甲县农业农村局", "甲县农业局"],
            {"甲县农业农村局": ("甲县农业农村局", True)},
        ),
        ({"甲县 农业农村局": ()}, ["甲县农业农村局"], {"甲县 农业农村局": ("甲县农业农村局", True)}),
        ({"甲县农业农村局": ("甲县农牧局",)}, ["甲县农牧局"], {"甲县农业农村局": ("甲县农牧局", True)}),
        # What it is called now comes before what it was called: the other may have been somebody else's.
        ({"甲局": ("乙局",)}, ["甲局", "乙局"], {"甲局": ("甲局", True)}),
        # Merged of two: nobody can tell.
        ({"甲县文旅局": ("甲县文化局", "甲县旅游局")}, ["甲县文化局", "甲县旅游局"], {}),
        (
            {"甲县自然资源和规划局": ()},
            ["甲县自然资源规划局"],
            {"甲县自然资源和规划局": ("甲县自然资源规划局", False)},
        ),
        ({"甲县林业局": ()}, ["甲县农业局"], {}),
        ({"甲县第一中学": ()}, ["甲县第二中学"], {}),
        # A name of last year is given away once.
        (
            {"甲县自然资源规划局": (), "甲县自然资源和规划局": ()},
            ["甲县自然资源规划局"],
            {"甲县自然资源规划局": ("甲县自然资源规划局", True)},
        ),
    ],
)
def test_whose_the_states_of_last_year_are(
    departments: dict[str, tuple[str, ...]], known: list[str], found: dict[str, tuple[str, bool]]
) -> None:
    matches = find_predecessors(departments, known)
    assert {name: (match.name, match.exact) for name, match in matches.items()} == found


FORM = submission(OVERALL_SHEET)
NUMBERED = next(
    each for each in FORM.indicators if each.target.text.startswith("≥") and each.target.text[1:].isdigit()
)


def years(form: Submission, indicators: dict[str, dict[str, str]], **progress: str) -> list[YearRow]:
    held = FiledForm(
        *(form.form, "", "overall", "去年.xlsx", "附件2", "a" * 64, "b" * 64, "accepted"),
        indicators=indicators,
    )
    before = Progress("甲局", "accepted", score="97.00", grade="优", budget="1000", executed="900")
    state = DepartmentState("", "", before, (), (held,), ())
    now = replace(before, **progress)  # type: ignore[arg-type]
    return list(compare_years([form], state, now, scheme().lexicon))


def test_scores_and_execution_of_both_years() -> None:
    rows = years(FORM, {}, score="98.03", executed="980")
    assert [(row.label, row.before, row.now, row.change) for row in rows] == [
        ("采用得分", "97.00", "98.03", "1.03"),
        ("全年预算数", "1000", "1000", "0"),
        ("全年执行数", "900", "980", "80"),
        ("执行率", "0.9", "0.98", ""),
    ]


def test_an_indicator_that_is_gone_and_one_that_asks_for_less() -> None:
    figure = NUMBERED.target.text[1:]
    target = parse_target(NUMBERED.target.text, percent_format=False, lexicon=scheme().lexicon)
    parsed = replace(NUMBERED, target=target)
    form = replace(FORM, indicators=(parsed,))
    more = f"≥{int(figure) + 7}"
    rows = years(form, {parsed.name: {"target": more}, "去年的指标": {"target": "≥3次"}})
    assert [(row.label, row.before, row.now, row.note) for row in rows[4:]] == [
        (parsed.name, more, NUMBERED.target.text, "目标值低于上年"),
        ("去年的指标", "≥3次", "", "本年没有这个指标"),
    ]
    assert years(form, {parsed.name: {"target": NUMBERED.target.text}})[4:] == []
    assert years(form, {parsed.name: {"target": f"≥{int(figure) - 1}"}})[4:] == []
