"""Header columns that no known word names: by a word nearly like one, or by the figures below it.

One unknown header word must not cost a column. What a column was taken for is said (`Inference`), and why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.domain.amounts import HUNDRED
from jixiao.domain.forms import TableKind, ValueKind
from jixiao.domain.submissions import Basis, Inference, State
from jixiao.extraction.entries import points_in_one
from jixiao.extraction.headers import Header, heads_past
from jixiao.extraction.pairs import first_rows, name_by_figures, pair_of
from jixiao.extraction.regions import column_cores, declared_unit, is_numbering, nearest, without_numbering
from jixiao.extraction.turned_blocks import read_listed, read_transposed
from jixiao.extraction.vocabulary import column_keys, heads_of, item_names, keys_of
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.cells import Area, Position
    from jixiao.domain.forms import TableLayout
    from jixiao.domain.submissions import Entry
    from jixiao.extraction.views import FormView

Span = tuple[int, int]

_LIKELY = 90
"""How surely, in percent, a word with a qualifier more or less means the known one."""
_RELATED = 80
"""The same for a word that has only a part in common."""
_TELLING = ({"annual_budget", "executed"}, {"initial_budget", "executed", "execution_rate"})
"""What words have to point to so that a row is a budget block's header; figures then tell the rest."""
_FEW = 2
"""So many words pointing to columns may do so by chance."""
_BY_FIGURES = 95
_BY_PLACE = 75
_NEXT = 3
"""So many rows below a word left of the header show whether it heads figures."""
_SAMPLE = 8
"""So many rows below a header are looked at for what its columns hold."""
_POINTS = ("weight", "self_score")
_FIGURES = {ValueKind.AMOUNT, ValueKind.PERCENT}
_SLACK = Decimal(1)
"""Percent points by which a rate may differ from the quotient: it is to be told what it is, not checked."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A column's span with the cell of its word and what the word was taken for it by."""

    name: str
    span: Span
    cell: Position
    basis: Basis
    reason: str
    certainty: int


def infer_columns(
    table: TableLayout, headers: Sequence[Header], end: int, view: FormView, others: Sequence[Header] = ()
) -> tuple[tuple[Header, ...], tuple[Inference, ...]]:
    """The headers with the columns that their words leave out, and what was inferred (once a column).

    A budget table without any header has the row for it whose words point to its columns, above the `others`.

    Likeness holds for every table. In tables of budget lines the figures tell the execution rate, the amount
    executed and the annual budget: the rate is the quotient of the others.
    """
    completed: list[Header] = []
    told: dict[str, Inference] = {}
    if not headers and table.budget and table.kind is TableKind.LINES:
        headers = _unknown_header(table, end, view, others)
        below = (each.top for each in others if headers and each.top > headers[-1].bottom)
        end = min(below, default=end)
        told |= {
            name: _inference(table, named, view)
            for header in headers
            for name, named in _unknown_words(table, header, view)
        }
    bottoms = [*(each.top for each in headers[1:]), end]
    for header, bottom in zip(headers, bottoms, strict=bool(headers)):
        known = header
        for find in _FINDERS if _is_open(table, header, view) else ():
            for named in find(table, known, bottom, view):
                if named.name not in known.spans:
                    known = replace(known, spans={**known.spans, named.name: named.span})
                    told.setdefault(named.name, _inference(table, named, view))
        completed.append(known)
    return tuple(completed), tuple(told.values())


def _is_open(table: TableLayout, header: Header, view: FormView) -> bool:
    """Whether a column lacks of which anything tells: a word of the header that is free, or another column.

    Only an annual budget is taken from a column that has a word of its own, the initial budget's.
    """
    missing = heads_of(table).names - header.spans.keys()
    if not missing:
        return False
    by_another = "annual_budget" in missing and "initial_budget" in header.spans
    return by_another or bool(_free_cells(table, header, view) or _over_a_blank(header, view))


