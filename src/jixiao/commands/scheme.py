"""`jixiao scheme`: the rules in words, and the check of a scheme file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao.catalog.explain import explain
from jixiao.catalog.problems import SchemeError
from jixiao.catalog.schemes import list_schemes, load_scheme, validate_file
from jixiao.catalog.seeds import seeds_folder
from jixiao.catalog.wordings import load_wordings
from jixiao.commands.terminal import UsageError, complain, screen
from jixiao.consolidation.rules import describe_scheme

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.domain.scheme import Scheme

_HEADERS = ("规则", "适用", "方法", "参数", "依据")


def print_schemes() -> None:
    """Print the schemes that there are."""
    table = Table(box=box.SIMPLE_HEAD)
    for header in ("方案", "名称", "适用地区", "沿用", "问题"):
        table.add_column(header, overflow="fold")
    for summary in list_schemes(seeds_folder()):
        words = (summary.id, summary.title, summary.jurisdiction, summary.extends, summary.problem)
        table.add_row(*map(Text, words))
    screen().print(table)


def print_scheme(scheme_id: str) -> None:
    """Print a scheme's rules for an officer to check against the regulation.

    Raises:
        UsageError: there is no such scheme, or it is broken.
    """
    scheme = find_scheme(scheme_id)
    console = screen()
    console.print(Text(f"{scheme.title}（{scheme.id}）", style="bold"))
    console.print(f"适用地区  {scheme.jurisdiction}")
    console.print(f"适用年度  {_years(scheme)}")
    console.print(f"依据      {'；'.join(scheme.regulations)}")
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    for header, ratio in zip(_HEADERS, (2, 3, 5, 4, 3), strict=True):
        table.add_column(header, overflow="fold", ratio=ratio)
    for row in describe_scheme(scheme):
        table.add_row(*map(Text, row.words))
    console.print(table)


def print_explanation(code: str, scheme_id: str) -> None:
    """Print what a rule or a finding code means.

    Raises:
        UsageError: there is no such scheme, rule or code.
    """
    scheme = find_scheme(scheme_id)
    try:
        text = explain(code, scheme, load_wordings(seeds_folder()))
    except KeyError as error:
        raise UsageError(f"方案 {scheme_id} 中没有“{code}”这个规则或发现编号。") from error
    screen().print(text)


def print_problems(path: Path) -> int:
    """Check a scheme file; the exit code: 0, or 2 if anything is wrong with it.

    Raises:
        UsageError: there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"没有这个文件：{path}")
    problems = validate_file(path, seeds_folder())
    for problem in problems:
        complain(str(problem))
    if problems:
        complain(f"共 {len(problems)} 处须修改。")
        return 2
    screen().print(f"{path.name}：没有发现问题。", style="green")
    return 0


def find_scheme(scheme_id: str) -> Scheme:
    """Load a scheme.

    Raises:
        UsageError: there is no such scheme, or it is broken.
    """
    try:
        return load_scheme(scheme_id, seeds_folder())
    except SchemeError as error:
        raise UsageError(str(error)) from error


def _years(scheme: Scheme) -> str:
    first, last = scheme.first_year, scheme.last_year
    if first is None and last is None:
        return "不限"
    return f"{first or ''}—{last or '至今'}"
