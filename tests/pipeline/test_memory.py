"""What is kept is there until it is dropped, whoever keeps it or is killed; what is damaged is not."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jixiao.pipeline.memory import FILE, Memory, key_of, passing_memory

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with passing_memory(tmp_path) as passing:
        yield passing


def change(memory: Memory, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(memory.folder / FILE, isolation_level=None)) as connection:
        connection.execute(statement, values)


def test_what_is_kept_is_recalled(memory: Memory) -> None:
    assert memory.recall("a") is None
    assert memory.keep("a", {"x": (1, "二")})
    assert memory.recall("a") == {"x": (1, "二")}
    memory.keep("a", 2)
    assert (memory.recall("a"), memory.recall("b")) == (2, None)


def test_keys_tell_values_and_their_kinds_apart() -> None:
    keys = [key_of("1"), key_of(1), key_of("1", ""), key_of(("1",)), key_of("1\n''")]
    assert len(set(keys)) == len(keys)
    assert key_of("a", 1) == key_of("a", 1)


def test_a_damaged_entry_is_not_recalled_and_said(memory: Memory, caplog: pytest.LogCaptureFixture) -> None:
    memory.keep("a", list(range(100)))
    memory.keep("b", 2)
    change(memory, "UPDATE entries SET content = CAST(substr(content, 2) AS BLOB) WHERE key = 'a'")
    assert (memory.recall("a"), memory.recall("b")) == (None, 2)
    assert caplog.messages == ["记忆库中的一条记录已损坏，重新生成：a"]
    memory.keep("a", 1)
    assert memory.recall("a") == 1


def test_a_store_that_is_none_is_begun_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    memory = Memory(tmp_path)
    assert memory.recall("a") is None
    assert memory.keep("a", 1)
    assert memory.recall("a") == 1
    assert [message.partition("：")[0] for message in caplog.messages] == ["记忆库已损坏，重新建立"]


def test_a_store_that_was_never_closed_is_whole(tmp_path: Path) -> None:
    Memory(tmp_path).keep("a", 1)
    assert Memory(Path(f"{tmp_path}/.")).recall("a") == 1


def test_old_entries_are_dropped_by_age_then_by_size(memory: Memory) -> None:
    for number, key in enumerate("abcd"):
        memory.keep(key, os.urandom(1000))
        change(memory, "UPDATE entries SET used = ? WHERE key = ?", time.time() - 100_000 * (4 - number), key)
    memory.tidy(most_days=4)
    assert [memory.recall(key) is None for key in "abcd"] == [True, False, False, False]
    memory.tidy(most_bytes=2_500)
    assert [memory.recall(key) is None for key in "abcd"] == [True, True, False, False]


def test_what_is_used_stays(memory: Memory) -> None:
    memory.keep("a", 1)
    change(memory, "UPDATE entries SET used = used - ?", 30 * 86_400.0)
    memory.recall("a")
    memory.tidy(most_days=20)
    assert memory.recall("a") == 1


def keep_many(folder: Path, first: int) -> int:
    memory = Memory(folder)
    return sum(memory.keep(str(number), number) for number in range(first, first + 50))


def test_several_processes_keep_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        kept = sum(pool.map(partial(keep_many, tmp_path), (0, 50, 100)))
    memory = Memory(tmp_path)
    assert (kept, [memory.recall(str(number)) for number in range(150)]) == (150, list(range(150)))


KEEPING = """
import sys
from itertools import count
from pathlib import Path
from jixiao.pipeline.memory import Memory
memory = Memory(Path(sys.argv[1]))
for number in count():
    memory.keep(str(number), b"x" * 50_000 + bytes(str(number), "ascii"))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_process_that_is_killed_leaves_it_whole(tmp_path: Path) -> None:
    for _ in range(3):
        with subprocess.Popen(  # noqa: S603 our own program
            [sys.executable, "-c", KEEPING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as keeping:
            assert keeping.stdout is not None
            told = [keeping.stdout.readline() for _ in range(20)]
            keeping.send_signal(signal.SIGKILL)
        memory = Memory(tmp_path)
        for number in map(int, told):
            assert memory.recall(str(number)) == b"x" * 50_000 + bytes(str(number), "ascii")


def test_without_room_on_the_disk_nothing_is_kept_and_nothing_lost(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    memory.keep("a", 1)
    change(memory, "CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'full'); END")
    assert (memory.keep("b", 2), memory.recall("a")) == (False, 1)
    assert len(caplog.messages) == 1
