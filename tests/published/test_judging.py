"""The measure itself: what counts as standing, tolerable, wrong and found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.domain.findings import Severity
from jixiao.domain.rounds import ReportedFinding
from tests.published.judgements import Expected, Judgement, Kind, judgements
from tests.published.judging import Verdict, judge

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def test_finding_of_the_auditor_stands_and_is_found() -> None:
    verdict = _judge(_finding("S106", "H21"), must=[_expected("S106", "G21 H21")])

    assert _counts(verdict) == (1, 0, 0, 0)
    assert not verdict.missing


@pytest.mark.parametrize(("code", "cell"), [("S106", "H20"), ("S107", "H21"), ("S106", "")])
def test_finding_elsewhere_or_of_another_code_is_wrong_and_the_auditors_is_missing(
    code: str, cell: str
) -> None:
    verdict = _judge(_finding(code, cell), must=[_expected("S106", "H21")])

    assert _counts(verdict) == (0, 0, 0, 1)
    assert len(verdict.missing) == 1


def test_error_where_an_auditor_would_only_ask_is_wrong_though_found() -> None:
    verdict = _judge(_finding("S113", "H21"), must=[_expected("S113", "H21", most=WARNING)])

    assert _counts(verdict) == (0, 0, 0, 1)
    assert not verdict.missing


def test_warning_where_an_auditor_would_return_the_form_does_not_count_as_found() -> None:
    verdict = _judge(_finding("A107", "E6", WARNING), must=[_expected("A107", "E6", least=ERROR)])

    assert _counts(verdict) == (1, 0, 0, 0)
    assert len(verdict.missing) == 1


def test_what_is_said_twice_is_wrong_the_second_time() -> None:
    verdict = _judge(_finding("V103", "H6"), _finding("V103", "H6"), must=[_expected("V103", "H6")])

    assert _counts(verdict) == (1, 0, 0, 1)


def test_tolerable_and_excerpt_are_neither_wrong_nor_found() -> None:
    verdict = _judge(
        _finding("Q101", "F9"),
        _finding("S101", "G9"),
        may=[_expected("Q101", "F9")],
        excerpt=[_expected("S101", "*")],
    )

    assert _counts(verdict) == (0, 1, 1, 0)


def test_every_row_has_to_be_named_where_the_auditor_names_rows() -> None:
    expected = _expected("P101", "I9 I10", rows=(9, 10))

    assert _judge(_finding("P101", "I9"), must=[expected]).missing == (expected,)
    assert not _judge(_finding("P101", "I9"), _finding("P101", "I10"), must=[expected]).missing


def test_class_with_labels_holds_only_findings_about_these() -> None:
    expected = replace(_expected("L105", "*"), kinds=(Kind(frozenset({"L105"}), ("总分",)),))

    assert _counts(_judge(_finding("L105", "", label="总分"), excerpt=[expected])) == (0, 0, 1, 0)
    assert _counts(_judge(_finding("L105", "", label="年度资金总额"), excerpt=[expected])) == (0, 0, 0, 1)


def _judge(
    *findings: ReportedFinding,
    must: list[Expected] | None = None,
    may: list[Expected] | None = None,
    excerpt: list[Expected] | None = None,
) -> Verdict:
    form: Judgement = replace(
        judgements()[0], must=tuple(must or ()), may=tuple(may or ()), excerpt=tuple(excerpt or ())
    )
    return judge(form, findings)


def _counts(verdict: Verdict) -> tuple[int, int, int, int]:
    return len(verdict.standing), len(verdict.tolerable), len(verdict.excerpt), len(verdict.wrong)


def _expected(
    code: str, cells: str, most: Severity = ERROR, least: Severity = WARNING, rows: tuple[int, ...] = ()
) -> Expected:
    return Expected((Kind(frozenset({code})),), (code,), frozenset(cells.split()), "", most, least, rows)


def _finding(code: str, cell: str, severity: Severity = ERROR, label: str = "") -> ReportedFinding:
    return ReportedFinding("", code, severity, "", None, "", "", "a.xlsx", "表", cell, label, "", "", "", "")
