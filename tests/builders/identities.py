"""Identities as a layout's TOML spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.forms import Identity

if TYPE_CHECKING:
    from jixiao.domain.forms import IdentityKind


def identity_of(
    name: str,
    title: str,
    kind: IdentityKind,
    total: str,
    *sides: tuple[str, ...],
    items: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    alternatives: tuple[str, ...] = (),
) -> Identity:
    """An identity; `sides` are plus and minus."""
    plus, minus = (*(addresses(*side) for side in sides), ())[:2]
    at = FigureAddress.parse(total)
    return Identity(name, title, kind, at, plus, minus, items, columns, addresses(*alternatives))


def addresses(*texts: str) -> tuple[FigureAddress, ...]:
    return tuple(map(FigureAddress.parse, texts))
