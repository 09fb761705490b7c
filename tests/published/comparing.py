"""A submission beside what the form says: which parts were read right, and what was read otherwise."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.domain.submissions import State
from tests.published.judgements import AMOUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.domain.submissions import Entry, Indicator, Submission
    from tests.published.judgements import FundsRow, IndicatorRow, Judgement, Printed

_BRACKETED = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(r"^[★*]*(?:指标\d+[:.、]?)?")
_SIGNS = str.maketrans({"≧": "≥", "≦": "≤", "═": "=", "＝": "="})


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be read: what kind it is, whether it was read right, else how it was read."""

    kind: str
    mistakes: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether nothing was read otherwise."""
        return not self.mistakes


def compare(judgement: Judgement, submissions: Sequence[Submission]) -> tuple[Part, ...]:
    """Every part of the form: identity, amounts, execution, indicator rows, total."""
    if len(submissions) != 1:
        unread = f"读出 {len(submissions)} 张表"
        return tuple(Part(kind, (unread,)) for kind in _kinds_of(judgement))
    submission = submissions[0]
    return (
        Part("identity", tuple(_identity(judgement, submission))),
        *_amounts(judgement, submission),
        *_execution(judgement, submission),
        *_rows(judgement, submission),
        *_total(judgement, submission),
    )


def _kinds_of(judgement: Judgement) -> Iterator[str]:
    yield "identity"
    yield from ("amount" for row in judgement.funds for _ in row.amounts)
    yield from ("execution" for _ in [judgement.execution] if judgement.execution)
    yield from ("row" for _ in judgement.indicators)
    yield from ("total" for _ in [judgement.total] if judgement.total)


def _identity(judgement: Judgement, submission: Submission) -> Iterator[str]:
    found = {
        "scope": submission.scope.value,
        "department": submission.department,
        "implementer": submission.implementer,
        "project": submission.project,
    }
    for name, printed in judgement.head.items():
        if bare(found[name]) not in {bare(each) for each in printed.split("|")}:
            yield f"{name} 应为“{printed}”，读成“{found[name]}”"
    if submission.year != judgement.year:
        yield f"年度应为 {judgement.year}，读成 {submission.year}"


def _amounts(judgement: Judgement, submission: Submission) -> Iterator[Part]:
    for row in judgement.funds:
        for column, printed in row.amounts.items():
            yield Part("amount", tuple(_amount(row, column, printed, submission)))
    judged = {printed.cell for row in judgement.funds for printed in row.amounts.values()}
    for line in submission.lines:
        for column in AMOUNTS:
            entry = line.entries.get(column)
            if entry and entry.value is not None and entry.ref.a1 not in judged:
                yield Part("extra", (f"{entry.ref.a1} 不是资金，读成“{line.label}” {column} {entry.text}",))


def _amount(row: FundsRow, column: str, printed: Printed, submission: Submission) -> Iterator[str]:
    place = f"{printed.cell} {row.label} {column}"
    found = [
        (line, entry)
        for line in submission.lines
        if (entry := line.entries.get(column)) and entry.ref.a1 == printed.cell
    ]
    if not found:
        yield f"{place} {printed.value} 没有读到"
        return
    line, entry = found[0]
    if entry.value != printed.value:
        yield f"{place} 应为 {printed.value}，读成 {entry.value}（{entry.text}）"
    if row.item and line.item != row.item:
        yield f"{place} 属 {row.item}，归入 {line.item}"


def _execution(judgement: Judgement, submission: Submission) -> Iterator[Part]:
    if not judgement.execution:
        return
    line = next((each for each in submission.lines if each.item == "total"), None)
    entries = line.entries if line else {}
    names = {"weight": "weight", "rate": "execution_rate", "score": "self_score"}
    wanted = {names[name]: printed for name, printed in judgement.execution.items()}
    yield Part("execution", tuple(_figures("预算执行", wanted, entries)))


def _total(judgement: Judgement, submission: Submission) -> Iterator[Part]:
    if not judgement.total:
        return
    wanted = {("self_score" if name == "score" else name): each for name, each in judgement.total.items()}
    mistakes = list(_figures("总分", wanted, submission.total))
    if judgement.grade:
        entry = submission.total.get("grade") or submission.fields.get("grade")
        if entry is None or entry.text != judgement.grade:
            mistakes.append(f"等级 {judgement.grade_cell} “{judgement.grade}”，读成 {entry and entry.text}")
    yield Part("total", tuple(mistakes))


def _figures(what: str, wanted: Mapping[str, Printed], entries: Mapping[str, Entry]) -> Iterator[str]:
    for name, printed in wanted.items():
        entry = entries.get(name)
        if entry is None:
            yield f"{what} {printed.cell} {name} {printed.value} 没有读到"
        elif entry.value != printed.value or entry.ref.a1 != printed.cell:
            yield f"{what} {printed.cell} {name} 应为 {printed.value}，读成 {entry.ref.a1} {entry.value}"


def _rows(judgement: Judgement, submission: Submission) -> Iterator[Part]:
    found: dict[int, list[Indicator]] = {}
    for indicator in submission.indicators:
        found.setdefault(indicator.ref.row + 1, []).append(indicator)
    for row in judgement.indicators:
        yield Part("row", tuple(_row(row, found.pop(row.row, []))))
    for number, extra in found.items():
        yield Part("extra", (f"第 {number} 行不是指标，读成“{extra[0].name}”",))


def _row(row: IndicatorRow, found: Sequence[Indicator]) -> Iterator[str]:
    if len(found) != 1:
        yield f"{row.cell} “{row.name}”读成 {len(found)} 行"
        return
    indicator = found[0]
    entries = indicator.entries
    for name, printed, read in (
        ("level1", row.levels[0], indicator.level1),
        ("level2", row.levels[1], indicator.level2),
    ):
        if level(read) not in {level(each) for each in printed.split("|")}:
            yield f"{row.cell} {name} 应为“{printed}”，读成“{read}”"
    texts = (
        ("level3", _named(row.name), _named(indicator.level3)),
        ("target", signed(row.target), signed(_text(entries.get("target")))),
        ("actual", signed(row.actual), signed(_text(entries.get("actual")))),
        ("reason", bare(row.reason), bare(indicator.reason)),
    )
    for name, text, read in texts:
        if text != read:
            yield f"{row.cell} {name} 应为“{text}”，读成“{read}”"
    yield from _points(row, indicator)


def _points(row: IndicatorRow, indicator: Indicator) -> Iterator[str]:
    figures: tuple[tuple[str, Decimal | None, Decimal | None], ...] = (
        ("weight", row.weight, indicator.weight),
        ("self_score", row.self_score, indicator.self_score),
    )
    for name, printed, read in figures:
        if printed != read and not (row.shared and name == "self_score"):
            yield f"{row.cell} {name} 应为 {printed}，读成 {read}"


def _text(entry: Entry | None) -> str:
    return "" if entry is None or entry.state is State.BLANK else entry.text


def bare(text: str) -> str:
    """Without white space and differences of width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def signed(text: str) -> str:
    """A target or actual with its comparison signs in one spelling each."""
    return bare(text).translate(_SIGNS).replace(">=", "≥").replace("<=", "≤")


def level(text: str) -> str:
    """The name of a level without its points and without the word 指标."""
    return _BRACKETED.sub("", bare(text)).removesuffix("指标")


def _named(text: str) -> str:
    return _NUMBERING.sub("", bare(text))
