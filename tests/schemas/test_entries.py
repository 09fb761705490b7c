from dataclasses import replace
from decimal import Decimal
from time import process_time

import pytest

from jixiao.domain.cells import CellRef
from jixiao.domain.findings import Finding, Place
from jixiao.domain.submissions import Entry, State, Submission
from jixiao.schemas.entries import validate_entries
from tests.builders.evaluations import (
    OVERALL_SHEET,
    PROJECT_SHEETS,
    large_evaluation,
    number,
    scheme,
    submission,
)

FORM = PROJECT_SHEETS[0]
ID, FILE, SHEET = f"{FORM.file}#{FORM.sheet}", FORM.file, FORM.sheet


def with_fund(column: str, entry: Entry, line: int = 0) -> Submission:
    form = submission(FORM)
    lines = list(form.lines)
    lines[line] = replace(lines[line], entries={**lines[line].entries, column: entry})
    return replace(form, lines=tuple(lines))


def with_indicator(**entries: Entry) -> Submission:
    form = submission(FORM)
    indicators = list(form.indicators)
    indicators[0] = replace(indicators[0], entries={**indicators[0].entries, **entries})
    return replace(form, indicators=tuple(indicators))


def ref(row: int, column: int) -> CellRef:
    return CellRef(FILE, SHEET, row, column)


def test_correct_forms_give_no_finding() -> None:
    assert (
        validate_entries([submission(sheet) for sheet in (OVERALL_SHEET, *PROJECT_SHEETS)], 2024, scheme())
        == []
    )


def test_no_forms_give_no_finding() -> None:
    assert validate_entries([], 2024, scheme()) == []


@pytest.mark.parametrize(
    ("column", "title"),
    [
        ("initial_budget", "年初预算数"),
        ("annual_budget", "全年预算数"),
        ("executed", "全年执行数"),
    ],
)
def test_negative_amount_is_named_at_its_cell(column: str, title: str) -> None:
    form = with_fund(column, number("-0.01", ref(5, 9)))
    assert validate_entries([form], 2024, scheme()) == [
        Finding(
            code="V102",
            place=Place(FILE, SHEET, "J6"),
            subject=ID,
            label=f"年度资金总额·{title}",
            reported="-0.01",
            expected="不小于 0",
        )
    ]


def test_a_column_that_the_form_s_layout_lacks_is_called_by_its_row() -> None:
    (found,) = validate_entries([with_fund("carryover", number("-0.01", ref(5, 9)))], 2024, scheme())
    assert (found.code, found.label) == ("V102", "年度资金总额")


@pytest.mark.parametrize("column", ["adjustment", "balance", "prior_executed"])
def test_amounts_that_may_be_negative(column: str) -> None:
    assert validate_entries([with_fund(column, number("-49.8", ref(5, 9)))], 2024, scheme()) == []


@pytest.mark.parametrize(("score", "expected"), [("50.01", "0 至 50"), ("-0.01", "0 至 50")])
def test_score_outside_its_weight(score: str, expected: str) -> None:
    form = with_indicator(self_score=number(score, ref(20, 7)))
    assert validate_entries([form], 2024, scheme()) == [
        Finding(
            code="S102",
            place=Place(FILE, SHEET, "H21"),
            subject=ID,
            label="举办主题宣传活动（次）",
            reported=score,
            expected=expected,
            figures={"weight": "50"},
        )
    ]


@pytest.mark.parametrize("score", ["50", "0", "50.0000000000001"])
def test_score_within_its_weight(score: str) -> None:
    assert validate_entries([with_indicator(self_score=number(score, ref(20, 7)))], 2024, scheme()) == []


def test_execution_score_above_its_weight() -> None:
    form = with_fund("self_score", number("10.5", ref(5, 8)))
    found = validate_entries([form], 2024, scheme())
    assert [(each.code, each.place.cell, each.label, each.expected) for each in found] == [
        ("S102", "I6", "年度资金总额·得分", "0 至 10")
    ]


def test_negative_score_without_a_weight_has_no_upper_bound() -> None:
    entry = number("-1", ref(20, 7))
    form = with_indicator(weight=Entry(ref(20, 6), State.TEXT, "五十"), self_score=entry)
    assert validate_entries([form], 2024, scheme()) == [
        Finding(
            code="S102",
            place=Place(FILE, SHEET, "H21"),
            subject=ID,
            label="举办主题宣传活动（次）",
            reported="-1",
            expected="不小于 0",
        )
    ]


