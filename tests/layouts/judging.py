"""Was the form read as it was filled in? Every figure and name against the content, never a reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from unicodedata import normalize

from jixiao.domain.quantities import ActualKind
from tests.layouts.columns import funds_columns, row_columns
from tests.layouts.content import MONEY, YEAR, ZERO
from tests.layouts.funds import printed_sources, source_label
from tests.layouts.indicator_block import row_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.domain.quantities import Quantity
    from jixiao.domain.scores import IndicatorScore, ScoreCard
    from jixiao.domain.submissions import Entry, Indicator, Line, Submission
    from tests.layouts.arrangement import Form
    from tests.layouts.content import Content, Row, Source
    from tests.layouts.parts import Plan
    from tests.layouts.reading import Outcome


@dataclass(slots=True)
class Reading:
    """How much of a form was read right: counts of rows and amounts, and what was read wrong."""

    rows: int = 0
    rows_right: int = 0
    amounts: int = 0
    amounts_right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.wrong


def compare(form: Form, outcome: Outcome) -> Reading:
    """Hold what was read against what the form says."""
    reading = Reading()
    cards = {card.submission.submission_id: card for card in outcome.evaluation.cards}
    submissions = outcome.evaluation.submissions
    own = _of(form.content, submissions)
    extra = len(submissions) - (2 if form.company else 1)
    if extra:
        reading.wrong.append(f"forms:{extra:+d}")
    if form.company and not any(each.project == form.company.project for each in submissions):
        reading.wrong.append("forms:company lost")
    if own is None:
        reading.wrong.append("form lost")
        reading.rows = sum(1 for _ in form.content.rows)
        reading.amounts = sum(1 for _ in _amounts(form.content, form.plan))
        return reading
    _compare_names(own, form, reading)
    _compare_amounts(own, form, reading)
    _compare_points(own, form, reading)
    _compare_rows(own, cards.get(own.submission_id), form, reading)
    return reading


def _of(content: Content, submissions: Sequence[Submission]) -> Submission | None:
    """The submission that is this form: by its project, its department, else the first of its kind."""
    same = [each for each in submissions if each.form == f"{content.kind}-self-evaluation"]
    named = [
        each for each in same if (each.project or each.department) == (content.project or content.department)
    ]
    return next(iter([*named, *same]), None)


def _compare_names(own: Submission, form: Form, reading: Reading) -> None:
    expected = {"department": form.content.department, "project": form.content.project, "year": YEAR}
    for name, value in expected.items():
        got = getattr(own, name)
        if got != value:
            reading.wrong.append(f"{name}:{got}")


def _compare_amounts(own: Submission, form: Form, reading: Reading) -> None:
    for where, expected, entry in _amounts(form.content, form.plan, own):
        reading.amounts += 1
        got = entry.value if entry else None
        if got == expected or (not expected and got is None):
            reading.amounts_right += 1
        else:
            reading.wrong.append(f"amount {where}:{got}")


def _amounts(
    content: Content, plan: Plan, own: Submission | None = None
) -> Iterator[tuple[str, Decimal, Entry | None]]:
    """Every printed amount with the entry that holds it."""
    columns = [column for column in funds_columns(plan) if column in MONEY]
    for source in printed_sources(content, plan):
        line = _line(source, plan, own) if own else None
        for column in columns:
            name = source.item if not source.label else "free"
            yield f"{name}.{column}", source.amounts[column], line.entries.get(column) if line else None
    for name, amount in content.splits.items():
        yield name, amount, own.fields.get(name) if own else None


def _line(source: Source, plan: Plan, own: Submission) -> Line | None:
    """The line of a source: by its name, a free one by its label."""
    if not source.label:
        return own.line("funds", source.item)
    label = _bare(source_label(source, plan))
    return next((line for line in own.lines if line.table == "funds" and _bare(line.label) == label), None)


def _compare_points(own: Submission, form: Form, reading: Reading) -> None:
    """Weight, rate and score of the execution, the printed total and grade."""
    content, columns = form.content, funds_columns(form.plan)
    line = own.line("funds", "total")
    expected: Mapping[str, Decimal | None] = {
        "weight": content.execution_weight,
        "execution_rate": content.whole.rate,
        "self_score": content.execution_score,
    }
    for name, value in expected.items():
        got = line.value(name) if line else None
        near = (
            name == "execution_rate"
            and got is not None
            and value is not None
            and abs(got - value) <= Decimal("0.005")
        )
        if name in columns and got != value and not near:
            reading.wrong.append(f"execution {name}:{got}")
    if "total.self_score" in form.canvas.roles:
        entry = own.total.get("self_score") or own.fields.get("total_score")
        if entry is None or entry.value != content.total:
            reading.wrong.append(f"total:{entry.value if entry else None}")
    if "grade" in form.canvas.roles:
        entry = own.fields.get("grade")
        if entry is None or entry.text != content.grade:
            reading.wrong.append(f"grade:{entry.text if entry else None}")


def _compare_rows(own: Submission, card: ScoreCard | None, form: Form, reading: Reading) -> None:
    """The rows in their order; where their number differs they are matched by name."""
    scored = {id(each.indicator): each for each in card.indicators} if card else {}
    by_name: dict[str, Indicator] = {}
    for indicator in own.indicators:
        by_name.setdefault(_bare(indicator.level3), indicator)
    if len(own.indicators) != len(form.content.rows):
        reading.wrong.append(f"rows:{len(own.indicators) - len(form.content.rows):+d}")
    for number, row in enumerate(form.content.rows):
        reading.rows += 1
        names = {_bare(row.name), _bare(row_name(row, number, form.plan))}
        found = next((by_name[name] for name in names if name in by_name), None)
        wrong = list(_differences(found, scored.get(id(found)), row, form)) if found else ["row lost"]
        reading.rows_right += not wrong
        reading.wrong += wrong


def _differences(found: Indicator, scored: IndicatorScore | None, row: Row, form: Form) -> Iterator[str]:
    columns = row_columns(form.plan)
    if "level1" in columns and found.level1 != row.level1:
        yield f"row level1:{found.level1}"
    if "level2" in columns and found.level2 != row.level2:
        yield f"row level2:{found.level2}"
    yield from _target_differences(found, row)
    if "weight" in columns and found.weight != row.weight:
        yield f"row weight:{found.weight}"
    if "self_score" in columns and found.self_score != row.score:
        yield f"row self_score:{found.self_score}"
    if found.reason != row.reason and not (not row.reason and found.reason in {"无", "—", "-", "/"}):
        yield f"row reason:{found.reason}"
    verdict = scored.comparison.verdict.value if scored else ""
    if verdict != row.verdict:
        yield f"row verdict:{verdict} for {row.verdict} {row.kind}"


def _target_differences(found: Indicator, row: Row) -> Iterator[str]:
    target, actual = found.target, found.actual
    kinds = {row.kind, "zero"} if row.target == ZERO else {row.kind}
    if target.kind.value not in kinds:
        yield f"row target kind:{target.kind.value} for {row.kind} “{target.text}”"
    elif row.target is not None and _printed(target.low or target.high) != row.target:
        yield f"row target figure:{target.text}"
    if row.actual is not None and _printed(actual.quantity) != row.actual:
        yield f"row actual figure:{actual.text}"
    if row.actual is None and row.day is None and _bare(actual.text) != _bare(row.actual_words):
        yield f"row actual words:{actual.text}"
    if row.kind == "qualitative" and actual.kind is not ActualKind.WORDS:
        yield f"row actual kind:{actual.kind.value}"


def _printed(quantity: Quantity | None) -> Decimal | None:
    """The number that was printed, whatever its unit comes to."""
    return None if quantity is None else quantity.value / quantity.scale


def _bare(text: str) -> str:
    return "".join(normalize("NFKC", text).split()).strip(":")
