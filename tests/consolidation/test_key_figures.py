from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from jixiao.consolidation.edition import Edition
from jixiao.consolidation.key_figures import Measures, measure_sheet, measure_table
from jixiao.domain.findings import Severity
from jixiao.domain.relations import MeasuredValue, MeasureKind
from jixiao.domain.report import Content, Formula, Link, Tone, Toned
from jixiao.domain.submissions import Basis, Inference
from tests.builders.evaluations import FINDINGS, evaluation
from tests.builders.measures import MEASURED, rule

if TYPE_CHECKING:
    from jixiao.domain.rounds import ReportedFinding

EDITION = Edition(evaluation().round, datetime(2025, 4, 17, 9, tzinfo=UTC), "1.0", "../inputs/")
DIFFERENCE = replace(
    MEASURED,
    measure=rule(MeasureKind.DIFFERENCE, of=("a:b",)),
    project="示例项目",
    value=Decimal("109.32"),
    numerator=None,
    denominator=None,
)
UNKNOWN = replace(
    MEASURED, value=None, derivation="缺少：基本支出", refs=(), numerator=None, denominator=None
)
MEAN = replace(MEASURED, measure=rule(MeasureKind.MEAN, of=("a:b",), base=("a:c",)), numerator=None)


def rows(*measures: MeasuredValue) -> tuple[tuple[Content, ...], ...]:
    (sheet,) = measure_sheet(replace(evaluation(), measures=measures), EDITION)
    return sheet.rows


def test_the_table_has_every_measure_with_its_cells() -> None:
    table = measure_table(replace(evaluation(), measures=(MEASURED, UNKNOWN)))
    assert (table.name, table.columns) == ("measures", Measures.columns())
    assert table.rows[0] == (
        *("虚构市示例局", "", "measure", "示例指标", "ratio", Decimal("46.35"), "%"),
        *(Decimal("2291.01"), Decimal("4943.35"), MEASURED.derivation),
        *("虚构局.xlsx#自评表!I10；虚构局.xlsx#自评表!G6", "", ""),
    )
    assert (table.column("value"), table.column("sources")) == (
        [Decimal("46.35"), None],
        ["虚构局.xlsx#自评表!I10；虚构局.xlsx#自评表!G6", ""],
    )


def test_a_ratio_is_live_and_leads_to_its_first_cell() -> None:
    ((_, _, title, above, below, rate, amount, _, unit, *_, source, _, doubt),) = rows(MEASURED)
    assert (title, above, below, amount, unit) == (
        "示例指标",
        Decimal("2291.01"),
        Decimal("4943.35"),
        None,
        "%",
    )
    assert rate == Formula("ROUND([分子]/[分母],4)", Decimal("0.4635"))
    assert doubt is None
    assert source == Link("自评表!I10、G6", file="../inputs/虚构局.xlsx", place="'自评表'!I10")


def test_a_difference_stands_in_a_column_of_its_own() -> None:
    ((_, project, _, _, _, rate, amount, count, unit, *_),) = rows(DIFFERENCE)
    assert (project, rate, amount, count, unit) == ("示例项目", None, Decimal("109.32"), None, "万元")


def test_a_count_is_a_whole_number() -> None:
    counted = replace(MEASURED, measure=rule(MeasureKind.COUNT_BELOW, of=("a:b",)), value=Decimal(3))
    ((*_, rate, amount, count, _, _, _, _, _, _),) = rows(counted)
    assert (rate, amount, count) == (None, None, 3)


def test_of_many_sheets_the_first_are_named() -> None:
    refs = tuple(MEASURED.refs[0]._replace(sheet=f"附件{number}") for number in range(5))
    ((*_, source, _, _),) = rows(replace(MEASURED, refs=refs))
    assert isinstance(source, Link)
    assert source.text == "附件0!I10；附件1!I10；附件2!I10；等 5 张表"


