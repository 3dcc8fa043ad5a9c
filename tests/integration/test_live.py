"""A whole refresh by --live, against a server on this machine that answers as the publishers do.

The bytes are those of the sample generator. The home is one of real data, which no publisher's
extract ever reaches, and is thrown away: a sample home takes nothing live.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.cli import main
from dagster_project.home import Home
from dagster_project.sample import write_sample
from tests.support.fingertips_service import Fingertips, as_csv
from tests.support.http_publisher import status, whole

AS_OF = "2026-11-24"
SMOKING = "92443"
QOF = "files.digital.nhs.uk/95/4708D7/QOF2425.zip"
LATER_QOF = "files.digital.nhs.uk/C6/77B386/QOF%202526.zip"

pytestmark = pytest.mark.xdist_group("live")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fingertips]:
    folder = tmp_path_factory.mktemp("sample")
    files = {path.name.removeprefix("SYNTHETIC_"): path for path in write_sample(folder)}
    service = Fingertips()
    for name in ("fingertips_phof.csv", "fingertips_qof.csv"):
        service.take(files[name].read_bytes())
    service.metadata = {
        row["source_code"]: {
            "IID": int(row["source_code"]),
            "Descriptive": {"Name": row["indicator_id"]},
            "Unit": {"Label": "%", "Value": 100.0},
            "ValueType": {"Name": "Proportion"},
        }
        for row in service.registry.indicator_sources
        if row["source_id"] == "fingertips"
    }
    service.files = {
        QOF: (zipped(files, "2223"), "application/zip"),
        LATER_QOF: (zipped(files, "2324"), "application/zip"),
    }
    with service:
        yield service


def zipped(files: dict[str, Path], year: str) -> bytes:
    """The files of one year as their publisher packs them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, path in files.items():
            if name.endswith(f"_{year}.csv"):
                archive.write(path, name)
    return stream.getvalue()


@pytest.fixture
def outcomes(
    home: Home, served: Fingertips, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Any:
    """The command, for that home and that server: its answer, with exit code 0."""
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    monkeypatch.setenv("OUTCOMES_LIVE_SERVER", served.url)

    def run(*arguments: str) -> dict[str, Any]:
        served.asked.clear()
        assert main([*arguments, "--json"]) == 0
        return dict(json.loads(capsys.readouterr().out))

    return run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, plain: None) -> Home:
    return Home(tmp_path_factory.mktemp("live") / "home")


def live(*more: str) -> tuple[str, ...]:
    return ("refresh", "--live", "--as-of", AS_OF, *more)


def told(record: dict[str, Any]) -> dict[str, str]:
    return {source["source_id"]: source["outcome"] for source in record["live"]}


