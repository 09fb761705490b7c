from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao import language
from jixiao.catalog.loading.schemes import list_schemes, load_scheme, validate_file
from jixiao.catalog.loading.seeds import (
    form_ids,
    form_path,
    layered_seeds,
    scheme_ids,
    scheme_path,
    seeds_folder,
)
from tests.builders.schemes import addresses
from tests.builders.seeds import edit, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_checkout_uses_the_folder_at_its_top() -> None:
    assert (seeds_folder() / "schemes" / "national.toml").is_file()


def test_an_installed_wheel_uses_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seeds").mkdir()
    monkeypatch.setattr(language, "files", lambda _package: tmp_path)
    assert seeds_folder() == tmp_path / "seeds"


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")
    return path


def test_an_own_folder_lies_over_the_packaged_one(tmp_path: Path) -> None:
    assert layered_seeds(tmp_path) == (tmp_path, seeds_folder())


def test_the_packaged_folder_does_not_lie_over_itself(tmp_path: Path) -> None:
    assert layered_seeds(seeds_folder()) == (seeds_folder(),)
    assert layered_seeds(tmp_path / "missing") == (seeds_folder(),)


def test_a_file_of_the_first_folder_hides_the_others(tmp_path: Path) -> None:
    own, below = tmp_path / "own", tmp_path / "below"
    hidden = write(below / "schemes" / "a.toml")
    only = write(below / "schemes" / "b.toml")
    assert scheme_path("a", own, below) == hidden
    shown = write(own / "schemes" / "a.toml")
    assert scheme_path("a", own, below) == shown
    assert scheme_path("b", own, below) == only
    assert scheme_path("c", own, below) == own / "schemes" / "c.toml"
    assert scheme_ids(own, below) == ("a", "b")


def test_forms_of_all_folders_are_known(tmp_path: Path) -> None:
    own = write(tmp_path / "own" / "forms" / "mine.toml").parents[1]
    below = write(tmp_path / "below" / "forms" / "theirs.toml").parents[1]
    assert form_ids(own, below) == ("mine", "theirs")
    assert form_path("theirs", own, below) == below / "forms" / "theirs.toml"


def test_a_scheme_extends_one_of_the_package_and_names_its_forms(tmp_path: Path) -> None:
    path = scheme_path("mine", tmp_path)
    path.parent.mkdir()
    path.write_text('extends = "national"\ntitle = "我的方案"\njurisdiction = "某市"\n', encoding="utf-8")
    scheme, national = (load_scheme(each, tmp_path, seeds_folder()) for each in ("mine", "national"))
    assert (scheme.title, scheme.forms) == ("我的方案", national.forms)
    assert [each.id for each in list_schemes(tmp_path, seeds_folder())] == sorted(
        ["mine", *scheme_ids(seeds_folder())]
    )


def test_what_is_inherited_for_forms_that_a_scheme_lacks_is_no_problem(tmp_path: Path) -> None:
    """Reconciliation speaks of columns of the standard form: a form of one's own need not have them."""
    seeds = write_seeds(tmp_path)
    edit(
        scheme_path("bluestone", seeds),
        'title = "青石市试行方案"',
        'title = "青石市试行方案"\nextends = "base"',
    )
    base = '[reconciliation.executed]\ntitle = "执行"\naddresses = ["money.all.gone"]\n'
    scheme_path("base", seeds).write_text(base, encoding="utf-8")
    assert load_scheme("bluestone", seeds).booked[0].addresses == addresses("money.all.gone")
    scheme_path("base", seeds).write_text("", encoding="utf-8")
    with scheme_path("bluestone", seeds).open("a", encoding="utf-8") as file:
        file.write(base)
    assert [each.key for each in validate_file(scheme_path("bluestone", seeds), seeds)] == [
        "reconciliation.executed.addresses[1]"
    ]
