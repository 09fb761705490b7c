"""Blank forms into files: of a scheme, of each department of a round, or beside a new round to begin with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from jixiao.audit.names import match_names
from jixiao.blanks.drafts import Order, is_asked
from jixiao.blanks.forms import arrange, sheet_name
from jixiao.blanks.inputs import fillings_of, prefilled_departments
from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import nearest
from jixiao.catalog.loading.sources import SchemeError
from jixiao.consolidation.edition import feedback_names, file_names
from jixiao.domain.blanks import PrefilledDepartment, PrefilledForm, PrefilledIndicator
from jixiao.domain.forms import Scope
from jixiao.language import say
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.references import ROSTER
from jixiao.pipeline.settings import (
    SETTINGS_FILE,
    ConfigurationError,
    known_seeds,
    packaged_lists,
    seeds_beside,
)
from jixiao.workbooks.blank_writing import blank_workbook, write_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.domain.blanks import BlankForm
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.rounds import Round
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission
    from jixiao.pipeline.rounds import RoundFolder

WHOLE = "绩效自评表"
"""What a workbook with all forms is called."""
_SHEET_NAME = 27
"""Characters of a sheet's name that leave room for a number."""
Targets = dict[tuple[str, str], tuple[PrefilledIndicator, ...]]
"""Indicators by department and project ("" for the department as a whole)."""


@dataclass(frozen=True, slots=True)
class BlankRequest:
    """Which blank forms are wanted: by id (none named: all), for which year (None: the one just ended).

    `round` gives the departments to fill in beforehand, `targets` a folder of forms with their indicators,
    `seeds` the jurisdiction's own folder where no round does. `whole`: one workbook a department
    instead of one a form; `overwrite`: files that are there and may be filled in are replaced.
    """

    scheme: str
    forms: tuple[str, ...] = ()
    year: int | None = None
    round: RoundFolder | None = None
    targets: Path | None = None
    seeds: Path | None = None
    whole: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Blanks:
    """What became of the files: `written`, or `kept` as they are, since somebody may have filled them in."""

    folder: Path
    written: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()


def write_blanks(request: BlankRequest, out: Path) -> Blanks:
    """Write blank forms to `out`/<scheme>, those of a round's departments to `out`/<scheme>/<round>.

    A file of that name with other content is kept, unless the request says otherwise.

    Raises:
        ConfigurationError: no such scheme or form, a round of another scheme or without roster, targets
            without a round.
        OSError: a file cannot be written.
    """
    scheme = scheme_of(request)
    layouts = _layouts(request, scheme)
    if request.round is None:
        if request.targets:
            message = say("预填绩效目标要按部门、项目来填，请同时用 --roster 写明批次。")
            raise ConfigurationError(message)
        year = request.year or last_year(scheme)
        orders = [("", layout.title, Order(layout, scheme, year)) for layout in layouts]
        return _write(_files(orders, "", request), out / scheme.id, request)
    targets = _read_targets(request.targets, scheme) if request.targets else {}
    departments = _departments(request.round.round)
    folders = feedback_names(department.name for department in departments)
    place = out / scheme.id / request.round.name
    files: dict[str, tuple[BlankForm, ...]] = {}
    for department in departments:
        own = list(_orders(department, layouts, request.round.round, targets))
        below = "" if request.whole else folders[department.name].removesuffix(".xlsx") + "/"
        files |= {f"{below}{name}": forms for name, forms in _files(own, department.name, request).items()}
    return _write(files, place, request)


def _files(
    orders: Sequence[tuple[str, str, Order]], department: str, request: BlankRequest
) -> dict[str, tuple[BlankForm, ...]]:
    """The blank forms by the name of the file: each its own, or all in one.

    `orders` are (project, title, order). The department's name comes first, so that files of many departments
    can be collected in one folder.
    """
    forms = [(project, title, arrange(order)) for project, title, order in orders]
    if request.whole:
        wanted = (sheet_name(project or title)[:_SHEET_NAME] for project, title, _ in forms)
        names = file_names((at, (name, "")) for at, name in enumerate(wanted))
        sheets = tuple(replace(form, sheet=names[at]) for at, (*_, form) in enumerate(forms))
        stem = f"{department}_{WHOLE}" if department else WHOLE
        return {feedback_names([stem])[stem]: sheets}
    stems = ["_".join(filter(None, (department, title, project))) for project, title, _ in forms]
    named = file_names((at, (stem, ".xlsx")) for at, stem in enumerate(stems))
    return {named[at]: (form,) for at, (*_, form) in enumerate(forms)}


