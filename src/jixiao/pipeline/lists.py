"""Known by their words: the finance department's own lists, so that none of them becomes a department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.forms import Scope
from jixiao.domain.submissions import Status
from jixiao.domain.text_keys import clean_name, compact, label_key
from jixiao.evaluating.files import Stray
from jixiao.extraction.headers import find_headers
from jixiao.extraction.regions import cut_region
from jixiao.extraction.tables import NAME_COLUMN
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jixiao.domain.cells import Grid, Workbook
    from jixiao.domain.forms import FormLayout
    from jixiao.extraction.headers import Header
    from jixiao.extraction.regions import Region
    from jixiao.extraction.vocabulary import Vocabulary
    from jixiao.pipeline.sheets import Sheets

Lists = Sequence["FormLayout"]
"""The forms of the lists that a round can have; their ids are the keys of round.toml that name them."""

DEPARTMENT = "department"
"""The field of every form that names who sends it."""


def lists_in(grids: Iterable[Grid], lists: Lists) -> tuple[FormLayout, ...]:
    """Which of the lists stand in these sheets, whatever else they could be taken for.

    A list is known by its header: all columns that it asks for, and one that no other list has. Names of
    departments alone are on many sheets.
    """
    regions = [cut_region(grid, 0, grid.height, None) for grid in grids]
    return tuple(form for form in lists if any(_header_of(form, region, lists) for region in regions))


@dataclass(frozen=True, slots=True)
class CertainList:
    """The one list that a sheet certainly is, with the names of departments in it.

    `heading` are the keys of what stands above its header, before a colon or alone.
    """

    form: FormLayout
    names: frozenset[str]
    heading: frozenset[str]


def certain_list(grid: Grid, lists: Lists) -> CertainList | None:
    """The list in a sheet, if it names several departments or is called by the list's name."""
    region = cut_region(grid, 0, grid.height, None)
    found = [
        CertainList(form, names, frozenset(_keys_above(header, region)))
        for form in lists
        if (header := _header_of(form, region, lists))
        and (len(names := frozenset(_names_below(header, form, region))) > 1 or _is_called(form, region))
    ]
    return found[0] if len(found) == 1 else None


def _header_of(form: FormLayout, region: Region, lists: Lists) -> Header | None:
    table = form.tables[0]
    required = {column.name for column in table.columns if column.required}
    others = {column.name for other in lists if other is not form for column in other.tables[0].columns}
    for header in find_headers(table, region):
        if required <= header.spans.keys() and header.spans.keys() - others:
            return header
    return None


def _names_below(header: Header, form: FormLayout, region: Region) -> Iterator[str]:
    table = form.tables[0]
    no_names = {label_key(label) for label in (*table.total_labels, *table.skipped_labels)}
    column = header.spans[NAME_COLUMN][0]
    for (row, at), text in region.texts.items():
        if (
            row > header.bottom
            and at == column
            and label_key(text) not in no_names
            and ":" not in compact(text)
        ):
            yield clean_name(text)


def _keys_above(header: Header, region: Region) -> Iterator[str]:
    yield from (key for (row, _), key in region.keys.items() if row < header.top)
    for key, places in region.inline.items():
        if any(row < header.top for (row, _), _ in places):
            yield key


def _is_called(form: FormLayout, region: Region) -> bool:
    texts = (region.grid.file, region.grid.sheet, *region.texts.values())
    titles = [compact(title) for title in form.titles]
    return any(title in compact(text) for text in texts for title in titles)


def find_strays(workbook: Workbook, sheets: Sheets, vocabulary: Vocabulary, lists: Lists) -> dict[str, Stray]:
    """By sheet what is certainly a list, among those that are no form or have the shape of a list.

    A form with points is nobody's list, even where it does not say whose it is.
    """
    owned = any(submission.department for submission in sheets.submissions)
    unrecognised = {each.sheet for each in sheets.outcomes if each.status is Status.UNRECOGNISED}
    shaped = {
        each.sheet
        for each in sheets.submissions
        if each.scope is Scope.DETAIL or not (each.department or each.scope.is_scored)
    }
    strays: dict[str, Stray] = {}
    for grid in workbook.grids:
        if grid.sheet in unrecognised | shaped and (found := certain_list(grid, lists)):
            # Of a sheet that no form fits nothing was read, not even who is said to have sent it.
            sent = grid.sheet in unrecognised and bool(_sender_labels(vocabulary) & found.heading)
            strays[grid.sheet] = Stray(_reason(found, grid.file), found.names, owned or sent)
    return strays


def _sender_labels(vocabulary: Vocabulary) -> set[str]:
    return {
        label_key(label)
        for form in vocabulary.forms.values()
        for each in form.fields
        if each.name == DEPARTMENT
        for label in each.labels
    }


def _reason(listed: CertainList, file: str) -> str:
    form = listed.form
    return say(
        "看起来是{title}，不是部门报送的表，未计入。要使用它，请在 round.toml 中写 "
        '{id} = "{file}"；如果是某个部门报送的，请在表上写明部门名称。',
        title=form.title,
        id=form.id,
        file=file,
    )
