"""What officers decided: the waivers of a round, and what they wrote beside findings in the last results.

An officer's words are read back from the summary workbook where somebody changed it, else from the tables
that were written with it. They are never overwritten; what can't be understood is a finding at its cell.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from jixiao.consolidation.findings import FINDINGS_SHEET, ID, OPINION_COLUMNS
from jixiao.domain.cells import position_of
from jixiao.domain.findings import Finding, Place, declare
from jixiao.domain.followups import NO_OPINION, Excuse, Fate, Opinion, Waivers
from jixiao.domain.submissions import State
from jixiao.domain.text_keys import clean_name, compact, compact_name, label_key
from jixiao.evaluating.followups import decision
from jixiao.language import COLUMN, SHEET, known_as, say, spoken
from jixiao.pipeline.manifest import DATA, read_written, summary_name
from jixiao.pipeline.references import read_reference
from jixiao.workbooks.reading import read_workbook
from jixiao.workbooks.tables import unguarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jixiao.catalog.rulebook import Rulebook
    from jixiao.domain.cells import Grid, Value
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.submissions import Line

WAIVER_UNUSABLE = declare("P114", "detail")
OPINION_UNCLEAR = declare("P115", "detail", optional=("label",))

_WAIVERS = "waivers"
_FINDING_ID = re.compile(r"[A-Z]\d{3}-[A-Z2-7]{10}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ACCEPTED_WITHOUT = say("接受了说明，但没有写“{title}”")


def load_waivers(folder: Path, file: str, rules: Rulebook, today: date) -> Waivers:
    """Read the waivers `file`, relative to the round's folder; a row with nonsense in it waives nothing.

    Raises:
        ConfigurationError: it can't be used, with what to do.
    """
    reference = read_reference(_WAIVERS, folder, file, rules, may_be_empty=True)
    findings = list(reference.findings)
    excuses: list[tuple[str, Excuse]] = []
    for line in reference.lines:
        found = _waiver(line, rules, today)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            excuses.append((compact_name(clean_name(line.label)), found))
    return Waivers(file, reference.sha256, tuple(excuses), tuple(findings))


_ASKED = ("finding", "place", "indicator", "reason", "approver", "until")


def _waiver(line: Line, rules: Rulebook, today: date) -> Excuse | Finding:
    """A row as what it waives, or what is wrong in it; the sheet of a cell may be quoted as in formulas."""
    said = {name: _text(line, name) for name in _ASKED}
    sheet, _, cell = said["place"].replace("$", "").rpartition("!")
    until = _day(said["until"])
    for name, problem in _problems(said, cell, rules):
        entry = line.entries.get(name) or line.entries["item"]
        return WAIVER_UNUSABLE.finding(Place.at(entry.ref), figures={"detail": problem})
    by_name = "-" in said["finding"]
    expired = until is not None and until < today
    note = say("{said}批准，有效期至 {until}", said=said["approver"], until=until)
    return Excuse(
        kind=Fate.EXPIRED if expired else Fate.WAIVED,
        key="waiver:" + "|".join((line.label, *said.values())),
        note=say("已于 {until} 到期（{said}批准）", until=until, said=said["approver"])
        if expired
        else say("：").join(filter(None, (note, said["reason"]))),
        code="" if by_name else said["finding"],
        finding_id=said["finding"] if by_name else "",
        sheet=sheet.strip("'"),
        cell=cell,
        label=label_key(said["indicator"]),
        department=line.label,
        owner=Place.at(line.entries["item"].ref),
        place=Place.at(line.entries["finding"].ref),
    )


def _problems(said: Mapping[str, str], cell: str, rules: Rulebook) -> Iterator[tuple[str, str]]:
    """By column what is wrong in a row of waivers."""
    name, whole = said["finding"], _FINDING_ID.fullmatch(said["finding"])
    if not whole and name not in rules.wordings:
        yield "finding", say("“{name}”不是审核发现的代码，也不是编号", name=name)
    if said["place"] and position_of(cell) is None:
        yield "place", say("“{said}”不是单元格，应如 D12 或 附件3-1!D12", said=said["place"])
    if not (whole or said["place"] or said["indicator"]):
        yield "indicator", say("没有写单元格，也没有写指标或栏目，不知道豁免哪一处")
    if not said["approver"]:
        yield "approver", say("没有写批准人")
    if _day(said["until"]) is None:
        yield "until", say("有效期“{said}”不是日期，应如 2025-12-31", said=said["until"])


def _text(line: Line, column: str) -> str:
    entry = line.entries.get(column)
    return entry.text.strip() if entry and entry.state in {State.TEXT, State.NUMBER} else ""


def _day(text: str) -> date | None:
    found = _DAY.match(compact(text))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Opinions:
    """What stands beside the findings of the last results, by name and by department.

    `written` as the run wrote it, `changed` what officers changed since. `pinned` are the figures that a
    decision was given for, `findings` what of it can't be understood.
    """

    written: Mapping[str, Mapping[str, Opinion]] = field(default_factory=dict)
    changed: Mapping[str, Mapping[str, Opinion]] = field(default_factory=dict)
    pinned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def all_of(self, department: str) -> dict[str, Opinion]:
        """The words beside a department's findings as they are now."""
        return {**self.written.get(department, {}), **self.changed.get(department, {})}

    def since(self, department: str, known: Mapping[str, Opinion]) -> dict[str, Opinion]:
        """What is new beside words that are known: the officers' own, and what a run without ledger kept."""
        told = {**self.written.get(department, {}), **known, **self.changed.get(department, {})}
        return {name: opinion for name, opinion in told.items() if opinion != known.get(name, NO_OPINION)}


