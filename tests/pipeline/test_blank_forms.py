"""Blank forms from order to file and back: what is filled in is what is read, and checks agree."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jixiao.blanks.checks import OPEN, PASSED
from jixiao.blanks.forms import arrange
from jixiao.domain.findings import Severity
from jixiao.domain.own_sheets import Fingerprint, sheet_fingerprint, workbook_fingerprint
from jixiao.domain.submissions import Status
from jixiao.pipeline import BlankRequest, ConfigurationError, check_files, find_rounds, write_blanks
from jixiao.pipeline.reading import FileReader
from jixiao.workbooks.blank_writing import blank_workbook, write_blank
from jixiao.workbooks.reading import read_workbook
from tests.builders.blanks import YEAR, all_orders, filled, order_of, read_back, stored, verdicts

if TYPE_CHECKING:
    from jixiao.blanks.drafts import Order
    from jixiao.domain.blanks import BlankForm, Filling
    from jixiao.evaluating.files import FileResult

ORDERS = list(all_orders())
IDS = [f"{order.scheme.id}:{order.layout.id}" for order in ORDERS]
OFFICE = shutil.which("soffice")
TEMPLATES = Path(__file__).parents[2] / "templates"
needs_office = pytest.mark.skipif(
    OFFICE is None and not os.environ.get("CI"), reason="LibreOffice recalculates"
)


def read(path: Path, order: Order) -> FileResult:
    return FileReader(order.scheme).read(path, path.name)


def name_of(order: Order) -> str:
    return f"{order.scheme.id}_{order.layout.id}.xlsx"


def wanted(order: Order) -> dict[str, Filling]:
    return stored(arrange(order))


def read_values(path: Path, order: Order) -> dict[str, Filling]:
    (submission,) = read(path, order).submissions
    return read_back(submission, order.layout, wanted(order))


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_blank_form_is_read_as_unfilled(order: Order, tmp_path: Path) -> None:
    write_blank(tmp_path / "t.xlsx", arrange(order))
    result = read(tmp_path / "t.xlsx", order)
    assert result.submissions == ()
    assert [outcome.status for outcome in result.outcomes] == [Status.IGNORED]
    assert [(finding.code, finding.label) for finding in result.findings] == [("L109", order.layout.title)]


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
def test_every_form_checks_itself(order: Order) -> None:
    assert set(verdicts(arrange(order))) == {OPEN}


@pytest.mark.parametrize("order", ORDERS, ids=IDS)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_is_filled_in_is_what_is_read(order: Order, seed: int) -> None:
    full = filled(order, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        write_blank(path, arrange(full))
        assert read_values(path, full) == wanted(full)
        findings = check_files([path]).findings
    assert [each.message for each in findings if each.severity in {Severity.ERROR, Severity.BLOCKING}] == []
    assert set(verdicts(arrange(full))) == {PASSED}


def broken(order: Order) -> dict[str, tuple[str, Order]]:
    """Forms with one thing wrong, by what the check cell says."""
    full = filled(order, 1)
    weight = next(name for name in full.fillings if name.endswith(".weight"))
    row = weight.rpartition(".")[0]
    changes: dict[str, dict[str, Filling]] = {
        "得分应在 0 与分值之间": {f"{row}.self_score": Decimal(str(full.fillings[weight])) + 1},
        "有的指标没有填完整，每个指标的各栏都要填": {f"{row}.actual": ""},
        "分值和得分只能填数字": {f"{row}.self_score": "满分"},
        "等级与总分不符": {"grade": "差"},
        "“项目名称”没有填写": {"project": ""},
        "全年执行数大于全年预算数": {
            f"funds.{item}.executed": Decimal(9000) for item in ("fiscal", "carryover", "other")
        },
    }
    return {
        message: (message, replace(full, fillings={**full.fillings, **change}))
        for message, change in changes.items()
    }


BROKEN = broken(order_of("hunan-provincial", "project-self-evaluation"))


@pytest.mark.parametrize("fault", BROKEN)
def test_check_cell_names_what_is_wrong(fault: str) -> None:
    message, order = BROKEN[fault]
    assert verdicts(arrange(order)) == [f"请检查：{message}"]


@needs_office
def test_libreoffice_computes_what_is_stored(tmp_path: Path) -> None:
    """Filled in with another program and recalculated, a form says what its own values say."""
    orders = {name_of(order): filled(order, 7) for order in each_form()}
    orders |= {f"fault{number}.xlsx": order for number, (_, order) in enumerate(BROKEN.values())}
    for name, order in orders.items():
        type_in(tmp_path / name, order)
    for name, order in orders.items():
        path = tmp_path / "out" / name if (tmp_path / "out").exists() else convert(tmp_path) / name
        assert read_values(path, order) == wanted(order), name
        assert shown_checks(path, arrange(order)) == verdicts(arrange(order)), name


@needs_office
def test_libreoffice_changes_no_blank_form(tmp_path: Path) -> None:
    for order in each_form():
        write_blank(tmp_path / name_of(order), arrange(order))
    out = convert(tmp_path)
    for order in each_form():
        before, after = (read_workbook(folder / name_of(order), "t").workbook for folder in (tmp_path, out))
        assert before is not None
        assert after is not None
        assert after.grids[0].values == before.grids[0].values
        assert after.grids[0].merged == before.grids[0].merged
        assert workbook_fingerprint(after) == workbook_fingerprint(before) == arrange(order).fingerprint


@needs_office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_fingerprint_survives_other_formats(kind: str, tmp_path: Path) -> None:
    form = arrange(order_of("national", "project-self-evaluation"))
    write_blank(tmp_path / "t.xlsx", form)
    workbook = read_workbook(convert(tmp_path, kind) / f"t.{kind}", "t").workbook
    assert workbook is not None
    assert sheet_fingerprint(workbook.grids[0]) == form.fingerprint
    assert Fingerprint.of_properties(workbook.properties) == form.fingerprint


def each_form() -> list[Order]:
    """Every form once, whatever schemes have it."""
    return list({order.layout.id: order for order in ORDERS}.values())


def type_in(path: Path, order: Order) -> None:
    """Fill a blank form in as a person would: only the input cells, every stored value lost in saving."""
    blank = arrange(replace(order, fillings={}))
    write_blank(path, blank)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for name, cell in blank.inputs.items():
        if name in order.fillings:
            value = order.fillings[name]
            typed = float(value) if isinstance(value, Decimal) else value or None
            sheet.cell(cell.area.top + 1, cell.area.left + 1, typed)
    book.save(path)


def convert(folder: Path, kind: str = "xlsx") -> Path:
    """Every workbook as LibreOffice saves it."""
    profile = (folder / "profile").as_uri()
    files = sorted(map(str, folder.glob("*.xlsx")))
    command = [OFFICE or "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    command += ["--outdir", str(folder / "out"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603 - our own files
    return folder / "out"


def shown_checks(path: Path, form: BlankForm) -> list[object]:
    workbook = read_workbook(path, "t").workbook
    assert workbook is not None
    return [workbook.grids[0].value(cell.area.top, cell.area.left) for cell in form.checks]


def test_fingerprint_stands_for_a_title(tmp_path: Path) -> None:
    order = filled(order_of("hunan-provincial", "project-self-evaluation"), 3)
    path = tmp_path / "t.xlsx"
    write_blank(path, arrange(order))
    book = load_workbook(path, data_only=True)
    book.worksheets[0]["A1"] = "自评情况"
    book.save(path)
    assert [each.form for each in read(path, order).submissions] == ["project-self-evaluation"]


def test_targets_in_three_cells_are_read_as_one(tmp_path: Path) -> None:
    usual = order_of("hunan-provincial", "project-self-evaluation")
    columns = ("level1", "level2", "level3", "operator", "target", "unit", "actual", "weight", "self_score")
    blank = replace(usual.layout.blank, columns={"indicators": columns})
    layout = replace(usual.layout, blank=blank)
    entries: dict[str, Filling] = {
        f"indicators.1.{name}": text
        for name, text in (("level3", "虚构合格率"), ("operator", "≥"), ("target", "95"), ("unit", "%"))
    }
    form = arrange(replace(usual, layout=layout, fillings={"project": "虚构项目", **entries}))
    rule = form.inputs["indicators.1.operator"].rule
    assert rule is not None
    assert rule.choices[:3] == ("≥", ">", "≤")
    write_blank(tmp_path / "t.xlsx", form)
    (submission,) = read(tmp_path / "t.xlsx", usual).submissions
    assert [each.target.text for each in submission.indicators] == ["≥95%"]


def test_check_takes_scheme_and_year_from_the_fingerprint(tmp_path: Path) -> None:
    order = filled(order_of("yueyang-municipal", "scoring-table"), 3)
    write_blank(tmp_path / "t.xlsx", arrange(order))
    result = check_files([tmp_path / "t.xlsx"])
    assert [card.submission.form for card in result.cards] == ["scoring-table"]
    assert "X101" not in {finding.code for finding in result.findings}


@pytest.mark.parametrize("scheme", sorted({order.scheme.id for order in ORDERS}))
def test_committed_templates_are_those_that_would_be_written(scheme: str, tmp_path: Path) -> None:
    committed = {path.name: path for path in (TEMPLATES / scheme).glob("*.xlsx")}
    year = {each.year for path in committed.values() if (each := fingerprint(path))}
    assert len(year) == 1
    request = BlankRequest(scheme, year=year.pop())
    written = {path.name: path for path in write_blanks(request, tmp_path).written}
    assert committed.keys() == written.keys()
    for name, path in written.items():
        assert cells(committed[name]) == cells(path), f"jixiao template {scheme} writes another {name}"


def cells(path: Path) -> dict[str, object]:
    """Every cell of the one sheet with what it holds, formulas as such."""
    (sheet,) = load_workbook(path).worksheets
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row}


def fingerprint(path: Path) -> Fingerprint | None:
    workbook = read_workbook(path, path.name).workbook
    return workbook_fingerprint(workbook) if workbook else None


def test_roster_and_books_fill_in_what_they_know(tmp_path: Path) -> None:
    (folder,) = find_rounds(TEMPLATES.parent / "inputs", ["hunan-2024"])
    request = BlankRequest("hunan-provincial", ("project-self-evaluation",), round=folder)
    paths = write_blanks(request, tmp_path).written
    assert folder.round.roster is not None
    departments = {entry.department for entry in folder.round.roster.entries}
    assert {path.parent.name for path in paths} == departments
    assert all(path.name.startswith(path.parent.name + "_") for path in paths)
    assert len({path.name for path in paths}) == len(paths)
    supervision = next(path for path in paths if "地方金融监管工作经费" in path.name)
    sheet = load_workbook(supervision, data_only=True).worksheets[0]
    texts = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"地方金融监管工作经费", "（2024年度）", 369, 528.87, 80.07} <= texts


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (BlankRequest("nowhere"), "没有这个评价方案"),
        (BlankRequest("national", ("nothing",)), "没有报送表“nothing”，可用：basic-data（部门"),
        (BlankRequest("national", targets=Path("目标")), "请同时用 --roster 写明批次"),
    ],
)
def test_wrong_requests_are_refused(request_: BlankRequest, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=message):
        write_blanks(request_, tmp_path)


def test_year_left_open_is_one_that_the_scheme_is_valid_for(tmp_path: Path) -> None:
    (path,) = write_blanks(BlankRequest("national", ("项目支出绩效自评表",)), tmp_path).written
    printed = fingerprint(path)
    assert printed is not None
    assert printed.year >= YEAR - 4


def test_one_workbook_holds_all_forms_of_a_department(tmp_path: Path) -> None:
    (folder,) = find_rounds(TEMPLATES.parent / "inputs", ["hunan-2024"])
    request = BlankRequest("hunan-provincial", round=folder)
    alone = write_blanks(request, tmp_path / "alone").written
    whole = write_blanks(replace(request, whole=True), tmp_path / "whole").written
    departments = {path.parent.name for path in alone}
    assert {path.name for path in whole} == {f"{name}_绩效自评表.xlsx" for name in departments}
    assert {path.parent for path in whole} == {tmp_path / "whole" / "hunan-provincial" / "hunan-2024"}
    for path in whole:
        own = [each for each in alone if path.name.startswith(f"{each.parent.name}_")]
        assert len(load_workbook(path).sheetnames) == len(own)


def test_every_form_of_one_workbook_is_read_as_what_it_is(tmp_path: Path) -> None:
    orders = [filled(order, 5) for order in ORDERS if order.scheme.id == "national"]
    path = tmp_path / "甲局.xlsx"
    path.write_bytes(blank_workbook([arrange(order) for order in orders]))
    read_ = read(path, orders[0]).submissions
    assert {(each.form, each.sheet) for each in read_} == {
        (order.layout.id, arrange(order).sheet) for order in orders
    }


def test_what_may_be_filled_in_is_kept(tmp_path: Path) -> None:
    request = BlankRequest("national", ("project-self-evaluation",), year=2024)
    (path,) = write_blanks(request, tmp_path).written
    blank = path.read_bytes()
    assert write_blanks(request, tmp_path).written == (path,)
    book = load_workbook(path)
    book.worksheets[0]["A1"] = "填过"
    book.save(path)
    mine = path.read_bytes()
    again = write_blanks(request, tmp_path)
    assert (again.written, again.kept, path.read_bytes()) == ((), (path,), mine)
    over = write_blanks(replace(request, overwrite=True), tmp_path)
    assert (over.written, over.kept, path.read_bytes()) == ((path,), (), blank)
