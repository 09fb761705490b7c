from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from jixiao.catalog.loading.schemes import SchemeSummary, list_schemes, load_scheme, validate_file
from jixiao.catalog.loading.seeds import findings_path, form_path, lexicon_path, scheme_path, seeds_folder
from jixiao.catalog.loading.sources import SchemeError, SchemeProblem
from jixiao.domain.figure_address import FigureAddress
from jixiao.domain.findings import Severity
from jixiao.domain.forms import Scope
from jixiao.domain.quantities import TargetKind
from jixiao.domain.scheme import (
    Band,
    CarryoverTreatment,
    CompositeRule,
    ExecutionRule,
    GradeCut,
    Method,
    ScoringRule,
    Weights,
)
from tests.builders.seeds import Fault, edit, line_of, write_seeds

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = {"产出指标": Decimal(50), "效益指标": Decimal(30)}


def problems_of(path: Path, seeds: Path) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.key, each.message) for each in validate_file(path, seeds)]


def test_an_invented_scheme_is_read_as_written(tmp_path: Path) -> None:
    scheme = load_scheme("bluestone", write_seeds(tmp_path))
    assert (scheme.id, scheme.title, scheme.jurisdiction) == ("bluestone", "青石市试行方案", "云梦泽省青石市")
    assert scheme.regulations == ("《青石市绩效自评办法》（青财绩〔2031〕1号）",)
    assert (scheme.first_year, scheme.last_year, scheme.extends) == (2031, 2033, "")
    assert [form.id for form in scheme.forms] == ["whole", "part"]
    assert scheme.weights == (
        Weights(Scope.OVERALL, Decimal(100), Decimal(20), GROUPS, fixed=False),
        Weights(Scope.PROJECT, Decimal(100), Decimal(20), GROUPS, fixed=False),
    )
    assert scheme.execution == ExecutionRule("execution", "执行", "办法第三条", 2, 1, False, None)  # noqa: FBT003 - a field of the domain
    assert scheme.rules[1] == ScoringRule(
        "ceilings", "上限", frozenset({TargetKind.AT_MOST}), Method.INVERSE_EXCESS, "办法第五条"
    )
    assert scheme.bands == (
        Band("reached", "达成", Decimal("0.8"), Decimal(1)),
        Band("partly", "部分达成", Decimal("0.5"), Decimal("0.8")),
        Band("missed", "未达成", Decimal(0), Decimal("0.5")),
    )
    assert scheme.grades == (GradeCut("甲", Decimal(85), ("甲等",)), GradeCut("乙", Decimal(0)))
    assert scheme.composite == CompositeRule(
        "composite",
        "综合",
        "办法第七条",
        FigureAddress.parse("money.all.spent"),
        FigureAddress.parse("running"),
        FigureAddress.parse("money.all.spent"),
        CarryoverTreatment.LEFT_OUT,
        2,
        1,
    )
    assert (scheme.score_places, scheme.exceeded_from) == (1, Decimal("1.25"))
    assert scheme.severities == {"P106": Severity.ERROR}


