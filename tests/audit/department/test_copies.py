from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.audit.department import copies
from jixiao.audit.department.copies import find_copies, long_texts
from tests.builders.schemes import PROJECT, scheme
from tests.builders.submissions import good_project, with_indicator

if TYPE_CHECKING:
    import pytest

    from jixiao.domain.findings import Hint
    from jixiao.domain.submissions import Submission

SCHEME = scheme()
TEXT = (
    "因年中机构改革人员划转较晚，设备采购推迟到第四季度才完成招标，下一步将提前编制采购计划并按月通报进度。"
)
OTHER = (
    "受连续暴雨影响，沿河三个乡镇的渠道清淤停工二十余天，雨季结束后已增派机械追赶，年底前全部补齐剩余工程量。"
)


def form(department: str, reason: str) -> Submission:
    """A project form of a department of its own file whose first indicator has that reason."""
    given = with_indicator(good_project(PROJECT), 0, reason=reason)
    name = f"{department} 项目"
    entries = given.indicators[0].entries
    cell = replace(entries["reason"], ref=entries["reason"].ref._replace(file=f"{department}.xlsx"))
    first = replace(given.indicators[0], entries={**entries, "reason": cell})
    return replace(
        given, submission_id=name, department=department, indicators=(first, *given.indicators[1:])
    )


def found(*forms: Submission) -> dict[str, tuple[Hint, ...]]:
    texts = {each.submission_id: long_texts(each) for each in forms}
    return find_copies(forms, texts, SCHEME)


def test_a_text_of_another_department_is_found_from_both_sides() -> None:
    hints = found(form("甲局", TEXT), form("乙局", TEXT), form("丙局", OTHER))
    assert set(hints) == {"甲局", "乙局"}
    (hint,) = hints["甲局"]
    assert (hint.finding.code, hint.finding.subject, hint.strength) == ("Q106", "甲局 项目", 80)
    assert hint.finding.figures["department"] == "“乙局”"
    assert (hint.finding.figures["likeness"], hint.finding.figures["count"]) == ("100%", "1")
    assert hint.finding.figures["examples"].startswith("因年中机构改革")


def test_a_text_of_several_departments_is_told_once_to_each() -> None:
    hints = found(form("甲局", TEXT), form("乙局", TEXT), form("丙局", TEXT))
    assert {name: len(each) for name, each in hints.items()} == {"甲局": 1, "乙局": 1, "丙局": 1}
    (hint,) = hints["丙局"]
    assert hint.finding.figures["department"] == "“甲局”等 2 个部门"
    assert len(hint.finding.evidence) == 2


def test_figures_and_marks_do_not_make_a_text_another() -> None:
    changed = TEXT.replace("第四季度", "第 4 季度").replace("，", "；").replace("通报", "督促通报")
    assert set(found(form("甲局", TEXT), form("乙局", changed))) == {"甲局", "乙局"}


def test_other_texts_and_short_ones_are_nobodys_copies() -> None:
    assert found(form("甲局", TEXT), form("乙局", OTHER)) == {}
    short = TEXT[: copies.SHORTEST - 5]
    assert found(form("甲局", short), form("乙局", short)) == {}


def test_what_one_department_says_twice_is_its_own() -> None:
    again = replace(form("甲局", TEXT), submission_id="另一项目")
    assert found(form("甲局", TEXT), again) == {}


def test_what_many_departments_have_is_the_forms_own_text() -> None:
    assert found(*(form(f"{number}局", TEXT) for number in range(7))) == {}


def test_the_likeness_wanted_is_the_schemes() -> None:
    half = TEXT[:30] + OTHER[:25]
    texts = [form("甲局", TEXT), form("乙局", half)]
    assert found(*texts) == {}
    keys = {each.submission_id: long_texts(each) for each in texts}
    loose = replace(SCHEME, signals=replace(SCHEME.signals, similarity=50))
    assert set(find_copies(texts, keys, loose)) == {"甲局", "乙局"}


def test_few_texts_are_compared_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four hundred departments with texts of their own: not eighty thousand comparisons."""
    compared: list[str] = []

    def counted(first: str, _second: str, *, score_cutoff: int) -> float:
        compared.append(first)
        return float(score_cutoff)

    monkeypatch.setattr("jixiao.audit.department.copies.fuzz.ratio", counted)
    forms = [form(f"{number}局", _own(number)) for number in range(400)]
    found(*forms)
    assert len(compared) < len(forms) * 5


def _own(number: int) -> str:
    """A text that nobody else has: characters of its own in every piece."""
    return "".join(chr(0x4E00 + (number * 37 + place * 101) % 20000) for place in range(60))
