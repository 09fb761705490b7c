"""The parts a form can be composed of, and which of them one seed draws.

Each part is a choice between ways to print the same thing; its first option is the plain one. Every part
draws from a generator of its own, so that switching one off changes nothing else of the form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

PROJECT, OVERALL, TRANSFER = "project", "overall", "transfer"

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    # what is evaluated
    "division": ("10/50/30/10", "20/40/30/10", "10/40/30/20", "cost first", "no execution", "90 without it"),
    "execution": ("high", "low with reason"),
    "sources": ("known", "free", "of which"),
    "breakdown": ("no", "rows without points"),
    # the heading
    "offset": ("no", "rows", "columns", "both"),
    "title": ("year first", "year below", "department first", "annex above", "qualified"),
    "department": ("field", "title", "file name", "reporting line", "implementer only"),
    "seals": ("no", "behind labels"),
    "other money": ("no", "in the heading"),
    "names": ("known", "synonyms", "one invented", "invented"),
    "heading": ("a row each", "two a row", "further rows", "inline"),
    # the funds block
    "funds words": ("known", "synonyms", "one invented", "invented"),
    "item words": ("known", "synonyms", "one invented", "invented"),
    "funds columns": ("all", "no initial", "no rate", "no points", "shuffled", "further"),
    "funds rows": ("all", "total only", "filled only"),
    "funds shape": ("rows", "below", "beside"),
    "unit": ("万元", "元", "千元", "亿元"),
    "unit place": ("block", "sheet", "column", "two cells", "with a date"),
    "amounts": ("numbers", "formatted", "text", "with unit", "full width"),
    "rate": ("text", "percent format", "bare", "fraction", "long fraction"),
    "nil": ("0 and —", "blank", "—", "/"),
    "management": ("no", "below funds"),
    # goals
    "goals": ("below", "beside", "none", "after indicators", "next to funds"),
    # the indicator block
    "indicator words": ("known", "synonyms", "one invented", "invented"),
    "columns": ("usual", "points first", "score first", "reason inside", "further"),
    "levels": ("merged", "first row", "repeated", "no first", "no second", "none", "one header"),
    "level words": ("known", "short", "points", "points in a line"),
    "points": ("column", "level headings", "no scores", "none"),
    "target": (
        "one cell",
        "three cells",
        "unit twice",
        "headed twice",
        "operator apart",
        "unit apart",
        "nature beside",
    ),
    "signs": ("usual", "look-alikes", "words"),
    "actual": ("with unit", "bare", "percent format"),
    "percentages": ("usual", "spaced", "full width", "decimals"),
    "dates": ("words", "date cells"),
    "point style": ("numbers", "text", "with 分", "two decimals"),
    "column numbers": ("no", "funds", "indicators", "both"),
    "header": ("one row", "two rows"),
    "names of rows": ("plain", "numbered", "starred", "unit in name"),
    "template rows": ("no", "dots", "numbered"),
    "page break": ("no", "header", "title and header"),
    "subtotals": ("no", "after groups"),
    "gaps": ("no", "between blocks", "between levels"),
    "captions": ("funds", "all", "none"),
    "blocks": ("one", "two with headers"),
    # total, grade, foot
    "total": ("foot", "head", "none", "beside grade"),
    "total words": ("known", "synonyms", "one invented", "invented"),
    "grade": ("none", "row", "head"),
    "foot": ("no", "notes", "remarks", "signatures", "all"),
    # the sheet
    "spelling": ("plain", "spaces", "line breaks", "full width colons"),
    "widths": ("narrow", "merged", "wide"),
    "company": (
        "alone",
        "stacked",
        "beside",
        "other sheet",
        "declaration",
        "monitoring",
        "blank form",
        "directory",
        "report",
    ),
    "format": ("grid", "xlsx", "xls", "ods", "et", "xlsm", "xlsb"),
}
"""Every part with its options, the plain one first."""

_LIKELY = 0.22
"""How often a part is anything but plain: a form has about nine such parts."""

_OVERALL, _TRANSFER = 0.3, 0.88
"""Below and above which a chance gives a department's or a transfer's form."""
_POINTLESS = 0.5
"""How often a transfer form is without points, beside the chance of any form."""

_AT_ODDS: Final = (
    # A part's option that another part's option leaves no place for: the second is dropped.
    (("division", "no execution"), ("funds columns", "no points")),
    (("division", "90 without it"), ("funds columns", "no points")),
    (("points", "none"), ("grade", "row")),
    (("points", "none"), ("grade", "head")),
    (("points", "none"), ("total", "head")),
    (("points", "none"), ("total", "beside grade")),
    (("points", "none"), ("subtotals", "after groups")),
    (("points", "none"), ("breakdown", "rows without points")),
    (("points", "no scores"), ("grade", "row")),
    (("points", "no scores"), ("grade", "head")),
    (("points", "no scores"), ("total", "head")),
    (("points", "no scores"), ("total", "beside grade")),
    (("points", "level headings"), ("levels", "no first")),
    (("points", "level headings"), ("levels", "none")),
    (("points", "level headings"), ("levels", "one header")),
    (("points", "level headings"), ("blocks", "two with headers")),
    (("funds shape", "below"), ("funds rows", "filled only")),
    (("funds shape", "below"), ("sources", "free")),
    (("funds shape", "below"), ("sources", "of which")),
    (("funds shape", "beside"), ("sources", "free")),
    (("funds shape", "beside"), ("sources", "of which")),
    (("funds shape", "beside"), ("captions", "none")),
    (("funds shape", "beside"), ("funds columns", "further")),
    (("funds rows", "total only"), ("sources", "free")),
    (("funds rows", "total only"), ("sources", "of which")),
    (("unit place", "block"), ("captions", "none")),
    (("levels", "none"), ("subtotals", "after groups")),
    (("levels", "none"), ("level words", "points")),
    (("levels", "none"), ("level words", "points in a line")),
    (("levels", "no first"), ("subtotals", "after groups")),
    (("goals", "next to funds"), ("funds shape", "below")),
    (("goals", "next to funds"), ("funds shape", "beside")),
    (("target", "headed twice"), ("header", "two rows")),
    (("levels", "one header"), ("header", "two rows")),
    (("levels", "none"), ("template rows", "dots")),
    (("levels", "none"), ("template rows", "numbered")),
    (("actual", "percent format"), ("target", "unit twice")),
    *(
        (("format", kind), ("company", company))
        for kind in ("ods", "xlsb")
        for company in ("other sheet", "declaration", "monitoring", "blank form", "directory", "report")
    ),
    *(
        (("company", company), ("department", department))
        for company in ("stacked", "beside", "other sheet")
        for department in ("file name", "implementer only")
    ),
    *((("format", kind), ("dates", "date cells")) for kind in ("xlsx", "xls", "ods", "et", "xlsm", "xlsb")),
    (("funds shape", "below"), ("column numbers", "funds")),
    (("funds shape", "beside"), ("column numbers", "funds")),
    (("funds shape", "below"), ("column numbers", "both")),
    (("funds shape", "beside"), ("column numbers", "both")),
    (("actual", "percent format"), ("names of rows", "unit in name")),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one seed draws: the kind of form and the options that are not plain."""

    seed: int
    kind: str
    chosen: Mapping[str, str]

    def of(self, part: str) -> str:
        """The option of a part; of "kind" the kind of form."""
        if part == "kind":
            return self.kind
        return self.chosen.get(part, PARTS[part][0])

    def has(self, part: str, *options: str) -> bool:
        return self.of(part) in options

    def rng(self, part: str) -> Random:
        """The part's own source of chance."""
        return Random(f"{self.seed}:{part}")  # noqa: S311 reproducible, not secret

    def only(self, parts: AbstractSet[str]) -> Plan:
        """The same form with only these parts as drawn, the others plain."""
        return replace(self, chosen={part: option for part, option in self.chosen.items() if part in parts})

    def pinned(self, chosen: Mapping[str, str]) -> Plan:
        """The same content with exactly these options."""
        return settle(replace(self, chosen=chosen))

    def __str__(self) -> str:
        parts = ", ".join(f"{part}={option}" for part, option in sorted(self.chosen.items()))
        return f"{self.kind} {self.seed}: {parts or 'plain'}"


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    rng = Random(f"{seed}:kind")  # noqa: S311 reproducible, not secret
    chance = rng.random()
    kind = OVERALL if chance < _OVERALL else TRANSFER if chance > _TRANSFER else PROJECT
    plan = Plan(seed, kind, {})
    chosen = {part: option for part in PARTS if (option := _option(plan, part)) != PARTS[part][0]}
    if kind == TRANSFER and rng.random() < _POINTLESS:
        chosen["points"] = "none"
    return settle(replace(plan, chosen=chosen))


