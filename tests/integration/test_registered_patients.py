"""Registered list sizes from a small inbox: two days, one of them issued again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.refresh import Outcome, refresh, request_for
from tests.support import landing_reference as files
from tests.support.landing_files import as_csv

pytestmark = [pytest.mark.xdist_group("registered_patients"), pytest.mark.slow]

Ask = Callable[[str], list[tuple[Any, ...]]]

JANUARY, FEBRUARY = date(2021, 1, 1), date(2021, 2, 1)
INBOX = {
    "january.csv": as_csv(files.registered_patients("01JAN2021", (5000, 6000, 7000))),
    # A practice has closed, by the list that was issued again: the later one counts whole.
    "again/january.csv": as_csv(files.registered_patients("01JAN2021", (5000, 6500))),
    "again/january.csv.period": b"vintage: 2021-01-20\n",
    "february.csv": as_csv(files.registered_patients("01FEB2021", (5100, 6600, 1))),
}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Outcome]:
    folder = tmp_path_factory.mktemp("registered_patients")
    home, inbox = Home(folder / "home"), folder / "inbox"
    for name, content in INBOX.items():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content)
    return home, refresh(request_for(home, [str(inbox)], sample=False, as_of="2026-11-22"))


@pytest.fixture(scope="module")
def ask(refreshed: tuple[Home, Outcome]) -> Iterator[Ask]:
    home, _ = refreshed
    with warehouse.connect(home, read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_a_list_alone_gives_nothing_to_publish_and_that_is_said(refreshed):
    _, outcome = refreshed
    assert outcome.summary["landing"]["refused"] == []
    assert outcome.release is None
    assert outcome.why == "no extract has landed that gives a value"


def test_each_day_has_its_practices_ccgs_and_england(ask):
    assert ask("from intermediate.int_registered_patients order by all") == [
        (JANUARY, "england", "E92000001", 11500.0, 2),
        (JANUARY, "practice", "A80000", 5000.0, 1),
        (JANUARY, "practice", "A80001", 6500.0, 1),
        (JANUARY, "sub_icb", "E38000998", 5000.0, 1),
        (JANUARY, "sub_icb", "E38000999", 6500.0, 1),
        (FEBRUARY, "england", "E92000001", 11701.0, 3),
        (FEBRUARY, "practice", "A80000", 5100.0, 1),
        (FEBRUARY, "practice", "A80001", 6600.0, 1),
        (FEBRUARY, "practice", "A80002", 1.0, 1),
        (FEBRUARY, "sub_icb", "E38000998", 5100.0, 1),
        (FEBRUARY, "sub_icb", "E38000999", 6601.0, 2),
    ]


def test_what_was_issued_before_stays_in_staging(ask):
    assert ask(
        "select counted_on, count(*) from staging.stg_registered_patients__totals"
        " group by 1 order by 1"
    ) == [(JANUARY, 5), (FEBRUARY, 3)]
