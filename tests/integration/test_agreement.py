"""Our limits, comparisons and trends are those that Fingertips publishes with its values.

The floors are what was measured (`make agreement`, `docs/reference/agreement.md`), rounded down. A
row that is not comparable, and one whose departure is known, is neither for nor against; how many
those may be is held too, so that nothing is excused into agreement.
"""

from __future__ import annotations

import pytest

from tests import agreement
from tests.support.real import MARKS

pytestmark = MARKS


@pytest.fixture(scope="module")
def verdicts(ask_warehouse):
    agreement.prepare(ask_warehouse)

    def counted(relation: str) -> dict[str, int]:
        return dict(ask_warehouse(f"select verdict, count(*) from {relation} group by all"))

    return counted


def _share(found: dict[str, int]) -> float:
    return found["matched"] / (found["matched"] + found.get("differs", 0))


def test_wilson_limits_are_the_published_ones(verdicts):
    found = verdicts("(from limits where method = 'Wilson')")
    assert _share(found) >= 0.995, found
    assert found["matched"] >= 3990, found
    # Practices of some years, local authorities' QOF prevalence, and low-income families.
    assert found["departs"] <= 710, found


@pytest.mark.parametrize(
    ("method", "rows"),
    [("Byar", 1220), ("Byar, of count and value", 920), ("Dobson%", 955)],
)
def test_limits_of_rates_are_the_published_ones(verdicts, method, rows):
    found = verdicts(f"(from limits where method like '{method}')")
    assert _share(found) >= 0.995, found
    assert found["matched"] >= rows, found


def test_words_for_england_are_the_published_ones(verdicts):
    """All of them, where areas are compared; practices are judged by control limits."""
    found = verdicts("comparisons")
    assert _share(found) == 1, found
    assert found["matched"] >= 2450, found
    assert found["departs"] <= 59, found


def test_trends_are_the_published_ones_by_the_test_of_each_edition(verdicts):
    found = verdicts("(from trends where is_own_rule)")
    assert _share(found) >= 0.995, found
    assert found["matched"] >= 950, found


def test_trends_by_the_other_test_are_nearly_so(verdicts):
    """Where a trend is near the threshold the two tests part: seldom, else one of them is wrong."""
    assert _share(verdicts("(from trends where not is_own_rule)")) >= 0.99
