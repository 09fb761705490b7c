import os
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition
from jixiao.consolidation.feedback import feedback_sheets
from jixiao.domain.report import ColumnSpec, Content, Formula, Kind, Link, PageSpec, SheetSpec, Tone, Toned
from jixiao.workbooks import writing
from jixiao.workbooks.row_writing import SpelledPart, spell
from jixiao.workbooks.sheet_layout import FIRST_ROW, HEADER_ROW, Pages
from jixiao.workbooks.writing import workbook_file, workbook_parts, write_workbook
from tests.builders import results
from tests.builders.evaluations import evaluation, large_evaluation
from tests.builders.office import OFFICE, recalculated

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from jixiao.domain.rounds import Evaluation

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)


def summary_of(given: "Evaluation") -> tuple[SheetSpec, ...]:
    return results.summary_of(given, Edition(given.round, CREATED, "0.1.0", "../../inputs/r/"))


def written(tmp_path: Path, *sheets: SheetSpec, values: bool = False) -> "Workbook":
    path = tmp_path / "t.xlsx"
    write_workbook(path, sheets, title="汇总", created=CREATED)
    return load_workbook(path, data_only=values)


def one(content: Content, kind: Kind = Kind.TEXT, low: Decimal | None = None) -> SheetSpec:
    return SheetSpec(
        "表", "题", "注", (ColumnSpec("列", kind, low=low), ColumnSpec("乙")), ((content, None),)
    )


def test_headers_stand_in_the_third_row(tmp_path: Path) -> None:
    sheets = summary_of(evaluation())
    book = written(tmp_path, *sheets)
    assert book.sheetnames == [sheet.name for sheet in sheets]
    for sheet in sheets:
        header = [cell.value for cell in book[sheet.name][HEADER_ROW + 1]]
        assert header == [column.title for column in sheet.columns]
        assert book[sheet.name]["A1"].value == sheet.title
        assert book[sheet.name]["A2"].value == sheet.note


def expected_values(sheet: SheetSpec) -> list[list[object]]:
    return [[shown(content) for content in row] for row in (*sheet.rows, *sheet.totals)]


def shown(content: Content) -> object:
    if isinstance(content, Formula):
        content = content.value
    if isinstance(content, Toned | Link):
        return content.text
    return float(content) if isinstance(content, Decimal | int) else content or None


def compare(book: "Workbook", sheets: tuple[SheetSpec, ...]) -> None:
    for sheet in sheets:
        for row, values in enumerate(expected_values(sheet), start=FIRST_ROW + 1):
            found = [book[sheet.name].cell(row, column).value for column in range(1, len(values) + 1)]
            wanted = [pytest.approx(value) if isinstance(value, float) else value for value in values]
            assert found == wanted, (sheet.name, row)


def test_stored_values_are_the_computed_ones(tmp_path: Path) -> None:
    sheets = summary_of(large_evaluation(3))
    compare(written(tmp_path, *sheets, values=True), sheets)


@pytest.mark.skipif(OFFICE is None and not os.environ.get("CI"), reason="LibreOffice recalculates")
def test_recalculated_values_are_the_computed_ones(tmp_path: Path) -> None:
    sheets = summary_of(large_evaluation(3))
    stale = tuple(
        replace(sheet, rows=tuple(map(spoil, sheet.rows)), totals=tuple(map(spoil, sheet.totals)))
        for sheet in sheets
    )
    page = page_of(large_evaluation(3))
    stale_blocks = tuple(replace(block, rows=tuple(map(spoil, block.rows))) for block in page.blocks)
    path = tmp_path / "stale.xlsx"
    stale_page = replace(page, blocks=stale_blocks)
    write_workbook(path, stale, title="汇总", created=CREATED, page=stale_page)
    (again,) = recalculated([path], tmp_path)
    book = load_workbook(again, data_only=True)
    compare(book, sheets)
    compare_page(book["总览"], page)


def page_of(given: "Evaluation") -> PageSpec:
    return results.page_of(given, Edition(given.round, CREATED, "0.1.0", "../../inputs/r/"))


def compare_page(sheet: "Worksheet", page: PageSpec) -> None:
    for block in page.blocks:
        for place, row in enumerate(block.rows):
            column = block.column + 1
            for content, span in zip(row, block.spans, strict=True):
                wanted = shown(content)
                found = sheet.cell(block.first_row + place + 1, column).value
                assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted), block.title
                column += span


