"""Each rule of comparability where it holds and where it doesn't; breaks and lines of areas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from tests.support import comparable, models

CANCER, SUICIDE = "under_75_mortality_cancer", "suicide_rate"
READMISSION, SETTLED = "emergency_readmissions_within_30_days", "settled_home_learning_disability"
SMOKING, SMOKING_QOF = "smoking_adults", "smoking_adults_qof"
STOCKPORT, HAMLETS, ENGLAND, DEVON = "E08000007", "E09000030", "E92000001", "E10000008"
SOMERSET, NEW_SOMERSET, CUMBRIA, CUMBERLAND = "E10000027", "E06000066", "E10000006", "E06000063"
SEDGEMOOR, TAUNTON = "E07000188", "E07000190"
HACKNEY, CITY, MANCHESTER = "E09000012", "E09000001", "E54000057"


def of(indicator_id: str, area: str | None = None, **said: Any) -> dict[str, Any]:
    return {"indicator_id": indicator_id, "area_code": area} | said


def year(first: str, last: str) -> dict[str, date]:
    return {"period_start": date.fromisoformat(first), "period_end": date.fromisoformat(last)}


def calendar(first: int, last: int | None = None) -> dict[str, date]:
    return year(f"{first}-01-01", f"{last or first}-12-31")


def financial(first: int) -> dict[str, date]:
    return year(f"{first}-04-01", f"{first + 1}-03-31")


# The reason, a pair for which the rule holds, and one like it for which it doesn't.
RULES: dict[str, tuple[tuple[Any, Any], tuple[Any, Any]]] = {
    "never_published": (
        (of("experience_of_integrated_care"), of("experience_of_integrated_social_care")),
        (of(CANCER), of(SUICIDE)),
    ),
    "other_measure": (
        (of("control_over_daily_life"), of("social_contact_users")),
        (of("social_contact_carers"), of("social_contact_users")),
    ),
    "measured_as": (
        (of("employed_with_long_term_condition"), of("employment_gap_long_term_conditions")),
        (of("employed_with_long_term_condition"), of("employment_rate_long_term_conditions")),
    ),
    "opposite_direction": (
        (
            of("children_aged_5_free_from_dental_decay"),
            of("children_aged_5_with_dental_decay"),
        ),
        # Of other things: that one is good when high and the other when low says nothing.
        (of("social_contact_users"), of(CANCER)),
    ),
    "instrument": (
        (of("quality_of_life_carers"), of("carer_reported_quality_of_life")),
        (of("quality_of_life_carers"), of("health_status_score_aged_65_and_over")),
    ),
    "other_people": (
        (of("social_contact_users"), of("social_contact_carers")),
        (of(SMOKING), of(SMOKING_QOF)),
    ),
    "follow_up": (
        (of("fragility_fracture_recovery_30_days"), of("fragility_fracture_recovery_120_days")),
        (of("one_year_survival_all_cancers"), of("one_year_survival_breast_lung_colorectal")),
    ),
    "unit": (
        (of("infant_mortality"), of(CANCER)),
        # A per cent is printed per 100 too.
        (of("dementia_diagnosis_rate_all_ages"), of("dementia_diagnosis_rate_65_and_over")),
    ),
    "standardisation": (
        (of(CANCER, STOCKPORT), of(CANCER, STOCKPORT, value_type="crude_rate")),
        (of(CANCER, STOCKPORT), of(CANCER, STOCKPORT, value_type="dsr")),
    ),
    "standard_population": (
        (of(CANCER), of(CANCER, standard_population="European Standard Population 1976")),
        (of(CANCER), of(SUICIDE)),
    ),
    "case_mix": (
        (of("suicide_after_recent_nhs_contact"), of(SUICIDE)),
        (of(CANCER), of(SUICIDE)),
    ),
    "replaced_measure": (
        (of("smoking_at_time_of_delivery_old_method"), of("smoking_at_time_of_delivery")),
        (of(SMOKING), of("smoking_at_time_of_delivery")),
    ),
    "definition_version": (
        (of(CANCER, definition_version="2"), of(CANCER)),
        (of(CANCER, definition_version="1"), of(CANCER)),
    ),
    "break_in_series": (
        (of(SETTLED, **financial(2023)), of(SETTLED, **financial(2024))),
        (of(SETTLED, **financial(2024)), of(SETTLED, **financial(2025))),
    ),
    "period_length": (
        (of(SUICIDE, **calendar(2017, 2019)), of(SUICIDE, **calendar(2019))),
        (of(SUICIDE, **calendar(2017, 2019)), of(SUICIDE, **calendar(2014, 2016))),
    ),
    "age": ((of(SMOKING, age="65+ yrs"), of(SMOKING)), (of(SMOKING, age="18+ yrs"), of(SMOKING))),
    "part_of_whole": (
        (of(SUICIDE, sex="Male"), of(SUICIDE, sex="Persons")),
        (of(SUICIDE, sex="Male"), of(SUICIDE, sex="Female")),
    ),
    "boundary_changed": (
        (of(CANCER, CUMBRIA), of(CANCER, CUMBERLAND)),
        (of(CANCER, SOMERSET), of(CANCER, NEW_SOMERSET)),
    ),
    "same_combined_area": (
        (of(CANCER, CITY), of(CANCER, HACKNEY)),
        (of(CANCER, CITY), of(CANCER, HAMLETS)),
    ),
    "indirectly_standardised": (
        (of(READMISSION, STOCKPORT), of(READMISSION, HAMLETS)),
        (of(READMISSION, STOCKPORT), of(READMISSION, ENGLAND)),
    ),
    "crude_where_standardised": (
        (
            of(CANCER, STOCKPORT, value_type="crude_rate"),
            of(CANCER, HAMLETS, value_type="crude_rate"),
        ),
        # A share where the definition asks for a share.
        (of(SMOKING, STOCKPORT), of(SMOKING, HAMLETS)),
    ),
    "not_described": (
        (of("access_to_gp_services"), of("access_to_nhs_dental_services")),
        (of("access_to_gp_services"), of("access_to_gp_services")),
    ),
    "other_survey": (
        (of(SMOKING), of("smoking_adults_gp_patient_survey")),
        (of("quality_of_life_carers"), of("carer_reported_quality_of_life")),
    ),
    "source_kind": (
        (of(SMOKING), of(SMOKING_QOF)),
        (of(SMOKING), of("smoking_adults_gp_patient_survey")),
    ),
    "population_basis": (
        (of(SMOKING_QOF, population_basis="resident"), of(SMOKING_QOF)),
        (of(SMOKING_QOF, population_basis="registered"), of(SMOKING_QOF)),
    ),
    "period_type": (
        (of(SMOKING, **calendar(2019)), of(SMOKING, **financial(2019))),
        (of(SMOKING, **calendar(2019)), of(SMOKING, **calendar(2020))),
    ),
    "season": (
        (
            of(CANCER, **year("2020-01-01", "2020-03-31")),
            of(CANCER, **year("2020-04-01", "2020-06-30")),
        ),
        (
            of(CANCER, **year("2020-01-01", "2020-03-31")),
            of(CANCER, **year("2021-01-01", "2021-03-31")),
        ),
    ),
    "overlapping_periods": (
        (of(SUICIDE, **calendar(2017, 2019)), of(SUICIDE, **calendar(2019, 2021))),
        (of(SUICIDE, **calendar(2017, 2019)), of(SUICIDE, **calendar(2020, 2022))),
    ),
    "other_time": (
        (of(CANCER, STOCKPORT, **calendar(2018)), of(CANCER, HAMLETS, **calendar(2019))),
        (of(CANCER, STOCKPORT, **calendar(2018)), of(CANCER, STOCKPORT, **calendar(2019))),
    ),
    "area_recoded": (
        (of(CANCER, SOMERSET), of(CANCER, NEW_SOMERSET)),
        # A district that became part of it, in two steps.
        (of(CANCER, TAUNTON), of(CANCER, NEW_SOMERSET)),
    ),
    "recast_area": (
        (of(CANCER, area_vintage="recast"), of(CANCER, area_vintage="live")),
        (of(CANCER, area_vintage="live"), of(CANCER, area_vintage="live")),
    ),
    "combined_area": (
        (of(CANCER, HACKNEY), of(CANCER, STOCKPORT)),
        (of(CANCER, HACKNEY), of(CANCER, CITY)),
    ),
    "area_tier": (
        (of(CANCER, STOCKPORT), of(CANCER, MANCHESTER)),
        (of(CANCER, STOCKPORT), of(CANCER, DEVON)),
    ),
    "sex": (
        (of(SUICIDE, sex="Male"), of(SUICIDE, sex="Female")),
        (of(SUICIDE, sex="Male"), of(SUICIDE, sex="Persons")),
    ),
    "other_group": (
        (of(CANCER, segment="frail"), of(CANCER, segment="healthy")),
        (of(CANCER, segment="frail"), of(CANCER, segment="all")),
    ),
    "origin": (
        (of(CANCER, origin="computed"), of(CANCER, origin="published")),
        (of(CANCER, origin="computed"), of(CANCER, origin="computed")),
    ),
    "two_measures": (
        (of("decaying_teeth_children_aged_5"), of("children_aged_5_with_dental_decay")),
        (of("decaying_teeth_children_aged_5"), of("decaying_teeth_children_aged_5")),
    ),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with comparable.warehouse() as opened:
        yield opened


@pytest.fixture(scope="module")
def answers(connection) -> list[dict[str, Any]]:
    # Asked once, since a question costs what many do.
    return comparable.judged(connection, [pair for pairs in RULES.values() for pair in pairs])


@pytest.mark.parametrize("reason", RULES)
def test_a_rule_holds_here_and_not_there(answers, reason):
    place = 2 * list(RULES).index(reason)
    assert reason in answers[place]["reasons"]
    assert reason not in answers[place + 1]["reasons"]


def test_every_reason_has_a_rule_a_sentence_and_a_test():
    rules = [reason for reason, _ in models.given("comparability_rules")]
    rows = sorted(models.seed("comparability_reasons"), key=lambda row: int(row["rank"]))
    assert rules == [row["reason"] for row in rows]
    # Nothing in the registry breaks with caution only: the rule has a test of its own.
    assert set(rules) - {"break_caution"} == set(RULES)


def test_the_worst_verdict_wins_and_every_reason_is_told(connection):
    (found,) = comparable.judged(
        connection, [(of(SMOKING, age="18+ yrs"), of(SMOKING_QOF, age="15+ yrs"))]
    )
    assert found["verdict"] == "not_comparable"
    assert found["reasons"] == ["age", "source_kind", "population_basis", "period_type"]
    sentences = {row["reason"]: row["sentence"] for row in models.seed("comparability_reasons")}
    assert found["reason_text"] == " ".join(sentences[reason] for reason in found["reasons"])


def test_without_a_reason_there_is_no_text(connection):
    (found,) = comparable.judged(connection, [(of(CANCER, STOCKPORT), of(CANCER, HAMLETS))])
    assert (found["verdict"], found["reasons"], found["reason_text"]) == ("comparable", [], "")


def broken(**said: str | None) -> dict[str, str | None]:
    """A made-up break of the suicide rate in 2019."""
    return {
        "indicator_id": SUICIDE,
        "source_id": None,
        "from_date": "2019-01-01",
        "applies_to": "period",
        "kind": "method",
        "effect": "caution",
        "reason": "made up",
        "certainty": "inferred",
        "evidence": "made up",
    } | said


@pytest.mark.parametrize(
    ("said", "left", "right", "reasons"),
    [
        ({}, calendar(2018), calendar(2019), ["break_caution"]),
        ({}, calendar(2017), calendar(2018), []),
        ({}, calendar(2019), calendar(2020), []),
        ({"effect": "not_comparable"}, calendar(2018), calendar(2019), ["break_in_series"]),
        # Years of both kinds pooled are neither the one nor the other.
        ({}, calendar(2015, 2017), calendar(2018, 2020), ["break_caution"]),
        ({}, calendar(2018, 2020), calendar(2021, 2023), ["break_caution"]),
        ({"source_id": "nhsof"}, calendar(2018), calendar(2019), []),
        (
            {"source_id": "nhsof"},
            calendar(2018) | {"source_id": "nhsof"},
            calendar(2019) | {"source_id": "nhsof"},
            ["break_caution"],
        ),
        ({"applies_to": "publication"}, calendar(2018), calendar(2019), []),
        (
            {"applies_to": "publication"},
            calendar(2018) | {"published_on": date(2018, 12, 31)},
            calendar(2018) | {"published_on": date(2019, 1, 1)},
            ["break_caution"],
        ),
        ({}, {}, {}, []),
    ],
)
def test_a_break_parts_what_lies_on_its_two_sides(said, left, right, reasons):
    with comparable.warehouse(series_breaks=[broken(**said)]) as connection:
        (found,) = comparable.judged(connection, [(of(SUICIDE, **left), of(SUICIDE, **right))])
    assert found["reasons"] == reasons


def test_areas_that_came_of_areas_are_followed_in_steps(connection):
    rows = connection.execute(
        "select earlier_code, link from int_area_lineage where later_code = ? order by all",
        [NEW_SOMERSET],
    ).fetchall()
    links = dict(rows)
    assert links[SOMERSET] == "whole"
    assert links[SEDGEMOOR] == links[TAUNTON] == "part"
    assert len(links) == len(rows) == 7