def test_negative_total() -> None:
    form = submission(FORM)
    form = replace(form, total={**form.total, "self_score": number("-1", ref(40, 7))})
    found = validate_entries([form], 2024, scheme())
    assert [(each.code, each.place.cell, each.label) for each in found] == [("S102", "H41", "总分")]


@pytest.mark.parametrize(
    ("column", "cell", "title"),
    [("target", "E21", "年度指标值"), ("actual", "F21", "实际完成值"), ("weight", "G21", "分值")],
)
def test_required_cell_left_blank(column: str, cell: str, title: str) -> None:
    entry = submission(FORM).indicators[0].entries[column]
    form = with_indicator(**{column: Entry(entry.ref, State.BLANK)})
    assert validate_entries([form], 2024, scheme()) == [
        Finding(
            code="V103",
            place=Place(FILE, SHEET, cell),
            subject=ID,
            label=f"举办主题宣传活动（次）·{title}",
        )
    ]


def test_a_dash_says_nothing_happened() -> None:
    assert validate_entries([with_indicator(actual=Entry(ref(20, 5), State.DASH, "-"))], 2024, scheme()) == []


def test_indicator_without_a_name_among_named_ones() -> None:
    form = submission(FORM)
    form = replace(form, indicators=(replace(form.indicators[0], level3=""), *form.indicators[1:]))
    found = validate_entries([form], 2024, scheme())
    assert [(each.code, each.place.cell, each.label) for each in found] == [
        ("V103", "D21", "数量指标·三级指标")
    ]


def test_form_without_third_level_names() -> None:
    form = submission(FORM)
    bare = tuple(replace(each, level3="") for each in form.indicators)
    assert validate_entries([replace(form, indicators=bare)], 2024, scheme()) == []


@pytest.mark.parametrize("state", [State.BLANK, State.DASH])
def test_score_left_empty(state: State) -> None:
    found = validate_entries([with_indicator(self_score=Entry(ref(20, 7), state))], 2024, scheme())
    assert found == [
        Finding(code="S110", place=Place(FILE, SHEET, "H21"), subject=ID, label="举办主题宣传活动（次）")
    ]


def test_merged_weight_scored_once_asks_for_no_other_score() -> None:
    form = submission(FORM)
    first, second, third = form.indicators
    shared = first.entries["weight"]
    second = replace(
        second, entries={**second.entries, "weight": shared, "self_score": Entry(ref(21, 7), State.BLANK)}
    )
    assert validate_entries([replace(form, indicators=(first, second, third))], 2024, scheme()) == []


def test_row_without_points_where_the_weights_are_complete() -> None:
    form = submission(FORM)
    first, second, third = form.indicators
    third = replace(
        third,
        entries={
            **third.entries,
            "weight": Entry(ref(22, 6), State.BLANK),
            "self_score": Entry(ref(22, 7), State.BLANK),
        },
    )
    incomplete = replace(form, indicators=(first, second, third))
    complete = replace(incomplete, total={**form.total, "weight": number("90", ref(40, 6))})
    assert validate_entries([complete], 2024, scheme()) == []
    assert [(each.code, each.place.cell) for each in validate_entries([incomplete], 2024, scheme())] == [
        ("V103", "G23")
    ]


@pytest.mark.parametrize(
    ("column", "title"),
    [("annual_budget", "全年预算数"), ("executed", "全年执行数"), ("execution_rate", "执行率")],
)
def test_a_figure_that_every_total_line_has(column: str, title: str) -> None:
    """The amounts by themselves; the rate where there is something to divide."""
    form = with_fund(column, Entry(ref(5, 4), State.BLANK))
    assert validate_entries([form], 2024, scheme()) == [
        Finding(code="V103", place=Place(FILE, SHEET, "E6"), subject=ID, label=f"年度资金总额·{title}")
    ]


@pytest.mark.parametrize("column", ["annual_budget", "executed"])
@pytest.mark.parametrize("amount", ["0", "—"])
def test_no_rate_is_asked_for_where_nothing_was_planned_or_spent(column: str, amount: str) -> None:
    form = with_fund("execution_rate", Entry(ref(5, 8), State.BLANK))
    state = State.DASH if amount == "—" else State.NUMBER
    value = None if amount == "—" else Decimal(amount)
    first, *others = form.lines
    entry = Entry(ref(5, 4), state, amount, value)
    bare = replace(form, lines=(replace(first, entries={**first.entries, column: entry}), *others))
    assert validate_entries([bare], 2024, scheme()) == []


def test_a_figure_is_asked_for_in_the_total_line_only() -> None:
    form = with_fund("executed", Entry(ref(6, 5), State.BLANK), line=1)
    assert validate_entries([form], 2024, scheme()) == []


