"""Which cells a reported finding disputes: all of which may be the wrong one, no other."""

from __future__ import annotations

import re

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Correction, Finding, Judged, Place, Severity
from jixiao.evaluating.reports import Reporter
from jixiao.pipeline.settings import wordings_of

WORDINGS = wordings_of((seeds_folder(),))
HERE, PART, OTHER, REPEATED, FOLLOWING = (CellRef("虚构局.xlsx", "表", 4, column) for column in range(5))
_OWN = {"where", "label", "reported", "expected"}


def finding(
    code: str,
    place: CellRef = HERE,
    evidence: tuple[CellRef, ...] = (),
    alternatives: tuple[Correction, ...] = (),
) -> Finding:
    names = set(re.findall(r"{(\w+)}", WORDINGS[code].message)) - _OWN
    figures = dict.fromkeys(names, "1.00")
    return Finding(
        code=code,
        place=Place.at(place),
        reported="1.00",
        expected="2.00",
        figures=figures,
        evidence=evidence,
        alternatives=alternatives,
    )


def disputed(judged: Judged) -> tuple[CellRef, ...]:
    (reported,) = Reporter(WORDINGS, ()).report([judged])
    return reported.disputed


def test_figures_that_do_not_fit_are_all_in_doubt() -> None:
    judged = Judged(finding=finding("A102", evidence=(PART, OTHER)), severity=Severity.ERROR)
    assert disputed(judged) == (HERE, PART, OTHER)


def test_a_cell_that_is_named_with_its_figure_is_the_only_one() -> None:
    judged = Judged(finding=finding("A105", evidence=(PART, OTHER)), severity=Severity.ERROR)
    assert disputed(judged) == (HERE,)


def test_what_would_mend_it_as_well_is_in_doubt_too() -> None:
    other = Correction(OTHER, "其他", "3.00")
    told = finding("X105", evidence=(PART, OTHER), alternatives=(other,))
    assert disputed(Judged(finding=told, severity=Severity.ERROR)) == (HERE, OTHER)


def test_repeats_consequences_and_what_follows_are_in_doubt() -> None:
    judged = Judged(
        finding=finding("A103"),
        severity=Severity.ERROR,
        repeats=(finding("A103", REPEATED),),
        consequences=(Judged(finding=finding("A102", PART, evidence=(OTHER,)), severity=Severity.ERROR),),
        corrections=(Correction(FOLLOWING, "得分", "9.55"),),
    )
    assert disputed(judged) == (FOLLOWING, HERE, REPEATED, PART, OTHER)
