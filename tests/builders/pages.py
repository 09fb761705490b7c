"""Pages of rounds built in code, for tests of what they say and of what a browser makes of them."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.consolidation.departments import department_sheet, rank
from jixiao.consolidation.dossiers import dossier_of
from jixiao.consolidation.edition import Edition, shown_department
from jixiao.consolidation.page import department_views, round_facts, round_page
from jixiao.consolidation.shares import share_of
from jixiao.consolidation.summary import gather, review, summary_page
from jixiao.domain.report import Audience, Formula
from jixiao.pages import packed, render
from tests.builders.results import split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jixiao.consolidation.page import RoundFacts
    from jixiao.domain.report import SheetSpec
    from jixiao.domain.rounds import Evaluation

CREATED = datetime(2025, 4, 20, 18, 0, tzinfo=UTC)
TITLES = {"A101": "合计不符", "P102": "执行率偏低没有说明原因", "Q101": "远超目标"}
FILES = (("绩效自评汇总_xugou-2024.xlsx", "汇总工作簿"), ("data/scores.csv", "得分"))


def edition(evaluation: Evaluation, created: datetime | None = CREATED) -> Edition:
    """The edition of the round, its inputs two folders up."""
    return Edition(evaluation.round, created, "0.1.0", f"../../inputs/{evaluation.round.name}/", TITLES)


def facts(evaluation: Evaluation, causes: Mapping[str, int] | None = None) -> RoundFacts:
    """What the page needs of a whole round."""
    own = edition(evaluation)
    nobodys, departments = split(evaluation)
    gathered = gather(nobodys, [share_of(each, name, own).facts for name, each in departments.items()])
    sheets = (department_sheet(rank([each.standings for each in gathered.facts]), own),)
    feedback = {name: f"审核反馈/{name}.xlsx" for name in departments}
    front = summary_page(gathered, own, sheets, feedback)
    said = replace(
        round_facts(gathered, sheets, front, feedback, FILES), decisions=review(gathered, own).decisions
    )
    return said if causes is None else replace(said, causes=causes)


def sheets_of(evaluation: Evaluation) -> dict[str, dict[Audience, tuple[SheetSpec, ...]]]:
    """What the views of all departments show."""
    own = edition(evaluation, None)
    return {
        shown_department(name): department_views(
            share_of(each, name, own), dossier_of(each, name), replace(each, findings=()), own
        )
        for name, each in split(evaluation)[1].items()
    }


def views(evaluation: Evaluation, audience: Audience) -> dict[str, str]:
    """The packed views of all departments."""
    return {name: packed(sheets[audience]) for name, sheets in sheets_of(evaluation).items()}


def unpacked(view: str) -> Any:  # noqa: ANN401 JSON
    """What the page reads out of a packed view."""
    return json.loads(zlib.decompress(b64decode(view)))


def page(evaluation: Evaluation, audience: Audience = Audience.INTERNAL) -> str:
    """The whole page."""
    said = round_page(facts(evaluation), edition(evaluation), audience)
    return render(said, views(evaluation, audience))


def many(evaluation: Evaluation, departments: int) -> str:
    """The page of a round with its first department so many times, under names of their own."""
    own = facts(evaluation)
    first, *rest = own.departments.rows[0], *own.departments.rows[0][2:]
    rows = tuple(
        (
            Formula("", place),
            f"云梦泽省虚构第{place}局",
            *rest[:2],
            Decimal(100) - Decimal(place % 40),
            *rest[3:],
        )
        for place in range(1, departments + 1)
    )
    assert {len(row) for row in rows} == {len(first)}
    said = round_page(
        replace(own, departments=replace(own.departments, rows=rows)), edition(evaluation), Audience.INTERNAL
    )
    (view,) = views(evaluation, Audience.INTERNAL).values()
    return render(said, dict.fromkeys(said.departments, view))
