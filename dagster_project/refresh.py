"""A refresh from the command line: is anything new, then the Dagster job, then what came of it.

What is cheap comes first. Nothing heavy is imported until it is known that there is work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project import newness, progress, recovery, state
from dagster_project.calendar import source_rows, today, wanted_day
from dagster_project.errors import StateDamaged, UsageError
from dagster_project.holding import take_lock
from dagster_project.home import Home
from dagster_project.nearest import instead
from dagster_project.newness import WHY


@dataclass(frozen=True)
class Request:
    """What was asked for: which inboxes, which sources, made-up data or not, on which day."""

    home: Home
    inboxes: tuple[Path, ...]
    as_of: date
    sample: bool = False
    sources: tuple[str, ...] = ()
    # Ask the publishers first; what they give stands in the live inbox, one of `inboxes`.
    live: bool = False
    # Nobody is at hand to read what went wrong: a schedule or sensor asked.
    unattended: bool = False
    dagster_run: str = ""


@dataclass
class Outcome:
    """What a refresh came to. `summary` holds what each step wrote down, by step."""

    nothing_new: bool = False
    why: str = ""
    release: str | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    live: list[dict[str, Any]] | None = None
    # What the look at the alerts came to, once there was one.
    alerts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def held(home: Home) -> Iterator[None]:
    """One refresh at a time: BusyError if another holds this home; a kill lets go of it."""
    lock = take_lock(home)
    try:
        put_right(home)
        yield
    finally:
        lock.release(force=True)


def put_right(home: Home) -> None:
    """After this the home has a state that agrees with what stands in it; what was done is told."""
    from dagster_project.release.store import ReleaseStore

    for done in (*ReleaseStore(home).reconcile(), *recovery.recover(home)):
        progress.current().note(done)


def settle_kind(home: Home, *, sample: bool) -> None:
    """After this the home is of the kind asked for, for life; UsageError if it was the other."""
    wanted = "sample" if sample else "real"
    with state.connect(home.state) as ledger:
        kind = state.get_meta(ledger, recovery.KIND)
        if kind is None:
            state.set_meta(ledger, recovery.KIND, wanted)
            return
    if kind != wanted:
        raise UsageError(
            f"this home holds {kind} data, and {wanted} data never share a home with it",
            file=str(home.root),
            got="--sample" if sample else "a refresh of real extracts",
            expected=f"a home of {wanted} data",
            fix=f"name another home: OUTCOMES_HOME=var-{wanted} outcomes refresh"
            + (" --sample" if sample else " --inbox DIR"),
        )


def kind_of(home: Home) -> str | None:
    """`sample` or `real`; None for a home that is still to be made."""
    try:
        with state.reading(home.state) as ledger:
            kind = state.get_meta(ledger, recovery.KIND)
    except StateDamaged:
        # What writes to the home sets it aside first; what only reads will meet it again.
        kind = None
    return kind or recovery.kind_that_stands(home)


def refresh(request: Request) -> Outcome:
    """After this what is new has landed and been judged, and what passed is published.

    Raises OutcomesError when the run fails; the latest release then is what it was. Whoever is to
    be told of what is wrong is told, also of that.
    """
    from dagster_project.alerts import after_refresh

    with after_refresh.told(request.home) as told:
        outcome = _refreshed(request)
        outcome.alerts = told
    return outcome


def _refreshed(request: Request) -> Outcome:
    home = request.home
    with held(home):
        home.make()
        settle_kind(home, sample=request.sample)
        if request.sample:
            from dagster_project.sample import write_sample

            for folder in request.inboxes:
                write_sample(folder, note=home.cache / "sample.json")
        told = fetch_live(request, by_hand=True) if request.live else None
        nothing = newness.nothing_new(home, request.inboxes, request.as_of)
        if nothing is not None:
            why = "nothing is new" if nothing.outcome == "nothing new" else WHY[nothing.outcome]
            outcome = Outcome(nothing_new=True, why=why, release=nothing.release)
        else:
            from dagster_project.orchestration import run_refresh

            outcome = run_refresh(replace(request, live=False))
        outcome.live = told
        return outcome


def fetch_live(request: Request, *, by_hand: bool = False) -> list[dict[str, Any]]:
    """After this the live inbox holds what the publishers serve now; what came of each source.

    A schedule names its source too: only a person who does (`by_hand`) goes before a server's wish.
    """
    from dagster_project.fetching import live

    told = live.fetch(request.home, request.as_of, request.sources, by_hand=by_hand)
    return [source.as_dict() for source in told]


def sample_inbox(home: Home) -> Path:
    """Where the made-up extracts of a sample home stand."""
    return home.cache / "sample"


def request_for(
    home: Home,
    inboxes: list[str] | None,
    *,
    sample: bool,
    as_of: str | None,
    sources: list[str] | None = None,
    live: bool = False,
) -> Request:
    """What the command's options ask for; UsageError where they contradict each other."""
    # A home of sample data refreshes its sample again without being told.
    sample = sample or (not inboxes and kind_of(home) == "sample")
    if sample and inboxes:
        raise UsageError(
            "--sample and --inbox don't go together: made-up and real data never share a home",
            got="both",
            expected="one of them",
            fix="leave one out",
        )
    if sample and home.inbox.is_dir() and any(home.inbox.iterdir()):
        raise UsageError(
            "this home holds sample data, and its inbox holds files",
            file=str(home.inbox),
            expected="an empty inbox: a sample home takes no real file",
            fix="name another home: OUTCOMES_HOME=var-real outcomes refresh --inbox DIR",
        )
    _check_sources(sources or [])
    if live:
        _check_live(home, sources or [], sample=sample)
    folders = [sample_inbox(home)] if sample else [Path(name) for name in inboxes or []]
    if not folders:
        folders = [home.inbox]
    if live:
        folders.append(home.live)
    _check_inboxes(home, [Path(name) for name in inboxes or []], inboxes or [])
    for folder in folders:
        if (sample or folder in (home.inbox, home.live)) and not folder.exists():
            folder.mkdir(parents=True)
    return Request(
        home=home,
        inboxes=tuple(folder.resolve() for folder in folders),
        as_of=_day(as_of),
        sample=sample,
        sources=tuple(sources or ()),
        live=live,
    )


