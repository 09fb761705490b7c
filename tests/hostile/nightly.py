"""What takes longer than a test may: `python -m tests.hostile.nightly --kills 100 --mutations 10000`.

Prints what went wrong, with the seed that shows it again, and what took longest; the exit code is 1 if
anything did.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hostile.extremes import KINDS_OF_TEXT, OWN_MISTAKES, endless, filled_forms, singles, spreads
from tests.hostile.files import HOSTILE, LONG, stand_beside
from tests.hostile.killing import Killing
from tests.hostile.mutating import compared, mutated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jixiao.domain.rounds import Evaluation

_LONGEST = 5


class Watch:
    """Runs one thing after the other; keeps what failed and what took longest."""

    def __init__(self) -> None:
        """Nothing has run yet."""
        self.failed: list[str] = []
        self._times: list[tuple[float, str]] = []

    def see(self, name: str, act: Callable[[], Evaluation | None]) -> None:
        """Run one thing; findings of our own mistakes are failures as exceptions are."""
        began = time.process_time()
        try:
            evaluation = act()
            mistakes = {each.code for each in evaluation.findings} & OWN_MISTAKES if evaluation else set()
            if mistakes:
                self._fail(f"{name}: {sorted(mistakes)}")
        except Exception:  # noqa: BLE001 whatever it is, it is what we look for
            self._fail(f"{name}:\n{traceback.format_exc(limit=-4)}")
        self._times = sorted([*self._times, (time.process_time() - began, name)])[-_LONGEST:]

    def note(self, name: str, faults: tuple[str, ...]) -> None:
        """Keep what is wrong with something that ran elsewhere."""
        for fault in faults:
            self._fail(f"{name}: {fault}")

    def _fail(self, fault: str) -> None:
        self.failed.append(fault)
        print(fault, flush=True)

    def tell(self) -> None:
        """Print what took longest."""
        for seconds, name in reversed(self._times):
            print(f"  {seconds:.2f} s  {name}")


def main() -> int:
    """Run everything that is asked for; the number of failures, at most 1."""
    asked = _arguments()
    watch, forms = Watch(), filled_forms()
    if asked.extremes:
        for number, form in enumerate(forms):
            for turn, changes in enumerate((*spreads(form), *singles(form))):
                watch.see(f"extreme {number} {turn}", lambda f=form, c=changes: f.evaluated(c))  # type: ignore[misc]
    for seed in range(asked.mutations):
        form = forms[seed % len(forms)]
        watch.see(f"mutation {seed}", lambda f=form, s=seed: f.evaluated_as(mutated(f.workbook.grids[0], s)))  # type: ignore[misc]
    for seed in range(asked.pairs):
        watch.see(f"pair {seed}", lambda s=seed: compared(s))  # type: ignore[misc]
    if asked.texts:
        for number, form in enumerate(forms):
            for kind in KINDS_OF_TEXT:
                watch.see(f"text {number} {kind!r}", lambda f=form, k=kind: f.evaluated(endless(f, k)))  # type: ignore[misc]
    watch.see("files", lambda: _beside(asked.files))
    for name, faults in _kills(asked.kills, asked.command):
        watch.note(name, faults)
    watch.tell()
    print(f"{len(watch.failed)} failed")
    return min(len(watch.failed), 1)


def _beside(good: int) -> None:
    if good:
        with tempfile.TemporaryDirectory() as folder:
            stand_beside(Path(folder), good, {**HOSTILE, **LONG})


def _kills(count: int, command: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not count:
        return
    with tempfile.TemporaryDirectory() as folder:
        killing = Killing(Path(folder), command)
        for seed in range(count):
            trial = killing.trial(seed)
            yield f"kill {seed} of {trial.victim} after {trial.after:.2f} s", trial.faults


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--command", choices=("direct", "service"), default="service")
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--pairs", type=int, default=0, help="generated targets and actuals")
    parser.add_argument("--files", type=int, default=0, help="good departments beside hostile files")
    parser.add_argument("--extremes", action="store_true")
    parser.add_argument("--texts", action="store_true", help="endless texts")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
