"""No regular expression of ours takes 50 ms over 10,000 signs of any kind, in the way it is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.hostile.patterns import slow

ROOT = Path(__file__).parents[2]
KNOWN = 100
"""Patterns at least, or the search for them has missed some; there are 113."""


def test_no_pattern_is_slow() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.patterns"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    count, *slow_ones = done.stdout.splitlines()
    assert slow_ones == []
    assert int(count) >= KNOWN


def test_a_slow_pattern_is_told_where_it_is_used_so() -> None:
    said = slow(re.compile(r"5+!"), {"sub"})
    assert said.startswith("'5+!' takes ")
    assert said.endswith(" s to search in '555'…")
    assert not slow(re.compile(r"5+!"), {"fullmatch"})
