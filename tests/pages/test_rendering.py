"""The page's text: equal values give equal bytes, the public edition keeps its mouth shut."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from jixiao.consolidation.page import round_page
from jixiao.domain.report import Audience, ColumnSpec, Formula, Kind, Link, SheetSpec, Tone, Toned
from jixiao.pages import packed, render
from jixiao.pages.rendering import address, shown
from tests.builders.evaluations import FINDINGS, PROVINCIAL, evaluation
from tests.builders.pages import CREATED, edition, facts, page, unpacked, views

SHEET = SheetSpec(
    name="甲",
    title="",
    note="读法",
    columns=(ColumnSpec("名称"), ColumnSpec("资金", Kind.AMOUNT), ColumnSpec("状态", Kind.MARK)),
    rows=(
        ("</script>", Decimal("1234.5"), Toned("通过", Tone.GOOD)),
        (Link("一", file="../a b.xlsx"), None, None),
    ),
    strong=frozenset({1}),
)


def test_words_that_no_row_has_take_no_room_and_figures_do() -> None:
    sheet = replace(SHEET, rows=(("甲", None, None), ("", None, "")))
    assert unpacked(packed([sheet]))[0]["columns"] == [["名称", "text"], ["资金", "amount"]]


def test_a_view_holds_what_its_sheets_say() -> None:
    assert unpacked(packed([SHEET])) == [
        {
            "name": "甲",
            "note": "读法",
            "empty": "",
            "grouped": False,
            "columns": [["名称", "text"], ["资金", "amount"], ["状态", "mark"]],
            "rows": [["</script>", "1,234.50", ["通过", "good", ""]], [["一", "", "../a%20b.xlsx"], "", ""]],
            "strong": [1],
        }
    ]


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (None, Kind.AMOUNT, ""),
        (Decimal(-1234), Kind.AMOUNT, "−1,234.00"),
        (Decimal("98.034"), Kind.SCORE, "98.03"),
        (Decimal("0.955"), Kind.RATE, "95.50%"),
        (Formula("RANK()", 1), Kind.COUNT, "1"),
        (Formula("[a]/[b]", Decimal("0.5")), Kind.RATE, "50.00%"),
        (Toned("120", Tone.DOUBT), Kind.SCORE, "120"),
        (12345, Kind.COUNT, "12,345"),
        ("词", Kind.SCORE, "词"),
    ],
)
def test_cells_are_shown_as_the_workbook_prints_them(
    content: Formula | Decimal | str, kind: Kind, text: str
) -> None:
    assert shown(content, kind) == text


@pytest.mark.parametrize("file", ["javascript:alert(1)", "//evil/x", "http://x/y.xlsx", "data:text/html,x"])
def test_an_address_is_a_path_whatever_the_file_is_called(file: str) -> None:
    assert re.fullmatch(r"\./[^:]*", address(file))


def test_equal_values_give_equal_bytes_but_for_the_time() -> None:
    given, later = evaluation(), CREATED + timedelta(minutes=1)
    assert page(given) == page(given)
    packed_views = views(given, Audience.INTERNAL)
    other = render(
        round_page(facts(given), replace(edition(given), created=later), Audience.INTERNAL), packed_views
    )
    assert other.replace("18:01", "18:00") == page(given)


def test_nothing_is_loaded_from_outside() -> None:
    html = page(evaluation())
    assert re.findall(r"(?:src|srcset|poster)=|url\(|@import|https?:", html) == []
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in html
    assert "unsafe" not in html
    script = html.partition("<script>")[2].partition("</script>")[0]
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", script) == []
    )


def test_the_public_edition_says_nothing_of_findings_files_and_what_departments_wrote() -> None:
    given = evaluation()
    html = page(given, Audience.PUBLIC)
    (view,) = views(given, Audience.PUBLIC).values()
    said = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL) + json.dumps(
        unpacked(view), ensure_ascii=False
    )
    unsaid = {
        *(
            "审核发现",
            "退回修改",
            "核算过程",
            "自评得分",
            "核算得分",
            "可核实比例",
            "主要扣分",
            ".xlsx",
            ".csv",
        ),
        *("审核反馈/", "inputs/", "车辆老化", "附件3-3", "noindex"),
        *(text for each in FINDINGS for text in (each.finding_id, each.statement, each.suggestion)),
    }
    assert {text for text in unsaid if text in said.replace(_without_rules(html), "")} == set()
    assert {
        text for text in (PROVINCIAL, "98.03", "公开版", "评分规则", "结果应用") if text not in said
    } == set()


def _without_rules(html: str) -> str:
    """The table of rules, which speaks of self scores in general."""
    return html[
        html.index('<h2 id="方法"') : html.index("</details>\n</section>", html.index('<h2 id="方法"'))
    ]
