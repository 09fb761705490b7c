from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import scheme_ids, scheme_path, seeds_folder
from jixiao.catalog.scheme_workbook.layouts import load_book_layout
from jixiao.catalog.scheme_workbook.sheets import parse_book, scheme_sheets
from jixiao.consolidation import words
from jixiao.domain.scheme import Method
from jixiao.pipeline.scheme_books import export_scheme, import_scheme
from jixiao.pipeline.settings import ConfigurationError
from jixiao.workbooks.edited import read_edited
from jixiao.workbooks.writing import write_workbook
from tests.builders.seeds import edit, write_seeds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from jixiao.domain.scheme import Scheme
    from jixiao.pipeline.scheme_books import ImportedScheme

Cells = dict[tuple[str, str], str | float | bool | None]


def edited(path: Path, scheme_id: str, cells: Mapping[tuple[str, str], str | float | bool | None]) -> Path:
    """The exported workbook of a scheme with some cells changed."""
    export_scheme(scheme_id, path)
    book = load_workbook(path)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def import_edited(
    path: Path, scheme_id: str, cells: Mapping[tuple[str, str], str | float | bool | None]
) -> ImportedScheme:
    """What comes of it."""
    return import_scheme(edited(path, scheme_id, cells))


def rows_of(sheet: Worksheet) -> dict[str, int]:
    """The row of every text in the first column."""
    return {str(cell.value): cell.row for cell in sheet["A"] if cell.value is not None and cell.row}


