from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.audit.department.composites import check_composite_table, check_unfiled, unfiled_projects
from jixiao.domain.forms import (
    ColumnLayout,
    FieldLayout,
    FormLayout,
    Scope,
    TableKind,
    TableLayout,
    ValueKind,
)
from jixiao.domain.submissions import Line, Submission
from jixiao.scoring.cards import score
from jixiao.scoring.composite import compose
from tests.builders.details import LIST, list_scheme, project_list
from tests.builders.schemes import OVERALL, PROJECT, scheme
from tests.builders.submissions import FILE, entry, good_project, ref
from tests.builders.worked import worked_forms

if TYPE_CHECKING:
    from jixiao.domain.findings import Finding
    from jixiao.domain.scheme import Scheme

COLUMNS = {"funds": "财政资金", "score": "项目得分", "share": "资金占比", "weighted": "加权得分"}
TABLE = FormLayout(
    id="composite-table",
    title="综合评分表",
    scope=Scope.DETAIL,
    titles=("综合评分表",),
    fields=(FieldLayout("grade", "评价等级", ("评价等级",)),),
    tables=(
        TableLayout(
            "items",
            "综合评分",
            TableKind.LIST,
            (
                ColumnLayout("item", "项目名称", ("项目名称",)),
                *(ColumnLayout(name, title, (title,), ValueKind.NUMBER) for name, title in COLUMNS.items()),
            ),
        ),
    ),
)
Rows = dict[str, tuple[str, str, str, str]]
PRINTED: Rows = {
    "部门整体（基本支出）": ("2291.01", "96.55", "46.36", "45.83"),
    "风险防范": ("358.02", "98.72", "7.24", "7.15"),
    "平台运维": ("195.96", "99.65", "3.96", "3.95"),
    "监管工作": ("419.55", "97.93", "8.49", "8.31"),
    "宣传工作": ("112.88", "97.63", "2.28", "2.23"),
    "预警平台": ("1442.20", "100.00", "29.17", "29.17"),
    "干部培训": ("68.83", "100.00", "1.39", "1.39"),
    "结转项目": ("54.90", "—", "1.11", "—"),
    "总计": ("4943.35", "—", "100.00", "98.03"),
}
"""As the first source document prints it; carry-over projects in one row."""


def rules() -> Scheme:
    given = scheme()
    assert given.composite is not None
    composite = replace(given.composite, table="composite-table:items")
    return replace(given, forms=(OVERALL, PROJECT, TABLE), composite=composite)


def table(rows: Rows, submission_id: str = "综合评分") -> Submission:
    """Names in A, figures from B, the first row in row 2."""
    lines = []
    for at, (name, figures) in enumerate(rows.items(), start=1):
        cells = {
            column: entry(at, place, text)
            for place, (column, text) in enumerate(zip(COLUMNS, figures, strict=True), start=1)
        }
        item = "total" if name == "总计" else name
        lines.append(Line("items", item, name, ref(at, 0), {"item": entry(at, 0, name), **cells}))
    return Submission(
        submission_id=submission_id,
        form=TABLE.id,
        scope=TABLE.scope,
        file=FILE,
        sheet="综合评分",
        sha256="0" * 64,
        department="虚构市示例局",
        implementer="",
        project="",
        year=2024,
        fields={},
        lines=tuple(lines),
    )


def found(rows: Rows, *further: Submission) -> list[Finding]:
    given = rules()
    cards = [score(each, given) for each in (*worked_forms(), table(rows), *further)]
    return list(check_composite_table(cards, given, compose("局", cards, given)))


def changed(name: str, column: str, text: str) -> Rows:
    at = list(COLUMNS).index(column)
    row = PRINTED[name]
    return {**PRINTED, name: (*row[:at], text, *row[at + 1 :])}  # type: ignore[dict-item]  # four texts remain


def test_the_published_table_is_right() -> None:
    assert found(PRINTED) == []


@pytest.mark.parametrize(
    ("name", "column", "text", "cell", "expected"),
    [
        ("风险防范", "funds", "385.02", "B3", "358.02"),
        ("风险防范", "score", "99.72", "C3", "98.72"),
        ("监管工作", "share", "9.84", "D5", "8.49"),
        ("监管工作", "weighted", "8.13", "E5", "8.31"),
        ("部门整体（基本支出）", "weighted", "48.38", "E2", "45.83"),
        ("总计", "weighted", "99.03", "E10", "98.03"),
    ],
)
def test_one_wrong_figure(name: str, column: str, text: str, cell: str, expected: str) -> None:
    (finding,) = found(changed(name, column, text))
    assert (finding.code, finding.place.cell, finding.expected) == ("X107", cell, expected)
    assert finding.label == f"{name}·{COLUMNS[column]}"


@pytest.mark.parametrize(
    ("name", "column", "text"),
    [
        ("部门整体（基本支出）", "share", "46.35"),
        ("干部培训", "share", "1.38"),
        ("部门整体（基本支出）", "weighted", "44.76"),
        ("总计", "weighted", "98.04"),
        ("风险防范", "score", "—"),
    ],
    ids=["unrounded residual", "residual elsewhere", "own share alone", "rounding", "not given"],
)
def test_what_may_be_so(name: str, column: str, text: str) -> None:
    assert found(changed(name, column, text)) == []


