"""Beside the published way of locating errors: no less is named, and no cell that nobody touched."""

from __future__ import annotations

import pytest

from tests.audit.arithmetic.linear_programme import compare


@pytest.mark.parametrize("cells", [1, 2])
def test_more_is_named_than_by_the_published_way_and_nothing_that_nobody_touched(cells: int) -> None:
    found = compare(7, cells, 30)
    assert found["wrong"] == 0
    assert found["exact"] >= found["programme exact"] > 0
