"""Directly standardised rate with its limits.

What the rate would be if the area had the standard's ages. Over age bands with weights w, events x
and people n, the rate is v = m·Σ(w·x/n)/Σw. Its variance is Var = m²·Σ(w²·x/n²)/(Σw)², and its
limits lie from it as far, in its own standard errors, as those of the count O = Σx lie from O, in
the count's: v + √(Var/O)·(limit of O − O), by Byar's limits (Dobson).

- A band with no events known has 0. A band with no people known makes the rate impossible
  (`missing_band`): without it the rate would be standardised to another population.
- A band that the standard lacks, or that comes twice, is refused likewise (`odd_band`), and so are
  figures that are negative, no number, more than 8 billion, or less than a thousandth of a person
  (`impossible_figure`).
- Fewer than 10 events in all have no rate (`too_few_events`).
- A rate over some ages takes the weights of those ages and is divided by their own sum.

The [standard populations](../../../seeds/standard_populations.csv) hold the European Standard
Population of 2013 in 21, 19 and 18 bands.

Source: Dobson AJ, Kuulasmaa K, Eberle E, Scherer J. Confidence intervals for weighted sums of
Poisson parameters. Statistics in Medicine 1991;10:457-62. Weights: Eurostat, Revision of the
European Standard Population, 2013. No rate under 10 events: the two public packages of England's
health departments.

Recalled, not verified: that the Association of Public Health Observatories asked for 10 events first
(Technical briefing 3, 2008).

Differs from other tools: whether all bands are there is tested; PHEindicatormethods and
PHStatsMethods give a rate over the bands that happen to be there, and stop the whole run where one
area has a band without people.
"""

from __future__ import annotations

import math
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.home import PROJECT_ROOT
from tests.support import macros, vectors
from tests.support.examples import Example

SEED = PROJECT_ROOT / "seeds" / "standard_populations.csv"
COUNTS = """
    area | band | numerator | denominator
    A    | 0-64 | 12        | 40000
    A    | 65+  | 30        | 10000
    B    | 0-64 | 2         | 900
    B    | 65+  | 7         | 100
    C    | 0-64 | 12        | 40000
    D    | 0-64 |           | 40000
    D    | 65+  | 30        | 10000
    E    | 0-64 | 12        | 40000
    E    | 65+  | 30        |
"""
STANDARD = """
    band | weight
    0-64 | 80500
    65+  | 19500
"""
EXAMPLES = [
    Example(
        title="two bands",
        given={"counts": COUNTS, "standard": STANDARD},
        call="method_dsr('counts', ['area'], 'standard')",
        answer="""
            area | value | lower_95 | upper_95 | numerator | denominator | status         | status_reason
            A    | 82.65 | 59.558   | 111.725  | 42        | 50000       | published      |
            B    |       |          |          | 9         | 1000        | not_calculated | too_few_events
            C    |       |          |          | 12        | 40000       | not_calculated | missing_band
            D    | 58.50 | 39.462   | 83.515   | 30        | 50000       | published      |
            E    |       |          |          | 42        | 40000       | not_calculated | missing_band
        """,
        note="D has nobody counted under 65, and so 0. B has too few events; C and E lack people of 65 and over.",
    ),
    Example(
        title="only those of 65 and over",
        given={"counts": COUNTS, "standard": STANDARD},
        call="method_dsr("
        "\"(select * from counts where band = '65+')\", ['area'],"
        " \"(select * from standard where band = '65+')\")",
        answer="""
            area | value | lower_95 | upper_95 | numerator | status         | status_reason
            A    | 300.0 | 202.369  | 428.284  | 30        | published      |
            B    |       |          |          | 7         | not_calculated | too_few_events
            D    | 300.0 | 202.369  | 428.284  | 30        | published      |
            E    |       |          |          | 30        | not_calculated | missing_band
        """,
    ),
]

Z = {"95": 1.959963984540054, "998": 3.090232306167813}
BANDS = {"a": 5000.0, "b": 5500.0, "c": 70.0}


def byar(count: float, z: float, side: int) -> float:
    count += side > 0
    return count * (1 - 1 / (9 * count) + side * z / (3 * math.sqrt(count))) ** 3


def plainly(rows: list[dict[str, Any]]) -> str | dict[str, float]:
    """The figures of one area, or the reason of a refusal."""
    bands = [row["band"] for row in rows]
    if any(band not in BANDS or bands.count(band) > 1 for band in bands):
        return "odd_band"
    if len(bands) < len(BANDS):
        return "missing_band"
    counts = [row["numerator"] or 0.0 for row in rows]
    people = [row["denominator"] or 0.0 for row in rows]
    if not all(0 <= x <= 8e9 for x in counts) or not all(
        n == 0 or 1e-3 <= n <= 8e9 for n in people
    ):
        return "impossible_figure"
    if not all(people):
        return "missing_band"
    events, weights = math.fsum(counts), [BANDS[band] for band in bands]
    if events < 10:
        return "too_few_events"
    parts = list(zip(weights, counts, people, strict=True))
    rate = math.fsum(w * x / n for w, x, n in parts) / sum(weights)
    variance = math.fsum(w * w * x / n / n for w, x, n in parts) / sum(weights) ** 2
    figures = {"value": rate, "numerator": events, "denominator": math.fsum(people)}
    for level, z in Z.items():
        for name, side in (("lower", -1), ("upper", 1)):
            distance = math.sqrt(variance / events) * (byar(events, z, side) - events)
            figures[f"{name}_{level}"] = rate + distance
    return figures


