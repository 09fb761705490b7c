"""When scheduled runs happen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jixiao.service.schedules import ScheduleError, timetable


def test_weekdays_at_six_skip_the_weekend_in_the_officers_time_zone() -> None:
    table = timetable("0 18 * * 1-5", "Asia/Shanghai")
    friday_evening = datetime(2024, 3, 1, 10, 0, 1, tzinfo=UTC)  # 18:00:01 in Shanghai
    assert table.next_run(friday_evening).isoformat() == "2024-03-04T18:00:00+08:00"


def test_an_interval_counts_from_now() -> None:
    table = timetable("0 18 * * 1-5", "Asia/Shanghai", every=90)
    now = datetime(2024, 3, 1, 10, 0, 0, tzinfo=UTC)
    assert table.next_run(now).isoformat() == "2024-03-01T18:01:30+08:00"


@pytest.mark.parametrize("cron", ["", "0 18 * *", "0 25 * * *", "每天六点", "0 0 31 2 *"])
def test_an_expression_without_any_run_says_how_to_write_one(cron: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        timetable(cron, "Asia/Shanghai")
    assert str(refused.value) == (
        f"看不懂运行计划“{cron}”。请写五段：分 时 日 月 星期，例如 0 18 * * 1-5 是周一至周五 18:00。"
    )


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc", "北京"])
def test_an_unknown_time_zone_is_named(zone: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        timetable("0 18 * * 1-5", zone)
    assert str(refused.value) == f"没有“{zone}”这个时区，请写成 Asia/Shanghai 这样的名称。"
