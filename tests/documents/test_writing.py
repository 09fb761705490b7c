"""Word files: what the report says, set as the template looks, and nothing that comes alive."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from jixiao.documents.markup import column_widths
from jixiao.documents.writing import TemplateBrokenError, check_template, write_document
from jixiao.domain.documents import Chapter, Column, Document, Heading, Paragraph, Run, Table, doubt, gap
from jixiao.domain.report import Kind
from tests.builders.reports import W, edited_part, paragraphs, part, parts, text_of
from tests.drawing.word_templates import NAMES, TEMPLATES, template

TEMPLATE = template()
WIDTH = 11906 - 1588 - 1474


def document(*blocks: object, title: str = "甲局\n2024年度报告", **values: str) -> Document:
    return Document(title, (Chapter("基本情况", blocks),), values or {"部门": "甲局"})  # type: ignore[arg-type]


def with_body(body: str) -> bytes:
    """The template with other text in place of its last paragraph."""
    return edited_part(TEMPLATE, "word/document.xml", lambda xml: xml.replace("{{p 内容 }}", body))


NEXT = "</w:t></w:r></w:p><w:p><w:r><w:t>"
UNCLOSED = "有占位符没有写完整（{{ }} 或 {% %} 没有成对，或里面写错了）"
UNKNOWN = "用了没有的占位符，可用的是：标题、内容、章、部门"
LONG = Table(
    "预算执行",
    (Column("项目名称"), Column("全年预算数", Kind.AMOUNT), Column("执行率", Kind.RATE)),
    tuple((f"项目{number}", "1,442.20", "100.00%") for number in range(60)),
    unit="万元",
    strong=frozenset({59}),
    source="表.xlsx › 附件1!B4:D9",
)


def test_committed_templates_are_those_that_the_script_draws() -> None:
    assert {name: (TEMPLATES / name).read_bytes() for name in NAMES} == dict.fromkeys(NAMES, TEMPLATE)


def test_texts_stand_in_their_styles() -> None:
    written = write_document(
        TEMPLATE,
        document(
            Heading(1, "一、基本情况"),
            Heading(2, "（一）人员"),
            Paragraph((Run("编制77人。"), gap("原因")), "表.xlsx › 附件1!B4"),
            Paragraph((doubt("附件1!B4 应为 78"),)),
        ),
    )
    body = part(written, "word/document.xml")
    styled = [
        (style.get(f"{W}val"), text_of(paragraph))
        for paragraph in body.iter(f"{W}p")
        if (style := paragraph.find(f"{W}pPr/{W}pStyle")) is not None
    ]
    assert styled == [
        ("Title", "甲局2024年度报告"),
        ("GwBody", ""),
        ("Heading1", "一、基本情况"),
        ("Heading2", "（一）人员"),
        ("GwBody", "编制77人。【待补：原因】"),
        ("GwRemark", "【待核：附件1!B4 应为 78】"),
    ]
    marks = {run.findtext(f"{W}t"): run.find(f"{W}rPr/{W}rStyle") for run in body.iter(f"{W}r")}
    gaps = marks["【待补：原因】"]
    assert gaps is not None
    assert gaps.get(f"{W}val") == "GwGap"
    assert paragraphs(written)[0] == "甲局\n2024年度报告"


def test_cells_of_figures_are_in_a_footnote_before_the_full_stop() -> None:
    written = write_document(
        TEMPLATE,
        document(
            Paragraph((Run("甲1。"),), "表.xlsx › 附件1!A1"),
            Paragraph((Run("乙2"),), "表.xlsx › 附件1!A2"),
        ),
    )
    assert paragraphs(written)[-2:] == ["甲1[1]。", "乙2[2]"]
    notes = part(written, "word/footnotes.xml")
    texts = {each.get(f"{W}id"): text_of(each) for each in notes.iter(f"{W}footnote")}
    assert texts == {
        "-1": "",
        "0": "",
        "1": " 数据来源：表.xlsx › 附件1!A1",
        "2": " 数据来源：表.xlsx › 附件1!A2",
    }


def test_tables_repeat_their_head_and_split_no_row() -> None:
    body = part(write_document(TEMPLATE, document(LONG)), "word/document.xml")
    (found,) = body.iter(f"{W}tbl")
    table_rows = list(found.iter(f"{W}tr"))
    assert len(table_rows) == 61
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in table_rows)
    heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table_rows]
    assert heads == [True] + [False] * 60
    bold = [run.find(f"{W}rPr/{W}b") is not None for run in table_rows[-1].iter(f"{W}r")]
    assert bold == [True] * 3
    aligned = [cell.find(f"{W}p/{W}pPr/{W}jc") for cell in table_rows[1].iter(f"{W}tc")]
    assert [each.get(f"{W}val") if each is not None else "" for each in aligned] == ["", "right", "right"]


@pytest.mark.parametrize("columns", [1, 3, 8, 14])
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.AMOUNT])
def test_tables_never_are_wider_than_the_page(columns: int, kind: Kind) -> None:
    row = ("很长的名称" * 20, *("123,456,789.00",) * (columns - 1))
    given = Table("表", (Column("名称"), *(Column("数", kind),) * (columns - 1)), (row,))
    widths = column_widths(given, WIDTH)
    assert sum(widths) <= WIDTH
    assert min(widths) > 300


def test_a_page_is_set_as_official_documents_are() -> None:
    package = parts(write_document(TEMPLATE, document(Paragraph((Run("甲"),)))))
    body = package["word/document.xml"].decode()
    assert 'w:top="2098" w:right="1474" w:bottom="1985" w:left="1588"' in body  # 37, 26, 35, 28 mm
    styles = package["word/styles.xml"].decode()
    wanted = {"Title": ("方正小标宋简体", 44), "Heading1": ("黑体", 32), "Heading2": ("楷体_GB2312", 32)}
    wanted |= {"Heading3": ("仿宋_GB2312", 32), "GwBody": ("仿宋_GB2312", 32), "GwCell": ("仿宋_GB2312", 21)}
    for name, (font, size) in wanted.items():
        (style,) = re.findall(rf'w:styleId="{name}".*?</w:style>', styles)
        assert f'w:eastAsia="{font}"' in style
        assert f'<w:sz w:val="{size}"/>' in style
    assert 'w:line="578" w:lineRule="exact"' in styles
    fonts = dict(
        re.findall(
            r'<w:font w:name="([^"]+)"><w:altName w:val="([^"]+)"/>', package["word/fontTable.xml"].decode()
        )
    )
    assert fonts["仿宋_GB2312"] == "仿宋"
    odd, even = package["word/footer1.xml"].decode(), package["word/footer2.xml"].decode()
    assert '<w:jc w:val="right"/>' in odd
    assert '<w:jc w:val="left"/>' in even
    assert "<w:evenAndOddHeaders/>" in package["word/settings.xml"].decode()


ODD = '甲&乙<局>“丙”\x07\x0b\ufffe]]>{{ 7*7 }}{% if %}=HYPERLINK("x")\u202e\ud800'


def test_texts_of_others_come_to_nothing_but_text() -> None:
    shown = '甲&乙<局>“丙”� ]]>{{ 7*7 }}{% if %}=HYPERLINK("x")��'
    given = Document(
        ODD,
        (
            Chapter(
                "基本情况",
                (Heading(1, ODD), Paragraph((Run(ODD),), ODD), Table(ODD, (Column(ODD),), ((ODD,),))),
            ),
        ),
        {"部门": ODD},
    )
    written = write_document(with_body(f"{{{{ 部门 }}}}{NEXT}{{{{p 内容 }}}}"), given)
    texts = [text for text in paragraphs(written) if text]
    assert {re.sub(r"\[\d\]", "", text) for text in texts} == {shown}
    package = parts(written)
    alive = re.compile(rb"instrText|fldSimple|hyperlink|w:object|oleObject|TargetMode|attachedTemplate")
    assert {name for name, content in package.items() if alive.search(content)} == {
        "word/footer1.xml",
        "word/footer2.xml",
    }
    fields = re.findall(rb"instrText[^>]*>([^<]+)<", package["word/footer1.xml"])
    assert fields == [b" PAGE "]


def test_the_same_report_is_the_same_file_and_nobody_is_named_in_it() -> None:
    given = document(LONG)
    first = write_document(TEMPLATE, given)
    assert first == write_document(TEMPLATE, given)
    core = parts(first)["docProps/core.xml"].decode()
    assert "<dc:title>甲局 2024年度报告</dc:title>" in core
    assert re.findall(r"\d{4}-\d\d-\d\d", core) == ["1980-01-01"] * 2
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core


def test_a_template_may_print_values_and_chapters_where_it_likes() -> None:
    body = f'{{{{ 部门 }}}}：{{{{ 标题 }}}}{NEXT}{{{{p 章["基本情况"] }}}}'
    written = write_document(with_body(body), document(Paragraph((Run("正文"),))))
    assert paragraphs(written)[-2:] == ["甲局：甲局\n2024年度报告", "正文"]


def test_reports_of_one_template_hold_their_own_texts_alone() -> None:
    body = with_body(f"{{{{ 部门 }}}}{NEXT}{{{{p 内容 }}}}")
    for name in ("甲&局", "乙局", ""):
        given = document(Paragraph((Run(f"{name}的正文"),), f"{name}.xlsx"), title=f"{name}\n报告", 部门=name)
        written = write_document(body, given)
        assert paragraphs(written) == [f"{name}\n报告", "", name, f"{name}的正文[1]"]
        notes = part(written, "word/footnotes.xml").iter(f"{W}footnote")
        assert [text_of(each) for each in notes] == ["", "", f" 数据来源：{name}.xlsx"]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('{% if 部门 == "甲局" %}是{% else %}不是{% endif %}', ["是", "不是"]),
        ("{{ 部门|length }}", ["2", "3"]),
        ("{{ 部门[1] }}", ["局", "丙"]),
    ],
)
def test_a_template_may_look_at_what_it_prints(body: str, wanted: list[str]) -> None:
    given = with_body(f"{body}{NEXT}{{{{p 内容 }}}}")
    names = ("甲局", "乙丙局")
    written = [paragraphs(write_document(given, document(部门=name))) for name in names]
    assert [each[2] for each in written] == wanted


def test_what_stands_in_an_attribute_is_filled_as_such() -> None:
    picture = f'甲</w:t></w:r><w:r><w:t w:alt="{{{{ 部门 }}}}">乙{NEXT}{{{{p 内容 }}}}'
    written = write_document(with_body(picture), document(部门="甲&局"))
    assert 'w:alt="甲&amp;局"' in parts(written)["word/document.xml"].decode()


def test_a_template_of_an_office_without_our_styles_still_holds_the_text() -> None:
    bare = edited_part(TEMPLATE, "word/styles.xml", lambda xml: re.sub(r"<w:style .*</w:style>", "", xml))
    written = write_document(bare, document(Heading(1, "一、"), LONG, Paragraph((Run("甲"),), "来源")))
    assert "一、" in paragraphs(written)
    assert "1,442.20" in paragraphs(written)
    styles = re.findall(r'w:val="(Gw\w+|Heading\d)"', parts(written)["word/document.xml"].decode())
    assert styles == ["GwBody"]  # the template's own empty line


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"not a document", "它不是可用的 Word 文档（.docx）"),
        (b"", "它不是可用的 Word 文档（.docx）"),
        (with_body("{{ 部门 "), UNCLOSED),
        (with_body(f"{{{{ 部门. }}}}{NEXT}{{{{p 内容 }}}}"), UNCLOSED),
        (with_body(f"{{% for 甲 in 章 %}}{NEXT}{{{{p 内容 }}}}"), UNCLOSED),
        (with_body("{{ 单位 }}"), UNKNOWN),
        (with_body('{{p 章["无此章"] }}'), UNKNOWN),
        (with_body(f"{{{{ 标题.__class__.__mro__ }}}}{NEXT}{{{{p 内容 }}}}"), "有占位符不能用"),
        (with_body("没有占位符"), "没有放正文的占位符 {{p 内容 }}"),
    ],
)
def test_a_broken_template_is_told_in_one_clause(content: bytes, wanted: str) -> None:
    with pytest.raises(TemplateBrokenError) as caught:
        check_template(content, document())
    assert str(caught.value) == wanted


def test_a_sound_template_passes() -> None:
    check_template(TEMPLATE, document())


_WRITER = Path("/usr/lib/libreoffice/program/libswlo.so")


@pytest.mark.skipif(not (shutil.which("soffice") and _WRITER.is_file()), reason="no LibreOffice Writer here")
def test_another_program_opens_it_and_keeps_its_pages(tmp_path: Path) -> None:
    file = tmp_path / "报告.docx"
    file.write_bytes(write_document(TEMPLATE, document(Heading(1, "一、基本情况"), LONG)))
    office = f"-env:UserInstallation=file://{tmp_path}/office"
    convert = ["soffice", office, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(convert, check=True, capture_output=True)  # noqa: S603 our own file
    read = ["pdftotext", "-layout", str(tmp_path / "报告.pdf"), "-"]
    text = subprocess.run(read, check=True, capture_output=True).stdout.decode()  # noqa: S603
    pages = [page for page in text.split("\f") if page.strip()]
    assert len(pages) == 3
    assert [page.count("全年预算数") for page in pages] == [1, 1, 1]
    assert all(f"—{number}—" in page.replace(" ", "") for number, page in enumerate(pages, start=1))
