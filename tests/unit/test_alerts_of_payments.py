"""What a release's contracts tell: payments that may still change, or are open again."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import state
from dagster_project.alerts import releases_seen
from dagster_project.alerts.routing import directory
from dagster_project.alerts.says import OPEN_AGAIN, SAYS
from dagster_project.alerts.wording import Speaker
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.release.manifest import Manifest, Tombstone, write_manifest
from tests.support.alerts_release import Releases, recipients, said, told, write


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(Home(tmp_path / "home"))


PAYMENT = {
    "contract_id": "stockport_like",
    "provider_id": "trust",
    "contract_period": "2023/24",
    "title": "A contract",
    "provider": "A trust",
    "pay_by": "2024-12-31",
}
LINE = {**PAYMENT, "outcome_id": "diagnosed", "title": "People are diagnosed", "amount": 1234.5}
REOPENED = "payment_reopened/stockport_like/2023/24"
FINAL = frozenset({("stockport_like", "2023/24", "trust")})


@pytest.mark.parametrize("why", ["held", "last_good", "provisional", "revised"])
def test_a_payment_that_rests_on_what_may_change_is_told_to_the_contracts_owner(
    releases: Releases, why: str
) -> None:
    releases.make(
        contract_payments=[PAYMENT], contract_statements=[{**LINE, "rests_on": [why, "stand_in"]}]
    )
    (cause,) = told(releases).values()
    assert cause.key == "payment_may_change/stockport_like/2023/24"
    assert recipients(cause) == {"contract-managers", "stockport-leads"}
    assert cause.all_parts == {f"trust/diagnosed/{why}"}
    lines = list(SAYS[cause.kind](Speaker(directory()), cause, False))
    # Two days stand in the message: the payment's, and by when the alert is to be dealt with.
    assert lines[0].startswith("By the contract, to be paid by 31 December 2024. The day below is")
    assert lines[1].startswith("People are diagnosed: paid on a")
    assert not any("1234" in line or "1,234" in line for line in lines)
    # It is over once the value is settled.
    releases.make(contract_payments=[PAYMENT], contract_statements=[{**LINE, "rests_on": []}])
    assert told(releases) == {}


def test_a_payment_that_waits_or_rests_on_what_is_settled_is_nothing_to_tell(
    releases: Releases,
) -> None:
    lines = [
        {**LINE, "amount": None, "rests_on": ["provisional"]},
        {**LINE, "outcome_id": "other", "rests_on": ["stand_in"]},
    ]
    releases.make(contract_payments=[PAYMENT], contract_statements=lines)
    assert told(releases) == {}


def marked(state: str, status: str, **more: Any) -> dict[str, Any]:
    """The tables of a release whose one payment has that status, and its outcome that state."""
    line = {**LINE, "amount": None, "state": state, "rests_on": [], **more}
    return {
        "contract_payments": [{**PAYMENT, "status": status}],
        "contract_statements": [line],
    }


SETTLED = {**marked("paid", "final"), "contract_statements": [{**LINE, "state": "paid"}]}


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("withdrawn", "a value that it was paid on was taken back"),
        ("suppressed", "a value that it was paid on is hidden now"),
    ],
)
def test_a_final_payment_whose_value_is_gone_is_open_again_until_it_is_settled(
    releases: Releases, mark: str, says: str
) -> None:
    """The latest release is redacted in its place; the next one has no value; then one comes."""
    releases.make(**marked(mark, mark))
    found = told(releases, final=FINAL)
    assert set(found) == {REOPENED}
    assert recipients(found[REOPENED]) == {
        "contract-managers",
        "release-managers",
        "stockport-leads",
    }
    assert f"People are diagnosed: {says}." in said(found[REOPENED])
    # What was told goes on, and alerts then keep no payment of that release as final.
    assert set(told(releases, found)) == {REOPENED}

    releases.make(**marked("waits", "part_waits"))
    later = told(releases, found)
    assert "People are diagnosed: it waits for a value." in said(later[REOPENED])
    # Whoever looks at this release alone knows by the one before, and by what was kept.
    assert REOPENED in told(releases, final=FINAL)
    releases.make(**SETTLED)
    assert told(releases, later, FINAL) == {}


def test_a_payment_that_was_never_final_is_not_open_again(releases: Releases) -> None:
    """Nor is it where a value was taken back or hidden that nothing was settled on."""
    for word, status in (("waits", "part_waits"), ("withdrawn", "withdrawn")):
        for _ in range(2):
            releases.make(**marked(word, status))
            assert told(releases) == {}
    releases.make(**marked("suppressed", "suppressed"))
    assert told(releases) == {}
    releases.make(**marked("waits", "waits"))
    assert told(releases) == {}


def test_a_payment_that_was_final_in_the_release_before_is_open_again(releases: Releases) -> None:
    releases.make(**SETTLED)
    assert told(releases) == {}
    releases.make(**marked("excluded", "provisional", rests_on=["provisional"]))
    text = said(told(releases)[REOPENED])
    assert "People are diagnosed: it is left out, and the others weigh more." in text


def test_what_was_final_is_kept_for_when_the_release_is_marked_in_its_place(
    releases: Releases,
) -> None:
    first = releases.make(**SETTLED)
    assert look(releases) == set()
    mark(releases, first, "withdrawn")
    assert look(releases) == {REOPENED}


def test_what_is_hidden_in_a_release_that_was_rolled_back_to_is_told(releases: Releases) -> None:
    first = releases.make(**SETTLED)
    releases.make(**SETTLED)
    assert look(releases) == set()
    releases.point_at(first)
    mark(releases, first, "suppressed")
    assert look(releases) == {REOPENED}
    assert look(releases) == {REOPENED}


def test_a_roll_back_to_before_a_payment_was_final_is_meant(releases: Releases) -> None:
    first = releases.make(**marked("waits", "waits"))
    releases.make(**SETTLED)
    look(releases)
    releases.point_at(first)
    assert look(releases) == set()


def mark(releases: Releases, release: Manifest, word: str) -> None:
    """After this the release is marked in its place, as if the value of its payment was gone."""
    folder = releases.store.path(release.id)
    for table, rows in marked(word, word).items():
        with duckdb.connect() as con:
            write(con, folder / "data" / f"{table}.parquet", table, rows)
    stone = Tombstone("value", "", "it was wrong", "2026-11-20T10:00:00Z")
    write_manifest(folder, replace(release, withdrawn=(stone,)))


def look(releases: Releases) -> set[str]:
    """The causes of the latest release, with what was worked out kept as a look does."""
    seen = releases_seen.look_at(releases.home, directory(), {})
    if seen.record is not None:
        with state.connect(releases.home.state) as ledger:
            state.set_meta(ledger, releases_seen.SEEN, seen.record)
    return {cause.key for cause in seen.causes}


def test_every_state_of_an_outcome_has_words() -> None:
    with (PROJECT_ROOT / "seeds/state_words.csv").open(encoding="utf-8", newline="") as file:
        words = {
            row["word"]
            for row in csv.DictReader(file)
            if (row["released_table"], row["column_name"]) == ("contract_statements", "state")
        }
    assert set(OPEN_AGAIN) == words


def test_a_release_that_knew_no_contracts_tells_nothing_of_them(releases: Releases) -> None:
    made = releases.make(contract_payments=[PAYMENT])
    for name in ("contract_payments", "contract_statements"):
        (releases.store.path(made.id) / "data" / f"{name}.parquet").unlink()
    assert told(releases) == {}
