"""Hostile files beside good ones: one line for each, not one row of the good ones changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.engines import LocalEngine
from tests.builders.folders import run, table
from tests.builders.rounds import write_round
from tests.hostile.files import HOSTILE, names

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.pipeline import Published

GOOD = 20
TABLES = ("submissions", "budget_lines", "indicators", "scores", "composite", "findings", "figures")


def rows(published: Published, hostile: set[str]) -> dict[str, list[dict[str, str]]]:
    """Every table without the hostile files' rows; findings without their running number."""
    return {
        name: [
            {column: text for column, text in row.items() if column != "finding_id"}
            for row in table(published, name)
            if row.get("file") not in hostile
        ]
        for name in TABLES
    }


def test_good_workbooks_beside_hostile_files_stay_as_they_are(tmp_path: Path) -> None:
    folder = write_round(tmp_path / "inputs" / "批次", GOOD, seed=7)
    hostile = dict(names(HOSTILE))
    alone = rows(run(folder, LocalEngine()), set(hostile))
    for name, kind in hostile.items():
        (folder / name).write_bytes(kind.make())
    published = run(folder, LocalEngine())
    assert rows(published, set(hostile)) == alone
    assert len(alone["submissions"]) == GOOD * 7
    found = [(row["file"], row["code"]) for row in table(published, "findings") if row["file"] in hostile]
    assert sorted(found) == sorted((name, kind.code) for name, kind in hostile.items())
    messages = [row["message"] for row in table(published, "findings") if row["file"] in hostile]
    assert all(message.endswith("。") and "\n" not in message for message in messages)
