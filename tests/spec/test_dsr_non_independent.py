"""Directly standardised rate of events that a person may have several of.

Where one person may be admitted three times, events aren't independent: what varies by chance is
people. People are counted by how many events they had: y people of a band had f events each. The
rate is the [directly standardised rate](dsr.md) of x = Σ f·y events a band, and the variance of each
frequency counts f² times: Var = m²·Σ_f f²·Σ(w²·y/n²)/(Σw)². Limits and refusals are those of the
rate, with this variance and O = Σ f·y; they are wider than those of as many independent events.

Two different populations for one band are none (`missing_band`).

Source: Dobson AJ, Kuulasmaa K, Eberle E, Scherer J. Confidence intervals for weighted sums of
Poisson parameters. Statistics in Medicine 1991;10:457-62; the variance as PHEindicatormethods 2.1.0
has it.
"""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros, vectors
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="the same events as 42 people had once, and as fewer people had often",
        given={
            "people": """
                area | band | frequency | numerator | denominator
                A    | 0-64 | 1         | 12        | 40000
                A    | 65+  | 1         | 30        | 10000
                B    | 0-64 | 1         | 4         | 40000
                B    | 0-64 | 4         | 2         | 40000
                B    | 65+  | 1         | 10        | 10000
                B    | 65+  | 2         | 10        | 10000
            """,
            "standard": """
                band | weight
                0-64 | 80500
                65+  | 19500
            """,
        },
        call="method_dsr_non_independent('people', ['area'], 'standard')",
        answer="""
            area | value | lower_95 | upper_95 | numerator | denominator | status
            A    | 82.65 | 59.558   | 111.725  | 42        | 50000       | published
            B    | 82.65 | 49.467   | 124.431  | 42        | 50000       | published
        """,
    )
]

WEIGHTS = {"a": 5000.0, "b": 200.0}
Z95 = 1.959963984540054


@settings(deadline=None, max_examples=60)
@given(
    people=st.dictionaries(
        st.tuples(st.sampled_from(sorted(WEIGHTS)), st.integers(1, 5)),
        st.one_of(st.integers(0, 400), st.none()),
        min_size=1,
    ),
    populations=st.fixed_dictionaries({band: st.floats(1, 1e6) for band in WEIGHTS}),
)
def test_sql_and_plain_python_agree(people, populations):
    cells = list(people.items()) + [
        ((band, 1), None) for band in WEIGHTS if (band, 1) not in people
    ]
    table = {
        "area": ["A"] * len(cells),
        "band": [band for (band, _), _ in cells],
        "frequency": [float(frequency) for (_, frequency), _ in cells],
        "numerator": [None if number is None else float(number) for _, number in cells],
        "denominator": [populations[band] for (band, _), _ in cells],
    }
    standard = {"band": list(WEIGHTS), "weight": list(WEIGHTS.values())}
    call = "method_dsr_non_independent('t', ['area'], 's', multiplier=1)"
    (row,) = macros.rows(call, t=table, s=standard)
    events = sum(f * (y or 0) for (_, f), y in cells)
    assert row["numerator"] == events
    if events < 10:
        assert (row["value"], row["status_reason"]) == (None, "too_few_events")
        return
    total = sum(WEIGHTS.values())
    rate = sum(WEIGHTS[b] * f * (y or 0) / populations[b] for (b, f), y in cells) / total
    variance = sum((f * WEIGHTS[b] / populations[b] / total) ** 2 * (y or 0) for (b, f), y in cells)
    byar = (events + 1) * (1 - 1 / (9 * (events + 1)) + Z95 / (3 * math.sqrt(events + 1))) ** 3
    upper = rate + math.sqrt(variance / events) * (byar - events)
    assert row["value"] == pytest.approx(rate, rel=1e-9)
    assert row["upper_95"] == pytest.approx(upper, rel=1e-9)


def one_person(**changes):
    table = {
        "area": ["A"] * 3,
        "band": ["a", "a", "b"],
        "frequency": [1.0, 2.0, 1.0],
        "numerator": [20.0, 5.0, 3.0],
        "denominator": [900.0, 900.0, 50.0],
    } | changes
    standard = {"band": list(WEIGHTS), "weight": list(WEIGHTS.values())}
    return macros.rows("method_dsr_non_independent('t', ['area'], 's')", t=table, s=standard)[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"denominator": [900.0, 800.0, 50.0]}, "missing_band"),
        ({"denominator": [900.0, 900.0, None]}, "missing_band"),
        ({"frequency": [1.0, None, 1.0]}, "impossible_figure"),
        ({"frequency": [1.0, -2.0, 1.0]}, "impossible_figure"),
        ({"numerator": [20.0, math.nan, 3.0]}, "impossible_figure"),
        ({"band": ["a", "a", "c"]}, "odd_band"),
        ({"band": ["a", "a", "a"], "denominator": [900.0] * 3}, "missing_band"),
        ({}, None),
    ],
)
def test_what_cannot_be_counted_is_refused(changes, reason):
    row = one_person(**changes)
    assert row["status_reason"] == reason
    assert (row["value"] is None) == (reason is not None)


def test_vectors_of_rates_of_non_independent_events():
    connection = duckdb.connect()
    vectors.load(connection, "dsr_nonindependent")
    connection.execute("create table standard as select distinct case_id, band, stdpop from input")
    multiplier = vectors.params("dsr_nonindependent").get("multiplier", 100000)
    got = macros.render(
        "method_dsr_non_independent('input', ['case_id'], 'standard', numerator='individuals',"
        " denominator='n', frequency='eventfreq', weight='stdpop', match=['case_id'],"
        f" multiplier={multiplier})"
    )
    figures = {"value": "value", "numerator": "total_count", "denominator": "total_pop"}
    told = vectors.disagreements(
        connection,
        "dsr_nonindependent",
        got,
        {"case_id": "case_id"},
        figures | vectors.LIMITS,
    )
    assert not told, told[:10]
