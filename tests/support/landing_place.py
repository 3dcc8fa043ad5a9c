"""A home with an inbox beside it, and whether all agrees once the one has landed in the other."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from dagster_project import state, warehouse
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.landing import loading, shown, store
from dagster_project.landing.landing import Landing, LandingSummary, land
from dagster_project.sources import raw_tables
from tests.support.landing_files import sha256


@dataclass
class Place:
    """A home and an inbox beside it, and what came of landing the one in the other."""

    root: Path
    run_number: int = 0
    summary: LandingSummary = field(default_factory=LandingSummary)
    taken_back: list[OutcomesError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = Home(self.root / "home")
        self.inbox = self.root / "inbox"
        self.home.make()
        self.inbox.mkdir(parents=True, exist_ok=True)

    def copied_to(self, root: Path) -> Place:
        """The same home and the same inbox once more, with what else stands beside them."""
        shutil.copytree(self.root, root, symlinks=True, dirs_exist_ok=True)
        return Place(root, self.run_number)

    def put(self, name: str, content: bytes) -> Path:
        """The file in the inbox."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def land(self, *, synthetic: bool = False, inboxes: Sequence[Path] = ()) -> LandingSummary:
        """One run: what the warehouse lacks is loaded, and the inbox is taken in."""
        self.run_number += 1
        with warehouse.connect(self.home) as connection:
            loading.make_tables(connection)
            self.taken_back = list(loading.load_missing(connection, self.home))
            pass_ = Landing(self.home, self.run_number, synthetic)
            self.summary = land(connection, pass_, list(inboxes) or [self.inbox])
            shown.show(connection, self.home)
        return self.summary

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """What the warehouse answers."""
        with warehouse.connect(self.home, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def column(self, table: str, column: str) -> list[Any]:
        """A column of a raw table, in the order of landing."""
        return [row[0] for row in self.query(f"select {column} from raw.{table} order by rowid")]

    def ledger(self) -> list[dict[str, Any]]:
        """The ledger of landings."""
        with state.connect(self.home.state) as connection:
            rows = connection.execute("select * from landings order by landing_id").fetchall()
        return [dict(row) for row in rows]

    def refusals(self) -> list[dict[str, Any]]:
        """The ledger of refusals."""
        with state.connect(self.home.state) as connection:
            rows = connection.execute("select * from refusals order by refusal_id").fetchall()
        return [dict(row) for row in rows]

    def refused(self, name: str) -> OutcomesError:
        """The refusal of that file; it is the only one."""
        found = [refusal for refusal in self.summary.refused if refusal.file == name]
        assert len(found) == 1, [refusal.message for refusal in self.summary.refused]
        return found[0]

    def reason(self, content: bytes) -> dict[str, Any]:
        """The reason beside these bytes in quarantine."""
        path = self.home.quarantine / sha256(content) / "reason.json"
        return dict(json.loads(path.read_text(encoding="utf-8")))

    def receipt(self, content: bytes) -> dict[str, Any]:
        """The receipt beside these bytes in `landing/`."""
        (path,) = (self.home.landing / sha256(content)).glob("receipt*.json")
        return dict(json.loads(path.read_text(encoding="utf-8")))

    def kept(self, content: bytes) -> bool:
        """True if these bytes are in quarantine, unchanged."""
        path = self.home.quarantine / sha256(content) / "extract"
        return path.exists() and path.read_bytes() == content

    def files_with(self, *needles: bytes) -> list[str]:
        """The files of the home that hold one of these, as text or as UTF-16."""
        wide = [needle.decode("latin-1").encode("utf-16-le") for needle in needles]
        found = []
        for folder, _, names in os.walk(self.home.root):
            for name in names:
                path = Path(folder) / name
                content = path.read_bytes()
                if any(n in content or n in name.encode() for n in (*needles, *wide)):
                    found.append(path.relative_to(self.home.root).as_posix())
        return sorted(found)

    def agrees(self) -> None:
        """Ledger, `landing/` and warehouse say the same, and nothing half-made is left."""
        rows = self.ledger()
        for row in rows:
            entry = self.home.landing / row["sha256"]
            assert sha256((entry / "extract").read_bytes()) == row["sha256"]
            name = store.receipt(row["period"])
            receipt = json.loads((entry / name).read_text(encoding="utf-8"))
            assert receipt["period"] == row["period"]
        loaded = dict(self.query("select extract_id, rows_kept from raw.loaded"))
        assert loaded == {row["landing_id"]: row["rows_kept"] for row in rows}
        assert self.row_counts() == {i: kept for i, kept in loaded.items() if kept}
        for folder in (self.home.landing, self.home.quarantine):
            assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []
        assert list((self.home.cache / "landing").glob("*")) == []

    def row_counts(self) -> dict[int, int]:
        """How many rows each extract has in the raw tables."""
        every = " union all ".join(f"select extract_id from landed.{name}" for name in raw_tables())
        return dict(self.query(f"select extract_id, count(*) from ({every}) group by 1"))

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every raw table, with the file it came from instead of its number."""
        with warehouse.connect(self.home, read_only=True) as connection:
            return {
                table: connection.execute(
                    f"select columns(rows.*), extracts.relative_path from landed.{table} as rows"
                    " inner join raw.extracts as extracts using (extract_id) order by all"
                ).fetchall()
                for table in raw_tables()
            }


def snapshot(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file of a folder with its bytes, times and mode, to tell whether it was changed."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def land_at(root: Path, ready: Connection) -> None:
    """The inbox at `root` landed, by a process that says when it begins and when it is done."""
    place = Place(root)
    ready.send("begun")
    place.land()
    ready.send("done")
