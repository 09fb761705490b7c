"""`jixiao template` and `jixiao new`: blank forms for departments to fill in, and a round to begin with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.commands.terminal import UsageError, screen
from jixiao.domain.spoken import why_not
from jixiao.pipeline.word import OWN_FOLDER, SEEDS_FOLDER, copy_templates

if TYPE_CHECKING:
    from pathlib import Path

_FEW = 20
"""So many files are listed; more are counted."""


def write_templates(request: pipeline.BlankRequest, out: Path, *, word: bool = False) -> None:
    """Write the blank forms and say where they are; with `word` the templates of Word reports as well.

    Raises:
        UsageError: no such scheme or form, or a round that can't be used.
    """
    try:
        blanks = pipeline.write_blanks(request, out)
        reports = copy_templates(out / "word") if word else ()
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(
            f"无法写入 {error.filename or out}：{why_not(error)}。请先关闭已打开的同名文件，或换一个文件夹。"
        ) from error
    console = screen()
    for path in blanks.written[:_FEW]:
        console.print(str(path))
    console.print(f"共写出空白表 {len(blanks.written)} 份，在 {blanks.folder}。", style="green")
    _tell_kept(blanks)
    if word:
        console.print(
            f"Word 报告模板写出 {len(reports)} 份，在 {out / 'word'}；已有的没有覆盖。"
            f"改好后放入批次文件夹的“{OWN_FOLDER}”，或本地 seeds 的 {SEEDS_FOLDER} 文件夹。"
        )


def _tell_kept(blanks: pipeline.Blanks) -> None:
    """Which files are as they were."""
    if blanks.kept:
        console = screen()
        console.print(
            f"{len(blanks.kept)} 份已经存在、内容不同（可能已填写），没有覆盖；要覆盖请加 --overwrite：",
            style="yellow",
        )
        for path in blanks.kept[:_FEW]:
            console.print(f"  {path}")


def write_round(inputs: Path, name: str, request: pipeline.BlankRequest, templates: Path) -> None:
    """Make a round's folder and say what to do next.

    Raises:
        UsageError: no such scheme, or a name that is taken or can't be a folder's.
    """
    try:
        made = pipeline.begin_round(inputs, name, request, templates)
    except pipeline.ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"无法写入 {error.filename or inputs}：{why_not(error)}。") from error
    console = screen()
    for path in made.files:
        console.print(str(path))
    console.print(f"{made.blanks.folder}{os.sep}（空白表 {len(made.blanks.written)} 份，发给部门填写）")
    _tell_kept(made.blanks)
    console.print(f"评价批次 {name} 已建好。", style="green")
    console.print("接下来：")
    console.print("  1. 在名册中填写部门和应报表种，并在 round.toml 中启用 roster（可不做）")
    console.print(f"  2. 把部门报送的工作簿放入 {made.folder}")
    console.print(f"  3. jixiao run {name}")
