"""A round that is set up wrongly is refused before any input is opened, and told what to do."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from jixiao.pipeline import ConfigurationError, find_rounds, load_round, round_folders
from tests.builders.folders import round_folder

SETTINGS = (
    "year",
    "roster",
    "books",
    "deadline",
    "resubmit_by",
    "history",
    "waivers",
    "sample_seed",
    "word",
    "notify",
)


def test_all_rounds_are_found_by_name(tmp_path: Path) -> None:
    round_folder(tmp_path / "inputs", "乙")
    round_folder(tmp_path / "inputs", "甲")
    (tmp_path / "inputs" / ".隐藏").mkdir()
    (tmp_path / "inputs" / "说明.txt").touch()
    rounds = find_rounds(tmp_path / "inputs")
    assert [(each.name, each.round.year, each.round.scheme.id) for each in rounds] == [
        ("乙", 2024, "hunan-provincial"),
        ("甲", 2024, "hunan-provincial"),
    ]


def test_one_round_that_cannot_be_used_does_not_hide_the_others(tmp_path: Path) -> None:
    round_folder(tmp_path, "好")
    (tmp_path / "缺").mkdir()
    assert round_folders(tmp_path) == (tmp_path / "好", tmp_path / "缺")
    assert load_round(tmp_path / "好").name == "好"
    with pytest.raises(ConfigurationError, match="评价批次 缺 缺少设置文件"):
        load_round(tmp_path / "缺")


def test_a_folder_that_is_no_round_may_be_moved_away(tmp_path: Path) -> None:
    (tmp_path / "往年资料").mkdir()
    with pytest.raises(ConfigurationError, match=r"如果它不是评价批次，请移出收件文件夹。$"):
        load_round(tmp_path / "往年资料")


def test_settings_that_cannot_be_read_name_the_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = round_folder(tmp_path)

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(
        ConfigurationError, match=r"^评价批次 批次 的设置无法读取（没有权限，或正被其他程序打开）"
    ):
        load_round(folder)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    folder = round_folder(tmp_path)
    (folder / "round.toml").write_text('scheme = "national"\nyear = 2023\n', encoding="utf-8-sig")
    (found,) = find_rounds(tmp_path)
    assert (found.round.scheme.id, found.round.year) == ("national", 2023)


def test_missing_inputs_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path / "无")
    assert str(refused.value) == (
        f"找不到收件文件夹 {tmp_path / '无'}。"
        "请先用 jixiao new 批次 --scheme 方案 --year 年度 新建评价批次，或用 --inputs 指明文件夹。"
    )


def test_empty_inputs_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"里没有评价批次。请用 jixiao new 批次 "):
        find_rounds(tmp_path)


def test_unknown_round(tmp_path: Path) -> None:
    round_folder(tmp_path)
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path, ["无此 批次"])
    assert str(refused.value) == (
        f"找不到评价批次文件夹 {tmp_path / '无此 批次'}。请核对批次名称（已有：批次）；"
        '新建：jixiao new "无此 批次" --scheme 方案 --year 年度'
    )


def test_round_without_settings_names_the_file_to_write(tmp_path: Path) -> None:
    (tmp_path / "批次").mkdir()
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    assert str(refused.value).startswith(
        f"评价批次 批次 缺少设置文件 {tmp_path / '批次' / 'round.toml'}。"
        "可用 jixiao new 批次 --scheme 方案 --year 年度 生成，或自行新建，内容至少两行：scheme ="
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("year = 2024", "缺少 scheme，内容至少两行"),
        ('scheme = "national"', "缺少 year，内容至少两行"),
        ('scheme = "national"\nyear = "2024"', '中 year 应为整数（不加引号），现为 "2024"。'),
        ('scheme = "national"\nyear = true', "中 year 应为整数（不加引号），现为 true。"),
        ("scheme = 1\nyear = 2024", "中 scheme 应为文字（加双引号），现为 1。"),
        ('scheme = "national"\nyear = 2024\nroster = 1', "中 roster 应为文字（名册的文件名，加双引号"),
        ('scheme = "national"\nyear = 2024\nbooks = true', "中 books 应为文字（账面数的文件名，加双引号"),
        (
            'scheme = "national"\nyear = 2024\ndeadline = "2025-04-30"',
            "中 deadline 应为日期或日期和时间（不加引号，如 2025-04-30 或 2025-04-30 18:00:00），现为",
        ),
        (
            'scheme = "national"\nyear = 2024\nyaer = 1',
            "、".join(("中 yaer 不是可用的设置项，可用：scheme", *SETTINGS)) + "。是不是要写 year？",
        ),
        ('scheme = ""\nyear = 2024', "缺少 scheme，内容至少两行"),
        ("Scheme = 1\nyear = 2024", "中 Scheme 不是可用的设置项"),
        ("[round]\nyear = 2024", "中 round 不是可用的设置项"),
        (
            'scheme = "national"\nyear = 2024\nhistory = "10"',
            '中 history 应为整数（保留几次历次结果，不加引号），现为 "10"。',
        ),
        (
            'scheme = "national"\nyear = 2024\nhistory = -1',
            "中 history 应为不小于 0 的整数（保留几次历次结果），现为 -1。",
        ),
        (
            'scheme = "national"\nyear = 2024\nnotify = true',
            '中 notify 应为文字（运行后通知到什么程度，加双引号，如 "brief"），现为 true。',
        ),
        (
            'scheme = "national"\nyear = 2024\nnotify = "all"',
            '中 notify 应为 "off"（不通知）、"brief"（只有数字）或 "full"（另有文件名和结果位置），现为 all',
        ),
        ("scheme = national\nyear = 2024", "round.toml 第 1 行“scheme = national”：文字要加英文双引号。"),
        ('scheme = "无此方案"\nyear = 2024', "指定的评价方案无法使用："),
    ],
)
def test_broken_settings(tmp_path: Path, settings: str, said: str) -> None:
    round_folder(tmp_path, settings=settings)
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    assert said in str(refused.value)
    assert "round.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("line", "notify"), [("", "brief"), ('notify = "full"', "full"), ('notify = "off"', "off")]
)
def test_how_much_is_told_of_a_round(tmp_path: Path, line: str, notify: str) -> None:
    round_folder(tmp_path, settings=f'scheme = "national"\nyear = 2024\n{line}\n')
    (found,) = find_rounds(tmp_path)
    assert found.notify == notify


@pytest.mark.parametrize("year", [24, 204, 1999, 20244, datetime.now().astimezone().year + 2])
def test_a_year_that_cannot_be_meant(tmp_path: Path, year: int) -> None:
    round_folder(tmp_path, settings=f'scheme = "national"\nyear = {year}\n')
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    latest = datetime.now().astimezone().year + 1
    assert str(refused.value) == (
        f"设置文件 {tmp_path / '批次' / 'round.toml'} 中 year "
        f"应为四位数的评价年度（2000 至 {latest}，不加引号），现为 {year}。"
    )


def test_a_year_that_the_scheme_is_not_for(tmp_path: Path) -> None:
    round_folder(tmp_path, settings='scheme = "national"\nyear = 2019\n')
    with pytest.raises(ConfigurationError) as refused:
        find_rounds(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / '批次' / 'round.toml'} 指定的评价方案无法使用：national.toml 第 6 行 first_year："
        "本方案适用于 2020 年度及以后，不适用于 2019 年度。"
        "没有适用 2019 年度的方案；请核对年度，或改用、另写方案。"
    )


@pytest.mark.parametrize("year", [2020, 2024, datetime.now().astimezone().year + 1])
def test_a_year_that_can_be_meant(tmp_path: Path, year: int) -> None:
    round_folder(tmp_path, settings=f'scheme = "national"\nyear = {year}\n')
    assert find_rounds(tmp_path)[0].round.year == year


@pytest.mark.parametrize(("said", "kept"), [("", 10), ("history = 0\n", 0), ("history = 3\n", 3)])
def test_how_many_earlier_results_are_kept(tmp_path: Path, said: str, kept: int) -> None:
    round_folder(tmp_path, settings=f'scheme = "national"\nyear = 2024\n{said}')
    assert find_rounds(tmp_path)[0].history == kept


def test_settings_in_a_foreign_encoding(tmp_path: Path) -> None:
    folder = round_folder(tmp_path)
    (folder / "round.toml").write_bytes('# 说明\nscheme = "national"\nyear = 2024\n'.encode("gbk"))
    (found,) = find_rounds(tmp_path)
    assert found.round.year == 2024
