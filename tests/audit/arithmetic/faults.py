"""Injected faults: how often the cells that were changed are named, or among those that may be wrong.

`python -m tests.audit.arithmetic.faults 2000` prints it for one, two and three cells. The ground are the
forms of the worked rounds (one known fault of theirs mended), every cell of whose identities can be changed:
a digit typed wrong, a factor of ten, another figure altogether. A tenth as many are changed on forms whose
figures have to agree, and judged by what the department is asked to put in the end.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jixiao.audit.arithmetic.equations import close_breakdowns, find_breach, printed_step
from jixiao.audit.arithmetic.expansion import equations_of
from jixiao.audit.arithmetic.identities import check_identities, explain_all
from jixiao.audit.department.crosschecks import equal_pairs
from jixiao.audit.subject import Subject
from jixiao.domain.amounts import ZERO, show
from jixiao.domain.submissions import put_figures
from jixiao.pipeline import find_rounds
from jixiao.pipeline.reading import FileReader
from jixiao.scoring.cards import score
from tests.builders.audits import errors, settle
from tests.drawing.build import INPUTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jixiao.audit.arithmetic.equations import Equation
    from jixiao.domain.cells import CellRef
    from jixiao.domain.findings import Judged
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission

ROUNDS = ("hunan-2024", "yueyang-2020")
MENDED = {("项目支出明细", "B17"): "1,492.00"}
LEAST_CELLS = 6
NAMED, TIED, MISSED, WRONG, HARMLESS = "named", "tied", "missed", "wrong", "harmless"
"""Exactly these cells are named; they are among those that may be wrong (in a set that ties, or in a sum that
is told by itself, any cell of which would mend it); one of them is not; an innocent one is named beside or
instead of them; nothing is broken by them."""
_OPEN = {"A101", "A102", "A103", "A104"}


class Ground(NamedTuple):
    """A form on which everything holds, with the cells that its identities speak of."""

    form: Submission
    scheme: Scheme
    cells: tuple[tuple[CellRef, Decimal], ...]

    def equations(self, form: Submission) -> tuple[tuple[Equation, ...], Decimal]:
        layout = self.scheme.form(form.form)
        step = printed_step(form, layout)
        return close_breakdowns(tuple(equations_of(form, layout)), step), step

    def subject(self, form: Submission) -> Subject:
        return Subject(score(form, self.scheme), self.scheme, self.scheme.form(form.form))


@lru_cache(maxsize=1)
def grounds() -> tuple[Ground, ...]:
    """All such forms of the worked rounds."""
    return tuple(ground for name in ROUNDS for ground in _grounds(name))


def _grounds(name: str) -> Iterator[Ground]:
    (folder,) = find_rounds(INPUTS, (name,))
    reader = FileReader(folder.round.scheme)
    for path in sorted(folder.folder.rglob("*.xls*")):
        for form in reader.read(path, path.name).submissions:
            ground = Ground(_mended(form), folder.round.scheme, ())
            equations, step = ground.equations(ground.form)
            known = {
                each.ref: each.value
                for equation in equations
                for each in equation.figures
                if each.ref and each.is_number and each.value is not None
            }
            holds = not any(each.total.is_number and find_breach(each, step) for each in equations)
            if holds and len(known) >= LEAST_CELLS:
                yield ground._replace(cells=tuple(sorted(known.items())))


def _mended(form: Submission) -> Submission:
    refs = (entry.ref for line in form.lines for entry in line.entries.values())
    return put_figures(form, {ref: MENDED[key] for ref in refs if (key := (ref.sheet, ref.a1)) in MENDED})


def inject(chance: random.Random, count: int) -> tuple[Ground, Submission, frozenset[CellRef]]:
    """A form with so many of its cells changed; one with more cells comes oftener."""
    ground = chance.choices(grounds(), [len(each.cells) for each in grounds()])[0]
    changed = dict(chance.sample(ground.cells, count))
    figures = {ref: show(_other(value, chance)) for ref, value in changed.items()}
    return ground, put_figures(ground.form, figures), frozenset(changed)


def _other(value: Decimal, chance: random.Random) -> Decimal:
    kind = chance.randrange(3)
    if value and kind == 0:
        return value * chance.choice((Decimal(10), Decimal("0.1")))
    digits = list(str(value))
    places = [at for at, char in enumerate(digits) if char.isdecimal()]
    if value and kind == 1:
        at = chance.choice(places)
        digits[at] = str((int(digits[at]) + chance.randrange(1, 10)) % 10)
        return Decimal("".join(digits))
    return value + Decimal(chance.randrange(1, 99999)) / 100 * chance.choice((1, 10))


def verdict(ground: Ground, form: Submission, changed: frozenset[CellRef]) -> str:
    """What became of a form with changed cells."""
    equations, step = ground.equations(form)
    broken = [each for each in equations if each.total.is_number and find_breach(each, step)]
    if not broken:
        return HARMLESS
    found = list(check_identities(ground.subject(form)))
    named = {each.ref for each in found if each.code in {"A105", "A106", "A109"}}
    if named == changed:
        return NAMED
    if named - changed:
        return WRONG
    suspects = named | set(_suspects(ground, form, equations, step))
    told = [each for each in found if each.code in _OPEN]
    suspects |= {ref for each in told for ref in (each.ref, *each.evidence)}
    harmless = {ref for ref in changed if not any(ref in _refs(each) for each in broken)}
    return TIED if changed - harmless <= suspects else MISSED


def _suspects(
    ground: Ground, form: Submission, equations: tuple[Equation, ...], step: Decimal
) -> Iterator[CellRef | None]:
    """Cells of single and of several that may be wrong."""
    explanations, tangles = explain_all(equations, step, ground.subject(form))
    for explanation in explanations:
        yield from (each.figure.ref for each in explanation.candidates)
    for tangle in tangles:
        yield from (one.figure.ref for each in tangle.sets for one in each)


def _refs(equation: Equation) -> set[CellRef | None]:
    return {each.ref for each in (*equation.figures, *equation.alternatives)}


def count_verdicts(seed: int, cells: int, times: int) -> Counter[str]:
    """How often what came of so many changed cells."""
    chance = random.Random(f"{seed} {cells}")  # noqa: S311 figures of a test
    return Counter(verdict(*inject(chance, cells)) for _ in range(times))


def share_found(counts: Counter[str]) -> Decimal:
    """Named or tied, of those that broke anything, in percent."""
    seen = counts.total() - counts[HARMLESS]
    return Decimal(100) * (counts[NAMED] + counts[TIED]) / seen if seen else ZERO


ACROSS = ("basic-data", "three-public-expenses")
"""Forms of the worked round that have to agree figure by figure."""


@lru_cache(maxsize=1)
def pair() -> tuple[tuple[Submission, ...], Scheme, tuple[tuple[CellRef, Decimal], ...]]:
    """These forms, and the cells of theirs that are compared."""
    (folder,) = find_rounds(INPUTS, ROUNDS[:1])
    scheme = folder.round.scheme
    reader = FileReader(scheme)
    paths = sorted(folder.folder.glob("*.xlsx"))
    forms = tuple(
        each for path in paths for each in reader.read(path, path.name).submissions if each.form in ACROSS
    )
    entries = (each for one in equal_pairs(forms, scheme) for _, _, each in (one[0], *one[1]))
    return forms, scheme, tuple(sorted({each.ref: each.value for each in entries if each.value}.items()))


def verdict_across(changed: Mapping[CellRef, Decimal]) -> str:
    """What a department with other figures in these cells is told: NAMED exactly these, WRONG any other.

    What neither asks for all of them nor for another one is TIED.
    """
    forms, scheme, _ = pair()
    known = {_spoken(each) for each in errors(settle(*forms, rules=scheme))}
    put = [put_figures(form, {ref: show(value) for ref, value in changed.items()}) for form in forms]
    told = [each for each in errors(settle(*put, rules=scheme)) if _spoken(each) not in known]
    named = {each.finding.ref for each in told if not each.is_open}
    asked = named | {one.ref for each in told for one in each.corrections}
    if not told:
        return HARMLESS
    return NAMED if named == set(changed) else WRONG if asked - set(changed) else TIED


def _spoken(judged: Judged) -> tuple[str, object]:
    return judged.finding.code, judged.finding.place


def count_across(seed: int, cells: int, times: int) -> Counter[str]:
    """How often what came of so many changed cells on forms that have to agree."""
    chance = random.Random(f"across {seed} {cells}")  # noqa: S311 figures of a test
    picked = (chance.sample(pair()[2], cells) for _ in range(times))
    return Counter(verdict_across({ref: _other(value, chance) for ref, value in each}) for each in picked)


if __name__ == "__main__":
    for several in (1, 2, 3):
        began = time.perf_counter()
        result = count_across(1, several, int(sys.argv[1]) // 10)
        print("across forms", several, dict(result), f"{time.perf_counter() - began:.1f}s")  # noqa: T201
    for several in (1, 2, 3):
        began = time.perf_counter()
        result = count_verdicts(1, several, int(sys.argv[1]))
        spent = time.perf_counter() - began
        print(several, dict(result), f"{share_found(result):.1f}%", f"{spent:.1f}s")  # noqa: T201
