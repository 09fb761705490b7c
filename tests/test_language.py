"""Every text that somebody reads has an English one, no entry is left over, and English output is English."""

from __future__ import annotations

import ast
import os
import re
import string
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest

from jixiao.consolidation.findings import ID, OPINION_COLUMNS
from jixiao.domain.cells import Grid
from jixiao.domain.own_sheets import is_own_sheet
from jixiao.language import (
    COLUMN,
    LANGUAGES,
    SHEET,
    Language,
    catalogue,
    known_as,
    languages_folder,
    say,
    spoken,
)
from tests.builders.folders import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).parents[1]
_SOURCE = _ROOT / "src" / "jixiao"
_SEEDS = _ROOT / "seeds"
_ENGLISH = catalogue(Language.ENGLISH)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WIDE = re.compile(r"[\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b\u3000]")
"""Punctuation of Chinese sentences."""
_KIND = re.compile(r"@(sheet|column|item|block)$")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SENTENCES = ("title", "message", "suggestion", "basis", "several", "each", "because", "effect")

_NAMED = ("consolidation/", "domain/own_sheets.py", "pages/", "workbooks/page_writing.py")
"""Rooms in which names of sheets and columns go by their Chinese until they are written."""

_DATA = {
    "blanks/": "the forms that departments fill in are Chinese whoever makes them",
    "workbooks/blank_writing.py": "as above",
    "workbooks/styles.py": "names of fonts; checks of cells on forms and scheme workbooks, which are Chinese",
    "workbooks/rewriting.py": "names of fonts",
    "workbooks/number_formats.py": "a number format of Chinese Excel",
    "extraction/regions.py": "words of forms",
    "extraction/grammar.py": "words of forms",
    "extraction/phrases.py": "characters",
    "domain/spoken.py": "words of rows of forms, and Chinese numerals",
    "domain/text_keys.py": "what keys of words leave out",
    "domain/amounts.py": "units as forms state them",
    "pipeline/manifest.py": "names of files, which the contract fixes",
}
"""Rooms that hold no text of ours, by the beginning of their path, with the reason."""

_WORDS = {
    "audit/department/indicators.py": {"元"},
    "domain/forms.py": {"万元", "分"},
    "evaluating/attribution.py": {"部门名称"},
    "evaluating/tallies.py": {"部门汇总", "项目汇总"},
    "extraction/entries.py": {"元", "分"},
    "extraction/tables.py": {"合计", "总计", "小计"},
    "extraction/indicator_columns.py": {"某"},
    "extraction/names.py": {"单位", "-_—–·《》“”\"'()的", "项目名称", "主管部门", "年度"},
    "extraction/recognise.py": {"(?!表)"},
    "extraction/views.py": {"单位"},
    # Names of files and folders are the contract's.
    "commands/run.py": {"审核反馈"},
    "consolidation/copies.py": {"原件"},
    # Words before a person's name or number in what departments write.
    "consolidation/published.py": {
        *("联系人", "负责人", "填报人", "填表人", "经办人", "审核人", "联系方式", "联系电话", "电话", "手机"),
        *("座机", "传真", "邮箱", "身份证号码", "身份证号", "身份证"),
    },
    "consolidation/departments.py": {"审核发现!"},
    "pipeline/blank_forms.py": {"绩效自评表", "名册.xlsx"},
    "pipeline/copies.py": {
        *("审核通知.xlsx", "（审核标注）", "审核意见"),
        "报告",
        "报告模板",
        "部门绩效自评报告.docx",
        "绩效评价总报告.docx",
        "绩效评价总报告_.docx",
    },
    "pipeline/publication.py": {"审核反馈", "_绩效自评报告.docx"},
    "pipeline/replacement.py": {"历次"},
    # Comments of TOML files that officers edit, and what is recorded in one.
    "pipeline/scheme_cases.py": {"人工判断", "评价方案试行_"},
    # By what notes of ours are known when a copy comes back; fonts.
    "workbooks/marked_sheets.py": {
        *("【审核意见】", "审核意见", "宋体"),
        (
            '<r><rPr>{}<sz val="9"/><rFont val="宋体"/><charset val="134"/></rPr>'
            '<t xml:space="preserve">{}</t></r>'
        ),
    },
    "workbooks/writing.py": {"等线"},
    # Names of styles and placeholders in Word templates.
    "documents/markup.py": {
        *(
            "公文正文",
            "表格文字",
            "表格表头",
            "表题",
            "表单位",
            "表注",
            "待补",
            "待核",
            "待核说明",
            "公文表格",
        ),
    },
    "documents/writing.py": {"内容", "章", "标题", "样章"},
    "reports/department.py": {"部门", "年度", "批次", "方案", "得分", "等级"},
    "reports/round_report.py": {"批次", "年度", "方案", "地区", "部门数"},
}
"""Single words that are data: what departments write, names of files, of styles, of placeholders."""


