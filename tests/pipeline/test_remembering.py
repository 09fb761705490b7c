"""A run that remembers gives byte for byte what a run from scratch gives, after whatever was changed."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.engines import InProcessEngine
from jixiao.pipeline import Means, Memory, find_rounds, publication, run_round
from jixiao.workbooks import writing
from tests.builders.folders import round_folder, table
from tests.builders.forms import OVERALL, PROJECT, overall_form, project_form, write_forms
from tests.builders.lists import write_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jixiao.pipeline import RoundFolder, Worked
    from tests.drawing.facts import FormFacts, Raw

NOW = datetime(2025, 5, 1, 18, 0, tzinfo=UTC)
NAMES = ("云梦泽省虚构水务局", "云梦泽省虚构林业局", "云梦泽省虚构农事局")
SETTINGS = (
    'scheme = "hunan-provincial"\nyear = 2024\nroster = "名册.xlsx"\nbooks = "账面数.xlsx"\n'
    "deadline = 2025-04-30\n"
)
EDITS, SEEDS = 25, (11, 12)
"""Two desks with so many edits each, so that two processes can share them."""


class _Stopped(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
        return NOW


@dataclass
class Desk:
    """A round that somebody works at: each edit does one thing that happens in an office."""

    base: Path
    chance: random.Random
    count: int = 0
    done: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.base / "inputs" / "批次"

    @property
    def sent(self) -> list[Path]:
        own = {"round.toml", "名册.xlsx", "账面数.xlsx"}
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name not in own)

    def edit(self) -> None:
        edits: list[Callable[[], None]] = [
            *(self.change, self.change, self.change, self.add, self.remove, self.rename),
            *(self.spoil, self.list_departments, self.keep_accounts, self.rule, self.word, self.draw),
        ]
        edit = self.chance.choice(edits)
        self.count += 1
        self.done.append(edit.__name__)
        edit()

    def facts(self, given: FormFacts) -> FormFacts:
        """The form of some department, right or with a score or an amount that is not."""
        score = self.chance.choice((None, Decimal(90), Decimal(87)))
        changed = replace(given, department=self.chance.choice((*NAMES, "")))
        return changed if score is None else replace(changed, total=(100, score))

    def write(self, path: Path) -> None:
        forms = [overall_form(facts=self.facts(OVERALL))]
        if self.chance.random() < 0.6:
            forms.append(project_form(facts=self.facts(PROJECT)))
        path.parent.mkdir(exist_ok=True)
        write_forms(path, *forms)

    def change(self) -> None:
        if self.sent:
            self.write(self.chance.choice(self.sent))

    def add(self) -> None:
        place = self.chance.choice((self.folder, self.folder / "补报"))
        self.write(place / f"{self.chance.choice(NAMES)}{self.count}.xlsx")

    def remove(self) -> None:
        if len(self.sent) > 1:
            self.chance.choice(self.sent).unlink()

    def rename(self) -> None:
        if self.sent:
            path = self.chance.choice(self.sent)
            path.rename(path.with_name(f"改名{self.count}{path.suffix}"))

    def spoil(self) -> None:
        if self.sent:
            path = self.chance.choice(self.sent)
            path.write_bytes(path.read_bytes()[:500])

    def list_departments(self) -> None:
        names = self.chance.sample(NAMES, self.chance.randint(1, 3))
        rows: list[list[Raw]] = [["部门名称", "应报表种"]]
        rows += [[name, "整体、项目"] for name in names]
        write_list(self.folder / "名册.xlsx", rows)

    def keep_accounts(self) -> None:
        spent = self.chance.choice((382, 390, 400))
        head: list[Raw] = ["部门", "项目", "年初预算数", "上年结转", "调整数", "全年预算数", "全年执行数"]
        names = self.chance.sample(NAMES, 2)
        rows: list[list[Raw]] = [head]
        rows += [[name, "部门整体", 380, 20, 0, 400, spent] for name in names]
        write_list(self.folder / "账面数.xlsx", rows)

    def _seed(self, file: str, old: str, new: str) -> None:
        path = self.base / "seeds" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (seeds_folder() / file).read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def rule(self) -> None:
        severity = self.chance.choice(("error", "warning"))
        self._seed("findings.toml", '[S101]\nseverity = "error"', f'[S101]\nseverity = "{severity}"')

    def draw(self) -> None:
        seed = f'sample_seed = "{self.chance.randint(0, 9)}"\n'
        (self.folder / "round.toml").write_text(SETTINGS + seed, encoding="utf-8")

    def word(self) -> None:
        title = self.chance.choice(("甲", "乙"))
        self._seed("schemes/hunan-provincial.toml", 'title = "', f'title = "{title}')


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(publication, "datetime", _Stopped)
    round_folder(tmp_path / "inputs", settings=SETTINGS)
    made = Desk(tmp_path, random.Random(getattr(request, "param", 7)))  # noqa: S311 figures of a test
    made.list_departments()
    made.keep_accounts()
    for name in NAMES:
        made.write(made.folder / f"{name}.xlsx")
    return made


def worked(desk: Desk, state: Path, folder: RoundFolder | None = None) -> Worked:
    return run_round(folder or loaded(desk), desk.base / "outputs", Means(InProcessEngine(), Memory(state)))


def loaded(desk: Desk) -> RoundFolder:
    (folder,) = find_rounds(desk.base / "inputs")
    return folder


def found_ids(desk: Desk) -> set[str]:
    return {row["finding_id"] for row in table(worked(desk, desk.base / "state").published, "findings")}


def results(desk: Desk) -> dict[str, bytes]:
    folder = desk.base / "outputs" / "批次"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    return {name: content for name, content in files.items() if not name.startswith("历次/")}


@pytest.mark.parametrize("desk", SEEDS, indirect=True)
def test_fifty_edits_each_give_what_a_run_from_scratch_gives(desk: Desk) -> None:
    reused = 0
    for number in range(EDITS):
        desk.edit()
        folder = loaded(desk)
        kept = worked(desk, desk.base / "state", folder)
        remembered = results(desk)
        shutil.rmtree(desk.base / "outputs")
        worked(desk, desk.base / f"scratch{number}", folder)
        fresh = results(desk)
        assert sorted(remembered) == sorted(fresh), desk.done
        assert [name for name in fresh if remembered[name] != fresh[name]] == [], desk.done
        shutil.rmtree(desk.base / f"scratch{number}")
        reused += kept.reused
    assert reused > EDITS // 2
    assert len(set(desk.done)) == 10


def test_only_the_department_whose_file_changed_is_made_again(desk: Desk) -> None:
    for name in NAMES:
        write_forms(desk.folder / f"{name}.xlsx", overall_form(facts=replace(OVERALL, department=name)))
    first = worked(desk, desk.base / "state")
    again = worked(desk, desk.base / "state")
    changed = overall_form(facts=replace(OVERALL, department=NAMES[0])).set("objective_actual", "另一段文字")
    write_forms(desk.folder / f"{NAMES[0]}.xlsx", changed)
    third = worked(desk, desk.base / "state")
    assert [each.departments for each in (first, again, third)] == [3, 3, 3]
    assert [each.reused for each in (first, again, third)] == [0, 3, 2]


def test_a_file_that_is_new_renames_no_finding(desk: Desk) -> None:
    wrong = overall_form(facts=replace(OVERALL, department=NAMES[1], total=(100, Decimal(87))))
    write_forms(desk.folder / f"{NAMES[1]}.xlsx", wrong)
    before = found_ids(desk)
    (desk.folder / "0.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    after = found_ids(desk)
    assert before < after
    assert len(after - before) == 1


def test_feedback_that_did_not_change_is_the_same_bytes_at_any_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(desk, desk.base / "one")
    first = {name: content for name, content in results(desk).items() if name.startswith("审核反馈/")}
    monkeypatch.setattr(publication, "datetime", datetime)
    worked(desk, desk.base / "two")
    second = {name: content for name, content in results(desk).items() if name.startswith("审核反馈/")}
    assert first == second
    assert first


@pytest.mark.skipif(os.name == "nt", reason="files that are open cannot be spoilt there")
def test_a_spoilt_store_changes_nothing(desk: Desk) -> None:
    worked(desk, desk.base / "state")
    first = results(desk)
    for path in (desk.base / "state").glob("memory.sqlite*"):
        path.write_bytes(b"spoilt" * 1000)
    worked(desk, desk.base / "other" / ".." / "state")
    assert results(desk) == first


def test_totals_of_an_unchanged_round_are_taken_from_the_results_unless_somebody_edited_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(desk, desk.base / "state")
    first = results(desk)
    made: list[str] = []
    write = writing.write_workbook

    def noted(path: Path, *given: Any, **named: Any) -> None:  # noqa: ANN401 as it is called
        made.append(path.name)
        write(path, *given, **named)

    monkeypatch.setattr("jixiao.pipeline.publication.write_workbook", noted)
    worked(desk, desk.base / "state")
    assert (made, results(desk)) == ([], first)
    table = desk.base / "outputs" / "批次" / "data" / "scores.csv"
    table.write_bytes(table.read_bytes()[:-3] + b"9\r\n")
    worked(desk, desk.base / "state")
    assert (made, results(desk)) == (["绩效自评汇总_批次.xlsx", "绩效自评公开_批次.xlsx"], first)
    table.unlink()
    worked(desk, desk.base / "state")
    assert results(desk) == first