def graded(grade: str, rows: Rows = PRINTED) -> list[Finding]:
    given = rules()
    form = replace(table(rows), fields={"grade": entry(11, 1, grade)})
    cards = [score(each, given) for each in (*worked_forms(), form)]
    return list(check_composite_table(cards, given, compose("局", cards, given)))


def test_a_grade_that_the_printed_composite_does_not_earn() -> None:
    (finding,) = graded("良")
    assert (finding.code, finding.place.cell, finding.label) == ("S107", "B12", "评价等级")
    assert (finding.reported, finding.expected, finding.figures) == ("良", "优", {"score": "98.03"})


@pytest.mark.parametrize("grade", ["优", "优秀", "本部门整体绩效良好，管理规范。"])
def test_a_grade_that_fits_and_a_sentence_that_is_none(grade: str) -> None:
    assert graded(grade) == []


def test_the_grade_is_held_against_the_total_that_stands_there() -> None:
    found = graded("良", changed("总计", "weighted", "88.03"))
    assert [(each.code, each.place.cell) for each in found] == [("X107", "E10")]


def test_the_product_of_the_rows_own_figures_stands() -> None:
    rows = changed("风险防范", "share", "7.30")
    rows["风险防范"] = ("358.02", "98.72", "7.29", "7.20")
    assert found(rows) == []


def renamed(old: str, new: str) -> Rows:
    return {new if name == old else name: row for name, row in PRINTED.items()}


def test_a_row_is_found_by_its_funds_where_its_name_is_another() -> None:
    rows = renamed("部门整体（基本支出）", "部门整体支出")
    rows["部门整体支出"] = ("2291.01", "95.55", "46.36", "45.83")
    (finding,) = found(rows)
    assert (finding.code, finding.place.cell, finding.expected) == ("X107", "C2", "96.55")


def test_a_similar_name_is_said() -> None:
    given = rules()
    forms = [
        replace(each, project="地方虚构征信与监管平台运维经费") if each.project == "平台运维" else each
        for each in worked_forms()
    ]
    cards = [
        score(each, given)
        for each in (*forms, table(renamed("平台运维", "地方虚构征信与监管平台运维工作经费")))
    ]
    (finding,) = check_composite_table(cards, given, compose("局", cards, given))
    assert (finding.code, finding.place.cell) == ("X104", "A4")
    assert finding.figures["other"] == "地方虚构征信与监管平台运维经费"


def test_two_tables_or_none_are_left_alone() -> None:
    assert found(PRINTED, table(changed("总计", "weighted", "1.00"), "另一份")) == []
    given = rules()
    cards = [score(each, given) for each in worked_forms()]
    assert list(check_composite_table(cards, given, compose("局", cards, given))) == []


def test_without_a_composite_of_ours_there_is_nothing_to_compare() -> None:
    given = rules()
    card = score(table(PRINTED), given)
    assert list(check_composite_table([card], given, None)) == []


def test_the_composite_of_the_tests_is_the_published_one() -> None:
    given = rules()
    composite = compose("局", [score(each, given) for each in worked_forms()], given)
    assert composite is not None
    assert composite.score == Decimal("98.03")


def budget_scheme() -> Scheme:
    """The test scheme whose list is a budget table."""
    (table,) = LIST.tables
    layout = replace(LIST, tables=(replace(table, budget=True),))
    return replace(list_scheme(), forms=(*list_scheme().forms[:-1], layout))


def names(*forms: str) -> list[str]:
    submissions = [project_list(), *(good_project(PROJECT, name) for name in forms)]
    return [line.item for line in unfiled_projects(submissions, budget_scheme())]


def test_projects_with_a_form_are_left_out() -> None:
    assert names("示例甲") == ["示例乙", "示例丙"]
    assert names("示例甲", "示例乙", "示例丙") == []


def test_names_match_as_everywhere() -> None:
    assert names("（示例）甲") == ["示例乙", "示例丙"]


def test_of_two_lists_nobody_knows_which_is_meant() -> None:
    lists = [project_list(), project_list(submission_id="另一份")]
    assert unfiled_projects(lists, budget_scheme()) == ()


def test_a_list_that_is_no_budget_lists_no_projects() -> None:
    assert unfiled_projects([project_list()], list_scheme()) == ()


def owing(*forms: str, asked: bool = True) -> list[tuple[str, str, str]]:
    rules = replace(budget_scheme(), every_project_reports=asked)
    submissions = [project_list(), *(good_project(PROJECT, name) for name in forms)]
    return [(each.code, each.place.cell, each.label) for each in check_unfiled(submissions, rules)]


def test_a_listed_project_with_money_of_the_year_owes_a_form() -> None:
    assert owing("示例甲", "示例乙") == [("P108", "A6", "示例丙")]


def test_a_department_without_any_project_form_is_told_elsewhere() -> None:
    assert owing() == []


def test_a_scheme_that_does_not_ask_says_nothing() -> None:
    assert owing("示例甲", asked=False) == []
