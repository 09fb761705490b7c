"""Wrong words on the command line, said in Chinese: what the parser says in English is for programmers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jixiao.commands.terminal import complain, screen
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMAND = re.compile(r"No such command '([^']*)'")
_MEANT = re.compile(r"Did you mean (.+?)\?")
_QUOTED = re.compile(r"'([^']+)'")
_SURPLUS = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)
_KINDS = {
    "integer": say("整数"),
    "number": say("数字"),
    "float": say("数字"),
    "file": say("文件"),
    "path": say("路径"),
}


def tell_usage_error(error: Any) -> None:  # noqa: ANN401 - the parser's exceptions, whose module it does not promise
    """Print what is wrong and where to read how it is right; help that was asked for is no error."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return
    complain(sentence(error))
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "jixiao"
    screen(errors=True).print(say("查看用法：{command} --help", command=command))


def sentence(error: Any) -> str:  # noqa: ANN401
    """What is wrong."""
    match type(error).__name__:
        case "NoSuchOption":
            return say(
                "没有选项 {option_name}。{possibilities}",
                option_name=error.option_name,
                possibilities=_meant(error.possibilities or ()),
            )
        case "BadOptionUsage":
            return say("选项 {option_name} 后面要写一个值。", option_name=error.option_name)
        case "MissingParameter":
            return say("缺少{param}。{param2}", param=_name(error.param), param2=_explained(error.param))
        case "BadParameter" if error.param is not None:
            kind = next((word for sign, word in _KINDS.items() if sign in error.message), "")
            return say(
                "{param} 的值不能用{value}。{param2}",
                param=_name(error.param),
                value=say("，应为{kind}", kind=kind) if kind else "",
                param2=_explained(error.param),
            )
    return _by_message(error.format_message())


def _by_message(message: str) -> str:
    if found := _COMMAND.search(message):
        meant = _MEANT.search(message)
        return say(
            "没有命令 {found}。{meant}",
            found=found[1],
            meant=_meant(_QUOTED.findall(meant[1]) if meant else ()),
        )
    if found := _SURPLUS.search(message):
        return say("多写了：{found}。", found=found[1])
    return (
        say("没有写命令。")
        if message.startswith("Missing command")
        else say("用法有误（{message}）。", message=message)
    )


def _meant(names: Sequence[str]) -> str:
    return say("是不是要写 {names}？", names=say("、").join(names)) if names else ""


def _name(parameter: Any) -> str:  # noqa: ANN401
    if parameter.param_type_name == "option":
        return say("选项 {opts}", opts=max(parameter.opts, key=len))
    return say("“{strip}”", strip=(parameter.metavar or parameter.name).strip("[]."))


def _explained(parameter: Any) -> str:  # noqa: ANN401
    text = getattr(parameter, "help", None)
    return say("{text}。", text=text) if text else ""
