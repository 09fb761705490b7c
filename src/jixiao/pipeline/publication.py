"""Results into the outputs folder: built beside it and swapped in whole, so that a crash costs nothing."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING
from zlib import crc32

from jixiao.consolidation.copies import ORIGINALS
from jixiao.consolidation.edition import Edition, feedback_names, shown_department
from jixiao.consolidation.page import TABLES, round_facts, round_page
from jixiao.consolidation.published import published_sheets, published_text
from jixiao.consolidation.samples import TABLE as SAMPLE
from jixiao.consolidation.samples import sample_rows
from jixiao.consolidation.shares import Part, finding_parts, table_parts
from jixiao.consolidation.submissions import submission_rows
from jixiao.consolidation.summary import gather, review, summary_page, summary_sheets
from jixiao.consolidation.tidy import (
    DICTIONARY,
    EVERY_ROUND,
    MODELS,
    SUBMISSIONS,
    dictionary_rows,
    validate_tables,
)
from jixiao.consolidation.uses import tallied
from jixiao.domain.amounts import exact_sum
from jixiao.domain.report import Audience
from jixiao.language import say
from jixiao.pages import render
from jixiao.pipeline.copies import (
    NO_TEMPLATES,
    REPORT_FOLDER,
    Templates,
    round_report_name,
    write_returned,
    write_round,
)
from jixiao.pipeline.departments import LOST, SheetText, spell_rows
from jixiao.pipeline.manifest import (
    DATA,
    MANIFEST,
    controlled_sums,
    describe_run,
    digest_of,
    files_below,
    page_name,
    public_name,
    read_written,
    stamps_of,
    summary_name,
    total_tables,
)
from jixiao.pipeline.memory import key_of
from jixiao.pipeline.proof import Proof, describe_accounts
from jixiao.pipeline.replacement import KEPT, Place, PublicationError, recover, refused, swap_in
from jixiao.reports.round_report import ReportedRound
from jixiao.workbooks.counting import add_found
from jixiao.workbooks.row_writing import SpelledPart
from jixiao.workbooks.tables import write_csv
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from jixiao.consolidation.controls import Balance
    from jixiao.consolidation.page import RoundFacts
    from jixiao.consolidation.shares import Facts
    from jixiao.consolidation.summary import Gathered, Reviewed
    from jixiao.domain.followups import Excuse
    from jixiao.domain.report import ColumnWords, SheetSpec
    from jixiao.domain.rounds import Evaluation, ReportedFinding, Round
    from jixiao.evaluating.briefs import Received
    from jixiao.pipeline.bookkeeping import Bookkeeping
    from jixiao.pipeline.departments import Made, Rows, TableText
    from jixiao.pipeline.manifest import Stamps, TableTotals, Written
    from jixiao.pipeline.memory import Memory
    from jixiao.reports.figures import DepartmentFacts
    from jixiao.workbooks.counting import Found
    from jixiao.workbooks.row_writing import Spelled

FEEDBACK_FOLDER = "审核反馈"
_OTHER_RULES = say(
    "本次所用的评价规则（seeds 中的方案、表样、用语或文字）与上一次运行时不同，结果可能因此变化。"
)


@dataclass(frozen=True, slots=True)
class Published:
    """Where a round's results are."""

    folder: Path
    summary: Path
    feedback: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    """Chinese sentences about files of others, or edited ones, that stood where the results now stand."""
    reports: int = 0
    """How many departments have a Word report."""

    def moved(self, folder: Path) -> Published:
        """The same results in another folder."""
        feedback = tuple(folder / path.relative_to(self.folder) for path in self.feedback)
        summary = folder / self.summary.relative_to(self.folder)
        return replace(self, folder=folder, summary=summary, feedback=feedback)


