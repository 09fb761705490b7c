"""How well the drawn forms of other places are read and judged.

python -m tests.wild.measure [GROUP] [--failures]
"""

from __future__ import annotations

import argparse

from tests.published.measure import failures, measured, summary
from tests.wild.drawn import cases, outcome_of


def main() -> None:
    """Measure the group named on the command line, or all."""
    parser = argparse.ArgumentParser(description="其他地方的表：读取和判断")
    parser.add_argument("group", nargs="?", default="*")
    parser.add_argument("--failures", action="store_true", help="逐张列出读错、冤枉和漏了的")
    arguments = parser.parse_args()
    forms = [measured(case.judgement, outcome_of(case)) for case in cases(arguments.group)]
    for line in (*summary(forms), *(failures(forms) if arguments.failures else ())):
        print(line)


if __name__ == "__main__":
    main()
