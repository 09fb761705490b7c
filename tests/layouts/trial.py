"""One form tried, right or with a fault, and the fewest parts with which it still fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.layouts.arrangement import print_form
from tests.layouts.faults import FAULTS, judge
from tests.layouts.judging import Reading, compare
from tests.layouts.reading import read_form

if TYPE_CHECKING:
    from jixiao.domain.rounds import ReportedFinding
    from tests.layouts.faults import Verdict
    from tests.layouts.parts import Plan


@dataclass(frozen=True, slots=True)
class Trial:
    """What one form gave. `fault` "" for a right form; `verdict` None there, or where no place is."""

    plan: Plan
    fault: str
    reading: Reading
    raised: tuple[ReportedFinding, ...]
    verdict: Verdict | None = None
    crash: str = ""

    @property
    def is_void(self) -> bool:
        """Whether the form had no place for the fault."""
        return bool(self.fault) and self.verdict is None and not self.crash

    @property
    def passes(self) -> bool:
        if self.crash:
            return False
        if self.fault:
            return self.verdict is None or self.verdict.is_exact
        return self.reading.is_right and not self.raised

    @property
    def symptoms(self) -> tuple[str, ...]:
        """What was wrong, in words that group failures of a kind."""
        if self.crash:
            return (f"crash {self.crash}",)
        if self.verdict:
            missing = [] if self.verdict.found else ["root not found"]
            return (*missing, *sorted({f"+{each.code}" for each in self.verdict.besides}))
        wrong = {each.partition(":")[0] for each in self.reading.wrong}
        return (*sorted(wrong), *sorted({f"+{each.code}" for each in self.raised}))


def try_form(plan: Plan, fault: str = "") -> Trial:
    """Print a plan's form, put the fault in, read it, judge it."""
    if fault:
        plan = plan.only(plan.chosen.keys() - {"format"})  # not every fault can be written into every format
    try:
        form = print_form(plan)
        injected = FAULTS[fault].inject(form) if fault else None
        if fault and injected is None:
            return Trial(plan, fault, Reading(), ())
        outcome = read_form(form)
        raised = outcome.raised
        reading = compare(form, outcome) if not fault else Reading()
        return Trial(plan, fault, reading, raised, judge(injected, raised) if injected else None)
    except Exception as problem:  # noqa: BLE001 whatever a form brings down is what we are after
        return Trial(plan, fault, Reading(), (), crash=f"{type(problem).__name__} {problem}")


@dataclass(slots=True)
class Shrunk:
    """A failure with the fewest parts, each of which it needs."""

    trial: Trial
    plan: Plan
    parts: tuple[str, ...] = field(default=())


def shrink(trial: Trial) -> Shrunk:
    """Switch parts off one by one as long as the form still fails in one of the ways it did."""
    plan, wanted, last = trial.plan, set(trial.symptoms), trial
    going = True
    while going:
        going = False
        for part in sorted(plan.chosen):
            smaller = plan.only(plan.chosen.keys() - {part})
            attempt = try_form(smaller, trial.fault)
            if not attempt.passes and not attempt.is_void and wanted & set(attempt.symptoms):
                plan, last, going = smaller, attempt, True
    return Shrunk(last, plan, tuple(f"{part}={option}" for part, option in sorted(plan.chosen.items())))
