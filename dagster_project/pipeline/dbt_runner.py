"""dbt in this process: parsed once, run by selection, its connection closed afterwards."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project import progress
from dagster_project.errors import OutcomesError
from dagster_project.fingerprint import code_version
from dagster_project.home import PROJECT_ROOT, Home

PROJECT = PROJECT_ROOT / "dbt"


@dataclass(frozen=True)
class NodeResult:
    """One model, seed or test that ran."""

    unique_id: str
    status: str
    seconds: float
    message: str


def target(home: Home) -> Path:
    """Where dbt keeps what it parsed and compiled: a cache."""
    return home.cache / "dbt"


def manifest_path(home: Home) -> Path:
    """The parsed project as JSON, made by `parse`."""
    return target(home) / "manifest.json"


@contextmanager
def _environment(home: Home) -> Iterator[None]:
    """What `dbt/profiles.yml` asks of the environment, put back afterwards."""
    wanted = {
        "OUTCOMES_WAREHOUSE": str(home.warehouse),
        "OUTCOMES_DUCKDB_TEMP": str(home.cache / "duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
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


_PARSED: dict[tuple[str, str], Any] = {}


def parse(home: Home) -> None:
    """After this the manifest is that of today's project; parsed only if something changed."""
    stamp = target(home) / "parsed-code-version"
    if manifest_path(home).exists() and stamp.exists() and stamp.read_text() == code_version():
        return
    target(home).mkdir(parents=True, exist_ok=True)
    result = _invoke(home, ["parse"], manifest=None)
    _PARSED[str(home.root), code_version()] = result.result
    stamp.write_text(code_version())


def manifest(home: Home) -> dict[str, Any]:
    """The manifest as a dictionary."""
    parse(home)
    return dict(json.loads(manifest_path(home).read_text(encoding="utf-8")))


def run_seeds(home: Home) -> list[NodeResult]:
    """After this the seeds are in the warehouse as they stand in `seeds/`; at once if they were."""
    from dagster_project import warehouse

    stamp = _seeds_digest()
    with warehouse.connect(home) as connection:
        connection.execute("create schema if not exists run")
        connection.execute("create table if not exists run.seeded (digest VARCHAR)")
        rows = connection.execute("select digest from run.seeded").fetchall()
    if rows == [(stamp,)]:
        return []
    results = run(home, "seed")
    with warehouse.connect(home) as connection:
        connection.execute("delete from run.seeded")
        connection.execute("insert into run.seeded values (?)", [stamp])
    return results


def _seeds_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted((PROJECT_ROOT / "seeds").glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def run(
    home: Home, command: str, select: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[NodeResult]:
    """After this the selected nodes are built, in order; OutcomesError names those that failed."""
    parse(home)
    arguments = [command]
    if select:
        arguments += ["--select", *select]
    if exclude:
        arguments += ["--exclude", *exclude]
    result = _invoke(home, arguments, manifest=_PARSED.get((str(home.root), code_version())))
    return [
        NodeResult(
            each.node.unique_id, str(each.status), each.execution_time, str(each.message or "")
        )
        for each in result.result
    ]


def _invoke(home: Home, arguments: list[str], manifest: Any) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    options = [
        *arguments,
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(target(home)),
    ]
    with _environment(home):
        try:
            result = dbtRunner(manifest=manifest, callbacks=[_tell]).invoke(["--quiet", "--no-version-check", *options])
        finally:
            # Otherwise the file stays open and nobody else can open it.
            DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise _failure(arguments[0], result)
    return result


def _tell(event: Any) -> None:
    """The node under way, shown as it starts."""
    if event.info.name in ("LogStartLine", "NodeStart"):
        name = getattr(getattr(event.data, "node_info", None), "node_name", "")
        if name:
            progress.current().detail(str(name))


def _failure(command: str, result: Any) -> OutcomesError:
    if result.exception is not None:
        return OutcomesError(
            f"dbt {command} stopped",
            got=str(result.exception)[:2000],
            fix="mend the file it names; `make check` runs the same parse",
        )
    failed = [
        each
        for each in result.result
        if str(each.status) not in ("success", "pass", "skipped", "no-op")
    ]
    first = failed[0]
    return OutcomesError(
        f"dbt {command}: {len(failed)} of {len(result.result)} nodes failed",
        file=str(first.node.original_file_path),
        got=str(first.message)[:2000],
        fix="mend the model or the test it names; what was published before stands",
    )
