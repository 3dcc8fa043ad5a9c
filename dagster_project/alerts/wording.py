"""What is said of an alert, by role: an owner reads what and what to do, an engineer figures.

Never a row or a value: names of areas, periods, counts, and links to where the rows are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dagster_project.alerts.causes import Cause, short
from dagster_project.alerts.extents import Part, check_parts, listed
from dagster_project.alerts.kinds import WHEN_TOLD
from dagster_project.alerts.machine import GREW, OVER, STILL_OPEN, Entry
from dagster_project.alerts.routing import ENGLAND, Directory
from dagster_project.alerts.says import MOST_NAMED, SAYS, said_day
from dagster_project.calendar import add_working_days, london_day
from dagster_project.errors import printable

ENGINEER = "engineer"


@dataclass(frozen=True)
class Places:
    """Where links lead: the published site, Dagster and the run that found it. '' for no link."""

    site: str = ""
    dagster: str = ""

    def page(self, path: str) -> str:
        return f"{self.site.rstrip('/')}/{path}" if self.site else ""

    def run(self, run_id: str) -> str:
        return f"{self.dagster.rstrip('/')}/runs/{run_id}" if self.dagster and run_id else ""


@dataclass(frozen=True)
class Item:
    """What is said of one alert: title, sentences, checks, what to do by when, links, command."""

    title: str
    lines: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    to_do: str = ""
    by: str = ""
    links: tuple[tuple[str, str], ...] = ()
    command: str = ""


@dataclass(frozen=True)
class Speaker:
    """Says entries in words, with what things are called and where pages are."""

    directory: Directory = field(repr=False)
    places: Places = field(default_factory=Places)
    run_id: str = ""

    def item(self, entry: Entry) -> Item:
        """What is said of one entry to its recipient."""
        cause, is_engineer = entry.stake.cause, entry.stake.reads_as == ENGINEER
        title = f"{cause.sort.title}: {self.subject(cause)}"
        if entry.event == OVER:
            return Item(title, (self._how_it_ended(entry),), links=self._links(cause, is_engineer))
        lines = [*self._since(entry), *SAYS[cause.kind](self, cause, is_engineer)]
        return Item(
            title,
            tuple(printable(line) for line in lines),
            tuple(check_parts(cause, self.directory.titles, is_engineer=is_engineer)),
            self._to_do(entry, is_engineer),
            self._by(entry),
            self._links(cause, is_engineer),
            "" if cause.sort.ends == WHEN_TOLD else f"outcomes alerts ack {short(entry.alert.key)}",
        )

    def subject(self, cause: Cause) -> str:
        """What it is about, in a few words."""
        if cause.facts.get("file"):
            return printable(str(cause.facts["file"]))
        if cause.facts.get("title"):
            return str(cause.facts["title"])
        if cause.source_id:
            title = self.directory.source_titles.get(cause.source_id, cause.source_id)
            return f"{title} ({_check_ids(cause)})" if cause.kind == "checks_warn" else title
        names = [self.indicator(each.indicator_id) for each in cause.spoils]
        return listed(names) or cause.subject

    def indicator(self, indicator_id: str) -> str:
        return self.directory.titles.get(indicator_id, indicator_id)

    def _since(self, entry: Entry) -> Iterator[str]:
        since = said_day(london_day(entry.alert.since))
        if entry.event == STILL_OPEN:
            yield f"Open since {since}."
            if entry.alert.note:
                yield f"Noted: {entry.alert.note}"
        elif entry.event == GREW:
            yield f"Told before; something was added. Open since {since}."

    def _how_it_ended(self, entry: Entry) -> str:
        began = said_day(london_day(entry.alert.since))
        if entry.alert.note and entry.alert.acknowledged_at:
            return f"Open since {began}; it is settled. Noted: {entry.alert.note}"
        return f"Open since {began}; it is over, and nothing is left to do."

    def _to_do(self, entry: Entry, is_engineer: bool) -> str:
        sort = entry.alert.cause.sort
        return sort.engineer_does if is_engineer else sort.owner_does

    def _by(self, entry: Entry) -> str:
        days = entry.alert.cause.sort.days
        since = london_day(entry.alert.since)
        return said_day(add_working_days(since, days)) if days else ""

    def _links(self, cause: Cause, is_engineer: bool) -> tuple[tuple[str, str], ...]:
        links = [
            (
                self.indicator(each.indicator_id),
                self.places.page(f"indicators/{each.indicator_id}.html"),
            )
            for each in cause.spoils[:MOST_NAMED]
        ]
        links += [
            (name, self.places.page(f"areas/{code}.html"))
            for code, name in _areas_named(cause)[:MOST_NAMED]
        ]
        page = PAGES.get(cause.kind)
        if page:
            links.append((PAGE_NAMES[page], self.places.page(page)))
        if is_engineer:
            links.append(("The run in Dagster", self.places.run(self.run_id)))
        return tuple((words, address) for words, address in links if address)


def _areas_named(cause: Cause) -> list[tuple[str, str]]:
    """The areas that have a page to show, save of what is hidden."""
    named = (each for each in cause.spoils if not each.detail.get("is_hidden"))
    codes = sorted({code for each in named for code in each.area_codes} - {ENGLAND})
    called = cause.facts.get("area_names", {})
    return [(code, called[code]) for code in codes if code in called]


def _check_ids(cause: Cause) -> str:
    return listed([check["check_id"] for check in cause.facts["checks"]])


PAGE_NAMES = {
    "quality.html": "Data quality",
    "changes.html": "What changed",
    "contracts.html": "Contracts",
}
PAGES = {
    **dict.fromkeys(
        ("values_held", "checks_warn", "source_overdue", "coverage_fell"), "quality.html"
    ),
    **dict.fromkeys(("revision_unexplained", "comparison_refused"), "changes.html"),
    **dict.fromkeys(("payment_may_change", "payment_reopened"), "contracts.html"),
}
