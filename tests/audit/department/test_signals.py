from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.signals import find_recurrences, find_signals
from jixiao.blanks.forms import arrange
from jixiao.domain.blanks import LiveFormula
from jixiao.domain.followups import FiledForm
from jixiao.domain.forms import ComparisonLayout
from jixiao.domain.submissions import Line, addressed
from jixiao.pipeline.reading import FileReader
from jixiao.scoring.cards import score
from jixiao.workbooks.blank_writing import write_blank
from tests.builders.blanks import filled, order_of
from tests.builders.details import list_scheme, project_list
from tests.builders.schemes import PROJECT, scheme
from tests.builders.submissions import entry, good_project, with_funds, with_indicator, with_total
from tests.builders.targets import figure
from tests.builders.worked import worked_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.blanks.drafts import Order
    from jixiao.domain.blanks import BlankCell
    from jixiao.domain.findings import Hint
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

SCHEME = scheme()


def signals(*forms: Submission, rules: Scheme = SCHEME) -> list[Hint]:
    cards = [card for form in forms if (card := score(form, rules, forms)).is_scored]
    return list(find_signals(cards, forms, rules))


def codes(*forms: Submission, rules: Scheme = SCHEME) -> list[str]:
    return [each.finding.code for each in signals(*forms, rules=rules)]


def with_rule(**figures: int) -> Scheme:
    return replace(SCHEME, signals=replace(SCHEME.signals, **figures))


def test_the_worked_example_has_nothing() -> None:
    assert codes(*worked_forms()) == []


def full_project() -> Submission:
    """Every indicator and the execution with all its points."""
    form = with_indicator(good_project(PROJECT), 3, self_score="30")
    form = with_funds(form, "total", executed="400.00", execution_rate="100", self_score="10")
    return with_total(form, self_score="100")


def test_full_marks_everywhere_are_told_with_how_much_of_it_nobody_can_check() -> None:
    (hint,) = signals(full_project(), rules=with_rule(indicators=5))
    assert hint.finding.code == "Q104"
    assert (hint.finding.reported, hint.finding.figures) == (
        "100.00",
        {"count": "1", "rows": "5", "found": "1"},
    )
    assert (hint.strength, hint.money) == (42, Decimal("400.00"))


def test_few_full_marks_or_one_point_lost_are_nothing() -> None:
    assert codes(full_project()) == []
    assert codes(with_indicator(full_project(), 3, self_score="29"), rules=with_rule(indicators=5)) == []


def solved(points: str, total: str) -> Submission:
    """A form on which execution has 9.55 points and the ability, which no rule decides, has these."""
    return with_total(with_indicator(good_project(PROJECT), 3, self_score=points), self_score=total)


def test_a_whole_total_that_one_free_score_makes_up() -> None:
    (hint,) = signals(solved("27.45", "97"))
    assert (hint.finding.code, hint.finding.label, hint.finding.reported) == ("Q105", "示例能力", "27.45")
    assert hint.finding.figures == {"total": "97.00", "executed": "9.55"}
    assert (hint.strength, hint.money) == (70, Decimal("382.17"))


def test_a_whole_total_at_the_foot_of_a_grade_is_stronger() -> None:
    form = with_indicator(solved("27.45", "90"), 0, self_score="13")
    assert [each.strength for each in signals(form)] == [90]


@pytest.mark.parametrize(("points", "total"), [("28", "97.55"), ("27.5", "97.05"), ("27.5", "97")])
def test_totals_with_fractions_and_scores_that_do_not_make_them_whole_are_nothing(
    points: str, total: str
) -> None:
    assert codes(solved(points, total)) == []


def listed(executed: Sequence[str]) -> Submission:
    return project_list(
        {f"示例项目{at}": ["1.00", None, None, None, text, None] for at, text in enumerate(executed)}
    )


LISTED = list_scheme()


def test_amounts_in_whole_tens_are_told_with_their_sum() -> None:
    round_ = [f"{number * 10}.00" for number in range(3, 12)]
    (hint,) = signals(listed([*round_, "33.17", "48.02", "71.90"]), rules=LISTED)
    assert hint.finding.code == "Q107"
    assert hint.finding.figures == {
        "count": "12",
        "found": "9",
        "size": "10 万元",
        "examples": "30.00、40.00、50.00",
    }
    assert (hint.strength, hint.money) == (75, Decimal(630))


def test_few_amounts_or_small_ones_are_nothing() -> None:
    assert codes(listed([f"{number * 10}.00" for number in range(3, 12)]), rules=LISTED) == []
    assert codes(listed(["10.00"] * 20), rules=LISTED) == []
    assert codes(listed([f"{number * 10}.37" for number in range(3, 30)]), rules=LISTED) == []


def test_last_digits_are_told_only_of_many_amounts() -> None:
    uneven = [f"{13 + number}.{number % 10}7" for number in range(100)]
    assert codes(listed(uneven), rules=LISTED) == ["Q108"]
    (hint,) = signals(listed(uneven), rules=LISTED)
    assert hint.finding.figures == {
        "count": "100",
        "found": "7 有 100 个",
        "kind": "900.00",
        "limit": "27.88",
    }
    assert codes(listed(uneven[:99]), rules=LISTED) == []
    even = [f"{13 + number}.{number % 7}{number % 10}" for number in range(120)]
    assert codes(listed(even), rules=LISTED) == []