PACKAGED = seeds_folder()
SCHEME = "bluestone"
OFFICE = shutil.which("soffice")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the invented scheme in a seeds folder of its own."""
    write_seeds(tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(scheme_id: str, text: str, place: Path, year: int | None = None) -> Scheme:
    """The scheme of an imported text, in place of the file of that id."""
    scheme_path(scheme_id, place / "imported").parent.mkdir(parents=True, exist_ok=True)
    scheme_path(scheme_id, place / "imported").write_text(text, encoding="utf-8")
    return load_scheme(scheme_id, place / "imported", place / "seeds", PACKAGED, year=year)


def equal(one: Scheme, other: Scheme) -> bool:
    return one == replace(other, lexicon=one.lexicon)


@pytest.mark.parametrize("scheme_id", [*scheme_ids(PACKAGED), SCHEME])
def test_an_exported_scheme_comes_back_equal(scheme_id: str, place: Path) -> None:
    export_scheme(scheme_id, place / "book.xlsx")
    back = import_scheme(place / "book.xlsx")
    assert (back.id, back.problems) == (scheme_id, ())
    assert equal(load_scheme(scheme_id, place / "seeds", PACKAGED), loaded(scheme_id, back.text, place))


@pytest.mark.parametrize("scheme_id", scheme_ids(PACKAGED))
def test_what_is_written_back_is_only_what_differs(scheme_id: str, place: Path) -> None:
    """The shipped files say only what differs, too: the text has no line for what the parent says."""
    export_scheme(scheme_id, place / "book.xlsx")
    text = import_scheme(place / "book.xlsx").text
    extends = load_scheme(scheme_id, PACKAGED).extends
    assert ("rate_places" in text) is not bool(extends)


AMENDED = """
[[since]]
year = 2033
basis = "青财绩〔2033〕1号"
[since.execution]
score_places = 2
[[since.grades]]
grade = "甲"
low = 90.5
[[since.grades]]
grade = "乙"
low = 0
"""


def test_amendments_have_a_sheet_and_come_back_with_their_years(place: Path) -> None:
    with scheme_path(SCHEME, place / "seeds").open("a", encoding="utf-8") as file:
        file.write(AMENDED)
    path = edited(place / "book.xlsx", SCHEME, {})
    rows = list(load_workbook(path)["按年度修订"].iter_rows(min_row=3, max_row=5, values_only=True))
    assert rows == [
        ("自哪个年度起", "依据", "execution", "grades"),
        (
            2033,
            "青财绩〔2033〕1号",
            "score_places = 2",
            '[[grades]]\ngrade = "甲"\nlow = 90.5\n\n[[grades]]\ngrade = "乙"\nlow = 0',
        ),
        (None, None, None, None),
    ]
    back = import_scheme(path)
    assert back.problems == ()
    for year in (2032, 2033):
        before = load_scheme(SCHEME, place / "seeds", PACKAGED, year=year)
        assert equal(before, loaded(SCHEME, back.text, place, year))


def test_an_officer_adds_an_amendment(place: Path) -> None:
    changes: Cells = {
        ("按年度修订", "A4"): 2032,
        ("按年度修订", "C3"): "exceeded_from",
        ("按年度修订", "C4"): "exceeded_from = 1.5",
    }
    back = import_edited(place / "book.xlsx", SCHEME, changes)
    assert back.problems == ()
    assert loaded(SCHEME, back.text, place, 2031).exceeded_from == Decimal("1.25")
    assert loaded(SCHEME, back.text, place, 2032).exceeded_from == Decimal("1.5")


def test_what_no_sheet_shows_travels_in_a_hidden_one(place: Path) -> None:
    path = edited(place / "book.xlsx", "hunan-provincial", {})
    back = import_scheme(path)
    assert 'table = "composite-score:items"' in back.text
    assert load_workbook(path)["其他设置"].sheet_state == "hidden"


def test_an_officer_changes_rules(place: Path) -> None:
    changes: Cells = {
        ("方案", "B4"): "greenstone",
        ("方案", "B7"): "bluestone",
        ("分值", "D4"): 30,
        ("分值", "E4"): "产出指标 = 40\n效益指标＝30",
        ("评分规则", "D5"): "未超过得满分；超过按 目标值÷实际值 的比例得分",
        ("等级", "B4"): "８８",
        ("定性档次", "C4"): "75%",
        ("定性档次", "D5"): 0.75,
    }
    back = import_edited(place / "book.xlsx", SCHEME, changes)
    assert back.problems == ()
    scheme = loaded("greenstone", back.text, place)
    before = load_scheme(SCHEME, place / "seeds")
    assert scheme.weights[0].execution == Decimal(30)
    assert scheme.weights[0].groups == {"产出指标": Decimal(40), "效益指标": Decimal(30)}
    assert [rule.method for rule in scheme.rules] == [
        Method.PROPORTIONAL,
        Method.INVERSE_RATIO,
        Method.JUDGED,
    ]
    assert scheme.grades[0].low == Decimal(88)
    assert [(band.low, band.high) for band in scheme.bands[:2]] == [
        (Decimal("0.75"), Decimal(1)),
        (Decimal("0.5"), Decimal("0.75")),
    ]
    unchanged = replace(
        before,
        id="greenstone",
        extends="bluestone",
        weights=scheme.weights,
        rules=scheme.rules,
        grades=scheme.grades,
        bands=scheme.bands,
    )
    assert equal(scheme, unchanged)
    assert "rate_places" not in back.text


def test_a_rule_is_split_and_another_dropped(place: Path) -> None:
    changes: Cells = {
        ("评分规则", "C4"): "下限指标\n等于指标\n未写比较符号的数值指标",
        ("评分规则", "A7"): "whole",
        ("评分规则", "B7"): "全得或不得",
        ("评分规则", "C7"): "区间指标、零指标",
        ("评分规则", "D7"): "达成得满分，未达成不得分",
        ("评分规则", "E7"): "办法第七条",
        ("审核级别", "A4"): None,
        ("审核级别", "B4"): None,
    }
    back = import_edited(place / "book.xlsx", SCHEME, changes)
    assert back.problems == ()
    scheme = loaded(SCHEME, back.text, place)
    assert [rule.id for rule in scheme.rules] == ["figures", "ceilings", "rest", "whole"]
    assert scheme.severities == {}


AS_EXPORTED = "请在导出的工作簿上修改，不要改动表头和灰色的栏目名。"
ID_HELP = "方案文件的名称（不含 .toml），由字母、数字、汉字和 - _ 组成；新方案请另起编号。"
TWICE = "已由规则“ceilings”计分，不能再由“rest”计分。"
KNOWN = "、".join(sorted([SCHEME, *scheme_ids(PACKAGED)]))
METHODS = "、".join(f"“{each}”" for each in words.METHODS.values())
FAULTS: list[tuple[Cells, list[str]]] = [
    ({("方案", "B5"): None}, ["方案!B5（方案名称）：缺少“方案名称”（文字）。"]),
    (
        {("方案", "B4"): "青 石"},
        ["方案!B4（方案编号）：应为方案编号，现为“青 石”。" + ID_HELP],
    ),
    (
        {("方案", "A4"): "号"},
        [f"方案：缺少“方案编号”一行。{AS_EXPORTED}", f"方案!A4：不认识的项目“号”。{AS_EXPORTED}"],
    ),
    (
        {("方案", "B7"): "nowhere"},
        [f"方案!B7（继承方案）：要继承的方案“nowhere”不存在，可用：{KNOWN}。"],
    ),
    ({("方案", "B9"): "去年"}, ["方案!B9（适用起始年度）：应填数字，现为“去年”。"]),
    (
        {("方案", "B9"): 1999},
        ["方案!B9（适用起始年度）：“适用起始年度”应在 2000 与 2100 之间，现为 1999。"],
    ),
    (
        {("方案", "A9"): "起始"},
        [f"方案：缺少“适用起始年度”一行。{AS_EXPORTED}", f"方案!A9：不认识的项目“起始”。{AS_EXPORTED}"],
    ),
    ({("分值", "D4"): 25}, ["分值!A4（编号）：各部分分值之和为 105，与总分 100 不符。"]),
    (
        {("分值", "E4"): "产出指标＝50\n社会指标＝30"},
        ["分值!E4（各部分分值）：“社会指标”不是报送表 levels 中的名称，可用：产出指标、效益指标。"],
    ),
    ({("分值", "F4"): "看情况"}, ["分值!F4（分值固定）：没有“看情况”这个选项，可用：“是”、“否”。"]),
    ({("评分规则", "A5"): "figures"}, ["评分规则!A5：编号“figures”与上面的行重复。"]),
    ({("评分规则", "A5"): None}, ["评分规则!A5：每行都应有编号，由字母、数字、汉字和 - _ 组成。"]),
    (
        {("评分规则", "C5"): "定性指标"},
        [
            "评分规则!A3（评分规则）：目标类型 上限指标（如 ≤2%） 没有适用的规则。",
            "评分规则!C6（适用指标）：目标类型 定性指标（如 提高、增强） " + TWICE,
        ],
    ),
    ({("评分规则", "D5"): "按比例"}, [f"评分规则!D5（计分方法）：没有“按比例”这个选项，可用：{METHODS}。"]),
    (
        {("评分规则", "D3"): "方法"},
        [
            "评分规则：找不到表头（“编号”、“规则”、“适用指标”、“计分方法”、“依据”）。" + AS_EXPORTED,
        ],
    ),
    ({("定性档次", "C4"): 0.7}, ["定性档次!D5（上限）：上一档下限 0.7 与本档上限 0.8 之间有重叠。"]),
    ({("等级", "B4"): "=B5+1"}, ["等级!B4（最低分）：公式没有结果，请直接填写内容。"]),
    (
        {
            ("按年度修订", "A4"): 2032,
            ("按年度修订", "C3"): "execution",
            ("按年度修订", "C4"): "score_places = 9",
        },
        ["按年度修订!C4（execution）：“score_places”应在 0 与 6 之间，现为 9。"],
    ),
    (
        {("按年度修订", "B4"): "某文件"},
        ["按年度修订!A4（自哪个年度起）：缺少“自哪个年度起”（整数）。"],
    ),
    ({("等级", "B5"): 10}, ["等级!A3（等级）：最低等级的 最低分 应为 0。"]),
    (
        {("审核级别", "B4"): "严重"},
        ["审核级别!B4（级别）：没有“严重”这个选项，可用：“阻断”、“错误”、“提示”、“说明”。"],
    ),
]


@pytest.mark.parametrize(("cells", "wanted"), FAULTS)
def test_what_is_wrong_is_said_at_its_cell(cells: Cells, wanted: list[str], place: Path) -> None:
    assert [str(each) for each in import_edited(place / "book.xlsx", SCHEME, cells).problems] == wanted


def test_a_percent_format_in_a_column_of_points_is_refused(place: Path) -> None:
    path = edited(place / "book.xlsx", SCHEME, {("等级", "B4"): 0.85})
    book = load_workbook(path)
    book["等级"]["B4"].number_format = "0%"
    book.save(path)
    assert [str(each) for each in import_scheme(path).problems] == [
        "等级!B4（最低分）：应填不带 % 的数字：把单元格格式改为常规，再填 85。"
    ]


@pytest.mark.parametrize(
    ("sheet", "message"), [("等级", "缺少这张工作表。"), ("其他设置", "缺少这张隐藏的工作表。")]
)
def test_a_deleted_sheet_is_said(sheet: str, message: str, place: Path) -> None:
    path = edited(place / "book.xlsx", SCHEME, {})
    book = load_workbook(path)
    del book[sheet]
    book.save(path)
    assert [str(each) for each in import_scheme(path).problems] == [f"{sheet}：{message}{AS_EXPORTED}"]


def test_a_hidden_sheet_that_was_changed_is_refused(place: Path) -> None:
    problems = import_edited(place / "book.xlsx", SCHEME, {("其他设置", "B4"): "[["}).problems
    assert len(problems) == 1
    assert str(problems[0]).startswith("其他设置：内容已被改动，无法读取（")


def test_officers_may_insert_rows_and_columns_of_their_own(place: Path) -> None:
    path = edited(place / "book.xlsx", SCHEME, {})
    book = load_workbook(path)
    book["评分规则"].insert_rows(1, 2)
    book["评分规则"].insert_cols(3)
    book["评分规则"]["C5"] = "备注"
    book["评分规则"]["C6"] = "已与法规处核对"
    book.create_sheet("讨论记录")["A1"] = "待定"
    book.save(path)
    back = import_scheme(path)
    assert back.problems == ()
    assert equal(load_scheme(SCHEME, place / "seeds"), loaded(SCHEME, back.text, place))


def test_a_key_without_a_column_stands_in_one_of_its_own(place: Path) -> None:
    """A section's members may hold more than the layout knows: nothing of it is lost."""
    layout = load_book_layout(PACKAGED)
    rule = {"title": "甲", "level2": {"of": "x"}, "weight": "很多"}
    sheets = scheme_sheets("any", {"criteria": {"one": rule}}, layout)
    sheet = next(each for each in sheets if each.name == "评分标准")
    assert [column.title for column in sheet.columns[-2:]] == ["level2", "weight"]
    assert sheet.rows[0][-2:] == ('of = "x"', 'weight = "很多"')
    write_workbook(place / "book.xlsx", sheets, title="", created=datetime(2026, 1, 1, tzinfo=UTC))
    back = parse_book(read_edited(place / "book.xlsx", "book.xlsx"), layout)
    assert (back.problems, back.data) == ((), {"criteria": {"one": rule}})


