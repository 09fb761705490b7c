"""The price of a round: in one process by stage, and from the command line, beside openpyxl's of opening it.

python -m tests.benchmarks                 by stage, 200 real ones, 1,000 generated; then the goals
python -m tests.benchmarks --only real        one part: stages, products, real, thousand, curve
python -m tests.benchmarks --only rows       the summary of 205,000 rows, beside XlsxWriter alone
python -m tests.benchmarks --only curve --most 10000    generated rounds of growing size
"""

from __future__ import annotations

import argparse
import tempfile
from functools import cache
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import openpyxl

from jixiao.pipeline.rounds import load_round
from tests.benchmarks.command import Cost, run_command
from tests.benchmarks.kinds import KINDS, edit_generated
from tests.benchmarks.products import measure_products
from tests.benchmarks.rows import measure_rows
from tests.benchmarks.stages import Costs, measure

ROUND = "round"
_REAL, _THOUSAND, _EDITED = 200, 1000, 10
_CURVE = (10, 100, 1000, 10_000)
_OPENED = 100
"""So many workbooks are opened with openpyxl where there are more; the rest would take as long each."""


def main() -> None:
    """Print the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parts = ("stages", "products", "real", "thousand", "rows", "curve")
    parser.add_argument("--only", choices=parts)
    parser.add_argument("--most", type=int, default=_THOUSAND, help="departments at the end of the curve")
    parser.add_argument("--departments", type=int, help="in place of the usual numbers")
    asked = parser.parse_args()
    wanted = (asked.only,) if asked.only else ("stages", "real", "thousand")
    goals: list[Goal] = []
    if "stages" in wanted:
        goals += print_stages(asked.departments)
    if "products" in wanted:
        print_products(asked.departments)
    if "real" in wanted:
        goals += print_runs("worked", asked.departments or _REAL, edited=0)
    if "thousand" in wanted:
        goals += print_runs("generated", asked.departments or _THOUSAND, edited=_EDITED)
    if "rows" in wanted:
        goals += print_rows(asked.departments or _THOUSAND)
    if "curve" in wanted:
        print_curve(asked.most)
    if goals:
        print_goals(goals)


class Goal(NamedTuple):
    """What was measured beside what was to be reached; both in the same unit, which `what` names.

    Where it can be, the unit is what openpyxl takes for the same files, so that a goal holds on any machine:
    30 s for 1,000 departments and 20 ms for a department's checks were said of one that opens a generated
    workbook in 102 to 112 ms.
    """

    what: str
    measured: float
    most: float


def print_goals(goals: list[Goal]) -> None:
    """A row a goal; figures by the clock mean something on an idle machine alone."""
    print(f"\n{'measured':>10}{'goal':>10}  reached  what")
    for what, measured, most in goals:
        reached = "yes" if measured <= most else "NO"
        print(f"{measured:>10.2f}{f'≤ {most:.2f}':>10}  {reached:7}  {what}")


def print_stages(departments: int | None) -> list[Goal]:
    """In one process: milliseconds a department by stage."""
    heads: list[str] = []
    goals: list[Goal] = []
    sizes = (("generated", departments or 40), ("worked", departments or 20))
    for kind, size in sizes:
        with tempfile.TemporaryDirectory() as base:
            KINDS[kind](Path(base) / ROUND, size)
            costs = measure(load_round(Path(base) / ROUND), Path(base))
        if not heads:
            heads = [*costs.stages, "whole", "openpyxl", "marking", "load+save"]
            print("\nin one process, ms a department; (in brackets: part of the stage before)")
            print(
                f"{'departments':>16}{'forms':>7}{'findings':>9}",
                *(f"{head:>10}" for head in heads),
                " ratio",
            )
        print(_stage_row(kind, costs), flush=True)
        if kind == "generated":
            checked = (costs.stages["recognise"] + costs.stages["evaluate"]) / costs.opened
            goals.append(Goal("one 7-form workbook, read to results, ÷ load_workbook", costs.ratio, 0.45))
            goals.append(Goal("recognition, checks and pandera together, ÷ load_workbook", checked, 0.2))
    return goals


def print_products(departments: int | None) -> None:
    """In one process: milliseconds a department by what is made of it."""
    for kind, size in (("generated", departments or 40), ("worked", departments or 10)):
        with tempfile.TemporaryDirectory() as base:
            KINDS[kind](Path(base) / ROUND, size)
            seconds = measure_products(load_round(Path(base) / ROUND), Path(base))
        print(f"\n{size} {kind} departments, ms a department, the best of several calls")
        for product, taken in seconds.items():
            print(f"{taken / size * 1000:>10.2f}  {product}", flush=True)


def _stage_row(kind: str, costs: Costs) -> str:
    seconds = (*costs.stages.values(), costs.whole, costs.opened, costs.marked, costs.saved)
    each = " ".join(f"{second / costs.departments * 1000:>10.1f}" for second in seconds)
    counts = f"{costs.departments} {kind}".rjust(16) + f"{costs.forms:>7}{costs.findings:>9}"
    return f"{counts} {each} {costs.ratio:>6.2f}"


def print_runs(kind: str, departments: int, edited: int) -> list[Goal]:
    """From the command line: a first run, the same again, and with some workbooks changed."""
    print(f"\njixiao run, {departments} {kind} departments")
    _heading()
    first, again = _starts()
    with tempfile.TemporaryDirectory() as base:
        inputs = Path(base) / "inputs" / ROUND
        KINDS[kind](inputs, departments)
        opened = _opening(inputs, departments)
        scratch = run_command(Path(base))
        print(_run_row("from scratch", scratch, first, opened), flush=True)
        same = run_command(Path(base))
        print(_run_row("unchanged again", same, again, opened), flush=True)
        name = f"{departments} {kind} departments, jixiao run"
        if not edited:
            beyond = (same.wall - again.wall) / opened.wall
            return [
                Goal(f"{name}, ÷ load_workbook by the clock", scratch.wall / opened.wall, 0.3),
                Goal(f"{name}, unchanged again beyond the start, ÷ load_workbook", beyond, 0.05),
            ]
        edit_generated(inputs, edited)
        changed = run_command(Path(base))
        print(_run_row(f"{edited} changed", changed, again, opened), flush=True)
        return [
            Goal(f"{name}, ÷ load_workbook by the clock", scratch.wall / opened.wall, 0.27),
            Goal(f"{name}, MB of the process tree", scratch.megabytes, 600),
            Goal(f"{name}, {edited} changed, seconds beyond an unchanged run", changed.wall - same.wall, 4),
        ]


def print_rows(departments: int) -> list[Goal]:
    """The summary workbook from the contents of its rows, ten projects of 20 indicators a department."""
    ours, theirs = measure_rows(departments)
    print(f"\nsummary workbook, {departments} departments of ten projects with 20 indicators")
    print(f"{'':16}{'cpu s':>8}{'peak MB':>9}{'rows':>9}{'due':>9}")
    for name, cost in (("ours", ours), ("XlsxWriter alone", theirs)):
        print(f"{name:16}{cost.seconds:>8.1f}{cost.megabytes:>9.0f}{cost.rows:>9}{cost.due:>9}", flush=True)
    print(f"counted again in the finished file: {ours.counting:.1f} s")
    return [
        Goal("summary of many rows ÷ XlsxWriter alone", ours.seconds / theirs.seconds, 1.5),
        Goal("peak megabytes of the summary of many rows", ours.megabytes, 500),
        Goal("rows of 指标明细 that were lost", ours.due - ours.rows, 0),
    ]


def print_curve(most: int) -> None:
    """From the command line: generated rounds of growing size, each from scratch."""
    print("\njixiao run, generated departments from scratch")
    _heading()
    first, _ = _starts()
    for departments in (each for each in _CURVE if each <= most):
        with tempfile.TemporaryDirectory() as base:
            inputs = Path(base) / "inputs" / ROUND
            KINDS["generated"](inputs, departments)
            cost, opened = run_command(Path(base)), _opening(inputs, departments)
            print(_run_row(f"{departments} departments", cost, first, opened), flush=True)


@cache
def _starts() -> tuple[Cost, Cost]:
    """What a run costs before anything is done: in a new place, where Prefect sets itself up, and again."""
    with tempfile.TemporaryDirectory() as base:
        inputs = Path(base) / "inputs" / ROUND
        KINDS["generated"](inputs, 1)
        opened = _opening(inputs, 1)
        costs = run_command(Path(base)), run_command(Path(base))
        for name, cost in zip(("one, in a new place", "one, unchanged again"), costs, strict=True):
            print(_run_row(name, cost, None, opened), flush=True)
        return costs


def _opening(inputs: Path, departments: int) -> Cost:
    """What openpyxl takes for all workbooks of a round, from up to _OPENED of them; no memory."""
    files = sorted(inputs.glob("*.xlsx"))[:_OPENED]
    wall, cpu = perf_counter(), process_time()
    for file in files:
        openpyxl.load_workbook(file)
    times = departments / len(files)
    return Cost((perf_counter() - wall) * times, (process_time() - cpu) * times, 0)


def _heading() -> None:
    """Ratios are to openpyxl, by the clock and of the processors: the second counts on a busy machine."""
    heads = f"{'wall s':>8}{'beyond start':>14}{'cpu s':>8}{'peak MB':>9}{'PSS MB':>8}"
    heads += f"{'openpyxl s':>12}{'ratio':>7}{'cpu':>7}"
    print(f"{'':24}{heads}")


def _run_row(name: str, cost: Cost, start: Cost | None, opened: Cost) -> str:
    beyond = f"{cost.wall - start.wall:.1f}" if start else "-"
    measured = f"{cost.wall:>8.1f}{beyond:>14}{cost.cpu:>8.1f}{cost.megabytes:>9.0f}"
    measured += f"{cost.shared_once:>8.0f}"
    ratios = f"{opened.cpu:>12.1f}{cost.wall / opened.wall:>7.2f}{cost.cpu / opened.cpu:>7.2f}"
    return f"{name:24}{measured}{ratios}"


if __name__ == "__main__":
    main()