def unnamed_cells(header: Header, view: FormView) -> dict[Area, str]:
    """The header's cells whose words head no known column, with the keys of the words, from the left.

    Cells left of the first known column name rows, not columns, unless figures stand below them. A figure
    typed as text is no word.
    """
    grid, keys, taken = view.region.grid, view.region.keys, set[int]()
    for left, right in header.spans.values():
        taken.update(range(left, right + 1))
    found: dict[Area, str] = {}
    for row in range(header.bottom, header.top - 1, -1):
        for column, at in enumerate(view.region.anchors(row)):
            if column in taken or at not in keys or at[0] < header.top or not _is_word(at, view):
                continue
            if column >= header.left or _heads_figure(header.bottom + 1, column, view):
                found.setdefault(grid.area(*at), keys[at])
                taken.add(column)
    return dict(sorted(found.items(), key=lambda each: each[0].left))


def _free_cells(table: TableLayout, header: Header, view: FormView) -> dict[Area, str]:
    """The unnamed cells that may head a column of the table: not an earlier year's."""
    cells = unnamed_cells(header, view)
    return {area: key for area, key in cells.items() if not heads_past(area, table, view.region)}


def _is_word(at: Position, view: FormView) -> bool:
    """Whether something stands there that is no figure, no percentage either: 100% heads no column."""
    kinds = (ValueKind.AMOUNT, ValueKind.PERCENT)
    return at in view.region.keys and all(view.entry(*at, kind).state is not State.NUMBER for kind in kinds)


def _heads_figure(row: int, column: int, view: FormView) -> bool:
    """Whether what first stands there or in the next rows is a figure, typed as text or not."""
    row += is_numbering(row, view.region)
    places = (view.region.grid.anchor(each, column) for each in range(row, row + _NEXT))
    own = (view.entry(*at, ValueKind.AMOUNT) for at in dict.fromkeys(places) if at[0] >= row)
    figures = {State.NUMBER, State.ERROR, State.UNSTORED}
    return next((entry.state for entry in own if not entry.is_empty), None) in figures


def _by_likeness(table: TableLayout, header: Header, bottom: int, view: FormView) -> Iterator[_Named]:
    missing = heads_of(table).names - header.spans.keys()
    words = _free_cells(table, header, view) | _over_a_blank(header, view) if missing else {}
    for area, key in words.items():
        name = nearest(key, column_cores(table, view.lexicon), view.lexicon) or _elsewhere(key, table, view)
        if name in missing and _may_hold(
            table.column(name).kind, (area.left, area.right), header, bottom, view
        ):
            yield _Named(
                name,
                (area.left, area.right),
                (area.top, area.left),
                Basis.LIKENESS,
                say("与表样用语相近"),
                _LIKELY,
            )


def _over_a_blank(header: Header, view: FormView) -> dict[Area, str]:
    """The word next to the header's first known one with nothing below it: what it heads was forgotten."""
    grid = view.region.grid
    at = grid.anchor(header.top, header.left - 1) if header.left else (-1, -1)
    area = grid.area(*at)
    below = grid.area(header.bottom + 1, header.left - 1)
    if at not in view.region.keys or area.bottom > header.bottom or not view.is_blank(below.top, below.left):
        return {}
    return {area: view.region.keys[at]} if _is_word(at, view) else {}


def _elsewhere(key: str, table: TableLayout, view: FormView) -> str | None:
    """The column that a word heads in other tables and forms of the scheme: 赋分 over points."""
    words = (word.partition(".") for _, word in view.vocabulary.words.get(key, ()))
    names = {column for _, dot, column in words if dot}
    own = names & heads_of(table).names
    return own.pop() if len(own) == 1 else None


