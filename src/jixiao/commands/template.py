"""`jixiao template` and `jixiao new`: blank forms for departments to fill in, and a round to begin with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jixiao import pipeline
from jixiao.commands.terminal import UsageError, screen
from jixiao.domain.spoken import why_not
from jixiao.language import say
from jixiao.pipeline.copies import OWN_FOLDER, SEEDS_FOLDER, copy_templates

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
            say(
                "无法写入 {filename}：{error}。请先关闭已打开的同名文件，或换一个文件夹。",
                filename=error.filename or out,
                error=why_not(error),
            )
        ) from error
    console = screen()
    for path in blanks.written[:_FEW]:
        console.print(str(path))
    console.print(
        say("共写出空白表 {count} 份，在 {folder}。", count=len(blanks.written), folder=blanks.folder),
        style="green",
    )
    _tell_kept(blanks)
    if word:
        console.print(
            say(
                "Word 报告模板写出 {count} 份，在 {out}；已有的没有覆盖。"
                "改好后放入批次文件夹的“{own_folder}”，或本地 seeds 的 {seeds_folder} 文件夹。",
                count=len(reports),
                out=out / "word",
                own_folder=OWN_FOLDER,
                seeds_folder=SEEDS_FOLDER,
            )
        )


def _tell_kept(blanks: pipeline.Blanks) -> None:
    """Which files are as they were."""
    if blanks.kept:
        console = screen()
        console.print(
            say(
                "{count} 份已经存在、内容不同（可能已填写），没有覆盖；要覆盖请加 --overwrite：",
                count=len(blanks.kept),
            ),
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
        raise UsageError(
            say("无法写入 {filename}：{error}。", filename=error.filename or inputs, error=why_not(error))
        ) from error
    console = screen()
    for path in made.files:
        console.print(str(path))
    console.print(
        say(
            "{folder}{sep}（空白表 {count} 份，发给部门填写）",
            folder=made.blanks.folder,
            sep=os.sep,
            count=len(made.blanks.written),
        )
    )
    _tell_kept(made.blanks)
    console.print(say("评价批次 {name} 已建好。", name=name), style="green")
    console.print(say("接下来："))
    console.print(say("  1. 在名册中填写部门和应报表种，并在 round.toml 中启用 roster（可不做）"))
    console.print(say("  2. 把部门报送的工作簿放入 {folder}", folder=made.folder))
    console.print(f"  3. jixiao run {name}")
