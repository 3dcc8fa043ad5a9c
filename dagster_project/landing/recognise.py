"""Which layout a file has, told by its content; never by its name alone."""

from __future__ import annotations

from dataclasses import replace

from dagster_project.errors import OutOfScopeError, RefusedError
from dagster_project.landing import encodings, workbooks
from dagster_project.landing.peek import OTHER_DELIMITERS, Peek, peek
from dagster_project.landing.periods import stated_by
from dagster_project.sources import LAYOUTS, out_of_scope
from dagster_project.sources.layout import Extract, HeaderMatch, Layout, Recognised, match_header

# A file that shares fewer columns than this with every layout isn't near any of them.
NEAR_SHARE = 0.5


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
        found = _by_header(extract, looked)
    stated = stated_by(extract, found.layout, sidecar)
    return Recognised(
        extract=extract,
        match=found.match,
        encoding=found.encoding,
        sheet=found.sheet,
        header_row=found.header_row,
        document=found.document,
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
    raise RefusedError(
        "a JSON document of a shape that no source here has",
        file=extract.relative_path,
        got=_describe_json(looked.document),
        expected=" or ".join(layout.title for layout in _layouts("json")),
        fix="if it is a source to be read, add a layout for it in dagster_project/sources",
    )


def _describe_json(document: object) -> str:
    if document == {}:
        return "an object with no keys"
    if isinstance(document, dict):
        return "an object with the keys " + ", ".join(repr(key) for key in list(document)[:5])
    if isinstance(document, list):
        return f"a list of {len(document):,} items"
    return f"a bare {type(document).__name__}"


def _by_header(extract: Extract, looked: Peek) -> Recognised:
    best: HeaderMatch | None = None
    fitting: dict[str | None, Recognised] = {}
    for table in looked.tables:
        for layout in _layouts(looked.container):
            match = match_header(table.header, layout)
            if match.fits:
                # The first header of a sheet counts; below it stand data.
                fitting.setdefault(
                    table.sheet,
                    Recognised(
                        extract,
                        match,
                        looked.encoding,
                        table.sheet,
                        header_row=table.header_row,
                        document=looked.document,
                    ),
                )
            if best is None or _rank(match) < _rank(best):
                best = match
    if not fitting:
        raise _unplaced(extract, looked, best)
    if len(fitting) > 1:
        raise _two_sheets(extract, fitting)
    found = next(iter(fitting.values()))
    if found.layout.container != "csv":
        return found
    return replace(found, encoding=_encoding(extract, looked, found.layout))


def _encoding(extract: Extract, looked: Peek, layout: Layout) -> str:
    if looked.encoding == "utf-8" and layout.encodings == ("utf-8",):
        # Should it stop being UTF-8 further on, reading it says where.
        return "utf-8"
    return encodings.settle(extract, layout)


def _two_sheets(extract: Extract, fitting: dict[str | None, Recognised]) -> RefusedError:
    return RefusedError(
        "two sheets hold data of one layout",
        file=extract.relative_path,
        got=" and ".join(repr(sheet) for sheet in fitting),
        expected="one sheet of data; others may hold notes",
        fix="ask the publisher which is meant, or put each in a workbook of its own",
    )


def _layouts(container: str) -> list[Layout]:
    return [layout for layout in LAYOUTS if layout.container == container]


def _rank(match: HeaderMatch) -> float:
    """How far a header is from a layout: the share of all the names that aren't in both."""
    return match.distance / (len(match.positions) + match.distance)


def _unplaced(extract: Extract, looked: Peek, best: HeaderMatch | None) -> RefusedError:
    if looked.delimiter != ",":
        return RefusedError(
            "the fields aren't separated by commas",
            file=extract.relative_path,
            place="line 1",
            got=f"{OTHER_DELIMITERS[looked.delimiter]}s between the names",
            expected="commas",
            fix="save it as a comma-separated file",
        )
    if best is None or _rank(best) > NEAR_SHARE:
        return _unknown(extract, looked, best)
    return RefusedError(
        f"nearly the layout of {best.layout.title}, but the columns differ",
        file=extract.relative_path,
        place="header",
        got=_differences(best),
        expected=f"the columns of {best.layout.layout_id}",
        fix="ask the publisher whether the file has changed; restore the header if somebody edited"
        " it; if the change is meant, add it to the layout",
    )


def _unknown(extract: Extract, looked: Peek, best: HeaderMatch | None) -> RefusedError:
    first = looked.tables[0].header if looked.tables else ()
    nearest = ""
    if best is not None:
        nearest = (
            f"; the nearest is {best.layout.title}, of whose {len(best.layout.fields)} columns it"
            f" has {len(best.positions)} ({_differences(best)})"
        )
    return RefusedError(
        "no source here has this layout",
        file=extract.relative_path,
        place="header",
        got=_listed(first) or "no header",
        expected=f"one of the layouts that `outcomes status` lists{nearest}",
        fix="if it is a source to be read, add a layout for it in dagster_project/sources;"
        " if not, take it out of the inbox",
    )


def _differences(match: HeaderMatch) -> str:
    differences = []
    if match.missing:
        differences.append(f"without {_listed(match.missing)}")
    if match.unexpected:
        differences.append(f"with {_listed(match.unexpected)}, which it doesn't have")
    if match.repeated:
        differences.append(f"with {_listed(match.repeated)} more than once")
    return "; ".join(differences)


def _listed(names: tuple[str, ...] | list[str], most: int = 8) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
