"""Draws templates/word: how reports look, set as official documents are (GB/T 9704-2012).

`python -m tests.drawing.word_templates` writes them anew, byte for byte the same every time.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "word"
NAMES = ("部门绩效自评报告.docx", "绩效评价总报告.docx")

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"
_LINE = 578
"""22 lines fill 225 mm: 28.9 points, in twentieths."""


class Font(NamedTuple):
    """A font with what to take where it is not installed: `other` by name, else by its kind of strokes."""

    name: str
    other: str
    panose: str
    family: str


FONTS = (
    Font(FANG, "仿宋", "02010609030101010101", "modern"),
    Font(KAI, "楷体", "02010609030101010101", "modern"),
    Font(HEI, "SimHei", "02010609060101010101", "modern"),
    Font(TITLE, "华文中宋", "02010601030101010101", "auto"),
    Font(SONG, "SimSun", "02010600030101010101", "auto"),
)


def _font(east: str, size: int, *, bold: bool = False, colour: str = "") -> str:
    """Run properties; `size` in half points."""
    return (
        f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{east}"/>'
        f"{'<w:b/><w:bCs/>' if bold else ''}"
        f'{f"""<w:color w:val="{colour}"/>""" if colour else ""}'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )


def _style(kind: str, id_: str, name: str, inner: str, *, based: str = "", default: bool = False) -> str:
    first = ' w:default="1"' if default else ""
    own = "" if name.isascii() else ' w:customStyle="1"'
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{id_}"{first}{own}>'
        f'<w:name w:val="{name}"/>{parent}<w:qFormat/>{inner}</w:style>'
    )


def _paragraph_style(id_: str, name: str, properties: str, font: str) -> str:
    inner = f"<w:pPr>{properties}</w:pPr><w:rPr>{font}</w:rPr>"
    return _style("paragraph", id_, name, inner, based="Normal")


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_EXACT = f'<w:spacing w:before="0" w:after="0" w:line="{_LINE}" w:lineRule="exact"/>'
_BOTH = '<w:jc w:val="both"/>'
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_SMALL = '<w:spacing w:before="20" w:after="20" w:line="280" w:lineRule="atLeast"/>'


def _heading(level: int, east: str, *, bold: bool = False) -> str:
    outline = f'<w:keepNext/>{_EXACT}{_INDENT}<w:outlineLvl w:val="{level - 1}"/>'
    return _paragraph_style(f"Heading{level}", f"heading {level}", outline, _font(east, 32, bold=bold))


def styles() -> str:
    """Title 二号小标宋, text 三号仿宋, headings 黑体, 楷体, 仿宋加粗, 仿宋; tables 五号."""
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="70" w:type="dxa"/>' for side in ("left", "right"))
    table = f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
    mark = '<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    return (
        f"{_XML}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{_font(FANG, 32)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        + _style(
            "paragraph", "Normal", "Normal", f'<w:pPr>{_EXACT}<w:jc w:val="both"/></w:pPr>', default=True
        )
        + _style("character", "DefaultParagraphFont", "Default Paragraph Font", "", default=True)
        + _paragraph_style(
            "Title",
            "Title",
            '<w:spacing w:before="0" w:after="0" w:line="700" w:lineRule="exact"/><w:jc w:val="center"/>',
            _font(TITLE, 44),
        )
        + _heading(1, HEI)
        + _heading(2, KAI)
        + _heading(3, FANG, bold=True)
        + _heading(4, FANG)
        + _paragraph_style("GwBody", "公文正文", f"{_EXACT}{_INDENT}", _font(FANG, 32))
        + _paragraph_style("GwCell", "表格文字", f'{_SMALL}<w:jc w:val="left"/>', _font(FANG, 21))
        + _paragraph_style("GwHead", "表格表头", f'{_SMALL}<w:jc w:val="center"/>', _font(HEI, 21))
        + _paragraph_style(
            "GwCaption",
            "表题",
            '<w:keepNext/><w:spacing w:before="160" w:after="40" w:line="400" w:lineRule="atLeast"/>'
            '<w:jc w:val="center"/>',
            _font(HEI, 28),
        )
        + _paragraph_style("GwUnit", "表单位", f'<w:keepNext/>{_SMALL}<w:jc w:val="right"/>', _font(FANG, 21))
        + _paragraph_style(
            "GwSource",
            "表注",
            '<w:spacing w:before="40" w:after="160" w:line="260" w:lineRule="atLeast"/><w:jc w:val="left"/>',
            _font(FANG, 18),
        )
        + _paragraph_style(
            "GwRemark",
            "待核说明",
            '<w:spacing w:before="60" w:after="160" w:line="320" w:lineRule="atLeast"/><w:jc w:val="left"/>',
            _font(FANG, 21),
        )
        + _paragraph_style(
            "FootnoteText",
            "footnote text",
            '<w:spacing w:before="0" w:after="0" w:line="260" w:lineRule="atLeast"/><w:jc w:val="left"/>',
            _font(FANG, 18),
        )
        + _paragraph_style(
            "Footer",
            "footer",
            '<w:spacing w:before="0" w:after="0" w:line="320" w:lineRule="atLeast"/>',
            _font(SONG, 28),
        )
        + _style("character", "FootnoteReference", "footnote reference", _RAISED)
        + _style("character", "GwGap", "待补", f"<w:rPr>{mark.format(fill='FFF2A8')}</w:rPr>")
        + _style("character", "GwDoubt", "待核", f"<w:rPr><w:b/>{mark.format(fill='F8CBAD')}</w:rPr>")
        + _style("table", "TableNormal", "Normal Table", "", default=True)
        + _style("table", "GwTable", "公文表格", table, based="TableNormal")
        + "</w:styles>"
    )


def fonts() -> str:
    """The fonts with their stand-ins, which Word takes where one is not installed."""
    listed = "".join(
        f'<w:font w:name="{each.name}"><w:altName w:val="{each.other}"/><w:panose1 w:val="{each.panose}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{each.family}"/><w:pitch w:val="variable"/></w:font>'
        for each in FONTS
    )
    return f"{_XML}<w:fonts {_W}>{listed}</w:fonts>"


def _field(name: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def footer(side: str) -> str:
    """— 1 — in 四号, one character in from the outer edge: right on odd pages, left on even ones."""
    indent = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
    dash = '<w:r><w:t xml:space="preserve">— </w:t></w:r>', '<w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    return (
        f'{_XML}<w:ftr {_W}><w:p><w:pPr><w:pStyle w:val="Footer"/>{indent}</w:pPr>'
        f"{dash[0]}{_field('PAGE')}{dash[1]}</w:p></w:ftr>"
    )


def body() -> str:
    """The title, a blank line, then all the text; A4 with margins 37, 35, 28 and 26 mm."""
    return (
        f"{_XML}<w:document {_W} {_R}><w:body>"
        '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>{{ 标题 }}</w:t></w:r></w:p>'
        '<w:p><w:pPr><w:pStyle w:val="GwBody"/></w:pPr></w:p>'
        '<w:p><w:pPr><w:pStyle w:val="GwBody"/></w:pPr><w:r><w:t>{{p 内容 }}</w:t></w:r></w:p>'
        '<w:sectPr><w:footerReference w:type="default" r:id="rId5"/>'
        '<w:footerReference w:type="even" r:id="rId6"/>'
        '<w:footnotePr><w:numFmt w:val="decimalEnclosedCircleChinese"/><w:numRestart w:val="eachPage"/>'
        "</w:footnotePr>"
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1400"'
        ' w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def notes() -> str:
    """No footnote yet but the lines that part them from the text."""
    kinds = (("separator", -1), ("continuationSeparator", 0))
    listed = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:line="240" w:lineRule="auto"/>'
        f"</w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>"
        for kind, number in kinds
    )
    return f"{_XML}<w:footnotes {_W}>{listed}</w:footnotes>"


def settings() -> str:
    """Odd and even footers differ; punctuation is set as in Chinese."""
    return (
        f"{_XML}<w:settings {_W}><w:evenAndOddHeaders/>"
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


_PARTS = (
    ("styles", "styles", "styles"),
    ("settings", "settings", "settings"),
    ("fontTable", "fontTable", "fontTable"),
    ("footnotes", "footnotes", "footnotes"),
    ("footer1", "footer", "footer"),
    ("footer2", "footer", "footer"),
)


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind, _ in _PARTS
    )
    return (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(entries: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(entries, start=1)
    )
    return (
        f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{listed}</Relationships>"
    )


_CORE = (
    f"{_XML}<cp:coreProperties"
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title></dc:title><dc:creator></dc:creator>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
)


def template() -> bytes:
    """A template as a .docx file."""
    metadata = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            [(f"{_OFFICE}/officeDocument", "word/document.xml"), (metadata, "docProps/core.xml")]
        ),
        "word/document.xml": body(),
        "word/_rels/document.xml.rels": _relations(
            [(f"{_OFFICE}/{kind}", f"{name}.xml") for name, _, kind in _PARTS]
        ),
        "word/styles.xml": styles(),
        "word/settings.xml": settings(),
        "word/fontTable.xml": fonts(),
        "word/footnotes.xml": notes(),
        "word/footer1.xml": footer("right"),
        "word/footer2.xml": footer("left"),
        "docProps/core.xml": _CORE,
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content.encode(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def draw(folder: Path = TEMPLATES) -> None:
    """Write the templates; both look the same and are two, so that an office can change one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / name).write_bytes(template())


if __name__ == "__main__":
    draw()