def _by_figures(table: TableLayout, header: Header, bottom: int, view: FormView) -> Iterator[_Named]:
    """The columns of a budget table by the figures in them.

    Of rate, executed and annual budget any two give the third. A form without an annual budget whose rate is
    the executed share of the initial one has that for its annual budget.
    """
    names = heads_of(table).names
    if not (table.budget and table.kind is TableKind.LINES and {"executed", "annual_budget"} <= names):
        return
    if names & {"execution_rate", "annual_budget", "executed"} <= header.spans.keys():
        return
    free = _free_cells(table, header, view)
    columns = {name: _figures(span, header, bottom, view) for name, span in header.spans.items()}
    others = {area: _figures((area.left, area.right), header, bottom, view) for area in free}
    for name in ("execution_rate", "annual_budget", "executed"):
        if name in header.spans or name not in names:
            continue
        found = next((area for area, own in others.items() if _is_quotient({**columns, name: own})), None)
        if found:
            columns[name] = others.pop(found)
            yield _Named(
                *(name, (found.left, found.right), (found.top, found.left), Basis.STRUCTURE),
                *(say("执行率、预算数、执行数三者相符"), _BY_FIGURES),
            )
    yield from _by_place(header, {**columns}, others)
    if "annual_budget" not in columns and "initial_budget" in columns:
        left, right = header.spans["initial_budget"]
        alone = not any(_amounts(own) for own in others.values())
        fits = _is_quotient({**columns, "annual_budget": columns["initial_budget"]})
        if alone or fits:
            reason = say("执行率以该列为基数") if fits else say("表上没有别的预算数")
            certainty = _BY_FIGURES if fits else _BY_PLACE
            cell = view.region.grid.anchor(header.bottom, left)
            yield _Named("annual_budget", (left, right), cell, Basis.STRUCTURE, reason, certainty)


def _by_place(
    header: Header, columns: Mapping[str, Mapping[int, Entry]], others: Mapping[Area, Mapping[int, Entry]]
) -> Iterator[_Named]:
    """The one unnamed column of amounts right of the budget is the executed amount; of percents, the rate."""
    amounts = [area for area, own in others.items() if _amounts(own)]
    rates = [area for area, own in others.items() if _percents(own)]
    budget = header.spans.get("annual_budget", header.spans.get("initial_budget"))
    if "executed" not in columns and budget and len(amounts) == 1 and amounts[0].left > budget[1]:
        yield _placed("executed", amounts[0], say("预算数之后唯一的金额列"))
    if "execution_rate" not in columns and len(rates) == 1:
        yield _placed("execution_rate", rates[0], say("资金部分唯一的百分比列"))


def _placed(name: str, area: Area, reason: str) -> _Named:
    return _Named(name, (area.left, area.right), (area.top, area.left), Basis.STRUCTURE, reason, _BY_PLACE)


def _is_quotient(columns: Mapping[str, Mapping[int, Entry]]) -> bool:
    """Whether the rate is the executed share of the annual budget, in every row that has all three."""
    rates, budget, executed = (
        columns.get(name, {}) for name in ("execution_rate", "annual_budget", "executed")
    )
    if _percents(budget) or _percents(executed) or not _percents(rates):
        return False
    rows = [row for row in rates if row in budget and row in executed and budget[row].value]
    return bool(rows) and all(_fits(rates[row], budget[row], executed[row]) for row in rows)


def _fits(rate: Entry, budget: Entry, executed: Entry) -> bool:
    if rate.value is None or budget.value is None or executed.value is None:
        return False
    return abs(executed.value * HUNDRED / budget.value - rate.value) <= _SLACK


def _figures(span: Span, header: Header, bottom: int, view: FormView) -> dict[int, Entry]:
    """The figures in a column by row: a percentage in percent points, else as it stands, in no unit."""
    found: dict[int, Entry] = {}
    for row in _rows(header, bottom, view):
        kind = ValueKind.PERCENT if _is_percent(row, span, view) else ValueKind.NUMBER
        entry = view.entry(row, span[0], kind)
        if entry.state is State.TEXT:  # 45.6万元 is a figure with its unit
            entry = view.entry(row, span[0], ValueKind.AMOUNT)
        if entry.state is State.NUMBER:
            found[row] = entry
        elif entry.state is State.TEXT and found:
            break  # words below figures are another block's
    return found


