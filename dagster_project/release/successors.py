"""What a release made from a value for another area: a key taken back takes with it what was added up.

Values of today's areas are added up from those of the areas before them, and of one alone it is the
same figure. So a withdrawal reaches them too, in the releases that hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dagster_project.release.redact import VALUES, ReleaseFiles, key_condition
from dagster_project.release.sql import text

if TYPE_CHECKING:
    import duckdb

AREAS = "areas"


def keys_made_from(
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
