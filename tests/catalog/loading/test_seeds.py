from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao import language
from jixiao.catalog.loading.schemes import list_schemes, load_scheme, scheme_changes, validate_file
from jixiao.catalog.loading.seeds import (
    form_ids,
    form_path,
    in_words,
    layered_seeds,
    nearest,
    scheme_ids,
    scheme_path,
    seeds_folder,
)
from jixiao.catalog.loading.sources import SchemeError
from tests.builders.schemes import addresses
from tests.builders.seeds import edit, line_of, write_more, write_seeds

if TYPE_CHECKING:
    from pathlib import Path


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


AMENDED = """
[[since]]
year = 2033
[[since.grades]]
grade = "甲"
low = 90
[[since.grades]]
grade = "乙"
low = 0

[[since]]
year = 2032
basis = "青财绩〔2032〕2号"
exceeded_from = 1.5
[since.weights.usual]
execution = 30
groups = { "产出指标" = 40, "效益指标" = 30 }
"""
TOWN = """
extends = "bluestone"
title = "青石镇方案"
jurisdiction = "青石镇"
regulations = ["镇办法"]
last_year = 2040
"""


def town(seeds: Path, text: str = "") -> Path:
    scheme_path("town", seeds).write_text(TOWN + text, encoding="utf-8")
    return seeds


@pytest.mark.parametrize(
    ("year", "execution", "exceeded", "best"),
    [
        (2031, "20", "1.25", "85"),
        (2032, "30", "1.5", "85"),
        (2033, "30", "1.5", "90"),
        (None, "30", "1.5", "90"),
    ],
)
def test_a_round_has_the_values_of_its_year(
    year: int | None, execution: str, exceeded: str, best: str, tmp_path: Path
) -> None:
    scheme = load_scheme("bluestone", write_more(tmp_path, AMENDED), year=year)
    assert {each.execution for each in scheme.weights} == {Decimal(execution)}
    assert (scheme.exceeded_from, scheme.grades[0].low) == (Decimal(exceeded), Decimal(best))
    assert (scheme.first_year, scheme.last_year, scheme.title) == (2031, 2033, "青石市试行方案")


def test_what_extends_a_scheme_is_amended_with_it_unless_it_says_otherwise(tmp_path: Path) -> None:
    seeds = town(
        write_more(tmp_path, AMENDED), "exceeded_from = 2\n[[since]]\nyear = 2036\nscore_places = 2\n"
    )
    early, later, last = (load_scheme("town", seeds, year=year) for year in (2031, 2033, 2036))
    assert [each.weights[0].execution for each in (early, later, last)] == [20, 30, 30]
    assert [each.grades[0].low for each in (early, later, last)] == [85, 90, 90]
    assert [each.exceeded_from for each in (early, later, last)] == [2, 2, 2]
    assert [each.score_places for each in (early, later, last)] == [1, 1, 2]


def test_an_amendment_takes_away_what_is_no_longer_there(tmp_path: Path) -> None:
    seeds = write_more(tmp_path, '[[since]]\nyear = 2033\nremove = ["composite"]\n')
    before, after = (load_scheme("bluestone", seeds, year=year) for year in (2032, 2033))
    assert before.composite is not None
    assert after.composite is None


@pytest.mark.parametrize(
    ("scheme_id", "year", "message"),
    [
        (
            "bluestone",
            2030,
            (
                "bluestone.toml 第 4 行 first_year：本方案适用于 2031—2033 年度，不适用于 2030 年度。"
                "没有适用 2030 年度的方案；请核对年度，或改用、另写方案。"
            ),
        ),
        (
            "bluestone",
            2034,
            (
                "bluestone.toml 第 5 行 last_year：本方案适用于 2031—2033 年度，不适用于 2034 年度。"
                "适用 2034 年度的方案：town；请核对年度，或改用、另写方案。"
            ),
        ),
        (
            "town",
            1999,
            (
                "bluestone.toml 第 4 行 first_year：本方案适用于 2031—2040 年度，不适用于 1999 年度。"
                "没有适用 1999 年度的方案；请核对年度，或改用、另写方案。"
            ),
        ),
    ],
)
def test_a_year_that_no_version_covers_is_refused(
    scheme_id: str, year: int, message: str, tmp_path: Path
) -> None:
    seeds = town(write_more(tmp_path, AMENDED))
    scheme_path("broken", seeds).write_text("[[", encoding="utf-8")
    with pytest.raises(SchemeError) as refused:
        load_scheme(scheme_id, seeds, year=year)
    assert str(refused.value) == message