class _Text(NamedTuple):
    """A text in the source; `use`: "say" or what else it is handed to first, "doc" for what stands alone."""

    module: str
    line: int
    text: str
    use: str


@cache
def _texts() -> tuple[_Text, ...]:
    """Every literal of every module that holds Chinese at all."""
    return tuple(
        found
        for path in sorted(_SOURCE.rglob("*.py"))
        if _HAN.search(source := path.read_text(encoding="utf-8")) or "say(" in source
        for found in _texts_of(path.relative_to(_SOURCE).as_posix(), ast.parse(source))
    )


def _texts_of(module: str, tree: ast.Module) -> Iterator[_Text]:
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, use = waiting.pop()
        text = _text_of(node)
        if text:
            yield _Text(module, node.lineno, text, use)  # type: ignore[attr-defined]  # it is an expression
        first = node.args[0] if isinstance(node, ast.Call) and node.args else None
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
                continue
            waiting.append(
                (child, "doc" if isinstance(node, ast.Expr) else _called(node) if child is first else "")
            )


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return ""


@cache
def _said() -> dict[str, str]:
    """Every template that is said, with where it stands first."""
    found = {each.text: f"{each.module}:{each.line}" for each in _texts() if each.use == "say"}
    for path in (_SOURCE / "pages" / "templates").glob("round.*"):
        for text in re.findall(r'say\("([^"]*)"', path.read_text(encoding="utf-8")):
            found.setdefault(text, path.name)
    return found | dict.fromkeys(_report_texts(), "seeds/reports/department.toml")


