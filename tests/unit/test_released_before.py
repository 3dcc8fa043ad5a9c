"""What earlier releases said of values of ours that come of records which aren't public."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.home import Home
from dagster_project.pipeline import released_before
from tests.support.models import VALUE

COLUMNS = tuple(released_before.COLUMNS)
RELEASES = ("1.0.0-0123456789ab", "1.1.0-0123456789ab")


def release(home: Home, identifier: str, *rows: dict[str, object]) -> None:
    """After this a release stands with these values and nothing else."""
    folder = home.releases / identifier / "data"
    folder.mkdir(parents=True)
    columns = (*COLUMNS, "source_id")
    with duckdb.connect() as con:
        con.execute(f"create table made ({', '.join(f'{name} varchar' for name in columns)})")
        for row in rows:
            given = VALUE | row
            con.execute(
                f"insert into made values ({', '.join('?' * len(columns))})",
                [given[name] for name in columns],
            )
        con.execute(f"copy made to '{folder / 'indicator_values.parquet'}' (format parquet)")


def read(home: Home) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        released_before.write(con, home)
        return con.execute(
            "select area_code, status, numerator from run.released_before order by all"
        ).fetchall()


def test_every_standing_release_counts_and_only_what_is_guarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    guarded = {"origin": "computed", "source_id": "records"}
    hidden = {"status": "suppressed", "status_reason": "suppressed_here", "numerator": None}
    release(home, RELEASES[0], {"area_code": "A", **guarded, **hidden})
    release(
        home,
        RELEASES[1],
        {"area_code": "A", **guarded, "numerator": 30.0},
        {"area_code": "B", "origin": "computed", "source_id": "qof"},
        {"area_code": "C", "origin": "published", "source_id": "records"},
    )
    # One that was taken back as a whole.
    (home.releases / "1.2.0-0123456789ab").mkdir()
    rows = (
        {"source_id": "records", "is_public": "false"},
        {"source_id": "qof", "is_public": "true"},
    )
    monkeypatch.setattr(released_before, "source_rows", lambda: rows)
    assert read(home) == [("A", "published", 30.0), ("A", "suppressed", None)]


def test_where_every_source_is_public_no_release_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    folder = home.releases / RELEASES[0] / "data"
    folder.mkdir(parents=True)
    (folder / "indicator_values.parquet").write_text("never opened")
    rows = ({"source_id": "qof", "is_public": "true"},)
    monkeypatch.setattr(released_before, "source_rows", lambda: rows)
    assert read(home) == []
