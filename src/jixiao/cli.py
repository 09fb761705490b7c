"""The command line `jixiao`: declares the commands; what they do stands in jixiao.commands.

Each command imports its own part when it is called, so that `jixiao --help` waits for nothing.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer import rich_utils

from jixiao.commands.terminal import UsageError, crashes_told, loading, prepare_streams
from jixiao.commands.usage import SpokenTyper, tell_usage_error
from jixiao.language import OPTION, VARIABLE, Language, say

rich_utils.rich_format_error = tell_usage_error  # type: ignore[assignment]  # the library has no other place for it

app = SpokenTyper(
    help=say("预算绩效自评：读取部门报送的自评表，审核、评分并汇总。"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
schemes = SpokenTyper(help=say("评价方案：列出、查看、解释、检查。"), no_args_is_help=True)
app.add_typer(schemes, name="scheme")

Rounds = Annotated[
    list[str] | None,
    typer.Argument(metavar=say("[批次]..."), help=say("评价批次，即报送文件夹下的子文件夹名；不写则全部")),
]
Inputs = Annotated[
    Path, typer.Option("--inputs", metavar=say("文件夹"), help=say("报送文件夹，每个批次一个子文件夹"))
]
NoMemory = Annotated[bool, typer.Option("--no-memory", help=say("全部重新处理，不沿用以前的结果"))]
Word = Annotated[
    bool | None,
    typer.Option("--word/--no-word", help=say("是否生成 Word 报告；不写则按 round.toml 的 word（默认生成）")),
]
LogJson = Annotated[
    bool,
    typer.Option("--log-json", help=say("运行记录另存为 JSON（状态文件夹的 logs/jixiao.jsonl，每行一条）")),
]
SchemeId = Annotated[str, typer.Argument(metavar=say("方案"), help=say("方案名，如 national"))]
Department = Annotated[str, typer.Argument(metavar=say("部门"), help=say("部门名称，写出能区分的一部分即可"))]
RulesOf = Annotated[
    int | None,
    typer.Option("--year", metavar=say("年度"), help=say("哪个年度的规则；不写为最近一次修订之后的")),
]
Places = Annotated[
    str,
    typer.Option(
        "--inputs",
        metavar=say("文件夹"),
        help=say("报送文件夹，每个批次一个子文件夹；也可以是地址（s3://…）"),
    ),
]
Results = Annotated[
    str, typer.Option("--outputs", metavar=say("文件夹"), help=say("结果文件夹；也可以是地址（s3://…）"))
]


def _existing(folder: Path | None) -> Path | None:
    """A folder of rules that was named has to be there: rules of the package in its place would be others."""
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(say("没有文件夹 {folder}", folder=folder))
    return folder


Seeds = Annotated[
    Path | None,
    typer.Option(
        "--seeds",
        callback=_existing,
        metavar=say("文件夹"),
        help=say("本地的方案、表样和用语；不写则为报送文件夹旁（无报送文件夹时为当前文件夹）的 seeds"),
    ),
]
EngineName = Annotated[
    str,
    typer.Option("--engine", metavar=say("方式"), help=say("在哪里运行：local 本机，dask 已有的 Dask 集群")),
]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", metavar=say("地址"), help=say("Dask 调度程序（tcp://…）；不写则在本机起一个集群")
    ),
]
LedgerAt = Annotated[
    str,
    typer.Option(
        "--ledger",
        metavar=say("台账"),
        help=say("台账：文件或数据库地址（postgresql+psycopg://…）；不写则为 JIXIAO_LEDGER 或 .jixiao 里的"),
    ),
]
Outputs = Annotated[Path, typer.Option("--outputs", metavar=say("文件夹"), help=say("结果文件夹"))]


def _keep_json(wanted: bool) -> None:  # noqa: FBT001 - what an option says
    """Runs are programs of their own: what they have to know stands in the environment."""
    if wanted:
        from jixiao.service.state import JSON_VARIABLE

        os.environ[JSON_VARIABLE] = "1"


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if asked:
        typer.echo(f"jixiao {version('jixiao')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _language: Annotated[
        Language,
        typer.Option(
            OPTION,
            envvar=VARIABLE,
            metavar=say("语言"),
            show_envvar=False,
            help=say(
                "用哪种语言：zh 中文，en 英文；也可以用环境变量 JIXIAO_LANG。报送表和方案工作簿总是中文"
            ),
        ),
    ] = Language.CHINESE,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help=say("显示版本"))
    ] = False,
) -> None:
    """Prepare the screen for every command."""
    prepare_streams()


@app.command(help=say("运行一次：读取、审核、评分、汇总全部或指定批次。"))
def run(
    rounds: Rounds = None,
    inputs: Places = "inputs",
    outputs: Results = "outputs",
    seeds: Seeds = None,
    engine: EngineName = "local",
    scheduler: Scheduler = "",
    ledger: LedgerAt = "",
    *,
    no_memory: NoMemory = False,
    word: Word = None,
    log_json: LogJson = False,
) -> None:
    """Run the flow once."""
    with crashes_told(1):
        _keep_json(log_json)
        with loading():
            from jixiao.commands.run import run_rounds
            from jixiao.service.steps import job_of

        job = job_of(
            inputs,
            outputs,
            rounds or (),
            seeds,
            engine,
            scheduler,
            ledger,
            remembers=not no_memory,
            word=word,
        )
        code = run_rounds(job)
    raise typer.Exit(code)


@app.command(help=say("报送前自查：检查工作簿、压缩包或整个文件夹，不写任何文件。"), no_args_is_help=True)
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar=say("文件或文件夹..."), help=say("要检查的工作簿、压缩包或文件夹"))
    ],
    scheme: Annotated[
        str | None, typer.Option("--scheme", metavar=say("方案"), help=say("评价方案；不写则自动判断"))
    ] = None,
    seeds: Seeds = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("输出 JSON"))] = False,
) -> None:
    """Check workbooks before they are sent."""
    with crashes_told(2):
        from jixiao.commands.check import check_workbooks

        code = check_workbooks(files, scheme, seeds, as_json=as_json)
    raise typer.Exit(code)


@app.command(help=say("按计划定时运行，直到停止。"))
def serve(
    rounds: Rounds = None,
    inputs: Places = "inputs",
    outputs: Results = "outputs",
    seeds: Seeds = None,
    engine: EngineName = "local",
    scheduler: Scheduler = "",
    ledger: LedgerAt = "",
    cron: Annotated[
        str, typer.Option("--cron", metavar=say("分时日月星期"), help=say("运行计划，默认周一至周五 18:00"))
    ] = "0 18 * * 1-5",
    timezone: Annotated[
        str, typer.Option("--timezone", metavar=say("时区"), help=say("时区"))
    ] = "Asia/Shanghai",
    every: Annotated[float | None, typer.Option("--every", metavar=say("秒"), min=1, hidden=True)] = None,
    quiet: Annotated[
        float, typer.Option("--quiet", metavar=say("秒"), min=1, help=say("文件停止变动多少秒后处理"))
    ] = 60.0,
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar=say("端口"), min=0, max=65535, help=say("运行页面的端口；不写由程序自选")
        ),
    ] = 0,
    *,
    watch: Annotated[
        bool,
        typer.Option("--watch/--no-watch", help=say("是否监视报送文件夹，有变动的批次自动处理（默认监视）")),
    ] = True,
    poll: Annotated[
        bool, typer.Option("--poll", help=say("逐次查看而不等系统通知：报送文件夹在网络盘上时使用"))
    ] = False,
    word: Word = None,
    log_json: LogJson = False,
) -> None:
    """Keep the scheduled flow running."""
    with crashes_told(1):
        _keep_json(log_json)
        from jixiao.commands.serve import When, serve_rounds
        from jixiao.service.steps import job_of

        job = job_of(inputs, outputs, rounds or (), seeds, engine, scheduler, ledger, word=word)
        serve_rounds(job, When(cron, timezone, every, watch, quiet, poll), port)


@app.command(help=say("检查运行环境：文件夹、批次设置、台账、调度服务、通知等有什么问题，不改动任何文件。"))
def doctor(
    rounds: Rounds = None,
    inputs: Places = "inputs",
    outputs: Results = "outputs",
    seeds: Seeds = None,
    engine: EngineName = "local",
    scheduler: Scheduler = "",
    ledger: LedgerAt = "",
) -> None:
    """Say what is wrong with a set-up."""
    with crashes_told(2):
        from jixiao.commands.run import print_diagnoses
        from jixiao.service.steps import job_of

        code = print_diagnoses(job_of(inputs, outputs, rounds or (), seeds, engine, scheduler, ledger))
    raise typer.Exit(code)


@app.command(
    help=say("查看批次的报送和整改情况：哪个部门报了几次、改了什么、还有什么没改；不写批次则列出各批次。")
)
def status(
    round_name: Annotated[str, typer.Argument(metavar=say("[批次]"), help=say("评价批次"))] = "",
    inputs: Inputs = Path("inputs"),
    seeds: Seeds = None,
    ledger: LedgerAt = "",
) -> None:
    """Show who has sent what, and how far the corrections are."""
    with crashes_told(1):
        from jixiao.commands.ledgers import print_progress

        print_progress(inputs, round_name, seeds, ledger)


@app.command(help=say("查看一个部门历次报送的情况：每次提出了什么、怎样改的。"), no_args_is_help=True)
def history(
    department: Department,
    round_name: Annotated[str, typer.Option("--round", metavar=say("批次"), help=say("只看这个批次"))] = "",
    ledger: LedgerAt = "",
) -> None:
    """Show what became of a department's submissions."""
    with crashes_told(1):
        from jixiao.commands.ledgers import print_history

        print_history(department, round_name, ledger)