def _report_texts() -> Iterator[str]:
    asked = {*("title", "title_of_projects", "heading", "texts", "nothing", "caption", "wanted", "further")}

    def texts(value: object, key: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, held in value.items():
                yield from texts(held, name) if name != "figures" else ()
        elif isinstance(value, list):
            for held in value:
                yield from texts(held, key)
        elif isinstance(value, str) and value and key in asked:
            yield value

    path = _SEEDS / "reports" / "department.toml"
    return texts(tomllib.loads(path.read_text(encoding="utf-8")), "")


def _is_named(module: str, text: str) -> bool:
    """The name of a sheet or column with an entry, or a formula over them."""
    named = module.startswith(_NAMED)
    return named and (
        text in _ENGLISH or any(f"{text}@{kind}" in _ENGLISH for kind in (SHEET, COLUMN)) or "[" in text
    )


def test_every_literal_is_said_or_is_data() -> None:
    missing = [
        f"src/jixiao/{module}:{line}: {text!r}"
        for module, line, text, use in _texts()
        if _HAN.search(text) and use not in {"say", "spoken", "compile", "doc"}
        if not module.startswith(tuple(_DATA))
        and text not in _WORDS.get(module, ())
        and not _is_named(module, text)
        and not text.startswith("# ")  # comments of a TOML file that is written
        and "\\d" not in text
    ]
    advice = 'say("…", …) what somebody reads, with an entry in seeds/languages/en; else list it in _WORDS'
    assert not missing, "\n".join([advice, *missing])


def test_every_text_has_an_english_one() -> None:
    missing = [f"{place}: {text!r}" for text, place in _said().items() if text not in _ENGLISH]
    assert not missing, "\n".join(["not in seeds/languages/en/*.toml:", *missing])


def test_no_entry_is_left_over() -> None:
    known = {*_said(), *(each.text for each in _texts())}
    assert not [key for key in _ENGLISH if _KIND.sub("", key) not in known]


def test_no_entry_stands_twice() -> None:
    seen: dict[str, str] = {}
    for path in sorted(languages_folder(Language.ENGLISH).glob("*.toml")):
        for key in tomllib.loads(path.read_text(encoding="utf-8")).get("texts", {}):
            assert key not in seen, f"{key} is in {seen.get(key)} and {path.name}"
            seen[key] = path.name


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_placeholders_are_those_of_the_chinese() -> None:
    wrong = [
        key
        for key, english in _ENGLISH.items()
        if "{%" not in key and _fields(english) != _fields(_KIND.sub("", key))
    ]
    assert not wrong


def test_english_has_no_chinese_punctuation() -> None:
    wrong = [text for text in _ENGLISH.values() if _WIDE.search(text)]
    assert not wrong


def test_the_sentences_of_every_code_are_there() -> None:
    chinese = tomllib.loads((_SEEDS / "findings.toml").read_text(encoding="utf-8"))
    path = languages_folder(Language.ENGLISH) / "wordings.toml"
    english = tomllib.loads(path.read_text(encoding="utf-8"))
    assert english.keys() == chinese.keys()
    for code, sentences in chinese.items():
        asked = {key: set(_PLACEHOLDER.findall(sentences[key])) for key in _SENTENCES if key in sentences}
        assert {key: set(_PLACEHOLDER.findall(text)) for key, text in english[code].items()} == asked, code


def test_chinese_is_what_stands_in_the_source() -> None:
    assert say("{a}、{b}", a=1, b="二") == "1、二"
    assert say("有 { 括号 }") == "有 { 括号 }"
    assert spoken("说明", SHEET) == "说明"
    assert catalogue(Language.CHINESE) == {}


def test_sheets_are_told_apart_and_known_in_every_language() -> None:
    assert LANGUAGES == ("zh", "en")
    assert known_as(("审核发现",), SHEET) == {"审核发现": "审核发现", "Findings": "审核发现"}
    assert known_as(("应为", "编号")) == {
        "应为": "应为",
        "编号": "编号",
        "Expected": "应为",
        "Number": "编号",
    }
    shown = {
        text: _ENGLISH.get(f"{text}@{SHEET}", _ENGLISH[text])
        for text in ("说明", "总览", "部门汇总", "审核发现")
    }
    assert len(set(shown.values())) == len(shown)
    assert all(len(text) <= 31 for text in shown.values())


def _in_english(script: str, *arguments: str) -> str:
    """What a script prints in a process that speaks English."""
    done = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-c", script, *arguments],
        env={
            **os.environ,
            "JIXIAO_LANG": "en",
            "PYTHONPATH": f"{_ROOT / 'src'}{os.pathsep}{_ROOT}",
            "COLUMNS": "100",
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=_ROOT,
    )
    return done.stdout


_COMMANDS = """
import sys
from typer.testing import CliRunner
from jixiao.cli import app
def run(*arguments):
    print(CliRunner().invoke(app, arguments).output)
for command in "run check serve status history explain words template new scheme".split():
    run(command, "--help")
run("--help")
run("scheme", "explain", "A101")
run("check", sys.argv[1])
run("run", "--inputs", sys.argv[2])
"""


def test_the_command_line_in_english(tmp_path: Path) -> None:
    case = next((_SEEDS / "cases" / "national").glob("*有误/*.xlsx"))
    told = _in_english(_COMMANDS, str(case), str(tmp_path / "nothing"))
    assert not [line for line in told.split("\n") if _WIDE.search(line)]
    assert "Budget performance self-evaluation: reads the forms" in told
    assert "Total disagrees" in told
    assert "have to be corrected before sending" in told
    assert "was not found. Please begin a round with jixiao new" in told


_ROUND = """
import sys
from pathlib import Path
from jixiao.pipeline import find_rounds
from tests.builders.folders import work_off
(folder,) = find_rounds(Path("inputs"), ["yueyang-2020"])
work_off(folder, Path(sys.argv[1]))
"""
_QUOTED = re.compile(r"“[^”]*”")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked round of a city in English."""
    base = tmp_path_factory.mktemp("english")
    _in_english(_ROUND, str(base))
    return base / "outputs" / "yueyang-2020"


def test_the_summary_in_english(results: Path) -> None:
    book = openpyxl.load_workbook(next(results.glob("*.xlsx")))
    own = [name for name in book.sheetnames if not _HAN.search(name)]
    assert own[:2] == ["Overview", "Departments"]
    assert {"Indicators", "Findings", "Submissions", "Scoring rules"} <= set(own)
    assert own[-1] == "Notes"
    for name in own[1:]:
        heads = [str(cell.value) for cell in book[name][3] if cell.value]
        assert not [head for head in heads if _HAN.search(head)], name
        told = [str(book[name].cell(row, 1).value or "") for row in (1, 2)]
        assert not [text for text in told if _WIDE.search(text)], name
    assert {cell.value for cell in book["Departments"]["Q"][3:5]} <= {"Returned", "Accepted", "Incomplete"}


def test_findings_in_english(results: Path) -> None:
    rows = read_table(results, "findings")
    texts = [_QUOTED.sub("", row[column]) for row in rows for column in ("message", "suggestion", "assumed")]
    assert len(rows) > 10
    assert not [text for text in texts if re.search("[，。；：]", text)]


def test_what_was_written_in_english_is_read_back(results: Path) -> None:
    """An officer's words in an English summary count in a run that speaks Chinese."""
    book = openpyxl.load_workbook(next(results.glob("*.xlsx")))
    known = known_as((ID, *OPINION_COLUMNS))
    assert {"Number", "Decision", "Officer", "Date"} <= {
        cell.value for cell in book["Findings"][3]
    } & known.keys()
    returned = openpyxl.load_workbook(next((results / "审核反馈").glob("*/*（审核标注）.xlsx")))
    sheet = returned.worksheets[0]
    assert sheet.title == "Audit opinion"
    values = {
        (row - 1, column - 1): str(sheet.cell(row, column).value)
        for row in range(1, sheet.max_row + 1)
        for column in range(1, sheet.max_column + 1)
        if sheet.cell(row, column).value is not None
    }
    assert is_own_sheet(Grid("copy.xlsx", sheet.title, values))
