"""`jixiao status` and `jixiao history` from the ledger: what they print, and how long that takes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from jixiao.cli import app
from jixiao.domain.followups import DepartmentState, Fate, Opinion, Progress, RoundKey, Traced
from jixiao.ledger import RunRecord, open_ledger
from tests.builders.databases import measured

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.ledger import Ledger

KEY = RoundKey("云梦泽省", "批次", 2024)
NOW = datetime.now().astimezone().replace(microsecond=0)
BEFORE = (NOW - timedelta(days=12)).isoformat()
FINDING = Traced(
    *("A101-AAAAAAAAAA", "A101-AAAAAAAAAA", "A101", "error", "project", "某项目", "报/甲.xlsx", "表", "D12"),
    *("全年预算数", "funds.total.annual_budget", "1,442.20", "1,492.00", "1,442.20", "不符。", Fate.NEW),
    since=BEFORE,
)


def progress(name: str, status: str, **counts: object) -> Progress:
    return replace(Progress(name, status), **counts)  # type: ignore[arg-type]


def record(ledger: Ledger, *states: DepartmentState, created: str = BEFORE) -> None:
    run = RunRecord("/结果/批次", created, "r" * 64, "0.1.0", 3)
    ledger.confirm(ledger.prepare(KEY, "hunan-provincial", "省级方案", run, created, states))


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    first = progress(
        "云梦泽省虚构水务局", "returned", times=1, received=BEFORE, returned=BEFORE, open=1, forms=2
    )
    record(made, DepartmentState("k1", "", first, (), (), (FINDING,)))
    mended = replace(
        FINDING, fate=Fate.MENDED_AS_ASKED, now="1,492.00", opinion=Opinion("不接受", "张某", "2025-04-21")
    )
    second = replace(
        first, status="accepted", times=2, returned="", open=0, mended=1, score="98.03", grade="优"
    )
    third = progress(
        "云梦泽省虚构林业局", "returned", times=2, received=BEFORE, returned=BEFORE, open=3, forms=1
    )
    record(
        made,
        DepartmentState("k2", "", second, (), (), (mended,)),
        DepartmentState("k1", "", replace(third, unchanged=True), (), (), ()),
        DepartmentState("k1", "", progress("云梦泽省虚构农事局", "missing", missing=2), (), (), ()),
        created=NOW.isoformat(),
    )
    return made


def said(*words: str) -> list[list[str]]:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.stdout.splitlines() if line.strip(" ─")]


@pytest.mark.usefixtures("ledger")
def test_status_of_a_round() -> None:
    lines = said("status", "批次")
    assert "".join(lines[0]) == "批次（2024年度，省级方案）：2个部门已报送，1个未报送"
    day = BEFORE[5:10]
    assert lines[2:] == [
        ["状态", "次数", "最近", "表", "缺", "须改正", "已改正", "天数", "得分", "部门"],
        ["未报送", "2", "云梦泽省虚构农事局"],
        ["退回修改", "2", day, "1", "3", "12", "云梦泽省虚构林业局"],
        ["通过", "2", day, "2", "1", "98.03", "优", "云梦泽省虚构水务局"],
        ["云梦泽省虚构林业局：第", "2", "次报送的内容与上次相同。"],
    ]


@pytest.mark.usefixtures("ledger")
def test_status_without_a_round_lists_them() -> None:
    lines = said("status")
    assert lines[1][:3] == ["批次", "2024", "省级方案"]


@pytest.mark.usefixtures("ledger")
def test_history_of_a_department() -> None:
    lines = said("history", "水务", "--round", "批次")
    assert lines[0] == ["云梦泽省虚构水务局", "批次", "第", "1", "次报送"]
    assert lines[3] == [
        *("新提出", "错误", "甲.xlsx", "›", "表!D12", "全年预算数", "1,442.20", "→", "1,492.00"),
        "A101-AAAAAAAAAA",
    ]
    assert lines[4] == ["云梦泽省虚构水务局", "批次", "第", "2", "次报送"]
    assert lines[7] == [
        *("已按要求改正", "错误", "甲.xlsx", "›", "表!D12", "全年预算数", "1,442.20", "→"),
        *("1,492.00；现为", "1,492.00", "不接受，张某，2025-04-21", "A101-AAAAAAAAAA"),
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "虚构",
            (
                "“虚构”可以是 3 个部门：云梦泽省虚构农事局、云梦泽省虚构林业局、云梦泽省虚构水务局。"
                "请写得再具体些。"
            ),
        ),
        ("文博局", "台账里没有部门“文博局”。可用 jixiao status 批次 查看各部门名称。"),
    ],
)
@pytest.mark.usefixtures("ledger")
def test_a_department_that_is_not_clear(name: str, sentence: str) -> None:
    result = CliRunner().invoke(app, ["history", name])
    assert (result.exit_code, "".join(result.stderr.split("\n"))) == (2, sentence)


def test_without_a_ledger_none_is_made(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["history", "水务"])
    assert (result.exit_code, result.stderr.strip()) == (2, "还没有台账。请先用 jixiao run 运行。")
    assert not list(tmp_path.iterdir())


def test_a_damaged_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 1000)
    result = CliRunner().invoke(app, ["status"])
    assert result.exit_code == 2
    assert f"台账 {tmp_path / 'ledger.sqlite'} 已损坏。" in result.stderr.replace("\n", "")


@pytest.mark.usefixtures("ledger")
def test_neither_needs_prefect_or_polars() -> None:
    told = "import sys; from jixiao.cli import app; app({words!r}, standalone_mode=False); "
    told += "print([name for name in {heavy} if name in sys.modules])"
    heavy = ("prefect", "polars", "pandera", "openpyxl")
    for words, without in (
        (["status", "批次"], (*heavy, "sqlalchemy")),
        (["status"], (*heavy, "sqlalchemy")),
        (["history", "水务"], heavy),
    ):
        done = subprocess.run(  # noqa: S603 our own program
            [sys.executable, "-c", told.format(words=words, heavy=without)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_status_of_a_thousand_departments_reads_one_row_each(tmp_path: Path) -> None:
    made = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    for number in range(5):
        states = [
            DepartmentState(
                f"k{number}",
                "",
                progress(f"云梦泽省虚构第{place}局", "returned", times=number + 1, received=BEFORE, open=2),
                (),
                (),
                (FINDING, replace(FINDING, finding_id="A101-BBBBBBBBBB")),
            )
            for place in range(1000)
        ]
        record(made, *states, created=(NOW - timedelta(days=5 - number)).isoformat())
    with measured(made.engine) as statements:
        rows = made.progress(KEY)
    assert (len(rows), {each.times for each in rows}) == (1000, {5})
    assert len(statements) == 1
    assert not any("jixiao_findings" in each for each in statements)
