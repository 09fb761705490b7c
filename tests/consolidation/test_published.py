"""The workbook for everybody: results alone, and nobody's name, number or remark."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from jixiao.consolidation.departments import department_sheet, rank
from jixiao.consolidation.page import round_page
from jixiao.consolidation.published import published_sheets, published_text
from jixiao.consolidation.shares import share_of
from jixiao.consolidation.summary import gather, review
from jixiao.consolidation.uses import marked_state
from jixiao.domain.report import Audience, Formula, Link, SheetSpec, Toned
from jixiao.domain.reviews import Outcome, Reviews, UseRule
from jixiao.pages import render
from tests.builders.evaluations import FINDINGS, OVERALL_SHEET, PROJECT_SHEETS, evaluation
from tests.builders.pages import edition, facts, sheets_of, unpacked, views
from tests.builders.results import split

if TYPE_CHECKING:
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation
    from tests.builders.evaluations import Sheet

PERSON, MOBILE, LANDLINE = "某某某", "13" + "0" * 9, "0100-" + "1" * 8
MAIL, CARD = "somebody@example.org", "10" * 9
"""Nobody's: shaped like a person's, and put together so that no such number stands in this file."""
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SECRETS = (PERSON, MOBILE, LANDLINE, MAIL, CARD)


def sheets(given: Evaluation) -> dict[str, SheetSpec]:
    own = edition(given)
    nobodys, departments = split(given)
    gathered = gather(nobodys, [share_of(each, name, own).facts for name, each in departments.items()])
    ranking = department_sheet(rank([each.standings for each in gathered.facts]), own)
    return {
        each.name: each for each in published_sheets(gathered, ranking, review(gathered, own).decisions, own)
    }


def texts(found: dict[str, SheetSpec]) -> str:
    """All that a workbook of these sheets says."""
    said = [
        part
        for sheet in found.values()
        for part in (sheet.name, sheet.title, sheet.note, *(column.title for column in sheet.columns))
    ]
    said += [_text(cell) for sheet in found.values() for row in (*sheet.rows, *sheet.totals) for cell in row]
    return "\n".join(said)


def _text(cell: Content) -> str:
    if isinstance(cell, Formula):
        return f"{cell.text} {cell.value}"
    if isinstance(cell, Link):
        return f"{cell.text} {cell.file} {cell.place}"
    return cell.text if isinstance(cell, Toned) else str(cell)


_SECRET = "、".join(SECRETS)


def _spoiled(form: Sheet) -> Sheet:
    """A form with a person in every text that a department writes."""
    texts_of: dict[str, Any] = dict.fromkeys(("level2", "level3", "target", "actual", "reason"), _SECRET)
    rows = tuple(replace(row, level1=f"{row.level1}{_SECRET}", **texts_of) for row in form.rows)
    return replace(
        form,
        rows=rows,
        department=f"{form.department} {MOBILE}",
        project=form.project and f"{form.project}（负责人：{_SECRET}）",
        file=f"{_SECRET}.xlsx",
        sheet=f"{form.sheet}{PERSON}",
    )


def with_persons() -> Evaluation:
    """The worked round with a person in every text, and in what we say of it."""
    texts_of = ("message", "statement", "label", "reported", "expected", "suggestion", "reply")
    told: dict[str, Any] = dict.fromkeys(texts_of, _SECRET)
    forms = [_spoiled(each) for each in (OVERALL_SHEET, *PROJECT_SHEETS)]
    found = [
        replace(each, department=forms[0].department, file=forms[0].file, sheet=forms[0].sheet, **told)
        for each in FINDINGS
    ]
    return evaluation(forms, composites=(), findings=found)


def test_no_person_and_no_number_comes_out_of_any_text_of_the_forms() -> None:
    given = with_persons()
    workbook = texts(sheets(given))
    page = render(round_page(facts(given), edition(given), Audience.PUBLIC), {})
    view = "".join(str(unpacked(each)) for each in views(given, Audience.PUBLIC).values())
    internal = texts(
        {each.name: each for found in sheets_of(given).values() for each in found[Audience.INTERNAL]}
    )
    for secret in SECRETS:
        assert secret in internal  # it does stand in what the finance department sees
        assert secret not in workbook
        assert secret not in page
        assert secret not in view
    assert "98.72" in workbook
    assert "98.72" in view


@pytest.mark.parametrize(
    ("written", "published"),
    [
        (f"水库除险加固（联系人：{PERSON} {MOBILE}）", "水库除险加固（略）"),
        (f"水库除险加固 负责人:{PERSON}", "水库除险加固（略）"),
        (f"信息化 {MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}", "信息化 （略）"),
        (f"热线（{LANDLINE[:4]}）{LANDLINE[5:]} 运行费", "热线（略） 运行费"),
        ("12345热线运行费", "12345热线运行费"),
        ("2024年第110200号工程", "2024年第110200号工程"),
        ("G5513长张高速养护", "G5513长张高速养护"),
        ("高标准农田建设20240101批", "高标准农田建设20240101批"),
        ("手机App开发：一期", "手机App开发：一期"),
        ("咨询 a.b@example.org", "咨询 （略）"),
        ("信息化" + MOBILE.translate(WIDE), "信息化（略）"),
        (f"信息化 +86 {MOBILE}", "信息化 （略）"),
        (f"培训 联 系 人 ：{PERSON}", "培训（略）"),
        (f"培训 {CARD}", "培训 （略）"),
    ],
)
def test_names_are_published_without_what_is_a_persons(written: str, published: str) -> None:
    assert published_text(written) == published


def test_the_sheets_and_their_columns_are_these_and_no_more() -> None:
    found = sheets(evaluation(findings=FINDINGS))
    assert {name: ", ".join(column.title for column in sheet.columns) for name, sheet in found.items()} == {
        "评价结果": "名次, 部门, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 项目数, 结果",
        "项目结果": "部门, 项目, 采用得分, 等级, 全年预算数, 全年执行数, 执行率, 结果",
        "预算执行": "等级, 部门数, 全年预算数, 全年执行数, 资金合计执行率, 简单平均执行率",
        "结果应用": "等级, 部门数, 全年预算数, 全年执行数",
        "评价方法": "规则, 适用, 方法, 参数, 依据",
        "说明": "项目, 内容",
    }
    assert not any(sheet.filtered or sheet.hidden for sheet in found.values())
    assert all(
        len(row) == len(sheet.columns) for sheet in found.values() for row in (*sheet.rows, *sheet.totals)
    )
    said = texts(found)
    for each in FINDINGS:
        assert each.statement not in said
        assert each.file not in said


def test_a_score_that_may_change_is_provisional_and_formulas_stay_on_their_sheet() -> None:
    found = sheets(evaluation(findings=FINDINGS))
    (row,) = found["评价结果"].rows
    assert row[:5] == (1, "省委金融办", Decimal("98.03"), "优", Decimal("5173.99"))
    assert row[6] == Formula(
        'IF([全年预算数]>0,[全年执行数]/[全年预算数],"")', Decimal("4943.35") / Decimal("5173.99")
    )
    assert row[7:] == (6, marked_state("暂定"))
    assert {each[-1] for each in found["项目结果"].rows} == {marked_state("暂定")}
    assert "!" not in "".join(
        _text(cell)
        for sheet in found.values()
        for row in sheet.rows
        for cell in row
        if isinstance(cell, Formula)
    )
    assert sheets(evaluation(findings=()))["评价结果"].rows[0][-1] == marked_state("已审核")


def test_what_follows_is_published_only_where_the_jurisdiction_rules_it() -> None:
    given = evaluation(findings=())
    rule = UseRule("best", "优", Outcome.KEEP, "", "某办法", grades=("优",))
    scheme = replace(given.round.scheme, reviews=Reviews(uses=(rule,)))
    ruled = replace(given, round=replace(given.round, scheme=scheme))
    found = sheets(ruled)
    assert "结果应用明细" not in sheets(given)
    assert [row[6].text for row in found["结果应用明细"].rows if isinstance(row[6], Toned)] == ["保持"] * 7
    assert "另有结果应用的规则" in found["结果应用"].note
    public = round_page(facts(ruled), edition(ruled), Audience.PUBLIC)
    assert [each.name for each in public.decided] == ["按规则的结果应用", "结果应用明细"]
    assert round_page(facts(given), edition(given), Audience.PUBLIC).decided == ()
    (tally,) = round_page(facts(given), edition(given), Audience.INTERNAL).decided
    assert tally.rows[0] == ("部门", "保持", 1, Decimal("5173.99"))
    assert "只是供研究的建议" in tally.note


@pytest.mark.parametrize("text", ["a" * 32767, " " * 32767, "0" * 32767, "联 " * 16000, "a@" * 16000])
def test_endless_names_are_looked_through_in_no_time(text: str) -> None:
    """Cubic or square ways through would take minutes."""
    assert len(published_text(text)) <= len(text)