def test_a_child_states_only_what_differs(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    scheme_path("stone-town", seeds).write_text(
        """\
extends = "bluestone"
remove = ["last_year", "rules.rest"]
title = "青石镇方案"
jurisdiction = "青石镇"
[execution]
reason_below = 85
[rules.words]
title = "定性"
kinds = ["qualitative"]
method = "band"
basis = "镇办法"
[rules.open]
title = "其他"
kinds = ["deadline", "relative"]
method = "judged"
basis = "镇办法"
""",
        encoding="utf-8",
    )
    parent, child = load_scheme("bluestone", seeds), load_scheme("stone-town", seeds)
    assert (child.title, child.extends) == ("青石镇方案", "bluestone")
    assert (child.first_year, child.last_year) == (2031, None)
    assert child.execution == ExecutionRule("execution", "执行", "办法第三条", 2, 1, False, Decimal(85))  # noqa: FBT003 - a field of the domain
    assert [rule.id for rule in child.rules] == ["figures", "ceilings", "words", "open"]
    assert (child.weights, child.grades, child.composite) == (parent.weights, parent.grades, parent.composite)


FAULTS = [
    Fault(
        "first_year = 2031",
        "frist_year = 2031",
        "frist_year",
        "frist_year",
        (
            "不认识的键“frist_year”，此处可用：forms、title、jurisdiction、regulations、"
            "first_year、last_year、extends、weights、execution、rules、bands、grades、composite、"
            "score_places、rounding、exceeded_from、severities、measures、cross_checks、prior_year、distinct_levels、"
            "every_project_reports、"
            "reconciliation、appraisal、survey、worth_a_look、sample、uses、criteria、remove、since。"
        ),
    ),
    Fault(
        "last_year = 2033",
        "last_year = 2030",
        "last_year",
        "last_year",
        "适用年度的开始 2031 晚于结束 2030。",
    ),
    Fault(
        'forms = ["whole", "part"]',
        'forms = ["whole", "piece"]',
        "forms =",
        "forms[2]",
        "没有名为“piece”的报送表，可用：part、whole。",
    ),
    Fault(
        "score_places = 1\nexceeded_from",
        "score_places = 9\nexceeded_from",
        "score_places = 9",
        "score_places",
        "“score_places”应在 0 与 6 之间，现为 9。",
    ),
    Fault(
        'exceeded_from = "1.25"',
        "exceeded_from = 0.3",
        "exceeded_from",
        "exceeded_from",
        "“exceeded_from”是实际值与目标值的倍数，不能小于 1，现为 0.3。",
    ),
    Fault(
        'scopes = ["overall", "project"]',
        'scopes = ["overall", "village"]',
        "scopes",
        "weights.usual.scopes[2]",
        "不认识“village”，可用：overall、project、composite、scoring_table、basic_data、support、detail、reference。",
    ),
    Fault(
        "execution = 20",
        "execution = 10",
        "[weights.usual]",
        "weights.usual",
        "各部分分值之和为 90，与总分 100 不符。",
    ),
    Fault(
        '"效益指标" = 30',
        '"效果指标" = 30',
        "groups",
        "weights.usual.groups.效果指标",
        "“效果指标”不是报送表 levels 中的名称，可用：产出指标、效益指标。",
    ),
    Fault(
        'method = "proportional"',
        'method = "by_heart"',
        "by_heart",
        "rules.figures.method",
        (
            "不认识“by_heart”，可用：proportional、inverse_ratio、inverse_excess、"
            "all_or_nothing、band、below_full、judged。"
        ),
    ),
    Fault(
        'kinds = ["at_most"]',
        'kinds = ["at_most", "most"]',
        '"most"',
        "rules.ceilings.kinds[2]",
        (
            "不认识“most”，可用：at_least、at_most、equal、unsigned、between、zero、deadline、"
            "qualitative、relative。"
        ),
    ),
    Fault(
        'kinds = ["at_most"]',
        'kinds = ["at_most", "zero"]',
        '"at_most", "zero"',
        "rules.ceilings.kinds",
        "目标类型 zero 已由规则“figures”计分，不能再由“ceilings”计分。",
    ),
    Fault(
        '"qualitative", ',
        "",
        "[rules.figures]",
        "rules",
        "目标类型 qualitative 没有适用的规则。",
    ),
    Fault(
        'basis = "办法第五条"',
        'basis = "办法第五条"\nparameters = { slope = 2 }',
        "slope",
        "rules.ceilings.parameters",
        "不认识的键“parameters”，此处可用：title、kinds、method、basis。",
    ),
    Fault(
        "low = 0.5",
        "low = 0.6",
        "high = 0.5",
        "bands[3].high",
        "上一档下限 0.6 与本档上限 0.5 之间有空当。",
    ),
    Fault(
        "low = 0.5",
        "low = 0.4",
        "high = 0.5",
        "bands[3].high",
        "上一档下限 0.4 与本档上限 0.5 之间有重叠。",
    ),
    Fault(
        "high = 1\n",
        "high = 0.9\n",
        "high = 0.9",
        "bands[1].high",
        "第一档上限应为 1（满分），现为 0.9。",
    ),
    Fault(
        "low = 0\nhigh",
        "low = 0.1\nhigh",
        "low = 0.1",
        "bands[3].low",
        "最后一档下限应为 0，现为 0.1。",
    ),
    Fault(
        'level = "partly"',
        'level = "nearly"',
        "[[bands]]",
        "bands",
        "各档的 level 应依次为：reached、partly、missed，现为：reached、nearly、missed。",
    ),
    Fault(
        "low = 85",
        "low = 0",
        "low = 0\n",
        "grades[2].low",
        "等级应从高到低：0 应低于上一等级的 0。",
    ),
    Fault(
        'grade = "乙"\nlow = 0',
        'grade = "乙"\nlow = 60',
        "[[grades]]",
        "grades",
        "最低等级的 low 应为 0。",
    ),
    Fault(
        'synonyms = ["甲等"]',
        'synonyms = ["乙"]',
        "[[grades]]",
        "grades[2]",
        "“乙”已是等级“甲”的名称。",
    ),
    Fault(
        'overall_funds = "running"',
        'overall_funds = "walking"',
        "walking",
        "composite.overall_funds",
        "报送表“whole”：没有名为“walking”的栏目，可用：department、running。",
    ),
    Fault(
        'carryover = "left_out"',
        'carryover = "lost"',
        "lost",
        "composite.carryover",
        "不认识“lost”，可用：to_overall、left_out、renormalised。",
    ),
    Fault(
        'P106 = "error"',
        'P999 = "error"',
        "P999",
        "severities.P999",
        "没有审核发现代码“P999”，代码见 findings.toml。",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.key}-{fault.message}" for fault in FAULTS])
def test_one_fault_one_problem(tmp_path: Path, fault: Fault) -> None:
    seeds = write_seeds(tmp_path)
    path = scheme_path("bluestone", seeds)
    edit(path, fault.old, fault.new)
    assert problems_of(path, seeds) == [(expected_line(path, fault), fault.key, fault.message)]


def expected_line(path: Path, fault: Fault) -> int:
    """The line of the fault's text; the last one where it stands on several."""
    text = path.read_text(encoding="utf-8")
    found = text.rindex(fault.at) if fault.key.startswith("grades[") else text.index(fault.at)
    return text[:found].count("\n") + 1


def test_all_problems_of_a_scheme_and_its_forms_come_at_once(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    path, form = scheme_path("bluestone", seeds), form_path("part", seeds)
    edit(path, "score_places = 1\nexceeded_from", "exceeded_from")
    edit(path, "total = 100", "total = 90")
    edit(path, 'title = "综合"\n', "")
    edit(form, 'kind = "lines"', 'kind = "grid"')
    with pytest.raises(SchemeError) as raised:
        load_scheme("bluestone", seeds)
    assert raised.value.problems == (
        SchemeProblem("bluestone.toml", None, "score_places", "缺少“score_places”（整数）。"),
        SchemeProblem(
            "bluestone.toml",
            line_of(path, "[weights.usual]"),
            "weights.usual",
            "各部分分值之和为 100，与总分 90 不符。",
        ),
        SchemeProblem(
            "bluestone.toml", line_of(path, "[composite]"), "composite.title", "缺少“title”（文字）。"
        ),
        SchemeProblem(
            "part.toml",
            line_of(form, '"grid"'),
            "tables.money.kind",
            "不认识“grid”，可用：lines、list、indicators、answers。",
        ),
    )
    assert str(raised.value).splitlines()[2].endswith(" 行 composite.title：缺少“title”（文字）。")


def test_a_missing_section_is_one_problem(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    path = scheme_path("bluestone", seeds)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[execution]"), text.index("[rules.figures]")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert problems_of(path, seeds) == [(None, "execution", "缺少“execution”（表）。")]


def test_two_forms_with_one_title_are_refused(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    edit(form_path("part", seeds), 'titles = ["分项表"]', 'titles = ["单位总表"]')
    path = scheme_path("bluestone", seeds)
    message = "标题“单位总表”同时属于“whole”和“part”。"
    assert problems_of(path, seeds) == [(line_of(path, "forms ="), "forms[2]", message)]


@pytest.mark.parametrize(
    ("parent", "child", "file", "message"),
    [
        (
            'extends = "stone-town"',
            "bluestone",
            "stone-town.toml",
            "继承成了环：bluestone → stone-town → bluestone。",
        ),
        ('extends = "bluestone"', "bluestone", "bluestone.toml", "继承成了环：bluestone → bluestone。"),
        (
            'extends = "atlantis"',
            "bluestone",
            "bluestone.toml",
            "要继承的方案“atlantis”不存在，可用：bluestone、stone-town。",
        ),
        (
            "extends = 1",
            "bluestone",
            "bluestone.toml",
            "要继承的方案“1”不存在，可用：bluestone、stone-town。",
        ),
    ],
)
def test_extending_in_a_circle_or_from_nowhere(
    tmp_path: Path, parent: str, child: str, file: str, message: str
) -> None:
    seeds = write_seeds(tmp_path)
    path = scheme_path("bluestone", seeds)
    path.write_text(f"{parent}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    scheme_path("stone-town", seeds).write_text(f'extends = "{child}"\n', encoding="utf-8")
    assert validate_file(path, seeds) == (SchemeProblem(file, 1, "extends", message),)


@pytest.mark.parametrize("scheme_id", ["atlantis", "../bluestone", "a/b", ""])
def test_an_unknown_scheme_names_those_there_are(tmp_path: Path, scheme_id: str) -> None:
    with pytest.raises(SchemeError) as raised:
        load_scheme(scheme_id, write_seeds(tmp_path))
    message = "没有这个评价方案，可用：bluestone。"
    assert raised.value.problems == (SchemeProblem(scheme_id, None, "", message),)


def test_the_list_shows_a_broken_scheme_beside_the_others(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    scheme_path("draft", seeds).write_text("title = 1 2\n", encoding="utf-8")
    first, second = list_schemes(seeds)
    assert first == SchemeSummary("bluestone", "青石市试行方案", "云梦泽省青石市", (2031, 2033))
    assert second.id == "draft"
    assert second.title == (
        "（文件有误，不能使用）draft.toml 第 1 行：“title = 1 2”：数字前面不要加 0，中间不要有空格或逗号。"
    )


def test_every_kind_of_file_can_be_validated(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    for path in (form_path("whole", seeds), lexicon_path(seeds), findings_path(seeds)):
        assert validate_file(path, seeds) == ()
    edit(form_path("whole", seeds), 'scope = "overall"', "")
    edit(findings_path(seeds), 'title = "文件过大"', "")
    path = findings_path(seeds)
    assert problems_of(form_path("whole", seeds), seeds)[0][1] == "scope"
    assert problems_of(path, seeds) == [(line_of(path, "[F103]"), "F103.title", "缺少“title”（文字）。")]


def test_every_shipped_file_is_right() -> None:
    seeds = seeds_folder()
    files = [
        *seeds.glob("schemes/*.toml"),
        *seeds.glob("forms/*.toml"),
        lexicon_path(seeds),
        findings_path(seeds),
    ]
    assert {path.name: validate_file(path, seeds) for path in files} == {path.name: () for path in files}


def test_the_shipped_schemes_carry_the_rules_of_the_field() -> None:
    national, hunan = (load_scheme(each, seeds_folder()) for each in ("national", "hunan-provincial"))
    groups = {"产出指标": Decimal(50), "效益指标": Decimal(30), "满意度指标": Decimal(10)}
    for scheme, fixed in ((national, False), (hunan, True)):
        assert scheme.weights == tuple(
            Weights(scope, Decimal(100), Decimal(10), groups, fixed)
            for scope in (Scope.OVERALL, Scope.PROJECT)
        )
        assert {kind: rule.method for rule in scheme.rules for kind in rule.kinds} == {
            TargetKind.AT_LEAST: Method.PROPORTIONAL,
            TargetKind.EQUAL: Method.PROPORTIONAL,
            TargetKind.UNSIGNED: Method.PROPORTIONAL,
            TargetKind.AT_MOST: Method.INVERSE_RATIO,
            TargetKind.BETWEEN: Method.ALL_OR_NOTHING,
            TargetKind.ZERO: Method.ALL_OR_NOTHING,
            TargetKind.DEADLINE: Method.BELOW_FULL,
            TargetKind.QUALITATIVE: Method.BAND,
            TargetKind.RELATIVE: Method.JUDGED,
        }
        assert [(cut.grade, cut.low) for cut in scheme.grades] == [
            ("优", Decimal(90)),
            ("良", Decimal(80)),
            ("中", Decimal(60)),
            ("差", Decimal(0)),
        ]
        assert (scheme.execution.rate_places, scheme.execution.score_places) == (2, 2)
        assert scheme.execution.exact_accepted
        assert scheme.exceeded_from == Decimal("1.3")
        assert scheme.composite is not None
        assert scheme.composite.carryover is CarryoverTreatment.TO_OVERALL
        assert all(rule.title and rule.basis for rule in scheme.rules)
        assert all(
            (scheme.execution.title, scheme.execution.basis, scheme.composite.title, scheme.composite.basis)
        )
    assert (national.execution.reason_below, hunan.execution.reason_below) == (Decimal(90), Decimal(90))


def test_a_grade_may_say_what_follows_from_it(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path)
    path = seeds / "schemes" / "bluestone.toml"
    text = path.read_text(encoding="utf-8")
    first = text.index("[[grades]]") + len("[[grades]]\n")
    path.write_text(f'{text[:first]}use = "优先安排"\n{text[first:]}', encoding="utf-8")
    cuts = load_scheme("bluestone", seeds, seeds_folder()).grades
    assert [cut.use for cut in cuts] == ["优先安排", *[""] * (len(cuts) - 1)]
