"""A report into a Word file: docxtpl puts it into a template, the bytes depend on nothing but the two."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import markupsafe
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from jixiao.documents.markup import FORBIDDEN, PLACE, Markup, safe
from jixiao.domain.documents import Chapter, Document, Paragraph, Run
from jixiao.domain.spoken import one_line
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES_BEGIN = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
)
_NOTES_END = "</w:footnotes>"
_NOTE_ID = re.compile(rb'<w:footnote\b[^>]*w:id="(\d+)"')
_DOCUMENT = "word/document.xml"
_HELD = re.compile(f"<w:p><w:r><w:t>{PLACE}([^{PLACE}]*){PLACE}</w:t></w:r></w:p>")
_LONG_AGO = datetime(1980, 1, 1)  # noqa: DTZ001 files have no zone
_EMU = 635
"""Of which one is a twentieth of a point."""
BODY: Final = "内容"
CHAPTERS: Final = "章"
TITLE: Final = "标题"
_SAMPLE = "样章"


class TemplateBrokenError(Exception):
    """A template that reports can't be written with; the message is a Chinese clause that says why."""


def write_document(template: bytes, document: Document) -> bytes:
    """The report in the template, as a .docx file.

    Raises:
        TemplateBrokenError: the template is no Word document, or has placeholders that can't be filled.
    """
    package = _opened(template)
    docx = package.docx
    notes = _notes_part(docx)
    markup = Markup(_style_ids(docx), _text_width(docx), _first_note(notes))
    texts = _texts(document, markup)
    try:
        package.render(_context(document, texts), _environment())
    except TemplateSyntaxError as problem:
        raise TemplateBrokenError(
            say("有占位符没有写完整（{{ }} 或 {% %} 没有成对，或里面写错了）")
        ) from problem
    except UndefinedError as problem:
        known = say("、").join((TITLE, BODY, CHAPTERS, *document.values))
        raise TemplateBrokenError(say("用了没有的占位符，可用的是：{known}", known=known)) from problem
    except TemplateError as problem:
        raise TemplateBrokenError(say("有占位符不能用")) from problem
    except (XMLSyntaxError, TypeError, ValueError) as problem:
        raise TemplateBrokenError(say("有占位符放的位置不对，填入后不成文档")) from problem
    _add_notes(docx, notes, markup.notes)
    _describe(docx, document.title)
    stream = BytesIO()
    package.save(stream)
    return _settled(stream, texts)


def check_template(template: bytes, document: Document) -> None:
    """Make sure that reports with the values of such a document can be written with a template.

    Raises:
        TemplateBrokenError: they can't be, or the template has no place for the text.
    """
    sample = Chapter(_SAMPLE, (Paragraph((Run(_SAMPLE),)),))
    chapters = (*(Chapter(each.title, sample.blocks) for each in document.chapters), sample)
    written = write_document(template, Document(document.title, chapters, document.values))
    with zipfile.ZipFile(BytesIO(written)) as package:
        if _SAMPLE not in package.read(_DOCUMENT).decode():
            raise TemplateBrokenError(say("没有放正文的占位符 {{{{p {body} }}}}", body=BODY))


def _opened(template: bytes) -> Any:  # noqa: ANN401 docxtpl has no types
    package = DocxTemplate(BytesIO(template))
    try:
        package.init_docx()
    except Exception as problem:  # whatever a file that is no Word document makes its reader raise
        raise TemplateBrokenError(say("它不是可用的 Word 文档（.docx）")) from problem
    return package


def _texts(document: Document, markup: Markup) -> dict[str, str]:
    """The chapters by title as XML, written once each, and under "" all of them."""
    written = [(each.title, markup.blocks(each.blocks)) for each in document.chapters]
    return {**dict(written), "": "".join(text for _, text in written)}


def _context(document: Document, texts: Mapping[str, str]) -> dict[str, Any]:
    """What a template may print: the text, its chapters by title, the title, single values; all made safe.

    Texts are placeholders until the end: docxtpl reads all that it is given several times over.
    """
    values: dict[str, Any] = {name: _safe(safe(value)) for name, value in document.values.items()}
    places = {title: _safe(f"<w:p><w:r><w:t>{PLACE}{title}{PLACE}</w:t></w:r></w:p>") for title in texts}
    return {
        **values,
        TITLE: _safe("\n".join(safe(line) for line in document.title.split("\n"))),
        BODY: places[""],
        CHAPTERS: places,
    }


def _safe(markup: str) -> markupsafe.Markup:
    """A text that Jinja takes as it is: what comes from forms has gone through `safe` before."""
    return markupsafe.Markup(markup)  # noqa: S704


@cache
def _environment() -> SandboxedEnvironment:
    """An office's template may print what it is given, and do nothing else."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _style_ids(docx: Any) -> Mapping[str, str]:  # noqa: ANN401 python-docx has no types
    found = {}
    for style in docx.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            found[name.get(f"{_W}val").casefold()] = style.get(f"{_W}styleId")
    return found


def _text_width(docx: Any) -> int:  # noqa: ANN401
    """Between the margins of the last section, in twentieths of a point."""
    section = docx.sections[-1]
    return int(section.page_width - section.left_margin - section.right_margin) // _EMU


def _notes_part(docx: Any) -> Any:  # noqa: ANN401
    """The footnotes of the template; None where it has no room for any yet."""
    relations = docx.part.rels.values()
    return next((each.target_part for each in relations if each.reltype == RELATIONSHIP_TYPE.FOOTNOTES), None)


def _first_note(part: Any) -> int:  # noqa: ANN401
    found = _NOTE_ID.findall(part.blob) if part else []
    return max(map(int, found), default=0) + 1


def _add_notes(docx: Any, part: Any, notes: list[str]) -> None:  # noqa: ANN401
    if not notes:
        return
    blob = part.blob.decode("utf-8") if part else _NOTES_BEGIN + _NOTES_END
    head, end, tail = blob.rpartition(_NOTES_END)
    content = (head + "".join(notes) + end + tail).encode()
    if part is None:
        name = PackURI("/word/footnotes.xml")
        part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, content, docx.part.package)
        docx.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    else:
        part._blob = content  # noqa: SLF001 python-docx has no footnotes


def _describe(docx: Any, title: str) -> None:  # noqa: ANN401
    """Who edited the template, and when, is nobody's business in a report."""
    properties = docx.core_properties
    properties.title = one_line(" ".join(title.split())).translate(FORBIDDEN)[:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _LONG_AGO
    properties.revision = 1


def _settled(stream: BytesIO, texts: Mapping[str, str]) -> bytes:
    """The package with the texts in place of their placeholders, and the same bytes at any time."""
    settled = BytesIO()
    with zipfile.ZipFile(stream) as given, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == _DOCUMENT:
                whole = _HELD.sub(lambda found: texts[found[1]], content.decode())
                content = whole.encode()
            out.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
    return settled.getvalue()
