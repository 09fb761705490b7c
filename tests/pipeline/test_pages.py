"""The pages of a round stand beside its workbooks, and lead to files that are there."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from openpyxl import load_workbook

from tests.builders.folders import round_folder, run, table
from tests.builders.forms import OVERALL, overall_form, project_form, write_forms
from tests.builders.pages import unpacked

if TYPE_CHECKING:
    from pathlib import Path


def test_pages_lead_to_files_that_are_there_and_the_public_one_to_none(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "水务 #1.xlsx", overall_form().set("funds.total.self_score", 5), project_form())
    write_forms(folder / "林业.xlsx", overall_form(facts=replace(OVERALL, department="云梦泽省虚构林业局")))
    published = run(folder)
    internal = (published.folder / "绩效自评_批次.html").read_text(encoding="utf-8")
    public = (published.folder / "绩效自评_批次_公开.html").read_text(encoding="utf-8")
    links = [unquote(each) for each in re.findall(r'<li><a href="([^"]+)"', internal)]
    assert links[0] == "./绩效自评汇总_批次.xlsx"
    assert {f"data/{path.name}" for path in (published.folder / "data").iterdir()} == set(links[1:])
    details = json.loads(re.findall(r'id="details">(.*?)</script>', internal)[0])
    feedback = [(published.folder / unquote(each)).resolve() for each in details["feedback"]]
    assert sorted(feedback) == sorted(path.resolve() for path in published.feedback)
    assert re.findall(r"<li><a|xlsx|csv", public) == []
    manifest = json.loads((published.folder / "manifest.json").read_text("utf-8"))
    assert {"绩效自评_批次.html", "绩效自评_批次_公开.html"} <= {each["file"] for each in manifest["outputs"]}


def test_a_view_holds_the_departments_findings_with_their_places(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "水务.xlsx", overall_form().set("funds.total.self_score", 5))
    published = run(folder)
    html = (published.folder / "绩效自评_批次.html").read_text(encoding="utf-8")
    (view,) = re.findall(r'<script type="text/plain" id="view-0">(.+?)</script>', html)
    found = unpacked(view)[0]
    titles = [title for title, _ in found["columns"]]
    rows = [dict(zip(titles, row, strict=True)) for row in found["rows"]]
    said = {row["finding_id"]: row for row in table(published, "findings")}
    assert {row["编号"] for row in rows} == set(said)
    for row in rows:
        text, _, address = row["单元格"]
        place = said[row["编号"]]
        assert text == f"{place['file']} › {place['sheet']}!{place['cell']}"
        assert (published.folder / unquote(address)).resolve() == (folder / place["file"]).resolve()


def test_the_public_workbook_is_swapped_in_with_the_rest_and_holds_nothing_hidden(tmp_path: Path) -> None:
    folder = round_folder(tmp_path / "inputs")
    write_forms(folder / "水务.xlsx", overall_form().set("funds.total.self_score", 5), project_form())
    published = run(folder)
    path = published.folder / "绩效自评公开_批次.xlsx"
    manifest = json.loads((published.folder / "manifest.json").read_text("utf-8"))
    assert path.name in {each["file"] for each in manifest["outputs"]}
    book = load_workbook(path)
    assert book.sheetnames == ["评价结果", "项目结果", "预算执行", "结果应用", "评价方法", "说明"]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not [name for name, defined in book.defined_names.items() if defined.hidden]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert not [column for sheet in book for column in sheet.column_dimensions.values() if column.hidden]
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("jixiao", "jixiao")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith("xml")}
    assert not [name for name in parts if "externalLink" in name or "comments" in name]
    assert not [name for name, text in parts.items() if "水务.xlsx" in text or 'hidden="1"' in text]
    ranking = book["评价结果"]
    assert [cell.value for cell in ranking[4]][-1] == "暂定"
