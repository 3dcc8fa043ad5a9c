"""What an edition of a framework holds now: its latest workbook, or else the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import ledger, store, workbooks
from dagster_project.nearest import nearest
from dagster_project.recovery import kind_that_stands
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.sources.framework_sheets import SHEETS
from dagster_project.sources.framework_workbook import FRAMEWORK_WORKBOOK, Filled, editions, parse
from dagster_project.sources.layout import Extract

Rows = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True)
class Edition:
    """An edition with its rows by the registry's file, in the order in which they are shown."""

    framework: str
    edition: str
    rows: Rows


def edition_of(home: Home, framework: str, edition: str | None, today: date) -> Edition:
    """The edition as it stands; UsageError where there is none, or more than one to choose from."""
    if kind_that_stands(home) is not None and not home.state.exists():
        raise OutcomesError(
            "the state of this home is gone, and with it which workbooks have landed",
            file=str(home.state),
            fix="run `outcomes refresh`, which rebuilds it, and ask again",
        )
    registry = load_registry(PROJECT_ROOT / "seeds")
    landed = _landed(home)
    known = {(row["framework"], row["edition"]) for row in registry.frameworks} | landed.keys()
    there = sorted(name for of, name in known if of == framework)
    frameworks = {of for of, _ in known}
    near = [framework] if there else nearest(framework, frameworks)
    choices = [
        f"--framework {of} --edition {name!r}"
        for of, name in sorted(known)
        if of in (near or frameworks)
    ]
    wanted = there[0] if edition is None and len(there) == 1 else edition
    if wanted not in there:
        raise UsageError(
            "which edition is meant?" if edition is None and there else "there is no such edition",
            got=f"{framework} {edition or ''}".strip(),
            expected="perhaps " * bool(near and not there) + "; ".join(choices),
            fix="name one of these, or leave both out for an empty form",
        )
    key = (framework, str(wanted))
    rows = _rows_of_workbook(landed[key]) if key in landed else _rows_of_seeds(registry, key, today)
    return Edition(*key, rows)


def _landed(home: Home) -> dict[tuple[str, str], Filled]:
    """The workbook that counts for each edition: the latest, as the models choose it."""
    found: dict[tuple[str, str], tuple[Any, Filled]] = {}
    for row in ledger.rows(home) if home.state.exists() else ():
        if row["layout_id"] != FRAMEWORK_WORKBOOK.layout_id:
            continue
        filled = parse(workbooks.whole(_extract(home, row)))
        framework, edition, as_of = editions(filled.rows)
        order = (as_of, row["vintage"] or "", row["run_number"], row["sha256"])
        before = found.get((framework, edition))
        if before is None or before[0] < order:
            found[framework, edition] = (order, filled)
    return {key: filled for key, (_, filled) in found.items()}


def _extract(home: Home, row: Any) -> Extract:
    path = store.landed_bytes(home.landing, row["sha256"])
    return Extract(path, row["relative_path"], row["bytes"], row["sha256"])


def _rows_of_workbook(filled: Filled) -> Rows:
    return {file: [row.cells for row in rows] for file, rows in filled.rows.items()}


def _rows_of_seeds(registry: Registry, key: tuple[str, str], today: date) -> Rows:
    rows: dict[str, Sequence[Mapping[str, str]]] = {}
    for sheet in SHEETS:
        of_edition = [
            row
            for row in getattr(registry, sheet.stem, ())
            if (row.get("framework"), row.get("edition")) == key
        ]
        rows[sheet.file] = sorted(of_edition, key=_place)
    (framework,) = rows["frameworks.csv"]
    return rows | {"frameworks.csv": [{**framework, "as_of": today.isoformat()}]}


def _place(row: Mapping[str, str]) -> int:
    return int(row.get("sort_order") or 0)
