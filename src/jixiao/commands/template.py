"""`jixiao template`: writes blank forms for departments to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.commands.terminal import UsageError, screen

if TYPE_CHECKING:
    from pathlib import Path

_FEW = 20
"""So many files are listed; more are counted."""


def write_templates(request: pipeline.BlankRequest, out: Path) -> None:
    """Write the blank forms and say where they are.

    Raises:
        UsageError: no such scheme or form, or a round that can't be used.
    """
    try:
        paths = pipeline.write_blanks(request, out)
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(
            f"无法写入 {error.filename or out}：请先关闭已打开的同名文件，或换一个文件夹。"
        ) from error
    console = screen()
    for path in paths[:_FEW]:
        console.print(str(path))
    console.print(f"共写出空白表 {len(paths)} 份。", style="green")
