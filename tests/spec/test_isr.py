"""Indirectly standardised ratio and rate with their limits.

How many events there are for each that was expected, had the reference's rates held at each age: of
the bands' people n and the reference's events and people X and N, E = Σ n·X/N are expected, and the
ratio is O/E·m, with m = 100. Its limits are those of the count O
([exact below 10, Byar's from 10](count_limits.md)) over E: the reference is taken as fixed.

The rate is the ratio times the reference's own crude rate, O/E·m·ΣX/ΣN.

- Events may stand on any rows of the area: only their sum counts. A band with no events known has 0.
- A band whose people aren't known makes both impossible (`missing_band`); nobody (0) is an answer.
- A band that the reference lacks, or that comes twice, is refused (`odd_band`), and so is one for
  which the reference has no people (`missing_reference`). Nothing expected: `zero_denominator`.

Numerator and denominator are O and E.

Source: Breslow NE, Day NE. Statistical methods in cancer research, volume II, IARC 1987.

Differs from other tools: PHEindicatormethods takes a band's missing people for nobody, which makes
the area look worse than it is; ours refuses.
"""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros, vectors
from tests.support.examples import Example

COUNTS = """
    area | band | numerator | denominator
    A    | 0-64 | 12        | 40000
    A    | 65+  | 30        | 10000
    B    | 0-64 |           | 900
    B    | 65+  | 7         | 0
    C    | 0-64 | 12        | 40000
"""
REFERENCE = """
    band | numerator | denominator
    0-64 | 20000     | 50000000
    65+  | 25000     | 10000000
"""
EXAMPLES = [
    Example(
        title="ratio to the reference",
        given={"counts": COUNTS, "reference": REFERENCE},
        call="method_isr_ratio('counts', ['area'], 'reference')",
        answer="""
            area | value    | lower_95 | upper_95 | numerator | denominator | status         | status_reason
            A    | 102.439  | 73.821   | 138.471  | 42        | 41          | published      |
            B    | 1944.444 | 781.768  | 4006.299 | 7         | 0.36        | published      |
            C    |          |          |          | 12        | 16          | not_calculated | missing_band
        """,
    ),
    Example(
        title="rate for 100,000 people",
        given={"counts": COUNTS, "reference": REFERENCE},
        call="method_isr('counts', ['area'], 'reference')",
        answer="""
            area | value    | lower_95 | upper_95 | status         | status_reason
            A    | 76.829   | 55.366   | 103.853  | published      |
            B    | 1458.333 | 586.326  | 3004.724 | published      |
            C    |          |          |          | not_calculated | missing_band
        """,
    ),
]

BANDS = ["a", "b", "c"]
PEOPLE = st.one_of(st.floats(0, 1e7), st.sampled_from([None, 0.0, 1.0, -1.0, math.nan, math.inf]))
EVENTS = st.one_of(st.integers(0, 20).map(float), st.sampled_from([None, 9.5, -1.0, math.nan]))
REFERENCES = st.tuples(
    st.one_of(st.floats(0, 1e6), st.none()),
    st.one_of(st.floats(1e-3, 1e8), st.just(0.0), st.none()),
)


def refusal(events, people, reference) -> str | None:
    """Why an area with all its bands is refused."""
    if not all(x is None or 0 <= x <= 8e9 for x in events):
        return "impossible_figure"
    if not all(n is None or n == 0 or 1e-3 <= n <= 8e9 for n in people):
        return "impossible_figure"
    if None in people:
        return "missing_band"
    if any(not n for _, n in reference) or any((x or 0) / n > 1000 for x, n in reference):
        return "missing_reference"
    expected = math.fsum(n * (x or 0) / ref for n, (x, ref) in zip(people, reference, strict=True))
    return None if expected else "zero_denominator"


