"""A browser for the tests of pages: Debian's Chromium driven by Playwright, without network."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Opened = Callable[..., AbstractContextManager[Page]]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
DESKTOP, PHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module's tests; where none is installed they are skipped, but never in CI.

    It goes with them: its driver keeps an event loop running, which no other test may find.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if "JIXIAO_CI" in os.environ else pytest.skip(reason)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Opened:
    """Opens a page from disk; what it asks for elsewhere, or complains of, fails the test."""

    @contextmanager
    def open_page(
        html: str,
        size: tuple[int, int] = DESKTOP,
        *,
        place: str = "",
        audited: bool = False,
        scripts: bool = True,
    ) -> Iterator[Page]:
        file = tmp_path / "结果 #1.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            offline=True,
            bypass_csp=audited,
            java_script_enabled=scripts,
        )
        page = context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri() + place)
        yield page
        context.close()
        assert troubles == []
        assert {url.partition("#")[0] for url in asked if not url.startswith("blob:")} == {file.as_uri()}

    return open_page
