"""A finding in the sentences an accountant would write, and its places as one says them."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, NamedTuple

from jixiao.domain.cells import compact_cells
from jixiao.domain.findings import FindingWarning, Place
from jixiao.domain.spoken import MissingValueError, fill, fill_known, one_line, quote, spoken_signs
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.findings import Finding, Judged, Wording


_SUBJECT = "{where}"
_NAMED = re.compile(r"\{where\}\[?\s?“\{label\}”")
_LEAD = say("{where}：")
_SHEET = say("《{sheet}》{cells}").removesuffix("{cells}")
_SHEET_LEAD = f"{_SHEET.rstrip()}: "


def locate(place: Place) -> str:
    """Where a finding stands, as a sentence begins: 《附件3-1》D12, 《附件3-1》 or 文件“报送表.xlsx”."""
    return (
        say("《{sheet}》{cell}", sheet=place.sheet, cell=place.cell)
        if place.sheet
        else say("文件“{file}”", file=place.file)
    )


def without_place(template: str, finding: Finding) -> str:
    """The template of a sentence that stands beside its place: a name or 本表 is all it begins with."""
    rest = template.replace(_SHEET_LEAD, "").replace(_SHEET, "").replace(_LEAD, "")
    named = finding.place.cell and finding.label and _NAMED.search(rest)
    return rest.replace(_SUBJECT, "" if named else _stand_in(finding.place))


def _stand_in(place: Place) -> str:
    if place.cell:
        return say("此处")
    return say("本表") if place.sheet else say("该文件")


def near(place: Place, at: Place) -> str:
    """A cell as one says it at another: by its address on the same sheet."""
    return _placed(place, at, place.cell)


def list_places(findings: Sequence[Finding], at: Place) -> str:
    """Cells in short, sheet by sheet: A1:F17、《附件2》B3."""
    sheets: dict[tuple[str, str], list[str]] = {}
    for each in findings:
        sheets.setdefault((each.place.file, each.place.sheet), []).append(each.place.cell)
    return say("、").join(
        _placed(Place(file, sheet), at, compact_cells(cells)) for (file, sheet), cells in sheets.items()
    )


def _placed(place: Place, at: Place, cells: str) -> str:
    """Cells with their sheet or file, where it is not the one that is spoken of."""
    if (place.file, place.sheet) == (at.file, at.sheet):
        return cells
    if place.sheet:
        return say("《{sheet}》{cells}", sheet=place.sheet, cells=cells).rstrip()
    return (say("文件“{file}”", file=place.file) if place.file else "") + cells


_EACH = say("{place}[“{label}”]")
_MOST_LISTED = 6
"""So many findings of a kind are listed one by one; of more the cells follow in short."""
_OPEN = say("此数与其他数互相牵连，逐一改动仍不能全部相符，应为多少请一并核对后确定。")
_TOGETHER = say("请与上述有关的数一并核对，改正后重新报送。")


class Words(NamedTuple):
    """A finding in words: what is wrong, and what to do about it.

    `message` can stand alone: it begins with the place and ends with all that goes with the finding.
    `statement` stands in a table beside the place: neither that is in it nor the `effects`, which are what
    has to follow and what is wrong because of it.
    """

    message: str
    suggestion: str
    statement: str
    effects: str = ""


def word(finding: Finding, wording: Wording) -> Words:
    """The sentences of a single finding, as its check has it.

    A placeholder outside brackets without a value is our mistake: FindingWarning, and its clause is left out.
    """
    values = _values(finding)
    return Words(
        _fill(wording.message, values, finding) or wording.title,
        _fill(wording.suggestion, values, finding),
        _fill(without_place(wording.message, finding), values, finding).lstrip() or wording.title,
    )


def word_judged(judged: Judged, wordings: Mapping[str, Wording]) -> Words:
    """The sentences of a finding with all that goes with it: repeats, assumptions, corrections, consequences.

    A placeholder outside brackets without a value is our mistake: FindingWarning, and its clause is left out.
    """
    finding, wording = judged.finding, wordings[judged.finding.code]
    template, values, also = _whole(judged, wording)
    settled = "".join((also, *_settled(judged)))
    corrected, entailed = (
        say("，").join(_following(judged)),
        say("；").join(describe_consequences(judged, wordings)),
    )
    explained = say("；").join(describe_related(judged, wordings))
    said = (
        _fill(template, values, finding) or wording.title,
        settled,
        say("改后相应地，{corrected}。", corrected=corrected) if corrected else "",
        say("由此还引起：{entailed}。", entailed=entailed) if entailed else "",
        say("可能的原因：{explained}。", explained=explained) if explained else "",
        *_assumed(judged),
    )
    advice = _values(finding) | ({"expected": judged.proposal} if judged.proposal else {})
    return Words(
        "".join(said),
        _TOGETHER if judged.is_open and not judged.related else _fill(wording.suggestion, advice, finding),
        (_fill(without_place(template, finding), values, finding).lstrip() or wording.title) + settled,
        say("；").join(
            filter(
                None,
                (
                    corrected,
                    entailed,
                    say("可能的原因：{explained}", explained=explained) if explained else "",
                ),
            )
        ),
    )


def _values(finding: Finding) -> dict[str, str]:
    """What the placeholders stand for."""
    return {
        **{name: spoken_signs(value.rstrip("。")) for name, value in finding.figures.items()},
        "where": locate(finding.place),
        "file": finding.place.file,
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "label": quote(finding.label),
        "reported": quote(finding.reported),
        "expected": spoken_signs(finding.expected),
    }


def _whole(judged: Judged, wording: Wording) -> tuple[str, dict[str, str], str]:
    """The template of the main sentence, its values, and where else the same stands."""
    finding, found = judged.finding, judged.findings
    values = _values(finding)
    if not judged.repeats:
        return wording.message, values, ""
    if not wording.several:
        others = list_places(judged.repeats, finding.place)
        return wording.message, values, say("同样见于{others}。", others=others) if others else ""
    rest = list_places(found[_MOST_LISTED:], finding.place)
    items = _list_items(found[:_MOST_LISTED], wording, finding.place)
    values |= {
        "count": str(len(found)),
        "items": items + (say("，以及 {rest}", rest=rest) if rest else ""),
        "cells": list_places(found, finding.place),
    }
    return wording.several, values, ""


def _list_items(found: Sequence[Finding], wording: Wording, at: Place) -> str:
    """The findings of a kind; those with the same reason together, so that it is given once."""
    groups: dict[str, list[str]] = {}
    for each in found:
        values = {**_values(each), "place": near(each.place, at)}
        item = _fill(wording.each or _EACH, values, each)
        groups.setdefault(_fill(wording.because, values, each), []).append(item)
    return say("；").join(say("、").join(items) + reason for reason, items in groups.items())


def _settled(judged: Judged) -> Iterator[str]:
    """What the cell should hold once everything is mended."""
    at = judged.finding.place
    if judged.is_open and not judged.related:
        yield _OPEN
    if judged.proposal:
        given = say("、").join(
            say("{ref} 改为 {figure} ", ref=near(Place.at(each.ref), at), figure=each.figure)
            for each in judged.given
        )
        yield say(
            "{given}后，此处应为 {proposal}。", given=given or say("其他各数改正"), proposal=judged.proposal
        )


def _following(judged: Judged) -> Iterator[str]:
    """The cells that follow when it is mended."""
    at = judged.finding.place
    for each in judged.corrections:
        yield say(
            "{ref}“{label}”应为 {figure}",
            ref=near(Place.at(each.ref), at),
            label=quote(each.label),
            figure=each.figure,
        )


def describe_consequences(judged: Judged, wordings: Mapping[str, Wording]) -> tuple[str, ...]:
    """Every consequence in a clause: its cells, what they are called, what is wrong there."""
    root = judged.finding
    return tuple(_clause(each, root, wordings) for each in judged.consequences)


def describe_related(judged: Judged, wordings: Mapping[str, Wording]) -> tuple[str, ...]:
    """Every milder finding that may be the cause in a clause, as `describe_consequences`."""
    root = judged.finding
    return tuple(_clause(each, root, wordings) for each in judged.related)


def _clause(judged: Judged, root: Finding, wordings: Mapping[str, Wording]) -> str:
    where, effect = _where_else(judged, root), _effect(judged, wordings[judged.finding.code])
    return say("{where}{effect}", where=where, effect=effect) if where else effect


def _where_else(judged: Judged, root: Finding) -> str:
    """The cells of a consequence and what they are called; nothing where it is the root's own cell."""
    finding = judged.finding
    if not judged.repeats and finding.place == root.place:
        return ""
    cells = list_places(judged.findings, root.place)
    return say("{cells}“{label}”", cells=cells, label=quote(finding.label)) if finding.label else cells


def _effect(judged: Judged, wording: Wording) -> str:
    """What is wrong there; of several cells no figures, since each has its own."""
    if judged.repeats or not wording.effect:
        return wording.title
    return _fill(wording.effect, _values(judged.finding), judged.finding) or wording.title


def _assumed(judged: Judged) -> Iterator[str]:
    """What was taken for granted, so that whoever knows better can say so."""
    told = [*judged.finding.assumed, *(clause for each in judged.related for clause in each.finding.assumed)]
    if told:
        yield say("推断依据：{told}；有误的请以实际为准。", told=say("；").join(dict.fromkeys(told)))


def list_cells(judged: Judged) -> str:
    """All cells of a finding and its repeats in short, those of other sheets with the sheet's name."""
    return list_places(judged.findings, judged.finding.place)


def _fill(template: str, values: Mapping[str, str], finding: Finding) -> str:
    try:
        return one_line(fill(template, values))
    except MissingValueError as missing:
        problem = f"{finding.code} at {finding.place}: no value for {missing}"
        warnings.warn(problem, FindingWarning, stacklevel=2)
        return one_line(fill_known(template, values))
