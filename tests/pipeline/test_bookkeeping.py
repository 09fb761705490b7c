"""Rounds of correction: what a run says of submissions before, of officers' words, and of crashes."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from jixiao.domain.followups import DepartmentState, Fate, FiledForm, Progress, RoundKey
from jixiao.engines import InProcessEngine
from jixiao.ledger import Ledger, LedgerError, RunRecord, open_ledger
from jixiao.pipeline import Means, Memory, PublicationError, bookkeeping, find_rounds, run_round
from jixiao.pipeline.replacement import swap_in
from tests.builders.evaluations import scheme
from tests.builders.folders import SETTINGS, round_folder, table
from tests.builders.forms import DEPARTMENT, OVERALL, overall_form, write_forms
from tests.builders.lists import write_list
from tests.drawing.facts import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from jixiao.pipeline import Worked
    from tests.drawing.facts import FormFacts, Raw

KEY = RoundKey(scheme().jurisdiction, "批次", 2024)
WRONG = replace(OVERALL, total=(100, Decimal(87)))
"""A total that the scores refute: S106, 87.00 for 99.74."""
OTHERWISE = replace(OVERALL, total=(100, Decimal(88)))
HEAD: list[Raw] = ["部门", "发现代码", "单元格", "指标或栏目", "理由", "批准人", "有效期至"]


class KilledError(BaseException):
    """What a killed program does not catch."""


@dataclass
class Desk:
    """A round with a ledger, at which somebody works."""

    base: Path
    settings: str = SETTINGS
    ledger: Ledger | None = field(init=False)
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.base / "state")
        self.folder = round_folder(self.base / "inputs", settings=self.settings)
        self.ledger = open_ledger(self.url)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.base / 'ledger.sqlite'}"

    @property
    def results(self) -> Path:
        return self.base / "outputs" / "批次"

    def send(self, facts: FormFacts = OVERALL, file: str = "甲.xlsx") -> None:
        write_forms(self.folder / file, overall_form(facts=facts))

    def run(self) -> Worked:
        (folder,) = find_rounds(self.folder.parent, ["批次"])
        means = Means(InProcessEngine(), self.memory, self.ledger)
        return run_round(folder, self.base / "outputs", means)

    def state(self, name: str = DEPARTMENT) -> DepartmentState:
        assert self.ledger
        return self.ledger.states(KEY)[name]

    def progress(self) -> Progress:
        return self.state().progress

    def fates(self) -> list[tuple[str, Fate, str]]:
        return [(each.code, each.fate, each.now) for each in self.state().findings]

    def edit(self, **words: object) -> None:
        """Write into the officers' columns of the first finding, as somebody does in a workbook."""
        path = self.results / "绩效自评汇总_批次.xlsx"
        book = load_workbook(path)
        sheet = book["审核发现"]
        columns = {"opinion": "处理意见", "officer": "经办", "decided": "日期"}
        for name, value in words.items():
            sheet[self.cell(sheet, columns[name])].value = value
        book.save(path)

    def cell(self, sheet: Worksheet, title: str, below: int = 1) -> str:
        for row in sheet.iter_rows():
            for each in row:
                if each.value == title:
                    return f"{each.column_letter}{each.row + below}"
        raise AssertionError(title)

    def shown(self, title: str) -> object:
        sheet = load_workbook(self.results / "绩效自评汇总_批次.xlsx")["审核发现"]
        return sheet[self.cell(sheet, title)].value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    if made.ledger:
        made.ledger.close()


