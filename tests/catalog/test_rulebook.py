"""One digest for the rules in force: the same wherever they lie, another as soon as any of them differs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.seeds import findings_path, form_path, lexicon_path, scheme_path, seeds_folder
from jixiao.catalog.rulebook import load_rulebook, rules_digest
from jixiao.domain.forms import Scope
from tests.builders.seeds import edit, write_seeds

if TYPE_CHECKING:
    from pathlib import Path


def _digest(seeds: Path) -> str:
    return load_rulebook("bluestone", (seeds, seeds_folder())).digest


def test_place_comments_and_other_schemes_do_not_count(tmp_path: Path) -> None:
    here, there = write_seeds(tmp_path / "here"), write_seeds(tmp_path / "there")
    path = scheme_path("bluestone", there)
    path.write_text(f"# 说明\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    scheme_path("other", there).write_text("broken", encoding="utf-8")
    assert _digest(here) == _digest(there)


@pytest.mark.parametrize("kind", ["scheme", "form", "lexicon", "findings", "words", "list"])
def test_every_file_that_decides_results_counts(tmp_path: Path, kind: str) -> None:
    seeds = write_seeds(tmp_path)
    before = _digest(seeds)
    match kind:
        case "scheme":
            edit(scheme_path("bluestone", seeds), "exact_accepted = false", "exact_accepted = true")
        case "form":
            edit(form_path("whole", seeds), '"效果"]', '"效果", "成效"]')
        case "lexicon":
            edit(lexicon_path(seeds), "dashes = [", 'dashes = ["~~", ')
        case "findings":
            edit(findings_path(seeds), 'title = "文件读取失败"', 'title = "读取失败"')
        case "words":
            (seeds / "words.toml").write_text('[whole]\ndepartment = ["牵头单位"]\n', encoding="utf-8")
        case _:
            text = form_path("roster", seeds_folder()).read_text(encoding="utf-8")
            form_path("roster", seeds).write_text(
                text.replace('title = "', 'title = "市', 1), encoding="utf-8"
            )
    assert _digest(seeds) != before


def test_the_digest_tells_apart_what_looks_alike() -> None:
    values: tuple[object, ...] = (
        *("1", 1, True, Decimal(1), Decimal("1.0"), None, "None"),
        *((), "", {}, ("a", "b"), ("ab",), (("a",), "b"), ("a", ("b",)), frozenset({"a", "b"})),
        *({"a": "b"}, Scope.OVERALL, Scope.OVERALL.value),
    )
    assert len({rules_digest(value) for value in values}) == len(values)
    assert rules_digest(frozenset({"a", "b"})) == rules_digest(frozenset({"b", "a"}))


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no canonical form of object"):
        rules_digest(object())


def test_the_lists_belong_to_the_rules(tmp_path: Path) -> None:
    rules = load_rulebook("bluestone", (write_seeds(tmp_path), seeds_folder()))
    assert [form.id for form in rules.lists] == ["roster", "books", "waivers"]
    assert rules.list_form("books") is rules.lists[1]
    assert rules.digest == rules_digest(rules.scheme, rules.lists, rules.wordings, rules.report)
    other = replace(rules.scheme, score_places=2)
    assert rules.digest != rules_digest(other, rules.lists, rules.wordings, rules.report)