@pytest.mark.parametrize("year", [2031, 2033])
def test_the_first_and_the_last_year_belong_to_it(year: int, tmp_path: Path) -> None:
    assert load_scheme("bluestone", write_seeds(tmp_path), year=year).id == "bluestone"


def test_the_changes_are_listed(tmp_path: Path) -> None:
    seeds = town(write_more(tmp_path, AMENDED), "[[since]]\nyear = 2032\nscore_places = 2\n")
    assert [(each.year, each.basis, each.layer.file) for each in scheme_changes("town", seeds)] == [
        (2032, "", "town.toml"),
        (2032, "青财绩〔2032〕2号", "bluestone.toml"),
        (2033, "", "bluestone.toml"),
    ]
    assert {each.id: each.changes for each in list_schemes(seeds)} == {
        "bluestone": (2032, 2033),
        "town": (2032, 2033),
    }


@pytest.mark.parametrize(
    ("text", "at", "key", "message"),
    [
        ("[[since]]\nscore_places = 2\n", "[[since]]", "since[1].year", "缺少“year”（整数）。"),
        (
            "[[since]]\nyear = 20326\n",
            "year = 20326",
            "since[1].year",
            "“year”应在 2000 与 2100 之间，现为 20326。",
        ),
        (
            "[[since]]\nyear = 2032\n[[since]]\nyear = 2032 # again\n",
            "# again",
            "since[2].year",
            "2032 年度起的修订已在上面写过，请并作一处。",
        ),
        (
            '[[since]]\nyear = 2032\ntitle = "新"\n',
            'title = "新"',
            "since[1].title",
            "“title”说的是整个方案，不能按年度修订。",
        ),
        (
            "[[since]]\nyear = 2032\n[since.execution]\nplaces = 1 # own\n",
            "places = 1 # own",
            "since[1].execution.places",
            (
                "不认识的键“places”，此处可用：title、basis、rate_places、score_places、exact_accepted、"
                "reason_below、rounding、overspent_beyond。"
            ),
        ),
        (
            "[[since]]\nyear = 2032\n[since.weights.usual]\nexecution = 30\n",
            "[since.weights.usual]",
            "since[1].weights.usual",
            "各部分分值之和为 110，与总分 100 不符。",
        ),
        (
            '[[since]]\nyear = 2032\nremove = ["nothing"]\n',
            'remove = ["nothing"]',
            "since[1].remove[1]",
            "要删除的“nothing”在被继承的文件中不存在。",
        ),
        (
            '[[since]]\nyear = 2032\nremove = ["grades"]\n',
            "[[grades]]",
            "grades",
            "2032 年度起：缺少“grades”（数组）。",
        ),
    ],
)
def test_what_is_wrong_in_an_amendment_is_said_at_its_line(
    text: str, at: str, key: str, message: str, tmp_path: Path
) -> None:
    path = scheme_path("bluestone", write_more(tmp_path, text))
    found = validate_file(path, tmp_path)
    assert (found[0].file, found[0].line, found[0].key, found[0].message) == (
        path.name,
        line_of(path, at),
        key,
        message,
    )


@pytest.mark.parametrize(
    ("years", "year", "covered"),
    [
        ((None, None), 2024, 2024),
        ((2025, None), 2024, 2025),
        ((2020, 2023), 2024, 2023),
        ((2020, 2023), 2021, 2021),
        ((None, 2023), 2024, 2023),
    ],
)
def test_the_nearest_year_is_one_that_is_covered(
    years: tuple[int | None, int | None], year: int, covered: int
) -> None:
    assert nearest(years, year) == covered


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((None, None), "各年度"),
        ((2020, None), "2020 年度及以后"),
        ((None, 2019), "2019 年度及以前"),
        ((2019, 2019), "2019 年度"),
        ((2019, 2021), "2019—2021 年度"),
    ],
)
def test_years_are_said_in_words(years: tuple[int | None, int | None], words: str) -> None:
    assert in_words(years) == words
