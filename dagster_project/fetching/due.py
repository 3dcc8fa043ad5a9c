"""Which live sources are due to be asked, by the calendar and by how it last went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dagster_project.calendar import add_working_days, expected_by, source_rows, sources_due
from dagster_project.fetching import ledger
from dagster_project.fetching.addresses import Address
from dagster_project.home import Home


def why_due(home: Home, addresses: Iterable[Address], as_of: date) -> dict[str, str | None]:
    """For each live source why it is to be asked on that day; None where it isn't due."""
    known = ledger.load(home)
    places: dict[str, list[str]] = {}
    for address in addresses:
        places.setdefault(address.source_id, []).append(address.place)
    calendar = {due.source_id: due for due in sources_due(home)}
    rows = {row["source_id"]: row for row in source_rows()}
    found: dict[str, str | None] = {}
    for source_id, its in places.items():
        here = [known.get(place) for place in its]
        expected = expected_by(rows[source_id], as_of)
        grace = int(rows[source_id]["grace_working_days"] or 0)
        next_due = calendar[source_id].next_due
        if any(row is None for row in here):
            found[source_id] = "an address was never asked"
        elif any(row["problem"] or row["landing_problem"] for row in here if row is not None):
            found[source_id] = "it went wrong the last time"
        elif next_due is not None and next_due <= as_of:
            found[source_id] = f"expected since {next_due.isoformat()}"
        # Publishers release in parts, and correct in the first days.
        elif expected is not None and as_of <= add_working_days(expected, grace):
            found[source_id] = f"expected on {expected.isoformat()}, and still in its days of grace"
        else:
            found[source_id] = None
    return found
