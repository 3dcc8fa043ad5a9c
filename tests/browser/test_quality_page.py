"""What the page of data quality says is held, set against the release's table of holds."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from dagster_project.site import pages_state
from tests.browser.walking import CELL, words

BODY = re.compile(r'<tbody>\s*<tr class="group">(.*?)</tr>(.*?)</tbody>', re.DOTALL)
ROW = re.compile(
    r'<tr><th scope="row"><a href="indicators/(\w+)\.html">.*?</th>(.*?)</tr>', re.DOTALL
)
PLACE = re.compile(r"<li>(.*?)</li>", re.DOTALL)
GROUPED = """
select check_id, reason, indicator_id, count(*), count(distinct area_code),
    min(period_label), max(period_label), count(distinct period_label),
    count(*) filter (where keeps_last_good_value), string_agg(distinct held_since, ', ')
from read_parquet('{0}') group by all order by all
"""


def number(text: str) -> int:
    return int(re.match(r"[\d,]+", text)[0].replace(",", ""))  # type: ignore[index]


def held(release: Path, query: str) -> list[tuple[object, ...]]:
    return duckdb.sql(query.format(release / "data" / "holds.parquet")).fetchall()


def page_of(site: Path) -> str:
    text = (site / "quality.html").read_text(encoding="utf-8")
    return text.partition('id="held"')[2].partition("</section>")[0]


def test_what_is_held_is_grouped_and_counted_as_the_release_has_it(
    altered: tuple[Path, Path],
) -> None:
    release, site = altered
    told, places = [], 0
    for head, body in BODY.findall(page_of(site)):
        reason = words(head.partition("<small>")[0]).removeprefix("Not so: ")
        check, of = re.search(r"Check (\w+) holds ([\d,]+) ", head).groups()  # type: ignore[union-attr]
        rows = [(indicator, CELL.findall(rest)) for indicator, rest in ROW.findall(body)]
        assert number(of) == sum(number(cells[0][1]) for _, cells in rows)
        for indicator, ((_, values), (_, where), (_, periods), (_, since), (_, kept)) in rows:
            listed = PLACE.findall(where)
            areas = number(words(where.partition("</summary>")[0])) if listed else 1
            places += len(listed) or 1
            first, _, rest = periods.partition(" to ")
            last, _, many = rest.partition(" (")
            said = (first, last or first, number(many) if many else 1)
            told.append((check, reason, indicator, number(values), areas, *said, kept, since))
    expected = [
        (*row[:8], shown(int(str(row[8])), int(str(row[3]))), row[9])
        for row in held(release, GROUPED)
    ]
    assert told == expected
    assert len({row[0] for row in told}) == 3
    assert pages_state.HELD_LISTED >= places > 100


def shown(kept: int, number: int) -> str:
    """What stands in place of the values that are held, in words."""
    if not kept:
        return "no value"
    if kept == number:
        return "the last good value" + ("s" if number > 1 else "")
    return f"the last good value of {kept:,}, none of {number - kept:,}"


def test_an_area_that_is_named_has_its_periods(altered: tuple[Path, Path]) -> None:
    release, site = altered
    one = (
        "select min(period_label) || ' to ' || max(period_label) || ' (' || count(*) || ' periods)'"
        " from read_parquet('{0}') where check_id = 'C11' and area_code = 'E08000009'"
    )
    assert f"<li>Trafford: {held(release, one)[0][0]}</li>" in page_of(site)


def test_a_page_of_many_holds_says_how_many_areas_it_leaves_out(
    altered: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster_project.site.model import read_site
    from dagster_project.site.reading import open_release

    release, _ = altered
    monkeypatch.setattr(pages_state, "HELD_LISTED", 10)
    with open_release(release) as tables:
        made = pages_state.state_pages(read_site(tables, release), tables)
        text = next(page.text for page in made if page.path == "quality.html")
    areas = held(release, "select count(distinct area_code) from '{0}' where check_id = 'C11'")
    assert f"<li>and {int(str(areas[0][0])) - 10} other areas</li>" in text


def test_a_value_that_two_checks_hold_is_counted_once(altered: tuple[Path, Path]) -> None:
    release, site = altered
    keys = "select count(distinct (indicator_id, area_code, period_label, sex)) from '{0}'"
    count, rows = held(release, keys)[0][0], held(release, "select count(*) from '{0}'")[0][0]
    assert count < rows  # type: ignore[operator]
    text = (site / "quality.html").read_text(encoding="utf-8")
    assert f"{count:,} are held by a check" in text