def test_the_page_comes_first_with_native_charts_over_its_own_cells(tmp_path: Path) -> None:
    given = large_evaluation(3)
    path = tmp_path / "t.xlsx"
    write_workbook(path, summary_of(given), title="汇总", created=CREATED, page=page_of(given))
    book = load_workbook(path, data_only=True)
    assert (book.sheetnames[0], book.active) == ("总览", book["总览"])
    compare_page(book["总览"], page_of(given))
    with ZipFile(path) as package:
        charts = sorted(name for name in package.namelist() if name.startswith("xl/charts/chart"))
        texts = [package.read(name).decode() for name in charts]
    assert len(charts) == 5
    assert all("<c:f>总览!$" in text for text in texts)
    setup = book["总览"].page_setup
    assert (setup.orientation, setup.paperSize) == ("portrait", 9)
    rows, _ = page_of(given).shape
    assert book["总览"].print_area == f"'总览'!$A$1:$L${rows}"


def spoil(row: tuple[Content, ...]) -> tuple[Content, ...]:
    """The row with a wrong stored value in every formula, which only recalculation mends."""
    return tuple(replace(cell, value=-1) if isinstance(cell, Formula) else cell for cell in row)


def test_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    sheets = summary_of(evaluation())
    paths = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for path in paths:
        write_workbook(path, sheets, title="汇总", created=CREATED)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_parts_kept_of_another_workbook_are_those_it_would_have_made(monkeypatch: pytest.MonkeyPatch) -> None:
    given, first = evaluation(), one("甲")
    other = replace(first, name="另表", addressee="某局", filtered=True)
    wide = (ColumnSpec("部门"), *(ColumnSpec(f"列{place}", least=15) for place in range(20)))
    books = (
        *((first,), (other,), (first, other), (first, replace(other, hidden=True)), (other, first)),
        (replace(first, columns=wide, rows=(("甲", *(None,) * 20),)),),
        (*summary_of(given), first),  # as many sheets as with a page
    )
    page = page_of(given)

    def made() -> list[bytes]:
        files = [workbook_file(sheets, title="题") for sheets in books]
        return [*files, workbook_file(summary_of(given), title="题", page=page)]

    made()
    after_others = made()
    monkeypatch.setattr(writing, "_MOST_KNOWN", 0)
    monkeypatch.setattr(writing, "_known_parts", {})
    assert made() == after_others


def test_what_another_workbook_takes_in_stands_in_the_whole_one_too() -> None:
    sheets = (one("甲"), replace(one(Link("乙", file="丙.xlsx")), name="另表"))
    with ZipFile(BytesIO(workbook_file(sheets, title="题"))) as whole:
        held = {name: whole.read(name) for name in whole.namelist()}
    taken = workbook_parts(sheets)
    assert taken.items() <= held.items()
    assert set(held) - set(taken) == {
        *("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/theme/theme1.xml"),
        *("docProps/app.xml", "docProps/core.xml"),
    }


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.AMOUNT, "#,##0.00"),
        (Kind.SCORE, "0.00"),
        (Kind.RATE, "0.00%"),
        (Kind.COUNT, "0"),
    ],
)
def test_number_formats(tmp_path: Path, kind: Kind, code: str) -> None:
    cell = written(tmp_path, one(Decimal("0.5"), kind))["表"]["A4"]
    assert (cell.value, cell.number_format) == (0.5, code)


def test_low_rates_are_marked_by_word_and_colour(tmp_path: Path) -> None:
    sheet = written(tmp_path, one(Decimal("0.5"), Kind.RATE, Decimal("0.9")))["表"]
    assert sheet["A4"].number_format == '[<0.9]"低 "0.00%;0.00%'
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert [(rule.operator, rule.formula, rule.dxf.font.color.rgb) for rule in rules] == [
        ("lessThan", ["0.9"], "FFD55E00")
    ]


