"""The sheet 抽查复核, whom to examine again and why, and sample.csv, all forms that this was drawn from."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl

from jixiao.consolidation.edition import SOURCES, is_criterion, shown_department
from jixiao.consolidation.sampling import DIGITS, Way, shown
from jixiao.consolidation.totals import sum_known
from jixiao.consolidation.words import RISKS, SAMPLED_MONEY
from jixiao.domain.amounts import ZERO, plain, round_half_up, show
from jixiao.domain.report import ColumnSpec, Formula, Kind, SheetSpec, Tone, Toned
from jixiao.domain.reviews import RiskFact
from jixiao.language import say
from jixiao.schemas.tidy import CELL, Figure, TidyTable, holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandera.api.polars.types import PolarsData

    from jixiao.consolidation.edition import Edition
    from jixiao.consolidation.sampling import Entry, RiskPart, Sample, Stratum
    from jixiao.domain.report import Content, Row
    from jixiao.domain.reviews import SampleRule

SHEET, TABLE = say("抽查复核"), "sample"
_WAYS = {
    Way.RISK: Toned(say("风险必抽"), Tone.BAD),
    Way.LARGE: Toned(say("大额必抽"), Tone.DOUBT),
    Way.DRAWN: Toned(say("按金额抽取"), Tone.NOTE),
}
_PROBABILITY_PLACES, _POINT_PLACES = 6, 6
_STEP = Decimal(10)
_LONGEST = Decimal(10) ** 15
"""A number of a formula has 15 digits."""
_NO_MONEY = say("金额不掌握或不大于零，没有参加按金额抽取")


class Samples(TidyTable, table=TABLE):
    """sample.csv: every form that could be chosen, in the order in which its stratum was drawn."""

    stratum: str
    position: int
    department: str
    project: str
    form: str
    money: Figure = pa.Field(nullable=True)
    risk_score: Figure
    risk_parts: str
    way: str
    probability: Figure = pa.Field(nullable=True)
    cumulative: Figure = pa.Field(nullable=True)
    point: Figure = pa.Field(nullable=True)
    interval: Figure = pa.Field(nullable=True)
    start: Figure = pa.Field(nullable=True)
    hashed: str
    digits: str
    file: str
    sheet: str
    cell: str
    remark: str

    @pa.dataframe_check(name="sample.csv")
    @classmethod
    def _holds(cls, data: PolarsData) -> pl.LazyFrame:
        return holds(
            data,
            *(pl.col("way").is_in([*(each.value for each in Way), ""]), pl.col("risk_score") >= 0),
            *(pl.col("probability") <= 1, pl.col("cell").str.contains(CELL)),
        )


def sample_rows(sample: Sample | None) -> tuple[Row, ...]:
    """All candidates by strata; the running sums are those of the forms drawn by money alone."""
    strata = sample.strata if sample else ()
    return tuple(_table_row(stratum, entry) for stratum in strata for entry in stratum.entries)


def _table_row(stratum: Stratum, entry: Entry) -> Row:
    own = entry.candidate
    probability = entry.probability
    return (
        *(stratum.title, entry.place + 1, shown_department(own.department), own.project, own.form),
        *(own.money, entry.score, said_of_risk(entry.parts), entry.way.value if entry.way else ""),
        None if probability is None else shown(probability, _PROBABILITY_PLACES),
        *(_exact(entry.after), _exact(entry.point), _exact(stratum.interval), _exact(stratum.start)),
        *(stratum.text, stratum.digits, own.file, own.sheet, own.cell),
        "" if own.money is not None and own.money > ZERO else _NO_MONEY,
    )


def _exact(amount: Fraction | None) -> Decimal | None:
    return None if amount is None else shown(amount, _POINT_PLACES)


def said_of_risk(parts: tuple[RiskPart, ...]) -> str:
    """What a risk score is made of, what weighs most first: 错误 2 项 6.00 分；迟报 2.00 分."""
    return say("；").join(_said_of(part) for part in sorted(parts, key=lambda part: -part.points))


def _said_of(part: RiskPart) -> str:
    """One fact, with how much of it there is."""
    title, points = RISKS[part.fact], show(part.points)
    if part.fact in {RiskFact.EXECUTION, RiskFact.UNVERIFIED}:
        return say(
            "{title} {quantity} 个百分点 {points} 分",
            title=title,
            quantity=show(round_half_up(part.quantity * _STEP, 2)),
            points=points,
        )
    if part.fact in {RiskFact.LATE, RiskFact.MONEY}:
        return say("{title} {points} 分", title=title, points=points)
    return say("{title} {quantity} 项 {points} 分", title=title, quantity=plain(part.quantity), points=points)


def sample_sheet(sample: Sample | None, edition: Edition, silent: int = 0) -> Iterator[SheetSpec]:
    """The sheet; none where nothing can be chosen. So many departments sent nothing: `silent`."""
    if sample is None or not sample.strata:
        return
    money = SAMPLED_MONEY[sample.rule.money]
    columns = (
        *(ColumnSpec("序号", Kind.COUNT), ColumnSpec("部门", wrap=24), ColumnSpec("项目", wrap=26)),
        *(ColumnSpec("层", wrap=18), ColumnSpec("抽取方式", Kind.MARK), ColumnSpec("理由", wrap=44)),
        *(ColumnSpec("风险分", Kind.SCORE), ColumnSpec("风险构成", wrap=44)),
        *(ColumnSpec(money, Kind.AMOUNT), ColumnSpec("占本层金额", Kind.RATE)),
        *(ColumnSpec("入选概率", Kind.RATE), ColumnSpec("采用得分", Kind.SCORE), SOURCES),
    )
    chosen = [(stratum, entry) for stratum in sample.strata for entry in stratum.chosen]
    yield SheetSpec(
        name=SHEET,
        about=say("一行一张要复核的自评表：怎样抽到的、为什么、风险分的构成；全部单位见 data/sample.csv"),
        title=edition.title(SHEET),
        note=edition.note(_reading(sample, silent)),
        columns=columns,
        rows=tuple(
            _row(number, stratum, entry, sample.rule, edition)
            for number, (stratum, entry) in enumerate(chosen, start=1)
        ),
        totals=tuple(_total(stratum, sample.rule) for stratum in sample.strata),
        fixed=3,
        empty=say("没有抽到。"),
        filtered=True,
    )


def _reading(sample: Sample, silent: int) -> str:
    """How to read the sheet and to come to the same choice by hand."""
    nobody = say("没有报送的 {silent} 个部门无表可抽，不在其内。", silent=silent) if silent else ""
    return say(
        "种子：{seed}（同样的报送件、规则和种子得出同样的结果；报送件改动后结果随之变化，请以定稿时的为准）。"
        "每层先取风险必抽的；其余按部门、项目名称排列并累计金额（全部单位和累计数见 data/sample.csv），"
        "金额不小于间隔的必抽，余下的从起点起每隔一个间隔取一点，点落在哪张表的金额之内就抽哪张。"
        "各层的间隔、起点和算法见末尾各层小计，可用任何程序或手工重算。"
        "各层金额有重叠（部门整体含项目），不相加。{nobody}"
        "复核结果说明的是抽到的表；要由此推断，只能就本层按金额抽取的部分、用货币单元抽样的方法，必抽的不外推。",
        seed=sample.seed,
        nobody=nobody,
    )


def _row(
    number: int, stratum: Stratum, entry: Entry, rule: SampleRule, edition: Edition
) -> tuple[Content, ...]:
    own, way = entry.candidate, entry.way or Way.DRAWN
    probability = entry.probability
    return (
        *(number, shown_department(own.department), own.project or None, stratum.title, _WAYS[way]),
        *(_reason(entry, stratum, rule), entry.score, said_of_risk(entry.parts)),
        *(own.money, _share(own.money, stratum, SAMPLED_MONEY[rule.money])),
        *(None if probability is None else shown(probability, _PROBABILITY_PLACES), own.score),
        edition.source(own.file, own.sheet, own.cell),
    )


def _reason(entry: Entry, stratum: Stratum, rule: SampleRule) -> str:
    """Why it was chosen, in words."""
    unknown = "" if entry.candidate.money else say("；金额不掌握或为零，只因风险抽取")
    if entry.way is Way.RISK:
        return say(
            "风险分 {score}，{rule}{unknown}", score=show(entry.score), rule=_asked(rule), unknown=unknown
        )
    if entry.way is Way.LARGE and not stratum.drawn and all(each.way for each in stratum.entries):
        return say("本层的表不多于要抽的个数，全部抽取")
    if entry.way is Way.LARGE:
        every = stratum.interval
        said = "" if every is None else say("，不小于抽样间隔 {every} 万元", every=show(shown(every)))
        return say("金额在余下的表中最大{said}，必抽", said=said)
    before, after, point = (shown(each or Fraction(0)) for each in (entry.before, entry.after, entry.point))
    return say(
        "累计金额 {before} 至 {after} 万元，抽样点 {point} 落在其中",
        before=show(before),
        after=show(after),
        point=show(point),
    )


def _asked(rule: SampleRule) -> str:
    """What the scheme asks of those who are taken for their risk."""
    asked = (
        "" if rule.risk_from is None else say("不低于 {risk_from} 分", risk_from=show(rule.risk_from)),
        ""
        if rule.risk_share is None
        else say("在本层最高的 {risk_share}% 之内", risk_share=plain(rule.risk_share)),
    )
    return say("、").join(filter(None, asked))


def _share(money: Decimal | None, stratum: Stratum, title: str) -> Content:
    """The part of the stratum's money, live over the row's amount."""
    if money is None or not stratum.money:
        return None
    value = shown(Fraction(money) / stratum.money, _PROBABILITY_PLACES)
    whole = shown(stratum.money, _POINT_PLACES)
    live = f"ROUND([{title}]/{plain(whole)},{_PROBABILITY_PLACES})"
    return Formula(live, value) if abs(whole) < _LONGEST else value


def _total(stratum: Stratum, rule: SampleRule) -> tuple[Content, ...]:
    """What was covered of a stratum, and how it was drawn."""
    title, chosen = SAMPLED_MONEY[rule.money], stratum.chosen
    covered = sum_known(entry.candidate.money for entry in chosen)
    money: Content = covered
    if covered is not None and is_criterion(stratum.title):
        money = Formula(f"SUMIF([层:],[层],[{title}:])", covered)
    counts = say("{count} 张中抽 {count2} 张", count=len(stratum.entries), count2=len(chosen))
    return (
        *(None, say("小计"), counts, stratum.title, None, _drawn(stratum), None, None, money),
        *(_share(covered, stratum, title), None, None, None),
    )


def _drawn(stratum: Stratum) -> str:
    """The figures of a stratum's draw: whoever has them and sample.csv comes to the same forms."""
    ways = Counter(entry.way for entry in stratum.chosen)
    certain = say(
        "风险必抽 {ways} 张，大额必抽 {ways2} 张，按金额抽 {ways3} 张",
        ways=ways[Way.RISK],
        ways2=ways[Way.LARGE],
        ways3=ways[Way.DRAWN],
    )
    unknown = (
        say("；{unknown} 张{no_money}", unknown=stratum.unknown, no_money=_NO_MONEY)
        if stratum.unknown
        else ""
    )
    said = say(
        "本层金额合计 {money} 万元；{certain}{unknown}",
        money=show(shown(stratum.money)),
        certain=certain,
        unknown=unknown,
    )
    if stratum.interval is None or stratum.start is None:
        return said
    base, every, start = (show(shown(each)) for each in (stratum.base, stratum.interval, stratum.start))
    return say(
        "{said}；间隔 {every}＝{base}÷{drawn}；起点 {start}＝间隔×{digits}÷16^{digits2}，"
        "其中 {digits} 是“{text}”的 SHA-256 的前 {digits2} 位（十六进制）",
        said=said,
        every=every,
        base=base,
        drawn=stratum.drawn,
        start=start,
        digits=stratum.digits,
        digits2=DIGITS,
        text=stratum.text,
    )
