"""The workbooks of the worked rounds: whole packages, no warning, no formula that gives another value."""

from __future__ import annotations

import os
import re
import warnings
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook

from tests.builders.office import OFFICE, recalculated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STORED = re.compile(rb"(</f><v>)[^<]*(</v>)")
CELL = re.compile(r"([A-Z]+)(\d+)")


@pytest.fixture(scope="module")
def rounds(provincial: Path, municipal: Path) -> tuple[Path, Path]:
    return provincial, municipal


def workbooks(rounds: tuple[Path, Path]) -> Iterator[Path]:
    for folder in rounds:
        yield from sorted(folder.rglob("*.xlsx"))


@pytest.mark.skipif(OFFICE is None and not os.environ.get("CI"), reason="LibreOffice recalculates")
def test_every_formula_gives_the_value_that_was_stored(rounds: tuple[Path, Path], tmp_path: Path) -> None:
    written = [next(folder.glob("绩效自评汇总_*.xlsx")) for folder in rounds]
    stale = [spoiled(path, tmp_path) for path in written]
    compared = 0
    for path, again in zip(written, recalculated(stale, tmp_path), strict=True):
        formulas, stored = load_workbook(path), load_workbook(path, data_only=True)
        fresh = load_workbook(again, data_only=True)
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                if "TODAY()" in str(cell.value):
                    continue
                kept = stored[sheet.title][cell.coordinate].value
                found = fresh[sheet.title][cell.coordinate].value
                wanted = pytest.approx(kept, abs=1e-9) if isinstance(kept, int | float) else kept or None
                assert (found or None if wanted is None else found) == wanted, (sheet.title, cell.coordinate)
                compared += 1
    assert compared > 500


def spoiled(path: Path, place: Path) -> Path:
    """The workbook with a wrong value stored for every formula, which only recalculation mends."""
    target = place / path.name
    with ZipFile(path) as book, ZipFile(target, "w") as copy:
        for part in book.infolist():
            content = book.read(part)
            is_sheet = part.filename.startswith("xl/worksheets/")
            copy.writestr(part, STORED.sub(rb"\g<1>-1\g<2>", content) if is_sheet else content)
    return target


def test_openpyxl_reads_them_without_a_warning(rounds: tuple[Path, Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert all(load_workbook(path).sheetnames for path in workbooks(rounds))


def test_packages_are_whole(rounds: tuple[Path, Path]) -> None:
    for path in workbooks(rounds):
        assert list(faults(path)) == [], path


def faults(path: Path) -> Iterator[str]:
    """What makes Excel offer to repair a workbook, as far as a package tells it."""
    with ZipFile(path) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    yield from (f"twice: {name}" for name in set(names) if names.count(name) > 1)
    trees: dict[str, Any] = {
        name: etree.fromstring(text) for name, text in parts.items() if name.endswith((".xml", ".rels"))
    }
    yield from _untyped(parts, trees)
    yield from _dangling(parts, trees)
    styles = trees["xl/styles.xml"]
    looks = len(styles.find(f"{MAIN}cellXfs"))
    marks = len(styles.find(f"{MAIN}dxfs"))
    texts = len(trees["xl/sharedStrings.xml"]) if "xl/sharedStrings.xml" in trees else 0
    for name, tree in trees.items():
        if tree.tag == f"{MAIN}worksheet":
            yield from (f"{name}: {each}" for each in _sheet_faults({name: tree}, (looks, marks, texts)))
    sheets = [each.get("name") for each in trees["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    yield from (f"name: {each}" for each in sheets if len(each) > 31 or re.search(r"[\\/?*\[\]:]", each))
    yield from ("sheets of one name",) if len({each.casefold() for each in sheets}) < len(sheets) else ()


def _untyped(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    endings = {each.get("Extension") for each in types if each.get("Extension")}
    named = {each.get("PartName") for each in types if each.get("PartName")}
    yield from (f"named but not there: {name}" for name in named if name.lstrip("/") not in parts)
    for name in parts.keys() - {"[Content_Types].xml"}:
        if f"/{name}" not in named and name.rpartition(".")[2] not in endings:
            yield f"no type: {name}"


def _dangling(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    """Relationships that lead nowhere, and ids that no relationship has."""
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        own = name.replace("_rels/", "").removesuffix(".rels")
        known = [each.get("Id") for each in tree]
        yield from (f"{name}: id twice",) if len(set(known)) < len(known) else ()
        for each in tree:
            target = each.get("Target")
            place = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(own), target))
            if each.get("TargetMode") != "External" and place not in parts:
                yield f"{name}: {target}"
        used = {
            value
            for node in (trees[own].iter() if own in trees else ())
            for key, value in node.attrib.items()
            if key.startswith(RELATED)
        }
        yield from (f"{own}: {each}" for each in used - set(known))


def _sheet_faults(sheet: dict[str, Any], counts: tuple[int, int, int]) -> Iterator[str]:
    (tree,), (looks, marks, texts) = sheet.values(), counts
    rows = [int(row.get("r")) for row in tree.iter(f"{MAIN}row")]
    yield from ("rows out of order",) if rows != sorted(set(rows)) else ()
    for row in tree.iter(f"{MAIN}row"):
        places = [CELL.fullmatch(cell.get("r")) for cell in row]
        columns = [(len(place[1]), place[1]) for place in places if place]
        yield from (f"row {row.get('r')}",) if columns != sorted(set(columns)) else ()
        for cell in row:
            if int(cell.get("s", 0)) >= looks:
                yield f"{cell.get('r')}: look"
            value = cell.find(f"{MAIN}v")
            if cell.get("t") == "s" and int(value.text) >= texts:
                yield f"{cell.get('r')}: text"
    for rule in tree.iter(f"{MAIN}cfRule"):
        if int(rule.get("dxfId", -1)) >= marks:
            yield "mark"
    merged = [each.get("ref") for each in tree.iter(f"{MAIN}mergeCell")]
    yield from ("merged twice",) if len(set(merged)) < len(merged) else ()
    links = [each.get("ref") for each in tree.iter(f"{MAIN}hyperlink")]
    yield from ("linked twice",) if len(set(links)) < len(links) else ()
