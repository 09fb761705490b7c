"""Where departments stand, asked without the store: the same answers, the same sentences where it fails."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from jixiao.ledger import LedgerError, asked, is_there, open_ledger, read_progress, read_rounds
from jixiao.ledger.standing import VERSION_TABLE, VERSIONS
from tests.ledger.test_store import KEY, record, state

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.ledger import Ledger


def test_both_ways_to_ask_give_the_same(ledger: Ledger, url: str) -> None:
    ledger.confirm(record(ledger, state(), state("另一部门", unchanged=True)))
    ledger.confirm(record(ledger, state(key="k2", open=0), manifest="m2"))
    record(ledger, state(key="k3", open=7), manifest="m3")
    with asked(url) as ask:
        told = read_progress(ask, KEY)
        assert {each.department: (each.open, each.unchanged) for each in told} == {
            state().department: (0, False),
            "另一部门": (1, True),
        }
        assert told == ledger.progress(KEY)
        assert read_rounds(ask) == ledger.rounds() != ()


def test_a_newer_ledger_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    open_ledger(url).close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608
    with (
        pytest.raises(LedgerError, match=f"由更新版本的程序建立（9999，本程序只认到 {VERSIONS[-1]}）"),
        asked(url),
    ):
        pass


def test_a_file_that_is_no_ledger_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(LedgerError) as told, asked(f"sqlite:///{path}"):
        pass
    assert str(told.value) == (
        f"台账 {path} 已损坏。请用备份恢复；没有备份的，把它移到别处后重新运行，会另建一本。"
    )


def test_a_ledger_that_is_damaged_further_on_is_said_when_it_is_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    open_ledger(url).close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("DROP TABLE jixiao_states")
    with asked(url) as ask, pytest.raises(LedgerError, match="无法使用（no such table: jixiao_states）"):
        read_progress(ask, KEY)


def test_looking_makes_no_ledger(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    assert not is_there(url)
    assert not is_there(f"{url}?timeout=3")
    assert is_there("postgresql+psycopg://db/jixiao")
    with pytest.raises(LedgerError, match="无法使用"), asked(url):
        pass
    assert not list(tmp_path.iterdir())
