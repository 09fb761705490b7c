from __future__ import annotations

from datetime import date, datetime

import pytest

from jixiao.domain.references import Filing, FilingRecord, is_late

DAY = date(2025, 4, 30)
HOUR = datetime(2025, 4, 30, 18, 0)  # noqa: DTZ001 - round.toml gives local time without a zone


@pytest.mark.parametrize(
    ("stamp", "deadline", "late"),
    [
        ("2025-04-30T23:59:59Z", DAY, False),
        ("2025-05-01T00:00:00Z", DAY, True),
        ("2025-04-30T18:00:00Z", HOUR, False),
        ("2025-04-30T18:00:01", HOUR, True),
        # 02:00 in China is still the day before by the clock of UTC: not certainly late
        ("2025-04-30T18:00:00Z", DAY, False),
        ("2025-05-01T02:00:00+08:00", DAY, True),
        ("", DAY, False),
        ("昨天", DAY, False),
    ],
)
def test_late_only_where_the_clock_time_as_printed_is(
    stamp: str, deadline: date | datetime, *, late: bool
) -> None:
    assert is_late(stamp, deadline) is late


@pytest.mark.parametrize(
    ("due", "filed", "late", "listed", "missing", "state"),
    [
        (1, ("a",), (), True, 0, Filing.FILED),
        (2, ("a",), ("a",), True, 1, Filing.MISSING),
        (2, ("a", "b", "c"), (), True, 0, Filing.FILED),
        (1, ("a",), ("a",), True, 0, Filing.LATE),
        (0, ("a",), ("a",), True, 0, Filing.EXTRA),
        (0, ("a",), (), False, 0, Filing.UNLISTED),
    ],
)
def test_state_of_a_record(
    due: int, filed: tuple[str, ...], late: tuple[str, ...], *, listed: bool, missing: int, state: Filing
) -> None:
    record = FilingRecord("虚构农事局", "", "form", "", due, filed, late, listed)
    assert (record.missing, record.state) == (missing, state)
