"""Across the forms of one department: figures and names that have to agree, money that has to fit."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jixiao.audit.arithmetic.equations import Equation, Figure, printed_step
from jixiao.audit.names import assume_same, match_names
from jixiao.audit.subject import SIMILAR_NAME, at_name, report
from jixiao.domain.amounts import ZERO, rounding_slack, show
from jixiao.domain.findings import Correction, declare
from jixiao.domain.forms import Identity, IdentityKind, Scope
from jixiao.domain.submissions import State, figure_of
from jixiao.domain.text_keys import printed_name
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from jixiao.audit.names import Match
    from jixiao.domain.cells import CellRef
    from jixiao.domain.figure_address import FigureAddress, FormAddress
    from jixiao.domain.findings import Finding
    from jixiao.domain.relations import CrossCheck
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Entry, Line, Submission

NAMES_DIFFER = declare("X102", "reported", "other")
PROJECTS_EXCEED = declare("X103", "sum", optional=("gap",))
FORMS_CONTRADICT = declare("X105", "reported", "expected", "gap", "rule", optional=("others", "explanation"))
FORMS_DIFFER = declare("X106", "reported", "expected", "gap", "rule", optional=("others", "explanation"))


class Joint(NamedTuple):
    """What comparisons tell together with the sums of forms, and the keys of those that it explains."""

    findings: tuple[Finding, ...] = ()
    told: frozenset[tuple[str, CellRef]] = frozenset()


Explain: TypeAlias = "Callable[[Sequence[Comparison]], Joint]"
Compared: TypeAlias = "dict[tuple[int, ...], tuple[CrossCheck, Comparison | None]]"
"""What came of checks, by the identities of a check and of the forms that it looks at.

