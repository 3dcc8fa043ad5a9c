"""Taking in what stands in the inboxes: each file landed, known already, or refused by name."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import progress
from dagster_project.errors import OutOfScopeError, RefusedError
from dagster_project.home import Home
from dagster_project.landing import (
    at_the_door,
    inbox,
    ledger,
    loading,
    nhs_numbers,
    periods,
    quarantine,
    returned,
    scratch,
    sightings,
    store,
    taken_back,
    unpacking,
)
from dagster_project.landing.inbox import Ignored, InboxFile
from dagster_project.landing.recognise import recognise
from dagster_project.landing.sightings import Sighting, is_unchanged
from dagster_project.landing.unpacking import Unusable
from dagster_project.sources.layout import Extract
from dagster_project.sources.matching import Recognised

if TYPE_CHECKING:
    import duckdb


@dataclass
class LandingSummary:
    """What one pass over the inboxes came to, file by file."""

    landed: list[str] = field(default_factory=list)
    known: int = 0
    unchanged: int = 0
    # Known bytes that stand again where later ones had taken their place: what is said of each.
    superseded: list[dict[str, Any]] = field(default_factory=list)
    taken_out: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    of_other_sources: int = 0
    refused: list[RefusedError] = field(default_factory=list)
    # Of those, what was refused of each file, by where it stands: two inboxes may hold one name.
    refused_at: dict[str, list[RefusedError]] = field(default_factory=dict)
    out_of_scope: list[OutOfScopeError] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    rows_read: int = 0
    rows_dropped: dict[str, int] = field(default_factory=dict)

    def tell(self, told: RefusedError) -> None:
        """After this what was refused, or left as out of scope, is said under its own heading."""
        if isinstance(told, OutOfScopeError):
            self.out_of_scope.append(told)
        else:
            self.refused.append(told)


@dataclass(frozen=True)
class Landing:
    """One pass: the home, the number of the run, and whether what lands is made up.

    Where `sources` names some, extracts of other sources are left for another pass.
    """

    home: Home
    run_number: int
    synthetic: bool
    sources: tuple[str, ...] = ()


@dataclass
class _Pass:
    """What is at hand during a pass: the ledger as it stands, and what has been seen so far."""

    connection: duckdb.DuckDBPyConnection
    landing: Landing
    summary: LandingSummary
    landed: dict[str, list[sqlite3.Row]]
    before: dict[str, sqlite3.Row]
    taken_back: set[tuple[str, str | None]]
    seen: list[Sighting] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return self.landing.home


def land(
    connection: duckdb.DuckDBPyConnection, landing: Landing, inboxes: list[Path]
) -> LandingSummary:
    """After this every file is landed, known, ignored, out of scope or refused, and said so."""
    home = landing.home
    _clear(home)
    files, ignored, refused = inbox.walk(inboxes)
    pairs, orphans = inbox.with_sidecars(files)
    summary = LandingSummary(
        ignored=[_masked(item) for item in ignored],
        refused=[*map(quarantine.without_numbers, refused), *map(at_the_door.orphan, orphans)],
    )
    here = _Pass(
        connection, landing, summary, _by_bytes(home), sightings.load(home), taken_back.names(home)
    )
    try:
        for number, (file, sidecar) in enumerate(pairs, start=1):
            name = nhs_numbers.masked(file.relative_path)
            progress.current().detail(f"{number} of {len(pairs)}: {name}")
            before = len(summary.refused)
            _take_in_file(here, file, sidecar)
            summary.refused_at[file.place] = summary.refused[before:]
    finally:
        sightings.keep(home, here.seen)
    return summary


def _by_bytes(home: Home) -> dict[str, list[sqlite3.Row]]:
    found: dict[str, list[sqlite3.Row]] = {}
    for row in ledger.rows(home):
        found.setdefault(row["sha256"], []).append(row)
    return found


def _clear(home: Home) -> None:
    """After this nothing is left of a run that was killed."""
    scratch.clear(home)
    for directory in (home.landing, home.quarantine):
        store.clear_unfinished(directory)
    quarantine.drop_what_may_not_be_kept(home)


def _masked(item: Ignored) -> Ignored:
    return replace(item, relative_path=nhs_numbers.masked(item.relative_path))


def _take_in_file(here: _Pass, file: InboxFile, sidecar: InboxFile | None) -> None:
    row = here.before.get(file.place)
    if row is not None and is_unchanged(row, file, sidecar):
        refusals = sightings.refusals(row)
        for refusal in refusals:
            here.summary.tell(refusal)
        here.summary.unchanged += not refusals
        return
    if nhs_numbers.find_in(file.relative_path):
        here.summary.refused.append(at_the_door.named_by_number(file.relative_path))
        return
    refused, out_of_scope = len(here.summary.refused), len(here.summary.out_of_scope)
    of_others = here.summary.of_other_sources
    try:
        stated = periods.read_sidecar(sidecar.path, sidecar.relative_path) if sidecar else {}
        with scratch.scratch_folder(here.home) as folder:
            for item in unpacking.extracts_in(file, folder):
                _take_in(here, item, stated, folder)
                if isinstance(item, Extract):
                    item.path.unlink(missing_ok=True)
    except RefusedError as refusal:
        here.summary.refused.append(refusal)
    if quarantine.drop_fetched(here.home, file, here.summary.refused[refused:]):
        return
    if here.summary.of_other_sources == of_others:
        told = [*here.summary.refused[refused:], *here.summary.out_of_scope[out_of_scope:]]
        here.seen.append((file, sidecar, told))


def _take_in(here: _Pass, item: unpacking.Item, sidecar: dict[str, str], folder: Path) -> None:
    if isinstance(item, Ignored):
        here.summary.ignored.append(_masked(item))
    elif isinstance(item, Unusable):
        _refuse(here, item.extract, item.refusal, None)
    elif nhs_numbers.find_in(item.relative_path):
        here.summary.refused.append(at_the_door.named_by_number(item.relative_path))
    else:
        _land_extract(here, item, sidecar, folder)


def _refuse(here: _Pass, extract: Extract, refusal: RefusedError, found: Recognised | None) -> None:
    told = quarantine.refuse(
        here.home, extract, refusal, run_number=here.landing.run_number, found=found
    )
    if told.marks:
        told = returned.given_back(here.home, extract, told)
    here.summary.refused.append(told)


def _land_extract(here: _Pass, extract: Extract, sidecar: dict[str, str], folder: Path) -> None:
    known = here.landed.get(extract.sha256, [])
    found = None
    try:
        at_the_door.refuse_sample(extract, synthetic=here.landing.synthetic)
        if not known or sidecar:
            found = recognise(extract, sidecar)
            wanted = here.landing.sources
            if wanted and found.layout.source_id not in wanted:
                here.summary.of_other_sources += 1
            else:
                _enter(here, found, known, folder)
        else:
            at_the_door.refuse_another_period(extract, known)
            here.summary.known += 1
            _tell_superseded(here, extract, known)
    except OutOfScopeError as left:
        here.summary.tell(quarantine.without_numbers(left))
    except RefusedError as refusal:
        _refuse(here, extract, refusal, found)


def _tell_superseded(here: _Pass, extract: Extract, known: list[sqlite3.Row]) -> None:
    """After this it is said where the bytes had stood here before, and what has replaced them.

    Landing again makes nothing the later extract: only to take back what replaced them does.
    """
    before = [row for row in known if row["relative_path"] == extract.relative_path]
    for mine in before[:1]:
        later = [
            row
            for rows in here.landed.values()
            for row in rows
            if row["sha256"] != mine["sha256"]
            and all(row[name] == mine[name] for name in ("source_id", "relative_path", "period"))
            and row["run_number"] > mine["run_number"]
            and not (row["vintage"] and (mine["vintage"] or "") > row["vintage"])
        ]
        if later:
            here.summary.superseded.append(
                {
                    "file": extract.relative_path,
                    "landed_at": mine["landed_at"],
                    "by": [row["sha256"][:12] for row in later],
                }
            )


def _enter(here: _Pass, found: Recognised, known: list[sqlite3.Row], folder: Path) -> None:
    """After this the recognised extract is in the ledger as it is stated now."""
    extract, summary = found.extract, here.summary
    if (extract.sha256, found.period) in here.taken_back:
        summary.taken_back.append(extract.relative_path)
        return
    spoken_of = _row_spoken_of(found, known)
    for mistaken in _mistaken(found, known, spoken_of):
        loading.take_out(here.connection, here.home, mistaken)
        summary.taken_out.append(f"{mistaken['relative_path']} ({mistaken['period']})")
        here.landed[extract.sha256] = ledger.of_bytes(here.home, extract.sha256)
    if spoken_of is None:
        report = loading.load_new(
            here.connection,
            here.home,
            found,
            folder,
            run_number=here.landing.run_number,
            synthetic=here.landing.synthetic,
        )
        summary.landed.append(extract.relative_path)
        summary.rows_read += report.rows_read
        for reason, count in report.rows_dropped.items():
            summary.rows_dropped[reason] = summary.rows_dropped.get(reason, 0) + count
    elif loading.restate(here.home, here.connection, spoken_of, found):
        summary.landed.append(extract.relative_path)
    else:
        summary.known += 1
        return
    here.landed[extract.sha256] = ledger.of_bytes(here.home, extract.sha256)


def _row_spoken_of(found: Recognised, known: list[sqlite3.Row]) -> sqlite3.Row | None:
    """Which landing of the same bytes a sidecar speaks of; None if of one that is still to come.

    It is the one of its period, else the one from its place: another place and another period
    are another landing.
    """
    same_period = [row for row in known if row["period"] == found.period]
    same_place = [row for row in known if row["relative_path"] == found.extract.relative_path]
    return next(iter(same_period or same_place), None)


def _mistaken(
    found: Recognised, known: list[sqlite3.Row], spoken_of: sqlite3.Row | None
) -> list[sqlite3.Row]:
    """Landings from the same place that its sidecar now says are of another period."""
    return [
        row
        for row in known
        if row["relative_path"] == found.extract.relative_path
        and spoken_of is not None
        and row["landing_id"] != spoken_of["landing_id"]
    ]