def test_a_file_that_is_no_workbook_is_a_wrong_use(place: Path) -> None:
    (place / "book.xlsx").write_text("不是工作簿", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^book.xlsx 不能读取：不是 .xlsx 工作簿，或已损坏。"):
        import_scheme(place / "book.xlsx")


def test_a_broken_parent_is_named(place: Path) -> None:
    path = edited(place / "book.xlsx", SCHEME, {("方案", "B4"): "mine", ("方案", "B7"): "broken"})
    scheme_path("broken", place / "seeds").write_text("[[", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^broken\.toml 第 1 行：“\[\[”：不符合 TOML 格式"):
        import_scheme(path)


def test_an_unknown_scheme_is_a_wrong_use(place: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"没有这个评价方案，可用："):
        export_scheme("nowhere", place / "book.xlsx")


def test_methods_are_chosen_from_a_list(place: Path) -> None:
    sheet = load_workbook(edited(place / "book.xlsx", SCHEME, {}))["评分规则"]
    rules = [each for each in sheet.data_validations.dataValidation if "D4" in each.sqref]
    assert [(each.type, each.formula1) for each in rules] == [
        ("list", f'"{",".join(words.METHODS.values())}"')
    ]
    assert rules[0].promptTitle == "计分方法"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_by_another_program_comes_back_equal(place: Path) -> None:
    export_scheme("hunan-provincial", place / "book.xlsx")
    saved = place / "saved"
    profile = f"-env:UserInstallation={(place / 'office').as_uri()}"
    subprocess.run(  # noqa: S603 - the office program of this machine
        [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved), "book.xlsx"],
        cwd=place,
        check=True,
        capture_output=True,
        timeout=120,
    )
    back = import_scheme(saved / "book.xlsx")
    assert back.problems == ()
    assert equal(load_scheme("hunan-provincial", PACKAGED), loaded("hunan-provincial", back.text, place))


OWN = """\
# 青石镇的方案，由业务科维护
extends = "bluestone"  # 随市里走
title = "青石镇方案"
jurisdiction = "青石镇"
regulations = ["镇办法"]

# 镇里要求写明执行率低的原因
[execution]
reason_below = 85  # 镇长办公会定的
rate_places = 2

# 镇里从严
[[grades]]
grade = "甲"
low = 90

[[grades]]
grade = "乙"
low = 0
"""


def test_an_officers_comments_survive_an_import(place: Path) -> None:
    """Even what the file need not say stays: it says rate_places as its parent does."""
    path = scheme_path("town", place / "seeds")
    path.write_text(OWN, encoding="utf-8")
    same = import_edited(place / "book.xlsx", "town", {})
    assert (same.problems, same.text) == ((), OWN)
    changed = import_edited(place / "book.xlsx", "town", {("等级", "B4"): 92})
    assert (changed.problems, changed.text) == ((), OWN.replace("low = 90", "low = 92"))


def test_a_file_that_cannot_be_kept_is_written_anew(place: Path) -> None:
    """Moved rules need an order that a file over its parent's cannot give: it says all of them."""
    path = scheme_path("town", place / "seeds")
    path.write_text(OWN + '\n[rules.rest]\nbasis = "镇规定"  # 待查\n', encoding="utf-8")
    cells: Cells = {("评分规则", f"{column}{row}"): None for row in (5, 6) for column in "ABCDEF"}
    sheet = load_workbook(edited(place / "book.xlsx", "town", {}))["评分规则"]
    for column in "ABCDEF":
        cells["评分规则", f"{column}5"], cells["评分规则", f"{column}6"] = (
            sheet[f"{column}6"].value,
            sheet[f"{column}5"].value,
        )
    back = import_edited(place / "book.xlsx", "town", cells)
    assert back.problems == ()
    assert [rule.id for rule in loaded("town", back.text, place).rules] == ["figures", "rest", "ceilings"]


def test_an_export_onto_a_workbook_leaves_what_officers_added(place: Path) -> None:
    """A note, a column, a sheet and a colour of theirs; the rule that moved takes its note with it."""
    path = edited(place / "book.xlsx", SCHEME, {("等级", "B4"): 77})
    book = load_workbook(path)
    rules = book["评分规则"]
    rules["H3"], rules["H4"], rules["H5"], rules["H6"] = "备注", "已核", "=1+1", date(2031, 5, 1)
    rules["B6"].comment = Comment("问过法规处", "处内")
    rules["B4"].fill = PatternFill("solid", fgColor="FFFF00")
    book.create_sheet("讨论记录")["A1"] = "待定"
    del book["按年度修订"]
    book.save(path)
    scheme = scheme_path(SCHEME, place / "seeds")
    text = scheme.read_text(encoding="utf-8")
    start, end = text.index("[rules.figures]"), text.index("[rules.ceilings]")
    moved = text[:start] + text[end:].replace("[[bands]]", text[start:end] + "[[bands]]", 1)
    scheme.write_text(moved.replace('title = "上限"', 'title = "＝上限"'), encoding="utf-8")
    export_scheme(SCHEME, path)
    book = load_workbook(path)
    rules = book["评分规则"]
    assert [[cell.value for cell in row] for row in rules["A4:B6"]] == [
        ["ceilings", "＝上限"],
        ["rest", "其他"],
        ["figures", "定量"],
    ]
    assert [rules[f"H{row}"].value for row in (3, 4, 5, 6)] == ["备注", "=1+1", datetime(2031, 5, 1), "已核"]  # noqa: DTZ001 - a cell has no zone
    assert [cell.comment.text if cell.comment else "" for cell in rules["B"][3:6]] == ["", "问过法规处", ""]
    assert rules["B4"].fill.fgColor.rgb == "00FFFF00"
    assert (book["讨论记录"]["A1"].value, book["等级"]["B4"].value) == ("待定", 85)
    assert book["按年度修订"]["A3"].value == "自哪个年度起"
    back = import_scheme(path)
    assert back.problems == ()
    assert equal(load_scheme(SCHEME, place / "seeds", PACKAGED), loaded(SCHEME, back.text, place))


def test_a_row_that_is_gone_leaves_only_what_stood_beside_it(place: Path) -> None:
    path = edited(place / "book.xlsx", SCHEME, {("审核级别", "D4"): "为什么"})
    edit(scheme_path(SCHEME, place / "seeds"), 'P106 = "error"', 'P101 = "warning"')
    export_scheme(SCHEME, path)
    sheet = load_workbook(path)["审核级别"]
    assert [[cell.value for cell in row] for row in sheet["A4:D6"]] == [
        ["P101", "提示", None, None],
        [None, None, None, "为什么"],
        [None, None, None, None],
    ]


def test_a_value_that_begins_like_a_formula_stays_a_text(place: Path) -> None:
    path = edited(place / "book.xlsx", SCHEME, {})
    edit(scheme_path(SCHEME, place / "seeds"), 'title = "上限"', 'title = "=1+1"')
    export_scheme(SCHEME, path)
    cell = load_workbook(path)["评分规则"]["B5"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_an_export_onto_another_file_is_refused(place: Path) -> None:
    (place / "book.xlsx").write_text("不是工作簿", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"^book.xlsx 不是能够更新的方案工作簿（"):
        export_scheme(SCHEME, place / "book.xlsx")
    assert (place / "book.xlsx").read_text(encoding="utf-8") == "不是工作簿"


def test_officers_set_whom_to_examine_and_what_results_are_for(place: Path) -> None:
    changes: Cells = {
        ("抽查复核", "B10"): 25,
        ("抽查复核", "B15"): "错误＝4\n执行率偏离 100%＝1.5",
        ("结果应用", "A8"): "cut",
        ("结果应用", "B8"): "连续两年执行率低",
        ("结果应用", "C8"): "压减",
        ("结果应用", "J8"): 60,
        ("结果应用", "N8"): 20,
        ("结果应用", "O8"): "某办法第九条",
    }
    book = edited(place / "book.xlsx", "hunan-provincial", {})
    sheet = load_workbook(book)["抽查复核"]
    titles = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=3)}
    assert [titles["每层抽取个数"], titles["各情形记分"]] == [10, 15]
    head = [cell.value for cell in load_workbook(book)["结果应用"][3]]
    assert [head.index(title) for title in ("执行率低于", "压减比例", "依据")] == [9, 13, 14]
    back = import_edited(place / "book.xlsx", "hunan-provincial", changes)
    assert back.problems == ()
    scheme = loaded("hunan-provincial", back.text, place)
    sample = scheme.reviews.sample
    assert sample
    assert (sample.count, sample.risk_from) == (25, Decimal(15))
    assert {fact.value: weight for fact, weight in sample.weights.items() if weight} == {
        "errors": Decimal(4),
        "execution": Decimal("1.5"),
    }
    (rule,) = scheme.uses  # what was proposed stands aside
    assert (rule.id, rule.rate_below, rule.reduce) == ("cut", Decimal(60), Decimal(20))
