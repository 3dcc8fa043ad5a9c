"""Why a file has no layout here, said so that the sender can mend it."""

from __future__ import annotations

from dagster_project.errors import RefusedError
from dagster_project.landing import nhs_numbers
from dagster_project.landing.peek import OTHER_DELIMITERS
from dagster_project.landing.peeked import Peek
from dagster_project.sources.layout import Extract, Layout
from dagster_project.sources.matching import HeaderMatch, OddCell, Sheet

# A file that shares fewer columns than this with every layout isn't near any of them.
NEAR_SHARE = 0.5
SHOWN = 40


def unknown_document(extract: Extract, looked: Peek, layouts: list[Layout]) -> RefusedError:
    """The refusal for a JSON document of no known shape."""
    return RefusedError(
        "a JSON document of a shape that no source here has",
        file=extract.relative_path,
        got=_describe_json(looked.document),
        expected=" or ".join(layout.title for layout in layouts),
        fix="if it is a source to be read, add a layout for it (docs/how-to/add-a-source.md)",
    )


def _describe_json(document: object) -> str:
    if document == {}:
        return "an object with no keys"
    if isinstance(document, dict):
        return "an object with the keys " + ", ".join(repr(key) for key in list(document)[:5])
    if isinstance(document, list):
        return f"a list of {len(document):,} items"
    return f"a bare {type(document).__name__}"


def two_sheets(extract: Extract, sheets: list[str | None]) -> RefusedError:
    """The refusal for a workbook in which nobody can tell which sheet is meant."""
    return RefusedError(
        "two sheets hold data of one layout",
        file=extract.relative_path,
        got=" and ".join(repr(sheet) for sheet in sheets),
        expected="one sheet of data; others may hold notes",
        fix="ask the publisher which is meant, or put each in a workbook of its own",
    )


def other_parts(extract: Extract, layout: Layout, sheets: tuple[Sheet, ...]) -> RefusedError:
    """The refusal for a workbook that has other sheets than the parts of its layout."""
    got = [f"{sheet.name!r} ({sheet.says or 'no name that is known'})" for sheet in sheets]
    return RefusedError(
        f"not the sheets that {layout.title} has",
        file=extract.relative_path,
        got=" and ".join(got),
        expected="one sheet each for " + ", ".join(part.says for part in layout.parts),
        fix="fetch it again from the publisher; if the sheets have other names now, add them to the"
        " layout",
    )


def odd_cell(extract: Extract, layout: Layout, odd: OddCell) -> RefusedError:
    """The refusal for a file without a header that is of a known shape down to one cell."""
    cell = nhs_numbers.masked(odd.cell)
    return RefusedError(
        f"nearly the layout of {layout.title}, but a cell differs",
        file=extract.relative_path,
        place=f"row {odd.record:,}, column {odd.column}",
        got=repr(cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}…"),
        expected=odd.expected,
        fix="ask the publisher whether the file has changed; if the change is meant, add it to the"
        " layout",
    )


def lines_above(extract: Extract, layout: Layout, line: int, above: list[str]) -> RefusedError:
    """The refusal for a CSV file whose header stands below a title or notes."""
    first = nhs_numbers.masked(above[0])
    first = first if len(first) <= SHOWN else f"{first[:SHOWN]}…"
    count = line - 1
    return RefusedError(
        f"the header that {layout.title} expects stands on line {line:,}, and not on the first",
        file=extract.relative_path,
        place="line 1" if count == 1 else f"lines 1 to {count:,}",
        got=f"{first!r}" if len(above) == 1 else f"{first!r} and what follows it",
        expected=f"nothing above the names of the columns of {layout.layout_id}",
        fix=f"delete the {'line' if count == 1 else f'{count:,} lines'} above the header; if the"
        " publisher's own file begins so, fetch it as the publisher serves it and ask for one"
        " without",
    )


def rank(match: HeaderMatch) -> float:
    """How far a header is from a layout: the share of all the names that aren't in both."""
    return match.distance / (len(match.positions) + match.distance)


def by_header(extract: Extract, looked: Peek, best: HeaderMatch | None) -> RefusedError:
    """The refusal for a file whose header is no layout's, with the nearest one."""
    if looked.delimiter != ",":
        return RefusedError(
            "the fields aren't separated by commas",
            file=extract.relative_path,
            place="line 1",
            got=f"{OTHER_DELIMITERS[looked.delimiter]}s between the names",
            expected="commas",
            fix="save it as a comma-separated file",
        )
    if best is None or rank(best) > NEAR_SHARE:
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
    # Of what shares no column none is nearer than another.
    if best is not None and best.positions:
        nearest = (
            f"; the nearest is {best.layout.title}, of whose {len(best.layout.fields)} columns it"
            f" has {len(best.positions)} ({_differences(best)})"
        )
    return RefusedError(
        "no source here has this layout",
        file=extract.relative_path,
        place="header",
        got=_listed(first) or "no header",
        expected=f"one of the layouts in docs/reference/sources.md{nearest}",
        fix="if it is a source to be read, add a layout for it (docs/how-to/add-a-source.md);"
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
