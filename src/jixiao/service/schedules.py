"""When scheduled runs happen: a cron expression, or an interval, in a time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from jixiao.language import say


class ScheduleError(ValueError):
    """A schedule that can't be understood; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Runs by `cron` in `zone`, or, where `every` is given, each so many seconds."""

    cron: str
    zone: ZoneInfo
    every: float | None = None

    def next_run(self, now: datetime) -> datetime:
        """The first run after `now`, in the timetable's zone."""
        if self.every is not None:
            return now.astimezone(self.zone) + timedelta(seconds=self.every)
        return next(CronSim(self.cron, now.astimezone(self.zone)))


def timetable(cron: str, zone: str, every: float | None = None) -> Timetable:
    """Read a timetable as the command line gives it.

    Raises:
        ScheduleError: the expression or the time zone is wrong, or no run would ever happen.
    """
    try:
        table = Timetable(cron, ZoneInfo(zone), every)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(
            say("没有“{zone}”这个时区，请写成 Asia/Shanghai 这样的名称。", zone=zone)
        ) from error
    try:
        table.next_run(datetime.now(table.zone))
    except (CronSimError, StopIteration) as error:
        raise ScheduleError(
            say(
                "看不懂运行计划“{cron}”。请写五段：分 时 日 月 星期，例如 0 18 * * 1-5 是周一至周五 18:00。",
                cron=cron,
            )
        ) from error
    return table
