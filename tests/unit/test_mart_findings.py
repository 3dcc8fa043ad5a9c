"""The mart `findings`: each open finding of a check once, with whoever sees to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

RESULT: dict[str, Any] = {
    "check_id": "C32",
    "title": "Each area of the level has a row",
    "severity": "warning",
    "owner": "source",
    "outcome": "pass with failures",
    "indicator_id": "smoking",
    "source_id": "qof",
    "failed": 3.0,
    "period_start": "2020-04-01",
    "period_end": "2021-03-31",
    "note": "",
    "group_id": 7,
}
BRISTOL, STOCKPORT, LEEDS = "E06000023", "E08000007", "E08000035"
# Each row of these values, by its number; the last is hidden.
SHOWN = [
    models.value(row_id=1, area_code=BRISTOL, source_id="qof"),
    models.value(row_id=2, area_code=STOCKPORT, source_id="qof", status="held"),
    models.value(row_id=3, area_code=LEEDS, source_id="qof", status="suppressed"),
]


def findings(
    *results: dict[str, Any],
    before: list[dict[str, Any]] | None = None,
    failing: list[int] | None = None,
) -> list[Any]:
    previous = before or [
        {"check_id": "", "indicator_id": "", "source_id": "", "outcome": "", "since": ""}
    ]
    return models.rows(
        "marts/findings.sql",
        judged_check_results=[RESULT | each for each in results],
        int_indicators=[{"indicator_id": "smoking", "owner": "public-health-analysts"}],
        sources=models.seed("sources"),
        owners=models.seed("owners"),
        run_previous_findings=previous,
        run_context=[{"release_id": "now"}],
        judged_failures=[
            {"check_id": check_id, "row_id": each}
            for check_id in ("C46", "L05")
            for each in failing or [0]
        ],
        candidate_values=SHOWN,
        indicator_values=SHOWN,
        evidence_missing_areas=[
            {"group_id": 7, "area_code": each} for each in (BRISTOL, LEEDS, STOCKPORT)
        ],
        published_areas=[{"area_code": each} for each in (BRISTOL, STOCKPORT, LEEDS)],
    )


@pytest.mark.parametrize(
    ("owner", "mailbox"),
    [
        ("indicator", "public-health-analysts@example.org"),
        ("source", "primary-care-analysts@example.org"),
        ("data-engineering", "data-engineering@example.org"),
    ],
)
def test_each_kind_of_owner_has_a_mailbox(owner: str, mailbox: str) -> None:
    (found,) = findings({"owner": owner})
    if owner == "source":
        role = next(row["owner"] for row in models.seed("sources") if row["source_id"] == "qof")
        mailbox = f"{role}@example.org"
    assert found["mailbox"] == mailbox


def test_groups_of_one_finding_are_counted_and_a_pass_is_none() -> None:
    later = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    passed = {"outcome": "pass", "check_id": "C08", "failed": 0.0}
    (found,) = findings({}, later, passed, {**passed, "outcome": "not applicable"})
    assert (found["groups_found"], found["values_found"]) == (2, 6)
    assert str(found["last_period_end"]) == "2022-03-31"
    assert found["since"] == "now"


def test_a_finding_that_was_there_keeps_since_when() -> None:
    before = [{name: RESULT[name] for name in ("check_id", "indicator_id", "source_id", "outcome")}]
    before[0]["since"] = "1.0.0-a"
    known, new = findings({}, {"outcome": "fail", "check_id": "C43"}, before=before)
    assert {known["check_id"]: known["since"], new["check_id"]: new["since"]} == {
        "C32": "1.0.0-a",
        "C43": "now",
    }


def test_a_finding_names_its_areas_save_those_whose_value_is_hidden() -> None:
    rows = {"check_id": "C46", "outcome": "pass with failures", "period_start": "2021-04-01"}
    # As long a list as a result has room for, and more are missing.
    missing = {"note": f"{LEEDS}, {BRISTOL},  …"}
    # A few examples are listed of a check that fails nearly everywhere: they name no area.
    capped = {"check_id": "L05", "note": "capped: 9 values fail in all, more than are listed"}
    found = findings(missing, missing, rows, capped, failing=[1, 2, 3])
    assert {each["check_id"]: each["area_codes"] for each in found} == {
        "C32": [BRISTOL, STOCKPORT, LEEDS],
        "C46": [BRISTOL, STOCKPORT],
        "L05": [],
    }
