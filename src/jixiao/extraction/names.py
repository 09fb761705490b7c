"""Names and years: cleaned, and found in titles, beside other labels, in the file's name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jixiao.domain.submissions import Basis, Entry, Inference, State
from jixiao.domain.text_keys import clean_name, compact, label_key
from jixiao.extraction.fields import until_next_label
from jixiao.extraction.regions import printed_day, printed_year
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.cells import Position
    from jixiao.domain.forms import FieldLayout
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.views import FormView


_TITLE_YEAR = re.compile(r"[(]?(?:19|20)\d{2}(?:年度?|(?=[一-鿿]))[)]?")
_BETWEEN = re.compile(r"[-_—–·,，、;；()（）\[\]【】\s]+")
_UNIT = "单位"
"""Heads the sender's name or the unit of money: which of them, the word behind it says."""
_EDGES = "-_—–·《》“”\"'()的"
_SHORTEST = 4
"""Characters: 财政局 alone is any county's, and a word this short may be no name at all."""
_HEAD = 6
"""So many rows below a form's first one its names stand."""
_PART = 2
"""Characters of a word that say something: 部门, 单位."""
_DEPARTMENT = "department"
_LONGEST = 10
"""Characters that a label has at most: what is longer explains something."""
_ASKED = 70
"""How surely, in percent, a word that shares a part with a name's labels asks for that name."""
_FIELD, _TITLE, _FILE = 80, 75, 60
"""How surely, in percent, a name in another field, in the title, in the file's name is the department's."""


def weak_department(implementer: Entry | None, view: FormView) -> Inference | None:
    """Who may have sent a form that names no department; the file's or folder's other forms know better."""
    position, text = _title(view)
    before = _around_year(text)[0] or _before_title(text, view)
    if position and is_organisation(before, view.lexicon):
        return _department(position, clean_name(before), say("标题里写有单位名称"), _TITLE, view)
    for at, rest in view.region.inline.get(_UNIT, ()):
        if is_organisation(name := clean_name(rest.split("  ")[0]), view.lexicon):
            return _department(at, name, say("表头写有单位名称"), _TITLE, view)
    if found := _under_unknown_word(view):
        return _of_file(found, view) or found
    unit = clean_name(implementer.text) if implementer and implementer.state is State.TEXT else ""
    for name in _organisations_of_file(view):
        if name in (unit or name):
            return _department((view.region.top, 0), name, say("文件名里写有单位名称"), _FILE, view)
    if implementer and unit:
        return _department(
            (implementer.ref.row, implementer.ref.column), unit, say("表上只写了实施单位"), _FIELD, view
        )
    return None


def _organisations_of_file(view: FormView) -> Iterator[str]:
    parts = _parts(PurePosixPath(view.region.grid.file).stem, view.lexicon)
    return (clean_name(part) for part in parts if is_organisation(part, view.lexicon))


def _of_file(found: Inference, view: FormView) -> Inference | None:
    """The department that a file's name tells where the form names only a part of it that does the work.

    石门镇人民政府信息中心 beside 项目执行单位, in 石门镇人民政府自评表.
    """
    fields = (each for each in view.layout.fields if each.name == "implementer")
    labels = [label_key(label) for each in fields for label in each.labels]
    word = view.region.keys.get(_label_of(found, view), "")
    if not any(_share_a_part(word, label) for label in labels):
        return None
    whole = (name for name in _organisations_of_file(view) if name in found.text and name != found.text)
    name = next(whole, "")
    return _department((view.region.top, 0), name, say("文件名里写有单位名称"), _FILE, view) if name else None


def _label_of(found: Inference, view: FormView) -> Position:
    """The cell left of a name, or the name's own where it stands behind its label."""
    grid, (row, column) = view.region.grid, (found.ref.row, found.ref.column)
    own = grid.anchor(row, column)
    return grid.anchor(row, grid.area(*own).left - 1) if column else own


def _under_unknown_word(view: FormView) -> Inference | None:
    """An organisation beside an unknown word with a part in common with the department's own labels.

    被评价部门 | 某某局, above the tables.
    """
    field = next((each for each in view.layout.fields if each.name == _DEPARTMENT), None)
    for key, found in view.region.inline.items() if field else ():
        at, name = found[0][0], clean_name(until_next_label(found[0][1], view))
        if field and not view.is_field(key) and at[0] <= view.region.top + _HEAD:
            near = any(_share_a_part(key, label_key(each)) for each in field.labels)
            if near and is_organisation(name, view.lexicon):
                return _department(at, name, say("栏目“{key}”里写有单位名称", key=key), _FIELD, view)
    for (row, column), key in view.strange if field else ():
        if field is None or row > view.region.top + _HEAD:
            return None
        label = view.region.grid.area(row, column)
        beside = view.region.grid.anchor(row, label.right + 1)
        value = view.region.texts.get(beside, "")
        if not is_organisation(value, view.lexicon):
            continue
        if any(_share_a_part(key, label_key(each)) for each in field.labels):
            return _department(
                beside, clean_name(value), say("栏目“{key}”里写有单位名称", key=key), _FIELD, view
            )
    return None


