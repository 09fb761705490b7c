"""Budget blocks whose figures stand beside their words, not below: 预算数 | 100 | 执行数 | 98."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.forms import TableLayout, ValueKind
from jixiao.domain.submissions import Basis, Entry, Inference, Line, State
from jixiao.extraction.entries import points_in_one
from jixiao.extraction.pairs import name_pairs, pairs_in
from jixiao.extraction.regions import declared_unit
from jixiao.extraction.rows import TOTAL, Read, parts_of
from jixiao.extraction.vocabulary import column_keys, item_names
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.domain.cells import Position
    from jixiao.extraction.headers import Header
    from jixiao.extraction.pairs import Pair
    from jixiao.extraction.views import FormView

_FEWEST = 2
"""So many words with their figure beside them make a block of this kind."""
_DEPTH = 4
"""So many rows from the first word on the block's words stand."""
_CERTAINTY = 90
_RATE = "execution_rate"
_MONEY = ("annual_budget", "executed")


def read_beside(table: TableLayout, headers: Sequence[Header], end: int, view: FormView) -> Read | None:
    """The block's lines; None where its figures do not stand beside its words.

    The words' own figures are the line of totals. Below them a label that stands in the words' columns names
    the line of the figures beside it, as in 其中：财政拨款 | 90 | 其中：财政拨款 | 88.
    """
    item = next((each for each in table.items if each.name == TOTAL), None)
    if not table.budget or item is None or not headers:
        return None
    words = _words(table, headers[0], end, view)
    besides = [_value_beside(at, set(words.values()), view) for at in words.values()]
    if not any(at and _is_figure(at, view) for at in besides):
        return None
    inferred = _unknown_words(words, table, headers[0], end, view)
    words |= {name: pair.word for name, pair in inferred.items()}
    values = {name: _value_beside(at, set(words.values()), view) for name, at in words.items()}
    values |= {
        name: below
        for name, at in values.items()
        if _heads(name, words, table) and (below := _figure_below(at, words[name], view))
    }
    found = {name: at for name, at in values.items() if at and _is_figure(at, view)}
    amounts = [words[name][0] for name in found if _is_amount(name, table)]
    starts = (headers[0].top, min(amounts)) if amounts else ()
    on_first_row = max(
        ([name for name in found if words[name][0] == row] for row in starts), key=len, default=[]
    )
    few = len(on_first_row) < _FEWEST and not _leaves_blank(values, words, view)
    if few or len(found) * 2 < len(words):
        return None
    entries = {name: _entry(name, at, table, view, words[name]) for name, at in values.items() if at}
    entries |= _rate(entries, words, table, view)
    entries |= _points_in_one(entries, words, view)
    ref = view.region.grid.ref(*words[on_first_row[0]])
    lines = [Line(table.name, TOTAL, item.title, ref, entries), *_parts(table, words, values, end, view)]
    reason = say("金额写在栏目名称的右边")
    text = view.region.texts[words[on_first_row[0]]].strip()
    address = f"{table.name}.{TOTAL}"
    told = [Inference(Basis.STRUCTURE, ref, text, address, item.title, reason, _CERTAINTY)]
    told += [
        _by_figures(name, at, table, view) for name, at in words.items() if _is_strange(name, at, table, view)
    ]
    rows = {at[0] for at in words.values()} | {line.ref.row for line in lines}
    return Read(tuple(lines), tuple(told), frozenset(rows))


def _unknown_words(
    words: Mapping[str, Position], table: TableLayout, header: Header, end: int, view: FormView
) -> dict[str, Pair]:
    """The further words of the block's rows that no list knows, by their figures."""
    rows = [row for row in view.region.rows if header.top <= row < min(end, header.top + _DEPTH)]
    last = next((at for at, row in enumerate(rows) if len(pairs_in([row], view)) < _FEWEST), len(rows))
    pairs = pairs_in(rows[:last], view)
    alone = pairs_in(rows[last : last + 1], view)
    pairs += [pair for pair in alone if len(alone) == 1 and pair.percent]  # the rate in a row of its own
    known = {name: pair for pair in pairs for name, at in words.items() if at == pair.word}
    items = item_names(table)
    named = name_pairs([pair for pair in pairs if pair.key not in items], known, table, view)
    return {name: pair for name, pair in named.items() if name not in words}


def _is_strange(name: str, at: Position, table: TableLayout, view: FormView) -> bool:
    columns = column_keys(table).get(view.region.keys.get(at, ""), ())
    return all(column.name != name for column in columns)


def _by_figures(name: str, at: Position, table: TableLayout, view: FormView) -> Inference:
    text, title = view.region.texts[at].strip(), table.column(name).title
    address = f"{table.name}..{name}"
    return Inference(
        Basis.STRUCTURE,
        view.region.grid.ref(*at),
        text,
        address,
        title,
        say("右边的数与其他各数相符"),
        _CERTAINTY,
    )


def _words(table: TableLayout, header: Header, end: int, view: FormView) -> dict[str, Position]:
    """The first place of every column's word in the block's first rows.

    Words of the header that no list knows count, and known ones just above it that have their figure beside.
    """
    top, bottom = header.top, min(end, header.top + _DEPTH)
    columns = column_keys(table)
    places = sorted(
        (at, columns[key][0].name)
        for key in columns.keys() & view.region.cells_by_key.keys()
        for at in view.region.positions(key)
        if top - _DEPTH <= at[0] < bottom
    )
    words: dict[str, Position] = {}
    for at, name in places:
        if at[0] >= top:
            words.setdefault(name, at)
    for name, (left, _) in header.spans.items():
        words.setdefault(name, view.region.grid.anchor(header.top, left))
    for at, name in places:
        beside = _value_beside(at, set(words.values()), view) if name not in words else None
        if beside and _is_figure(beside, view):
            words[name] = at
    return words


