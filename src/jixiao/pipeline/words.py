"""Words learnt: what officers confirm on the sheet 待确认用语, into the jurisdiction's own words.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.loading.words import address_titles, load_words, refute_words
from jixiao.catalog.scheme_workbook.layouts import CellProblem
from jixiao.catalog.toml_writing import toml_text
from jixiao.consolidation.terms import ADDRESS, CONFIRMED, FORM, SHEET, TAKEN_FOR, TEXT, YES
from jixiao.language import COLUMN, known_as, say, spoken
from jixiao.language import SHEET as A_SHEET
from jixiao.pipeline.settings import ConfigurationError, known_seeds, own_seeds
from jixiao.workbooks.edited import read_edited
from jixiao.workbooks.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jixiao.catalog.loading.words import LearntWords
    from jixiao.domain.cells import Grid
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme

_HEADING = """\
# 本地确认的用语：由 jixiao words accept 根据“待确认用语”表写入，也可以手工修改。
# 每种报送表一节；键是位置代号（栏目、“表.行”或“表..列”），值是各地的写法。

"""
_COLUMNS = (TEXT, TAKEN_FOR, CONFIRMED, FORM, ADDRESS)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What came of an edited sheet: the words taken over, by form's and place's title, or what is wrong."""

    path: Path
    taken: tuple[tuple[str, str, str], ...] = ()
    """Form, word, place."""
    problems: tuple[CellProblem, ...] = ()


def accept_words(workbook: Path, scheme_id: str, own: Path | None = None) -> Acceptance:
    """Write the confirmed words of a summary workbook into the own seeds; nothing where one is wrong.

    Raises:
        ConfigurationError: no such workbook, no such sheet in it, or the scheme can't be loaded.
        OSError: the file can't be written.
    """
    path = own_seeds(own) / "words.toml"
    try:
        seeds = known_seeds(own)
        scheme = load_scheme(scheme_id, *seeds)
        learnt = load_words(*seeds)
    except SchemeError as error:
        raise ConfigurationError(str(error)) from error
    reader = _Reader(_find_sheet(workbook), scheme)
    confirmed = tuple(reader.confirmed())
    if reader.problems:
        return Acceptance(path, problems=tuple(reader.problems))
    if confirmed:
        _write(path, _merged(learnt, confirmed))
    return Acceptance(path, tuple((each.layout.title, each.text, each.title) for each in confirmed))


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """A word with the place that it was confirmed for."""

    layout: FormLayout
    text: str
    address: str
    title: str


class _Reader:
    """Reads the edited sheet row by row; collects what is wrong at its cells."""

    def __init__(self, grid: Grid, scheme: Scheme) -> None:
        self._grid = grid
        self._forms = {form.title: form for form in scheme.forms}
        self._header, self._columns = _find_header(grid)
        self.problems: list[CellProblem] = []

    def confirmed(self) -> Iterator[_Confirmed]:
        """The rows with 是; an address of the sheet counts unless 读作 was changed to another place."""
        for row in range(self._header + 1, self._grid.height):
            if known_as((YES,)).get(self._text(row, CONFIRMED)) != YES:
                continue
            layout = self._forms.get(self._text(row, FORM))
            if layout is None:
                self._refuse(row, FORM, say("本批次的方案没有这种报送表。"))
                continue
            if (found := self._place(row, layout)) is not None:
                yield found

    def _place(self, row: int, layout: FormLayout) -> _Confirmed | None:
        titles, address = address_titles(layout), self._text(row, ADDRESS)
        wanted, text = self._text(row, TAKEN_FOR), self._text(row, TEXT)
        if titles.get(address) != wanted:
            named = [each for each, title in titles.items() if title == wanted]
            near = [each for each in named if each.partition(".")[0] == address.partition(".")[0]] or named
            if len(near) != 1:
                problem = say("有几处叫这个名称，请写明其一") if near else say("没有这个栏目、行或列")
                self._refuse(
                    row,
                    TAKEN_FOR,
                    say(
                        "《{title}》{problem}：{values}。",
                        title=layout.title,
                        problem=problem,
                        values=say("、").join(dict.fromkeys(titles.values())),
                    ),
                )
                return None
            address = near[0]
        for _, message in refute_words(layout, {address: (text,)}):
            self._refuse(row, TEXT, message)
            return None
        return _Confirmed(layout, text, address, wanted)

    def _text(self, row: int, title: str) -> str:
        value = self._grid.value(row, self._columns[title])
        return str(value).strip() if value is not None else ""

    def _refuse(self, row: int, title: str, message: str) -> None:
        ref = self._grid.ref(row, self._columns[title])
        self.problems.append(CellProblem.at(ref, spoken(title, COLUMN), message))


def _find_sheet(workbook: Path) -> Grid:
    if not workbook.is_file():
        raise ConfigurationError(
            say("没有这个文件：{workbook}。请先运行 jixiao run，或写明已确认的工作簿。", workbook=workbook)
        )
    try:
        grids = read_edited(workbook, workbook.name)
    except RefusalError as refusal:
        raise ConfigurationError(
            say(
                "{name} 不能读取：{figures}。请用 Excel 或 WPS 打开，另存为 .xlsx。",
                name=workbook.name,
                figures=refusal.figures["detail"],
            )
        ) from refusal
    found = next((grid for grid in grids if grid.sheet in known_as((SHEET,), A_SHEET)), None)
    if found is None:
        raise ConfigurationError(
            say(
                "{name} 里没有工作表“{sheet}”，本批次没有待确认的用语。",
                name=workbook.name,
                sheet=spoken(SHEET, A_SHEET),
            )
        )
    return found


def _find_header(grid: Grid) -> tuple[int, dict[str, int]]:
    """The row that has all headers, with the column of each.

    Raises:
        ConfigurationError: there is none.
    """
    known = known_as(_COLUMNS)
    for row in range(grid.height):
        shown = {str(grid.value(row, column)): column for column in range(grid.width)}
        found = {known[text]: column for text, column in shown.items() if text in known}
        if len(found) == len(_COLUMNS):
            return row, found
    raise ConfigurationError(
        say(
            "工作表“{sheet}”的表头不全，应有：{columns}。请勿改动表头。",
            sheet=spoken(SHEET, A_SHEET),
            columns=say("、").join(spoken(title, COLUMN) for title in _COLUMNS),
        )
    )


def _merged(learnt: LearntWords, confirmed: tuple[_Confirmed, ...]) -> LearntWords:
    words = {form: dict(addresses) for form, addresses in learnt.items()}
    for each in confirmed:
        own = words.setdefault(each.layout.id, {})
        own[each.address] = tuple(dict.fromkeys((*own.get(each.address, ()), each.text)))
    return words


def _write(path: Path, words: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
    ordered = {
        form: {at: list(texts) for at, texts in sorted(own.items())} for form, own in sorted(words.items())
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADING + toml_text(ordered) + "\n", encoding="utf-8")
