"""The pages that speak of the whole release: front, lists, what changed, definitions, downloads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.release.manifest import InputRecord
from dagster_project.site import cells, figures, wording
from dagster_project.site.levels import LEVELS
from dagster_project.site.model import Framework, Site
from dagster_project.site.pages_framework import Summaries, total
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import Page, page

GLOSSARY = Path(__file__).with_name("glossary.yml")
NEWS = 4


def whole_pages(site: Site, tables: Tables, summaries: Summaries) -> Iterator[Page]:
    """Every page that isn't of one area or one indicator, save those of quality and alignment."""
    sentences = changed(site, tables)
    live = [area for area in site.shown.values() if not area["valid_to"]]
    yield page(
        "index.html",
        "index.html",
        **site.common(),
        by_level=_by_level(live),
        only=_only_areas(site),
        news=[text for text, _ in sentences[:NEWS]],
    )
    yield page(
        "areas/index.html", "areas.html", **site.common(), by_level=_by_level(site.shown.values())
    )
    yield from _framework_lists(site, summaries)
    yield page("changes.html", "changes.html", **site.common(), sentences=sentences)
    yield page(
        "definitions.html",
        "definitions.html",
        **site.common(),
        glossary=_glossary(),
        methods=wording.seed("methods"),
    )
    yield page(
        "downloads.html",
        "downloads.html",
        **site.common(),
        tables=_downloads(site),
        landed=_landed(site),
    )


def _by_level(areas: Any) -> list[tuple[Any, list[Row]]]:
    """The areas of each level, in the order they have."""
    listed = list(areas)
    grouped = [
        (level, [a for a in listed if a["area_type"] == level.area_type]) for level in LEVELS
    ]
    return [(level, found) for level, found in grouped if found]


def _only_areas(site: Site) -> Mapping[str, Row]:
    """Frameworks that reach one area alone, with that area."""
    found: dict[str, list[Row]] = defaultdict(list)
    for code, reach in site.reach.items():
        for framework in reach:
            found[framework.id].append(site.shown[code])
    return {identifier: areas[0] for identifier, areas in found.items() if len(areas) == 1}


def _framework_lists(site: Site, summaries: Summaries) -> Iterator[Page]:
    tallies = summaries.tallies
    reached = {
        framework.id: [code for code, reach in site.reach.items() if framework in reach]
        for framework in site.frameworks
    }
    yield page(
        "frameworks/index.html",
        "frameworks.html",
        **site.common(),
        groups=_editions(site.frameworks),
        reached={identifier: len(codes) for identifier, codes in reached.items()},
    )
    for framework in site.frameworks:
        codes = sorted(reached[framework.id], key=list(site.shown).index)
        yield page(
            f"frameworks/{framework.id}/index.html",
            "framework.html",
            **site.common(),
            framework=framework,
            tally=cells.tally,
            stand_ins=sum(bool(member["is_stand_in"]) for member in framework.members),
            by_level=[
                (
                    level,
                    [(area, total(tallies[area["area_code"], *framework.key])) for area in areas],
                )
                for level, areas in _by_level(site.shown[code] for code in codes)
            ],
        )


def _editions(frameworks: Sequence[Framework]) -> list[tuple[str, list[Framework]]]:
    now = [framework for framework in frameworks if not framework.is_past]
    return [
        ("National", [framework for framework in now if not framework.is_local]),
        ("Local", [framework for framework in now if framework.is_local]),
        ("Editions that are over", [framework for framework in frameworks if framework.is_past]),
    ]


def changed(site: Site, tables: Tables) -> list[tuple[str, str]]:
    """What changed since the release before, a sentence each, with the indicator it is about."""
    if site.manifest.previous is None:
        return [("This is the first release: everything in it is new.", "")]
    found = tables.rows("changed")
    if not found:
        return [(f"No value differs from release {site.manifest.previous}.", "")]
    return [(_sentence(site, row), row["indicator_id"]) for row in found]


def _sentence(site: Site, row: Row) -> str:
    title = site.title(row["indicator_id"])
    number = figures.several(row["number"], "value")
    where = figures.several(row["areas"], "area")
    when = f"{figures.day(row['first_start'])} to {figures.day(row['last_end'])}"
    if row["change"] == "status_changed":
        # Of a status the word is enough: no figure is said that isn't shown any more.
        status = wording.word("statuses", row["new_status"]).lower()
        return f"{title}: {number} in {where} {_is(row['number'])} now {status}.{_why(row)}"
    if row["change"] == "no_longer_shown":
        return f"{title}: {number} in {where} {_is(row['number'])} no longer shown.{_why(row)}"
    if row["change"] != "revised":
        what = "new" if row["change"] == "added" else "no longer there"
        hidden = row["change"] == "added" and row["new_status"] not in (None, "published")
        state = f", and {wording.word('statuses', row['new_status']).lower()}" if hidden else ""
        return f"{title}: {number} in {where} {_is(row['number'])} {what}, of {when}{state}."
    said = f"{title}: {number} in {where} {_was(row['number'])} revised."
    return said + _why(row) + _furthest(site, row)


def _why(row: Row) -> str:
    meaning = wording.meaning("causes", row["cause"] or "")
    return f" {meaning}." if meaning else ""


def _furthest(site: Site, row: Row) -> str:
    most, indicator = row["furthest"], site.indicators.get(row["indicator_id"], {})
    if not most or not most["area_code"]:
        return ""
    decimals, unit = indicator.get("decimals"), indicator.get("unit")
    old, new = (figures.figure(most[name], decimals, unit) for name in ("old_value", "new_value"))
    share = f" ({most['change_pct']:+.1f}%)".replace("-", figures.MINUS)
    where = f"{site.area_name(most['area_code'])}, {figures.day(most['period_start'])} to"
    return f" The furthest: {where} {figures.day(most['period_end'])}, from {old} to {new}{share}."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _downloads(site: Site) -> list[Row]:
    """Each table with its files, as the manifest lists them."""
    files = {entry.path: entry for entry in site.manifest.files}
    return [
        {
            "table": table,
            "rows": files[f"data/{table.name}.parquet"].rows,
            "files": [
                (label, entry.path, entry.bytes)
                for label, path in (
                    ("Parquet", f"data/{table.name}.parquet"),
                    ("CSV", f"csv/{table.name}.csv"),
                    ("description", f"csv/{table.name}.csv-metadata.json"),
                )
                if (entry := files.get(path))
            ],
        }
        for table in site.manifest.tables
    ]


def _landed(site: Site) -> list[tuple[str, list[InputRecord]]]:
    """The files that landed, by source and in the order of the sources' titles."""
    found: dict[str, list[InputRecord]] = defaultdict(list)
    for each in site.manifest.inputs:
        found[each.source_id].append(each)
    return sorted(found.items(), key=lambda item: (wording.source_title(item[0]), item[0]))


@cache
def _glossary() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    return loaded
