from __future__ import annotations

from decimal import Decimal

from jixiao.domain.blanks import Entering, InputRule
from jixiao.workbooks.styles import validation_of


def test_numbers_are_bounded() -> None:
    rule = InputRule(Entering.WHOLE, low=Decimal(0), high=Decimal(6), title="位数", help="0 至 6")
    assert validation_of(rule) == {
        "validate": "whole",
        "criteria": "between",
        "minimum": 0.0,
        "maximum": 6.0,
        "error_title": "请重新填写",
        "error_message": "应填整数。0 至 6",
        "input_title": "位数",
        "input_message": "0 至 6",
    }
    assert validation_of(InputRule(Entering.DECIMAL, low=Decimal(0))) == {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0.0,
        "error_title": "请重新填写",
        "error_message": "应填数字。",
    }


def test_words_are_chosen_from_a_list_that_the_file_can_hold() -> None:
    assert validation_of(InputRule(Entering.CHOICE, choices=("是", "否")))["source"] == ["是", "否"]
    long = tuple(f"选项{number}的名称很长" for number in range(40))
    assert validation_of(InputRule(Entering.CHOICE, choices=long, help="任选")) == {
        "validate": "any",
        "input_title": "",
        "input_message": "任选",
    }


def test_texts_are_cut_to_what_the_format_allows() -> None:
    options = validation_of(InputRule(title="题" * 40, help="助" * 300))
    assert (len(options["input_title"]), len(options["input_message"])) == (32, 255)
