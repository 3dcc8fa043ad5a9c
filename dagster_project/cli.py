"""The `outcomes` command. Each verb imports what it needs when it is called, and not before."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from dagster_project import __version__
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home

DONE, FAILED, WRONG = 0, 1, 2

EPILOG = """\
OUTCOMES_HOME names the directory that holds everything (default: var/ in the checkout).
Exit codes: 0 done (also when nothing was new, or some values are held); 1 the run failed;
2 the command was wrong. Start with: outcomes refresh --sample
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong and how to see the help, in one line, with exit code 2."""

    def error(self, message: str) -> Any:
        print(f"outcomes: {message}. See `{self.prog} --help`.", file=sys.stderr)
        raise SystemExit(WRONG)


def _parser() -> Parser:
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
        help="sources with last landed and next due, latest release, what is held and refused",
    )
    _json(status)
    releases = verbs.add_parser("releases", help="every release, the newest first")
    _json(releases)
    rollback = verbs.add_parser("rollback", help="point `latest` back to an earlier release")
    rollback.add_argument("release", metavar="RELEASE", help="id, as `outcomes releases` shows it")
    _json(rollback)
    _add_withdraw(verbs)
    _add_template(verbs)
    ui = verbs.add_parser("ui", help="Dagster's web server and daemon, schedules and sensor on")
    ui.add_argument("--port", type=int, default=3000, help="port of the web server (default 3000)")
    ui.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    return parser


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


def _add_withdraw(verbs: Any) -> None:
    withdraw = verbs.add_parser(
        "withdraw",
        help="take back what should not have been published",
        description=(
            "Take back a whole release, or one value in every release. A KEY is written as"
            " indicator_id=…,area_code=… with further columns where needed, such as"
            " period_label=2020/21 or sex=Male."
        ),
    )
    withdraw.add_argument("target", metavar="RELEASE|KEY", help="a release id, or a key")
    withdraw.add_argument("--reason", required=True, metavar="TEXT", help="why; it is published")
    _json(withdraw)


def _add_template(verbs: Any) -> None:
    template = verbs.add_parser(
        "template",
        help="an Excel form that a partner fills in",
        description=(
            "Write a form. `framework` is the workbook of an outcomes framework: empty, or filled"
            " with an edition as it stands. Filled in, it lands from an inbox like any extract."
        ),
    )
    template.add_argument("source", metavar="SOURCE", choices=["framework"], help="framework")
    template.add_argument("--framework", metavar="NAME", help="fill it with this framework")
    template.add_argument(
        "--edition", metavar="NAME", help="and this edition (needed where there are several)"
    )
    template.add_argument("--out", metavar="FILE", help="where to (default: a name here)")
    _json(template)


def _refresh(options: argparse.Namespace) -> int:
    from dagster_project import progress, refresh

    home = Home.from_environment()
    request = refresh.request_for(
        home,
        options.inbox,
        sample=options.sample,
        as_of=options.as_of,
        sources=options.source,
        live=options.live,
    )
    with progress.shown(_display(quiet=options.json)) as display:
        try:
            outcome = refresh.refresh(request)
        finally:
            display.finish()
    from dagster_project import reporting

    _answer(options.json, reporting.refresh_record(home, outcome), reporting.refresh_lines)
    return DONE


def _display(*, quiet: bool) -> Any:
    from dagster_project import progress

    if quiet:
        return progress.Silent()
    return progress.Live() if sys.stderr.isatty() else progress.Plain()


def _answer(
    as_json: bool, record: dict[str, Any], lines: Callable[[dict[str, Any]], list[str]]
) -> None:
    if as_json:
        print(json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False))
    else:
        print("\n".join(lines(record)))


def _status(options: argparse.Namespace) -> int:
    from dagster_project import reporting

    record = reporting.status_record(Home.from_environment())
    _answer(options.json, record, reporting.status_lines)
    return DONE


def _releases(options: argparse.Namespace) -> int:
    from dagster_project import reporting

    record = reporting.releases_record(Home.from_environment())
    _answer(options.json, record, reporting.releases_lines)
    return DONE


def _rollback(options: argparse.Namespace) -> int:
    from dagster_project import refresh, state
    from dagster_project.release.store import ReleaseStore

    home = _existing_home()
    with refresh.held(home):
        store = ReleaseStore(home)
        before = store.latest()
        said = store.rollback(options.release)
        with state.connect(home.state) as ledger:
            # So that the next refresh doesn't publish at once what was just taken back.
            if before is not None and before.id != options.release:
                state.set_meta(ledger, refresh.ROLLED_BACK, before.fingerprint)
    _answer(options.json, {"latest": options.release, "said": said}, lambda r: [r["said"]])
    return DONE


def _withdraw(options: argparse.Namespace) -> int:
    from dagster_project import refresh
    from dagster_project.release.store import RELEASE_ID, ReleaseStore
    from dagster_project.release.withdraw import withdraw_key, withdraw_release

    home = _existing_home()
    with refresh.held(home):
        store = ReleaseStore(home)
        if RELEASE_ID.fullmatch(options.target):
            done = withdraw_release(store, home.state, options.target, options.reason)
        else:
            done = withdraw_key(store, home.state, _key(options.target), options.reason)
    record = {"target": options.target, "reason": options.reason, "done": done}
    _answer(options.json, record, lambda r: r["done"])
    return DONE


def _key(text: str) -> dict[str, str]:
    key = {}
    for part in text.split(","):
        name, separator, value = part.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise UsageError(
                "this is neither a release nor a key",
                got=text,
                expected="an id of `outcomes releases`, or indicator_id=…,area_code=…",
                fix="see `outcomes withdraw --help`",
            )
        key[name.strip()] = value.strip()
    return key


def _template(options: argparse.Namespace) -> int:
    import re
    from datetime import date
    from pathlib import Path

    from dagster_project.templates import editions, framework

    if options.edition and not options.framework:
        raise UsageError("--edition needs --framework", got=options.edition)
    edition = None
    if options.framework:
        home = Home.from_environment()
        edition = editions.edition_of(home, options.framework, options.edition, date.today())
    parts = (edition.framework, edition.edition) if edition else ("new",)
    name = re.sub(r"[^0-9a-z]+", "-", "-".join(("framework", *parts)).lower())
    path = Path(options.out or f"{name}.xlsx")
    framework.write(path, edition)
    _answer(options.json, {"file": str(path)}, lambda r: [f"Written: {r['file']}"])
    return DONE


def _existing_home() -> Home:
    home = Home.from_environment()
    if not home.state.exists():
        raise UsageError(
            "there is nothing here yet",
            file=str(home.root),
            expected="a home that a refresh has made",
            fix="run `outcomes refresh --sample`, or set OUTCOMES_HOME",
        )
    return home


def _ui(options: argparse.Namespace) -> int:
    from dagster_project.serving import run_ui

    return run_ui(Home.from_environment(), host=options.host, port=options.port)


VERBS = {
    "refresh": _refresh,
    "status": _status,
    "releases": _releases,
    "rollback": _rollback,
    "withdraw": _withdraw,
    "template": _template,
    "ui": _ui,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; its exit code. What a person can mend is told without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        return VERBS[options.verb](options)
    except OutcomesError as problem:
        if getattr(options, "json", False):
            print(json.dumps({"error": problem.as_dict()}, sort_keys=True, ensure_ascii=False))
        print(f"outcomes: {problem}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("\noutcomes: stopped. The latest release is as it was.", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    raise SystemExit(main())
