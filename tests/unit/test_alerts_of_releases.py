"""What a release's own tables tell: holds, warnings, falls, refusals, revisions, news."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import state
from dagster_project.alerts import from_release, releases_seen
from dagster_project.alerts.release_tables import Pair
from dagster_project.alerts.routing import directory
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.judging.suites import load_suites
from tests.support.alerts_release import (
    ASTHMA,
    BRISTOL,
    DEMENTIA,
    ENGLAND,
    STOCKPORT,
    Releases,
    recipients,
    said,
    told,
)


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(Home(tmp_path / "home"))


AREAS = [
    {"area_code": STOCKPORT, "area_name": "Stockport"},
    {"area_code": BRISTOL, "area_name": "Bristol"},
    {"area_code": ENGLAND, "area_name": "England"},
    {"area_code": "E06000001", "area_name": "Hartlepool"},
    {"area_code": "E06000002", "area_name": "Middlesbrough"},
]


def held(since: str, area: str = STOCKPORT, **more: Any) -> dict[str, Any]:
    row = {"area_code": area, "check_id": "C43", "reason": "Each value lies inside its own limits"}
    return {**row, "held_since": since, "keeps_last_good_value": True, **more}


def test_all_that_one_delivery_spoils_is_one_cause(releases: Releases) -> None:
    releases.make(["a.csv"])
    rows = [
        held("1.1.0-000000000001"),
        held("1.1.0-000000000001", BRISTOL, keeps_last_good_value=False),
        held("1.1.0-000000000001", check_id="C42", reason="The numerator is within"),
        held("1.1.0-000000000001", indicator_id=ASTHMA),
        held("1.0.0-000000000000", "E06000022"),
    ]
    releases.make(["a.csv", "b.csv"], holds=rows, areas=AREAS)
    found = told(releases)
    assert set(found) == {
        "values_held/qof/1.0.0-000000000000",
        "values_held/qof/1.1.0-000000000001",
    }
    cause = found["values_held/qof/1.1.0-000000000001"]
    by_indicator = {each.indicator_id: each for each in cause.spoils}
    dementia = by_indicator[DEMENTIA]
    assert (dementia.values, dementia.areas, dementia.periods) == (2, 2, "2024/25")
    assert dementia.detail["kept"] == 1
    assert dementia.detail["checks"]["C43"]["where"] == ["Bristol", "Stockport"]
    assert dementia.area_codes == (BRISTOL, STOCKPORT)
    assert by_indicator[ASTHMA].values == 1
    assert [check["check_id"] for check in cause.facts["checks"]] == ["C42", "C43"]
    assert cause.facts["files"] == ["b.csv"]
    assert {"data-engineering", "primary-care-analysts", "stockport-leads"} <= recipients(cause)
    assert "tower-hamlets-leads" not in recipients(cause)


def test_warnings_reach_whom_the_suite_names(releases: Releases) -> None:
    row = {"outcome": "pass with failures", "title": "No period is missing", "values_found": 3}
    releases.make(
        findings=[
            {**row, "check_id": "C33", "groups_found": 1},
            {**row, "check_id": "C46", "groups_found": 2},
            {**row, "check_id": "C43", "severity": "critical", "outcome": "fail"},
        ]
    )
    found = told(releases)
    assert set(found) == {"checks_warn/qof/source", "checks_warn/qof/indicator"}
    assert recipients(found["checks_warn/qof/source"]) == {"primary-care-analysts"}
    assert found["checks_warn/qof/source"].facts["checks"][0]["groups"] == 1


def result(check_id: str, **more: Any) -> dict[str, Any]:
    return {"check_id": check_id, "outcome": "pass with failures", **more}


def test_a_warning_says_where_and_when_and_what_helps_for_each_check(releases: Releases) -> None:
    everywhere = [STOCKPORT, "E06000002", BRISTOL, "E06000001"]
    row = {"outcome": "pass with failures", "groups_found": 1, "values_found": 0}
    years = [
        {"period_start": "2024-04-01", "period_end": "2025-03-31"},
        {"period_start": "2022-04-01", "period_end": "2023-03-31", "period_label": "2022/23"},
    ]
    releases.make(
        areas=AREAS,
        indicator_values=years,
        check_results=[result("C32", **year) for year in years]
        + [result("C05", area_type="pcn"), result("C05", area_type="practice"), result("C53")],
        findings=[
            {**row, "check_id": "C32", "area_codes": everywhere, "title": "Each area has a row"},
            {**row, "check_id": "C05", "area_codes": [], "title": "No column is empty"},
            {**row, "check_id": "C53", "area_codes": [BRISTOL], "title": "No cell is told"},
        ],
    )
    cause = told(releases)["checks_warn/qof/source"]
    title = directory().titles[DEMENTIA]
    text = said(cause)
    # Those that somebody follows come first.
    assert (
        f"isn't: Each area has a row (C32)\n    {title}: Bristol, Stockport, Hartlepool and 1 more"
        " area, 2022/23 to 2024/25\n    What helps: Look for the listed areas"
    ) in text
    assert (
        f"No column is empty (C05)\n    {title}: among primary care networks and practices, 2024/25"
        "\n    What helps: Look for a renamed or moved column"
    ) in text
    # A cell that is hidden isn't pointed at, neither in words nor by a link.
    assert f"No cell is told (C53)\n    {title}: 1 area, 2024/25\n" in text
    assert "areas/" not in text
    assert "Failed for 1 group of values" in said(cause, "engineer")


def test_a_warning_of_a_release_that_knew_no_places_says_what_it_knows(
    releases: Releases, tmp_path: Path
) -> None:
    row = {"outcome": "pass with failures", "groups_found": 1, "values_found": 0}
    row["title"] = "Each area has a row"
    now = releases.make(findings=[{**row, "check_id": "C32"}])
    file = releases.store.path(now.id) / "data" / "findings.parquet"
    older = tmp_path / "older.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy (select * exclude (area_codes) from '{file}') to '{older}'")
    older.replace(file)
    assert "Each area has a row (C32)" in said(told(releases)["checks_warn/qof/source"])


def test_what_is_held_says_where_save_what_must_be_hidden(releases: Releases) -> None:
    since = "1.0.0-000000000000"
    hidden = {"check_id": "C52", "reason": "What is small is hidden", "indicator_id": ASTHMA}
    releases.make(
        areas=AREAS,
        holds=[
            held(since),
            held(since, BRISTOL, keeps_last_good_value=False),
            held(since, BRISTOL, **hidden),
        ],
    )
    (cause,) = told(releases).values()
    text = said(cause)
    titles = directory().titles
    assert f"3 values of 2 indicators are held since release {since}." in text
    assert f"(C43)\n    {titles[DEMENTIA]}: Bristol and Stockport, 2024/25\n    What helps" in text
    assert f"(C52)\n    {titles[ASTHMA]}: 1 area, 2024/25\n    What helps" in text
    assert "The last good values are shown meanwhile, where there are any" in text
    assert "Stockport: https://outcomes.example.org/areas/E08000007.html" in text
    # A practice has no page.
    practice = {"area_code": "P88001", "area_name": "A practice", "area_type": "practice"}
    releases.make(areas=[practice], holds=[held(since, "P88001")])
    text = said(told(releases)["values_held/qof/" + since])
    assert ": A practice, 2024/25" in text
    assert "areas/P88001" not in text
    only_hidden = cause.only(tuple(s for s in cause.spoils if s.indicator_id == ASTHMA))
    assert "Bristol" not in said(only_hidden)
    assert BRISTOL not in said(only_hidden)


def test_every_check_that_only_warns_is_told_to_the_role_that_the_table_names(
    releases: Releases,
) -> None:
    checks = {
        check.check_id: check
        for suite in load_suites(PROJECT_ROOT / "expectations")
        for check in suite.checks
        if check.stored_severity == "warning"
    }
    row = {"outcome": "pass with failures", "groups_found": 1, "values_found": 0}
    releases.make(findings=[{**row, "check_id": each} for each in checks])
    found = told(releases)
    # As the table `findings` has it: the indicator's owner, the source's, or data engineering.
    registry = directory().registry
    owners = {
        "indicator": {r["owner"] for r in registry.indicators if r["indicator_id"] == DEMENTIA},
        "source": {r["owner"] for r in registry.sources if r["source_id"] == "qof"},
        "data-engineering": {"data-engineering"},
    }
    heard = {
        each["check_id"]: recipients(cause)
        for cause in found.values()
        for each in cause.facts["checks"]
    }
    assert heard == {name: owners[check.owner] for name, check in checks.items()}
    mailboxes = {row["owner_id"]: row["mailbox"] for row in registry.owners}
    assert all(mailboxes[owner] for roles in heard.values() for owner in roles)


def shown(*areas: str, **more: Any) -> list[dict[str, Any]]:
    return [{"area_code": area, **more} for area in areas]


def test_a_fall_in_coverage_goes_on_until_it_has_recovered(releases: Releases) -> None:
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL, ENGLAND))
    assert told(releases) == {}
    releases.make(indicator_values=shown(STOCKPORT), areas=AREAS)
    (key, cause), *others = told(releases).items()
    assert others == []
    assert key == "coverage_fell/qof/1.1.0-000000000001"
    assert cause.spoils[0].areas == 1
    assert cause.spoils[0].detail["areas_before"] == 3
    assert "gone: Bristol and England" in said(cause)
    # The next release is no worse, and hasn't recovered.
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL), areas=AREAS)
    later = told(releases, {key: cause})
    assert set(later) == {key}
    assert later[key].spoils[0].areas == 2
    assert "gone: England" in said(later[key])
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL, ENGLAND))
    assert told(releases, {key: later[key]}) == {}


def test_what_is_held_has_not_fallen(releases: Releases) -> None:
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL))
    releases.make(indicator_values=[*shown(STOCKPORT), *shown(BRISTOL, status="held")])
    assert told(releases) == {}


def test_a_fall_names_no_area_whose_value_is_hidden_or_was_taken_back(releases: Releases) -> None:
    everywhere = [each["area_code"] for each in AREAS]
    releases.make(indicator_values=shown(*everywhere))
    hidden = shown(BRISTOL, status="suppressed") + shown(ENGLAND, status="withdrawn")
    releases.make(indicator_values=[*shown(STOCKPORT), *hidden], areas=AREAS)
    ((key, cause),) = told(releases).items()
    assert (
        "1 area with a value, 5 before; gone: Hartlepool, Middlesbrough and 2 more areas"
        in said(cause)
    )
    # One that was named is hidden later.
    hidden += shown("E06000001", status="suppressed")
    releases.make(indicator_values=[*shown(STOCKPORT), *hidden], areas=AREAS)
    later = told(releases, {key: cause})[key]
    assert "gone: Middlesbrough and 3 more areas" in said(later)
    hidden += shown("E06000002", status="suppressed")
    releases.make(indicator_values=[*shown(STOCKPORT), *hidden], areas=AREAS)
    text = said(told(releases, {key: later})[key])
    assert "1 area with a value, 5 before" in text
    assert "gone" not in text


def test_a_fall_counts_those_that_it_names_though_others_are_new(releases: Releases) -> None:
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL, ENGLAND))
    releases.make(indicator_values=shown(STOCKPORT, "E06000001"), areas=AREAS)
    (cause,) = told(releases).values()
    assert "2 areas with a value, 3 before; gone: Bristol and England" in said(cause)
    # Of five that are gone three are named, though a new one makes up for one.
    five = [BRISTOL, ENGLAND, "E06000002", "E06000003", "E06000004"]
    releases.make(indicator_values=shown(STOCKPORT, *five))
    releases.make(indicator_values=shown(STOCKPORT, "E06000001"), areas=AREAS)
    (cause,) = told(releases).values()
    assert (
        "2 areas with a value, 6 before; gone: Middlesbrough, E06000003, E06000004 and 2"
        in said(cause)
    )


def pair_of(verdict: str) -> list[dict[str, Any]]:
    row = {"left": DEMENTIA, "right": ASTHMA, "left_name": "Dementia", "right_name": "Asthma"}
    return [{**row, "verdict": verdict, "reason_text": "Other ages."}]


def test_a_comparison_refused_is_told_while_it_is_refused(releases: Releases) -> None:
    judged = [{"judgement": "similar", "area_code": STOCKPORT}]
    refused = [{"judgement": "not_compared", "reason": "no_limits", "area_code": STOCKPORT}]
    releases.make(comparability=pair_of("comparable"), comparisons=judged)
    assert told(releases) == {}
    releases.make(comparability=pair_of("not_comparable"), comparisons=refused)
    found = told(releases)
    assert set(found) == {
        f"comparison_refused/{DEMENTIA}",
        f"comparison_refused/{DEMENTIA}/{ASTHMA}",
    }
    assert found[f"comparison_refused/{DEMENTIA}"].facts["why"] == "no limits"
    releases.make(comparability=pair_of("not_comparable"), comparisons=refused)
    assert set(told(releases, found)) == set(found)
    assert told(releases) == {}
    releases.make(comparability=pair_of("caution"), comparisons=judged)
    assert told(releases, found) == {}


def test_a_value_that_is_not_there_is_no_refused_comparison(releases: Releases) -> None:
    releases.make(comparisons=[{"judgement": "similar"}])
    releases.make(comparisons=[{"judgement": "not_compared", "reason": "value_held"}])
    assert told(releases) == {}


def test_a_revision_asks_for_a_reason_unless_the_definition_is_it(releases: Releases) -> None:
    releases.make()
    change = {"change": "revised", "cause": "data"}
    releases.make(
        indicator_values=shown(STOCKPORT, BRISTOL, ENGLAND),
        changes=[
            *shown(STOCKPORT, BRISTOL, **change),
            *shown(ENGLAND, change="revised", cause="definition"),
            # Its role has said why.
            *shown("E10000008", **change, reason="a late return"),
        ],
        areas=AREAS,
    )
    (cause,) = told(releases).values()
    assert cause.key == "revision_unexplained/qof/1.1.0-000000000001"
    assert (cause.spoils[0].values, cause.spoils[0].areas) == (2, 2)
    assert ": Bristol and Stockport, 2024/25" in said(cause)


def test_a_revision_of_a_release_that_is_older_than_the_causes_is_told(
    releases: Releases, tmp_path: Path
) -> None:
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL))
    now = releases.make(
        indicator_values=shown(STOCKPORT, BRISTOL),
        changes=[
            *shown(STOCKPORT, change="revised", reason="data"),
            *shown(BRISTOL, change="revised", reason="definition"),
        ],
    )
    file = releases.store.path(now.id) / "data" / "changes.parquet"
    older = tmp_path / "older.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy (select * exclude (cause) from '{file}') to '{older}'")
    older.replace(file)
    (cause,) = told(releases).values()
    assert (cause.kind, cause.spoils[0].values) == ("revision_unexplained", 1)


def test_a_revision_of_a_release_that_nobody_looked_at_is_told(releases: Releases) -> None:
    first = releases.make()
    change = {"change": "revised", "cause": "data"}
    values = shown(STOCKPORT)
    between = releases.make(indicator_values=values, changes=shown(STOCKPORT, **change))
    now = releases.make(indicator_values=values)
    pair = Pair(releases.store, now, first, (between,))
    found = from_release.collect(pair, directory(), {})
    assert [each.key for each in found] == [f"revision_unexplained/qof/{between.id}"]


# What the latest release tells is kept, and set against what alerts saw last


def keep(releases: Releases, seen: releases_seen.Seen) -> None:
    if seen.record is not None:
        with state.connect(releases.home.state) as ledger:
            state.set_meta(ledger, releases_seen.SEEN, seen.record)


def look_at(releases: Releases) -> set[str]:
    """The causes of the latest release, with what was worked out kept as a look does."""
    seen = releases_seen.look_at(releases.home, directory(), {})
    keep(releases, seen)
    return {cause.key for cause in seen.causes}


def test_a_release_is_worked_out_once(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    releases.make(holds=[held("1.0.0-000000000000")])
    key = "values_held/qof/1.0.0-000000000000"
    assert look_at(releases) == {key}
    monkeypatch.setattr(from_release, "collect", None)
    assert look_at(releases) == {key}


def test_what_a_release_has_of_each_source_is_kept_with_it(releases: Releases) -> None:
    value = {"value": 1.0, "indicator_id": ASTHMA}
    values = [value, {**value, "area_code": BRISTOL}, {"source_id": "ods", "status": "held"}]
    releases.make(indicator_values=values)
    for _ in range(2):
        seen = releases_seen.look_at(releases.home, directory(), {})
        assert seen.published == {"qof": 1}
        keep(releases, seen)


def test_a_release_is_set_against_the_one_that_was_seen_last(releases: Releases) -> None:
    """A look that was killed before it wrote what came of it is made again, from where it began."""
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL))
    look_at(releases)
    between = releases.make(
        indicator_values=shown(STOCKPORT), changes=shown(STOCKPORT, change="revised", cause="data")
    )
    assert len(releases_seen.look_at(releases.home, directory(), {}).causes) == 2
    releases.make(indicator_values=shown(STOCKPORT))
    assert look_at(releases) == {
        "coverage_fell/qof/1.2.0-000000000002",
        f"revision_unexplained/qof/{between.id}",
    }


def test_a_roll_back_is_no_fall(releases: Releases) -> None:
    first = releases.make(indicator_values=shown(STOCKPORT))
    releases.make(indicator_values=shown(STOCKPORT, BRISTOL))
    look_at(releases)
    releases.point_at(first)
    assert look_at(releases) == set()


def test_no_release_tells_nothing(releases: Releases) -> None:
    assert look_at(releases) == set()
