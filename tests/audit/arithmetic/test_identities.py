from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.arithmetic.equations import printed_step
from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.forms import FieldLayout, Identity, IdentityKind, ValueKind
from tests.builders.audits import SCHEME, audit, marks, only
from tests.builders.schemes import PROJECT, addresses, identity_of
from tests.builders.submissions import good_project, with_fields, with_funds
from tests.builders.worked import worked_overall

if TYPE_CHECKING:
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

SIMPLE = with_funds(good_project(PROJECT), "other", initial_budget="—")
SUM = identity_of("sum", "", IdentityKind.SUM, "funds.total.annual_budget", ("funds.total.initial_budget",))


def under(identity: Identity, *fields: FieldLayout) -> Scheme:
    """The scheme with one identity only."""
    layout = replace(PROJECT, identities=(identity,), fields=(*PROJECT.fields, *fields))
    return replace(SCHEME, forms=(layout,))


def initial(total: str | None, fiscal: str | None, carryover: str | None, other: str | None) -> Submission:
    """A form that differs from the good one in its initial budget only."""
    form = with_funds(SIMPLE, "total", initial_budget=total)
    form = with_funds(form, "fiscal", initial_budget=fiscal)
    form = with_funds(form, "carryover", initial_budget=carryover)
    return with_funds(form, "other", initial_budget=other)


def in_whole(form: Submission) -> Submission:
    """The form with all other amounts in whole 万元."""
    form = with_funds(form, "total", annual_budget="400", executed="382")
    form = with_funds(form, "fiscal", annual_budget="370", executed="352")
    return with_funds(form, "carryover", annual_budget="30", executed="30")


def test_a_sum_that_does_not_hold_is_told_with_its_figures() -> None:
    finding = only(initial("410.50", "330.70", "30.00", "—"))
    assert (finding.code, finding.place.cell, finding.label) == ("A101", "A11", "年度资金总额·年初预算数")
    assert (finding.reported, finding.expected) == ("410.50", "360.70")
    assert finding.figures == {
        "parts": "当年财政拨款 330.70 + 上年结转资金 30.00 + 其他资金 0.00",
        "sum": "360.70",
        "gap": "49.80",
        "tolerance": "0.015",
    }


@pytest.mark.parametrize(
    ("total", "fiscal", "carryover", "other", "code"),
    [
        pytest.param("410.50", "380.50", "30.00", "—", "", id="holds"),
        pytest.param("410.50", "380.49", "30.00", "—", "", id="rounding explains 0.01"),
        pytest.param("410.50", "380.48", "30.00", "—", "A101", id="but not 0.02 of two parts"),
        pytest.param("410.50", "380.48", "30.00", "0.00", "", id="though 0.02 of three parts"),
        pytest.param("410.500000000001", "380.5", "30", "—", "", id="binary dust"),
        pytest.param("410.50", "380", "30", "—", "A101", id="a typed 380 is 380.00"),
        pytest.param("410.50", "380.5049", "29.9951", "—", "", id="hidden digits"),
        pytest.param("410.50", "380.50", "30.00", None, "", id="a blank part that would be nil"),
        pytest.param("410.50", "330.70", "30.00", None, "A104", id="a blank part and a gap"),
        pytest.param("410.50", "430.70", "30.00", None, "A102", id="known parts exceed the total"),
        pytest.param("410.50", "430.70", "30.00", "#", "A102", id="whatever the error hides"),
        pytest.param("410.50", "330.70", "30.00", "#", "", id="an error may hide the gap"),
        pytest.param("410.50", "330.70", "30.00", "见附件", "", id="words may hide the gap"),
        pytest.param("410.50", None, None, None, "", id="not broken down"),
        pytest.param("410.50", "—", "—", "—", "", id="dashes break nothing down"),
        pytest.param("410.50", "0.00", "—", "—", "A101", id="a written zero does"),
        pytest.param(None, "330.70", "30.00", "—", "", id="no total"),
        pytest.param("—", "330.70", "30.00", "—", "", id="a dash for total"),
    ],
)
def test_sums(
    total: str | None, fiscal: str | None, carryover: str | None, other: str | None, code: str
) -> None:
    found = marks(initial(total, fiscal, carryover, other))
    assert found == ({(code, "A11")} if code else set())


def test_a_form_in_whole_figures_may_be_off_by_their_rounding() -> None:
    assert marks(in_whole(initial("411", "380", "30", "—"))) == set()
    assert marks(in_whole(initial("412", "380", "30", "—"))) == {("A101", "A11")}


@pytest.mark.parametrize(
    ("texts", "step"),
    [
        ({"initial_budget": "148"}, "1"),
        ({"initial_budget": "112.8"}, "0.1"),
        ({"initial_budget": "112.88"}, "0.01"),
        ({"initial_budget": "112.8849"}, "0.01"),
    ],
)
def test_the_finest_amount_of_a_form_tells_how_it_is_printed(texts: dict[str, str], step: str) -> None:
    form = with_funds(in_whole(initial("410", "380", "30", "—")), "total", **texts)
    assert printed_step(form, PROJECT) == Decimal(step)


