"""How well the published forms are read and judged.

    python -m tests.published.measure [--set open|aside|all] [--failures]

prints counts; with --failures also what is read or judged otherwise, form by form, the worst first.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.published.comparing import compare
from tests.published.judgements import ASIDE_IS_OPEN, opened
from tests.published.judging import is_error, judge
from tests.published.running import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jixiao.domain.rounds import ReportedFinding
    from tests.published.comparing import Part
    from tests.published.judgements import Judgement
    from tests.published.judging import Verdict
    from tests.published.running import Outcome

_PARTS = {
    "identity": "部门、项目、年度",
    "row": "指标行（每一栏）",
    "amount": "金额",
    "execution": "预算执行得分",
    "total": "总分",
    "extra": "多读的行和数",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One form with what was read and what was found."""

    judgement: Judgement
    parts: tuple[Part, ...]
    verdict: Verdict

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Everything that is read or judged otherwise, one line each."""
        return tuple(self._lines())

    @property
    def cost(self) -> int:
        """How much it matters: a false error most, then what is read wrong, then what is missing."""
        wrong = sum(10 if is_error(each) else 2 for each in self.verdict.wrong)
        return wrong + 3 * len(self.verdict.missing) + sum(not part.is_right for part in self.parts)

    def _lines(self) -> Iterator[str]:
        for part in self.parts:
            yield from (f"读错 {mistake}" for mistake in part.mistakes)
        for finding in self.verdict.wrong:
            yield f"冤枉 {finding.severity.value} {finding.code} {finding.cell} {finding.message}"
        yield from (f"漏了 {expected}" for expected in self.verdict.missing)


def measure(judgement: Judgement) -> Measured:
    """Run one form and compare."""
    return measured(judgement, outcome_of(judgement))


def measured(judgement: Judgement, outcome: Outcome) -> Measured:
    """Compare what the program made of one form with what it says."""
    return Measured(judgement, compare(judgement, outcome.submissions), judge(judgement, outcome.findings))


def summary(forms: Sequence[Measured]) -> Iterator[str]:
    """The figures of a set, one line each."""
    yield f"{len(forms)} 张表，其中全部读对且判对 {sum(not form.mistakes for form in forms)}"
    parts = [part for form in forms for part in form.parts]
    for kind, title in _PARTS.items():
        own = [part for part in parts if part.kind == kind]
        yield f"{title}：{sum(part.is_right for part in own)} / {len(own)} 读对"
    for title, errors in (("错误", True), ("提示", False)):
        counts = [
            sum(is_error(each) is errors for form in forms for each in findings(form.verdict))
            for findings in (_standing, _tolerable, _excerpt, _wrong)
        ]
        yield "{}：成立 {}，可以容忍 {}，截断所致 {}，冤枉 {}".format(title, *counts)
    found = sum(len(form.verdict.found) for form in forms)
    yield f"应当发现的 {found + sum(len(form.verdict.missing) for form in forms)}，已发现 {found}"


def failures(forms: Sequence[Measured]) -> Iterator[str]:
    """What is wrong, form by form, the worst first."""
    for form in sorted(forms, key=lambda each: -each.cost):
        if form.mistakes:
            yield f"\n## {form.judgement.name}（{form.judgement.layout}）"
            yield f"`{form.judgement.workbook}`"
            yield from (f"- {line}" for line in form.mistakes)


def _standing(verdict: Verdict) -> tuple[ReportedFinding, ...]:
    return verdict.standing


def _tolerable(verdict: Verdict) -> tuple[ReportedFinding, ...]:
    return verdict.tolerable


def _excerpt(verdict: Verdict) -> tuple[ReportedFinding, ...]:
    return verdict.excerpt


def _wrong(verdict: Verdict) -> tuple[ReportedFinding, ...]:
    return verdict.wrong


def main() -> None:
    """Measure the set named on the command line."""
    parser = argparse.ArgumentParser(description="公开表的读取和判断")
    parser.add_argument("--set", dest="which", choices=("open", "aside", "all"), default="open")
    parser.add_argument("--failures", action="store_true", help="逐张列出读错、冤枉和漏了的")
    arguments = parser.parse_args()
    if arguments.which == "aside" and not ASIDE_IS_OPEN:
        parser.error("留存的一组尚未启用：ASIDE_IS_OPEN（tests/published/judgements.py）")
    forms = [measure(judgement) for judgement in opened(arguments.which)]
    for line in (*summary(forms), *(failures(forms) if arguments.failures else ())):
        print(line)


if __name__ == "__main__":
    main()
