from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.catalog.scheme_workbook.entries import EntryError, read_entry, write_entry
from jixiao.catalog.scheme_workbook.layouts import EntryKind, EntryLayout
from jixiao.domain.cells import CellError, UnstoredFormula

if TYPE_CHECKING:
    from jixiao.domain.cells import Value

LINE = st.text("产出指标（50）abc=＝ ,.-12", min_size=1).map(str.strip).filter(bool)
NUMBER = st.decimals("0", "99999", places=3).map(lambda n: int(n) if n == n.to_integral_value() else n)
WORDS = {"reached": "达成（如 95%、完成）", "missed": "未达成"}
FLAGS = {"true": "是", "false": "否"}


def layout(kind: EntryKind, **more: object) -> EntryLayout:
    return EntryLayout("it", "某项", kind, **more)  # type: ignore[arg-type]  # each test gives what its kind takes


KINDS = {
    EntryKind.TEXT: (layout(EntryKind.TEXT), LINE),
    EntryKind.LINES: (layout(EntryKind.LINES), st.lists(LINE, min_size=1)),
    EntryKind.NUMBER: (layout(EntryKind.NUMBER), NUMBER),
    EntryKind.SHARE: (layout(EntryKind.SHARE), NUMBER),
    EntryKind.WHOLE: (layout(EntryKind.WHOLE), st.integers(0, 9999)),
    EntryKind.FLAG: (layout(EntryKind.FLAG, words=FLAGS), st.booleans()),
    EntryKind.CHOICE: (layout(EntryKind.CHOICE, words=WORDS), st.sampled_from(sorted(WORDS))),
    EntryKind.CHOICES: (
        layout(EntryKind.CHOICES, words=WORDS),
        st.lists(st.sampled_from(sorted(WORDS)), unique=True, min_size=1),
    ),
    EntryKind.NUMBERS: (
        layout(EntryKind.NUMBERS, words={"standard": "标准"}),
        st.dictionaries(LINE, NUMBER, min_size=1),
    ),
    EntryKind.PAIRS: (
        layout(EntryKind.PAIRS, keys=("bound", "score")),
        st.lists(st.fixed_dictionaries({"bound": NUMBER, "score": NUMBER}), min_size=1),
    ),
    EntryKind.RAW: (
        layout(EntryKind.RAW),
        st.recursive(
            st.one_of(LINE, NUMBER, st.booleans()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["it", "of", "base"]), inner, min_size=1, max_size=2),
            ),
            max_leaves=5,
        ),
    ),
}


@pytest.mark.parametrize("kind", list(EntryKind))
@given(data=st.data())
def test_what_is_written_in_a_cell_reads_back(kind: EntryKind, data: st.DataObject) -> None:
    entry, values = KINDS[kind]
    value = data.draw(values)
    written = write_entry(value, entry)
    assert written is not None
    assert read_entry(written, entry) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (EntryKind.TEXT, 3),
        (EntryKind.TEXT, " 留空 "),
        (EntryKind.LINES, ["一\n二"]),
        (EntryKind.NUMBER, True),
        (EntryKind.NUMBER, "十"),
        (EntryKind.WHOLE, Decimal("1.5")),
        (EntryKind.FLAG, "true"),
        (EntryKind.CHOICES, "reached"),
        (EntryKind.NUMBERS, {"产出": "多"}),
        (EntryKind.PAIRS, [{"bound": 1}]),
    ],
)
def test_what_has_no_cell_of_its_kind_is_not_written(kind: EntryKind, value: object) -> None:
    assert write_entry(value, KINDS[kind][0]) is None


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (EntryKind.NUMBER, " １,２００.５ ", Decimal("1200.5")),
        (EntryKind.NUMBER, Decimal("90.0"), 90),
        (EntryKind.SHARE, "80%", Decimal("0.8")),
        (EntryKind.SHARE, "８０％", Decimal("0.8")),
        (EntryKind.FLAG, True, True),
        (EntryKind.TEXT, Decimal("2024.0"), "2024"),
        (EntryKind.CHOICE, "达成", "reached"),
        (EntryKind.CHOICE, "missed", "missed"),
        (EntryKind.CHOICES, "未达成、达成（如 95%、完成）", ["missed", "reached"]),
        (EntryKind.NUMBERS, "产出指标 = 50\n\n效益指标：30", {"产出指标": 50, "效益指标": 30}),
        (EntryKind.NUMBERS, "标准＝100\npoints＝0.5", {"standard": 100, "points": Decimal("0.5")}),
        (EntryKind.LINES, " 甲 \n\n乙", ["甲", "乙"]),
    ],
)
def test_officers_write_as_they_are_used_to(kind: EntryKind, cell: Value, value: object) -> None:
    assert read_entry(cell, KINDS[kind][0]) == value


@pytest.mark.parametrize(
    ("kind", "cell", "message"),
    [
        (EntryKind.NUMBER, "九十", "应填数字，现为“九十”。"),
        (EntryKind.NUMBER, "NaN", "应填数字，现为“NaN”。"),
        (EntryKind.NUMBER, "90%", "应填数字，现为“90%”。"),
        (EntryKind.WHOLE, Decimal("1.5"), "应填整数，现为“1.5”。"),
        (EntryKind.CHOICE, "很好", "没有“很好”这个选项，可用：“达成（如 95%、完成）”、“未达成”。"),
        (EntryKind.FLAG, "对", "没有“对”这个选项，可用：“是”、“否”。"),
        (EntryKind.NUMBERS, "产出指标50", "“产出指标50”应写作“名称＝数字”，一行一个。"),
        (EntryKind.NUMBERS, "产出＝五十", "“产出＝五十”应写作“名称＝数字”，一行一个。"),
        (EntryKind.NUMBERS, "产出＝1\n产出＝2", "“产出”写了不止一次。"),
        (EntryKind.TEXT, CellError("#REF!"), "公式没有结果，请直接填写内容。"),
        (EntryKind.TEXT, UnstoredFormula("=A1"), "公式没有结果，请直接填写内容。"),
        (EntryKind.TEXT, datetime(2024, 1, 1, tzinfo=UTC), "不应为日期或时间，请按文字或数字填写。"),
    ],
)
def test_what_cannot_be_understood_says_what_can(kind: EntryKind, cell: Value, message: str) -> None:
    with pytest.raises(EntryError) as error:
        read_entry(cell, KINDS[kind][0])
    assert str(error.value) == message


def test_a_percentage_is_refused_where_points_are_meant() -> None:
    with pytest.raises(EntryError) as error:
        read_entry(Decimal("0.9"), KINDS[EntryKind.NUMBER][0], percent=True)
    assert str(error.value) == "应填不带 % 的数字：把单元格格式改为常规，再填 90。"


def test_raw_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(EntryError, match=r"^应按方案文件的写法（TOML）填写："):
        read_entry("甲乙", KINDS[EntryKind.RAW][0])