def _write(files: Mapping[str, tuple[BlankForm, ...]], folder: Path, request: BlankRequest) -> Blanks:
    written: list[Path] = []
    kept: list[Path] = []
    for name, forms in files.items():
        path, content = folder / name, blank_workbook(forms)
        if path.exists() and not request.overwrite and path.read_bytes() != content:
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return Blanks(folder, tuple(written), tuple(kept))


def scheme_of(request: BlankRequest) -> Scheme:
    """The scheme whose forms are wanted, as it holds in that year.

    Raises:
        ConfigurationError: no such scheme, or a round of another scheme or without roster.
    """
    if request.round is not None:
        return _scheme_of_round(request, request.round.round)
    try:
        return load_scheme(request.scheme, *known_seeds(request.seeds), year=request.year)
    except SchemeError as problem:
        raise ConfigurationError(
            say("评价方案 {scheme} 无法使用：{problem}", scheme=request.scheme, problem=problem)
        ) from problem


def _scheme_of_round(request: BlankRequest, round_: Round) -> Scheme:
    if round_.scheme.id != request.scheme:
        message = say(
            "评价批次 {name} 的评价方案是 {id}，不是 {scheme}。请用 jixiao template {id} --roster {name}。",
            name=round_.name,
            id=round_.scheme.id,
            scheme=request.scheme,
        )
        raise ConfigurationError(message)
    if round_.roster is None:
        raise ConfigurationError(
            say(
                "评价批次 {name} 没有名册。请把填好的名册放入批次文件夹"
                "（空表用 jixiao template {scheme} --form roster 生成），"
                'round.toml 中写 roster = "名册.xlsx"。',
                name=round_.name,
                scheme=round_.scheme.id,
            )
        )
    return round_.scheme


def _layouts(request: BlankRequest, scheme: Scheme) -> tuple[FormLayout, ...]:
    """The forms asked for by name, else all that departments fill in."""
    lists = () if request.round else packaged_lists()
    known = {name: layout for layout in (*scheme.forms, *lists) for name in (layout.title, layout.id)}
    unknown = [form for form in request.forms if form not in known]
    if unknown:
        allowed = say("、").join(
            say("{id}（{title}）", id=layout.id, title=layout.title) for layout in (*scheme.forms, *lists)
        )
        raise ConfigurationError(
            say(
                "方案 {id} 没有报送表“{unknown}”，可用：{allowed}。",
                id=scheme.id,
                unknown=unknown[0],
                allowed=allowed,
            )
        )
    return tuple(known[form] for form in request.forms) or tuple(filter(is_asked, scheme.forms))


def last_year(scheme: Scheme) -> int:
    """The year that has just ended, as far as the scheme is valid for it."""
    year = datetime.now().astimezone().year - 1
    return nearest(scheme.years, year)


def _departments(round_: Round) -> tuple[PrefilledDepartment, ...]:
    """What roster and accounts know of every department; amounts only where the accounts' name is certain."""
    entries = round_.roster.entries if round_.roster else ()
    lines = round_.accounts.lines if round_.accounts else ()
    matches = match_names({line.department for line in lines}, [entry.department for entry in entries])
    own = [
        replace(line, department=match.name)
        for line in lines
        if (match := matches[line.department]) and match.exact
    ]
    return prefilled_departments(entries, own)


def _orders(
    department: PrefilledDepartment, layouts: Sequence[FormLayout], round_: Round, targets: Targets
) -> Iterator[tuple[str, str, Order]]:
    """The forms of a department with project and title: a project form for each of its projects."""
    for layout in layouts:
        on_project = layout.scope is Scope.PROJECT
        forms = (department.projects or (PrefilledForm(),)) if on_project else (department.overall,)
        for form in forms:
            indicators = targets.get((department.name, form.project), ()) if layout.levels else ()
            fillings = fillings_of(layout, department, form, round_.scheme.booked)
            order = Order(layout, round_.scheme, round_.year, fillings, indicators)
            yield form.project, layout.title, order