@app.command(
    help=say("说明一个得分或发现是怎样得出的：用了哪些单元格的数、哪条规则、规则的依据。"),
    no_args_is_help=True,
)
def explain(
    round_name: Annotated[str, typer.Argument(metavar=say("批次"), help=say("评价批次"))],
    department: Department,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=say("[项目] [指标 | 单元格 | 编号]"),
            help=say("项目或报送表，再写指标名、单元格（D12、附件2!D12）或发现编号；不写则说明部门得分"),
        ),
    ] = None,
    inputs: Inputs = Path("inputs"),
    seeds: Seeds = None,
) -> None:
    """Explain a score, a cell or a finding."""
    with crashes_told(1):
        from jixiao.commands.explain import print_explanation

        print_explanation(inputs, round_name, department, tuple(what or ()), seeds)


@app.command(
    help=say("待确认用语：列出批次里没有已知用语的栏目，或用 accept 把确认过的写入本地 seeds。"),
    no_args_is_help=True,
)
def words(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar=say("[accept] 批次 [文件]"),
            help=say("批次；accept 后是批次和确认过的工作簿（默认为汇总表）"),
        ),
    ],
    inputs: Inputs = Path("inputs"),
    outputs: Outputs = Path("outputs"),
    seeds: Seeds = None,
) -> None:
    """List the terms of a round, or take over the confirmed ones."""
    with crashes_told(2):
        from jixiao.commands.rounds import accept, print_terms

        match what:
            case ["accept", round_name, *files] if len(files) <= 1:
                code = accept(inputs, outputs, round_name, Path(files[0]) if files else None, seeds)
            case [round_name] if round_name != "accept":
                code = print_terms(inputs, round_name, seeds)
            case _:
                raise UsageError(say("用法：jixiao words 批次，或 jixiao words accept 批次 [文件]。"))
    raise typer.Exit(code)


