"""Releases made for their sites alone: presented, followed by another, and cut down to be small."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from dagster_project.release.manifest import Manifest, read_manifest, write_manifest
from dagster_project.release.presenting import SITE, TABLES, present

INDICATORS = ("smoking_adults", "suicide_rate")
STOCKPORT, TRAFFORD = "E08000007", "E08000009"
# England, its north west, and as many of its boroughs as spines need.
AREAS = (
    *("E92000001", "E12000002", "E08000001", "E08000002", "E08000003"),
    *("E08000006", STOCKPORT, TRAFFORD),
)
NEWEST = "indicator_id = 'smoking_adults' and sex = 'Persons' and period_label = '2023'"


def presented(directory: Path, manifest: Manifest) -> Manifest:
    """After this the release has its site, and its manifest lists it; the manifest."""
    write_manifest(directory, manifest)
    files = present(directory, manifest, [SITE])
    whole = replace(manifest, files=(*manifest.files, *files))
    write_manifest(directory, whole)
    return whole


def following(release: Path, target: Path) -> Manifest:
    """`target` has the tables of the release and no site yet; its manifest, which names it."""
    shutil.copytree(release / "data", target / "data")
    old = read_manifest(release)
    files = tuple(file for file in old.files if file.path.startswith(TABLES))
    made = replace(
        old, id=target.name, previous=release.name, created_at="2026-12-24T06:00:00Z", files=files
    )
    write_manifest(target, made)
    return made


def small(release: Path, target: Path) -> Manifest:
    """`target` has two indicators and eight areas of the release; its manifest."""
    made = replace(following(release, target), previous=None)
    for path in sorted((target / "data").glob("*.parquet")):
        with duckdb.connect() as con:
            columns = {row[0] for row in con.execute(f"describe from '{path}'").fetchall()}
        kept = [f"indicator_id in {INDICATORS}"] if "indicator_id" in columns else []
        kept += [f"area_code in {AREAS}"] if "area_code" in columns else []
        # The digests of indicators that are nowhere else aren't looked for.
        if kept and not path.stem.startswith("contract_"):
            alter(target, path.stem, where=" and ".join(kept))
    return made


def alter(
    release: Path, table: str, set_to: Mapping[str, str] | None = None, where: str = "true"
) -> None:
    """After this the table has only those rows; or those rows have these columns anew."""
    path = release / "data" / f"{table}.parquet"
    changed = ", ".join(
        f"case when {where} then {value} else {name} end as {name}"
        for name, value in (set_to or {}).items()
    )
    query = f"select * replace ({changed})" if changed else f"where {where}"
    made = path.with_suffix(".made")
    with duckdb.connect() as con:
        con.execute(f"copy (from '{path}' {query}) to '{made}' (format parquet)")
    made.replace(path)