def _read_targets(folder: Path, scheme: Scheme) -> Targets:
    """The indicators of every form in a folder: targets as approved, or last year's forms."""
    if not folder.is_dir():
        raise ConfigurationError(
            say("找不到绩效目标文件夹 {folder}。请核对 --targets 后的路径。", folder=folder)
        )
    reader = FileReader(scheme)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    results = (reader.read(path, path.relative_to(folder).as_posix()) for path in files)
    return {
        (submission.department, submission.project): tuple(_known(submission))
        for result in results
        for submission in result.submissions
        if submission.indicators
    }


def _known(submission: Submission) -> Iterator[PrefilledIndicator]:
    for each in submission.indicators:
        names = each.level1, each.level2, each.level3
        yield PrefilledIndicator(*names, target=each.target.text, weight=each.weight)


_UNNAMEABLE = '\\/:*?"<>|'
ROSTER_FILE = "名册.xlsx"
_SETTINGS = say("""\
# 评价批次“{name}”的设置。以 # 开头的行是说明；要启用一项设置，去掉该行行首的 # 和空格即可。

# 评价方案（{title}）和评价年度，必填。jixiao scheme list 列出全部方案。
scheme = "{scheme}"
year = {year}

# 名册：哪些部门应报哪些表。填好同一文件夹里的 {roster} 后启用，未报、迟报的部门才能列出。
# roster = "{roster}"

# 财政部门的账面数，与各部门自评表逐项核对。
# books = "账面数.xlsx"

# 截止日期：保存时间晚于它的工作簿记为迟报。
# deadline = {deadline}

# 保留几次历次结果（不写为 10，0 为不保留）。
# history = 10

# 抽查复核的种子（任意文字）：同样的报送件和种子抽出同样的表。不写的由批次名称和规则得出；
# 要在截止以后当众确定的，把摇出的号码写在这里。
# sample_seed = "{year} 年度 0000"

# 是否生成 Word 报告（不写为生成）。
# word = false

# 运行后的通知（环境变量 JIXIAO_NOTIFY 写了地址才有）：brief 只有数字，full 另有文件名和结果位置，off 不通知。
# notify = "brief"
""")


@dataclass(frozen=True, slots=True)
class NewRound:
    """What was made: the round's folder and its files, and the blank forms."""

    folder: Path
    files: tuple[Path, ...]
    blanks: Blanks


def begin_round(inputs: Path, name: str, request: BlankRequest, templates: Path) -> NewRound:
    """Make `inputs`/`name` with settings and an empty roster, and the blank forms below `templates`/`name`.

    Nothing that is there already is overwritten: a folder without settings, a roster, filled forms stay.

    Raises:
        ConfigurationError: the name can't be a folder's, the round is there already, or no such scheme.
        OSError: a file cannot be written.
    """
    if not name.strip(". ") or any(sign in _UNNAMEABLE for sign in name):
        raise ConfigurationError(
            say("“{name}”不能作文件夹名，请换一个批次名称，例如 {scheme}。", name=name, scheme=request.scheme)
        )
    folder, forms = inputs / name, templates / name
    request = replace(request, seeds=request.seeds or seeds_beside(folder))
    scheme = scheme_of(request)
    settings, roster = folder / SETTINGS_FILE, folder / ROSTER_FILE
    if settings.exists():
        raise ConfigurationError(
            say("{settings} 已经存在，没有改动它。请换一个批次名称。", settings=settings)
        )
    folder.mkdir(parents=True, exist_ok=True)
    year = request.year or last_year(scheme)
    (layout,) = [each for each in packaged_lists() if each.id == ROSTER]
    blanks = write_blanks(request, forms)
    made = [settings] if roster.exists() else [settings, roster]
    if roster in made:
        write_blank(roster, arrange(Order(layout, scheme, year)))
    settings.write_text(_settings_text(name, scheme, year), encoding="utf-8")
    return NewRound(folder, tuple(made), blanks)


def _settings_text(name: str, scheme: Scheme, year: int) -> str:
    return _SETTINGS.format(
        name=name,
        title=scheme.title,
        scheme=scheme.id,
        year=year,
        roster=ROSTER_FILE,
        deadline=f"{year + 1}-04-30",
    )
