"""A scheme tried: on cases that an officer has checked by hand, and a changed one on rounds that are there.

A case is a folder seeds/cases/<scheme>/<case>/ with the workbooks that one department would send and a
case.toml beside them that says what has to come out: for every scored form its grade and its computed scores
by component and by indicator, and every finding with its cell. Who changes the rules sees what else changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from jixiao.catalog.loading.schemes import load_scheme
from jixiao.catalog.loading.seeds import CASE_FILE, EARLIEST, LATEST, case_folders, scheme_ids, scheme_path
from jixiao.catalog.loading.sources import SchemeError, read_source
from jixiao.catalog.loading.tables import Document
from jixiao.catalog.toml_writing import same, toml_text, updated_text
from jixiao.consolidation.trials import compare, trial_sheets
from jixiao.consolidation.words import SEVERITIES, component_title
from jixiao.domain.amounts import plain
from jixiao.domain.findings import Severity
from jixiao.domain.rounds import Round
from jixiao.domain.spoken import one_line
from jixiao.language import say
from jixiao.pipeline.checking import evaluate_results, printed_year
from jixiao.pipeline.reading import FileReader
from jixiao.pipeline.rounds import with_scheme
from jixiao.pipeline.runs import evaluate_round
from jixiao.pipeline.settings import ConfigurationError, known_seeds
from jixiao.workbooks.reading import is_workbook_name
from jixiao.workbooks.writing import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jixiao.catalog.loading.tables import Table
    from jixiao.consolidation.trials import Trial
    from jixiao.domain.rounds import Evaluation
    from jixiao.domain.scheme import Scheme
    from jixiao.domain.scores import Award, ScoreCard
    from jixiao.evaluating.files import FileResult
    from jixiao.pipeline.errands import Means
    from jixiao.pipeline.rounds import RoundFolder

Data = dict[str, object]
_HEADING = """\
# 案例：由 jixiao scheme test --record 按程序的结果写成，请逐项与人工核对的结果比较；
# 有误的先改方案或表样，再重新记录。
# forms 是各表的核算得分和等级，findings 是应有的审核发现（note 只供阅读，不比较）；不多不少才算相符。

"""
_FORM_KEY = ("file", "sheet")
_FINDING_KEY = ("file", "sheet", "cell", "code")
_JUDGED = "人工判断"


class Difference(NamedTuple):
    """One thing that came out otherwise: where, what, what the case says, what the program does ("" none)."""

    place: str
    what: str
    expected: str
    given: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case: `recorded`, its file was written anew; else what differs."""

    scheme: str
    name: str
    differences: tuple[Difference, ...] = ()
    recorded: bool = False


def run_cases(
    scheme_id: str | None, own: Path | None = None, *, record: bool = False
) -> tuple[CaseResult, ...]:
    """Evaluate the cases of a scheme, or of all schemes, and compare, or write down, what comes out.

    Raises:
        ConfigurationError: no such scheme, no case, or one that says something unknown or lacks workbooks.
        OSError: a case cannot be written.
    """
    seeds = known_seeds(own)
    wanted = (scheme_id,) if scheme_id else scheme_ids(*seeds)
    cases = [(each, folder) for each in wanted for folder in case_folders(each, *seeds)]
    if not cases:
        place = say("seeds/cases/{scheme_id}/案例名", scheme_id=scheme_id or say("方案编号"))
        raise ConfigurationError(
            say(
                "没有案例。请把人工核对过的报送表放入 {place}，再运行 jixiao scheme test --record 记下结果。",
                place=place,
            )
        )
    try:
        return tuple(_run(each, folder, seeds, record=record) for each, folder in cases)
    except SchemeError as error:
        raise ConfigurationError(str(error)) from error


def _run(scheme_id: str, folder: Path, seeds: tuple[Path, ...], *, record: bool) -> CaseResult:
    path = folder / CASE_FILE
    if not path.is_file() and not record:
        raise ConfigurationError(
            say(
                "案例 {name} 没有 {case_file}，请用 jixiao scheme test --record 记下结果。",
                name=folder.name,
                case_file=CASE_FILE,
            )
        )
    try:
        case = _read(path) if path.is_file() else {}
    except SchemeError as error:
        raise ConfigurationError(say("案例 {name}：{error}", name=folder.name, error=error)) from error
    given = _evaluate(scheme_id, folder, case, seeds)
    if not record:
        return CaseResult(scheme_id, folder.name, tuple(_differences(case, given)))
    changed = {key: value for key, value in given.items() if key != "title" or value}
    text = (
        updated_text(read_source(path).text, changed, case) if case else _HEADING + toml_text(changed) + "\n"
    )
    path.write_text(text, encoding="utf-8")
    return CaseResult(scheme_id, folder.name, recorded=True)