@dataclass(frozen=True, slots=True)
class Given:
    """What a round's results are put together from.

    `outline` is the round without what its departments give (`jixiao.evaluating.rounds.outline`);
    `departments` are their names in order, with what was made of each. `rules` is the digest of the rules in
    force, `whole` what an earlier run made of the very same; `keep` is handed that where it had to be made.
    """

    outline: Evaluation
    departments: Mapping[str, Made]
    memory: Memory
    rules: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What findings are called, by code."""
    templates: Templates = NO_TEMPLATES
    """What Word reports are written with."""
    whole: Whole | None = None
    keep: Callable[[Whole], object] = bool
    received: Received | None = None
    """What came in, which has to be accounted for; None where nobody listed it."""
    columns: Mapping[tuple[str, str], ColumnWords] = field(default_factory=dict)
    """What the columns of tables are called and mean."""
    told: Callable[[int], object] = bool
    """Hears how many more departments are written."""
    books: Bookkeeping | None = None
    """What is written in the same swap as the results, where there is a ledger: both or neither."""
    tell_idle: Callable[[Sequence[Excuse]], Sequence[ReportedFinding]] = lambda _: ()
    """Says which waivers match nothing, in words."""

    def seen(self, manifest: str) -> Stamps:
        """The stamps of the files that a manifest of this digest lists, as far as they are known."""
        known = self.memory.recall(_stamps_key(manifest))
        return known if isinstance(known, dict) else {}

    def see(self, folder: Path, files: Iterable[str]) -> None:
        """Keep the stamps of finished results."""
        self.memory.keep(_stamps_key(digest_of(folder / MANIFEST)), stamps_of(folder, files))

    def completed(self, facts: Sequence[Facts]) -> Given:
        """The same with what only all departments' evaluations tell of what concerns none of them."""
        found = self.tell_idle([excuse for each in facts for excuse in each.idle])
        outline = replace(self.outline, findings=(*self.outline.findings, *found))
        return replace(self, outline=outline)


def _stamps_key(manifest: str) -> str:
    return key_of("stamps", manifest)


def publish(
    given: Given, outputs: Path, inputs: Path | None = None, *, kept: int = KEPT
) -> tuple[Gathered, Published]:
    """Write all results of a round; those of the last run are replaced only once everything is there.

    Only files that the last run wrote are replaced, and kept as one of `kept` earlier results; whatever else
    lies among them stays. `inputs` is the round's folder, which the workbooks link their figures to (None: no
    links). Where the rules are not those of the last run, a note says so.

    Raises:
        PublicationError: the last results are open in another program, the folder can't be written, or the
            disk is full. The last results are where they were.
    """
    name = given.outline.round.name
    final, place = outputs / name, Place.of(outputs, name)
    try:
        notes = recover(place)
        last = read_written(place.final, given.seen)
        notes += _other_rules(last, given.rules)
        (place.building / DATA).mkdir(parents=True)
        (place.building / FEEDBACK_FOLDER).mkdir()
        gathered, published = _write(given, place, last, inputs)
        notes += published.notes + _swap(given, place, kept)
    except OSError as problem:
        raise refused(problem, place) from problem
    finally:
        shutil.rmtree(place.building, ignore_errors=True)  # there only where something failed
    return gathered, replace(published.moved(final), notes=notes)


def _swap(given: Given, place: Place, kept: int) -> tuple[str, ...]:
    """Put results and ledger in place; a run that is cut off between the two is put right by the next."""
    if (books := given.books) is None:
        return swap_in(place, kept, given.seen)
    states = {name: made.state_in(given.memory) for name, made in given.departments.items()}
    files = len(given.outline.sha256)
    books.prepare(digest_of(place.building / MANIFEST), states, files)
    try:
        notes = swap_in(place, kept, given.seen)
    except OSError:
        books.discard()
        raise
    books.confirm()
    return (*notes, *books.notes)


def _other_rules(last: Written, rules: str) -> tuple[str, ...]:
    return (_OTHER_RULES,) if rules and last.rules and last.rules != rules else ()


@dataclass(frozen=True, slots=True)
class Whole:
    """What a round gives besides its departments' files: tables, workbooks, pages; by name their sha256.

    They are taken from the last results, where they stand there as they were written.
    """

    files: Mapping[str, str]
    totals: TableTotals
    balances: tuple[Balance, ...] = ()
    """What of the proof that nothing was lost stands in the manifest."""


def prefix_between(final: Path, inputs: Path | None) -> str | None:
    """What leads from a folder of results to the inputs; None where no relative path does."""
    if inputs is None:
        return None
    try:
        relative = os.path.relpath(inputs.resolve(), final.resolve())
    except ValueError:  # inputs and outputs are on different drives
        return None
    return relative.replace(os.sep, "/") + "/"


