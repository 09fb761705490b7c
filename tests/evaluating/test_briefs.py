"""A round divided: what many departments have in common is one finding on the round, not one on each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.engines import InProcessEngine
from jixiao.evaluating.briefs import divide
from jixiao.pipeline import Means, Memory, find_rounds, list_files
from jixiao.pipeline.reading import read_files
from tests.builders.folders import round_folder
from tests.builders.forms import OVERALL, overall_form, write_forms

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.evaluating.briefs import Division


def divided(folder: Path) -> Division:
    (found,) = find_rounds(folder.parent)
    means = Means(InProcessEngine(), Memory(folder.parent.parent / "state"))
    return divide(found.round, read_files(found, list_files(found), means))


@pytest.mark.parametrize(("count", "codes"), [(4, []), (5, ["Q113"]), (9, ["Q113"])])
def test_forms_of_many_departments_that_are_the_same_are_one_finding(
    tmp_path: Path, count: int, codes: list[str]
) -> None:
    folder = round_folder(tmp_path / "inputs")
    for number in range(count):
        facts = replace(OVERALL, department=f"虚构第{number}局")
        write_forms(folder / f"{number}.xlsx", overall_form(facts=facts))
    other = overall_form(facts=replace(OVERALL, department="虚构另局")).set("funds.total.executed", "1.00")
    write_forms(folder / "另.xlsx", other)
    found = divided(folder)
    assert [each.code for each in found.findings] == codes
    assert not any(brief.findings for brief in found.briefs)
    if codes:
        (told,) = found.findings
        assert told.figures == {
            "count": str(count),
            "form": "部门整体支出绩效自评表",
            "found": "22",
            "others": "虚构第0局、虚构第1局、虚构第2局等",
        }


@pytest.mark.parametrize(("others", "codes"), [(4, ["Q114"]), (3, [])])
def test_a_department_that_filled_in_yuan_throughout_is_seen_beside_the_others(
    tmp_path: Path, others: int, codes: list[str]
) -> None:
    folder = round_folder(tmp_path / "inputs")
    for number in range(others):
        facts = replace(OVERALL, department=f"虚构第{number}局")
        form = overall_form(facts=facts).set("funds.total.executed", f"{970 + number}.00")
        write_forms(folder / f"{number}.xlsx", form)
    yuan = overall_form(facts=replace(OVERALL, department="虚构元局"))
    for cell, amount in (("initial_budget", 9000000), ("annual_budget", 10000000), ("executed", 9735000)):
        yuan = yuan.set(f"funds.total.{cell}", amount)
    write_forms(folder / "元.xlsx", yuan)
    told = divided(folder).findings
    assert [each.code for each in told] == codes
    if codes:
        (found,) = told
        assert (found.place.file, found.reported) == ("元.xlsx", "10,000,000.00")
        assert found.figures == {"department": "虚构元局", "limit": "1,000.00", "times": "10000"}
