"""The sheets of one workbook: which hold forms, which are left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from jixiao.domain.cells import column_letters
from jixiao.domain.findings import Finding, Place, declare
from jixiao.domain.own_sheets import (
    Reply,
    fingerprinted_grids,
    is_own_sheet,
    read_replies,
    sheet_fingerprint,
    was_own_sheet,
)
from jixiao.domain.submissions import SheetOutcome, Status, Submission
from jixiao.domain.text_keys import compact
from jixiao.evaluating.files import UNRECOGNISED
from jixiao.extraction.defects import LACKS_TABLE
from jixiao.extraction.headers import find_headers
from jixiao.extraction.recognise import Contested, Recognised, Unrecognised, foreign_kind, recognise
from jixiao.extraction.submissions import continuation_of, extract, is_unfilled, join
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jixiao.domain.cells import CellRef, Grid, Workbook
    from jixiao.domain.lexicon import Lexicon
    from jixiao.extraction.vocabulary import Vocabulary

CONTESTED = declare("L102", optional=("candidates",))
SAMPLE = declare("L107")
HIDDEN_SHEET = declare("L108")
UNFILLED = declare("L109")
HIDDEN_PARTS = declare("L110", optional=("rows", "columns"))
FOREIGN = declare("L115", "label")

_FEW_WORDS = 6
"""So many words of a message's lists are shown."""


