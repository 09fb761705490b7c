"""Where the data files of the project stand, for which years each is, and what of it holds in one.

Several folders lie over each other: a file of the first hides those of the same name in the others. So a
jurisdiction keeps its own schemes and forms beside its rounds, and the installed package stays as it is.

An amendment is a table of the array `since`: from its `year` on, whatever it says lies over its file, as a
scheme lies over the one it extends. The rules of a round are settled when they are loaded; nothing that
works with them knows of dates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.loading.sources import OWN, SINCE, SchemeError, Source, problem_at
from jixiao.catalog.loading.tables import Table
from jixiao.language import say, shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jixiao.catalog.loading.sources import KeyPath, SchemeProblem

EARLIEST, LATEST = 2000, 2100
"""Years outside are slips of the pen."""
_YEAR, _BASIS = "year", "basis"
_UNDATED = frozenset({*OWN - {"remove"}, "first_year", "last_year"})
"""What is true of a file as a whole."""


class Amendment(NamedTuple):
    """What changes from a year on, as a layer over its file; `basis` says by which document."""

    year: int
    basis: str
    layer: Source


def read_amendments(source: Source) -> tuple[Amendment, ...]:
    """The amendments of a file, earliest first.

    Raises:
        SchemeError: one has no year or the year of another, or says what cannot change; carries all problems.
    """
    problems: list[SchemeProblem] = []

    def report(path: KeyPath, message: str) -> None:
        problems.append(problem_at([source], path, message))

    found = tuple(_read(source, report_to=Table(report, (), source.data)))
    if problems:
        raise SchemeError(*problems)
    return tuple(sorted(found, key=lambda each: each.year))


def _read(source: Source, report_to: Table) -> Iterator[Amendment]:
    seen: set[int] = set()
    for table in report_to.rows(SINCE) if report_to.has(SINCE) else ():
        year, basis = table.integer(_YEAR, low=EARLIEST, high=LATEST), table.text(_BASIS, "")
        if year in seen:
            table.report(say("{year} 年度起的修订已在上面写过，请并作一处。", year=year), _YEAR)
        for key in sorted(_UNDATED & set(table.names)):
            table.report(say("“{key}”说的是整个方案，不能按年度修订。", key=key), key)
        seen.add(year)
        data = table.values_without(_YEAR, _BASIS)
        yield Amendment(year, basis, Source(source.file, source.text, data, table.path))


def layers_in(files: Sequence[Source], year: int | None) -> tuple[Source, ...]:
    """What holds in a year (None: the latest rules): every file below its amendments up to then.

    Raises:
        SchemeError: an amendment is not written as one.
    """
    layers: list[Source] = []
    for file in files:
        amendments = (each for each in read_amendments(file) if year is None or each.year <= year)
        layers += [*reversed([each.layer for each in amendments]), file]
    return tuple(layers)


def changes_of(files: Sequence[Source]) -> tuple[Amendment, ...]:
    """The amendments of a file and of those it extends, earliest first.

    Raises:
        SchemeError: an amendment is not written as one.
    """
    return tuple(
        sorted((each for file in files for each in read_amendments(file)), key=lambda each: each.year)
    )


def years_covered(data: Mapping[str, object]) -> tuple[int | None, int | None]:
    """The first and the last year of a merged scheme, None where it is open or no whole number."""
    first, last = (data.get(key) for key in ("first_year", "last_year"))
    return first if isinstance(first, int) else None, last if isinstance(last, int) else None


def covers(years: tuple[int | None, int | None], year: int) -> bool:
    """Whether a year lies within the two, which both belong to it."""
    first, last = years
    return (first is None or first <= year) and (last is None or year <= last)


def in_words(years: tuple[int | None, int | None]) -> str:
    """The years as one says them: 2020 年度及以后."""
    first, last = years
    if first is None and last is None:
        return say("各年度")
    if first is None:
        return say("{last} 年度及以前", last=last)
    if last is None:
        return say("{first} 年度及以后", first=first)
    return (
        say("{first} 年度", first=first)
        if first == last
        else say("{first}—{last} 年度", first=first, last=last)
    )


def nearest(years: tuple[int | None, int | None], year: int) -> int:
    """The year itself where it is covered, else the first or the last that is."""
    first, last = years
    if first is not None and year < first:
        return first
    return last if last is not None and year > last else year


CASE_FILE = "case.toml"
"""What has to come out of the workbooks beside it."""


def seeds_folder() -> Path:
    """The folder seeds/ that comes with the program."""
    return shipped_folder("seeds")


def templates_folder() -> Path:
    """The templates of Word reports that come with the program."""
    return shipped_folder("templates") / "word"


def layered_seeds(own: Path) -> tuple[Path, ...]:
    """A jurisdiction's own folder over the packaged one; the latter alone where there is no other."""
    packaged = seeds_folder()
    return (own, packaged) if own.is_dir() and not own.samefile(packaged) else (packaged,)


def scheme_path(scheme_id: str, *seeds: Path) -> Path:
    """The file of a scheme; where there is none, its place in the first folder."""
    return _find(f"schemes/{scheme_id}.toml", seeds)


def scheme_ids(*seeds: Path) -> tuple[str, ...]:
    """Every scheme that has a file, sorted."""
    return _list("schemes", seeds)


def form_path(form_id: str, *seeds: Path) -> Path:
    """The file of a form; where there is none, its place in the first folder."""
    return _find(f"forms/{form_id}.toml", seeds)


def form_ids(*seeds: Path) -> tuple[str, ...]:
    """Every form that has a file, sorted."""
    return _list("forms", seeds)


def lexicon_path(*seeds: Path) -> Path:
    """The file of the words of the language of forms."""
    return _find("lexicon.toml", seeds)


def findings_path(*seeds: Path) -> Path:
    """The file that words the findings."""
    return _find("findings.toml", seeds)


def columns_path(*seeds: Path) -> Path:
    """The file that says what the columns of the tidy tables are called and mean."""
    return _find("columns.toml", seeds)


def wordings_path(language: str, *seeds: Path) -> Path:
    """The file that words the findings in a language other than Chinese."""
    return _find(f"languages/{language}/wordings.toml", seeds)


def words_path(*seeds: Path) -> Path:
    """The file of the words of forms that a jurisdiction has confirmed."""
    return _find("words.toml", seeds)


def book_path(*seeds: Path) -> Path:
    """The file that lays out the workbook in which schemes are edited."""
    return _find("scheme-book.toml", seeds)


def report_path(*seeds: Path) -> Path:
    """The file of what a department's report consists of."""
    return _find("reports/department.toml", seeds)


def case_folders(scheme_id: str, *seeds: Path) -> tuple[Path, ...]:
    """The folders of a scheme's cases by name; one of the first folder hides those of the same name."""
    found: dict[str, Path] = {}
    for folder in reversed(seeds):
        found |= {path.name: path for path in folder.glob(f"cases/{scheme_id}/*") if path.is_dir()}
    return tuple(found[name] for name in sorted(found))


def _find(name: str, seeds: tuple[Path, ...]) -> Path:
    return next((folder / name for folder in seeds if (folder / name).is_file()), seeds[0] / name)


def _list(kind: str, seeds: tuple[Path, ...]) -> tuple[str, ...]:
    return tuple(sorted({path.stem for folder in seeds for path in folder.glob(f"{kind}/*.toml")}))
