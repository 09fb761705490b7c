"""ARCHITECTURE.md names modules, functions and files: what it says is there has to be there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "jixiao"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
ROOMS = "|".join(sorted(each.name for each in SOURCE.iterdir() if (each / "__init__.py").is_file()))


def names_in(path: Path) -> set[str]:
    files = [path] if path.is_file() else sorted(path.glob("*.py"))
    return {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}


def defined_in(file: Path) -> set[str]:
    return set(re.findall(r"^(?:def|class) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def is_there(dotted: str) -> bool:
    """Whether a module of that name is there, and has what is named behind it."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        place = SOURCE.joinpath(*parts[:end])
        found = next((each for each in (place.with_suffix(".py"), place) if each.exists()), None)
        if found:
            return set(parts[end:]) <= names_in(found)
    return False


def test_the_walk_of_a_figure_goes_through_functions_that_are_there() -> None:
    stops = re.findall(r"`([a-z_]+/[a-z_]+\.py):(\w+)`", TEXT)
    assert len(stops) >= 16
    gone = [
        f"{file}:{name}"
        for file, name in stops
        if not (SOURCE / file).is_file()
        or not re.search(
            rf"^(?:def|class) {name}\b", (SOURCE / file).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert gone == []


def test_modules_and_what_is_in_them_are_there() -> None:
    named = set(re.findall(rf"`((?:{ROOMS})(?:\.\w+)+)`", TEXT))
    assert len(named) >= 40
    assert sorted(each for each in named if not is_there(each)) == []


def test_files_of_tests_are_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", TEXT))
    assert sorted(each for each in named if not (ROOT / each).exists()) == []
