"""What the frameworks of the registry hold: codes, measures, polarity, links, ranks."""

from __future__ import annotations

import re

import pytest

from dagster_project.registry.registry import (
    Registry,
    load_registry,
)
from tests.support.seeds import (
    SEEDS,
    read,
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


def codes(registry: Registry, framework: str, edition: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in registry.framework_indicators:
        if (row["framework"], row["edition"]) == (framework, edition):
            found.setdefault(row["code"], set()).add(row["indicator_id"])
    return found


def polarity(registry: Registry, indicator_id: str) -> tuple[str, str]:
    row = next(row for row in registry.indicators if row["indicator_id"] == indicator_id)
    return row["polarity"], row["polarity_certainty"]


@pytest.mark.parametrize(
    ("framework", "edition", "rows"),
    [
        ("nhsof", "2013/14", 63),
        ("nhsof", "2016/17", 72),
        ("ascof", "to 2022/23", 33),
        # 25 codes: 2D1 is of two measures, the later from 2024/25.
        ("ascof", "from 2023/24", 26),
        ("phof", "2016-19", 168),
        # 113 lines of the list, of which 8 name several codes or indicators at once.
        ("phof", "2019 on", 132),
        # 21 outcomes, three of which are asked by two measures each.
        ("bnssg", "2021", 24),
        ("tower_hamlets", "2016", 17),
        ("stockport", "2017 version 1", 42),
    ],
)
def test_every_row_of_the_frameworks_is_loaded(
    registry: Registry, framework: str, edition: str, rows: int
) -> None:
    assert sum(len(ids) for ids in codes(registry, framework, edition).values()) == rows


def test_the_nhs_framework_has_81_codes_and_meanings(registry: Registry) -> None:
    pairs = {
        (row["code"], row["indicator_id"])
        for row in registry.framework_indicators
        if row["framework"] == "nhsof"
    }
    # 79 of the list, and two of the procedures that 3.1 is about.
    assert len(pairs) == 81


def test_32_of_132_current_public_health_rows_were_seen_with_their_code(registry: Registry) -> None:
    current = [row for row in registry.framework_indicators if row["edition"] == "2019 on"]
    seen = [row for row in current if row["certainty"] == "verified"]
    assert (len(seen), len({row["code"] for row in seen})) == (32, 27)


def test_social_care_3a_is_two_indicators(registry: Registry) -> None:
    old, new = codes(registry, "ascof", "to 2022/23"), codes(registry, "ascof", "from 2023/24")
    assert old["3A"] == new["1D"] == {"satisfaction_with_care_and_support_users"}
    assert new["3A"] == old["1B"] == {"control_over_daily_life"}


@pytest.mark.parametrize(
    ("framework", "before", "after", "reused"),
    [
        ("nhsof", "2013/14", "2016/17", {"1.6.ii", "5.4", "5.6", "5a", "5b"}),
        (
            "ascof",
            "to 2022/23",
            "from 2023/24",
            {"1B", "1D", "1E", "2E", "3A", "3B", "4B"},
        ),
    ],
)
def test_reused_codes_lead_to_different_indicators(
    registry: Registry, framework: str, before: str, after: str, reused: set[str]
) -> None:
    old, new = codes(registry, framework, before), codes(registry, framework, after)
    assert {code for code in old.keys() & new.keys() if old[code] != new[code]} == reused


def test_a_code_means_something_only_within_its_edition(registry: Registry) -> None:
    """Of all frameworks, how many codes are reused, and that each is kept apart."""
    meant: dict[str, dict[tuple[str, str], set[str]]] = {}
    for row in registry.framework_indicators:
        edition = (row["framework"], row["edition"])
        meant.setdefault(row["code"], {}).setdefault(edition, set()).add(row["indicator_id"])
    reused = {
        code: editions
        for code, editions in meant.items()
        if len({frozenset(ids) for ids in editions.values()}) > 1
    }
    of_health = {"1.6.ii", "5.4", "5.6", "5a", "5b"}
    assert reused.keys() == of_health | {"1B", "1D", "1E", "2E", "3A", "3B", "4B"}
    assert reused["3A"] == {
        ("ascof", "to 2022/23"): {"satisfaction_with_care_and_support_users"},
        ("ascof", "from 2023/24"): {"control_over_daily_life"},
    }


def test_each_kind_of_framework_says_where_it_holds(registry: Registry) -> None:
    local = {row["framework"]: row for row in registry.frameworks if row["kind"] == "local"}
    assert {name: row["area_codes"] for name, row in local.items()} == {
        "bnssg": "E54000039|E06000023|E06000024|E06000025",
        "stockport": "E08000007",
        "tower_hamlets": "E09000030",
    }


def test_stand_ins_say_so_and_what_is_recalled_is_not_verified(registry: Registry) -> None:
    rows = [row for row in registry.framework_indicators if row["framework"] == "stockport"]
    assert all(row["is_stand_in"] == "true" for row in rows)
    assert all(row["note"].startswith("Stand-in: proposed here") for row in rows)
    kinds = [row["outcome_type"] for row in rows]
    assert (kinds.count("clinical_social"), kinds.count("personal")) == (28, 14)
    others = [row for row in registry.framework_indicators if row["framework"] != "stockport"]
    assert {row["is_stand_in"] for row in others} == {"false"}
    local = [row for row in others if row["framework"] in ("bnssg", "tower_hamlets")]
    assert {row["certainty"] for row in local} == {"recalled", "partly"}
    # Of 17 statements, the theme of 13 was seen.
    seen = [row for row in local if row["certainty"] == "partly"]
    assert len(seen) == 13


def test_no_answer_and_no_goal_is_invented(registry: Registry) -> None:
    assert len(registry.selection_principles) == 6
    assert {row["code"] + row["is_met"] for row in registry.selection_principles} == {""}
    assert registry.goals == ()


def test_a_local_outcome_by_a_national_definition_is_the_national_indicator(
    registry: Registry,
) -> None:
    national = {
        row["indicator_id"]
        for row in registry.framework_indicators
        if row["framework"] in ("nhsof", "ascof", "phof")
    }
    of_local = {
        row["indicator_id"]
        for row in registry.framework_indicators
        if row["framework"] in ("bnssg", "stockport", "tower_hamlets")
    }
    # A measure that a definition gives has a draft among the seeds; the definition takes it over.
    header, *rows = read(SEEDS, "indicators.csv")
    status = header.index("status")
    own = of_local & {row[0] for row in rows if row[status] == "draft"}
    assert of_local - own <= national
    assert len(own) == 71
    named = ("bnssg_", "stockport_", "tower_hamlets_")
    assert {name for name in of_local if name.startswith(named)} <= own


def test_a_file_code_of_social_care_depends_on_the_year(registry: Registry) -> None:
    rows = {
        row["edition"]: row
        for row in registry.indicator_sources
        if (row["source_id"], row["source_code"]) == ("ascof", "3A")
    }
    assert rows["to 2022/23"]["period_to"] == "2023-03-31"
    assert rows["from 2023/24"]["period_from"] == "2023-04-01"
    assert rows["to 2022/23"]["indicator_id"] != rows["from 2023/24"]["indicator_id"]


@pytest.mark.parametrize(
    ("group", "fingertips_id", "age"), [("DEM", "247", "All ages"), ("DM", "241", "17+ yrs")]
)
def test_two_publishers_of_one_measure_lead_to_one_indicator(
    registry: Registry, group: str, fingertips_id: str, age: str
) -> None:
    rows = {(row["source_id"], row["source_code"]): row for row in registry.indicator_sources}
    computed, published = rows["qof", group], rows["fingertips", fingertips_id]
    assert computed["indicator_id"] == published["indicator_id"]
    assert (computed["value_origin"], published["value_origin"]) == ("computed", "published")
    assert (computed["sex"], computed["age"]) == ("Persons", age)


def test_there_are_21_disease_registers(registry: Registry) -> None:
    assert sum(row["source_id"] == "qof" for row in registry.indicator_sources) == 21


@pytest.mark.parametrize(
    ("indicator_id", "expected"),
    [
        # FingertipsNext prints the opposite of the first two; the published files show these.
        ("healthy_life_expectancy_at_birth", ("higher_is_better", "verified")),
        ("year_6_obesity_five_years", ("lower_is_better", "verified")),
        ("campylobacter_incidence", ("lower_is_better", "verified")),
        ("never_smoked_adults", ("higher_is_better", "verified")),
        ("dementia_qof_prevalence", ("no_judgement", "verified")),
        # More incidents reported may mean more harm or more candour.
        ("patient_safety_incidents_reported", ("no_judgement", "recalled")),
        # No further support needed is the success.
        ("short_term_service_no_ongoing_support", ("higher_is_better", "recalled")),
        ("children_aged_5_free_from_dental_decay", ("higher_is_better", "recalled")),
        ("children_aged_5_with_dental_decay", ("lower_is_better", "recalled")),
        ("chlamydia_detection_rate_aged_15_to_24", ("higher_is_better", "review")),
        ("mortality_particulate_air_pollution", ("no_judgement", "review")),
    ],
)
def test_which_way_is_good(
    registry: Registry, indicator_id: str, expected: tuple[str, str]
) -> None:
    assert polarity(registry, indicator_id) == expected


def test_verified_polarity_names_the_file_that_shows_it(registry: Registry) -> None:
    seeded = [row for row in registry.indicators if "defined_in" not in row]
    verified = [row for row in seeded if row["polarity_certainty"] == "verified"]
    assert len(verified) == 37
    assert all("polarity from" in row["evidence"] for row in verified)


def test_links_between_frameworks_are_readings_and_never_official(registry: Registry) -> None:
    national = {"nhsof", "ascof", "phof"}
    themes = {
        row["theme"]
        for row in registry.crosswalk
        if {row["left_framework"], row["right_framework"]} <= national
    }
    assert len(themes - {"Healthy life expectancy", "Reablement and care homes"}) == 28
    kinds = {row["certainty"] for row in registry.crosswalk}
    assert kinds == {"corroborated", "recalled", "our_reading"}
    ours = ("thematic", "local_mirror", "proxy", "contributes_to")
    read = [row for row in registry.crosswalk if row["relation"] in ours]
    assert {row["certainty"] for row in read} == {"our_reading"}
    # The relation of the rest is a recalled mark too, where titles and definitions agree or not.
    assert all(row["evidence"] and row["asserted_by"] for row in registry.crosswalk)


def test_publishers_of_the_same_figures_are_ranked(registry: Registry) -> None:
    rank = {row["source_id"]: int(row["rank"]) for row in registry.sources}
    assert rank["fingertips"] < rank["fingertips_next"]
    assert rank["ascof"] < rank["ascof_compiled"]


def test_an_indicator_id_never_says_a_publishers_code(registry: Registry) -> None:
    fingertips = {row["fingertips_id"] for row in registry.framework_indicators} - {""}
    for row in registry.indicators:
        assert not fingertips & set(re.findall(r"\d{3,}", row["indicator_id"])), row
        assert not row["indicator_id"].startswith(("nhsof", "ascof", "phof")), row
