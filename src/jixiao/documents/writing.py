"""A report into a Word file: docxtpl fills a template, once for all reports where it only prints values.

A template that prints values and does nothing else is filled with openings in place of them; a report's texts
then take the place of the openings, and the parts that have none go into every file as they are. The bytes
depend on nothing but the template and the report.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

import markupsafe
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from jixiao.documents.markup import FORBIDDEN, PLACE, Markup, safe
from jixiao.domain.archives import deflated, zipped
from jixiao.domain.documents import Chapter, Document, Paragraph, Run
from jixiao.domain.spoken import one_line
from jixiao.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b'<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    b'<w:footnote w:type="continuationSeparator" w:id="0">'
    b"<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
)
_NOTES_END = b"</w:footnotes>"
_NOTE_ID = re.compile(rb'<w:footnote\b[^>]*w:id="(\d+)"')
_DOCUMENT = "word/document.xml"
_VALUE = re.compile(f"{PLACE}=([^{PLACE}]*){PLACE}")
_CHAPTER = re.compile(
    f"<w:p><w:r><w:t>{PLACE}([^={PLACE}][^{PLACE}]*|){PLACE}</w:t></w:r></w:p>|{_VALUE.pattern}"
)
_QUOTED = re.compile(f'"[^"<>]*{PLACE}'.encode())
_OPENED = PLACE.encode()
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
    chapters, lines = tuple(each.title for each in document.chapters), document.title.split("\n")
    shell = _open_shell(template, chapters, tuple(document.values), len(lines))
    if not shell.prints_only:
        values = {name: safe(value) for name, value in document.values.items()}
        shell = _filled(template, chapters, values, tuple(map(safe, lines)))
    return shell.with_texts(document)


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


@dataclass(frozen=True, slots=True)
class _Shell:
    """A filled template without the texts of the report: what is left open is between two `PLACE`.

    `notes` is the name of the part with the footnotes. `prints_only`: no value decides what is printed.
    """

    parts: tuple[tuple[str, bytes], ...]
    notes: str
    first_note: int
    styles: Mapping[str, str]
    width: int
    prints_only: bool

    def with_texts(self, document: Document) -> bytes:
        """The file."""
        markup = Markup(self.styles, self.width, self.first_note)
        written = [(each.title, markup.blocks(each.blocks)) for each in document.chapters]
        texts = {**dict(written), "": "".join(text for _, text in written)}
        values = _values(document)
        members = []
        for name, part in self.parts:
            content = _with_notes(part, markup.notes) if name == self.notes else part
            if _OPENED in content:
                content = _closed(content, texts if name == _DOCUMENT else None, values)
            members.append(deflated(name, content))
        return zipped(members)


def _closed(part: bytes, chapters: Mapping[str, str] | None, values: Mapping[str, str]) -> bytes:
    """A part with what was left open in it; only the document has chapters."""
    if chapters is None:
        pieces = list(_pieces(part, _VALUE))
        pieces[1::2] = [values[name or ""] for name in pieces[1::2]]
    else:
        pieces = list(_pieces(part, _CHAPTER))
        pieces[1::3] = [None if name is None else chapters[name] for name in pieces[1::3]]
        pieces[2::3] = [None if name is None else values[name] for name in pieces[2::3]]
    return "".join(filter(None, pieces)).encode()


@lru_cache(maxsize=16)
def _pieces(part: bytes, opening: re.Pattern[str]) -> tuple[str | None, ...]:
    """What stands between openings, after each piece the names in the next: None for what it is not."""
    return tuple(opening.split(part.decode()))


def _values(document: Document) -> dict[str, str]:
    """What stands in openings: values by name, the lines of the title by number, under "" all in one."""
    lines = document.title.split("\n")
    whole = one_line(" ".join(document.title.split())).translate(FORBIDDEN)[:255]
    given = {"": whole, **{str(number): line for number, line in enumerate(lines)}, **document.values}
    return {name: safe(value) for name, value in given.items()}


def _with_notes(content: bytes, notes: Sequence[str]) -> bytes:
    head, end, tail = content.rpartition(_NOTES_END)
    return head + "".join(notes).encode() + end + tail


@lru_cache(maxsize=8)
def _open_shell(
    template: bytes, chapters: tuple[str, ...], names: tuple[str, ...], title_lines: int
) -> _Shell:
    """The template with all values left open; see `_filled`."""
    values = {name: _opening(name) for name in names}
    return _filled(template, chapters, values, tuple(_opening(str(number)) for number in range(title_lines)))


def _opening(name: str) -> str:
    return f"{PLACE}={name}{PLACE}"


def _filled(
    template: bytes, chapters: Sequence[str], values: Mapping[str, str], title: Sequence[str]
) -> _Shell:
    """The template with these values and lines of the title, which are markup.

    Raises:
        TemplateBrokenError: see `write_document`.
    """
    package = _opened(template)
    docx = package.docx
    notes = _notes_part(docx)
    first_note, environment = _first_note(notes), _Environment()
    try:
        package.render(_context(chapters, values, title), environment)
    except TemplateSyntaxError as problem:
        raise TemplateBrokenError(
            say("有占位符没有写完整（{{ }} 或 {% %} 没有成对，或里面写错了）")
        ) from problem
    except UndefinedError as problem:
        known = say("、").join((TITLE, BODY, CHAPTERS, *values))
        raise TemplateBrokenError(say("用了没有的占位符，可用的是：{known}", known=known)) from problem
    except TemplateError as problem:
        raise TemplateBrokenError(say("有占位符不能用")) from problem
    except (XMLSyntaxError, TypeError, ValueError) as problem:
        raise TemplateBrokenError(say("有占位符放的位置不对，填入后不成文档")) from problem
    _describe(docx)
    stream = BytesIO()
    package.save(stream)
    with zipfile.ZipFile(stream) as saved:
        parts = tuple((entry.filename, saved.read(entry)) for entry in saved.infolist())
    prints_only = environment.prints_only and not any(_QUOTED.search(content) for _, content in parts)
    name = notes.partname.lstrip("/")
    return _Shell(parts, name, first_note, _style_ids(docx), _text_width(docx), prints_only)


def _opened(template: bytes) -> Any:  # noqa: ANN401 docxtpl has no types
    package = DocxTemplate(BytesIO(template))
    try:
        package.init_docx()
    except Exception as problem:  # whatever a file that is no Word document makes its reader raise
        raise TemplateBrokenError(say("它不是可用的 Word 文档（.docx）")) from problem
    return package


def _context(chapters: Sequence[str], values: Mapping[str, str], title: Sequence[str]) -> dict[str, Any]:
    """What a template may print: the text, its chapters by title, the title, single values; all made safe.

    Texts are placeholders until the end: docxtpl reads all that it is given several times over.
    """
    opening = f"<w:p><w:r><w:t>{PLACE}{{}}{PLACE}</w:t></w:r></w:p>"
    places = {each: _safe(opening.format(each)) for each in (*chapters, "")}
    named = {name: _safe(value) for name, value in values.items()}
    return {**named, TITLE: _safe("\n".join(title)), BODY: places[""], CHAPTERS: places}


def _safe(markup: str) -> markupsafe.Markup:
    """A text that Jinja takes as it is: what comes from forms has gone through `safe` before."""
    return markupsafe.Markup(markup)  # noqa: S704


class _Environment(SandboxedEnvironment):
    """An office's template may print what it is given, and do nothing else.

    `prints_only` as long as none looks at what it prints: with conditions, filters, parts of values.
    """

    _PRINTING = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const)

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.prints_only = True

    def from_string(self, source: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 as Jinja has it
        found = self.parse(source).find_all(nodes.Node)
        self.prints_only = self.prints_only and all(
            isinstance(each, self._PRINTING) or _is_chapter(each) for each in found
        )
        return super().from_string(source, *args, **options)


def _is_chapter(node: nodes.Node) -> bool:
    """Whether it is 章[…]: chapters are left open in any case."""
    kinds = (nodes.Getitem, nodes.Getattr)
    return isinstance(node, kinds) and isinstance(node.node, nodes.Name) and node.node.name == CHAPTERS


def _style_ids(docx: Any) -> Mapping[str, str]:  # noqa: ANN401 python-docx has no types
    """The ids of the styles, in quotes as attributes have them, by their names in lower case."""
    found = {}
    for style in docx.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            own = style.get(f"{_W}styleId")
            found[name.get(f"{_W}val").casefold()] = quoteattr(own) if own else ""
    return found


def _text_width(docx: Any) -> int:  # noqa: ANN401
    """Between the margins of the last section, in twentieths of a point."""
    section = docx.sections[-1]
    return int(section.page_width - section.left_margin - section.right_margin) // _EMU


def _notes_part(docx: Any) -> Any:  # noqa: ANN401
    """The footnotes of the template; a new part where it has no room for any yet."""
    relations = docx.part.rels.values()
    kind = RELATIONSHIP_TYPE.FOOTNOTES
    part = next((each.target_part for each in relations if each.reltype == kind), None)
    if part is None:
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, _NOTES, docx.part.package)
        docx.part.relate_to(part, kind)
    return part


def _first_note(part: Any) -> int:  # noqa: ANN401
    return max(map(int, _NOTE_ID.findall(part.blob)), default=0) + 1


def _describe(docx: Any) -> None:  # noqa: ANN401
    """Who edited the template, and when, is nobody's business in a report."""
    properties = docx.core_properties
    properties.title = _opening("")
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _LONG_AGO
    properties.revision = 1
