"""`outcomes alerts`: its words, and what each does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from dagster_project.home import Home

ACTIONS = ("list", "ack", "pause", "test", "send")
Answer = tuple[dict[str, Any], Callable[[dict[str, Any]], list[str]], bool]


def add_words(
    verbs: Any, day: Callable[[str], Any], json: Callable[[argparse.ArgumentParser], None]
) -> None:
    """After this the parser knows the verb and its own verbs."""
    alerts = verbs.add_parser(
        "alerts",
        help="what is wrong and who was told: see it, say that you have it, pause it, tell it",
        description="A KEY is the id that `outcomes alerts list` shows, or the start of a key.",
    )
    actions = alerts.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the alerts that aren't over")
    listing.add_argument("--all", action="store_true", help="those that are over too")
    json(listing)
    ack = actions.add_parser("ack", help="say that you have it: it isn't told again for now")
    ack.add_argument("key", metavar="KEY", help="id, as `outcomes alerts list` shows it")
    ack.add_argument("--note", metavar="TEXT", default="", help="what you know of it; it is told")
    json(ack)
    pause = actions.add_parser("pause", help="tell nobody again before a day")
    pause.add_argument("key", metavar="KEY", help="id, as `outcomes alerts list` shows it")
    pause.add_argument(
        "--until", metavar="DATE", type=day, required=True, help="that day (YYYY-MM-DD)"
    )
    pause.add_argument("--note", metavar="TEXT", default="", help="why; it is told")
    json(pause)
    test = actions.add_parser("test", help="send a test message, and say what came of it")
    test.add_argument("--to", metavar="ROLE", help="an owner or subscriber (data-engineering)")
    json(test)
    send = actions.add_parser("send", help="tell now what is to be told, as a refresh does")
    send.add_argument("--dry-run", action="store_true", help="print the messages, send nothing")
    send.add_argument("--again", action="store_true", help="try what was given up, and all at once")
    json(send)


def run(options: argparse.Namespace, home: Home) -> Answer:
    """The answer to one action, how it is said, and whether all went well."""
    from dagster_project.alerts import commands

    if options.action == "list":
        return commands.list_record(home, every=options.all), commands.list_lines, True
    if options.action == "ack":
        return commands.acknowledge(home, options.key, options.note), _said, True
    if options.action == "pause":
        return commands.pause(home, options.key, options.until, options.note), _said, True
    if options.action == "send":
        record = commands.send(home, dry_run=options.dry_run, again=options.again)
        return record, commands.send_lines, True
    from dagster_project.alerts.trial import trial_lines, trial_record

    record = trial_record(home, options.to)
    return record, trial_lines, not any(each["problem"] for each in record["ways"])


def _said(record: dict[str, Any]) -> list[str]:
    return [record["said"]]
