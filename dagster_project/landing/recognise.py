"""Which layout a file has, told by its content; never by its name alone."""

from __future__ import annotations

from dataclasses import replace

from dagster_project.errors import OutOfScopeError
from dagster_project.landing import encodings, unplaced, workbooks
from dagster_project.landing.peek import first_lines, first_records, peek
from dagster_project.landing.peeked import Peek, Table
from dagster_project.landing.periods import stated_by
from dagster_project.sources import LAYOUTS, out_of_scope
from dagster_project.sources.layout import Extract, Layout
from dagster_project.sources.matching import (
    HeaderMatch,
    Recognised,
    Sheet,
    match_cells,
    match_header,
)

# What somebody puts above a header is few lines: a title, a source, a date.
TITLE_LINES = 20


def recognise(extract: Extract, sidecar: dict[str, str]) -> Recognised:
    """The extract with its layout, period and vintage; RefusedError that names the difference.

    OutOfScopeError for content that is declared to be left unread.
    """
    looked = peek(extract)
    _leave_what_is_out_of_scope(extract, looked)
    if looked.container == "ods":
        raise workbooks.not_a_workbook(extract, "an OpenDocument file")
    if looked.container == "json":
        found = _by_shape(extract, looked)
    else:
        found = _as_whole_workbook(extract, looked) or _by_header(extract, looked)
    titles = tuple(sheet.title for sheet in found.sheets)
    stated = stated_by(extract, found.layout, sidecar, titles)
    return replace(
        found,
        period=stated.period,
        period_from=stated.period_from,
        vintage=stated.vintage,
        vintage_from=stated.vintage_from,
    )


def _leave_what_is_out_of_scope(extract: Extract, looked: Peek) -> None:
    names = [name for table in looked.tables for name in table.header]
    if looked.container == "json":
        names = _keys(looked.document)
    declared = out_of_scope.declared_as(extract.name, looked.container, names)
    if declared is not None:
        raise OutOfScopeError(f"{declared.title} ({declared.reason})", file=extract.relative_path)


def _keys(document: object) -> list[str]:
    """The keys of a JSON object, or of the first object of a list."""
    first = document[0] if isinstance(document, list) and document else document
    return list(first) if isinstance(first, dict) else []


def _by_shape(extract: Extract, looked: Peek) -> Recognised:
    for layout in _layouts("json"):
        if layout.shape is not None and layout.shape(looked.document):
            positions = {field.name: number for number, field in enumerate(layout.fields)}
            match = HeaderMatch(layout, tuple(positions), positions)
            return Recognised(extract, match, "utf-8", document=looked.document)
    raise unplaced.unknown_document(extract, looked, _layouts("json"))


def _as_whole_workbook(extract: Extract, looked: Peek) -> Recognised | None:
    for layout in _layouts(looked.container):
        if layout.is_whole_workbook is not None and layout.is_whole_workbook(looked.tables):
            positions = {field.name: number for number, field in enumerate(layout.fields)}
            match = HeaderMatch(layout, tuple(positions), positions)
            return Recognised(extract, match, looked.encoding, document=looked.document)
    return None


def _by_header(extract: Extract, looked: Peek) -> Recognised:
    best: HeaderMatch | None = None
    fitting: dict[str | None, tuple[Table, HeaderMatch]] = {}
    for table in looked.tables:
        for layout in _layouts(looked.container):
            if not layout.has_header or layout.is_whole_workbook is not None:
                continue
            match = match_header(table.header, layout, layout.part(table.sheet))
            if match.fits:
                # The first header of a sheet counts; below it stand data.
                fitting.setdefault(table.sheet, (table, match))
            if best is None or unplaced.rank(match) < unplaced.rank(best):
                best = match
    if not fitting:
        return _by_cells(extract, looked, best)
    layout = next(iter(fitting.values()))[1].layout
    if layout.parts:
        return _in_parts(extract, looked, layout, fitting)
    if len(fitting) > 1:
        raise unplaced.two_sheets(extract, list(fitting))
    table, match = fitting.popitem()[1]
    encoding = _encoding(extract, looked, layout) if layout.container == "csv" else looked.encoding
    sheets = (_sheet(table, match),) if table.sheet is not None else ()
    return Recognised(extract, match, encoding, sheets, document=looked.document)


def _sheet(table: Table, match: HeaderMatch) -> Sheet:
    part = match.layout.part(table.sheet)
    says = part.says if part else None
    return Sheet(table.sheet or "", table.header_row, match, says, table.title)


def _in_parts(
    extract: Extract,
    looked: Peek,
    layout: Layout,
    fitting: dict[str | None, tuple[Table, HeaderMatch]],
) -> Recognised:
    """The extract whose sheets are, all together, the parts of `layout`: each of them once."""
    if {match.layout.layout_id for _, match in fitting.values()} != {layout.layout_id}:
        raise unplaced.two_sheets(extract, list(fitting))
    sheets = tuple(_sheet(table, match) for table, match in fitting.values())
    if sorted(str(sheet.says) for sheet in sheets) != sorted(part.says for part in layout.parts):
        raise unplaced.other_parts(extract, layout, sheets)
    # In the order of the layout's fields, which all its parts are read in.
    positions = {item.name: number for number, item in enumerate(layout.fields)}
    match = HeaderMatch(layout, tuple(item.headers[0] for item in layout.fields), positions)
    return Recognised(extract, match, looked.encoding, sheets, document=looked.document)


def _by_cells(extract: Extract, looked: Peek, best: HeaderMatch | None) -> Recognised:
    """The extract that has no header and whose cells are of a known shape."""
    header_less = [layout for layout in _layouts(looked.container) if not layout.has_header]
    width = len(looked.tables[0].header) if looked.tables else 0
    if looked.delimiter == "," and any(len(layout.fields) == width for layout in header_less):
        records = first_records(extract, looked.encoding)
        for layout in header_less:
            match, odd = match_cells(records, layout)
            if match is not None and odd is None:
                return Recognised(extract, match, _encoding(extract, looked, layout))
            if match is not None and odd is not None and odd.record > 1:
                raise unplaced.odd_cell(extract, layout, odd)
    if looked.container == "csv":
        _refuse_what_stands_above(extract, looked)
    raise unplaced.by_header(extract, looked, best)


def _refuse_what_stands_above(extract: Extract, looked: Peek) -> None:
    """Nothing happens unless a line below the first is the header of a layout: it says so then."""
    above: list[str] = []
    for line, record in first_lines(extract, looked.encoding, TITLE_LINES):
        for layout in _layouts("csv") if above else ():
            if layout.has_header and match_header(tuple(record), layout).fits:
                raise unplaced.lines_above(extract, layout, line, above)
        above.append(", ".join(filter(None, record)))


def _encoding(extract: Extract, looked: Peek, layout: Layout) -> str:
    if looked.encoding == "utf-8" and layout.encodings == ("utf-8",):
        # Should it stop being UTF-8 further on, reading it says where.
        return "utf-8"
    return encodings.settle(extract, layout)


def _layouts(container: str) -> list[Layout]:
    return [layout for layout in LAYOUTS if layout.container == container]
