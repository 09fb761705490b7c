"""A mistake of ours in one department's evaluation is that department's finding, the others are untouched."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from jixiao.audit import checks
from jixiao.engines import Failure, FailureKind, InProcessEngine
from jixiao.evaluating import departments as evaluating
from jixiao.evaluating.briefs import divide
from jixiao.evaluating.examination import examine
from jixiao.evaluating.rounds import unite
from jixiao.pipeline import Means, Memory, find_rounds, list_files
from jixiao.pipeline.departments import SECONDS_PER_DEPARTMENT, evaluations_of
from jixiao.pipeline.reading import read_files
from tests.builders.folders import found, round_folder, run, table
from tests.builders.forms import OVERALL, PROJECT, overall_form, project_form, write_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from jixiao.domain.rounds import Evaluation
    from jixiao.engines import Engine, Outcome
    from jixiao.evaluating.briefs import Division
    from jixiao.pipeline import RoundFolder

STRUCK, OTHER = "云梦泽省虚构林业局", "云梦泽省虚构水务局"


class Divided(NamedTuple):
    folder: RoundFolder
    division: Division


def write_departments(folder: Path) -> None:
    for name in (STRUCK, OTHER):
        facts = replace(PROJECT, department=name)
        write_forms(
            folder / f"{name}.xlsx",
            overall_form(facts=replace(OVERALL, department=name)),
            project_form(facts=facts),
        )


@pytest.fixture(scope="module")
def divided(tmp_path_factory: pytest.TempPathFactory) -> Divided:
    base = tmp_path_factory.mktemp("guard")
    folder = round_folder(base / "inputs")
    write_departments(folder)
    (found_,) = find_rounds(base / "inputs")
    means = Means(InProcessEngine(), Memory(base / "state"))
    return Divided(found_, divide(found_.round, read_files(found_, list_files(found_), means)))


@pytest.fixture(scope="module")
def untouched(divided: Divided, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(divided, tmp_path_factory.mktemp("untouched"))


def evaluate(divided: Divided, state: Path, engine: Engine | None = None) -> Evaluation:
    folder, division = divided
    means = Means(engine or InProcessEngine(), Memory(state))
    parts = evaluations_of(folder, division, means)
    return unite(folder.round, division, parts, folder.rules.wordings)


def check_struck(given: Evaluation, untouched: Evaluation) -> None:
    """The one department has nothing but its finding, the other everything that it had."""
    statuses = {each.department: given.statuses[each.submission_id].value for each in given.submissions}
    assert statuses == {STRUCK: "unevaluated", OTHER: "accepted"}
    assert [(each.code, each.department, each.file) for each in given.findings] == [("F111", STRUCK, "")]
    assert [each for each in given.cards if each.submission.department == STRUCK] == []
    assert [each.department for each in given.composites] == [OTHER]
    own = [each for each in untouched.cards if each.submission.department == OTHER]
    assert list(given.cards) == own
    assert given.measures == tuple(each for each in untouched.measures if each.department == OTHER)


def department_of(subject: Any) -> str:  # noqa: ANN401 a form under audit, its card, or the forms of a department
    first = subject[0] if isinstance(subject, list | tuple) else subject
    form = first.submission if hasattr(first, "submission") else first
    return str(form.department)


def _name(known: Sequence[Callable[..., Any]], place: int) -> str:
    return known[place].__name__


def stumbling(check: Callable[..., Any]) -> Callable[..., Any]:
    def stumble(subject: object, *rest: object) -> Any:  # noqa: ANN401 whatever the step gives
        if department_of(subject) == STRUCK:
            raise ZeroDivisionError(check.__name__)
        return check(subject, *rest)

    return stumble


@pytest.mark.parametrize(
    "place", range(len(checks.FORM_CHECKS)), ids=lambda at: _name(checks.FORM_CHECKS, at)
)
def test_a_check_of_a_form_that_raises(
    place: int, divided: Divided, untouched: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checks.FORM_CHECKS
    monkeypatch.setattr(checks, "FORM_CHECKS", (*known[:place], stumbling(known[place]), *known[place + 1 :]))
    check_struck(evaluate(divided, tmp_path), untouched)


@pytest.mark.parametrize(
    "place", range(len(checks.DEPARTMENT_CHECKS)), ids=lambda at: _name(checks.DEPARTMENT_CHECKS, at)
)
def test_a_check_of_a_department_that_raises(
    place: int, divided: Divided, untouched: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checks.DEPARTMENT_CHECKS
    monkeypatch.setattr(
        checks, "DEPARTMENT_CHECKS", (*known[:place], stumbling(known[place]), *known[place + 1 :])
    )
    check_struck(evaluate(divided, tmp_path), untouched)


@pytest.mark.parametrize(
    ("room", "step"),
    [
        (checks, "check_composite_table"),
        (checks, "check_measured_indicators"),
        (evaluating, "settle_units"),
        (evaluating, "validate_entries"),
        (evaluating, "evaluate_supplements"),
        (evaluating, "examine"),
    ],
)
def test_any_other_step_that_raises(
    *,
    room: object,
    step: str,
    divided: Divided,
    untouched: Evaluation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, step, stumbling(getattr(room, step)))
    check_struck(evaluate(divided, tmp_path), untouched)


class _Striking:
    """An engine on which the work on one department ends in a way that no exception tells."""

    def __init__(self, kind: FailureKind) -> None:
        self._failure = Failure(kind, "detail for the log")

    def map(
        self, work: Callable[[Any], Any], items: Iterable[Any], *, seconds: float
    ) -> Iterator[Outcome[Any]]:
        for outcome, batch in zip(InProcessEngine().map(work, items, seconds=seconds), items, strict=True):
            struck = any(brief.department == STRUCK for _, brief in batch)
            yield self._failure if struck else outcome


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FailureKind.DIED, "审核程序异常退出"),
        (FailureKind.TIMED_OUT, f"审核超过 {SECONDS_PER_DEPARTMENT} 秒"),
        (FailureKind.RAISED, "审核时程序出错"),
    ],
)
def test_a_worker_that_dies_or_hangs(
    *,
    kind: FailureKind,
    said: str,
    divided: Divided,
    untouched: Evaluation,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    given = evaluate(divided, tmp_path, _Striking(kind))
    check_struck(given, untouched)
    (finding,) = given.findings
    number = finding.message.partition("运行记录编号 ")[2][:8]
    assert finding.message == (
        f"“{STRUCK}”的报送表没有审核：{said}（运行记录编号 {number}）。"
        "没有采用也没有退回任何一张，不参加排名；其他部门不受影响。"
    )
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert (number in record.getMessage(), "detail for the log" in record.getMessage()) == (True, True)


def test_what_failed_is_tried_again_by_the_next_run(
    divided: Divided, untouched: Evaluation, tmp_path: Path
) -> None:
    check_struck(evaluate(divided, tmp_path, _Striking(FailureKind.DIED)), untouched)
    assert evaluate(divided, tmp_path) == untouched


def test_a_round_is_published_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_departments(folder)
    monkeypatch.setattr(evaluating, "examine", stumbling(examine))
    published = run(folder)
    assert found(published) == [("F111", "", "", "")]
    assert {row["department"] for row in table(published, "scores")} == {OTHER}
    assert {row["status"] for row in table(published, "submissions") if row["department"] == STRUCK} == {
        "unevaluated"
    }
    assert {path.stem for path in published.feedback} == {STRUCK, OTHER}
