"""Lines of a blank form that hold labelled fields, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.blanks.arrangement import CAPTION, FIELD_LABEL, divide
from jixiao.blanks.checks import Filled
from jixiao.domain.blanks import Role
from jixiao.domain.forms import Direction, FieldLayout, ValueKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jixiao.blanks.arrangement import Span
    from jixiao.blanks.drafts import Draft
    from jixiao.domain.blank_layouts import BlankRow

_FIGURE = 14
"""Characters for the value of a field that holds a figure."""


def draw_fields(row: BlankRow, draft: Draft) -> None:
    """Draw fields side by side: beside their labels, or below them where one of them stands so."""
    known = {field.name: field for field in draft.order.layout.fields}
    fields = [known.get(name) for name in row.fields]
    top = draft.row
    first = 1 if row.caption else 0
    if any(field and field.direction is Direction.BELOW for field in fields):
        _draw_below(fields, first, draft)
    else:
        _draw_beside(fields, first, draft, tall=row.tall)
    if row.caption:
        draft.print(row.caption, (0, 0), rows=(top, draft.row - 1))
    for field in fields:
        if field and (field.required or field.filled):
            draft.checks.append(
                Filled((field.name,), f"“{draft.order.label(field.title, field.labels)}”没有填写")
            )


def draw_texts(texts: Sequence[str], draft: Draft) -> None:
    """Print texts side by side."""
    for text, span in zip(texts, divide(draft.widths, [1] * len(texts)), strict=True):
        draft.print(text, span, Role.TEXT)
    draft.row += 1


def _draw_beside(fields: Sequence[FieldLayout | None], first: int, draft: Draft, *, tall: bool) -> None:
    share = sum(draft.widths[first:]) // len(fields)
    wanted = [width for field in fields for width in _beside_widths(field, share)]
    spans = divide(draft.widths, wanted, first)
    for index, field in enumerate(fields):
        _label(field, spans[2 * index], draft)
        _ask(field, spans[2 * index + 1], draft, tall=tall)
    draft.row += 1


def _beside_widths(field: FieldLayout | None, share: int) -> tuple[int, int]:
    """Label and value: a figure needs little room, a name what is left."""
    if field and field.kind is ValueKind.TEXT:
        return FIELD_LABEL, max(share - FIELD_LABEL, FIELD_LABEL)
    return max(share - _FIGURE, _FIGURE), _FIGURE


def _draw_below(fields: Sequence[FieldLayout | None], first: int, draft: Draft) -> None:
    spans = divide(draft.widths, [CAPTION] * len(fields), first)
    for field, span in zip(fields, spans, strict=True):
        _label(field, span, draft)
    draft.row += 1
    for field, span in zip(fields, spans, strict=True):
        _ask(field, span, draft, tall=True)
    draft.row += 1


def _label(field: FieldLayout | None, span: Span, draft: Draft) -> None:
    draft.print(draft.order.label(field.title, field.labels) if field else "", span)


def _ask(field: FieldLayout | None, span: Span, draft: Draft, *, tall: bool) -> None:
    if field:
        draft.ask(field.name, span, draft.order.rule(field), field.kind, tall=tall)
    else:
        draft.print("", span)
