from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.problems import SchemeError
from jixiao.catalog.schemes import load_scheme, validate_file
from jixiao.catalog.seeds import seeds_folder
from jixiao.catalog.words import load_words, refute_words, with_words
from tests.builders.readings import national

if TYPE_CHECKING:
    from pathlib import Path

FORM = "project-self-evaluation"
WORDS = f"""
[{FORM}]
department = ["牵头单位"]
"funds.total" = ["资金盘子"]
"funds..executed" = ["花了多少"]
"indicators.total" = ["末行"]
"""


def own(tmp_path: Path, text: str) -> Path:
    (tmp_path / "words.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_confirmed_words_join_the_labels_of_their_places(tmp_path: Path) -> None:
    form = load_scheme("national", own(tmp_path, WORDS), seeds_folder()).form(FORM)
    funds = form.table("funds")
    assert next(each.labels[-1] for each in form.fields if each.name == "department") == "牵头单位"
    assert next(each.labels[-1] for each in funds.items if each.name == "total") == "资金盘子"
    assert funds.column("executed").labels[-1] == "花了多少"
    assert form.table("indicators").total_labels[-1] == "末行"


def test_without_such_a_file_nothing_is_added(tmp_path: Path) -> None:
    assert load_words(tmp_path, seeds_folder()) == {}
    assert load_scheme("national", tmp_path, seeds_folder()).form(FORM) == national().form(FORM)


@pytest.mark.parametrize(
    ("address", "text", "message"),
    [
        ("funds.totals", "资金盘子", "《项目支出绩效自评表》没有“funds.totals”这个位置。"),
        ("funds.other", "年度资金总额", "“年度资金总额”已是“年度资金总额”的用语，不能又作“其他资金”。"),
        ("indicators..actual", "分值", "“分值”已是“分值”的用语，不能又作“实际完成值”。"),
        ("department", "（）", "“（）”没有可以比对的文字。"),
    ],
)
def test_a_word_that_leads_nowhere_or_means_something_else(address: str, text: str, message: str) -> None:
    assert list(refute_words(national().form(FORM), {address: (text,)})) == [(address, message)]


def test_one_word_may_head_a_column_here_and_name_a_row_there() -> None:
    assert list(refute_words(national().form(FORM), {"funds..executed": ("年度资金总额",)})) == []


def test_a_broken_file_is_named_with_form_and_place(tmp_path: Path) -> None:
    seeds = own(tmp_path, f'[{FORM}]\n"funds.other" = ["年度资金总额"]\n')
    with pytest.raises(SchemeError, match=f"words.toml {FORM}.funds.other：“年度资金总额”已是"):
        load_scheme("national", seeds, seeds_folder())
    assert len(validate_file(seeds / "words.toml", seeds, seeds_folder())) == 1


def test_a_form_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="没有名为“nothing”的报送表"):
        load_words(own(tmp_path, '[nothing]\ndepartment = ["牵头单位"]\n'), seeds_folder())


def test_words_of_other_places_leave_a_layout_as_it_is() -> None:
    form = national().form(FORM)
    assert with_words(form, {"indicators.nowhere": ("某",)}) == form
