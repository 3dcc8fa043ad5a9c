"""Every core check is accounted for once, and lives where it is said to."""

from __future__ import annotations

import pytest

from dagster_project.home import PROJECT_ROOT
from dagster_project.judging.suites import SOMETHING_JUDGED, load_suites
from tests.support.core_checks import HOMES, core_checks

LISTED = core_checks()
SUITES = load_suites(PROJECT_ROOT / "expectations")
IN_SUITES = {
    check.check_id: f"expectations/{suite.file}" for suite in SUITES for check in suite.checks
}


def test_each_of_the_66_is_listed_once_and_in_order() -> None:
    assert [row["check_id"] for row in LISTED] == [f"C{number:02}" for number in range(1, 67)]


def test_what_is_said_to_live_in_a_suite_is_what_does() -> None:
    said = {row["check_id"]: row["place"] for row in LISTED if row["lives_in"] == "suite"}
    agreed = {check: file for check, file in IN_SUITES.items() if check.startswith("C")}
    assert said == agreed


def test_the_judges_own_check_lives_in_the_runner() -> None:
    (own,) = [row for row in LISTED if row["check_id"] == SOMETHING_JUDGED.check_id]
    assert own["lives_in"] == "runner"


@pytest.mark.parametrize("row", [pytest.param(row, id=row["check_id"]) for row in LISTED])
def test_a_place_is_there_and_an_absence_has_a_reason(row: dict[str, str]) -> None:
    assert row["lives_in"] in HOMES
    assert row["asserts"].strip()
    if row["lives_in"] in ("not_yet", "left_out", "elsewhere"):
        assert row["note"].strip()
    else:
        assert (PROJECT_ROOT / row["place"]).exists()


def test_what_is_said_to_be_in_shadow_is_what_is() -> None:
    said = {row["check_id"] for row in LISTED if row["note"].startswith("In shadow")}
    shadows = {check.check_id for suite in SUITES for check in suite.checks if check.shadow}
    assert said == {check for check in shadows if check.startswith("C")}
