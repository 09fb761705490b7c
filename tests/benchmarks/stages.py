"""What a round costs, stage by stage, beside openpyxl merely opening the same files, in one process.

    python tests/benchmarks/stages.py [SUBMISSIONS …]

prints seconds a stage, the sum as a ratio to openpyxl's, and peak memory. Generated 7-form workbooks; 7, 70
and 700 submissions by default are 1, 10 and 100 departments.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeVar

import openpyxl

from jixiao.extraction.recognise import Recognised, recognise
from jixiao.extraction.submissions import extract
from jixiao.extraction.vocabulary import Vocabulary
from jixiao.pipeline.evaluation import evaluate_results
from jixiao.pipeline.publication import publish
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.rounds import RoundFolder, find_rounds
from jixiao.pipeline.sent_files import list_files
from jixiao.schemas.entries import validate_entries
from jixiao.scoring.cards import score
from jixiao.workbooks.reading import read_workbook
from tests.builders.rounds import write_round

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
FORMS_A_WORKBOOK = 7
SIZES = (10, 100, 1000)


def main() -> None:
    """Measure the sizes named on the command line."""
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    heads = ["read", "extract", "validate", "score", "whole", "openpyxl", "ratio", "ms/form", "peak-MB"]
    print("submissions", *(f"{head:>8}" for head in heads))
    for size in sizes:
        measure(size)


def measure(submissions: int) -> None:
    """Generate a round and print one row."""
    with tempfile.TemporaryDirectory() as base:
        inputs = Path(base) / "inputs"
        write_round(inputs / "round", max(1, round(submissions / FORMS_A_WORKBOOK)), seed=1)
        (folder,) = find_rounds(inputs)
        warm_up(folder, Path(base) / "warm")
        report(folder, Path(base) / "outputs")


def warm_up(folder: RoundFolder, outputs: Path) -> None:
    """Run one workbook through, so that imports and caches are not measured."""
    file = list_files(folder)[0]
    publish(
        evaluate_results(folder.round, [FileReader(folder.round.scheme).read(folder.folder / file, file)]),
        outputs,
    )
    openpyxl.load_workbook(folder.folder / file)


def report(folder: RoundFolder, outputs: Path) -> None:
    """Time every stage on all files of a round."""
    scheme = folder.round.scheme
    files = list_files(folder)
    books = timed(lambda: [read_workbook(folder.folder / file, file).workbook for file in files])
    vocabulary = Vocabulary(scheme.forms)
    forms = timed(
        lambda: [
            extract(recognition, "", "", vocabulary, scheme.lexicon).submission
            for book in books.result
            if book
            for grid in book.grids
            for recognition in recognise(grid, vocabulary)
            if isinstance(recognition, Recognised)
        ]
    )
    checked = timed(lambda: validate_entries(forms.result, folder.round.year, folder.round.scheme))
    scored = timed(lambda: [score(form, scheme) for form in forms.result])
    reader = FileReader(scheme)
    whole = timed(
        lambda: publish(
            evaluate_results(folder.round, [reader.read(folder.folder / file, file) for file in files]),
            outputs,
            folder.folder,
        )
    )
    opened = timed(lambda: [openpyxl.load_workbook(folder.folder / file) for file in files])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    count = len(forms.result)
    stages = " ".join(f"{stage.seconds:>8.3f}" for stage in (books, forms, checked, scored, whole, opened))
    ratio, each = whole.seconds / opened.seconds, whole.seconds / count * 1000
    print(f"{count:>11} {stages} {ratio:>8.2f} {each:>8.2f} {peak:>8.0f}")


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A result and the seconds it took."""

    result: T
    seconds: float


def timed(work: Callable[[], T]) -> Timed[T]:
    """Do the work once, by the clock."""
    start = perf_counter()
    result = work()
    return Timed(result, perf_counter() - start)


if __name__ == "__main__":
    main()
