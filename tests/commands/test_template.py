from pathlib import Path

from typer.testing import CliRunner

from jixiao.cli import app


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["template", *arguments])
    return result.exit_code, result.output


def test_forms_are_written_below_the_scheme(tmp_path: Path) -> None:
    code, output = run(
        "national", "--form", "project-self-evaluation", "--year", "2024", "--out", str(tmp_path)
    )
    assert code == 0
    assert [path.name for path in (tmp_path / "national").iterdir()] == ["项目支出绩效自评表.xlsx"]
    assert f"共写出空白表 1 份，在 {tmp_path / 'national'}。" in output


def test_a_filled_form_is_kept_and_named(tmp_path: Path) -> None:
    words = ("national", "--form", "project-self-evaluation", "--year", "2024", "--out", str(tmp_path))
    run(*words)
    (path,) = (tmp_path / "national").iterdir()
    path.write_bytes(b"filled")
    code, output = run(*words)
    assert (code, path.read_bytes()) == (0, b"filled")
    assert "1 份已经存在、内容不同（可能已填写），没有覆盖；要覆盖请加 --overwrite：" in output
    assert path.name in output
    run(*words, "--overwrite")
    assert path.read_bytes().startswith(b"PK")


def test_the_finance_departments_own_lists_are_written_too(tmp_path: Path) -> None:
    for form, title in (("roster", "报送名册"), ("books", "财政账面数"), ("豁免表", "豁免表")):
        code, _ = run("national", "--form", form, "--out", str(tmp_path / form))
        assert (code, [path.stem for path in (tmp_path / form / "national").iterdir()]) == (0, [title])


def test_what_does_not_exist_is_said(tmp_path: Path) -> None:
    for arguments in (("nowhere",), ("national", "--form", "x"), ("national", "--roster", "nowhere")):
        code, _ = run(*arguments, "--out", str(tmp_path), "--inputs", str(tmp_path))
        assert code == 2
    assert list(tmp_path.iterdir()) == []
