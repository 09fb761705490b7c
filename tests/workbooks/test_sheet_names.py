"""Names that a sheet defines for a text, in every format that has them."""

from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import pytest
import xlsxwriter

from jixiao.workbooks.drafts import Draft
from jixiao.workbooks.reading import read_workbook


def names(path: Path) -> list[dict[str, str]]:
    workbook = read_workbook(path, path.name).workbook
    assert workbook is not None
    return [dict(grid.names) for grid in workbook.grids]


def test_xlsx(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as book:
        for name in ("甲", "乙"):
            book.add_worksheet(name).write(0, 0, 1)
        book.define_name("'乙'!printed", '="form|""x"""')
        book.define_name("'乙'!area", "='乙'!$A$1:$B$2")
        book.define_name("everywhere", '="all"')
    assert names(tmp_path / "t.xlsx") == [{}, {"printed": 'form|"x"'}]


def test_ods(tmp_path: Path) -> None:
    document = odf.opendocument.OpenDocumentSpreadsheet()
    for name, text in (("甲", ""), ("乙", '"form"')):
        table = odf.table.Table(name=name)
        row = odf.table.TableRow()
        cell = odf.table.TableCell(valuetype="float", value="1")
        cell.addElement(odf.text.P(text="1"))
        row.addElement(cell)
        table.addElement(row)
        if text:
            expressions = odf.table.NamedExpressions()
            expressions.addElement(odf.table.NamedExpression(name="printed", expression=text))
            table.addElement(expressions, check_grammar=False)
        document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "t.ods"))
    assert names(tmp_path / "t.ods") == [{}, {"printed": "form"}]


@pytest.mark.parametrize(
    ("formula", "kept"), [('"a"', {"n": "a"}), ("a", {}), ('"', {}), ("", {}), ('""', {"n": ""}), ("1", {})]
)
def test_only_texts_are_kept(formula: str, kept: dict[str, str]) -> None:
    draft = Draft()
    draft.name("n", formula)
    assert draft.names == kept
