"""How far our methods agree with what Fingertips publishes: `docs/reference/agreement.md`.

Made on the files of `tests/support/real.py`, by a refresh in a home that is thrown away, or from
the home that is named. The page is dated, since the files may change: it isn't generated in
`make format`, and no test compares it; the floors are held by `test_agreement.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project import warehouse
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.refresh import refresh, request_for
from tests import agreement
from tests.agreement import Ask
from tests.generated import table
from tests.support.real import AS_OF, FOLDER

PAGE = PROJECT_ROOT / "docs" / "reference" / "agreement.md"

COLUMNS = ("rows", "matched", "known departure", "differs", "not comparable")
COUNTS = "count(*), " + ", ".join(
    f"count(*) filter (verdict = '{verdict}')"
    for verdict in ("matched", "departs", "differs", "not_comparable")
)
INDICATOR = "coalesce(indicator_id, 'not registered') || ' (' || indicator_code || ')'"


def page(ask: Ask, day: date) -> str:
    """The page, once `agreement.prepare` has made the tables."""
    return "\n".join([*_opening(day), *_limits(ask), *_comparisons(ask), *_trends(ask)])


def _opening(day: date) -> Iterator[str]:
    yield "# Our methods beside what Fingertips publishes\n"
    yield (
        f"Made by `make agreement` on {day.day} {day:%B %Y}: figures seen, not a promise. Each row"
        " that Fingertips\npublishes in the real files is put to the macros of `dbt/macros`, once"
        " whatever number of files repeat it.\n"
    )
    yield (
        "- *matched*: ours is the published figure or word.\n"
        "- *known departure*: ours is another, and what the publisher did instead was found out: it"
        " gives the\n  row, to the digits printed.\n"
        "- *differs*: ours is another, and the cause was not found out.\n"
        "- *not comparable*: what it takes isn't printed, or the publisher's method isn't known.\n"
    )


def _limits(ask: Ask) -> Iterator[str]:
    yield "## Limits\n"
    yield (
        "A limit matches within half a unit of the last digit printed, that of the row or of most"
        " rows of its\nindicator, year and level, whichever is the finer; and within one part in"
        " ten million, since some figures\nhave passed through single precision. Where limits are"
        " worked out from figures that are rounded\nthemselves, the half units add up: one more"
        " for a value (times the upper limit over it), and two for each\nside by Dobson.\n"
    )
    yield (
        "- *Wilson* and *Byar* (exact below 10): from count and denominator.\n"
        "- *Byar, of count and value*: an indirectly standardised figure's expected count is its"
        " count over its value.\n"
        "- *Dobson, of count, value and lower limit*: a directly standardised rate needs each age"
        " band, which isn't\n  printed; but the lower limit tells the standard error, and so the"
        " upper one.\n"
    )
    yield (
        "Counts of a year and level that all end in 0 or 5 are taken for rounded: those of their"
        " rows that don't\nmatch aren't comparable, since the publisher makes limits of the exact"
        " counts.\n"
    )
    yield "In all, the 95% and the 99.8% limits of a row counted apart:\n"
    found = ask(f"""
        select method, {COUNTS} from limits group by method
        having count(*) filter (verdict <> 'not_comparable') > 0 order by method
    """)
    yield table(("method", *COLUMNS), [_cells(row) for row in found])
    yield "By indicator; *largest* is the largest difference of a row that matched.\n"
    largest = "coalesce(format('{:.1e}', max(difference) filter (verdict = 'matched')), '')"
    level = "case level when '95' then '95%' else '99.8%' end"
    groups = (INDICATOR, "edition", level, "method")
    found = _by(ask, "limits", groups, f"{COUNTS}, {largest}")
    yield table(("indicator", "edition", "limits", "method", *COLUMNS, "largest", "why"), found)


def _comparisons(ask: Ask) -> Iterator[str]:
    yield "## Comparison with England\n"
    yield (
        "The published word beside that of `method_comparison`: England's value within the row's"
        " 95% limits is\nsimilar, else polarity and side say better, worse, higher or lower."
        " England's value is the one of the\nsame files, of the same period, sex, age and"
        " breakdown. FingertipsNext prints no such word. No tolerance.\n"
    )
    found = _by(ask, "comparisons", (INDICATOR, "polarity"), COUNTS)
    yield table(("indicator", "polarity", *COLUMNS, "why"), found)
    yield (
        "Practices' prevalence of dementia is judged otherwise than areas: a value is higher or"
        " lower where it is\noutside the 99.8% control limits of Wilson around England's"
        " proportion, given the practice's size. So\njudged, all words are the published ones.\n"
    )


def _trends(ask: Ask) -> Iterator[str]:
    yield "## Recent trend\n"
    yield (
        "The word on each series' latest row beside that of `method_recent_trend` on the series as"
        " the files have it.\nFingertips tests proportions by their counts; FingertipsNext tests"
        " all values by their limits. Each edition\nis put to its own test. No tolerance.\n"
    )
    found = _by(ask, "(from trends where is_own_rule)", (INDICATOR, "edition"), COUNTS)
    yield table(("indicator", "edition", *COLUMNS, "why"), found)
    yield "What each test makes of each edition, of the series that it can be made of:\n"
    found = [
        _cells(row)
        for row in ask("""
            select edition, 'by ' || rule, count(*) filter (verdict = 'matched'),
                count(*) filter (verdict = 'differs'),
                coalesce(string_agg(distinct indicator_id, ', ' order by indicator_id)
                    filter (verdict = 'differs'), '')
            from trends where verdict <> 'not_comparable'
            group by edition, rule order by edition, rule
        """)
    ]
    yield table(("edition", "test", "matched", "differs", "where"), found)


def _by(ask: Ask, relation: str, groups: tuple[str, ...], figures: str) -> list[tuple[str, ...]]:
    """A row a group: its figures, then its reasons with how many rows each has."""
    keys = ", ".join(f"{group} as key_{number}" for number, group in enumerate(groups))
    of = "group by " + ", ".join(f"key_{number}" for number in range(len(groups)))
    rows = ask(f"select {keys}, {figures} from {relation} {of} order by all")
    said = ask(
        f"select {keys}, reason, count(*) from {relation} where reason is not null {of}, reason"
    )
    why: dict[tuple[Any, ...], list[tuple[int, str]]] = {}
    for *key, reason, count in said:
        why.setdefault(tuple(key), []).append((-count, f"{count:,} {reason}"))
    return [
        (*_cells(row), "; ".join(text for _, text in sorted(why.get(row[: len(groups)], []))))
        for row in rows
    ]


def _cells(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)


def main() -> int:
    """Writes the page; OUTCOMES_REAL_EXTRACTS, or --home, says from what."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, help="a home where the real files are refreshed")
    home = arguments.parse_args().home
    if home is None and not FOLDER.is_dir():
        print(f"{FOLDER}: no such folder; OUTCOMES_REAL_EXTRACTS names another", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        place = Home(home or Path(scratch))
        if home is None:
            refresh(request_for(place, [str(FOLDER)], sample=False, as_of=AS_OF))
        with warehouse.connect(place, read_only=True) as connection:

            def ask(query: str) -> list[tuple[Any, ...]]:
                return connection.execute(query).fetchall()

            agreement.prepare(ask)
            PAGE.write_text(page(ask, date.today()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
