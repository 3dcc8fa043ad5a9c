"""The record of a value's origin, put together from the release, the warehouse and the landing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.home import Home
from dagster_project.lineage.history import history_of, last_published
from dagster_project.lineage.inputs import Origins, is_of_release
from dagster_project.lineage.judged import checks_of, holds_of, waivers_of
from dagster_project.lineage.question import Answer, Question, answer, hide, records
from dagster_project.lineage.shown import (
    BY_A_LANDING,
    BY_THE_LATEST,
    HIDDEN,
    data_of,
    landings_taken_back,
    rests_on,
    sources_taken_back,
    standing,
)
from dagster_project.pipeline.tables import KEY
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore
from dagster_project.warehouse import in_memory, settings

if TYPE_CHECKING:
    import duckdb

# For a person, a question that names few series is answered whole; of many, the rest is counted.
MOST_EXPLAINED = 12
# The check that holds what several extracts give otherwise.
DISAGREEING = "L02"


@dataclass(frozen=True)
class _Asked:
    """What all values of one question are explained with."""

    con: duckdb.DuckDBPyConnection
    store: ReleaseStore
    found: Answer
    origins: Origins
    gone: set[tuple[str, str | None]]
    hidden_now: set[tuple[Any, ...]]


def explain(home: Home, asked: Question, most: int | None = None) -> dict[str, Any]:
    """Where the values come from: definition, inputs, checks, holds and history of each.

    With `most`, no more than that many values are explained, and the rest is counted.
    """
    store = ReleaseStore(home)
    with in_memory(home) as con:
        found = answer(con, store, asked)
        shown = found.values[:most]
        gone, hidden_now = landings_taken_back(home), _hidden_now(con, store, found)
        with _warehouse(home, found) as (warehouse, note):
            origins = Origins(home, found, con, lambda of: store.path(of.id), warehouse, note)
            asks = _Asked(con, store, found, origins, gone, hidden_now)
            explained = [_explained(asks, value) for value in shown]
    manifest = found.manifest
    return {
        "home": str(home.root),
        "release": manifest.id,
        "created_at": manifest.created_at,
        "commit": manifest.commit,
        "synthetic": manifest.synthetic,
        "as_at": str(asked.as_at) if asked.as_at else None,
        "indicator": found.indicator,
        "area": found.area,
        "note": note,
        "values": explained,
        "not_shown": len(found.values) - len(shown),
        "other_series": found.other_series,
    }


def _explained(asks: _Asked, value: dict[str, Any]) -> dict[str, Any]:
    con, found = asks.con, asks.found
    why = _hidden_because(asks, value)
    with data_of(found.directory):
        checks, holds = (
            checks_of(con, found.directory, value),
            holds_of(con, found.directory, value),
        )
    return {
        "value": hide(value) if why else value,
        "hidden_today": why is not None,
        "hidden_because": why,
        **_origin(asks, value, holds),
        # What a check saw of a hidden value would tell the figure.
        "checks": [check | {"observed": None} for check in checks] if why else checks,
        "holds": holds,
        "waivers": waivers_of(found.manifest, value),
        "history": history_of(
            con, asks.store, value, asks.gone, hidden=why is not None and why != BY_A_LANDING
        ),
    }


def _origin(asks: _Asked, value: dict[str, Any], holds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The inputs of the figures that are shown; of a held value, where the held figure is too."""
    told: dict[str, Any] = {
        "figures_from": None,
        "no_figure_because": None,
        "disagreeing": False,
        "held_in": [],
    }
    if value["status"] != "held":
        return {"inputs": asks.origins.of(value), **told}
    # Which of several that disagree is taken is chance: all of them are named.
    differ = any(hold["check_id"] == DISAGREEING for hold in holds)
    disagreeing = asks.origins.disagreeing(value) if differ else []
    told |= {"inputs": [], "disagreeing": bool(disagreeing)}
    told["held_in"] = disagreeing or asks.origins.of(value)
    last = last_published(asks.con, asks.store, value, asks.found.manifest.id)
    # Without a figure there is none whose origin could be told.
    if value["value"] is None:
        return told | {"no_figure_because": _no_figure_because(asks, value, last)}
    named = next((hold.get("last_good_release") for hold in holds), None)
    if named:
        stands = [each for each in asks.store.manifests() if not each.is_withdrawn]
        last = next((each for each in stands if each.id == named), None)
    inputs = asks.origins.of_release(last, value) if last else []
    return told | {"inputs": inputs, "figures_from": last.id if last else None}


def _no_figure_because(asks: _Asked, value: dict[str, Any], last: Manifest | None) -> str:
    """Why a held value has no last good figure; `last` is the release that last published it."""
    if last is None:
        return "no release that is still there published it"
    if rests_on(sources_taken_back(last, asks.gone), value):
        return "what was published may rest on a file that was taken back"
    return f"{last.id} published one, and it isn't shown again"


def _hidden_because(asks: _Asked, value: dict[str, Any]) -> str | None:
    if value["status"] in HIDDEN or _key(value) in asks.hidden_now:
        return BY_THE_LATEST
    if rests_on(sources_taken_back(asks.found.manifest, asks.gone), value):
        return BY_A_LANDING
    return None


def _hidden_now(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, found: Answer
) -> set[tuple[Any, ...]]:
    """The keys that the release that stands hides, of those that an earlier one answers with."""
    today = standing(store)
    if today is None or today == found.manifest.id:
        return set()
    table = parquet(store.path(today) / "data" / "indicator_values.parquet")
    with data_of(store.path(today)):
        rows = records(
            con,
            f"from {table} where indicator_id = {text(found.indicator['indicator_id'])}"
            f" and area_code = {text(found.area['area_code'])}"
            f" and status in ({', '.join(map(text, HIDDEN))})",
        )
    return set(map(_key, rows))


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


@contextmanager
def _warehouse(
    home: Home, found: Answer
) -> Iterator[tuple[duckdb.DuckDBPyConnection | None, str | None]]:
    """The warehouse, if it holds what the release was made from; else why it isn't asked."""
    import duckdb

    if not home.state.exists():
        yield None, "The state of this home is gone; `outcomes refresh` rebuilds it."
        return
    if not home.warehouse.exists():
        yield None, None
        return
    try:
        connection = duckdb.connect(str(home.warehouse), read_only=True, config=settings(home))
    except duckdb.Error as problem:
        held = "lock" in str(problem).lower()
        yield (
            None,
            (
                "A refresh holds the warehouse now; asked again after it, rows are told too."
                if held
                else "The warehouse can't be read; `outcomes refresh` makes it anew."
            ),
        )
        return
    with connection:
        of_release = is_of_release(connection, found.manifest.fingerprint)
        yield (connection if of_release else None), None
