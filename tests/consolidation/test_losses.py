from dataclasses import replace

from jixiao.consolidation.dossiers import gather_dossiers
from jixiao.consolidation.losses import main_losses
from tests.builders.evaluations import OVERALL_SHEET, PROJECT_SHEETS, Sheet, evaluation


def losses(*sheets: Sheet) -> str:
    (dossier,) = gather_dossiers(evaluation(sheets, composites=()))
    return main_losses(dossier)


def test_losses_of_the_overall_form_greatest_first() -> None:
    assert losses(OVERALL_SHEET, *PROJECT_SHEETS) == "三公经费节约率 −3.00；预算执行 −0.45"


def test_without_an_overall_form_the_three_greatest_of_the_projects() -> None:
    assert losses(*PROJECT_SHEETS) == (
        "湖南金融宣传工作经费·预算执行 −2.37；地方金融监管工作经费·预算执行 −2.07；"
        "地方金融风险防范专项工作经费·预算执行 −1.28"
    )


def test_the_accepted_score_counts_not_the_claimed_one() -> None:
    rows = (replace(OVERALL_SHEET.rows[0], computed="20"), *OVERALL_SHEET.rows[2:])
    assert losses(replace(OVERALL_SHEET, rows=rows)) == "公用经费节约率 −3.00；预算执行 −0.45"


def test_what_is_not_known_is_no_loss() -> None:
    rows = (replace(OVERALL_SHEET.rows[0], weight=None), replace(OVERALL_SHEET.rows[3], self_score=None))
    assert losses(replace(OVERALL_SHEET, rows=rows)) == "预算执行 −0.45"


def test_nothing_lost() -> None:
    assert losses(PROJECT_SHEETS[-1]) == ""
