"""Forms that failed once, as they stand in failures.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.catalog.toml_writing import toml_text
from tests.layouts.parts import Plan, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.layouts.failures import FailureClass

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
