"""The core checks and where each lives, from `expectations/core_checks.csv`."""

from __future__ import annotations

import csv

from dagster_project.home import PROJECT_ROOT

CORE = PROJECT_ROOT / "expectations" / "core_checks.csv"
# What a check may live in, in words.
HOMES = {
    "suite": "in the suites",
    "dbt_test": "among dbt's tests",
    "registry": "in the registry's rules",
    "landing": "where files are taken in",
    "runner": "in what runs the checks",
    "publication": "where a release is made",
    "mart": "in a mart, which refuses",
    "elsewhere": "in the marts of comparability",
    "not_yet": "not yet",
    "left_out": "left out",
}


def core_checks() -> list[dict[str, str]]:
    """The rows of the list."""
    with CORE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
