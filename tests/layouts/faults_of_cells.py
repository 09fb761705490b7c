"""Faults in single cells: blanks, hints, texts for figures, errors, formulas nobody calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jixiao.domain.cells import CellError, UnstoredFormula
from tests.layouts.content import YEAR
from tests.layouts.injection import at, has, pick

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from jixiao.domain.cells import Value
    from tests.layouts.arrangement import Form
    from tests.layouts.injection import Injected, Injector

_MONEY: Final = ("funds.total.annual_budget", "funds.total.executed")


def _typed(role: str, value: Value | None, codes: str) -> Injector:
    """This typed into the cell of a role."""

    def inject(form: Form, _rng: Random) -> Injected | None:
        if not has(form, role):
            return None
        form.canvas.type_into(role, value, "" if value is not None else None)
        return at(form, codes, role)

    return inject


def _typed_in_a_row(column: str, value: Value | None, codes: str) -> Injector:
    """This typed into one row's cell of a column."""

    def inject(form: Form, rng: Random) -> Injected | None:
        number = pick(form, rng, column, verdicts=("met", "missed", "qualitative"))
        if number is None or (form.plan.has("target", "headed twice") and column == "target"):
            return None
        role = f"row.{number}.{column}"
        form.canvas.type_into(role, value, "" if value is not None else None)
        for piece in ("operator", "unit") if column == "target" else ():
            if f"row.{number}.{piece}" in form.canvas.roles:
                form.canvas.type_into(f"row.{number}.{piece}", None)
        return at(form, codes, role)

    return inject


def _text_for_money(form: Form, rng: Random) -> Injected | None:
    role = rng.choice(_MONEY)
    if not has(form, role):
        return None
    form.canvas.type_into(role, rng.choice(("见附件", "约三百余万", "未单独核算")), "")
    return at(form, "V101", role)


def _error(form: Form, rng: Random) -> Injected | None:
    roles = [role for role in (*_MONEY, "funds.total.execution_rate", "total.self_score") if has(form, role)]
    if not roles:
        return None
    role = rng.choice(roles)
    form.canvas.type_into(role, CellError(rng.choice(("#DIV/0!", "#REF!", "#VALUE!", "#NAME?"))), "")
    return at(form, "V107", role)


def _unstored(form: Form, rng: Random) -> Injected | None:
    roles = [role for role in (*_MONEY, "funds.total.execution_rate", "total.self_score") if has(form, role)]
    if not roles:
        return None
    role = rng.choice(roles)
    form.canvas.type_into(role, UnstoredFormula("SUM(A1:A2)"))
    return at(form, "F106", role)


def _other_year(form: Form, _rng: Random) -> Injected | None:
    title = str(form.canvas.value("title"))
    if str(YEAR) not in title or form.plan.has("page break", "title and header"):
        return None
    form.canvas.type_into("title", title.replace(str(YEAR), str(YEAR - 1)))
    return at(form, "X101", "title")


_HINT: Final = "（请填写完成情况）"

INJECTORS: Final[Mapping[str, Injector]] = {
    "blank annual budget": _typed("funds.total.annual_budget", None, "V103"),
    "blank executed": _typed("funds.total.executed", None, "V103"),
    "blank rate": _typed("funds.total.execution_rate", None, "V103"),
    "blank execution score": _typed("funds.total.self_score", None, "S110 V103"),
    "blank project": _typed("project", None, "V103"),
    "blank department": _typed("department", None, "V103 P107"),
    "blank total": _typed("total.self_score", None, "V103 S110"),
    "blank grade": _typed("grade", None, "V103"),
    "blank weight": _typed_in_a_row("weight", None, "V103"),
    "blank score": _typed_in_a_row("self_score", None, "S110 V103"),
    "blank target": _typed_in_a_row("target", None, "V103"),
    "blank actual": _typed_in_a_row("actual", None, "V103"),
    "hint in a project's name": _typed("project", "（请填写项目全称）", "V105 V103"),
    "hint in an actual": _typed_in_a_row("actual", _HINT, "V105 V103"),
    "hint in a target": _typed_in_a_row("target", "（请输入）", "V105 V103"),
    "text for money": _text_for_money,
    "text for a score": _typed_in_a_row("self_score", "优秀", "V101"),
    "text for a weight": _typed_in_a_row("weight", "若干", "V101"),
    "text for a rate": _typed("funds.total.execution_rate", "较高", "V101"),
    "text for the total": _typed("total.self_score", "满意", "V101"),
    "error value": _error,
    "formula without value": _unstored,
    "another year": _other_year,
}