def _write(given: Given, place: Place, last: Written, inputs: Path | None) -> tuple[Gathered, Published]:
    """Write everything into the folder that is built; `last` are the results that stand."""
    created, folder = datetime.now().astimezone().replace(microsecond=0), place.building
    round_, prefix = given.outline.round, prefix_between(place.final, inputs)
    edition = Edition(round_, created, version("jixiao"), prefix, given.titles, seed_of(round_, given.rules))
    made = _write_departments(given, folder, inputs)
    given = given.completed(made.facts)
    gathered = gather(given.outline, made.facts)
    report = _RoundReport(given, tuple(made.told))
    whole = given.whole if given.whole and _taken_over(given.whole, last, place) else None
    if whole:
        totals, balances = whole.totals, whole.balances
    else:
        totals, balances = _write_totals(given, gathered, report, folder, edition)
    known = {**made.digests, **(whole.files if whole else {})}
    outputs = _digests(folder, known)
    if not whole and not report.lost:
        own = {file: digest for file, digest in outputs.items() if file not in made.digests}
        given.keep(Whole(own, totals, balances))
    accounts = describe_accounts(gathered.evaluation, given.received, balances)
    further = {"rules": given.rules, **accounts}
    manifest = describe_run(gathered.evaluation, totals, edition, outputs, further)
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    given.see(folder, outputs)
    notes = (*made.notes, *given.templates.notes, *_missing_reports(made, report))
    summary = folder / summary_name(given.outline.round.name)
    return gathered, Published(folder, summary, tuple(made.feedback), notes, made.reports)


