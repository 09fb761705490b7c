"""The judgements themselves: they say what the workbooks say, and nothing personal came in with these."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest

from tests.published.comparing import bare, signed
from tests.published.judgements import FACTS, HERE, WORKBOOKS, Judgement, judgements

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet


_TELEPHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-—－ ]\d{7,8}|\d{17}[\dXx])(?!\d)")
_ELSEWHERE = re.compile(
    r"(?i)file:|[a-z]:\\|/(?:home|users|tmp|work|root)/|https?://(?!schemas\.|purl\.org|www\.w3\.org)"
)
_PERSON = re.compile(r"(?:负责人|联系人|填表人|电话|签名)[及、和联系电话]*(?:（[^）]*）)?$")
_MASK = "×××"
_TEXTS = sorted(path for path in HERE.rglob("*") if path.suffix in {".json", ".toml"})

EACH = pytest.mark.parametrize("judgement", judgements(), ids=lambda judgement: judgement.name)


@EACH
def test_judgement_says_what_stands_in_the_cells(judgement: Judgement) -> None:
    sheet = _sheet(judgement)
    for printed in (*judgement.execution.values(), *judgement.total.values()):
        assert _shown(sheet, printed.cell) in {printed.value, printed.value / 100}, printed.cell
    for printed in (each for row in judgement.funds for each in row.amounts.values()):
        assert _shown(sheet, printed.cell) == printed.value * _unit(judgement), printed.cell
    for row in judgement.funds:
        assert bare(str(sheet[row.cell].value)) == bare(row.label)
    for indicator in judgement.indicators:
        assert bare(str(sheet[indicator.cell].value)) == bare(indicator.name)
        texts = "".join(signed(str(cell.value)) for cell in sheet[indicator.row] if cell.value is not None)
        assert signed(indicator.target) in texts
        assert signed(indicator.actual) in texts


@EACH
def test_judged_cells_are_on_the_sheet(judgement: Judgement) -> None:
    sheet = _sheet(judgement)
    for expected in (*judgement.must, *judgement.may, *judgement.excerpt):
        for cell in expected.cells - {"*", ""}:
            assert sheet[cell].row <= sheet.max_row
            assert sheet[cell].column <= sheet.max_column


@EACH
def test_facts_are_of_the_same_form(judgement: Judgement) -> None:
    facts = json.loads((FACTS / judgement.facts).read_text(encoding="utf-8"))

    assert facts["year"] == judgement.year
    assert len([row for row in facts["indicators"] if row["level3"]]) == len(judgement.indicators)


def test_nothing_lies_there_unjudged() -> None:
    assert {path.name for path in WORKBOOKS.iterdir()} == {each.workbook for each in judgements()}
    assert {path.name for path in FACTS.iterdir()} == {each.facts for each in judgements()}


@pytest.mark.parametrize("path", _TEXTS, ids=lambda path: path.name)
def test_texts_hold_no_telephone_and_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert _TELEPHONE.findall(text) == []
    assert _ELSEWHERE.findall(text) == []


@EACH
def test_workbooks_hold_no_person_and_no_address(judgement: Judgement) -> None:
    with ZipFile(WORKBOOKS / judgement.workbook) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    assert not any(_ELSEWHERE.search(part) for part in parts)
    workbook = openpyxl.load_workbook(WORKBOOKS / judgement.workbook)
    assert not workbook.properties.creator
    assert not workbook.properties.lastModifiedBy
    for row in _sheet(judgement).iter_rows():
        texts = [str(cell.value) for cell in row if cell.value is not None]
        assert not any(_TELEPHONE.search(text) for text in texts)
        people = (after for label, after in pairwise(texts) if _PERSON.search(label))
        assert set(people) <= {_MASK, "联系电话"}


def _sheet(judgement: Judgement) -> Worksheet:
    sheet = openpyxl.load_workbook(WORKBOOKS / judgement.workbook).active
    assert sheet is not None
    return sheet


def _shown(sheet: Worksheet, cell: str) -> Decimal:
    """The figure as it stands, without what is printed around it."""
    found = re.match(r"-?\d+(?:\.\d+)?", str(sheet[cell].value).replace(",", ""))
    assert found is not None, cell
    return Decimal(found[0])


def _unit(judgement: Judgement) -> int:
    """How many of the form's unit of money are 万元."""
    facts = json.loads((FACTS / judgement.facts).read_text(encoding="utf-8"))
    return 10000 if facts["unit"] == "元" else 1
