"""From a line of a statement back to the value that was paid on, and to the files it is of."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project.home import Home
from dagster_project.release.manifest import read_manifest

pytestmark = pytest.mark.xdist_group("sample")
KEY = (
    "indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,"
    " breakdown_type, breakdown, origin"
)


@pytest.fixture(scope="module")
def con(sample_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for path in (sample_home.releases / "latest" / "data").glob("*.parquet"):
            connection.execute(f"create view {path.stem} as from '{path}'")
        yield connection


def test_a_payment_leads_back_to_values_of_the_release(con):
    assert con.execute("select count(*) from contract_inputs").fetchall()[0][0] > 100
    lost = con.execute(
        f"select count(*) from contract_inputs anti join indicator_values using ({KEY})"
    ).fetchall()
    assert lost == [(0,)]
    # Each line that was paid has its value among the inputs, and it is the value that is shown.
    wrong = con.execute(
        "select lines.outcome_id from contract_statements as lines"
        " left join contract_inputs as inputs"
        " on inputs.contract_id = lines.contract_id and inputs.provider_id = lines.provider_id"
        " and inputs.contract_period = lines.contract_period"
        " and inputs.outcome_id = lines.outcome_id and inputs.role = 'value'"
        f" left join indicator_values as v on {_same('inputs', 'v', KEY)}"
        " where lines.amount is not null and v.value is distinct from lines.value"
    ).fetchall()
    assert wrong == []


def test_a_line_that_was_paid_leads_back_to_the_bytes_of_a_file(con, sample_home):
    """Statement, value of the release, what it was made from: each by the other's whole key."""
    key = "indicator_id, area_type, period_type, period_start, period_end, source_id, origin"
    found = con.execute(
        "select lines.contract_id, lines.provider_id, lines.contract_period, lines.outcome_id,"
        " list(made.extract_sha256) from contract_statements as lines"
        " inner join contract_inputs as inputs"
        " using (contract_id, provider_id, contract_period, outcome_id)"
        f" inner join indicator_values as v on {_same('inputs', 'v', KEY)}"
        f" left join provenance as made on {_same('made', 'v', key)}"
        " and (made.areas is null or list_contains(made.areas, v.area_code))"
        " where lines.amount is not null and inputs.role = 'value' group by 1, 2, 3, 4"
    ).fetchall()
    paid = con.execute("select count(*) from contract_statements where amount is not null")
    assert paid.fetchall() == [(len(found),)]
    manifest = read_manifest((sample_home.releases / "latest").resolve())
    landed = {each.sha256 for each in manifest.inputs}
    assert all(set(files) <= landed for *_, files in found)
    linked = {outcome for *_, outcome, files in found if len(files) > 1}
    assert {"blood_pressure_controlled", "diabetes_controlled"} <= linked


def _same(left: str, right: str, key: str) -> str:
    return " and ".join(f"{left}.{name} = {right}.{name}" for name in key.split(", "))
