"""`jixiao scheme export` and `import`: a scheme as a workbook, and the edited workbook as a scheme file."""

from __future__ import annotations

from pathlib import Path

from jixiao.commands.progress import near
from jixiao.commands.terminal import UsageError, complain, screen
from jixiao.pipeline.scheme_books import export_scheme, import_scheme
from jixiao.pipeline.settings import ConfigurationError


def export(scheme_id: str, out: Path | None, seeds: Path | None = None) -> None:
    """Write a scheme as a workbook; one that is there is brought up to date, only where `out` names it.

    Raises:
        UsageError: there is no such scheme, or the file cannot be written.
    """
    path = out or _fresh(Path(f"评价方案_{scheme_id}.xlsx"))
    updated = path.exists()
    try:
        export_scheme(scheme_id, path, seeds)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"无法写入 {path}：{error}。") from error
    if updated:
        done = f"已更新 {near(path)}，其中自加的批注、栏目和工作表保持不变。"
    else:
        done = f"已导出 {near(path)}，修改后用 jixiao scheme import 导回。"
    screen().print(done, style="green")


def take_in(path: Path, out: Path | None, seeds: Path | None = None) -> int:
    """Turn an edited workbook into a scheme file; the exit code: 0, or 2 if anything is wrong with it.

    Raises:
        UsageError: there is no such file, it is no workbook, or the result cannot be written.
    """
    if not path.is_file():
        raise UsageError(f"没有这个文件：{path}")
    try:
        scheme = import_scheme(path, out if out and out.is_file() else None, seeds)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    for problem in scheme.problems:
        complain(str(problem))
    if scheme.problems:
        complain(f"共 {len(scheme.problems)} 处须修改，没有生成方案文件。")
        return 2
    target = out or _fresh(path.with_name(f"{scheme.id}.toml"))
    try:
        target.write_text(scheme.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"无法写入 {target}：{error}。") from error
    screen().print(f"已生成 {near(target)}，没有发现问题。", style="green")
    return 0


def _fresh(path: Path) -> Path:
    if path.exists():
        raise UsageError(f"{path} 已经存在，请先移走，或用 --out 写明文件名以更新。")
    return path
