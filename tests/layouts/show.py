"""A form as text, to be looked at.

`python -m tests.layouts.show SEED [--kind KIND] [--only "part=option,…"] [--fault FAULT]`
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from jixiao.domain.cells import column_letters
from tests.layouts.arrangement import print_form
from tests.layouts.judging import compare
from tests.layouts.parts import Plan, draw
from tests.layouts.reading import read_form

if TYPE_CHECKING:
    from tests.layouts.canvas import Canvas


def sheet_text(canvas: Canvas) -> str:
    """Every row with its cells; merges as the ranges they cover."""
    areas = {(area.top, area.left): area for area in canvas.areas}
    lines: dict[int, list[str]] = {}
    for at in sorted(canvas.cells):
        value, code = canvas.cells[at]
        if value is None:
            continue
        area = areas.get(at)
        place = f"{column_letters(at[1])}{at[0] + 1}"
        place += f":{column_letters(area.right)}{area.bottom + 1}" if area else ""
        text = str(value).replace("\n", "⏎")
        lines.setdefault(at[0], []).append(f"{place}={text}{f' [{code}]' if code else ''}")
    return "\n".join("  ".join(cells) for cells in lines.values())


def parse_options(text: str) -> dict[str, str]:
    pairs = (item.strip().partition("=") for item in text.split(",") if item.strip())
    return {part: option for part, _, option in pairs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--only", help='the parts that are not plain, "" for none')
    parser.add_argument("--kind", default="", help="project, overall or transfer, else as the seed draws it")
    parser.add_argument("--fault", default="")
    arguments = parser.parse_args()
    plan: Plan = draw(arguments.seed)
    plan = replace(plan, kind=arguments.kind or plan.kind)
    if arguments.only is not None:
        plan = plan.pinned(parse_options(arguments.only))
    form = print_form(plan)
    out = [str(plan)]
    if arguments.fault:
        from tests.layouts.faults import FAULTS  # noqa: PLC0415 only where asked for

        injected = FAULTS[arguments.fault].inject(form)
        out.append(f"fault {arguments.fault}: {injected}")
    outcome = read_form(form)
    out += [sheet_text(form.canvas), "--- read wrong", *compare(form, outcome).wrong, "--- raised"]
    out += [f"{each.severity} {each.code} {each.cell} {each.message}" for each in outcome.raised]
    out += [
        "--- infos",
        *(f"{e.code} {e.cell} {e.message}" for e in outcome.evaluation.findings if e not in outcome.raised),
    ]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
