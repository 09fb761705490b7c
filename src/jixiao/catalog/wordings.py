"""seeds/findings.toml into wordings, and a finding into the sentences an accountant would write.

Placeholders: {where} (《表》D12, 《表》 or 文件“…”, whichever is known), {file}, {sheet}, {cell}, {label},
{reported}, {expected} and the figures that the code's `figures` names. A clause in [square brackets] is left
out where one of its placeholders has no value, so that no sentence has a hole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.documents import Document
from jixiao.catalog.problems import SchemeError
from jixiao.catalog.seeds import findings_path
from jixiao.catalog.sources import read_source
from jixiao.domain.findings import Severity, Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jixiao.catalog.tables import Table
    from jixiao.domain.findings import Finding, Place

_CODE = re.compile(r"[FLVASXPQ]\d{3}")
_CLAUSE = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OWN = ("where", "file", "sheet", "cell", "label", "reported", "expected")
"""Placeholders that every code may use."""
_QUOTED_LENGTH = 40
"""Characters of a department's own text that a sentence quotes."""


class WordingError(Exception):
    """A finding without a value that its sentence needs: a bug of ours, never a department's fault."""


class Words(NamedTuple):
    """A finding in words: what is wrong, and what to do about it."""

    message: str
    suggestion: str


def load_wordings(*seeds: Path) -> Mapping[str, Wording]:
    """The wording of every finding code, from folders that lie over each other.

    Raises:
        SchemeError: the file is missing or anything in it is wrong; carries all problems.
    """
    document = Document([read_source(findings_path(*seeds))])
    tables = [table for name in document.root.names if (table := document.root.table(name)) is not None]
    wordings = {table.name: _read_wording(table) for table in tables}
    if not document.sound():
        raise SchemeError(*document.problems)
    return wordings


def word(finding: Finding, wording: Wording) -> Words:
    """The finding's sentences.

    Raises:
        WordingError: a placeholder outside brackets has no value.
    """
    values = {
        **{name: value.rstrip("。") for name, value in finding.figures.items()},
        "where": locate(finding.place),
        "file": finding.place.file,
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "label": _quote(finding.label),
        "reported": _quote(finding.reported),
        "expected": finding.expected,
    }
    return Words(_fill(wording.message, values, finding), _fill(wording.suggestion, values, finding))


def locate(place: Place) -> str:
    """Where a finding stands, as a sentence begins: 《附件3-1》D12, 《附件3-1》 or 文件“报送表.xlsx”."""
    return f"《{place.sheet}》{place.cell}" if place.sheet else f"文件“{place.file}”"


def _fill(template: str, values: Mapping[str, str], finding: Finding) -> str:
    whole = _CLAUSE.sub(lambda clause: clause[1] if _is_known(clause[1], values) else "", template)
    missing = [name for name in _PLACEHOLDER.findall(whole) if not values.get(name)]
    if missing:
        raise WordingError(f"{finding.code} at {finding.place}: no value for {', '.join(missing)}")
    return _PLACEHOLDER.sub(lambda name: values[name[1]], whole)


def _is_known(clause: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for name in _PLACEHOLDER.findall(clause))


def _quote(text: str) -> str:
    """A department's own text on one line, shortened, its own quotation marks made inner ones."""
    line = " ".join(text.split()).replace("“", "‘").replace("”", "’")
    return line if len(line) <= _QUOTED_LENGTH else f"{line[:_QUOTED_LENGTH]}…"


def _read_wording(table: Table) -> Wording:
    if not _CODE.fullmatch(table.name):
        table.report("代码应为 F、L、V、A、S、X、P、Q 之一加三位数字。")
    figures = table.texts("figures", ())
    wording = Wording(
        code=table.name,
        severity=table.choice("severity", list(Severity)),
        title=table.text("title"),
        message=_read_template(table, "message", figures),
        suggestion=_read_template(table, "suggestion", figures),
        basis=table.text("basis", ""),
    )
    table.close()
    return wording


def _read_template(table: Table, key: str, figures: tuple[str, ...]) -> str:
    """A sentence whose placeholders are all known ones and whose brackets close."""
    template = table.text(key)
    allowed = (*_OWN, *figures)
    unknown = [name for name in _PLACEHOLDER.findall(template) if name not in allowed]
    if unknown:
        table.report(f"不认识占位符 {{{unknown[0]}}}，可用：{'、'.join(allowed)}。", key)
    if set("[]{}") & set(_PLACEHOLDER.sub("", _CLAUSE.sub(r"\1", template))):
        table.report("括号 [ ] 或 { } 没有成对，或 [ ] 里又套了 [ ]。", key)
    return template
