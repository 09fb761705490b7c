import pytest

from jixiao.domain.report import ColumnSpec, SheetSpec
from jixiao.workbooks.addresses import Addresses


def spec(name: str, rows: int) -> SheetSpec:
    return SheetSpec(name, "题", "注", (ColumnSpec("甲"), ColumnSpec("乙")), (("", ""),) * rows)


ADDRESSES = Addresses((spec("表一", 3), spec("表二", 0)))


@pytest.mark.parametrize(
    ("formula", "resolved"),
    [
        ("[甲]/[乙]", "A6/B6"),
        ("SUM([乙:])", "SUM($B$4:$B$6)"),
        ("[甲@0]", "A$4"),
        ("SUM([乙@1:2])", "SUM(B$5:B$6)"),
        ("COUNTIF([表二!甲:],[甲])", "COUNTIF('表二'!$A$4:$A$4,A6)"),
        ('IF(A1>0,"[",1)', 'IF(A1>0,"[",1)'),
    ],
)
def test_references_become_addresses(formula: str, resolved: str) -> None:
    assert ADDRESSES.resolve(formula, "表一", 5) == resolved


@pytest.mark.parametrize("formula", ["[丙]", "[表三!甲:]"])
def test_a_wrong_reference_is_our_mistake(formula: str) -> None:
    with pytest.raises(KeyError):
        ADDRESSES.resolve(formula, "表一", 5)