def same(row: dict[str, Any], expected: str | dict[str, float]) -> None:
    if isinstance(expected, str):
        assert row["status"] == "not_calculated"
        assert row["status_reason"] == expected
        assert [row[name] for name in ("value", *vectors.LIMITS)] == [None] * 5
        return
    assert (row["status"], row["status_reason"]) == ("published", None)
    for name, figure in expected.items():
        assert row[name] == pytest.approx(figure, rel=1e-9, abs=1e-9 * expected["value"]), name


NUMERATORS = st.one_of(
    st.integers(0, 30).map(float),
    st.floats(0, 1e6),
    st.sampled_from([None, 8e9, 8.1e9, -1.0, math.nan, math.inf]),
)
DENOMINATORS = st.one_of(
    st.integers(1, 10**6).map(float),
    st.sampled_from([None, 0.0, 1.0, 1e-3, 8e9, 1e13, 1e-9, -1.0, math.nan, math.inf]),
)
ROWS = st.fixed_dictionaries(
    {
        "band": st.sampled_from([*BANDS, *BANDS, *BANDS, "d"]),
        "numerator": NUMERATORS,
        "denominator": DENOMINATORS,
    }
)
WHOLE = st.tuples(*(st.tuples(NUMERATORS, DENOMINATORS) for _ in BANDS)).map(
    lambda cells: [
        {"band": band, "numerator": x, "denominator": n}
        for band, (x, n) in zip(BANDS, cells, strict=True)
    ]
)


@settings(deadline=None, max_examples=50)
@given(areas=st.lists(st.one_of(WHOLE, st.lists(ROWS, min_size=1, max_size=4)), min_size=1))
def test_sql_and_plain_python_agree(areas):
    flat = [{"area": f"A{n}", **row} for n, rows in enumerate(areas) for row in rows]
    table = {name: [row[name] for row in flat] for name in flat[0]}
    standard = {"band": list(BANDS), "weight": list(BANDS.values())}
    found = macros.rows("method_dsr('t', ['area'], 's', multiplier=1)", t=table, s=standard)
    assert len(found) == len(areas)
    for row in found:
        same(row, plainly(areas[int(row["area"][1:])]))


def test_a_standard_that_has_a_band_twice_gives_no_rate():
    table = {
        "area": ["A", "A"],
        "band": ["a", "b"],
        "numerator": [9.0] * 2,
        "denominator": [99.0] * 2,
    }
    twice = {"band": ["a", "a", "b"], "weight": [1.0, 1.0, 2.0]}
    (row,) = macros.rows("method_dsr('t', ['area'], 's')", t=table, s=twice)
    assert row["status_reason"] == "odd_band"


def test_a_column_called_as_a_step_is_does_no_harm():
    table = {
        "area": ["A", "A"],
        "band": ["a", "b"],
        "deaths": [9.0, 9.0],
        "people": [99.0, 99.0],
        "events": [1.0, 1.0],
        "population": [1.0, 1.0],
        "fault": [2.0, 2.0],
    }
    standard = {"band": ["a", "b"], "weight": [1.0, 1.0]}
    call = "method_dsr('t', ['area'], 's', numerator='deaths', denominator='people')"
    (row,) = macros.rows(call, t=table, s=standard)
    assert (row["numerator"], row["denominator"]) == (18.0, 198.0)


@pytest.mark.parametrize(("bands", "last"), [(21, "95+"), (19, "90+"), (18, "85+")])
def test_the_european_standard_population_has_its_bands_and_sums(bands, last):
    with duckdb.connect() as connection:
        connection.execute(f"create table seed as from read_csv('{SEED}', all_varchar=true)")

        def total(ages: str = "") -> tuple[Any, ...]:
            call = f"standard_population('seed', 'esp2013', {bands}{ages})"
            query = (
                f"select count(*), sum(weight), bool_or(band = '{last}') from {macros.render(call)}"
            )
            return connection.execute(query).fetchall()[0]

        assert total() == (bands, 100_000.0, True)
        # The field's own restricted ages.
        assert total(", to_age=74")[1:] == (91_000.0, False)
        assert total(", from_age=65")[1:] == (19_500.0, True)


def test_vectors_of_directly_standardised_rates():
    connection = duckdb.connect()
    vectors.load(connection, "dsr")
    # Cases may differ in their bands, and so in their standard.
    connection.execute("create table standard as select distinct case_id, band, stdpop from input")
    multiplier = vectors.params("dsr").get("multiplier", 100000)
    got = macros.render(
        "method_dsr('input', ['case_id'], 'standard', numerator='x', denominator='n',"
        f" weight='stdpop', match=['case_id'], multiplier={multiplier})"
    )
    figures = {"value": "value", "numerator": "total_count", "denominator": "total_pop"}
    told = vectors.disagreements(
        connection, "dsr", got, {"case_id": "case_id"}, figures | vectors.LIMITS
    )
    assert not told, told[:10]
