"""How well the drawn forms of other places are read and judged.

python -m tests.wild.measure [GROUP] [--failures] [--disguised]

--disguised reads every form in every disguise as well, and lists those that are read or judged otherwise.
"""

from __future__ import annotations

import argparse

from tests.published.measure import failures, measured, summary
from tests.wild.disguises import every_case
from tests.wild.drawn import cases, outcome_of


def main() -> None:
    """Measure the group named on the command line, or all."""
    parser = argparse.ArgumentParser(description="其他地方的表：读取和判断")
    parser.add_argument("group", nargs="?", default="*")
    parser.add_argument("--failures", action="store_true", help="逐张列出读错、冤枉和漏了的")
    parser.add_argument("--disguised", action="store_true", help="再把每张表换各种排法读一遍")
    arguments = parser.parse_args()
    forms = [measured(case.judgement, outcome_of(case)) for case in cases(arguments.group)]
    for line in (*summary(forms), *(failures(forms) if arguments.failures else ())):
        print(line)
    if arguments.disguised:
        _disguised(arguments.group)


def _disguised(group: str) -> None:
    """Print the forms that are read otherwise in a disguise, and how many were tried."""
    tried = [(name, form, case) for form, name, case in every_case(group)]
    wrong = [
        (name, form) for name, form, case in tried if measured(case.judgement, outcome_of(case)).mistakes
    ]
    print(f"换排法 {len(tried)} 次，其中读法或判断不同 {len(wrong)}")
    for name, form in wrong:
        print(f"- {name} {form}")


if __name__ == "__main__":
    main()
