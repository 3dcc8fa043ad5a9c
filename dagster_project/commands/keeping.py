"""`outcomes tidy`, `backup` and `restore`: their words, and what each does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagster_project.calendar import today
from dagster_project.home import Home

Answer = tuple[dict[str, Any], Callable[[dict[str, Any]], list[str]]]


def add_words(
    verbs: Any, day: Callable[[str], Any], json: Callable[[argparse.ArgumentParser], None]
) -> None:
    """After this the parser knows the three verbs."""
    tidy = verbs.add_parser(
        "tidy",
        help="what the home may let go of, by its policy; with --apply it goes",
        description=(
            "Releases, refused bytes, records of runs and logs go when they are older than"
            " retention.toml says; landed bytes only when nothing rests on them. Receipts stay."
        ),
    )
    tidy.add_argument("--apply", action="store_true", help="let it go (default: only say what)")
    tidy.add_argument("--as-of", metavar="DATE", type=day, help="the day that ages are counted to")
    json(tidy)
    backup = verbs.add_parser(
        "backup",
        help="copy what must survive of the home, also while a refresh runs",
        description=(
            "A new folder in FOLDER holds state, landed and refused bytes and releases, checked"
            " byte by byte. What an earlier copy there has already takes no room again."
        ),
    )
    backup.add_argument("folder", metavar="FOLDER", help="where copies are kept: another disk")
    json(backup)
    restore = verbs.add_parser(
        "restore",
        help="make a home from a copy",
        description="OUTCOMES_HOME names the home that is made: nothing may stand there yet.",
    )
    restore.add_argument("backup", metavar="BACKUP", help="a folder that `outcomes backup` made")
    json(restore)


def run(options: argparse.Namespace, existing_home: Callable[[], Home]) -> Answer:
    """What the verb came to, and how it is said."""
    if options.verb == "restore":
        from dagster_project.keeping.restore import restore

        return restore(Home.from_environment(), Path(options.backup)), _restore_lines
    home = existing_home()
    if options.verb == "backup":
        from dagster_project.keeping.backup import back_up

        return back_up(home, Path(options.folder)), _backup_lines
    from dagster_project import refresh
    from dagster_project.keeping.tidying import tidy_lines, tidy_record

    with refresh.held(home):
        day = options.as_of or today()
        return tidy_record(home, day, apply=options.apply), tidy_lines


def _holds(record: dict[str, Any]) -> str:
    count = len(record["releases"])
    return (
        f"{count:,} release{'' if count == 1 else 's'}, the latest {record['latest'] or 'none'};"
        f" {record['landed']:,} landed files"
    )


def _backup_lines(record: dict[str, Any]) -> list[str]:
    return [f"Copied: {record['backup']}", f"  {_holds(record)}"]


def _restore_lines(record: dict[str, Any]) -> list[str]:
    return [
        f"Made: {record['home']}, as it was at {record['made_at']}",
        f"  {_holds(record)}",
        "  What was withdrawn or waived since isn't in it: do that again before anyone reads it.",
        "  The next refresh rebuilds the warehouse from what has landed.",
    ]