def _read(path: Path) -> Data:
    """What a case says.

    Raises:
        SchemeError: it is no TOML, or says something unknown; carries all problems.
    """
    source = read_source(path)
    document = Document([source])
    root = document.root
    root.text("title", "")
    root.integer("year", low=EARLIEST, high=LATEST)
    for table in root.rows("forms") if root.has("forms") else ():
        _read_form(table)
    for table in root.rows("findings") if root.has("findings") else ():
        _read_finding(table)
    root.close()
    if document.problems:
        raise SchemeError(*document.problems)
    return dict(source.data)


def _read_form(table: Table) -> None:
    for key in _FORM_KEY:
        table.text(key)
    table.text("grade", "")
    for key in ("scores", "indicators"):
        table.table(key)
    table.close()


def _read_finding(table: Table) -> None:
    table.text("code")
    for key in ("file", "sheet", "cell", "expected", "note"):
        table.text(key, "")
    table.choice("severity", list(Severity))
    table.close()


def _evaluate(scheme_id: str, folder: Path, case: Data, seeds: tuple[Path, ...]) -> Data:
    """What the program says of a case, in the terms of its file."""
    files = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    workbooks = [file for file in files if is_workbook_name(file.rpartition("/")[2])]
    if not workbooks:
        raise ConfigurationError(say("案例 {name} 里没有工作簿。", name=folder.name))
    year = case.get("year") or printed_year(_results(load_scheme(scheme_id, *seeds), folder, workbooks))
    if not isinstance(year, int) or not year:
        raise ConfigurationError(
            say(
                "案例 {name} 的表上没有年度，请先在 {case_file} 中写明 year。",
                name=folder.name,
                case_file=CASE_FILE,
            )
        )
    scheme = load_scheme(scheme_id, *seeds, year=year)
    evaluation = evaluate_results(Round("", year, scheme), _results(scheme, folder, workbooks), seeds)
    return {"title": case.get("title", ""), "year": year, **_told(evaluation)}


def _results(scheme: Scheme, folder: Path, files: Sequence[str]) -> list[FileResult]:
    reader = FileReader(scheme)
    return [reader.read(folder / file, file) for file in files]


def _told(evaluation: Evaluation) -> Data:
    cards = sorted(evaluation.cards, key=lambda card: (card.submission.file, card.submission.sheet))
    return {
        "forms": [_form(card) for card in cards if card.is_scored],
        "findings": [
            {
                "code": each.code,
                "severity": each.severity.value,
                **{
                    key: value
                    for key in ("file", "sheet", "cell", "expected")
                    if (value := getattr(each, key))
                },
                "note": each.message,
            }
            for each in sorted(
                evaluation.findings, key=lambda each: (each.file, each.sheet, each.cell, each.code)
            )
        ],
    }


def _form(card: ScoreCard) -> Data:
    """A form's computed grade and scores; of an indicator also the band, or that a person must judge."""
    submission = card.submission
    scores = {component_title(each.component): each.computed_score for each in card.components}
    indicators = {
        f"{each.indicator.ref.a1} {one_line(each.indicator.name)}": _award(each.award)
        for each in card.indicators
    }
    return {
        "file": submission.file,
        "sheet": submission.sheet,
        **({"grade": card.computed_grade} if card.computed_grade else {}),
        "scores": {name: _JUDGED if score is None else score for name, score in scores.items()},
        "indicators": indicators,
    }


def _award(award: Award) -> object:
    if award.score is not None:
        return award.score
    return (
        f"{plain(award.low)}—{plain(award.high)}"
        if award.low is not None and award.high is not None
        else _JUDGED
    )


