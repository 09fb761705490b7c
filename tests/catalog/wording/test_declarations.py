"""Every check's declaration beside the sentences of seeds/findings.toml."""

from __future__ import annotations

import ast
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import jixiao
from jixiao.catalog.loading.seeds import seeds_folder
from jixiao.catalog.wording.wordings import load_wordings
from jixiao.domain.findings import Declaration, Finding, FindingWarning, Place, declarations, declare
from jixiao.domain.spoken import CLAUSE, PLACEHOLDER

WORDINGS = load_wordings(seeds_folder())
SOURCE = Path(jixiao.__file__).parent
PLACES = {"where", "file", "sheet", "cell"}
LISTED = {"count", "items", "cells"}
OWN = {"label", "reported", "expected"}


def imported() -> dict[str, Declaration]:
    """The declarations of the whole package."""
    for module in pkgutil.walk_packages(jixiao.__path__, "jixiao."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    return dict(declarations())


DECLARED = imported()


def templates(code: str) -> list[tuple[str, set[str]]]:
    """Every sentence of a code with the placeholders that need no declaration in it."""
    wording = WORDINGS[code]
    return [
        *((each, PLACES) for each in (wording.message, wording.suggestion, wording.effect, wording.because)),
        (wording.several, PLACES | LISTED),
        (wording.each, PLACES | {"place"}),
    ]


def test_what_is_declared_is_what_is_worded() -> None:
    assert DECLARED.keys() == WORDINGS.keys()


@pytest.mark.parametrize("code", list(WORDINGS))
def test_every_figure_that_a_sentence_cannot_do_without_is_needed(code: str) -> None:
    bare = {
        name
        for template, free in templates(code)
        for name in set(PLACEHOLDER.findall(CLAUSE.sub("", template))) - (free - DECLARED[code].figures)
    }
    assert bare == DECLARED[code].needed


@pytest.mark.parametrize("code", list(WORDINGS))
def test_every_declared_figure_is_said_and_every_said_one_declared(code: str) -> None:
    said = {
        name
        for template, free in templates(code)
        for name in set(PLACEHOLDER.findall(template)) - (free - DECLARED[code].figures)
    }
    assert said - OWN == DECLARED[code].figures


def test_a_code_stands_in_its_declaration_only() -> None:
    code = re.compile(r"[FLVASXPQ]\d{3}")
    elsewhere = [
        (path.name, node.value, node.lineno)
        for path in SOURCE.rglob("*.py")
        if code.search(path.read_text(encoding="utf-8"))
        for node in ast.walk(declarations_left_out(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and code.fullmatch(node.value)
    ]
    assert elsewhere == []


def declarations_left_out(path: Path) -> ast.Module:
    """A module without its statements `NAME = declare(…)`."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    module.body = [
        each for each in module.body if not (isinstance(each, ast.Assign) and calls(each.value) == "declare")
    ]
    return module


def calls(node: ast.AST) -> str:
    """The name of what is called."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def test_nothing_but_a_declaration_makes_a_finding() -> None:
    makers = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "Finding(" in (text := path.read_text(encoding="utf-8"))
        and any(calls(node) == "Finding" for node in ast.walk(ast.parse(text)))
    ]
    assert makers == ["domain/findings.py"]


SAMPLE = Declaration("S106", frozenset({"reported", "sum"}), frozenset({"gap"}))
AT = Place("甲.xlsx", "表", "B2")


def test_a_finding_has_what_its_declaration_asks_for() -> None:
    made = SAMPLE.finding(AT, reported="1", figures={"sum": "2", "gap": "1"})
    assert made == Finding(code="S106", place=AT, reported="1", figures={"sum": "2", "gap": "1"})


def test_a_figure_that_is_needed_and_one_that_is_not_declared_are_mistakes() -> None:
    with pytest.raises(FindingWarning, match="no value for reported, sum"):
        SAMPLE.finding(AT, figures={"gap": "1", "sum": ""})
    with pytest.raises(FindingWarning, match="undeclared size"):
        SAMPLE.finding(AT, reported="1", figures={"sum": "2", "size": "3"})


@pytest.mark.filterwarnings("default::jixiao.domain.findings.FindingWarning")
def test_in_a_round_it_is_a_finding_all_the_same() -> None:
    with pytest.warns(FindingWarning, match="S106"):
        assert SAMPLE.finding(AT).code == "S106"


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="S106 is declared already"):
        declare("S106", "sum")
    with pytest.raises(ValueError, match="twice"):
        declare("S999", "sum", optional=("sum",))
