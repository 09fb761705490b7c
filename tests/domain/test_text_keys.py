from __future__ import annotations

import pytest

from jixiao.domain.text_keys import (
    clean_name,
    compact,
    compact_name,
    criterion_key,
    label_key,
    normalise,
    printed_name,
)

TEXT = "其中：\n“三公经费” 变动率（％）："


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        (normalise, "其中:三公经费变动率(%):"),
        (compact, "其中:“三公经费”变动率(%):"),
        (label_key, "“三公经费”变动率"),
        (clean_name, "其中:“三公经费”变动率（%）:"),
        (compact_name, "其中三公经费变动率"),
        (criterion_key, "其中三公经费变动率"),
        (printed_name, "其中：“三公经费”变动率（％）"),
    ],
)
def test_each_key_keeps_what_it_is_for(key: object, wanted: str) -> None:
    assert callable(key)
    assert key(TEXT) == wanted


def test_what_stands_in_brackets_tells_names_apart_but_not_criteria() -> None:
    names = "专项资金（甲）", "专项资金（乙）"
    assert len(set(map(compact_name, names))) == 2
    assert len(set(map(criterion_key, names))) == 1
