"""States, runs and what is left of runs that were cut off; all of it in a file and in PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.followups import (
    DepartmentState,
    Fate,
    FiledForm,
    Opinion,
    Progress,
    RoundKey,
    Traced,
)
from jixiao.ledger import RunRecord

if TYPE_CHECKING:
    from jixiao.ledger import Ledger

KEY = RoundKey("云梦泽省", "批次", 2024)
RUN = RunRecord("/结果/批次", "2025-04-20T18:00:00+08:00", "r" * 64, "0.1.0", 3)
NAME = "云梦泽省虚构水务局"

FINDING = Traced(
    *("A101-AAAAAAAAAA", "A101-AAAAAAAAAA", "A101", "error", "project", "某项目", "甲.xlsx", "表", "D12"),
    *("全年预算数", "funds.total.annual_budget", "1,442.20", "1,492.00", "1,442.20", "不符。", Fate.NEW),
    since=RUN.created,
    opinion=Opinion("接受", "张某", "2025-04-21"),
)
FORM = FiledForm(
    *("project", "某项目", "project", "甲.xlsx", "表", "a" * 64, "b" * 64, "returned", "98.72"),
    figures={"funds.total.executed": ("382.00", "E6")},
    indicators={"产出/完成率": {"target": "≥95%", "actual": "96%"}},
)


def state(name: str = NAME, key: str = "k1", **progress: object) -> DepartmentState:
    known = Progress(name, "returned", times=1, received=RUN.created, open=1)
    return DepartmentState(key, "c1", replace(known, **progress), ("a" * 64,), (FORM,), (FINDING,))  # type: ignore[arg-type]


def record(ledger: Ledger, *states: DepartmentState, manifest: str = "m1", place: str = RUN.place) -> int:
    return ledger.prepare(KEY, "hunan-provincial", "省级方案", replace(RUN, place=place), manifest, states)


def test_what_was_written_is_read_back(ledger: Ledger) -> None:
    ledger.confirm(record(ledger, state()))
    assert ledger.states(KEY, whole=True) == {NAME: state()}
    (read,) = ledger.states(KEY)[NAME].forms
    assert (read.content, read.figures, read.indicators) == (FORM.content, {}, {})
    assert ledger.progress(KEY) == (state().progress,)
    (summary,) = ledger.rounds()
    assert (summary.key, summary.run) == (KEY, RUN)


def test_nothing_of_a_prepared_run_counts(ledger: Ledger) -> None:
    ledger.confirm(record(ledger, state()))
    record(ledger, state(key="k2", open=0), manifest="m2")
    assert ledger.states(KEY, whole=True) == {NAME: state()}
    assert [each.state.key for each in ledger.history(NAME)] == ["k1"]


def test_a_run_that_was_cut_off_after_its_results_were_in_place_counts(ledger: Ledger) -> None:
    ledger.confirm(record(ledger, state()))
    record(ledger, state(key="k2", open=0), manifest="m2")
    ledger.settle(RUN.place, "m2")
    assert ledger.states(KEY)[NAME].key == "k2"
    assert [(each.state.key, bool(each.ended)) for each in ledger.history(NAME)] == [
        ("k1", True),
        ("k2", False),
    ]


def test_a_run_that_was_cut_off_before_is_forgotten(ledger: Ledger) -> None:
    ledger.confirm(record(ledger, state()))
    record(ledger, state(key="k2"), state("另一部门"), manifest="m2")
    ledger.settle(RUN.place, "m1")
    ledger.settle(RUN.place, "m2")
    assert {name: each.key for name, each in ledger.states(KEY).items()} == {NAME: "k1"}
    assert ledger.departments() == (NAME,)


def test_a_run_into_another_folder_is_left_alone(ledger: Ledger) -> None:
    run = record(ledger, state(), manifest="m1", place="/别处/批次")
    ledger.settle(RUN.place, "m2")
    ledger.confirm(run)
    assert list(ledger.states(KEY)) == [NAME]


def test_a_department_of_which_a_run_finds_nothing_new_keeps_its_state(ledger: Ledger) -> None:
    ledger.confirm(record(ledger, state(), state("另一部门")))
    ledger.confirm(record(ledger, state("另一部门", key="k2"), manifest="m2"))
    assert {name: each.key for name, each in ledger.states(KEY).items()} == {NAME: "k1", "另一部门": "k2"}
    (summary,) = ledger.rounds()
    assert summary.key == KEY


def test_rounds_of_a_jurisdiction_are_known_by_year(ledger: Ledger) -> None:
    ledger.confirm(record(ledger, state()))
    assert ledger.year("云梦泽省", 2024) == {NAME: state()}
    assert ledger.year("云梦泽省", 2023) == {}
    assert ledger.year("别的省", 2024) == {}


def test_a_discarded_run_leaves_nothing(ledger: Ledger) -> None:
    ledger.discard(record(ledger, state()))
    assert (ledger.states(KEY), ledger.departments(), ledger.rounds()) == ({}, (), ())
