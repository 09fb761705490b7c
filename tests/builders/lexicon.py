"""The project's own lexicon, read once."""

from __future__ import annotations

from pathlib import Path

from jixiao.catalog.loading.words import load_lexicon

LEXICON = load_lexicon(Path(__file__).parents[2] / "seeds" / "lexicon.toml")
