"""The at-a-glance page of a framework in an area: a paper for a board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dagster_project.site import cells, drawing, wording
from dagster_project.site.model import Framework, Site, unique
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import Page, page
from dagster_project.site.rows import EVERYBODY
from dagster_project.site.segments import Spoken, everybodys, printed_rows, spoken_for

COUNTS = (
    *("indicators", "better", "similar", "worse", "mixed", "no_judgement", "not_compared"),
    *("no_data", "expected_worse_by_chance"),
)
SIDES = ("left", "right")
WORST_FIRST = (
    *("worse", "lower", "higher", "similar", "better"),
    *("mixed", "no_judgement", "not_compared"),
)
# In whose name the newest values speak.
BY_ITSELF = ("none", "none")
# Of these a member has values somewhere, were they last good ones; of any other it has none in any
# area, and one page of the framework says why instead of the papers of all its areas.
HAS_VALUES = (None, "live", "made_up", "landed_nothing_published")

NO_VALUE = "no value for this area"


@dataclass(frozen=True)
class Summaries:
    """The tallies of every framework and area, the links that meet in each area, what is set aside.

    `aside` has, by area, framework and edition, why a member has no value there although the
    release has rows of it.
    """

    tallies: Mapping[tuple[str, str, str], list[Row]]
    links: Mapping[str, list[Row]]
    aside: Mapping[tuple[str, str, str], Mapping[str, str]]


def read_summaries(tables: Tables) -> Summaries:
    """What the framework pages of all areas are made of, beside their rows."""
    tallies: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    # In the order of the table's key: what a page is made of is told in the same order each time.
    for row in tables.stream(
        "from domain_summary semi join levels using (area_type)"
        " order by framework, edition, domain_code, area_code"
    ):
        tallies[row["area_code"], row["framework"], row["edition"]].append(row)
    links: dict[str, list[Row]] = defaultdict(list)
    for row in tables.stream("meeting"):
        links[row["area_code"]].append(row)
    aside: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for row in tables.stream("set_aside"):
        there = aside[row["area_code"], row["framework"], row["edition"]]
        there[row["indicator_id"]] = _why_aside(row)
    return Summaries(tallies, links, aside)


def _why_aside(row: Row) -> str:
    if row["is_shown"]:
        return "only values of another time"
    return wording.word("statuses", row["status"]).lower()


def paper_path(framework: Framework, code: str) -> str:
    """Where the page of a framework in an area stands."""
    return f"frameworks/{framework.id}/{code}.html"


def framework_pages(
    site: Site,
    code: str,
    rows: Mapping[int, Row],
    speaking: Mapping[tuple[str, str], Sequence[int]],
    summaries: Summaries,
    wanted: Container[str],
) -> Iterator[Page]:
    """The wanted ones of the pages of frameworks that reach the area.

    `speaking` says which rows speak in each.
    """
    # An indicator's page shows the area's newest value: older ones have no place there.
    newest = set(speaking.get(BY_ITSELF, ()))
    for row in rows.values():
        row["place_there"] = f"#{code}" if row["row_id"] in newest else ""
    states = {
        (row["indicator_id"], row["period_label"]): row["status"]
        for row in rows.values()
        if row["segment"] == EVERYBODY
    }
    for framework in site.reach.get(code, ()):
        path = paper_path(framework, code)
        if path not in wanted:
            continue
        found = [rows[number] for number in speaking.get(framework.key, ())]
        spoken = list(spoken_for(framework, found))
        tallies = summaries.tallies[code, *framework.key]
        yield page(
            path,
            "framework_area.html",
            **site.common(),
            framework=framework,
            area=site.shown[code],
            others=[other for other in site.reach[code] if other.id != framework.id],
            tallies=_in_order(framework, tallies),
            tally=cells.tally,
            marks=drawing.marks("spark"),
            whole=total(tallies),
            moved={
                side: by_judgement(going)
                for side, going in moved(printed_rows(spoken, found)).items()
            },
            meets=meets(site, framework, code, summaries.links.get(code, ()), states),
            parts_of=list(
                _parts(
                    spoken,
                    site.area_name(code),
                    summaries.aside.get((code, *framework.key), {}),
                )
            ),
        )


def total(tallies: Sequence[Row]) -> Row:
    """The tallies of a framework's domains as one; a count that one of them lacks is lacking."""
    whole: Row = {}
    for name in COUNTS:
        counts = [tally[name] for tally in tallies]
        whole[name] = None if None in counts else sum(counts)
    return whole


def _in_order(framework: Framework, tallies: Sequence[Row]) -> list[tuple[Any, Row]]:
    by_code = {tally["domain_code"]: tally for tally in tallies}
    return [
        (domain, by_code[domain.code]) for domain in framework.domains if domain.code in by_code
    ]


def by_judgement(rows: Iterable[Row]) -> list[tuple[str, str, Markup]]:
    """The rows as lists, the worst first: how those of each stand to England, and that in words."""
    found: dict[str, list[Row]] = {name: [] for name in WORST_FIRST}
    for row in rows:
        found.setdefault(row["judgement"] or "not_compared", []).append(row)
    return [
        (name, cells.beside_england(name), cells.markup(map(cells.item, those)))
        for name, those in found.items()
        if those
    ]


