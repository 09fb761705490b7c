"""Templates of sentences: {placeholders}, and [clauses] left out where one of theirs has no value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CLAUSE = re.compile(r"\[([^\[\]]*)\]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class MissingValueError(Exception):
    """A placeholder outside brackets has no value; carries its name."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """The sentence.

    Raises:
        MissingValueError: a placeholder outside brackets has no value.
    """
    whole = CLAUSE.sub(lambda clause: clause[1] if _is_known(clause[1], values) else "", template)
    missing = [name for name in PLACEHOLDER.findall(whole) if not values.get(name)]
    if missing:
        raise MissingValueError(", ".join(missing))
    return PLACEHOLDER.sub(lambda name: values[name[1]], whole)


def _is_known(clause: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for name in PLACEHOLDER.findall(clause))
