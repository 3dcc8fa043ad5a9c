"""The words of `outcomes accept-revision`, and what it answers."""

from __future__ import annotations

import argparse
from typing import Any

from dagster_project.errors import UsageError
from dagster_project.home import Home

MOST_LISTED = 20
HELP = (
    "Values that moved further than their limit since they were published, or are judged"
    " otherwise, keep what was published until a role says why. Without a KEY, what waits for a"
    " reason. A KEY is written as column=value pairs: indicator_id=…, period_label=…,"
    " area_code=…, source_id=…, or extract=… for all that a file moves, by the first 12"
    " characters of its SHA-256; any of them together. A reason is for what waits now. It is"
    " published with the values."
)


def add(verbs: Any) -> None:
    """After this the command has the verb."""
    verb = verbs.add_parser(
        "accept-revision", help="say why published values moved, so that they may", description=HELP
    )
    verb.add_argument("key", metavar="KEY", nargs="?", help="which values; all that wait, if none")
    verb.add_argument("--by", metavar="ROLE", help="a role of seeds/owners.csv")
    verb.add_argument("--reason", metavar="TEXT", help="why they moved; it is published")
    verb.add_argument(
        "--end", action="store_true", help="take back the reason last given for that key"
    )
    verb.add_argument("--json", action="store_true", help="the answer as JSON, for programs")


def answer(home: Home, options: argparse.Namespace) -> dict[str, Any]:
    """What waits, or the reason once it is given or taken back; UsageError says what is wrong."""
    from dagster_project import refresh
    from dagster_project.revising import reasons, waiting
    from dagster_project.withdrawing import parse_key

    if options.key is None:
        if options.by or options.reason or options.end:
            raise UsageError(
                "a reason is for some values",
                got="no key",
                expected="column=value pairs, such as indicator_id=…,period_label=…",
                fix="see `outcomes accept-revision` for what waits",
            )
        return {"waiting": waiting.waiting(home)}
    key = parse_key(options.key, "accept-revision")
    if options.end:
        with refresh.held(home):
            ended = reasons.end(home, key)
        return {
            "reason": ended.as_record(),
            "said": f"Ended: the reason for {waiting.spelled(key)}.",
        }
    missing = [word for word in ("by", "reason") if getattr(options, word) is None]
    if missing:
        told = ", ".join(f"--{word}" for word in missing)
        raise UsageError(f"a reason needs {told}", fix="or take one back with --end")
    with refresh.held(home):
        given, waited = reasons.give(home, key, options.by, options.reason)
    values = f"{waited:,} value{'' if waited == 1 else 's'}"
    return {
        "reason": given.as_record(),
        "values": waited,
        "said": f"{values} waited for it. The next `outcomes refresh` publishes what no other check"
        " holds, and the release names the reason.",
    }


def lines(record: dict[str, Any]) -> list[str]:
    """The same for a person."""
    if "said" in record:
        return [str(record["said"])]
    groups = record["waiting"]
    if not groups:
        return ["No revision waits for a reason."]
    total = sum(each["revisions"] for each in groups)
    listed = [_line(each) for each in groups[:MOST_LISTED]]
    more = len(groups) - len(listed)
    return [
        "1 value waits for a reason" if total == 1 else f"{total:,} values wait for a reason",
        *listed,
        *([f"  and {more:,} more groups: --json lists them all"] if more else []),
        "Give it with `outcomes accept-revision KEY --by ROLE --reason TEXT`",
    ]


def _line(each: dict[str, Any]) -> str:
    return (
        f"  {each['revisions']:,} of indicator_id={each['indicator_id']},"
        f"period_label={each['period_label']},extract={each['sha256'][:12]} ({each['file']})"
    )
