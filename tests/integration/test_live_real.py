"""A refresh by --live of the publishers' own bytes, served by a server on this machine.

The Fingertips rows, metadata, QOF files and council register are those of the real extracts; the
server puts the rows of many files together into the pages it is asked for.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.cli import main
from dagster_project.home import Home
from dagster_project.landing.store import sha256_of
from tests.support.fingertips_service import Fingertips
from tests.support.real import AS_OF, FOLDER
from tests.support.real import MARKS as real

REGISTER = (
    "pages.mysociety.org/uk_local_authority_names_and_codes/data/uk_la_future/latest/"
    "uk_local_authorities_future.csv"
)
QOF = "files.digital.nhs.uk/95/4708D7/QOF2425.zip"
DEMENTIA = "dementia_qof_prevalence"

pytestmark = real


@pytest.fixture(scope="module")
def served() -> Iterator[Fingertips]:
    service = Fingertips()
    for folder in ("dementia-qof", "campylobacter-countyua-2019", "tobacco-2019-regional"):
        for path in sorted((FOLDER / f"fingertips-{folder}").glob("*.csv")):
            service.take(path.read_bytes())
    (metadata,) = (FOLDER / "fingertipsnext-indicator-metadata").glob("*.json")
    service.metadata = json.loads(metadata.read_text("utf-8"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted((FOLDER / "qof-2020-21-raw").glob("*.csv")):
            archive.write(path, path.name)
    service.files = {
        QOF: (stream.getvalue(), "application/zip"),
        REGISTER: (register().read_bytes(), "text/csv"),
    }
    with service:
        yield service


def register() -> Path:
    return FOLDER / "la-code-history" / "uk_local_authorities_future.csv"


@pytest.fixture(scope="module")
def released(
    served: Fingertips, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, dict[str, Any]]]:
    home = Home(tmp_path_factory.mktemp("live-real") / "home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OUTCOMES_HOME", str(home.root))
        patched.setenv("OUTCOMES_LIVE_SERVER", served.url)
        patched.setattr("sys.stdout", said := io.StringIO())
        assert main(["refresh", "--live", "--as-of", AS_OF, "--json"]) == 0
    yield home, json.loads(said.getvalue())


def test_what_is_served_lands_and_what_isnt_is_named(released):
    _, record = released
    told = {source["source_id"]: source for source in record["live"]}
    assert {name for name, source in told.items() if source["outcome"] == "fetched"} == {
        "areas_registry",
        "fingertips",
        "fingertips_areas",
        "fingertips_metadata",
    }
    # Of these some or all files have no counterpart among the real extracts.
    assert {name for name, source in told.items() if source["outcome"] == "refused"} == {
        "ascof",
        "qof",
    }
    assert told["qof"]["fetched"] == ["qof/QOF_2024-25.zip"]
    refused = {item["file"] for item in record["landing"]["refused"]}
    # Members of the zip that no layout knows; nothing else.
    assert all(name.startswith("qof/QOF_2024-25.zip!") for name in refused)


def test_bytes_are_landed_as_they_were_served(released):
    home, _ = released
    assert (home.landing / sha256_of(register()) / "receipt.json").exists()


def test_the_registers_give_the_counts_that_fingertips_prints(released):
    home, _ = released
    values = home.releases / "latest" / "data" / "indicator_values.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"""
            select published.area_type, count(*), count_if(
                published.numerator = computed.numerator
                and published.denominator = computed.denominator)
            from read_parquet('{values}') as published
            inner join read_parquet('{values}') as computed
                using (indicator_id, area_code, period_start, period_end, sex, age)
            where published.origin = 'published' and computed.origin = 'computed'
                and published.indicator_id = '{DEMENTIA}' and published.period_label = '2020/21'
                and published.breakdown_type = 'all' and published.numerator is not null
            group by 1
            """
        ).fetchall()
    found = {level: (there, same) for level, there, same in rows}
    assert found["england"] == (1, 1)
    assert found["practice"][0] == found["practice"][1] >= 14


def test_every_landed_extract_says_when_it_was_first_served(released):
    home, _ = released
    receipts = [json.loads(path.read_text("utf-8")) for path in home.landing.rglob("receipt*.json")]
    assert receipts
    assert {receipt["vintage_from"] for receipt in receipts} == {"sidecar"}
