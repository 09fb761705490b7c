"""The tidy tables of `data/`: an evaluation as rows, column by column as the contract promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jixiao.consolidation.budget_lines import BudgetLines, budget_rows
from jixiao.consolidation.figures import Figures, figure_rows
from jixiao.consolidation.findings import Findings, finding_rows
from jixiao.consolidation.indicators import Indicators, indicator_rows
from jixiao.consolidation.key_figures import Measures, measure_table
from jixiao.consolidation.reconciliations import Reconciliations, reconciliation_table
from jixiao.consolidation.rectification import Rectifications, rectification_table
from jixiao.consolidation.samples import Samples
from jixiao.consolidation.scores import CompositeItems, Scores, composite_rows, score_rows
from jixiao.consolidation.submissions import RosterRecords, Submissions, roster_table, submission_rows
from jixiao.consolidation.supplements import Appraisals, Surveys, appraisal_table, survey_table
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jixiao.domain.report import ColumnWords, Row, Table
    from jixiao.domain.rounds import Evaluation
    from jixiao.schemas.tidy import TidyTable

MODELS: dict[str, type[TidyTable]] = {
    "submissions": Submissions,
    "budget_lines": BudgetLines,
    "indicators": Indicators,
    "scores": Scores,
    "composite": CompositeItems,
    "findings": Findings,
    "figures": Figures,
    "measures": Measures,
    "appraisal": Appraisals,
    "survey": Surveys,
    "roster": RosterRecords,
    "reconciliation": Reconciliations,
    "sample": Samples,
    "rectification": Rectifications,
}
"""The model of each table, by the table's name."""


SUBMISSIONS = "submissions"
EVERY_ROUND = frozenset(
    {"submissions", "budget_lines", "indicators", "scores", "composite", "findings", "figures"}
)
"""The tables that a round has even without rows for them."""
GROUPS = len(Severity)
"""Into so many groups the rows of a table may fall."""


GROUPED = frozenset({"scores", "findings"})
"""The tables whose rows stand in groups."""


def group_of(table: str, row: Row) -> int:
    """Where a row stands among those of all departments: composites last, findings by severity."""
    if table == "scores":
        return int(row[1] == Scope.COMPOSITE.value)
    return Severity(str(row[2])).rank if table == "findings" else 0


def tidy_tables(evaluation: Evaluation) -> tuple[Table, ...]:
    """All tables, named as their files are: the seven of every round, then those that it has rows for."""
    further = (
        measure_table(evaluation),
        *(appraisal_table(evaluation), survey_table(evaluation)),
        *(roster_table(evaluation), reconciliation_table(evaluation)),
        rectification_table(evaluation),
    )
    return (
        Submissions.of(submission_rows(evaluation)),
        BudgetLines.of(budget_rows(evaluation)),
        Indicators.of(indicator_rows(evaluation)),
        Scores.of(score_rows(evaluation)),
        CompositeItems.of(composite_rows(evaluation)),
        Findings.of(finding_rows(evaluation)),
        Figures.of(figure_rows(evaluation)),
        *(table for table in further if table.rows),
    )


DICTIONARY = "字段说明"
_TYPES = {pl.String: say("文本"), pl.Int64: say("整数"), pl.Decimal: say("小数")}


def dictionary_rows(words: Mapping[tuple[str, str], ColumnWords]) -> Iterator[Row]:
    """What stands in which column of every table: a head, then a row a column, as the models have them.

    `words` by table and column, those of `every` table where it has none of its own.
    """
    yield tuple(map(spoken, ("数据表", "字段", "中文名", "类型", "单位", "可否为空", "含义", "文本保护")))
    for table, model in MODELS.items():
        for name, column in model.to_schema().columns.items():
            said = words.get((table, name)) or words["every", name]
            kind = column.dtype.type.base_type()
            yield (
                *(f"{table}.csv", name, said.title, _TYPES[kind], spoken(said.unit)),
                say("可以，表示不掌握") if column.nullable else say("不可以"),
                *(said.meaning, _GUARDED if kind is pl.String else ""),
            )


_GUARDED = say("以等号、加号、减号、@ 等开头、可能被当作公式的，前面加一个英文单引号，去掉它就是原文")


def validate_tables(tables: Iterable[Table]) -> None:
    """Check that our own tables keep what the contract promises.

    Raises:
        pandera.errors.SchemaErrors: a table does not, with every failure: a bug, never a department's fault.
        ValueError: a row of a table is too short or too long.
        KeyError: there is no such table.
    """
    for table in tables:
        MODELS[table.name].check(table)
