"""Building dbt's models and seeds in a home's warehouse, by selection, in this process."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dagster_project import progress, warehouse
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.pipeline import dbt_project


@dataclass(frozen=True)
class NodeResult:
    """One model, seed or test that ran."""

    unique_id: str
    status: str
    seconds: float
    message: str
    cpu_seconds: float = 0.0


@contextmanager
def _environment(home: Home) -> Iterator[None]:
    """What `dbt/profiles.yml` asks of the environment, put back afterwards."""
    wanted = {
        "OUTCOMES_WAREHOUSE": str(home.warehouse),
        "OUTCOMES_DUCKDB_TEMP": str(home.cache / "duckdb"),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def seeds_to_load(home: Home) -> tuple[str, ...]:
    """The selection of seeds to load: all if one has changed since they were, else none."""
    with warehouse.connect(home) as connection:
        connection.execute("create schema if not exists run")
        connection.execute("create table if not exists run.seeded (digest VARCHAR)")
        rows = connection.execute("select digest from run.seeded").fetchall()
    return () if rows == [(_seeds_digest(),)] else ("resource_type:seed",)


def note_seeds(home: Home) -> None:
    """After this the seeds count as loaded until one of them changes."""
    with warehouse.connect(home) as connection:
        connection.execute("delete from run.seeded")
        connection.execute("insert into run.seeded values (?)", [_seeds_digest()])


def _seeds_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted((PROJECT_ROOT / "seeds").glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def run(
    home: Home,
    command: str,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
    manifest: Any = None,
) -> list[NodeResult]:
    """After this the selected nodes are built, in order; OutcomesError names those that failed.

    `manifest` stands in for the parsed project's own.
    """
    # The manifest was written once, when the project was parsed.
    arguments = [command, "--no-write-json"]
    if select:
        arguments += ["--select", *select]
    if exclude:
        arguments += ["--exclude", *exclude]
    manifest = manifest or dbt_project.manifest_for_dbt(dbt_project.parsed())
    watch = _Watch()
    with _environment(home):
        result = dbt_project.invoke(arguments, home.cache / "dbt", manifest, watch)
    return [
        NodeResult(
            each.node.unique_id,
            str(each.status),
            each.execution_time,
            str(each.message or ""),
            # What was passed over never began.
            watch.cpu.get(each.node.unique_id, 0.0),
        )
        for each in result.result
    ]


class _Watch:
    """What dbt says while it works: the node under way is shown, and its CPU time noted.

    One node runs at a time, so what this process takes between its start and its end is its own.
    """

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self._began: dict[str, float] = {}

    def __call__(self, event: Any) -> None:
        if event.info.name in ("LogStartLine", "NodeStart"):
            name = getattr(getattr(event.data, "node_info", None), "node_name", "")
            if name:
                progress.current().detail(str(name))
        if event.info.name == "NodeStart":
            self._began[event.data.node_info.unique_id] = time.process_time()
        elif event.info.name == "NodeFinished":
            node = event.data.node_info.unique_id
            self.cpu[node] = time.process_time() - self._began[node]
