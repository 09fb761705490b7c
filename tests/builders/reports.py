"""Reports of the worked rounds, as values and as Word files taken apart."""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

from jixiao.domain.documents import Heading, Mark, Paragraph, Run, Table
from jixiao.engines import InProcessEngine
from jixiao.pipeline import find_rounds
from jixiao.pipeline.errands import Means
from jixiao.pipeline.memory import passing_memory
from jixiao.pipeline.runs import divide_round, evaluate_one
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.documents import Block, Document
    from jixiao.domain.rounds import Evaluation

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def worked_department(parent: Path, round_name: str, department: str) -> tuple[Evaluation, Rulebook]:
    """A department of one of the committed rounds, evaluated from its files, with the rules."""
    (folder,) = find_rounds(INPUTS, [round_name])
    with passing_memory(parent) as memory:
        means = Means(InProcessEngine(), memory)
        division = divide_round(folder, means)
        return evaluate_one(folder, division, department, means), folder.rules


def below(document: Document, *path: str) -> list[Block]:
    """What stands below a heading, given with the headings above it, up to the next heading."""
    wanted, at = list(path), 0
    found: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            if at == len(wanted):
                break
            at += block.text == wanted[at]
        elif at == len(wanted):
            found.append(block)
    return found


def said(document: Document, *path: str) -> list[str]:
    return [block.text for block in below(document, *path) if isinstance(block, Paragraph)]


def table(document: Document, caption: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.caption == caption)


def rows(found: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if isinstance(cell, Run) else cell for cell in row) for row in found.rows]


def runs(document: Document, mark: Mark) -> Iterator[str]:
    """All marked texts, of paragraphs and of tables."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from (run.text for run in block.runs if run.mark is mark)
        elif isinstance(block, Table):
            cells = (cell for row in block.rows for cell in row if isinstance(cell, Run))
            yield from (cell.text for cell in cells if cell.mark is mark)


def part(content: bytes, name: str) -> etree._Element:
    """One part of a Word file as XML."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def parts(content: bytes) -> dict[str, bytes]:
    """All parts of a Word file by name."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def text_of(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def edited_part(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """A Word file with one part changed."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for each, held in parts(content).items():
            package.writestr(each, change(held.decode()) if each == name else held)
    return stream.getvalue()


def paragraphs(content: bytes) -> list[str]:
    """The texts of a file's paragraphs, those of tables among them; a footnote's mark is its number."""
    found = []
    for paragraph in part(content, "word/document.xml").iter(f"{W}p"):
        texts = []
        for element in paragraph.iter(f"{W}t", f"{W}br", f"{W}footnoteReference"):
            if element.tag == f"{W}t":
                texts.append(element.text or "")
            else:
                texts.append("\n" if element.tag == f"{W}br" else f"[{element.get(f'{W}id')}]")
        found.append("".join(texts))
    return found
