"""A server that is to live as long as its service: revived when it dies, given up when it keeps dying."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.language import say
from jixiao.service.loopback import ServerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jixiao.service.server import Server

MOST_TROUBLES = 5
_WITHIN_SECONDS = 3600.0
"""A server that dies more often than this within an hour would die again: a person has to look."""
_CHECK_SECONDS = 2.0
_PAUSE_SECONDS = 10.0

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Keeper:
    """Looks after `server` and tells by `tell`, in Chinese, what happens to it.

    `check` and `pause` are seconds between two looks, and before another attempt after one that failed.
    `up` is set while the server is, `forgotten` as soon as it came back without its schedule.
    """

    server: Server
    tell: Callable[[str], None]
    check: float = _CHECK_SECONDS
    pause: float = _PAUSE_SECONDS
    up: asyncio.Event = field(default_factory=asyncio.Event)
    forgotten: asyncio.Event = field(default_factory=asyncio.Event)
    _troubles: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_TROUBLES))

    async def watch(self) -> None:
        """Keep the server alive, for as long as this is not cancelled.

        Raises:
            ServerUnavailableError: it died too often.
        """
        self.up.set()
        while True:
            await asyncio.sleep(self.check)
            if await asyncio.to_thread(self.server.is_down):
                self.up.clear()
                await self._revive()
                self.up.set()

    async def await_again(self) -> None:
        """After a broken connection: wait until there can be another.

        Raises:
            ServerUnavailableError: it broke too often.
        """
        if self.up.is_set():
            self._count(say("与调度服务的连接中断"))
            self._say(say("与调度服务的连接中断，稍后重新连接。"))
            await asyncio.sleep(self.pause)
        await self.up.wait()

    async def _revive(self) -> None:
        reason = say("调度服务意外停止")
        while True:
            self._count(reason)
            self._say(say("{reason}，正在重新启动。", reason=reason))
            try:
                known = await asyncio.to_thread(self.server.revive)
            except ServerUnavailableError as error:
                reason = str(error).rstrip("。")
                await asyncio.sleep(self.pause * len(self._troubles))
            else:
                self._say(say("调度服务已恢复，继续按计划运行。"))
                if not known:
                    self.forgotten.set()
                return

    def _count(self, reason: str) -> None:
        now = time.monotonic()
        if len(self._troubles) == MOST_TROUBLES and now - self._troubles[0] < _WITHIN_SECONDS:
            raise ServerUnavailableError(
                say(
                    "{reason}。一小时内已重试 {most_troubles} 次，不再重试。",
                    reason=reason,
                    most_troubles=MOST_TROUBLES,
                )
            )
        self._troubles.append(now)

    def _say(self, message: str) -> None:
        _LOG.warning("%s", message)
        self.tell(message)
