"""A department beside where it ended the year before: opening figures, targets dropped or eased, scores.

It is known by its name of now or another that the roster has for it (曾用名); by a similar one only where
that is said, and then nothing that rests on it is certain.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.audit.names import Match, match_names
from jixiao.audit.subject import SIMILAR_NAME, at_name, report
from jixiao.domain.amounts import HUNDRED, show
from jixiao.domain.figure_address import ITEM
from jixiao.domain.findings import declare
from jixiao.domain.followups import YearRow
from jixiao.domain.quantities import TargetKind
from jixiao.domain.submissions import Status, addressed, figure_of
from jixiao.domain.text_keys import compact_name, criterion_key
from jixiao.extraction.targets import parse_target
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from jixiao.domain.findings import Finding
    from jixiao.domain.followups import DepartmentState, FiledForm, History, Progress
    from jixiao.domain.lexicon import Lexicon
    from jixiao.domain.quantities import Quantity, Target
    from jixiao.domain.relations import PriorYearCheck
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Indicator, Submission

OPENING_DIFFERS = declare("X140", "label", "reported", "expected", "rule", "gap", "source")

_RISING = {TargetKind.AT_LEAST, TargetKind.UNSIGNED, TargetKind.EQUAL}


def find_predecessors(departments: Mapping[str, Sequence[str]], known: Collection[str]) -> dict[str, Match]:
    """Under which of last year's names, `known`, each department ended that year.

    `departments` have by name what else they may go by, compact. A name of its own, or else the one that is
    among its others, is exact; what is left on both sides is matched by similarity. Of several others nobody
    can tell which it continues.
    """
    spelled: dict[str, list[str]] = defaultdict(list)
    for name in sorted(known):
        spelled[compact_name(name)].append(name)
    found: dict[str, Match] = {}
    open_: list[str] = []
    for department, names in departments.items():
        own = compact_name(department)
        others = [old for key in names if key != own for old in spelled.get(key, ())]
        if own in spelled or len(others) == 1:
            name = department if department in known else (spelled.get(own) or others)[0]
            found[department] = Match(name, exact=True, similarity=HUNDRED)
        elif not others:
            open_.append(department)
    taken = {match.name for match in found.values()}
    similar = match_names(open_, [name for name in known if name not in taken])
    return found | {department: match for department, match in similar.items() if match}


def check_last_year(
    current: Sequence[Submission], history: History | None, scheme: Scheme
) -> Iterator[Finding]:
    """X140: an opening figure that is not last year's closing one, as the department itself printed both.

    A figure that either year lacks says nothing. Rows of tables are matched by their names. Under a name that
    is only similar (X104) each says so.
    """
    last = history.last_year if history else None
    before = _counting(last)
    if history is None or last is None or not before or not current:
        return
    if history.likened:
        yield _likened(current[0], last.department)
    assumed = (
        (say("上年的报送按相近的名称“{department}”对应", department=last.department),)
        if history.likened
        else ()
    )
    for form in current:
        for check in scheme.prior_year:
            if check.opening.form == form.form:
                found = _compare(form, check, before)
                yield from (replace(finding, assumed=assumed) for finding in found)


def _likened(form: Submission, other: str) -> Finding:
    """X104, at the name of the department."""
    return at_name(form, SIMILAR_NAME, "department", evidence=(), other=other, source=say("上年批次"))


def _counting(last: DepartmentState | None) -> list[FiledForm]:
    return [each for each in last.forms if each.status != Status.SUPERSEDED] if last else []


def _compare(form: Submission, check: PriorYearCheck, before: Iterable[FiledForm]) -> Iterator[Finding]:
    others = [
        each for each in before if each.form == check.closing.form and each.project in {"", form.project}
    ]
    if len(others) != 1:
        return  # nobody can tell which of several it continues
    (other,) = others
    for item, opening in _openings(form, check):
        closing = other.figures.get(str(check.closing.address.fill(ITEM, item)))
        value = figure_of(opening)
        if closing is None or value is None:
            continue
        gap = value - Decimal(closing[0])
        if abs(gap) > (opening.step or Decimal("0.01")):  # two printed figures, half a unit each
            yield report(
                form,
                OPENING_DIFFERS,
                opening.ref,
                item or check.title,
                evidence=(),
                reported=show(value),
                expected=show(Decimal(closing[0])),
                rule=check.title,
                gap=show(abs(gap)),
                source=say(
                    "{rpartition} 的《{sheet}》{closing}",
                    rpartition=other.file.rpartition("/")[2],
                    sheet=other.sheet,
                    closing=closing[1],
                ),
            )


def _openings(form: Submission, check: PriorYearCheck) -> Iterator[tuple[str, Entry]]:
    """The opening figures of a check with the row of each ("" where it names one place)."""
    address = check.opening.address
    if not address.has_item_slot:
        if entry := addressed(form).get(str(address)):
            yield "", entry
        return
    for line in form.lines:
        if line.table == address.table and (entry := line.entries.get(address.column)):
            yield line.item, entry


def compare_years(
    current: Sequence[Submission], last: DepartmentState | None, now: Progress, lexicon: Lexicon
) -> tuple[YearRow, ...]:
    """A department's rows of 去年对比; nothing where last year's round is not there."""
    if last is None or not last.forms:
        return ()
    named = [YearRow("", say("部门名称"), last.department, now.department)]
    changed = named if last.department != now.department else []
    return (*changed, *_totals(last.progress, now), *_indicators(current, _counting(last), lexicon))


def _totals(last: Progress, now: Progress) -> Iterator[YearRow]:
    for title, name in (
        (say("采用得分"), "score"),
        (say("全年预算数"), "budget"),
        (say("全年执行数"), "executed"),
    ):
        before, after = getattr(last, name), getattr(now, name)
        if before or after:
            yield YearRow("", title, before, after, _change(before, after), figure=True)
    if last.grade and now.grade and last.grade != now.grade:
        yield YearRow("", say("等级"), last.grade, now.grade)
    before, after = _rate(last), _rate(now)
    if before and after:
        yield YearRow("", say("执行率"), before, after, figure=True, rate=True)


def _rate(progress: Progress) -> str:
    if not progress.budget or not progress.executed or not Decimal(progress.budget):
        return ""
    return str(Decimal(progress.executed) / Decimal(progress.budget))


def _change(before: str, after: str) -> str:
    return str(Decimal(after) - Decimal(before)) if before and after else ""


def _indicators(
    current: Sequence[Submission], before: Sequence[FiledForm], lexicon: Lexicon
) -> Iterator[YearRow]:
    """Indicators that are gone from a form of the same kind and project, and targets that are lower."""
    for form in current:
        same = [each for each in before if (each.form, each.project) == (form.form, form.project)]
        if len(same) != 1 or not form.indicators or not same[0].indicators:
            continue
        own = {criterion_key(each.name): each for each in form.indicators}
        for name, old in same[0].indicators.items():
            indicator = own.get(criterion_key(name))
            target = old.get("target", "")
            if indicator is None:
                yield YearRow(form.project, name, target, "", note=say("本年没有这个指标"))
            elif said := _eased(target, indicator, lexicon):
                yield YearRow(form.project, name, target, indicator.target.text, note=said)


def _eased(old: str, indicator: Indicator, lexicon: Lexicon) -> str:
    """Whether this year's target asks for less than last year's, where both say so by themselves."""
    last, now = parse_target(old, percent_format=False, lexicon=lexicon), indicator.target
    before, after = _figure(last), _figure(now)
    if last.kind is not now.kind or before is None or after is None or before.dimension != after.dimension:
        return ""
    if now.kind in _RISING and after.value < before.value:
        return say("目标值低于上年")
    if now.kind is TargetKind.AT_MOST and after.value > before.value:
        return say("上限高于上年")
    return ""


def _figure(target: Target) -> Quantity | None:
    return target.high if target.kind is TargetKind.AT_MOST else target.low