@app.command(help=say("生成空白表，供部门填写；可按名册预填部门、项目和批复数。"), no_args_is_help=True)
def template(
    scheme: Annotated[str, typer.Argument(metavar=say("方案"), help=say("评价方案，如 national"))],
    forms: Annotated[
        list[str] | None,
        typer.Option("--form", metavar=say("报送表"), help=say("只生成这种表，可重复；不写则全部")),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar=say("文件夹"), help=say("写到这个文件夹下的方案子文件夹"))
    ] = Path("templates"),
    year: Annotated[
        int | None, typer.Option("--year", metavar=say("年度"), help=say("评价年度；不写则为上一年"))
    ] = None,
    roster: Annotated[
        str | None,
        typer.Option("--roster", metavar=say("批次"), help=say("按该批次的名册逐个部门生成并预填")),
    ] = None,
    targets: Annotated[
        Path | None,
        typer.Option(
            "--targets", metavar=say("文件夹"), help=say("批复的绩效目标或上年报送表，按部门、项目预填指标")
        ),
    ] = None,
    inputs: Inputs = Path("inputs"),
    seeds: Seeds = None,
    *,
    whole: Annotated[
        bool, typer.Option("--one-workbook", help=say("一个部门一个工作簿，各表各占一张工作表"))
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help=say("覆盖已有的同名文件；不写则保留内容不同的（可能已填写）"))
    ] = False,
    word: Annotated[bool, typer.Option("--word", help=say("另写出 Word 报告的模板，供本地修改版式"))] = False,
) -> None:
    """Write blank forms."""
    with crashes_told(2):
        from jixiao.commands.rounds import find_round
        from jixiao.commands.template import write_templates
        from jixiao.pipeline import BlankRequest

        folder = find_round(inputs, roster, seeds) if roster else None
        request = BlankRequest(
            scheme, tuple(forms or ()), year, folder, targets, seeds, whole=whole, overwrite=overwrite
        )
        write_templates(request, out, word=word)


