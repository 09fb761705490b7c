"""What concerns no department: a folder of foreign files is one line, what may be a form is not lost."""

from __future__ import annotations

import pytest

from jixiao.domain.findings import Finding, Place
from jixiao.evaluating.briefs import tell_folders, tell_sheets


def unknown(file: str, nearest: str = "") -> Finding:
    return Finding(code="L101", place=Place(file, "Sheet1"), label=nearest)


def test_a_folder_of_foreign_files_is_one_finding() -> None:
    sheets = [
        Finding(code="L101", place=Place(f"旧/资料{n}.xlsx", f"S{s}")) for n in range(40) for s in (1, 2)
    ]
    (told,) = tell_folders(sheets)
    assert (told.code, told.place, told.label) == ("L116", Place("旧"), "")
    assert told.figures == {
        "folder": "旧",
        "count": "80",
        "files": "40",
        "examples": "资料0.xlsx、资料1.xlsx、资料2.xlsx等",
    }


@pytest.mark.parametrize(("count", "codes"), [(5, ["L101"] * 5), (6, ["L116"])])
def test_few_are_told_one_by_one(count: int, codes: list[str]) -> None:
    told = list(tell_folders([unknown(f"{n}.xlsx") for n in range(count)]))
    assert [each.code for each in told] == codes
    assert {each.figures.get("folder", "") for each in told} == {""}


def test_folders_near_forms_and_other_findings_are_told_apart() -> None:
    damaged = Finding(code="F101", place=Place("旧/坏.xlsx"))
    sheets = [
        *(unknown(f"旧/{n}.xlsx") for n in range(9)),
        *(unknown(f"旧/近{n}.xlsx", "项目支出绩效自评表") for n in range(8)),
        *(unknown(f"旧/更旧/{n}.xlsx") for n in range(7)),
        unknown("新/一.xlsx"),
        damaged,
    ]
    told = [
        (each.code, each.place.file, each.label, each.figures.get("count")) for each in tell_folders(sheets)
    ]
    assert told == [
        ("F101", "旧/坏.xlsx", "", None),
        ("L116", "旧", "", "9"),
        ("L116", "旧", "项目支出绩效自评表", "8"),
        ("L116", "旧/更旧", "", "7"),
        ("L101", "新/一.xlsx", "", None),
    ]


def test_many_unknown_sheets_of_a_departments_file_are_one_finding() -> None:
    def sheets(count: int, file: str, nearest: str = "") -> list[Finding]:
        return [
            Finding(code="L101", place=Place(file, f"附表{each}"), label=nearest) for each in range(count)
        ]

    damaged = Finding(code="F101", place=Place("坏.xlsx"))
    found = [*sheets(6, "甲.xlsx"), *sheets(5, "乙.xlsx"), *sheets(9, "甲.xlsx", "资金表"), damaged]
    told = [(each.code, each.place.file, each.label, dict(each.figures)) for each in tell_sheets(found)]
    assert told == [
        ("F101", "坏.xlsx", "", {}),
        ("L117", "甲.xlsx", "", {"count": "6", "examples": "《附表0》、《附表1》、《附表2》等"}),
        *(("L101", "乙.xlsx", "", {}) for _ in range(5)),
        ("L117", "甲.xlsx", "资金表", {"count": "9", "examples": "《附表0》、《附表1》、《附表2》等"}),
    ]
