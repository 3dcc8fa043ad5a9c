"""Healthy life expectancy with its limits.

The years of [life expectancy](life_expectancy.md) that a person would live in good health: each
band's years L of the life table count for the share h of a survey's respondents of that band who are
in good health (Sullivan). At an age, HLE = Σ L·h / l. Disability-free life expectancy is the same
with another question.

Its variance is that of the survey, Σ L²·h(1 − h)/N / l², where N is the respondents of the band, the
effective number where the survey's design calls for one. With `variance='survey_and_mortality'` it
has that of the deaths too: Σ s·l²·((1 − a)·n·h + HLE')² / l², with s as in life expectancy and HLE'
that of the next band; the last band adds (l/2)²·4/(d·M²)·h². Limits are HLE ± z·√variance.

Refused is what life expectancy refuses, a band of which nobody was asked (`missing_sample`), and
more in good health than were asked (`more_events_than_people`).

Source: Sullivan DF. A single index of mortality and morbidity. HSMHA Health Reports 1971;86:347-54;
Jagger C, Van Oyen H, Robine JM. Health expectancy calculation by the Sullivan method: a practical
guide, 2014.

Recalled, not verified: that the Office for National Statistics counts the survey's variance alone.
It smooths the shares by a model now; ours are taken as they are given.
"""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import life_tables, macros, vectors
from tests.support.examples import Example
from tests.support.life_tables import (
    AGES,
    DEATHS,
    HEALTHY,
    PEOPLE,
    SAMPLE,
    SHAPES,
    Z,
    chances,
    survivors,
)

EXAMPLES = [
    Example(
        title="at birth and at 65",
        given={"county": life_tables.county(survey=True)},
        call="method_healthy_life_expectancy('county', ['area'], ages=[0, 65])",
        answer="""
            area | age | value   | lower_95 | upper_95 | status
            A    | 0   | 57.5542 | 55.7879  | 59.3205  | published
            A    | 65  | 7.5072  | 6.5891   | 8.4253   | published
        """,
    ),
    Example(
        title="the same, with the chance in the deaths",
        given={"county": life_tables.county(survey=True)},
        call="method_healthy_life_expectancy('county', ['area'], variance='survey_and_mortality', ages=[0, 65])",
        answer="""
            area | age | value   | lower_95 | upper_95 | status
            A    | 0   | 57.5542 | 55.7250  | 59.3834  | published
            A    | 65  | 7.5072  | 6.5735   | 8.4409   | published
        """,
    ),
]

CALL = "method_healthy_life_expectancy('t', ['area'], variance='{}') ~ ' order by age'"


def plainly(people, deaths, healthy, sample) -> list[tuple[float, float, float]]:
    """At each age the expectancy, the survey's variance and that of the deaths."""
    q = chances(deaths, people)
    alive, found = survivors(q), []
    years = of_survey = of_deaths = after = 0.0
    for band in range(19, -1, -1):
        (n, a), rate = SHAPES[band], deaths[band] / people[band]
        share, left = healthy[band] / sample[band], alive[band]
        if band == 19:
            lived = left / rate
            of_deaths = (left / 2) ** 2 * 4 / (deaths[band] * rate**2) * share**2
        else:
            lived = n * (alive[band + 1] + a * (left - alive[band + 1]))
            if deaths[band]:
                spread = q[band] ** 2 * (1 - q[band]) / deaths[band]
                of_deaths += spread * left**2 * ((1 - a) * n * share + after) ** 2
        years += lived * share
        of_survey += lived**2 * share * (1 - share) / sample[band]
        after = years / left
        found.insert(0, (after, of_survey / left**2, of_deaths / left**2))
    return found


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_sql_and_plain_python_agree(data):
    people = data.draw(st.lists(st.integers(2000, 10**6), min_size=20, max_size=20))
    deaths = data.draw(st.lists(st.integers(0, 350), min_size=19, max_size=19))
    deaths.append(data.draw(st.integers(1, 1000)))
    sample = data.draw(st.lists(st.floats(1, 500), min_size=20, max_size=20))
    shares = data.draw(st.lists(st.floats(0, 1), min_size=20, max_size=20))
    healthy = [n * share for n, share in zip(sample, shares, strict=True)]
    table = county(people=people, deaths=deaths, healthy=healthy, sample=sample)
    expected = plainly(people, deaths, healthy, sample)
    for variance in ("survey", "survey_and_mortality"):
        found = macros.rows(CALL.format(variance), t=table)
        for row, (value, of_survey, of_deaths) in zip(found, expected, strict=True):
            error = math.sqrt(of_survey + (of_deaths if variance != "survey" else 0.0))
            if Z["95"] * error > 10:
                assert (row["value"], row["status_reason"]) == (None, "limits_too_wide")
                continue
            assert row["value"] == pytest.approx(value, rel=1e-9)
            assert row["upper_998"] - row["value"] == pytest.approx(
                Z["998"] * error, rel=1e-9, abs=1e-9
            )


