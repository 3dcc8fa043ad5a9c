"""The data explorer of a release: its page, its scripts and its data, beside the static pages.

Everything is made from the release's tables. What the explorer adds to the site is named in
`EXTRA`, so that pages link to it only where it is.
"""

from __future__ import annotations

from pathlib import Path

from dagster_project.site.explorer_areas import write_areas
from dagster_project.site.explorer_cells import prepare
from dagster_project.site.explorer_core import write_core
from dagster_project.site.explorer_gaps import write_gaps
from dagster_project.site.explorer_maps import write_maps
from dagster_project.site.explorer_values import indicator_keys, write_indicators
from dagster_project.site.model import Site
from dagster_project.site.reading import Tables
from dagster_project.site.rendering import page
from dagster_project.site.reuse import Reuse
from dagster_project.site.small import script, write_style

EXTRA = "explorer"
PAGE = "explorer.html"
STYLESHEET = "explorer.css"
# Each script of the site, and the files of `assets/` that it is put together from.
SCRIPTS = {
    "charts.js": ("charts.js", "charts_places.js"),
    "explorer.js": (
        "explorer_data.js",
        "explorer_words.js",
        "explorer_compare.js",
        "explorer_page.js",
    ),
    # Loaded when they are used: the other views; search and exports.
    "explorer_views.js": (
        "charts_series.js",
        "explorer_area.js",
        "explorer_series.js",
        "explorer_inequalities.js",
    ),
    "explorer_tools.js": ("explorer_export.js", "explorer_search.js"),
    # On the pages of indicators.
    "here.js": ("explorer_here.js",),
}


def write_explorer(tables: Tables, site: Site, out: Path, reuse: Reuse) -> list[Path]:
    """explorer.html, its scripts and its data stand below `out`; the files that were made."""
    prepare(tables)
    written, maps = write_maps(tables, out)
    written += write_core(tables, site, maps, out)
    made_of = indicator_keys(tables, reuse)
    written += write_indicators(tables, out, made_of, reuse)
    written += write_gaps(tables, out, made_of, reuse)
    written += write_areas(tables, out, reuse)
    return written + _assets(out) + [_page(site, out)]


def _assets(out: Path) -> list[Path]:
    folder = out / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, parts in SCRIPTS.items():
        path = folder / name
        path.write_text(script(parts), encoding="utf-8", newline="\n")
        written.append(path)
    return [*written, write_style(STYLESHEET, out)]


def _page(site: Site, out: Path) -> Path:
    made = page(PAGE, "explorer.html", **site.common())
    path = out / made.path
    path.write_text(made.text, encoding="utf-8", newline="\n")
    return path
