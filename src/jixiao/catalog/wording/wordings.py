"""seeds/findings.toml into wordings: templates of sentences, filled by `fill`; what a rule or a code means.

Placeholders: {where} (《表》D12, 《表》 or 文件“…”, whichever is known), {file}, {sheet}, {cell}, {label},
{reported}, {expected} and the figures that the code's `figures` names. A clause in [square brackets] is left
out where one of its placeholders has no value, so that no sentence has a hole; of [one|another] the first
stands that has all its values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jixiao.catalog.loading.seeds import columns_path, findings_path, wordings_path
from jixiao.catalog.loading.sources import SchemeError, read_source
from jixiao.catalog.loading.tables import Document
from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Gathering, Severity, Wording
from jixiao.domain.report import ColumnWords
from jixiao.domain.spoken import CLAUSE, OR, PLACEHOLDER
from jixiao.language import CHINESE, language, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jixiao.catalog.loading.tables import Table
    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.scheme import Scheme

_FAMILIES = {
    "F": say("文件"),
    "L": say("表样"),
    "V": say("填写"),
    "A": say("勾稽"),
    "S": say("评分"),
    "X": say("表间"),
    "P": say("程序"),
    "Q": say("值得一看"),
}
"""The families of codes, in the order in which a form is looked at."""
_GATHERED = {
    Gathering.FORM: say("同一张表"),
    Gathering.COLUMN: say("同一列"),
    Gathering.PAIR: say("同一对名称"),
    Gathering.DEPARTMENT: say("同一部门"),
}


def explain(code_or_rule: str, scheme: Scheme, wordings: Mapping[str, Wording]) -> str:
    """Several Chinese lines about a finding code (in either case, or in the name of a finding) or a rule.

    A rule goes by its id in the scheme, a finding by its name: A101-7K3M9QX2BD.

    Raises:
        KeyError: neither a code nor a rule of this scheme.
    """
    code, _, rest = code_or_rule.strip().upper().partition("-")
    wording = wordings.get(code)
    if wording is not None:
        told = _explain_code(wording, scheme, wordings)
        one = say("  这一条  jixiao explain 批次 部门 {name} 说明它是怎样得出的", name=f"{code}-{rest}")
        return f"{told}\n{one}" if rest else told
    rows = {row.id: row for row in describe_scheme(scheme)}
    return _explain_rule(rows[code_or_rule], scheme)


def explain_all(scheme: Scheme, wordings: Mapping[str, Wording]) -> str:
    """All finding codes family by family, a blank line between two codes."""
    families: dict[str, list[str]] = {}
    for wording in wordings.values():
        said = _explain_code(wording, scheme, wordings)
        families.setdefault(wording.code[0], []).append(said)
    return "\n\n".join(
        say(
            "{letter} {families}（{count} 个）\n\n",
            letter=letter,
            families=_FAMILIES[letter],
            count=len(said),
        )
        + "\n\n".join(said)
        for letter, said in sorted(families.items(), key=lambda each: list(_FAMILIES).index(each[0]))
    )


def _explain_code(wording: Wording, scheme: Scheme, wordings: Mapping[str, Wording]) -> str:
    severity = scheme.severities.get(wording.code, wording.severity)
    lines = {
        say("级别"): SEVERITIES[severity].text
        + (say("（本方案另定）") if severity is not wording.severity else ""),
        say("说明"): in_general(wording.message),
        say("处理"): in_general(wording.suggestion),
        say("依据"): wording.basis,
        say("合并"): _gathered(wording),
        say("连带"): _followed(wording, wordings),
        say("原因"): _explained(wording, wordings),
    }
    return _listed(f"{wording.code} {wording.title}", lines)


def _gathered(wording: Wording) -> str:
    """Which findings of the code are told as one."""
    return say("{gathered}的多处合写成一条", gathered=_GATHERED[wording.gather]) if wording.gather else ""


def _followed(wording: Wording, wordings: Mapping[str, Wording]) -> str:
    """Whose consequence it may be."""
    follows, follows_form, doubted_by = (
        _named(codes, wordings) for codes in (wording.follows, wording.follows_form, wording.doubted_by)
    )
    clauses = (
        say("所依据的单元格有{follows}的问题", follows=follows) if follows else "",
        say("同一张表有{follows_form}的问题", follows_form=follows_form) if follows_form else "",
        say("按{doubted_by}改正（提示也算）后本条即消失", doubted_by=doubted_by) if doubted_by else "",
    )
    said = say("，或").join(filter(None, clauses))
    return say("{said}时，作为其连带影响列出，不另列一条", said=said) if said else ""


def _explained(wording: Wording, wordings: Mapping[str, Wording]) -> str:
    """Which milder finding may be its cause."""
    named = _named(wording.explained_by, wordings)
    return (
        say("同时有{named}的提示、改正后本条即消失的，写在本条之后，不另列一条", named=named) if named else ""
    )


def _named(codes: Sequence[str], wordings: Mapping[str, Wording]) -> str:
    return (
        say(
            "“{items}”",
            items=say("、").join(
                say("{title}（{code}）", title=wordings[code].title, code=code) for code in codes
            ),
        )
        if codes
        else ""
    )


def _explain_rule(row: RuleRow, scheme: Scheme) -> str:
    lines = {
        say("方案"): scheme.title,
        say("适用"): row.applies,
        say("方法"): row.method,
        say("参数"): row.parameters,
        say("依据"): row.basis,
    }
    return _listed(f"{row.id} {row.rule}", lines)


def _listed(heading: str, lines: Mapping[str, str]) -> str:
    return "\n".join(
        [heading, *(say("  {name}：{text}", name=name, text=text) for name, text in lines.items() if text)]
    )


def in_general(template: str) -> str:
    """The sentence with all its clauses, and with titles in place of figures: 〈差额〉."""
    whole = CLAUSE.sub(lambda clause: say("，或").join(clause[1].split(OR)), template)
    return PLACEHOLDER.sub(lambda name: say("〈{placeholders}〉", placeholders=PLACEHOLDERS[name[1]]), whole)


PLACEHOLDERS = {
    "where": say("位置"),
    "file": say("文件名"),
    "sheet": say("工作表"),
    "cell": say("单元格"),
    "label": say("指标或栏目"),
    "reported": say("填报数"),
    "expected": say("应为数"),
    "attainment": say("完成比例"),
    "candidates": say("可能的报送表"),
    "columns": say("列号"),
    "lacking": say("没有的列"),
    "divisor": say("所用的分母"),
    "derivation": say("核算过程"),
    "wanted": say("年度指标值"),
    "written": say("所写的用语"),
    "taken": say("所取的名称"),
    "detail": say("具体情况"),
    "earlier": say("前一张工作表"),
    "form": say("报送表"),
    "found": say("找到的标签"),
    "gap": say("差额"),
    "high": say("上限"),
    "kind": say("应填内容"),
    "limit": say("限额"),
    "looked_for": say("缺少的标签"),
    "low": say("下限"),
    "other": say("对照项"),
    "parts": say("各部分"),
    "prescribed": say("规定分值"),
    "reason": say("原因"),
    "rows": say("行号"),
    "score": say("总分"),
    "size": say("大小"),
    "sum": say("合计数"),
    "table": say("部分名称"),
    "threshold": say("界限"),
    "tolerance": say("允许误差"),
    "base": say("依据"),
    "choices": say("可得的分数"),
    "count": say("数量"),
    "weight": say("分值"),
    "year": say("评价年度"),
    "scale": say("量表"),
    "survey": say("问卷文件"),
    "explanation": say("差额说明"),
    "others": say("其他各处"),
    "place": say("另一处"),
    "executed": say("执行数"),
    "partial": say("已填的"),
    "rule": say("勾稽关系"),
    "suspects": say("可能有误的数"),
    "times": say("倍数"),
    "unit": say("单位"),
    "declared": say("表上的单位"),
    "total": say("合计栏"),
    "deadline": say("报送截止时间"),
    "department": say("部门"),
    "likeness": say("相似程度"),
    "owed": say("应报的表"),
    "saved": say("最后保存时间"),
    "source": say("来源"),
    "folder": say("文件夹"),
    "files": say("文件数"),
    "examples": say("其中几个"),
}
"""What each placeholder of a sentence stands for, printed as 〈差额〉."""
_CODE = re.compile(r"[FLVASXPQ]\d{3}")
_OWN = ("where", "file", "sheet", "cell", "label", "reported", "expected")
"""Placeholders that every code may use."""
_LISTED = ("count", "items", "cells")
"""Placeholders of the sentence for several findings of a kind."""


def load_wordings(*seeds: Path) -> Mapping[str, Wording]:
    """The wording of every finding code, from folders that lie over each other.

    Raises:
        SchemeError: the file is missing or anything in it is wrong; carries all problems.
    """
    spoken = () if language() == CHINESE else (read_source(wordings_path(language(), *seeds)),)
    document = Document([*spoken, read_source(findings_path(*seeds))])
    tables = [table for name in document.root.names if (table := document.root.table(name)) is not None]
    wordings = {table.name: _read_wording(table) for table in tables}
    _check_causes(tables, wordings)
    if not document.sound():
        raise SchemeError(*document.problems)
    return wordings


def _read_wording(table: Table) -> Wording:
    if not _CODE.fullmatch(table.name):
        table.report(say("代码应为 F、L、V、A、S、X、P、Q 之一加三位数字。"))
    figures = table.texts("figures", ())
    for position, name in enumerate(figures):
        if name not in PLACEHOLDERS:
            table.report(
                say(
                    "“{name}”没有中文名称，不能用作占位符，可用：{placeholders}。",
                    name=name,
                    placeholders=say("、").join(PLACEHOLDERS),
                ),
                "figures",
                position,
            )
    several = (*figures, *_LISTED)
    wording = Wording(
        code=table.name,
        severity=table.choice("severity", list(Severity)),
        title=table.text("title"),
        message=_read_template(table, "message", figures),
        suggestion=_read_template(table, "suggestion", figures),
        basis=table.text("basis", ""),
        gather=table.choice("gather", list(Gathering)) if table.has("gather") else None,
        several=_read_template(table, "several", several, ""),
        each=_read_template(table, "each", (*figures, "place"), ""),
        because=_read_template(table, "because", figures, ""),
        effect=_read_template(table, "effect", figures, ""),
        follows=table.texts("follows", ()),
        follows_form=table.texts("follows_form", ()),
        doubted_by=table.texts("doubted_by", ()),
        explained_by=table.texts("explained_by", ()),
        figure=table.flag("figure", default=False),
    )
    table.close()
    return wording


def _check_causes(tables: Sequence[Table], wordings: Mapping[str, Wording]) -> None:
    """Every code that another has to do with is known."""
    for table in tables:
        for key in ("follows", "follows_form", "doubted_by", "explained_by"):
            for position, code in enumerate(getattr(wordings[table.name], key)):
                if code not in wordings:
                    table.report(say("没有审核发现代码“{code}”。", code=code), key, position)


def _read_template(table: Table, key: str, figures: tuple[str, ...], default: str | None = None) -> str:
    """A sentence whose placeholders are all known ones and whose brackets close."""
    template = table.text(key, default)
    allowed = (*_OWN, *figures)
    unknown = [name for name in PLACEHOLDER.findall(template) if name not in allowed]
    if unknown:
        table.report(
            say(
                "不认识占位符 {{{unknown}}}，可用：{allowed}。",
                unknown=unknown[0],
                allowed=say("、").join(allowed),
            ),
            key,
        )
    report_brackets(table, key, template)
    return template


def report_brackets(table: Table, key: str, template: str) -> None:
    """Report brackets of a template that do not close, or that stand within others."""
    if set("[]{}") & set(PLACEHOLDER.sub("", CLAUSE.sub(r"\1", template))):
        table.report(say("括号 [ ] 或 { } 没有成对，或 [ ] 里又套了 [ ]。"), key)


def load_columns(*seeds: Path) -> dict[tuple[str, str], ColumnWords]:
    """What the columns of tables are called and mean, by table and column; under "every" what holds for all.

    Raises:
        SchemeError: the file is no TOML.
    """
    tables: dict[str, Any] = dict(read_source(columns_path(*seeds)).data)
    place = 0 if language() == CHINESE else 3
    return {
        (table, column): ColumnWords(words[place], words[place + 1], words[2])
        for table, own in tables.items()
        for column, words in own.items()
    }
