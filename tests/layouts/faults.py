"""One fault put into a right form, and the one finding it deserves: which codes will do, at which cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.layouts import faults_of_amounts, faults_of_cells, faults_of_points, faults_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.domain.rounds import ReportedFinding
    from tests.layouts.arrangement import Form
    from tests.layouts.injection import Injected, Injector


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault by its name."""

    name: str
    injector: Injector

    def inject(self, form: Form) -> Injected | None:
        """Put the fault into the form's canvas; None where the form has no place for it."""
        return self.injector(form, form.plan.rng(f"fault.{self.name}"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a fault was found: whether its root was named, and what else was said."""

    found: ReportedFinding | None
    besides: tuple[ReportedFinding, ...]

    @property
    def is_exact(self) -> bool:
        return self.found is not None and not self.besides


def judge(injected: Injected, raised: tuple[ReportedFinding, ...]) -> Verdict:
    """Tell the root finding from false ones; a root said twice is once too much."""
    root = next((each for each in raised if injected.fits(each)), None)
    return Verdict(root, tuple(each for each in raised if each is not root))


def _named(*modules: Mapping[str, Injector]) -> dict[str, Fault]:
    return {name: Fault(name, injector) for module in modules for name, injector in module.items()}


FAULTS: Final = _named(
    faults_of_amounts.INJECTORS,
    faults_of_points.INJECTORS,
    faults_of_rows.INJECTORS,
    faults_of_cells.INJECTORS,
)
"""Every kind of fault by its name."""
