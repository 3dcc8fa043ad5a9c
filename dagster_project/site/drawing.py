"""Charts as pages hold them: drawn by the file that the browser has, and slim enough to be many.

What the charts of a page share is said once, in the page or in its stylesheet, instead of in each.
The small charts of a table's rows are put together in cells.py, of shapes that sql/drawn.sql places
and of the marks that are made here; the table's own cells say in words what they show.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markupsafe import Markup

from dagster_project.site.charts import draw
from dagster_project.site.explorer_cells import JUDGEMENT_LETTERS

NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
# What assets/site.css says of these classes; see `.chart` there.
MARKED = re.compile(
    r'(class="j-\w+"[^>]*?) fill="#[0-9a-f]+" stroke="#[0-9a-f]+"(?: stroke-width="\.6")?'
)
# Attributes that need no quotes. Within text, quotes are spelt out.
PLAIN = re.compile(r'="([\w.#-]+)"(/?)', re.ASCII)
# The marks that charts of a kind share: their names on the page, how large they are in the units of
# the chart, how far down, and whether lines end in them.
SHARED = {
    "bars": {"names": {name: name for name in JUDGEMENT_LETTERS}, "r": 4.5, "y": 0, "width": 1},
    "spark": {"names": JUDGEMENT_LETTERS, "r": 8, "y": 0, "width": 2, "ends": True},
    "spine": {"names": JUDGEMENT_LETTERS, "r": 8, "y": 12, "width": 2},
}


def chart(kind: str, spec: dict[str, Any]) -> Markup:
    """One large chart, whole."""
    svg = MARKED.sub(r"\1", draw(kind, spec).replace(NAMESPACE, "", 1))
    svg = PLAIN.sub(lambda found: f"={found[1]}{found[2] and ' /'}", svg)
    return Markup(svg)  # noqa: S704 (charts.js escapes)


@cache
def marks(kind: str) -> Markup:
    """What the charts of a page use: each judgement's mark by its name, and England's line."""
    made = draw("marks", SHARED[kind])
    svg = f'<svg class="sr" aria-hidden="true"><defs>{made}</defs></svg>'
    return Markup(svg)  # noqa: S704 (charts.js makes it of our own words)
