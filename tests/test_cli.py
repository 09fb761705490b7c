"""The command line: words, tables and exit codes."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from jixiao import pipeline
from jixiao.cli import app
from jixiao.commands import run as run_command
from jixiao.commands import serve as serve_command
from jixiao.consolidation.findings import Findings
from jixiao.consolidation.scores import Scores
from jixiao.domain.submissions import SheetOutcome, Status
from jixiao.pipeline import Published
from jixiao.service import server, serving, steps
from jixiao.service.server import ServerUnavailableError
from jixiao.service.steps import Job
from tests.builders.evaluations import FINDINGS, OUTCOMES, evaluation
from tests.builders.rehearsals import Rehearsal
from tests.builders.results import worked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from typer.testing import Result

    from jixiao.domain.rounds import ReportedFinding

ERROR, WARNING = FINDINGS[0], FINDINGS[1]
COMMANDS = (
    "run",
    "check",
    "serve",
    "doctor",
    "status",
    "history",
    "explain",
    "words",
    "template",
    "new",
    "scheme",
)


@pytest.fixture(autouse=True)
def wide_screen_and_own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("JIXIAO_STATE", str(tmp_path / "state"))


def jixiao(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def lines(text: str) -> list[str]:
    """The lines that say something, without the padding of tables."""
    return [line.rstrip() for line in text.splitlines() if line.strip(" ─")]


def test_the_version_is_the_packages() -> None:
    result = jixiao("--version")
    assert (result.exit_code, result.stdout) == (0, f"jixiao {version('jixiao')}\n")


def test_help_lists_the_commands_in_chinese() -> None:
    result = jixiao("--help")
    assert result.exit_code == 0
    listed = [line.strip("│ ").split()[0] for line in result.stdout.splitlines() if line.startswith("│ ")]
    assert [word for word in listed if not word.startswith("-")] == list(COMMANDS)
    assert "报送前自查" in result.stdout


@pytest.mark.parametrize("words", [("nonsense",), ("run", "--nonsense"), ("scheme", "show"), ("check",)])
def test_wrong_usage_is_2(words: tuple[str, ...]) -> None:
    assert jixiao(*words).exit_code == 2


@pytest.mark.parametrize(
    "modules", [("jixiao.cli",), ("jixiao.commands.check",), ("jixiao.commands.scheme",)]
)
def test_light_commands_wait_neither_for_prefect_nor_for_its_server(modules: tuple[str, ...]) -> None:
    program = f"import sys, {','.join(modules)}; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, env=None).returncode == 0  # noqa: S603 - our own program


def test_the_help_waits_for_no_table_library() -> None:
    program = "import sys, jixiao.cli; print(sorted({'polars', 'pandera', 'openpyxl'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    assert result.stdout == "[]\n"


# jixiao check


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(b"")
    return path


def checked(
    monkeypatch: pytest.MonkeyPatch,
    findings: Sequence[ReportedFinding] = (),
    *,
    unreadable: bool = False,
    outcomes: Sequence[SheetOutcome] = (),
) -> None:
    cards = () if unreadable else evaluation().cards[:1]
    result = pipeline.CheckResult(tuple(findings), unreadable, cards, tuple(outcomes))
    monkeypatch.setattr(pipeline, "check_files", lambda *_given: result)


@pytest.mark.parametrize(
    ("findings", "unreadable", "code", "verdict"),
    [
        ((), False, 0, "没有发现问题，可以报送。"),
        ((WARNING,), False, 0, "没有须改正的问题，可以报送；提示 1 项，请核实。"),
        ((WARNING, ERROR), False, 1, "有 1 项须改正后再报送；提示 1 项，请一并核实。"),
        ((ERROR,), True, 2, "有文件没有读出报送表，见上。"),
    ],
)
def test_the_verdict_goes_with_the_exit_code(
    *,
    findings: tuple[ReportedFinding, ...],
    unreadable: bool,
    code: int,
    verdict: str,
    workbook: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked(monkeypatch, findings, unreadable=unreadable)
    result = jixiao("check", str(workbook))
    assert (result.exit_code, lines(result.stdout)[-1]) == (code, verdict)


def test_findings_are_shown_worst_first_with_what_to_do(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(monkeypatch, (WARNING, ERROR), outcomes=OUTCOMES)
    shown = lines(jixiao("check", str(workbook)).stdout)
    assert [" ".join(line.split()) for line in shown[:8]] == [
        "省委金融办2024年度绩效自评表.xlsx",
        "级别 编号 问题和建议",
        f"错误 {ERROR.code} {ERROR.message}",
        f"建议：{ERROR.suggestion}",
        f"提示 {WARNING.code} {WARNING.message}",
        f"建议：{WARNING.suggestion}",
        "未采用 报送说明.txt：不是工作簿，未读取",
        "得分",
    ]
    assert " ".join(shown[9].split()) == "附件2 省委金融办 96.55 96.55 70.00% 优 优"


def test_of_several_files_each_has_a_line(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {ERROR.file: 7, "甲局/说明.docx": 0}
    cards = evaluation().cards[:1]
    result = pipeline.CheckResult((WARNING, ERROR), unreadable=False, cards=cards, outcomes=(), forms=forms)
    monkeypatch.setattr(pipeline, "check_files", lambda *_given: result)
    shown = [" ".join(line.split()) for line in lines(jixiao("check", str(workbook.parent)).stdout)]
    assert shown[:3] == ["文件 报送表 须改正 提示", f"{ERROR.file} 7 1 1", "甲局/说明.docx"]


def test_a_form_without_a_total_that_stands_has_no_grade(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (card,) = evaluation().cards[:1]
    total = replace(card.total, accepted_score=None)
    cards = (replace(card, components=(*card.components[:-1], total)),)
    result = pipeline.CheckResult((), unreadable=False, cards=cards, outcomes=())
    monkeypatch.setattr(pipeline, "check_files", lambda *_given: result)
    shown = lines(jixiao("check", str(workbook)).stdout)
    assert " ".join(shown[-2].split()) == "附件2 省委金融办 96.55 96.55 70.00% 优"


def test_a_pattern_that_no_shell_has_spelled_out_is_looked_up(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[Path]] = []

    def check(files: list[Path], *_others: object) -> pipeline.CheckResult:
        given.append(files)
        return pipeline.CheckResult((), unreadable=False, cards=(), outcomes=())

    monkeypatch.setattr(pipeline, "check_files", check)
    jixiao("check", str(workbook.parent / "*.xlsx"))
    assert given == [[workbook]]
    assert jixiao("check", str(workbook.parent / "*.ods")).exit_code == 2


def test_a_sheet_that_a_finding_explains_is_not_named_twice(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = SheetOutcome(ERROR.file, ERROR.sheet, "", Status.UNRECOGNISED, "同一张表")
    checked(monkeypatch, (ERROR,), outcomes=(outcome,))
    assert "同一张表" not in jixiao("check", str(workbook)).stdout


def test_json_has_the_columns_of_the_tables(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch, (ERROR,))
    result = jixiao("check", str(workbook), "--json")
    content = json.loads(result.stdout)
    assert result.exit_code == 1
    assert list(content) == ["findings", "scores"]
    assert [list(row) for row in content["findings"]] == [list(Findings.columns())]
    assert {tuple(row) for row in content["scores"]} == {Scores.columns()}
    assert content["findings"][0]["severity"] == "error"
    assert content["findings"][0]["reported"] == "449.07"
    total = content["scores"][-1]
    assert [total[name] for name in ("component", "weight", "self_score", "self_grade")] == [
        "total",
        "100",
        "96.55",
        "优",
    ]
    assert content["scores"][0]["self_grade"] is None


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = jixiao("check", str(tmp_path / "没有.xlsx"))
    assert (result.exit_code, result.stderr.strip()) == (2, f"没有这个文件：{tmp_path / '没有.xlsx'}")


def test_an_unknown_scheme_is_wrong_usage(workbook: Path) -> None:
    result = jixiao("check", str(workbook), "--scheme", "nowhere")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere" in result.stderr


def test_a_crash_is_a_sentence_with_a_log_and_no_traceback(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_given: object) -> None:
        raise ZeroDivisionError("[ours]")

    monkeypatch.setattr(pipeline, "check_files", crash)
    result = jixiao("check", str(workbook))
    log = tmp_path / "state" / "logs" / "crash.log"
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "程序内部出错，未能完成（ZeroDivisionError：[ours]）。",
        f"详细记录：{log}",
    ]
    assert log.read_text(encoding="utf-8").endswith("ZeroDivisionError: [ours]\n\n")


# jixiao run


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lets no server start."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)

    def forbid(*_args: object, **_options: object) -> Iterator[None]:
        raise ServerUnavailableError("本机的调度服务启动后即退出。")

    monkeypatch.setattr(server, "OwnServer", forbid)


@pytest.mark.usefixtures("no_server")
def test_a_run_without_a_server_still_gives_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Rehearsal({"甲[1]": ("a.xlsx", "b.xlsx", "c.xlsx")}).install(monkeypatch)
    result = jixiao("run")
    scheme = evaluation().round.scheme.title
    assert result.exit_code == 0
    assert result.stderr == "本机的调度服务启动后即退出。改为直接处理，结果相同，只是没有运行记录。\n"
    folder = "outputs/甲[1]"
    assert lines(result.stdout) == [
        "甲[1]：读取 3 个文件",
        "甲[1]：审核、评分并输出",
        f"甲[1]（2024 年度，{scheme}）",
        "  已读取    3 个文件，报送表 7 张，部门 1 个",
        "  发现问题  阻断 0，错误 1，提示 2，说明 0；1 个部门须修改后重报",
        "  未采用    报送说明.txt：不是工作簿，未读取",
        f"  汇总表    {folder}/汇总.xlsx",
        f"  网页      {folder}/绩效自评_甲[1].html",
        f"  审核反馈  1 份，在 {folder}/审核反馈",
        f"  数据表    {folder}/data",
    ]


@pytest.mark.usefixtures("no_server")
def test_a_round_that_fails_is_1_and_the_others_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Rehearsal({"bad": ("a.xlsx",), "good": ("a.xlsx",)}, {"bad": KeyError("x")}).install(monkeypatch)
    result = jixiao("run")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[1:] == [
        "bad：未能完成，原有结果保留不变。程序内部出错（KeyError：'x'）。",
        "详细记录：state/logs",
    ]
    assert "  已读取    1 个文件，报送表 7 张，部门 1 个" in lines(result.stdout)


@pytest.mark.usefixtures("no_server")
def test_a_round_that_is_wrongly_set_up_is_2_and_the_others_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Rehearsal({"good": ("a.xlsx",)}).install(monkeypatch)
    result = jixiao("run", "z", "good")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[1:] == ["z：未处理，原有结果保留不变。找不到 z。"]
    assert "  已读取    1 个文件，报送表 7 张，部门 1 个" in lines(result.stdout)


@pytest.mark.usefixtures("no_server")
def test_of_a_failed_run_and_a_wrong_configuration_the_run_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Rehearsal({"bad": ("a.xlsx",)}, {"bad": KeyError("x")}).install(monkeypatch)
    result = jixiao("run", "z", "bad")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[1:] == [
        "z：未处理，原有结果保留不变。找不到 z。",
        "bad：未能完成，原有结果保留不变。程序内部出错（KeyError：'x'）。",
        "详细记录：state/logs",
    ]


@pytest.mark.usefixtures("no_server")
def test_what_became_of_other_peoples_files_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "outputs" / "r"
    published = Published(folder, folder / "汇总.xlsx", (), ("甲.xlsx 改动过。", "乙.xlsx 改动过。"))
    rehearsal = Rehearsal({"r": ("a.xlsx",)}, gives=worked(evaluation(name="r"), published, 1))
    rehearsal.install(monkeypatch)
    result = jixiao("run")
    assert lines(result.stdout)[-2:] == ["  请留意    甲.xlsx 改动过。", "            乙.xlsx 改动过。"]


def test_a_missing_round_is_2_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    result = jixiao("run", "z", "--inputs", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "找不到 z。\n")
    assert not (tmp_path / "state").exists()


def test_a_folder_that_cannot_be_written_to_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    (tmp_path / "file").write_bytes(b"")
    state = tmp_path / "file" / "state"
    monkeypatch.setenv("JIXIAO_STATE", str(state))
    result = jixiao("run")
    assert result.exit_code == 2
    assert result.stderr == (
        f"无法在 {state} 存放运行记录：路径中有一段是文件，不是文件夹。"
        "请换到可以写入的文件夹，或用环境变量 JIXIAO_STATE 另指一处。\n"
    )


def test_more_files_than_a_screen_holds_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    many = tuple(SheetOutcome(f"{n}.txt", "", "", Status.IGNORED, "不是电子表格文件") for n in range(12))
    given = worked(evaluation(name="r", outcomes=many), Published(tmp_path, tmp_path / "s", ()), 12)
    Rehearsal({"r": ()}, gives=given).install(monkeypatch)
    monkeypatch.setattr(
        run_command,
        "_run",
        lambda _state, job: steps.run_rounds(job, steps.Worker()),
    )
    result = jixiao("run", "--inputs", str(tmp_path), "--outputs", str(tmp_path))
    listed = [line.strip() for line in result.stdout.splitlines() if ".txt" in line or "……" in line]
    assert len(listed) == 11
    assert listed[-1] == "……共 12 项，其余见汇总表“报送情况”"


# jixiao serve


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--cron", "x"), "看不懂运行计划“x”"),
        (("--timezone", "Mars/X"), "没有“Mars/X”这个时区"),
        (("z",), "找不到 z。"),
    ],
)
def test_a_schedule_that_cannot_be_is_2(
    words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    result = jixiao("serve", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith(sentence)


@pytest.mark.usefixtures("no_server")
def test_a_service_without_a_server_is_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    result = jixiao("serve")
    assert result.exit_code == 1
    assert result.stderr == (
        "本机的调度服务启动后即退出。无法按计划运行。"
        f"请查看 {tmp_path / 'state' / 'logs'}，或用 jixiao run 手工运行。\n"
    )


def served(monkeypatch: pytest.MonkeyPatch, ending: Exception | None) -> list[str]:
    """A server that comes up, and a service on it that ends in this way; the arguments it was given."""
    seen: list[str] = []

    @contextlib.contextmanager
    def start(_state: Path, **_options: object) -> Iterator[server.NamedServer]:
        yield server.NamedServer("http://127.0.0.1:9/api")

    def serve(_table: object, job: Job, *_: object) -> None:
        seen.append(str(job.rounds))
        if ending:
            raise ending

    monkeypatch.setattr(serve_command, "prefect_server", start)
    monkeypatch.setattr(serving, "serve_rounds", serve)
    return seen


def test_a_service_names_rounds_that_it_cannot_use_and_serves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    seen = served(monkeypatch, None)
    result = jixiao("serve", "r", "z", "--inputs", str(tmp_path))
    assert (result.exit_code, seen) == (0, ["('r', 'z')"])
    assert result.stderr == "z：暂时不能处理，其他批次照常；改正后下次运行即处理。找不到 z。\n"
    assert lines(result.stdout)[-1] == "已停止按计划运行。"


def test_a_service_whose_server_cannot_be_revived_is_1_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    served(
        monkeypatch,
        ServerUnavailableError("调度服务意外停止。一小时内已重试 5 次，不再重试。"),
    )
    result = jixiao("serve", "--inputs", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr == (
        "调度服务意外停止。一小时内已重试 5 次，不再重试。无法按计划运行。"
        f"请查看 {tmp_path / 'state' / 'logs'}，或用 jixiao run 手工运行。\n"
    )
    assert "已停止按计划运行。" not in result.stdout


# jixiao status


def test_the_status_shows_departments_by_forms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Rehearsal({"r": ("a.xlsx",)}).install(monkeypatch)
    result = jixiao("status", "r", "--inputs", str(tmp_path))
    assert result.exit_code == 0
    shown = [" ".join(line.split()) for line in lines(result.stdout)]
    assert shown == [
        "r：1 个部门已报送",
        "部门 部门整体支出绩效自评表 项目支出绩效自评表 须改正 提示 状态",
        "省委金融办 1 6 1 2 退回修改",
        "未采用 报送说明.txt：不是工作簿，未读取",
    ]


def test_the_status_of_no_round_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    Rehearsal({"r": ()}).install(monkeypatch)
    result = jixiao("status", "z")
    assert (result.exit_code, result.stderr) == (2, "找不到 z。\n")


# jixiao scheme


def test_the_schemes_are_listed() -> None:
    result = jixiao("scheme", "list")
    assert result.exit_code == 0
    assert {line.split()[0] for line in lines(result.stdout)[1:]} >= {"national", "hunan-provincial"}


def test_a_scheme_is_shown_rule_by_rule() -> None:
    result = jixiao("scheme", "show", "hunan-provincial")
    scheme = evaluation().round.scheme
    shown = lines(result.stdout)
    assert result.exit_code == 0
    assert shown[0] == f"{scheme.title}（hunan-provincial）"
    assert shown[1] == f"适用地区  {scheme.jurisdiction}"
    assert "分值分配  weights.overall" in shown
    assert "  参数  总分 100；预算执行 10；产出指标 50；效益指标 30；满意度指标 10" in shown
    for rule in scheme.rules:
        assert f"{rule.title}  {rule.id}" in shown


def test_a_finding_code_and_a_rule_are_explained() -> None:
    code = jixiao("scheme", "explain", "A101")
    assert (code.exit_code, code.stdout.split()[0]) == (0, "A101")
    named = jixiao("scheme", "explain", "a101-7K3M9QX2BD")
    assert named.stdout == (
        f"{code.stdout}  这一条  jixiao explain 批次 部门 A101-7K3M9QX2BD 说明它是怎样得出的\n"
    )
    everything = jixiao("scheme", "explain", "--all")
    assert (everything.exit_code, lines(everything.stdout)[0]) == (0, "F 文件（15 个）")
    rule = jixiao("scheme", "explain", "execution", "--scheme", "hunan-provincial")
    assert (rule.exit_code, rule.stdout.split()[0]) == (0, "execution")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("explain", "Z999"), "方案 national 中没有“Z999”这个规则或发现编号。用 --all 列出全部编号。\n"),
        (("validate", "nowhere.toml"), "没有这个文件：nowhere.toml\n"),
    ],
)
def test_what_is_not_there_is_2(words: tuple[str, ...], sentence: str) -> None:
    result = jixiao("scheme", *words)
    assert (result.exit_code, result.stderr) == (2, sentence)


def test_a_scheme_that_is_not_there_is_2() -> None:
    result = jixiao("scheme", "show", "nowhere")
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere：没有这个评价方案")


def test_a_broken_scheme_names_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('title = "x"\nextends = "national"\nnonsense = 1\n', encoding="utf-8")
    result = jixiao("scheme", "validate", str(path))
    problems = result.stderr.splitlines()
    assert result.exit_code == 2
    assert any("第 3 行 nonsense" in problem for problem in problems)
    assert problems[-1] == f"共 {len(problems) - 1} 处须修改。"


def test_a_sound_scheme_is_0(tmp_path: Path) -> None:
    path = tmp_path / "sound.toml"
    path.write_text('title = "虚构方案"\njurisdiction = "虚构省"\nextends = "national"\n', encoding="utf-8")
    result = jixiao("scheme", "validate", str(path))
    assert (result.exit_code, result.stdout) == (0, "sound.toml：没有发现问题。\n")


def test_the_job_of_a_run_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Job] = []

    def remember(job: Job) -> int:
        seen.append(job)
        return 0

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_command, "run_rounds", remember)
    jixiao("run", "a", "b", "--inputs", "i")
    assert seen == [Job(tmp_path / "i", tmp_path / "outputs", ("a", "b"))]


# jixiao doctor


def test_a_set_up_in_which_something_is_wrong_is_2_and_says_what_to_do(tmp_path: Path) -> None:
    result = jixiao("doctor", "--inputs", str(tmp_path / "无"), "--outputs", str(tmp_path))
    assert result.exit_code == 2
    told = lines(result.stdout)
    place = next(number for number, line in enumerate(told) if line.startswith("错误  报送文件夹"))
    assert told[place + 1].strip() == "→ 请用 jixiao new 新建评价批次，或用 --inputs 指明文件夹。"
    assert re.fullmatch(r"检查了 \d+ 项：错误 1，留意 \d+。没有改动任何文件。", told[-1])


def test_a_set_up_in_which_nothing_is_wrong_is_0(tmp_path: Path) -> None:
    folder = tmp_path / "inputs" / "甲批"
    folder.mkdir(parents=True)
    (folder / "round.toml").write_text('scheme = "national"\nyear = 2024\n', encoding="utf-8")
    result = jixiao("doctor", "--inputs", str(tmp_path / "inputs"), "--outputs", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert "错误 0" in lines(result.stdout)[-1]