def _digests(folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """The sha256 of every file; those not `known` yet are read side by side: hashing leaves Python free."""
    files = list(files_below(folder))
    rest = [file for file in files if file not in known]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = dict(zip(rest, threads.map(digest_of, [folder / file for file in rest]), strict=True))
    return {file: known.get(file) or found[file] for file in files}


_AT_ONCE = 2


def _taken_over(whole: Whole, last: Written, place: Place) -> bool:
    """Copy an earlier run's files from the results that stand; whether all of them are there unchanged."""
    copied: list[Path] = []
    for file, digest in whole.files.items():
        path = place.building / file
        with suppress(FileNotFoundError):
            copied.append(shutil.copyfile(place.final / file, path))
            if last.digests.get(file) == digest and not last.is_edited(place.final, file):
                continue
        for each in copied:
            each.unlink()
        return False
    return True


@dataclass(slots=True)
class _Departments:
    """Of every department what the round needs to know, and where its feedback is."""

    facts: list[Facts] = field(default_factory=list)
    told: list[DepartmentFacts] = field(default_factory=list)
    feedback: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    """The sha256 of their files, by path."""
    reports: int = 0
    lost: int = 0
    """Reports that a mistake of ours cost."""


def _write_departments(given: Given, folder: Path, inputs: Path | None) -> _Departments:
    """Every department's feedback workbook, copies and report."""
    written, names = _Departments(), feedback_names(given.departments)
    if given.templates.department:
        (folder / REPORT_FOLDER).mkdir()
    for department, made in given.departments.items():
        results, name = made.results(given.memory), names[department].removesuffix(".xlsx")
        path, returned = folder / FEEDBACK_FOLDER / names[department], results.returned
        path.write_bytes(results.feedback)
        written.notes += write_returned(path.with_name(name), returned, inputs)
        written.facts.append(results.facts)
        written.told.append(results.told)
        written.feedback.append(path)
        written.lost += results.report is None
        files = [f"{FEEDBACK_FOLDER}/{path.name}"]
        files += [f"{FEEDBACK_FOLDER}/{name}/{file}" for file, _ in returned.files]
        if results.report:
            report = f"{name}_绩效自评报告.docx"
            (folder / REPORT_FOLDER / report).write_bytes(results.report)
            files.append(f"{REPORT_FOLDER}/{report}")
            written.reports += 1
        written.digests |= zip(files, results.digests, strict=True)
        originals = f"{FEEDBACK_FOLDER}/{name}/{ORIGINALS}"
        written.digests |= {f"{originals}/{file}": digest for file, _, digest in returned.originals}
        given.told(1)
    return written


@dataclass(slots=True)
class _RoundReport:
    """The round's report, written where the totals are."""

    given: Given
    told: tuple[DepartmentFacts, ...]
    lost: bool = False

    def write(self, folder: Path, reviewed: Reviewed) -> None:
        round_, given = self.given.outline.round, self.given
        unused = len(self.given.outline.outcomes)
        tallies = tallied(reviewed.decisions, round_.scheme)
        facts = ReportedRound(round_, self.told, given.titles, summary_name(round_.name), unused, tallies)
        report = write_round(facts, given.templates)
        self.lost = report is None
        if report:
            (folder / round_report_name(round_.name)).write_bytes(report)


def _missing_reports(made: _Departments, report: _RoundReport) -> Iterator[str]:
    if made.lost:
        yield say(
            "{lost} 个部门的 Word 报告未能生成（程序出错，见运行记录），其他结果不受影响。", lost=made.lost
        )
    if report.lost:
        yield say("Word 总报告未能生成（程序出错，见运行记录），其他结果不受影响。")


def _write_totals(
    given: Given, gathered: Gathered, report: _RoundReport, folder: Path, edition: Edition
) -> tuple[TableTotals, tuple[Balance, ...]]:
    """Tidy tables, both workbooks and pages, report."""
    summary = folder / summary_name(given.outline.round.name)
    files = {name: f"{FEEDBACK_FOLDER}/{file}" for name, file in feedback_names(given.departments).items()}
    views: dict[Audience, dict[str, str]] = {audience: {} for audience in Audience}
    with ExitStack() as stack:
        tables, sheets = TableFiles(folder / DATA, stack), SheetFile(stack.enter_context(_passing(folder)))
        reviewed = review(gathered, edition)
        for name, rows in _rows(given, gathered, edition, reviewed):
            tables.add(rows.tables)
            sheets.add(name, rows.sheets)
            for audience, view in rows.views.items():
                views[audience][_called(name or "", audience)] = view
        totals, found = tables.finish()
        if given.columns:
            head, *explained = dictionary_rows(given.columns)
            write_csv(folder / DATA / f"{DICTIONARY}.csv", list(map(str, head)), explained)
        proof = Proof(gathered, given.received, found, edition, sheets.sizes)
        written = summary_sheets(gathered, sheets, edition, reviewed, proof.sheets)
        page = summary_page(gathered, edition, written, files)
        write_workbook(
            summary,
            written,
            title=summary.stem,
            created=edition.created,
            page=page,
            rows=sheets.placed,
        )
        balances = proof.settle(summary, written)
    listed = [(f"{DATA}/{table}.csv", TABLES[table]) for table in totals.rows]
    if given.columns:
        listed.append((f"{DATA}/{DICTIONARY}.csv", say("各数据表的字段说明")))
    beside = [(summary.name, say("汇总工作簿")), *listed]
    facts = replace(round_facts(gathered, written, page, files, beside), decisions=reviewed.decisions)
    public = folder / public_name(edition.round.name)
    shown = published_sheets(gathered, facts.departments, reviewed.decisions, edition)
    write_workbook(public, shown, title=public.stem, created=edition.created)
    _write_pages(facts, views, edition, folder)
    report.write(folder, reviewed)
    return totals, balances


def seed_of(round_: Round, rules: str) -> str:
    """What the sample is drawn with: the round's own seed, else its name and the digest of its rules."""
    return round_.sample_seed or "-".join(filter(None, (round_.name, rules[:_SEED_DIGITS])))


_SEED_DIGITS = 12


def _called(department: str, audience: Audience) -> str:
    """What a department is called on an edition of the page."""
    name = shown_department(department)
    return published_text(name) if audience is Audience.PUBLIC else name


def _rows(
    given: Given, gathered: Gathered, edition: Edition, reviewed: Reviewed
) -> Iterator[tuple[str | None, Rows]]:
    """The rows that concern no department (None), then those of each, one at a time in memory."""
    own = replace(given.outline, submissions=())
    submissions = tuple(submission_rows(gathered.evaluation, gathered.counts))
    tables = {**dict(table_parts(own)), Part(SUBMISSIONS, 0): submissions}
    if sampled := sample_rows(reviewed.sample):
        tables[Part(SAMPLE, 0)] = sampled
    validate_tables(MODELS[part.name].of(rows) for part, rows in tables.items())
    yield None, spell_rows(tables, finding_parts(own, edition))
    for name, made in given.departments.items():
        yield name, made.rows(given.memory)


def _passing(folder: Path) -> IO[bytes]:
    """A file that is gone once it is closed."""
    return TemporaryFile(dir=folder)


def _write_pages(
    facts: RoundFacts, views: Mapping[Audience, Mapping[str, str]], edition: Edition, folder: Path
) -> None:
    """Both editions of the round's page."""
    for audience in Audience:
        page = render(round_page(facts, edition, audience), views[audience])
        file = folder / page_name(edition.round.name, audience)
        file.write_text(page, "utf-8", errors="replace")


class TableFiles:
    """The round's tables in the making: rows of the first group go straight into their file.

    What was counted in each department's rows counts for the file that is those rows: that it is, is told by
    reading it back.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Begin the tables that every round has; `stack` closes what is open."""
        self._folder, self._stack = folder, stack
        self._files: dict[Part, IO[bytes]] = {}
        self._checks: dict[Part, int] = {}
        self._totals: dict[str, tuple[int, tuple[Decimal, ...]]] = {}
        self._found: list[Found] = []
        for name in MODELS:
            if name in EVERY_ROUND:
                self._begin(name)

    def add(self, tables: Mapping[Part, TableText]) -> None:
        """Put rows below those that are there."""
        for part, rows in tables.items():
            if part.name not in self._totals:
                self._begin(part.name)
            if part not in self._files:
                self._files[part] = self._stack.enter_context(_passing(self._folder))
            self._write(part, rows.text)
            size, sums = self._totals[part.name]
            added = map(exact_sum, zip(sums, rows.sums, strict=True))
            self._totals[part.name] = (size + rows.size, tuple(added))
            self._found.append(rows.found)

    def finish(self) -> tuple[TableTotals, Found]:
        """Put the further groups below the first; their totals, and what they hold for the controls.

        Raises:
            PublicationError: a file does not hold what was written into it.
        """
        for part in sorted(self._files):
            if part.group:
                self._files[part].seek(0)
                for block in self._read(part, self._files[part]):
                    self._write(Part(part.name, 0), block)
        for name in self._totals:
            self._files[Part(name, 0)].close()
            with (self._folder / f"{name}.csv").open("rb") as written:
                deque(self._read(Part(name, 0), written), maxlen=0)
        totals = total_tables({name: self._totals[name] for name in MODELS if name in self._totals})
        return totals, add_found(self._found)

    def _begin(self, name: str) -> None:
        path, model = self._folder / f"{name}.csv", MODELS[name]
        write_csv(path, model.columns(), ())
        self._checks[Part(name, 0)] = crc32(path.read_bytes())
        self._files[Part(name, 0)] = self._stack.enter_context(path.open("ab"))
        self._totals[name] = (0, controlled_sums(model.of(())))

    def _write(self, part: Part, text: bytes) -> None:
        self._files[part].write(text)
        self._checks[part] = crc32(text, self._checks.get(part, 0))

    def _read(self, part: Part, file: IO[bytes]) -> Iterator[bytes]:
        """What was written of a part, read back."""
        check = 0
        while block := file.read(_BLOCK):
            check = crc32(block, check)
            yield block
        if check != self._checks[part]:
            raise PublicationError(LOST)


_BLOCK = 1 << 20
"""Bytes of a table at a time."""


class SheetFile:
    """Spelled rows of the round's sheets in one passing file, placed once the departments are ranked."""

    def __init__(self, file: IO[bytes]) -> None:
        """Put them into a file that is open."""
        self._file = file
        self._kept: dict[Part, dict[str | None, tuple[int, SheetText]]] = defaultdict(dict)
        self.placed: dict[str, list[SpelledPart]] = {}
        """The rows of each sheet, in their order."""

    def add(self, department: str | None, sheets: Mapping[Part, SheetText]) -> None:
        """The rows of a department, or those that concern none."""
        for part, text in sheets.items():
            self._kept[part][department] = (self._file.tell(), text._replace(packed=b""))
            self._file.write(len(text.packed).to_bytes(8) + text.packed)

    def has(self, sheet: str) -> bool:
        """See `RoundRows`."""
        return any(part.name == sheet for part in self._kept)

    def place(self, sheet: SheetSpec, departments: Sequence[str | None], groups: int = 1) -> SheetSpec:
        """See `RoundRows`; the sheet stays without rows, which are among the `placed` ones."""
        parts = [Part(sheet.name, group) for group in range(groups)]
        held = [self._kept[part] for part in parts if part in self._kept]
        self.placed[sheet.name] = [
            SpelledPart(text.size, text.widths, partial(self._load, place))
            for own in held
            for department in departments
            if department in own
            for place, text in (own[department],)
        ]
        return sheet

    def sizes(self, sheet: str) -> int:
        """How many of the rows here a sheet has."""
        return sum(part.size for part in self.placed.get(sheet, ()))

    def _load(self, place: int, _addresses: object) -> Spelled:
        self._file.seek(place)
        size = int.from_bytes(self._file.read(8))
        return SheetText(self._file.read(size), 0, ()).unpacked()
