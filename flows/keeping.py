"""A server that is to live as long as its service: revived when it dies, given up when it keeps dying."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.loopback import ServerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.server import Server

MOST_REVIVALS = 5
_WITHIN_SECONDS = 3600.0
"""A server that dies more often than this within an hour would die again: a person has to look."""
_CHECK_SECONDS = 2.0
_PAUSE_SECONDS = 10.0

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Keeper:
    """Looks after `server` and tells by `tell`, in Chinese, what happens to it.

    `check` and `pause` are seconds between two looks, and before another attempt after one that failed.
    """

    server: Server
    tell: Callable[[str], None]
    check: float = _CHECK_SECONDS
    pause: float = _PAUSE_SECONDS
    _revivals: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_REVIVALS))

    async def watch(self) -> None:
        """Keep the server alive; returns when it had to begin anew and must be told its schedule again.

        Raises:
            ServerUnavailableError: it died too often.
        """
        known = True
        while known:
            await asyncio.sleep(self.check)
            if await asyncio.to_thread(self.server.is_down):
                known = await self.revive("调度服务意外停止")

    async def revive(self, reason: str) -> bool:
        """Bring the server back, with patience; whether it still knows its schedule.

        Raises:
            ServerUnavailableError: it died too often.
        """
        while True:
            self._count(reason)
            self._say(f"{reason}，正在重新启动（第 {len(self._revivals)} 次）。")
            try:
                known = await asyncio.to_thread(self.server.revive)
            except ServerUnavailableError as error:
                reason = str(error).rstrip("。")
                await asyncio.sleep(self.pause * len(self._revivals))
            else:
                self._say("调度服务已恢复，继续按计划运行。")
                return known

    def _count(self, reason: str) -> None:
        now = time.monotonic()
        if len(self._revivals) == MOST_REVIVALS and now - self._revivals[0] < _WITHIN_SECONDS:
            raise ServerUnavailableError(f"{reason}，一小时内已重新启动 {MOST_REVIVALS} 次，不再重试。")
        while self._revivals and now - self._revivals[0] >= _WITHIN_SECONDS:
            self._revivals.popleft()
        self._revivals.append(now)

    def _say(self, message: str) -> None:
        _LOG.warning("%s", message)
        self.tell(message)
