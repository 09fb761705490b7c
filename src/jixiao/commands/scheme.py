"""`jixiao scheme`: the rules in words, and the check of a scheme file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from jixiao.catalog.loading.schemes import list_schemes, load_scheme, validate_file
from jixiao.catalog.loading.sources import SchemeError
from jixiao.catalog.wording.explain import explain, explain_all
from jixiao.commands.terminal import UsageError, complain, screen
from jixiao.consolidation.rules import describe_scheme
from jixiao.pipeline.seeds import known_seeds, known_wordings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jixiao.catalog.loading.schemes import SchemeSummary
    from jixiao.domain.scheme import Scheme

_HEADERS = ("适用", "方法", "参数", "依据")


def print_schemes() -> None:
    """Print the schemes that there are."""
    table = Table(box=box.SIMPLE_HEAD)
    for header in ("方案", "名称", "适用地区", "适用年度"):
        table.add_column(header, overflow="fold")
    for summary in list_schemes(*known_seeds()):
        words = (summary.id, summary.title, summary.jurisdiction, _years(summary))
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
    regulations = "；".join(scheme.regulations)
    for row in describe_scheme(scheme):
        console.print()
        console.print(Text.assemble((row.rule, "bold"), (f"  {row.id}", "dim")))
        basis = "" if row.basis == regulations else row.basis
        console.print(_lines((row.applies, row.method, row.parameters, basis)))


def _lines(words: Sequence[str]) -> Table:
    lines = Table.grid(padding=(0, 2))
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for header, text in zip(_HEADERS, words, strict=True):
        if text:
            lines.add_row(f"  {header}", Text(text))
    return lines


def print_explanation(code: str, scheme_id: str) -> None:
    """Print what a rule or a finding code means.

    Raises:
        UsageError: there is no such scheme, rule or code.
    """
    scheme = find_scheme(scheme_id)
    try:
        text = explain(code, scheme, known_wordings())
    except KeyError as error:
        raise UsageError(f"方案 {scheme_id} 中没有“{code}”这个规则或发现编号。") from error
    screen().print(text)


def print_all_explanations(scheme_id: str) -> None:
    """Print every finding code in words.

    Raises:
        UsageError: there is no such scheme, or it is broken.
    """
    screen().print(explain_all(find_scheme(scheme_id), known_wordings()))


def print_problems(path: Path) -> int:
    """Check a scheme file; the exit code: 0, or 2 if anything is wrong with it.

    Raises:
        UsageError: there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"没有这个文件：{path}")
    problems = validate_file(path, *known_seeds())
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
        return load_scheme(scheme_id, *known_seeds())
    except SchemeError as error:
        raise UsageError(str(error)) from error


def _years(scheme: Scheme | SchemeSummary) -> str:
    first, last = scheme.first_year, scheme.last_year
    if first is None and last is None:
        return "不限"
    return f"{first or ''}—{last or '至今'}"
