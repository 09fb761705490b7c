"""What is told of a run, to a web server and a mail server of this machine."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jixiao.domain.findings import Severity
from jixiao.service import notifying
from jixiao.service.notifying import Message, addresses, deliver, is_understood, tell_results, tell_stopped
from jixiao.service.progress import Digest, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGEST = Digest(
    round="甲批",
    title="2024 年度，方案",
    files=4,
    forms=7,
    departments=2,
    returned=1,
    findings=Counter({Severity.ERROR: 1, Severity.WARNING: 2}),
    unreadable=("民政局/坏.xlsx：文件已损坏",),
    unrecognised=(),
    ignored=(),
    folder=Path("o/甲批"),
    summary=Path("o/甲批/汇总.xlsx"),
    feedback=1,
    filing="应报 3 张，已报 2 张，未报 1 张，迟报 0 张。",
    notes=("民政局的批注保留。",),
)
BRIEF = """甲批（2024 年度，方案）：已完成
报送表 7 张，部门 2 个，其中 1 个须修改后重报
阻断 0，错误 1，提示 2，说明 0
应报 3 张，已报 2 张，未报 1 张，迟报 0 张。"""


class Web:
    """A web server that takes what is sent to /ok and refuses all else."""

    def __init__(self) -> None:
        taken = self.taken = list[dict[str, str]]()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/ok":
                    taken.append(json.loads(body))
                self.send_response(200 if self.path == "/ok" else 500)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on the screen."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    def at(self, path: str) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}{path}"


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs."""

    letters: list[bytes]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                self.letters.append(letter)
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 good\r\n")
            if word == b"QUIT":
                return


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    taking = Web()
    with running(taking.server):
        yield taking


@pytest.fixture(autouse=True)
def nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIXIAO_NOTIFY", raising=False)
    monkeypatch.delenv("JIXIAO_NOTIFY_FILE", raising=False)


def test_nothing_is_told_unless_somebody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifying, "deliver", None)
    tell_results((DIGEST,))


def test_a_webhook_hears_the_figures_and_neither_names_of_files_nor_places(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY", web.at("/ok"))
    tell_results((DIGEST,))
    (heard,) = web.taken
    assert (heard["title"], heard["message"]) == (
        "绩效自评：甲批 已完成",
        f"{BRIEF}\n未能读取或识别 1 项，见汇总表",
    )


def test_a_round_may_want_names_and_places_as_well(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY", web.at("/ok"))
    tell_results((replace(DIGEST, notify="full"),))
    (heard,) = web.taken
    said = f"未能读取：民政局/坏.xlsx：文件已损坏\n民政局的批注保留。\n结果在 {Path('o/甲批')}"
    assert heard["message"] == f"{BRIEF}\n{said}"


def test_several_rounds_are_one_message_and_a_round_that_wants_none_is_left_out(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY", web.at("/ok"))
    why = "民政局/表.xlsx 正在打开。"
    failures = (Failure("乙", why), Failure("丙", why, notify="full"), Failure("丁", why, notify="off"))
    tell_results((replace(DIGEST, unreadable=()), *failures))
    (heard,) = web.taken
    assert heard["title"] == "绩效自评：1 个批次已完成，2 个未能完成"
    assert heard["message"].split("\n\n") == [
        BRIEF,
        "乙：未能完成，原有结果保留不变。原因见运行记录。",
        "丙：未能完成，原有结果保留不变。民政局/表.xlsx 正在打开。",
    ]


def test_rounds_that_all_want_none_send_none(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY", web.at("/ok"))
    tell_results((replace(DIGEST, notify="off"),))
    assert web.taken == []


def test_a_run_that_came_to_nothing_is_told_of(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY", web.at("/ok"))
    tell_stopped("与调度服务的连接中断。")
    assert [(each["title"], each["message"]) for each in web.taken] == [
        ("绩效自评：本次运行未能完成", "与调度服务的连接中断。")
    ]


def test_a_mail_server_gets_a_letter_in_chinese() -> None:
    Mail.letters = []
    with running(server := socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)):
        port = server.server_address[1]
        place = f"mailto://127.0.0.1:{port}?from=jixiao@office.invalid&to=a@office.invalid"
        assert deliver(Message("绩效自评：甲批 已完成", BRIEF), [place]) == (True,)
    letter = email.message_from_bytes(Mail.letters[0])
    assert str(make_header(decode_header(letter["Subject"]))) == "绩效自评：甲批 已完成"
    assert letter["To"] == "a@office.invalid"
    texts = [part.get_payload(decode=True) for part in letter.walk() if part.get_content_maintype() == "text"]
    assert any(BRIEF.splitlines()[1].encode() in text for text in texts if isinstance(text, bytes))


def test_what_is_not_taken_is_one_line_of_the_log_each_and_costs_the_others_nothing(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    places = [web.at("/no"), "nonsense://geheim@x", "json://127.0.0.1:9/x", web.at("/ok")]
    assert deliver(Message("a", "b"), places) == (False, False, False, True)
    assert caplog.messages == [
        f"通知未送出（第 {number} 个地址，{kind}）：地址有误或对方没有接收。可用 jixiao doctor 检查设置。"
        for number, kind in ((1, "json"), (2, "nonsense"), (3, "json"))
    ]


def test_a_place_that_never_answers_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over = threading.Event()
    monkeypatch.setattr(notifying, "_send", lambda *_: over.wait())
    assert deliver(Message("a", "b"), ["json://x"], seconds=0) == (False,)
    over.set()
    assert caplog.messages == ["通知未送出（第 1 个地址，json）：没有回应。可用 jixiao doctor 检查设置。"]


def test_addresses_stand_in_the_environment_or_in_a_file_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "地址.txt"
    file.write_text("# 值班\n\n mailto://a \n", encoding="utf-8-sig")
    monkeypatch.setenv("JIXIAO_NOTIFY", "json://x  json://y")
    monkeypatch.setenv("JIXIAO_NOTIFY_FILE", str(file))
    assert addresses() == ("json://x", "json://y", "mailto://a")


def test_a_file_of_addresses_that_is_not_there_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFY_FILE", str(tmp_path / "无"))
    tell_results((DIGEST,))
    assert caplog.messages == [
        "通知未送出：环境变量 JIXIAO_NOTIFY_FILE 指定的文件无法读取（文件或文件夹不在原处）。"
    ]


@pytest.mark.parametrize(
    ("address", "understood"),
    [
        ("mailtos://u:p@smtp.office.invalid?to=a@office.invalid", True),
        ("wecombot://key", True),
        ("dingtalk://token", True),
        ("feishu://token", True),
        ("json://127.0.0.1/x", True),
        ("mailto://", False),
        ("nonsense://x", False),
        ("x", False),
    ],
)
def test_which_addresses_can_be_used_is_known_without_sending(*, address: str, understood: bool) -> None:
    assert is_understood(address) is understood