def _differences(case: Data, given: Data) -> Iterator[Difference]:
    for place, expected, actual in _paired(case.get("forms"), given["forms"], _FORM_KEY):
        yield from _form_differences(place, expected, actual)
    for place, expected, actual in _paired(case.get("findings"), given["findings"], _FINDING_KEY):
        yield from _finding_differences(place, expected, actual)


def _paired(
    case: object, given: object, keys: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, object], Mapping[str, object]]]:
    """Rows with the same key together, an empty one for what a side has not; repeats in their order."""
    sides = [_by_key(rows, keys) for rows in (case, given)]
    for key in dict.fromkeys((*sides[0], *sides[1])):
        found = (sides[0].get(key, {}), sides[1].get(key, {}))
        yield " › ".join(filter(None, key[0][:2])), *found


def _by_key(rows: object, keys: Sequence[str]) -> dict[tuple[tuple[str, ...], int], Mapping[str, object]]:
    found: dict[tuple[tuple[str, ...], int], Mapping[str, object]] = {}
    for row in rows if isinstance(rows, list) else ():
        name = tuple(str(row.get(key, "")) for key in keys)
        found[name, sum(other == name for other, _ in found)] = row
    return found


def _form_differences(
    place: str, expected: Mapping[str, object], given: Mapping[str, object]
) -> Iterator[Difference]:
    if not expected or not given:
        yield Difference(place, say("评分的表"), say("有") if expected else "", say("有") if given else "")
        return
    if expected.get("grade", "") != given.get("grade", ""):
        yield Difference(place, say("等级"), str(expected.get("grade", "")), str(given.get("grade", "")))
    for key, what in (("scores", say("核算得分")), ("indicators", say("指标得分"))):
        wanted, actual = (side.get(key) for side in (expected, given))
        if isinstance(wanted, dict) and isinstance(actual, dict):
            for name in dict.fromkeys((*wanted, *actual)):
                if not same(wanted.get(name), actual.get(name)):
                    yield Difference(
                        place, f"{name} {what}", _shown(wanted.get(name)), _shown(actual.get(name))
                    )


def _finding_differences(
    place: str, expected: Mapping[str, object], given: Mapping[str, object]
) -> Iterator[Difference]:
    either = expected or given
    what = " ".join(filter(None, (str(either.get("cell", "")), str(either["code"]))))
    told = [_finding_told(side) for side in (expected, given)]
    if told[0] != told[1]:
        yield Difference(place, what, *told)


def _finding_told(finding: Mapping[str, object]) -> str:
    if not finding:
        return ""
    severity = SEVERITIES[Severity(str(finding["severity"]))].text
    expected = finding.get("expected", "")
    return say("{severity}，应为 {expected}", severity=severity, expected=expected) if expected else severity


def _shown(value: object) -> str:
    return "" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


_NO_ID = re.compile(r"[^\w-]+")
SCHEMES = "schemes"


def try_scheme(path: Path, folders: Sequence[RoundFolder], means: Means) -> tuple[Trial, ...]:
    """Evaluate each round by its own scheme and by that of a file, and compare.

    The file stands in for a scheme of its own name, over the seeds of the round; in a folder `schemes` it
    brings the forms, words and wordings beside that folder with it.

    Raises:
        ConfigurationError: the scheme is broken, or not for the year of a round.
    """
    with TemporaryDirectory(prefix="jixiao-") as place:
        scheme_id, seeds = _laid_over(path, Path(place))
        trials = []
        for folder in folders:
            changed = with_scheme(folder, scheme_id, (seeds, *folder.rules.seeds))
            trials.append(compare(evaluate_round(folder, means), evaluate_round(changed, means)))
    return tuple(trials)


def _laid_over(path: Path, place: Path) -> tuple[str, Path]:
    """The scheme's name and a folder of seeds that holds it."""
    if path.parent.name == SCHEMES and not _NO_ID.search(path.stem):
        return path.stem, path.absolute().parent.parent
    scheme_id = _NO_ID.sub("_", path.stem)
    target = scheme_path(scheme_id, place)
    target.parent.mkdir(parents=True)
    target.write_bytes(path.read_bytes())
    return scheme_id, place


def write_trials(path: Path, trials: Sequence[Trial], scheme: str) -> None:
    """The trials as a workbook.

    Raises:
        OSError: it cannot be written.
    """
    write_workbook(path, trial_sheets(trials, scheme), title=f"评价方案试行_{scheme}", created=None)
