from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.rules import SCORED_KINDS
from jixiao.catalog.loading.schemes import scheme_data
from jixiao.catalog.loading.seeds import book_path, scheme_ids, seeds_folder
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.scheme_workbook.layouts import EntryKind, load_book_layout
from jixiao.domain.findings import Severity
from jixiao.domain.relations import MeasureKind
from jixiao.domain.scheme import CarryoverTreatment, CriterionMethod, Method

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LAYOUT = load_book_layout(seeds_folder())
TEXT = book_path(seeds_folder()).read_text(encoding="utf-8")
HIDDEN = {"distinct_levels", "every_project_reports", "prior_year", "survey", "reconciliation"}
"""What officers do not change: it travels in the hidden sheet."""


def test_every_section_of_a_shipped_scheme_is_shown_or_known_to_be_hidden() -> None:
    shown = {sheet.section for sheet in LAYOUT.sheets} | {
        entry.name for sheet in LAYOUT.sheets if not sheet.section for entry in sheet.settings
    }
    for scheme_id in scheme_ids(seeds_folder()):
        given = set(scheme_data(scheme_id, seeds_folder()))
        assert given - shown - {"remove"} <= HIDDEN, scheme_id


WORDS = {
    ("measures", "kind"): MeasureKind,
    ("rules", "method"): Method,
    ("rules", "kinds"): SCORED_KINDS,
    ("criteria", "method"): CriterionMethod,
    ("severities", ""): Severity,
    ("composite", "carryover"): CarryoverTreatment,
}


@pytest.mark.parametrize(("place", "values"), WORDS.items())
def test_every_value_has_its_word(place: tuple[str, str], values: Iterable[str]) -> None:
    sheet = next(each for each in LAYOUT.sheets if each.section == place[0])
    entry = next(each for each in (*sheet.settings, *sheet.columns) if each.name == place[1])
    assert {str(value) for value in values} <= set(entry.words)


def test_titles_on_a_sheet_are_unique_and_its_name_fits() -> None:
    for sheet in LAYOUT.sheets:
        titles = [entry.title for entry in (*sheet.settings, *sheet.columns)] + [sheet.key]
        assert len(set(titles)) == len(titles), sheet.name
        assert len(sheet.name) <= 31


def test_words_to_choose_from_are_told_apart_without_their_examples() -> None:
    for sheet in LAYOUT.sheets:
        for entry in (*sheet.settings, *sheet.columns):
            stems = [re.sub("（[^）]*）", "", word) for word in entry.words.values()]
            assert len(set(stems)) == len(stems), entry.title
            if entry.kind is EntryKind.CHOICES:
                assert not re.search("[\n；;、，,]", "".join(stems)), entry.title


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        (
            'words = "scopes"',
            'words = "nowhere"',
            "sheets.weights.columns.scopes.words",
            "没有名为“nowhere”的词表，可用：",
        ),
        (
            'keys = ["bound", "score"]',
            'keys = ["bound"]',
            "sheets.criteria.columns.steps.keys",
            "应恰好有两个键名。",
        ),
        ('rest = "其他设置"', "", "rest", "缺少“rest”（文字）。"),
        (
            'name = "分值"',
            'name = "分值"\nsettings = { x = { title = "甲", kind = "text" } }',
            "sheets.weights",
            "settings 和 columns 应恰好写其中一种。",
        ),
    ],
)
def test_a_fault_names_its_key(old: str, new: str, key: str, message: str, tmp_path: Path) -> None:
    assert old in TEXT
    book_path(tmp_path).write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemeError) as error:
        load_book_layout(tmp_path)
    (problem,) = error.value.problems
    assert (problem.file, problem.key) == ("scheme-book.toml", key)
    assert problem.message.startswith(message)
