"""The static pages say what the tables say, lead where they say, and run nothing."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import duckdb
import pytest

from dagster_project.release import words as released
from tests.browser.altered import BURY, HOSTILE, INDICATOR, STOCKPORT, TRAFFORD
from tests.browser.conftest import Ask
from tests.browser.walking import Shown, anchors_of, links_of, pages_of, rows_of, words

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_BYTES = 200_000
OWN_BYTES = 60_000
PHOF = "phof-2019-on"
# A page of each kind; those of an area are of one that a local framework is about.
KINDS = {
    "front": "index.html",
    "frameworks": "frameworks/index.html",
    "framework": f"frameworks/{PHOF}/index.html",
    "paper": f"frameworks/{PHOF}/{STOCKPORT}.html",
    "local": f"frameworks/stockport-2017-version-1/{STOCKPORT}.html",
    "areas": "areas/index.html",
    "area": f"areas/{STOCKPORT}.html",
    "indicators": "indicators/index.html",
    "indicator": "indicators/emergency_admissions_falls_aged_65_and_over.html",
    "more areas": "indicators/atrial_fibrillation_qof_prevalence-more-areas.html",
    "alignment": "alignment.html",
    "quality": "quality.html",
    "changes": "changes.html",
    "definitions": "definitions.html",
    "downloads": "downloads.html",
}
KEY = (
    "indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,"
    " breakdown_type, breakdown, origin"
)
SAID = f"""
select h.framework, h.edition, area_code, indicator_id, sex, v.period_label, v.value, v.lower_95,
    v.upper_95, c.comparator_value, c.judgement, i.decimals, i.unit, v.status
from headlines as h
inner join indicator_values as v using ({KEY})
inner join indicators as i using (indicator_id)
left join (from comparisons where comparator_type = 'england') as c using ({KEY})
where h.area_type in ('england', 'region', 'utla', 'district', 'icb', 'nhs_region', 'sub_icb')
    -- Everybody's figure stands in the row of a segment's own.
    and not (h.segment = 'all' and exists (
        select 1 from headlines as own
        where own.framework = h.framework and own.edition = h.edition and own.segment <> 'all'
            and own.indicator_id = h.indicator_id and own.area_code = h.area_code
            and own.sex = h.sex
    ))
