from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.audit.arithmetic.equations import find_breach
from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.domain.amounts import AMOUNT_STEP
from jixiao.domain.forms import ColumnLayout, Identity, IdentityKind, ValueKind
from tests.builders.schemes import PROJECT, identity_of
from tests.builders.submissions import good_project, with_funds

SUM = identity_of(
    "sum",
    "",
    IdentityKind.SUM,
    "funds.total.executed",
    ("funds.fiscal.executed", "funds.carryover.executed"),
    alternatives=("funds.total.annual_budget",),
)
RATE = identity_of(
    "rate",
    "",
    IdentityKind.RATIO,
    "funds.total.execution_rate",
    ("funds.total.executed", "funds.total.annual_budget"),
    alternatives=("funds.total.initial_budget",),
)


def breach(identity: Identity, **total: str | None) -> str:
    """What is wrong with the identity on a good form with other figures in its line of totals."""
    form = with_funds(good_project(PROJECT), "total", **total)
    layout = replace(PROJECT, identities=(identity,))
    (equation,) = equations_of(form, layout)
    breach = find_breach(equation, AMOUNT_STEP)
    return breach.code if breach else ""


@pytest.mark.parametrize(
    ("executed", "annual", "code"),
    [
        pytest.param("382.17", "400.00", "", id="the total itself"),
        pytest.param("390.00", "382.17", "", id="the other total"),
        pytest.param("390.00", "400.00", "A101", id="neither"),
        pytest.param("390.00", None, "A101", id="an alternative that is not known excuses nothing"),
        pytest.param("390.00", "—", "A101", id="nor does a dash"),
        pytest.param(None, "400.00", "", id="no total"),
    ],
)
def test_parts_may_make_up_another_total(executed: str | None, annual: str | None, code: str) -> None:
    assert breach(SUM, executed=executed, annual_budget=annual) == code


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        pytest.param("95.54", "", id="of the annual budget"),
        pytest.param("93.10", "", id="of the initial budget"),
        pytest.param("94.00", "A103", id="of neither"),
    ],
)
def test_a_rate_may_have_another_base(rate: str, code: str) -> None:
    assert breach(RATE, execution_rate=rate) == code


def test_a_bare_rate_below_1_may_be_meant_in_percent() -> None:
    small = replace(RATE, alternatives=())
    assert breach(small, execution_rate="85", executed="3.40") == ""
    assert breach(small, execution_rate="84", executed="3.40") == "A103"


def test_a_column_that_a_form_lacks_is_no_blank_part() -> None:
    columns = (*PROJECT.tables[0].columns, ColumnLayout("carried", "结转", ("结转",), ValueKind.AMOUNT))
    table = replace(PROJECT.tables[0], columns=columns)
    identity = identity_of(
        "sum",
        "",
        IdentityKind.SUM,
        "funds.total.annual_budget",
        ("funds.total.executed", "funds.total.carried"),
    )
    layout = replace(PROJECT, tables=(table,), identities=(identity,))
    form = good_project(PROJECT)
    (equation,) = equations_of(form, layout)
    assert find_breach(equation, AMOUNT_STEP) is None
