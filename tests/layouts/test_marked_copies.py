"""The law of copies: what was marked, with our sheets before it, is read as what had been sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.edition import Edition
from jixiao.domain.rounds import Round
from jixiao.evaluating.briefs import divide
from jixiao.pipeline.checking import evaluate_results
from jixiao.pipeline.copies import LETTER, return_copies
from jixiao.pipeline.reading import FileReader
from jixiao.workbooks.refusals import OTHER_FORMAT
from tests.builders.readings import national
from tests.layouts.arrangement import print_form
from tests.layouts.content import YEAR
from tests.layouts.faults import FAULTS
from tests.layouts.parts import draw
from tests.layouts.reading import write_form

if TYPE_CHECKING:
    from jixiao.domain.submissions import Submission
    from jixiao.evaluating.files import FileResult
    from tests.layouts.parts import Plan

FIRST, FORMS = 7000, 12
FORMATS = ("xlsm", "xls", "et", "ods", "xlsb")


@pytest.fixture(scope="module")
def reader() -> FileReader:
    return FileReader(national())


def returned(folder: Path, result: FileResult) -> tuple[tuple[str, bytes], ...]:
    """The marked copies of the one file of a round."""
    round_ = Round("批次", YEAR, national())
    dossiers = gather_dossiers(evaluate_results(round_, [result]))
    division = divide(round_, [result])
    copies: list[tuple[str, bytes]] = []
    for brief, dossier in zip(division.briefs, dossiers, strict=True):
        _, found = return_copies(folder, brief, dossier, [result], Edition(round_, None, ""))
        copies += [each for each in found.files if each[0] != LETTER]
    return tuple(copies)


def said(result: FileResult) -> tuple[Submission, ...]:
    """The forms; which cells are formulas not every format tells."""
    return tuple(replace(each, sha256="", formulas=None) for each in result.submissions)


def compare(plan: Plan, reader: FileReader, fault: str = "") -> None:
    """Send a form, perhaps with a fault in it, and its marked copy: the same is read of both."""
    form = print_form(plan)
    if fault:
        FAULTS[fault].inject(form)
    with TemporaryDirectory() as place:
        path = write_form(form, Path(place))
        before = reader.read(path, path.name)
        ((_, content),) = returned(Path(place), before)
        path.write_bytes(content)
        after = reader.read(path, path.name)
    assert said(after) == said(before), f"seed {plan.seed}"
    assert told(after) == told(before)
    assert after.returned == ("审核意见",)


def told(result: FileResult) -> set[tuple[str, str, str]]:
    """What reading found, but for what the file's ending promises."""
    return {(each.code, *each.place[1:]) for each in result.findings if each.code != OTHER_FORMAT.code}


@pytest.mark.parametrize("seed", range(FIRST, FIRST + FORMS))
def test_a_marked_copy_is_read_as_what_was_sent(seed: int, reader: FileReader) -> None:
    plan = draw(seed)
    kinds = sorted(FAULTS)
    compare(plan.only(plan.chosen.keys() - {"format", "company"}), reader, kinds[seed % len(kinds)])


@pytest.mark.parametrize("kind", FORMATS)
def test_so_is_one_that_comes_back_in_another_format(kind: str, reader: FileReader) -> None:
    plan = draw(FIRST)
    plan = plan.only(plan.chosen.keys() - {"company"})
    compare(plan.pinned({**plan.chosen, "format": kind}), reader)
