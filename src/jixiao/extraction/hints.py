"""What an indicator's name says about its figures: their unit, and whether less of it is better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.extraction.numbers import read_hint
from jixiao.extraction.spelling import normalise

if TYPE_CHECKING:
    from jixiao.domain.lexicon import Lexicon

_BRACKET = re.compile(r"\((?:[^():]*:)?([^():]{1,12})\)")


def unit_hint(name: str, lexicon: Lexicon) -> str:
    """The unit that a name announces in brackets: "次" for 开展培训（次）; "" where there is none.

    金额（单位：万元） announces 万元. The last bracket that holds a unit counts; brackets with anything else
    (本级, 含税) announce nothing.
    """
    brackets = reversed(_BRACKET.findall(normalise(name)))
    return next((unit for unit in brackets if read_hint(unit, lexicon).printed), "")


def is_lower_better(level2: str, name: str, lexicon: Lexicon) -> bool | None:
    """Whether an unsigned figure of this indicator is a maximum: 成本指标, 投诉次数; not 节约率.

    None where its name leaves that open: of 控制率 and 占比 less may be as good as more.
    """
    if any(word in name for word in lexicon.undirected_names):
        return None
    if any(word in name for word in lexicon.higher_is_better):
        return False
    return any(word in level2 or word in name for word in lexicon.lower_is_better)