@app.command(help=say("新建评价批次：设置文件、空名册和空白表。"), no_args_is_help=True)
def new(
    round_name: Annotated[str, typer.Argument(metavar=say("批次"), help=say("新批次的名称，即文件夹名"))],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar=say("方案"), help=say("评价方案，jixiao scheme list 列出全部"))
    ],
    year: Annotated[int, typer.Option("--year", metavar=say("年度"), help=say("评价年度，如 2024"))],
    inputs: Inputs = Path("inputs"),
    templates: Annotated[
        Path, typer.Option("--out", metavar=say("文件夹"), help=say("空白表写到这个文件夹下的批次子文件夹"))
    ] = Path("templates"),
    seeds: Seeds = None,
) -> None:
    """Begin a round."""
    with crashes_told(2):
        from jixiao.commands.template import write_round
        from jixiao.pipeline import BlankRequest

        write_round(inputs, round_name, BlankRequest(scheme, year=year, seeds=seeds), templates)


@schemes.command("list", help=say("列出全部评价方案。"))
def list_schemes(seeds: Seeds = None) -> None:
    """List the schemes."""
    with crashes_told(2):
        from jixiao.commands.scheme import print_schemes

        print_schemes(seeds)


@schemes.command("show", help=say("用文字列出一个方案的全部规则，供与文件核对。"), no_args_is_help=True)
def show_scheme(
    scheme_id: SchemeId,
    year: RulesOf = None,
    seeds: Seeds = None,
) -> None:
    """Print a scheme in words."""
    with crashes_told(2):
        from jixiao.commands.scheme import print_scheme

        print_scheme(scheme_id, year, seeds)