def read_opinions(results: Path, round_name: str, lexicon: Lexicon, today: date) -> Opinions:
    """The officers' words in the results of the last run; none where there are none."""
    listed = _Listed.read(results / DATA / "findings.csv")
    summary = summary_name(round_name)
    edited = (results / summary).is_file() and read_written(results).is_edited(results, summary)
    doubtful = any(any(_unclear(each, lexicon, today)) for each in listed.words.values())
    sheet = _find_sheet(results / summary, summary) if edited or doubtful else None
    if not isinstance(sheet, _Sheet):
        return listed.opinions({}, (sheet,) if sheet else ())
    changed, findings = dict[str, Opinion](), list[Finding]()
    for row, name, opinion in sheet.rows():
        if name in listed.owners:
            if opinion != listed.words.get(name, NO_OPINION):
                changed[name] = opinion
            for title, detail in _unclear(opinion, lexicon, today):
                findings.append(_unclear_at(sheet.place(row, title), name, detail))
        elif opinion != NO_OPINION:
            detail = (
                say("编号“{name}”不在上次的审核发现中，没有采用", name=name)
                if name
                else say("这一行没有编号，没有采用")
            )
            findings.append(_unclear_at(sheet.place(row, OPINION_COLUMNS[0]), "", detail))
    return listed.opinions(changed, tuple(findings))


def _unclear_at(place: Place, name: str, detail: str) -> Finding:
    return OPINION_UNCLEAR.finding(place, label=name, figures={"detail": detail})