def test_a_mean_has_no_formula() -> None:
    ((*_, rate, _, _, _, _, _, _, _, _),) = rows(MEAN)
    assert rate == Decimal("0.4635")


def test_what_is_not_known_stays_blank_and_says_so() -> None:
    ((_, _, _, above, _, rate, amount, _, unit, derivation, _, source, _, _),) = rows(UNKNOWN)
    assert (above, rate, amount, source) == (None, None, None, None)
    assert (unit, derivation) == (Toned("不掌握", Tone.NOTE), "缺少：基本支出")


def test_without_links_the_cells_are_named_all_the_same() -> None:
    (sheet,) = measure_sheet(
        replace(evaluation(), measures=(MEASURED,)), replace(EDITION, source_prefix=None)
    )
    assert sheet.rows[0][-3] == "自评表!I10、G6"


def test_a_round_without_measures_has_no_sheet() -> None:
    assert list(measure_sheet(evaluation(), EDITION)) == []


def test_the_unit_of_what_is_divided_is_said() -> None:
    staff = ("basic-data:staff.staff.on_payroll", "basic-data:staff.staff.authorised")
    people = rule(MeasureKind.RATIO, of=staff[:1], base=staff[1:])
    money = rule(MeasureKind.RATIO, of=("basic-data:spending.office.executed",), base=staff[1:])
    assert [row[-2] for row in rows(replace(MEASURED, measure=people), replace(MEASURED, measure=money))] == [
        "人",
        "万元/人",
    ]


def disputed(*findings: ReportedFinding) -> list[Content]:
    given = replace(evaluation(), measures=(MEASURED, DIFFERENCE), findings=findings)
    (sheet,) = measure_sheet(given, EDITION)
    return [sheet.rows[0][-1], *measure_table(given).rows[0][-1:]]


def test_a_figure_that_rests_on_a_wrong_cell_is_marked() -> None:
    (ref, _) = MEASURED.refs
    wrong = replace(FINDINGS[0], finding_id="FD7", file=ref.file, sheet=ref.sheet, cell=ref.a1)
    assert disputed(*FINDINGS, wrong) == [
        Toned("《自评表》I10 见审核发现 FD7", Tone.DOUBT),
        "虚构局.xlsx#自评表!I10 FD7",
    ]


def test_a_figure_that_rests_on_a_cell_that_may_be_wrong_as_well_is_marked() -> None:
    (ref, _) = MEASURED.refs
    beside = replace(
        FINDINGS[0], finding_id="FD7", file=ref.file, sheet=ref.sheet, cell="A1", disputed=(ref,)
    )
    assert disputed(beside)[1] == "虚构局.xlsx#自评表!I10 FD7"
    assert disputed(replace(beside, disputed=()))[1] == ""


def test_only_what_names_another_figure_disputes_a_cell() -> None:
    (ref, _) = MEASURED.refs
    doubt = replace(FINDINGS[0], file=ref.file, sheet=ref.sheet, cell=ref.a1, severity=Severity.WARNING)
    assert disputed(replace(doubt, expected="")) == [None, ""]
    assert disputed(replace(doubt, severity=Severity.INFO)) == [None, ""]
    assert disputed(doubt)[1] == "虚构局.xlsx#自评表!I10 A101-0001"
    assert disputed(replace(doubt, sheet="另一张")) == [None, ""]


def test_a_unit_that_was_inferred_is_said() -> None:
    (ref, _) = MEASURED.refs
    form = replace(
        evaluation().submissions[0],
        file=ref.file,
        sheet=ref.sheet,
        inferences=(Inference(Basis.UNIT, ref, "12,000", "", "金额单位", "按元读取与明细表相符", 95),),
    )
    (sheet,) = measure_sheet(replace(evaluation(), submissions=(form,), measures=(MEASURED,)), EDITION)
    assert sheet.rows[0][-1] == Toned("《自评表》金额单位：按元读取与明细表相符", Tone.DOUBT)
