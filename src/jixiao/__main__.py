"""The program `jixiao`, which is `python -m jixiao` as well."""

import atexit
import contextlib
import os
import sys


def main() -> None:
    """Run the command line. Worker processes import this file too: what only that needs is imported here.

    The program ends without taking apart what it loaded: a million objects took a second of a processor.
    What is to be done at the end is done before: this handler is the first that is set, so the last called.
    """
    code = 1
    atexit.register(lambda: _end(code))
    from jixiao.cli import app  # noqa: PLC0415

    try:
        app(prog_name="jixiao")
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        raise


def _end(code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # whoever read it is gone
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
