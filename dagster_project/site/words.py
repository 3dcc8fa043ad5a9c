"""The words of the release's codes, for people: from `seeds/`, and here what no seed lists."""

from __future__ import annotations

import csv
from functools import cache

from dagster_project.home import PROJECT_ROOT

# Which seed says a code in words: file, column of the code, column of the words.
SEEDS = (
    ("comparability_reasons.csv", "reason", "sentence"),
    ("status_reasons.csv", "status_reason", "label"),
)
# Why a value is not compared, or not judged: the codes of `comparisons.reason`.
COMPARISON_REASONS = {
    "polarity_not_confirmed": "Not judged: whether high or low is good is not confirmed",
    "no_limits": "Not compared: the value has no confidence limits",
    "missing_value": "Not compared: there is no value",
    "no_comparator": "Not compared: there is no value to compare with",
    "is_comparator": "England is what the others are compared with",
    "breakdown": "Not compared: the value is of one group only",
    "count_depends_on_size": "Not compared: a count depends on how many people live there",
    "indirectly_standardised": (
        "Not compared: an indirectly standardised value may be compared with England only"
    ),
    "crude_where_standardised": (
        "Not compared: the value is crude where the definition asks for a standardised one"
    ),
    "comparator_withdrawn": "Not compared: the value to compare with was withdrawn",
    "no_comparator_limits": "Not compared: the value to compare with has no limits",
    "no_peers_limits": "Not compared: the peer's value has no limits",
}
PLACES = {"england": "England", "region": "the region", "peers": "the peer", "value": "the area"}
STATES = {
    "value": "has no value",
    "held": "has a value that is held",
    "suppressed": "has a value that is hidden",
    "withdrawn": "had its value withdrawn",
    "not_calculated": "has a value that could not be calculated",
    "not_available": "has no value from the publisher",
    "not_collected": "was not asked",
    "not_applicable": "is not covered by the measure",
    "published": "has a value",
}


@cache
def _seed_words() -> dict[str, str]:
    words: dict[str, str] = {}
    for file, code, sentence in SEEDS:
        with (PROJECT_ROOT / "seeds" / file).open(encoding="utf-8", newline="") as stream:
            words |= {row[code]: row[sentence] for row in csv.DictReader(stream)}
    return words | COMPARISON_REASONS


def reason_words(code: str, words: str | None = None) -> str:
    """A reason in words: those given, a seed's, or those of a code that names who has no value."""
    if words:
        return words
    known = _seed_words().get(code)
    if known:
        return known.rstrip(".")
    if code.startswith("no_") and code.endswith("_value"):
        place = code.removeprefix("no_").removesuffix("_value")
        return f"Not compared: {PLACES.get(place, place)} has no value"
    place, _, state = code.partition("_")
    if place in PLACES and state in STATES:
        return f"Not compared: {PLACES[place]} {STATES[state]}"
    return code.replace("_", " ")