"""
Said = tuple[str, str, str, str, str]


def number(value: float | None, decimals: int, unit: str = "") -> str:
    """The number as pages write it, by another way than theirs."""
    if value is None:
        return ""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    written = f"{abs(exact):,}"
    return ("−" if exact < 0 else "") + written + ("%" if unit == "%" else "")


def expected(row: tuple[Any, ...]) -> Said:
    """What a row of the tables is to look like: period, value, limits, England, judgement."""
    period, value, low, high, england, judgement, decimals, unit, status = row[5:]
    limits = f"{number(low, decimals)} to {number(high, decimals)}"
    shown = number(value, decimals, unit)
    return (
        period,
        shown or released.words("indicator_values", "status")[status].lower(),
        limits if shown and None not in (low, high) else "",
        number(england, decimals, unit),
        released.words("comparisons", "judgement")[judgement or "not_compared"],
    )


def said(row: Shown) -> Said:
    return (row.period, row.value, row.small, row.england, row.judgement)


@pytest.fixture(scope="module")
def speaking(ask: Ask) -> dict[tuple[str, str, str], dict[str, list[Said]]]:
    """By framework, edition and area: what each indicator's rows are to say."""
    found: dict[tuple[str, str, str], dict[str, list[Said]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in ask(SAID):
        found[row[0], row[1], row[2]][row[3]].append(expected(row))
    return found


def indicator_of(anchor: str) -> str:
    return anchor.split("-")[0]


def shown_on(path: Path) -> dict[str, set[Said]]:
    found: dict[str, set[Said]] = defaultdict(set)
    for row in rows_of(path):
        found[indicator_of(row.anchor)].add(said(row))
    return found


def test_each_area_shows_its_values_and_no_others(site: Path, speaking: Any) -> None:
    compared = 0
    for path in sorted((site / "areas").glob("[A-Z]*.html")):
        wanted = {name: set(rows) for name, rows in speaking["none", "none", path.stem].items()}
        assert shown_on(path) == wanted, path.name
        compared += len(wanted)
    assert compared > 10_000


def test_each_paper_shows_its_frameworks_values_and_counts(
    site: Path, speaking: Any, ask: Ask
) -> None:
    counts = {
        row[:4]: [str(n) for n in row[4:]]
        for row in ask(
            'select framework, edition, area_code, domain_code, indicators, better, "similar",'
            " worse, mixed, no_judgement, not_compared, no_data from domain_summary"
        )
    }
    editions = {
        re.sub(r"[^a-z0-9]+", "-", f"{framework}-{edition}".lower()): (framework, edition)
        for framework, edition in ask("select distinct framework, edition from domain_summary")
    }
    compared = 0
    for path in sorted(site.glob("frameworks/*/[A-Z]*.html")):
        key = (*editions[path.parent.name], path.stem)
        wanted = {name: set(rows) for name, rows in speaking[key].items()}
        assert shown_on(path) == wanted, path
        table = path.read_text(encoding="utf-8").split('<table class="tallies">')[1]
        table = table.split("</table>")[0].split("<tbody>")[1]
        tallies = [
            [words(cell) for cell in re.findall(r"<td[^>]*>(.*?)(?=<td|$)", row)][:8]
            for row in table.split("</tr>")
            if "<td" in row
        ]
        assert sorted(tallies) == sorted(n for domain, n in counts.items() if domain[:3] == key)
        compared += 1
    assert compared > 500


def test_a_segments_row_says_what_everybodys_figure_is(site: Path, ask: Ask) -> None:
    told = ask(
        "select distinct domain_code, indicator_id from headlines"
        " inner join framework_indicators as members using (framework, edition, indicator_id)"
        " where segment = domain_code and framework = 'stockport'"
    )
    page = (site / KINDS["local"]).read_text(encoding="utf-8")
    assert page.count("everybody in Stockport: ") == len(told) > 20


def test_what_a_paper_counts_is_what_it_lists(site: Path) -> None:
    """The words of the rows, counted, are the tally that the release gives."""
    path = site / KINDS["paper"]
    judged: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(path):
        judged[indicator_of(row.anchor)].add(row.judgement)
    alone = [next(iter(found)) for found in judged.values() if len(found) == 1]
    lead = words(path.read_text(encoding="utf-8").split('class="lead">')[1].split("</p>")[0])
    better, similar, worse = re.findall(
        r"(\d+) (?:is|are) better than England, (\d+) similar and (\d+) worse", lead
    )[0]
    assert [alone.count(word) for word in ("Better", "Similar", "Worse")] == [
        int(better),
        int(similar),
        int(worse),
    ]


LACKING = re.compile(r"<p>([^<]*):</p>\n<ul>\n(.*?)</ul>", re.DOTALL)
LACKED = re.compile(r"/indicators/(\w+)\.html>")


def test_what_is_hidden_is_not_called_absent(site: Path, ask: Ask) -> None:
    """A member is called absent only where the release has no row that would speak for it."""
    there = set(
        ask(
            """
            select distinct v.area_code, v.indicator_id
            from indicator_values as v
            inner join indicators as i using (indicator_id)
            where v.segment = 'all' and v.breakdown_type = 'all' and v.age = i.headline_age
                and list_contains(string_split(i.headline_sex, '|'), v.sex)
            """
        )
    )
    said = {
        (path.stem, indicator, why.lower())
        for path in site.glob("frameworks/*/[A-Z]*.html")
        for why, items in LACKING.findall(path.read_text("utf-8"))
        for indicator in LACKED.findall(items)
    }
    absent = {(area, name) for area, name, why in said if why == "no value for this area"}
    hidden = {(area, name) for area, name, why in said if why == "hidden"}
    assert absent
    assert hidden
    assert not absent & there
    assert hidden <= there


def test_each_indicator_shows_its_areas_and_gives_them_as_a_table(
    site: Path, speaking: Any, ask: Ask
) -> None:
    wanted: dict[str, set[tuple[str, Said]]] = defaultdict(set)
    for (framework, _, area), indicators in speaking.items():
        if framework == "none":
            for name, rows in indicators.items():
                wanted[name] |= {(area, row) for row in rows}
    for name, rows in wanted.items():
        found = set()
        for path in (site / "indicators").glob(f"{name}*.html"):
            if path.stem in (name, f"{name}-more-areas"):
                found |= {(row.anchor.split("-")[0], said(row)) for row in rows_of(path)}
        assert found == rows, name
    with (site / "indicators" / "smoking_adults.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        given = {(row["area_code"], row["sex"]): row["value"] for row in csv.DictReader(file)}
    told = ask(
        "select area_code, sex, v.value from headlines as h"
        f" inner join indicator_values as v using ({KEY})"
        " where h.framework = 'none' and indicator_id = 'smoking_adults'"
    )
    assert {key: float(v) if v else None for key, v in given.items()} == {
        (area, sex): v for area, sex, v in told
    }


def test_every_link_leads_somewhere_and_each_place_has_a_name_of_its_own(
    site: Path, release: Path
) -> None:
    files = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    anchors = {}
    for name in files:
        if name.endswith(".html"):
            named = anchors_of(release / name)
            anchors[name] = set(named)
            assert len(named) == len(anchors[name]), f"{name} has one name for two places"
    followed = 0
    for path in pages_of(site):
        here = path.relative_to(release).as_posix()
        folder = dirname(here)
        for link in links_of(path) - {"data:,"}:
            address, _, place = unquote(link).partition("#")
            target = normpath(f"{folder}/{address}") if address else here
            assert target in files, f"{here} leads to {link}"
            # What the explorer's addresses begin with is for its script.
            if place and not place.startswith("/"):
                assert place in anchors[target], f"{here} leads to {link}"
            followed += 1
    assert followed > 50_000


def test_pages_are_small_and_hold_no_script_or_style_of_their_own(site: Path) -> None:
    for path in pages_of(site):
        text = path.read_text(encoding="utf-8")
        assert path.stat().st_size <= MOST_BYTES, path
        assert "default-src 'none'; style-src 'self'; script-src 'self'" in text, path
        assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son[a-z]+=", text), path
        assert not re.search(r'(?:src|href)="?(?:https?:)?//', text), path
        assert "Made-up sample data" in text, path
        assert len(re.findall("<h1[ >]", text)) == 1, path
    # All of it; a first view loads less (test_explorer.py), and the rest comes when it is used.
    assert sum(path.stat().st_size for path in (site / "assets").iterdir()) <= OWN_BYTES


def test_the_site_is_a_part_of_the_release_and_of_its_manifest(release: Path) -> None:
    from dagster_project.release.manifest import verify

    listed = {entry.path for entry in verify(release).files}
    assert {"site/index.html", f"site/areas/{STOCKPORT}.html", "site/assets/site.css"} <= listed


def test_a_release_is_written_as_the_same_site_again(site: Path, release: Path) -> None:
    from dagster_project.site.model import read_site
    from dagster_project.site.pages_framework import read_summaries
    from dagster_project.site.pages_whole import whole_pages
    from dagster_project.site.reading import open_release

    with open_release(release) as tables:
        site_of_it = read_site(tables, release, ["explorer"])
        for page in whole_pages(site_of_it, tables, read_summaries(tables)):
            assert (site / page.path).read_text(encoding="utf-8") == page.text, page.path


def test_what_is_held_is_marked_and_what_is_hidden_shows_no_figure(
    altered: tuple[Path, Path],
) -> None:
    _, site = altered
    with duckdb.connect() as con:
        keeps = con.execute(
            f"select value, period_label from '{altered[0]}/data/indicator_values.parquet'"
            f" where status = 'held' and area_code = '{STOCKPORT}'"
        ).fetchall()
    for path in (site / "areas" / f"{STOCKPORT}.html", site / "indicators" / f"{INDICATOR}.html"):
        held = [
            row
            for row in rows_of(path)
            if row.anchor in (INDICATOR, STOCKPORT) and row.period == keeps[0][1]
        ]
        assert [(row.is_held, row.value) for row in held] == [(True, number(keeps[0][0], 1, "%"))]
        assert held[0].notes.startswith("Held since release 1.0.0-abc: ")
        assert (held[0].england, held[0].judgement) == ("", "Not compared")
    for path in (site / "areas" / f"{TRAFFORD}.html", site / "indicators" / f"{INDICATOR}.html"):
        hidden = [row for row in rows_of(path) if row.anchor in (INDICATOR, TRAFFORD)]
        assert [(row.value, row.small, row.england) for row in hidden] == [("hidden", "", "")]
        assert hidden[0].notes.startswith("Hidden here: few people")
    line = next(
        line
        for line in (site / "indicators" / f"{INDICATOR}.csv").read_text("utf-8-sig").splitlines()
        if TRAFFORD in line
    )
    assert f",{TRAFFORD},2023,Persons,18+ yrs,,,,,,suppressed," in line
    assert "1.0.0-abc" in (site / "quality.html").read_text(encoding="utf-8")


def test_text_from_extracts_is_inert(altered: tuple[Path, Path]) -> None:
    _, site = altered
    met = 0
    for path in pages_of(site):
        text = path.read_text(encoding="utf-8")
        assert "<script>" not in text, path
        assert "<img" not in text, path
        assert "\u202e" not in text, path
        met += "&lt;script&gt;window.hurt" in text
    assert met > 5
    table = (site / "indicators" / "suicide_rate.csv").read_text("utf-8-sig")
    with (site / "indicators" / "suicide_rate.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["title"] for row in rows} == {f"'{HOSTILE}"}, table[:300]
    assert {row["area_name"] for row in rows if row["area_code"] == BURY} == {f"'{HOSTILE}"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_axe_finds_nothing_on_a_page(page: Page, site: Path, kind: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((site / KINDS[kind]).as_uri())
        # 320 CSS pixels are also what is left of 1280 at 400%.
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # What axe would load to see more, the page's security policy refuses.
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def test_no_page_is_wider_than_a_narrow_screen(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    for kind in ("paper", "area", "indicator", "alignment", "quality"):
        page.goto((site / KINDS[kind]).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, kind
        if kind == "area":
            # A value stands beside its name, as every other cell does.
            cells = "[...document.querySelectorAll('.glance tbody td')]"
            aligned = f"new Set({cells}.map(cell => getComputedStyle(cell).textAlign))"
            assert page.evaluate(f"[...{aligned}]") == ["left"]


def test_a_paper_prints_on_four_pages(page: Page, site: Path) -> None:
    longest = max(site.glob("frameworks/*/[A-Z]*.html"), key=lambda path: len(list(rows_of(path))))
    for path in (longest, site / KINDS["paper"], site / KINDS["local"]):
        page.goto(path.as_uri())
        printed = page.pdf(prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 4, path


def test_in_forced_colours_a_bar_keeps_its_parts(page: Page, site: Path) -> None:
    page.emulate_media(forced_colors="active")
    page.goto((site / f"areas/{STOCKPORT}.html").as_uri())
    drawn = page.locator(".bar path").first
    # Without this a line is as thick as the bar is high, and all of it is black.
    assert drawn.evaluate("e => getComputedStyle(e).vectorEffect") == "non-scaling-stroke"


def test_the_way_to_stockport_on_falls(page: Page, site: Path) -> None:
    """From the front page without a script: worse than England, getting worse, and for whom."""
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="Start with an area").click()
    page.locator("section[aria-labelledby=area]").get_by_role("link", name="Stockport").click()
    page.get_by_role("heading", name="Worse than England", exact=False).wait_for()
    link = page.get_by_role("link", name="Emergency hospital admissions due to falls", exact=False)
    link.first.click()
    row = page.locator("tr:target")
    cells = [cell.strip() for cell in row.locator("td").all_inner_texts()]
    assert cells[2:4] == ["Worse", "No significant change"]
    assert re.match(r"Males [\d,.]+ lower than females\s+[\d,.]+ to [\d,.]+$", cells[5])


def test_in_forced_colours_charts_keep_their_own_ground(page: Page, site: Path) -> None:
    """Their words and marks are drawn for white; a dark scheme would put them on black."""
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.goto((site / "indicators" / "smoking_adults.html").as_uri())
    told = page.locator("svg.chart").first.evaluate(
        "svg => [getComputedStyle(svg).backgroundColor,"
        " getComputedStyle(svg.querySelector('text')).fill]"
    )
    assert told == ["rgb(255, 255, 255)", "rgb(76, 98, 114)"]
