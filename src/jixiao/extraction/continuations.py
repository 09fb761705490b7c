"""A form that goes on on the next sheet (续表): its rows belong to the form that the sheet before began."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.findings import Finding, Place
from jixiao.domain.forms import TableKind
from jixiao.extraction.headers import find_headers
from jixiao.extraction.recognise import Contested, Recognised
from jixiao.extraction.submissions import Extraction

if TYPE_CHECKING:
    from jixiao.domain.submissions import Indicator, Submission
    from jixiao.extraction.recognise import Recognition
    from jixiao.extraction.regions import Region
    from jixiao.extraction.vocabulary import Vocabulary

_MISSING = {"L103", "L104", "L105", "L106"}


def continuation_of(
    recognition: Recognition, earlier: Submission, vocabulary: Vocabulary
) -> Recognised | None:
    """The sheet as the rest of an earlier form that has no 总分 yet; None where it is anything else.

    It is not known as another form, has the earlier form's indicator header, and not one of the names that
    a form of its own would carry.
    """
    if earlier.total or isinstance(recognition, Contested):
        return None
    if isinstance(recognition, Recognised) and recognition.layout.id != earlier.form:
        return None
    region, layout = recognition.region, vocabulary.forms[earlier.form]
    tables = [table for table in layout.tables if table.kind is TableKind.INDICATORS]
    named = any(_is_there(key, region) for keys in vocabulary.required_fields[layout.id] for key in keys)
    headed = any(find_headers(table, region) for table in tables)
    return Recognised(region, layout) if headed and not named else None


def join(earlier: Submission, rest: Extraction) -> Extraction:
    """The earlier form with the rows of its continuation, and the findings on these.

    Names of levels that the break left out go on from the last row before it.
    """
    later = rest.submission
    indicators = list(earlier.indicators)
    for indicator in later.indicators:
        indicators.append(_carried(indicator, indicators[-1]) if indicators else indicator)
    known = {group.level1 for group in earlier.groups}
    lines = {(line.table, line.item) for line in earlier.lines}
    joined = replace(
        earlier,
        indicators=tuple(indicators),
        groups=(*earlier.groups, *(group for group in later.groups if group.level1 not in known)),
        lines=(*earlier.lines, *(line for line in later.lines if (line.table, line.item) not in lines)),
        total=later.total,
    )
    found = [
        replace(each, subject=earlier.submission_id) for each in rest.findings if each.code not in _MISSING
    ]
    told = Finding(
        code="L111",
        place=Place(later.file, later.sheet),
        subject=earlier.submission_id,
        figures={"earlier": earlier.sheet},
    )
    return Extraction(joined, (told, *found))


def _is_there(key: str, region: Region) -> bool:
    return bool(region.positions(key)) or key in region.inline


def _carried(indicator: Indicator, above: Indicator) -> Indicator:
    if indicator.level1:
        return indicator
    return replace(indicator, level1=above.level1, level2=indicator.level2 or above.level2)