@pytest.mark.parametrize(
    ("tone", "colour"),
    [
        (Tone.BAD, "FFD55E00"),
        (Tone.DOUBT, "FFE69F00"),
        (Tone.NOTE, "FF0072B2"),
        (Tone.GOOD, "FF009E73"),
    ],
)
def test_a_word_carries_its_colour(tmp_path: Path, tone: Tone, colour: str) -> None:
    cell = written(tmp_path, one(Toned("错误", tone), Kind.MARK))["表"]["A4"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("错误", colour)


@pytest.mark.parametrize("content", [None, ""])
def test_blanks_stay_blank(tmp_path: Path, content: Content) -> None:
    cell = written(tmp_path, one(content, Kind.AMOUNT))["表"]["A4"]
    assert (cell.value, cell.data_type) == (None, "n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "https://example.invalid", "internal:表!A1"])
def test_a_departments_text_is_never_a_formula_or_link(tmp_path: Path, text: str) -> None:
    cell = written(tmp_path, one(text))["表"]["A4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_text_is_cut_where_no_cell_holds_more(tmp_path: Path) -> None:
    assert written(tmp_path, one("局" * 40_000))["表"]["A4"].value == "局" * 32_767


def test_a_number_that_no_cell_holds_stands_as_text(tmp_path: Path) -> None:
    assert written(tmp_path, one(Decimal("1e400"), Kind.AMOUNT))["表"]["A4"].value == "1e+400"


def links(tmp_path: Path, link: Link) -> tuple[list[str], Any]:
    cell = written(tmp_path, one(link))["表"]["A4"]
    with ZipFile(tmp_path / "t.xlsx") as archive:
        parts = [name for name in archive.namelist() if name.endswith("sheet1.xml.rels")]
        return [archive.read(part).decode() for part in parts], cell.hyperlink


def test_link_to_a_file(tmp_path: Path) -> None:
    parts, link = links(tmp_path, Link("来源", file="../in/甲 乙#1%.xlsx", place="'附件''3'!D12"))
    assert (link.location, 'Target="..\\in\\甲%20乙%231%25.xlsx"' in parts[0]) == ("'附件''3'!D12", True)


def test_link_to_a_whole_file(tmp_path: Path) -> None:
    parts, link = links(tmp_path, Link("来源", file="a.xlsx"))
    assert (link.location, 'Target="a.xlsx"' in parts[0]) == (None, True)


def test_link_to_a_sheet(tmp_path: Path) -> None:
    parts, link = links(tmp_path, Link("表", sheet="表"))
    assert (parts, link.location) == ([], "'表'!A1")


def test_link_too_long_is_text(tmp_path: Path) -> None:
    parts, link = links(tmp_path, Link("来源", file="a" * 3000))
    assert (parts, link) == ([], None)


def test_screen_and_paper(tmp_path: Path) -> None:
    sheets = summary_of(evaluation())
    book = written(tmp_path, *sheets)
    assert book.active is book["部门汇总"]
    sheet = book["部门汇总"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("C4", "A3:V4", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.oddHeader is not None
    assert sheet.oddFooter is not None
    assert sheet.oddHeader.right.text == sheets[0].title
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert book["说明"].auto_filter.ref is None
    assert book["说明"].page_setup.fitToHeight is None  # one, the format's default
    assert book.defined_names["表_部门汇总"].attr_text == "'部门汇总'!$A$3:$V$4"


def test_fonts_and_totals(tmp_path: Path) -> None:
    sheet = written(tmp_path, *summary_of(evaluation()))["部门汇总"]
    fonts = {(cell.font.name, cell.font.sz) for row in sheet["A3:R6"] for cell in row}
    assert fonts == {("等线", 10)}
    assert (sheet["A1"].font.name, sheet["A1"].font.sz, sheet["A1"].font.b) == ("等线", 14, True)
    assert (sheet["A3"].fill.fgColor.rgb, sheet["A3"].font.color.rgb) == ("FF1F3864", "FFFFFFFF")
    assert (sheet["K5"].font.b, sheet["K5"].border.top.style) == (True, "thin")
    assert (sheet["K4"].font.b, sheet["K4"].border.top.style) == (False, None)


def test_wrapped_rows_are_high_enough(tmp_path: Path) -> None:
    sheet = written(tmp_path, one("局" * 41))["表"]
    assert sheet.row_dimensions[4].height == 45
    assert abs(sheet.column_dimensions["A"].width - 43) < 1


def test_empty_table_says_why(tmp_path: Path) -> None:
    spec = replace(one(""), rows=(), empty="没有数据。")
    assert written(tmp_path, spec)["表"]["A4"].value == "没有数据。"


def test_ampersands_survive_in_the_header(tmp_path: Path) -> None:
    spec = replace(one(""), title="甲&乙")
    header = written(tmp_path, spec)["表"].oddHeader
    assert header is not None
    assert header.right.text == "甲&&乙"


def test_feedback_workbook_opens_with_its_verdict(tmp_path: Path) -> None:
    (dossier,) = gather_dossiers(evaluation())
    sheets = feedback_sheets(dossier, Edition(evaluation().round, CREATED, "0.1.0"))
    sheet = written(tmp_path, *sheets, values=True)["审核意见"]
    assert sheet["A2"].value.startswith("审核结论：请修改后重报。")
    assert sheet["A2"].font.color.rgb == "FFD55E00"


def test_cost_a_department_is_flat(tmp_path: Path) -> None:
    def cost(departments: int) -> float:
        sheets = summary_of(large_evaluation(departments))
        start = process_time()
        write_workbook(tmp_path / "t.xlsx", sheets, title="汇总", created=CREATED)
        return (process_time() - start) / departments

    cost(1)
    assert cost(60) < 3 * cost(6)


def test_a_wide_sheet_is_printed_over_several_pages_with_its_names(tmp_path: Path) -> None:
    columns = (
        ColumnSpec("部门"),
        *(ColumnSpec(f"事项{place}\n本年决算数", Kind.AMOUNT) for place in range(40)),
    )
    row: tuple[Content, ...] = ("虚构局", *(Decimal(place) for place in range(40)))
    spec = SheetSpec("宽表", "题", "单位：万元", columns, (row,))
    sheet = written(tmp_path, spec)["宽表"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (8, 3)
    assert sheet.print_title_cols == "$A:$A"
    assert sheet.print_area == "'宽表'!$A$3:$AO$4"
    header = sheet.oddHeader
    assert header is not None
    assert header.left.text == "单位：万元"


@pytest.mark.parametrize(("count", "paper", "wide"), [(8, 9, 1), (13, 8, 1), (18, 8, 2)])
def test_no_text_is_printed_below_eight_points(tmp_path: Path, count: int, paper: int, wide: int) -> None:
    columns = (ColumnSpec("部门"), *(ColumnSpec(f"列{place}", least=15) for place in range(count)))
    spec = SheetSpec("表", "题", "注", columns, (("局", *(None,) * count),))
    setup = written(tmp_path, spec)["表"].page_setup
    assert (setup.paperSize, setup.fitToWidth or 1) == (paper, wide)


def test_where_figures_come_from_is_folded_and_not_printed(tmp_path: Path) -> None:
    columns = (ColumnSpec("部门"), ColumnSpec("数", least=150), ColumnSpec("来源", least=90, folded=True))
    sheet = written(tmp_path, SheetSpec("表", "题", "注", columns, (("局", None, "甲"),)))["表"]
    dimension = sheet.column_dimensions["C"]
    assert (dimension.hidden, dimension.outline_level) == (True, 1)
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1) == (9, 1)


def test_headers_of_three_lines_are_shown_whole(tmp_path: Path) -> None:
    long = ColumnSpec("公务用车购置及运行费和其他各项费用\n本年决算数", Kind.RATE)
    sheet = written(tmp_path, SheetSpec("表", "题", "注", (ColumnSpec("部门"), long), (("局", None),)))["表"]
    assert sheet.row_dimensions[HEADER_ROW + 1].height == 45.0


def test_a_word_in_a_column_of_scores_widens_it(tmp_path: Path) -> None:
    sheet = written(tmp_path, one(Toned("1,104.00 高于满分", Tone.DOUBT), Kind.SCORE))["表"]
    assert sheet.column_dimensions["A"].width >= 17 + 3


def test_a_department_is_kept_on_one_page_where_little_of_it_stays_empty() -> None:
    pages = Pages(first=100, room=120)
    pages.add(4, [20] * 4)  # rows 4 to 7, 20 left of the first page
    pages.add(8, [20] * 3)  # would be split: begins the second page, rows 8 to 10, 60 left
    pages.add(11, [20] * 4)  # half a page would stay empty: split as it is, 100 left of the third
    pages.add(15, [20] * 7)  # no page holds it
    assert pages.breaks == [7]


def test_sheets_of_several_departments_are_broken_by_department(tmp_path: Path) -> None:
    columns = (ColumnSpec("部门"), ColumnSpec("数", Kind.AMOUNT))
    sheet = SheetSpec("表", "题", "注", columns, ())
    parts = []
    for name in ("甲局", "乙局", "丙局"):
        spelled = spell(sheet, [(name, Decimal(1))] * 17)
        parts.append(SpelledPart(17, spelled.widths, partial(lambda own, _: own, spelled)))
    path = tmp_path / "t.xlsx"
    write_workbook(path, (sheet,), title="", created=CREATED, rows={"表": parts})
    written_sheet = load_workbook(path)["表"]
    assert [each.id for each in written_sheet.row_breaks.brk] == [20, 37]
    assert (written_sheet.page_setup.fitToWidth or 1, written_sheet.page_setup.fitToHeight) == (1, 0)