@dataclass(slots=True)
class Sheets:
    """What a workbook's sheets gave: each is a submission or an outcome with its reason."""

    sha256: str
    submissions: list[Submission] = field(default_factory=list)
    outcomes: list[SheetOutcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    continued: list[str] = field(default_factory=list)
    """Sheets whose rows went to the form of the sheet before."""

    def leave_out(self, grid: Grid, status: Status, reason: str, *findings: Finding) -> None:
        """Say that a sheet gave no submission."""
        self.outcomes.append(SheetOutcome(grid.file, grid.sheet, self.sha256, status, reason))
        self.findings += findings


def read_sheets(workbook: Workbook, vocabulary: Vocabulary, lexicon: Lexicon) -> Sheets:
    """Read every visible sheet; hidden, sample, blank and unfilled ones are left out and listed."""
    sheets = Sheets(workbook.sha256)
    grids = fingerprinted_grids(workbook)
    samples = [grid for grid in grids if _is_sample(grid, lexicon) and not is_own_sheet(grid)]
    for grid in grids:
        if not grid.values:
            sheets.leave_out(grid, Status.IGNORED, say("空白工作表"))
        elif _is_own(grid, vocabulary):
            _leave_out_own(grid, sheets)
        elif grid.hidden:
            _leave_out_hidden(grid, vocabulary, sheets)
        elif kind := foreign_kind(grid, vocabulary, lexicon):
            _leave_out_foreign(grid, kind, sheets)
        elif grid not in samples:
            _read_grid(grid, vocabulary, lexicon, sheets)
    forms = {submission.form for submission in sheets.submissions}
    for grid in samples:
        _read_sample(grid, forms, vocabulary, lexicon, sheets)
    return sheets


def _read_grid(grid: Grid, vocabulary: Vocabulary, lexicon: Lexicon, sheets: Sheets) -> None:
    for number, recognition in enumerate(recognise(grid, vocabulary)):
        earlier = sheets.submissions[-1] if sheets.submissions and not number else None
        if earlier and (rest := continuation_of(recognition, earlier, vocabulary)):
            _read_continuation(rest, vocabulary, lexicon, sheets)
        elif isinstance(recognition, Unrecognised) and recognition.is_directory:
            sheets.leave_out(grid, Status.IGNORED, say("目录，不是报送表"))
        elif isinstance(recognition, Unrecognised):
            sheets.leave_out(
                grid, Status.UNRECOGNISED, say("未能识别为本方案的报送表"), _unrecognised(recognition)
            )
        elif isinstance(recognition, Contested):
            sheets.leave_out(grid, Status.UNRECOGNISED, say("同时符合两种报送表"), _contested(recognition))
        else:
            _read_form(recognition, number, vocabulary, lexicon, sheets)


def _read_continuation(rest: Recognised, vocabulary: Vocabulary, lexicon: Lexicon, sheets: Sheets) -> None:
    """Add the rows of a 续表 to the form of the sheet before; nothing that is now there is missing."""
    earlier = sheets.submissions.pop()
    sheets.continued.append(rest.region.grid.sheet)
    extraction = join(earlier, extract(rest, earlier.submission_id, sheets.sha256, vocabulary, lexicon))
    found = {table.title for table in rest.layout.tables if find_headers(table, rest.region)}
    sheets.submissions.append(extraction.submission)
    sheets.findings = [
        each
        for each in sheets.findings
        if (each.subject, each.code) != (earlier.submission_id, LACKS_TABLE.code) or each.label not in found
    ]
    sheets.findings += (*extraction.findings, *_hidden_parts(rest.region.grid, earlier.submission_id))


def _read_form(
    recognised: Recognised, number: int, vocabulary: Vocabulary, lexicon: Lexicon, sheets: Sheets
) -> None:
    grid = recognised.region.grid
    submission_id = f"{grid.file}#{grid.sheet}" + (f"#{number + 1}" if number else "")
    extraction = extract(recognised, submission_id, sheets.sha256, vocabulary, lexicon)
    if is_unfilled(extraction.submission, recognised.layout):
        note = UNFILLED.finding(Place(grid.file, grid.sheet), label=recognised.layout.title)
        sheets.leave_out(grid, Status.IGNORED, say("未填写的空白模板"), note)
        return
    formulas = _formulas(grid)
    submission = extraction.submission
    sheets.submissions.append(submission if formulas is None else replace(submission, formulas=formulas))
    sheets.findings += extraction.findings
    sheets.findings += _hidden_parts(grid, submission_id)


def _formulas(grid: Grid) -> frozenset[CellRef] | None:
    """The cells of a sheet made as a blank form that compute themselves; None for any other sheet."""
    if grid.formulas is None or sheet_fingerprint(grid) is None:
        return None
    return frozenset(grid.ref(*at) for at in grid.formulas)


def _hidden_parts(grid: Grid, submission_id: str) -> Iterator[Finding]:
    """L110: rows and columns that nobody sees hold something; it was read all the same."""
    rows = sorted(grid.hidden_rows & {row for row, _ in grid.values})
    columns = sorted(grid.hidden_columns & {column for _, column in grid.values})
    if rows or columns:
        figures = {
            "rows": _listed([str(row + 1) for row in rows]),
            "columns": _listed([column_letters(column) for column in columns]),
        }
        yield HIDDEN_PARTS.finding(Place(grid.file, grid.sheet), subject=submission_id, figures=figures)


def _read_sample(
    grid: Grid, forms: set[str], vocabulary: Vocabulary, lexicon: Lexicon, sheets: Sheets
) -> None:
    """A sheet named 样表 is left out where the form itself was sent as well; else it is what was sent."""
    recognitions = recognise(grid, vocabulary)
    known = [each for each in recognitions if isinstance(each, Recognised)]
    if known and not any(each.layout.id in forms for each in known):
        _read_grid(grid, vocabulary, lexicon, sheets)
        return
    finding = SAMPLE.finding(Place(grid.file, grid.sheet))
    sheets.leave_out(grid, Status.IGNORED, say("样表或示例，未计入"), finding)


def _leave_out_hidden(grid: Grid, vocabulary: Vocabulary, sheets: Sheets) -> None:
    known = [each for each in recognise(grid, vocabulary) if isinstance(each, Recognised)]
    findings = [HIDDEN_SHEET.finding(Place(grid.file, grid.sheet), label=each.layout.title) for each in known]
    sheets.leave_out(grid, Status.IGNORED, say("隐藏的工作表，未计入"), *findings)


def _is_own(grid: Grid, vocabulary: Vocabulary) -> bool:
    """Whether a sheet is one of ours; a form that somebody put in its place is a form."""
    if is_own_sheet(grid):
        return True
    return was_own_sheet(grid) and not any(
        isinstance(each, Recognised) for each in recognise(grid, vocabulary)
    )


def _leave_out_own(grid: Grid, sheets: Sheets) -> None:
    """A sheet that had gone back to the department: no form, but it may hold answers."""
    replies = tuple(read_replies(grid))
    read = say("，已读取部门说明 {count} 条", count=len(replies)) if replies else ""
    sheets.leave_out(grid, Status.IGNORED, say("随审核反馈退回的说明页，不是报送表{read}", read=read))
    sheets.replies += replies
    sheets.returned.append(grid.sheet)


def _leave_out_foreign(grid: Grid, kind: str, sheets: Sheets) -> None:
    note = FOREIGN.finding(Place(grid.file, grid.sheet), label=kind)
    sheets.leave_out(grid, Status.IGNORED, say("{kind}，不是自评表，未计入", kind=kind), note)


def _is_sample(grid: Grid, lexicon: Lexicon) -> bool:
    name = compact(grid.sheet)
    return any(word in name for word in lexicon.samples)


def _unrecognised(recognition: Unrecognised) -> Finding:
    grid = recognition.region.grid
    texts = list(dict.fromkeys(text.strip() for text in recognition.region.texts.values()))
    return UNRECOGNISED.finding(
        Place(grid.file, grid.sheet),
        label=recognition.nearest.title if recognition.nearest else "",
        figures={"looked_for": _listed(recognition.missing), "found": _listed(recognition.found or texts)},
    )


def _contested(recognition: Contested) -> Finding:
    grid = recognition.region.grid
    titles = say("、").join(say("《{title}》", title=layout.title) for layout in recognition.candidates)
    return CONTESTED.finding(Place(grid.file, grid.sheet), figures={"candidates": titles})


def _listed(words: tuple[str, ...] | list[str]) -> str:
    shown = say("、").join(words[:_FEW_WORDS])
    return shown + (say("等") if len(words) > _FEW_WORDS else "")