def ask(home: Home, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        values = home.releases / "latest" / "data" / "indicator_values.parquet"
        connection.execute(f"create view v as select * from read_parquet('{values}')")
        return connection.execute(query).fetchall()


def indicator(served: Fingertips, code: str) -> str:
    """Our name for a code of the service."""
    return next(
        row["indicator_id"]
        for row in served.registry.indicator_sources
        if (row["source_id"], row["source_code"]) == ("fingertips", code)
    )


# One home, one story: the tests of this file are run in their order.


def test_all_that_is_due_becomes_a_release(home: Home, outcomes: Any, served: Fingertips) -> None:
    record = outcomes(*live())
    assert told(record) == {
        # Two addresses whose files aren't there: told, and in nobody's way.
        "ascof": "refused",
        "areas_registry": "refused",
        "fingertips": "fetched",
        "fingertips_areas": "fetched",
        "fingertips_metadata": "fetched",
        "qof": "fetched",
    }
    assert record["landing"]["refused"] == []
    assert record["release"].startswith("1.0.0-")
    assert len(served.asked) == 21
    # Not one of the codes was passed over by the server.
    codes = {row[0] for row in served.rows}
    found = ask(home, "select count(distinct indicator_id) from v where source_id = 'fingertips'")
    assert found == [(len(codes),)]
    assert ask(home, "select count(*) > 50000 from v where status = 'published'") == [(True,)]


def test_what_is_published_is_what_was_served(home: Home, served: Fingertips) -> None:
    area, period, sex, value, cut = (
        served.header.index(name)
        for name in ("Area Code", "Time period", "Sex", "Value", "Category")
    )
    given = {
        (row[area], row[period], row[sex]): row[value]
        for row in served.rows
        if row[0] == SMOKING and not row[cut]
    }
    rows = ask(
        home,
        "select area_code, period_label, sex, value from v where source_id = 'fingertips'"
        f" and indicator_id = '{indicator(served, SMOKING)}' and breakdown_type = 'all'"
        " and status = 'published'",
    )
    assert len(rows) > 1_000
    wrong = [row for row in rows if float(given[row[0], row[1], row[2]]) != row[3]]
    assert wrong == []


def test_nothing_is_new_when_all_is_asked_again(outcomes: Any, served: Fingertips) -> None:
    record = outcomes(*live("--source", "fingertips", "--source", "qof"))
    assert told(record) == {"fingertips": "unchanged", "qof": "unchanged"}
    assert record["nothing_new"]
    assert [asked.headers["If-None-Match"] is not None for asked in served.asked].count(True) == 2


def test_what_isnt_due_isnt_asked(outcomes: Any, served: Fingertips) -> None:
    record = outcomes(*live())
    assert told(record)["fingertips"] == "not due"
    # What failed is tried again.
    assert told(record)["ascof"] == "refused"
    assert not any("api/all_data" in asked.path for asked in served.asked)


@pytest.mark.slow
def test_a_changed_page_is_a_revision_of_what_it_says(
    home: Home, outcomes: Any, served: Fingertips
) -> None:
    number = a_row(served)
    served.rows[number] = moved_by(served, number, 0.001)
    record = outcomes(*live("--source", "fingertips"))
    (source,) = record["live"]
    assert (source["outcome"], len(source["fetched"]), source["unchanged"]) == ("fetched", 1, 7)
    changes = record["release_record"]["changes"]
    assert (changes["revised"], changes["removed"], changes["added"]) == (1, 0, 0)


def test_a_changed_header_on_one_page_is_refused_and_the_last_landed_stands(
    home: Home, outcomes: Any, served: Fingertips
) -> None:
    published = ask(home, "select count(*) from v where status = 'published'")
    header = [name.replace("Denominator", "Population") for name in served.header]
    page = next(asked for asked in _places(home) if asked.startswith("utla_9"))
    codes = page.removeprefix("utla_").removesuffix(".csv").split("-")
    rows = [row for row in served.rows if int(codes[0]) <= int(row[0]) <= int(codes[1])]
    served.faults = {f"indicator_ids={codes[0]},": whole(as_csv([header, *rows]))}
    record = outcomes(*live("--source", "fingertips"))
    refused = {item["file"]: item for item in record["landing"]["refused"]}
    assert f"fingertips/{page}" in refused
    assert "Denominator" in refused[f"fingertips/{page}"]["got"]
    assert ask(home, "select count(*) from v where status = 'published'") == published
    status_of = {row["source_id"]: row["live"] for row in outcomes("status")["sources"]}
    assert any("nearly the layout" in problem for problem in status_of["fingertips"]["problems"])
    # Mended, it is as it was before: nothing is new, and nothing is wrong any more.
    served.faults = {}
    record = outcomes(*live())
    assert told(record)["fingertips"] == "fetched"
    assert record["nothing_new"]
    status_of = {row["source_id"]: row["live"] for row in outcomes("status")["sources"]}
    assert status_of["fingertips"]["problems"] == []
    assert "nearly the layout" in status_of["fingertips"]["last_problem"]


def _places(home: Home) -> list[str]:
    return sorted(path.name for path in (home.live / "fingertips").glob("*.csv"))


@pytest.mark.slow
def test_a_schedule_fetches_its_source_when_it_is_due_and_not_before(
    home: Home, outcomes: Any, served: Fingertips
) -> None:
    """As the daemon would: the schedule's own settings, and the job run with them."""
    import dagster as dg

    from dagster_project.defs import build_definitions

    sources = {row["source_id"]: row for row in outcomes("status")["sources"]}
    due = datetime.fromisoformat(sources["fingertips"]["next_due"])
    definitions = build_definitions(home)
    schedule = definitions.resolve_schedule_def("due_fingertips")

    def settings(moment: datetime) -> dict[str, Any]:
        context = dg.build_schedule_context(scheduled_execution_time=moment)
        (request,) = schedule.evaluate_tick(context).run_requests or []
        return dict(request.run_config)

    alone = {"home": str(home.root), "unattended": True}
    early = settings(due - timedelta(days=3))
    assert early == {"resources": {"settings": {"config": alone}}}
    wanted = settings(due)
    assert wanted["resources"]["settings"]["config"] == {
        **alone,
        "live": True,
        "sources": ["fingertips"],
    }
    before = releases(home)
    number = a_row(served)
    served.rows[number] = moved_by(served, number, 0.002)
    served.asked.clear()
    job = definitions.resolve_job_def("refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(run_config=wanted, instance=instance).success
    assert {asked.path.split("/")[1] for asked in served.asked} == {"fingertips.phe.org.uk"}
    assert len(releases(home)) == len(before) + 1


def releases(home: Home) -> set[str]:
    return {path.name for path in home.releases.iterdir() if path.name != "latest"}


def a_row(served: Fingertips) -> int:
    """The number of a row that is published as it is."""
    return next(
        number
        for number, row in enumerate(served.rows)
        if row[0] == SMOKING and row[4] == "E08000007" and row[7] == "Persons"
    )


def moved_by(served: Fingertips, number: int, step: float) -> list[str]:
    """The row with a figure that has changed a little."""
    figure = served.header.index("Value")
    row = list(served.rows[number])
    row[figure] = f"{float(row[figure]) + step:.6f}"
    return row


def test_a_page_that_the_server_passes_over_is_refused_and_all_else_lands(
    home: Home, outcomes: Any, served: Fingertips
) -> None:
    served.faults = {"child_area_type_id=221": status(503, Retry_After=86_400)}
    record = outcomes(*live("--source", "fingertips"))
    served.faults = {}
    (source,) = record["live"]
    assert source["outcome"] == "failed"
    assert "asks to be left alone" in source["problems"][0]["problem"]
    # The host is left alone with every question, now and in the next run, unless it is named.
    outcomes(*live())
    assert "fingertips.phe.org.uk" not in {asked.path.split("/")[1] for asked in served.asked}
    assert home.live.is_dir()


def test_the_page_for_people_says_it_all(
    home: Home, outcomes: Any, capsys: pytest.CaptureFixture
) -> None:
    assert main(["status"]) == 0
    page = capsys.readouterr().out
    assert "Live sources" in page
    assert "asked to be left alone" in page
    assert "status 404" in page