@pytest.mark.parametrize(
    ("field", "title", "assumed"),
    [
        ("project", "项目名称", ()),
        ("grade", "自评等级", ("表上没有写明该栏由财政部门填写，按部门应填看待",)),
    ],
)
def test_a_field_that_has_to_be_filled_where_it_stands(
    field: str, title: str, assumed: tuple[str, ...]
) -> None:
    form = submission(FORM)
    blank = replace(form, fields={field: Entry(ref(2, 3), State.BLANK)})
    assert validate_entries([blank], 2024, scheme()) == [
        Finding(code="V103", place=Place(FILE, SHEET, "D3"), subject=ID, label=title, assumed=assumed)
    ]


def test_a_total_that_was_not_written_below_the_scores() -> None:
    form = submission(FORM)
    blank = replace(form, total={**form.total, "self_score": Entry(ref(40, 7), State.BLANK)})
    assert validate_entries([blank], 2024, scheme()) == [
        Finding(code="V103", place=Place(FILE, SHEET, "H41"), subject=ID, label="总分")
    ]


@pytest.mark.parametrize(("state", "codes"), [(State.BLANK, [("S110", "H41")]), (State.DASH, [])])
def test_a_total_that_nobody_gave_is_one_of_the_scores_not_given(
    state: State, codes: list[tuple[str, str]]
) -> None:
    form = submission(FORM)
    unscored = tuple(
        replace(each, entries={name: cell for name, cell in each.entries.items() if name != "self_score"})
        for each in form.indicators
    )
    total = {**form.total, "self_score": Entry(ref(40, 7), state)}
    found = validate_entries([replace(form, indicators=unscored, total=total)], 2024, scheme())
    assert [(each.code, each.place.cell) for each in found] == codes
    assert [each.label for each in found] == ["总分"] * len(codes)


def test_a_total_in_the_head_or_merged_with_the_weight_is_written() -> None:
    form = submission(FORM)
    blank = replace(form, total={**form.total, "self_score": Entry(ref(40, 7), State.BLANK)})
    headed = replace(blank, fields={"total_score": number("98", ref(1, 7))})
    merged = replace(form, total={name: Entry(ref(40, 6), State.BLANK) for name in ("weight", "self_score")})
    assert validate_entries([headed, merged], 2024, scheme()) == []


def test_columns_that_the_form_lacks_are_not_missed() -> None:
    form = submission(FORM)
    bare = tuple(replace(each, entries={}) for each in form.indicators)
    assert validate_entries([replace(form, indicators=bare, lines=(), total={})], 2024, scheme()) == []


def test_year_other_than_the_rounds() -> None:
    found = validate_entries([submission(FORM), submission(OVERALL_SHEET)], 2023, scheme())
    assert found[0] == Finding(
        code="X101",
        place=Place(FILE, SHEET, "A1"),
        subject=ID,
        label="年度",
        reported="2024",
        expected="2023",
        figures={"year": "2023"},
    )
    assert [each.place.sheet for each in found] == ["附件3-1", "附件2"]


def test_year_is_named_where_it_is_printed() -> None:
    form = submission(FORM)
    printed = replace(form, fields={"year": number("2023", ref(1, 4))}, year=2023)
    assert [each.place.cell for each in validate_entries([printed], 2024, scheme())] == ["E2"]
    untitled = replace(form, title=None, year=2023)
    assert [each.place for each in validate_entries([untitled], 2024, scheme())] == [Place(FILE, SHEET)]


def test_form_without_a_year() -> None:
    assert validate_entries([replace(submission(FORM), year=None)], 2024, scheme()) == []


def test_shared_cell_is_named_once() -> None:
    form = submission(FORM)
    cell = number("-5", ref(5, 3))
    lines = tuple(replace(line, entries={**line.entries, "initial_budget": cell}) for line in form.lines[:2])
    found = validate_entries([replace(form, lines=lines)], 2024, scheme())
    assert [(each.code, each.place.cell) for each in found] == [("V102", "D6")]


def test_figures_beyond_any_budget_are_left_to_others() -> None:
    assert validate_entries([with_fund("executed", number("1e300", ref(5, 5)))], 2024, scheme()) == []


def test_two_hundred_forms_take_less_than_two_seconds() -> None:
    forms = large_evaluation(30).submissions
    validate_entries(forms[:1], 2024, scheme())
    start = process_time()
    validate_entries(forms, 2024, scheme())
    assert process_time() - start < 2