@schemes.command(
    "explain", help=say("解释一条规则或一个发现编号；--all 列出全部发现编号。"), no_args_is_help=True
)
def explain_code(
    code: Annotated[
        str,
        typer.Argument(
            metavar=say("[编号]"),
            help=say("规则名或发现编号，如 A101；也可以是一条发现的编号，如 A101-7K3M9QX2BD"),
        ),
    ] = "",
    scheme: Annotated[str, typer.Option("--scheme", metavar=say("方案"), help=say("评价方案"))] = "national",
    year: RulesOf = None,
    seeds: Seeds = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help=say("全部发现编号"))] = False,
) -> None:
    """Explain a rule or a finding code, or all codes."""
    with crashes_told(2):
        from jixiao.commands.scheme import print_all_explanations, print_explanation

        if everything:
            print_all_explanations(scheme, year, seeds)
        else:
            print_explanation(code, scheme, year, seeds)


@schemes.command("validate", help=say("检查方案文件，指出每处错误的行和键。"), no_args_is_help=True)
def validate_scheme(
    path: Annotated[Path, typer.Argument(metavar=say("文件"), help=say("方案文件（.toml）"))],
    seeds: Seeds = None,
) -> None:
    """Check a scheme file."""
    with crashes_told(2):
        from jixiao.commands.scheme import print_problems

        code = print_problems(path, seeds)
    raise typer.Exit(code)


@schemes.command("test", help=say("用已核对的案例检查方案：算分、审核与案例所记不同的逐项列出。"))
def run_cases(
    scheme_id: Annotated[
        str | None, typer.Argument(metavar=say("[方案]"), help=say("方案名；不写则全部"))
    ] = None,
    seeds: Seeds = None,
    *,
    record: Annotated[
        bool, typer.Option("--record", help=say("把程序的结果写进案例，供人工逐项核对"))
    ] = False,
) -> None:
    """Run the cases of a scheme, or of all."""
    with crashes_told(2):
        from jixiao.commands.scheme import run_scheme_cases

        code = run_scheme_cases(scheme_id, seeds, record=record)
    raise typer.Exit(code)


@schemes.command(
    "trial",
    help=say(
        "试行：把改过的方案用在已有的批次上，列出各部门的得分、等级、名次和发现会有什么变化，不改动任何结果。"
    ),
    no_args_is_help=True,
)
def try_scheme(
    path: Annotated[Path, typer.Argument(metavar=say("文件.toml"), help=say("改过的方案文件"))],
    rounds: Annotated[list[str], typer.Argument(metavar=say("批次..."), help=say("在哪些批次上试行"))],
    inputs: Inputs = Path("inputs"),
    out: Annotated[
        Path | None, typer.Option("--out", metavar=say("文件.xlsx"), help=say("把逐项的变化写成工作簿"))
    ] = None,
    seeds: Seeds = None,
) -> None:
    """Try a changed scheme on rounds."""
    with crashes_told(2):
        from jixiao.commands.scheme import try_rounds

        code = try_rounds(path, rounds, inputs, out, seeds)
    raise typer.Exit(code)


@schemes.command("export", help=say("导出方案为工作簿，供查看和修改。"), no_args_is_help=True)
def export_scheme(
    scheme_id: SchemeId,
    out: Annotated[
        Path | None, typer.Option("--out", metavar=say("文件.xlsx"), help=say("写到哪个文件"))
    ] = None,
    seeds: Seeds = None,
) -> None:
    """Write a scheme as a workbook."""
    with crashes_told(2):
        from jixiao.commands.scheme import export

        export(scheme_id, out, seeds)


@schemes.command(
    "import", help=say("把修改后的工作簿转回方案文件，有误的地方指出单元格。"), no_args_is_help=True
)
def import_scheme(
    path: Annotated[Path, typer.Argument(metavar=say("文件.xlsx"), help=say("修改后的工作簿"))],
    out: Annotated[
        Path | None, typer.Option("--out", metavar=say("文件.toml"), help=say("写到哪个文件"))
    ] = None,
    seeds: Seeds = None,
    *,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help=say("覆盖已有的方案文件，其中的注释保留"))
    ] = False,
) -> None:
    """Turn an edited workbook into a scheme file."""
    with crashes_told(2):
        from jixiao.commands.scheme import take_in

        code = take_in(path, out, seeds, overwrite=overwrite)
    raise typer.Exit(code)
