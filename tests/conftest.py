"""What holds for all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a law: how fast things are is measured by tests/benchmarks.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

_HERE = Path(__file__).parent
_REPEATING = ("layouts", "published", "wild", "elsewhere")
"""Folders of many forms through code that the rooms' own tests cover: tracing them only costs time."""
_LONG = (
    "pipeline/test_remembering.py",
    "commands/test_guide.py",
    "hostile/test_kills.py",
    "service/test_runs.py",
    "hostile/test_files.py",
    "service/test_places.py",
    "engines/test_cluster.py",
    "hostile/test_patterns.py",
)
"""What takes longest, first: whoever is done with everything else waits for no long test at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first; coverage off where it would find nothing new."""
    long = [_HERE / name for name in _LONG]
    items.sort(key=lambda item: long.index(item.path) if item.path in long else len(long))
    for item in items:
        if item.path.is_relative_to(_HERE) and item.path.relative_to(_HERE).parts[0] in _REPEATING:
            item.add_marker("no_cover")