def _rows(header: Header, bottom: int, view: FormView) -> Sequence[int]:
    rows = [row for row in view.region.rows if header.bottom < row < bottom]
    return without_numbering(rows, view.region)[:_SAMPLE]


def _is_percent(row: int, span: Span, view: FormView) -> bool:
    grid = view.region.grid
    at = grid.anchor(row, span[0])
    value = grid.values.get(at)
    return "%" in grid.formats.get(at, "") or (
        isinstance(value, str) and value.rstrip().endswith(("%", "％"))
    )


def _percents(column: Mapping[int, Entry]) -> bool:
    return any(entry.text.endswith(("%", "％")) for entry in column.values())


def _amounts(column: Mapping[int, Entry]) -> bool:
    return bool(column) and not _percents(column)


def _may_hold(kind: ValueKind, span: Span, header: Header, bottom: int, view: FormView) -> bool:
    """Whether what stands below a header word can be of a kind: no percentages among amounts, none else."""
    figures = _figures(span, header, bottom, view)
    if kind is ValueKind.PERCENT:
        fractions = all(0 <= entry.value <= 1 for entry in figures.values() if entry.value is not None)
        return not figures or _percents(figures) or fractions
    return kind not in {ValueKind.AMOUNT, ValueKind.SCORE} or not _percents(figures)


def _holds(kind: ValueKind, span: Span, header: Header, bottom: int, view: FormView) -> bool:
    """Whether anything of a kind stands below a header word: figures, or for texts anything."""
    if kind is not ValueKind.TEXT:
        return bool(_figures(span, header, bottom, view))
    return any(not view.is_blank(row, span[0]) for row in _rows(header, bottom, view))


def _inference(table: TableLayout, named: _Named, view: FormView) -> Inference:
    ref = view.region.grid.ref(*named.cell)
    text = str(view.region.grid.values.get(named.cell, "")).strip()
    title = table.column(named.name).title
    return Inference(
        named.basis, ref, text, f"{table.name}..{named.name}", title, named.reason, named.certainty
    )


def _by_stems(table: TableLayout, header: Header, bottom: int, view: FormView) -> Iterator[_Named]:
    """What parts of words point to: 预算执行进度 over percentages is the rate; certain ones choose first."""
    missing = [each for each in table.columns if each.stems and each.name not in header.spans]
    if table.kind is TableKind.INDICATORS:  # figures tell which of two words for points is which
        missing = [each for each in missing if each.name not in _POINTS]
    free = _free_cells(table, header, view) if missing else {}
    known = {key for each in view.layout.tables for key in keys_of(each.ignored_labels)}
    known |= column_keys(table).keys()
    pointed = {
        area: [
            column
            for column in missing
            if any(stem in key for stem in column.stems)
            and _may_hold(column.kind, (area.left, area.right), header, bottom, view)
            and _holds(column.kind, (area.left, area.right), header, bottom, view)
        ]
        for area, key in free.items()
        if key not in known
    }
    given: set[str] = set()
    for area, columns in sorted(pointed.items(), key=lambda each: (len(each[1]), each[0].left)):
        column = next((each for each in columns if each.name not in given), None)
        if column is not None:
            given.add(column.name)
            span = (area.left, area.right)
            yield _Named(
                column.name, span, (area.top, area.left), Basis.LIKENESS, say("用语与该列相关"), _RELATED
            )


