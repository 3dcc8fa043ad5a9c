"""Values by the method that an indicator names.

A source of counts gives a numerator and a denominator; what they come to follows from the method
that the indicator names in the registry (`seeds/methods.csv`): the value, its limits, how it is
rounded when shown, and when it is refused. A row whose indicator names no method that works from
counts has no figures and the reason `no_method`.

Methods that need more than counts (age bands, single values, quantiles) have their own macros and
their own pages; the registry says what each needs and the fewest events that it takes.

Values that are indirectly standardised may be compared with England and with no other area.

Source: each method's own page says who published it.
"""

import csv

import pytest

from dagster_project.home import PROJECT_ROOT
from tests.support import macros
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="four methods, one of them unknown",
        given={
            "counts": """
                indicator | area | numerator | denominator | multiplier | method
                smoking   | A    | 120       | 1000        | 100        | proportion
                falls     | A    | 120       | 1000        | 100000     | crude_rate
                visits    | A    | 3         | 2           | 1          | ratio
                visits    | B    | 3         | 0           | 1          | ratio
                smoking   | C    | 12        | 10          | 100        | proportion
                other     | A    | 1         | 2           | 1          | as_published
                other     | B    | 1         | 2           | 1          |
            """
        },
        call="method_registered('counts', ['indicator', 'area'])",
        answer="""
            indicator | area | value     | lower_95 | upper_95 | status         | status_reason
            smoking   | A    | 12.000    | 10.13    | 14.16    | published      |
            falls     | A    | 12000.000 | 9949.023 | 14349.166 | published      |
            visits    | A    | 1.500     | 0.309    | 4.384    | published      |
            visits    | B    |           |          |          | not_available  | zero_denominator
            smoking   | C    |           |          |          | not_calculated | more_events_than_people
            other     | A    |           |          |          | not_calculated | no_method
            other     | B    |           |          |          | not_calculated | no_method
        """,
    )
]

with (PROJECT_ROOT / "seeds" / "methods.csv").open(encoding="utf-8") as _handle:
    METHODS = {row["method"]: row for row in csv.DictReader(_handle)}


@pytest.mark.parametrize("method", [name for name, row in METHODS.items() if row["macro"]])
def test_the_macro_of_a_method_exists(method):
    text = "".join(path.read_text("utf-8") for path in macros.MACROS.glob("*.sql"))
    assert f"macro {METHODS[method]['macro']}(" in text


def test_every_method_of_counts_is_applied_and_gives_what_its_own_macro_gives():
    of_counts = [name for name, row in METHODS.items() if row["needs"] == "counts"]
    assert len(of_counts) == 3
    counts = {"numerator": [3, 12, 40], "denominator": [50, 60, 70], "multiplier": [7, 7, 7]}
    for name in of_counts:
        table = {"area": ["A", "B", "C"], **counts, "method": [name] * 3}
        registered = macros.rows("method_registered('t', ['area'])", t=table)
        own = macros.rows(f"{METHODS[name]['macro']}('t', ['area'], multiplier=7)", t=table)
        assert sorted(registered, key=str) == sorted(own, key=str)
        assert {row["status"] for row in registered} == {"published"}


@pytest.mark.parametrize("method", [n for n, row in METHODS.items() if row["fewest_events"]])
def test_the_fewest_events_are_those_that_the_macro_refuses_below(method):
    fewest = int(METHODS[method]["fewest_events"])
    call = f"{METHODS[method]['macro']}('t', ['area'], 'standard')"
    standard = {"band": ["x"], "weight": [1]}
    table = {
        "area": ["few", "enough"],
        "band": ["x", "x"],
        "numerator": [fewest - 1, fewest],
        "frequency": [1, 1],
        "denominator": [1000, 1000],
    }
    reasons = {
        row["area"]: row["status_reason"] for row in macros.rows(call, t=table, standard=standard)
    }
    assert reasons == {"few": "too_few_events", "enough": None}
