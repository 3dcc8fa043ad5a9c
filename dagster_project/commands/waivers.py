"""The words of `outcomes waive`, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from dagster_project.calendar import today
from dagster_project.errors import UsageError
from dagster_project.home import Home


def add(verbs: Any, day: Callable[[str], Any]) -> None:
    """After this the command has the verb."""
    waive = verbs.add_parser(
        "waive",
        help="let a check's failures through for a key, until a day",
        description=(
            "A role takes it on itself that a value is published although a check fails it. The"
            " waiver ends by itself; each release names those that it used. A KEY is written as"
            " indicator_id=…, with further columns where wanted, such as area_code=…"
        ),
    )
    waive.add_argument("check", metavar="CHECK", help="id, as in docs/reference/checks.md")
    waive.add_argument("key", metavar="KEY", help="whose failures: indicator_id=…,area_code=…")
    waive.add_argument("--by", metavar="ROLE", help="a role of seeds/owners.csv")
    waive.add_argument("--until", metavar="DATE", type=day, help="its last day (YYYY-MM-DD)")
    waive.add_argument("--reason", metavar="TEXT", help="why; it is published")
    waive.add_argument("--end", action="store_true", help="end the waiver of that check and key")
    waive.add_argument("--json", action="store_true", help="the answer as JSON, for programs")


def answer(home: Home, options: argparse.Namespace) -> dict[str, Any]:
    """The waiver once it is granted or ended; UsageError says what is wrong."""
    from dagster_project import refresh, waivers
    from dagster_project.withdrawing import parse_key

    key = parse_key(options.key, "waive")
    if options.end:
        with refresh.held(home):
            said = waivers.end(home, options.check, key)
        return {"check_id": options.check, "key": key, "said": said}
    needed = {"--by": options.by, "--until": options.until, "--reason": options.reason}
    missing = [name for name, given in needed.items() if given is None]
    if missing:
        raise UsageError(
            f"a waiver needs {', '.join(missing)}",
            fix=f"give {'it' if len(missing) == 1 else 'them'}, or end a waiver with --end",
        )
    until = options.until.isoformat()
    waiver = waivers.Waiver(options.check, key, options.by, until, options.reason)
    with refresh.held(home):
        said = waivers.grant(home, waiver, today())
    return {**waiver.as_record(), "said": said}


def lines(record: dict[str, Any]) -> list[str]:
    """What was done, in words."""
    return [record["said"]]