def _by_stems_alone(table: TableLayout, header: Header, bottom: int, view: FormView) -> Iterator[_Named]:
    """Required columns of a budget whose figures were forgotten, or have something else in their place.

    What words point to is enough over nothing at all; over anything else only for the rate, beside budget and
    amount executed, where the word ends as one for a rate does: 支出进度, never 支出进度说明 or 进度（万元）.
    """
    amounts = {"annual_budget", "executed"} & header.spans.keys()
    lacking = [each for each in table.columns if each.required and each.stems and each.kind in _FIGURES]
    free = _free_cells(table, header, view) if table.budget and amounts else {}
    for column in (each for each in lacking if each.name not in header.spans):
        pointing = [area for area, key in free.items() if any(stem in key for stem in column.stems)]
        if len(pointing) != 1:
            continue
        area, key = pointing[0], free[pointing[0]]
        is_rate = column.kind is ValueKind.PERCENT and len(amounts) > 1 and key.endswith(column.stems)
        unit = declared_unit(view.region.texts.get((area.top, area.left), ""))
        if _is_forgotten(area, header, bottom, view) or (is_rate and unit is None):
            span, cell = (area.left, area.right), (area.top, area.left)
            yield _Named(column.name, span, cell, Basis.LIKENESS, say("用语与该列相关"), _RELATED)


def _is_forgotten(area: Area, header: Header, bottom: int, view: FormView) -> bool:
    """Whether nothing stands below a word in the rows that have figures below others.

    A cell that reaches there from further left is another block's.
    """
    rows = [row for row in _rows(header, bottom, view) if _has_figures(row, header, view)]
    below = [view.entry(row, area.left, ValueKind.AMOUNT) for row in rows]
    return bool(below) and all(entry.is_empty or entry.ref.column < area.left for entry in below)


def _by_first_row(table: TableLayout, header: Header, bottom: int, view: FormView) -> Iterator[_Named]:
    """Rate, points and score of a budget table by the figures in its first row: score = points × rate."""
    own = heads_of(table).names
    lacking = ({"execution_rate", *_POINTS} & own) - header.spans.keys()
    if not (table.budget and table.kind is TableKind.LINES and lacking):
        return
    free = _free_cells(table, header, view)
    row = next((row for row in _rows(header, bottom, view) if _has_figures(row, header, view)), None)
    if row is None or not free:
        return
    grid = view.region.grid
    known = {name: ((header.bottom, left), left, "") for name, (left, _) in header.spans.items()}
    pairs = {
        name: pair
        for name, (word, column, key) in known.items()
        if (pair := pair_of(word, grid.anchor(row, column), key, view))
    }
    others = [
        pair
        for area, key in free.items()
        if (pair := pair_of((area.top, area.left), grid.anchor(row, area.left), key, view))
    ]
    both = [area for area in free if points_in_one(view.entry(row, area.left, ValueKind.TEXT).text)]
    for name in _POINTS if len(both) == 1 and lacking >= {*_POINTS} else ():
        span, cell = (both[0].left, both[0].right), (both[0].top, both[0].left)
        yield _Named(name, span, cell, Basis.STRUCTURE, say("分值和得分写在一格里"), _BY_FIGURES)
    for name, pair in name_by_figures(others, pairs, table, view).items():
        if name not in own:  # figures that add up as points do, in a table that has none
            continue
        span = (pair.word[1], grid.area(*pair.word).right)
        yield _Named(name, span, pair.word, Basis.STRUCTURE, say("与首行其他各数相符"), _BY_FIGURES)


def _has_figures(row: int, header: Header, view: FormView) -> bool:
    return any(
        view.entry(row, left, ValueKind.AMOUNT).state is State.NUMBER for left, _ in header.spans.values()
    )


