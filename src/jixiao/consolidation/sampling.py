"""Which forms are examined again（抽查复核）: the riskiest whole, then by money, so that anybody can redo it.

The draw is monetary-unit sampling: systematic, with one random start a stratum. The start is a part of the
SHA-256 of seed and stratum, so that any program, and a pocket calculator after it, comes to the same forms;
no generator of a programming language is needed, whose sequences may change. All sums are exact fractions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from jixiao.consolidation.findings import FindingCounts
from jixiao.consolidation.totals import funds, quotient
from jixiao.consolidation.words import form_titles
from jixiao.domain.amounts import HUNDRED, ZERO, round_half_up
from jixiao.domain.findings import Severity
from jixiao.domain.reviews import RiskFact, SampledMoney, Strata
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jixiao.consolidation.dossiers import Dossier
    from jixiao.domain.reviews import SampleRule
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import ScoreCard

DIGITS = 9
"""Hexadecimal digits of the hash that make the start: a spreadsheet's HEX2DEC takes so many as positive."""
_STEP = Decimal(10)
"""Percentage points that count once."""
_PLACES = 2


class RiskPart(NamedTuple):
    """So much of a fact, and the points that it gives."""

    fact: RiskFact
    quantity: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form that may be examined again, with what the department's own evaluation says of its risk.

    `money` in 万元, None where the form does not say; it stands at `cell` of `sheet` in `file`. `parts` lack
    the place by money, which takes the whole round. `code` is the department's on the roster.
    """

    department: str
    project: str
    form: str
    code: str
    file: str
    sheet: str
    cell: str
    money: Decimal | None
    score: Decimal | None
    parts: tuple[RiskPart, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What candidates stand in order by: names, so that the order of files says nothing."""
        return self.department, self.project, self.form, self.file, self.sheet, self.cell


class Way(StrEnum):
    """How a form came to be chosen."""

    RISK = "risk"
    LARGE = "large"
    """Its money is not below the interval: it could not have been missed."""
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """A candidate in its stratum; `way` None: not chosen.

    `before` and `after` are the running sums of money that it lies between, among those drawn by money, and
    `point` the one that fell between them. `probability` is that of being chosen at all; None where it cannot
    be, for want of money.
    """

    candidate: Candidate
    place: int
    parts: tuple[RiskPart, ...]
    way: Way | None
    probability: Fraction | None
    before: Fraction | None = None
    after: Fraction | None = None
    point: Fraction | None = None

    @property
    def score(self) -> Decimal:
        """The risk score: its parts added."""
        return sum((part.points for part in self.parts), ZERO)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Forms of one kind, in their order; `text` is what was hashed, `digits` the hash's first ones.

    `drawn` forms by money out of `base` 万元, one an `interval` from `start` on (None: none was drawn so).
    """

    title: str
    entries: tuple[Entry, ...]
    text: str
    digits: str
    drawn: int
    base: Fraction
    interval: Fraction | None
    start: Fraction | None
    money: Fraction
    """That of all forms that state any."""

    @property
    def chosen(self) -> tuple[Entry, ...]:
        """Those who are examined: by risk, the large ones, then those drawn."""
        order = {way: place for place, way in enumerate(Way)}
        return tuple(
            sorted(
                (each for each in self.entries if each.way),
                key=lambda each: (order[each.way or Way.DRAWN], -each.score, each.place),
            )
        )

    @property
    def unknown(self) -> int:
        """How many state no money, or less than none."""
        return sum(not _drawable(each.candidate) for each in self.entries)


@dataclass(frozen=True, slots=True)
class Sample:
    """What was chosen in a round, by strata in the order of the scheme's forms."""

    rule: SampleRule
    seed: str
    strata: tuple[Stratum, ...]


