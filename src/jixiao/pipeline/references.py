"""The finance department's own lists beside a round, read by the same extraction as departments' forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.catalog.wording.sentences import word
from jixiao.domain.cells import CellError, UnstoredFormula, column_letters
from jixiao.domain.forms import ValueKind
from jixiao.extraction.recognise import Recognised, recognise
from jixiao.extraction.submissions import extract
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.lists import lists_in
from jixiao.pipeline.settings import ConfigurationError
from jixiao.workbooks.reading import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.cells import Grid, Workbook
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.submissions import Line


@dataclass(frozen=True, slots=True)
class Reference:
    """A list as read: its layout, and its rows from all its sheets."""

    layout: FormLayout
    file: str
    sha256: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def table(self) -> TableLayout:
        """The list's only table."""
        return self.layout.tables[0]

    def refuse(self, message: str) -> ConfigurationError:
        """The error that says what is wrong with the list."""
        return ConfigurationError(f"{self.layout.title} {self.file}：{message}")


def read_reference(form_id: str, folder: Path, file: str, rules: Rulebook) -> Reference:
    """Read the list `file`, relative to the round's folder, by the layout of that id.

    Raises:
        ConfigurationError: no such file, not readable, no such list in it, or a name that can't be read.
    """
    layout = rules.list_form(form_id)
    workbook = _open(layout, folder / file, file, rules)
    _refuse_other_list(layout, workbook, rules)
    vocabulary = Vocabulary((layout,))
    lines: list[Line] = []
    findings: list[Finding] = []
    for grid in (grid for grid in workbook.grids if not grid.hidden):
        for recognised in recognise(grid, vocabulary):
            if isinstance(recognised, Recognised):
                extraction = extract(recognised, "", workbook.sha256, vocabulary, rules.scheme.lexicon)
                lines += extraction.submission.lines
                findings += extraction.findings
                _check_names(layout, grid, extraction.submission.lines)
    if not lines:
        wanted = "、".join(f"“{column.title}”" for column in layout.tables[0].columns if column.required)
        raise ConfigurationError(
            f"{layout.title} {file} 中没有找到可用的行。请在一张工作表上写明表头，至少有{wanted}和另外一列，"
            "下面每行填一个部门或项目。"
        )
    return Reference(layout, file, workbook.sha256, tuple(lines), tuple(findings))


def _open(layout: FormLayout, path: Path, file: str, rules: Rulebook) -> Workbook:
    if not path.is_file():
        raise ConfigurationError(
            f"找不到{layout.title} {path}。请把文件放到该位置，或改正、删去 round.toml 中的设置。"
        )
    reading = read_workbook(path, file)
    if reading.workbook is None:
        said = "".join(word(finding, rules.wordings[finding.code]).message for finding in reading.findings)
        raise ConfigurationError(
            f"{layout.title}无法使用：{said}请用 Excel 或 WPS 打开，另存为 .xlsx 后再运行。"
        )
    return reading.workbook


def _refuse_other_list(layout: FormLayout, workbook: Workbook, rules: Rulebook) -> None:
    """A list named under the key of another would be read as something that it is not."""
    found = lists_in((grid for grid in workbook.grids if not grid.hidden), rules.lists)
    if found and layout.id not in {each.id for each in found}:
        other = found[0]
        raise ConfigurationError(
            f"round.toml 中 {layout.id}（{layout.title}）指定的 {workbook.file} 看起来是{other.title}。"
            f'请改为 {other.id} = "{workbook.file}"；'
            f"{layout.id} 另写{layout.title}的文件名，没有就删去这一行。"
        )


def _check_names(layout: FormLayout, grid: Grid, lines: tuple[Line, ...]) -> None:
    """A name that is an error would make a department or project vanish from the list without a word."""
    texts = {column.name for column in layout.tables[0].columns if column.kind is ValueKind.TEXT}
    columns = {entry.ref.column for line in lines for name, entry in line.entries.items() if name in texts}
    broken = sorted(_broken_cells(grid, columns))
    if broken:
        cells = "、".join(broken)
        raise ConfigurationError(
            f"{layout.title} {grid.file} 的《{grid.sheet}》{cells} 是错误值或没有结果的公式。"
            "请改正并保存后再运行。"
        )


def _broken_cells(grid: Grid, columns: set[int]) -> Iterator[str]:
    for (row, column), value in grid.values.items():
        if column in columns and isinstance(value, CellError | UnstoredFormula):
            yield f"{column_letters(column)}{row + 1}"
