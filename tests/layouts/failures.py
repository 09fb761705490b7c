"""Failures by class: the fewest parts that still fail, and one seed to see it by; those of failures.toml."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.catalog.toml_writing import toml_text
from jixiao.domain.findings import Severity
from tests.layouts.parts import Plan, settle
from tests.layouts.trial import shrink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.layouts.trial import Trial


@dataclass(frozen=True, slots=True)
class FailureClass:
    """Failures that need the same parts (and fault) and look alike."""

    parts: tuple[str, ...]
    fault: str
    kind: str
    symptoms: tuple[str, ...]
    seeds: tuple[int, ...]
    details: tuple[str, ...]
    accuses: bool
    """Whether a false error is raised: the harm that counts most."""

    @property
    def command(self) -> str:
        fault = f' --fault "{self.fault}"' if self.fault else ""
        form = f'{self.seeds[0]} --kind {self.kind} --only "{",".join(self.parts)}"'
        return f"python -m tests.layouts.show {form}{fault}"


def classify(failed: Iterable[Trial]) -> list[FailureClass]:
    """Shrink every failure and put those of a kind together: false errors first, then the most frequent."""
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[Trial, Trial]]] = defaultdict(list)
    for trial in failed:
        shrunk = shrink(trial)
        groups[trial.fault, shrunk.parts].append((trial, shrunk.trial))
    classes = [_class(fault, parts, pairs) for (fault, parts), pairs in groups.items()]
    return sorted(classes, key=_rank)


def _rank(each: FailureClass) -> tuple[bool, bool, int, tuple[str, ...], str]:
    """False errors before all else, among them those on forms without an invented word."""
    invented = any("invented" in part for part in each.parts)
    return not each.accuses, invented, -len(each.seeds), each.parts, each.fault


def _class(fault: str, parts: tuple[str, ...], pairs: list[tuple[Trial, Trial]]) -> FailureClass:
    first = pairs[0][1]
    besides = first.verdict.besides if first.verdict else first.raised
    said = (f"{each.severity.value} {each.code} {each.cell} {each.message}" for each in besides)
    return FailureClass(
        parts=parts,
        fault=fault,
        kind=first.plan.kind,
        symptoms=first.symptoms,
        seeds=tuple(trial.plan.seed for trial, _ in pairs),
        accuses=any(each.severity.rank <= Severity.ERROR.rank for each in besides),
        details=(*first.reading.wrong[:4], *list(said)[:3]),
    )


def described(classes: Iterable[FailureClass]) -> Iterator[str]:
    """A ranked list as Markdown."""
    for number, each in enumerate(classes, start=1):
        parts = ", ".join(each.parts) or "the plain form"
        fault = f" · fault “{each.fault}”" if each.fault else ""
        harm = "FALSE ERROR · " if each.accuses else ""
        yield f"{number}. {harm}**{len(each.seeds)}×** {parts}{fault} ({each.kind})"
        yield f"   - {', '.join(each.symptoms)}"
        yield f"   - `{each.command}`"
        for detail in each.details:
            yield f"     - {detail}"


FILE = Path(__file__).with_name("failures.toml")


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A form with the fault it carried ("" for a right one), and what went wrong with it."""

    about: str
    plan: Plan
    fault: str

    @property
    def name(self) -> str:
        options = ", ".join(f"{part}={option}" for part, option in self.plan.chosen.items())
        return f"{self.plan.seed} {options or 'plain'}{f' with {self.fault}' if self.fault else ''}"


def known_failures(path: Path = FILE) -> tuple[KnownFailure, ...]:
    """All of a file, in its order."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("failure", [])
    return tuple(
        KnownFailure(
            each["about"], settle(Plan(each["seed"], each["kind"], each["parts"])), each.get("fault", "")
        )
        for each in entries
    )


def store(path: Path, classes: Iterable[FailureClass]) -> None:
    """Write failures as entries of such a file; about is, until someone says it, their symptoms."""
    entries = [
        {
            "about": "、".join(each.symptoms),
            "seed": each.seeds[0],
            "kind": each.kind,
            "parts": dict(part.split("=", 1) for part in each.parts),
            "fault": each.fault,
        }
        for each in classes
    ]
    path.write_text(toml_text({"failure": entries}) + "\n", encoding="utf-8")
