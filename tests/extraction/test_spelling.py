from __future__ import annotations

import pytest

from jixiao.extraction.spelling import normalise


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("≥ ９５ ％", "≥95%"),
        ("１，２３４．５", "1,234.5"),
        ("三 级\n指\u3000标\t", "三级指标"),
        ("12 3次", "12 3次"),
        ("≥5\n10", "≥5 10"),
        ("－８９．２９％", "-89.29%"),
        ("10—20", "10-20"),
        ("10～20", "10~20"),
        ("＞＝3", ">=3"),
        ("5㎡", "5m2"),
        ("10²", "10²"),
        ("①完成", "①完成"),
        ("½", "½"),
        ("“三公”经费", "三公经费"),
        ("\u200b\ufeff95%\u200d", "95%"),
        ("【万元】", "(万元)"),
        ("", ""),
    ],
)
def test_one_spelling_for_every_way_to_type_it(text: str, spelled: str) -> None:
    assert normalise(text) == spelled
