"""A scheme out as a workbook for officers, and back in as its file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from jixiao.catalog.loading.schemes import check_source, load_scheme, scheme_data
from jixiao.catalog.loading.seeds import scheme_ids, scheme_path
from jixiao.catalog.loading.sources import SchemeError, parse_source, read_source
from jixiao.catalog.scheme_workbook.layouts import CellProblem, load_book_layout
from jixiao.catalog.scheme_workbook.sheets import locate, parse_book, scheme_sheets
from jixiao.catalog.toml_writing import revised_text, scheme_text
from jixiao.language import say
from jixiao.pipeline.settings import ConfigurationError, known_seeds
from jixiao.workbooks.edited import read_edited, update_workbook
from jixiao.workbooks.refusals import RefusalError
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.catalog.loading.sources import SchemeProblem
    from jixiao.catalog.scheme_workbook.layouts import BookLayout, EditedBook, SheetLayout

_BARE_WORD = re.compile(r"(?<![“\w])[a-z_]+(?![”\w])")


@dataclass(frozen=True, slots=True)
class ImportedScheme:
    """An edited scheme as the text of its file; only to be used where nothing is wrong with it."""

    id: str
    text: str
    problems: tuple[CellProblem, ...]


def export_scheme(scheme_id: str, path: Path, own: Path | None = None) -> None:
    """Write a scheme, with all that it inherits, as a workbook.

    A workbook that is already there is brought up to date: notes, columns and sheets of officers stay.

    Raises:
        ConfigurationError: there is no such scheme, it is broken, or what is there is no scheme's workbook.
        OSError: the file cannot be written.
    """
    seeds = known_seeds(own)
    try:
        scheme = load_scheme(scheme_id, *seeds)
        sheets = scheme_sheets(scheme_id, scheme_data(scheme_id, *seeds), load_book_layout(*seeds))
    except SchemeError as error:
        raise ConfigurationError(str(error)) from error
    if not path.exists():
        write_workbook(path, sheets, title=scheme.title, created=datetime.now(UTC))
        return
    with TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.xlsx"
        write_workbook(fresh, sheets, title=scheme.title, created=datetime.now(UTC))
        try:
            update_workbook(path, sheets, fresh)
        except RefusalError as refusal:
            message = say(
                "{name} 不是能够更新的方案工作簿（{figures}），请换一个文件名。",
                name=path.name,
                figures=refusal.figures["detail"],
            )
            raise ConfigurationError(message) from refusal


def import_scheme(path: Path, earlier: Path | None = None, own: Path | None = None) -> ImportedScheme:
    """Read an edited workbook and check the scheme that it makes, each problem at its cell.

    The text is that of the `earlier` file (else of the scheme's file as it is), with its comments, changed
    where the workbook was; a new one where there is none or it cannot be kept.

    Raises:
        ConfigurationError: it is no workbook, or the layout of such workbooks or the parent scheme is broken.
    """
    seeds = known_seeds(own)
    try:
        layout = load_book_layout(*seeds)
        book = parse_book(read_edited(path, path.name), layout)
        name = path.name
        return _imported(book, (layout, seeds), name, earlier or scheme_path(book.id, *seeds))
    except SchemeError as error:
        raise ConfigurationError(str(error)) from error
    except RefusalError as refusal:
        message = say(
            "{name} 不能读取：{figures}。请用 Excel 或 WPS 打开，另存为 .xlsx。",
            name=path.name,
            figures=refusal.figures["detail"],
        )
        raise ConfigurationError(message) from refusal


def _imported(
    book: EditedBook, given: tuple[BookLayout, tuple[Path, ...]], name: str, earlier: Path
) -> ImportedScheme:
    layout, seeds = given
    if book.problems:
        return ImportedScheme(book.id, "", book.problems)
    extended = book.data.get("extends")
    parent = scheme_data(str(extended), *seeds) if extended in scheme_ids(*seeds) else {}
    what = say("，只写不同于所继承方案的内容") if parent else ""
    heading = say("# 由 jixiao scheme import 根据 {name} 生成{what}。", name=name, what=what)
    text = _revised(earlier, book.data, parent) or scheme_text(book.data, parent, layout, heading)
    problems = check_source(parse_source(f"{book.id}.toml", text), *seeds)
    return ImportedScheme(book.id, text, tuple(_at_cell(each, book, layout) for each in problems))


def _revised(earlier: Path, data: Mapping[str, object], parent: Mapping[str, object]) -> str | None:
    """The earlier file with its comments; None where there is none, or none that can be read."""
    try:
        return revised_text(read_source(earlier).text, data, parent)
    except SchemeError:
        return None


def _at_cell(problem: SchemeProblem, book: EditedBook, layout: BookLayout) -> CellProblem:
    """The problem at the cell that it comes from, in the words of its sheet; another file's as it is."""
    found = locate(problem.key, book) if problem.file == f"{book.id}.toml" else None
    if found is None:
        return CellProblem("", "", "", str(problem))
    ref, label = found
    sheet = next(each for each in layout.sheets if each.name == ref.sheet)
    name = problem.key.rpartition(".")[2] if problem.key in book.places else ""
    return CellProblem.at(ref, label, _in_words(problem.message, sheet).replace(f"“{name}”", f"“{label}”"))


def _in_words(message: str, sheet: SheetLayout) -> str:
    """The message with keys and values of the file as the sheet words them; quoted names stay as they are."""
    words: dict[str, str] = {}
    for entry in (*sheet.settings, *sheet.columns):
        words |= {entry.name: entry.title, **entry.words}
    return _BARE_WORD.sub(lambda found: words.get(found[0], found[0]), message)
