"""What a rule or a finding code means, in words for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao.catalog.wording.wordings import in_general
from jixiao.consolidation.rules import describe_scheme
from jixiao.consolidation.words import SEVERITIES
from jixiao.domain.findings import Gathering
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jixiao.consolidation.rules import RuleRow
    from jixiao.domain.findings import Wording
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
