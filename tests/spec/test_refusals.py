"""Every reason that a method may give is on the list of reasons, with its status."""

from __future__ import annotations

import csv
import re

from dagster_project.home import PROJECT_ROOT
from tests import macros

REASON = re.compile(r"(?:then|else) '([a-z_]+)'")
STATUSES = {"published", "not_available", "not_calculated"}
# What else a macro may answer: judgements, directions, and why two values aren't compared.
ANSWERS = {
    *("better", "similar", "worse", "lower", "higher", "no_judgement", "not_compared"),
    *("increasing", "decreasing", "no_change", "all_fall", "within"),
    *("no_comparator", "no_comparator_limits", "polarity_not_confirmed"),
}


def reasons_given() -> dict[str, set[str]]:
    """The reasons in the macros that methods are made of, by file."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in macros.MACROS.glob("*.sql")}
    return {
        file: set(REASON.findall(text)) - STATUSES - ANSWERS
        for file, text in texts.items()
        if "method_result(" in text or "as refusal" in text or "_refusal(" in text
    }


def test_every_reason_is_on_the_list_with_the_status_that_the_method_gives_it():
    with (PROJECT_ROOT / "seeds" / "status_reasons.csv").open(encoding="utf-8") as handle:
        listed = {(row["status"], row["status_reason"]) for row in csv.DictReader(handle)}
    given = set().union(*reasons_given().values())
    assert {"too_few_events", "missing_band", "limits_too_wide", "no_numerator"} <= given
    for reason in given:
        status = macros.value(macros.render(f"""refusal_status("'{reason}'")"""))
        assert (status, reason) in listed, f"seeds/status_reasons.csv lacks {status}, {reason}"