def moved(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows whose trend the release calls better or worse."""
    return {
        side: [row for row in rows if row["trend"] == side and row["direction"] != "no_change"]
        for side in ("better", "worse")
    }


def _parts(
    spoken: Sequence[Spoken], place: str, aside: Mapping[str, str]
) -> Iterator[tuple[Any, Markup, int, list[tuple[str, Markup]], int, bool]]:
    """Each domain with its rows in the framework's order, and the members that have none.

    Those that lack a value here alone are listed; those that have none anywhere are counted. A
    domain that is a segment has the segment's own figures, which name everybody's in that place;
    the last of the six says so.
    """
    printed: set[str] = set()
    for domain, members in spoken:
        shown, nowhere, is_cut = [], 0, False
        missing: dict[str, list[str]] = defaultdict(list)
        for member, own, everybody in members:
            for row in own or everybody:
                # An indicator of two domains has a row in each, and each row a name.
                anchor = unique(row["anchor"], printed)
                whole = everybodys(place, row, everybody) if own else ""
                shown.append(_row(member, row, anchor, whole))
            is_cut = is_cut or bool(own)
            if not own and not everybody:
                why = aside.get(member["indicator_id"], "")
                if why or member["coverage"] in HAS_VALUES:
                    missing[why or NO_VALUE].append(_missing(member))
                else:
                    nowhere += 1
        lacking = [(why, cells.markup(items)) for why, items in sorted(missing.items())]
        number = sum(map(len, missing.values()))
        yield domain, cells.markup(shown), number, lacking, nowhere, is_cut


def _row(member: Row, row: Row, anchor: str, whole: str) -> str:
    address = cells.indicator_address("../../", row["indicator_id"], row) + row["place_there"]
    small = (member["code"], row["what"], _stand_in(member, row), whole)
    return cells.line(
        anchor,
        cells.link(address, member["title"] or row["title"]),
        ", ".join(part for part in small if part),
        (row["standing"], cells.spark(row), cells.goal(row), row["dated"]),
    )


def _stand_in(member: Row, row: Row) -> str:
    # Beside a value that is flagged so, it is among the notes.
    is_noted = "stand_in" in (row["flags"] or ())
    return "stand-in" if member["is_stand_in"] and not is_noted else ""


def _missing(member: Row) -> str:
    """A member that has no value for the area; made once for all areas."""
    if "missing" not in member:
        link = cells.link(f"../../indicators/{member['indicator_id']}.html", member["title"])
        member["missing"] = f"<li>{link} <small>{cells.text(member['code'])}</small>\n"
    return str(member["missing"])


def meets(
    site: Site,
    framework: Framework,
    code: str,
    links: Sequence[Row],
    states: Mapping[tuple[str, str], str],
) -> list[Row]:
    """The links of this framework that join a local to a national one, the local side first.

    `states` says in which state an indicator's values of a period are: why a side has no figure.
    """
    found = []
    here = {reached.key for reached in site.reach.get(code, ())}
    for link in links_of(framework, links):
        sides = [_side(site, link, side) for side in SIDES]
        for side in sides:
            state = states.get((side["indicator_id"], side["period"]))
            side["lack"] = wording.word("statuses", state).lower() if state else "no value"
        local, national = sorted(sides, key=lambda side: not side["is_local"])
        if local["key"] in here:
            found.append(
                {
                    "theme": link["theme"],
                    "relation": link["relation"],
                    "local": local,
                    "national": national,
                    "agreement": _agreement(link["agreement"], sides),
                    "verdict": link["verdict"],
                    "reasons": [wording.why_not(reason) for reason in link["reasons"] or ()],
                }
            )
    return found


def links_of(framework: Framework, links: Sequence[Row]) -> list[Row]:
    """Those of an area's links that have the framework on one side."""
    return [
        link
        for link in links
        if framework.key in [(link[f"{side}_framework"], link[f"{side}_edition"]) for side in SIDES]
    ]


def _agreement(code: str, sides: Sequence[Row]) -> str:
    """How the two sides stand to each other, in words that don't speak of left and right."""
    for side, said in zip(sides, ("left_missing", "right_missing"), strict=True):
        if code == said:
            which, other = ("local", "national") if side["is_local"] else ("national", "local")
            return f"Only the {other} side has a value here; the {which} one has none."
    return wording.word("agreements", code)


def _side(site: Site, link: Row, side: str) -> Row:
    key = (link[f"{side}_framework"], link[f"{side}_edition"])
    framework = site.by_key.get(key)
    identifier = link[f"{side}_indicator_id"]
    indicator = site.indicators.get(identifier)
    members = site.memberships.get(identifier, ())
    member = next((m for f, _, m in members if f.key == key), None)
    return {
        "key": key,
        "is_local": bool(framework and framework.is_local),
        "framework": framework.name if framework else wording.source_title(link[f"{side}_code"]),
        "code": link[f"{side}_code"],
        "indicator_id": identifier,
        "title": (member or indicator or {}).get("title") or identifier,
        "is_stand_in": bool(member and member["is_stand_in"]),
        "decimals": indicator["decimals"] if indicator else 1,
        "unit": link[f"{side}_unit"],
        "value": link[f"{side}_value"],
        "period": link[f"{side}_period_label"],
        "judgement": link[f"{side}_judgement"],
    }