@settings(deadline=None, max_examples=50)
@given(
    events=st.tuples(*[EVENTS] * 3),
    people=st.tuples(*[PEOPLE] * 3),
    reference=st.tuples(*[REFERENCES] * 3),
)
def test_sql_and_plain_python_agree(events, people, reference):
    table = {"area": ["A"] * 3, "band": BANDS, "numerator": events, "denominator": people}
    standard = {
        "band": BANDS,
        "numerator": [x for x, _ in reference],
        "denominator": [n for _, n in reference],
    }
    (ratio,) = macros.rows(
        "method_isr_ratio('t', ['area'], 'r', multiplier=1)", t=table, r=standard
    )
    (rate,) = macros.rows("method_isr('t', ['area'], 'r', multiplier=1)", t=table, r=standard)
    reason = refusal(events, people, reference)
    assert ratio["status_reason"] == rate["status_reason"] == reason
    if reason:
        assert [ratio[name] for name in ("value", *vectors.LIMITS)] == [None] * 5
        assert ratio["status"] == (
            "not_available" if reason == "zero_denominator" else "not_calculated"
        )
        return
    observed = math.fsum(x or 0 for x in events)
    expected = math.fsum(n * (x or 0) / ref for n, (x, ref) in zip(people, reference, strict=True))
    crude = math.fsum(x or 0 for x, _ in reference) / math.fsum(n for _, n in reference)
    assert ratio["numerator"] == pytest.approx(observed, rel=1e-9)
    # Sums are taken to 2^-120, so that what is smaller is 0.
    assert ratio["denominator"] == pytest.approx(expected, rel=1e-9, abs=1e-34)
    assert ratio["value"] == pytest.approx(observed / ratio["denominator"], rel=1e-9)
    assert rate["value"] == pytest.approx(ratio["value"] * crude, rel=1e-9, abs=1e-11)
    assert rate["upper_998"] == pytest.approx(ratio["upper_998"] * crude, rel=1e-9, abs=1e-11)
    assert ratio["lower_998"] <= ratio["lower_95"] <= ratio["value"] < ratio["upper_95"]


@pytest.mark.parametrize(
    ("bands", "reason"),
    [(["a", "b"], "missing_band"), (["a", "b", "b"], "odd_band"), (["a", "b", "d"], "odd_band")],
)
def test_an_area_with_other_bands_than_the_reference_is_refused(bands, reason):
    cells = [5.0] * len(bands)
    table = {"area": ["A"] * len(bands), "band": bands, "numerator": cells, "denominator": cells}
    reference = {"band": BANDS, "numerator": [1.0] * 3, "denominator": [9.0] * 3}
    (row,) = macros.rows("method_isr('t', ['area'], 'r')", t=table, r=reference)
    assert (row["value"], row["status_reason"]) == (None, reason)


@pytest.mark.parametrize(
    ("name", "method", "figures"),
    [
        ("isratio", "method_isr_ratio", {"value": "value", "denominator": "expected"}),
        ("israte", "method_isr", {"value": "value", "denominator": "expected"}),
    ],
)
def test_vectors_of_indirectly_standardised(name, method, figures):
    connection = duckdb.connect()
    vectors.load(connection, name)
    connection.execute(
        "create table reference as select distinct case_id, band, x_ref, n_ref from input"
    )
    stated = vectors.params(name)
    multiplier = stated.get("multiplier", stated.get("refvalue", 100))
    got = macros.render(
        f"{method}('input', ['case_id'], 'reference', numerator='x', denominator='n',"
        " reference_numerator='x_ref', reference_denominator='n_ref', match=['case_id'],"
        f" multiplier={multiplier})"
    )
    told = vectors.disagreements(
        connection,
        name,
        got,
        {"case_id": "case_id"},
        figures | {"numerator": "observed"} | vectors.LIMITS,
        # Nobody and nothing known are the same to R.
        unless="ours.status_reason = 'missing_band' and ours.case_id in"
        " (select case_id from input where n is null)",
    )
    assert not told, told[:10]
