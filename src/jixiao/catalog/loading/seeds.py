"""Where the data files of the project stand: schemes, forms, lexicon, wording of findings.

Several folders lie over each other: a file of the first hides those of the same name in the others. So a
jurisdiction keeps its own schemes and forms beside its rounds, and the installed package stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.language import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path

CASE_FILE = "case.toml"
"""What has to come out of the workbooks beside it."""


def seeds_folder() -> Path:
    """The folder seeds/ that comes with the program."""
    return shipped_folder("seeds")


def templates_folder() -> Path:
    """The templates of Word reports that come with the program."""
    return shipped_folder("templates") / "word"


def layered_seeds(own: Path) -> tuple[Path, ...]:
    """A jurisdiction's own folder over the packaged one; the latter alone where there is no other."""
    packaged = seeds_folder()
    return (own, packaged) if own.is_dir() and not own.samefile(packaged) else (packaged,)


def scheme_path(scheme_id: str, *seeds: Path) -> Path:
    """The file of a scheme; where there is none, its place in the first folder."""
    return _find(f"schemes/{scheme_id}.toml", seeds)


def scheme_ids(*seeds: Path) -> tuple[str, ...]:
    """Every scheme that has a file, sorted."""
    return _list("schemes", seeds)


def form_path(form_id: str, *seeds: Path) -> Path:
    """The file of a form; where there is none, its place in the first folder."""
    return _find(f"forms/{form_id}.toml", seeds)


def form_ids(*seeds: Path) -> tuple[str, ...]:
    """Every form that has a file, sorted."""
    return _list("forms", seeds)


def lexicon_path(*seeds: Path) -> Path:
    """The file of the words of the language of forms."""
    return _find("lexicon.toml", seeds)


def findings_path(*seeds: Path) -> Path:
    """The file that words the findings."""
    return _find("findings.toml", seeds)


def columns_path(*seeds: Path) -> Path:
    """The file that says what the columns of the tidy tables are called and mean."""
    return _find("columns.toml", seeds)


def wordings_path(language: str, *seeds: Path) -> Path:
    """The file that words the findings in a language other than Chinese."""
    return _find(f"languages/{language}/wordings.toml", seeds)


def words_path(*seeds: Path) -> Path:
    """The file of the words of forms that a jurisdiction has confirmed."""
    return _find("words.toml", seeds)


def book_path(*seeds: Path) -> Path:
    """The file that lays out the workbook in which schemes are edited."""
    return _find("scheme-book.toml", seeds)


def report_path(*seeds: Path) -> Path:
    """The file of what a department's report consists of."""
    return _find("reports/department.toml", seeds)


def case_folders(scheme_id: str, *seeds: Path) -> tuple[Path, ...]:
    """The folders of a scheme's cases by name; one of the first folder hides those of the same name."""
    found: dict[str, Path] = {}
    for folder in reversed(seeds):
        found |= {path.name: path for path in folder.glob(f"cases/{scheme_id}/*") if path.is_dir()}
    return tuple(found[name] for name in sorted(found))


def _find(name: str, seeds: tuple[Path, ...]) -> Path:
    return next((folder / name for folder in seeds if (folder / name).is_file()), seeds[0] / name)


def _list(kind: str, seeds: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(sorted({path.stem for folder in seeds for path in folder.glob(f"{kind}/*.toml")}))
