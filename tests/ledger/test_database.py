"""Ledgers that can be used, and those that can't: in one sentence what, where, what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from jixiao import ledger as package
from jixiao.ledger import LedgerError, ledger_url, open_ledger
from jixiao.ledger.database import METADATA
from jixiao.ledger.standing import VERSION_TABLE, VERSIONS
from tests.ledger.test_store import KEY, record, state

if TYPE_CHECKING:
    from jixiao.ledger import Ledger

MIGRATIONS = Path(package.__file__).parent / "migrations"


def test_the_migrations_make_the_tables_that_the_program_uses(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        differences = compare_metadata(context, METADATA)
    assert differences == []


def test_the_program_knows_every_migration() -> None:
    known = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert tuple(reversed(known)) == VERSIONS


def test_a_ledger_that_is_there_is_opened_as_it_is(url: str) -> None:
    first = open_ledger(url)
    first.confirm(record(first, state()))
    first.close()
    second = open_ledger(url)
    assert second.states(KEY, whole=True) == {state().department: state()}
    second.close()


def test_a_newer_ledger_is_left_alone(url: str) -> None:
    made = open_ledger(url)
    with made.engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    made.close()
    with pytest.raises(LedgerError) as told:
        open_ledger(url)
    assert str(told.value) == (
        f"台账 {made.where} 由更新版本的程序建立（9999，本程序只认到 {VERSIONS[-1]}），没有读写。"
        "请升级本程序，或用 --ledger 另指一处。"
    )


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(LedgerError) as told:
        open_ledger(f"sqlite:///{path}")
    assert str(told.value) == (
        f"台账 {path} 已损坏。请用备份恢复；没有备份的，把它移到别处后重新运行，会另建一本。"
    )


def test_a_locked_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    opened = open_ledger(f"sqlite:///{path}", patience=0.01)
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError) as told:
        record(opened, state())
    assert str(told.value) == f"台账 {path} 正被另一个程序占用，未能读写。请关闭占用它的程序后重新运行。"
    other.close()
    opened.confirm(record(opened, state()))
    assert list(opened.states(KEY)) == [state().department]
    opened.close()


def test_a_server_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(LedgerError, match="无法使用") as told:
        open_ledger("postgresql+psycopg://office:secret@127.0.0.1:1/jixiao?connect_timeout=2")
    assert "secret" not in str(told.value)


def test_a_driver_that_is_not_there_is_named() -> None:
    with pytest.raises(LedgerError, match="所需的数据库驱动没有安装"):
        open_ledger("postgresql+pg8000://office@127.0.0.1/jixiao")


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(LedgerError, match=r"^台账 （地址无法解析） 无法使用"):
        open_ledger("postgresql:/ /x")


def test_where_a_ledger_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIXIAO_LEDGER", raising=False)
    assert ledger_url("", tmp_path) == f"sqlite:///{tmp_path}/ledger.sqlite"
    assert ledger_url(str(tmp_path / "office.sqlite"), tmp_path) == f"sqlite:///{tmp_path}/office.sqlite"
    monkeypatch.setenv("JIXIAO_LEDGER", "postgresql+psycopg://db/jixiao")
    assert ledger_url("", tmp_path) == "postgresql+psycopg://db/jixiao"
    assert ledger_url("sqlite:///x.sqlite", tmp_path) == "sqlite:///x.sqlite"
