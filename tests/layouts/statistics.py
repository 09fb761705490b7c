"""What many trials come to: precision and recall, rows and amounts read right, what each part costs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.domain.findings import Severity
from tests.layouts.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.layouts.trial import Trial

_WARNED = {Severity.WARNING}


@dataclass(slots=True)
class Tally:
    """Counts over trials; a root finding counts by the severity it was raised with."""

    right: int = 0
    clean: int = 0
    rows: int = 0
    rows_right: int = 0
    amounts: int = 0
    amounts_right: int = 0
    crashes: int = 0
    raised: Counter[str] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    parts_failed: Counter[str] = field(default_factory=Counter)

    def add(self, trial: Trial) -> None:
        """Count one trial."""
        if trial.is_void:
            return
        self.crashes += bool(trial.crash)
        for each in trial.raised:
            self.raised[_grade(each.severity)] += 1
        if trial.fault:
            self._add_fault(trial)
        else:
            self._add_right(trial)

    def _add_right(self, trial: Trial) -> None:
        self.right += 1
        self.clean += trial.passes
        self.rows += trial.reading.rows
        self.rows_right += trial.reading.rows_right
        self.amounts += trial.reading.amounts
        self.amounts_right += trial.reading.amounts_right
        for part in PARTS:
            name = f"{part}={trial.plan.of(part)}"
            self.parts[name] += 1
            self.parts_failed[name] += not trial.passes

    def _add_fault(self, trial: Trial) -> None:
        self.faults[trial.fault] += 1
        root = trial.verdict.found if trial.verdict else None
        if root:
            self.standing[_grade(root.severity)] += 1
            self.found[trial.fault] += 1
        self.exact[trial.fault] += trial.passes

    def lines(self) -> Iterator[str]:
        """The figures in words."""
        yield f"right forms read right and clean: {_share(self.clean, self.right)}"
        yield f"rows read right: {_share(self.rows_right, self.rows)}"
        yield f"amounts read right: {_share(self.amounts_right, self.amounts)}"
        yield f"faults found: {_share(sum(self.found.values()), sum(self.faults.values()))}"
        yield f"faults found exactly: {_share(sum(self.exact.values()), sum(self.faults.values()))}"
        for grade in ("errors", "warnings"):
            yield f"precision of {grade}: {_share(self.standing[grade], self.raised[grade])}"
        yield f"crashes: {self.crashes}"
        if self.faults:
            yield "kind of fault: found, exactly"
        for name in sorted(self.faults, key=lambda each: (self.exact[each] / self.faults[each], each)):
            count = self.faults[name]
            yield f"  {name}: {_share(self.found[name], count)}, {_share(self.exact[name], count)}"

    def costs(self, most: int = 40) -> Iterator[str]:
        """The parts whose forms fail most beside all forms."""
        if not self.right:
            return
        usual = 1 - self.clean / self.right
        shares = {name: self.parts_failed[name] / count for name, count in self.parts.items() if count}
        for name in sorted(shares, key=lambda each: -shares[each])[:most]:
            yield f"  {name}: {shares[name]:.0%} of {self.parts[name]} fail (all: {usual:.0%})"


def _grade(severity: Severity) -> str:
    return "warnings" if severity in _WARNED else "errors"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none"