def _option(plan: Plan, part: str) -> str:
    rng = plan.rng(part)
    return rng.choice(PARTS[part][1:]) if rng.random() < _LIKELY else PARTS[part][0]


def settle(plan: Plan) -> Plan:
    """The plan without options that have no place beside others."""
    chosen = {part: option for part, option in plan.chosen.items() if option != PARTS[part][0]}
    for (part, option), (other, dropped) in _AT_ODDS:
        if chosen.get(part, PARTS[part][0]) == option and chosen.get(other, PARTS[other][0]) == dropped:
            chosen[other] = _instead(other, dropped)
    if plan.kind == OVERALL:
        for part in ("sources", "funds rows"):
            chosen.pop(part, None)
        if chosen.get("department") == "implementer only":
            del chosen["department"]
    chosen = {part: option for part, option in chosen.items() if option != PARTS[part][0]}
    return replace(plan, chosen=chosen)


def _instead(part: str, dropped: str) -> str:
    """The plain option, or where that is the one dropped the next."""
    plain, second, *_ = PARTS[part]
    return second if dropped == plain else plain


_SHORTEST = 3


def spelled(label: str, plan: Plan) -> str:
    """The label as this form sets it."""
    style = plan.of("spelling")
    if style == "full width colons":
        return label if label.endswith("：") else f"{label}："
    if style == "plain" or len(label) < _SHORTEST:
        return label
    at = plan.rng(f"spelling.{label}").randint(1, len(label) - 1)
    return f"{label[:at]}{' 　'[at % 2] if style == 'spaces' else chr(10)}{label[at:]}"
