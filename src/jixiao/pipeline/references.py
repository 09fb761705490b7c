"""The finance department's own lists beside a round, read by the same extraction as departments' forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.catalog.wording.sentences import word
from jixiao.domain.cells import CellError, UnstoredFormula, column_letters
from jixiao.domain.findings import Place, declare
from jixiao.domain.forms import Scope, ValueKind
from jixiao.domain.references import ACCOUNT_COLUMNS, AccountLine, Accounts, Due, Roster, RosterEntry
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import clean_name, compact, label_key
from jixiao.extraction.recognise import Recognised, recognise
from jixiao.extraction.rows import TOTAL
from jixiao.extraction.submissions import extract
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.language import say
from jixiao.pipeline.lists import lists_in
from jixiao.pipeline.settings import ConfigurationError
from jixiao.workbooks.reading import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.cells import CellRef, Grid, Workbook
    from jixiao.domain.findings import Finding
    from jixiao.domain.forms import FormLayout, TableLayout
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Line

ACCOUNT_ROW_UNUSABLE = declare("X137")

_ACCOUNTS = "books"


def load_accounts(folder: Path, file: str, rules: Rulebook) -> Accounts:
    """Read the accounts `file`, relative to the round's folder; amounts in 万元.

    A row that has amounts but neither says a project nor that it is the department as a whole is left out
    and reported (X137).

    Raises:
        ConfigurationError: it can't be used, with what to do.
    """
    reference = read_reference(_ACCOUNTS, folder, file, rules)
    lines: list[AccountLine] = []
    findings = list(reference.findings)
    for row in reference.lines:
        line = _line(row, reference.table)
        if line:
            lines.append(line)
        elif _has_amounts(row) and not _is_sum(row, reference.table):
            findings.append(ACCOUNT_ROW_UNUSABLE.finding(Place.at(row.entries["item"].ref)))
    return Accounts(file, reference.sha256, tuple(lines), tuple(findings))


def _line(row: Line, table: TableLayout) -> AccountLine | None:
    """The row as a line; None for a note, a sum of other rows, and one that does not say whose it is."""
    project = row.entries.get("project")
    department = clean_name(row.label)
    if _is_sum(row, table) or not department or not project or project.state is not State.TEXT:
        return None
    whole = label_key(project.text) in _keys(table.total_labels)
    entries = {name: row.entries[name] for name in ACCOUNT_COLUMNS if name in row.entries}
    return AccountLine(department, "" if whole else clean_name(project.text), entries, project.ref)


def _is_sum(row: Line, table: TableLayout) -> bool:
    project = row.entries.get("project")
    return row.item == TOTAL or (
        project is not None and label_key(project.text) in _keys(table.skipped_labels)
    )


def _has_amounts(row: Line) -> bool:
    return any(row.value(name) is not None for name in ACCOUNT_COLUMNS)


def _keys(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(label_key, labels))


@dataclass(frozen=True, slots=True)
class Reference:
    """A list as read: its layout, and its rows from all its sheets."""

    layout: FormLayout
    file: str
    sha256: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def table(self) -> TableLayout:
        """The list's only table."""
        return self.layout.tables[0]

    def refuse(self, message: str) -> ConfigurationError:
        """The error that says what is wrong with the list."""
        return ConfigurationError(
            say("{title} {file}：{message}", title=self.layout.title, file=self.file, message=message)
        )


def read_reference(
    form_id: str, folder: Path, file: str, rules: Rulebook, *, may_be_empty: bool = False
) -> Reference:
    """Read the list `file`, relative to the round's folder, by the layout of that id.

    `may_be_empty`: its header alone is a list with nothing on it.

    Raises:
        ConfigurationError: no such file, not readable, no such list in it, or a name that can't be read.
    """
    layout = rules.list_form(form_id)
    workbook = _open(layout, folder / file, file, rules)
    _refuse_other_list(layout, workbook, rules)
    vocabulary = Vocabulary((layout,))
    lines: list[Line] = []
    findings: list[Finding] = []
    headed = False
    for grid in (grid for grid in workbook.grids if not grid.hidden):
        for recognised in recognise(grid, vocabulary):
            if isinstance(recognised, Recognised):
                headed = True
                extraction = extract(recognised, "", workbook.sha256, vocabulary, rules.scheme.lexicon)
                lines += extraction.submission.lines
                findings += extraction.findings
                _check_names(layout, grid, extraction.submission.lines)
    if not lines and not (headed and may_be_empty):
        wanted = say("、").join(
            say("“{title}”", title=column.title) for column in layout.tables[0].columns if column.required
        )
        raise ConfigurationError(
            say(
                "{title} {file} 中没有找到可用的行。请在一张工作表上写明表头，至少有{wanted}和另外一列，"
                "下面每行填一个部门或项目。",
                title=layout.title,
                file=file,
                wanted=wanted,
            )
        )
    return Reference(layout, file, workbook.sha256, tuple(lines), tuple(findings))