def candidates_of(evaluation: Evaluation, dossier: Dossier, scheme: Scheme) -> tuple[Candidate, ...]:
    """A department's forms that may be examined again, out of nothing but its own evaluation."""
    rule = scheme.reviews.sample
    if rule is None:
        return ()
    cards = [card for card in dossier.cards if card.submission.scope in rule.scopes]
    counts = FindingCounts(evaluation.findings)
    return tuple(_candidate(card, evaluation, dossier, rule, counts) for card in cards)


def _candidate(
    card: ScoreCard, evaluation: Evaluation, dossier: Dossier, rule: SampleRule, counts: FindingCounts
) -> Candidate:
    form = card.submission
    entry = card.execution.line.entries.get(rule.money.value) if card.execution else None
    return Candidate(
        *(form.department, form.project, form.form, _code(dossier), form.file, form.sheet),
        cell=entry.ref.a1 if entry else "",
        money=funds(card)[rule.money is SampledMoney.EXECUTED],
        score=card.total.accepted_score,
        parts=tuple(
            _part(fact, quantity, rule) for fact, quantity in _quantities(card, evaluation, dossier, counts)
        ),
    )


def _code(dossier: Dossier) -> str:
    return next((record.code for record in dossier.filings if record.code), "")


def _quantities(
    card: ScoreCard, evaluation: Evaluation, dossier: Dossier, counts: FindingCounts
) -> Iterator[tuple[RiskFact, Decimal]]:
    """How much there is of each fact; what is not known gives nothing, neither points nor their absence."""
    form, whole = card.submission, card is dossier.overall
    for fact, severity in _FINDINGS.items():
        found = counts.on_form(form, severity)
        # What concerns no file, as a form that is missing, is the whole department's.
        found += counts.on_sheet("", "", severity) if whole else 0
        yield fact, Decimal(found)
    budget, executed = funds(card)
    if (rate := quotient(executed, budget)) is not None:
        yield RiskFact.EXECUTION, abs(rate - 1) * HUNDRED / _STEP
    if (share := card.total.verified_share) is not None:
        yield RiskFact.UNVERIFIED, (HUNDRED - share) / _STEP
    yield RiskFact.LATE, Decimal(any(form.submission_id in record.late for record in dossier.filings))
    signals = (each.finding for each in evaluation.signals)
    own = sum((each.form or form.form, each.project) == (form.form, form.project) for each in signals)
    yield RiskFact.SIGNALS, Decimal(own)
    progress = evaluation.followup.progress.get(dossier.department)
    if progress:
        yield RiskFact.RESENT, Decimal(max(progress.times - 1, 0))
    rows = evaluation.followup.years.get(dossier.department, ())
    yield RiskFact.EASED, Decimal(sum(bool(row.note) and row.project == form.project for row in rows))


_FINDINGS = {
    RiskFact.BLOCKING: Severity.BLOCKING,
    RiskFact.ERRORS: Severity.ERROR,
    RiskFact.WARNINGS: Severity.WARNING,
}


def _part(fact: RiskFact, quantity: Decimal, rule: SampleRule) -> RiskPart:
    points = round_half_up(rule.weights.get(fact, ZERO) * quantity, _PLACES)
    return RiskPart(fact, quantity, min(points, rule.most))


def draw(candidates: Iterable[Candidate], scheme: Scheme, seed: str) -> Sample | None:
    """The sample; the same candidates and seed give the same, in whatever order they come.

    None where the scheme has no rule for it.
    """
    rule = scheme.reviews.sample
    if rule is None:
        return None
    titles, found = form_titles(scheme), defaultdict[tuple[str, str], list[Candidate]](list)
    for each in candidates:
        found[each.form, each.code[: rule.digits] if rule.strata is Strata.CODE else ""].append(each)
    order = {form: place for place, form in enumerate(titles)}
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), *key))
    strata = (
        _stratum(
            (_title(key, titles, rule), "|".join(filter(None, (seed, *key)))),
            sorted(found[key], key=lambda each: each.key),
            rule,
        )
        for key in keys
    )
    return Sample(rule, seed, tuple(strata))