def test_mended_as_asked(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    assert desk.fates() == [("S106", Fate.NEW, "")]
    assert (desk.progress().open, desk.progress().times, desk.progress().mended) == (1, 1, 0)
    desk.send(OVERALL)
    worked = desk.run()
    assert desk.fates() == [("S106", Fate.MENDED_AS_ASKED, "99.74")]
    progress = desk.progress()
    assert (progress.status, progress.open, progress.times, progress.mended) == ("accepted", 0, 2, 1)
    assert (progress.returned, worked.published.notes) == ("", ())
    sheet = load_workbook(desk.results / "绩效自评汇总_批次.xlsx")["整改情况"]
    row = [each.value for each in next(sheet.iter_rows(min_row=4, max_row=4))]
    assert row[3:8] == ["总分", "87.00", "99.74", "99.74", "已按要求改正"]


def test_a_mended_fault_that_is_there_again_is_no_new_one(desk: Desk) -> None:
    for facts in (WRONG, OVERALL, WRONG):
        desk.send(facts)
        desk.run()
    assert desk.fates() == [("S106", Fate.RECURRED, "")]
    assert (desk.progress().times, desk.progress().fresh, desk.progress().open) == (2, 0, 1)
    assert desk.shown("整改") == "再次出现"
    desk.memory = Memory(desk.base / "other")
    desk.run()
    assert desk.fates() == [("S106", Fate.RECURRED, "")]
    sheet = load_workbook(desk.results / "绩效自评汇总_批次.xlsx")["整改清单"]
    assert [cell.value for cell in sheet[4]][1:3] == ["复发", "修改重报"]


def test_another_figure_that_is_wrong_still_stands(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    desk.send(OTHERWISE)
    desk.run()
    assert desk.fates() == [("S106", Fate.STANDS, "")]
    assert (desk.progress().times, desk.progress().fresh) == (2, 0)
    assert desk.shown("整改") == "仍未改正"


def test_an_unchanged_resubmission_is_said_to_be_one(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    (desk.folder / "甲.xlsx").unlink()
    moved = overall_form(Layout(rows_before=3, columns_before=1), facts=WRONG)
    assert moved.cell("total.self_score") != overall_form().cell("total.self_score")
    write_forms(desk.folder / "再报.xlsx", moved)
    desk.run()
    assert desk.fates() == [("S106", Fate.STANDS, "")]
    progress = desk.progress()
    assert (progress.times, progress.unchanged, progress.mended) == (2, True, 0)


def test_running_again_changes_nothing_even_without_memory(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    desk.send(OVERALL)
    desk.run()
    before = desk.state()
    assert desk.run().reused == 1
    assert desk.state() == before
    desk.memory = Memory(desk.base / "other")
    assert desk.run().reused == 0
    assert desk.state() == before


def test_what_is_gone_without_the_departments_doing_is_not_called_mended(desk: Desk) -> None:
    desk.send(WRONG)
    write_forms(desk.folder / "乙.xlsx", overall_form(facts=replace(WRONG, department="云梦泽省虚构林业局")))
    desk.run()
    (desk.folder / "乙.xlsx").unlink()
    desk.run()
    gone = desk.state("云梦泽省虚构林业局")
    assert gone.progress.status == bookkeeping.WITHDRAWN
    assert [(each.fate, each.note) for each in gone.findings] == [(Fate.DROPPED, "该部门已没有报送件")]
    assert desk.fates() == [("S106", Fate.NEW, "")]


def test_an_accepted_finding_is_not_held_against_the_department(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    desk.edit(opinion="接受，已核实", officer="张某", decided=date(2025, 4, 21))
    desk.run()
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], row["opinion"], row["officer"], row["decided"]) == (
        *("explained", "接受，已核实", "张某"),
        "2025-04-21",
    )
    (form,) = table(desk.run().published, "submissions")
    assert (form["status"], form["errors"]) == ("accepted", "0")
    assert (desk.progress().open, desk.progress().excused) == (0, 1)
    assert desk.shown("处理意见") == "接受，已核实"
    desk.send(OTHERWISE)
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], row["opinion"]) == ("expired", "接受，已核实")
    assert desk.shown("整改") == (
        "免改失效：经办意见：接受，已核实（张某，2025-04-21）；有关数字此后已变，不再适用"
    )
    assert (desk.progress().status, desk.progress().open) == ("returned", 1)


def test_a_refused_explanation_stands(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    desk.edit(opinion="不接受", officer="张某", decided="2025-04-21")
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], row["opinion"]) == ("new", "不接受")
    assert desk.progress().open == 1


