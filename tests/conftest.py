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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave coverage off where it would find nothing new."""
    for item in items:
        if item.path.is_relative_to(_HERE) and item.path.relative_to(_HERE).parts[0] in _REPEATING:
            item.add_marker("no_cover")
