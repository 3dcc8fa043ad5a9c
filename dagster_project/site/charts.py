"""Charts as SVG text, drawn when the site is built by the file that draws them in the browser.

`assets/charts*.js` say what each kind's spec holds. They run in an embedded QuickJS
(docs/decisions/0026), started once a process and thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.site.small import script

# In their order: the first has what the others are made of.
CHART_FILES = ("charts.js", "charts_places.js", "charts_series.js", "charts_draw.js")
KINDS = ("bars", "spine", "trend", "spark", "funnel", "map", "gap")

_engines = threading.local()


class ChartRefused(OutcomesError):
    """A chart's spec isn't what its kind expects."""


def draw(kind: str, spec: Mapping[str, Any]) -> str:
    """The chart of one spec as an `<svg>` element; ChartRefused says what the spec lacks."""
    return draw_all([(kind, spec)])[0]


def draw_all(wanted: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """The charts of many specs, in their order."""
    return _drawn([[kind, spec] for kind, spec in wanted])


def chart_script() -> str:
    """Every chart, as one script: the browser's, and what the site's build asks it by."""
    return script(CHART_FILES)


def _drawn(pairs: list[list[Any]]) -> list[str]:
    # A number that isn't finite has no place in JSON, and QuickJS's own message names no chart.
    import dukpy

    try:
        return [
            str(text) for text in _engine().evaljs("Charts.drawAll(dukpy.wanted)", wanted=pairs)
        ]
    except (dukpy.JSRuntimeError, ValueError) as problem:
        raise ChartRefused(
            "a chart can't be drawn",
            place="a chart of kind " + ", ".join(sorted({str(kind) for kind, _ in pairs})),
            got=str(problem).splitlines()[0],
            expected=f"a spec of one of the kinds {', '.join(KINDS)}",
            fix="see what the kind's spec holds in dagster_project/site/assets/charts*.js",
        ) from problem


def _engine() -> Any:
    """QuickJS with the charts loaded, one a thread: a context may not be shared."""
    if not hasattr(_engines, "ready"):
        import dukpy

        engine = dukpy.JSInterpreter()
        # `const` at the top of a script isn't a property of the global object, and dukpy's next
        # script sees it all the same: scripts of one realm share their declarations.
        engine.evaljs(chart_script() + "\n;null")
        _engines.ready = engine
    return _engines.ready