def test_officers_words_outlive_a_run_without_a_ledger(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    desk.edit(opinion="接受", officer="张某", decided="2025-04-21")
    ledger, desk.ledger = desk.ledger, None
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], row["opinion"]) == ("explained", "接受")
    desk.send(OTHERWISE)
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], row["opinion"]) == ("expired", "接受")
    desk.ledger = ledger
    desk.send(WRONG)
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], row["opinion"]) == ("explained", "接受")


@pytest.mark.parametrize(
    ("words", "title", "detail"),
    [
        (
            {"opinion": "再议", "officer": "张某"},
            "处理意见",
            "“再议”看不出是否接受，请以“接受”或“不接受”开头，其后可加说明",
        ),
        ({"opinion": "接受"}, "经办", "接受了说明，但没有写“经办”"),
        ({"opinion": "不接受", "decided": "下周"}, "日期", "“下周”不是日期，应如 2025-04-21"),
        ({"opinion": "不接受", "decided": "2999-01-01"}, "日期", "日期 2999-01-01 还没有到"),
    ],
)
def test_nonsense_in_officers_columns_is_a_finding_at_its_cell_and_kept(
    desk: Desk, words: dict[str, str], title: str, detail: str
) -> None:
    desk.send(WRONG)
    desk.run()
    name = desk.state().findings[0].finding_id
    sheet = load_workbook(desk.results / "绩效自评汇总_批次.xlsx")["审核发现"]
    cell = desk.cell(sheet, title)
    desk.edit(**words)
    for _ in range(2):  # said until it is mended
        rows = table(desk.run().published, "findings")
        found = [row for row in rows if row["code"] == "P115"]
        assert [(row["file"], row["sheet"], row["cell"], row["department"]) for row in found] == [
            ("绩效自评汇总_批次.xlsx", "审核发现", cell, "")
        ]
        assert found[0]["message"] == f"《审核发现》{cell}（{name}）：{detail}。"
        assert [row["opinion"] for row in rows if row["code"] == "S106"] == [words["opinion"]]


def test_words_in_a_row_without_a_finding_are_said(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    path = desk.results / "绩效自评汇总_批次.xlsx"
    book = load_workbook(path)
    cell = desk.cell(book["审核发现"], "处理意见", below=2)
    book["审核发现"][cell].value = "接受"
    book.save(path)
    found = [row for row in table(desk.run().published, "findings") if row["code"] == "P115"]
    assert [(row["cell"], row["message"]) for row in found] == [
        (cell, f"《审核发现》{cell}：这一行没有编号，没有采用。")
    ]


def waive(desk: Desk, *rows: list[Raw]) -> None:
    (desk.folder / "round.toml").write_text(SETTINGS + 'waivers = "豁免.xlsx"\n', encoding="utf-8")
    write_list(desk.folder / "豁免.xlsx", [HEAD, *rows])


def test_a_waived_finding_stays_in_sight_until_its_figure_changes(desk: Desk) -> None:
    desk.send(WRONG)
    waive(desk, [DEPARTMENT, "S106", "", "总分", "系统取数", "李某", "2999-12-31"])
    (row,) = table(desk.run().published, "findings")
    assert (row["code"], row["severity"], row["fate"]) == ("S106", "error", "waived")
    assert desk.shown("整改") == "已豁免：李某批准，有效期至 2999-12-31：系统取数"
    assert (desk.progress().status, desk.progress().open, desk.progress().excused) == ("accepted", 0, 1)
    desk.send(OTHERWISE)
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], desk.progress().status) == ("expired", "returned")
    desk.send(WRONG)
    (row,) = table(desk.run().published, "findings")
    assert (row["fate"], desk.progress().status) == ("waived", "accepted")


def test_a_waiver_is_for_its_cell_alone_and_until_its_day(desk: Desk) -> None:
    desk.send(WRONG)
    cell = overall_form(facts=WRONG).cell("total.self_score")
    waive(desk, [DEPARTMENT, "S106", "A1", "", "", "李某", "2999-12-31"])
    found = table(desk.run().published, "findings")
    assert [(row["code"], row["fate"]) for row in found] == [("S106", "new"), ("P117", "")]
    waive(desk, [DEPARTMENT, "S106", f"附件2!{cell}", "", "", "李某", "2999-12-31"])
    assert [row["fate"] for row in table(desk.run().published, "findings")] == ["waived"]
    waive(desk, [DEPARTMENT, "S106", cell, "", "", "李某", "2024-12-31"])
    assert [row["fate"] for row in table(desk.run().published, "findings")] == ["expired"]
    assert desk.shown("整改") == "免改失效：已于 2024-12-31 到期（李某批准）"


