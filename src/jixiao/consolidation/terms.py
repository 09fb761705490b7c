"""The sheet 待确认用语: labels that were read without a known word, for an officer to confirm once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.consolidation.words import form_titles
from jixiao.domain.amounts import HUNDRED
from jixiao.domain.blanks import Entering, InputRule
from jixiao.domain.report import ColumnSpec, Kind, SheetSpec
from jixiao.domain.submissions import Basis, Term
from jixiao.domain.text_keys import has_words
from jixiao.language import SHEET as A_SHEET
from jixiao.language import say, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jixiao.consolidation.edition import Edition
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.report import Content
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.submissions import Inference

SHEET = "待确认用语"
FORM, TEXT, TAKEN_FOR, CONFIRMED, ADDRESS = (
    "表种",
    "用语",
    "读作",
    "确认",
    "位置代号",
)
"""Headers by which an edited sheet is read back."""
YES, NO = "是", "否"
UNKNOWN = say("（未采用）")
_WORDS = {Basis.STRUCTURE, Basis.LIKENESS}
"""What a word can settle; a unit or somebody's name is no word of a form."""


def gather_terms(evaluation: Evaluation) -> tuple[Term, ...]:
    """Every inferred or unrecognised label of a round; the surest last, for they need the least care."""
    return unite_terms([*_inferred(evaluation), *_unrecognised(evaluation)])


def unite_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Each label once, with all its places: the first's words, the least certainty."""
    found: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    for each in terms:
        found[each.form, each.text, each.address].append(each)
    united = (
        replace(
            cases[0],
            certainty=min(each.certainty for each in cases),
            places=tuple(place for each in cases for place in each.places),
        )
        for cases in found.values()
    )
    return tuple(sorted(united, key=lambda each: (each.certainty, each.form, each.text, each.address)))


def _inferred(evaluation: Evaluation) -> Iterator[Term]:
    for submission in evaluation.submissions:
        layout = evaluation.round.scheme.form(submission.form)
        for each in submission.inferences:
            if each.basis in _WORDS and has_words(each.text) and _is_place(each, layout):
                said = (each.address, each.title, each.reason, each.certainty)
                yield Term(submission.form, _shown(each.text), *said, (each.ref,))


def term_sheet(terms: Sequence[Term], edition: Edition) -> Iterator[SheetSpec]:
    """One term a row; no sheet where every label was a known word."""
    if not terms:
        return
    titles = form_titles(edition.round.scheme)
    columns = (
        *(ColumnSpec(TEXT, wrap=30), ColumnSpec(TAKEN_FOR, wrap=24), ColumnSpec("把握", Kind.RATE)),
        *(ColumnSpec("依据", wrap=44), ColumnSpec(CONFIRMED, Kind.MARK, least=8)),
        *(ColumnSpec("出现次数", Kind.COUNT), ColumnSpec("第一处", wrap=60)),
        *(ColumnSpec(FORM, wrap=24), ColumnSpec(ADDRESS, muted=True)),
    )
    yield SheetSpec(
        name=SHEET,
        about=say("一行一个没有已知用语的栏目：读作什么、由人确认"),
        title=edition.title(spoken(SHEET, A_SHEET)),
        note=edition.note(
            say(
                "这些用语不在词表里，程序按位置或近似的词读取，或没有采用。读得对的，在“确认”栏选“是”（读错的改“读作”）"
                "，保存后运行 jixiao words accept {name}，以后就是已知用语。",
                name=edition.round.name,
            ),
            unit="",
        ),
        columns=columns,
        rows=tuple(_row(each, titles.get(each.form, each.form), edition) for each in terms),
        fixed=1,
        inputs={
            (row, 4): InputRule(Entering.CHOICE, choices=(spoken(YES), spoken(NO)))
            for row in range(len(terms))
        },
    )


def _row(term: Term, form: str, edition: Edition) -> tuple[Content, ...]:
    first = term.places[0]
    return (
        *(term.text, term.title or UNKNOWN, term.certainty / HUNDRED, term.reason, None),
        *(len(term.places), edition.source(first.file, first.sheet, first.a1), form, term.address or None),
    )


def _unrecognised(evaluation: Evaluation) -> Iterator[Term]:
    """Labels that stand where labels stand and were taken for nothing."""
    said = ("", "", say("这里的数没有读作任何栏目"), 0)
    for submission in evaluation.submissions:
        for label in submission.unrecognised:
            if has_words(label.text):
                yield Term(submission.form, _shown(label.text), *said, (label.ref,))


def _is_place(inference: Inference, layout: FormLayout) -> bool:
    """Whether a label was read as a place that has words of its own: a field, a row or a column.

    No single cell, no whole table, and no value that was known as such without a label (优 beside a total).
    """
    table, _, rest = inference.address.partition(".")
    if not rest:
        return any(each.name == table and inference.text not in each.choices for each in layout.fields)
    item, _, column = rest.rpartition(".") if rest.startswith(".") else (rest, "", "")
    return bool("." not in item and (item or column))


def _shown(text: str) -> str:
    """A label on one line: the breaks of a narrow cell are no part of a word."""
    return "".join(text.split())
