"""Where the data files of the project stand: schemes, forms, lexicon, wording of findings."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def seeds_folder() -> Path:
    """The folder seeds/: inside the package where a wheel is installed, else at the top of the checkout."""
    packaged = Path(str(files("jixiao"))) / "seeds"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "seeds"


def scheme_path(scheme_id: str, seeds: Path) -> Path:
    """The file of a scheme."""
    return seeds / "schemes" / f"{scheme_id}.toml"


def form_path(form_id: str, seeds: Path) -> Path:
    """The file of a form."""
    return seeds / "forms" / f"{form_id}.toml"


def lexicon_path(seeds: Path) -> Path:
    """The file of the words of the language of forms."""
    return seeds / "lexicon.toml"


def findings_path(seeds: Path) -> Path:
    """The file that words the findings."""
    return seeds / "findings.toml"
