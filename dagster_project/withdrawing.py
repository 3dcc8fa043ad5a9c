"""`outcomes withdraw` and `outcomes rollback`: what they take back, and what they say of it.

Withdrawing a release takes back the landings that came with it: those that no other release that
stands was made from. So what it published doesn't come back from the same bytes, and what another
release published too stays as it is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from dagster_project import state
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.landing import ledger, taken_back
from dagster_project.release.hiding import Hidden, hide
from dagster_project.release.manifest import Manifest
from dagster_project.release.standing import RELEASE_ID
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key, withdraw_release

LANDING = re.compile(r"[0-9a-f]{12,64}")
SHOWN = 5

NO_TARGET = "this is neither a release, a key nor a landing"
RELEASE_TYPED, KEY_TYPED = "an id of `outcomes releases`", "indicator_id=…,area_code=…"


def withdraw(home: Home, target: str, reason: str) -> list[str]:
    """What was done, in sentences, once the release, key or landing is taken back."""
    if RELEASE_ID.fullmatch(target):
        return _release(home, target, reason)
    if LANDING.fullmatch(target):
        return _landing(home, target, reason)
    return _key(home, parse_key(target), reason)


def roll_back(home: Home, identifier: str) -> list[str]:
    """What was done, in sentences, once `latest` names that release.

    It shows nothing that is hidden today, and a refresh doesn't publish again what it was before.
    """
    store = ReleaseStore(home)
    store.reconcile()
    try:
        before = store.latest()
    except OutcomesError:
        # A damaged release is a reason to roll back from it; the rest doesn't need it.
        before = None
    store.check_usable(identifier)
    newest = store.newest_values()
    hidden = hide(store, identifier, today=newest) if newest else Hidden()
    said = [store.rollback(identifier)]
    if count := hidden.values:
        said.append(f"{count:,} value{_s(count)} of it {_was(count)} suppressed since: hidden now.")
    if before is not None and before.id != identifier:
        with state.connect(home.state) as ledger:
            state.set_meta(ledger, state.ROLLED_BACK, before.fingerprint)
    if hidden.problem:
        raise hidden.problem
    return said


def parse_key(text: str, command: str = "withdraw") -> dict[str, str]:
    """The columns and values of a key as it is typed for a command; UsageError if it is none."""
    is_key_alone = command != "withdraw"
    key = {}
    for part in text.split(","):
        name, separator, value = part.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise UsageError(
                "this isn't a key" if is_key_alone else NO_TARGET,
                got=text,
                expected=KEY_TYPED
                if is_key_alone
                else f"{RELEASE_TYPED}, or {KEY_TYPED}, or"
                " the first 12 characters or more of a file's SHA-256",
                fix=f"see `outcomes {command} --help`",
            )
        key[name.strip()] = value.strip()
    return key


def _key(home: Home, key: Mapping[str, str], reason: str) -> list[str]:
    store = ReleaseStore(home)
    before = _withdrawn(store)
    withdraw_key(store, home.state, key, reason)
    after = _withdrawn(store)
    taken = {name: after[name] - before.get(name, 0) for name in after}
    said = [
        f"{count:,} value{_s(count)} taken back in release {name}."
        for name, count in taken.items()
        if count
    ]
    said = said or ["No release shows it: it was taken back before."]
    return [*said, "The next refresh publishes it as withdrawn, whatever bytes come."]


def _withdrawn(store: ReleaseStore) -> dict[str, int]:
    return {manifest.id: manifest.counts.get("withdrawn", 0) for manifest in store.manifests()}


def _release(home: Home, identifier: str, reason: str) -> list[str]:
    store = ReleaseStore(home)
    store.reconcile(find_latest=False)
    manifests = store.readable()
    target = next((manifest for manifest in manifests if manifest.id == identifier), None)
    latest = store.latest_id()
    # Read before it is emptied: its manifest then has no counts any more.
    shown = sum(target.counts.get(name, 0) for name in ("published", "held")) if target else 0
    was_withdrawn = target is not None and target.is_withdrawn
    # The landings first: a kill in between leaves a release that is withdrawn by asking again.
    others = [m for m in manifests if m.id != identifier and not m.is_withdrawn]
    rows = _came_with(home, target, others) if target and reason.strip() else []
    taken_back.take_back(home, rows, reason)
    withdraw_release(store, home.state, identifier, reason)
    said = (
        [f"Release {identifier} was withdrawn before."]
        if was_withdrawn
        else [f"Release {identifier} is withdrawn: {shown:,} value{_s(shown)} taken back."]
    )
    if store.latest_id() != latest:
        said.append(f"The latest release is now {store.latest_id() or 'none'}; it was {latest}.")
    if target is None:
        unknown = "Its manifest can't be read, so what it was made from isn't known"
        return [*said, f"{unknown}: no file is taken back with it."]
    return [*said, *_what_is_next(rows, others)]


def _came_with(home: Home, target: Manifest, others: Sequence[Manifest]) -> list[sqlite3.Row]:
    """The landings that the release was made from, and no other release that stands."""
    known = {each.landing for manifest in others for each in manifest.inputs}
    own = {each.landing for each in target.inputs} - known
    return [row for row in ledger.rows(home) if (row["sha256"], row["period"]) in own]


def _what_is_next(rows: Sequence[sqlite3.Row], others: Sequence[Manifest]) -> list[str]:
    if rows:
        which = f"The file{_s(len(rows))} that came with it {_are(rows)} taken back too"
        return [
            f"{which}: {_named(rows)}. The next refresh publishes without; other bytes may"
            " publish again. The bytes stay in landing/, marked."
        ]
    if not others:
        return ["No release stands. The next refresh publishes only what has come since."]
    return [
        "Every file that it was made from is one of a release that stands, so none is taken back."
        " The next refresh publishes nothing until files, code or waivers change; to take a file"
        " back, name the first 12 characters of its SHA-256."
    ]


def _landing(home: Home, start: str, reason: str) -> list[str]:
    if not reason.strip():
        raise UsageError("a withdrawal needs a reason", fix="say in --reason why it is taken back")
    rows = [row for row in ledger.rows(home) if row["sha256"].startswith(start)]
    if not rows and any(each.sha256.startswith(start) for each in taken_back.recorded(home)):
        return ["That landing was taken back before."]
    if len({row["sha256"] for row in rows}) != 1:
        raise UsageError(
            "several landings begin so" if rows else "nothing has landed with such a SHA-256",
            got=start,
            expected="the first 12 characters or more of the SHA-256 of one landed file",
            fix="it is the name of its folder in landing/, and stands in the manifest under inputs",
        )
    taken_back.take_back(home, rows, reason)
    count = sum(row["rows_kept"] for row in rows)
    names = {(row["sha256"], row["period"]) for row in rows}
    showing = _ids(home, lambda m: any(each.landing in names for each in m.inputs))
    said = [
        f"Taken back: {_named(rows)}, {count:,} rows. The next refresh publishes without; other"
        " bytes may publish again. The bytes stay in landing/, marked."
    ]
    if showing:
        said.append(
            f"Still there: the release{_s(len(showing))} made from it, {', '.join(showing)}."
            " `outcomes withdraw` takes a release or a key out of them."
        )
    return said


def _ids(home: Home, wanted: Callable[[Manifest], bool]) -> list[str]:
    manifests = ReleaseStore(home).manifests()
    return [each.id for each in manifests if not each.is_withdrawn and wanted(each)]


def _named(rows: Sequence[sqlite3.Row]) -> str:
    names = [
        row["relative_path"] + (f" ({row['period']})" if row["period"] else "") for row in rows
    ]
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _are(rows: Sequence[sqlite3.Row]) -> str:
    return "is" if len(rows) == 1 else "are"
