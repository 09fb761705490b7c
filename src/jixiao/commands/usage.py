"""How the command line is used, in Chinese: its help, and what is wrong with words that can't be meant.

What the parser says of either is English and for programmers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from jixiao.commands.terminal import complain, fold_lines, screen
from jixiao.language import OPTION, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
_HELP = say("显示用法")
_FRAME = 6
"""Columns of the screen that a panel's border and the space between its columns take."""

_Function = TypeVar("_Function", bound="Callable[..., Any]")
Parsed = Any
"""A command, parameter or context of the parser, whose module it does not promise."""


class _Command(TyperCommand):
    """A command whose help is ours."""

    def parse_args(self, ctx: Parsed, args: list[str]) -> list[str]:
        """Parse, so that what is wrong with an option knows of which command."""
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if hasattr(error, "option_name") and getattr(error, "ctx", None) is None:
                error.ctx = ctx  # type: ignore[attr-defined]  # the parser's own attribute
            raise

    def format_help(self, ctx: Parsed, formatter: object) -> None:  # noqa: ARG002 - the parser's signature
        """Print it; the parser prints what stands in the formatter after it: nothing."""
        _print_help(self, ctx)


class _Group(TyperGroup):
    """Commands whose help is ours."""

    def parse_args(self, ctx: Parsed, args: list[str]) -> list[str]:
        """Parse, with the language before the command wherever it was written."""
        place = next((at for at, each in enumerate(args) if each.partition("=")[0] == OPTION), None)
        if ctx.parent is None and place:
            taken = 1 if "=" in args[place] else 2
            args = [*args[place : place + taken], *args[:place], *args[place + taken :]]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Parsed, formatter: object) -> None:  # noqa: ARG002 - the parser's signature
        """Print it, as for a command."""
        _print_help(self, ctx)


class SpokenTyper(typer.Typer):
    """A command line whose commands explain themselves in Chinese."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401
        """Declare it."""
        super().__init__(cls=_Group, **given)

    def command(self, *given: Any, **named: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401
        """Declare a command."""
        return super().command(*given, cls=_Command, **named)


def _print_help(command: Parsed, ctx: Parsed) -> None:
    """Usage, what the command does, its arguments, options and commands."""
    console = screen()
    console.print(say("用法：{items}", items=" ".join((ctx.command_path, *_usage(command)))), style="bold")
    console.print()
    for line in fold_lines(command.help or "", console.width - 2).split("\n"):
        console.print(f"  {line}")
    console.print()
    shown = [each for each in command.get_params(ctx) if not getattr(each, "hidden", False)]
    arguments = [each for each in shown if each.param_type_name == "argument"]
    options = [each for each in shown if each.param_type_name == "option"]
    rows: dict[str, list[tuple[str, str]]] = {
        say("参数"): [(each.metavar or each.name, _told(each, ctx)) for each in arguments],
        say("选项"): [(_option(each), _told(each, ctx)) for each in options],
        say("命令"): [(name, each.help or "") for name, each in _commands(command, ctx)],
    }
    for title, told in rows.items():
        if told:
            console.print(Panel(_table(told, console.width), title=title, title_align="left"))


def _usage(command: Parsed) -> Iterator[str]:
    yield from (each.metavar or each.name for each in command.params if each.param_type_name == "argument")
    yield say("[选项]")
    if isinstance(command, TyperGroup):
        yield say("命令 …")


def _commands(command: Parsed, ctx: Parsed) -> Iterable[tuple[str, Parsed]]:
    names = command.list_commands(ctx) if isinstance(command, TyperGroup) else ()
    found = ((name, command.get_command(ctx, name)) for name in names)
    return ((name, each) for name, each in found if not each.hidden)


def _option(option: Parsed) -> str:
    """An option as it is written, with the word for its value."""
    names = " / ".join((*option.opts, *option.secondary_opts))
    return names if option.is_flag else f"{names} {option.metavar or option.name}"


def _told(parameter: Parsed, ctx: Parsed) -> str:
    """What a parameter is for, whether it has to be there, and what holds without it."""
    text = _HELP if parameter.name == "help" else getattr(parameter, "help", None) or ""
    if parameter.required:
        return say("{text}［必填］", text=text)
    default = parameter.get_default(ctx, call=False)
    said = not (default is None or isinstance(default, bool) or callable(default) or str(default) == "")
    return say("{text}［默认 {default}］", text=text, default=default) if said else text


def _table(rows: Sequence[tuple[str, str]], width: int) -> Table:
    """Two columns, the second in lines that break where Chinese ones may."""
    first = max(Text(name).cell_len for name, _ in rows)
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, told in rows:
        table.add_row(Text(name, style="cyan"), Text(fold_lines(told, width - first - _FRAME)))
    return table


def tell_usage_error(error: Parsed) -> None:
    """Print what is wrong and where to read how it is right; help that was asked for is no error."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return
    complain(sentence(error))
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "jixiao"
    screen(errors=True).print(say("查看用法：{command} --help", command=command))


def sentence(error: Parsed) -> str:
    """What is wrong."""
    match type(error).__name__:
        case "NoSuchOption":
            return say(
                "没有选项 {option_name}。{possibilities}",
                option_name=error.option_name,
                possibilities=_meant(error.possibilities or ()),
            )
        case "BadOptionUsage":
            if "not take" in error.message:
                return say("选项 {option_name} 后面不写值。", option_name=error.option_name)
            return say("选项 {option_name} 后面要写一个值。", option_name=error.option_name)
        case "MissingParameter":
            return say("缺少{param}。{param2}", param=_name(error.param), param2=_explained(error.param))
        case "BadParameter" if error.param is not None:
            return _wrong_value(error)
    return _by_message(error.format_message())


def _wrong_value(error: Parsed) -> str:
    """Why a value can't be: in our own words, else by the kind that the parser wanted."""
    if not error.message.isascii():
        return say("{name} 的值不能用：{message}。", name=_name(error.param), message=error.message)
    kind = next((word for sign, word in _KINDS.items() if sign in error.message), "")
    return say(
        "{param} 的值不能用{value}。{param2}",
        param=_name(error.param),
        value=say("，应为{kind}", kind=kind) if kind else "",
        param2=_explained(error.param),
    )


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


def _name(parameter: Parsed) -> str:
    if parameter.param_type_name == "option":
        return say("选项 {opts}", opts=max(parameter.opts, key=len))
    return say("“{strip}”", strip=(parameter.metavar or parameter.name).strip("[]."))


def _explained(parameter: Parsed) -> str:
    text = getattr(parameter, "help", None)
    return say("{text}。", text=text) if text else ""
