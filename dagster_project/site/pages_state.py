"""The pages of alignment and of data quality: what agrees, what is missing, and who owes it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from dagster_project.pipeline.tables import KEY
from dagster_project.release.manifest import Tombstone
from dagster_project.release.words import in_words
from dagster_project.site import figures, wording
from dagster_project.site.levels import BY_TYPE
from dagster_project.site.model import Site
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import Page, page, slug

# What isn't owed: it is there, or nobody will ever give it.
NOT_OWED = ("live", "made_up", "ended", "placeholder")
# So many areas of what is held are named; the table of holds has all.
HELD_LISTED = 200
# A value that two checks hold is one.
HELD_VALUES = f"select count(distinct ({', '.join(KEY)})) as number from holds"
# What else of a key that was taken back is told, beside its indicator and area.
WITHIN = ("period_label", "sex", "age", "breakdown", "segment")
# Framework, state, what it waits for, and which sources lack it.
Owing = tuple[str, str, str, str]
AGREEMENTS = ("agree", "differ", "not_judged", "not_comparable", "value_set_aside")


def state_pages(site: Site, tables: Tables) -> Iterator[Page]:
    """`alignment.html` and `quality.html`."""
    yield page("alignment.html", "alignment.html", **site.common(), themes=_themes(site, tables))
    yield page(
        "quality.html",
        "quality.html",
        **site.common(),
        held=_held(site, tables),
        held_in_all=tables.rows(HELD_VALUES)[0]["number"],
        late=_late(tables),
        hidden=_hidden(site, tables),
        failing=tables.rows("failing"),
        owed=_owed(site, tables),
        taken=_taken(site),
        empty=tables.rows(
            "select status, status_reason, count(*) as number from indicator_values"
            " where status not in ('published', 'held', 'suppressed')"
            " group by status, status_reason order by status, number desc, status_reason"
        ),
    )


def _themes(site: Site, tables: Tables) -> list[tuple[str, list[Row]]]:
    """The links of each theme, with both sides named and how they stand in words."""
    found: dict[str, list[Row]] = defaultdict(list)
    for link in tables.stream("links"):
        link["sides"] = [_side(site, link, side) for side in ("left", "right")]
        link["says"] = _says(link)
        link["why"] = [wording.why_not(reason) for reason in link["reasons"] or ()]
        # A theme that is written in two ways is one: its address says so.
        found[slug(link["theme"])].append(link)
    return sorted((links[0]["theme"], links) for links in found.values())


def _side(site: Site, link: Row, side: str) -> Row:
    key = (link[f"{side}_framework"], link[f"{side}_edition"])
    framework = site.by_key.get(key)
    identifier = link[f"{side}_indicator_id"]
    members = site.memberships.get(identifier, ())
    member = next((m for f, _, m in members if f.key == key), None)
    known = member or site.indicators.get(identifier) or {}
    return {
        "indicator_id": identifier,
        "title": known.get("title") or identifier,
        "framework": f"{framework.name}, {framework.edition}" if framework else key[0],
        "code": link[f"{side}_code"],
        "is_local": bool(framework and framework.is_local),
        "is_stand_in": bool(member and member["is_stand_in"]),
    }


def _says(link: Row) -> str:
    """In how many areas the two agree, differ or can't be told, in a sentence."""
    if not any(link[name] for name in AGREEMENTS):
        missing = "first" if link["left_missing"] else "second"
        other = "second" if missing == "first" else "first"
        return f"Nowhere do both have a value: the {missing} has none where the {other} has one."
    said = [
        f"{wording.word('agreements_many', name)} in {figures.several(link[name], 'area')}"
        for name in AGREEMENTS
        if link[name]
    ]
    one_sided = link["left_missing"] + link["right_missing"]
    if one_sided:
        said.append(f"only one has a value in {one_sided:,}")
    text = "; ".join(said)
    return text[:1].upper() + text[1:] + "."


def _taken(site: Site) -> list[Row]:
    """What was taken back, here or before this release was made, in words, the first first."""
    manifest = site.manifest
    stones = {(each.kind, each.target): each for each in (*manifest.in_force, *manifest.withdrawn)}
    in_order = sorted(stones.values(), key=lambda each: (each.at, each.kind, each.target))
    return [{"at": each.at, "reason": each.reason, "what": _what(site, each)} for each in in_order]


def _what(site: Site, stone: Tombstone) -> str:
    if stone.kind == "hidden":
        return f"what release {stone.target} hides"
    if stone.kind == "release":
        return f"release {stone.target}"
    if stone.kind == "landing":
        return "a file that had landed"
    key = json.loads(stone.target)
    indicator = key.get("indicator_id", "")
    title = (site.indicators.get(indicator) or {}).get("title") or indicator
    parts = (title, site.area_name(key.get("area_code", "")), *map(key.get, WITHIN))
    return ", ".join(str(part) for part in parts if part)


def _held(site: Site, tables: Tables) -> list[tuple[str, str, list[Row]]]:
    """Each check that holds something, in words, with its indicators and where they are held."""
    where: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for place in islice(tables.stream("held_where"), HELD_LISTED):
        where[_group(place)].append(place)
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in tables.rows("held"):
        listed = where[_group(row)]
        more = {"title": site.title(row["indicator_id"]), "where": listed}
        found[row["check_id"], row["reason"]].append(row | more)
    return [(*check, rows) for check, rows in found.items()]


def _group(row: Row) -> tuple[str, ...]:
    return row["check_id"], row["reason"], row["indicator_id"]


def _late(tables: Tables) -> list[Row]:
    return tables.rows(
        "select source_id, count(*) as number, count(distinct indicator_id) as indicators,"
        " max(period_end) as newest from indicator_values where list_contains(flags, 'stale')"
        " group by source_id order by source_id"
    )


def _hidden(site: Site, tables: Tables) -> list[Row]:
    found = tables.rows("hidden")
    for row in found:
        level = BY_TYPE.get(row["area_type"])
        row["level"] = level.name if level else in_words(row["area_type"])
        row["title"] = site.title(row["indicator_id"])
    return found


def _owed(site: Site, tables: Tables) -> list[tuple[str, list[Row]]]:
    """What each role owes: members of frameworks without a value that somebody could give."""
    rows = tables.rows(
        "select coverage.* from coverage inner join framework_indicators as members"
        " using (framework, edition, code, indicator_id)"
        f" where coverage not in {NOT_OWED} and members.life_cycle not in ('retired', 'left_out')"
        " order by owner, framework, edition, code, indicator_id"
    )
    found: dict[str, dict[Owing, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        framework = site.by_key.get((row["framework"], row["edition"]))
        if framework and not framework.is_past:
            key = (framework.id, row["coverage"], row["waits_for"] or "", row["lacked_by"] or "")
            found[row["owner"] or "nobody"][key].append(row)
    return [
        (owner, [_owing(site, key, rows) for key, rows in owing.items()])
        for owner, owing in found.items()
    ]


def _owing(site: Site, key: Owing, rows: Sequence[Row]) -> Row:
    identifier, coverage, waits_for, lacked_by = key
    return {
        "framework": next(each for each in site.frameworks if each.id == identifier),
        "state": wording.word("coverage", coverage),
        "means": wording.meaning("coverage", coverage),
        "waits_for": _sources(waits_for),
        "lacked_by": _sources(lacked_by),
        "rows": rows,
    }


def _sources(listed: str) -> str:
    return ", ".join(
        wording.source_title(each.strip()) for each in listed.split(";") if each.strip()
    )
