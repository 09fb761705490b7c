"""Blocks of a report as the XML of Word: paragraphs and tables in the template's own styles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from jixiao.domain.documents import Heading, Mark, Paragraph, Run, Table
from jixiao.domain.report import Kind
from jixiao.domain.spoken import one_line
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jixiao.domain.documents import Block, Column

BODY: Final = "公文正文"
CELL: Final = "表格文字"
HEAD: Final = "表格表头"
CAPTION: Final = "表题"
UNIT: Final = "表单位"
SOURCE: Final = "表注"
GAP: Final = "待补"
DOUBT: Final = "待核"
REMARK: Final = "待核说明"
TABLE: Final = "公文表格"
NOTE_TEXT: Final = "footnote text"
NOTE_MARK: Final = "footnote reference"
STYLES: Final = (BODY, CELL, HEAD, CAPTION, UNIT, SOURCE, GAP, DOUBT, REMARK, TABLE, NOTE_TEXT, NOTE_MARK)
"""The styles by which a template says how a report looks, besides Title and heading 1 to 4."""

PLACE: Final = "\ue000"
"""Begins and ends what stands for a text until the template is filled: no text of others has it."""
_MARKS = {Mark.GAP: GAP, Mark.DOUBT: DOUBT}
_ALIGNED = {
    Kind.AMOUNT: "right",
    Kind.SCORE: "right",
    Kind.RATE: "right",
    Kind.COUNT: "right",
    Kind.MARK: "center",
}
_HALF = 130
"""Twentieths of a point for half a Chinese character in a table, with what bold and other fonts take more."""
_PADDING = 220
_LONGEST, _SHORTEST, _HEAD = 60, 6, 8
_FLOOR = 8 * _HALF + _PADDING
"""In half characters: text columns share the room by their longest text, within these bounds."""
FORBIDDEN = dict.fromkeys(map(ord, f"\ufffe\uffff{PLACE}"))
"""What XML can't hold, and what only we may write."""
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(slots=True)
class Markup:
    """Writes blocks; `styles` are the template's style ids in quotes by name in lower case.

    `width` is that of its text in twentieths of a point. Footnotes are collected in `notes` as XML, their ids
    from `first_note` on.
    """

    styles: Mapping[str, str]
    width: int
    first_note: int
    notes: list[str] = field(default_factory=list)
    _begins: dict[tuple[str, str], str] = field(default_factory=dict)
    """How paragraphs begin, by their style and what else is said of them."""

    def blocks(self, blocks: Iterable[Block]) -> str:
        """The XML of blocks, one after the other."""
        return "".join(map(self._block, blocks))

    def _block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return self._paragraph(f"heading {block.level}", _plain(block.text))
        if isinstance(block, Paragraph):
            remark = all(run.mark is Mark.DOUBT for run in block.runs)
            return self._paragraph(REMARK if remark else BODY, self._noted(block))
        return self._table(block)

    def _noted(self, paragraph: Paragraph) -> str:
        """The runs, the mark of the footnote before the full stop of the first: it belongs to its figures."""
        first, *others = paragraph.runs
        if not paragraph.source:
            return "".join(map(self._run, paragraph.runs))
        said, stop = (first.text[:-1], "。") if first.text.endswith("。") else (first.text, "")
        runs = self._run(Run(said, first.mark)) + self._note(paragraph.source)
        return runs + (_plain(stop) if stop else "") + "".join(map(self._run, others))

    def _paragraph(self, style: str, runs: str, properties: str = "") -> str:
        begin = self._begins.get((style, properties))
        if begin is None:
            begin = f"<w:p><w:pPr>{self._style('pStyle', style)}{properties}</w:pPr>"
            self._begins[style, properties] = begin
        return f"{begin}{runs}</w:p>"

    def _style(self, tag: str, name: str) -> str:
        """The reference to a style; nothing where the template has none of that name."""
        known = self.styles.get(name.casefold())
        return f"<w:{tag} w:val={known}/>" if known else ""

    def _run(self, run: Run, *, strong: bool = False) -> str:
        if run.mark is Mark.PLAIN:
            return _plain(run.text, strong=strong)
        properties = self._style("rStyle", _MARKS[run.mark]) + ("<w:b/>" if strong else "")
        head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
        return f'<w:r>{head}<w:t xml:space="preserve">{safe(run.text)}</w:t></w:r>'

    def _note(self, source: str) -> str:
        """The mark of a footnote that says where the figures of its paragraph come from."""
        number = self.first_note + len(self.notes)
        mark = f"<w:rPr>{self._style('rStyle', NOTE_MARK)}</w:rPr>"
        text = _plain(say(" 数据来源：{source}", source=source))
        runs = f"<w:r>{mark}<w:footnoteRef/></w:r>{text}"
        self.notes.append(f'<w:footnote w:id="{number}">{self._paragraph(NOTE_TEXT, runs)}</w:footnote>')
        return f'<w:r>{mark}<w:footnoteReference w:id="{number}"/></w:r>'

    def _table(self, table: Table) -> str:
        widths = column_widths(table, self.width)
        frames = self._frames(table, widths)
        rows = self._head_row(table.columns, widths) + "".join(
            self._row(frames, row, strong=number in table.strong) for number, row in enumerate(table.rows)
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        unit = self._paragraph(UNIT, _plain(say("单位：{unit}", unit=table.unit))) if table.unit else ""
        source = say("数据来源：{source}", source=table.source) if table.source else ""
        return (
            f"{self._paragraph(CAPTION, _plain(table.caption))}{unit}"
            f"<w:tbl><w:tblPr>{self._style('tblStyle', TABLE)}"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
            f"{self._paragraph(SOURCE, _plain(source))}"
        )

    def _head_row(self, columns: Sequence[Column], widths: Sequence[int]) -> str:
        cells = "".join(
            _cell(width, self._paragraph(HEAD, _plain(column.title)))
            for column, width in zip(columns, widths, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"

    def _frames(self, table: Table, widths: Sequence[int]) -> list[tuple[str, str]]:
        """What stands around the run of a cell, by column."""
        aligned = (_ALIGNED.get(column.kind) for column in table.columns)
        texts = (f'<w:jc w:val="{each}"/>' if each else "" for each in aligned)
        cells = (self._paragraph(CELL, PLACE, text) for text in texts)
        spelled = (_cell(width, cell).partition(PLACE) for width, cell in zip(widths, cells, strict=True))
        return [(begin, end) for begin, _, end in spelled]

    def _row(self, frames: Sequence[tuple[str, str]], row: Sequence[str | Run], *, strong: bool) -> str:
        runs = (
            _plain(each, strong=strong) if isinstance(each, str) else self._run(each, strong=strong)
            for each in row
        )
        cells = "".join(f"{begin}{run}{end}" for (begin, end), run in zip(frames, runs, strict=True))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


@lru_cache(maxsize=8192)
def _plain(text: str, *, strong: bool = False) -> str:
    """A run of a usual text."""
    head = "<w:rPr><w:b/></w:rPr>" if strong else ""
    return f'<w:r>{head}<w:t xml:space="preserve">{safe(text)}</w:t></w:r>'


def _cell(width: int, paragraph: str) -> str:
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{properties}{paragraph}</w:tc>"


def safe(text: str) -> str:
    """A text that is no markup: one line without controls, half characters and what XML forbids."""
    return escape(one_line(text).translate(FORBIDDEN))


def column_widths(table: Table, width: int) -> list[int]:
    """The columns' widths, together at most `width`: figures get what they need, texts share the rest."""
    needs = [_need(table, at) for at in range(len(table.columns))]
    numeric = [column.kind is not Kind.TEXT for column in table.columns]
    room = min(width, max(sum(needs), width // 2))
    words = [need for need, is_numeric in zip(needs, numeric, strict=True) if not is_numeric]
    figures = [need for need, is_numeric in zip(needs, numeric, strict=True) if is_numeric]
    floors = [min(need, _FLOOR, room // len(needs)) for need in words]
    if figures and sum(figures) > room - sum(floors):
        figures = _shared(figures, room - sum(floors))
    shares = iter(_shared(words, room - sum(figures), floors) if words else ())
    exact = iter(figures if words else _shared(figures, room))
    return [next(exact if is_numeric else shares) for is_numeric in numeric]


def _shared(needs: Sequence[int], width: int, floors: Sequence[int] = ()) -> list[int]:
    """The width divided by what each needs beyond its floor; what is left over is the widest's."""
    least = floors or [0] * len(needs)
    beyond = [need - floor for need, floor in zip(needs, least, strict=True)]
    rest, whole = width - sum(least), sum(beyond)
    widths = [
        floor + (rest * each // whole if whole else 0) for floor, each in zip(least, beyond, strict=True)
    ]
    widths[needs.index(max(needs))] += width - sum(widths)
    return widths


_WORD = re.compile(r"[A-Za-z]+")


def _need(table: Table, at: int) -> int:
    """What a column wants: its longest cell; a head may take two lines and more."""
    cells = [row[at] for row in table.rows]
    longest = max((wide(cell.text if isinstance(cell, Run) else cell) for cell in cells), default=0)
    head = wide(table.columns[at].title)
    if table.columns[at].kind is Kind.TEXT:
        return max(min(longest, _LONGEST), min(head, 2 * _SHORTEST), _SHORTEST) * _HALF + _PADDING
    word = max(map(len, _WORD.findall(table.columns[at].title)), default=0)  # no word of letters is broken
    return max(min(longest, _LONGEST // 3), min(head, _HEAD), word) * _HALF + _PADDING


@lru_cache(maxsize=8192)
def wide(text: str) -> int:
    """How many half characters a text is wide."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)