def _unclear(opinion: Opinion, lexicon: Lexicon, today: date) -> Iterator[tuple[str, str]]:
    """By column what can't be understood of an officer's words."""
    verdict, (text, officer, decided) = decision(opinion.text, lexicon), OPINION_COLUMNS
    if opinion.text and verdict is None:
        accepting, refusing = lexicon.accepting[0], lexicon.refusing[0]
        yield (
            text,
            say(
                "“{text}”看不出是否接受，请以“{accepting}”或“{refusing}”开头，其后可加说明",
                text=opinion.text,
                accepting=accepting,
                refusing=refusing,
            ),
        )
    if verdict and not opinion.officer:
        yield officer, _ACCEPTED_WITHOUT.format(title=spoken(officer, COLUMN))
    day = _day(opinion.decided)
    if opinion.decided and day is None:
        yield decided, say("“{decided}”不是日期，应如 2025-04-21", decided=opinion.decided)
    elif day and day > today:
        yield decided, say("日期 {day} 还没有到", day=day)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The findings of the last results by name: whose they are, the words beside them."""

    owners: Mapping[str, str]
    words: Mapping[str, Opinion]
    pinned: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, path: Path) -> _Listed:
        owners: dict[str, str] = {}
        words: dict[str, Opinion] = {}
        pinned: dict[str, dict[str, str]] = defaultdict(dict)
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                for row in csv.DictReader(stream):
                    name = row["finding_id"]
                    owners[name] = unguarded(row["department"])
                    opinion = Opinion(*(unguarded(row.get(column) or "") for column in _OPINION_FIELDS))
                    if opinion != NO_OPINION:
                        words[name] = opinion
                    if figures := row.get("pinned"):
                        pinned[owners[name]][name] = unguarded(figures)
        except (OSError, KeyError, ValueError, csv.Error):
            return cls({}, {}, {})
        return cls(owners, words, pinned)

    def opinions(self, changed: Mapping[str, Opinion], findings: tuple[Finding, ...]) -> Opinions:
        """All words by department, and those that were changed."""
        return Opinions(self._owned(self.words), self._owned(changed), self.pinned, findings)

    def _owned(self, words: Mapping[str, Opinion]) -> dict[str, dict[str, Opinion]]:
        found: dict[str, dict[str, Opinion]] = defaultdict(dict)
        for name, opinion in words.items():
            found[self.owners[name]][name] = opinion
        return dict(found)


_OPINION_FIELDS = ("opinion", "officer", "decided")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The sheet of findings of a summary workbook, with its columns by title."""

    grid: Grid
    header: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[tuple[int, str, Opinion]]:
        """Each row below the header, the finding's name in it and the words beside it."""
        for row in range(self.header + 1, self.grid.height):
            opinion = Opinion(*(self._text(row, title) for title in OPINION_COLUMNS))
            name = self._text(row, ID)
            if name or opinion != NO_OPINION:
                yield row, name, opinion

    def _text(self, row: int, title: str) -> str:
        return _shown(self.grid.value(row, self.columns[title]))

    def place(self, row: int, title: str) -> Place:
        """The place of a cell."""
        return Place.at(self.grid.ref(row, self.columns[title]))


def _shown(value: Value | None) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()


def _find_sheet(path: Path, file: str) -> _Sheet | Finding | None:
    """The sheet; None in a summary that never had such columns, a finding where it can't be read any more."""
    reading = read_workbook(path, file)
    if reading.workbook is None:
        detail = say(
            "汇总表读不出来，其中新写的处理意见没有采用，以前的照旧。请用 Excel 或 WPS 打开后另存为 .xlsx"
        )
        return _unclear_at(Place(file), "", detail)
    for grid in reading.workbook.grids:
        if grid.sheet in known_as((FINDINGS_SHEET,), SHEET):
            known = known_as((ID, *OPINION_COLUMNS))
            for row in range(min(grid.height, _HEAD)):
                shown = {_shown(grid.value(row, column)): column for column in range(grid.width)}
                titles = {known[text]: column for text, column in shown.items() if text in known}
                if {ID, *OPINION_COLUMNS} <= titles.keys():
                    return _Sheet(grid, row, titles)
            missing = say("、").join(spoken(title, COLUMN) for title in (ID, *OPINION_COLUMNS))
            detail = say(
                "表头不全（应有{missing}），其中新写的处理意见没有采用，以前的照旧。请勿改动表头",
                missing=missing,
            )
            return _unclear_at(Place(file, grid.sheet), "", detail)
    return None


_HEAD = 10
"""A header stands among the first rows: what an officer put above it is of no matter."""
