from __future__ import annotations

from rich.cells import cell_len

from jixiao.commands.terminal import fold_lines

SENTENCE = "《Sheet1》H5：执行率 76.00% 低于 90.00%，没有说明原因；项目“支出” 1,903.52 不符（相差 9.00）。"


def test_no_line_is_wider_than_asked_and_nothing_is_lost() -> None:
    for width in range(14, 60):
        lines = fold_lines(SENTENCE, width).split("\n")
        assert max(map(cell_len, lines)) <= width
        assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")


def test_figures_stay_whole_and_marks_stay_with_what_they_belong_to() -> None:
    for width in range(14, 60):
        lines = fold_lines(SENTENCE, width).split("\n")
        for figure in ("76.00%", "90.00%，", "1,903.52", "9.00"):
            assert any(figure in line for line in lines)
        assert not any(line[0] in "，。；：、）” " or line[-1] in "“（《" for line in lines)


def test_a_short_text_is_one_line() -> None:
    assert fold_lines("请补填。", 20) == "请补填。"
