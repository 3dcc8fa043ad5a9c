"""The registry in `seeds/`: sound as it stands, and every kind of mistake is found and named."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from dagster_project.errors import RegistryError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.definitions import DEFINITION_RULES
from dagster_project.registry.registry import (
    RULES_OF_ALL,
    Registry,
    RegistryProblems,
    live_areas,
    load_registry,
    validate,
)
from dagster_project.registry.tables import TABLES
from tests.support.contract_cells import EVERY_RULE
from tests.support.real import FOLDER, WHY

SEEDS = PROJECT_ROOT / "seeds"
RULES_OF_SEEDS = [rule for rule in RULES_OF_ALL if rule not in DEFINITION_RULES]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    copy = tmp_path / "seeds"
    copy.mkdir()
    for table in TABLES:
        shutil.copyfile(SEEDS / table.file, copy / table.file)
    return copy


def read(seeds: Path, file: str) -> list[list[str]]:
    with (seeds / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def write(seeds: Path, file: str, lines: list[list[str]]) -> None:
    with (seeds / file).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(lines)


def change(seeds: Path, file: str, key: str, column: str, value: str) -> int:
    """The number of the row whose first cells are `key`, after its cell was changed."""
    lines = read(seeds, file)
    wanted = key.split(";")
    number = next(n for n, line in enumerate(lines) if line[: len(wanted)] == wanted)
    lines[number][lines[0].index(column)] = value
    write(seeds, file, lines)
    return number + 1


def codes(registry: Registry, framework: str, edition: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in registry.framework_indicators:
        if (row["framework"], row["edition"]) == (framework, edition):
            found.setdefault(row["code"], set()).add(row["indicator_id"])
    return found


def polarity(registry: Registry, indicator_id: str) -> tuple[str, str]:
    row = next(row for row in registry.indicators if row["indicator_id"] == indicator_id)
    return row["polarity"], row["polarity_certainty"]


# The registry as it stands


def test_the_registry_has_no_mistakes() -> None:
    assert [str(problem) for problem in validate(SEEDS)] == []


def test_rows_and_registry_cannot_be_changed(registry: Registry) -> None:
    whole: Any = registry
    with pytest.raises(TypeError):
        whole.areas[0]["area_name"] = "Elsewhere"
    with pytest.raises(FrozenInstanceError):
        whole.areas = ()


@pytest.mark.parametrize(
    ("area_type", "number"),
    [
        ("england", 1),
        ("region", 9),
        ("utla", 153),
        ("district", 164),
        ("nhs_region", 7),
        ("icb", 42),
        ("sub_icb", 106),
    ],
)
@pytest.mark.parametrize("day", ["2023-04-01", "2024-03-31"])
def test_areas_alive_in_2023_24(registry: Registry, day: str, area_type: str, number: int) -> None:
    assert len(live_areas(registry, day, area_type)) == number


@pytest.mark.parametrize(
    ("day", "upper", "lower"),
    [
        ("2016-12-31", 152, 326),
        ("2019-12-31", 151, 317),
        ("2020-12-31", 151, 314),
        ("2021-12-31", 152, 309),
        ("2023-12-31", 153, 296),
        ("2025-12-31", 153, 296),
    ],
)
def test_tiers_of_local_government(registry: Registry, day: str, upper: int, lower: int) -> None:
    areas = live_areas(registry, day)
    assert sum(row["is_utla"] == "true" for row in areas) == upper
    assert sum(row["is_ltla"] == "true" for row in areas) == lower


@pytest.mark.parametrize(
    ("code", "successors"),
    [
        ("E10000027", {"E06000066"}),
        ("E07000190", {"E07000246"}),
        ("E10000009", {"E06000058", "E06000059"}),
        ("E08000016", {"E08000038"}),
        ("E38000017", {"E38000224"}),
        ("E54000009", {"E54000060", "E54000061"}),
    ],
)
def test_ended_areas_say_what_came_next(
    registry: Registry, code: str, successors: set[str]
) -> None:
    row = next(row for row in registry.areas if row["area_code"] == code)
    assert set(row["successor_codes"].split("|")) == successors


def test_every_ended_area_has_a_successor(registry: Registry) -> None:
    ended = [row for row in registry.areas if row["valid_to"]]
    assert len(ended) == 284
    assert [row["area_code"] for row in ended if not row["successor_codes"]] == []


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


# Mistakes

M04 = "bnssg;2021;BNSSG-M04"
CELLS = [
    ("indicators.csv", "suicide_rate", "owner", "nobody", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "source_id", "elsewhere", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "disclosure_policy", "none", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "polarity", "down", "isn't an allowed value"),
    ("indicators.csv", "suicide_rate", "polarity_certainty", "sure", "isn't an allowed value"),
    ("indicators.csv", "suicide_rate", "title", "", "is empty"),
    ("indicators.csv", "suicide_rate", "title", " Suicide rate", "stray space"),
    ("indicators.csv", "suicide_rate", "title", "Suicide\nrate", "stray space"),
    ("indicators.csv", "suicide_rate", "title", "=SUM(A1)", "formula"),
    ("indicators.csv", "suicide_rate", "note", "-1 or so", "formula"),
    ("indicators.csv", "suicide_rate", "indicator_id", "Suicide-Rate", "wrong form"),
    ("indicators.csv", "suicide_rate", "indicator_id", "s" * 61, "wrong form"),
    ("indicators.csv", "suicide_rate", "decimals", "one", "wrong form"),
    ("indicators.csv", "suicide_rate", "is_standardised", "TRUE", "wrong form"),
    ("indicators.csv", "suicide_rate", "method", "guesswork", "doesn't exist"),
    ("indicators.csv", "suicide_rate", "decimals", "", "can't be told from the method"),
    ("indicators.csv", "dementia_qof_prevalence", "ci_method", "byar", "go with the method"),
    ("indicators.csv", "dementia_qof_prevalence", "value_type", "dsr", "go with the method"),
    ("indicator_sources.csv", "fingertips;90366", "value_origin", "computed", "from counts"),
    ("methods.csv", "proportion", "macro", "", "go with what the method needs"),
    ("methods.csv", "as_published", "compared_with", "areas", "go with what the method needs"),
    ("framework_indicators.csv", "phof;2019 on;E10", "indicator_id", "sui", "doesn't exist"),
    ("framework_indicators.csv", "phof;2019 on;E10", "domain_code", "Z", "doesn't exist"),
    ("framework_indicators.csv", M04, "life_cycle", "gone", "isn't an allowed value"),
    ("framework_indicators.csv", M04, "valid_to", "2025-03-31", "is filled beside live"),
    ("framework_indicators.csv", M04, "successor_code", "BNSSG-M05", "is filled beside live"),
    ("framework_indicators.csv", M04, "successor_code", "M99", "a code that doesn't exist"),
    ("framework_indicators.csv", M04, "successor_code", "BNSSG-M04", "comes round to where"),
    ("framework_indicators.csv", M04, "programmes", "tobacco", "doesn't exist"),
    ("framework_indicators.csv", M04, "outcome_type", "happiness", "doesn't exist"),
    ("frameworks.csv", "bnssg;2021", "area_codes", "E06999999", "doesn't exist"),
    ("frameworks.csv", "bnssg;2021", "area_codes", "", "doesn't go with the kind local"),
    ("frameworks.csv", "phof;2019 on", "area_codes", "E06000023", "go with the kind national"),
    ("frameworks.csv", "bnssg;2021", "valid_to", "2020-12-31", "is before"),
    ("selection_principles.csv", "bnssg;2021", "is_met", "yes", "doesn't go with the code"),
    ("selection_principles.csv", "bnssg;2021", "code", "M99", "doesn't exist"),
    ("outcome_types.csv", "personal", "framework", "camden", "doesn't exist"),
    ("framework_indicators.csv", "phof;2019 on;E10", "fingertips_id", "247", "another indicator"),
    ("domains.csv", "phof;2019 on;E", "edition", "2031 on", "doesn't exist"),
    ("indicator_sources.csv", "qof;DEM", "indicator_id", "dementia", "doesn't exist"),
    ("indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "2012-03-31", "is before"),
    ("indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "31/03/2023", "wrong form"),
    ("crosswalk.csv", "Infant mortality", "left_code", "9.9", "doesn't exist"),
    ("crosswalk.csv", "Infant mortality", "certainty", "official", "isn't an allowed value"),
    ("crosswalk.csv", "Infant mortality", "asserted_by", "someone", "doesn't exist"),
    ("crosswalk.csv", "Infant mortality", "relation", "alike", "isn't an allowed value"),
    ("crosswalk.csv", "Suicide;complementary", "differs", "", "is empty, though"),
    ("crosswalk.csv", "Suicide;complementary", "differs", "unit|mood", "isn't an allowed value"),
    ("crosswalk.csv", "Suicide;complementary", "valid_to", "2001-01-01", "is before"),
    ("measures.csv", "suicide_rate", "indicator_id", "suicides", "doesn't exist"),
    ("measures.csv", "suicide_rate", "measured_as", "opinion", "isn't an allowed value"),
    ("measures.csv", "suicide_rate", "replaces", "suicide_rate", "isn't an earlier measure"),
    ("measures.csv", "suicide_rate", "replaces", "infant_mortality", "isn't an earlier measure"),
    ("series_breaks.csv", "settled_home_learning_disability", "reason", "", "is empty"),
    ("series_breaks.csv", "settled_home_learning_disability", "certainty", "", "is empty"),
    ("series_breaks.csv", "settled_home_learning_disability", "source_id", "cld", "doesn't exist"),
    ("comparability_reasons.csv", "age", "rank", "99", "breaks the order"),
    ("comparability_reasons.csv", "age", "verdict", "perhaps", "isn't an allowed value"),
    ("publisher_notes.csv", "ascof;[c]", "status_reason", "hidden", "isn't on the list"),
    ("owners.csv", "geography", "mailbox", "jo@council.gov.uk", "wrong form"),
    ("sources.csv", "qof", "is_public", "false", "isn't public"),
    ("sources.csv", "qof", "is_public", "perhaps", "wrong form"),
    ("disclosure_policies.csv", "ncmp_7", "applies_to", "", "doesn't go with"),
    ("disclosure_policies.csv", "ncmp_7", "applies_to", "everybody", "means nothing here"),
    ("disclosure_policies.csv", "hes_1_to_7", "exempt_area_types", "wales", "means nothing here"),
    ("sources.csv", "qof", "expected_month", "", "doesn't go with the cadence"),
    ("sources.csv", "qof", "page_url", "digital.nhs.uk", "wrong form"),
    ("live_sources.csv", "qof_2024_25", "source_id", "elsewhere", "doesn't exist"),
    ("live_sources.csv", "qof_2024_25", "certainty", "guessed", "isn't an allowed value"),
    ("live_sources.csv", "qof_2024_25", "address", "http://files.digital.nhs.uk/a.zip", "form"),
    ("live_sources.csv", "qof_2024_25", "address", "https://elsewhere.org/a.zip", "isn't declared"),
    ("live_sources.csv", "qof_2024_25", "address", "https://me:it@files.digital.nhs.uk", "user"),
    ("live_sources.csv", "qof_2025_26", "file_name", "QOF_2024-25.zip", "another address's place"),
    ("live_sources.csv", "qof_2024_25", "file_name", "../QOF.zip", "isn't a plain name"),
    ("live_sources.csv", "qof_2024_25", "file_name", "QOF.exe", "isn't a plain name"),
    ("live_sources.csv", "fingertips_icb", "page_size", "101", "too many at once"),
    ("live_sources.csv", "fingertips_icb", "page_size", "0", "too many at once"),
    ("areas.csv", "E06000023", "region_code", "E12000010", "doesn't exist"),
    ("areas.csv", "E06000023", "parent_code", "E07000004", "isn't a parent"),
    ("areas.csv", "E54000039", "parent_code", "E40000009", "isn't a parent"),
    ("areas.csv", "E06000023", "is_ltla", "false", "doesn't go with the kind"),
    ("areas.csv", "E06000023", "area_type", "district", "doesn't go with the kind"),
    ("areas.csv", "E06000023", "valid_from", "2009-02-30", "wrong form"),
    ("areas.csv", "E06000028", "valid_to", "2008-03-31", "is before"),
    ("areas.csv", "E06000028", "successor_codes", "E06000066", "doesn't follow on"),
    ("areas.csv", "E06000023", "successor_codes", "E06000022", "doesn't follow on"),
    ("areas.csv", "E10000009", "successor_codes", "E06000058|E06000099", "doesn't exist"),
]


@pytest.mark.parametrize(("file", "key", "column", "value", "words"), CELLS)
def test_a_wrong_cell_is_named_by_file_row_and_column(
    seeds: Path, file: str, key: str, column: str, value: str, words: str
) -> None:
    row = change(seeds, file, key, column, value)
    found = [p for p in validate(seeds) if p.file == f"seeds/{file}" and words in p.problem]
    assert [p.place for p in found] == [f"row {row}, {column}"]
    assert found[0].got
    assert found[0].expected
    assert found[0].fix


LEAST_DEPRIVED = (
    "County & UA deprivation deciles in England (IMD2015);Least deprived decile (IMD2015)"
)
# Made up: who is like whom is for whoever publishes a set of peers to say.
PEER = ["made_up", "E06000023", "E06000023", "2020-01-01", "", "made up", "recalled"]


@pytest.mark.parametrize(
    ("life_cycle", "needs"),
    [("retired", ["valid_to", "life_cycle_reason"]), ("under_review", ["life_cycle_reason"])],
)
def test_a_life_cycle_that_ends_needs_its_day_and_its_reason(
    seeds: Path, life_cycle: str, needs: list[str]
) -> None:
    row = change(seeds, "framework_indicators.csv", M04, "life_cycle", life_cycle)
    found = [(problem.place, problem.problem) for problem in validate(seeds)]
    assert found == [(f"row {row}, {name}", f"is empty beside {life_cycle}") for name in needs]


def test_successors_may_not_come_round(seeds: Path) -> None:
    file = "framework_indicators.csv"
    for code, following in (("BNSSG-M03", "BNSSG-M04"), ("BNSSG-M04", "BNSSG-M03")):
        key = f"bnssg;2021;{code}"
        change(seeds, file, key, "life_cycle", "retired")
        change(seeds, file, key, "valid_to", "2025-03-31")
        change(seeds, file, key, "life_cycle_reason", "Asked otherwise")
        change(seeds, file, key, "successor_code", following)
    assert {problem.problem for problem in validate(seeds)} == {"comes round to where it started"}


GOAL = [
    *("bnssg_smoking", "bnssg", "2021", "BNSSG-M04", "smoking_adults", "E06000023", "Persons"),
    *("18+ yrs", "2019-01-01", "2019-12-31", "-0.5", "2030-03-31", "linear", "Council"),
    *("A made-up paper", "true", "inferred", ""),
]


def test_a_goal_is_of_its_code_and_comes_after_its_baseline(seeds: Path) -> None:
    file = "goals.csv"
    write(seeds, file, [*read(seeds, file), GOAL])
    assert validate(seeds) == []
    for column, value, problem in (
        ("indicator_id", "low_happiness", "isn't an indicator of this code"),
        ("baseline_start", "", "is half a baseline"),
        ("target_by", "2019-06-30", "is before the baseline ends"),
        ("target_value", "5%", "has the wrong form"),
        ("code", "BNSSG-M99", "refers to a row that doesn't exist"),
    ):
        before = dict(zip(read(seeds, file)[0], GOAL, strict=True))[column]
        change(seeds, file, "bnssg_smoking", column, value)
        assert problem in {found.problem for found in validate(seeds)}
        change(seeds, file, "bnssg_smoking", column, before)


def test_a_cut_by_deprivation_needs_each_quantile_once(seeds: Path) -> None:
    change(seeds, "deprivation_quantiles.csv", LEAST_DEPRIVED, "quantile", "9")
    assert [problem.problem for problem in validate(seeds)] == ["isn't a whole cut"]


@pytest.mark.parametrize(
    ("peers", "problems"),
    [
        (["E06000022", "E06000024"], 0),
        (["E06000022", "E06000023"], 1),
        (["E06000099"], 1),
    ],
)
def test_peers_are_other_areas_that_exist(seeds: Path, peers: list[str], problems: int) -> None:
    rows = [[*PEER[:2], peer, *PEER[3:]] for peer in peers]
    write(seeds, "peer_sets.csv", [*read(seeds, "peer_sets.csv"), *rows])
    assert len(validate(seeds)) == problems


def test_a_peer_may_come_back_but_not_be_there_twice(seeds: Path) -> None:
    header = read(seeds, "peer_sets.csv")
    first = [*PEER[:2], "E06000022", "2020-01-01", "2021-12-31", *PEER[5:]]
    again = [*PEER[:2], "E06000022", "2022-01-01", "", *PEER[5:]]
    write(seeds, "peer_sets.csv", [*header, first, again])
    assert validate(seeds) == []
    again[3] = "2021-06-01"
    write(seeds, "peer_sets.csv", [*header, first, again])
    assert [problem.problem for problem in validate(seeds)] == [
        "is the area itself, or a peer twice over"
    ]


def test_a_key_that_is_there_twice_is_named(seeds: Path) -> None:
    lines = read(seeds, "owners.csv")
    write(seeds, "owners.csv", [*lines[:2], *lines[1:]])
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        ("row 3, owner_id", "is there twice")
    ]


def test_a_row_out_of_order_is_named(seeds: Path) -> None:
    lines = read(seeds, "owners.csv")
    write(seeds, "owners.csv", [lines[0], lines[2], lines[1], *lines[3:]])
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        ("row 3, owner_id", "is out of order")
    ]


def test_a_row_with_a_missing_cell_is_named(seeds: Path) -> None:
    lines = read(seeds, "owners.csv")
    write(seeds, "owners.csv", [*lines[:2], lines[2][:-1], *lines[3:]])
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        ("row 3", "has the wrong number of cells")
    ]


def test_two_periods_of_one_code_may_not_overlap(seeds: Path) -> None:
    change(seeds, "indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "2023-06-30")
    assert "overlaps another row of the same code" in {p.problem for p in validate(seeds)}


def test_a_sourced_indicator_needs_a_code(seeds: Path) -> None:
    lines = read(seeds, "indicator_sources.csv")
    write(seeds, "indicator_sources.csv", [r for r in lines if r[:2] != ["qof", "DEM"]])
    assert [p.problem for p in validate(seeds)] == ["has no code in this source"]


def test_shared_codes_without_a_caveat_must_be_one_indicator(seeds: Path) -> None:
    key = "Estimated diagnosis rate for people with dementia;shared;nhsof;2016/17"
    row = change(seeds, "crosswalk.csv", key, "caveat", "")
    assert [(p.place, p.problem) for p in validate(seeds)] == [
        (f"row {row}, relation", "shared codes lead to different indicators")
    ]


def _rename_a_column(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("mailbox", "email", 1), "utf-8", newline="\n")


FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("the header is wrong", _rename_a_column),
    ("the header is wrong", lambda path: path.write_bytes(b"")),
    ("the file is missing", lambda path: path.unlink()),
    ("byte order mark", lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())),
    ("line ends", lambda path: path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))),
    ("isn't UTF-8", lambda path: path.write_bytes(path.read_bytes() + b"\xe9")),
]


@pytest.mark.parametrize(("words", "damage"), FILES)
def test_a_file_that_cannot_be_read_is_one_mistake(
    seeds: Path, words: str, damage: Callable[[Path], object]
) -> None:
    damage(seeds / "owners.csv")
    problems = validate(seeds)
    assert [problem.file for problem in problems] == ["seeds/owners.csv"]
    assert words in problems[0].problem


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [
        ("fingertips_icb", "page_size", ""),
        ("fingertips_icb", "codes_of", ""),
        ("fingertips_icb", "file_name", "icb.csv"),
        ("qof_2024_25", "codes_of", "fingertips"),
        ("qof_2024_25", "address", "https://files.digital.nhs.uk/{year}.zip"),
    ],
)
def test_a_live_row_is_all_of_a_page_or_all_of_a_file(
    seeds: Path, key: str, column: str, value: str
) -> None:
    change(seeds, "live_sources.csv", key, column, value)
    assert any("isn't all of a page" in problem.problem for problem in validate(seeds))


def test_a_secret_in_an_address_is_not_repeated(seeds: Path) -> None:
    change(
        seeds, "live_sources.csv", "qof_2024_25", "address", "https://me:it@files.digital.nhs.uk"
    )
    (problem,) = validate(seeds)
    assert "me:it" not in problem.message


def test_all_mistakes_are_told_in_one_error(seeds: Path) -> None:
    change(seeds, "indicators.csv", "suicide_rate", "owner", "nobody")
    change(seeds, "areas.csv", "E06000023", "is_ltla", "false")
    with pytest.raises(RegistryProblems) as raised:
        load_registry(seeds)
    assert isinstance(raised.value, RegistryError)
    assert len(raised.value.problems) == 2
    told = str(raised.value)
    assert told.startswith("2 mistakes in the registry")
    assert "seeds/indicators.csv: row " in told
    assert "seeds/areas.csv: row " in told
    assert "got 'nobody'; expected owner_id of a row of seeds/owners.csv" in told


REVIEW = ["suicide_rate", "1", "geography", "geography", "2026-11-26", "2027-11-26", ""]


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("checked_by", "geography", "is the role that wrote the definition"),
        ("definition_version", "9", "is a version that the definition hasn't reached"),
        ("review_due", "2026-01-01", "is before checked_on"),
        ("checked_by", "nobody", "refers to a row that doesn't exist"),
    ],
)
def test_a_definition_is_checked_by_another_role_than_wrote_it(
    seeds: Path, column: str, value: str, problem: str
) -> None:
    header, *_ = read(seeds, "definition_reviews.csv")
    sound = dict(zip(header, REVIEW, strict=True)) | {"checked_by": "public-health-analysts"}
    write(seeds, "definition_reviews.csv", [header, list(sound.values())])
    assert validate(seeds) == []
    write(seeds, "definition_reviews.csv", [header, list((sound | {column: value}).values())])
    assert [each.problem for each in validate(seeds)] == [problem]


@pytest.mark.parametrize(
    ("column", "value"), [("limit_pct", ""), ("limit_pct", "0"), ("limit_absolute", "2")]
)
def test_a_revision_limit_is_a_share_or_a_distance(seeds: Path, column: str, value: str) -> None:
    change(seeds, "revision_limits.csv", "dsr", column, value)
    assert [each.problem for each in validate(seeds)] == ["isn't one limit"]


def test_each_kind_of_value_has_a_limit_for_revisions(seeds: Path) -> None:
    lines = read(seeds, "revision_limits.csv")
    write(seeds, "revision_limits.csv", [line for line in lines if line[0] != "isr_ratio"])
    assert {each.problem for each in validate(seeds)} == {"has no limit for revisions"}


def test_every_rule_can_fail(seeds: Path) -> None:
    """Each rule that spans rows finds something once these cells are wrong."""
    change(seeds, "domains.csv", "phof;2019 on;E", "edition", "2031 on")
    change(seeds, "crosswalk.csv", "Infant mortality", "left_code", "9.9")
    change(seeds, "publisher_notes.csv", "ascof;[c]", "status_reason", "hidden")
    change(seeds, "sources.csv", "qof", "expected_month", "")
    change(seeds, "sources.csv", "nhsof", "rank", "2")
    change(seeds, "framework_indicators.csv", "phof;2019 on;E10", "fingertips_id", "247")
    change(seeds, "indicators.csv", "suicide_rate", "source_id", "qof")
    change(seeds, "areas.csv", "E06000023", "is_ltla", "false")
    change(seeds, "areas.csv", "E06000022", "parent_code", "E07000004")
    change(seeds, "areas.csv", "E06000028", "successor_codes", "E06000066")
    change(seeds, "crosswalk.csv", "Suicide;complementary", "relation", "shared")
    change(seeds, "crosswalk.csv", "Suicide;shared", "caveat", "")
    change(seeds, "indicator_sources.csv", "ascof;3A;to 2022/23", "period_to", "2023-06-30")
    change(seeds, "live_sources.csv", "council_register", "hosts", "www.mysociety.org")
    change(seeds, "live_sources.csv", "fingertips_icb", "page_size", "101")
    change(seeds, "live_sources.csv", "qof_2024_25", "file_name", "QOF_2025-26.zip")
    change(seeds, "indicator_sources.csv", "fingertips;241", "source_code", "241a")
    change(seeds, "methods.csv", "proportion", "macro", "")
    change(seeds, "indicators.csv", "dementia_qof_prevalence", "ci_method", "byar")
    change(seeds, "indicators.csv", "dementia_qof_prevalence", "method", "dsr")
    change(seeds, "deprivation_quantiles.csv", LEAST_DEPRIVED, "quantile", "9")
    change(seeds, "crosswalk.csv", "Child oral health", "differs", "")
    change(
        seeds,
        "measures.csv",
        "tooth_extractions_decay_children_10_and_under",
        "indicator_id",
        "toothaches",
    )
    change(seeds, "measures.csv", "obesity_in_early_pregnancy", "replaces", "suicide_rate")
    change(seeds, "published_together.csv", "E09000001", "published_with", "E09000013")
    change(seeds, "sources.csv", "qof", "is_public", "false")
    change(seeds, "disclosure_policies.csv", "hes_1_to_7", "applies_to", "")
    change(seeds, "comparability_reasons.csv", "age", "rank", "99")
    write(seeds, "peer_sets.csv", [*read(seeds, "peer_sets.csv"), PEER])
    change(seeds, "frameworks.csv", "bnssg;2021", "area_codes", "")
    change(seeds, "framework_indicators.csv", M04, "life_cycle", "retired")
    change(seeds, "framework_indicators.csv", M04, "successor_code", "BNSSG-M99")
    change(seeds, "framework_indicators.csv", M04, "programmes", "tobacco")
    change(seeds, "selection_principles.csv", "bnssg;2021", "is_met", "yes")
    write(seeds, "goals.csv", [*read(seeds, "goals.csv"), [*GOAL[:4], "suicide_rate", *GOAL[5:]]])
    lines = read(seeds, "contract_periods.csv")
    write(seeds, "contract_periods.csv", [row for row in lines if row[0] != "tower_hamlets_like"])
    for file, key, column, value in EVERY_RULE:
        change(seeds, file, key, column, value)
    change(seeds, "subscribers.csv", "stockport-leads", "frameworks", "phof/2019 on/Z")
    change(seeds, "subscribers.csv", "release-managers", "subscriber_id", "geography")
    change(seeds, "revision_limits.csv", "dsr", "limit_absolute", "3")
    write(seeds, "definition_reviews.csv", [*read(seeds, "definition_reviews.csv"), REVIEW])
    tables = {table.file: _rows(seeds, table.file) for table in TABLES}
    assert [rule.__name__ for rule in RULES_OF_SEEDS if not list(rule(tables))] == []


def _rows(seeds: Path, file: str) -> tuple[dict[str, str], ...]:
    header, *lines = read(seeds, file)
    return tuple(dict(zip(header, line, strict=True)) for line in lines)


# The publishers' own files, where they are at hand

EXTRACTS = FOLDER
needs_extracts = pytest.mark.skipif(not FOLDER.is_dir(), reason=WHY)


def column(path: Path, *names: str, encoding: str = "utf-8-sig") -> set[str]:
    """The filled values of the first of `names` that the file holds."""
    with path.open(encoding=encoding, newline="") as handle:
        reader = csv.DictReader(handle)
        name = next(n for n in names if n in (reader.fieldnames or ()))
        return {row[name].strip() for row in reader if (row[name] or "").strip()}


@needs_extracts
def test_every_code_of_the_real_files_leads_to_an_indicator(registry: Registry) -> None:
    known = {(row["source_id"], row["source_code"]) for row in registry.indicator_sources}
    wanted = {
        ("qof", code)
        for code in column(
            EXTRACTS / "qof-2020-21-raw" / "PREVALENCE_2021_v2.csv", "GROUP_CODE", encoding="cp1252"
        )
    }
    for path in sorted((EXTRACTS / "ascof-2017-24-trend").glob("*.csv")):
        wanted |= {("ascof", code) for code in column(path, "Measure Group")}
    for path in sorted(EXTRACTS.glob("fingertips*/*.csv")):
        if path.parent.name in (
            "fingertipsnext-indicators-current",
            "fingertips-indicator-list-2017",
        ):
            continue  # lists of indicators, not values
        ids = column(path, "Indicator ID", "IndicatorID", "IndicatorId")
        wanted |= {("fingertips", code) for code in ids}
    assert len(wanted) > 100
    assert wanted - known == set()


@needs_extracts
def test_every_area_of_the_real_files_is_known(registry: Registry) -> None:
    known = {row["area_code"] for row in registry.areas}
    used: set[str] = set()
    for path in sorted(EXTRACTS.glob("fingertips*/*.csv")) + sorted(
        EXTRACTS.glob("trafford*/*.csv")
    ):
        if path.parent.name not in (
            "fingertipsnext-indicators-current",
            "fingertips-indicator-list-2017",
        ):
            used |= column(path, "Area Code", "AreaCode", "area_code")
    ours = {code for code in used if re.fullmatch(r"E(06|07|08|09|10|12|38|40|54|92)\d{6}", code)}
    assert len(ours) > 300
    assert ours - known == set()
