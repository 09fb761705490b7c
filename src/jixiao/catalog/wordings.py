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
from jixiao.domain.cells import compact_cells
from jixiao.domain.findings import Gathering, Place, Severity, Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.catalog.tables import Table
    from jixiao.domain.findings import Finding, Judged

_CODE = re.compile(r"[FLVASXPQ]\d{3}")
_CLAUSE = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OWN = ("where", "file", "sheet", "cell", "label", "reported", "expected")
"""Placeholders that every code may use."""
_LISTED = ("count", "items", "cells")
"""Placeholders of the sentence for several findings of a kind."""
_EACH = "{place}[“{label}”]"
_MOST_LISTED = 12
"""So many findings of a kind are listed one by one; of more the cells follow in short."""
_OPEN = "此数与其他数互相牵连，逐一改动仍不能全部相符，应为多少请一并核对后确定。"
_TOGETHER = "请与上述有关的数一并核对，改正后重新报送。"
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
    _check_causes(tables, wordings)
    if not document.sound():
        raise SchemeError(*document.problems)
    return wordings


def word(finding: Finding, wording: Wording) -> Words:
    """The sentences of a single finding, as its check has it.

    Raises:
        WordingError: a placeholder outside brackets has no value.
    """
    values = _values(finding)
    return Words(_fill(wording.message, values, finding), _fill(wording.suggestion, values, finding))


def word_judged(judged: Judged, wordings: Mapping[str, Wording]) -> Words:
    """The sentences of a finding with all that goes with it: repeats, assumptions, corrections, consequences.

    Raises:
        WordingError: a placeholder outside brackets has no value.
    """
    finding, wording = judged.finding, wordings[judged.finding.code]
    whole = _several(judged, wording) if judged.repeats else word(finding, wording).message
    said = [whole, *_corrected(judged), *_entailed(judged, wordings), *_assumed(finding)]
    if judged.is_open:
        return Words("".join(said), _TOGETHER)
    values = _values(finding) | ({"expected": judged.proposal} if judged.proposal else {})
    return Words("".join(said), _fill(wording.suggestion, values, finding))


def _values(finding: Finding) -> dict[str, str]:
    """What the placeholders stand for."""
    return {
        **{name: value.rstrip("。") for name, value in finding.figures.items()},
        "where": locate(finding.place),
        "file": finding.place.file,
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "label": _quote(finding.label),
        "reported": _quote(finding.reported),
        "expected": finding.expected,
    }


def _several(judged: Judged, wording: Wording) -> str:
    """One sentence for findings of a kind."""
    finding, found = judged.finding, judged.findings
    if not wording.several:
        others = _places(judged.repeats, finding.place)
        return word(finding, wording).message + (f"同样见于{others}。" if others else "")
    listed = [
        _fill(wording.each or _EACH, {**_values(each), "place": _near(each.place, finding.place)}, each)
        for each in found[:_MOST_LISTED]
    ]
    rest = _places(found[_MOST_LISTED:], finding.place)
    values = {
        **_values(finding),
        "count": str(len(found)),
        "items": "、".join(listed) + (f"，以及{rest}" if rest else ""),
        "cells": _places(found, finding.place),
    }
    return _fill(wording.several, values, finding)


def _corrected(judged: Judged) -> Iterator[str]:
    """What the cell should hold once everything is mended, and which cells follow."""
    at = judged.finding.place
    if judged.is_open:
        yield _OPEN
    if judged.proposal:
        given = "、".join(f"{_near(Place.at(each.ref), at)}改为 {each.figure}" for each in judged.given)
        yield f"{given or '其他各数改正'}后，此处应为 {judged.proposal}。"
    if judged.corrections:
        cells = (
            f"{_near(Place.at(each.ref), at)}“{_quote(each.label)}”应为 {each.figure}"
            for each in judged.corrections
        )
        yield f"改后相应地，{'，'.join(cells)}。"


def _entailed(judged: Judged, wordings: Mapping[str, Wording]) -> Iterator[str]:
    """The consequences, each by its kind and cells."""
    if judged.consequences:
        yield f"由此还引起：{'；'.join(describe_consequences(judged, wordings))}。"


def describe_consequences(judged: Judged, wordings: Mapping[str, Wording]) -> tuple[str, ...]:
    """Every consequence in a clause: its cells, what they are called, what is wrong there."""
    at = judged.finding.place
    return tuple(
        f"{_places(each.findings, at)}{_named(each.finding.label)}{wordings[each.finding.code].title}"
        f"{_both(each)}"
        for each in judged.consequences
    )


def _both(judged: Judged) -> str:
    """What stands there and what it comes to, where both are figures."""
    finding = judged.finding
    if judged.repeats or not finding.reported or not finding.expected:
        return ""
    return f"（填的是 {_quote(finding.reported)}，算得 {finding.expected}）"


def _named(label: str) -> str:
    return f"“{_quote(label)}”" if label else ""


def _assumed(finding: Finding) -> Iterator[str]:
    """What was taken for granted, so that whoever knows better can say so."""
    if finding.assumed:
        yield f"以上是这样认定的：{'；'.join(finding.assumed)}；认定有误的，请以实际为准。"


def list_cells(judged: Judged) -> str:
    """All cells of a finding and its repeats in short, those of other sheets with the sheet's name."""
    return _places(judged.findings, judged.finding.place)


def _places(findings: Sequence[Finding], at: Place) -> str:
    """Cells in short, sheet by sheet: A1:F17、《附件2》B3."""
    sheets: dict[tuple[str, str], list[str]] = {}
    for each in findings:
        sheets.setdefault((each.place.file, each.place.sheet), []).append(each.place.cell)
    return "、".join(
        _sheet_name(Place(file, sheet), at) + compact_cells(cells) for (file, sheet), cells in sheets.items()
    )


def _near(place: Place, at: Place) -> str:
    """A cell as one says it at another: by its address on the same sheet."""
    return f"{_sheet_name(place, at)}{place.cell}"


def _sheet_name(place: Place, at: Place) -> str:
    if (place.file, place.sheet) == (at.file, at.sheet):
        return ""
    return f"《{place.sheet}》" if place.sheet else f"文件“{place.file}”" if place.file else ""


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
    several = (*figures, *_LISTED)
    wording = Wording(
        code=table.name,
        severity=table.choice("severity", list(Severity)),
        title=table.text("title"),
        message=_read_template(table, "message", figures),
        suggestion=_read_template(table, "suggestion", figures),
        basis=table.text("basis", ""),
        gather=table.choice("gather", list(Gathering)) if table.has("gather") else None,
        several=_read_template(table, "several", several) if table.has("several") else "",
        each=_read_template(table, "each", (*figures, "place")) if table.has("each") else "",
        follows=table.texts("follows", ()),
        follows_form=table.texts("follows_form", ()),
        figure=table.flag("figure", default=False),
    )
    table.close()
    return wording


def _check_causes(tables: Sequence[Table], wordings: Mapping[str, Wording]) -> None:
    """Every code that another follows from is known."""
    for table in tables:
        for key in ("follows", "follows_form"):
            for position, code in enumerate(getattr(wordings[table.name], key)):
                if code not in wordings:
                    table.report(f"没有审核发现代码“{code}”。", key, position)


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
