"""The site of a release: every page, written beside the tables that it is made of."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dagster_project.errors import PublicationRefused
from dagster_project.fingerprint import code_version
from dagster_project.release.manifest import Manifest
from dagster_project.site.explorer import EXTRA, write_explorer
from dagster_project.site.explorer_cells import JUDGEMENT_LETTERS, STATUS_LETTERS
from dagster_project.site.model import Site, read_site
from dagster_project.site.pages_area import area_pages
from dagster_project.site.pages_contract import contract_pages
from dagster_project.site.pages_framework import read_summaries
from dagster_project.site.pages_indicator import indicator_pages
from dagster_project.site.pages_state import state_pages
from dagster_project.site.pages_whole import whole_pages
from dagster_project.site.reading import Tables, open_release
from dagster_project.site.rendering import Page
from dagster_project.site.reuse import FOLDER, Reuse, digest, earlier_of
from dagster_project.site.rows import check_titles
from dagster_project.site.small import write_style

STYLESHEET = "site.css"
# The newest of the tables that pages are made of: a release of an earlier version lacks it.
NEEDED = "headlines"
# What has a mark or a style on every page and chart, by the word in the release's table.
MARKED = {
    ("comparisons", "judgement"): JUDGEMENT_LETTERS,
    ("indicator_values", "status"): STATUS_LETTERS,
}


def present_site(directory: Path, manifest: Manifest) -> None:
    """After this the release has its site; one of an earlier version, lacking tables, none.

    What the release before it shows in the same way is taken over from there. A release from which
    something was taken back is written anew, whole: nothing of what was there is to come back.
    """
    previous = None
    if manifest.previous is not None and not manifest.withdrawn:
        previous = directory.parent / manifest.previous
    if manifest.table(NEEDED) is not None:
        build_site(directory, directory / FOLDER, manifest, previous)


def build_site(
    release: Path, out: Path, manifest: Manifest | None = None, previous: Path | None = None
) -> list[Path]:
    """`out` holds the site of the release; the files, in their order.

    Nothing is shown but the release: its tables, and its manifest where none is given. `previous`
    is a release whose site may have the same files; with it or without it, the bytes are the same.
    """
    with open_release(release, manifest) as tables:
        refuse_unmarked(tables)
        site = read_site(tables, release, extras=(EXTRA,))
        reuse = Reuse(
            out,
            tables.manifest,
            earlier_of(previous),
            base=code_version(),
            shared=digest(site.inputs(), check_titles(tables)),
        )
        # The explorer is DuckDB's work, pages are Python's: each has a core.
        with ThreadPoolExecutor(max_workers=1) as pool:
            own = tables.again()
            explorer = pool.submit(write_explorer, own, site, out, reuse)
            try:
                written = [_write(out, page) for page in pages(site, tables, reuse)]
                written += explorer.result()
            except BaseException:
                # The pool waits for it, and nobody for what it makes.
                while not explorer.done():
                    own.stop()
                    time.sleep(0.05)
                raise
    written += [*reuse.taken, reuse.write(), write_style(STYLESHEET, out)]
    return sorted(written)


def refuse_unmarked(tables: Tables) -> None:
    """Refused if the release says a word that no page has a mark for: a chart would show none."""
    for (table, column), letters in MARKED.items():
        found = {
            str(row[column]) for row in tables.stream(f"select distinct {column} from {table}")
        }
        unknown = sorted(found - letters.keys())
        if unknown:
            raise PublicationRefused(
                "the site has no mark for a word of the release",
                place=f"table {table}, column {column}",
                got=", ".join(unknown),
                expected=f"one of {', '.join(letters)}",
                fix="give it a letter in dagster_project/site/explorer_cells.py, a style in"
                " site.css and a mark in charts.js. Nothing was published",
            )


def pages(site: Site, tables: Tables, reuse: Reuse) -> Iterator[Page]:
    """Every static page that is made, one after another: none is kept once it is written."""
    summaries = read_summaries(tables)
    yield from whole_pages(site, tables, summaries)
    yield from state_pages(site, tables)
    yield from contract_pages(site, tables)
    yield from area_pages(site, tables, summaries, reuse)
    yield from indicator_pages(site, tables, reuse)


def _write(out: Path, page: Page) -> Path:
    path = out / page.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.text, encoding="utf-8", newline="\n")
    return path
