from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.recurrences import find_recurrences
from jixiao.domain.followups import FiledForm
from jixiao.domain.submissions import addressed
from jixiao.scoring.cards import score
from tests.builders.schemes import PROJECT, scheme
from tests.builders.submissions import good_project, with_funds, with_indicator
from tests.builders.targets import figure

if TYPE_CHECKING:
    from jixiao.domain.findings import Hint
    from jixiao.domain.submissions import Submission

SCHEME = scheme()


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
