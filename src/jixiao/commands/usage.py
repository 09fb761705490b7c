"""Wrong words on the command line, said in Chinese: what the parser says in English is for programmers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jixiao.commands.terminal import complain, screen

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND = re.compile(r"No such command '([^']*)'")
_MEANT = re.compile(r"Did you mean (.+?)\?")
_QUOTED = re.compile(r"'([^']+)'")
_SURPLUS = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)
_KINDS = {"integer": "整数", "number": "数字", "float": "数字", "file": "文件", "path": "路径"}


def tell_usage_error(error: Any) -> None:  # noqa: ANN401 - the parser's exceptions, whose module it does not promise
    """Print what is wrong and where to read how it is right; help that was asked for is no error."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return
    complain(sentence(error))
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "jixiao"
    screen(errors=True).print(f"查看用法：{command} --help")


def sentence(error: Any) -> str:  # noqa: ANN401
    """What is wrong."""
    match type(error).__name__:
        case "NoSuchOption":
            return f"没有选项 {error.option_name}。{_meant(error.possibilities or ())}"
        case "BadOptionUsage":
            return f"选项 {error.option_name} 后面要写一个值。"
        case "MissingParameter":
            return f"缺少{_name(error.param)}。{_explained(error.param)}"
        case "BadParameter" if error.param is not None:
            kind = next((word for sign, word in _KINDS.items() if sign in error.message), "")
            return (
                f"{_name(error.param)} 的值不能用{f'，应为{kind}' if kind else ''}。{_explained(error.param)}"
            )
    return _by_message(error.format_message())


def _by_message(message: str) -> str:
    if found := _COMMAND.search(message):
        meant = _MEANT.search(message)
        return f"没有命令 {found[1]}。{_meant(_QUOTED.findall(meant[1]) if meant else ())}"
    if found := _SURPLUS.search(message):
        return f"多写了：{found[1]}。"
    return "没有写命令。" if message.startswith("Missing command") else f"用法有误（{message}）。"


def _meant(names: Sequence[str]) -> str:
    return f"是不是要写 {'、'.join(names)}？" if names else ""


def _name(parameter: Any) -> str:  # noqa: ANN401
    if parameter.param_type_name == "option":
        return f"选项 {max(parameter.opts, key=len)}"
    return f"“{(parameter.metavar or parameter.name).strip('[].')}”"


def _explained(parameter: Any) -> str:  # noqa: ANN401
    text = getattr(parameter, "help", None)
    return f"{text}。" if text else ""
