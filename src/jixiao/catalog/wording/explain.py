"""What a rule or a finding code means, in words for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Gathering

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.findings import Wording
    from jixiao.domain.scheme import Scheme

_PLACEHOLDERS = {
    "where": "位置",
    "file": "文件名",
    "sheet": "工作表",
    "cell": "单元格",
    "label": "指标或栏目",
    "reported": "填报数",
    "expected": "应为数",
    "attainment": "完成倍数",
    "candidates": "报送表",
    "columns": "列号",
    "derivation": "核算过程",
    "wanted": "年度指标值",
    "written": "所写的用语",
    "taken": "所取的名称",
    "detail": "具体情况",
    "earlier": "前一张工作表",
    "form": "报送表",
    "found": "找到的标签",
    "gap": "差额",
    "high": "上限",
    "kind": "应填内容",
    "limit": "限额",
    "looked_for": "缺少的标签",
    "low": "下限",
    "other": "另一份",
    "parts": "各部分",
    "prescribed": "规定分值",
    "reason": "原因",
    "rows": "行号",
    "score": "总分",
    "size": "大小",
    "sum": "合计",
    "table": "表的部分",
    "threshold": "界限",
    "tolerance": "允许误差",
    "base": "所依据的单元格",
    "choices": "可得的分数",
    "count": "项数",
    "weight": "分值",
    "year": "评价年度",
    "scale": "量表",
    "survey": "问卷文件",
    "explanation": "差额说明",
    "others": "其他各处",
    "place": "另一处",
    "executed": "执行数",
    "partial": "（已填的）",
    "rule": "勾稽关系",
    "suspects": "可能有误的数",
    "times": "倍数",
    "unit": "单位",
    "declared": "表上的单位",
    "total": "合计",
    "deadline": "报送截止时间",
    "department": "部门",
    "likeness": "相似程度",
    "owed": "应报的表",
    "saved": "最后保存时间",
    "source": "来源",
}
"""What each placeholder of a sentence stands for, printed as 〈差额〉."""


_FAMILIES = {
    "F": "文件",
    "L": "表样",
    "V": "填写",
    "A": "勾稽",
    "S": "评分",
    "X": "表间",
    "P": "程序",
    "Q": "值得一看",
}
"""The families of codes, in the order in which a form is looked at."""
_GATHERED = {
    Gathering.FORM: "同一张表",
    Gathering.COLUMN: "同一列",
    Gathering.PAIR: "同一对名称",
    Gathering.DEPARTMENT: "同一部门",
}


def explain(code_or_rule: str, scheme: Scheme, wordings: Mapping[str, Wording]) -> str:
    """Several Chinese lines about a finding code (in either case) or a rule of the scheme by its id.

    Raises:
        KeyError: neither a code nor a rule of this scheme.
    """
    wording = wordings.get(code_or_rule.upper())
    if wording is not None:
        return _explain_code(wording, scheme, wordings)
    rows = {row.id: row for row in describe_scheme(scheme)}
    return _explain_rule(rows[code_or_rule], scheme)


def explain_all(scheme: Scheme, wordings: Mapping[str, Wording]) -> str:
    """All finding codes family by family, a blank line between two codes."""
    families: dict[str, list[str]] = {}
    for wording in wordings.values():
        said = _explain_code(wording, scheme, wordings)
        families.setdefault(wording.code[0], []).append(said)
    return "\n\n".join(
        f"{letter} {_FAMILIES[letter]}（{len(said)} 个）\n\n" + "\n\n".join(said)
        for letter, said in sorted(families.items(), key=lambda each: list(_FAMILIES).index(each[0]))
    )


def _explain_code(wording: Wording, scheme: Scheme, wordings: Mapping[str, Wording]) -> str:
    severity = scheme.severities.get(wording.code, wording.severity)
    lines = {
        "级别": SEVERITIES[severity].text + ("（本方案另定）" if severity is not wording.severity else ""),
        "说明": _generic(wording.message),
        "处理": _generic(wording.suggestion),
        "依据": wording.basis,
        "合并": _gathered(wording),
        "连带": _followed(wording, wordings),
    }
    return _listed(f"{wording.code} {wording.title}", lines)


def _gathered(wording: Wording) -> str:
    """Which findings of the code are told as one."""
    return f"{_GATHERED[wording.gather]}的多处合写成一条" if wording.gather else ""


def _followed(wording: Wording, wordings: Mapping[str, Wording]) -> str:
    """Whose consequence it may be."""

    def name(codes: Sequence[str]) -> str:
        return "、".join(f"{wordings[code].title}（{code}）" for code in codes)

    clauses = (
        f"所依据的单元格有“{name(wording.follows)}”的问题" if wording.follows else "",
        f"同一张表有“{name(wording.follows_form)}”的问题" if wording.follows_form else "",
    )
    said = "，或".join(filter(None, clauses))
    return f"{said}时，作为其连带影响列出，不另列一条" if said else ""


def _generic(template: str) -> str:
    """The whole sentence with names in place of figures."""
    whole = template.replace("[", "").replace("]", "")
    for name, title in _PLACEHOLDERS.items():
        whole = whole.replace(f"{{{name}}}", f"〈{title}〉")
    return whole


def _explain_rule(row: RuleRow, scheme: Scheme) -> str:
    lines = {
        "方案": scheme.title,
        "适用": row.applies,
        "方法": row.method,
        "参数": row.parameters,
        "依据": row.basis,
    }
    return _listed(f"{row.id} {row.rule}", lines)


def _listed(heading: str, lines: Mapping[str, str]) -> str:
    return "\n".join([heading, *(f"  {name}：{text}" for name, text in lines.items() if text)])
