"""A page of blocks and charts as a sheet: printed on one A4, with native charts over its cells."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.domain.report import ChartKind, Formula, Kind, Link, Toned
from jixiao.language import COLUMN, SHEET, say, spoken
from jixiao.workbooks.row_writing import file_target
from jixiao.workbooks.sheet_layout import display_width
from jixiao.workbooks.styles import FONT, HEADER, NOTE, REMARK, TITLE, Look

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from jixiao.domain.report import Block, ChartSpec, ColumnSpec, Content, PageSpec
    from jixiao.workbooks.sheet_layout import Addresses
    from jixiao.workbooks.styles import Styles

_COLUMN_WIDTH, _DATA_WIDTH = 8.6, 14
_ROW_POINTS, _TITLE_POINTS, _CHART_POINTS = 17, 26, 17
_PIXELS_A_POINT = 4 / 3
_A4 = 9
_FILL = "#4472A8"
"""One tone for all bars: they differ by length, which survives black and white."""
_DATA_TITLE = say("图表数据（公式，随各表变化）")
_LABELS = {Kind.AMOUNT: "#,##0", Kind.RATE: "0%", Kind.COUNT: "0"}


def write_page(workbook: Workbook, page: PageSpec, styles: Styles, addresses: Addresses) -> None:
    """Write the page as the workbook's next sheet, open and chosen when the workbook is opened."""
    worksheet = workbook.add_worksheet(spoken(page.name, SHEET))
    _Page(workbook, worksheet, page, (styles, addresses)).write()
    worksheet.activate()


