"""The extracts and the rows that a value was made from.

Which extract, the warehouse knows; it is that of the last refresh, so an older release is answered
by its manifest alone. Which rows, the landed bytes say: they are read again, and those that name
the publisher's code and the area are told by their numbers. Nothing of what they hold is shown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.calendar import source_rows
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.landing import flattening, ledger, store
from dagster_project.landing.recognise import recognise
from dagster_project.landing.sql import quoted_path, spilling_into
from dagster_project.lineage.question import Answer, records
from dagster_project.lineage.shown import data_of
from dagster_project.pipeline.tables import KEY
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import parquet, text
from dagster_project.sources.layout import Extract, Layout

if TYPE_CHECKING:
    import duckdb

# What `provenance` says together of many values.
GROUP = (
    *("indicator_id", "area_type", "period_type", "period_start", "period_end", "source_id"),
    "origin",
)
MOST_SEARCHED = 10_000
# A file that is larger isn't gone through for the numbers of a few rows.
LARGEST_SEARCHED = 256 * 2**20
# What publishers call the areas that have one code of ours.
SPELLINGS = ("{}", "n{}")
# What they call all people together.
WHOLE = ("Total", "All", "All people")
ANY_OF_THESE = "any of these, of that release"
THIS_FILE = "this file, as the release says; which rows, only a warehouse of that release tells"
TAKEN_BACK = "any of these: the file isn't in the state any more, or was taken back"


@dataclass(frozen=True)
class Origins:
    """What tells the origin of an answer's values; without a warehouse, the manifest alone."""

    home: Home
    found: Answer
    con: duckdb.DuckDBPyConnection
    directory: Callable[[Manifest], Path]
    warehouse: duckdb.DuckDBPyConnection | None
    note: str | None = None

    def of(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        """One record an extract: file, SHA-256, layout, period, and rows where they can be told."""
        if self.warehouse is None:
            return self.of_release(self.found.manifest, value)
        if value["origin"] == "computed":
            return _of_computed(self.found, value)
        made_of = records(self.warehouse, _observation_query(value))
        landings = {each["landing_id"]: each for each in ledger.rows(self.home)}
        if any(row["extract_id"] not in landings for row in made_of):
            return self.of_release(self.found.manifest, value, TAKEN_BACK)
        return [
            _of_extract(self.home, landings[row["extract_id"]], row, self.found, value)
            for row in made_of
        ]

    def disagreeing(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        """The extracts that give the value otherwise and have no order, each with its figure."""
        if self.warehouse is None or value["origin"] == "computed":
            return []
        landings = {each["landing_id"]: each for each in ledger.rows(self.home)}
        public = {row["source_id"] for row in source_rows() if row["is_public"] == "true"}
        return [
            _of_extract(self.home, landings[row["extract_id"]], row, self.found, value)
            | {"figure": row["value"] if row["source_id"] in public else None}
            for row in records(self.warehouse, _disagreeing_query(value))
            if row["extract_id"] in landings
        ]

    def of_release(
        self, manifest: Manifest, value: dict[str, Any], certainty: str = ANY_OF_THESE
    ) -> list[dict[str, Any]]:
        """The files that release says the value was made from; of earlier code, its source's."""
        named = _sources(self.found, value)
        of_source = [each for each in manifest.inputs if each.source_id in named]
        if value["origin"] == "published" and certainty == ANY_OF_THESE:
            files = _named_by_release(self.con, self.directory(manifest), manifest.id, value)
            those = [each for each in of_source if each.sha256 in files]
            of_source, certainty = (those, THIS_FILE) if those else (of_source, certainty)
        return [{**_of_manifest(item), "rows": None, "certainty": certainty} for item in of_source]


def _named_by_release(
    con: duckdb.DuckDBPyConnection, directory: Path, made_in: str, value: dict[str, Any]
) -> set[str]:
    """The SHA-256 of the files that gave the value's group, or its area of it, in that release."""
    file = directory / "data" / "provenance.parquet"
    if not file.exists():
        return set()
    group = " and ".join(f"{name} is not distinct from {text(str(value[name]))}" for name in GROUP)
    with data_of(directory):
        rows = con.execute(
            f"select distinct extract_sha256 from {parquet(file)} where {group}"
            f" and made_in = {text(made_in)}"
            f" and (areas is null or list_contains(areas, {text(value['area_code'])}))"
        ).fetchall()
    return {str(row[0]) for row in rows}


def is_of_release(warehouse: duckdb.DuckDBPyConnection, fingerprint: str) -> bool:
    """Whether the warehouse holds what that release was made from."""
    tables = warehouse.execute(
        "select 1 from information_schema.tables"
        " where table_schema = 'run' and table_name = 'context'"
    ).fetchall()
    if not tables:
        return False
    return warehouse.execute("select fingerprint from run.context").fetchall() == [(fingerprint,)]


def _observation_query(value: dict[str, Any]) -> str:
    """The extract that speaks for the value's key; those that it replaced aren't named."""
    key = " and ".join(
        f"observations.{name} is not distinct from {text(str(value[name]))}" for name in KEY
    )
    spelled = " and ".join(
        f"spelled.{name} = observations.{name}"
        for name in ("source_id", "extract_id", "indicator_id", "area_code", "period_label")
    )
    return (
        "select distinct observations.extract_id, observations.source_id,"
        " observations.area_code, observations.period_label, spelled.source_code"
        " from intermediate.candidate_values as observations"
        f" left join intermediate.int_observations_unioned as spelled on {spelled}"
        f" where {key} order by 1, 5"
    )


def _disagreeing_query(value: dict[str, Any]) -> str:
    """All extracts that speak for the value's key and that no later one has replaced."""
    key = " and ".join(f"{name} is not distinct from {text(str(value[name]))}" for name in KEY)
    return (
        "with speaking as (select distinct extract_id, source_id, area_code, period_label,"
        " source_code, case status when 'published' then value end as value"
        f" from intermediate.int_observations where {key})"
        " select * from speaking where not exists (select 1 from speaking as later"
        " inner join intermediate.int_extract_order as placed"
        " on later.extract_id = placed.later_id where placed.earlier_id = speaking.extract_id)"
        " order by extract_id, value"
    )


def _of_manifest(item: Any) -> dict[str, Any]:
    return {
        "file": item.name,
        "sha256": item.sha256,
        "source_id": item.source_id,
        "layout_id": item.layout_id,
        "period": item.period,
        "vintage": item.vintage,
        "rows_in_file": item.rows,
    }


def _of_extract(
    home: Home, landing: Any, row: dict[str, Any], found: Answer, value: dict[str, Any]
) -> dict[str, Any]:
    record = {
        "file": landing["relative_path"],
        "sha256": landing["sha256"],
        "source_id": landing["source_id"],
        "layout_id": landing["layout_id"],
        "period": landing["period"],
        "vintage": landing["vintage"],
        "rows_in_file": landing["rows_kept"],
        "source_code": row["source_code"],
    }
    areas = {row["area_code"], found.area.get("ods_code"), found.area.get("area_name")} - {None}
    record["rows"] = _rows(home, landing, row["source_code"], areas, value)
    record["certainty"] = "these rows"
    return record


def _sources(found: Answer, value: dict[str, Any]) -> set[str]:
    """The source that the value names; of what is computed, every one that its definition names."""
    if value["origin"] != "computed":
        return {value["source_id"]}
    return {value["source_id"], *filter(None, (found.indicator.get("sources") or "").split("|"))}


def _of_computed(found: Answer, value: dict[str, Any]) -> list[dict[str, Any]]:
    """Of what is added up over many rows: the files of its sources and period, and no rows."""
    period, named = value["period_label"], _sources(found, value)
    is_recast = "recast_area" in (value["flags"] or ())
    rows = "rows of the areas before it" if is_recast else "all rows of the area"
    return [
        {
            **_of_manifest(item),
            "rows": None,
            "certainty": f"{rows}, added up",
        }
        for item in found.manifest.inputs
        if item.source_id in named and item.period in (None, period)
    ]


def _rows(
    home: Home, landing: Any, code: str | None, areas: set[str], value: dict[str, Any]
) -> list[str] | None:
    """Where the rows stand that name the code and the area; None where that can't be told."""
    if code is None or landing["bytes"] > LARGEST_SEARCHED:
        return None
    path = store.landed_bytes(home.landing, landing["sha256"])
    if not path.exists():
        raise OutcomesError(
            "landed bytes are gone",
            file=str(path),
            expected=f"the bytes of {landing['relative_path']}",
            fix="put the file back from a backup of this home, or from the publisher, and refresh",
        )
    extract = Extract(path, landing["relative_path"], landing["bytes"], landing["sha256"])
    stated = {
        key: landing[key] for key in ("period", "vintage") if landing[f"{key}_from"] == "sidecar"
    }
    # Not the folder of refreshes, one of which may be clearing it now.
    with tempfile.TemporaryDirectory(prefix="explain-", dir=home.room()) as folder:
        scratch, spill = Path(folder), Path(folder) / "duckdb"
        with spilling_into(spill):
            found = recognise(extract, stated)
        source = flattening.as_csv(found, scratch)
        numbers = _numbers(source, spill, code, areas, value, found.layout)
        return [_span(source, first, last) for first, last in _spans(numbers)]


def _spans(numbers: list[int]) -> list[tuple[int, int]]:
    """The numbers as runs of rows that follow one another: first and last of each."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


def _span(source: flattening.Source, first: int, last: int) -> str:
    start, end = source.place(first), source.place(last)
    return start if first == last else f"{start} to {end.rsplit(' ', 1)[-1]}"


def _numbers(
    source: flattening.Source,
    spill: Path,
    code: str,
    areas: set[str],
    value: dict[str, Any],
    layout: Layout,
) -> list[int]:
    """Numbers from 0 of the rows that name the code, the area, and what else tells the cut."""
    import duckdb

    spelled = [form.format(area) for area in areas for form in SPELLINGS]
    relation = (
        f"read_csv({quoted_path(source.path)}, all_varchar=true, header=false, delim=','"
        ", quote='\"',"
        " escape='\"', null_padding=true, strict_mode=false)"
    )
    # One thread: the rows are counted as they come.
    settings: dict[str, Any] = {"threads": "1", "memory_limit": "1GB", "temp_directory": str(spill)}
    with duckdb.connect(config=settings) as connection:
        columns = connection.execute(f"describe from {relation}").fetchall()
        cells = ", ".join(f'trim("{column[0]}")' for column in columns)
        header = connection.execute(f"select [{cells}] from {relation} limit 1").fetchall()[0][0]
        rows = connection.execute(
            f"with numbered as (select row_number() over () - 1 as number, [{cells}] as cells"
            f" from {relation}) from numbered where list_has_any(cells, $areas)"
            " and len(list_filter(cells, lambda cell: starts_with(cell, $code))) > 0"
            f" order by number limit {MOST_SEARCHED}",
            {"areas": spelled, "code": code},
        ).fetchall()
    # Others may name the area too: as the one that they are part of.
    own = {
        name.casefold()
        for field in layout.fields
        if field.name in ("area_code", "area_name")
        for name in field.headers
    }
    at = [place for place, cell in enumerate(header) if (cell or "").casefold() in own]
    rows = [row for row in rows if {row[1][place] for place in at} & set(spelled)] or rows
    # What only some of the rows say picks among them: a file by year has no column of years.
    sexes = {value["sex"], *(WHOLE if value["sex"] == "Persons" else ())}
    for words in ({code}, {value["period_label"]}, sexes, {value["age"]}):
        rows = [row for row in rows if words & set(row[1])] or rows
    return [int(number) - int(source.has_header) for number, _ in rows]
