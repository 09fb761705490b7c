"""Thousands of random forms: `python -m tests.layouts.nightly --forms 20000 [--seed N] [--list FILE]`.

Two thirds of the forms are right, one third carries a fault. Prints precision and recall and what every part
costs; seeds of failures, with the fewest parts that still fail, go into the list.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from tests.layouts.failures import classify, described, store
from tests.layouts.faults import FAULTS
from tests.layouts.parts import OVERALL, PARTS, PROJECT, TRANSFER, Plan, draw, settle
from tests.layouts.statistics import Tally
from tests.layouts.trial import Trial, try_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FAULTY: Final = 3
"""One form of so many carries a fault."""
Task = tuple[Plan, str]


def fault_of(seed: int) -> str:
    """The fault that a seed's form carries, "" for a right one."""
    if seed % _FAULTY:
        return ""
    return Random(f"{seed}:fault").choice(sorted(FAULTS))  # noqa: S311 reproducible, not secret


def alone(option_seeds: int) -> Iterator[Task]:
    """Every option of every part by itself, on so many forms each; then every fault on plain forms."""
    for part, options in PARTS.items():
        for option in options[1:]:
            for seed in range(option_seeds):
                plan = plain_plan(seed, {part: option})
                if plan.chosen:
                    yield plan, ""
    for fault in FAULTS:
        for seed in range(option_seeds):
            yield plain_plan(seed, needed(fault)), fault


def plain_plan(seed: int, chosen: Mapping[str, str]) -> Plan:
    """A form that is plain but for these options; of six two are departments' and one a transfer's."""
    kind = (PROJECT, PROJECT, OVERALL, TRANSFER, PROJECT, OVERALL)[seed % 6]
    return settle(Plan(seed, kind, chosen))


def needed(fault: str) -> dict[str, str]:
    """The options with which a plain form has a place for the fault."""
    if "grade" in fault:
        return {"grade": "row"}
    if fault == "points of a level":
        return {"level words": "points"}
    if fault == "no reason for a low rate":
        return {"execution": "low with reason"}
    return {"funds rows": "total only"} if fault in {"overspent", "no budget"} else {}


def _run(task: Task) -> Trial:
    return try_form(*task)


def trials(tasks: Iterable[Task], workers: int) -> Iterator[Trial]:
    """All trials, in order."""
    if workers <= 1:
        yield from map(_run, tasks)
        return
    with Pool(workers) as pool:
        yield from pool.imap(_run, tasks, chunksize=20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--alone", type=int, default=0, help="also every part by itself, on so many forms")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--shrunk", type=int, default=400, help="so many failures are shrunk")
    parser.add_argument("--list", type=Path, help="where the ranked failures go")
    parser.add_argument("--store", type=Path, help="where their seeds go, as in failures.toml")
    arguments = parser.parse_args()
    say = sys.stdout.write
    if arguments.alone:
        say(f"== every part alone, {arguments.alone} forms each\n")
        single = list(trials(alone(arguments.alone), arguments.workers))
        for line in _alone_lines(single):
            say(line + "\n")
        _report(single, arguments, Path(f"{arguments.list}.alone") if arguments.list else None)
    if arguments.forms:
        seeds = range(arguments.seed, arguments.seed + arguments.forms)
        found = list(trials(((draw(seed), fault_of(seed)) for seed in seeds), arguments.workers))
        say(f"== {arguments.forms} random forms from seed {arguments.seed}\n")
        _report(found, arguments, arguments.list)


def _report(found: list[Trial], arguments: argparse.Namespace, target: Path | None) -> None:
    tally = Tally()
    for trial in found:
        tally.add(trial)
    for line in (*tally.lines(), "what parts cost:", *tally.costs()):
        sys.stdout.write(line + "\n")
    if target or arguments.store:
        classes = classify([trial for trial in found if not trial.passes][: arguments.shrunk])
        if target:
            target.write_text("\n".join(described(classes)) + "\n", encoding="utf-8")
        if arguments.store:
            store(arguments.store, classes)


def _alone_lines(single: list[Trial]) -> Iterator[str]:
    """Every option with how many of its forms pass, the worst first."""
    tried: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    symptoms: dict[str, Counter[str]] = {}
    for trial in single:
        if trial.is_void:
            continue
        options = ", ".join(f"{part}={option}" for part, option in trial.plan.chosen.items())
        name = f"fault {trial.fault}" if trial.fault else options
        tried[name] += 1
        passed[name] += trial.passes
        symptoms.setdefault(name, Counter()).update(trial.symptoms)
    for name in sorted(tried, key=lambda each: (passed[each] / tried[each], each)):
        if passed[name] < tried[name]:
            what = ", ".join(f"{symptom} {count}" for symptom, count in symptoms[name].most_common(5))
            yield f"  {passed[name]}/{tried[name]} {name}: {what}"


if __name__ == "__main__":
    main()
