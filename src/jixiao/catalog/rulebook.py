"""Everything from seeds that decides what comes of a round, as one value with a digest of its own."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from jixiao.catalog.loading.forms import load_form
from jixiao.catalog.loading.reports import load_report
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.wording.wordings import load_wordings
from jixiao.language import CHINESE, language

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance

    from jixiao.domain.documents import ReportLayout
    from jixiao.domain.findings import Wording
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme

LISTS = ("roster", "books", "waivers")
"""The ids of the forms of the finance department's own lists, which any round can have."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force: a scheme with its forms, lexicon and learnt words, the lists, and the wordings.

    `report` is what a department's report consists of.

    `seeds` are the folders that they were read from, the first over the others. `digest` is `rules_digest`.
    """

    seeds: tuple[Path, ...]
    scheme: Scheme
    lists: tuple[FormLayout, ...]
    wordings: Mapping[str, Wording]
    digest: str
    report: ReportLayout

    def list_form(self, form_id: str) -> FormLayout:
        """The form of one of the `LISTS`."""
        return next(form for form in self.lists if form.id == form_id)


def load_rulebook(scheme_id: str, seeds: tuple[Path, ...], year: int | None = None) -> Rulebook:
    """The rules by which that scheme evaluates in a year, from folders that lie over each other.

    `year` None: as amended last.

    Raises:
        SchemeError: there is no such scheme, it is not for that year, or anything in it, its forms or the
            other files is wrong.
    """
    wordings = load_wordings(*seeds)
    scheme = load_scheme(scheme_id, *seeds, year=year, codes=frozenset(wordings))
    lists = tuple(load_form(each, *seeds) for each in LISTS)
    report = load_report(scheme, *seeds)
    spoken = () if language() == CHINESE else (language(),)
    digest = rules_digest(scheme, lists, wordings, report, *spoken)
    return Rulebook(seeds, scheme, lists, wordings, digest, report)


def rules_digest(*rules: object) -> str:
    """The sha256 of rules as they were loaded: equal for equal rules, whatever files hold them.

    Comments, layout and folder do not count; every value that a rule has does, and so does the sequence of
    words, of which the first may win.
    """
    lines: list[str] = []
    _spell_out(rules, lines)
    return sha256("\n".join(lines).encode()).hexdigest()


def _spell_out(value: object, lines: list[str]) -> None:
    """Add the value in lines: what it is, how many parts it has, then each of them."""
    if type(value) is str:  # three of four
        lines.append(f"str {value!r}")
    elif isinstance(value, str | int | Decimal | None):
        lines.append(_plain(value))
    elif isinstance(value, Mapping):
        lines.append(f"mapping {len(value)}")
        for key, held in value.items():
            _spell_out(key, lines)
            _spell_out(held, lines)
    elif isinstance(value, tuple | list):
        lines.append(f"sequence {len(value)}")
        for each in value:
            _spell_out(each, lines)
    elif isinstance(value, AbstractSet):
        lines.append(f"set {len(value)}")
        lines += sorted(rules_digest(each) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        names = _names(type(value))
        lines.append(f"{type(value).__name__} {len(names)}")
        for name in names:
            lines.append(name)
            _spell_out(getattr(value, name), lines)
    else:
        raise TypeError(f"no canonical form of {type(value).__name__} {value!r}")


@cache
def _names(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _plain(value: object) -> str:
    kind = type(value).__name__
    return f"{kind}.{value.name}" if isinstance(value, Enum) else f"{kind} {value!r}"