def _unknown_header(
    table: TableLayout, end: int, view: FormView, others: Sequence[Header]
) -> tuple[Header, ...]:
    """The row above all other tables most of whose words point to columns, with figures below them.

    Where there is none, the first of rows of words with their figures beside them that agree.
    """
    last = min((header.top for header in others), default=end)
    if read_transposed(table, last, view) or read_listed(table, last, view):
        return ()
    best: dict[str, Span] = {}
    top = 0
    for row in (each for each in view.region.rows if each < last):
        spans = _pointed(table, row, last, view)
        if len(spans) > len(best) and any(telling <= spans.keys() for telling in _TELLING):
            best, top = spans, row
    # which of two words for points is which, figures tell better than words
    if len(best) > _FEW or (best and _heads_items(table, top, view)):
        return (Header(top, top, {name: span for name, span in best.items() if name not in _POINTS}),)
    if by_columns := _header_by_figures(table, last, view):
        return (by_columns,)
    named = first_rows(last, table, view)
    top = min((pair.word[0] for pair in named.values()), default=0)
    first = {name: pair for name, pair in named.items() if pair.word[0] == top}
    spans = {name: (pair.word[1], view.region.grid.area(*pair.word).right) for name, pair in first.items()}
    return (Header(top, top, spans),) if spans else ()


def _heads_items(table: TableLayout, row: int, view: FormView) -> bool:
    """Whether one of the table's rows, by its known word, follows right below."""
    labels = item_names(table)
    below = [each for each in view.region.rows if each > row][:_FEW]
    return any(key in labels for (at, _), key in view.region.keys.items() if at in below)


def _header_by_figures(table: TableLayout, last: int, view: FormView) -> Header | None:
    """The first row of words over figures of which budget, amount executed and rate agree; None without one.

    Rows of words between them (（万元）, （%）) are its second line.
    """
    grid = view.region.grid
    rows = [row for row in view.region.rows if row < last]
    for at, row in enumerate(rows):
        cells = [
            cell for cell in view.region.keys if cell[0] == row and not view.is_field(view.region.keys[cell])
        ]
        below = rows[at + 1 : at + 1 + _NEXT]
        figures = next((each for each in below if _counts_figures(each, view) > _FEW), None)
        if len(cells) <= _FEW or figures is None or _counts_figures(row, view):
            continue
        pairs = [
            pair
            for cell in cells
            if (pair := pair_of(cell, grid.anchor(figures, cell[1]), view.region.keys[cell], view))
        ]
        named = name_by_figures(pairs, {}, table, view)
        if len(named) > _FEW and {"annual_budget", "executed"} <= named.keys():
            spans = {name: (pair.word[1], grid.area(*pair.word).right) for name, pair in named.items()}
            return Header(row, max(each for each in rows if each < figures), spans)
    return None


def _counts_figures(row: int, view: FormView) -> int:
    cells = (view.entry(row, column, ValueKind.AMOUNT) for column in range(view.region.grid.width))
    return len({entry.ref for entry in cells if entry.state is State.NUMBER})


def _pointed(table: TableLayout, row: int, bottom: int, view: FormView) -> dict[str, Span]:
    """The columns that a row's words name or point to; the first cell of a row names the block."""
    cells = [at for at in view.region.keys if at[0] == row][1:]
    if len(cells) < _FEW:
        return {}
    cores = column_cores(table, view.lexicon)
    bare = Header(row, row, {"": (cells[0][1], cells[0][1] - 1)})
    spans: dict[str, Span] = {}
    for at in cells:
        area = view.region.grid.area(*at)
        name = nearest(view.region.keys[at], cores, view.lexicon)
        span = (area.left, area.right)
        if name and name not in spans and _may_hold(table.column(name).kind, span, bare, bottom, view):
            spans[name] = span
    header = Header(row, row, {**bare.spans, **spans})
    for named in _by_stems(table, header, bottom, view):
        spans.setdefault(named.name, named.span)
    return spans


def _unknown_words(table: TableLayout, header: Header, view: FormView) -> Iterator[tuple[str, _Named]]:
    exact = column_keys(table)
    for name, span in header.spans.items():
        at = view.region.grid.anchor(header.top, span[0])
        if view.region.keys.get(at) not in exact:
            yield name, _Named(name, span, at, Basis.LIKENESS, say("用语与该列相关"), _RELATED)


_FINDERS = (_by_likeness, _by_figures, _by_first_row, _by_stems, _by_stems_alone)