def _leaves_blank(
    values: Mapping[str, Position | None], words: Mapping[str, Position], view: FormView
) -> bool:
    """Whether budget and executed stand in one row, each before a cell of its own, just one of them blank."""
    if not {*_MONEY} <= words.keys() or words[_MONEY[0]][0] != words[_MONEY[1]][0]:
        return False
    cells = [at for name in _MONEY if (at := values.get(name)) is not None]
    figures = [_is_figure(at, view) for at in cells]
    blanks = [view.is_blank(*at) and at[1] < view.region.grid.width for at in cells]
    return len(cells) == len(_MONEY) and sum(figures) == sum(blanks) == 1


def _value_beside(word: Position, words: set[Position], view: FormView) -> Position | None:
    """The cell right of a word, a blank one before it left out; None where another word stands there."""
    grid = view.region.grid
    beside = grid.anchor(word[0], grid.area(*word).right + 1)
    if view.is_blank(*beside):
        after = grid.anchor(word[0], grid.area(*beside).right + 1)
        beside = after if after[0] == word[0] and _is_figure(after, view) else beside
    return None if beside in words or view.is_label(beside) else beside


def _figure_below(beside: Position | None, word: Position, view: FormView) -> Position | None:
    """The figure below a word that has none beside it: 预算执行进度 at the end of the block's heading."""
    if beside and _is_figure(beside, view):
        return None
    below = view.region.grid.anchor(view.region.grid.area(*word).bottom + 1, word[1])
    return below if _is_figure(below, view) else None


def _heads(name: str, words: Mapping[str, Position], table: TableLayout) -> bool:
    """Whether a word may have its figure below: a rate's, and a score's in a heading above the amounts.

    Below these a score's word heads the indicators.
    """
    kind = table.column(name).kind
    amounts = (at[0] for each, at in words.items() if _is_amount(each, table))
    above = words[name][0] < min(amounts, default=0)
    return kind is ValueKind.PERCENT or (kind is ValueKind.SCORE and above)


def _is_amount(name: str, table: TableLayout) -> bool:
    return table.column(name).kind is ValueKind.AMOUNT


def _is_figure(at: Position, view: FormView) -> bool:
    """Whether a figure stands there; a heading's ② counts its columns and is none."""
    value = view.region.grid.values.get(at)
    return value is not None and (not isinstance(value, str) or any(sign.isdecimal() for sign in value))


def _entry(
    name: str, at: Position, table: TableLayout, view: FormView, word: Position | None = None
) -> Entry:
    """The cell beside a word, in the unit that the word itself declares, else in its table's."""
    units = view.units.get(table.name)
    own = declared_unit(view.region.texts.get(word, "")) if word else None
    return view.entry(*at, table.column(name).kind, own or (units.of(name, at[0]) if units else None))


def _rate(
    entries: Mapping[str, Entry], words: Mapping[str, Position], table: TableLayout, view: FormView
) -> dict[str, Entry]:
    """The execution rate where no word beside it says so: the percentage that is the executed share."""
    budget, executed = entries.get("annual_budget"), entries.get("executed")
    wanted = any(column.name == _RATE for column in table.columns) and _RATE not in entries
    if not wanted or not budget or not executed or not budget.value or executed.value is None:
        return {}
    for row in sorted({at[0] for at in words.values()}):
        for column in range(view.region.grid.width):
            entry = view.entry(row, column, ValueKind.PERCENT)
            if entry.value is None or not entry.text.endswith(("%", "％")):
                continue
            if abs(executed.value * HUNDRED / budget.value - entry.value) <= 1:
                return {_RATE: entry}
    return {}


def _points_in_one(
    entries: Mapping[str, Entry], words: Mapping[str, Position], view: FormView
) -> dict[str, Entry]:
    """Points and score from the one cell of the block's rows that holds both: 分值/得分 | 10/9.8."""
    rows = {at[0] for at in words.values()}
    cells = [view.entry(*at, ValueKind.TEXT) for at in view.region.texts if at[0] in rows]
    both = [(entry, parts) for entry in cells if (parts := points_in_one(entry.text))]
    if len(both) != 1 or {"weight", "self_score"} & entries.keys():
        return {}
    entry, parts = both[0]
    return dict(zip(("weight", "self_score"), parts_of(entry, parts), strict=True))


def _parts(
    table: TableLayout,
    words: Mapping[str, Position],
    values: Mapping[str, Position | None],
    end: int,
    view: FormView,
) -> list[Line]:
    """The lines just below, each named in the columns of the words that its figures belong to."""
    names = item_names(table)
    grid = view.region.grid
    lines: list[Line] = []
    below = max(at[0] for at in words.values()) + 1
    first = {at[1]: name for name, at in sorted(words.items(), key=lambda each: each[1], reverse=True)}
    for row in (each for each in view.region.rows if below <= each < end):
        named: dict[str, dict[str, Entry]] = {}
        read = len(lines)
        for column, name in first.items():
            at, value = grid.anchor(row, column), values[name]
            key = view.region.keys.get(at, "")
            if at[0] == row and value and key and view.entry(*at, ValueKind.AMOUNT).state is State.TEXT:
                named.setdefault(key, {})[name] = _entry(name, grid.anchor(row, value[1]), table, view)
        for key, entries in named.items():
            known = any(entry.state is State.NUMBER for entry in entries.values())
            if known and (key in names or table.free_items) and not view.is_field(key):
                lines.append(
                    Line(
                        table.name,
                        names.get(key, key),
                        key,
                        grid.ref(row, min(at[1] for at in words.values())),
                        entries,
                    )
                )
        if len(lines) == read:
            break
    return lines