class _Page:
    """One page in the making."""

    def __init__(
        self, workbook: Workbook, worksheet: Worksheet, page: PageSpec, parts: tuple[Styles, Addresses]
    ) -> None:
        self._workbook, self._worksheet, self._page = workbook, worksheet, page
        self._styles, self._addresses = parts
        self._caption = workbook.add_format(
            {**FONT, "bold": True, "font_size": 11, "bottom": 2, "bottom_color": "#1F3864"}
        )

    def write(self) -> None:
        """Head, blocks, charts, then what concerns screen and paper."""
        page, worksheet = self._page, self._worksheet
        rows, columns = page.shape
        worksheet.set_default_row(_ROW_POINTS)
        worksheet.set_column(0, columns - 1, _COLUMN_WIDTH)
        worksheet.set_column(columns + 1, columns + 6, _DATA_WIDTH)
        worksheet.set_row(0, _TITLE_POINTS)
        worksheet.merge_range(0, 0, 0, columns - 1, page.title, self._styles.of(TITLE))
        worksheet.merge_range(1, 0, 1, columns - 1, page.note, self._styles.of(NOTE))
        worksheet.set_row(1, 2 * _ROW_POINTS)
        worksheet.write_string(1, columns + 1, _DATA_TITLE, self._styles.of(REMARK))
        for block in page.blocks:
            self._block(block)
        for chart in page.charts:
            self._chart(chart)
        worksheet.hide_gridlines(2)
        worksheet.set_portrait()
        worksheet.set_paper(_A4)
        worksheet.print_area(0, 0, rows - 1, columns - 1)
        worksheet.fit_to_pages(1, 1)
        worksheet.center_horizontally()
        worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)

    def _block(self, block: Block) -> None:
        whole = sum(block.spans)
        self._span((block.row, block.column, whole), spoken(block.title, "block"), self._caption)
        if block.headed:
            titles = [column.header for column in block.columns]
            printed = block.column < self._page.shape[1]
            if printed and any(
                display_width(title) > span * _COLUMN_WIDTH
                for title, span in zip(titles, block.spans, strict=True)
            ):
                self._worksheet.set_row(block.row + 1, 2 * _ROW_POINTS)
            self._cells(block, block.row + 1, titles, [self._styles.of(HEADER)] * len(titles))
        if not block.rows and block.empty:
            self._span((block.first_row, block.column, whole), block.empty, self._styles.of(REMARK))
        for place, row in enumerate(block.rows):
            formats = [
                self._format(column, content, block.kinds.get((place, index)))
                for index, (column, content) in enumerate(zip(block.columns, row, strict=True))
            ]
            self._cells(block, block.first_row + place, row, formats)

    def _format(self, column: ColumnSpec, content: Content, kind: Kind | None) -> Format:
        tone = content.tone if isinstance(content, Toned) else None
        return self._styles.format(
            Look(kind or column.kind, tone=tone, link=isinstance(content, Link), low=column.low)
        )

    def _cells(self, block: Block, row: int, contents: Any, formats: list[Format]) -> None:  # noqa: ANN401
        column = block.column
        for content, span, style in zip(contents, block.spans, formats, strict=True):
            self._span((row, column, span), content, style)
            column += span

    def _span(self, place: tuple[int, int, int], content: Content, style: Format) -> None:
        """A content over so many cells of a row."""
        row, column, span = place
        if span > 1:
            self._worksheet.merge_range(row, column, row, column + span - 1, "", style)
        match content:
            case Formula():
                spelled = self._addresses.resolve(content.text, self._page.name, row)
                value = float(content.value) if isinstance(content.value, Decimal) else content.value
                self._worksheet.write_formula(row, column, f"={spelled}", style, value)
            case Link():
                self._worksheet.write_url(row, column, _target(content), style, content.text)
            case Toned():
                self._worksheet.write_string(row, column, content.text, style)
            case Decimal() | int():
                self._worksheet.write_number(row, column, float(content), style)
            case str():
                self._worksheet.write_string(row, column, content, style)
            case None:
                self._worksheet.write_blank(row, column, None, style)

    def _chart(self, spec: ChartSpec) -> None:
        block = next(each for each in self._page.blocks if each.title == spec.block)
        if not block.rows:
            return
        lying, title = spec.kind is ChartKind.BAR, spoken(spec.title)
        chart = self._workbook.add_chart({"type": "bar" if lying else "column"})
        place = next(index for index, each in enumerate(block.columns) if each.title == spec.values)
        kind = block.columns[place].kind
        chart.add_series(
            {
                "name": spoken(spec.values, COLUMN),
                "categories": self._reference(block, 0),
                "values": self._reference(block, place),
                "fill": {"color": _FILL},
                "gap": 60,
                "data_labels": {"value": True, "num_format": _LABELS[kind], "font": {"size": 8}},
            }
        )
        chart.set_title({"name": title, "name_font": {"size": 10, "bold": True}, "overlay": False})
        chart.set_legend({"none": True})
        named = {"num_font": {"size": 8}, "line": {"color": "#7F7F7F"}, "major_tick_mark": "none"}
        valued = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
        # XlsxWriter names the axes by where they lie: those of bars change places.
        chart.set_x_axis(valued if lying else named)
        chart.set_y_axis({**named, "reverse": True} if lying else valued)
        chart.set_chartarea({"border": {"color": "#D9D9D9"}})
        area = spec.area
        width = area.columns * self._pixels(_COLUMN_WIDTH)
        chart.set_size({"width": width - 4, "height": int(area.rows * _CHART_POINTS * _PIXELS_A_POINT) - 4})
        described = say("{title}，数据见本表右侧“{block}”", title=title, block=spoken(spec.block))
        options = {"x_offset": 2, "y_offset": 2, "description": described}
        self._worksheet.insert_chart(area.row, area.column, chart, options)

    def _reference(self, block: Block, place: int) -> list[str | int]:
        column = block.column + sum(block.spans[:place])
        first, last = block.first_row, block.first_row + len(block.rows) - 1
        return [spoken(self._page.name, SHEET), first, column, last, column]

    @staticmethod
    def _pixels(characters: float) -> int:
        return int(characters * 7 + 5)


def _target(link: Link) -> str:
    return f"internal:'{link.sheet}'!A1" if link.sheet else f"external:{file_target(link.file)}"