def county(people=PEOPLE, deaths=DEATHS, healthy=HEALTHY, sample=SAMPLE):
    columns = {"numerator": deaths, "denominator": people, "healthy": healthy, "sample": sample}
    doubles = {
        name: [x if x is None else float(x) for x in column] for name, column in columns.items()
    }
    return {"area": ["A"] * 20, "age": [float(age) for age in AGES], **doubles}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sample": [*SAMPLE[:19], 0]}, "missing_sample"),
        ({"sample": [None, *SAMPLE[1:]]}, "missing_sample"),
        ({"healthy": [*HEALTHY[:19], None]}, "missing_sample"),
        ({"healthy": [*HEALTHY[:19], 31]}, "more_events_than_people"),
        ({"healthy": [*HEALTHY[:19], math.nan]}, "impossible_figure"),
        ({"sample": [-1, *SAMPLE[1:]]}, "impossible_figure"),
        ({"people": [*PEOPLE[:19], None]}, "missing_band"),
        ({"deaths": [*DEATHS[:19], 0]}, "no_deaths_in_last_band"),
        ({}, None),
    ],
)
def test_what_cannot_be_calculated_is_refused(change, reason):
    found = macros.rows(CALL.format("survey"), t=county(**change))
    assert {row["status_reason"] for row in found} == {reason}
    assert all((row["value"] is None) == (reason is not None) for row in found)


def test_a_county_without_a_band_is_refused():
    table = {name: column[1:] for name, column in county().items()}
    found = macros.rows(CALL.format("survey_and_mortality"), t=table)
    assert {(row["value"], row["status_reason"]) for row in found} == {(None, "missing_band")}


def test_all_in_good_health_live_as_long_as_they_live():
    healthy = macros.rows(CALL.format("survey_and_mortality"), t=county(healthy=SAMPLE))
    alive = macros.rows("method_life_expectancy('t', ['area']) ~ ' order by age'", t=county())
    for one, other in zip(healthy, alive, strict=True):
        assert one["value"] == pytest.approx(other["value"], rel=1e-12)
        assert one["upper_95"] == pytest.approx(other["upper_95"], rel=1e-12)


def test_an_unknown_variance_is_told():
    with pytest.raises(ValueError, match="variance"):
        macros.render("method_healthy_life_expectancy('t', ['area'], variance='none')")


def test_vectors_of_healthy_life_expectancy():
    connection = duckdb.connect()
    vectors.load(connection, "hle_sullivan")
    names = "age='startage', numerator='deaths', denominator='population'"
    both = {
        variance: macros.render(
            f"method_healthy_life_expectancy('input', ['case_id'], {names}, variance='{variance}')"
        )
        for variance in ("survey", "survey_and_mortality")
    }
    lives = macros.render(f"method_life_expectancy('input', ['case_id'], {names})")
    got = f"""
        select
            survey.*,
            life.value as life_expectancy,
            100 * survey.value / life.value as share,
            (survey.upper_95 - survey.lower_95) / 2 / {Z["95"]} as survey_error,
            (mortality.upper_95 - mortality.lower_95) / 2 / {Z["95"]} as both_error
        from ({both["survey"]}) as survey
        inner join ({both["survey_and_mortality"]}) as mortality using (case_id, startage)
        inner join ({lives}) as life using (case_id, startage)
    """
    told = vectors.disagreements(
        connection,
        "hle_sullivan",
        got,
        {"case_id": "case_id", "startage": "startage"},
        {
            "value": "hle",
            "life_expectancy": "le",
            "share": "pct_life_healthy",
            "lower_95": "lower95_survey_only",
            "upper_95": "upper95_survey_only",
            "survey_error": "se_survey_only",
            "both_error": "se_survey_plus_mortality",
        },
        # The other implementation refuses nothing.
        unless="""
            ours.status_reason = 'too_few_people' and case_id in (
                select case_id from input group by case_id having sum(population::double) <= 5000
            )
            or ours.status_reason = 'limits_too_wide'
            and their_upper95_survey_only::double - their_lower95_survey_only::double > 20
        """,
    )
    assert not told, told[:10]
