"""The words of the `outcomes` command: its verbs and options, and the help of each."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from dagster_project import __version__
from dagster_project.calendar import wanted_day
from dagster_project.commands import alerts, indicators, keeping, revisions, templates, waivers
from dagster_project.commands.contracts import add_contract

WRONG = 2

EPILOG = """\
OUTCOMES_HOME names the directory that holds everything (default: var/ in the checkout).
Exit codes: 0 done (also when nothing was new, or some values are held); 1 the run failed;
2 the command was wrong; 130 or 143 it was told to stop. In the checkout the command is typed
.venv/bin/outcomes. Start with: outcomes refresh --sample
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong and how to see the help, in one line, with exit code 2."""

    def error(self, message: str) -> Any:
        print(f"outcomes: {message}. See `{self.prog} --help`.", file=sys.stderr)
        raise SystemExit(WRONG)


def make_parser() -> Parser:
    parser = Parser(
        prog="outcomes",
        description="Outcome indicators for health and care in England: landed, judged, published.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"outcomes {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_refresh(verbs)
    status = verbs.add_parser(
        "status",
        help="what needs a hand, the latest release, sources with last landed and next due",
        description=(
            "What the home is like now: whether a refresh is under way, then what somebody has to"
            " see to, then the latest release, the sources and what is waived. Nothing is changed."
        ),
    )
    status.add_argument(
        "--all",
        action="store_true",
        help="every source, landed or not, and every file that was refused or has rows set aside",
    )
    _json(status)
    releases = verbs.add_parser(
        "releases",
        help="every release, the newest first",
        description=(
            "A line a release, with its id, when it was made and how many values it has. An arrow"
            " stands before the latest; made-up data and what was withdrawn are marked."
        ),
    )
    _json(releases)
    rollback = verbs.add_parser(
        "rollback",
        help="point `latest` back to an earlier release",
        description=(
            "After this `latest` is the release that is named, without what is suppressed by now;"
            " none is deleted. What was rolled back isn't published again until something is new."
        ),
    )
    rollback.add_argument("release", metavar="RELEASE", help="id, as `outcomes releases` shows it")
    _json(rollback)
    _add_diff(verbs)
    _add_explain(verbs)
    waivers.add(verbs, _day)
    revisions.add(verbs)
    _add_withdraw(verbs)
    alerts.add_words(verbs, _day, _json)
    templates.add(verbs)
    _json(add_contract(verbs))
    indicators.add_verbs(verbs)
    verify = verbs.add_parser(
        "verify",
        help="read every file of the releases again, against the SHA-256 of its manifest",
        description=(
            "Whether each release is, byte for byte, what was published: each file that is missing,"
            " changed or too many is named, and the exit code is 1."
        ),
    )
    verify.add_argument("release", metavar="RELEASE", nargs="?", help="only this one")
    _json(verify)
    serve = verbs.add_parser(
        "serve",
        help="the published site in a browser, at an address of this machine",
        description=(
            "Serve the site of a release, and the tables that it links to, until Ctrl-C. The site"
            " needs no server: site/index.html of a release opens from a folder just as well."
        ),
    )
    serve.add_argument("release", metavar="RELEASE", nargs="?", help="(the latest)")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)"
    )
    keeping.add_words(verbs, _day, _json)
    ui = verbs.add_parser(
        "ui",
        help="Dagster's web server and daemon, schedules and sensor on",
        description=(
            "Watch runs and assets in a browser, and let schedules and the look into the inbox"
            " refresh the home by themselves, until Ctrl-C."
        ),
    )
    ui.add_argument("--port", type=int, default=3000, help="port of the web server (default 3000)")
    ui.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    for verb in verbs.choices.values():
        # What is wrong with a verb's words is told with the help of that verb.
        verb.set_defaults(parser=verb)
    return parser


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as problem:
        told = f"got {written!r}, expected {wanted_day(written)}"
        raise argparse.ArgumentTypeError(told) from problem


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the answer as JSON, for programs")


def _add_refresh(verbs: Any) -> None:
    refresh = verbs.add_parser(
        "refresh",
        help="take in extracts, judge them, publish what passes",
        description="Recognise, land, build, judge and publish. An inbox is read, never changed.",
    )
    refresh.add_argument(
        "--inbox",
        action="append",
        metavar="DIR",
        help="a folder of extracts (may be given again; default: inbox/ of the home)",
    )
    refresh.add_argument(
        "--source",
        action="append",
        metavar="NAME",
        help="only this source, as `outcomes status` names it (may be given again)",
    )
    refresh.add_argument(
        "--live",
        action="store_true",
        help="ask the publishers first: for all that is due, or for each --source, due or not",
    )
    refresh.add_argument(
        "--sample", action="store_true", help="made-up sample data, in a home of their own"
    )
    refresh.add_argument(
        "--as-of", metavar="DATE", help="the day that decides what is overdue (default: today)"
    )
    _json(refresh)


def _add_diff(verbs: Any) -> None:
    diff = verbs.add_parser(
        "diff",
        help="what changed from one release to another, and why",
        description=(
            "What was added, revised, held or taken away from BEFORE to AFTER, indicator by"
            " indicator, and what it follows from: other extracts, definitions, checks or code."
        ),
    )
    diff.add_argument("earlier", metavar="BEFORE", help="id, as `outcomes releases` shows it")
    diff.add_argument(
        "later", metavar="AFTER", nargs="?", default="latest", help="id of a later one (the latest)"
    )
    diff.add_argument("--indicator", metavar="ID", help="only this indicator")
    diff.add_argument("--all", action="store_true", help="every change, not the largest alone")
    _json(diff)


def _add_explain(verbs: Any) -> None:
    explain = verbs.add_parser(
        "explain",
        help="where a published value comes from, its checks, its history",
        description=(
            "Where a value of a release comes from: its definition, the files and rows it was made"
            " from, the checks that judged it, and how it changed. Without PERIOD, the latest."
        ),
    )
    explain.add_argument("indicator", metavar="INDICATOR", help="its id, or its whole title")
    explain.add_argument("area", metavar="AREA", help="its code, or its whole name")
    explain.add_argument("period", metavar="PERIOD", nargs="?", help="its label, such as 2020/21")
    explain.add_argument(
        "--as-at",
        metavar="DATE",
        type=_day,
        help="as it was known at the end of that day (YYYY-MM-DD)",
    )
    explain.add_argument(
        "--all", action="store_true", help="every sex, age and breakdown, not the headline alone"
    )
    explain.add_argument(
        "--full",
        action="store_true",
        help="the definition, every file, every check with its figures, the whole history",
    )
    _json(explain)


def _add_withdraw(verbs: Any) -> None:
    withdraw = verbs.add_parser(
        "withdraw",
        help="take back what should not have been published",
        description=(
            "Take back a whole release with the files that came with it, one value in every"
            " release, or a file. A KEY is written as indicator_id=…,area_code=… with further"
            " columns where needed, such as period_label=2020/21 or sex=Male. A file is named by"
            " the first 12 characters of its SHA-256, as landing/ and the manifest have it."
        ),
    )
    withdraw.add_argument("target", metavar="RELEASE|KEY|SHA256", help="what is taken back")
    withdraw.add_argument("--reason", required=True, metavar="TEXT", help="why; it is published")
    _json(withdraw)