def test_a_form_without_amounts_has_the_usual_step() -> None:
    form = replace(SIMPLE, lines=())
    assert printed_step(form, PROJECT) == Decimal("0.01")


def test_parts_may_be_taken_away_and_stand_in_the_same_row() -> None:
    identity = replace(
        SUM, plus=addresses("funds.total.initial_budget"), minus=addresses("funds.total.adjustment")
    )
    right = with_funds(SIMPLE, "total", adjustment="10.50")
    wrong = with_funds(SIMPLE, "total", adjustment="60.30")
    assert marks(right, under(identity)) == set()
    finding = only(wrong, under(identity))
    assert (finding.code, finding.place.cell, finding.expected) == ("A101", "B11", "350.20")
    assert finding.figures["parts"] == "年初预算数 410.50 − 调整数 60.30"


@pytest.mark.parametrize(("adjustment", "code"), [("-10.50", ""), ("-60.30", "A101"), (None, "A104")])
def test_a_blank_adjustment_may_be_negative(adjustment: str | None, code: str) -> None:
    identity = replace(SUM, plus=addresses("funds.total.initial_budget", "funds.total.adjustment"))
    found = marks(with_funds(SIMPLE, "total", adjustment=adjustment), under(identity))
    assert found == ({(code, "B11")} if code else set())


@pytest.mark.parametrize(("basic", "code"), [("2000", ""), ("4943.36", ""), ("4943.38", "A102"), (None, "")])
def test_a_selection_is_at_most_the_whole(basic: str | None, code: str) -> None:
    form = worked_overall()
    identity = identity_of(
        "at_most", "", IdentityKind.AT_MOST, "funds.total.executed", ("basic_expenditure",)
    )
    layout = replace(SCHEME.form("overall"), identities=(identity,))
    found = audit(with_fields(form, basic_expenditure=basic), replace(SCHEME, forms=(layout,)))
    assert [each.code for each in found if each.code.startswith("A")] == ([code] if code else [])


def test_the_parts_of_a_field_total_are_named_by_their_own_titles() -> None:
    found = audit(with_fields(worked_overall(), project_expenditure="2653.34"))
    (finding,) = (each for each in found if each.code == "A101")
    assert (finding.place.cell, finding.figures["parts"]) == ("C11", "基本支出 2,291.01 + 项目支出 2,653.34")


def test_all_rows_of_a_table_may_make_up_its_total() -> None:
    identity = identity_of(
        "rows", "", IdentityKind.SUM, "funds.total.initial_budget", ("funds.{item}.initial_budget",)
    )
    assert marks(SIMPLE, under(identity)) == set()
    wrong = with_funds(SIMPLE, "fiscal", initial_budget="330.70")
    assert marks(wrong, under(identity)) == {("A101", "A11")}


def test_counts_are_not_rounded() -> None:
    staff = [FieldLayout(name, name, (name,), ValueKind.NUMBER) for name in ("all", "own", "lent")]
    identity = identity_of("staff", "", IdentityKind.SUM, "all", ("own", "lent"))
    rules = under(identity, *staff)
    assert marks(with_fields(SIMPLE, all="77", own="72", lent="5"), rules) == set()
    assert marks(with_fields(SIMPLE, all="78", own="72", lent="5"), rules) == {("A101", "C1")}


@pytest.mark.parametrize("rate", ["95.54", "95.5", "96", "95.5425", "95.54250000000001", None, "—"])
def test_a_rate_is_right_to_its_own_last_digit(rate: str | None) -> None:
    assert marks(with_funds(SIMPLE, "total", execution_rate=rate)) == set()


@pytest.mark.parametrize("rate", ["95.56", "95.6", "95", "9.55", "100"])
def test_a_rate_that_does_not_hold(rate: str) -> None:
    assert marks(with_funds(SIMPLE, "total", execution_rate=rate)) == {("A103", "E11")}


def test_a_refuted_rate_is_told_with_its_figures() -> None:
    finding = only(with_funds(SIMPLE, "total", execution_rate="98.12"))
    assert (finding.reported, finding.expected) == ("98.12%", "95.54%")
    assert finding.figures == {"derivation": "全年执行数 382.17 ÷ 全年预算数 400.00 = 95.54%"}


def test_a_rate_of_tiny_figures_is_judged_by_what_they_can_stand_for() -> None:
    form = with_funds(SIMPLE, "carryover", annual_budget="0.03", executed="0.01", execution_rate="40")
    rate = identity_of(
        "rate",
        "",
        IdentityKind.RATIO,
        "funds.carryover.execution_rate",
        ("funds.carryover.executed", "funds.carryover.annual_budget"),
    )
    assert marks(form, under(rate)) == set()
    assert marks(with_funds(form, "carryover", execution_rate="70"), under(rate)) == {("A103", "E13")}


