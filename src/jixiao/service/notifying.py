"""What became of a run is told to whoever asked for it: by e-mail, to a webhook, to an office's chat.

Nobody is told anything unless the environment names addresses, which often hold passwords and so stand in no
file of the project. apprise, which Prefect brings along, delivers to them: `mailto://`, `json://` and the
robots of 企业微信, 钉钉 and 飞书. What can't be delivered is a line of the log and costs nothing else.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Severity
from jixiao.domain.spoken import one_line, why_not
from jixiao.language import say
from jixiao.pipeline import NOTIFY_BRIEF, NOTIFY_FULL, NOTIFY_OFF
from jixiao.service.progress import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.service.progress import Digest

VARIABLE = "JIXIAO_NOTIFY"
"""Environment variable with addresses, blanks between them."""
FILE_VARIABLE = "JIXIAO_NOTIFY_FILE"
"""Environment variable that names a file of addresses, one a line; `#` begins a remark."""
SECONDS = 30.0
"""So long all deliveries of a run are waited for; each connection gives up sooner."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """What is told, as text."""

    title: str
    body: str


def addresses() -> tuple[str, ...]:
    """Where to tell; none: nobody asked.

    Raises:
        OSError: the file that the environment names can't be read.
    """
    lines = os.environ.get(VARIABLE, "").split()
    if file := os.environ.get(FILE_VARIABLE):
        text = Path(file).read_text(encoding="utf-8-sig", errors="replace")
        lines += [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    return tuple(lines)


def kind_of(address: str) -> str:
    """What kind of address it is: all of it that may be shown."""
    return address.partition("://")[0] if "://" in address else "?"


def is_understood(address: str) -> bool:
    """Whether messages can be sent to such an address; nothing is sent."""
    import apprise  # noqa: PLC0415 half a second that only those wait for who want messages

    return bool(apprise.Apprise().add(address))


def tell_results(results: Sequence[Digest | Failure]) -> None:
    """Tell what became of the rounds of a run, of each as much as its settings want."""
    told = [each for each in results if each.notify != NOTIFY_OFF]
    if told:
        _tell(Message(_title(told), "\n\n".join(map(_paragraph, told))))


def tell_stopped(reason: str) -> None:
    """Tell that a run as a whole could not be carried out."""
    _tell(Message(say("绩效自评：本次运行未能完成"), one_line(reason)))


def _title(told: Sequence[Digest | Failure]) -> str:
    failed = sum(isinstance(each, Failure) for each in told)
    if len(told) == 1:
        outcome = say("未能完成") if failed else say("已完成")
        return one_line(say("绩效自评：{round} {outcome}", round=told[0].round, outcome=outcome))
    return say("绩效自评：{count} 个批次已完成，{failed} 个未能完成", count=len(told) - failed, failed=failed)


def _paragraph(result: Digest | Failure) -> str:
    if isinstance(result, Failure):
        if result.notify == NOTIFY_FULL:
            return one_line(result.sentence)
        return say("{round}：未能完成，原有结果保留不变。原因见运行记录。", round=one_line(result.round))
    return "\n".join(map(one_line, _lines(result)))


def _lines(digest: Digest) -> Iterator[str]:
    """The round in figures; names of files and places only where they are wanted."""
    yield say("{round}（{title}）：已完成", round=digest.round, title=digest.title)
    yield say(
        "报送表 {forms} 张，部门 {departments} 个，其中 {returned} 个须修改后重报",
        forms=digest.forms,
        departments=digest.departments,
        returned=digest.returned,
    )
    yield say("，").join(f"{SEVERITIES[each].text} {digest.findings[each]}" for each in Severity)
    yield from filter(None, (digest.filing, digest.mended))
    if digest.notify == NOTIFY_BRIEF:
        unused = len(digest.unreadable) + len(digest.unrecognised)
        if unused:
            yield say("未能读取或识别 {unused} 项，见汇总表", unused=unused)
        return
    for name, lines in ((say("未能读取"), digest.unreadable), (say("未能识别"), digest.unrecognised)):
        yield from (say("{name}：{line}", name=name, line=line) for line in lines)
    yield from digest.notes
    yield say("结果在 {place}", place=digest.place())


def _tell(message: Message) -> None:
    try:
        places = addresses()
    except OSError as error:
        _LOG.warning(say("通知未送出：环境变量 %s 指定的文件无法读取（%s）。"), FILE_VARIABLE, why_not(error))
        return
    if places:
        deliver(message, places)


def deliver(message: Message, places: Sequence[str], seconds: float = SECONDS) -> tuple[bool, ...]:
    """Send to all places side by side; whether each took it. What was not taken is a line of the log."""
    taken = [False] * len(places)

    def send(number: int) -> None:
        taken[number] = _send(message, places[number])

    threads = [threading.Thread(target=send, args=(number,), daemon=True) for number in range(len(places))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for number, thread in enumerate(threads):
        thread.join(max(0.0, until - time.monotonic()))
        if not taken[number]:
            why = say("没有回应") if thread.is_alive() else say("地址有误或对方没有接收")
            _LOG.warning(
                say("通知未送出（第 %d 个地址，%s）：%s。可用 jixiao doctor 检查设置。"),
                number + 1,
                kind_of(places[number]),
                why,
            )
    return tuple(taken)


def _send(message: Message, place: str) -> bool:
    import apprise  # noqa: PLC0415 as above

    logging.getLogger("apprise").disabled = True  # what it says itself may hold names of accounts
    sender = apprise.Apprise()
    try:
        return bool(
            sender.add(place)
            and sender.notify(message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT)
        )
    except Exception as error:  # noqa: BLE001 - whatever a service does, it costs its own message alone
        _LOG.warning("a message was not sent: %s", type(error).__name__)
        return False
