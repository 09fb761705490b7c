import pytest

from jixiao.consolidation.edition import feedback_names


@pytest.mark.parametrize(
    ("department", "name"),
    [
        ("云梦泽省虚构农事局", "云梦泽省虚构农事局.xlsx"),
        ('甲/乙\\丙:丁*戊?己"庚<辛>壬|癸\n', "甲_乙_丙_丁_戊_己_庚_辛_壬_癸_.xlsx"),
        (" 虚构局. ", "虚构局.xlsx"),
        ("", "（未识别部门）.xlsx"),
        ("...", "（未识别部门）.xlsx"),
        ("con", "_con.xlsx"),
        ("COM1.局", "_COM1.局.xlsx"),
        ("局" * 100, "局" * 60 + ".xlsx"),
        ("a" + "局" * 100, "a" + "局" * 59 + ".xlsx"),
    ],
)
def test_name_is_one_that_every_file_system_takes(department: str, name: str) -> None:
    assert feedback_names([department]) == {department: name}


def test_names_that_would_collide_are_numbered() -> None:
    assert feedback_names(["ABC局", "abc局", "Abc局", "虚构/局", "虚构:局", "caf\u00e9", "cafe\u0301"]) == {
        "ABC局": "ABC局.xlsx",
        "abc局": "abc局（2）.xlsx",
        "Abc局": "Abc局（3）.xlsx",
        "虚构/局": "虚构_局.xlsx",
        "虚构:局": "虚构_局（2）.xlsx",
        "caf\u00e9": "caf\u00e9.xlsx",
        "cafe\u0301": "caf\u00e9（2）.xlsx",
    }