def blank_name(field: FieldLayout, top: int, view: FormView) -> tuple[Entry, Inference] | None:
    """The blank cell beside an unknown word above row `top` that may ask for a name: 部门（单位）全称.

    To be asked only where the form has the name nowhere: the word shares a part with the field's labels.
    """
    grid, (titled, _) = view.region.grid, _title(view)
    for at, key in view.strange:
        beside = (at[0], grid.area(*at).right + 1)
        strange = at != titled and not view.is_clerical(at)
        asks = strange and at[0] < min(top, view.region.top + _HEAD) and len(key) <= _LONGEST
        if asks and beside[1] < grid.width and view.is_blank(*beside) and _asks_for(field, key):
            ref, text = grid.ref(*at), view.region.texts[at].strip()
            reason = say("与该栏目用语相近，表上别处没有这个名称")
            told = Inference(Basis.LIKENESS, ref, text, field.name, field.title, reason, _ASKED)
            return Entry(grid.ref(*grid.anchor(*beside)), State.BLANK), told
    return None


def _asks_for(field: FieldLayout, key: str) -> bool:
    return any(_share_a_part(key, label_key(each)) for each in field.labels)


def _share_a_part(word: str, label: str) -> bool:
    return any(label[at : at + _PART] in word for at in range(len(label) - _PART + 1))


def weak_project(view: FormView) -> Inference | None:
    """The project that a form's title names: what stands between the year and the form's own title."""
    position, text = _title(view)
    _, after = _around_year(text)
    name = clean_name(after[: _own_title(after, view)].strip(_EDGES))
    if position is None or len(name) < _SHORTEST or _is_form_word(name, view):
        return None
    ref = view.region.grid.ref(*position)
    return Inference(Basis.NAME, ref, name, "project", "项目名称", say("标题里写有项目名称"), _TITLE)


def _own_title(text: str, view: FormView) -> int:
    """Where the form's own title begins; 资金 and the like before 绩效自评表 still belong to the name."""
    titles = [compact(title) for title in view.layout.titles if compact(title) in text]
    title = max(titles, key=len, default="")
    start = text.find(title) if title else 0
    own = next((word for word in sorted(view.lexicon.origins, key=len) if title.startswith(word)), "")
    ends = [text.find(word, start) for word in view.lexicon.evaluations if own and word in title]
    return min((end for end in ends if end >= start), default=start)


def _before_title(text: str, view: FormView) -> str:
    """What stands before the longest of the form's titles in a text."""
    title = max((each for each in map(compact, view.layout.titles) if each in text), key=len, default="")
    return text[: text.find(title)].strip(_EDGES) if title else ""


def _is_form_word(name: str, view: FormView) -> bool:
    """Whether a name is a department's, or the first words of the form's own title: 部门整体支出."""
    return is_organisation(name, view.lexicon) or any(
        compact(name) in compact(title) for title in view.layout.titles
    )


def is_organisation(text: str, lexicon: Lexicon) -> bool:
    """Whether a text ends as the names of departments do, and is long enough to be a whole one."""
    name = compact(text)
    return len(name) >= _SHORTEST and name.endswith(lexicon.organisations)


def _title(view: FormView) -> tuple[Position | None, str]:
    """The cell of the form's title and its text; None where there is none."""
    for position in view.titles:
        text = view.region.texts[position]
        if view.layout.id in view.vocabulary.titles_in(text):
            return position, compact(text)
    return None, ""


def _around_year(text: str) -> tuple[str, str]:
    """What stands before and after the year; all of it after, where there is none."""
    found = _TITLE_YEAR.search(text)
    return (text[: found.start()].strip(_EDGES), text[found.end() :]) if found else ("", text)


def _parts(stem: str, lexicon: Lexicon) -> Iterator[str]:
    """The parts of a file's name, each without the form's own title at its end."""
    for part in _BETWEEN.split(_TITLE_YEAR.sub(" ", stem)):
        ends = [part.find(word) for word in lexicon.evaluations if word in part]
        yield part[: min(ends, default=len(part))].strip(_EDGES)


def _department(at: Position, name: str, reason: str, certainty: int, view: FormView) -> Inference:
    ref = view.region.grid.ref(*at)
    return Inference(Basis.NAME, ref, name, "department", "主管部门", reason, certainty)


_BY_TEXTS, _BY_FILE, _BY_DAY = 75, 65, 60
"""How surely, in percent."""
_LAST_MONTH = 9
"""Self-evaluations of a year are filled in until September of the next; later it may be this year's."""


def weak_year(view: FormView) -> tuple[int, Inference] | None:
    """The evaluated year and what it was inferred from; None where nothing tells, or texts name several."""
    named = [
        (at, year) for at, text in _texts(view) if not printed_day(text) and (year := printed_year(text))
    ]
    if named:
        if len({year for _, year in named}) > 1:
            return None
        return _found(*named[0], say("表上提到的年份只有这一年"), _BY_TEXTS, view)
    if year := printed_year(PurePosixPath(view.region.grid.file).stem):
        return _found((view.region.top, 0), year, say("文件名里写有年份"), _BY_FILE, view)
    for at, text in _texts(view):
        day = printed_day(text)
        if day and day[1] <= _LAST_MONTH and any(word in compact(text) for word in view.lexicon.clerical):
            return _found(at, day[0] - 1, say("填报日期的上一年"), _BY_DAY, view)
    return None


def _texts(view: FormView) -> Iterator[tuple[Position, str]]:
    region = view.region
    for at, value in sorted(region.grid.values.items()):
        if region.top <= at[0] < region.bottom and isinstance(value, str):
            yield at, value


def _found(at: Position, year: int, reason: str, certainty: int, view: FormView) -> tuple[int, Inference]:
    ref = view.region.grid.ref(*at)
    return year, Inference(Basis.NAME, ref, str(year), "year", "年度", reason, certainty)
