"""Units of money that figures tell, from the forms of a department to what is reported of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import MoneyUnit
from jixiao.domain.rounds import Round
from jixiao.evaluating.files import FileResult
from jixiao.pipeline.checking import evaluate_results
from tests.audit.department.test_units import SCHEME, printed, project
from tests.builders.details import LIST, project_list
from tests.builders.schemes import PROJECT

if TYPE_CHECKING:
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

_UNITS = ("V117", "V118")
_BETWEEN = {"X103", "X105", "X106", "X107"}


def evaluated(*forms: Submission, rules: Scheme = SCHEME) -> Evaluation:
    files = dict.fromkeys(each.file for each in forms)
    results = [
        FileResult(name, "0" * 64, submissions=tuple(each for each in forms if each.file == name))
        for name in files
    ]
    return evaluate_results(Round("批次", 2024, rules), results)


def units_told(found: Evaluation) -> list[tuple[str, str, str]]:
    return [(each.code, each.severity.value, each.sheet) for each in found.findings if each.code in _UNITS]


def executed(found: Evaluation, name: str) -> Decimal | None:
    forms = {each.submission_id: each for each in found.submissions}
    line = forms[name].line("funds", "total")
    return line.value("executed") if line else None


def test_a_form_in_another_unit_is_told_once_and_read_in_it() -> None:
    found = evaluated(printed(project(), PROJECT, "10000"), project_list())
    assert units_told(found) == [("V117", "warning", "自评表")]
    assert executed(found, "示例乙") == Decimal("230.00")
    assert not _BETWEEN & {each.code for each in found.findings}


def test_where_either_may_be_off_that_is_all_that_is_said_of_the_figures() -> None:
    found = evaluated(project(), printed(project_list(), LIST, "0.0001", MoneyUnit.YUAN))
    (told,) = (each for each in found.findings if each.code in _UNITS)
    assert (told.code, told.severity.value) == ("V118", "warning")
    assert "仍按“元”读取" in told.message
    assert executed(found, "示例乙") == Decimal("230.00")
    assert not _BETWEEN & {each.code for each in found.findings}
