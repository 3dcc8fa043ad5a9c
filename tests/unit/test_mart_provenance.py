"""The mart `provenance`: what made the values, said once for all that were made alike."""

from __future__ import annotations

from typing import Any

import duckdb

from tests.support import models

EXTRACTS = (
    "create table stg_ledger__extracts as from (values"
    " (1, 'aaaa', 'fingertips', null, date '2021-05-01'), (2, 'bbbb', 'fingertips', null, null),"
    " (3, 'cccc', 'qof', '2020/21', null), (4, 'dddd', 'qof', '2020/21', null),"
    " (5, 'eeee', 'qof', '2019/20', null), (6, 'ffff', 'ods', null, null))"
    " as t(extract_id, sha256, source_id, period, vintage_date)"
)
GROUP = ("indicator_id", "area_type", "period_type", "period_start", "period_end")
QOF = {"source_id": "qof", "origin": "computed", "method": "proportion", "extract_id": 4}


def value(number: int, **said: Any) -> dict[str, Any]:
    row = models.value(**said) | {"row_id": str(number), "extract_id": said.get("extract_id", 1)}
    del row["flags"], row["held_since"]
    return row


def provenance(
    values: list[dict[str, Any]],
    held: tuple[str, ...] = (),
    holds: str = "select * from keys limit 0",
    ods: str = "ffff",
) -> list[dict[str, Any]]:
    with duckdb.connect() as con:
        models.load(con, "candidate_values", values)
        con.execute("alter table candidate_values alter extract_id type integer")
        con.execute(EXTRACTS)
        con.execute("update stg_ledger__extracts set sha256 = ? where extract_id = 6", [ods])
        for seed in ("areas", "area_redraws", "combined_areas", "indicator_sources"):
            models.load_seed(con, seed)
        con.execute("create view int_indicator_sources as from indicator_sources")
        con.execute("create table stg_framework_workbooks__measures as select 0 as extract_id, 1")
        columns = (
            *("definition_version", "method", "ci_method", "value_type", "multiplier", "unit"),
            *("year_type", "pooled_years", "population_basis", "standard_population"),
            "disclosure_policy",
        )
        said = ", ".join(f"'x' as {name}" for name in columns)
        con.execute(f"create table int_indicators as select 'smoking' as indicator_id, {said}")
        con.execute("create table int_held_rows (row_id text)")
        for row in held:
            con.execute("insert into int_held_rows values (?)", [row])
        con.execute("create table run_context as select 'now' as release_id, 'c1' as code")
        key = ", ".join(models.given("key_columns"))
        con.execute(
            f"create view keys as select {key}, area_type, source_id, row_id,"
            " '1.0.0' as last_good_release from candidate_values"
        )
        con.execute(f"create table holds as {holds}")
        con.execute(
            "create table run_previous_provenance as select '1.0.0' as made_in,"
            f" {', '.join(GROUP)}, source_id, origin, 'old' as extract_sha256,"
            " cast(null as text[]) as areas, cast(null as date) as vintage, '1' as"
            " definition_version, 'd' as definition, 'as_published' as method, '' as lookups,"
            " 'c0' as code, cast(7 as bigint) as value_count from candidate_values limit 1"
        )
        found = con.execute(
            f"select * from ({models.model_sql('marts/provenance.sql')}) order by made_in, 9"
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_one_file_that_gave_a_group_is_one_row_whatever_its_areas() -> None:
    (made,) = provenance([value(n, area_code=f"E0600000{n}") for n in range(1, 6)])
    assert (made["extract_sha256"], made["areas"], made["value_count"]) == ("aaaa", None, 5)
    assert (made["made_in"], made["code"], made["lookups"]) == ("now", "c1", None)
    assert str(made["vintage"]) == "2021-05-01"


def test_files_that_share_a_group_name_their_areas() -> None:
    values = [value(n, area_code=f"E0600000{n}", extract_id=1 + n % 2) for n in range(1, 6)]
    one, other = provenance(values)
    assert (one["extract_sha256"], one["areas"]) == ("aaaa", ["E06000002", "E06000004"])
    assert (other["extract_sha256"], other["value_count"]) == ("bbbb", 3)


def test_what_is_worked_out_rests_on_all_files_of_its_period_and_on_lookups() -> None:
    made = provenance([value(1, **QOF)])
    assert [row["extract_sha256"] for row in made] == ["cccc", "dddd"]
    assert {row["areas"] for row in made} == {None}
    assert made[0]["method"] == "proportion"
    # Another file of practices gives another digest.
    assert made[0]["lookups"] != provenance([value(1, **QOF)], ods="0000")[0]["lookups"]


def test_a_held_value_rests_on_what_made_its_last_good_one() -> None:
    values = [value(1), value(2, area_code="E06000001")]
    old, new = provenance(values, held=("1",), holds="select * from keys where row_id = '1'")
    assert (old["made_in"], old["extract_sha256"], old["value_count"]) == ("1.0.0", "old", 1)
    assert (new["made_in"], new["value_count"]) == ("now", 1)
    assert [row["made_in"] for row in provenance(values)] == ["now"]
