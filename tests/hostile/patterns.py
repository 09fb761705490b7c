"""Every regular expression of ours and the texts that could make it slow: `python -m tests.hostile.patterns`.

Runs in a process of its own, so that it sees every pattern made, those from a lexicon's words too. Prints
how many there are, then each that is slow in a way in which the code uses it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections import defaultdict
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTH = 10_000
"""Characters; a cell of a workbook holds three times as many, a form's longest text some hundreds."""
SECONDS = 0.05
"""On a computer that does the reference in `_REFERENCE_SECONDS`; on a slower one in proportion."""
_REFERENCE = re.compile("[^)]{0,99}[)]")
_REFERENCE_SECONDS = 0.04
_PATIENCE = 0.5
"""Whatever takes longer is interrupted: a bad one would take hours."""
_USUAL = "05a一元%，,.:(（[“ \n"
"""One of each class of signs that patterns repeat."""
_SIGNS = re.compile(r"\w", re.ASCII)
_LITERALS = 4
_TRIES = 3
_FROM_ANYWHERE = {"search", "sub", "split", "findall", "finditer"}
_FROM_THE_START = {"match", "fullmatch"}
_OF_SHORT_TEXTS = {"rate", "range"}
"""Of a grammar: only what is no longer than `phrases.LONGEST` is held against them."""


class _TooLongError(Exception):
    """The time is up."""


def texts(pattern: str, length: int = LENGTH) -> Iterator[str]:
    """Each sign that a pattern may repeat, so often: alone, nearly fitting, and with others between."""
    literal = [sign for sign in dict.fromkeys(pattern) if not _SIGNS.match(sign) and sign not in _USUAL]
    for sign in (*_USUAL, *literal[:_LITERALS]):
        yield sign * length + "\0"
        yield f"{sign}1" * (length // 2) + "\0"


def seconds(pattern: re.Pattern[Any], method: str, text: str) -> float:
    """What it costs this process, the least of three tries where the first seems long."""
    given = text if isinstance(pattern.pattern, str) else text.encode()
    least = float("inf")
    for _ in range(_TRIES):
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
        try:
            getattr(pattern, method)(given)
        except _TooLongError:
            return _PATIENCE
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        least = min(least, time.process_time() - began)
        if least <= SECONDS:
            break
    return least


@lru_cache
def limit() -> float:
    """Seconds of this computer that are `SECONDS` of the one the law was measured on; never fewer."""
    began = time.process_time()
    for _ in range(10):
        _REFERENCE.search("(" * LENGTH)
    return SECONDS * max(1.0, (time.process_time() - began) / _REFERENCE_SECONDS)


def slow(pattern: re.Pattern[Any], uses: set[str], length: int = LENGTH) -> str:
    """How it was slow first; "" where it never is. What is searched for is tried from every place."""
    methods = ["search"] if uses & _FROM_ANYWHERE else []
    methods += ["fullmatch"] if uses & _FROM_THE_START else []
    for text in texts(str(pattern.pattern), length):
        for method in methods:
            took = seconds(pattern, method, text)
            if took > limit():
                return f"{pattern.pattern!r} takes {took:.2f} s to {method} in {text[:3]!r}…"
    return ""


def made_patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern that our modules make when they are imported and when a form of each scheme is read."""
    made: dict[str, re.Pattern[Any]] = {}
    compile_ = re.compile

    def remembering(pattern: str, flags: int = 0) -> re.Pattern[Any]:
        compiled = compile_(pattern, flags)
        if sys._getframe(1).f_globals.get("__name__", "").startswith("jixiao."):  # noqa: SLF001 who calls
            made[f"{compiled.pattern!r} {compiled.flags}"] = compiled
        return compiled

    re.compile = remembering  # type: ignore[assignment]
    package = importlib.import_module("jixiao")
    for module in pkgutil.walk_packages(package.__path__, "jixiao."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    extremes = importlib.import_module("tests.hostile.extremes")
    forms = {form.order.scheme.id: form for form in extremes.filled_forms()}
    for form in forms.values():
        form.evaluated(next(iter(extremes.spreads(form))))
    re.compile = compile_
    return made


def used_ways() -> dict[str, set[str]]:
    """By the name of a pattern, of a module or of an object that holds it, how the source uses it."""
    ways: dict[str, set[str]] = defaultdict(set)
    for path in Path(str(importlib.import_module("jixiao").__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in _FROM_ANYWHERE | _FROM_THE_START:
                held = node.value
                held = held.func if isinstance(held, ast.Call) else held
                name = held.id if isinstance(held, ast.Name) else getattr(held, "attr", "")
                ways[name].add(node.attr)
    return ways


def named_patterns() -> dict[str, set[str]]:
    """The names under which modules and grammars hold their patterns, by pattern."""
    grammars = importlib.import_module("jixiao.extraction.grammar")
    schemes = {
        form.order.scheme.id: form.order.scheme
        for form in importlib.import_module("tests.hostile.extremes").filled_forms()
    }
    held = [
        (each.name, getattr(grammars.grammar_of(scheme.lexicon), each.name))
        for scheme in schemes.values()
        for each in fields(grammars.Grammar)
    ]
    for name, module in list(sys.modules.items()):
        held += vars(module).items() if name.startswith("jixiao.") else ()
    names: dict[str, set[str]] = defaultdict(set)
    for name, value in held:
        if isinstance(value, re.Pattern):
            names[f"{value.pattern!r} {value.flags}"].add(name)
    return names


def main() -> None:
    """Print the number of patterns and those that are slow."""
    signal.signal(signal.SIGPROF, _stop)
    made, ways, names = made_patterns(), used_ways(), named_patterns()
    longest = importlib.import_module("jixiao.extraction.phrases").LONGEST
    sys.stdout.write(f"{len(made)}\n")
    for key, pattern in made.items():
        # One that no module holds by name is made from a lexicon's words: any way of using it counts.
        uses = {way for name in names.get(key, ()) for way in ways[name]} or {"search", "fullmatch"}
        length = longest if names.get(key, set()) & _OF_SHORT_TEXTS else LENGTH
        if said := slow(pattern, uses, length):
            sys.stdout.write(f"{said}\n")


def _stop(*_: object) -> None:
    raise _TooLongError


if __name__ == "__main__":
    main()
