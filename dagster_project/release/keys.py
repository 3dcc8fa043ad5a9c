"""Which values a key means in the releases that there are, and which were made from them.

Values of today's areas are added up from those of the areas before them, and of one alone it is the
same figure. So whoever takes a value back takes back those too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dagster_project.errors import UsageError
from dagster_project.nearest import instead
from dagster_project.release.redact import VALUES, ReleaseFiles, key_condition, same_names
from dagster_project.release.sql import names, text
from dagster_project.state import to_json

if TYPE_CHECKING:
    import duckdb

AREAS = "areas"
REQUIRED = ("indicator_id", "area_code")
PERIOD = ("period_type", "period_start", "period_end", "period_label")
KEY_COLUMNS = (
    *REQUIRED,
    *PERIOD,
    "sex",
    "age",
    "segment",
    "breakdown_type",
    "breakdown",
    "origin",
)


def check_key(key: Mapping[str, str]) -> None:
    """Nothing happens if the key can name values; else UsageError says what it lacks."""
    unknown = [column for column in key if column not in KEY_COLUMNS]
    missing = [column for column in REQUIRED if not key.get(column)]
    if unknown or missing:
        raise UsageError(
            "this key can't be withdrawn",
            got=", ".join(f"{column}={value}" for column, value in key.items()) or "nothing",
            expected=f"{' and '.join(REQUIRED)}, and if wanted any of "
            + ", ".join(column for column in KEY_COLUMNS if column not in REQUIRED),
            fix="give the key as column=value pairs",
        )


def keys_named(
    con: duckdb.DuckDBPyConnection, releases: Sequence[ReleaseFiles], key: Mapping[str, str]
) -> list[dict[str, str]]:
    """The key with every name of its period, and the keys of what was added up from its values.

    Tables name a period by its label or by its dates; with both, none of them is missed and none
    loses another period. A key that names no period stays as it is.
    """
    found = {period for release in releases for period in _periods(con, release, key)}
    if not found:
        raise UsageError(
            "no release has such a value",
            got=", ".join(f"{column}={value}" for column, value in key.items()),
            expected=_near(con, releases, key),
            fix="csv/indicator_values.csv of a release has each key as it is written",
        )
    named = [dict(key)]
    if any(column in key for column in PERIOD):
        named = [dict(key) | dict(period) for period in sorted(found)]
    made = {
        to_json(each): each
        for release in releases
        for one in named
        for each in _keys_made_from(con, release, one)
    }
    return [*named, *(made[each] for each in sorted(made))]


def _near(
    con: duckdb.DuckDBPyConnection, releases: Sequence[ReleaseFiles], key: Mapping[str, str]
) -> str:
    """What the key's indicator or its area may have been meant for, where no value has it."""
    for column in REQUIRED:
        known = {
            str(row[0])
            for release in releases
            for row in con.execute(
                f"from {release.relation(VALUES)} select distinct {names([column])}"
            ).fetchall()
        }
        if key[column] not in known:
            return f"{column}: {instead(key[column], sorted(known), 'none is there')}"
    return f"a key as it stands in {VALUES}"


def _periods(
    con: duckdb.DuckDBPyConnection, release: ReleaseFiles, key: Mapping[str, str]
) -> list[tuple[tuple[str, str], ...]]:
    """The periods of a release's values that the key names."""
    table = release.manifest.table(VALUES)
    if table is None or any(column not in table.column_names for column in key):
        return []
    columns = [column for column in PERIOD if column in table.column_names]
    rows = con.execute(
        f"from {release.relation(VALUES)} select distinct {names(columns)} "
        f"where {key_condition(table, same_names(table, key), key)}"
    ).fetchall()
    return [
        tuple((column, str(part)) for column, part in zip(columns, row, strict=True) if part)
        for row in rows
    ]


def _keys_made_from(
    con: duckdb.DuckDBPyConnection, release: ReleaseFiles, key: Mapping[str, str]
) -> list[dict[str, str]]:
    """The keys of the values that the release may have added up from the key's, by area."""
    values, areas = release.manifest.table(VALUES), release.manifest.table(AREAS)
    if values is None or areas is None or not {"origin", "flags"} <= set(values.column_names):
        return []
    rest = {part: said for part, said in key.items() if part not in ("area_code", "origin")}
    condition = key_condition(values, [(part, part) for part in rest], rest)
    rows = con.execute(
        f"from {release.relation(VALUES)} select distinct area_code where {condition}"
        " and origin = 'computed' and list_contains(flags, 'recast_area')"
        f" and area_code in ({_reached(release, key['area_code'])}) order by area_code"
    ).fetchall()
    return [rest | {"area_code": str(area), "origin": "computed"} for (area,) in rows]


def _reached(release: ReleaseFiles, area_code: str) -> str:
    """The areas that came after one, in steps, and the board of each that is a part of one."""
    areas = release.relation(AREAS)
    return (
        "with recursive reached as ("
        f" select area_code, area_type, parent_code, successor_codes from {areas}"
        f" where area_code = {text(area_code)}"
        " union select following.area_code, following.area_type, following.parent_code,"
        f" following.successor_codes from reached inner join {areas} as following on"
        " list_contains(string_split(reached.successor_codes, '|'), following.area_code)"
        " or (reached.area_type = 'sub_icb' and reached.parent_code = following.area_code)"
        f") select area_code from reached where area_code <> {text(area_code)}"
    )