@pytest.mark.parametrize(
    ("row", "column", "detail"),
    [
        (["S999", "D12", "", "", "李某", "2999-12-31"], 1, "“S999”不是审核发现的代码，也不是编号"),
        (["S106", "第三行", "", "", "李某", "2999-12-31"], 2, "“第三行”不是单元格，应如 D12 或 附件3-1!D12"),
        (
            ["S106", "", "", "", "李某", "2999-12-31"],
            3,
            "没有写单元格，也没有写指标或栏目，不知道豁免哪一处",
        ),
        (["S106", "D12", "", "", "", "2999-12-31"], 5, "没有写批准人"),
        (["S106", "D12", "", "", "李某", "长期"], 6, "有效期“长期”不是日期，应如 2025-12-31"),
    ],
)
def test_nonsense_in_the_waivers_is_a_finding_at_its_cell(
    desk: Desk, row: list[Raw], column: int, detail: str
) -> None:
    desk.send(OVERALL)
    waive(desk, [DEPARTMENT, *row])
    (found,) = table(desk.run().published, "findings")
    cell = f"{'ABCDEFG'[column]}2"
    assert (found["code"], found["file"], found["cell"]) == ("P114", "豁免.xlsx", cell)
    assert found["message"] == f"《Sheet1》{cell}：{detail}，这一行没有起作用。"


IDLE = "没有对上“{name}”的任何一条审核发现（代码、单元格或指标写得不对，或者问题已经改正）"


def idle(desk: Desk) -> list[tuple[str, str]]:
    """Where waivers that did nothing are told, and how."""
    rows = [row for row in table(desk.run().published, "findings") if row["code"] == "P117"]
    assert {(row["file"], row["department"], row["severity"]) for row in rows} <= {
        ("豁免.xlsx", "", "warning")
    }
    return [(row["cell"], row["message"].partition("：")[2]) for row in rows]


def test_waivers_that_match_nothing_are_said_once_each_at_its_row(desk: Desk) -> None:
    desk.send(WRONG)
    waive(
        desk,
        [DEPARTMENT, "S106", "", "总分", "", "李某", "2999-12-31"],
        [DEPARTMENT, "S106", "", "总分", "再写一遍", "李某", "2999-12-31"],
        [DEPARTMENT, "A101", "", "总分", "", "李某", "2999-12-31"],
        [DEPARTMENT, "S106-AAAAAAAAAA", "", "", "", "李某", "2024-12-31"],
        ["虚构省没有的局", "S106", "", "总分", "", "李某", "2999-12-31"],
    )
    expired = f"已于 2024-12-31 到期（李某批准）；{IDLE.format(name=DEPARTMENT)}。"
    stranger = "“虚构省没有的局”没有报送，也不在名册中，这一行没有起作用。"
    told = [("A6", stranger), ("B4", f"{IDLE.format(name=DEPARTMENT)}。"), ("B5", expired)]
    assert sorted(idle(desk)) == told
    assert sorted(idle(desk)) == told  # unchanged, from what was kept
    assert [row["fate"] for row in table(desk.run().published, "findings") if row["code"] == "S106"] == [
        "waived"
    ]


def test_a_waiver_is_idle_once_its_finding_is_mended_and_not_before_anything_was_sent(desk: Desk) -> None:
    desk.send(WRONG)
    waive(desk, [DEPARTMENT, "S106", "", "总分", "", "李某", "2999-12-31"])
    assert idle(desk) == []
    desk.send(OVERALL)
    assert idle(desk) == [("B2", f"{IDLE.format(name=DEPARTMENT)}。")]
    waive(desk)
    assert idle(desk) == []