def _title(key: tuple[str, str], titles: Mapping[str, str], rule: SampleRule) -> str:
    """What a stratum is called; what is hashed does not go by it, for it depends on the language."""
    form, code = key
    title = titles.get(form, form)
    if rule.strata is not Strata.CODE:
        return title
    return (
        say("{title}（编码 {code}）", title=title, code=code)
        if code
        else say("{title}（没有部门编码）", title=title)
    )


def _stratum(names: tuple[str, str], candidates: Sequence[Candidate], rule: SampleRule) -> Stratum:
    """A stratum by its title and the text that is hashed: seed, form and code."""
    title, text = names
    parts = _ranked_by_money(candidates, rule)
    scores = [sum((part.points for part in each), ZERO) for each in parts]
    risky = _risky(scores, rule)
    amounts = {place: each.money for place, each in enumerate(candidates) if each.money and each.money > 0}
    whole = _Pool.of(amounts)
    pool = _Pool.of({place: amount for place, amount in amounts.items() if place not in risky}, whole.unit)
    wanted = _size(len(risky), pool, whole, rule)
    count = pool.certain(wanted)
    large, left = frozenset(pool.order[:count]), wanted - count
    digits = sha256(text.encode()).hexdigest()[:DIGITS]
    drawn = _Drawn.of(pool.without(large), left, int(digits, 16))
    entries = tuple(
        _entry(each, place, parts[place], (risky, large), drawn) for place, each in enumerate(candidates)
    )
    made = (text, digits, left, drawn.base, drawn.interval, drawn.start)
    return Stratum(title, entries, *made, money=Fraction(whole.total, whole.unit))


def _drawable(candidate: Candidate) -> bool:
    """Whether it has money to be drawn by."""
    return candidate.money is not None and candidate.money > 0


def _ranked_by_money(candidates: Sequence[Candidate], rule: SampleRule) -> list[tuple[RiskPart, ...]]:
    """The parts of each, with the points of its place by money: equal amounts share one."""
    amounts = sorted(
        (each.money for each in candidates if each.money is not None and _drawable(each)), reverse=True
    )
    places: dict[Decimal, int] = {}
    for place, amount in enumerate(amounts):
        places.setdefault(amount, place)
    found: list[tuple[RiskPart, ...]] = []
    for each in candidates:
        own = each.parts
        if each.money is not None and _drawable(each):
            share = Decimal(len(amounts) - places[each.money]) / len(amounts)
            own = (*own, _part(RiskFact.MONEY, share, rule))
        found.append(tuple(part for part in own if part.points))
    return found


def _risky(scores: Sequence[Decimal], rule: SampleRule) -> frozenset[int]:
    """The places of those that are taken for their risk: who shares the last score is in as well."""
    if (rule.risk_from is None and rule.risk_share is None) or not scores:
        return frozenset()
    least = rule.risk_from if rule.risk_from is not None else ZERO
    if rule.risk_share is not None:
        most = ceil(Fraction(rule.risk_share) * len(scores) / 100)
        if not most:
            return frozenset()
        least = max(least, sorted(scores, reverse=True)[most - 1])
    return frozenset(place for place, score in enumerate(scores) if score and score >= least)


def _size(risky: int, pool: _Pool, whole: _Pool, rule: SampleRule) -> int:
    """How many are to be drawn by money: never more than have any."""
    low, high = min(max((rule.count or 0) - risky, 0), len(pool.order)), len(pool.order)
    if rule.money_share is None:
        return low
    wanted = whole.total * Fraction(rule.money_share) / 100 - (whole.total - pool.total)
    while low < high:  # the more are drawn, the more money can be expected among them
        middle = (low + high) // 2
        if pool.expected(middle) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True, slots=True)