Whoever hands it over keeps the forms alive; the check is kept beside what came of it.
"""


def check_cross_figures(
    submissions: Sequence[Submission],
    scheme: Scheme,
    explain: Explain = lambda _: Joint(),
    known: Compared | None = None,
) -> Iterator[Finding]:
    """X105 and X106 (scheme's cross checks): a figure equals what the other forms say, within rounding.

    X105 where it has to, X106 where the forms may mean different funds. What is not known on one side is not
    compared; of several forms of one kind nobody can tell which is meant. Before, what `explain` makes of all
    comparisons: it stands in the place of those that it explains. What is `known` of the same forms stands.
    """
    found = list(_compared(submissions, scheme, {} if known is None else known))
    joint = explain([each for _, compared in found for each in compared])
    yield from joint.findings
    for pair, compared in found:
        if pair:
            yield from pair.name_findings()
        assumed = assume_same(pair.match) if pair else ()
        open_ = (each for each in compared if each.key not in joint.told)
        told = (finding for each in open_ for finding in each.findings(submissions, scheme))
        yield from (replace(finding, assumed=assumed) for finding in told)


def _compared(
    submissions: Sequence[Submission], scheme: Scheme, known: Compared
) -> Iterator[tuple[_Pair | None, list[Comparison]]]:
    """All comparisons, those of a project form together with the row of its name."""
    forms = _Forms(submissions, scheme, known)
    for rule in scheme.cross_checks:
        own = [each for each in submissions if each.form == rule.left.form]
        if not rule.by_project and len(own) == 1:
            checked = (forms.compare(own[0], check) for check in rule.spell())
            yield None, [each for each in checked if each is not None]
    for pair in _pairs(submissions, scheme):
        checks = [_for_project(each, pair.row.item) for each in scheme.cross_checks if pair.is_asked(each)]
        compared = [one for each in checks if (one := forms.compare(pair.form, each)) is not None]
        if pair.match.exact:
            yield pair, compared
        elif any(each.agrees and each.left.value for each in compared):
            yield pair, [replace(each, exact=False) for each in compared]


@lru_cache(maxsize=1024)
def _for_project(check: CrossCheck, row: str) -> CrossCheck:
    """The check for a project's row: asked again for every correction that is tried."""
    return check.for_project(row)


Located = tuple["Submission", "FigureAddress", "Entry"]
"""A figure with the form and the place that it stands in."""


def equal_pairs(
    submissions: Sequence[Submission], scheme: Scheme
) -> Iterator[tuple[Located, tuple[Located, ...], tuple[Located, ...]]]:
    """What the cross checks compare: a figure, those that make it up, and those that it may equal instead.

    Project forms with the rows of exactly their name only; figures that are not known are left out.
    """
    for rule in scheme.cross_checks:
        if not rule.by_project:
            own = [each for each in submissions if each.form == rule.left.form]
            for check in rule.spell() if len(own) == 1 else ():
                yield from _located(own[0], check, submissions)
    for pair in _pairs(submissions, scheme):
        for rule in scheme.cross_checks:
            if pair.match.exact and pair.is_asked(rule):
                yield from _located(pair.form, _for_project(rule, pair.row.item), submissions)


def _located(
    form: Submission, check: CrossCheck, submissions: Sequence[Submission]
) -> Iterator[tuple[Located, tuple[Located, ...], tuple[Located, ...]]]:
    left = check.left.address.entry(form)
    right = tuple(_locate(check.right, submissions))
    if left is not None and figure_of(left) is not None and len(right) == len(check.right):
        yield (form, check.left.address, left), right, tuple(_locate(check.alternatives, submissions))


def _locate(addresses: Iterable[FormAddress], submissions: Sequence[Submission]) -> Iterator[Located]:
    """The known figures at addresses of which the department has one form each."""
    for address in addresses:
        forms = [each for each in submissions if each.form == address.form]
        entry = address.address.entry(forms[0]) if len(forms) == 1 else None
        if entry is not None and figure_of(entry) is not None:
            yield forms[0], address.address, entry


@dataclass(frozen=True, slots=True)
class _Pair:
    """A project form with the row of a list that has its name."""

    form: Submission
    list_form: Submission
    table: str
    row: Line
    match: Match

    def is_asked(self, check: CrossCheck) -> bool:
        """Whether a check compares these two."""
        places = {(address.form, address.address.table) for address in check.right}
        return check.by_project and (self.list_form.form, self.table) in places

    def name_findings(self) -> Iterator[Finding]:
        """X104: the row was taken for the project's although it spells the name differently."""
        if self.match.exact:
            return
        yield at_name(
            self.form,
            SIMILAR_NAME,
            "project",
            evidence=(self.row.ref,),
            other=printed_name(self.row.label),
            source=say("《{sheet}》", sheet=self.list_form.sheet),
        )


def _pairs(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[_Pair]:
    """Every project form with the rows of its name, a list at a time; lists sent twice are left alone."""
    checks = [each for each in scheme.cross_checks if each.by_project]
    places = ((each.left.form, at.form, at.address.table) for each in checks for at in each.right)
    for form, list_form, table in dict.fromkeys(places):
        lists = [each for each in submissions if each.form == list_form]
        own = [each for each in submissions if each.form == form and each.project]
        if len(lists) != 1:
            continue
        rows = {printed_name(line.label): line for line in reversed(lists[0].lines) if line.table == table}
        matches = match_names((each.project for each in own), rows)
        for each in own:
            match = matches[each.project]
            if match:
                yield _Pair(each, lists[0], table, rows[match.name], match)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside what the other forms, `sources`, say; `exact`: nothing was taken for the same."""

    form: Submission
    check: CrossCheck
    left: Entry
    right: tuple[Entry, ...]
    sources: tuple[Submission, ...]
    expected: Decimal
    agrees: bool
    exact: bool = True

    @property
    def key(self) -> tuple[str, CellRef]:
        """Which check of which cell it is."""
        return self.check.id, self.left.ref

    @property
    def forms(self) -> frozenset[str]:
        """The forms concerned, by submission_id."""
        return frozenset(each.submission_id for each in (self.form, *self.sources))

    @property
    def owners(self) -> Mapping[CellRef, str]:
        """Whose cells are compared."""
        cells = zip((self.left, *self.right), (self.form, *self.sources), strict=True)
        return {entry.ref: form.submission_id for entry, form in cells}

    def equation(self, scheme: Scheme) -> Equation:
        """It as an equation, whose total is no sum but one of the equal figures."""
        left = _figure(self.check.left, self.form, self.left, scheme)
        places = zip(self.check.right, self.sources, self.right, strict=True)
        right = tuple(_figure(address, form, entry, scheme) for address, form, entry in places)
        parts = tuple(address.address for address in self.check.right)
        identity = Identity(self.check.id, self.check.title, IdentityKind.SUM, self.check.left.address, parts)
        return Equation(identity, left, right, (), copied=True)

    def findings(self, submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
        """X105 or X106 where it fails."""
        if self.agrees:
            return
        value = figure_of(self.left) or ZERO
        kind = FORMS_CONTRADICT if self.check.strict else FORMS_DIFFER
        explained = self.check.explained_by
        cause = figure_of(explained.entry(submissions)) if explained else None
        explanation = self.check.explanation if cause and cause == value - self.expected else ""
        finding = report(
            self.form,
            kind,
            self.left.ref,
            _label(self.check.left, self.form, scheme),
            evidence=self.right,
            reported=show(value),
            expected=show(self.expected),
            rule=self.check.title,
            others=_sources(self.right),
            gap=show(abs(value - self.expected)),
            explanation=explanation,
        )
        others = self._other_side(submissions, scheme) if self.check.strict else ()
        yield replace(finding, alternatives=tuple(others))

    def _other_side(self, submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Correction]:
        """The one figure on the other side, which may be the wrong one."""
        if len(self.check.right) != 1 or len(self.right) != 1:
            return
        address = self.check.right[0]
        for form in submissions:
            if form.form == address.form and address.address.entry(form) is self.right[0]:
                figure = show(figure_of(self.left) or ZERO)
                label = _label(address, form, scheme)
                yield Correction(self.right[0].ref, label, figure, form.submission_id)


def _figure(address: FormAddress, form: Submission, entry: Entry, scheme: Scheme) -> Figure:
    at = address.address
    line = form.line(at.table, at.item) if at.table else None
    title = at.title(scheme.form(form.form))
    return Figure(at, entry, title, title, at.kind(scheme.form(form.form)), line)


def _compare(form: Submission, check: CrossCheck, forms: _Forms) -> Comparison | None:
    """The comparison; None where a figure is not known, or neither side has a number at all."""
    left = check.left.address.entry(form)
    if left is None or figure_of(left) is None:
        return None
    right = [forms.entry(address) for address in check.right]
    figures = [figure_of(entry) for entry in (left, *right)]
    entries = tuple(entry for entry in right if entry is not None)
    if None in figures or not any(_is_number(each) for each in (left, *entries)):
        return None
    value, *others = (figure or ZERO for figure in figures)
    sources = tuple(forms.by_kind[address.form][0] for address in check.right)
    expected = sum(others, ZERO)
    slack = forms.coarsest(form, check) * (len(others) + 1) / 2
    wanted = (expected, *(figure_of(forms.entry(address)) for address in check.alternatives))
    agrees = any(each is not None and abs(value - each) <= slack for each in wanted)
    return Comparison(form, check, left, entries, sources, expected, agrees)


class _Forms:
    """A department's forms by kind, and the units that they print in, each looked up once."""

    def __init__(self, submissions: Sequence[Submission], scheme: Scheme, known: Compared) -> None:
        self._known = known
        self.by_kind: dict[str, list[Submission]] = defaultdict(list)
        for each in submissions:
            self.by_kind[each.form].append(each)
        self._scheme = scheme
        self._steps: dict[int, Decimal] = {}
        self._coarsest: dict[str, Decimal] = {}

    def compare(self, form: Submission, check: CrossCheck) -> Comparison | None:
        """What a check of a form says, worked out once for the same forms."""
        kinds = (self.by_kind.get(each.form, ()) for each in (*check.right, *check.alternatives))
        key = (id(check), id(form), *(id(each) for forms in kinds for each in (*forms, None)))
        known = self._known.get(key)
        if known is None or known[0] is not check:
            known = self._known[key] = check, _compare(form, check, self)
        return known[1]

    def entry(self, address: FormAddress) -> Entry | None:
        """The one such cell; None where there is none, or more than one form to choose from."""
        return address.entry(self.by_kind.get(address.form, ()))

    def coarsest(self, form: Submission, check: CrossCheck) -> Decimal:
        """The coarsest unit that the forms concerned print in."""
        return max((self._step(form), *(self._of_kind(address.form) for address in check.right)))

    def _of_kind(self, kind: str) -> Decimal:
        """That of all forms of a kind, of which there is at least one."""
        if kind not in self._coarsest:
            self._coarsest[kind] = max(map(self._step, self.by_kind[kind]))
        return self._coarsest[kind]

    def _step(self, form: Submission) -> Decimal:
        if id(form) not in self._steps:
            self._steps[id(form)] = printed_step(form, self._scheme.form(form.form))
        return self._steps[id(form)]


def _is_number(entry: Entry) -> bool:
    return entry.state is State.NUMBER


def _sources(entries: Sequence[Entry]) -> str:
    """Where the other figures stand: 《项目支出明细》C11."""
    return say("、").join(say("《{sheet}》{a1}", sheet=entry.ref.sheet, a1=entry.ref.a1) for entry in entries)


def _label(address: FormAddress, form: Submission, scheme: Scheme) -> str:
    at = address.address
    line = form.line(at.table, at.item) if at.table else None
    title = at.title(scheme.form(form.form))
    return "·".join(filter(None, (printed_name(line.label) if line else "", title)))


def check_names(submissions: Sequence[Submission], _scheme: Scheme) -> Iterator[Finding]:
    """X102: one department goes by one name, that of its overall form, else the most common one."""
    names = Counter(each.department for each in submissions if each.department)
    own = next(
        (each.department for each in submissions if each.scope is Scope.OVERALL and each.department), ""
    )
    usual = own or next((name for name, _ in names.most_common(1)), "")
    for submission in submissions:
        if submission.department not in {"", usual}:
            yield report(
                submission,
                NAMES_DIFFER,
                submission.cell("department"),
                submission.subject_name,
                evidence=(),
                reported=submission.department,
                expected=usual,
                other=usual,
            )


def check_project_money(submissions: Sequence[Submission], scheme: Scheme) -> Iterator[Finding]:
    """X103 (scheme's composite): basic expenditure and the projects' money fit into the overall form's total.

    Figures that are not known count as nothing: what is known already exceeds the total.
    """
    rule = scheme.composite
    overall = [each for each in submissions if each.scope is Scope.OVERALL]
    projects = [each for each in submissions if each.scope is Scope.PROJECT]
    if rule is None or len(overall) != 1:
        return
    address, project = rule.whole, rule.project_funds
    whole = address.entry(overall[0])
    figures = (
        rule.overall_funds.value(overall[0]),
        *(project.value(each) for each in projects),
    )
    known = [figure for figure in figures if figure is not None]
    total = sum(known, ZERO)
    if whole is None or whole.value is None or total <= whole.value + rounding_slack(len(known)):
        return
    yield report(
        overall[0],
        PROJECTS_EXCEED,
        whole.ref,
        address.title(scheme.form(overall[0].form)),
        evidence=(
            rule.overall_funds.entry(overall[0]),
            *(project.entry(each) for each in projects),
        ),
        reported=show(whole.value),
        expected=show(total),
        sum=show(total),
        gap=show(total - whole.value),
    )
