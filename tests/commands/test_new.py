from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from jixiao.cli import app
from jixiao.pipeline import ConfigurationError, find_rounds

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["new", *words], prog_name="jixiao")
    return result.exit_code, result.output


def test_a_round_is_made_ready_to_be_filled(place: Path) -> None:
    code, said = new("省直", "--scheme", "hunan-provincial", "--year", "2024")
    assert code == 0
    assert said.splitlines()[-4:] == [
        "接下来：",
        "  1. 在名册中填写部门和应报表种，并在 round.toml 中启用 roster（可不做）",
        "  2. 把部门报送的工作簿放入 inputs/省直",
        "  3. jixiao run 省直",
    ]
    (found,) = find_rounds(place / "inputs")
    assert (found.round.scheme.id, found.round.year, found.round.roster) == ("hunan-provincial", 2024, None)
    blanks = sorted(path.name for path in (place / "templates" / "省直" / "hunan-provincial").iterdir())
    assert "项目支出绩效自评表.xlsx" in blanks


def test_every_setting_that_is_offered_holds_once_the_roster_is_filled_in(place: Path) -> None:
    new("省直", "--scheme", "national", "--year", "2024")
    folder = place / "inputs" / "省直"
    book = load_workbook(folder / "名册.xlsx")
    sheet = book.worksheets[0]
    (header,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "部门名称"]
    (forms,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "应报表种"]
    sheet.cell(header.row + 1, header.column, "青石县农业农村局")
    sheet.cell(header.row + 1, forms.column, "整体、项目2")
    book.save(folder / "名册.xlsx")
    settings = folder / "round.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("# roster", "roster").replace("# deadline", "deadline"), encoding="utf-8"
    )
    (found,) = find_rounds(place / "inputs")
    assert found.round.roster is not None
    assert [entry.department for entry in found.round.roster.entries] == ["青石县农业农村局"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a/b", "--scheme", "national", "--year", "2024"), "“a/b”不能作文件夹名，请换一个批次名称"),
        (("..", "--scheme", "national", "--year", "2024"), "“..”不能作文件夹名，请换一个批次名称"),
        (("新", "--scheme", "nation", "--year", "2024"), "没有这个评价方案，可用："),
        (("新", "--scheme", "national", "--year", "24"), "不适用于 24 年度"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(place: Path, words: tuple[str, ...], said: str) -> None:
    code, output = new(*words)
    assert code == 2
    assert said in output
    assert list(place.iterdir()) == []


def test_a_folder_that_has_forms_but_no_settings_becomes_a_round(place: Path) -> None:
    folder = place / "inputs" / "已收"
    folder.mkdir(parents=True)
    for name in ("甲局.xlsx", "名册.xlsx"):
        (folder / name).write_bytes(b"as it is")
    code, _ = new("已收", "--scheme", "national", "--year", "2024")
    assert code == 0
    assert {path.name: path.read_bytes() for path in folder.glob("*.xlsx")} == {
        "甲局.xlsx": b"as it is",
        "名册.xlsx": b"as it is",
    }
    assert (folder / "round.toml").exists()


def test_nothing_is_overwritten(place: Path) -> None:
    folder = place / "inputs" / "旧"
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text("# 我的", encoding="utf-8")
    code, output = new("旧", "--scheme", "national", "--year", "2024")
    assert code == 2
    assert "已经存在，没有改动它。请换一个批次名称。" in output
    assert (folder / "round.toml").read_text(encoding="utf-8") == "# 我的"
    with pytest.raises(ConfigurationError):
        find_rounds(place / "inputs")
