from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog import seeds
from jixiao.catalog.seeds import seeds_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_checkout_uses_the_folder_at_its_top() -> None:
    assert (seeds_folder() / "schemes" / "national.toml").is_file()


def test_an_installed_wheel_uses_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seeds").mkdir()
    monkeypatch.setattr(seeds, "files", lambda _package: tmp_path)
    assert seeds_folder() == tmp_path / "seeds"
