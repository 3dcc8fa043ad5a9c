"""Every reason that a method may give is on the list of reasons, with its status."""

from __future__ import annotations

import csv
import re

from dagster_project.home import PROJECT_ROOT
from tests.support import macros

# Of SQL; an 'else' of a template ends in }}.
REASON = re.compile(r"(?:then|else) '([a-z_]+)'(?! *\}\})")
STATUSES = {"published", "not_available", "not_calculated"}
# What methods answer in words, which stands in the same places as their reasons.
ANSWERS = {
    *("better", "worse", "similar", "no_judgement"),
    *("increasing", "decreasing", "no_change"),
    *("low_998", "low_95", "within", "high_95", "high_998"),
    *("above_limits", "below_limits", "rising_trend", "falling_trend", "common_cause"),
    *("two_of_three_above", "two_of_three_below", "run_above", "run_below"),
    *("met", "missed", "hit_or_miss", "identity"),
}
# Their reasons are of judgements, not of a status.
COMPARISONS = ("comparison.sql", "compared.sql")


def reasons_given() -> dict[str, set[str]]:
    """The reasons in the macros that methods are made of, by file."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in macros.MACROS.glob("*.sql")}
    return {
        file: set(REASON.findall(text)) - STATUSES - ANSWERS
        for file, text in texts.items()
        if file not in COMPARISONS and ("status_reason" in text or "refusal" in text)
    }


def test_every_reason_is_on_the_list_with_the_status_that_the_method_gives_it():
    with (PROJECT_ROOT / "seeds" / "status_reasons.csv").open(encoding="utf-8") as handle:
        listed = {(row["status"], row["status_reason"]) for row in csv.DictReader(handle)}
    given = set().union(*reasons_given().values())
    assert {"too_few_events", "missing_band", "limits_too_wide", "no_numerator"} <= given
    assert {"quantile_missing", "series_break", "ratio_unbounded", "no_variation"} <= given
    for reason in given:
        status = macros.value(macros.render(f"""refusal_status("'{reason}'")"""))
        assert (status, reason) in listed, f"seeds/status_reasons.csv lacks {status}, {reason}"