def test_a_waiver_of_a_department_that_has_yet_to_send_something_is_not_idle(desk: Desk) -> None:
    desk.send(OVERALL)
    waive(desk, ["虚构省林业局", "S106", "", "总分", "", "李某", "2999-12-31"])
    assert [cell for cell, _ in idle(desk)] == ["A2"]
    settings = SETTINGS + 'waivers = "豁免.xlsx"\nroster = "名册.xlsx"\n'
    (desk.folder / "round.toml").write_text(settings, encoding="utf-8")
    write_list(desk.folder / "名册.xlsx", [["序号", "部门名称"], [1, DEPARTMENT], [2, "虚构省林业局"]])
    assert idle(desk) == []


@pytest.mark.parametrize("step", ["prepare", "swap_in", "confirm"])
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_is_put_right_by_the_next_run(
    desk: Desk, step: str, *, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.send(WRONG)
    desk.run()
    desk.send(OVERALL)
    with monkeypatch.context() as patched:
        _kill_at(patched, step, after=after)
        with pytest.raises(KilledError):
            desk.run()
    in_place = table_of(desk) == []
    assert in_place == ((step, after) in {("swap_in", True), ("confirm", False), ("confirm", True)})
    desk.run()
    assert desk.fates() == [("S106", Fate.MENDED_AS_ASKED, "99.74")]
    progress = desk.progress()
    assert (progress.times, progress.mended, progress.open) == (2, 1, 0)
    assert desk.ledger
    assert [each.state.progress.times for each in desk.ledger.history(DEPARTMENT)] == [1, 2]


def table_of(desk: Desk) -> list[str]:
    lines = (desk.results / "data" / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    return lines[1:]


def _kill_at(patched: pytest.MonkeyPatch, step: str, *, after: bool) -> None:
    works: dict[str, Callable[..., object]] = {
        "prepare": Ledger.prepare,
        "swap_in": swap_in,
        "confirm": Ledger.confirm,
    }
    owner = "jixiao.pipeline.publication" if step == "swap_in" else "jixiao.ledger.store.Ledger"
    work = works[step]

    def killed(*given: object) -> object:
        if after:
            work(*given)
        raise KilledError

    patched.setattr(f"{owner}.{step}", killed)


def test_results_that_cannot_be_put_in_place_leave_nothing_in_the_ledger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.send(WRONG)
    desk.run()
    before = desk.state()
    desk.send(OVERALL)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr("jixiao.pipeline.publication.swap_in", full)
        with pytest.raises(PublicationError):
            desk.run()
    assert desk.state() == before
    assert desk.ledger
    with desk.ledger.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM jixiao_runs").scalar() == 1


def test_a_locked_ledger_costs_one_note(desk: Desk) -> None:
    desk.send(WRONG)
    desk.run()
    desk.send(OVERALL)
    assert desk.ledger
    desk.ledger.close()
    desk.ledger = open_ledger(desk.url, patience=0.01)
    other = sqlite3.connect(desk.base / "ledger.sqlite")
    other.execute("BEGIN IMMEDIATE")
    (note,) = desk.run().published.notes
    assert note == (
        f"台账 {desk.base / 'ledger.sqlite'} 正被另一个程序占用，未能读写。请关闭占用它的程序后重新运行。"
        "本次结果照常写出，没有记入台账，也不知道各部门以前报送的情况。"
    )
    assert table_of(desk) == []
    other.close()
    assert desk.run().published.notes == ()
    assert desk.fates() == [("S106", Fate.MENDED_AS_ASKED, "99.74")]


def test_a_ledger_that_fails_after_the_swap_is_made_up_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.send(WRONG)

    def fails(*_: object) -> None:
        raise LedgerError("台账无法使用。")

    with monkeypatch.context() as patched:
        patched.setattr("jixiao.ledger.store.Ledger.confirm", fails)
        assert desk.run().published.notes == ("台账无法使用。本次结果已经写好，台账到下次运行时补记。",)
    assert desk.run().published.notes == ()
    assert desk.fates() == [("S106", Fate.NEW, "")]


def test_two_files_at_once_are_named_with_the_rule(desk: Desk) -> None:
    desk.send(WRONG, "一报.xlsx")
    desk.send(OVERALL, "二报.xlsx")
    rows = table(desk.run().published, "findings")
    (row,) = [each for each in rows if each["code"] == "P104"]
    assert (row["file"], row["severity"]) == ("一报.xlsx", "warning")
    assert "二报.xlsx" in row["message"]
    assert "只计后一份：" in row["message"]
    assert desk.progress().times == 1


@pytest.mark.parametrize("roster", [False, True])
def test_last_years_round_is_found_under_a_similar_name_or_a_former_one(desk: Desk, *, roster: bool) -> None:
    """A similar name is a warning that says so; one that the roster knows is as good as the name."""
    former = DEPARTMENT.replace("局", "管理局")
    form = ("overall-self-evaluation", "", "overall", "去年.xlsx", "附件2", "a" * 64, "b" * 64, "accepted")
    state = DepartmentState("k", "", Progress(former, "accepted", score="97.00"), (), (FiledForm(*form),), ())
    run = RunRecord("/去年", "2024-04-20T18:00:00+08:00", "", "", 1)
    assert desk.ledger
    key = KEY._replace(name="去年", year=2023)
    desk.ledger.confirm(desk.ledger.prepare(key, "", "", run, "m", [state]))
    desk.send(OVERALL)
    if roster:
        settings = SETTINGS + 'roster = "名册.xlsx"\n'
        (desk.folder / "round.toml").write_text(settings, encoding="utf-8")
        write_list(desk.folder / "名册.xlsx", [["部门名称", "曾用名"], [DEPARTMENT, former]])
    said = [row for row in table(desk.run().published, "findings") if row["code"] == "X104"]
    similar = f"名称“{DEPARTMENT}”与上年批次中的“{former}”略有不同，已按同一名称对应。"
    assert [(row["severity"], row["message"].partition("：")[2]) for row in said] == (
        [] if roster else [("warning", similar)]
    )
    book = load_workbook(desk.results / "绩效自评汇总_批次.xlsx")
    rows = [[each.value for each in row] for row in book["去年对比"].iter_rows(min_row=4)]
    assert [row[2] for row in rows][:2] == ["部门名称", "采用得分"]
    assert (rows[0][8:10], rows[1][3:5]) == ([former, DEPARTMENT], [97, 99.74])
    assert desk.run().reused == 1


def test_last_years_round_stands_beside_this_ones(desk: Desk) -> None:
    before = Progress(DEPARTMENT, "accepted", score="97.00", grade="优", budget="800", executed="720")
    form = FiledForm(
        *("overall-self-evaluation", "", "overall", "去年.xlsx", "附件2", "a" * 64, "b" * 64, "accepted"),
        indicators={"检修管网（公里）": {"target": "≥150公里"}, "取消的指标": {"target": "≥3次"}},
    )
    run = RunRecord("/去年", "2024-04-20T18:00:00+08:00", "", "", 1)
    key = KEY._replace(name="去年", year=2023)
    assert desk.ledger
    state = DepartmentState("k", "", before, (), (form,), ())
    desk.ledger.confirm(desk.ledger.prepare(key, "", "", run, "m", [state]))
    desk.send(OVERALL)
    desk.run()
    book = load_workbook(desk.results / "绩效自评汇总_批次.xlsx")
    rows = [[each.value for each in row] for row in book["去年对比"].iter_rows(min_row=4)]
    assert [row[2:] for row in rows] == [
        ["采用得分", 97, 99.74, 2.74, None, None, None, None, None],
        ["全年预算数", 800, 1000, 200, None, None, None, None, None],
        ["全年执行数", 720, 973.5, 253.5, None, None, None, None, None],
        ["执行率", None, None, None, 0.9, 0.9735, None, None, None],
        ["检修管网（公里）", None, None, None, None, None, "≥150公里", "≥120公里", "目标值低于上年"],
        ["取消的指标", None, None, None, None, None, "≥3次", None, "本年没有这个指标"],
    ]
    assert desk.run().reused == 1