class _Pool:
    """Amounts to draw by, exactly: whole numbers of a `unit`-th of 万元 by place.

    `order` has the largest first; `sums` and `squares` are those of the first none, one, two … of it.
    """

    unit: int
    amounts: Mapping[int, int]
    order: tuple[int, ...]
    sums: tuple[int, ...]
    squares: tuple[int, ...]

    @classmethod
    def of(cls, amounts: Mapping[int, Decimal], unit: int = 0) -> _Pool:
        """Of amounts above 0; the unit is one that holds them all, if none is given."""
        if not unit:
            finest = min((int(each.as_tuple().exponent) for each in amounts.values()), default=0)
            unit = 10 ** max(-finest, 0)
        return cls._made(unit, {place: int(Fraction(each) * unit) for place, each in amounts.items()})

    @classmethod
    def _made(cls, unit: int, amounts: Mapping[int, int]) -> _Pool:
        order = tuple(sorted(amounts, key=lambda place: (-amounts[place], place)))
        sums = tuple(accumulate((amounts[place] for place in order), initial=0))
        squares = tuple(accumulate((amounts[place] ** 2 for place in order), initial=0))
        return cls(unit, amounts, order, sums, squares)

    @property
    def total(self) -> int:
        """All of them."""
        return self.sums[-1]

    def without(self, places: frozenset[int]) -> _Pool:
        """The others, in their order."""
        rest = {place: each for place, each in self.amounts.items() if place not in places}
        return self._made(self.unit, rest)

    def certain(self, size: int) -> int:
        """How many of the largest no draw of so many could miss.

        Whoever has as much money as the interval is taken, and the interval made anew from the rest.
        """
        taken = 0
        while (
            taken < size and self.amounts[self.order[taken]] * (size - taken) >= self.total - self.sums[taken]
        ):
            taken += 1
        return taken

    def expected(self, size: int) -> Fraction:
        """The money that can be expected among so many drawn."""
        taken = self.certain(size)
        base, squares = self.total - self.sums[taken], self.squares[-1] - self.squares[taken]
        return self.sums[taken] + (Fraction(squares * (size - taken), base) if base else Fraction(0))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A systematic draw: the running sums of all, and the points that fell on some."""

    base: Fraction
    drawn: int
    interval: Fraction | None
    start: Fraction | None
    sums: Mapping[int, tuple[Fraction, Fraction]]
    points: Mapping[int, Fraction]

    @classmethod
    def of(cls, pool: _Pool, size: int, random: int) -> _Drawn:
        """Of a pool in which nobody has as much as the interval; `random` out of 16 ** DIGITS."""
        unit, most = pool.unit, 16**DIGITS
        interval = Fraction(pool.total, size * unit) if size else None
        sums: dict[int, tuple[Fraction, Fraction]] = {}
        points: dict[int, Fraction] = {}
        before, number = 0, 0
        for place, amount in pool.amounts.items():
            after = before + amount
            sums[place] = Fraction(before, unit), Fraction(after, unit)
            if interval and number < size and (number * most + random) * pool.total < after * size * most:
                points[place] = interval * Fraction(number * most + random, most)
                number += 1
            before = after
        start = interval * Fraction(random, most) if interval else None
        return cls(Fraction(pool.total, unit), size, interval, start, sums, points)


def _entry(
    candidate: Candidate,
    place: int,
    parts: tuple[RiskPart, ...],
    certain: tuple[frozenset[int], frozenset[int]],
    drawn: _Drawn,
) -> Entry:
    risky, large = certain
    if place in risky or place in large:
        return Entry(candidate, place, parts, Way.RISK if place in risky else Way.LARGE, Fraction(1))
    if place not in drawn.sums:
        return Entry(candidate, place, parts, None, None)
    before, after = drawn.sums[place]
    probability = (after - before) * drawn.drawn / drawn.base
    point = drawn.points.get(place)
    way = None if point is None else Way.DRAWN
    return Entry(candidate, place, parts, way, probability, before, after, point)


def shown(amount: Fraction, places: int = _PLACES) -> Decimal:
    """An exact fraction as it is printed."""
    return round_half_up(Decimal(amount.numerator) / Decimal(amount.denominator), places)
