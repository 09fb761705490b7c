"""Which form a sheet holds, and that knowing it costs the same however many forms there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jixiao.extraction.recognise import Contested, Recognised, Unrecognised, recognise
from jixiao.extraction.vocabulary import Vocabulary
from tests.builders.forms import overall_form, project_form
from tests.builders.readings import national, recognised, vocabulary
from tests.builders.sheets import HEADER_ROW, PROJECT, TITLE_ROW, project, sheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from jixiao.domain.forms import FormLayout

OVERALL_ID, PROJECT_ID = "overall-self-evaluation", "project-self-evaluation"


def titled(title: str) -> str:
    return project((TITLE_ROW, TITLE_ROW.replace("2024年度项目支出绩效自评表", title)))


@pytest.mark.parametrize(
    "title",
    [
        "项目支出绩效自评表",
        "2024年度省级项目支出绩效自评表（附件3）",
        "2024 年度 项 目 支 出 绩 效 自 评 表",
        "专项资金绩效自评表",
        "项目支出⏎绩效自评表",
        "绩效自评",
        "",
    ],
)
def test_a_project_form_by_its_title_or_its_words(title: str) -> None:
    assert recognised(sheet(titled(title))) == [PROJECT_ID]


def test_the_longest_title_decides() -> None:
    assert vocabulary().titles_in("2024年度部门整体支出绩效自评表") == {OVERALL_ID}
    assert vocabulary().titles_in("项目支出绩效自评表（部门整体支出）") == set()
    assert vocabulary().titles_in("项目支出绩效自评汇总表") == set()
    assert vocabulary().titles_in("关于报送项目支出绩效自评表的通知") == {PROJECT_ID}


@pytest.mark.parametrize(
    "text",
    [
        "目录\n序号 | 表名\n1 | 部门整体支出绩效自评表\n2 | 项目支出绩效自评表",
        "2024年度自评材料目录\n1.部门整体支出绩效自评表\n2.项目支出绩效自评表\n3.附件",
    ],
)
def test_a_directory_is_no_form(text: str) -> None:
    (found,) = recognise(sheet(text), vocabulary())
    assert isinstance(found, Unrecognised)
    assert found.is_directory


def test_a_title_without_a_form_says_what_was_looked_for() -> None:
    (found,) = recognise(sheet("2024年度项目支出绩效自评表\n项目名称 | 虚构工程"), vocabulary())
    assert isinstance(found, Unrecognised)
    assert not found.is_directory
    assert found.nearest is not None
    assert (found.nearest.id, found.found) == (PROJECT_ID, ("项目名称",))
    assert found.missing[:3] == ("主管部门", "全年预算数", "全年执行数")


def test_another_sheet_has_no_nearest_form() -> None:
    (found,) = recognise(sheet("通讯录\n姓名 | 房间"), vocabulary())
    assert found == Unrecognised(found.region)


def test_two_forms_with_the_same_words_contest_a_sheet() -> None:
    forms = (national().form(PROJECT_ID), replace(national().form(PROJECT_ID), id="twin"))
    (found,) = recognise(sheet(PROJECT), Vocabulary(forms))
    assert isinstance(found, Contested)
    assert [layout.id for layout in found.candidates] == [PROJECT_ID, "twin"]


def test_different_forms_in_one_sheet_keep_their_order() -> None:
    upper, lower = overall_form().grid(), project_form().grid()
    below = {(row + upper.height + 2, column): value for (row, column), value in lower.values.items()}
    merged = tuple(
        replace(area, top=area.top + upper.height + 2, bottom=area.bottom + upper.height + 2)
        for area in lower.merged
    )
    both = replace(upper, values={**upper.values, **below}, merged=(*upper.merged, *merged))
    assert recognised(both) == [OVERALL_ID, PROJECT_ID]


def test_the_region_of_the_upper_form_ends_where_the_lower_begins() -> None:
    second = PROJECT.replace("虚构管网改造项目", "虚构水表更换项目")
    found = recognise(sheet(f"{PROJECT}\n\n{second}"), vocabulary())
    height = len(PROJECT.strip("\n").split("\n"))
    assert [(each.region.top, each.region.bottom) for each in found] == [
        (0, height + 3),
        (height + 3, 2 * height + 3),
    ]


def test_a_mention_of_the_title_below_the_form_is_no_form() -> None:
    assert recognised(sheet(f"{PROJECT}注：另附项目支出绩效自评表。\n")) == [PROJECT_ID]


class _CountingVocabulary(Vocabulary):
    """Counts what recognition looks at: meanings of label keys, and titles held against a text."""

    def __init__(self, layouts: Iterable[FormLayout]) -> None:
        self.looks = 0
        super().__init__(tuple(layouts))

    def found(self, keys: AbstractSet[str]) -> dict[str, set[str]]:
        found = super().found(keys)
        self.looks += sum(map(len, found.values()))
        return found

    def found_of(self, form: str, keys: AbstractSet[str]) -> set[str]:
        self.looks += len(keys)
        return super().found_of(form, keys)

    def titles_in(self, text: str) -> frozenset[str]:
        found = super().titles_in(text)
        self.looks += 1 + len(found)
        return found


def _variants(count: int) -> list[FormLayout]:
    """So many forms with the same words and titles of their own, as jurisdictions have them."""
    layout = national().form(PROJECT_ID)
    others = [
        replace(layout, id=f"form-{number}", titles=(f"项目支出第{number}种绩效自评表",))
        for number in range(count - 1)
    ]
    return [layout, *others]


def test_recognition_costs_the_same_with_three_and_with_fifty_forms() -> None:
    looks = []
    for count in (3, 50):
        words = _CountingVocabulary(_variants(count))
        (found,) = recognise(sheet(PROJECT), words)
        assert isinstance(found, Recognised)
        assert found.layout.id == PROJECT_ID
        looks.append(words.looks)
    assert 0 < looks[1] < 1.5 * looks[0]


def test_header_words_alone_are_no_form() -> None:
    assert recognised(sheet(HEADER_ROW)) == ["?"]


def test_forms_beside_one_another_under_titles_in_different_rows() -> None:
    left = ["附件3-1 | <", *project().strip("\n").split("\n")]
    right = [*project().strip("\n").split("\n"), ""]
    pad = [line + " | " * (7 - line.count("|")) for line in left]
    text = "\n".join(f"{one} |  | {other}" for one, other in zip(pad, right, strict=True))
    assert recognised(sheet(text)) == ["project-self-evaluation", "project-self-evaluation"]


@pytest.mark.parametrize(
    ("named", "forms"),
    [
        (True, ["project-self-evaluation", "project-self-evaluation"]),
        (False, ["project-self-evaluation"]),
    ],
)
def test_a_form_with_unknown_words_beside_one_that_has_all_its_names(named: bool, forms: list[str]) -> None:  # noqa: FBT001
    """Where what stands to the right lacks names, those of the left are meant for it as well."""
    left = project(("主管部门", "牵头机构"), ("年初预算数", "甲"), ("全年预算数", "乙"), ("全年执行数", "丙"))
    right = project() if named else project(("项目支出名称", "何事"), ("主管部门", "何人"))
    lines = [each.strip("\n").split("\n") for each in (left, right)]
    pad = [line + " | " * (7 - line.count("|")) for line in lines[0]]
    text = "\n".join(f"{one} |  | {other}" for one, other in zip(pad, lines[1], strict=True))
    assert recognised(sheet(text)) == forms
