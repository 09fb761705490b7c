"""Web pages and XML spreadsheets 2003 under the name of .xls, as business systems export them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jixiao.domain.cells import Area, CellError, Grid, UnstoredFormula
from jixiao.workbooks.reading import Reading, read_content


def read(data: bytes) -> Reading:
    return read_content(data, "导出.xls")


def only(data: bytes) -> Grid:
    workbook = read(data).workbook
    assert workbook is not None
    (grid,) = workbook.grids
    return grid


PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body>
<table><tr><th colspan=3>项目支出绩效自评表</th></tr>
<tr><td rowspan="2">资金</td><td>年度<br>预算</td><td>&nbsp;全年 执行&nbsp;</td></tr>
<tr style="display:none"><td>1,442.20</td><td>95.5%</td></tr>
<tr><td>0901</td><td>=SUM(B3:B3)</td><td style="mso-number-format:'\\@'">12</td></tr></table>
<table><tr><td><table><tr><td>-3</td></tr></table></td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gbk"), ("", "gb18030"), ("utf-8", "utf-8-sig"), ("x", "utf-16")],
)
def test_a_page_is_one_sheet(charset: str, encoding: str) -> None:
    grid = only(PAGE.format(charset=charset).encode(encoding))
    assert grid.values == {
        (0, 0): "项目支出绩效自评表",
        (1, 0): "资金",
        (1, 1): "年度\n预算",
        (1, 2): "全年 执行",
        (2, 1): Decimal("1442.20"),
        (2, 2): "95.5%",
        (3, 0): "0901",
        (3, 1): UnstoredFormula("=SUM(B3:B3)"),
        (3, 2): "12",
        (5, 0): Decimal(-3),
    }
    assert grid.merged == (Area(0, 0, 0, 2), Area(1, 0, 2, 0))
    assert grid.formats == {(2, 1): "0.00", (5, 0): "0"}
    assert grid.hidden_rows == frozenset({2})


def test_the_format_is_said_and_harms_nothing() -> None:
    reading = read(PAGE.format(charset="utf-8").encode())
    assert [(each.code, each.figures) for each in reading.findings] == [("F108", {"detail": ".html"})]


def test_a_page_without_a_table_is_none() -> None:
    reading = read(b"<html><frameset><frame src='x.htm'></frameset></html>")
    assert [(each.code, each.figures) for each in reading.findings] == [
        ("F104", {"detail": "网页（HTML），其中没有表格"})
    ]


@pytest.mark.parametrize("target", ["=100%", "=0", "= 3 次", "=1+1"])
def test_a_target_with_a_sign_is_no_formula(target: str) -> None:
    assert only(f"<table><tr><td>{target}</td></tr></table>".encode()).values == {(0, 0): target}


def test_spans_beyond_reason_are_cut() -> None:
    page = b"<table><tr><td rowspan=999999999>1</td><td colspan='x'>2</td></tr></table>"
    assert only(page).values == {(0, 0): Decimal(1), (0, 1): Decimal(2)}


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>
 <Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="d"/></Styles>
<Worksheet ss:Name="附表"><Table><Row><Cell ss:MergeAcross="2"><Data ss:Type="String">自评表</Data></Cell>
 <Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
 <Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="p"><Data ss:Type="Number">0.955</Data></Cell>
 <Cell><Data ss:Type="DateTime">2025-04-30T00:00:00.000</Data></Cell>
 <Cell ss:Formula="=R[-1]C"/><Cell><Data ss:Type="Error">#REF!</Data></Cell>
 <Cell><Data ss:Type="Number">100</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="往年"><Table><Row><Cell><Data ss:Type="Number">1e1</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">
 <Visible>SheetHidden</Visible></WorksheetOptions>
</Worksheet></Workbook>"""


def test_an_xml_spreadsheet_is_read_with_formats_merges_and_hidden_sheets() -> None:
    reading = read(XML.encode())
    assert reading.workbook is not None
    first, second = reading.workbook.grids
    assert (first.sheet, first.hidden, second.sheet, second.hidden) == ("附表", False, "往年", True)
    assert first.values == {
        (0, 0): "自评表",
        (0, 3): True,
        (3, 1): Decimal("0.955"),
        (3, 2): date(2025, 4, 30),
        (3, 3): UnstoredFormula("=R[-1]C"),
        (3, 4): CellError("#REF!"),
        (3, 5): Decimal(100),
    }
    assert first.merged == (Area(0, 0, 0, 2),)
    assert first.formats == {(3, 1): "0.00%"}
    assert first.hidden_rows == frozenset({3})
    assert second.values == {(0, 0): Decimal(10)}


@pytest.mark.parametrize(
    "data",
    [
        XML.encode()[:-200],
        XML.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "1">]><Workbook').encode(),
    ],
)
def test_a_broken_xml_spreadsheet_is_refused(data: bytes) -> None:
    reading = read(data)
    assert (reading.workbook, [each.code for each in reading.findings]) == (None, ["F101"])