def _check_inboxes(home: Home, folders: list[Path], names: list[str]) -> None:
    """UsageError for an inbox that isn't named, isn't there, or holds what a home has written."""
    from dagster_project.landing.inbox import refuse_no_folder, refuse_unreadable

    for folder, name in zip(folders, names, strict=True):
        refuse_unreadable(folder)
        resolved = folder.resolve()
        holds_home = resolved == home.root or resolved in home.root.parents
        lies_inside = home.root in resolved.parents and resolved != home.inbox
        has_one_inside = any(
            (resolved / place).exists() for place in ("state.sqlite", "var/state.sqlite")
        )
        if not name.strip() or holds_home or lies_inside or has_one_inside:
            raise UsageError(
                "this inbox would read what a refresh has written"
                if name.strip()
                else "no inbox is named",
                got=repr(name),
                expected="a folder that holds extracts and no home",
                fix="name the folder of the extracts; an empty name is often a variable not set",
            )
        # Before the home is made, or is told what kind of data it holds.
        refuse_no_folder(folder)


def _check_live(home: Home, names: list[str], *, sample: bool) -> None:
    from dagster_project.fetching.addresses import local_server
    from dagster_project.fetching.live import live_sources

    if sample:
        raise UsageError(
            "a sample home takes nothing from publishers: made-up and real data never share a home",
            file=str(home.root),
            got="--live",
            expected="a home of real data",
            fix="name another home: OUTCOMES_HOME=var-real outcomes refresh --live",
        )
    local_server()
    known = live_sources()
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise UsageError(
            "this source has no address to be fetched from",
            got=", ".join(unknown),
            expected=instead(unknown[0], known),
            fix="put its files in the inbox, or declare the address in seeds/live_sources.csv",
        )


def _check_sources(names: list[str]) -> None:
    known = {row["source_id"]: row["title"] for row in source_rows()}
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise UsageError(
            "there is no such source",
            got=", ".join(unknown),
            expected=instead(unknown[0], known),
            fix="`outcomes status --all` lists the sources",
        )


def _day(text: str | None) -> date:
    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(
            "--as-of takes a day", got=text, expected=f"{wanted_day(text)}, such as 2026-11-22"
        ) from problem
