"""等级: the grade a form prints, and the grade a score earns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jixiao.domain.amounts import round_half_up

if TYPE_CHECKING:
    from decimal import Decimal

    from jixiao.domain.scheme import Scheme
    from jixiao.domain.submissions import Submission


_BRACKETS = re.compile(r"[(（][^)）]{0,99}+[)）]|\s")
_LONGEST = 8
"""Characters of a grade with what may stand around it: 等级为“优秀”."""
_SENTENCE = 200
"""Characters, whatever is in brackets, of what is a sentence and no grade."""


def grade_of(score: Decimal | None, scheme: Scheme) -> str:
    """The grade of a score as printed (to the scheme's decimals); "" where there is no score."""
    return "" if score is None else scheme.grade_of(round_half_up(score, scheme.score_places))


def printed_grade(submission: Submission, scheme: Scheme) -> str:
    """The grade that the form's `grade` field names, 良好 read as 良; "" where it names none or several.

    A row of tick boxes (优□ 良☑ 中□ 差□) names them all: which one is ticked is not read, so nothing is. Nor
    is a sentence (项目实施情况良好，……): a grade is a word or two.
    """
    entry = submission.fields.get("grade")
    text = entry.text if entry else ""
    if len(text) > _SENTENCE or len(_BRACKETS.sub("", text).strip()) > _LONGEST:
        return ""
    named = {cut.grade for cut in scheme.grades if any(word in text for word in (cut.grade, *cut.synonyms))}
    return named.pop() if len(named) == 1 else ""
