"""seeds/schemes/*.toml into schemes: loading, listing, validating."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.catalog.loading.consistency import check_scheme
from jixiao.catalog.loading.forms import read_form
from jixiao.catalog.loading.relations import check_relations, keep_applicable
from jixiao.catalog.loading.rules import read_scheme
from jixiao.catalog.loading.seeds import (
    EARLIEST,
    LATEST,
    changes_of,
    covers,
    findings_path,
    form_ids,
    form_path,
    in_words,
    layers_in,
    lexicon_path,
    scheme_ids,
    scheme_path,
    words_path,
    years_covered,
)
from jixiao.catalog.loading.sources import (
    ID,
    SINCE,
    SchemeError,
    SchemeProblem,
    merge_layers,
    problem_at,
    read_source,
)
from jixiao.catalog.loading.tables import Document
from jixiao.catalog.loading.words import load_lexicon, load_words, refute_words, with_words
from jixiao.catalog.wording.wordings import load_wordings
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from jixiao.catalog.loading.seeds import Amendment
    from jixiao.catalog.loading.sources import Source
    from jixiao.domain.forms import FormLayout
    from jixiao.domain.scheme import Scheme


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """A scheme as listed; the title of one that cannot be used says why. A year None: open.

    `changes` are the years from which something in it is different.
    """

    id: str
    title: str
    jurisdiction: str = ""
    years: tuple[int | None, int | None] = (None, None)
    changes: tuple[int, ...] = ()


def load_scheme(
    scheme_id: str, *seeds: Path, year: int | None = None, codes: AbstractSet[str] | None = None
) -> Scheme:
    """The scheme of that id, with its forms and the lexicon, from folders that lie over each other.

    `year`: as it is in that year; None: as amended last, for whichever year. `codes`: the known codes of
    findings; None: those of the folders.

    Raises:
        SchemeError: there is no such scheme, it is not for that year, or anything in it or its forms is
            wrong; carries all problems.
    """
    source = _find(scheme_id, seeds)
    if year is not None:
        _refuse_year(source, year, seeds)
    return _build(source, seeds, year, codes)


def scheme_changes(scheme_id: str, *seeds: Path) -> tuple[Amendment, ...]:
    """What changes in a scheme from some year on, by itself or by one that it extends, earliest first.

    Raises:
        SchemeError: there is no such scheme, or one of its files is not written as it has to be.
    """
    return changes_of(_read_layers(_find(scheme_id, seeds), seeds))


def _find(scheme_id: str, seeds: tuple[Path, ...]) -> Source:
    if not ID.fullmatch(scheme_id) or not scheme_path(scheme_id, *seeds).is_file():
        raise SchemeError(
            SchemeProblem(scheme_id, None, "", say("没有这个评价方案，可用：{seeds}。", seeds=_known(seeds)))
        )
    return read_source(scheme_path(scheme_id, *seeds))


def _refuse_year(source: Source, year: int, seeds: tuple[Path, ...]) -> None:
    """Raise where the scheme is not for the year, saying for which it is and which other scheme would do."""
    layers = _read_layers(source, seeds)
    own = years_covered(merge_layers(layers)[0])
    if covers(own, year):
        return
    others = [each for each in scheme_ids(*seeds) if each != source.id and covers(_years(each, seeds), year)]
    known = (
        say("适用 {year} 年度的方案：{others}", year=year, others=say("、").join(others))
        if others
        else say("没有适用 {year} 年度的方案", year=year)
    )
    key = "first_year" if own[0] is not None and year < own[0] else "last_year"
    message = say(
        "本方案适用于 {own}，不适用于 {year} 年度。{known}；请核对年度，或改用、另写方案。",
        own=in_words(own),
        year=year,
        known=known,
    )
    raise SchemeError(problem_at(layers, (key,), message))


def _years(scheme_id: str, seeds: tuple[Path, ...]) -> tuple[int | None, int | None]:
    """The years of a scheme; of one that cannot be read none, as it were."""
    try:
        return years_covered(scheme_data(scheme_id, *seeds))
    except SchemeError:
        return LATEST, EARLIEST


def list_schemes(*seeds: Path) -> tuple[SchemeSummary, ...]:
    """Every scheme in the folders by id; one that cannot be used does not hide the others."""
    return tuple(_summarise(scheme_path(each, *seeds), seeds) for each in scheme_ids(*seeds))


def validate_file(path: Path, *seeds: Path) -> tuple[SchemeProblem, ...]:
    """All that is wrong with a file, nothing where it can be used.

    A file in a folder named forms is a form, lexicon.toml and findings.toml are what they are called, any
    other file is a scheme; what it extends and the forms it names are looked up in `seeds`.
    """
    try:
        if path.parent.name == "forms":
            return read_form(path)[1]
        if path.name == lexicon_path(*seeds).name:
            load_lexicon(path)
        elif path.name == findings_path(*seeds).name:
            load_wordings(path.parent)
        elif path.name == words_path(*seeds).name:
            return _check_words(path, seeds)
        else:
            return check_source(read_source(path), *seeds)
    except SchemeError as error:
        return error.problems
    return ()


def _check_words(path: Path, seeds: tuple[Path, ...]) -> tuple[SchemeProblem, ...]:
    """What is wrong with a file of confirmed words, form by form."""
    return tuple(
        SchemeProblem(path.name, None, f"{form_id}.{address}", message)
        for form_id, words in load_words(path.parent, *seeds).items()
        for address, message in refute_words(read_form(form_path(form_id, *seeds))[0], words)
    )


def _summarise(path: Path, seeds: tuple[Path, ...]) -> SchemeSummary:
    try:
        source = read_source(path)
        changes = tuple(dict.fromkeys(each.year for each in changes_of(_read_layers(source, seeds))))
        scheme = _build(source, seeds, None)
    except SchemeError as error:
        return SchemeSummary(path.stem, say("（文件有误，不能使用）{problems}", problems=error.problems[0]))
    return SchemeSummary(scheme.id, scheme.title, scheme.jurisdiction, scheme.years, changes)


def check_source(source: Source, *seeds: Path) -> tuple[SchemeProblem, ...]:
    """All that is wrong with a scheme in any of its years, nothing where it can be used."""
    try:
        years = [each.year for each in changes_of(_read_layers(source, seeds))]
    except SchemeError as error:
        return error.problems
    found: dict[SchemeProblem, SchemeProblem] = {}
    unamended = years[0] - 1 if years else None
    for year in dict.fromkeys((unamended, *years)):
        for each in _problems_in(source, seeds, year):
            found.setdefault(each, each if year == unamended else _from(each, year))
    return tuple(found.values())


def _problems_in(source: Source, seeds: tuple[Path, ...], year: int | None) -> tuple[SchemeProblem, ...]:
    try:
        _build(source, seeds, year)
    except SchemeError as error:
        return error.problems
    return ()


def _from(problem: SchemeProblem, year: int | None) -> SchemeProblem:
    """A problem that an amendment brings about, wherever it shows."""
    if problem.key.startswith(SINCE):
        return problem
    return replace(problem, message=say("{year} 年度起：{message}", year=year, message=problem.message))


def scheme_data(scheme_id: str, *seeds: Path) -> dict[str, object]:
    """What the files of a scheme and of those it extends say together, as TOML data.

    Raises:
        SchemeError: there is no such file, or one of them is not TOML.
    """
    return merge_layers(_read_layers(read_source(scheme_path(scheme_id, *seeds)), seeds))[0]


def _build(
    source: Source, seeds: tuple[Path, ...], year: int | None, codes: AbstractSet[str] | None = None
) -> Scheme:
    document = Document(layers_in(_read_layers(source, seeds), year))
    forms, problems = _read_forms(document, seeds)
    scheme = read_scheme(document.root, source.id, forms, load_lexicon(lexicon_path(*seeds)))
    check_scheme(scheme, document, frozenset(load_wordings(*seeds)) if codes is None else codes)
    check_relations(scheme, document.root, frozenset(form_ids(*seeds)))
    found = (*document.problems, *problems)
    if found:
        raise SchemeError(*found)
    return keep_applicable(scheme)


def _read_layers(source: Source, seeds: tuple[Path, ...]) -> tuple[Source, ...]:
    """The file, the one it extends, and so on; each once."""
    layers = [source]
    seen = [source.id]
    while (parent := layers[-1].data.get("extends")) is not None:
        message = ""
        if not isinstance(parent, str) or not scheme_path(parent, *seeds).is_file():
            message = say("要继承的方案“{parent}”不存在，可用：{seeds}。", parent=parent, seeds=_known(seeds))
        elif parent in seen:
            message = say("继承成了环：{items}。", items=" → ".join([*seen, parent]))
        if message:
            raise SchemeError(problem_at(layers[-1:], ("extends",), message))
        layers.append(read_source(scheme_path(str(parent), *seeds)))
        seen.append(str(parent))
    return tuple(layers)


def _read_forms(
    document: Document, seeds: tuple[Path, ...]
) -> tuple[tuple[FormLayout, ...], tuple[SchemeProblem, ...]]:
    """The forms that a scheme names, and what is wrong inside them."""
    layouts: list[FormLayout] = []
    problems: list[SchemeProblem] = []
    words = load_words(*seeds)
    for position, form_id in enumerate(document.root.texts("forms")):
        path = form_path(form_id, *seeds)
        if not path.is_file():
            known = say("、").join(form_ids(*seeds))
            document.root.report(
                say("没有名为“{form_id}”的报送表，可用：{known}。", form_id=form_id, known=known),
                "forms",
                position,
            )
            continue
        layout, found = read_form(path)
        learnt = words.get(form_id, {})
        problems += found or (
            SchemeProblem(words_path(*seeds).name, None, f"{form_id}.{address}", message)
            for address, message in refute_words(layout, learnt)
        )
        layouts.append(with_words(layout, learnt))
    return tuple(layouts), tuple(problems)


def _known(seeds: tuple[Path, ...]) -> str:
    return say("、").join(scheme_ids(*seeds))