def test_a_ratio_of_nothing_is_not_judged() -> None:
    form = with_funds(SIMPLE, "fiscal", annual_budget="—", execution_rate="50")
    rate = replace(PROJECT.identities[0], items=("fiscal",))
    assert marks(form, under(rate)) == set()


GOOD = with_funds(good_project(PROJECT), "other", initial_budget="—")
"""410.50 = 380.50 + 30.00 + nothing, as initial budget."""


def typed(form: Submission, *items: str) -> Submission:
    """The form with the initial budget of some sources written as text."""
    return replace(
        form,
        lines=tuple(
            replace(
                line,
                entries={
                    **line.entries,
                    "initial_budget": replace(
                        line.entries["initial_budget"],
                        as_text=True,
                        text=f"{line.entries['initial_budget'].text}万",
                    ),
                },
            )
            if line.item in items
            else line
            for line in form.lines
        ),
    )


def test_a_text_that_the_sum_leaves_out_is_told_at_its_cell() -> None:
    finding = only(typed(with_funds(GOOD, "total", initial_budget="30.00"), "fiscal"))
    assert (finding.code, finding.place.cell, finding.label) == ("V108", "A12", "当年财政拨款·年初预算数")
    assert (finding.reported, finding.expected) == ("380.50万", "380.50")
    assert finding.figures == {"total": "年度资金总额·年初预算数", "sum": "30.00"}


def test_all_parts_written_as_text_leave_a_sum_of_nothing() -> None:
    form = typed(with_funds(GOOD, "total", initial_budget="0"), "fiscal", "carryover")
    assert marks(form) == {("V108", "A12"), ("V108", "A13")}


def test_texts_that_are_added_up_are_as_good_as_numbers() -> None:
    assert marks(typed(GOOD, "fiscal", "carryover")) == set()


def test_a_sum_that_texts_do_not_explain_is_told_itself() -> None:
    form = typed(with_funds(GOOD, "total", initial_budget="35.00"), "fiscal")
    assert marks(form) == {("A101", "A11")}


def test_numbers_are_never_left_out() -> None:
    assert marks(with_funds(GOOD, "total", initial_budget="30.00")) == {("A101", "A11")}


def in_yuan(form: Submission) -> Submission:
    return replace(form, units={"funds": MoneyUnit.YUAN})


@pytest.mark.parametrize("executed", ["3821700", "3821733"])
def test_an_amount_in_another_unit_than_its_rate_says_is_named(executed: str) -> None:
    """Neither the rate nor the overspending is another fault: 万元 and 元 are exactly 10,000 apart."""
    form = replace(SIMPLE, lines=SIMPLE.lines[:1])
    finding = next(
        each for each in audit(with_funds(form, "total", executed=executed)) if each.code[0] == "A"
    )
    assert (finding.code, finding.place.cell) == ("A106", "C11")
    assert finding.expected in {"382.17", "382.1733"}
    assert finding.figures["other"] == "“年度资金总额·执行率”的 95.54%"


def test_on_a_form_in_yuan_the_smaller_amount_is_the_one_in_another_unit() -> None:
    form = in_yuan(replace(SIMPLE, lines=SIMPLE.lines[:1]))
    found = audit(with_funds(form, "total", annual_budget="4000000"))
    assert [(each.code, each.place.cell) for each in found if each.code[0] == "A"] == [("A106", "C11")]


def test_a_rate_ten_thousand_times_off_what_a_sum_confirms_is_the_rate() -> None:
    """Both amounts have their parts: what is off is the rate."""
    form = with_funds(SIMPLE, "total", execution_rate="0.0096")
    assert marks(form) == {("A103", "E11")}


def without(form: Submission, item: str) -> Submission:
    return replace(form, lines=tuple(line for line in form.lines if line.item != item))


def test_a_source_without_a_row_is_nothing_where_the_other_columns_add_up() -> None:
    short = with_funds(without(SIMPLE, "other"), "total", initial_budget="450.50")
    (finding,) = audit(short)
    assert (finding.code, finding.place.cell) == ("A104", "A11")
    assert finding.figures["parts"] == "当年财政拨款 380.50 + 上年结转资金 30.00 + 其他资金（空）"


def test_where_no_column_adds_up_without_it_a_missing_source_is_not_known() -> None:
    nothing = dict.fromkeys(("initial_budget", "annual_budget", "executed"), "—")
    short = with_funds(without(SIMPLE, "fiscal"), "other", **nothing)
    assert {code for code, _ in marks(short)} & {"A101", "A104", "A105"} == set()


def test_a_source_that_is_overspent_as_well_is_the_one_that_is_wrong() -> None:
    form = with_funds(SIMPLE, "carryover", annual_budget="25.00")
    finding = next(each for each in audit(form) if each.code == "A105")
    assert (finding.place.cell, finding.reported, finding.expected) == ("B13", "25.00", "30.00")
