"""What a worker process has to know of a round, and what it makes of that once for all its items."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import jixiao
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.rulebook import load_rulebook
from jixiao.domain.rounds import Round
from jixiao.language import say
from jixiao.pipeline.copies import NO_TEMPLATES, Templates
from jixiao.pipeline.memory import key_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.engines import Engine
    from jixiao.ledger import Ledger
    from jixiao.pipeline.bookkeeping import Bookkeeping
    from jixiao.pipeline.memory import Memory
    from jixiao.pipeline.rounds import RoundFolder

_DECIDING = (
    "docxtpl",
    "jinja2",
    "lxml",
    "pandera",
    "polars",
    "python-docx",
    "rapidfuzz",
    "xlrd",
    "xlsxwriter",
)
"""The libraries whose version can change a result."""
_SOURCES = frozenset({".py", ".html", ".css", ".js"})


@dataclass(frozen=True, slots=True)
class Means:
    """With what a round is worked off: where its steps run, and what earlier runs left."""

    engine: Engine
    memory: Memory
    ledger: Ledger | None = None
    notes: tuple[str, ...] = ()
    """What has to be said of means that are not there: a ledger that can't be opened."""
    books: Bookkeeping | None = None
    """The ledger's side of the round that is worked off."""


class RuleSource(NamedTuple):
    """Where a round's rules are loaded from: its own folder over that of the package, wherever this lies.

    Who finds others there than those of `digest` must not go on.
    """

    scheme: str
    year: int
    seeds: tuple[Path, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Errand:
    """A round without its scheme, which each process loads for itself, and without what is by department.

    `prefix` leads from the feedback workbooks to the round's folder (None: no links).
    """

    folder: Path
    name: str
    year: int
    deadline: date | datetime | None
    resubmit_by: date | datetime | None
    source: RuleSource
    memory: Memory
    prefix: str | None = None
    templates: Templates = NO_TEMPLATES

    @classmethod
    def of(cls, folder: RoundFolder, memory: Memory, prefix: str | None = None) -> Errand:
        """The errand of a round's folder."""
        round_, rules = folder.round, folder.rules
        own = tuple(each for each in rules.seeds if each != seeds_folder())
        return cls(
            folder=folder.folder,
            name=folder.name,
            year=round_.year,
            deadline=round_.deadline,
            resubmit_by=round_.resubmit_by,
            source=RuleSource(rules.scheme.id, round_.year, own, rules.digest),
            memory=memory,
            prefix=prefix,
            templates=folder.templates,
        )

    def key(self, *parts: object) -> str:
        """The name of what is made of these parts by the rules in force and this version of the program."""
        return key_of(code_digest(), self.source.digest, *parts)

    def round(self) -> Round:
        """The round without the finance department's lists."""
        scheme = rulebook(self.source).scheme
        return Round(self.name, self.year, scheme, deadline=self.deadline, resubmit_by=self.resubmit_by)


class OtherRulesError(Exception):
    """The rules that this process finds in the seeds are not those that the round is worked off by."""


@lru_cache(maxsize=4)
def rulebook(source: RuleSource) -> Rulebook:
    """The rules of a round, loaded once a process.

    Raises:
        OtherRulesError: the seeds hold other rules than those of that digest.
    """
    rules = load_rulebook(source.scheme, (*source.seeds, seeds_folder()), source.year)
    if rules.digest != source.digest:
        raise OtherRulesError(
            say("评价方案 {scheme} 的数据文件在处理过程中被改动，或这台机器上的不同。", scheme=source.scheme)
        )
    return rules


@cache
def code_digest() -> str:
    """Of every source file of the program, and of the libraries that take part in results."""
    root = Path(jixiao.__file__).parent
    digest = sha256(repr((sys.version_info[:2], [(name, version(name)) for name in _DECIDING])).encode())
    for path in sorted(path for path in root.rglob("*") if path.suffix in _SOURCES):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
