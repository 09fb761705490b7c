"""The page as a browser shows it: from disk, without network, by keyboard, on a phone, on paper."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from jixiao.domain.report import Audience
from tests.builders.evaluations import (
    FINDINGS,
    OVERALL_SHEET,
    PROJECT_SHEETS,
    PROVINCIAL,
    evaluation,
    large_evaluation,
)
from tests.builders.pages import many, page
from tests.pages.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.pages.conftest import Opened

_NAMES = "#departments tbody tr:not([hidden]) .name"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "--><svg onload=alert(3)>",
    "{{ 7 * 7 }}${alert(4)}",
    "' onmouseover='alert(5)' \" autofocus onfocus=\"alert(6)",
    "javascript:alert(7)",
    "甲\u2028乙\u202e丙&lt;b&gt;/丁#戊%20",
)


@cache
def invented() -> str:
    return page(large_evaluation(8))


def names(page: Page) -> list[str]:
    return page.locator(_NAMES).all_text_contents()


def open_department(page: Page, name: str) -> None:
    page.wait_for_function("name => document.querySelector('#department').dataset.ready === name", arg=name)


def test_it_is_searched_filtered_and_sorted(opened: Opened) -> None:
    with opened(invented()) as page:
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        assert names(page)[:2] == ["云梦泽省虚构第1局", "云梦泽省虚构第2局"]
        page.get_by_label("搜索部门").fill(" 第３局")
        assert names(page) == ["云梦泽省虚构第3局"]
        assert page.locator("#count").text_content() == "显示 1 / 8 个部门"
        page.get_by_label("搜索部门").fill("没有的局")
        assert names(page) == []
        assert page.locator("#none").is_visible()
        page.get_by_label("搜索部门").fill("")
        page.get_by_role("combobox", name="状态").select_option("通过")
        assert names(page) == ["云梦泽省虚构第4局", "云梦泽省虚构第8局"]
        page.get_by_role("combobox", name="状态").select_option("")
        page.get_by_role("button", name="采用得分").click()
        page.get_by_role("button", name="采用得分").click()
        assert names(page)[:2] == ["云梦泽省虚构第8局", "云梦泽省虚构第7局"]
        sorted_by = page.locator("#departments th[aria-sort]")
        assert (sorted_by.all_text_contents(), sorted_by.get_attribute("aria-sort")) == (
            ["采用得分"],
            "ascending",
        )


def test_a_department_is_opened_and_left_by_keyboard(opened: Opened) -> None:
    with opened(page(evaluation())) as shown:
        shown.locator(".listing .name a").focus()
        shown.keyboard.press("Enter")
        open_department(shown, PROVINCIAL)
        assert shown.evaluate("document.activeElement.textContent") == PROVINCIAL
        assert not shown.locator("#round").is_visible()
        first = shown.locator("#sheets tbody tr").first.locator("td")
        assert first.all_text_contents()[:7] == [
            *("错误", "地方金融监管工作经费", "项目支出绩效自评表"),
            "省委金融办2024年度绩效自评表.xlsx › 附件3-3!D7",
            *("年度资金总额·年初预算数", "449.07", "449.08"),
        ]
        assert first.locator("a").get_attribute("href") == (
            "../../inputs/hunan-2024/%E7%9C%81%E5%A7%94%E9%87%91%E8%9E%8D%E5%8A%9E2024%E5%B9%B4%E5%BA%A6"
            "%E7%BB%A9%E6%95%88%E8%87%AA%E8%AF%84%E8%A1%A8.xlsx"
        )
        scores = shown.locator("#sheets section", has_text="得分核算").last
        scores.locator("details details summary").first.press("Enter")
        assert scores.get_by_text("10 × 95.54% = 9.55").is_visible()
        shown.keyboard.press("Escape")
        shown.locator("#round").wait_for()  # not by a script: the page's own policy forbids to evaluate one
        assert shown.evaluate("document.activeElement.textContent") == PROVINCIAL


def test_a_browser_that_cannot_unpack_says_so_and_shows_the_rest(opened: Opened) -> None:
    with opened(page(evaluation())) as shown:
        shown.evaluate("delete window.DecompressionStream")
        shown.locator(".listing .name a").click()
        open_department(shown, PROVINCIAL)
        said = "此浏览器不能展开明细，请换用较新的浏览器，或查看工作簿。"
        assert shown.get_by_role("alert").text_content() == said
        assert shown.locator("#facts").get_by_text("98.03").first.is_visible()


def test_nothing_of_a_cell_comes_to_life(opened: Opened) -> None:
    sheets = [replace(OVERALL_SHEET, department=name, file=f"{n}{name}") for n, name in enumerate(HOSTILE)]
    found = [
        replace(
            FINDINGS[2], finding_id=f"FD{n}", department=name, file=f"{n}{name}", label=name, statement=name
        )
        for n, name in enumerate(HOSTILE)
    ]
    html = page(evaluation(sheets, composites=(), findings=found))
    for alive, elements in ((False, 3 + len(HOSTILE)), (True, 3 + len(HOSTILE))):
        with opened(html, audited=alive) as shown:  # with the page's policy, and by escaping alone
            assert sorted(names(shown)) == sorted(HOSTILE)
            for name in HOSTILE:
                shown.evaluate("name => { location.hash = '#部门/' + encodeURIComponent(name); }", name)
                open_department(shown, name)
                assert shown.locator("#department-name").text_content() == name
                assert shown.locator("#sheets [data-label='问题']").first.text_content() == name
                link = shown.locator("#sheets tbody a").first
                assert (link.get_attribute("href") or "").startswith("../../inputs/hunan-2024/")
            assert shown.locator("script").count() == elements - 1
            assert shown.locator("img, [onload], [onerror], [onfocus], [onmouseover]").count() == 0


@pytest.mark.parametrize("audience", list(Audience))
def test_assistive_programs_find_their_way(opened: Opened, audience: Audience) -> None:
    given = evaluation((OVERALL_SHEET, PROJECT_SHEETS[0]), composites=())
    with opened(page(given, audience), audited=True) as shown:
        shown.locator("#方法 ~ details tbody tr:nth-child(n+4)").evaluate_all(
            "(all) => all.forEach((one) => one.remove())"
        )
        assert violations(shown) == []
        shown.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        shown.evaluate("name => { location.hash = '#部门/' + name; }", PROVINCIAL)
        open_department(shown, PROVINCIAL)
        assert violations(shown) == []


def violations(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return [str(each) for each in Axe().run(page).response["violations"]]


def test_nothing_is_cut_off_or_tiny(opened: Opened) -> None:
    wide = replace(OVERALL_SHEET, department="很长的名称" * 12, file="长.xlsx")
    html = page(evaluation((OVERALL_SHEET, wide), composites=()))
    for size in (PHONE, DESKTOP):
        with opened(html, size) as shown:
            assert shown.evaluate("document.documentElement.scrollWidth") == size[0]
            shown.evaluate("name => { location.hash = '#部门/' + name; }", PROVINCIAL)
            open_department(shown, PROVINCIAL)
            assert shown.evaluate("document.documentElement.scrollWidth") == size[0]
            assert shown.evaluate(_SMALLEST) >= 13


_SMALLEST = """Math.min(...Array.from(document.querySelectorAll('body *'))
  .filter((each) => each.offsetParent && each.textContent.trim())
  .map((each) => parseFloat(getComputedStyle(each).fontSize)))"""


def test_it_is_printed_on_a4(opened: Opened, tmp_path: Path) -> None:
    with opened(page(evaluation()), place="#部门/" + PROVINCIAL) as shown:
        open_department(shown, PROVINCIAL)
        text = printed(shown, tmp_path / "部门.pdf")
        assert "10 × 95.54% = 9.55" in text  # folded on the screen
        assert "返回部门列表" not in text
    with opened(invented()) as shown:
        text = printed(shown, tmp_path / "批次.pdf")
        assert all(f"云梦泽省虚构第{place}局" in text for place in range(1, 9))
        assert "搜索部门" not in text
    with opened(page(evaluation(), Audience.PUBLIC)) as shown:
        assert "分值分配" in printed(shown, tmp_path / "公开.pdf")


def printed(page: Page, file: Path) -> str:
    page.pdf(path=file, prefer_css_page_size=True)
    about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True)  # noqa: S603, S607
    assert "A4" in about.stdout
    said = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return said.stdout


def test_a_thousand_departments_stand_there_before_anything_is_unpacked(opened: Opened) -> None:
    with opened(many(evaluation(), 1000)) as shown:
        assert len(names(shown)) == 1000
        assert shown.locator("#sheets *").count() == 0
        # a row is 23 elements, a packed view one; the rest of the page does not grow
        assert shown.evaluate("document.querySelectorAll('*').length") < 1000 * 24 + 1000
        assert shown.evaluate("performance.getEntriesByType('paint').length") > 0
        shown.get_by_label("搜索部门").fill("第999局")
        assert names(shown) == ["云梦泽省虚构第999局"]


def test_without_scripts_the_list_is_read_all_the_same(opened: Opened) -> None:
    with opened(invented(), scripts=False) as page:
        assert len(names(page)) == 8
        assert page.get_by_text("搜索、排序和部门明细须启用 JavaScript").is_visible()
        assert not page.locator("#controls").is_visible()
