"""Charts as pages hold them: drawn by the file that the browser has, and slim enough to be many.

A table of two hundred rows has as many small charts. What they share is said once in the page's
stylesheet instead of in each; the table's own cells say in words what they show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from dagster_project.site.charts import draw, draw_all

Row = dict[str, Any]

NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
# What assets/site.css says of these classes; see `.chart` there.
LOOKS = re.compile(r' (?:stroke|stroke-width|fill)="[^"]*"')
NAMED = re.compile(r' role="img" aria-label="[^"]*"')
# The same of the marks of large charts, whose classes say it too.
MARKED = re.compile(
    r'(class="j-\w+"[^>]*?) fill="#[0-9a-f]+" stroke="#[0-9a-f]+"(?: stroke-width="\.6")?'
)
SIZE = re.compile(r' width="\d+" height="\d+"(?=>|\s)')
# A band of a spine as a path, which is shorter; a start that a line goes on from needs no dot.
BAND = re.compile(r'<rect class="(\w+)" x="([\d.]+)" y="6" width="([\d.]+)" height="12"/>')
DOT = re.compile(r"h\.01(?=L)")


def sparks(rows: Sequence[Row]) -> list[str]:
    """A sparkline for each row that has a series, an empty text for the others."""
    return _small("spark", [_spark(row) for row in rows])


def spines(rows: Sequence[Row]) -> list[str]:
    """Where each row's value lies among the areas of its level; empty where none is drawn."""
    return _small("spine", [_spine(row) for row in rows])


def chart(kind: str, spec: Row) -> Markup:
    """One large chart, whole."""
    svg = MARKED.sub(r"\1", draw(kind, spec).replace(NAMESPACE, "", 1))
    return Markup(svg)  # noqa: S704 (charts.js escapes)


def _small(kind: str, specs: list[Row | None]) -> list[str]:
    drawn = iter(draw_all([(kind, spec) for spec in specs if spec]))
    return ["" if spec is None else _slim(next(drawn)) for spec in specs]


def _slim(svg: str) -> str:
    head, _, body = svg.partition(">")
    head = SIZE.sub("", NAMED.sub(' aria-hidden="true"', head.replace(NAMESPACE, "") + " "))
    body = DOT.sub("", BAND.sub(r'<path class="\1" d="M\2 6h\3v12H\2"/>', LOOKS.sub("", body)))
    return f"{head.rstrip()}>{body}"


def _spark(row: Row) -> Row | None:
    points = row["points"] or []
    if sum(point["v"] is not None for point in points) < 2:
        return None
    breaks = [place for place, point in enumerate(points) if point["b"]]
    return {
        "label": "",
        "v": [point["v"] for point in points],
        "b": breaks,
        "j": row["judgement"] or "not_compared",
    }


def _spine(row: Row) -> Row | None:
    """None where the release doesn't compare the value with England: a place on it would judge.

    England's value may be there all the same, where only limits are missing.
    """
    if row["judgement"] in (None, "not_compared"):
        return None
    if row["england"] is None or row["value"] is None or row.get("lo") is None:
        return None
    return {
        "label": "",
        "v": row["value"],
        "e": row["england"],
        "lo": row["lo"],
        "q1": row["q1"],
        "q3": row["q3"],
        "hi": row["hi"],
        "flip": row["polarity"] == "lower_is_better",
        "j": row["judgement"],
    }
