"""A round's folder to begin with: its settings explained, an empty roster, the blank forms of its scheme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jixiao.blanks.drafts import Order
from jixiao.blanks.forms import arrange
from jixiao.language import say
from jixiao.pipeline.blank_forms import BlankRequest, Blanks, last_year, scheme_of, write_blanks
from jixiao.pipeline.rosters import ROSTER
from jixiao.pipeline.settings import (
    SETTINGS_FILE,
    ConfigurationError,
    packaged_lists,
    seeds_beside,
)
from jixiao.workbooks.blank_writing import write_blank

if TYPE_CHECKING:
    from pathlib import Path

    from jixiao.domain.scheme import Scheme

_UNNAMEABLE = '\\/:*?"<>|'
ROSTER_FILE = "名册.xlsx"
_SETTINGS = say("""\
# 评价批次“{name}”的设置。以 # 开头的行是说明；要启用一项设置，去掉该行行首的 # 和空格即可。

# 评价方案（{title}）和评价年度，必填。jixiao scheme list 列出全部方案。
scheme = "{scheme}"
year = {year}

# 名册：哪些部门应报哪些表。填好同一文件夹里的 {roster} 后启用，未报、迟报的部门才能列出。
# roster = "{roster}"

# 财政部门的账面数，与各部门自评表逐项核对。
# books = "账面数.xlsx"

# 截止日期：保存时间晚于它的工作簿记为迟报。
# deadline = {deadline}

# 保留几次历次结果（不写为 10，0 为不保留）。
# history = 10

# 抽查复核的种子（任意文字）：同样的报送件和种子抽出同样的表。不写的由批次名称和规则得出；
# 要在截止以后当众确定的，把摇出的号码写在这里。
# sample_seed = "{year} 年度 0000"

# 是否生成 Word 报告（不写为生成）。
# word = false

# 运行后的通知（环境变量 JIXIAO_NOTIFY 写了地址才有）：brief 只有数字，full 另有文件名和结果位置，off 不通知。
# notify = "brief"
""")


@dataclass(frozen=True, slots=True)
class NewRound:
    """What was made: the round's folder and its files, and the blank forms."""

    folder: Path
    files: tuple[Path, ...]
    blanks: Blanks


def begin_round(inputs: Path, name: str, request: BlankRequest, templates: Path) -> NewRound:
    """Make `inputs`/`name` with settings and an empty roster, and the blank forms below `templates`/`name`.

    Nothing that is there already is overwritten: a folder without settings, a roster, filled forms stay.

    Raises:
        ConfigurationError: the name can't be a folder's, the round is there already, or no such scheme.
        OSError: a file cannot be written.
    """
    if not name.strip(". ") or any(sign in _UNNAMEABLE for sign in name):
        raise ConfigurationError(
            say("“{name}”不能作文件夹名，请换一个批次名称，例如 {scheme}。", name=name, scheme=request.scheme)
        )
    folder, forms = inputs / name, templates / name
    request = replace(request, seeds=request.seeds or seeds_beside(folder))
    scheme = scheme_of(request)
    settings, roster = folder / SETTINGS_FILE, folder / ROSTER_FILE
    if settings.exists():
        raise ConfigurationError(
            say("{settings} 已经存在，没有改动它。请换一个批次名称。", settings=settings)
        )
    folder.mkdir(parents=True, exist_ok=True)
    year = request.year or last_year(scheme)
    (layout,) = [each for each in packaged_lists() if each.id == ROSTER]
    blanks = write_blanks(request, forms)
    made = [settings] if roster.exists() else [settings, roster]
    if roster in made:
        write_blank(roster, arrange(Order(layout, scheme, year)))
    settings.write_text(_text(name, scheme, year), encoding="utf-8")
    return NewRound(folder, tuple(made), blanks)


def _text(name: str, scheme: Scheme, year: int) -> str:
    return _SETTINGS.format(
        name=name,
        title=scheme.title,
        scheme=scheme.id,
        year=year,
        roster=ROSTER_FILE,
        deadline=f"{year + 1}-04-30",
    )
