from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.readings import parts, read, shown
from tests.builders.sheets import FUNDS_HEADER, PROJECT, before, project, sheet

if TYPE_CHECKING:
    from jixiao.domain.submissions import Line

TOTAL = {
    "initial_budget": "400",
    "annual_budget": "420",
    "executed": "390",
    "weight": "10",
    "execution_rate": "92.86",
    "self_score": "9.29",
}


def lines(text: str) -> dict[str, Line]:
    return {line.item: line for line in read(sheet(text)).submission.lines}


def test_rows_are_known_by_their_names_whatever_their_order() -> None:
    assert list(lines(PROJECT)) == ["total", "fiscal", "carryover", "other"]
    turned = project(
        ("^ | 上年结转资金 | 20.00 | 20.00 | 20.00", "^ | 其他资金 | 0 | 0 | 1"),
        ("^ | 其他资金 | 0 | 0 | 0", "^ | 上年结转资金 | 20.00 | 20.00 | 19.00"),
    )
    assert shown(lines(turned)["carryover"].entries)["executed"] == "19"


def test_a_row_is_called_what_the_form_calls_it_and_stands_where_it_stands() -> None:
    fiscal = lines(PROJECT)["fiscal"]
    assert (fiscal.label, fiscal.ref.a1, fiscal.entries["executed"].ref.a1) == (
        "其中：当年财政拨款",
        "C6",
        "E6",
    )


def test_the_first_row_of_a_name_counts() -> None:
    again = project(before("^ | 其他资金", "^ | 年度资金总额 | 1 | 1 | 1 | 1 | 1 | 1"))
    assert shown(lines(again)["total"].entries) == TOTAL


def test_a_block_with_fewer_rows_and_columns() -> None:
    text = project(
        (
            FUNDS_HEADER,
            "项目资金（万元） |  | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率（B/A） | 得分 |",
        ),
        (
            "^ | 年度资金总额 | 400.00 | 420.00 | 390.00 | 10 | 92.86% | 9.29",
            "^ | 年度资金总额 | 420.00 | 390.00 | 10 | 92.86% | 9.29 |",
        ),
        ("^ | 其中：当年财政拨款 | 380.00 | 400.00 | 370.00 | — | — | —\n", ""),
        ("^ | 上年结转资金 | 20.00 | 20.00 | 20.00 | — | — | —\n", ""),
        ("^ | 其他资金 | 0 | 0 | 0 | — | — | —\n", ""),
    )
    form = read(sheet(text))
    assert parts(form.submission)["lines"] == {
        "funds.total": {name: value for name, value in TOTAL.items() if name != "initial_budget"}
    }
    assert form.audit() == set()


def test_the_first_row_s_name_beside_the_header() -> None:
    text = project(
        (FUNDS_HEADER, FUNDS_HEADER.replace("（万元） |  |", "（万元） | 年度资金总额 |")),
        ("^ | 年度资金总额 | 400", "^ |  | 400"),
    )
    assert shown(lines(text)["total"].entries) == TOTAL
    assert read(sheet(text)).audit() == set()


def test_a_form_without_the_table_has_no_rows() -> None:
    assert lines(project((FUNDS_HEADER, "项目资金（万元）"), ("^ | 年度资金总额", "^ | 甲"))) == {}