def _open(layout: FormLayout, path: Path, file: str, rules: Rulebook) -> Workbook:
    if not path.is_file():
        raise ConfigurationError(
            say(
                "找不到{title} {path}。请把文件放到该位置"
                "（空表用 jixiao template {scheme} --form {form} 生成），或改正、删去 round.toml 中的设置。",
                title=layout.title,
                path=path,
                scheme=rules.scheme.id,
                form=layout.id,
            )
        )
    reading = read_workbook(path, file)
    if reading.workbook is None:
        said = "".join(word(finding, rules.wordings[finding.code]).message for finding in reading.findings)
        raise ConfigurationError(
            say(
                "{title}无法使用：{said}请用 Excel 或 WPS 打开，另存为 .xlsx 后再运行。",
                title=layout.title,
                said=said,
            )
        )
    return reading.workbook


def _refuse_other_list(layout: FormLayout, workbook: Workbook, rules: Rulebook) -> None:
    """A list named under the key of another would be read as something that it is not."""
    found = lists_in((grid for grid in workbook.grids if not grid.hidden), rules.lists)
    if found and layout.id not in {each.id for each in found}:
        other = found[0]
        raise ConfigurationError(
            say(
                "round.toml 中 {id}（{title}）指定的 {file} 看起来是{title2}。"
                '请改为 {id2} = "{file}"；'
                "{id} 另写{title}的文件名，没有就删去这一行。",
                id=layout.id,
                title=layout.title,
                file=workbook.file,
                title2=other.title,
                id2=other.id,
            )
        )


def _check_names(layout: FormLayout, grid: Grid, lines: tuple[Line, ...]) -> None:
    """A name that is an error would make a department or project vanish from the list without a word."""
    texts = {column.name for column in layout.tables[0].columns if column.kind is ValueKind.TEXT}
    columns = {entry.ref.column for line in lines for name, entry in line.entries.items() if name in texts}
    broken = sorted(_broken_cells(grid, columns))
    if broken:
        cells = say("、").join(broken)
        raise ConfigurationError(
            say(
                "{title} {file} 的《{sheet}》{cells} 是错误值或没有结果的公式。请改正并保存后再运行。",
                title=layout.title,
                file=grid.file,
                sheet=grid.sheet,
                cells=cells,
            )
        )


def _broken_cells(grid: Grid, columns: set[int]) -> Iterator[str]:
    for (row, column), value in grid.values.items():
        if column in columns and isinstance(value, CellError | UnstoredFormula):
            yield f"{column_letters(column)}{row + 1}"


ROSTER = "roster"
_SEPARATORS = re.compile(r"[、,，;；/／|+＋\n]+")
_COUNTED = re.compile(r"(.*?\D)[(×xX*]?(\d{1,4})\D?[)]?")
_SCORED = (Scope.OVERALL, Scope.PROJECT, Scope.SCORING_TABLE)


@dataclass(slots=True)
class _Gathered:
    """What the rows of one department say."""

    ref: CellRef
    codes: set[str] = field(default_factory=set)
    aliases: dict[str, None] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    projects: dict[str, None] = field(default_factory=dict)


def load_roster(folder: Path, file: str, rules: Rulebook) -> Roster:
    """Read the roster `file`, relative to the round's folder.

    Raises:
        ConfigurationError: it can't be used, with the cell and what to do.
    """
    reference, scheme = read_reference(ROSTER, folder, file, rules), rules.scheme
    gathered: dict[str, _Gathered] = {}
    for line in reference.lines:
        name = clean_name(line.label)
        if name and not _is_note(line):
            own = gathered.setdefault(name, _Gathered(line.entries["item"].ref))
            _gather(line, own, scheme, reference)
    entries = tuple(_entry(name, own, scheme, reference) for name, own in gathered.items())
    _check_ambiguity(entries, reference)
    return Roster(file, reference.sha256, entries, reference.findings)