def compared(figures: dict[str, tuple[str, str]]) -> tuple[Submission, Scheme]:
    """A table that compares this year with last, item by item."""
    layout = ComparisonLayout(sheet="对比", items=tuple(figures), prior="prior_executed", executed="executed")
    first = SCHEME.forms[0]
    form = replace(first, tables=(replace(first.tables[0], comparison=layout), *first.tables[1:]))
    lines = tuple(
        Line(
            form.tables[0].name,
            name,
            name,
            entry(row, 0, None).ref,
            {"prior_executed": entry(row, 1, prior), "executed": entry(row, 2, now)},
        )
        for row, (name, (prior, now)) in enumerate(figures.items())
    )
    given = replace(good_project(PROJECT), form=form.id, lines=lines, indicators=(), total={})
    return given, replace(SCHEME, forms=(form, *SCHEME.forms[1:]))


def test_a_year_that_is_item_by_item_the_year_before() -> None:
    same = {name: (f"{at}.35", f"{at}.35") for at, name in enumerate(("甲", "乙", "丙", "丁"), 3)}
    form, rules = compared(same)
    hints = [each for each in find_signals([], [form], rules) if each.finding.code == "Q109"]
    (hint,) = hints
    assert hint.finding.figures == {"count": "4", "examples": "甲 3.35、乙 4.35、丙 5.35"}
    assert hint.money == Decimal("19.40")
    form, rules = compared({**same, "丁": ("6.35", "6.36")})
    assert [each for each in find_signals([], [form], rules) if each.finding.code == "Q109"] == []


def blank_filled(*typed: str) -> tuple[Submission, Order]:
    """A blank form filled in, with figures typed over some of its formulas, as it is read back."""
    order = filled(order_of("national", "project-self-evaluation"), 3)
    blank = arrange(order)
    cells = tuple(_typed(cell) if cell.name in typed else cell for cell in blank.cells)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "表.xlsx"
        write_blank(path, replace(blank, cells=cells))
        (form,) = FileReader(order.scheme).read(path, path.name).submissions
    return form, order


def _typed(cell: BlankCell) -> BlankCell:
    assert isinstance(cell.content, LiveFormula)
    return replace(cell, content=cell.content.value)


def over_formulas(form: Submission, order: Order) -> list[Hint]:
    computed = sorted(arrange(order).computed)
    found = find_signals([], [form], order.scheme, lambda _: computed)
    return [each for each in found if each.finding.code == "Q110"]


def test_figures_typed_over_formulas_of_the_blank_form() -> None:
    form, order = blank_filled("funds.total.executed", "indicators.total.self_score")
    (hint,) = over_formulas(form, order)
    assert (hint.finding.label, hint.finding.figures["found"]) == ("年度资金总额", "2")
    assert len(hint.finding.evidence) == 1
    assert hint.strength > 60


def test_a_blank_form_with_its_formulas_and_a_form_that_never_was_one_are_nothing() -> None:
    form, order = blank_filled()
    assert form.formulas
    assert over_formulas(form, order) == []
    assert over_formulas(replace(form, formulas=None), order) == []


def filed(form: Submission) -> FiledForm:
    """The form as the ledger keeps it."""
    texts = {
        name: {key: e.text for key, e in each.entries.items()}
        for each in form.indicators
        for name in [each.name]
    }
    figures = {
        address: (str(entry.value), entry.ref.a1)
        for address, entry in addressed(form).items()
        if entry.value is not None
    }
    return FiledForm(
        *(form.form, form.project, form.scope.value, form.file, form.sheet, form.sha256, "", "accepted"),
        figures=figures,
        indicators=texts,
    )


def found(form: Submission, last: Submission) -> list[Hint]:
    return list(find_recurrences([score(form, SCHEME)], [filed(last)], SCHEME))


def test_a_form_that_is_last_years_again() -> None:
    (hint,) = found(good_project(PROJECT), good_project(PROJECT))
    assert (hint.finding.code, hint.finding.label) == ("Q111", "年度资金总额")
    assert hint.finding.figures == {
        "count": "5",
        "examples": "年度资金总额 382.17、当年财政拨款 352.17、上年结转资金 30.00",
    }
    assert hint.strength == 80


def test_one_other_amount_or_figure_is_another_year() -> None:
    form = good_project(PROJECT)
    assert found(form, with_funds(form, "carryover", executed="29.00")) == []
    assert found(form, with_indicator(form, 0, actual=figure("12", "次"))) == []


def test_another_project_or_no_last_year_is_compared_with_nothing() -> None:
    form = good_project(PROJECT)
    assert found(form, replace(form, project="另一项目")) == []
    assert list(find_recurrences([score(form, SCHEME)], [], SCHEME)) == []


def far_above(now: str) -> Submission:
    return with_indicator(good_project(PROJECT), 0, actual=figure(now, "次"))


def test_a_target_that_was_far_below_in_both_years() -> None:
    (hint,) = found(far_above("30"), far_above("24"))
    assert (hint.finding.code, hint.finding.reported, hint.finding.expected) == ("Q112", "30次", "≥12次")
    assert hint.finding.figures == {"count": "1", "examples": "示例次数 目标 ≥12次，上年 24次，本年 30次"}
    assert hint.strength == 60


@pytest.mark.parametrize(("now", "before"), [("30", "13"), ("13", "30")])
def test_far_above_in_one_year_alone_is_nothing(now: str, before: str) -> None:
    assert found(far_above(now), far_above(before)) == []


def test_a_target_that_was_raised_or_other_words_are_nothing() -> None:
    last = far_above("24")
    entries = last.indicators[0].entries
    lower = replace(entries["target"], text="≥6次")
    raised = replace(last.indicators[0], entries={**entries, "target": lower})
    assert found(far_above("30"), replace(last, indicators=(raised, *last.indicators[1:]))) == []
    assert found(far_above("30"), with_indicator(last, 0, actual=figure("24", "场"))) == []
    assert Decimal(SCHEME.exceeded_from) > 1
