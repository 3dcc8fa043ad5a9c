"""The site of a release: every page, written beside the tables that it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dagster_project.release.manifest import Manifest
from dagster_project.site.explorer import EXTRA, write_explorer
from dagster_project.site.model import Site, read_site
from dagster_project.site.pages_area import area_pages
from dagster_project.site.pages_contract import contract_pages
from dagster_project.site.pages_indicator import indicator_pages
from dagster_project.site.pages_state import state_pages
from dagster_project.site.pages_whole import whole_pages
from dagster_project.site.reading import Tables, open_release
from dagster_project.site.rendering import Page
from dagster_project.site.small import write_style

STYLESHEET = "site.css"
FOLDER = "site"
# The newest of the tables that pages are made of: a release of an earlier version lacks it.
NEEDED = "headlines"


def present_site(directory: Path, manifest: Manifest) -> None:
    """After this the release has its site; one of an earlier version, lacking tables, none."""
    if manifest.table(NEEDED) is not None:
        build_site(directory, directory / FOLDER, manifest)


def build_site(release: Path, out: Path, manifest: Manifest | None = None) -> list[Path]:
    """`out` holds the site of the release; the files, in their order.

    Nothing is read but the release: its tables, and its manifest where none is given.
    """
    with open_release(release, manifest) as tables:
        site = read_site(tables, release, extras=(EXTRA,))
        written = [_write(out, page) for page in pages(site, tables)]
        written += write_explorer(tables, site, out)
    written.append(write_style(STYLESHEET, out))
    return sorted(written)


def pages(site: Site, tables: Tables) -> Iterator[Page]:
    """Every static page of the site, one after another: none is kept once it is written."""
    yield from whole_pages(site, tables)
    yield from state_pages(site, tables)
    yield from contract_pages(site, tables)
    yield from area_pages(site, tables)
    yield from indicator_pages(site, tables)


def _write(out: Path, page: Page) -> Path:
    path = out / page.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.text, encoding="utf-8", newline="\n")
    return path