def _is_note(line: Line) -> bool:
    """A sentence below the list (填表人：…) stands alone in its row and has a colon, which no name has."""
    alone = all(entry.is_empty for name, entry in line.entries.items() if name != "item")
    return alone and ":" in compact(line.label)


def _text(line: Line, column: str) -> str:
    entry = line.entries.get(column)
    return entry.text.strip() if entry and entry.state is State.TEXT else ""


def _gather(line: Line, own: _Gathered, scheme: Scheme, reference: Reference) -> None:
    own.codes |= {compact(code)} if (code := _text(line, "code")) else set()
    for column, names in (("aliases", own.aliases), ("project", own.projects)):
        parts = _split(_text(line, column))
        names.update(dict.fromkeys(clean_name(part) for part in parts if part not in scheme.lexicon.zeros))
    for token in _split(_text(line, "forms")):
        form, count = _read_due(token, line, scheme.forms, reference)
        own.counts[form] = max(own.counts.get(form, 0), count)


def _split(text: str) -> Iterator[str]:
    return (part.strip() for part in _SEPARATORS.split(text) if part.strip())


def _read_due(token: str, line: Line, forms: Sequence[FormLayout], reference: Reference) -> tuple[str, int]:
    """A kind of form and how many of it: 整体, 项目支出绩效自评表（6张）, 项目6."""
    key = compact(token)
    counted = _COUNTED.fullmatch(key)
    name, count = (counted[1].rstrip("(×xX*"), int(counted[2])) if counted else (key, 1)
    form = _form_called(name, forms)
    if form is None:
        known = say("、").join(each.title for each in forms)
        raise reference.refuse(
            say(
                "{a1} 应报表种“{token}”不能确定是哪一种报送表，可用：{known}。",
                a1=line.entries["forms"].ref.a1,
                token=token,
                known=known,
            )
        )
    return form, count


def _form_called(name: str, forms: Sequence[FormLayout]) -> str | None:
    """The one form of which this is a title or an abbreviation; of several the one that is scored."""
    exact = [each for each in forms if name in {compact(title) for title in (each.title, *each.titles)}]
    meant = [each for each in forms if _abbreviates(name, compact(each.title))]
    scored = [each for each in meant if each.scope in _SCORED]
    return next((found[0].id for found in (exact, meant, scored) if len(found) == 1), None)


def _abbreviates(short: str, title: str) -> bool:
    """Whether the title has the characters of `short` in this order: 整体表 in 部门整体支出绩效自评表."""
    rest = iter(title)
    return len(short) > 1 and all(char in rest for char in short)


def _entry(name: str, own: _Gathered, scheme: Scheme, reference: Reference) -> RosterEntry:
    if len(own.codes) > 1:
        raise reference.refuse(
            say(
                "“{name}”有不同的编码：{codes}。请改为一致。",
                name=name,
                codes=say("、").join(sorted(own.codes)),
            )
        )
    aliases = tuple(alias for alias in own.aliases if alias != name)
    code = next(iter(own.codes), "")
    return RosterEntry(name, code, aliases, tuple(_dues(name, own, scheme, reference)), own.ref)


def _dues(name: str, own: _Gathered, scheme: Scheme, reference: Reference) -> Iterator[Due]:
    """Named projects each owe a form; a number of project forms beyond them is owed without names."""
    forms = {each.id for each in scheme.forms if each.scope is Scope.PROJECT}
    asked = [form for form in own.counts if form in forms]
    project_form = next(iter([*asked, *sorted(forms)]), "")
    if own.projects and not project_form:
        raise reference.refuse(
            say("“{name}”列有项目，而评价方案“{id}”没有项目自评表。请删去项目名称。", name=name, id=scheme.id)
        )
    yield from (Due(project_form, project) for project in own.projects)
    for form, count in own.counts.items():
        rest = count - len(own.projects) if form == project_form else count
        if rest > 0:
            yield Due(form, count=rest)
    if not own.counts and not own.projects:
        yield Due("")


def _check_ambiguity(entries: Sequence[RosterEntry], reference: Reference) -> None:
    """A name, alias or code of two departments would decide by chance whose forms are whose."""
    owners: dict[str, str] = {}
    for entry in entries:
        for known in {entry.department, *entry.aliases, *filter(None, (entry.code,))}:
            owner = owners.setdefault(known, entry.department)
            if owner != entry.department:
                raise reference.refuse(
                    say(
                        "“{known}”同时属于“{owner}”和“{department}”。请改正部门名称、别名或编码。",
                        known=known,
                        owner=owner,
                        department=entry.department,
                    )
                )
